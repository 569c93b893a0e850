"""Gradients by central differences, to compare with those derived by hand."""

import math
from collections.abc import Callable

import numpy as np

from lstm_lib.arguments import describe, require_array, require_number
from lstm_lib.tree import FloatArray, Tree, named_leaves, tree_map


def numerical_gradient(f: Callable[[Tree], float], params: Tree, *, step: float = 1e-5) -> Tree:
    """(f(params + step) - f(params - step)) / (2 step) for each entry of each array of the record.

    `params` is a record of float arrays (`Params`, `LSTMState`); it is copied, never changed. The error shrinks
    with step squared until rounding takes over, so `f` gets a copy in float64, whatever the dtype of `params`, and
    the gradient is float64 as well; only a longer float stays as it is. Raises ValueError when `step` is not above 0
    or `f` returns a number that is not finite, TypeError when `f` returns none or `params` is no record of floats.
    """
    step = require_number("step", step, above=0)
    if not callable(f):
        raise TypeError(f"f must be a function from a record of arrays to a number; got {describe(f)}")
    _require_floats("params", params)
    trial = tree_map(lambda leaf: leaf.astype(np.promote_types(leaf.dtype, float)), params)  # a copy to write to
    gradient = tree_map(np.zeros_like, trial)
    for (_, leaf), (_, slope) in zip(named_leaves(trial), named_leaves(gradient), strict=True):
        for index in np.ndindex(leaf.shape):
            value = leaf[index]
            leaf[index] = value + step
            above = require_number("f(params)", f(trial))
            leaf[index] = value - step
            below = require_number("f(params)", f(trial))
            leaf[index] = value
            slope[index] = (above - below) / (2 * step)
    return gradient


def relative_errors(a: Tree, n: Tree) -> dict[str, float]:
    """For each tensor, ||a - n|| / (||a|| + ||n||): 0 for equal gradients, 1 for opposite or missing ones.

    Infinite for a tensor with an entry that is not finite: NaN would slip through `max(errors.values()) < limit`.
    Raises TypeError for records of different types or without float arrays, ValueError when shapes differ.
    """
    if type(a) is not type(n):
        raise TypeError(f"records must have the same type; got {type(a).__name__} and {type(n).__name__}")
    _require_floats("a", a)
    _require_floats("n", n)
    errors = {}
    for (name, left), (_, right) in zip(named_leaves(a), named_leaves(n), strict=True):
        if left.shape != right.shape:
            raise ValueError(f"{name} has shapes {left.shape} and {right.shape}; they must be equal")
        errors[name] = _relative_error(left, right)
    return errors


def _relative_error(left: FloatArray, right: FloatArray) -> float:
    largest = float(np.max([np.abs(leaf).max(initial=0) for leaf in (left, right)]))
    if not math.isfinite(largest):
        return math.inf
    kind = np.promote_types(np.promote_types(left.dtype, right.dtype), np.float64)
    exponent = -math.frexp(largest)[1]  # a factor that leaves all digits, so that no square is lost or infinite
    left, right = (np.ldexp(leaf.astype(kind), exponent) for leaf in (left, right))
    return float(np.linalg.norm(left - right) / (np.linalg.norm(left) + np.linalg.norm(right))) if largest else 0.0


def _require_floats(what: str, record: object) -> None:
    for name, leaf in named_leaves(record):
        require_array(f"{what}.{name}", leaf, "floats")
