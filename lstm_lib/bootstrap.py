"""How far a score could have come out otherwise: the bootstrap over names."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import describe, require_array, require_generator, require_integer, require_number
from lstm_lib.tree import FloatArray

AT_ONCE = 100  # lists drawn side by side: bounds the memory


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
    name are not independent (Efron and Tibshirani 1993, chapter 13). Eq. (16.1).
    Raises TypeError or ValueError for a bad argument, or where a surprise is not finite.
    """
    checked = require_surprises(nats)
    totals, symbols = np.array([each.sum() for each in checked]), np.array([len(each) for each in checked])
    if not np.isfinite(totals).all():
        raise ValueError("the surprises must be finite to be resampled; the model gave probability 0 to some symbol")
    left = require_integer("resamples", resamples, at_least=1)
    outside = (1 - require_number("level", level, above=0, below=1)) / 2
    means: list[float] = []
    while len(means) < left:
        drawn = require_generator(rng).integers(len(totals), size=(min(AT_ONCE, left - len(means)), len(totals)))
        means += (totals[drawn].sum(axis=1) / symbols[drawn].sum(axis=1)).tolist()  # (16.1)
    low, high = np.quantile(means, [outside, 1 - outside])
    return Interval(float(totals.sum() / symbols.sum()), float(low), float(high))


def paired_bootstrap(
    one: Sequence[FloatArray], other: Sequence[FloatArray], *,
    rng: np.random.Generator, resamples: int = 10_000, level: float = 0.95,
) -> Interval:  # fmt: skip
    """The mean of `one` minus that of `other` on the same names, and its interval: below 0 where `one` is better.

    Both models are judged on the same resampled names, so that hard names hurt both and cancel; see `bootstrap`.
    Raises what `bootstrap` raises, and ValueError when the two lists do not belong to the same names.
    """
    first, second = require_surprises(one), require_surprises(other)
    if [len(each) for each in first] != [len(each) for each in second]:
        raise ValueError(
            f"one and other must belong to the same names in the same order; got {len(first)} and {len(second)} names"
            " or names of other lengths"
        )
    differences = [a - b for a, b in zip(first, second, strict=True)]
    return bootstrap(differences, rng=rng, resamples=resamples, level=level)


def require_surprises(nats: object) -> list[FloatArray]:
    """Return a non-empty list of non-empty 1-D arrays of floats; raise TypeError or ValueError otherwise."""
    if not isinstance(nats, Sequence) or isinstance(nats, str):
        raise TypeError(f"expected the list of arrays that surprises returns; got {describe(nats)}")
    for place, each in enumerate(nats):
        if require_array(f"item {place}", each, "floats").ndim != 1 or each.size == 0:
            raise ValueError(f"item {place} must be a non-empty 1-D array; got shape {each.shape}")
    if not nats:
        raise ValueError("expected the surprises of at least one name; got none")
    return list(nats)
