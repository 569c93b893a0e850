"""Feedback for chapter 16: the bootstrap of a difference, and a round of expectation maximisation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, ask, blank, not_yet, right
from lstm_lib.check.numbers import as_floats, first_match
from lstm_lib.tree import FloatArray

# ---- 16.2

LINES = {
    "A": "the number of symbols of each name is right",
    "B": "the nats of each name are right",
    "C": "the nats of each name are right",
    "D": "a list of names, drawn with replacement, as long as the test list: right",
    "F": "a ratio of sums for each model, as in (16.1), and their difference: right",
    "G": "the ends of the middle 95 % are right",
}


def difference(line: object, my_difference: Callable[..., Any]) -> Feedback:
    """Exercise 16.2: the sick line, and `(one, other, rng) -> (low, high)`, tried on three pairs of models."""
    if blank(line):
        return NOT_ATTEMPTED
    if not isinstance(line, str) or line.strip().upper() not in {*LINES, "E"}:
        return not_yet(f"line should be one of the letters 'A' to 'G'; got {line!r}.")
    if line.strip().upper() != "E":
        return not_yet(f"line {line.strip().upper()}: {LINES[line.strip().upper()]}.")
    for make, judge in ((_constant, _judge_constant), (_by_name, _judge_by_name), (_by_length, _judge_by_length)):
        answer, feedback = ask(my_difference, *make(), np.random.default_rng(16))
        if feedback is not None:
            return feedback
        ends, feedback = _two_numbers(answer)
        hint = None if feedback is not None else judge(*ends)
        if feedback is not None or hint is not None:
            return feedback or not_yet(hint or "")
    return right("Both models now answer for the same list, and what is hard for both cancels.")


def _two_numbers(answer: object) -> tuple[tuple[float, float], Feedback | None]:
    """The reader's low and high, or the feedback that ends the check."""
    ends = as_floats(answer)
    if ends is None:
        return (0, 0), not_yet(f"return two numbers, low and high; got {type(answer).__name__}.")
    if ends.shape != (2,):
        return (0, 0), not_yet(f"return two numbers, low and high; got shape {ends.shape}.")
    return (float(ends[0]), float(ends[1])), None


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
        f"two models that differ by 0.1 nats at every symbol should give low = high = -0.1; got {low:.3g}, {high:.3g}."
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
    return f"not yet a ratio of sums, as in (16.1): -0.67 should lie in the interval; got {low:.3g}, {high:.3g}."


# ---- 16.4

WEIGHTS = np.array([0.7, 0.2, 0.1])
CHANCES = np.array([[0.5, 0.1, 0.4, 0.2, 0.05], [0.1, 0.6, 0.1, 0.3, 0.25], [0.2, 0.2, 0.7, 0.1, 0.5]])  # (K, N)


def em_round(my_round: Callable[..., Any]) -> Feedback:
    """Exercise 16.4: `(weights (K,), p (K, N)) -> new weights (K,)`, one round of (16.3)."""
    weights, p = WEIGHTS.copy(), CHANCES.copy()
    answer, feedback = ask(my_round, weights, p)
    if feedback is not None:
        return feedback
    found = as_floats(answer)
    if found is None:
        return not_yet(f"return an array of weights; your function returned {type(answer).__name__}.")
    shares = WEIGHTS[:, None] * CHANCES / (WEIGHTS @ CHANCES)
    if found.shape == shares.shape and np.allclose(found, shares):
        return not_yet("those are the shares symbol by symbol, (K, N): take their mean over the symbols.")
    if found.shape != WEIGHTS.shape:
        return not_yet(f"the new weights should have shape {WEIGHTS.shape}; yours have shape {found.shape}.")
    if not np.allclose(found, shares.mean(axis=1)):
        wanted = ", ".join(f"{weight:.3f}" for weight in shares.mean(axis=1))
        return not_yet(
            first_match(found, _wrong_rounds(shares), f"for three models and five symbols expected {wanted}.")
        )
    if not np.array_equal(weights, WEIGHTS) or not np.array_equal(p, CHANCES):
        return not_yet("the weights are right, but the arrays that came in have changed: return new ones.")
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
