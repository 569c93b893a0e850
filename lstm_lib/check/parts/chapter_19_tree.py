"""Feedback for exercise 19.2: the tree of prefixes, step by step."""

from collections.abc import Callable, Sequence
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict

NAMES = ("mary", "ana", "macy", "an", "maria", "ana")  # one twice, one the beginning of another, y twice in step 5


@exercise
def tree_by_steps(function: Callable[..., Any]) -> Feedback:
    """Exercise 19.2: `names -> (reads, parents)`; rows may stand in any order within their step."""
    answer, feedback = ask(function, list(NAMES))
    if feedback is not None:
        return feedback
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return not_yet("return two lists: reads and parents.")
    reads, parents = answer
    hint = _form_hint(reads, parents)
    if hint is None:
        hint = _rows_hint([list(row) for row in reads], [list(row) for row in parents])
    return verdict(
        hint, "Each prefix once, and its parent one step before: this is all that the fast step needs to know."
    )


def wanted() -> list[set[str]]:
    """The prefixes that are read in each step, the end mark in front."""
    read = {"." + name[:k] for name in NAMES for k in range(len(name) + 1)}
    return [{prefix for prefix in read if len(prefix) == t} for t in range(1, max(map(len, read)) + 1)]


def _form_hint(reads: Any, parents: Any) -> str | None:
    for name, lists in (("reads", reads), ("parents", parents)):
        if not _sized(lists) or not all(map(_sized, lists)):
            return f"{name} should be a list with a list for each step."
    steps = len(wanted())
    if len(reads) == steps - 1:
        return (
            f"reads has {len(reads)} steps; the names have up to 5 letters, and step 1 reads the end mark before them."
        )
    if len(reads) == steps + 1:
        return f"reads has {len(reads)} steps: the end mark after a name is a target and is never read."
    if len(reads) != steps:
        return f"reads should have {steps} steps, as many as the longest name has letters, and one; got {len(reads)}."
    if [len(row) for row in reads] != [len(row) for row in parents]:
        return "each row has one parent: reads and parents should have equally long lists in each step."
    return None


def _sized(row: object) -> bool:
    return isinstance(row, list | tuple | np.ndarray)


def _rows_hint(reads: list[list[Any]], parents: list[list[Any]]) -> str | None:
    """Follow the parents, and compare the prefixes with those of the names."""
    above = [""]
    for t, (symbols, places, expected) in enumerate(zip(reads, parents, wanted(), strict=True), start=1):
        if any(not isinstance(symbol, str) or len(symbol) != 1 for symbol in symbols):
            return f"reads should hold single symbols; step {t} has {short_repr(symbols)}. Of a prefix, the last one."
        hint = _places_hint(t, places, len(above))
        if hint is not None:
            return hint
        prefixes = [above[0 if t == 1 else int(place)] + symbol for symbol, place in zip(symbols, places, strict=True)]
        hint = _step_hint(t, prefixes, expected, symbols)
        if hint is not None:
            return hint
        above = prefixes
    return None


def _places_hint(t: int, places: list[Any], count: int) -> str | None:
    if t == 1 and all(place is None for place in places):
        return None
    if any(isinstance(place, bool) or not isinstance(place, int | np.integer) for place in places):
        return f"a parent is a place, a whole number; step {t} has {short_repr(places)}."
    if t > 1 and any(not 0 <= place < count for place in places):
        given = [int(place) for place in places]
        return f"step {t} points to {given}, but step {t - 1} has {count} rows: count from 0, within that step."
    return None


def _step_hint(t: int, prefixes: Sequence[str], expected: set[str], symbols: list[str]) -> str | None:
    if t == 1 and set(symbols) != {"."}:
        return f"step 1 reads {symbols}; every name begins with the end mark, and all share that row."
    twice = sorted({prefix for prefix in prefixes if prefixes.count(prefix) > 1})
    if twice:
        return (
            f"in step {t} the prefix {twice[0]} has {prefixes.count(twice[0])} rows: names that begin alike share one."
        )
    strange = sorted(set(prefixes) - expected)
    if strange and strange[0][-1] == "." and t > 1:
        return f"step {t} reads an end mark after {strange[0][:-1]}: as a target it is never read."
    if strange:
        return (
            f"in step {t} a row and its parents spell {strange[0]}, and no name begins so: look at its parent; or has "
            "a name that ended kept a row?"
        )
    missing = sorted(expected - set(prefixes))
    if missing and missing[0][-1] in symbols:
        return f"step {t} has no row for {missing[0]}: another row reads the same letter, but with another past."
    if missing:
        return f"step {t} has no row for {missing[0]}."
    return None
