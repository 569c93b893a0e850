"""Several models as one: a weighted mean of their probabilities, with weights tuned on validation names."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import describe, require_row
from lstm_lib.judge.bootstrap import require_surprises
from lstm_lib.tree import FloatArray

ROUNDS = 500  # of expectation maximisation, at most
TOLERANCE = 1e-6  # of the sum of the weights: float32 is welcome
SETTLED = 1e-12  # nats per symbol that a round must still gain


def mix(surprises: Sequence[Sequence[FloatArray]], weights: ArrayLike) -> list[FloatArray]:
    """The surprises of the mixture sum_k w_k p_k, from those of its models on the same names in the same order.

    `surprises[k]` is what `surprises` or `ngram_surprises` returned for model k; `weights` (K,) are >= 0 with sum 1.
    Infinite where every model that has a weight gives probability 0. Eq. (16.2).
    Raises TypeError or ValueError when the lists do not belong to the same names, or for other weights.
    """
    stacked, lengths = _stack(surprises)
    shares = require_row("weights", weights).astype(np.float64)
    if len(shares) != len(stacked) or not (shares >= 0).all() or abs(shares.sum() - 1) > TOLERANCE:
        raise ValueError(f"weights must be {len(stacked)} numbers >= 0 with the sum 1; got {weights!r}")
    with np.errstate(divide="ignore"):  # ln 0 is the weight of a model that is left out
        weighted = np.log(shares / shares.sum())[:, None] - stacked
    return np.split(-np.logaddexp.reduce(weighted, axis=0), np.cumsum(lengths)[:-1])  # (16.2), as logarithms


def tune_mixture(surprises: Sequence[Sequence[FloatArray]]) -> FloatArray:
    """The weights (K,) that make the mixture least surprised: expectation maximisation, from equal weights.

    The loss is convex in the weights, so there is no second-best optimum to be caught in. Give it validation names,
    never the test names. Eq. (16.3); source: Jelinek and Mercer 1980.
    Raises what `mix` raises for the lists, and ValueError when all models give probability 0 to a symbol.
    """
    stacked, _ = _stack(surprises)
    least = stacked.min(axis=0)
    if not np.isfinite(least).all():
        raise ValueError("surprises must be finite under one model or more; all give probability 0 to some symbol")
    p = np.exp(least - stacked)  # (K, symbols), in units of the most probable model's: no symbol has only zeros
    weights, last = np.full(len(p), 1 / len(p)), np.inf
    for _ in range(ROUNDS):
        mixed = weights @ p
        loss = -np.log(mixed).mean()
        if last - loss < SETTLED:
            break
        weights, last = weights * (p / mixed).mean(axis=1), loss  # (16.3): each model's mean share in what came
    tuned: FloatArray = weights / weights.sum()
    return tuned


def _stack(surprises: Sequence[Sequence[FloatArray]]) -> tuple[FloatArray, list[int]]:
    """All surprises (K, symbols), and the number of symbols of each name."""
    if not isinstance(surprises, Iterable):
        raise TypeError(f"surprises must hold one list of arrays for each model; got {describe(surprises)}")
    models = [require_surprises(model, what=f"surprises[{k}]") for k, model in enumerate(surprises)]
    lengths = [[len(each) for each in model] for model in models]
    if not models or any(each != lengths[0] for each in lengths):
        raise ValueError(
            "surprises must hold the lists of one model or more, all of the same names in the same order; got lists of"
            f" {[len(model) for model in models]} names"
        )
    return np.stack([np.concatenate(model) for model in models]), lengths[0]
