"""Checks of arguments: each raises an error that says what was wrong, what was expected and what came."""

import math
from collections.abc import Iterable
from numbers import Integral, Real

import numpy as np


def require_generator(rng: object) -> np.random.Generator:
    """Return `rng` if it is a `numpy.random.Generator`; raise TypeError otherwise."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, such as numpy.random.default_rng(0); got {rng!r}")
    return rng


def require_integer(name: str, value: object, *, at_least: int) -> int:
    """Return `value` as an int if it is a whole number >= `at_least`; raise TypeError or ValueError otherwise."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number; got {value!r}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}; got {value!r}")
    return int(value)


def require_number(
    name: str, value: object, *, above: float = -math.inf, at_least: float = -math.inf,
    at_most: float = math.inf, below: float = math.inf,
) -> float:  # fmt: skip
    """Return `value` as a float if it is a finite real number within the bounds; raise otherwise."""
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number; got {value!r}")
    number = float(value)
    if not (math.isfinite(number) and above < number < below and at_least <= number <= at_most):
        bounds = {"above": above, "at least": at_least, "below": below, "at most": at_most}
        limits = " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound))
        raise ValueError(f"{name} must be a finite number{' ' + limits if limits else ''}; got {value!r}")
    return number


def require_names(names: object, *, what: str = "names") -> list[str]:
    """Return `names` as a non-empty list of str; a lone string is refused, since it iterates over letters."""
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(f"{what} must be a list of strings, such as ['ana', 'emma']; got {names!r}")
    result = list(names)
    for position, name in enumerate(result):
        if not isinstance(name, str):
            raise TypeError(f"{what}[{position}] must be a string; got {name!r}")
    if not result:
        raise ValueError(f"{what} must hold at least one name; got none")
    return result
