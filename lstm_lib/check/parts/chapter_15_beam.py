"""Feedback for exercise 15.2: the beam that forgets what it has finished."""

import math
from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import apart
from lstm_lib.check.parts.chapter_15_machines import (
    EMPTY_WINS,
    LAST,
    LATE,
    ORDER,
    SYMBOLS,
    TREE,
    Tree,
    law_of,
    loud,
    p_of,
)

INNOCENT = {
    "A": "A is healthy: each beginning is extended by each symbol, and costs add up.",
    "B": "B is healthy: of all that could come next it keeps the `width` most probable.",
    "D": "D is healthy: what has not ended goes on.",
    "E": "E is healthy: the most probable of all that is in `done`. But is everything in there?",
}
TRIALS = ((LATE, 3), (LATE, 2), (TREE, 3), (TREE, 4), (EMPTY_WINS, 2), (EMPTY_WINS, 4), (TREE, 1))
TOO_LONG = "it asks for thousands of laws: keep `width` beginnings, and stop when none of them can win any more."


@exercise
def beam(line: object, my_beam: Callable[..., Any]) -> Feedback:
    """Exercise 15.2: the sick line's letter, and the mended `(law_after, symbols, width) -> name`."""
    feedback = letter_feedback(line, "C", INNOCENT)
    if feedback is not None:
        return feedback
    for tree, width in TRIALS:
        name, feedback = ask(my_beam, law_of(tree), SYMBOLS, width)
        if feedback is not None:
            return loud(feedback, TOO_LONG)
        if not isinstance(name, str):
            return not_yet(f"return the name, a string; got {short_repr(name)}.")
        hint = _beam_hint(tree, width, name)
        if hint is not None:
            return not_yet(hint)
    return verdict(None, "A name that has ended stays on the list, and what ends later must beat it.")


def _beam_hint(tree: Tree, width: int, name: str) -> str | None:
    """What is wrong with the name that a beam of this width found; one that is more probable than due is welcome."""
    done = _finished(tree, width)
    best = max(done, key=lambda each: done[each])
    if not {*name} <= {*SYMBOLS} or "." in name[:-1]:
        return f"{short_repr(name)} is no name of this machine: each symbol is one of {' '.join(ORDER)}."
    ended = name.removesuffix(".")
    if p_of(tree, ended) >= (1 - 1e-9) * p_of(tree, best):
        return None
    found, wanted = apart(p_of(tree, ended), p_of(tree, best), 3)
    if ended == min(done, key=len) and len(done) > 1 and len(best) > len(ended):
        return (
            f"with a width of {width} it stops at, or returns, {short_repr(ended)}: what is still going may yet win, "
            "and E takes the most probable."
        )
    return (
        f"with a width of {width} it finds {short_repr(ended)}, of probability {found}; it had finished "
        f"{short_repr(best)}, of {wanted}, and does not return it: does `done` still hold it (*add* what ends), "
        "does B keep the `width` most probable, does E take the most probable?"
    )


def _finished(tree: Tree, width: int) -> dict[str, float]:
    """All names that a beam finishes, and ln p, until none can win any more."""
    going, done = {"": 0.0}, dict[str, float]()
    while going and max(going.values()) > max(done.values(), default=-math.inf):
        longer = {
            text + symbol: lp + math.log(p)
            for text, lp in going.items()
            for symbol, p in zip(ORDER, tree.get(text, LAST), strict=True)
        }
        best = sorted(longer, key=lambda text: longer[text])[-width:]
        done |= {text[:-1]: longer[text] for text in best if text[-1] == "."}
        going = {text: longer[text] for text in best if text[-1] != "."}
    return done
