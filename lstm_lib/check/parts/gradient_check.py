"""Exercise 24.3: the reader's gradient check of the page, tried on a healthy page and on a sick one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import as_array
from lstm_lib.check.parts.edited_page import edited
from lstm_lib.tree import FloatArray

HEALTHY, TENTH = 1e-6, 0.1 / 2.1  # an error that is rounding; that of a gradient which is a tenth too long
UNHIDDEN = {"(dz @ W_y.T) * keep": "(dz @ W_y.T)"}
SICK = UNHIDDEN | {"dW_y = np.tensordot": "dW_y = 1.1 * np.tensordot"}
NAMES = ("E", "W_x", "W_h", "b", "W_y", "b_y")


def small_case() -> tuple[list[FloatArray], tuple[Any, Any, Any], FloatArray]:
    """Six small tensors, a batch of names of unequal length, and factors of dropout (T, B, H)."""
    rng = np.random.default_rng(24)
    V, D, H = 3, 1, 2
    shapes = (V, D), (D, 4 * H), (H, 4 * H), (4 * H,), (H, V), (V,)
    batch = edited({}).table(["aa", "n"], ".an")
    keep = np.array([[[2.0, 0], [0, 2]], [[0, 2], [2, 2]], [[2, 0], [2, 0]]])
    return [rng.normal(size=shape) for shape in shapes], batch, keep


@exercise
def slopes(errors: Callable[..., Any]) -> Feedback:
    """Exercise 24.3: `(loss_and_grads, theta, batch, keep) -> six relative errors`, a number for each tensor."""
    theta, batch, keep = small_case()
    found = []
    for changes, shown in (({}, keep), (SICK, keep), ({}, np.ones_like(keep))):
        answer, feedback = ask(errors, edited(changes).loss_and_grads, theta, batch, shown)
        if feedback is not None:
            return feedback
        six, hint = as_array(answer, (6,), "what you return")
        if hint is not None:
            return not_yet(f"{hint} One number for each tensor.")
        found.append(six)
    return verdict(_hint(*found), "It is silent for a healthy page, and points at each sick tensor of another.")


def _hint(healthy: FloatArray, sick: FloatArray, shown: FloatArray) -> str | None:
    """What is wrong with the errors of a healthy page, of one without keep in dh and a tenth too much in dW_y.

    `shown`: those of the healthy page, all units shown.
    """
    if not np.isfinite([*healthy, *sick]).all():
        return "an error that is no finite number says nothing: is there a tensor whose two lengths are 0?"
    if healthy.max() > HEALTHY and shown.max() < HEALTHY:
        return "a healthy page passes while all units are shown, but not under dropout: hand `keep` to every call."
    if healthy.max() > HEALTHY:
        return _not_silent(healthy)
    if sick[:4].max() < HEALTHY:
        return "it passes a page whose gradient is wrong under dropout: hand `keep` to every call."
    if sick[:4].min() < HEALTHY:
        return f"it does not see that the gradient of {NAMES[int(sick[:4].argmin())]} is wrong: check all six tensors."
    return None if np.isclose(sick[4], TENTH, rtol=1e-3) else _scale_hint(float(sick[4]))


def _not_silent(healthy: FloatArray) -> str:
    if np.allclose(healthy, 1 / 3, atol=1e-3):
        return (
            "each slope is twice the gradient, or half of it: from -delta to +delta is a way of 2 delta; and is each "
            "weight put back?"
        )
    if np.allclose(healthy, 1, atol=1e-3):
        return "each slope has the other sign, or is 0: loss above minus loss below, of the weights that you moved."
    said = f"{healthy.max():.1g} for {NAMES[int(healthy.argmax())]} of a healthy page"
    if healthy.max() < 1e-2:
        return f"{said}: take both sides, and a step near 1e-5."
    return f"{said}: move one weight at a time, and put it back."


def _scale_hint(error: float) -> str:
    if abs(error) < HEALTHY:
        return "it does not see a gradient of W_y that is a tenth too long: compare lengths, not directions only."
    if np.isclose(error, 0.1, rtol=1e-2) or np.isclose(error, 0.1 / 1.1, rtol=1e-2):
        return "divide by the sum of both lengths, ||a|| + ||n||, so that 1 means opposite."
    return f"W_y a tenth too long should give 0.1 / 2.1 = 0.0476; yours is {error:.3g}: ||a - n|| / (||a|| + ||n||)."
