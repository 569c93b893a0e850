"""The loss, in nats per predicted symbol, and the gradient where it enters the model."""

import math

import numpy as np

from lstm_lib.arguments import require_array, require_ids, require_number
from lstm_lib.ops import log_softmax
from lstm_lib.tree import BoolArray, FloatArray, IntArray

LARGEST_EXPONENT = math.log(np.finfo(np.float64).max)  # beyond it, exp is infinite


def cross_entropy(logits: FloatArray, targets: IntArray, mask: BoolArray) -> tuple[float, FloatArray]:
    """The mean of -log p(target) over the cells where `mask` is True, in nats, and its gradient.

    logits (T, B, V), targets and mask (T, B); the gradient has the shape of the logits: (p - y) / count, and
    exactly 0 where the mask is False. Raises TypeError for arrays of a wrong kind, ValueError when the shapes differ,
    a target is not in 0..V-1 or the mask is empty.
    """
    _require_targets(logits, targets, mask)
    count = int(mask.sum())  # (9.1)
    log_p = log_softmax(logits)
    target = targets[..., None]
    nats = -np.take_along_axis(log_p, target, axis=-1)[..., 0]
    loss = float(nats[mask].sum(dtype=np.float64)) / count  # (9.2), (12.1)
    dlogits = np.exp(log_p)
    np.put_along_axis(dlogits, target, np.take_along_axis(dlogits, target, axis=-1) - 1, axis=-1)
    return loss, np.where(mask[..., None], dlogits * (1 / logits.dtype.type(count)), 0)  # (9.3)


def accuracy(logits: FloatArray, targets: IntArray, mask: BoolArray) -> float:
    """The share of the cells where `mask` is True whose most probable character is the target.

    Takes and raises what `cross_entropy` does; of equally probable characters the first counts.
    """
    _require_targets(logits, targets, mask)
    return float((logits.argmax(axis=-1) == targets)[mask].mean())


def perplexity(nats: float) -> float:
    """exp(nats): how many equally likely symbols would be as surprising; infinite from 710 nats on.

    Raises TypeError or ValueError unless `nats` is a finite number.
    """
    surprise = require_number("nats", nats)
    return math.exp(surprise) if surprise < LARGEST_EXPONENT else math.inf  # (2.3)


def bits_per_character(nats: float) -> float:
    """nats / ln 2: the same surprise in bits per predicted symbol.

    Raises TypeError or ValueError unless `nats` is a finite number.
    """
    return require_number("nats", nats) / math.log(2)  # (2.4)


def _require_targets(logits: FloatArray, targets: IntArray, mask: BoolArray) -> None:
    require_array("logits", logits, "floats")
    if logits.ndim != 3 or 0 in logits.shape:
        raise ValueError(f"logits must have shape (T, B, V), at least (1, 1, 1); got {logits.shape}")
    T, B, V = logits.shape
    require_ids("targets", targets, V, shape=(T, B))
    if not require_array("mask", mask, "booleans", shape=(T, B)).any():
        raise ValueError(f"mask must have at least one True; got {mask.size} times False")
