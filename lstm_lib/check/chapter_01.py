"""Feedback for chapter 1: counting distinct names, splitting by name, building the mask, the bugs of a loader."""

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import as_array, shape_of
from lstm_lib.check.parts.chapter_01_split import split_by_name
from lstm_lib.data import make_batch
from lstm_lib.tree import BoolArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary

__all__ = ["buggy_lines", "build_mask", "distinct_names", "split_by_name"]

DISTINCT_NAMES = 2_737  # of the first 10,000 rows of NationalNames.csv
COUNT_HINTS = {
    7_263: "that counts the rows that repeat a name. The others are what you want.",
    2_101: "that counts the names on more than one row. A name on a single row is a name too.",
    636: "that counts the names on a single row. Mary is a name too.",
    10_000: "that is the number of rows. Mary alone fills ten of them.",
    9_462: "that counts pairs of name and year: the Mary of 1880 and the Mary of 1881 are two. Leave the year out.",
    2_941: "that counts pairs of name and sex: Mary the girl and Mary the boy are two. Leave the sex out.",
    5_000: "you halved the rows, one half for each sex. Years repeat a name too, and few names have both sexes. "
    "Count, do not divide.",
    2_000: "you divided by the five years. Some names skip a year, and a name may stand twice in one year, once for "
    "each sex. Count, do not divide.",
    1_000: "ten rows (five years, two sexes) is the most that one name can fill. Few fill them all. "
    "Count, do not divide.",
}

BUGS = {2, 4, 6}
NUDGES = {
    2: "compare what the file holds with what comes out of the first two lines. Is everybody still there?",
    4: "start Python twice and build the ids in each. Will they agree?",
    6: "call load twice. Are the training names the same? Who decides?",
}
FINE_LINES = {
    1: "only the function's first line, and it is in order.",
    3: "in order: a set has no order, but `sorted` gives it one. And `dropna` can drop only what was read as missing "
    "before it.",
    5: "in order: the end mark gets id 0, and the letters follow. But who decides the order of the letters?",
    7: "in order: nine names in ten go to training.",
    8: "in order: it takes the names in the order that it is handed.",
    9: "in order: it takes the rest, so no name stands in both parts.",
    10: "in order: it returns both parts and the ids.",
}


@exercise
def distinct_names(answer: object) -> Feedback:
    """Exercise 1.1: how many distinct names the 10,000 rows hold, a whole number."""
    if blank(answer):
        return NOT_ATTEMPTED
    if isinstance(answer, bool) or not isinstance(answer, Integral):
        return not_yet(f"this should be a whole number, such as len(...); got a value of type {type(answer).__name__}.")
    if answer == DISTINCT_NAMES:
        return right("Most of the other rows are the same name in another year, a few the same name for the other sex.")
    few = "few" if answer < DISTINCT_NAMES else "many"
    return not_yet(COUNT_HINTS.get(int(answer), f"too {few}. Each spelling counts once, however many rows it fills."))


@exercise
def build_mask(function: Callable[..., Any]) -> Feedback:
    """Exercise 1.3: `function(names, targets)` returns the mask, shape (T, B), True where a target counts."""
    names = ["ana", "an", "christopher", "jo"]
    lengths = np.array([len(name) for name in names])
    targets = make_batch(names, Vocabulary.from_names(names)).targets
    answer, feedback = ask(function, names, targets)
    if feedback is not None:
        return feedback
    hint = _mask_form_hint(answer, targets.shape) or _mask_hint(np.asarray(answer), targets, lengths)
    return verdict(hint, "Its sum is letters + names: each real end mark counts, no padding does.")


def _mask_form_hint(answer: object, shape: tuple[int, ...]) -> str | None:
    """What is wrong with the mask's shape or kind, or None."""
    turned = shape[::-1]
    if shape_of(answer) == turned:
        return f"shape {turned} is (B, T); time runs down, names run across: (T, B) = {shape}. Use steps[:, None]."
    hint = as_array(answer, shape, "the mask, (T, B) like the targets,")[1]
    if hint is None and (kind := np.asarray(answer).dtype) != np.bool_:
        return f"the mask holds {kind}, not booleans; targets[mask] would then pick rows. Compare with <."
    return hint


def _mask_hint(mask: BoolArray, targets: IntArray, lengths: IntArray) -> str | None:
    """Which mistake a boolean mask of the right shape makes, or None."""
    steps = np.arange(len(targets))[:, None]
    real = steps < lengths + 1
    letters, wanted = int(lengths.sum()), int(real.sum())
    if np.array_equal(mask, real):
        return None
    mistakes = [
        (np.ones_like(real), f"all True, so the padding counts: {real.size} symbols. It must be {wanted}."),
        (~real, "upside down: True must stand where a target counts, False at the padding."),
        (targets != END, f"the sum is {letters}, the letters; it must be letters + names, {wanted}: you erased the "
         "real end of each name. A name of k letters has k + 1 targets."),
        (steps < lengths + 2, f"one step too many: the sum is {mask.sum()}, it must be {wanted}, letters + names."),
    ]  # fmt: skip
    for wrong, hint in mistakes:
        if np.array_equal(mask, wrong):
            return hint
    column = int((mask != real).any(axis=0).argmax())
    return (
        f"column {column} is a name of {lengths[column]} letters: it needs {lengths[column] + 1} True, then False. "
        f"Yours, as 1 and 0, is {mask[:, column].astype(int)}."
    )


@exercise
def buggy_lines(answer: object) -> Feedback:
    """Exercise 1.4: the numbers of the three lines of the loader that should be mended, as a set."""
    if blank(answer):
        return NOT_ATTEMPTED
    if not isinstance(answer, (set, frozenset, list, tuple)) or not all(isinstance(line, Integral) for line in answer):
        return not_yet("give the numbers of the lines as a set, such as {1, 10}.")
    lines = set(answer)
    if outside := sorted(lines - BUGS - FINE_LINES.keys()):
        return not_yet(f"the loader has lines 1 to 10; got {outside[0]}.")
    if innocent := sorted(lines - BUGS):
        return not_yet(f"line {innocent[0]} is {FINE_LINES[innocent[0]]}")
    if missing := sorted(BUGS - lines):
        return not_yet(f"{len(lines)} of 3 found. For the next one, {NUDGES[missing[0]]}")
    return right("A missing-value rule, an unsorted set and a hidden generator: three bugs that raise no error.")
