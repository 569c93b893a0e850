"""How well a number tells the names of a training list from others: the ROC curve, its area, and its interval."""

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import describe, require_generator, require_integer, require_row
from lstm_lib.judge.bootstrap import Interval
from lstm_lib.tree import FloatArray, IntArray


def area(members: ArrayLike, strangers: ArrayLike) -> float:
    """The chance that a member's number lies below a stranger's, ties counting half: the AUC. Eq. (17.4).

    `members` (N,), `strangers` (M,): such as the surprise at each name. Raises TypeError or ValueError otherwise.
    """
    own, others = _checked(members, strangers)
    first, last = _places(own, others)
    return _area(first + last, len(others))


def roc(members: ArrayLike, strangers: ArrayLike, alarms: ArrayLike) -> FloatArray:
    """The share of the members that a threshold finds when it also accuses the share `alarms` (K,) of strangers: (K,).

    Whoever lies below the threshold is called a member. The threshold is the largest one that accuses at most that
    share. Raises TypeError or ValueError unless the shares lie within 0 and 1.
    """
    own, others = _checked(members, strangers)
    shares = require_row("alarms", alarms)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"alarms must hold shares within 0 and 1; got {describe(alarms)}")
    accused = np.floor(shares * len(others) + 1e-9).astype(np.intp)
    thresholds = np.append(np.sort(others), np.inf)[accused]
    found: FloatArray = np.searchsorted(np.sort(own), thresholds, side="left") / len(own)
    return found


def area_interval(
    members: ArrayLike, strangers: ArrayLike, *, rng: np.random.Generator, resamples: int = 1000
) -> Interval:
    """The area, and the interval that holds it in 95 % of the resampled pairs of lists (the percentile bootstrap).

    Both lists are resampled, each for itself. Of few names it is too narrow: two lists that are wholly apart give
    1 to 1. Raises what `area` raises.
    """
    own, others = _checked(members, strangers)
    pen, rounds = require_generator(rng), require_integer("resamples", resamples, at_least=1)
    first, last = _places(own, others)
    areas = []
    for _ in range(rounds):
        drawn = np.bincount(pen.integers(len(others), size=len(others)), minlength=len(others))
        up_to = np.append(0, np.cumsum(drawn))
        below = 1 - (up_to[first] + up_to[last]) / (2 * len(others))
        areas.append(below[pen.integers(len(own), size=len(own))].mean())
    low, high = np.quantile(areas, [0.025, 0.975])
    return Interval(_area(first + last, len(others)), float(low), float(high))


def _places(own: FloatArray, others: FloatArray) -> tuple[IntArray, IntArray]:
    """For each member how many strangers lie below it, and how many not above it."""
    order = np.sort(others)
    return np.searchsorted(order, own, side="left"), np.searchsorted(order, own, side="right")


def _area(places: IntArray, count: int) -> float:
    """The mean share of `count` strangers above a member, ties counting half; `places`: the sum of its two places."""
    return float((1 - places / (2 * count)).mean())


def _checked(members: ArrayLike, strangers: ArrayLike) -> tuple[FloatArray, FloatArray]:
    rows = require_row("members", members), require_row("strangers", strangers)
    for name, row in zip(("members", "strangers"), rows, strict=True):
        if not len(row) or not np.isfinite(row).all():
            raise ValueError(f"{name} must hold at least one number, and only finite ones; got {describe(row)}")
    return rows
