"""Which exercise each check judges, and checks that show their verdicts as data: what `grade` runs in the kernel."""

import inspect
import re
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from lstm_lib.check.feedback import Feedback

KIND = "application/x-lstm-verdict+json"


def checked(chapter: int) -> dict[str, str]:
    """The exercises of a chapter that have a check, in order, each with the name of its function.

    Raises ModuleNotFoundError when the book has no such chapter, or none with checks.
    """
    members = inspect.getmembers(import_module(f"lstm_lib.check.chapter_{chapter:02d}"), inspect.isfunction)
    framed = {name: each.__doc__ or "" for name, each in members if hasattr(each, "__wrapped__")}
    found = {match[1]: name for name, text in framed.items() if (match := re.match(r"Exercise (\d+\.\d+):", text))}
    return dict(sorted(found.items(), key=lambda pair: int(pair[0].partition(".")[2])))


def listen(chapter: int) -> None:
    """From here on each check of the chapter shows what it says as data, too, with its exercise; needs IPython."""
    module = import_module(f"lstm_lib.check.chapter_{chapter:02d}")
    for exercise, name in checked(chapter).items():
        setattr(module, name, heard(getattr(module, name), exercise))


def heard(check: Callable[..., Feedback], exercise: str) -> Callable[..., Feedback]:
    """The same check, which also shows the exercise, its verdict and its words as one piece of data."""
    display = import_module("IPython.display").display

    @wraps(check)
    def answer(*given: Any, **named: Any) -> Feedback:
        feedback = check(*given, **named)
        display({KIND: [exercise, feedback.status, repr(feedback)]}, raw=True)
        return feedback

    return answer
