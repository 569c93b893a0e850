"""Feedback for chapter 14, Sample with care."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import Number, apart, as_array, first_difference, first_match, judge
from lstm_lib.check.parts.chapter_14_names import names_with, sampler
from lstm_lib.ops import log_softmax, softmax
from lstm_lib.sample import SHORT, reshape_law
from lstm_lib.tree import FloatArray, IntArray

__all__ = ["cut_twice", "names_with", "nucleus", "sampler", "temperature"]

# ---- 14.1

LOGITS = np.array([[1.0, 2.5, -0.5, 2.0], [0.2, -1.0, 3.0, 1.5]])
HUGE = np.array([[1000.0, 999.0, 0.0], [0.0, -1000.0, 1.0]])


@exercise
def temperature(my_law: Callable[..., Any]) -> Feedback:
    """Exercise 14.1: `(logits (B, V), tau) -> law (B, V)`, tried on two rows, cool and warm, and on huge logits."""
    for tau in (0.5, 3.0):
        law, feedback = _array_from(my_law, LOGITS, tau)
        if feedback is not None:
            return feedback
        target = softmax(LOGITS / tau)
        if np.allclose(law, target):
            continue
        if np.allclose(law, target, rtol=0, atol=1e-3):
            return not_yet("the right law, but rounded: return all the digits.")
        return not_yet(first_match(law, _wrong_temperatures(tau), _unscaled(law, target)))
    law, feedback = _array_from(my_law, HUGE, 0.5)
    if feedback is not None or not np.allclose(law, softmax(HUGE / 0.5)):
        return not_yet(
            "right for small logits; at 1000 np.exp overflows. Subtract each row's *own* largest logit first, "
            "logits.max(axis=-1, keepdims=True)."
        )
    praise = "Below 1 the tall get taller, above 1 the short catch up, and each row sums to 1."
    return verdict(borrowed_hint(my_law, softmax, log_softmax, reshape_law), praise)


def _wrong_temperatures(tau: float) -> dict[str, FloatArray]:
    """Hints, each with the answer of the mistake it speaks of."""
    p, scores = softmax(LOGITS), np.exp(LOGITS / tau)
    return {
        "the temperature has no effect: a factor on all probabilities, or a number added to all logits, cancels when "
        "the row is scaled to sum to 1. Divide the logits.": p,
        "the wrong way round: lower tau made it wilder. The exponent of p is 1/tau; logits are divided by tau.": (
            softmax(LOGITS * tau)
        ),
        "that is p to the power tau, not yet scaled; the exponent is 1/tau.": p**tau,
        "softmax(p / tau): divide logits, not probabilities.": softmax(p / tau),
        "that is p / tau: divide the logits, before the softmax.": p / tau,
        "those are logits divided by tau: the softmax is still to do.": LOGITS / tau,
        "those are logarithms of the right law: exponentiate them.": np.log(softmax(LOGITS / tau)),
        "the columns sum to 1, not the rows: sum over the last axis, with keepdims=True.": (
            scores / scores.sum(axis=0, keepdims=True)
        ),
        "all rows together sum to 1: each row is a law of its own; sum over axis=-1.": scores / scores.sum(),
        "you take away the largest of each *column*; that is not one number for a whole row: use axis=-1.": softmax(
            (LOGITS - LOGITS.max(axis=0)) / tau
        ),
        "tau is squared: divide by it once.": softmax(LOGITS / tau**2),
    }


# ---- 14.2

CUTS = (  # law, mass
    ((0.3, 0.6, 0.1), 0.7),
    ((0.3, 0.1, 0.6), 0.7),  # three symbols change places
    ((0.2, 0.7, 0.1), 0.5),  # the first one crosses
    ((0.125, 0.5, 0.0625, 0.25, 0.0625), 0.75),  # reached exactly
    ((0.25, 0.15, 0.6), 1.0),
    ((0.1, 0.2, 0.4, 0.1, 0.2), 0.5),  # either of two equals will do, and not both
    ((0.3, 0.6, 0.1), 0.9),  # reached, but for rounding
)
ROUNDED = "in floating point 0.6 + 0.3 is 0.8999999999999999: rounding must not decide, so compare with mass - 1e-6."


@exercise
def nucleus(my_nucleus: Callable[..., Any]) -> Feedback:
    """Exercise 14.2: `(p (V,), mass) -> law (V,)`, tried on seven laws in no order."""
    for values, mass in CUTS:
        p = np.array(values)
        law, feedback = _array_from(my_nucleus, p, mass)
        if feedback is not None:
            return feedback
        target = nucleus_of(p, mass)
        kept = np.where(law > 1e-12, p, 0)  # of equals, whichever the reader's sorting puts first
        if not (np.allclose(law, kept / max(kept.sum(), 1e-300)) and np.allclose(np.sort(law), np.sort(target))):
            case = f"For p = {list(values)} and mass {mass:g}: "
            if mass == 0.9 and np.allclose(law, p):
                return not_yet(case + ROUNDED)
            return not_yet(case + first_match(law, _wrong_nuclei(p, mass), _unscaled(law, target)))
    praise = "The smallest set that reaches the mass, scaled, each symbol in its own place."
    return verdict(borrowed_hint(my_nucleus, reshape_law), praise)


def nucleus_of(p: FloatArray, mass: float, *, cross: bool = True) -> FloatArray:
    """The nucleus of a law (V,); with `cross` False, without the symbol that crosses the line."""
    order = np.argsort(-p, kind="stable")
    reached = np.cumsum(p[order])
    keep = reached - p[order] < mass - SHORT if cross else reached < mass - SHORT
    law = np.zeros_like(p)
    law[order[keep]] = p[order[keep]]
    scaled: FloatArray = law / max(float(law.sum()), 1e-300)
    return scaled


def _wrong_nuclei(p: FloatArray, mass: float) -> dict[str, FloatArray]:
    """Hints, each with the answer of the mistake it speaks of."""
    order, target = np.argsort(-p, kind="stable"), nucleus_of(p, mass)
    low = nucleus_of(p, mass, cross=False)
    ranked, kept = target[order], np.where(target > 0, p, 0)
    too_many = int((target > 0).sum()) + 1
    return {
        "nothing is cut. Sort by -p, and compare the mass *before* each symbol with the wanted mass.": p,
        f"the mass of what you keep is {p[low > 0].sum():g}, below {mass:g}: keep the symbol that crosses.": low,
        f"the right symbols, but the law sums to {kept.sum():g}: scale it to sum to 1.": kept,
        "the probabilities are right and stand at the wrong symbols: undo the sorting.": ranked,
        "sorted, and not scaled: put each probability back in its place, then divide by the sum.": kept[order],
        "what you apply at the end is `ranked[order]`, which sorts once more; `law[order] = ranked` puts back.": (
            ranked[order]
        ),
        "a threshold keeps all symbols that are equally likely; the smallest set needs only some of them: count along "
        "the sorted ones.": _only(p, np.flatnonzero(p >= kept[kept > 0].min())),
        "one symbol too many: the mass is reached without it.": _only(p, order[:too_many]),
    }


def _only(p: FloatArray, kept: IntArray) -> FloatArray:
    law = np.zeros_like(p)
    law[kept] = p[kept] / p[kept].sum()
    return law


# ---- 14.3

K_FIRST: dict[float, str] = {
    3: "after the cut to three they are scaled: 4/9, 3/9, 2/9. The first two already reach 7/9, which is above 0.75",
    1: "4/9 alone is below 0.75; the next one crosses",
    4: "top-k with k = 3 has already removed one",
}
P_FIRST: dict[float, str] = {
    2: "here nothing is scaled before: 0.4 + 0.3 = 0.7 is below 0.75, so a third symbol is kept",
    4: "0.4 + 0.3 + 0.2 = 0.9 reaches 0.75 without the fourth",
    1: "0.4 alone is far below 0.75",
}
TOP: dict[float, str] = {
    0.4: "that is the old probability; what is kept is scaled to sum to 1",
    4 / 9: "that is after top-k; the nucleus then cuts once more, and scales again",
    0.75: "that is the mass asked for, not a probability that comes out",
    3 / 7: "that is the other symbol that is kept",
    7 / 9: "that is the mass of both together before the last scaling",
}


@exercise
def cut_twice(k_first: object, p_first: object, top: object) -> Feedback:
    """Exercise 14.3: symbols left after top-k then nucleus, in the other order, and the largest probability."""
    return judge(
        "Scaling after the first cut changes what the second one sees.",
        Number("k_first", k_first, 2, K_FIRST, "cut to three, scale, then add up until 0.75 is reached"),
        Number("p_first", p_first, 3, P_FIRST, "add up 0.4, 0.3, 0.2, 0.1 until 0.75 is reached; count"),
        Number("top", top, 4 / 7, TOP, "two symbols are left, in the ratio 4 to 3; they sum to 1"),
    )


# ---- parts


def _array_from(function: Callable[..., Any], values: FloatArray, number: float) -> tuple[FloatArray, Feedback | None]:
    """The array that the reader's function makes of (values, number), or the feedback that ends the check."""
    answer, feedback = ask(function, values, number)
    if feedback is not None:
        return values, feedback
    law, hint = as_array(answer, values.shape, "the law")
    return law, None if hint is None else not_yet(hint)


def _unscaled(law: FloatArray, target: FloatArray) -> str:
    """The hint for what no slip explains."""
    if not np.isfinite(law).all():
        return "nan or inf came out: is something divided by a sum of 0?"
    total = law.sum(axis=-1, keepdims=True)
    if (total > 0).all() and np.allclose(law / total, target):
        return f"the ratios are right, but a row sums to {apart(float(total.flat[0]), 1, 3)[0]}: divide by its sum."
    wanted = ", ".join(f"{value:.3f}" for value in target.reshape(-1, target.shape[-1])[0])
    place, said = first_difference(law, target)
    if math.isclose(float(total.flat[0]), 1, abs_tol=1e-9):
        return f"it is a law, but not this one: {wanted}. Number {place[-1] + 1} {said}."
    return f"expected {wanted}; yours does not sum to 1. Number {place[-1] + 1} {said}."
