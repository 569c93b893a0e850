"""Feedback for exercises 15.1 and 15.2: the most probable name, and the beam that forgets what it has finished."""

import math
from collections.abc import Callable, Mapping
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import apart, as_number
from lstm_lib.tree import FloatArray

SYMBOLS = (".", "a", "b", "c")
LAST = (0.97, 0.01, 0.01, 0.01)  # the law after a beginning that a tree does not name
TREE: Mapping[str, tuple[float, ...]] = {
    "": (0.06, 0.4, 0.34, 0.2),
    "a": (0.1, 0.31, 0.3, 0.29),
    "aa": (0.26, 0.25, 0.25, 0.24),
    "ab": (0.28, 0.26, 0.24, 0.22),
    "ac": (0.27, 0.26, 0.24, 0.23),
    "b": (0.2, 0.7, 0.06, 0.04),
    "ba": (0.6, 0.05, 0.3, 0.05),
    "c": (0.82, 0.08, 0.06, 0.04),
}
AT_ONCE: Mapping[str, tuple[float, ...]] = {"": (0.55, 0.25, 0.15, 0.05)}
EMPTY_WINS: Mapping[str, tuple[float, ...]] = {"": (0.3, 0.4, 0.2, 0.1), "a": (0.25, 0.25, 0.25, 0.25)}
LATE: Mapping[str, tuple[float, ...]] = {  # the winner ends early, while something more probable still goes on
    "": (0.02, 0.54, 0.1, 0.34),
    "c": (0.5, 0.2, 0.18, 0.12),
    "a": (0.1, 0.32, 0.3, 0.28),
    "aa": (0.28, 0.27, 0.24, 0.21),
    "ab": (0.28, 0.26, 0.24, 0.22),
    "ac": (0.27, 0.26, 0.24, 0.23),
}
MOST = 2000  # laws that a search may ask for; a healthy one asks for fewer than 30
LawAfter = Callable[[str], FloatArray]


class _Endless(RuntimeError):
    """The reader's search asks for more laws than any healthy one needs."""


class _Opened(RuntimeError):
    """The reader's search asks what follows a name that has ended."""


def _law_of(tree: Mapping[str, tuple[float, ...]]) -> LawAfter:
    """`law_after` of a small machine; it ends loudly when it is asked too often."""
    asked = 0

    def law_after(text: str) -> FloatArray:
        nonlocal asked
        asked += 1
        if asked > MOST:
            raise _Endless
        if text.endswith("."):
            raise _Opened
        return np.array(tree.get(text, LAST))

    return law_after


def _p(tree: Mapping[str, tuple[float, ...]], name: str, *, end: bool = True) -> float:
    """The probability of a name, or (not `end`) of its letters alone."""
    text = name + "." * end
    return math.prod(tree.get(text[:k], LAST)[SYMBOLS.index(text[k])] for k in range(len(text)))


# ---- 15.1

WINNERS = ((AT_ONCE, ""), (TREE, "c"), (EMPTY_WINS, ""), (LATE, "c"))
INSTEAD = {
    "aa": "that is greedy: it follows the widest branch. Which beginning is the cheapest of *all* in the queue?",
    "": "the empty name has 0.06, others more. Was it returned as soon as it was made? A name is the best only when it "
    "comes out of a queue that hands out the cheapest: the cost stands first in each pair, and heapq.heappop takes it.",
    "ba": "that name has the lowest cost *per symbol*; nothing is to be divided here.",
}
TOO_MANY = (
    "it asks for thousands of laws, and does not stop. heapq hands out the *smallest* number: put the cost, -ln p, "
    "which is never below 0. And stop when a text with an end mark comes *out*: is the end mark among the children?"
)
OPENED = "it asks what follows a name: a text that *ends* in the end mark is a name, whatever stands before the mark."


def _loud(feedback: Feedback, endless: str) -> Feedback:
    """The hint for a search that `_law_of` has stopped, or the feedback as it is."""
    known = {_Endless.__name__: endless, _Opened.__name__: OPENED}
    return (*(not_yet(hint) for name, hint in known.items() if name in feedback.message), feedback)[0]


@exercise
def most_probable(my_search: Callable[..., Any]) -> Feedback:
    """Exercise 15.1: `(law_after, symbols) -> (name, p)`, on three small machines that speak `.`, `a`, `b`, `c`."""
    for tree, winner in WINNERS:
        answer, feedback = ask(my_search, _law_of(tree), SYMBOLS)
        if feedback is not None:
            return _loud(feedback, TOO_MANY)
        if not isinstance(answer, tuple | list) or len(answer) != 2 or not isinstance(answer[0], str):
            return not_yet(f"return two things, the name and its probability; got {short_repr(answer)}.")
        hint = _name_hint(tree, winner, *answer) or _p_hint(tree, winner, answer[1])
        if hint is not None:
            return not_yet(hint)
    return right("What comes out first cannot be beaten by what is still in the queue.")


def _name_hint(tree: Mapping[str, tuple[float, ...]], winner: str, name: str, p: object) -> str | None:
    if name == winner:
        return None
    if name.endswith("."):
        return "leave the end mark off the name that you return."
    if not {*name} <= {*SYMBOLS[1:]}:
        return f"{short_repr(name)} has letters that this machine does not know."
    if as_number(p) == _p(tree, name, end=False):
        return "the end mark costs something, too: it is a symbol like the others."
    if name and as_number(p) == tree.get(name, LAST)[0]:
        return "each cost in the queue must be that of the *whole* beginning: add the step to what came before it."
    if name in INSTEAD and tree is TREE:
        return INSTEAD[name]
    found, best = apart(_p(tree, name), _p(tree, winner), 3)
    return f"{short_repr(name)} has probability {found}; there is a name that has {best}."


def _p_hint(tree: Mapping[str, tuple[float, ...]], winner: str, p: object) -> str | None:
    """What is wrong with the probability beside the right name."""
    value, target = as_number(p), _p(tree, winner)
    if value is None:
        return f"the name is right; its probability should be a number, got {short_repr(p)}."
    if math.isclose(value, target, rel_tol=1e-6):
        return None
    slips = {
        math.log(target): "that is ln p: return p itself.",
        -math.log(target): "that is the cost: p is e to the power of minus the cost.",
        1 / target: "p is e to the power of *minus* the cost.",
        target ** (1 / math.log(2)): "that takes costs in bits for nats: use the natural logarithm.",
        _p(tree, winner, end=False): "that is the probability of its letters: the end mark costs something, too.",
        tree.get(winner, LAST)[0]: "that is the probability of its last step alone: add it to what the beginning cost.",
    }
    known = [hint for wrong, hint in slips.items() if math.isclose(value, wrong, rel_tol=1e-6)]
    said = f"the name is right, and its probability should be {apart(value, target, 4)[1]}; yours is "
    return (*(f"the name is right; {hint}" for hint in known), f"{said}{apart(value, target, 4)[0]}.")[0]


# ---- 15.2

INNOCENT = {
    "A": "A is healthy: each beginning is extended by each symbol, and costs add up.",
    "B": "B is healthy: of all that could come next it keeps the `width` most probable.",
    "D": "D is healthy: what has not ended goes on.",
    "E": "E is healthy: the most probable of all that is in `done`. But is everything in there?",
}
TRIALS = ((LATE, 3), (LATE, 2), (TREE, 3), (TREE, 4), (EMPTY_WINS, 2), (EMPTY_WINS, 4), (TREE, 1))


@exercise
def beam(line: object, my_beam: Callable[..., Any]) -> Feedback:
    """Exercise 15.2: the sick line's letter, and the mended `(law_after, symbols, width) -> name`."""
    feedback = letter_feedback(line, "C", INNOCENT)
    if feedback is not None:
        return feedback
    for tree, width in TRIALS:
        name, feedback = ask(my_beam, _law_of(tree), SYMBOLS, width)
        if feedback is not None:
            return _loud(feedback, TOO_LONG)
        if not isinstance(name, str):
            return not_yet(f"return the name, a string; got {short_repr(name)}.")
        hint = _beam_hint(tree, width, name)
        if hint is not None:
            return not_yet(hint)
    return verdict(None, "A name that has ended stays on the list, and what ends later must beat it.")


TOO_LONG = "it asks for thousands of laws: keep `width` beginnings, and stop when none of them can win any more."


def _beam_hint(tree: Mapping[str, tuple[float, ...]], width: int, name: str) -> str | None:
    """What is wrong with the name that a beam of this width found; one that is more probable than due is welcome."""
    done = _finished(tree, width)
    best = max(done, key=lambda each: done[each])
    if not {*name} <= {*SYMBOLS} or "." in name[:-1]:
        return f"{short_repr(name)} is no name of this machine: each symbol is one of {' '.join(SYMBOLS)}."
    ended = name.removesuffix(".")
    if _p(tree, ended) >= (1 - 1e-9) * _p(tree, best):
        return None
    found, wanted = apart(_p(tree, ended), _p(tree, best), 3)
    case = f"with a width of {width} it found {short_repr(ended)}, of probability {found}; it had finished "
    if ended == min(done, key=len) and len(done) > 1 and len(best) > len(ended):
        return f"with a width of {width} it stops at {short_repr(ended)}: what is still going may yet win."
    sick = _finished(tree, width, forget=True)
    if ended == max(sick, key=lambda each: sick[each]):
        return f"{case}{short_repr(best)}, of {wanted}, and lost it: *add* what ends to `done`."
    return f"{case}{short_repr(best)}, of {wanted}: B keeps the most probable, and E returns the most probable."


def _finished(tree: Mapping[str, tuple[float, ...]], width: int, *, forget: bool = False) -> dict[str, float]:
    """All names that a beam finishes, or (`forget`) those of its last step, and ln p, until none can win any more."""
    going, done = {"": 0.0}, dict[str, float]()
    while going and max(going.values()) > max(done.values(), default=-math.inf):
        longer = {
            text + symbol: lp + math.log(p)
            for text, lp in going.items()
            for symbol, p in zip(SYMBOLS, tree.get(text, LAST), strict=True)
        }
        best = sorted(longer, key=lambda text: longer[text])[-width:]
        ended = {text[:-1]: longer[text] for text in best if text[-1] == "."}
        done = ended if forget else done | ended
        going = {text: longer[text] for text in best if text[-1] != "."}
    return done
