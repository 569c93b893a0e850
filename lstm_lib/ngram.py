"""Models that count: the uniform law, add-k, Witten-Bell and interpolated Kneser-Ney, of any order."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from lstm_lib.arguments import (
    require_generator,
    require_instance,
    require_integer,
    require_names,
    require_number,
)
from lstm_lib.counts import (
    Level,
    Rows,
    continuations,
    count_contexts,
    kneser_ney_share,
    require_rows,
    row_sums,
    scale,
    witten_bell_share,
)
from lstm_lib.sample import STOP, CutName, warn_of_cut
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

LARGEST_TABLE = 10**7


@dataclass(frozen=True, eq=False)
class NGram:
    """The laws of the next character, each belonging to a context: the characters before it, at most `order` - 1.

    A name's history begins with the end mark. `levels[n]` holds the laws after contexts of n characters. The longest
    end of the history that has a row decides; what it spares the next one decides, and last the uniform law.
    Raises TypeError or ValueError unless the parts fit each other and each row holds shares >= 0 that sum to 1.
    """

    order: int
    levels: tuple[Rows, ...]
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        V = len(require_instance("vocabulary", self.vocabulary, Vocabulary, source="Vocabulary.from_names"))
        lengths = max(1, require_integer("order", self.order, at_least=0))
        if len(require_instance("levels", self.levels, tuple, source="fit_ngram(...).levels")) != lengths:
            raise ValueError(f"levels must hold the rows of {lengths} lengths of context; got {len(self.levels)}")
        for length, rows in enumerate(self.levels):
            require_rows(f"levels[{length}]", rows, length, V)

    def law(self, prefix: str) -> FloatArray:
        """The probabilities (V,) of the character that follows `prefix`, the first letters of a name.

        Raises TypeError unless `prefix` is a string, ValueError when it holds what is no letter of the vocabulary.
        """
        if not isinstance(prefix, str) or not self._letters.issuperset(prefix):
            self.vocabulary.encode(prefix)  # raises the error that says what came
        V, history = len(self.vocabulary), END_MARK + prefix
        law = np.full(V, 1 / V)
        for length, (rows, starts) in enumerate(zip(self.levels, self._starts, strict=True)):
            row = rows.contexts.get(history[len(history) - length :])
            if row is not None:
                own = slice(starts[row], starts[row + 1])
                law *= rows.spare[row]  # (3.3)
                law[rows.pairs[own] - row * V] += rows.kept[own]
        return law

    @cached_property
    def _starts(self) -> tuple[IntArray, ...]:
        """For each length, where the pairs of each row begin, and the end of the last: (rows + 1,)."""
        V = len(self.vocabulary)
        return tuple(rows.pairs.searchsorted(np.arange(len(rows.spare) + 1) * V) for rows in self.levels)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset(self.vocabulary.characters[1:])

    @property
    def table(self) -> FloatArray:
        """All laws as one array, (V,) * order: the context first, the next character last; (V,) for order 0.

        Histories shorter than the context are filled with END in front. A context that cannot be, with the end mark
        behind a letter, has the uniform law. Raises ValueError when the array would hold over ten million numbers.
        """
        V, length = len(self.vocabulary), max(0, self.order - 1)
        if V ** (length + 1) > LARGEST_TABLE:
            raise ValueError(f"a table of order {self.order} would hold {V}**{length + 1} numbers; ask law(prefix)")
        table = np.full((V,) * (length + 1), 1 / V)
        for ids in np.ndindex(*table.shape[:-1]):
            prefix = "".join(self.vocabulary.characters[k] for k in ids).lstrip(END_MARK)
            if END_MARK not in prefix:
                table[ids] = self.law(prefix)
        return table


def fit_ngram(names: Iterable[str], vocabulary: Vocabulary, order: int, *, add_k: float = 0.0) -> NGram:
    """Count how often each character follows each context of `order - 1` characters, and normalise; order 0: uniform.

    Where a name begins, the context is shorter: all that was read, the end mark in front included.
    `add_k` is added to every count (add-k smoothing); a context never seen predicts uniformly, with or without it.
    Raises ValueError or TypeError unless order is 0 to 50, add_k is within 0 and 1e9, and names are of this vocabulary.
    """
    k = require_number("add_k", add_k, at_least=0, at_most=1e9)
    levels = count_contexts(names, vocabulary, max(1, require_integer("order", order, at_least=0)))
    V, scaled = len(vocabulary), []
    for length, level in enumerate(levels):
        rows = scale(level, level.counts, np.full(len(level.contexts), k * V), V)  # (3.2), and (3.1) where k = 0
        whole = {c: row for c, row in level.contexts.items() if length == order - 1 or c.startswith(END_MARK)}
        scaled.append(rows._replace(contexts=whole))
    return NGram(order, tuple(scaled), vocabulary)


def fit_witten_bell(names: Iterable[str], vocabulary: Vocabulary, order: int) -> NGram:
    """Witten-Bell: a context seen n times, with t different successors, keeps the share n / (n + t) for its counts.

    The rest goes to the law of the context that is one character shorter; below the empty one lies the uniform law.
    Source: Witten and Bell 1991, method C, interpolated as in Chen and Goodman 1999; eq. (3.4).
    Raises TypeError or ValueError unless order is 1 to 50 and names are of this vocabulary.
    """
    levels = count_contexts(names, vocabulary, order)
    return _interpolate(levels, vocabulary, witten_bell_share)


def fit_kneser_ney(names: Iterable[str], vocabulary: Vocabulary, order: int) -> NGram:
    """Kneser-Ney, interpolated and modified: three discounts a level, and shorter contexts count kinds, not cases.

    The longest contexts keep their plain counts. In shorter ones, a character counts once for each different
    character that stood before it and its context; but contexts that begin a name, with nothing before them, keep
    plain counts too. Below the empty context lies the uniform law. A list too small for (3.7) gets fixed discounts.
    Source: Chen and Goodman 1999, section 3; eq. (3.5), (3.6) and (3.7).
    Raises TypeError or ValueError unless order is 1 to 50 and names are of this vocabulary.
    """
    levels = count_contexts(names, vocabulary, order)
    kinds = [level._replace(counts=continuations(level, longer, len(vocabulary))) for level, longer in pairwise(levels)]
    return _interpolate([*kinds, levels[-1]], vocabulary, kneser_ney_share)


def ngram_surprises(model: NGram, names: Iterable[str]) -> list[FloatArray]:
    """-ln p in nats of each predicted symbol, the end mark included: an array (letters + 1,) for each name.

    Infinite where the model gives probability 0. Raises TypeError or ValueError when `names` is not a non-empty list
    of names in the model's vocabulary.
    """
    V, checked = len(_require_ngram(model).vocabulary), require_names(names)
    targets = np.insert(model.vocabulary.encode_all(checked), np.cumsum([len(name) for name in checked]), END)
    histories = [END_MARK + name[:read] for name in checked for read in range(len(name) + 1)]
    p = np.full(len(targets), 1 / V)
    for length, rows in enumerate(model.levels):
        row = np.array([rows.contexts.get(history[len(history) - length :], -1) for history in histories])
        known = np.flatnonzero(row >= 0)
        pair, kept = row[known] * V + targets[known], np.append(rows.kept, 0)
        place = np.searchsorted(rows.pairs, pair)
        p[known] *= rows.spare[row[known]]
        p[known] += np.where(np.append(rows.pairs, -1)[place] == pair, kept[place], 0)
    with np.errstate(divide="ignore"):
        return np.split(-np.log(p), np.flatnonzero(targets == END)[:-1] + 1)


def ngram_nll(model: NGram, names: Iterable[str]) -> float:
    """The mean surprise in nats per predicted symbol, the end mark included; infinite if one has probability 0.

    The order of the names does not change a bit of it.
    Raises TypeError or ValueError when `names` is not a non-empty list of names in the model's vocabulary.
    """
    every = np.concatenate(ngram_surprises(model, names))
    return math.fsum(every) / len(every)


def sample_ngram(model: NGram, count: int, *, rng: np.random.Generator, max_length: int | None = None) -> list[str]:
    """Draw `count` names letter by letter; they end, or are cut, as those of `sample_names`.

    Raises TypeError or ValueError unless count >= 0 and max_length >= 1.
    """
    require_generator(rng)
    characters = _require_ngram(model).vocabulary.characters
    longest = STOP if max_length is None else require_integer("max_length", max_length, at_least=1)
    names = []
    for _ in range(require_integer("count", count, at_least=0)):
        name = ""
        while len(name) < longest:
            law = model.law(name)
            drawn = rng.choice(len(law), p=law)
            if drawn == END:
                break
            name += characters[drawn]
        else:
            name = CutName(name)
        names.append(name)
    return warn_of_cut(names) if max_length is None else names


def _interpolate(
    levels: list[Level], vocabulary: Vocabulary, share: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
) -> NGram:
    """Level by level: what `share` leaves of the counts, and what it takes from them for the level below."""
    V, scaled = len(vocabulary), []
    for level in levels:
        kept, taken = share(level.counts)
        scaled.append(scale(level, kept, row_sums(level.pairs // V, taken, len(level.contexts)), V))
    return NGram(len(levels), tuple(scaled), vocabulary)


def _require_ngram(model: NGram) -> NGram:
    return require_instance("model", model, NGram, source="fit_ngram")
