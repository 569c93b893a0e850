"""What a check answers, and the way to ask a reader's function without breaking the notebook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


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


def blank(answer: object) -> bool:
    """Whether the reader has left the blank as it was: `...`, or a function that returns nothing."""
    return answer is None or answer is Ellipsis


def ask(function: Callable[..., Any], *arguments: object) -> tuple[Any, Feedback | None]:
    """What the reader's function returns, or the feedback that ends the check: unfilled, or an exception."""
    if not callable(function):
        return None, NOT_ATTEMPTED if blank(function) else not_yet(f"this should be a function; got {function!r}")
    try:
        answer = function(*arguments)
    except Exception as error:  # whatever the reader's code raises becomes a hint, never a traceback
        return None, not_yet(f"your function raised {type(error).__name__}: {error}")
    return answer, NOT_ATTEMPTED if blank(answer) else None
