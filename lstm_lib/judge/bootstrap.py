"""How far a score could have come out otherwise: the bootstrap over names."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import describe, require_array, require_generator, require_integer, require_number
from lstm_lib.tree import FloatArray

AT_ONCE = 2**18  # names drawn side by side, or one list of them if it is longer: bounds the memory
ROUNDING = 1e-6  # so far below 0 a surprise may lie whose probability was computed as a little more than 1


class Interval(NamedTuple):
    """A measured value and the interval that the bootstrap puts around it; nats per predicted symbol."""

    value: float
    low: float
    high: float


def bootstrap(
    nats: Sequence[FloatArray], *, rng: np.random.Generator, resamples: int = 10_000, level: float = 0.95
) -> Interval:
    """The mean surprise, and the percentile interval that holds it in the share `level` of `resamples` lists of names.

    Each list is as long as the given one and drawn from it with replacement: whole names, since the symbols of one
    name are not independent. Eq. (16.1); the percentile interval: Efron and Tibshirani 1993, chapter 13.
    Raises TypeError or ValueError for a bad argument, a single name, or where a surprise is not finite.
    """
    return _interval(_require_finite(nats, "nats"), rng, resamples, level)


def paired_bootstrap(
    one: Sequence[FloatArray], other: Sequence[FloatArray], *,
    rng: np.random.Generator, resamples: int = 10_000, level: float = 0.95,
) -> Interval:  # fmt: skip
    """The mean of `one` minus that of `other` on the same names, and its interval: below 0 where `one` is better.

    Both models are judged on the same resampled names, so that hard names hurt both and cancel; see `bootstrap`.
    Raises what `bootstrap` raises, and ValueError when the two lists do not belong to the same names.
    """
    first, second = _require_finite(one, "one"), _require_finite(other, "other")
    if [len(each) for each in first] != [len(each) for each in second]:
        raise ValueError(
            f"one and other must belong to the same names in the same order; got {len(first)} and {len(second)} names"
            " or names of other lengths"
        )
    return _interval([a - b for a, b in zip(first, second, strict=True)], rng, resamples, level)


def _interval(nats: list[FloatArray], rng: np.random.Generator, resamples: int, level: float) -> Interval:
    """The ratio of the sums of nats and of symbols, and its percentile interval over lists of whole names."""
    totals, symbols = np.array([each.sum() for each in nats]), np.array([len(each) for each in nats])
    if len(nats) < 2:
        raise ValueError("the surprises of at least two names are needed: from one name every list would be the same")
    left, pen = require_integer("resamples", resamples, at_least=1), require_generator(rng)
    outside = (1 - require_number("level", level, above=0, below=1)) / 2
    means: list[float] = []
    while len(means) < left:
        lists = min(max(1, AT_ONCE // len(nats)), left - len(means))
        drawn = pen.integers(len(nats), size=(lists, len(nats)))
        means += (totals[drawn].sum(axis=1) / symbols[drawn].sum(axis=1)).tolist()  # (16.1)
    low, high = np.quantile(means, [outside, 1 - outside])
    return Interval(float(totals.sum() / symbols.sum()), float(low), float(high))


def _require_finite(nats: object, what: str) -> list[FloatArray]:
    checked = require_surprises(nats, what=what)
    if not np.isfinite(np.concatenate(checked)).all():
        raise ValueError(f"{what} must be finite to be resampled; the model gave probability 0 to some symbol")
    return checked


def require_surprises(nats: object, *, what: str = "nats") -> list[FloatArray]:
    """Return a non-empty list of non-empty float arrays, 1-D and none below 0, as float64; they may be infinite.

    Raises TypeError or ValueError otherwise.
    """
    if not isinstance(nats, Sequence) or isinstance(nats, (str, bytes)):
        raise TypeError(f"{what} must be the list of arrays that surprises returns; got {describe(nats)}")
    for place, each in enumerate(nats):
        if require_array(f"{what}[{place}]", each, "floats").ndim != 1 or each.size == 0:
            raise ValueError(f"{what}[{place}] must be a non-empty 1-D array; got shape {each.shape}")
    if not nats:
        raise ValueError(f"{what} must hold the surprises of at least one name; got none")
    every = np.concatenate(nats)
    allowed = every >= -ROUNDING
    if not allowed.all():
        raise ValueError(f"{what} must hold surprises, -ln p: numbers >= 0, in nats; got {every[~allowed][0]}")
    return [np.asarray(each, dtype=np.float64) for each in nats]
