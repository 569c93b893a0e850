"""Feedback for chapter 19, Make it fast."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.cell import GateCache, gates_backward
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_arrays, judge
from lstm_lib.check.parts.chapter_19_halved import halved
from lstm_lib.check.parts.chapter_19_product import one_product
from lstm_lib.check.parts.chapter_19_tree import tree_by_steps
from lstm_lib.tree import FloatArray

__all__ = ["amdahl", "halved", "in_place", "one_product", "rows", "tree_by_steps"]

# ---- 19.3: mary, macy, maria, macie

PADDED: dict[float, str] = {
    20: "that is 5 steps: maria has five letters, and reads the end mark before them",
    28: "that is 7 steps: the end mark after a name is a target and is never read",
    22: "those are the real cells alone; padded, every name takes as many steps as the longest",
    6: "those are the steps; each has a row for each of the four names",
}
PACKED: dict[float, str] = {
    18: "those are the letters; each name reads the end mark first",
    26: "that counts two end marks for each name; the one after it is a target and is never read",
    24: "that is still with padding: mary and macy need only 5 rows each",
    19: "those are the letters and one end mark; packed, each name still has a row of its own in step 1",
}
SHARED: dict[float, str] = {
    10: "step 1 is missing: all four read the end mark first, and share that row",
    15: "an end mark after a name is a target and is never read: it has no row",
    14: "an end mark after a name is a target, so it has no row; the one before it is read by all, in one row",
    9: "rows are shared that only read the same letter: the y of mary and that of macy have another past",
    8: "those are the different symbols; the y of mary and that of macy have another past, so they have two rows",
    7: "those are the different letters; a row is a prefix, and the y of mary and that of macy have another past",
    13: "sharing goes on after ma: two names read r there, in one row, and two read c",
    22: "nothing is shared yet: that is the packed number",
    12: "one too many: write down each prefix once, beginning with the end mark alone",
}


@exercise
def rows(padded: object, packed: object, shared: object) -> Feedback:
    """Exercise 19.3: the rows of the batch mary, macy, maria, macie, laid out in three ways."""
    longest = "it is the number of steps, of the longest name, times the number of names"
    prefixes = "count the distinct prefixes: ., .m, .ma and so on, each of them once"
    return judge(
        "Half of the real rows were somebody else's, computed once more.",
        Number("padded", padded, 24, PADDED, longest),
        Number("packed", packed, 22, PACKED, "add, over the names, the letters and one end mark"),
        Number("shared", shared, 11, SHARED, prefixes),
    )


# ---- 19.4

FIRST = {
    3.0: "that is the part alone; the other 70 % take as long as before",
    1.2: "20 % are saved, so the time is 0.8 of what it was: the speed is 1 / 0.8",
    0.8: "that is the time that is left; how many times as fast is one over it",
    0.2: "that is the share of the time saved; what is left, and one over it?",
    1 / 0.7: "that makes the part free; a third of it stays",
    1.3: "speeds do not add up like that: add the times that are left, then take one over it",
    1.6: "that is a mean of speeds; the times add up, the speeds do not: add what is left of each part",
    1.1: "speeds do not add up like that: 0.3 / 3 is time that is left, not speed that is won",
    1 / 0.91: "that saves 9 %; three times as fast leaves 10 % of the 30 %, so 20 % are saved",
    1 / 0.9: "that saves 10 %; three times as fast leaves 10 % of the 30 %, so 20 % are saved",
}
BOTH = {
    0.8 / 0.7: "that is against the step after the first change; the question is against the start",
    0.7: "that is the time that is left; one over it",
    1.25 / 0.9: "Adam took 10 % of the old time, which is more of the new one: take away 0.1 of the start's time",
    1 / 0.6: "the entry-by-entry part is not free: a third of it is still there",
    1 / 0.9: "that is Adam alone; the first change still holds",
    1.25: "that is the first change alone",
    1.3: "30 % are saved, so the time is 0.7 of what it was: the speed is 1 / 0.7",
}


@exercise
def amdahl(first: object, both: object) -> Feedback:
    """Exercise 19.4: 60 % products, 30 % entry by entry, made three times as fast, 10 % Adam, then made free."""
    return judge(  # 1.43 is as good an answer as 1.4286
        "The smaller the rest has become, the more another tenth of the start is worth.",
        Number("first", first, 1.25, FIRST, "add up the times that are left, 0.6 + 0.3 / 3 + 0.1; one over it"),
        Number("both", both, 1 / 0.7, BOTH, "0.6 for the products and 0.1 for the rest are left", 2e-3),
    )


# ---- 19.5

NAMES = ("i", "f", "g", "o", "c_prev", "tanh_c", "dh", "dc")


@exercise
def in_place(function: Callable[..., Any]) -> Feedback:
    """Exercise 19.5: `(i, f, g, o, c_prev, tanh_c, dh, dc) -> (da, dc_prev)`, tried on three rows of four units."""
    trial = _step()
    target, target_c = gates_backward(GateCache(*(part.copy() for part in trial[:6])), trial[6], trial[7])
    given = [part.copy() for part in trial]
    answer, feedback = ask(function, *given, in_place=True)
    if feedback is not None:
        return feedback
    (da, dc_prev), form_hint = as_arrays(answer, {"da": target.shape, "dc_prev": target_c.shape})
    hint = form_hint or _in_place_hint(da, dc_prev, target, target_c, trial)
    if hint is not None:
        return not_yet(hint)
    pairs = list(zip(NAMES, given, trial, strict=True))
    if kept := [name for name, part, was in pairs[:4] if (part == was).any()]:
        came = f"{', '.join(kept)} came back, in some entries at least, as before."
        return not_yet(f"the numbers are right, but not everything is in place any more: {came}")
    if spoiled := [name for name, part, was in pairs[4:7] if not np.array_equal(part, was)]:
        return not_yet(f"the numbers are right, but {spoiled[0]} is overwritten: only the gates and dc may be.")
    return right("What is overwritten must not be needed again: take both gradients while i and g are still gates.")


def _step() -> list[FloatArray]:
    """i, f, g, o, c_prev, tanh_c, dh, dc of one step."""
    rng = np.random.default_rng(194)
    i, f, o = rng.uniform(0.1, 0.9, size=(3, 3, 4))
    g, c_prev, dh, dc = rng.normal(size=(4, 3, 4))
    g = np.tanh(g)
    return [i, f, g, o, c_prev, np.tanh(f * c_prev + i * g), dh, dc]


def _in_place_hint(
    da: FloatArray, dc_prev: FloatArray, target: FloatArray, target_c: FloatArray, trial: list[FloatArray]
) -> str | None:
    """None where all is right; else the first thing that is wrong, and the array to look at."""
    i, _, _, _, _, tanh_c, dh, dc = trial
    if not np.allclose(dc_prev, target_c):
        if np.allclose(dc_prev, dc * trial[1]):
            return "dc_prev misses the road through h: dc must be complete, (7.3), before it is multiplied by f."
        return "the gradient of c_prev is wrong: it is the complete dc times f, the gate, before f is overwritten."
    pairs = zip("ifgo", np.split(da, 4, axis=1), np.split(target, 4, axis=1), strict=True)
    wrong = [gate for gate, mine, want in pairs if not np.allclose(mine, want)]
    if not wrong:
        return None
    if wrong == ["g"]:
        dc_all = dc + dh * trial[3] * (1 - tanh_c**2)
        if np.allclose(np.split(da, 4, axis=1)[2], dc_all * i * (1 - i) * (1 - trial[2] ** 2)):
            return "the block of g is wrong. It should hold dc * i * (1 - g**2)."
        return "only the block of g is wrong now: it is dc * i * (1 - g**2), of the gates as they came in."
    needs = {"i": "g, and i itself", "f": "c_prev, and f itself", "g": "i, and g itself", "o": "tanh_c, and o itself"}
    gate = wrong[0]
    return f"the block of {gate} is wrong: it needs {needs[gate]}, as they came in. Which line overwrites one of them?"
