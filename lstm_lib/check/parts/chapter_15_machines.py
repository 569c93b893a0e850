"""The small machines that exercises 15.1 and 15.2 search, and what ends a search that asks them wrongly."""

import math
from collections.abc import Callable, Mapping
from itertools import product

import numpy as np

from lstm_lib.check.feedback import Feedback, not_yet
from lstm_lib.tree import FloatArray

ORDER = (".", "a", "b", "c")  # of the laws below
SYMBOLS = (".", "c", "a", "b")  # of the laws that the reader gets: not the alphabet's
Tree = Mapping[str, tuple[float, ...]]
LAST = (0.97, 0.01, 0.01, 0.01)  # the law after a beginning that a tree does not name
TREE: Tree = {
    "": (0.06, 0.4, 0.34, 0.2),
    "a": (0.1, 0.31, 0.3, 0.29),
    "aa": (0.26, 0.25, 0.25, 0.24),
    "ab": (0.28, 0.26, 0.24, 0.22),
    "ac": (0.27, 0.26, 0.24, 0.23),
    "b": (0.2, 0.7, 0.06, 0.04),
    "ba": (0.6, 0.05, 0.3, 0.05),
    "c": (0.82, 0.08, 0.06, 0.04),
}
AT_ONCE: Tree = {"": (0.55, 0.25, 0.15, 0.05)}
EMPTY_WINS: Tree = {"": (0.3, 0.4, 0.2, 0.1), "a": (0.25, 0.25, 0.25, 0.25)}
LATE: Tree = {  # the winner ends early, while something more probable still goes on
    "": (0.02, 0.54, 0.1, 0.34),
    "c": (0.5, 0.2, 0.18, 0.12),
    "a": (0.1, 0.32, 0.3, 0.28),
    "aa": (0.28, 0.27, 0.24, 0.21),
    "ab": (0.28, 0.26, 0.24, 0.22),
    "ac": (0.27, 0.26, 0.24, 0.23),
}
BEHIND: Tree = {  # the winner is long, begins with a small step, and stands behind a crowd of wider beginnings
    **{"".join(text): (0.01, 0.34, 0.33, 0.32) for n in range(4) for text in product("abc", repeat=n)},
    **{"".join(text): (0.25, 0.25, 0.25, 0.25) for text in product("abc", repeat=4)},
    "": (0.005, 0.455, 0.45, 0.09),
    "c": (0.01, 0.25, 0.5, 0.24),
    "cb": (0.01, 0.6, 0.2, 0.19),
    "cba": (0.01, 0.2, 0.6, 0.19),
    "cbab": LAST,
}
MOST = 2000  # laws that a search may ask for; a healthy one asks for fewer than 100


class Endless(RuntimeError):
    """The reader's search asks for more laws than any healthy one needs."""


class Opened(RuntimeError):
    """The reader's search asks what follows a name that has ended."""


class Marked(RuntimeError):
    """The reader's search begins with the end mark, as the machine does."""


def law_of(tree: Tree) -> Callable[[str], FloatArray]:
    """`law_after` of a small machine; it ends loudly when it is asked too often, or for what follows an end."""
    asked = 0

    def law_after(text: str) -> FloatArray:
        nonlocal asked
        asked += 1
        if asked > MOST:
            raise Endless
        if text.endswith("."):
            raise Marked if asked == 1 and text == "." else Opened
        law = tree.get(text, LAST)
        return np.array([law[ORDER.index(symbol)] for symbol in SYMBOLS])

    return law_after


def p_of(tree: Tree, name: str, *, end: bool = True) -> float:
    """The probability of a name, or (not `end`) of its letters alone."""
    text = name + "." * end
    return math.prod(tree.get(text[:k], LAST)[ORDER.index(text[k])] for k in range(len(text)))


LOUD = {
    Opened.__name__: "it asks what follows a name: a text that *ends* in the end mark is a name, whatever stands before"
    " the mark.",
    Marked.__name__: "begin with the empty text: law_after knows itself that the machine reads a mark first.",
    "string index out of range": "the first text is empty, and has no last symbol: `text.endswith('.')` can say so.",
}


def loud(feedback: Feedback, endless: str) -> Feedback:
    """The hint for a search that `law_of` or the empty text has stopped, or the feedback as it is."""
    known = {Endless.__name__: endless, **LOUD}
    return (*(not_yet(hint) for name, hint in known.items() if name in feedback.message), feedback)[0]
