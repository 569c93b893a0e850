"""Checks of arguments: each raises an error that says what was wrong, what was expected and what came."""

import math
import sys
from collections.abc import Iterable
from numbers import Integral, Real
from reprlib import Repr
from typing import Any, TypeGuard, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kind = TypeVar("Kind")
KINDS = {"floats": np.floating, "integers": np.integer, "booleans": np.bool_}
SHORT = Repr()
SHORT.maxother = 200  # letters of the repr of an object that is neither text nor a number nor a list


def describe(value: object) -> str:
    """What came, for an error message: dtype and shape of an array, the value itself (cut short) of anything else."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}, shape {value.shape}"
    return f"{shown(value)} ({type(value).__name__})"


def shown(value: object) -> str:
    """The value itself for an error message, cut short when it is long."""
    try:
        return SHORT.repr(value)
    except ValueError:  # Python does not write out a whole number of thousands of digits
        return "a whole number of thousands of digits"


def require_instance(name: str, value: object, kind: type[Kind], *, source: str) -> Kind:
    """Return `value` if it is a `kind`, such as the function `source` returns; raise TypeError otherwise."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {kind.__name__}, such as {source} returns; got {describe(value)}")
    return value


def require_array(name: str, value: object, kind: str, *, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """Return `value` if it is a NumPy array of "floats", "integers" or "booleans" and has that shape, if one is given.

    Raises TypeError for anything else than such an array, ValueError for another shape.
    """
    if not isinstance(value, np.ndarray) or not issubclass(value.dtype.type, KINDS[kind]):
        raise TypeError(f"{name} must be a NumPy array of {kind}; got {describe(value)}")
    if not value.dtype.isnative:
        native = value.dtype.newbyteorder("=")
        raise TypeError(f"{name} must be in the byte order of this machine, as astype({str(native)!r}) makes it; "
                        f"got {describe(value)}")  # fmt: skip
    if shape is not None and value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}; got {value.shape}")
    return value


def require_row(what: str, values: ArrayLike) -> NDArray[Any]:
    """Return a list of numbers or a 1-D array of them as an array; raise TypeError or ValueError otherwise."""
    try:
        row = np.asarray(values)
    except ValueError:  # lists of unequal length
        row = np.empty(0, dtype=object)
    if row.dtype.kind not in "iuf":
        raise TypeError(f"{what} must be a list of numbers; got {describe(values)}")
    if row.ndim != 1:
        raise ValueError(f"{what} must be a list of numbers or a 1-D array; got shape {row.shape}")
    return row


def require_float_dtype(dtype: object) -> np.dtype[Any]:
    """Return `dtype` as a NumPy dtype if it is a floating-point one of this machine; raise TypeError otherwise."""
    try:
        known: np.dtype[Any] = np.dtype(dtype)  # type: ignore[call-overload]
    except (TypeError, ValueError):  # not a dtype at all
        known = np.dtype(object)
    if dtype is None or not np.issubdtype(known, np.floating) or not known.isnative:  # NumPy reads None as float64
        raise TypeError(f"dtype must be a floating-point dtype, such as numpy.float32; got {shown(dtype)}")
    return known


def require_sizes(
    vocab_size: object, embedding_size: object, hidden_size: object, *, rng: object, dtype: object
) -> tuple[int, int, int]:
    """Return V, D and H if they are whole numbers of at least 1, with a generator and a floating-point dtype to draw
    weights from; raise otherwise."""
    require_generator(rng)
    V = require_integer("vocab_size", vocab_size, at_least=1)
    D = require_integer("embedding_size", embedding_size, at_least=1)
    H = require_integer("hidden_size", hidden_size, at_least=1)
    require_float_dtype(dtype)
    return V, D, H


def require_ids(name: str, value: object, count: int, *, shape: tuple[int, ...] | None = None) -> NDArray[np.integer]:
    """Return `value` if it is an array of integers in 0..count-1, with that shape; raise TypeError or ValueError."""
    ids = require_array(name, value, "integers", shape=shape)
    if ids.size and not 0 <= ids.min() <= ids.max() < count:
        raise ValueError(f"{name} must lie in 0..{count - 1}; got ids from {ids.min()} to {ids.max()}")
    return ids


def require_inputs(value: object, count: int) -> tuple[int, int]:
    """Return T and B if `value` is an array (T, B) of ids in 0..count-1, and not empty; raise otherwise."""
    ids = require_ids("inputs", value, count)
    if ids.ndim != 2 or ids.size == 0:
        raise ValueError(f"inputs must have shape (T, B), at least (1, 1); got {ids.shape}")
    return ids.shape[0], ids.shape[1]


def require_prefix_mask(mask: object, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return `mask` if it is boolean, of that shape (T, B), and in each column True only for a prefix."""
    checked = require_array("mask", mask, "booleans", shape=shape)
    wrong = (checked[1:] & ~checked[:-1]).any(axis=0)
    if wrong.any():
        column = int(wrong.argmax())
        raise ValueError(f"mask must be True for a prefix of each column; column {column} is {checked[:, column]}")
    return checked


def require_generator(rng: object, *, what: str = "rng") -> np.random.Generator:
    """Return `rng` if it is a `numpy.random.Generator`; raise TypeError otherwise."""
    if not isinstance(rng, np.random.Generator):
        expected = "a numpy.random.Generator, such as numpy.random.default_rng(0)"
        raise TypeError(f"{what} must be {expected}; got {shown(rng)}")
    return rng


def require_integer(name: str, value: object, *, at_least: int) -> int:
    """Return `value` as an int if it is a whole number >= `at_least`; raise TypeError or ValueError otherwise.

    A number too large for the length of a list is refused as well: nothing is counted so far.
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number; got {shown(value)}")
    number = int(value)
    if not at_least <= number <= sys.maxsize:
        bound = f"at least {at_least}" if number < at_least else f"at most {sys.maxsize}"
        raise ValueError(f"{name} must be {bound}; got {shown(value)}")
    return number


def require_bool(name: str, value: object) -> bool:
    """Return `value` as a bool if it is True or False, Python's or NumPy's; raise TypeError otherwise."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False; got {shown(value)}")
    return bool(value)


def require_number(
    name: str, value: object, *, above: float = -math.inf, at_least: float = -math.inf,
    at_most: float = math.inf, below: float = math.inf,
) -> float:  # fmt: skip
    """Return `value` as a float if it is a finite real number within the bounds; raise otherwise."""
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number; got {shown(value)}")
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond the largest float
        number = math.inf
    if not (math.isfinite(number) and above < number < below and at_least <= number <= at_most):
        bounds = {"above": above, "at least": at_least, "below": below, "at most": at_most}
        limits = " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound))
        raise ValueError(f"{name} must be a finite number{' ' + limits if limits else ''}; got {shown(value)}")
    return number


def is_series(values: object) -> TypeGuard[Iterable[Any]]:
    """Whether `values` is a list or anything like it: it can be walked through, and is no text."""
    return isinstance(values, Iterable) and not isinstance(values, str | bytes) and getattr(values, "ndim", 1) > 0


def require_names(names: object, *, what: str = "names") -> list[str]:
    """Return `names` as a non-empty list of str; a lone string is refused, since it iterates over letters."""
    if not is_series(names) or getattr(names, "ndim", 1) != 1:
        column = "; take one column of the table, such as table['name']" if getattr(names, "ndim", 0) == 2 else ""
        raise TypeError(f"{what} must be a list of strings, such as ['ana', 'emma']; got {shown(names)}{column}")
    result = list(names)
    for position, name in enumerate(result):
        if not isinstance(name, str):
            raise TypeError(f"{what}[{position}] must be a string; got {shown(name)}")
    if not result:
        raise ValueError(f"{what} must hold at least one name; got none")
    return result
