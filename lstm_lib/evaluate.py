"""How good a model is: its surprise on names it has not seen, and how new the names are that it invents."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import describe, require_names, require_row
from lstm_lib.data import Batch, make_batch
from lstm_lib.judge.bootstrap import Interval, bootstrap, paired_bootstrap, require_surprises
from lstm_lib.loss import bits_per_character, perplexity
from lstm_lib.model import Params, initial_state
from lstm_lib.packed import Packed, forward, pack, read_out
from lstm_lib.sample import CutName, require_model
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import Vocabulary

__all__ = [
    "Band", "Interval", "Novelty", "Score", "bootstrap", "log_laws", "nll", "nll_by_frequency", "nll_by_position",
    "novelty_report", "paired_bootstrap", "score", "surprises",
]  # fmt: skip

CHUNK = 512  # names scored side by side: bounds the memory


class Score(NamedTuple):
    """How a list of names was predicted; the last three say the same thing in three units."""

    names: int
    symbols: int  # predicted ones: the letters, and one end mark a name; padding never
    nll: float  # nats per predicted symbol
    bits: float  # per predicted symbol
    perplexity: float  # so many equally likely symbols would be as hard to guess


class Band(NamedTuple):
    """The names with at least `low` and fewer than `high` bearers."""

    low: float
    high: float
    names: int
    nll: float  # nats per predicted symbol; nan where the band has no names


class Novelty(NamedTuple):
    """What a list of invented names consists of; the last four shares sum to 1."""

    samples: int
    distinct: float  # share of different names among all
    in_train: float  # share that stand in the training names: known
    in_held_out: float  # share that are real names which the model never saw
    new: float  # share that stand in neither
    cut: float = 0.0  # share that `max_length` cut: a beginning is neither known nor new


def surprises(params: Params, vocabulary: Vocabulary, names: Iterable[str]) -> list[FloatArray]:
    """-ln p in nats of each predicted symbol, the end mark included: an array (letters + 1,) for each name.

    Raises TypeError or ValueError when `names` is not a non-empty list of names in this vocabulary.
    """
    return _name_by_name(params, vocabulary, names, _surprises_of_batch)


def log_laws(params: Params, vocabulary: Vocabulary, names: Iterable[str]) -> list[FloatArray]:
    """ln p of every symbol, at each place where one is predicted: an array (letters + 1, V) for each name.

    Raises what `surprises` raises.
    """
    return _name_by_name(params, vocabulary, names, _log_laws_of_batch)


def _name_by_name(
    params: Params, vocabulary: Vocabulary, names: Iterable[str], of_batch: Callable[[Params, Batch], list[FloatArray]]
) -> list[FloatArray]:
    """What `of_batch` finds for each name, some hundred side by side."""
    require_model(params, vocabulary)
    given = require_names(names)
    order = sorted(range(len(given)), key=given.__getitem__)  # neighbours begin alike: they share states
    found: dict[int, FloatArray] = {}
    for start in range(0, len(order), CHUNK):
        places = order[start : start + CHUNK]
        batch = make_batch([given[k] for k in places], vocabulary)
        found |= zip(places, of_batch(params, batch), strict=True)
    return [found[place] for place in range(len(given))]


def _surprises_of_batch(params: Params, batch: Batch) -> list[FloatArray]:
    log_p, packed = _read(params, batch)
    nats = np.zeros(batch.mask.shape)
    nats[packed.cell] = -log_p[packed.row, batch.targets[packed.cell]]
    return np.split(nats.T[batch.mask.T], np.cumsum(batch.mask.sum(axis=0))[:-1])


def _log_laws_of_batch(params: Params, batch: Batch) -> list[FloatArray]:
    log_p, packed = _read(params, batch)
    laws = np.zeros((*batch.mask.shape, params.vocab_size), params.dtype)
    laws[packed.cell] = log_p[packed.row]
    return [laws[:symbols, column] for column, symbols in enumerate(batch.mask.sum(axis=0))]


def _read(params: Params, batch: Batch) -> tuple[FloatArray, Packed]:
    """ln p of every symbol after each distinct beginning, and where each cell of the batch finds its own."""
    packed = pack(batch.inputs, batch.mask, shared=True)
    run = forward(params, packed, initial_state(params, batch.mask.shape[1]))
    return read_out(params, run.h), packed


def nll(params: Params, vocabulary: Vocabulary, names: Iterable[str]) -> float:
    """The mean of -ln p in nats per predicted symbol, the end mark included, padding never.

    The order of the names does not change a bit of it; a name that stands twice counts twice.
    It is nan or infinite where parameters that are nan or huge make the surprises so.
    Raises TypeError or ValueError when `names` is not a non-empty list of names in this vocabulary.
    """
    return float(np.concatenate(surprises(params, vocabulary, sorted(require_names(names)))).mean())


def score(nats: Sequence[FloatArray]) -> Score:
    """Sum up what `surprises` or `ngram_surprises` returned; infinite when a symbol had probability 0.

    Raises TypeError or ValueError for anything else, such as numbers that are nan or below 0.
    """
    every = np.concatenate(require_surprises(nats))
    mean = float(every.mean())
    if not math.isfinite(mean):  # an n-gram gave probability 0 to what came
        return Score(len(nats), len(every), math.inf, math.inf, math.inf)
    return Score(len(nats), len(every), mean, bits_per_character(mean), perplexity(mean))


def nll_by_position(nats: Sequence[FloatArray]) -> tuple[FloatArray, IntArray]:
    """The mean surprise (T,) at the first symbol of a name, at the second, and so on, and how many stand there (T,).

    Takes what `surprises` or `ngram_surprises` returned; T is the longest name's letters plus one.
    Raises TypeError or ValueError for anything else.
    """
    checked = require_surprises(nats)
    position = np.concatenate([np.arange(len(each)) for each in checked])
    counts = np.bincount(position)
    return np.bincount(position, weights=np.concatenate(checked)) / counts, counts


def nll_by_frequency(nats: Sequence[FloatArray], bearers: ArrayLike, bounds: Sequence[float]) -> list[Band]:
    """The mean surprise for names in bands of frequency: band k has at least `bounds[k]` bearers, below `bounds[k+1]`.

    `bearers` (names,) belong to the names in their order; names outside all bands are left out. The last of the
    `bounds` may be `math.inf`.
    Raises TypeError or ValueError unless there is a number >= 0 for each name, and at least two rising bounds.
    """
    checked, counts, edges = require_surprises(nats), require_row("bearers", bearers), require_row("bounds", bounds)
    if len(counts) != len(checked) or not (counts >= 0).all():
        raise ValueError(f"bearers must hold a number >= 0 for each of {len(checked)} names; got {describe(bearers)}")
    if len(edges) < 2 or not (edges[1:] > edges[:-1]).all():
        raise ValueError(f"bounds must be at least two rising numbers; got {describe(bounds)}")
    bands = []
    for low, high in pairwise(bounds):
        chosen = [each for each, count in zip(checked, counts, strict=True) if low <= count < high]
        bands.append(Band(low, high, len(chosen), score(chosen).nll if chosen else math.nan))
    return bands


def novelty_report(samples: Iterable[str], train: Iterable[str], held_out: Iterable[str]) -> Novelty:
    """Sort invented names into known, rediscovered, new, and those that `sample_names` cut.

    `held_out` are the real names that were not trained on: validation and test together. A name in both lists
    counts as trained on.
    Raises TypeError or ValueError when a list is not a non-empty list of strings.
    """
    drawn = require_names(samples, what="samples")
    known, unseen = set(require_names(train, what="train")), set(require_names(held_out, what="held_out"))
    whole = [name for name in drawn if not isinstance(name, CutName)]
    in_train = sum(name in known for name in whole)
    in_held_out = sum(name in unseen and name not in known for name in whole)
    counts = in_train, in_held_out, len(whole) - in_train - in_held_out, len(drawn) - len(whole)
    return Novelty(len(drawn), len(set(drawn)) / len(drawn), *(each / len(drawn) for each in counts))
