"""The patient's data: rows of a table to lists, ids and padded arrays, with its defects behind switches."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from lstm_lib.data import Batch, load_names, split_names
from lstm_lib.patient.defects import HEALTHY, Sick
from lstm_lib.vocabulary import END_MARK

TENTH = 0.1


def read_rows() -> list[str]:
    """The names of the table's 10,000 rows in their order: by year, girls first, the most frequent first."""
    return list(_rows())


@cache
def _rows() -> tuple[str, ...]:
    with as_file(files("lstm_lib.datasets") / "national_names_1880.csv") as path:
        return tuple(load_names(path)["name"])


def divide(rows: list[str], *, rng: np.random.Generator, sick: Sick = HEALTHY) -> tuple[list[str], list[str]]:
    """Names to learn from, and a tenth to judge by: distinct names, or shuffled rows."""
    if "rows for names" in sick:
        shuffled = [rows[k] for k in rng.permutation(len(rows))]
        tenth = round(TENTH * len(rows))
        return shuffled[tenth:], shuffled[:tenth]
    split = split_names(rows, rng=rng, fractions=(1 - TENTH, TENTH, 0.0))
    return list(split.train), list(split.val)


def number(names: list[str], sick: Sick = HEALTHY) -> dict[str, int]:
    """An id for each symbol, the end mark included: sorted, or as a set happens to hand them out."""
    symbols = {END_MARK, *"".join(names)}
    return {symbol: k for k, symbol in enumerate(symbols if "set order" in sick else sorted(symbols))}


def tabulate(names: list[str], ids: dict[str, int], longest: int, sick: Sick = HEALTHY) -> Batch:
    """The names as columns (T, B): what is read, what is to be predicted, and which predictions count.

    `longest`: the letters of the longest name of the whole list; T is one more, unless names are cut. Without a start
    mark the first letter is read and never predicted, and T is one less.
    """
    width = longest + ("cut names" not in sick)
    texts = [(name + END_MARK * (longest + 1))[:width] for name in names]
    symbols = np.array([[ids[symbol] for symbol in text] for text in texts], dtype=np.intp).T  # (width, B)
    real = np.arange(width)[:, None] <= np.array([len(name) for name in names])
    if "padding counts" in sick:
        real = np.ones_like(real)
    if "no start mark" in sick:
        return Batch(symbols[:-1], symbols[1:], real[1:])
    start = np.full((1, len(names)), ids[END_MARK], dtype=np.intp)
    return Batch(np.concatenate([start, symbols[:-1]]), symbols, real)


def epoch(names: list[str], size: int, *, rng: np.random.Generator, sick: Sick = HEALTHY) -> Iterator[list[str]]:
    """All names once, `size` at a time, in a new order; or in the given one, without those left over at the end."""
    in_order = "file order" in sick
    order = np.arange(len(names)) if in_order else rng.permutation(len(names))
    last = len(names) - len(names) % size if in_order else len(names)
    return ([names[k] for k in order[start : start + size]] for start in range(0, last, size))
