"""Counts of characters by context, and what each method of smoothing takes away from them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import describe, require_array, require_instance, require_integer, require_names, require_row
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END_MARK, Vocabulary

FALLBACK = np.array([0, 0.5, 1, 1.5])  # for counts of 0 to 3: KenLM's defaults where a list is too small for (3.7)
LARGEST_ORDER = 50


class Level(NamedTuple):
    """What follows the contexts of one length; only pairs of a context and a character that occur are held."""

    contexts: dict[str, int]  # the row of each, from 0 on
    pairs: IntArray  # (pairs,) row * V + id, rising
    counts: FloatArray  # (pairs,) how often each occurs


class Rows(NamedTuple):
    """The laws after the contexts of one length: each keeps shares for some characters, and a spare one for the rest.

    The spare share is dealt out as the law of the longest end of the context says that has a row; below all: uniformly.
    """

    contexts: dict[str, int]  # the row of each
    pairs: IntArray  # (pairs,) row * V + id, rising: the characters for which something is kept
    kept: FloatArray  # (pairs,)
    spare: FloatArray  # (rows,) a row's spare share and all that it keeps sum to 1


def count_contexts(names: Iterable[str], vocabulary: Vocabulary, order: int) -> list[Level]:
    """How often each character follows each context: a Level for every length of context from 0 to `order` - 1.

    The end mark in front of a name belongs to contexts and is never counted as what follows; the one behind it is.
    Raises TypeError or ValueError unless `names` is a non-empty list of names of this vocabulary and order is 1 to 50.
    """
    V = len(require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names"))
    if require_integer("order", order, at_least=1) > LARGEST_ORDER:
        raise ValueError(f"order must be at most {LARGEST_ORDER}, longer than any name needs; got {order}")
    given = require_names(names)
    text = "".join(END_MARK + name for name in given)  # whose symbol j is the last one read before target j
    lengths = np.array([len(name) + 1 for name in given])
    before = np.arange(len(text)) - np.repeat(np.cumsum(lengths) - lengths, lengths)  # how many letters of the name
    symbols = np.zeros(len(text), dtype=np.intp)
    symbols[before > 0] = vocabulary.encode_all(given)
    targets, row, known = np.roll(symbols, -1), np.zeros_like(symbols), {"": 0}
    levels: list[Level] = []
    for length in range(order):
        place = np.flatnonzero(before >= length - 1)
        if length > 0:  # a context is its first symbol, and a context one shorter
            key = symbols[place - length + 1] * len(known) + row[place]
            _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
            row[place] = np.argsort(np.argsort(first))[inverse]  # rows in the order in which contexts come
            known = {text[j - length + 1 : j + 1]: k for k, j in enumerate(place[np.sort(first)].tolist())}
        pairs, counts = np.unique(row[place] * V + targets[place], return_counts=True)
        levels.append(Level(known, pairs, counts.astype(np.float64)))
    return levels


def continuations(level: Level, longer: Level, V: int) -> FloatArray:
    """For each pair of the level, how many different characters stood before the two: (pairs,), as its counts.

    The contexts of `longer` have one character more. A context that begins with the end mark has nothing before it,
    so its pairs keep their plain counts.
    """
    ends = np.array([level.contexts[context[1:]] for context in longer.contexts], dtype=np.intp)
    found = np.searchsorted(level.pairs, ends[longer.pairs // V] * V + longer.pairs % V)
    kinds = np.bincount(found, minlength=len(level.pairs))  # (3.6)
    begins = np.array([context.startswith(END_MARK) for context in level.contexts], dtype=bool)
    return np.where(begins[level.pairs // V], level.counts, kinds)


def witten_bell_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of the counts (pairs,) of a level all is kept; each pair, a different successor, adds 1 to its row's spare mass.

    Returns both as (pairs,).
    """
    return counts, np.ones_like(counts)  # (3.4)


def kneser_ney_share(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A discount leaves each of a level's counts (pairs,) and goes to its row's spare mass; returns both as (pairs,).

    There are three, for counts of 1, 2, and 3 or more, estimated from all counts of the level together; `FALLBACK`
    where no pair has one of these counts, or an estimate is not above 0.
    """
    n1, n2, n3, n4 = ((counts == count).sum() for count in (1, 2, 3, 4))
    discounts = FALLBACK
    if min(n1, n2, n3) > 0:
        k = np.array([1, 2, 3])
        estimated = k - (k + 1) * n1 / (n1 + 2 * n2) * np.array([n2, n3, n4]) / np.array([n1, n2, n3])  # (3.7)
        if (estimated > 0).all():
            discounts = np.array([0, *estimated])
    taken = discounts[np.minimum(counts, 3).astype(int)]  # (3.5)
    return counts - taken, taken


def scale(level: Level, kept: FloatArray, spare: FloatArray, V: int) -> Rows:
    """Divide what is kept, (pairs,), and spared, (rows,), by their sum over the row."""
    row = level.pairs // V
    total = row_sums(row, kept, len(spare)) + spare
    return Rows(level.contexts, level.pairs, kept / total[row], spare / total)


def row_sums(row: IntArray, values: FloatArray, count: int) -> FloatArray:
    """The sum (count,) of the values (pairs,) that belong to each row."""
    return np.bincount(row, values, minlength=count).astype(np.float64)


def require_rows(what: str, rows: Rows, length: int, V: int) -> None:
    """Raise TypeError or ValueError unless these are the laws after contexts of `length` characters."""
    known, pairs, kept, spare = require_instance(what, rows, Rows, source="fit_ngram(...).levels")
    require_instance(f"{what}.contexts", known, dict, source="fit_ngram(...).levels")
    require_array(f"{what}.pairs", pairs, "integers", shape=(np.size(pairs),))
    require_array(f"{what}.kept", kept, "floats", shape=pairs.shape)
    count = len(require_row(f"{what}.spare", spare))
    if not all(len(context) == length and 0 <= row < count for context, row in known.items()):
        raise ValueError(f"{what} must give contexts of {length} characters rows below {count}; got {describe(known)}")
    if not (np.diff(pairs, prepend=-1, append=count * V) > 0).all():
        raise ValueError(f"{what}.pairs must rise, within {count} rows of {V}; got {describe(pairs.tolist())}")
    sums = row_sums(pairs // V, kept, count) + spare
    if not ((kept >= 0).all() and (spare >= 0).all() and np.allclose(sums, 1, rtol=0, atol=1e-9)):
        raise ValueError(f"each row of {what} must hold shares >= 0 that sum to 1; got sums from {sums.min()}")
