"""Feedback for chapter 16: the bootstrap of a difference, and a round of expectation maximisation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import apart, as_array, first_difference, first_match, shape_of
from lstm_lib.tree import FloatArray

# ---- 16.2

LINES = {
    "A": "line A: the number of symbols of each name is right.",
    "B": "line B: the nats of each name are right.",
    "C": "line C: the nats of each name are right.",
    "D": "line D: a list of names, drawn with replacement, as long as the test list: right.",
    "F": "line F: a ratio of sums for each model, as in (16.1), and their difference: right.",
    "G": "line G: the ends of the middle 95 % are right.",
}


@exercise
def difference(line: object, my_difference: Callable[..., Any]) -> Feedback:
    """Exercise 16.2: the sick line, and `(one, other, rng) -> (low, high)`, tried on three pairs of models."""
    feedback = letter_feedback(line, "E", LINES)
    if feedback is not None:
        return feedback
    for make, judge in ((_constant, _judge_constant), (_by_name, _judge_by_name), (_by_length, _judge_by_length)):
        answer, feedback = ask(my_difference, *make(), np.random.default_rng(16))
        if feedback is not None:
            return feedback
        ends, form_hint = as_array(answer, (2,), "low and high")
        hint = form_hint or judge(float(ends[0]), float(ends[1]))
        if hint is not None:
            return not_yet(hint)
        if not np.array_equal(ends, as_array(ask(my_difference, *make(), np.random.default_rng(16))[0], (2,), "")[0]):
            return not_yet("the same rng gave another interval: draw from the rng that comes in, and no other.")
    return right("Both models now answer for the same list, and what is hard for both cancels.")


def _constant() -> tuple[list[FloatArray], list[FloatArray]]:
    """Two models whose surprises differ by 0.1 at every symbol: every list of names shows just that difference."""
    pen = np.random.default_rng(2)
    one: list[FloatArray] = [pen.exponential(2, size=length) for length in [4, 7, 6, 9] * 100]
    return one, [nats + 0.1 for nats in one]


def _judge_constant(low: float, high: float) -> str | None:
    if np.allclose([low, high], -0.1):
        return None
    if np.allclose([low, high], 0.1):
        return "right, but the sign: the first model minus the second."
    if high - low > 0.05:
        return (
            "two models that differ by 0.1 at every symbol, and yet the interval is "
            f"{high - low:.2f} wide: they are still judged on different lists."
        )
    return (
        f"two models that differ by 0.1 nats at every symbol should give low = high = -0.1; got "
        f"{apart(low, -0.1, 3)[0]}, {apart(high, -0.1, 3)[0]}."
    )


def _by_name() -> tuple[list[FloatArray], list[FloatArray]]:
    """The first model is better by 1 nat at all symbols of half of the names, worse at all symbols of the others."""
    signs = np.random.default_rng(3).choice([-1.0, 1.0], size=400).tolist()
    base = [np.full(6, 2.0) for _ in signs]
    return [nats + sign for nats, sign in zip(base, signs, strict=True)], base


def _judge_by_name(low: float, high: float) -> str | None:
    one, other = _by_name()
    differences = np.array([a[0] - b[0] for a, b in zip(one, other, strict=True)])
    ratio = (high - low) / (2 * 1.96 * float(differences.std()) / 20)  # 20: the root of 400 names
    if low > high:
        return "low and high are in the wrong order."
    if 0.88 < ratio < 1.12:
        return None
    if ratio < 0.01:
        return "low and high are equal: do all rounds draw the same list? Draw anew in each, with replacement."
    if 0.75 < ratio <= 0.88:
        return "the interval is a little narrow: cut 2.5 % off at each end, not 5 %."
    if 0.3 < ratio < 0.5:
        return "the interval is too narrow by the root of a name's length: draw whole names, not single symbols."
    return f"the interval is {ratio:.2g} times as wide as it should be. Change the sick line only."


def _by_length() -> tuple[list[FloatArray], list[FloatArray]]:
    """The first model loses a nat at each symbol of the short names and wins one at each symbol of the long ones."""
    lengths = [2, 10] * 200
    return [np.full(length, 3.0 if length == 2 else 1.0) for length in lengths], [np.full(n, 2.0) for n in lengths]


def _judge_by_length(low: float, high: float) -> str | None:
    if low < -2 / 3 < high and high - low < 0.3:
        return None
    if low < 0 < high:
        return "a mean of the names' means lets short names count too much: nats over symbols, as in (16.1)."
    ends = ", ".join(apart(end, -2 / 3, 3)[0] for end in (low, high))
    return f"not yet a ratio of sums, as in (16.1): -2/3 should lie in a narrow interval; got {ends}."


# ---- 16.4

WEIGHTS = np.array([0.7, 0.2, 0.1])
CHANCES = np.array([[0.5, 0.1, 0.4, 0.2, 0.05], [0.1, 0.6, 0.1, 0.3, 0.25], [0.2, 0.2, 0.7, 0.1, 0.5]])  # (K, N)


@exercise
def em_round(my_round: Callable[..., Any]) -> Feedback:
    """Exercise 16.4: `(weights (K,), p (K, N)) -> new weights (K,)`, one round of (16.3)."""
    answer, feedback = ask(my_round, WEIGHTS, CHANCES)
    if feedback is not None:
        return feedback
    shares = WEIGHTS[:, None] * CHANCES / (WEIGHTS @ CHANCES)
    if shape_of(answer) == shares.shape and np.allclose(answer, shares):
        return not_yet("those are the shares symbol by symbol, (K, N): take their mean over the symbols.")
    found, hint = as_array(answer, WEIGHTS.shape, "the new weights, (K,),")
    if hint is not None:
        return not_yet(hint)
    if not np.allclose(found, shares.mean(axis=1)):
        wanted = ", ".join(f"{weight:.3f}" for weight in shares.mean(axis=1))
        (place,), said = first_difference(found, shares.mean(axis=1))
        otherwise = f"for three models and five symbols expected {wanted}: number {place + 1} {said}."
        return not_yet(first_match(found, _wrong_rounds(shares), otherwise))
    return right("Each model's new weight is its mean share in what came; the weights still sum to 1.")


def _wrong_rounds(shares: FloatArray) -> dict[str, FloatArray]:
    """Hints, each with the answer of the mistake it speaks of."""
    winners = np.eye(3)[shares.argmax(axis=0)]
    scaled = WEIGHTS * CHANCES.mean(axis=1)
    return {
        "that is the sum of the shares; their mean is asked for, so that the weights sum to 1.": shares.sum(axis=1),
        "the old weights are missing above the line: the share of model k is w_k p_k over the sum.": (
            CHANCES / (WEIGHTS @ CHANCES)
        ).mean(axis=1),
        "both old weights are missing: each model's share is w_k p_k over the sum of all w_k p_k.": (
            CHANCES / CHANCES.sum(axis=0)
        ).mean(axis=1),
        "the winner of each symbol takes it all; let every model have its share.": winners.mean(axis=0),
        "divide symbol by symbol, then take the mean; you took the mean first.": scaled / scaled.sum(),
        "nothing has changed: the new weights are the mean shares.": WEIGHTS,
    }
