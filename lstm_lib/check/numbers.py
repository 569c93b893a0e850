"""What a reader gave as numbers, and the hint for a wrong number or array: typical mistakes have their own."""

import math
from collections.abc import Mapping
from decimal import Decimal
from reprlib import repr as short_repr
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import describe
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, not_yet, right
from lstm_lib.model import Params
from lstm_lib.tree import FloatArray, named_leaves

WORDS = {2: "two", 3: "three", 4: "four", 6: "six"}


class Number(NamedTuple):
    """A number that an exercise asks for. It is right, and a typical wrong one is known, `within` this distance.

    `hints`: from a typical wrong number to what went wrong; `otherwise`: the hint for any other. With `relative`,
    `within` is a share of the number that it is compared with.
    """

    name: str
    answer: object
    target: float
    hints: Mapping[float, str]
    otherwise: str
    within: float = 5e-4  # three decimals right
    relative: bool = False

    def near(self, value: float, number: float) -> bool:
        """Whether these are the same number, within the tolerance."""
        return abs(value - number) <= self.within * (abs(number) if self.relative else 1)


def judge(praise: str, *numbers: Number) -> Feedback:
    """Feedback on the numbers of an exercise, in their order."""
    for place, number in enumerate(numbers):
        if blank(number.answer):
            names = [each.name for each in numbers[:place]]
            so_far = f"{' and '.join(names)} {'is' if place == 1 else 'are'} right; {number.name} is still to do."
            return not_yet(so_far) if place else NOT_ATTEMPTED
        hint = number_hint(number)
        if hint is not None:
            return not_yet(hint)
    return right(praise)


def number_hint(number: Number) -> str | None:
    """None for the target; else what is wrong with this number, shown with the digits in which it is wrong."""
    value = as_number(number.answer)
    if value is None:
        return f"{number.name} should be a number; got {short_repr(number.answer)}."
    if number.near(value, number.target):
        return None
    exactly = [hint for wrong, hint in number.hints.items() if value == wrong]
    known = [hint for wrong, hint in number.hints.items() if number.near(value, wrong)]
    hint = (*exactly, *_digits_hints(value, number), *known, *_guess(value, number), number.otherwise)[0]
    return f"{number.name} = {apart(value, number.target)[0]}: {hint}."


def _digits_hints(value: float, number: Number) -> list[str]:
    """A hint for the target itself, rounded or cut to the decimals that were given."""
    if float(number.target).is_integer() or not math.isfinite(value) or value == 0:
        return []
    shift = 10.0 ** min(17, max(1, -int(Decimal(repr(value)).as_tuple().exponent)))
    alike = [each for each in (number.target, *number.hints) if value in _shortened(each, shift)]
    if number.target not in alike:
        return []
    return ["close: keep more digits" + "; with so few, a wrong way can end at the same" * (len(alike) > 1)]


def _shortened(number: float, shift: float) -> tuple[float, float]:
    """The number rounded and cut, to the decimals of 1 / shift."""
    return round(number * shift) / shift, math.trunc(number * shift) / shift


def _guess(value: float, number: Number) -> list[str]:
    """Two hints in one for what lies near the target, and is no mistake that is known."""
    near = not float(number.target).is_integer() and abs(value - number.target) <= 0.05 * abs(number.target)
    return [f"close: keep more digits on the way. Or else: {number.otherwise}"] if near else []


def apart(value: float, target: float, digits: int = 6) -> tuple[str, str]:
    """Two numbers as text, with as many significant digits as it takes to tell them apart."""
    shown = f"{value:.{digits}g}", f"{target:.{digits}g}"
    alike = shown[0] == shown[1] and not math.isclose(value, target, rel_tol=1e-12)
    return apart(value, target, digits + 1) if alike and digits < 17 else shown


def first_difference(answer: FloatArray, target: FloatArray) -> tuple[tuple[int, ...], str]:
    """The place where two arrays of one shape first differ, and what it should hold and holds."""
    place = tuple(int(k) for k in np.argwhere(~np.isclose(answer, target))[0])
    mine, wanted = apart(float(answer[place]), float(target[place]), 4)
    return place, f"should be {wanted}; yours is {mine}"


def as_floats(answer: object) -> FloatArray | None:
    """The answer, of any shape, as a new array of floats, a None in it as nan; None when it is no array of numbers."""
    try:
        array = np.asarray(answer)
        return None if array.dtype.kind in "cMm" else np.array(answer, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def shape_of(answer: object) -> tuple[int, ...] | None:
    """The shape of an array, or of lists of numbers; None for what is neither."""
    array = as_floats(answer)
    return None if array is None else array.shape


def as_number(answer: object) -> float | None:
    """The answer as one number, be it alone in a list or array; None when it is no number, or several.

    A text such as "4.8" is one, since formatting makes it; True is none.
    """
    numbers = None if blank(answer) else as_floats(answer)
    if numbers is None or numbers.size != 1 or np.asarray(answer).dtype.kind == "b":
        return None
    return float(numbers.item())


def as_array(answer: object, shape: tuple[int, ...], name: str) -> tuple[FloatArray, str | None]:
    """The answer as an array of floats of that shape, or an empty one and the hint that says what came."""
    array = as_floats(answer)
    if array is not None and array.shape == shape:
        return array, None
    if isinstance(answer, tuple | list) and shape in map(shape_of, answer):
        kind = f"a {type(answer).__name__} of {len(answer)}"
        return np.empty(0), f"{name} should be one array of shape {shape}, not {kind}: return it alone."
    got = describe(answer) if array is None else f"shape {array.shape}"
    return np.empty(0), f"{name} should be one array of shape {shape}; got {got}."


def as_arrays(answer: object, shapes: Mapping[str, tuple[int, ...]]) -> tuple[list[FloatArray], str | None]:
    """Arrays of those names and shapes, in this order; or as many empty ones, and the hint that says what came."""
    parts = list(answer) if isinstance(answer, tuple | list) or (isinstance(answer, np.ndarray) and answer.ndim) else []
    if len(parts) != len(shapes):
        return [np.empty(0)] * len(shapes), f"return {WORDS[len(shapes)]} arrays: {', '.join(shapes)}."
    read = [as_array(part, shapes[name], name) for name, part in zip(shapes, parts, strict=True)]
    hints = [hint for _, hint in read if hint is not None]
    if hints and isinstance(answer, np.ndarray):
        hints = [f"return {WORDS[len(shapes)]} arrays: {', '.join(shapes)}; got one, of shape {answer.shape}."]
    return [array for array, _ in read], (*hints, None)[0]


def params_hint(answer: object, like: Params) -> str | None:
    """What is wrong with the form of an answer that should be Params with the shapes of `like`; None if nothing is."""
    if not isinstance(answer, Params):
        return f"return one Params, such as tree_map makes; got {type(answer).__name__}."
    shapes = {name: (leaf.shape, getattr(answer, name).shape) for name, leaf in named_leaves(like)}
    wrong = [
        f"{name} should have shape {wanted}; got {got}." for name, (wanted, got) in shapes.items() if got != wanted
    ]
    return (*wrong, None)[0]


def first_match(answer: FloatArray, slips: Mapping[str, FloatArray], otherwise: str) -> str:
    """The hint of the first slip that gives this array; `otherwise` when none does."""
    return next((hint for hint, wrong in slips.items() if np.allclose(answer, wrong)), otherwise)
