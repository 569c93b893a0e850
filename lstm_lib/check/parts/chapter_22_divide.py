"""Feedback for exercise 22.3: the split that looks mended and still leaks."""

from collections.abc import Callable
from itertools import product
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict

NAMES = ["".join(letters) for letters in product("abcde", repeat=3)]  # 125
ROWS = [name for place, name in enumerate(NAMES) for _ in range(1 + place % 4)]
INNOCENT = {
    "B": "B is healthy: a tenth is a tenth, of whatever stands in the list.",
    "C": "C makes the list free of repeats, but only that list: what was dealt before it were rows.",
    "D": "names could be taken out at D, and the leak would stop; but rows were dealt before it, so that frequent "
    "names would be held out more often. Look further up.",
    "E": "E is healthy: it hands out what was made.",
}


@exercise
def leaky(line: object, my_divide: Callable[..., Any]) -> Feedback:
    """Exercise 22.3: the letter of the line that lets names leak, and the mended function, by its two lists."""
    feedback = letter_feedback(line, "A", INNOCENT)
    if feedback is not None:
        return feedback
    answer, feedback = ask(my_divide, list(ROWS), rng=np.random.default_rng(0))
    if feedback is not None:
        return feedback
    lists = _two_lists(answer)
    if lists is None:
        return not_yet(f"return two lists of names, as `return train, held_out`; got {short_repr(answer)[:80]}.")
    hint = _leak_hint(*lists) or _order_hint(my_divide, lists)
    return verdict(hint, "Names are dealt, not rows: now no name can stand on both sides.")


def _two_lists(answer: object) -> tuple[list[str], list[str]] | None:
    """The two lists, or None when the answer is something else."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        return None
    if not all(isinstance(part, (tuple, list, np.ndarray)) for part in answer):
        return None
    if not all(isinstance(name, str) for part in answer for name in part):
        return None
    return [str(name) for name in answer[0]], [str(name) for name in answer[1]]


def _leak_hint(train: list[str], held_out: list[str]) -> str | None:
    """What is wrong with who stands where, or None."""
    shared, missing = set(train) & set(held_out), set(NAMES) - set(train) - set(held_out)
    if shared:
        return f"{len(shared)} names still stand in both lists, {min(shared)!r} is one: deal distinct names, not rows."
    if missing or (set(train) | set(held_out)) - set(NAMES):
        return f"{len(missing)} names stand in no list: what is not held out is there to learn from."
    if len(train) + len(held_out) > len(NAMES):
        return "no name stands on both sides, but some stand twice on one: deal distinct names, not rows."
    if len(held_out) != len(NAMES) // 10:
        return f"{len(held_out)} of {len(NAMES)} names are held out; a tenth, rounded down, is {len(NAMES) // 10}."
    return None


def _order_hint(my_divide: Callable[..., Any], lists: tuple[list[str], list[str]]) -> str | None:
    """What the lists depend on, and should not, or the reverse; or None."""
    other_rows = _two_lists(ask(my_divide, ROWS[::-1], rng=np.random.default_rng(0))[0])
    if other_rows is None or set(other_rows[1]) != set(lists[1]):
        return (
            "the same names in another order give another split; a set has an order of its own: sort before you deal."
        )
    other_seed = _two_lists(ask(my_divide, list(ROWS), rng=np.random.default_rng(1))[0])
    if other_seed is None or set(other_seed[1]) == set(lists[1]):
        return "every seed holds out the same names: shuffle with the rng that comes in."
    return None
