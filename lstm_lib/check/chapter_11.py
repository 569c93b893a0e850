"""Feedback for chapter 11, Understand Adam by breaking it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_arrays, first_match, judge
from lstm_lib.check.parts.chapter_11_adam import adam
from lstm_lib.tree import FloatArray

__all__ = ["adam", "counted", "four_runs", "in_place", "swapped", "tiny_gradient"]


# ---- 11.2

STREAM = (1.0, 3.0, 2.0, -1.0, -3.0, 1.0)
NOT_SWAPPED = {
    "A": "A starts at 1 and grows, as in Figure 11.4: it divides by 1 - beta without the power.",
    "B": "B is the right one: run your own Adam on the gradients and compare.",
    "D": "D starts at 3.16: that is Adam without correction, with its betas in place.",
}


def four_runs() -> dict[str, list[float]]:
    """Exercise 11.2: what four Adams subtract from a weight, in units of the learning rate, for STREAM."""
    usual, exchanged = (0.9, 0.999), (0.999, 0.9)
    return {
        "A": _moves(usual, lambda beta, s: 1 - beta),
        "B": _moves(usual, lambda beta, s: 1 - beta**s),
        "C": _moves(exchanged, lambda beta, s: 1 - beta**s),
        "D": _moves(usual, lambda beta, s: 1.0),
    }


def _moves(betas: tuple[float, float], share: Callable[[float, int], float]) -> list[float]:
    beta1, beta2 = betas
    m = v = 0.0
    moves = []
    for s, dtheta in enumerate(STREAM, start=1):
        m = beta1 * m + (1 - beta1) * dtheta
        v = beta2 * v + (1 - beta2) * dtheta**2
        moves.append(m / share(beta1, s) / (float(np.sqrt(v / share(beta2, s))) + 1e-8))
    return moves


@exercise
def swapped(run: object, step: object) -> Feedback:
    """Exercise 11.2: the run whose betas are exchanged, and the first step at which it differs from the right one."""
    feedback = letter_feedback(run, "C", NOT_SWAPPED)
    if feedback is not None:
        return feedback
    if blank(step):
        return not_yet("C it is; from which step on can you tell?")
    first = {1.0: "the corrected first step is lr for ANY betas, and B starts at 1 too: compare from step 2"}
    number = Number("step", step, 2, first, "look for the first column in which the rows B and C differ", 0)
    return judge("Only a gradient that changes tells the two memories apart.", number)


# ---- 11.3

OUTSIDE = {
    1.0: "the first step is lr only where the gradient is much larger than eps; here eps is a third of it",
    0.25: "that is the share of eps in the denominator; the step is the other part",
    0.5: "half is for a gradient of exactly eps; this one is three times eps",
    3.0: "that is the gradient over eps; the denominator holds both, gradient plus eps",
    4 / 3: "upside down: the gradient is above, gradient plus eps below",
    0.0075: "give it in units of lr: without the factor 0.01",
    3e-8: "that is the gradient itself; Adam divides it by the root of v_hat, plus eps",
}
INSIDE = {
    0.75: "that is with eps after the root; under the root it is 1e-8 that is added to the square, 9e-16",
    0.9487: "that is with eps squared under the root; there stands eps itself, 1e-8",
    1.0: "under the root eps is much larger than the square of this gradient: compare 1e-8 with 9e-16",
    3.0: "that is the gradient over eps; eps passes through the root too, and becomes 1e-4",
    3e-8: "that is the gradient itself; divide it by the root of 9e-16 + 1e-8",
    3e-6: "the share is right, but give it in units of lr: without the factor 0.01",
}


@exercise
def tiny_gradient(after: object, under: object) -> Feedback:
    """Exercise 11.3: Adam's first step for a gradient of 3e-8, in units of lr, with eps after and under the root."""
    above, below = (
        "after one step m_hat is the gradient and v_hat its square",
        "3e-8 over the root of (9e-16 plus 1e-8)",
    )
    return judge(  # numbers of very different size: each is found within a share of itself
        "One symbol moved, and the step is 2500 times smaller.",
        Number("after", after, 0.75, OUTSIDE, above, 2e-3, relative=True),
        Number("under", under, 3e-4, INSIDE, below, 2e-3, relative=True),
    )


# ---- 11.4

COUNTS = {
    1.0: "that is the count of a right Adam; this one counts calls, and there are six in a step",
    5.0: "six tensors, so six calls: E, W_x, W_h, b, W_y, b_y",
    7.0: "that is the count at the first call of the second step",
    36.0: "each call adds one, not six",
}
LAST_STEPS = {
    1.0: "that is with a count of 1; the last tensor is corrected with 6, though its means hold one gradient",
    0.46856: "that is 1 - 0.9^6, by which m is divided; v has a share of its own",
    0.21342: "that is the corrected m; divide it by the root of the corrected v",
    0.40876: "that is the root of the corrected v; m is divided by it",
    1.9153: "upside down: m_hat is above, the root of v_hat below",
    1.2773: "the root is missing below: v_hat is 0.001 / (1 - 0.999^6)",
    3.16228: "that is without any correction; here both means are corrected, with a power of 6",
    0.1: "that is m before its correction",
}


@exercise
def counted(count: object, last_step: object) -> Feedback:
    """Exercise 11.4: an Adam that counts its calls: its count after one step, and its first step on the last tensor."""
    calls = "one call for each tensor, and a count that each call raises by one"
    share = "0.1 / (1 - 0.9^6) over the root of 0.001 / (1 - 0.999^6)"
    return judge(
        "The first tensor moves by lr, the last by half of it.",
        Number("count", count, 6, COUNTS, calls, 0),
        Number("last_step", last_step, 0.52211, LAST_STEPS, share, 2e-3, relative=True),
    )


# ---- 11.5


@exercise
def in_place(my_step: Callable[..., Any]) -> Feedback:
    """Exercise 11.5: `(theta, dtheta, m, v, s, lr)` -> theta, m, v; tried for three steps on an array."""
    rng = np.random.default_rng(115)
    gradients = rng.normal(size=(3, 4)) * np.array([1e-3, 1.0, 10.0, 0.3])
    came: list[FloatArray] = [np.zeros(4), np.zeros(4), np.zeros(4)]  # theta, m, v before the step
    old_m, old_v = np.zeros(4), np.zeros(4)
    for s, dtheta in enumerate(gradients, start=1):
        answer, feedback = ask(my_step, *came[:1], dtheta, *came[1:], s, 0.1)
        if feedback is not None:
            return feedback
        left, hint = as_arrays(answer, dict.fromkeys(("theta", "m", "v"), (4,)))
        if hint is not None:
            return not_yet(hint)
        old_m, old_v = 0.9 * old_m + 0.1 * dtheta, 0.999 * old_v + 0.001 * dtheta**2
        hint = _astray_hint(s, left[0] - came[0], dtheta, old_m, old_v) or _state_hint(s, came, left, old_m, old_v)
        if hint is not None:
            return not_yet(hint)
        came = left
    return right("Two arrays where there was one with two names.")


def _astray_hint(s: int, moved: FloatArray, dtheta: FloatArray, m: FloatArray, v: FloatArray) -> str | None:
    """What is wrong with the move of step s, or None; m and v are the right means after it."""
    share_m, share_v = 1 - 0.9**s, 1 - 0.999**s
    root = np.sqrt(v / share_v) + 1e-8
    if np.allclose(moved, -0.1 * m / share_m / root, atol=0, rtol=1e-6):
        return None
    sizes = 0.001 * np.abs(dtheta)  # of the first step; later ones do not get this far
    slips = {
        "it moves by the gradient itself where m_hat belongs.": -0.1 * dtheta / root,
        "v averages the squares of the gradients; yours averages their sizes, |g|.": -0.1
        * (m / share_m)
        / (np.sqrt(sizes / share_v) + 1e-8),
    }
    otherwise = "keep (11.4) to (11.6) as they are; what they are written into is the bug."
    return f"at step {s} theta goes astray: {first_match(moved, slips, otherwise)}"


def _state_hint(s: int, came: list[FloatArray], left: list[FloatArray], m: FloatArray, v: FloatArray) -> str | None:
    """What is wrong with the m and v handed back after step s, which moved as it should, or None."""
    right_m, right_v = np.allclose(left[1], m, atol=0), np.allclose(left[2], v, atol=0)
    if right_m and right_v:
        return None
    if not (right_m or right_v) and all(map(np.array_equal, left[1:], came[1:])):
        return "the first step is right, but the m and v handed back are those that came in: return the new ones."
    if not (right_m or right_v) and all(map(np.allclose, left[1:], (m / (1 - 0.9**s), v / (1 - 0.999**s)))):
        return "the first step is right, but the m and v handed back are corrected: what do m and m_hat share?"
    sick = "v" if right_m else "m"
    return f"the first step is right, but the {sick} handed back is not the running mean: it was changed afterwards."
