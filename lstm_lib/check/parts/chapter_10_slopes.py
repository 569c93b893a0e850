"""Exercise 10.1: the slope along one direction, derived and measured."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet
from lstm_lib.check.numbers import Number, judge, shape_of
from lstm_lib.tree import FloatArray

Loss = Callable[[FloatArray], float]


@exercise
def one_direction(function: Callable[..., Any]) -> Feedback:
    """Exercise 10.1: `(loss_of, w, dw, xi, step) -> (derived, measured)`, two slopes along the direction xi."""
    rng = np.random.default_rng(102)
    w, xi = rng.normal(size=(2, 5))
    step, powers = 0.01, np.arange(1.0, 6.0)

    def loss_of(at: FloatArray) -> float:
        return float((powers * np.exp(at)).sum())

    dw = powers * np.exp(w)
    answer, feedback = ask(function, loss_of, w, dw, xi, step)
    if feedback is not None:
        return feedback
    two = list(answer) if isinstance(answer, tuple | list) or shape_of(answer) == (2,) else []
    if len(two) != 2:
        return not_yet(f"return two numbers, derived and measured; got {short_repr(answer)}.")
    return _judge_both(two, w, dw, xi, loss_of, step)


def _judge_both(
    two: list[object], w: FloatArray, dw: FloatArray, xi: FloatArray, loss_of: Loss, step: float
) -> Feedback:
    for name, slope in zip(("derived", "measured"), two, strict=True):
        if shape_of(slope) == w.shape:
            return not_yet(f"{name} should be one number, not one for each weight: add the products up.")
    measured = (loss_of(w + step * xi) - loss_of(w - step * xi)) / (2 * step)
    otherwise = "the loss at w + step * xi, less that at w - step * xi, over 2 step"
    return judge(
        "Two readings of the loss, however many weights there are.",
        Number("derived", two[0], float(dw @ xi), _wrong_derived(dw, xi), "the sum of dw times xi", 1e-9, True),
        Number("measured", two[1], measured, _wrong_measured(loss_of, w, xi, step), otherwise, 1e-9, True),
    )


def _wrong_derived(dw: FloatArray, xi: FloatArray) -> dict[float, str]:
    return {
        float(dw.sum()): "xi has no part in it: each weight moves by its own entry of xi",
        float(
            np.linalg.norm(dw)
        ): "that is the length of the gradient, its slope in its own direction; take that of xi",
        float(np.linalg.norm(dw * xi)): "add the products; a length squares them first",
        float((dw * xi).mean()): "that is the mean; the effects of all weights add up",
        float(
            dw @ xi / np.linalg.norm(xi)
        ): "divided by the length of xi here, so divide the measured slope by it, too; or leave it out in both",
        float(np.abs(dw * xi).sum()): "keep the signs: some effects cancel",
    }


def _wrong_measured(loss_of: Loss, w: FloatArray, xi: FloatArray, step: float) -> dict[float, str]:
    up, here, down = (loss_of(w + k * step * xi) for k in (1, 0, -1))
    nudged = [(loss_of(w + step * row) - loss_of(w - step * row)) / (2 * step) for row in np.eye(len(w))]
    return {
        (up - here) / step: "that is one-sided: its error goes with δ, not δ². Read on both sides",
        (here - down) / step: "that is one-sided: its error goes with δ, not δ². Read on both sides",
        (up - down) / step: "the two places are 2 step apart",
        (up - down) / 2: "divide by the distance, 2 step",
        up - down: "divide by the distance, 2 step",
        -(up - down) / (2 * step): "the sign is turned: forward less backward",
        (loss_of(w + xi) - loss_of(w - xi)) / (2 * step): "move by step * xi, not by xi",
        (loss_of(w + xi) - loss_of(w - xi)) / 2: "move by step * xi, not by xi",
        (loss_of(w + step) - loss_of(w - step)) / (2 * step): "every weight was moved alike: move by step * xi",
        float(
            np.dot(nudged, xi)
        ): "that nudges one weight after the other: right, but 2 readings for each. Move all at once",
        (up - down) / (2 * step * float(np.linalg.norm(xi))): "divided by the length of xi here, so divide the derived "
        "slope by it, too; or leave it out in both",
    }
