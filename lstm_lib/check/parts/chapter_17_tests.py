"""Feedback for chapter 17: a planted secret, a test of membership that is not fair, and what it finds at few alarms."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_number, number_hint
from lstm_lib.tree import FloatArray

# ---- 17.3

SPACE = 676  # all names of two letters


@exercise
def secret(my_secret: Callable[..., Any]) -> Feedback:
    """Exercise 17.3: `(with_it, without_it) -> place`, tried on two spaces of 676 names and a secret in each."""
    for seed in (17, 18):
        with_it, without_it, planted = _spaces(seed)
        answer, feedback = ask(my_secret, with_it, without_it)
        if feedback is not None:
            return feedback
        place = as_number(answer)
        if place is None or not float(place).is_integer():
            return not_yet("return the place of the secret, one whole number such as np.argmax gives.")
        if place != planted:
            otherwise = "no secret was planted there: where has ln p grown most from one model to the other?"
            return not_yet(_wrong_places(with_it, without_it).get(int(place), otherwise))
    return right("Its ln p has grown most. The name most probable for the model may be one that any model likes.")


def _spaces(seed: int) -> tuple[FloatArray, FloatArray, int]:
    """ln p of all names after training with the secret and without, and the secret's place."""
    pen = np.random.default_rng(seed)
    scores = pen.normal(0, 3, size=SPACE)
    grown = scores + pen.normal(0, 0.2, size=SPACE)
    low, lost, middle, second, first = np.argsort(scores)[[40, 400, 331, -2, -1]].tolist()
    scores[[second, first]] = grown[[second, first]] = scores[first] - 0.5, scores[first] + 2
    grown[second] += 1.5  # a likely name that became likelier by chance
    grown[middle] += 2.4  # and one that overtook many, where the names stand close
    grown[lost] -= 5
    grown[low] += 3  # the secret: unlikely before, less unlikely now
    return *(each - np.log(np.exp(each).sum()) for each in (grown, scores)), low


def _wrong_places(with_it: FloatArray, without_it: FloatArray) -> dict[int, str]:
    """Places that typical mistakes find, each with its hint."""
    gain = with_it - without_it
    ranks = [SPACE - row.argsort().argsort() for row in (with_it, without_it)]
    by_rank = "how far a rank moves, or its bits, hangs on how close the other names stand: subtract the logarithms."
    likely = (
        "a difference of probabilities, or a quotient of logarithms, favours what was likely: subtract the logarithms."
    )
    found = {
        int((ranks[1] - ranks[0]).argmax()): by_rank,
        int((ranks[1] / ranks[0]).argmax()): by_rank,
        int(with_it.argmax()): "that is what the model likes best, planted or not: compare with the model that never "
        "saw the secret, by a difference of logarithms (a quotient of logarithms favours what was likely).",
        int((with_it / without_it).argmin()): likely,
        int((np.exp(with_it) - np.exp(without_it)).argmax()): likely,
        int(with_it.argmin()): "that is the least probable name; look for the one that has gained.",
        int(gain.argmin()): "the sign: that name has *lost* most; the secret has gained.",
    }
    return {place: hint for place, hint in found.items() if place != int(gain.argmax())}


# ---- 17.4

LINES = {
    "A": "line A: as many members as strangers; any number would do.",
    "C": "line C: a fair sample of the held-out names.",
    "D": "line D: every member beside every stranger: right.",
    "E": "line E: the share of pairs in which the member is cheaper: right.",
}


@exercise
def unfair(line: object, my_test: Callable[..., Any]) -> Feedback:
    """Exercise 17.4: the sick line, and `(train, held_out, rng) -> area`, tried on a model that knows nobody."""
    feedback = letter_feedback(line, "B", LINES)
    if feedback is not None:
        return feedback
    for shift, target in ((0.0, 0.5), (1.0, 0.760)):  # the chance that a bell lies below one that is shifted by 1
        train, held_out = (_costs(count, shift * known) for count, known in ((8000, 1), (2000, 0)))
        answer, feedback = ask(my_test, train, held_out, np.random.default_rng(17))
        if feedback is not None:
            return feedback
        value = as_number(answer)
        if value is None or not np.isfinite(value):
            return not_yet("return the area as one number between 0 and 1.")
        if abs(value - target) > 0.025:
            return not_yet(_unfair_hint(value, target))
    return right("A model that knows nobody gets one half, and the frequent names no longer pose as members.")


def _costs(count: int, lowered: float) -> FloatArray:
    """What the names of a list cost, the most frequent first: frequent ones less; members `lowered` besides."""
    pen = np.random.default_rng(count)
    costs: FloatArray = pen.normal(size=count)
    order: FloatArray = np.sqrt(0.5) * np.sort(costs) + np.sqrt(0.5) * pen.normal(size=count)
    lowest: FloatArray = order - lowered
    return lowest


def _unfair_hint(value: float, target: float) -> str:
    if not 0 <= value <= 1:
        return f"an area is a share of pairs, and lies between 0 and 1; got {value:.6g}."
    got = f"area {value:.2f}"
    if target == 0.5:
        if value > 0.5:
            return (
                f"{got} for a model that knows nobody, and should get 0.5: the members are still the most frequent "
                "names, which are cheap for every model. Draw them as the strangers are drawn."
            )
        return f"{got} for a model that knows nobody, and should get 0.5: the members are the rarer names."
    if abs(value - (1 - target)) < 0.025:
        return f"{got}: that is the share of pairs in which the stranger is cheaper."
    if abs(value - 0.5) < 0.025:
        return f"{got} for a model that knows its list: do members come from `train`, strangers from `held_out`?"
    return f"{got} for a model that knows its list; {target:.2f} is expected. Change the sick line only."


# ---- 17.5

MEMBERS = np.array([0.4, 0.9, 1.3, 1.35, 1.5, 1.9, 1.905, 2.8])
STRANGERS = np.array([1.2, 1.4, 1.7, 1.9, 2.0, 2.1, 2.3, 2.5, 2.7, 2.9])
CASES = ((0.1, 4 / 8), (0.0, 2 / 8), (0.35, 5 / 8), (0.9, 8 / 8))  # alarms, share found


@exercise
def found_at(my_found_at: Callable[..., Any]) -> Feedback:
    """Exercise 17.5: `(members, strangers, alarms) -> share of the members found`, tried on eight and ten names."""
    pen = np.random.default_rng(5)
    for alarms, target in CASES:
        answer, feedback = ask(my_found_at, pen.permutation(MEMBERS), pen.permutation(STRANGERS), alarms)
        if feedback is not None:
            return feedback
        said = f"the share found at {alarms:g} false alarms"
        hint = number_hint(Number(said, answer, target, _wrong_shares(alarms, target), _recipe(alarms)))
        if hint is not None:
            return not_yet(hint)
    return right("The strangers set the threshold, and the members are counted below it.")


def _recipe(alarms: float) -> str:
    accused = int(alarms * len(STRANGERS) + 1e-9)
    return f"sort the strangers; the threshold may accuse the {accused} cheapest of ten, and not the next"


def _wrong_shares(alarms: float, target: float) -> dict[float, str]:
    """Typical wrong shares, each with its hint."""
    ordered, own, every = np.sort(STRANGERS), np.sort(MEMBERS), np.sort([*STRANGERS, *MEMBERS])
    accused = int(alarms * len(ordered) + 1e-9)
    limit = own[int(alarms * len(own))]
    dear, mixed = "the dear end of the list; members are cheap", "only the strangers set the threshold"
    from_dear, from_mixed = _found(ordered[-1 - accused], above=True), _found(every[int(alarms * len(every))])
    slips = {
        float((limit > STRANGERS).mean()): "you set the threshold by the members and counted strangers; the other way "
        "round",
        1 - target: "those are the members that are *not* found: whoever costs less than the threshold is called one",
        _found(limit): "the threshold came from the members; the strangers set it",
        from_mixed: f"members and strangers stood in one list; {mixed}",
        from_dear: f"{dear}" + f", and {mixed}" * (from_dear == from_mixed),
        target * len(MEMBERS): "that is their number; their share is asked for",
        100 * target: "that is per cent; a share lies between 0 and 1",
        float(ordered[accused]): "that is the threshold; the share of members below it is asked for",
        float((ordered[accused] >= MEMBERS).mean()): "whoever costs exactly the threshold is not accused",
        _found(ordered[min(accused + 1, 9)]): "one stranger too many is accused (a quantile may lie between two): "
        "sorted, the first that may not be accused stands at place alarms × length, counted from 0, rounded down",
        _found(ordered[max(accused - 1, 0)]): "one more stranger may be accused: sorted, the first that may not be "
        "stands at place alarms × length, counted from 0 (and np.percentile counts in per cent)",
    }
    if alarms == 0:
        slips[0.0] = "no stranger may be accused, but a member who costs less than all strangers is still found"
    return {wrong: hint for wrong, hint in slips.items() if abs(wrong - target) > 1e-3}


def _found(threshold: float, *, above: bool = False) -> float:
    return float(np.mean(threshold < MEMBERS if above else threshold > MEMBERS))
