"""The memory task: a letter is shown, k others pass, then the end mark asks for it.

In the manner of the long time lags of Hochreiter and Schmidhuber (1997).
"""

from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_bool, require_generator, require_integer
from lstm_lib.tree import BoolArray, IntArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

SHOWN, PASSING = "abcd", "wxyz"
VOCABULARY = Vocabulary((END_MARK, *SHOWN, *PASSING))


class Recall(NamedTuple):
    """Sequences side by side, one per column; each array is (k + 2, count).

    `inputs`, intp: one of four letters, k letters out of four others, the end mark. `targets`, intp: the next symbol,
    and at the last step the first letter. `asked`, bool: True at the last step, the only one that can be known.
    """

    inputs: IntArray
    targets: IntArray
    asked: BoolArray


def recall_batch(k: int, count: int, *, rng: np.random.Generator, constant: bool = False) -> Recall:
    """`count` sequences in which `k` letters pass; with `constant`, the passing letter is always the same one.

    The mask `asked` is what `cross_entropy` and `accuracy` take to judge the answer alone.
    Raises TypeError or ValueError when `k` is below 0, `count` below 1, or the generator is missing.
    """
    k, count = require_integer("k", k, at_least=0), require_integer("count", count, at_least=1)
    inputs = np.full((k + 2, count), END, np.intp)
    inputs[0] = _ids(SHOWN)[require_generator(rng).integers(len(SHOWN), size=count)]
    kinds = _ids(PASSING[:1] if require_bool("constant", constant) else PASSING)
    inputs[1:-1] = kinds[rng.integers(len(kinds), size=(k, count))]
    targets = np.roll(inputs, -1, axis=0)  # the last row asks for the first
    asked = np.zeros(inputs.shape, bool)
    asked[-1] = True
    return Recall(inputs, targets, asked)


def _ids(letters: str) -> IntArray:
    return VOCABULARY.encode(letters)
