"""What a check answers, and the frame around every check, which turns whatever goes wrong in it into a hint."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec

import numpy as np

Given = ParamSpec("Given")


@dataclass(frozen=True)
class Feedback:
    """The answer of a check; shown as one sentence when it is the last line of a cell."""

    status: Literal["not attempted yet", "right", "not yet"]
    message: str = ""

    @property
    def right(self) -> bool:
        """True only for a right answer: solutions end in `assert check.something(answer).right`."""
        return self.status == "right"

    def __repr__(self) -> str:
        if self.status == "not attempted yet":
            return "Not attempted yet: replace the ... above and run the cell again."
        return f"{self.status.capitalize()}. {self.message}" if self.right else f"Not yet: {self.message}"


NOT_ATTEMPTED = Feedback("not attempted yet")


def right(message: str) -> Feedback:
    """A right answer, and what it shows."""
    return Feedback("right", message)


def not_yet(hint: str) -> Feedback:
    """A wrong answer, and which mistake it is."""
    return Feedback("not yet", hint)


def verdict(hint: str | None, praise: str) -> Feedback:
    """Right, with this praise, when there is no hint."""
    return right(praise) if hint is None else not_yet(hint)


def blank(answer: object) -> bool:
    """Whether the reader has left the blank as it was, `...`, or has nothing."""
    return answer is None or answer is Ellipsis


def exercise(check: Callable[Given, Feedback]) -> Callable[Given, Feedback]:
    """The frame of every check: no overflow in it warns, and an answer that it cannot read is a hint, no traceback."""

    @wraps(check)
    def framed(*given: Given.args, **named: Given.kwargs) -> Feedback:
        try:
            with np.errstate(all="ignore"):
                return check(*given, **named)
        except Exception as error:
            return not_yet(f"this answer cannot be read: {type(error).__name__}.")

    return framed
