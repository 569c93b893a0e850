"""Feedback for chapter 18: a unit switched off, many looks, the length counter, a split of names, a saturated tanh."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import Number, as_number, first_match, judge, params_hint
from lstm_lib.check.parts.chapter_18_units import halves, length_counter
from lstm_lib.inside.switch import switch_off
from lstm_lib.model import Params, init_params

__all__ = ["halves", "length_counter", "many_looks", "saturated", "switched_off"]

H = 4
ASKED = ((2, 0.0), (2, 0.4), (1, -0.3))  # the unit, and the level that it shows
LOOKS, LEVEL = 96, 0.05  # 16 units, 6 meanings, one in twenty by luck


@exercise
def switched_off(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.1: `function(params, unit, level)` returns Params in which the unit always shows `level`."""
    rng = np.random.default_rng(181)
    params = init_params(5, 3, H, rng=rng)
    params = replace(params, b=rng.normal(size=4 * H), b_y=rng.normal(size=5))
    for unit, level in ASKED:
        answer, feedback = ask(function, params, unit, level)
        if feedback is not None:
            return feedback
        hint = _form_hint(params, answer) or _row_hint(params, answer, unit) or _bias_hint(params, answer, unit, level)
        if hint is not None:
            return not_yet(hint)
    praise = "Both roads are cut, and what a constant would have sent along them stands in the two biases."
    return verdict(borrowed_hint(function, switch_off), praise)


def _form_hint(params: Params, answer: object) -> str | None:
    """What is wrong with the form of the answer."""
    if not isinstance(answer, Params):
        return f"return one Params, as `replace(params, ...)` makes it; got {type(answer).__name__}."
    return params_hint(answer, params)


def _row_hint(params: Params, answer: Params, unit: int) -> str | None:
    """What is wrong with the two matrices that read h."""
    for name, reader in (("W_h", "the gates of the next step"), ("W_y", "the output layer")):
        W, mine = getattr(params, name), getattr(answer, name)
        row, column, gates = W.copy(), W.copy(), W.copy()
        row[unit], column[:, unit], gates[:, unit::H] = 0, 0, 0
        if np.allclose(mine, row):
            continue
        if np.array_equal(mine, W):
            return f"{name} is as before, so {reader} still read the unit."
        if name == "W_h" and np.allclose(mine, gates):
            return f"W_h: those columns are what the unit's own gates hear; what the others hear of it is row {unit}."
        if np.allclose(mine, column):
            return f"{name}: that is a column, what one gate or symbol reads; what the unit says is row {unit}."
        return f"{name}: row {unit} should be zero, and all else as before."
    if not all(np.array_equal(getattr(answer, name), getattr(params, name)) for name in ("E", "W_x")):
        return "E and W_x should stay: they do not read h."
    return None


def _bias_hint(params: Params, answer: Params, unit: int, level: float) -> str | None:
    """What is wrong with the two biases, which take what the row would have sent."""
    for name, W in (("b", params.W_h), ("b_y", params.W_y)):
        bias, mine = getattr(params, name), getattr(answer, name)
        if np.allclose(mine, bias + level * W[unit]):
            continue
        if np.array_equal(mine, bias):
            return (
                f"right at level 0, wrong at {level}: {name} is as before. The constant times row {unit} still arrives "
                "there; if you added it, the row may have been zero already."
            )
        slips = {
            f"the level is multiplied by row {unit} before it is added": bias + level,
            f"you added the row; it arrives times the level, {level}": bias + W[unit],
            "look at the sign; the row is added, times the level as it comes": bias - level * W[unit],
            "the old bias is gone; add to it": level * W[unit],
            "that is twice the level": bias + 2 * level * W[unit],
        }
        otherwise = f"it should be the old bias plus the level times row {unit} of the matrix that reads h"
        return f"{name}: {first_match(mine, slips, otherwise)}."
    return None


FEW = {
    LEVEL: "that is one look; there are 96",
    LOOKS / LEVEL: "96 times one in twenty: multiply by 0.05",
    16 * LEVEL: "that is one meaning and 16 units; there are six meanings",
    6 * LEVEL: "that is one unit and six meanings; there are 16 units",
    LOOKS * (1 - LEVEL): "so many do *not* pass",
    5.0: "a mean need not be a whole number: do not round it",
    float(LOOKS): "that is all looks; luck passes one in twenty",
    100 * LOOKS * LEVEL: "one in twenty is 0.05, not 5",
}
SOME = {
    LEVEL: "that is the chance of one look",
    (1 - LEVEL) ** LOOKS: "that is the chance that none passes; you want the rest",
    LEVEL**LOOKS: "that is the chance that all pass by luck",
    1.0: "that would be certain; if you took the chance that *all* pass from 1, it is none that you want",
    LOOKS * LEVEL: "a chance cannot be above 1: multiply the chances that each look does *not* pass",
    1 - LEVEL: "that is the chance that one look does not pass; 96 looks multiply it 96 times",
    1 - (1 - LEVEL) ** 16: "that is one meaning and 16 units; there are 96 looks",
    1 - (1 - LEVEL) ** 6: "that is one unit and six meanings; there are 96 looks",
    LOOKS * LEVEL * (1 - LEVEL) ** (LOOKS - 1): "that is the chance of exactly one; more than one count too",
}


@exercise
def many_looks(by_luck: object, at_least_one: object) -> Feedback:
    """Exercise 18.2: how many of 96 looks pass a test of one in twenty by luck, and the chance that some look does."""
    value = as_number(at_least_one)
    percent = (
        {} if value is None or not 90 <= value <= 100 else {value: f"in percent; as a share it is {value / 100:g}"}
    )
    return judge(
        "With so many looks, something always looks like something.",
        Number("by_luck", by_luck, LOOKS * LEVEL, FEW, "looks times the chance of each"),
        Number(
            "at_least_one",
            at_least_one,
            1 - (1 - LEVEL) ** LOOKS,
            SOME | percent,
            "1 minus the chance that none passes",
            1e-3,
        ),
    )


@exercise
def saturated(gradient: object, hidden: object) -> Feedback:
    """Exercise 18.5: for tanh(3x) at x = 1 and the baseline 0, gradient times input, and what hiding x changes."""
    slope = 3 * (1 - math.tanh(3) ** 2)
    slopes = {
        3 * slope: "the 3 comes down once, and the input is 1, not 3",
        0.0: "it is small, not nothing: keep four decimals",
        1 - math.tanh(1) ** 2: "that is the slope of tanh(x) at 1; the function is tanh(3x)",
        3 / math.cosh(3): "cosh is squared in the slope: 1 - tanh² is 1 / cosh²",
        slope / 3: "the chain rule brings the 3 down: the slope of tanh(3x) is 3 (1 - tanh²(3x))",
        3.0: "that is the slope at x = 0; the gradient is taken where the network stands, at x = 1",
        math.tanh(3): "that is the value; the gradient is its slope",
        3 * (1 - math.tanh(3)): "tanh is squared in the slope",
        3 * (1 - math.tanh(1) ** 2): "the slope is taken at 3x = 3, not at 1",
    }
    gone = {
        slope: "that is the gradient again; hiding x means to compute the function at 0, and to subtract",
        math.tanh(3) - slope: "that is the difference of the two answers; hiding has nothing to do with the slope",
        -math.tanh(3): "look at the order: the value with x, minus the value without",
        math.tanh(1): "the function is tanh(3x): tanh(3) - tanh(0)",
        3.0: "that is the input of the tanh",
    }
    return judge(
        "Hide x, and nearly everything is gone; but nudge it, and nothing moves: the tanh is at its end.",
        Number("gradient", gradient, slope, slopes, "the slope at x = 1, times the distance from 0", 5e-5),
        Number("hidden", hidden, math.tanh(3), gone, "the function at 1 minus the function at 0", 5e-5),
    )
