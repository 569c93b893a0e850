"""Judging the sums over the steps: which of the three gradients is wrong, and by which slip."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from lstm_lib.check.feedback import Feedback, not_yet, right
from lstm_lib.check.numbers import first_match
from lstm_lib.tree import FloatArray

T, D, H = 5, 3, 2
NAMES = ("dW_x", "dW_h", "db")


def sums_feedback(call: Callable[..., tuple[Any, Feedback | None]]) -> Feedback:
    """Try the reader's sums on five steps of random numbers, from a state that is not zero."""
    rng = np.random.default_rng(84)
    x, h, da = rng.normal(size=(T, D)), rng.normal(size=(T + 1, H)), rng.normal(size=(T, 4 * H))
    answer, feedback = call(x.copy(), h.copy(), da.copy())
    if feedback is not None:
        return feedback
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        return not_yet("return three arrays: dW_x, dW_h, db.")
    wanted = (x.T @ da, h[:-1].T @ da, da.sum(axis=0))
    for name, found, target in zip(NAMES, answer, wanted, strict=True):
        if not isinstance(found, np.ndarray) or found.shape != target.shape:
            got = found.shape if isinstance(found, np.ndarray) else f"a {type(found).__name__}"
            return not_yet(f"{name} is an array with the shape of its weight, {target.shape}; got {got}.")
    slips = (_slips_x(x, da), _slips_h(h, da), _slips_b(da, answer[2]))
    wrong = [k for k in range(3) if not np.allclose(answer[k], wanted[k])]
    if not wrong:
        return right("Every step has its share in every weight, each gate in its own block.")
    if wrong == [0, 2] and all(np.allclose(answer[k], next(iter(slips[k].values()))) for k in wrong):
        return not_yet("dW_h is right. For the other two ask: which steps does the line sum over, and which gates?")
    first = wrong[0]
    otherwise = f"sum over the steps, {FORMULAS[first]}"
    return not_yet(f"{NAMES[first]}: {first_match(answer[first], slips[first], otherwise)}.")


FORMULAS = ("x of the step upright times its da", "the h that entered, upright, times da", "da itself")
Slips = dict[str, FloatArray]


def _slips_x(x: FloatArray, da: FloatArray) -> Slips:
    """Wrong values of dW_x, the published one first."""
    return {
        "only the last step is asked; W_x is used at every step, so sum over all of them": np.outer(x[-1], da[-1]),
        "only the first step is asked; W_x is used at every step, so sum over all of them": np.outer(x[0], da[0]),
        "that is the mean over the steps; the shares add": x.T @ da / T,
        "each x is paired with another step's da; both belong to the same step": x[::-1].T @ da,
    }


def _slips_h(h: FloatArray, da: FloatArray) -> Slips:
    """Wrong values of dW_h; as published it is right."""
    return {
        "this one was right: the gates read the h that entered the step, h[:-1], not the one that left": h[1:].T @ da,
        "this one was right, with all its steps; now it asks the last step alone": np.outer(h[-2], da[-1]),
        "this one was right; the shares add, no mean is taken": h[:-1].T @ da / T,
    }


def _slips_b(da: FloatArray, answer: FloatArray) -> Slips:
    """Wrong values of db, the published one first."""
    blocks = i, f, g, o = np.split(da.sum(axis=0), 4)
    orders = [np.concatenate(order) for order in permutations(blocks)][1:]  # the first is the right one
    return {
        "two blocks are copies of the forget gate's; each gate has a bias of its own": np.concatenate([f, f, g, f]),
        "one block is still a copy of the forget gate's: the output gate's": np.concatenate([i, f, g, f]),
        "one block is still a copy of the forget gate's: the input gate's": np.concatenate([f, f, g, o]),
        "the blocks stand in another order; it is i, f, g, o": next(
            (order for order in orders if np.allclose(order, answer)), orders[0]
        ),
        "that is the mean over the steps; the shares add": da.mean(axis=0),
        "only the last step is asked; b is used at every step": da[-1],
    }
