"""Counting baselines: uniform, unigram, bigram, trigram, with add-k smoothing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lstm_lib.arguments import require_array, require_generator, require_instance, require_integer, require_number
from lstm_lib.data import Batch, make_batch
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary


@dataclass(frozen=True, eq=False)
class NGram:
    """A table of next-character probabilities, shape (V,) * order: the context first, the next character last.

    Order 0 is the uniform distribution, kept as a table of order 1.
    Raises TypeError or ValueError unless the table is such an array, each row of it probabilities that sum to 1.
    """

    table: FloatArray
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        V = len(require_instance("vocabulary", self.vocabulary, Vocabulary, source="Vocabulary.from_names"))
        table = require_array("table", self.table, "floats")
        if table.ndim not in (1, 2, 3) or set(table.shape) != {V}:
            raise ValueError(f"table must have one to three axes of the vocabulary's size {V}; got shape {table.shape}")
        if not (table.min() >= 0 and np.allclose(table.sum(axis=-1), 1, rtol=0, atol=1e-9)):
            raise ValueError(f"each row of table must hold probabilities >= 0 that sum to 1; got {table}")


def fit_ngram(names: Iterable[str], vocabulary: Vocabulary, order: int, *, add_k: float = 0.0) -> NGram:
    """Count how often each character follows each context of `order - 1` characters, and normalise.

    `add_k` is added to every count (add-k smoothing); a context never seen predicts uniformly, with or without it.
    Raises ValueError or TypeError unless order is 0 (uniform), 1, 2 or 3 and add_k is within 0 and 1e9.
    """
    if require_integer("order", order, at_least=0) > 3:
        raise ValueError(f"order must be 0 (uniform), 1, 2 or 3; got {order}")
    k = require_number("add_k", add_k, at_least=0, at_most=1e9)
    batch = make_batch(names, vocabulary)
    V = len(vocabulary)
    counts = np.zeros((V,) * max(order, 1))
    if order > 0:
        np.add.at(counts, _windows(batch, order), 1)
    smoothed = counts + k
    totals = smoothed.sum(axis=-1, keepdims=True)
    return NGram(np.where(totals > 0, smoothed / np.where(totals > 0, totals, 1), 1 / V), vocabulary)


def ngram_nll(model: NGram, names: Iterable[str]) -> float:
    """The mean surprise in nats per predicted symbol, the end mark included; infinite if one has probability 0.

    Raises TypeError or ValueError when `names` is not a non-empty list of names in the model's vocabulary.
    """
    table = _require_ngram(model).table
    p = table[_windows(make_batch(names, model.vocabulary), table.ndim)]
    return float(-np.log(p).mean()) if p.all() else float("inf")


def sample_ngram(model: NGram, count: int, *, rng: np.random.Generator, max_length: int = 30) -> list[str]:
    """Draw `count` names letter by letter from the table; a name ends at its end mark or at `max_length` letters.

    Raises TypeError or ValueError unless count >= 0 and max_length >= 1.
    """
    require_generator(rng)
    names = []
    context = _require_ngram(model).table.ndim - 1
    longest = require_integer("max_length", max_length, at_least=1) + context
    for _ in range(require_integer("count", count, at_least=0)):
        ids = [END] * context
        while len(ids) < longest:
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


def _require_ngram(model: NGram) -> NGram:
    return require_instance("model", model, NGram, source="fit_ngram")
