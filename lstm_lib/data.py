"""From names to what a network reads: the split into train, validation and test, and batches of padded ids."""

from collections.abc import Iterable, Iterator
from functools import cache
from math import floor
from numbers import Real
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import is_series, require_generator, require_integer, require_names, shown
from lstm_lib.names.files import load_names
from lstm_lib.tree import BoolArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary

__all__ = ["Batch", "Split", "batches", "check_batch", "load_names", "load_splits", "make_batch", "split_names"]


class Split(NamedTuple):
    """Distinct names in three parts that share none: to learn from, to choose with, to judge by at the very end."""

    train: tuple[str, ...]
    val: tuple[str, ...]
    test: tuple[str, ...]


class Batch(NamedTuple):
    """Names side by side, one per column; T is the longest name's letters plus one, B the number of names.

    `inputs` (T, B), intp: the end mark, then the letters. `targets` (T, B), intp: the letters, then the end mark.
    `mask` (T, B), bool: True where a target counts, a non-empty prefix of each column. Padding is END in both.
    """

    inputs: IntArray
    targets: IntArray
    mask: BoolArray


@cache
def load_splits() -> Split:
    """The shipped corpus in its one and only split, read from its column `split`.

    Each part stands in the corpus's order, the most frequent name first: its first names are no fair sample of it.
    """
    table = load_names()
    return Split(*(tuple(table.loc[table["split"] == part, "name"].tolist()) for part in Split._fields))


def split_names(
    names: Iterable[str], *, rng: np.random.Generator, fractions: tuple[float, float, float] = (0.8, 0.1, 0.1)
) -> Split:
    """Split the distinct names at random; the order and the repeats of `names` do not matter.

    One permutation of the sorted distinct names is drawn and cut in three; each part keeps the drawn order, so that
    its first n names are a fair sample. Sizes are the fractions of the distinct names, rounded down; names left
    over go to the parts that lost most. A part with a fraction above 0 gets at least one name.
    Names are compared as they come: "Ana" and "ana" are two. Raises TypeError or ValueError for names that are not
    a list of strings, fractions that are not three numbers >= 0 with the sum 1, or too few distinct names.
    """
    distinct = sorted({str(name) for name in require_names(names)})
    sizes = _part_sizes(len(distinct), _require_fractions(fractions))
    order = require_generator(rng).permutation(len(distinct))
    shuffled = [distinct[place] for place in order]
    first, second = sizes[0], sizes[0] + sizes[1]
    return Split(tuple(shuffled[:first]), tuple(shuffled[first:second]), tuple(shuffled[second:]))


def _require_fractions(fractions: tuple[float, float, float]) -> list[float]:
    """The three fractions as floats; raise TypeError or ValueError when they are not what `split_names` needs."""
    expected = "fractions must be three numbers for train, val and test, such as (0.8, 0.1, 0.1)"
    if not is_series(fractions):
        raise TypeError(f"{expected}; got {shown(fractions)}")
    parts = list(fractions)
    if any(isinstance(part, (bool, np.bool_)) or not isinstance(part, Real) for part in parts):
        raise TypeError(f"{expected}; got {shown(fractions)}")
    if len(parts) != 3 or not all(part >= 0 for part in parts) or abs(sum(parts) - 1) > 1e-9:
        raise ValueError(f"{expected}, none below 0, with the sum 1; got {shown(fractions)}")
    return [float(part) for part in parts]


def _part_sizes(count: int, fractions: list[float]) -> list[int]:
    """`count` in whole parts: shares rounded down, the rest to the largest remainders, no wanted part empty."""
    if count < sum(part > 0 for part in fractions):
        raise ValueError(f"{count} distinct names are too few: each part of {tuple(fractions)} needs at least one")
    shares = [count * part for part in fractions]
    sizes = [floor(share) for share in shares]
    by_remainder = sorted(range(3), key=lambda part: sizes[part] - shares[part])
    for part in by_remainder[: count - sum(sizes)]:
        sizes[part] += 1
    for part in range(3):
        if fractions[part] > 0 and sizes[part] == 0:
            sizes[sizes.index(max(sizes))] -= 1
            sizes[part] = 1
    return sizes


def make_batch(names: Iterable[str], vocabulary: Vocabulary) -> Batch:
    """The names as one batch, one per column in the given order; see `Batch` for the layout.

    The empty name "" is allowed: its column asks for the end mark only. Raises TypeError when `names` is not a list
    of strings, ValueError when it is empty or a name has a character outside the vocabulary.
    """
    checked = require_names(names)
    ids = _require_vocabulary(vocabulary).encode_all(checked)
    symbols = np.array([len(name) + 1 for name in checked])  # (B,) letters, and the end mark
    inputs = np.full((symbols.max(), len(checked)), END, dtype=np.intp)
    targets = inputs.copy()
    letters = np.arange(1, len(inputs)) < symbols[:, None]  # (B, T - 1)
    inputs[1:].T[letters] = targets[:-1].T[letters] = ids
    return Batch(inputs, targets, np.arange(len(inputs))[:, None] < symbols)


def batches(
    names: Iterable[str], vocabulary: Vocabulary, batch_size: int, *, rng: np.random.Generator
) -> Iterator[Batch]:
    """One epoch: every name once, in a new random order, `batch_size` at a time; the last batch may be shorter.

    The order is one call `rng.permutation(len(names))`, made (like all checks of arguments) when you call this,
    not when you ask for the first batch. Raises what `make_batch` raises, and for a batch size below 1.
    """
    checked = require_names(names)
    size = require_integer("batch_size", batch_size, at_least=1)
    if not set("".join(checked)) <= set(_require_vocabulary(vocabulary).characters[1:]):
        make_batch(checked, vocabulary)  # one of them cannot be encoded: raises, and says which
    order = require_generator(rng).permutation(len(checked))
    return (
        make_batch([checked[place] for place in order[start : start + size]], vocabulary)
        for start in range(0, len(checked), size)
    )


def _require_vocabulary(vocabulary: object) -> Vocabulary:
    if not isinstance(vocabulary, Vocabulary):
        expected = "a Vocabulary, such as Vocabulary.from_names(names)"
        raise TypeError(f"vocabulary must be {expected}; got {shown(vocabulary)}")
    return vocabulary


def check_batch(batch: Batch) -> Batch:
    """Return `batch` if it has the layout of `Batch`; its ids are not compared with anything.

    Raises TypeError when it is not three arrays of integers, integers and booleans, ValueError when these differ in
    shape, are not 2-D, are empty, or the mask of a column is not a non-empty prefix.
    """
    if not isinstance(batch, tuple) or len(batch) != 3:
        raise TypeError(f"batch must be a Batch(inputs, targets, mask); got {type(batch).__name__}")
    kinds = (np.integer, "integers"), (np.integer, "integers"), (np.bool_, "booleans")
    for field, array, (kind, word) in zip(Batch._fields, batch, kinds, strict=True):
        if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, kind):
            raise TypeError(f"batch.{field} must be an array of {word}; got {shown(getattr(array, 'dtype', array))}")
    shapes, mask = [array.shape for array in batch], batch[2]
    if len(set(shapes)) > 1 or mask.ndim != 2 or mask.size == 0:
        raise ValueError(f"inputs, targets and mask must have one shape (T, B), at least (1, 1); got {shapes}")
    wrong = ~mask[0] | (mask[1:] & ~mask[:-1]).any(axis=0)
    if wrong.any():
        column = int(wrong.argmax())
        raise ValueError(f"mask must be True for a non-empty prefix of each column; column {column}: {mask[:, column]}")
    return Batch(*batch)
