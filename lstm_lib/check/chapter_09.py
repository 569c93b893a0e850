"""Feedback for chapter 9, Batch it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, reached
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, as_arrays, first_match, judge
from lstm_lib.check.parts.chapter_09_accumulate import accumulate
from lstm_lib.tree import FloatArray, IntArray

__all__ = ["accumulate", "by_hand", "embedding_gradient", "start_rows"]

DZ_END = {
    -1 / 12: "right up to 7/8: that divides by the 8 cells; divide by the real symbols",
    -2 / 9: "that divides by the symbols of an alone; the batch has one N for all its names",
    -1 / 9: "that is the mean of means, a half times a third; the batch has one N for all its names",
    -1 / 6: "that divides by the symbols of ana alone; the batch has one N for all its names",
    -2 / 3: "p - 1 is not divided yet: the loss is a mean over N symbols",
    2 / 21: "the sign is turned: dz is p - onehot, and p is below 1",
    1 / 21: "that is the entry of a symbol that is not the target; at the end of an the target is the end mark",
    1 / 3: "that is p; subtract 1 at the target, then divide by N",
    -2 / 15: "N counts one end mark for each name, too: the letters alone are 5",
}
DB_Y_END = {
    -1 / 21: "padding still has gradient: its cell adds -2/21; leave it out",
    1 / 24: "right up to 7/8: that divides by the 8 cells, or takes the mean of two means; divide by the real symbols",
    -1 / 24: "the padding cell is in the sum, and the 8 cells divide it: 7 of them are real",
    1 / 3: "the sum over the cells is right; it is not divided by N yet",
    1 / 12: "that is ana alone; the three cells of an belong to the sum",
    -4 / 21: "those are only the two cells whose target is the end mark; each of the other five adds 1/21",
    -2 / 21: "that is one cell; the bias serves every cell, so add all of them",
    5 / 21: "those are only the five cells with another target; the two real ends belong to the sum",
}


@exercise
def by_hand(dz_end: object, db_y_end: object) -> Feedback:
    """Exercise 9.1: two entries of the gradient when every p is 1/3, on the batch {ana, an}."""
    otherwise = "of the real cells, two have the end mark as target: they hold (1/3 - 1)/N, the others (1/3)/N; add"
    return judge(
        "With the padding cell the sum is -1/21, and training would do the opposite.",
        Number("dz_end", dz_end, -2 / 21, DZ_END, "p - onehot is 1/3 - 1 there; divide it by N"),
        Number("db_y_end", db_y_end, 1 / 21, DB_Y_END, otherwise),
    )


@exercise
def embedding_gradient(function: Callable[..., Any]) -> Feedback:
    """Exercise 9.2: `(ids, dx, V) -> dE`, tried on four steps of three names, with repeats in time and across."""
    ids = np.array([[0, 0, 0], [2, 1, 2], [1, 1, 4], [2, 4, 0]])  # no row of 3
    dx = np.random.default_rng(902).normal(size=(4, 3, 2))
    answer, feedback = ask(function, ids, dx, 5)
    if feedback is not None:
        return feedback
    dE, hint = as_array(answer, (5, 2), "dE, (V, D) like E,")
    if hint is not None:
        return not_yet(hint)
    if np.allclose(dE, _scattered(ids, dx)):
        found, names = reached(function)
        if "at" in names or any(getattr(each, "__name__", None) == np.add.at.__name__ for each in found):
            return not_yet("the numbers are right; find a way without np.add.at: which product looks up a row?")
        return right("Every cell that read a symbol has added to its row.")
    otherwise = "row k should be the sum of dx[t, n] over all t and n with ids[t, n] == k; try it with one cell first."
    slips = _embedding_slips(ids, dx)
    return not_yet(first_match(np.nan_to_num(dE), slips, otherwise))  # the mean over a symbol that nobody reads is NaN


def _scattered(ids: IntArray, dx: FloatArray) -> FloatArray:
    dE = np.zeros((5, dx.shape[-1]))
    np.add.at(dE, ids, dx)
    return dE


def _embedding_slips(ids: IntArray, dx: FloatArray) -> dict[str, FloatArray]:
    """Which slip gives which dE."""
    kept, by_step, by_name = np.zeros((5, 2)), np.zeros((5, 2)), np.zeros((5, 2))
    kept[ids] += dx
    for t in range(len(ids)):
        by_step[ids[t]] += dx[t]
    for n in range(ids.shape[1]):
        by_name[ids[:, n]] += dx[:, n]
    counts = np.bincount(ids.ravel(), minlength=5)[:, None]
    mixed = _scattered(ids.T.ravel(), dx.reshape(-1, 2))
    return {
        "a symbol occurs more than once and you kept one of its gradients: dE[ids] += dx does not add.": kept,
        "the steps add up, but when two names read the same symbol in one step, one of them is lost.": by_step,
        "the names add up, but when a name reads a symbol twice, one of the two is lost.": by_name,
        "add, do not average: a row that is used often has many arrows, and all of them count.": _scattered(ids, dx)
        / np.maximum(counts, 1),
        "ids and dx are read in different orders, one name by name, the other step by step.": mixed,
        "that is the first name alone: sum over n as well.": _scattered(ids[:, 0], dx[:, 0]),
        "that is the last step alone: sum over t as well.": _scattered(ids[-1], dx[-1]),
        "that is the first step alone: sum over t as well.": _scattered(ids[0], dx[0]),
        "the sign is turned: dE is the sum of dx itself.": -_scattered(ids, dx),
    }


@exercise
def start_rows(function: Callable[..., Any]) -> Feedback:
    """Exercise 9.3: `(da_1, dc_1, f_1, W_h) -> (dh_0, dc_0)`, each (H,), for a start that all names share."""
    rng = np.random.default_rng(903)
    da, dc, W_h = rng.normal(size=(3, 8)), rng.normal(size=(3, 2)), rng.normal(size=(2, 8))
    f = rng.uniform(0.1, 0.9, size=(3, 2))
    answer, feedback = ask(function, da, dc, f, W_h)
    if feedback is not None:
        return feedback
    (h, c), hint = as_arrays(answer, {"dh_0": (2,), "dc_0": (2,)})
    if hint is not None:
        several = " One row for each name? A row that serves B names adds B gradients." if "(3, 2)" in hint else ""
        return not_yet(hint + several)
    return _judge_start(h, c, da @ W_h.T, dc, f)


def _judge_start(h: FloatArray, c: FloatArray, dh_0: FloatArray, dc: FloatArray, f: FloatArray) -> Feedback:
    """`dh_0`: one row for each name, (B, H)."""
    slips = [
        (h, dh_0.mean(axis=0), "dh_0 is a mean over the names: the row has B arrows; add them."),
        (h, dh_0[0], "dh_0 is that of the first name alone: add the names."),
        (h, (dc * f).sum(axis=0), "dh_0 holds the gradient of c_0: return dh_0 first, then dc_0."),
        (c, (dc * f).mean(axis=0), "dc_0 is a mean over the names: the row has B arrows; add them."),
        (c, (dc * f)[0], "dc_0 is that of the first name alone: add the names."),
        (c, dc.sum(axis=0), "dc_0 misses the forget gate: on its way to c_1, c_0 is multiplied by f_1; look at (9.6)."),
        (c, dc.sum(axis=0) * f.sum(axis=0), "dc_0: multiply entry by entry first, then add the names."),
    ]
    wrong = [hint for row, value, hint in slips if np.allclose(row, value)]
    if wrong:
        return not_yet(wrong[0])
    if not np.allclose(h, dh_0.sum(axis=0)):
        return not_yet("dh_0 is wrong: go back through W_h as in (9.5), then add the rows.")
    if not np.allclose(c, (dc * f).sum(axis=0)):
        return not_yet("dc_0 is wrong: (9.6) for each name, then add the rows.")
    return right("A shared start is a weight like any other: what the names want of it adds up.")
