"""Feedback for chapter 5: the walk back through a loop, a latch on paper, the slope of a fading gradient, a cut."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, first_match, judge
from lstm_lib.check.parts.chapter_05_walk import walk_back
from lstm_lib.tree import FloatArray

__all__ = ["fading", "latch", "truncated", "walk_back"]

LN_3 = float(np.log(3))
LATCH = 0.36 * 1.25 * LN_3
ONE_STEP = {
    1.25 * LN_3: "the way back through the weight is right; the slope of the tanh is missing",
    0.36: "that is the slope of the tanh; the weight from the unit to itself is missing",
    0.36 * 1.25: "the weights are in units of ln 3; multiply by it",
    0.36 * LN_3: "the weight is 5/4 of ln 3",
    0.36 / (1.25 * LN_3): "a product: what comes back passes the slope, then the weight",
    0.8 * 1.25 * LN_3: "0.8 is the output of the tanh; its slope is 1 minus the square of that",
    0.2 * 1.25 * LN_3: "the slope of tanh is 1 minus the square of its output, and 0.8 times 0.8 is 0.64",
    0.64 * 1.25 * LN_3: "0.64 is the square of the output; the slope is what is missing to 1",
    0.16 * 1.25 * LN_3: "that is the slope of a sigmoid; that of tanh is 1 minus the square of its output",
    1.0: "the value is handed on whole; but nudge it a little, and ask how much of the nudge is left after the step",
    0.8: "that is the value which the unit holds; the question is how much of a nudge, or of a gradient, is left",
    LATCH**10: "that is for ten steps back",
}
TEN_STEPS = {
    10 * LATCH: "each step back multiplies once more, so the factors multiply: a power, not a product with 10",
    LATCH: "that is for one step",
    LATCH**9: "ten steps, ten factors",
    LATCH**11: "ten steps, ten factors",
    LATCH / 10: "each step back multiplies once more: a power, not a division by 10",
    1.0: "no step hands it on whole",
}
KEPT = {radius: float(np.log(1000) / -np.log(radius)) for radius in (0.9, 0.99)}


@exercise
def latch(one_step: object, ten_steps: object) -> Feedback:
    """Exercise 5.2: the share of a gradient that passes the latch of "ana", over one step and over ten."""
    return judge(
        "The value stays for ever, and each step back about halves the gradient. Forward, a nudge fades as fast.",
        Number("one_step", one_step, LATCH, ONE_STEP, "the slope of the tanh at 0.8, times the weight", 0.005),
        Number("ten_steps", ten_steps, LATCH**10, TEN_STEPS, "the factor of one step to the power 10", 0.1, True),
    )


@exercise
def fading(steps_90: object, steps_99: object) -> Feedback:
    """Exercise 5.3: steps of the long run until a thousandth is left, without tanh, at spectral radii 0.9 and 0.99."""
    return judge(
        "Ten times nearer to 1, ten times as far. The first steps have their own factor; in the long run the radius "
        "decides.",
        Number("steps_90", steps_90, KEPT[0.9], _wrong_steps(0.9), "solve r**k = 1/1000 for k", 2.5),
        Number("steps_99", steps_99, KEPT[0.99], _wrong_steps(0.99), "solve r**k = 1/1000 for k", 20.0),
    )


def _wrong_steps(radius: float) -> dict[float, str]:
    """Typical wrong numbers of steps, and what went wrong."""
    lost = -np.log(radius)
    return {
        999 / 1000 / (1 - radius): "each step takes a share of what is left, not of the start; the gradient is r**k",
        -KEPT[radius]: "right size; a thousandth is less than 1, and so is r: both logarithms are negative",
        np.log(2) / lost: "that is for a half; the question asks for a thousandth",
        np.log(10) / lost: "that is for a tenth; the question asks for a thousandth",
        np.log(100) / lost: "that is for a hundredth; the question asks for a thousandth",
        np.log(1e6) / lost: "that is for a millionth; the question asks for a thousandth",
        3 / lost: "one logarithm is to base 10, the other to base e; take the same for both",
        1000 * radius: "each step multiplies by r once more: the gradient is r**k",
        np.log(1000) / np.log(1.8): "1.8 is the most by which one step can stretch; in the long run the radius decides",
    }


@exercise
def truncated(function: Callable[..., Any]) -> Feedback:
    """Exercise 5.4: `function(piece_back, pieces, h_0)` returns the sum of the pieces' gradients, states handed on."""
    pieces, h_0 = ["a", "b", "c"], np.array([0.5, -1.0])
    for count in (1, 2, 3):
        answer, feedback = ask(function, _piece_back, pieces[:count], h_0)
        if feedback is not None:
            return feedback
        gradient, hint = as_array(answer, (2, 2), "the gradient")
        if hint is not None:
            return not_yet(hint)
        if not np.allclose(gradient, _walk_pieces(pieces[:count], h_0)):
            otherwise = "read each piece from the state that the one before it left, and add what comes back"
            hint = first_match(gradient, _wrong_pieces(pieces[:count], h_0), otherwise)
            return not_yet(f"wrong with {count} piece{'s' * (count > 1)}: {hint}.")
    return right("The state is handed on, the gradients add; only the carry stops at a cut.")


def _piece_back(piece: str, h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A stand-in for reading a piece and walking back in it: a gradient (2, 2), and the state that leaves, (2,)."""
    state = np.asarray(h, dtype=np.float64)
    number = 1 + "abc".index(piece)
    return np.outer(state, [number, -1.0]) + number, np.tanh(number * state + np.array([0.3, 0.7]) * number)


def _shares(pieces: list[str], h_0: FloatArray, *, handed_on: bool = True) -> list[FloatArray]:
    """What comes back from each piece."""
    found, h = [], h_0
    for piece in pieces:
        gradient, left = _piece_back(piece, h)
        found.append(gradient)
        h = left if handed_on else h_0
    return found


def _walk_pieces(pieces: list[str], h_0: FloatArray) -> FloatArray:
    """The right answer."""
    total: FloatArray = np.sum(_shares(pieces, h_0), axis=0)
    return total


def _wrong_pieces(pieces: list[str], h_0: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong sums over the pieces."""
    kept, cut = _shares(pieces, h_0), _shares(pieces, h_0, handed_on=False)
    return {
        "two things are lost at a cut: ask what passes from a piece to the next, and what adds up": cut[-1],
        "the sum is right; but the state is cut too: each piece starts from h_0 and has forgotten the pieces before": (
            np.sum(cut, axis=0)
        ),
        "the state is handed on; but only the last piece's gradient is returned, and all pieces use the same weights": (
            kept[-1]
        ),
        "that is the mean over the pieces; the shares of one weight add": np.mean(kept, axis=0),
        "that is the first piece alone; all pieces use the same weights, so their shares add": kept[0],
        "the pieces are read from the first to the last, as the state needs it": _walk_pieces(pieces[::-1], h_0),
    }
