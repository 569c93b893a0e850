"""Counting baselines: uniform, unigram, bigram, trigram, with add-k smoothing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lstm_lib.arguments import require_integer, require_names, require_number
from lstm_lib.data import Batch, make_batch
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary


@dataclass(frozen=True, eq=False)
class NGram:
    """A table of next-character probabilities, shape (V,) * order: the context first, the next character last.

    Order 0 is the uniform distribution, kept as a table of order 1. Each row sums to 1.
    """

    table: FloatArray
    vocabulary: Vocabulary


def fit_ngram(names: Iterable[str], vocabulary: Vocabulary, order: int, *, add_k: float = 0.0) -> NGram:
    """Count how often each character follows each context of `order - 1` characters, and normalise.

    `add_k` is added to every count (add-k smoothing); a context never seen then predicts uniformly, with or
    without it. Raises ValueError or TypeError unless order is 0 (uniform), 1, 2 or 3 and add_k >= 0.
    """
    if require_integer("order", order, at_least=0) > 3:
        raise ValueError(f"order must be 0 (uniform), 1, 2 or 3; got {order}")
    k = require_number("add_k", add_k, at_least=0)
    V = len(vocabulary)
    counts = np.zeros((V,) * max(order, 1))
    if order > 0:
        np.add.at(counts, _windows(make_batch(require_names(names), vocabulary), order), 1)
    smoothed = counts + k
    totals = smoothed.sum(axis=-1, keepdims=True)
    return NGram(np.where(totals > 0, smoothed / np.where(totals > 0, totals, 1), 1 / V), vocabulary)


def ngram_nll(model: NGram, names: Iterable[str]) -> float:
    """The mean surprise in nats per predicted symbol, the end mark included; infinite if one was never counted."""
    windows = _windows(make_batch(require_names(names), model.vocabulary), model.table.ndim)
    p = model.table[windows]
    return float(-np.log(p).mean()) if p.all() else float("inf")


def sample_ngram(model: NGram, count: int, *, rng: np.random.Generator, max_length: int = 30) -> list[str]:
    """Draw `count` names letter by letter from the table; a name ends at its end mark or at `max_length`."""
    names = []
    context = model.table.ndim - 1
    for _ in range(require_integer("count", count, at_least=0)):
        ids = [END] * context
        while len(ids) < context + max_length:
            law = model.table[tuple(ids[len(ids) - context :])]
            ids.append(int(rng.choice(len(law), p=law)))
            if ids[-1] == END:
                break
        names.append(model.vocabulary.decode(ids[context:]))
    return names


def _windows(batch: Batch, order: int) -> tuple[IntArray, ...]:
    """For each real cell of the batch: the ids of its context, oldest first, and its target; each (cells,)."""
    history = [batch.inputs]
    while len(history) < order - 1:
        older = np.full_like(batch.inputs, END)  # what stands before a name's first letter
        older[1:] = history[0][:-1]
        history.insert(0, older)
    return tuple(ids[batch.mask] for ids in (*history[: order - 1], batch.targets))
