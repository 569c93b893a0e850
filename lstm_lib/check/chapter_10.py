"""Feedback for chapter 10, Trust no gradient."""

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from reprlib import repr as short_repr

from lstm_lib.check.choice import each_letter
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import Number, judge
from lstm_lib.check.parts.chapter_10_passes import passes
from lstm_lib.check.parts.chapter_10_slopes import one_direction

__all__ = ["diagnose", "fewest", "one_direction", "one_sided", "passes"]

# ---- 10.2

MU = 1.1e-16  # of float64, as the exercise gives it
BEST = 2 * math.sqrt(MU)

STEP_HINTS = {
    math.sqrt(MU): "right power, wrong factor: put the slope of the sum, 1/2 - 2μ/δ², to zero",
    math.sqrt(2 * MU): "two losses are subtracted, and each is rounded: the second term is 2μ/δ",
    (3 * MU) ** (1 / 3): "that is (10.3), for the central difference; here the first term is δ/2",
    (6 * MU) ** (1 / 3): "that is a third root; the first term is δ/2 here, not a square",
    4 * MU: "δ² = 4μ; take the root",
}
ERROR_HINTS = {
    BEST / 2: "that is one of the two terms; at the best step they are equal, and the error is their sum",
    2 * BEST: "at the best δ each term is δ/2; their sum is δ",
    MU ** (2 / 3): "that is about what the central difference reaches",
    MU: "no difference reaches that: put your δ into both terms",
}


@exercise
def one_sided(step: object, error: object) -> Feedback:
    """Exercise 10.2: the best step of a one-sided difference in float64, and its error there; loss and bend are 1."""
    praise = "Half of the digits are lost; the central difference loses a third of them."
    return judge(
        praise,
        Number("step", step, BEST, STEP_HINTS, "the error is δ/2 + 2μ/δ; where is its slope zero?", 0.06, True),
        Number("error", error, BEST, ERROR_HINTS, "put your δ into δ/2 + 2μ/δ", 0.06, True),
    )


# ---- 10.3


@exercise
def fewest(chosen: object, caught: Mapping[str, Iterable[str]]) -> Feedback:
    """Exercise 10.3: the smallest list of checks that together catch every mistake.

    `caught`: from the name of each check to the mistakes that it catches on every example. Right is any list of the
    smallest size, as found by trying all of them.
    """
    if blank(chosen):
        return NOT_ATTEMPTED
    if not isinstance(chosen, list | tuple | set | frozenset) or not all(isinstance(each, str) for each in chosen):
        return not_yet(f"give a list of names of checks; got {short_repr(chosen)}.")
    sees = {check: frozenset(mistakes) for check, mistakes in caught.items()}
    unknown = [each for each in chosen if each not in sees]
    if unknown:
        return not_yet(f"there is no check {unknown[0]!r}; the names are {', '.join(map(repr, sees))}.")
    every = union(sees.values())
    missed = sorted(every - union(sees[each] for each in chosen))
    if missed:
        also = f", and {len(missed) - 1} more" if len(missed) > 1 else ""
        return not_yet(f"{missed[0]!r} slips through all of these{also}. Which column is full in that row?")
    covers = smallest(sees)
    others = [[each for k, each in enumerate(chosen) if k != place] for place in range(len(chosen))]
    idle = [each for each, rest in zip(chosen, others, strict=True) if union(sees[k] for k in rest) == every]
    if idle:
        return not_yet(f"they catch all, but not all are needed: leave out {idle[0]!r}, and nothing slips through.")
    if len(chosen) > len(covers[0]):
        return not_yet(f"they catch all, and none can be left out; yet {len(covers[0])} other checks can do it.")
    how_many = "is 1 such set" if len(covers) == 1 else f"are {len(covers)} such sets"
    return right(f"There {how_many} of {len(covers[0])}; none is smaller.")


def union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """What is in any of the sets."""
    return frozenset().union(*sets)


def smallest(sees: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """All smallest sets of checks that together see whatever any of them sees, by trying every set."""
    every = union(sees.values())
    sizes = range(len(sees) + 1)
    covers = ([some for some in combinations(sees, size) if union(sees[k] for k in some) == every] for size in sizes)
    return next(found for found in covers if found)


# ---- 10.4

PATIENTS = {
    "A": "i, o squashed twice",
    "B": "E: rows assigned",
    "C": "half a carry of c",
    "D": "W_x: last step alone",
}
WOULD = {
    "f squashed again": "a wrong slope of f needs no second step: one step from a full state shows it, in b of f",
    "i, o squashed twice": "wrong slopes of i and o need no second step: one step shows them, in b of i and of o",
    "E: rows assigned": "that touches E alone, and only where a symbol is read twice",
    "half a carry of c": "that needs three steps, and then nearly every tensor before the output is wrong",
    "W_x: last step alone": "that touches W_x alone, as soon as there are two steps",
    "no carry of c": "that shows at two steps already",
    "b: copies of f": "that touches b alone, in one step already",
}


@exercise
def diagnose(diagnosis: object) -> Feedback:
    """Exercise 10.4: a mapping from each patient A to D to its mistake."""

    def fault(letter: str, answer: object) -> str | None:
        if not isinstance(answer, str) or answer not in WOULD:
            return f"patient {letter}: choose among {', '.join(map(repr, WOULD))}; got {short_repr(answer)}."
        right_one = answer == PATIENTS[letter]
        return None if right_one else f"patient {letter}: {WOULD[answer]}. Look at row {letter} again."

    feedback = each_letter(diagnosis, PATIENTS, "A to D", fault)
    return feedback or right("How long, from which start, in which tensor: together they name the line.")
