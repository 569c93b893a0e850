"""Feedback for exercise 19.1: the sum of the steps' weight gradients as one product, counted by its factors."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_array, first_match
from lstm_lib.check.parts.counted import Counted, Log, plain
from lstm_lib.tree import FloatArray

T, B, WIDTH, H = 5, 3, 7, 2  # WIDTH is D + H


@exercise
def one_product(function: Callable[..., Any]) -> Feedback:
    """Exercise 19.1: `(xhs, das) -> dW`, lists of T arrays (B, D+H) and (B, 4H), with a single matrix product."""
    xhs, das, log = _trial()
    answer, feedback = ask(function, xhs, das)
    if feedback is not None:
        return feedback
    dW, hint = as_array(plain(answer), (WIDTH, 4 * H), "dW")
    if hint is not None:
        return not_yet(hint)
    x, d = (np.stack([plain(each) for each in given]) for given in (xhs, das))  # (T, B, width)
    if not np.allclose(dW, np.einsum("tbi,tbj->ij", x, d)):
        return not_yet(f"dW: {first_match(dW, _slips(x, d), 'each row of xh, upright, times the same row of da')}.")
    if log.products == 0:
        return not_yet("the sum is right, but no product could be counted: write it with @.")
    if log.products > 1:
        return not_yet(f"the sum is right, from {log.products} products: put the steps below each other first.")
    return right("One product, and no list of weight gradients.")


def _trial() -> tuple[list[Counted], list[Counted], Log]:
    """The rows of each step, and the gradients there; all of them count their products in one log."""
    rng, log = np.random.default_rng(191), Log()
    lists = []
    for width in (WIDTH, 4 * H):
        arrays = [rng.normal(size=(B, width)).view(Counted) for _ in range(T)]
        for each in arrays:
            each.log = log
        lists.append(arrays)
    return lists[0], lists[1], log


def _slips(x: FloatArray, d: FloatArray) -> dict[str, FloatArray]:
    """Wrong values of dW, by what went wrong."""
    by_name = x.transpose(1, 0, 2).reshape(-1, WIDTH)
    return {
        "only the last step is there; the sum runs over all of them": x[-1].T @ d[-1],
        "only the first step is there; the sum runs over all of them": x[0].T @ d[0],
        "that is the mean over the steps; the sum is asked for": np.einsum("tbi,tbj->ij", x, d) / T,
        "the steps are paired the wrong way round": np.einsum("tbi,tbj->ij", x[::-1], d),
        "xh stands name by name and da step by step: both need the same order": by_name.T @ d.reshape(-1, 4 * H),
    }
