"""Feedback for exercise 15.1: the most probable name."""

import math
from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import apart, as_number
from lstm_lib.check.parts.chapter_15_machines import (
    AT_ONCE,
    BEHIND,
    EMPTY_WINS,
    LAST,
    LATE,
    SYMBOLS,
    TREE,
    Tree,
    law_of,
    loud,
    p_of,
)

WINNERS = ((AT_ONCE, ""), (TREE, "c"), (EMPTY_WINS, ""), (LATE, "c"), (BEHIND, "cbab"))
INSTEAD = {
    "aa": "that is greedy: it follows the widest branch. Which beginning is the cheapest of *all* in the queue?",
    "": "the empty name has 0.06, others more. Was it returned as soon as it was made? A name is the best only when it "
    "comes out of a queue that hands out the cheapest: the cost stands first in each pair, and heapq.heappop takes it. "
    "Is each law that of its own text, and the step -ln p?",
    "ba": "nothing is to be divided, and nothing thrown away. (That name has the lowest cost *per symbol*, and the "
    "widest branches lead to it.)",
}
TOO_MANY = (
    "it asks for thousands of laws, and does not stop. heapq hands out the *smallest* number: put the cost, -ln p, "
    "which is never below 0. Take it out (heapq.heappop, not queue[0] or .pop()). And stop when a text with an end mark"
    " comes *out*: is the end mark among the children?"
)
STEPS = "add up -ln p from symbol to symbol, each with its own p, in the order of `symbols`"


@exercise
def most_probable(my_search: Callable[..., Any]) -> Feedback:
    """Exercise 15.1: `(law_after, symbols) -> (name, p)`, on five small machines that speak `.`, `a`, `b`, `c`."""
    for tree, winner in WINNERS:
        answer, feedback = ask(my_search, law_of(tree), SYMBOLS)
        if feedback is not None:
            return loud(feedback, TOO_MANY)
        if not isinstance(answer, tuple | list) or len(answer) != 2 or not isinstance(answer[0], str):
            return not_yet(f"return two things, the name and its probability; got {short_repr(answer)}.")
        hint = _name_hint(tree, winner, *answer) or _p_hint(tree, winner, answer[1])
        if hint is not None:
            return not_yet(hint)
    return right("What comes out first cannot be beaten by what is still in the queue.")


def _name_hint(tree: Tree, winner: str, name: str, p: object) -> str | None:
    if name == winner:
        return None
    if name.endswith("."):
        return "leave the end mark off the name that you return."
    if not {*name} <= {*SYMBOLS[1:]}:
        return f"{short_repr(name)} has letters that this machine does not know."
    if p_of(tree, name) < 1e-12:
        return "heapq hands out the smallest number: p itself makes the *least* probable come first."
    if as_number(p) == p_of(tree, name, end=False):
        return "the end mark costs something, too: it is a symbol like the others."
    if name and as_number(p) == tree.get(name, LAST)[0]:
        return "each cost in the queue must be that of the *whole* beginning: add the step to what came before it."
    if name in INSTEAD and tree is TREE:
        return INSTEAD[name]
    return _better(tree, winner, name)


def _better(tree: Tree, winner: str, name: str) -> str:
    """That another name is more probable, and where it may have been lost."""
    found, best = apart(p_of(tree, name), p_of(tree, winner), 3)
    if winner == "":
        return f"{short_repr(name)} has probability {found}; the empty name, which is a name, too, has {best}."
    said = f"{short_repr(name)} has probability {found}; there is a name that has {best}."
    if tree is BEHIND:
        return f"{said} It stands behind many wider beginnings: is anything thrown away, is the whole text asked for?"
    return f"{said} Is anything thrown away? Else {STEPS}."


def _p_hint(tree: Tree, winner: str, p: object) -> str | None:
    """What is wrong with the probability beside the right name."""
    value, target = as_number(p), p_of(tree, winner)
    if value is None:
        return f"the name is right; its probability should be a number, got {short_repr(p)}."
    if math.isclose(value, target, rel_tol=1e-6):
        return None
    slips = {
        math.log(target): "that is ln p: return p itself.",
        -math.log(target): "that is the cost: p is e to the power of minus the cost.",
        1 / target: "p is e to the power of *minus* the cost.",
        target ** (1 / math.log(2)): "that takes costs in bits for nats: use the natural logarithm.",
        target ** (1 / math.log(10)): "costs in tens, log10, are no nats: use the natural logarithm.",
        target ** (1 / len(winner + ".")): "nothing is to be divided by the number of symbols.",
        p_of(tree, winner, end=False): "that is the probability of its letters: the end mark costs something, too.",
        tree.get(winner, LAST)[0]: "that is the probability of its last step alone: add it to what the beginning cost.",
    }
    known = [hint for wrong, hint in slips.items() if math.isclose(value, wrong, rel_tol=1e-6)]
    known += ["no probability is above 1: is each step -ln p?"] if value > 1 else []
    mine, wanted = apart(value, target, 4)
    asked = "keep more digits" if abs(value - target) < 0.01 else STEPS
    other = f"the name is right, and its probability should be {wanted}; yours is {mine}: {asked}."
    return (*(f"the name is right; {hint}" for hint in known), other)[0]
