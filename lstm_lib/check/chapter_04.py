"""Feedback for chapter 4, Learn the bigram by gradient descent."""

from collections.abc import Callable, Mapping
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import as_array, as_number, first_match
from lstm_lib.check.parts.chapter_04_scores import dlogits, safe_softmax
from lstm_lib.ops import softmax
from lstm_lib.tree import FloatArray, IntArray

__all__ = ["dlogits", "gradient", "one_row", "safe_softmax", "steps_needed"]

# ---- 4.3

READ, TARGETS = np.array([0, 1, 2, 1, 3, 1]), np.array([1, 2, 1, 3, 1, 0])  # "anaba"


@exercise
def gradient(my_gradient: Callable[..., Any]) -> Feedback:
    """Exercise 4.3: `(W, ids, targets) -> dW`, tried on "anaba", where `a` is read three times."""
    W = np.random.default_rng(43).normal(size=(4, 4))
    answer, feedback = ask(my_gradient, W, READ, TARGETS)
    if feedback is not None:
        return feedback
    answer, hint = as_array(answer, W.shape, "dW, like W,")
    if hint is not None:
        return not_yet(hint)
    if np.allclose(answer, _scattered(W, READ)):
        return right("Every use of a row is added. On \"anaba\" the row of 'a' hears from three.")
    rows = [".abn"[k] for k in np.flatnonzero(~np.isclose(answer, _scattered(W, READ)).all(axis=1))]
    otherwise = f'on "anaba" the rows of {", ".join(map(repr, rows))} are wrong; look at (4.4) and (4.5).'
    return not_yet(first_match(answer, _gradient_slips(W), otherwise))


def _scattered(W: FloatArray, rows: IntArray) -> FloatArray:
    dW = np.zeros_like(W)
    np.add.at(dW, rows, (softmax(W[READ]) - np.eye(4)[TARGETS]) / len(READ))
    return dW


def _gradient_slips(W: FloatArray) -> Mapping[str, FloatArray]:
    """Hints, each with the gradient of the mistake it speaks of."""
    whole, dz = _scattered(W, READ), (softmax(W[READ]) - np.eye(4)[TARGETS]) / len(READ)
    kept, means, expected = np.zeros_like(W), whole.copy(), np.zeros_like(W)
    kept[READ] = dz
    means[1] /= 3  # the only row that is read more than once
    np.add.at(expected, READ, softmax(W[READ]) / len(READ))
    return {
        "right for a symbol that is read once. Nudging on \"anaba\" gives another row for 'a', which is read three "
        "times.": kept,
        "the rows are averaged over their uses; a weight used three times hears from all three: add.": means,
        "the sign is turned: the slope is p minus one-hot; (4.6) has the minus.": -whole,
        "the sum over the symbols is there; the division by their number is missing.": whole * len(READ),
        "divide by the number of predicted symbols, len(ids), not by V.": whole * len(READ) / 4,
        "dz goes to the row of the symbol that was READ (ids), not of the one that came.": _scattered(W, TARGETS),
        "the 1 of the symbol that came is never subtracted; look at (4.4).": expected,
        "dW is transposed: a row for each symbol read, a column for each that came.": whole.T,
    }


# ---- 4.4

TOTALS, LR, STEPS = np.array([5.0, 9.0, 3.0, 3.0]), 0.3, 12  # so few that no slip has landed

OTHER_B = np.array([-0.16536317, 0.16536317])  # after 3 steps of 0.5 with the first two totals

LOGARITHMS = "those are logarithms of the shares, up to a constant: where it lands after very many steps. Walk there."


@exercise
def one_row(my_learn: Callable[..., Any]) -> Feedback:
    """Exercise 4.4: `(totals, lr, steps) -> b`, compared with gradient descent from zeros after 12 steps."""
    answer, feedback = ask(my_learn, TOTALS, LR, STEPS)
    if feedback is not None:
        return feedback
    answer, hint = as_array(answer, TOTALS.shape, "b, like totals,")
    if hint is not None:
        return not_yet(hint)
    shares = TOTALS / TOTALS.sum()
    target = _descended(lambda b: softmax(b) - shares, STEPS)
    if np.allclose(answer, target):
        again, hint = as_array(ask(my_learn, TOTALS[:2], 0.5, 3)[0], (2,), "b")  # other numbers
        if hint is not None or not np.allclose(again, OTHER_B):
            return not_yet("right once, and wrong for other totals, lr and steps: use those that come in.")
        return right("One row finds the frequencies of the symbols: the unigram.")
    if np.allclose(answer - answer.mean(), np.log(shares) - np.log(shares).mean()):
        return not_yet(LOGARITHMS)
    otherwise = "begin with b = zeros; at each step the slope is softmax(b) minus the shares totals / totals.sum()."
    return not_yet(first_match(answer, _one_row_slips(shares, target), otherwise))


def _descended(slope: Callable[[FloatArray], FloatArray], steps: int) -> FloatArray:
    b = np.zeros_like(TOTALS)
    for _ in range(steps):
        b = b - LR * slope(b)
    return b


def _one_row_slips(shares: FloatArray, target: FloatArray) -> Mapping[str, FloatArray]:
    """Hints, each with the row that the mistake it speaks of ends at."""
    N, V = TOTALS.sum(), len(TOTALS)
    return {
        "those are the probabilities; return the scores b.": softmax(target),
        "those are the shares that it should come near; let it find them, step by step, and return its scores.": shares,
        "it climbs: b moves with the slope. Step against it; look at (4.6).": _descended(
            lambda b: shares - softmax(b), STEPS
        ),
        "totals are counts: divide by their sum, N. The loss is a mean.": _descended(
            lambda b: softmax(b) - TOTALS, STEPS
        ),
        "divide by N once: the slope of the SUM of the surprises is N times too large.": _descended(
            lambda b: N * softmax(b) - TOTALS, STEPS
        ),
        "divide by N, the predicted symbols, not by V.": _descended(lambda b: (N * softmax(b) - TOTALS) / V, STEPS),
        "that is one step; take `steps` of them.": _descended(lambda b: softmax(b) - shares, 1),
        "softmax(b) must be computed anew in each step: b has moved.": _descended(lambda b: 1 / V - shares, STEPS),
        "one step too few.": _descended(lambda b: softmax(b) - shares, STEPS - 1),
        "one step too many.": _descended(lambda b: softmax(b) - shares, STEPS + 1),
    }


# ---- 4.5

STEPS_NEEDED = {10: 785, 20: 392, 40: 196}  # by learning rate; a test measures them again
OTHER_LIMITS = {  # steps for the same three rates, measured against another limit
    "0.1 nats, one zero too few": (86, 43, 21),
    "0.001 nats, one zero too many": (6607, 3303, 1651),
    "1 % of the line; the limit is 0.01 nats": (346, 173, 86),
}


@exercise
def steps_needed(steps_10: object, steps_20: object, steps_40: object) -> Feedback:
    """Exercise 4.5: the steps until the loss is within 0.01 nats of the counted table, for three learning rates."""
    answers = dict(zip(STEPS_NEEDED, (steps_10, steps_20, steps_40), strict=True))
    if all(map(blank, answers.values())):
        return NOT_ATTEMPTED
    if blank(steps_10):
        return not_yet("begin with η = 10: measure it, and give its number first.")
    measured: dict[int, float] = {}
    for lr, answer in answers.items():
        steps = as_number(answer)
        if isinstance(answer, bool) or not (blank(answer) if steps is None else steps.is_integer()):
            return not_yet(f"for η = {lr} give a whole number of steps; got {short_repr(answer)}.")
        if steps is not None:
            measured[lr] = steps
    wrong = [lr for lr, steps in measured.items() if not abs(steps - STEPS_NEEDED[lr]) <= 1]
    if wrong:
        return not_yet(_steps_hint(measured, wrong[0]))
    if len(measured) < 3:
        return not_yet(f"right for η = {', '.join(map(str, measured))}. What do you expect for the others?")
    return right(
        "Twice the rate, half the steps, as long as no step overshoots. Now try 60, then 80: one still arrives (130 "
        "steps), the other bounces for ever and never comes within 0.01 (`argmax` then says 0)."
    )


def _steps_hint(measured: Mapping[int, float], lr: int) -> str:
    """What is wrong with the first wrong number of steps, that for `lr`."""
    steps, wanted = measured[lr], STEPS_NEEDED[lr]
    for limit, places in OTHER_LIMITS.items():
        if abs(steps - places[list(STEPS_NEEDED).index(lr)]) <= 1:
            return f"after {steps:g} steps with η = {lr} the loss is within {limit}."
    if lr == 10:
        if steps <= 1:
            return (
                "np.argmax of booleans gives the first True, and 0 if there is none: descend for more steps, say 1,000."
            )
        return f"η = 10 takes {'more' if steps < wanted else 'fewer'} steps: find the first loss below floor + 0.01."
    if abs(steps - STEPS_NEEDED[10] * lr / 10) <= lr / 5:
        return f"η = {lr} takes larger steps than 10, so it needs fewer of them, not more."
    if abs(steps - STEPS_NEEDED[10]) <= 1:
        return f"that is the number for η = 10; steps of η = {lr} are {lr // 10} times as long."
    return f"for η = {lr}, {steps:g} is not what is measured. Run descend({lr}, 1000) and look at its losses."
