"""The elementary functions of the book, safe for every finite input in float32 and float64."""

import numpy as np

from lstm_lib.tree import FloatArray


def sigmoid(x: FloatArray) -> FloatArray:
    """The logistic function 1 / (1 + exp(-x)), elementwise, in the dtype of `x`; eq. (6.3).

    Only exp(-|x|) is computed, which cannot overflow, and small values keep their precision.
    """
    decay = np.exp(-np.abs(x))
    result: FloatArray = np.where(x >= 0, 1, decay) / (1 + decay)
    return result


def softmax(logits: FloatArray) -> FloatArray:
    """Probabilities proportional to exp(logits) over the last axis, in the dtype of `logits`; eq. (6.11)."""
    weights = np.exp(_below_maximum(logits))
    result: FloatArray = weights / weights.sum(axis=-1, keepdims=True)
    return result


def log_softmax(logits: FloatArray) -> FloatArray:
    """The logarithm (in nats) of `softmax(logits)` over the last axis, without taking a logarithm of 0."""
    shifted = _below_maximum(logits)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def _below_maximum(logits: FloatArray) -> FloatArray:
    """Logits minus their maximum: the same softmax, and nothing above 0 is ever exponentiated."""
    with np.errstate(over="ignore"):  # a gap beyond the largest float becomes -inf: a probability of 0
        result: FloatArray = logits - logits.max(axis=-1, keepdims=True)
    return result
