"""What can be wrong with the patient of chapter 22: a switch for each defect, its family, and what it does."""

from collections.abc import Iterable
from typing import NamedTuple


class Defect(NamedTuple):
    """One thing that is wrong: its name in the functions of this folder, its family, the check that is made for it."""

    switch: str
    family: str
    check: str  # a name of `checks.CHECKS`; none for a choice that costs something and is no bug
    does: str


DEFECTS = (
    Defect("first step only", "control flow", "all the work is done",
           "the forward pass returns inside its loop over time"),
    Defect("one update", "control flow", "all the work is done",
           "training returns inside its loop over batches"),
    Defect("last step only", "gradient", "gradient, all steps",
           "the gradient of W_y is assigned at each step, not added"),
    Defect("candidate only", "gradient", "gradient, all steps",
           "of four roads back to x and h, the last assignment wins"),
    Defect("another loss", "gradient", "first loss is ln V",
           "the loss that is printed is not the one that is differentiated"),
    Defect("bare softmax", "numbers", "extremes stay finite",
           "exp of a large score is infinite, and the loss is nan"),
    Defect("uncorrected", "training", "Adam's trace",
           "Adam's means are not corrected for their start at 0"),
    Defect("embedding by descent", "training", "Adam's trace",
           "the embedding takes plain steps, all else is moved by Adam"),
    Defect("file order", "training", "orders differ",
           "batches come in the order of the file, and the last names in none"),
    Defect("rows for names", "data", "lists share nothing",
           "rows are split, so that one name stands on both sides"),
    Defect("cut names", "data", "targets spell the names",
           "the longest names lose their end mark"),
    Defect("set order", "data", "ids follow a rule",
           "ids follow a set, whose order is new in each process"),
    Defect("no start mark", "data", "samples follow the law",
           "the first letter is not predicted, and drawn uniformly"),
    Defect("padding counts", "statistics", "scored by hand",
           "padding is predicted, scored and averaged"),
    Defect("mean of perplexities", "statistics", "scored by hand",
           "one perplexity a name, then their mean"),
    Defect("sum over time", "flaw", "first loss is ln V",
           "losses are added over time: what one costs depends on the length"),
    Defect("tiny start", "flaw", "",
           "all weights start a hundred times smaller than 1"),
    Defect("no biases", "flaw", "",
           "no gate and no score has a bias"),
)  # fmt: skip
SWITCHES = tuple(each.switch for each in DEFECTS)
FLAWS = ("sum over time", "tiny start", "no biases")
SILENT = tuple(each for each in SWITCHES if each not in FLAWS)  # the rows of the matrix

Sick = frozenset[str]
HEALTHY: Sick = frozenset()


def require_switches(sick: Iterable[str]) -> Sick:
    """Return the switches as a set; raise TypeError for one string, ValueError for a name that is none of them."""
    if isinstance(sick, str):
        raise TypeError(f"sick must be a collection of switches, such as ['one update']; got the string {sick!r}")
    found = frozenset(sick)
    unknown = sorted(map(repr, found - set(SWITCHES)))
    if unknown:
        raise ValueError(f"unknown switches {', '.join(unknown)}; expected some of {SWITCHES}")
    return found
