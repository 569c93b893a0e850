"""Feedback for chapter 16, Compare honestly."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letters_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, judge, number_hint
from lstm_lib.check.parts.chapter_16_chance import difference, em_round

__all__ = ["claim", "difference", "em_round", "flattery", "two_models"]

# ---- 16.1

TRAIN = ("ana", "bo", "eva", "ana", "lea")
ROWS = {  # four test rows, two of them with a name that was trained on; surprises in nats
    "ana": (0.5, 0.25, 0.25, 0.2),
    "uma": (3.0, 2.0, 1.5, 1.0),
    "eva": (0.75, 0.5, 0.5, 0.25),
    "maximilian": (3.5, 1.0, 2.0, 1.5, 1.0, 0.5, 0.75, 0.25, 0.5, 0.25, 0.75),
}
TEST = ("ana", "uma", "eva", "ana", "maximilian")


@exercise
def flattery(my_flattery: Callable[..., Any]) -> Feedback:
    """Exercise 16.1: `(nats, names, train) -> nats per symbol`, tried on five rows of a leaky test list, and on two."""
    for count, test in (("five", TEST), ("two", TEST[:2])):
        nats = [np.array(ROWS[name]) for name in test]
        answer, feedback = ask(my_flattery, nats, list(test), list(TRAIN))
        if feedback is not None:
            return feedback
        new = [each for each, name in zip(nats, test, strict=True) if name not in TRAIN]
        target, slips = _per_symbol(new) - _per_symbol(nats), _wrong_flatteries(nats) if test == TEST else {}
        otherwise = "take the mean over the symbols of the rows whose name is new, minus that over all rows"
        hint = number_hint(Number(f"the flattery of the {count} test rows", answer, target, slips, otherwise))
        if hint is not None:
            return not_yet(hint)
    return right("That needs no second training. A rough estimate: unseen names are other names, easier or harder.")


def _per_symbol(nats: list[Any]) -> float:
    return float(np.concatenate(nats).mean())


def _wrong_flatteries(nats: list[Any]) -> dict[float, str]:
    """Typical wrong numbers, each with its hint."""
    seen = [each for each, name in zip(nats, TEST, strict=True) if name in TRAIN]
    new = [each for each, name in zip(nats, TEST, strict=True) if name not in TRAIN]
    every, fresh = _per_symbol(nats), _per_symbol(new)
    once = _per_symbol([np.array(ROWS[name]) for name in dict.fromkeys(TEST)])
    mean_of_means = float(np.mean([each.mean() for each in new]) - np.mean([each.mean() for each in nats]))
    of_totals = float(np.mean([each.sum() for each in new]) - np.mean([each.sum() for each in nats]))
    return {
        every - fresh: "the sign: the leaky list looks better, so what is taken away is the smaller number",
        fresh - _per_symbol(seen): "new against seen rows; the leaky list holds both, so compare with all rows",
        _per_symbol(seen) - every: "these are the rows that were seen; keep those whose name is *not* in train",
        fresh: "that is the mean over the new names; how much better do all rows look?",
        every: "that is the mean over all rows, the flattered number itself",
        mean_of_means: "a mean over names of means over symbols gives a short name's symbols more weight; put all "
        "symbols together, then take one mean",
        of_totals: "those are nats per name; divide by symbols, so that long names do not look worse",
        fresh - once: "a name that stands twice in the test list counts twice: that is how the leaky list is scored",
        0.0: "no difference: is every row taken as new? Ask `name in train`, not `name in names`",
        (fresh - every) / fresh: "as a share; the question asks for nats per symbol",
    }


# ---- 16.3

ALONE: dict[float, str] = {
    -math.log(0.8) - math.log(0.2): "that is the sum of the two surprises; the loss is their mean",
    (-math.log2(0.8) - math.log2(0.2)) / 2: "in bits; take the natural logarithm",
    math.exp(-(math.log(0.8) + math.log(0.2)) / 2): "that is the perplexity; its logarithm is asked for",
    math.log(2): "-ln of the mean probability, 0.5: but each symbol is paid for by itself, -ln 0.8 and -ln 0.2",
    -math.log(0.8): "that is the first symbol alone",
    -math.log(0.2): "that is the second symbol alone",
    (math.log(0.8) + math.log(0.2)) / 2: "the sign: a surprise is -ln p, never below 0",
}
MIXED: dict[float, str] = {
    -(math.log(0.8) + math.log(0.2)) / 2: "that is the mean of the two surprises: (16.2) takes the mean of the "
    "*probabilities*, and the logarithm after that",
    2 * math.log(2): "that is the sum over the two symbols; the loss is their mean",
    1.0: "in bits; take the natural logarithm",
    2.0: "that is the perplexity; its logarithm is asked for",
    0.5: "that is the probability; its surprise is asked for",
    -math.log(2): "the sign: a surprise is -ln p, never below 0",
}


@exercise
def two_models(alone: object, mixed: object) -> Feedback:
    """Exercise 16.3: nats per symbol of either model alone, and of the mixture with equal weights."""
    one = -(math.log(0.8) + math.log(0.2)) / 2
    return judge(
        "Two models that err at different places help each other.",
        Number("alone", alone, one, ALONE, "the mean of -ln 0.8 and -ln 0.2"),
        Number("mixed", mixed, math.log(2), MIXED, "the mixture gives (0.8 + 0.2) / 2 to each of the two"),
    )


# ---- 16.5

SPOILED = {
    "A": "a name that stands in many rows lands in train and in test: the list was never split by name",
    "C": "padding is easy to predict; counted, it makes any number look small",
    "D": "a bigram stands near the foot of the ladder, the bar is the best model that counts; and no score shows plans",
    "F": "what was chosen by the test names is flattered by them: the choice belongs to validation",
}
SOUND = {
    "B": "sizes may be chosen on validation names: that is what these are for",
    "E": "the mean over seeds with its spread is what one should report",
    "G": "the end mark is a symbol like others: whoever leaves it out scores another task",
}


@exercise
def claim(spoiled: object) -> Feedback:
    """Exercise 16.5: the letters of the sentences that spoil a claim, as one string."""
    feedback = letters_feedback(
        spoiled, SPOILED, SOUND, judged="is sound", more="Go through the checklist above, line by line."
    )
    if feedback is not None:
        return feedback
    return right("Leak, padding, a low bar, a choice on test: " + "; ".join(SPOILED.values()) + ".")
