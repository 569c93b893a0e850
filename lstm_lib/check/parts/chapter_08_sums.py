"""Feedback for exercise 8.5, sums over the steps: which of the three gradients is wrong, and by which slip."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_arrays, first_match
from lstm_lib.tree import FloatArray

T, D, H = 5, 3, 2
NAMES = ("dW_x", "dW_h", "db")


@exercise
def weight_sums(function: Callable[..., Any]) -> Feedback:
    """Exercise 8.5: `function(x, h, da)` returns dW_x (D, 4H), dW_h (H, 4H) and db (4H,).

    Tried on five steps of random numbers, from a state that is not zero.
    """
    rng = np.random.default_rng(84)
    x, h, da = rng.normal(size=(T, D)), rng.normal(size=(T + 1, H)), rng.normal(size=(T, 4 * H))
    answer, feedback = ask(function, x, h, da)
    if feedback is not None:
        return feedback
    wanted = (x.T @ da, h[:-1].T @ da, da.sum(axis=0))
    answer, hint = as_arrays(answer, {name: target.shape for name, target in zip(NAMES, wanted, strict=True)})
    if hint is not None:
        return not_yet(hint)
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
