"""A refusal that knows what may help, and the search for a call that does."""

from collections.abc import Callable
from typing import Any


class Refusal(ValueError):
    """A source that cannot be read as it is; `remedies` are options of `load_names` that may help."""

    def __init__(self, message: str, *remedies: dict[str, Any]) -> None:
        super().__init__(message)
        self.remedies = remedies


def with_call(refusal: Refusal, load: Callable[..., object], path: object, options: dict[str, Any]) -> ValueError:
    """The refusal as a ValueError; its last line is the call with the fewest options that was tried and works."""
    calls = [options | remedy for remedy in refusal.remedies]
    for call in calls:  # the list grows while it is walked: a call that is refused may know what it still needs
        try:
            load(path, **call)
        except Refusal as other:
            calls += [more for remedy in other.remedies if (more := call | remedy) not in calls]
        else:
            source = [] if path is None else [repr(str(path))]
            words = ", ".join([*source, *(f"{option}={value!r}" for option, value in call.items())])
            return ValueError(f"{refusal}\nThis call reads it: load_names({words})")
    return ValueError(str(refusal))
