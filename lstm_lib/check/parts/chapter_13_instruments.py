"""Feedback for the three instruments that the reader of chapter 13 writes: exercises 13.1 to 13.3."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import apart, as_array, as_number, first_difference, first_match, shape_of
from lstm_lib.panel import instruments
from lstm_lib.tree import BoolArray, FloatArray


def _number_hint(answer: Any, target: float, name: str, asked: str, wrongs: dict[str, float]) -> str | None:
    """None for the target; else the hint of the mistake that gives this number, or what it should have been."""
    value = as_number(answer)
    if value is None:
        return f"{asked}; got {short_repr(answer)}."
    if np.isclose(value, target):
        return None
    mine, wanted = apart(value, target, 3)
    near = [hint for hint, wrong in wrongs.items() if np.isclose(value, wrong)]
    return (*near, f"the {name} should be {wanted} here; yours is {mine}.")[0]


# ---- 13.1


@exercise
def saturation(my_saturation: Callable[..., Any]) -> Feedback:
    """Exercise 13.1: `(gate, mask) -> share`, for a gate (T, B, H) of which only some symbols are real.

    Tried on the planted gate, and on its first three steps.
    """
    whole, real = _planted_gate()
    for gate, mask in ((whole, real), (whole[:3, ::-1], real[:3, ::-1])):
        answer, feedback = ask(my_saturation, gate, mask)
        if feedback is not None:
            return feedback
        target = float(_ends(gate)[mask].mean())
        hint = _number_hint(answer, target, "share", "return one number, the share", _wrong_shares(gate, mask))
        if hint is not None:
            return not_yet(hint)
    share = _ends(whole)[real].mean()
    borrowed = borrowed_hint(my_saturation, instruments.gate_saturation)
    return not_yet(borrowed) if borrowed else right(f"{share:.0%} of the real values lie at an end; no padding is.")


def _planted_gate() -> tuple[FloatArray, BoolArray]:
    """A gate (4, 3, 5) whose padding, as it happens, is all saturated."""
    gate = np.random.default_rng(136).uniform(0, 1, (4, 3, 5))
    gate[0, :, :3], gate[1, :2, 0] = 0.02, 0.99
    mask = np.arange(4)[:, None] < np.array([4, 3, 1])
    gate[~mask] = 0.999
    return gate, mask


def _ends(gate: FloatArray) -> BoolArray:
    ends: BoolArray = (gate < 0.05) | (gate > 0.95)
    return ends


def _wrong_shares(gate: FloatArray, mask: BoolArray) -> dict[str, float]:
    """Hints, each with the share of the mistake that it speaks of."""
    ends, real = _ends(gate), gate[mask]
    return {
        "padding is counted too: take the values where the mask is true, gate[mask].": float(ends.mean()),
        "padding is left out above the line, but divided by: take the mean over the real values only.": (
            float(ends[mask].sum() / gate.size)
        ),
        "that is how many there are; the share is their mean.": float(ends[mask].sum()),
        "that is in per cent; return the share, a number from 0 to 1.": float(100 * ends[mask].mean()),
        "divide by the number of values: each real symbol has H of them.": float(ends[mask].sum() / mask.sum()),
        "that is the share of what is not at an end.": float(1 - ends[mask].mean()),
        "that is the lower end alone; a gate above 0.95 is stuck as well.": float((real < 0.05).mean()),
        "that is the upper end alone; a gate below 0.05 is stuck as well.": float((real > 0.95).mean()),
        "no number is below 0.05 and above 0.95: join the two with |, not &.": 0.0,
        "that is the share of symbols with any unit at an end; count every unit's value.": float(
            np.any(ends[mask], axis=-1).mean()
        ),
        "each step weighs the same in yours, however many names are left: take one mean over all real values.": (
            float(np.mean([ends[t, real_names].mean() for t, real_names in enumerate(mask)]))
        ),
    }


# ---- 13.2


@exercise
def reach(my_reach: Callable[..., Any]) -> Feedback:
    """Exercise 13.2: `(lengths) -> shares`, (T, B) to (T,), tried on two tables without padding."""
    rng = np.random.default_rng(132)
    for T, B in ((5, 3), (3, 4)):
        lengths = rng.uniform(0.2, 1, (T, B)) * 2.0 ** np.arange(T)[:, None]
        answer, feedback = ask(my_reach, lengths)
        if feedback is not None:
            return feedback
        if shape_of(answer) in ((T, B), (B,), ()):
            return not_yet("take the mean over the strings only, axis=1: one share for each step back, shape (T,).")
        shares, hint = as_array(answer, (T,), "what my_reach returns")
        if hint is not None:
            return not_yet(hint)
        target = (lengths[::-1] / lengths[-1]).mean(axis=1)
        if not np.allclose(shares, target):
            place, said = first_difference(shares, target)
            otherwise = f"{place[0]} steps back it {said}: divide by the last row, turn round, take the mean."
            return not_yet(first_match(shares, _wrong_reach(lengths), otherwise))
    borrowed = borrowed_hint(my_reach, instruments.reach)
    return not_yet(borrowed) if borrowed else right("Entry 0 is 1, and entry k tells what is left k steps back.")


def _wrong_reach(lengths: FloatArray) -> dict[str, FloatArray]:
    """Hints, each with what the mistake that it speaks of would return."""
    back = lengths[::-1]
    shares = back / lengths[-1]
    return {
        "the shares are right, the order is not: entry 0 belongs to the last symbol, so turn the rows round.": (
            shares[::-1].mean(axis=1)
        ),
        "divide by the length at the last symbol, lengths[-1], not at the first.": (back / lengths[0]).mean(axis=1),
        "divide by the last row, lengths[-1], before you take the mean.": back.mean(axis=1),
        "divide each string by its own length at the end, then take the mean; you divided two means.": (
            back.mean(axis=1) / lengths[-1].mean()
        ),
        "that is the sum over the strings; take their mean.": shares.sum(axis=1),
        "that is what was lost; return what is left.": 1 - shares.mean(axis=1),
        "divide by the row of the last symbol, not by the row one step later.": np.concatenate(
            [[1.0], (back[1:] / back[:-1]).mean(axis=1)]
        ),
    }


# ---- 13.3


@exercise
def ratio(my_ratio: Callable[..., Any]) -> Feedback:
    """Exercise 13.3: `(before, after) -> ratio` of one matrix, tried on a wide and on a tall one."""
    rng = np.random.default_rng(133)
    for shape in ((2, 5), (4, 3)):
        before = rng.standard_normal(shape)
        after = before + 0.3 * rng.standard_normal(shape)
        answer, feedback = ask(my_ratio, before, after)
        if feedback is not None:
            return feedback
        target = float(np.linalg.norm(after - before) / np.linalg.norm(before))
        asked = "return one number: the length of a matrix is one number"
        hint = _number_hint(answer, target, "ratio", asked, _wrong_ratios(before, after))
        if hint is not None:
            return not_yet(hint)
    borrowed = borrowed_hint(my_ratio, instruments.update_ratios)
    return not_yet(borrowed) if borrowed else right("The length of the change, measured in lengths of the matrix.")


def _wrong_ratios(before: FloatArray, after: FloatArray) -> dict[str, float]:
    """Hints, each with the number that the mistake that it speaks of would return."""
    moved, old, new = after - before, float(np.linalg.norm(before)), float(np.linalg.norm(after))
    length = float(np.linalg.norm(moved))
    return {
        "divide by the length before the step, not after it.": length / new,
        "take the difference of the matrices first, then its length; you took the difference of two lengths.": (
            (new - old) / old
        ),
        "right but for the order: take the difference of the matrices first, then its length.": abs(new - old) / old,
        "that compares the matrix after the step with the one before; compare the change with it.": new / old,
        "upside down: the change stands above the line.": old / length,
        "that is the length of the change; divide it by that of the matrix before.": length,
        "that is the square: a length is the root of the sum of squares.": (length / old) ** 2,
        "that is the mean of the entries' ratios, which small entries rule; divide two lengths.": (
            float(np.mean(np.abs(moved / before)))
        ),
        "the sums of sizes are no lengths: use np.linalg.norm.": float(np.abs(moved).sum() / np.abs(before).sum()),
        "np.linalg.norm(W, 2) is the largest singular value; leave the 2 out.": (
            float(np.linalg.norm(moved, 2) / np.linalg.norm(before, 2))
        ),
    }
