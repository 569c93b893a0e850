"""Feedback for chapter 3's bug: a friend's law, whose chances add up to more than 1."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import apart, as_array
from lstm_lib.tree import FloatArray

LETTERS = [".", "a", "h", "n"]
ROWS = {  # of ana, anna and ahn, up to two symbols back
    "": Counter({"a": 5, "n": 4, ".": 3, "h": 1}),
    ".": Counter({"a": 3}),
    "a": Counter({"n": 2, ".": 2, "h": 1}),
    "n": Counter({"a": 2, "n": 1, ".": 1}),
    "h": Counter({"n": 1}),
    ".a": Counter({"n": 2, "h": 1}),
    "an": Counter({"a": 1, "n": 1}),
    "nn": Counter({"a": 1}),
    "na": Counter({".": 2}),
    "ah": Counter({"n": 1}),
    "hn": Counter({".": 1}),
}
CONTEXTS = ("n", "an", "a", "", "nh")  # the last one was never seen


@exercise
def mended(function: Callable[..., Any]) -> Feedback:
    """Exercise 3.4: `(rows, u, characters) -> chances` must be a law after every context, and still know its counts."""
    laws = []
    for u in CONTEXTS:
        answer, feedback = ask(function, ROWS, u, LETTERS)
        if feedback is not None:
            return feedback
        law, form_hint = as_array(answer, (len(LETTERS),), "the chances, one for each character,")
        hint = form_hint or _fault_of(u, law)
        if hint is not None:
            return not_yet(hint)
        laws.append(law)
    return verdict(_fault_of_all(laws), "Every row sums to 1, and the record is gone.")


def _fault_of(u: str, law: FloatArray) -> str | None:
    """What makes these chances no law for the characters after u."""
    total = float(law.sum())
    if not np.isfinite(law).all() or law.min() < 0:
        return f"after {u!r} a chance is negative or not a number: {law.round(3)}."
    if np.allclose(law, _friends(u)) and abs(total - 1) > 1e-9:
        return f"unchanged. Add up the chances after {u!r}: what must the sum be, and what is it?"
    if abs(total - 1) > 1e-9:
        return f"after {u!r} the chances add up to {apart(total, 1, 4)[0]}; they must share out exactly 1."
    if law.min() == 0:
        return (
            f"after {u!r} the chances add up to 1, but {LETTERS[int(law.argmin())]!r} gets 0, and would cost infinity."
        )
    return None


def _friends(u: str) -> FloatArray:
    """The friend's law: seen symbols by their share, all others by what the shorter context gives them."""
    shorter = _friends(u[1:]) if u else np.full(len(LETTERS), 1 / len(LETTERS))
    row = ROWS.get(u, Counter())
    return np.array([row[y] / row.total() if y in row else p for y, p in zip(LETTERS, shorter, strict=True)])


def _fault_of_all(laws: list[FloatArray]) -> str | None:
    """What makes laws that sum to 1 poor ones: no counts, no context, or no word for the shorter context."""
    after_n, after_an, after_a, alone, _ = laws
    if np.allclose(after_n, after_a):
        return "these are laws, but the same after every context: the counts of the context are gone."
    if after_n.argmax() != 1 or alone.argmax() != 1:
        return "these are laws, but the symbol that came most often is not the most probable one."
    if np.isclose(after_an[0], after_an[2]):
        return "these are laws, but all unseen symbols get the same; let the shorter context share out their part."
    return None
