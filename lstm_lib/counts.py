"""Counts of characters by context, and what each method of smoothing takes away from them."""

from collections.abc import Iterable

import numpy as np

from lstm_lib.arguments import require_instance, require_integer, require_names
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

FALLBACK = np.array([0, 0.5, 1, 1.5])  # for counts of 0 to 3: KenLM's defaults where a list is too small for (3.7)
LARGEST_ORDER = 50

Level = tuple[dict[str, int], FloatArray]  # the contexts of one length with their rows, and the counts (rows, V)


def count_contexts(names: Iterable[str], vocabulary: Vocabulary, order: int) -> list[Level]:
    """How often each character follows each context: a Level for every length of context from 0 to `order` - 1.

    The end mark in front of a name belongs to contexts and is never counted as what follows; the one behind it is.
    Raises TypeError or ValueError unless `names` is a non-empty list of names of this vocabulary and order is 1 to 50.
    """
    V = len(require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names"))
    if require_integer("order", order, at_least=1) > LARGEST_ORDER:
        raise ValueError(f"order must be at most {LARGEST_ORDER}, longer than any name needs; got {order}")
    texts = [(END_MARK + name, [*vocabulary.encode(name), END]) for name in require_names(names)]
    levels = []
    for length in range(order):
        known: dict[str, int] = {}
        seen = [
            known.setdefault(text[i - length : i], len(known)) * V + target
            for text, targets in texts
            for i, target in enumerate(targets, start=1)
            if length <= i
        ]
        counts = np.bincount(seen, minlength=len(known) * V).reshape(len(known), V)
        levels.append((known, counts.astype(float)))
    return levels


def continuations(known: dict[str, int], counts: FloatArray, longer: dict[str, int], above: FloatArray) -> FloatArray:
    """For each context and character, how many different characters stood before the two: (rows, V), as `counts`.

    `known`, `counts`: the level; `longer`, `above`: the level whose contexts have one character more. A context that
    begins with the end mark has nothing before it, so it keeps its plain counts.
    """
    kinds = np.zeros_like(counts)
    np.add.at(kinds, [known[context[1:]] for context in longer], above > 0)  # (3.5)
    begins = [row for context, row in known.items() if context.startswith(END_MARK)]
    kinds[begins] = counts[begins]
    return kinds


def witten_bell_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """All counts (rows, V) stay; the spare mass (rows, 1) is the number of different successors."""
    return counts, (counts > 0).sum(axis=-1, keepdims=True).astype(counts.dtype)  # (3.4)


def kneser_ney_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A discount leaves each count above 0, (rows, V), and becomes its row's spare mass, (rows, 1).

    There are three, for counts of 1, 2, and 3 or more, estimated from all counts of the level together; `FALLBACK`
    where no pair has one of these counts, or an estimate is not above 0.
    """
    n1, n2, n3, n4 = np.bincount(counts.astype(int).ravel(), minlength=5)[1:5]
    discounts = FALLBACK
    if min(n1, n2, n3) > 0:
        k = np.array([1, 2, 3])
        estimated = k - (k + 1) * n1 / (n1 + 2 * n2) * np.array([n2, n3, n4]) / np.array([n1, n2, n3])  # (3.7)
        discounts = np.array([0, *estimated]) if (estimated > 0).all() else FALLBACK
    taken = discounts[np.minimum(counts, 3).astype(int)]  # (3.6)
    return counts - taken, taken.sum(axis=-1, keepdims=True)
