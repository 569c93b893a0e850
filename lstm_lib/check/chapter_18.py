"""Feedback for chapter 18: a unit switched off, many looks, the length counter, a split of names, a saturated tanh."""

import math
from collections.abc import Callable
from dataclasses import replace
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, as_number, judge, params_hint
from lstm_lib.model import Params, init_params
from lstm_lib.tree import FloatArray

__all__ = ["halves", "length_counter", "many_looks", "saturated", "switched_off"]

H, UNIT = 4, 2
LOOKS, LEVEL = 96, 0.05  # 16 units, 6 meanings, one in twenty by luck


@exercise
def switched_off(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.1: `function(params, unit, level)` returns Params in which the unit always shows `level`."""
    rng = np.random.default_rng(181)
    params = init_params(5, 3, H, rng=rng)
    params = replace(params, b=rng.normal(size=4 * H), b_y=rng.normal(size=5))
    for level in (0.0, 0.5):
        answer, feedback = ask(function, params, UNIT, level)
        if feedback is not None:
            return feedback
        hint = params_hint(answer, params) or _row_hint(params, answer) or _bias_hint(params, answer, level)
        if hint is not None:
            return not_yet(hint)
    return right("Both roads are cut, and what a constant would have sent along them stands in the two biases.")


def _row_hint(params: Params, answer: Params) -> str | None:
    """What is wrong with the two matrices that read h."""
    for name, reader in (("W_h", "the gates of the next step"), ("W_y", "the output layer")):
        W, mine = getattr(params, name), getattr(answer, name)
        row, column = W.copy(), W.copy()
        row[UNIT], column[:, UNIT] = 0, 0
        if np.allclose(mine, row):
            continue
        if np.array_equal(mine, W):
            return f"{name} is as before, so {reader} still read the unit."
        if np.allclose(mine, column):
            return f"{name}: that is a column, what one gate or symbol reads; what the unit says is row {UNIT}."
        return f"{name}: row {UNIT} should be zero, and all else as before."
    if not all(np.array_equal(getattr(answer, name), getattr(params, name)) for name in ("E", "W_x")):
        return "E and W_x should stay: they do not read h."
    return None


def _bias_hint(params: Params, answer: Params, level: float) -> str | None:
    """What is wrong with the two biases, which take what the row would have sent."""
    for name, W in (("b", params.W_h), ("b_y", params.W_y)):
        bias, mine = getattr(params, name), getattr(answer, name)
        if np.allclose(mine, bias + level * W[UNIT]):
            continue
        if np.array_equal(mine, bias):
            return (
                f"right at level 0, wrong at {level}: {name} is as before. The constant times row {UNIT} still arrives "
                "there; if you added it, the row may have been zero already."
            )
        if np.allclose(mine, bias + level):
            return f"{name}: the level is multiplied by row {UNIT} before it is added."
        if np.allclose(mine, bias + W[UNIT]):
            return f"{name}: you added the row; it arrives times the level, {level}."
        if np.allclose(mine, bias - level * W[UNIT]):
            return f"{name}: look at the sign; the row is added, not taken away."
        if np.allclose(mine, level * W[UNIT]):
            return f"{name}: the old bias is gone; add to it."
        return f"{name} should be the old bias plus the level times row {UNIT} of the matrix that reads h."
    return None


@exercise
def many_looks(by_luck: object, at_least_one: object) -> Feedback:
    """Exercise 18.2: how many of 96 looks pass a test of one in twenty by luck, and the chance that some look does."""
    few = {
        LEVEL: "that is one look; there are 96",
        LOOKS / LEVEL: "96 times one in twenty: multiply by 0.05",
        16 * LEVEL: "that is one meaning and 16 units; there are six meanings",
        6 * LEVEL: "that is one unit and six meanings; there are 16 units",
    }
    some = {
        LEVEL: "that is the chance of one look",
        (1 - LEVEL) ** LOOKS: "that is the chance that none passes; you want the rest",
        LEVEL**LOOKS: "that is the chance that all pass by luck",
        LOOKS * LEVEL: "a chance cannot be above 1: multiply the chances that each look does *not* pass",
        1 - LEVEL: "that is the chance that one look does not pass; 96 looks multiply it 96 times",
    }
    return judge(
        "With so many looks, something always looks like something.",
        Number("by_luck", by_luck, LOOKS * LEVEL, few, "looks times the chance of each"),
        Number(
            "at_least_one", at_least_one, 1 - (1 - LEVEL) ** LOOKS, some, "1 minus the chance that none passes", 1e-3
        ),
    )


def counters() -> tuple[FloatArray, FloatArray, dict[int, str]]:
    """Hidden states (N, 5) that hold a length counter, letters (N,), and the hint for each unit that is not it."""
    rng = np.random.default_rng(183)
    letters = np.concatenate([np.arange(8.0)] * 40)
    noise = rng.normal(size=(len(letters), 5))
    h = np.column_stack([
        letters + 2 * noise[:, 0],  # rises, but is noisy
        -0.1 * letters + 0.05 * noise[:, 1],  # the counter: it falls, and hardly moves
        np.full(len(letters), 0.25),  # a dead unit
        20 * letters + 60 * noise[:, 3],  # moves most
        noise[:, 4],
    ])  # fmt: skip
    hints = {
        0: "that unit has the largest r of one sign; but one that *falls* counts too: take the largest |r|",
        2: "that unit never moves: its deviations are all 0, and 0/0 is not a number. argmax takes it for the largest",
        3: "that unit moves most, so its covariance is the largest; divide by both standard deviations",
        4: "that unit has the |r| nearest to 0; take the largest",
    }
    return h, letters, hints


@exercise
def length_counter(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.3: `function(h, letters)` returns the unit whose h goes most closely with the letters read."""
    h, letters, hints = counters()
    shown = (1, np.arange(5)), (1, np.arange(5)[::-1]), (-1, np.arange(5))  # turned: a written number fails; and rising
    for sign, order in shown:
        answer, feedback = ask(function, sign * h[:, order], letters)
        if feedback is not None:
            return feedback
        place = as_number(answer)
        if place is None or isinstance(answer, bool | np.bool_ | str) or place not in range(5):
            return not_yet(f"return the number of one unit, 0 to 4, such as argmax gives; got {short_repr(answer)}.")
        if int(order[int(place)]) in hints:
            return not_yet(f"unit {int(place)}: {hints[int(order[int(place)])]}.")
    return right("It falls, it moves little, and it is the one.")


@exercise
def halves(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.4: `function(owner, rng)` returns (N,) booleans: which rows a probe learns from, by whole names."""
    owner = np.repeat(np.arange(60), np.random.default_rng(184).integers(3, 9, size=60))
    answer, feedback = ask(function, owner, np.random.default_rng(1))
    if feedback is not None:
        return feedback
    learns, hint = as_array(answer, owner.shape, "learns")
    if hint is None and not np.isin(learns, (0, 1)).all():
        hint = "return true or false for each row, not places."
    if hint is not None:
        return not_yet(hint)
    shares = np.bincount(owner, learns) / np.bincount(owner)
    if ((shares > 0) & (shares < 1)).any():
        return not_yet("the rows that judge are not new to the probe. Print where the rows of owner 0, 1, 2 went.")
    if not 0.2 < shares.mean() < 0.8:
        return not_yet(f"{shares.mean():.0%} of the names are learned from; it should be about half.")
    for seed, same in ((2, False), (1, True)):
        again, feedback = ask(function, owner, np.random.default_rng(seed))
        if feedback is None and np.array_equal(as_array(again, owner.shape, "learns")[0], learns) != same:
            fault = "the same generator gives other" if same else "another generator gives the same"
            return not_yet(f"no name is torn, but {fault} halves: draw them from rng.")
    return right("A coin for each name, not for each row.")


@exercise
def saturated(gradient: object, hidden: object) -> Feedback:
    """Exercise 18.5: for tanh(3x) at x = 1 and the baseline 0, gradient times input, and what hiding x changes."""
    slope = 3 * (1 - math.tanh(3) ** 2)
    slopes = {
        slope / 3: "the chain rule brings the 3 down: the slope of tanh(3x) is 3 (1 - tanh²(3x))",
        3.0: "that is the slope at x = 0; the gradient is taken where the network stands, at x = 1",
        math.tanh(3): "that is the value; the gradient is its slope",
        3 * (1 - math.tanh(3)): "tanh is squared in the slope",
        3 * (1 - math.tanh(1) ** 2): "the slope is taken at 3x = 3, not at 1",
    }
    gone = {
        slope: "that is the gradient again; hiding x means to compute the function at 0, and to subtract",
        -math.tanh(3): "look at the order: the value with x, minus the value without",
        math.tanh(1): "the function is tanh(3x): tanh(3) - tanh(0)",
        3.0: "that is the input of the tanh",
    }
    return judge(
        "Hide x, and nearly everything is gone; but nudge it, and nothing moves: the tanh is at its end.",
        Number("gradient", gradient, slope, slopes, "the slope at x = 1, times the distance from the baseline, 1"),
        Number("hidden", hidden, math.tanh(3), gone, "the function at 1 minus the function at 0"),
    )
