"""The loss, in nats per predicted symbol, and the gradient where it enters the model."""

import math

import numpy as np

from lstm_lib.arguments import require_number
from lstm_lib.ops import log_softmax
from lstm_lib.tree import BoolArray, FloatArray, IntArray


def cross_entropy(logits: FloatArray, targets: IntArray, mask: BoolArray) -> tuple[float, FloatArray]:
    """The mean of -log p(target) over the cells where `mask` is True, in nats, and its gradient.

    logits (T, B, V), targets and mask (T, B); the gradient has the shape of the logits: (p - y) / count, and
    exactly 0 where the mask is False. Raises ValueError when the shapes differ or the mask is empty.
    """
    _require_targets(logits, targets, mask)
    count = int(mask.sum())
    log_p = log_softmax(logits)
    target = targets[..., None]
    nats = -np.take_along_axis(log_p, target, axis=-1)[..., 0]
    loss = float(nats[mask].sum(dtype=np.float64)) / count  # (12.1)
    dlogits = np.exp(log_p)
    np.put_along_axis(dlogits, target, np.take_along_axis(dlogits, target, axis=-1) - 1, axis=-1)
    return loss, dlogits * (mask[..., None] / logits.dtype.type(count))


def accuracy(logits: FloatArray, targets: IntArray, mask: BoolArray) -> float:
    """The share of the cells where `mask` is True whose most probable character is the target."""
    _require_targets(logits, targets, mask)
    return float((logits.argmax(axis=-1) == targets)[mask].mean())


def perplexity(nats: float) -> float:
    """exp(nats): how many equally likely characters would be as surprising."""
    return math.exp(require_number("nats", nats))


def bits_per_character(nats: float) -> float:
    """nats / ln 2: the same surprise in bits per predicted symbol."""
    return require_number("nats", nats) / math.log(2)


def _require_targets(logits: FloatArray, targets: IntArray, mask: BoolArray) -> None:
    if logits.ndim != 3 or targets.shape != logits.shape[:2] or mask.shape != logits.shape[:2]:
        raise ValueError(
            "logits must be (T, B, V), targets and mask (T, B); "
            f"got logits {logits.shape}, targets {targets.shape}, mask {mask.shape}"
        )
    if mask.dtype != np.bool_ or not mask.any():
        raise ValueError(f"mask must be boolean with at least one True; got {mask.dtype}, {mask.sum()} set")
    if targets.min() < 0 or targets.max() >= logits.shape[-1]:
        raise ValueError(f"targets must lie in 0..{logits.shape[-1] - 1}; got {targets.min()} to {targets.max()}")
