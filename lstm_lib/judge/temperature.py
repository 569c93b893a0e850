"""How sure a model should be: a temperature for each symbol, tuned on validation names."""

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_array, require_ids, require_row
from lstm_lib.ops import log_softmax
from lstm_lib.tree import FloatArray, IntArray

ROUNDS, SETTLED = 100, 1e-10  # at most so many; nats per symbol that a round must still gain
NO_CURVATURE = 1e-9  # added to the curvatures, so that clues which say the same can be told apart


def tempered(logs: FloatArray, came: IntArray, temperatures: ArrayLike) -> FloatArray:
    """The surprise (M,) of what came, in nats, when each law is reshaped to softmax(logs / temperature).

    `logs` (M, V): log-probabilities or logits; `came` (M,): the ids that followed; `temperatures`: (M,), above 0.
    Raises TypeError or ValueError for arrays that do not fit each other, or a temperature that is not above 0.
    """
    rows = _require_laws(logs, came)
    tau = require_row("temperatures", temperatures)
    if tau.shape != came.shape or not (tau > 0).all():
        raise ValueError(f"temperatures must be {len(came)} numbers above 0; got {temperatures!r}")
    nats: FloatArray = -log_softmax(rows / tau[:, None])[np.arange(len(came)), came]
    return nats


def tune_temperature(logs: FloatArray, came: IntArray, clues: FloatArray) -> FloatArray:
    """The weights (K,) with which ln(temperature) = clues @ weights makes what came least surprising, from 0 on.

    `clues` (M, K): what is known before each symbol; a column of ones alone gives one temperature for all (Guo et al.
    2017). Newton's steps, with the squares of the slopes for the curvature; each is halved until the mean surprise
    falls. While it is tuned, ln(temperature) is kept within -5 and 5: beyond, a weight means no more. Give it
    validation names, never the test names. Raises TypeError or ValueError for arrays that do not fit.
    """
    rows, known = _require_laws(logs, came), require_array("clues", clues, "floats")
    if known.ndim != 2 or len(known) != len(came) or known.shape[1] == 0 or not np.isfinite(known).all():
        raise ValueError(f"clues must have shape ({len(came)}, K), K at least 1, all finite; got {known.shape}")
    weights = np.zeros(known.shape[1])
    for _ in range(ROUNDS):
        nats, slopes = _nats_and_slopes(rows, came, known, weights)
        curvature = slopes.T @ slopes / len(came) + NO_CURVATURE * np.eye(len(weights))
        step = np.linalg.solve(curvature, slopes.mean(axis=0))
        trials = (weights - step / 2**k for k in range(12))
        better = (each for each in trials if _nats(rows, came, known, each).mean() < nats.mean() - SETTLED)
        moved = next(better, None)
        if moved is None:
            break
        weights = moved
    return weights


def _nats(logs: FloatArray, came: IntArray, clues: FloatArray, weights: FloatArray) -> FloatArray:
    return tempered(logs, came, _temperatures(clues, weights))


def _temperatures(clues: FloatArray, weights: FloatArray) -> FloatArray:
    """exp(clues @ weights), kept within exp(-5) and exp(5)."""
    kept: FloatArray = np.exp(np.clip(clues @ weights, -5, 5))
    return kept


def _nats_and_slopes(
    logs: FloatArray, came: IntArray, clues: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The surprise (M,) of each symbol, and its derivative (M, K) by each weight.

    With z for a row of the logs and p for the law at temperature tau, the surprise moves with ln(tau) by
    (z of what came - the mean of z under p) / tau.
    """
    tau, every = _temperatures(clues, weights), np.arange(len(came))
    log_p = log_softmax(logs / tau[:, None])
    by_log_tau = (logs[every, came] - (np.exp(log_p) * logs).sum(axis=1)) / tau
    return -log_p[every, came], by_log_tau[:, None] * clues


def _require_laws(logs: FloatArray, came: IntArray) -> FloatArray:
    """The logs in float64, if they are finite and `came` belongs to them."""
    rows = require_array("logs", logs, "floats")
    if rows.ndim != 2 or rows.size == 0 or not np.isfinite(rows).all():
        raise ValueError(f"logs must be finite, with shape (M, V), at least (1, 1); got shape {rows.shape}")
    require_ids("came", came, rows.shape[1], shape=rows.shape[:1])
    return np.asarray(rows, dtype=np.float64)
