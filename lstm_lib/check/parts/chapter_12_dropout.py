"""Feedback for exercise 12.4: what a dropout function does wrong, told from the zeros and factors that it leaves."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import as_array
from lstm_lib.tree import BoolArray, FloatArray

RATE = 0.2
SHAPE = (40, 60)  # names, units
NEAR = 0.05  # how far the share of zeros may be from the rate: six times its spread


@exercise
def dropout(my_dropout: Callable[..., Any]) -> Feedback:
    """Exercise 12.4: `(h, rate, rng) -> what the output layer reads`, tried on 40 names with 60 units each."""
    answer, feedback = ask(my_dropout, _hidden(), RATE, np.random.default_rng(1))
    if feedback is not None:
        return feedback
    shown, hint = as_array(answer, SHAPE, "what the output layer reads, like h,")
    if hint is not None:
        return not_yet(hint)
    factors = shown / _hidden()
    if abs(float(np.isclose(shown, -RATE).mean()) - RATE) < NEAR:  # h * kept / 1 - rate
        return not_yet(f"what is hidden reads {-RATE:g}, not 0: to divide by 1 - rate, put brackets around it.")
    hint = _zeros_hint(factors == 0) or _factor_hint(factors[factors != 0]) or _chance_hint(my_dropout, shown)
    return verdict(hint, "A fifth of the units is hidden, other ones for each name, and the mean stays.")


def _hidden() -> FloatArray:
    rng = np.random.default_rng(124)
    signs: FloatArray = np.where(rng.random(SHAPE) < 0.5, -1.0, 1.0)
    return signs * rng.uniform(0.2, 0.9, SHAPE)


def _zeros_hint(hidden: BoolArray) -> str | None:
    """What is wrong with the places of the zeros."""
    share = float(hidden.mean())
    if share in (0, 1):
        which = "all" if share else "none"
        return f"{which} of the 2,400 entries are hidden: draw a number for each entry, and compare it with the rate."
    if (hidden == hidden[0]).all():
        return "the same units are hidden for every name: draw a number for each entry of h, not for each unit."
    if (hidden == hidden[:, :1]).all():
        return "whole names are hidden, or shown whole: draw a number for each entry of h, not for each name."
    if abs(share - (1 - RATE)) < NEAR:
        return f"you hide {share:.0%} of the entries at a rate of {RATE:.0%}: turn the comparison round."
    if abs(share - RATE) > NEAR:
        return f"you hide {share:.0%} of the entries at a rate of {RATE:.0%}: rng.random() is even between 0 and 1."
    return None


def _factor_hint(shown: FloatArray) -> str | None:
    """What is wrong with the factors (K,) of the entries that are not hidden."""
    for factor, hint in {
        1 / (1 - RATE): None,
        1.0: "the right share is hidden; the others stayed as they were, so the mean shrinks. What factor mends it?",
        1 - RATE: "you multiply by 1 - rate, which shrinks the mean twice: divide by it.",
        1 / RATE: "you divide by the rate. The share that is left is 1 - rate: divide by that.",
        RATE: "you multiply by the rate. The share that is left is 1 - rate: divide by that.",
        1 + RATE: "1 + rate is near, but the mean must stay exactly: a share of 1 - rate is left, so divide by it.",
    }.items():
        if np.allclose(shown, factor, rtol=1e-5):
            return hint
    return "each entry that is shown must be h times one and the same factor, the one that keeps the mean."


def _chance_hint(my_dropout: Callable[..., Any], first: FloatArray) -> str | None:
    """Whether the numbers come from the generator that was handed in, and what happens at rate 0."""
    h = _hidden()
    again, _ = ask(my_dropout, h, RATE, np.random.default_rng(1))
    if not np.array_equal(as_array(again, SHAPE, "h")[0], first):
        return "the same generator gave two different answers: draw from rng, the one that is handed in."
    other, _ = ask(my_dropout, h, RATE, np.random.default_rng(2))
    if np.array_equal(as_array(other, SHAPE, "h")[0], first):
        return "another generator hides the same units: draw from rng; one made inside never moves on."
    nothing, _ = ask(my_dropout, h, 0.0, np.random.default_rng(1))
    if not np.array_equal(as_array(nothing, SHAPE, "h")[0], h):
        return "at rate 0 nothing is hidden, and h must come back as it was."
    return None
