"""Gradients by central differences, to compare with those derived by hand."""

from collections.abc import Callable

import numpy as np

from lstm_lib.arguments import require_number
from lstm_lib.tree import Tree, named_leaves, tree_map


def numerical_gradient(f: Callable[[Tree], float], params: Tree, *, step: float = 1e-5) -> Tree:
    """(f(params + step) - f(params - step)) / (2 step) for each entry of each array of the record.

    `params` is a record of float arrays (`Params`, `LSTMState`); it is copied, never changed. The error shrinks
    with step squared until rounding takes over: use float64. Raises ValueError when `step` is not above 0 and
    TypeError when `f` does not return a number.
    """
    step = require_number("step", step, above=0)
    trial = tree_map(np.array, params)  # a private copy: the only arrays written to
    gradient = tree_map(np.zeros_like, params)
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

    Raises TypeError for records of different types, ValueError for tensors of different shapes.
    """
    if type(a) is not type(n):
        raise TypeError(f"records must have the same type; got {type(a).__name__} and {type(n).__name__}")
    errors = {}
    for (name, left), (_, right) in zip(named_leaves(a), named_leaves(n), strict=True):
        if left.shape != right.shape:
            raise ValueError(f"{name} has shapes {left.shape} and {right.shape}; they must be equal")
        size = float(np.linalg.norm(left) + np.linalg.norm(right))
        errors[name] = float(np.linalg.norm(left - right)) / size if size else 0.0
    return errors
