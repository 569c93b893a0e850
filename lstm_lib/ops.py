"""The elementary functions of the book, safe for every finite input in float32 and float64."""

from numbers import Real

import numpy as np

from lstm_lib.arguments import require_array
from lstm_lib.tree import FloatArray


def sigmoid(x: FloatArray | float) -> FloatArray:
    """The logistic function 1 / (1 + exp(-x)), elementwise, in the dtype of `x`; eq. (6.3).

    Only exp(-|x|) is computed, which cannot overflow, and small values keep their precision.
    Raises TypeError unless `x` is an array of numbers, a float, or an int of 64 bits.
    """
    x = _as_floats("x", x)
    decay = np.exp(-np.abs(x))
    result: FloatArray = np.where(x >= 0, 1, decay) / (1 + decay)
    return result


def softmax(logits: FloatArray) -> FloatArray:
    """Probabilities proportional to exp(logits) over the last axis, in the dtype of `logits`; eq. (6.11).

    Raises TypeError unless `logits` is an array of numbers, ValueError when its last axis is empty.
    """
    weights = np.exp(_below_maximum(logits))
    result: FloatArray = weights / weights.sum(axis=-1, keepdims=True)
    return result


def log_softmax(logits: FloatArray) -> FloatArray:
    """The logarithm (in nats) of `softmax(logits)` over the last axis, without taking a logarithm of 0.

    Raises TypeError unless `logits` is an array of numbers, ValueError when its last axis is empty.
    """
    shifted = _below_maximum(logits)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def sum_of_products(inputs: FloatArray, douts: FloatArray) -> FloatArray:
    """The gradient of W in `out = input @ W`, (D, H): the sum over all steps and rows, as one product.

    inputs (..., D) and douts (..., H), the same in front. It is handed arrays of floats and does not check them.
    """
    D, H = inputs.shape[-1], douts.shape[-1]
    return inputs.reshape(-1, D).T @ douts.reshape(-1, H)


def _below_maximum(logits: FloatArray) -> FloatArray:
    """Logits minus their maximum: the same softmax, and nothing above 0 is ever exponentiated."""
    logits = _as_floats("logits", logits)
    if 0 in (logits.ndim, *logits.shape[-1:]):
        raise ValueError(f"logits must have at least one entry on their last axis; got shape {logits.shape}")
    with np.errstate(over="ignore"):  # a gap beyond the largest float becomes -inf: a probability of 0
        result: FloatArray = logits - logits.max(axis=-1, keepdims=True)
    return result


def _as_floats(name: str, value: object) -> FloatArray:
    """An array of floats as it is; an array of whole numbers, or one number, as float64."""
    array = np.asarray(value) if isinstance(value, Real) else value
    if isinstance(array, np.ndarray) and np.issubdtype(array.dtype, np.integer):
        array = array.astype(np.float64)
    return require_array(name, array, "floats")
