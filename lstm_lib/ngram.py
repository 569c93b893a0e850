"""Models that count: the uniform law, add-k, Witten-Bell and interpolated Kneser-Ney, of any order."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from lstm_lib.arguments import (
    describe,
    require_array,
    require_generator,
    require_instance,
    require_integer,
    require_names,
    require_number,
)
from lstm_lib.counts import Level, continuations, count_contexts, kneser_ney_share, witten_bell_share
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

LARGEST_TABLE = 10**7


@dataclass(frozen=True, eq=False)
class NGram:
    """The laws of the next character, each belonging to a context: the characters before it, at most `order` - 1.

    A name's history begins with the end mark. `contexts[n]` holds a row number for each context of n characters,
    `laws[n]` (rows, V) the rows. The longest end of the history that has a row decides; "" always has one.
    Raises TypeError or ValueError unless the parts fit each other and each row holds probabilities that sum to 1.
    """

    order: int
    contexts: tuple[dict[str, int], ...]
    laws: tuple[FloatArray, ...]
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        V = len(require_instance("vocabulary", self.vocabulary, Vocabulary, source="Vocabulary.from_names"))
        lengths = max(1, require_integer("order", self.order, at_least=0))
        if not isinstance(self.contexts, tuple) or not isinstance(self.laws, tuple):
            raise TypeError(f"contexts and laws must be tuples; got {describe(self.contexts)}, {describe(self.laws)}")
        if not len(self.contexts) == len(self.laws) == lengths or "" not in self.contexts[0]:
            raise ValueError(f"contexts and laws must hold {lengths} lengths, '' among them; got {self.contexts!r:.80}")
        for known, law in zip(self.contexts, self.laws, strict=True):
            if sorted(known.values()) != list(range(len(known))):
                raise ValueError(f"contexts must number their rows from 0 on, each once; got {describe(known)}")
            require_array("laws", law, "floats", shape=(len(known), V))
            if law.size and not (law.min() >= 0 and np.allclose(law.sum(axis=-1), 1, rtol=0, atol=1e-9)):
                raise ValueError(f"each row of laws must hold probabilities >= 0 that sum to 1; got {law}")

    def law(self, prefix: str) -> FloatArray:
        """The probabilities (V,) of the character that follows `prefix`, the first letters of a name; a copy.

        Raises TypeError unless `prefix` is a string, ValueError when it holds what is no letter of the vocabulary.
        """
        if not isinstance(prefix, str) or not self._letters.issuperset(prefix):
            self.vocabulary.encode(prefix)  # raises the error that says what came
        return np.array(self._law_after(END_MARK + prefix))

    def _law_after(self, history: str) -> FloatArray:
        """The row itself, for a history that has been checked."""
        for start in range(max(0, len(history) + 1 - max(1, self.order)), len(history)):
            row = self.contexts[len(history) - start].get(history[start:])
            if row is not None:
                found: FloatArray = self.laws[len(history) - start][row]
                return found
        root: FloatArray = self.laws[0][self.contexts[0][""]]
        return root

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
    Raises ValueError or TypeError unless order >= 0, add_k is within 0 and 1e9, and names are of this vocabulary.
    """
    k = require_number("add_k", add_k, at_least=0, at_most=1e9)
    levels = count_contexts(names, vocabulary, max(1, require_integer("order", order, at_least=0)))
    contexts, laws = [], []
    for length, (known, counts) in enumerate(levels):
        whole = [c for c in known if length == order - 1 or c.startswith(END_MARK)]
        smoothed = counts[[known[c] for c in whole]] + k
        contexts.append({c: row for row, c in enumerate(whole)})
        laws.append(smoothed / smoothed.sum(axis=-1, keepdims=True))  # (3.2), and (3.1) where k = 0
    if order != 1:
        contexts[0], laws[0] = {"": 0}, _uniform(vocabulary)
    return NGram(order, tuple(contexts), tuple(laws), vocabulary)


def fit_witten_bell(names: Iterable[str], vocabulary: Vocabulary, order: int) -> NGram:
    """Witten-Bell: a context seen n times, with t different successors, keeps the share n / (n + t) for its counts.

    The rest goes to the law of the context that is one character shorter; below the empty one lies the uniform law.
    Source: Witten and Bell 1991, method C, interpolated as in Chen and Goodman 1999; eq. (3.4).
    Raises TypeError or ValueError unless order >= 1 and names are of this vocabulary.
    """
    levels = count_contexts(names, vocabulary, order)
    return _interpolate(levels, vocabulary, witten_bell_share)


def fit_kneser_ney(names: Iterable[str], vocabulary: Vocabulary, order: int) -> NGram:
    """Kneser-Ney, interpolated and modified: three discounts a level, and shorter contexts count kinds, not cases.

    The longest contexts keep their plain counts. In shorter ones, a character counts once for each different
    character that stood before it and its context; but contexts that begin a name, with nothing before them, keep
    plain counts too. Below the empty context lies the uniform law. A list too small for (3.7) gets fixed discounts.
    Source: Chen and Goodman 1999, section 3; eq. (3.5), (3.6) and (3.7).
    Raises TypeError or ValueError unless order >= 1 and names are of this vocabulary.
    """
    levels = count_contexts(names, vocabulary, order)
    kinds = [(known, continuations(known, counts, *longer)) for (known, counts), longer in pairwise(levels)]
    return _interpolate([*kinds, levels[-1]], vocabulary, kneser_ney_share)


def ngram_surprises(model: NGram, names: Iterable[str]) -> list[FloatArray]:
    """-ln p in nats of each predicted symbol, the end mark included: an array (letters + 1,) for each name.

    Infinite where the model gives probability 0. Raises TypeError or ValueError when `names` is not a non-empty list
    of names in the model's vocabulary.
    """
    vocabulary = _require_ngram(model).vocabulary
    chances = []
    for name in require_names(names):
        targets, text = [*vocabulary.encode(name), END], END_MARK + name
        laws = (model._law_after(text[:read]) for read in range(1, len(text) + 1))
        chances.append(np.array([law[target] for law, target in zip(laws, targets, strict=True)]))
    with np.errstate(divide="ignore"):
        return [-np.log(p) for p in chances]


def ngram_nll(model: NGram, names: Iterable[str]) -> float:
    """The mean surprise in nats per predicted symbol, the end mark included; infinite if one has probability 0.

    The order of the names does not change a bit of it.
    Raises TypeError or ValueError when `names` is not a non-empty list of names in the model's vocabulary.
    """
    every = np.concatenate(ngram_surprises(model, names))
    return math.fsum(every) / len(every)


def sample_ngram(model: NGram, count: int, *, rng: np.random.Generator, max_length: int = 30) -> list[str]:
    """Draw `count` names letter by letter; a name ends at its end mark or at `max_length` letters.

    Raises TypeError or ValueError unless count >= 0 and max_length >= 1.
    """
    require_generator(rng)
    characters = _require_ngram(model).vocabulary.characters
    longest = require_integer("max_length", max_length, at_least=1)
    names = []
    for _ in range(require_integer("count", count, at_least=0)):
        name = ""
        while len(name) < longest:
            law = model.law(name)
            drawn = int(rng.choice(len(law), p=law))
            if drawn == END:
                break
            name += characters[drawn]
        names.append(name)
    return names


def _interpolate(
    levels: list[Level], vocabulary: Vocabulary, share: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
) -> NGram:
    """Level by level: what `share` leaves of the counts, and its spare mass dealt out by the level below."""
    laws: list[FloatArray] = []
    for length, (known, counts) in enumerate(levels):
        kept, spare = share(counts)
        shorter = levels[length - 1][0]
        lower = laws[-1][[shorter[context[1:]] for context in known]] if laws else _uniform(vocabulary)
        laws.append((kept + spare * lower) / (kept.sum(axis=-1, keepdims=True) + spare))  # (3.3)
    return NGram(len(levels), tuple(known for known, _ in levels), tuple(laws), vocabulary)


def _uniform(vocabulary: Vocabulary) -> FloatArray:
    return np.full((1, len(vocabulary)), 1 / len(vocabulary))


def _require_ngram(model: NGram) -> NGram:
    return require_instance("model", model, NGram, source="fit_ngram")
