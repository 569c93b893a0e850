"""Feedback for chapter 17, Ask what it memorised."""

import math

import numpy as np

from lstm_lib.check.choice import letters_feedback
from lstm_lib.check.feedback import Feedback, exercise, right
from lstm_lib.check.numbers import Number, judge
from lstm_lib.check.parts.chapter_17_tests import found_at, secret, unfair

__all__ = ["follows", "found_at", "secret", "unfair", "untouched"]

# ---- 17.1

FOLLOWS = {
    "A": "that is what the area counts",
    "C": "the area is a mean over all pairs, and says nothing of the few names at the edge",
    "E": "the area belongs to the test, not to the model alone: a better test may see more",
}
DOES_NOT = {
    "B": "a coin would then recognise 50 %; the area counts pairs, not names that are found",
    "D": "a mean hides its extremes: of a few names one may be nearly sure",
    "F": "the area is no share of the list; a coin's area is one half, and it has memorised nothing",
}


@exercise
def follows(sentences: object) -> Feedback:
    """Exercise 17.1: the letters of the sentences that follow from an area of 0.55, as one string."""
    feedback = letters_feedback(
        sentences, FOLLOWS, DOES_NOT, judged="does not follow", more="An area is a mean over pairs, and of one test."
    )
    if feedback is not None:
        return feedback
    return right("; ".join(f"{letter}: {why}" for letter, why in FOLLOWS.items()) + ".")


# ---- 17.2

RANKS = np.arange(1, 9)
MEAN = float(3 - np.log2(RANKS).mean())
EXPOSED: dict[float, str] = {
    0.0: "chance is not 0 bits: rank 1 gives 3, rank 8 gives 0, and no rank less",
    1 / math.log(2): "that is the limit for a large space; here eight ranks can be added up",
    float(3 - np.log2(RANKS.mean())): "the mean rank's exposure; the mean of the exposures is asked for, and the "
    "logarithm bends",
    float(8 * 3 - np.log2(RANKS).sum()): "that is the sum over the eight ranks; each has a chance of one eighth",
    float(np.log2(RANKS).mean()): "that is the mean of log2 rank; take it from log2 R = 3",
    float((3 - np.log2(RANKS).mean()) * math.log(2)): "in nats; exposure is counted in bits, with log2",
    3.0: "that is the most there is, at rank 1",
    1.5: "halfway between 0 and 3; but the ranks are equally likely, not the exposures",
    1.0: "that is the exposure of the middle rank, 4; add up all eight",
    float(3 - np.median(np.log2(RANKS))): "that is the median; the mean is asked for",
    float(3 - np.log2(RANKS[:7]).mean()): "rank 8 counts, too: it has 0 bits",
    float(3 - np.log2(RANKS[:7]).sum() / 8): "rank 8 is missing: it has 0 bits, as log2 8 is 3",
    float(3 - np.log(RANKS).mean()): "bits and nats are mixed: take log2 of the rank, too",
    -MEAN: "the sign: log2 R minus log2 rank",
}
EXPOSED |= {round(wrong, 2): hint for wrong, hint in EXPOSED.items()}
LUCKY: dict[float, str] = {
    1 / 8: "2 bits or more: rank 2 has exactly 2, and counts",
    1 / 2: "at least 2 bits means that 3 - log2 rank is 2 or more: count the ranks with that",
    25.0: "that is per cent; a chance lies between 0 and 1",
    3 / 4: "that is the chance of less than 2 bits",
    2.0: "that is the number of ranks; each has a chance of one eighth",
    3 / 8: "rank 3 has 3 - log2 3, which is 1.4 bits: too few",
}
LUCKY |= {0.12: LUCKY[1 / 8], 0.13: LUCKY[1 / 8], 0.38: LUCKY[3 / 8], 12.5: LUCKY[25.0], 37.5: LUCKY[25.0]}


@exercise
def untouched(mean: object, lucky: object) -> Feedback:
    """Exercise 17.2: of a canary that was never planted among eight, the mean exposure, and the chance of 2 bits."""
    return judge(
        "Chance gives more than nothing: so a single exposure of 2 bits proves nothing.",
        Number("mean", mean, MEAN, EXPOSED, "the mean of 3 - log2 rank over the ranks 1 to 8"),
        Number("lucky", lucky, 1 / 4, LUCKY, "the share of the eight ranks that have 3 - log2 rank of 2 or more"),
    )
