"""Counts of characters by context, and what each method of smoothing takes away from them."""

from collections.abc import Iterable

import numpy as np

from lstm_lib.arguments import require_instance, require_names
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

FALLBACK = np.array([0, 0.5, 1, 1.5])  # discounts of KenLM for lists too small to estimate them

Level = tuple[dict[str, int], FloatArray]  # the contexts of one length with their rows, and the counts (rows, V)


def count_contexts(names: Iterable[str], vocabulary: Vocabulary, order: int) -> list[Level]:
    """How often each character follows each context, for every length of context from 0 to order - 1."""
    V = len(require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names"))
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
    """Before how many contexts of one more character each pair was seen; plain counts where a name begins."""
    kinds = np.zeros_like(counts)
    np.add.at(kinds, [known[context[1:]] for context in longer], above > 0)  # (3.5)
    begins = [row for context, row in known.items() if context.startswith(END_MARK)]
    kinds[begins] = counts[begins]
    return kinds


def witten_bell_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """All counts stay; the spare mass is the number of different successors."""
    return counts, (counts > 0).sum(axis=-1, keepdims=True)  # (3.4)


def kneser_ney_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A discount leaves each count and becomes the spare mass; how much depends on whether it is 1, 2 or more."""
    n1, n2, n3, n4 = np.bincount(counts.astype(int).ravel(), minlength=5)[1:5]
    if min(n1, n2, n3) > 0:
        k = np.array([1, 2, 3])
        estimated = k - (k + 1) * n1 / (n1 + 2 * n2) * np.array([n2, n3, n4]) / np.array([n1, n2, n3])  # (3.7)
    discounts = FALLBACK
    if min(n1, n2, n3) > 0 and (estimated > 0).all():
        discounts = np.array([0, *estimated])
    taken = discounts[np.minimum(counts, 3).astype(int)]  # (3.6)
    return counts - taken, taken.sum(axis=-1, keepdims=True)
