"""Feedback for exercise 15.4: the rule that two letters stand side by side."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_floats
from lstm_lib.tree import FloatArray

SYMBOLS = (".", "a", "n", "z")
PAIRS = ("zz", "an")
LONGEST = 5


@exercise
def containing(my_rule: Callable[..., Any]) -> Feedback:
    """Exercise 15.4: `(pair, symbols) -> rule (S, V)`, which allows the names that contain the pair, and no other."""
    whole = True
    for pair in PAIRS:
        answer, feedback = ask(my_rule, pair, SYMBOLS)
        if feedback is not None:
            return feedback
        rule = as_floats(answer)
        rule = np.empty(0) if rule is None else rule
        hint = _form_hint(answer, rule) or _law_hint(rule, pair)
        if hint is not None:
            return not_yet(hint)
        whole = whole and isinstance(answer, np.ndarray) and answer.dtype.kind in "iu"
    praise = "Three states: nothing yet, half of the pair, the whole pair. Only from the last may a name end."
    return right(praise if whole else f"{praise} (`best_first` wants an array of integers: `np.array(rule, int)`.)")


def _form_hint(answer: object, rule: FloatArray) -> str | None:
    """What is wrong with the form of a rule."""
    V = len(SYMBOLS)
    if rule.ndim != 2 or rule.shape[1] != V or not 3 <= len(rule) <= 100:
        got = f"shape {rule.shape}" if rule.size else "no array of numbers"
        got = f"a tuple of {len(answer)}: return it alone" if isinstance(answer, tuple) else got
        return f"return one array of shape (3, {V}): a row for each state, a column for each symbol; got {got}."
    states = rule[np.isfinite(rule)]
    if states.size < rule.size or (states % 1).any() or states.min() < -1 or states.max() >= len(rule):
        return (
            f"the array should hold states, whole numbers from 0 to {len(rule) - 1}, or -1 where a symbol may not come."
        )
    return None


def _law_hint(rule: FloatArray, pair: str) -> str | None:
    """The shortest name that the rule allows and should not, or the reverse, and why."""
    for length in range(LONGEST + 1):
        for letters in product(SYMBOLS[1:], repeat=length):
            name = "".join(letters)
            wanted, found = pair in name, _allows(rule, name)
            if found and not wanted:
                return f"for {pair!r} your rule allows {name!r}: {_why_allowed(rule, name, pair)}"
            if wanted and not found:
                return f"for {pair!r} your rule refuses {name!r}: {_why_refused(rule, name, pair)}"
    return None


def _allows(rule: FloatArray, name: str) -> bool:
    state = 0
    for symbol in (*name, "."):
        state = int(rule[state, SYMBOLS.index(symbol)])
        if state < 0:
            return False
    return True


def _why_allowed(rule: FloatArray, name: str, pair: str) -> str:
    if pair[0] in name and pair[1] in name[name.index(pair[0]) + 1 :]:
        return "its two letters do not stand side by side. From state 1, what happens to a letter that is neither?"
    if rule[0, 0] == rule[1, 0] == -1:
        return "which letters lead from state 0 to 1, which from 1 to 2? Only those of the pair, in this order."
    return "the end mark may come in the last state only; elsewhere its column holds -1."


def _why_refused(rule: FloatArray, name: str, pair: str) -> str:
    if name == pair == 2 * pair[0] and rule[1, SYMBOLS.index(pair[0])] == 1:
        return f"its two letters are one column: which of your lines wrote rule[1, {pair[0]}] last?"
    if name == pair:
        used = "" if pair == PAIRS[0] else " (The rule for 'zz' was right: is `pair` used?)"
        return f"its first letter leads from state 0 to 1, its second from 1 to 2, and there it may end.{used}"
    if name[:1] == pair[0] and name[1:] == pair and pair[0] != pair[1]:
        return "after the first letter of the pair, the same letter once more is again a first letter: stay in state 1."
    if name.startswith(pair):
        return "once the pair has come, any letter may follow: state 2 leads to state 2."
    return "a letter that does not help leads back to state 0, not to -1."
