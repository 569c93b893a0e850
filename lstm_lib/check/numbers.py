"""What a reader gave as numbers, and the hint for a wrong number or array: typical mistakes have their own."""

from collections.abc import Mapping
from reprlib import repr as short_repr

import numpy as np

from lstm_lib.tree import FloatArray


def number_hint(
    name: str, answer: object, target: float, hints: Mapping[float, str], otherwise: str, *, within: float = 5e-4
) -> str | None:  # fmt: skip
    """None for the target, three decimals right (or `within`); else this number's hint, or the one for any other.

    `hints`: from a typical wrong number to what went wrong; it is found within three times the tolerance.
    """
    try:
        value = float(answer)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return f"{name} should be a number; got {short_repr(answer)}."
    if abs(value - target) <= within:
        return None
    near = [hint for wrong, hint in hints.items() if abs(value - wrong) < 3 * within]
    return f"{name} = {value:g}: {near[0] if near else otherwise}."


def as_floats(answer: object) -> FloatArray | None:
    """The answer, of any shape, as a new array of floats, a None in it as nan; None when it is no array of numbers."""
    try:
        return np.array(answer, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def first_match(answer: FloatArray, slips: Mapping[str, FloatArray], otherwise: str) -> str:
    """The hint of the first slip that gives this array; `otherwise` when none does."""
    return next((hint for hint, wrong in slips.items() if np.allclose(answer, wrong)), otherwise)
