"""What is true of a patient, whatever it says of itself: a score by hand, a floor, and the bar of counting."""

from collections import Counter
from dataclasses import replace

import numpy as np

from lstm_lib.data import Batch
from lstm_lib.model import Params, init_params
from lstm_lib.model import forward as library_forward
from lstm_lib.ngram import fit_ngram, ngram_surprises
from lstm_lib.ops import log_softmax
from lstm_lib.patient.hunt import Patient
from lstm_lib.patient.passes import forward
from lstm_lib.tree import BoolArray, FloatArray
from lstm_lib.vocabulary import END_MARK, Vocabulary

ANA = ["ana", "nan", "anna", "a"]  # the names of the small checks
LOUD = 5.0
TOGETHER = 512  # names that are read side by side
ADD_K = {2: 0.1, 3: 0.2}  # chosen on validation names


def plain_params(V: int, D: int, H: int) -> Params:
    """Parameters without biases, as the patient has none, whose scores differ much from symbol to symbol."""
    params = init_params(V, D, H, rng=np.random.default_rng(22), forget_bias=0.0)
    return replace(params, W_y=LOUD * params.W_y)


def by_hand(params: Params, ids: dict[str, int], names: list[str]) -> float:
    """The mean of -ln p over all letters and end marks, one symbol after the other, in nats."""
    nats = []
    for name in names:
        read, state = END_MARK, None
        for symbol in name + END_MARK:
            logits, state, _ = library_forward(params, np.array([[ids[read]]]), state)
            nats.append(-float(log_softmax(logits)[0, 0, ids[symbol]]))
            read = symbol
    return sum(nats) / len(nats)


def nats_of(params: Params, batch: Batch) -> FloatArray:
    """-ln p (T, B) of every symbol that a table asks for, padding included."""
    log_p = forward(params, batch.inputs).log_p
    found: FloatArray = -np.take_along_axis(log_p, batch.targets[..., None], axis=-1)[..., 0].astype(np.float64)
    return found


def letters_after_the_first(batch: Batch, names: list[str], ids: dict[str, int]) -> BoolArray:
    """The cells (T, B) that ask for a name's second letter, its third, and so on up to its first end mark."""
    begins = 0 if (batch.inputs[0] == ids[END_MARK]).all() else 1  # the place in the name that the first cell asks for
    place = np.arange(len(batch.inputs))[:, None] + begins
    found: BoolArray = (place >= 1) & (place <= np.array([len(name) for name in names]))
    return found


def true_nats(patient: Patient, params: Params, ids: dict[str, int], names: list[str]) -> float:
    """The mean of -ln p over letters and end marks from the second symbol on: what all patients predict."""
    total, cells, longest = 0.0, 0, max(map(len, names))
    for start in range(0, len(names), TOGETHER):
        part = names[start : start + TOGETHER]
        batch = patient.tabulate(part, ids, longest)
        real = letters_after_the_first(batch, part, ids)
        total += float(nats_of(params, batch)[real].sum())
        cells += int(real.sum())
    return total / cells


def own_perplexity(patient: Patient, params: Params, ids: dict[str, int], names: list[str], longest: int) -> float:
    """What the patient prints: one perplexity a name over all cells but the first letter's, and the mean of these.

    Padding counts. A patient that never learned to predict padding gets it for nothing.
    """
    batch = patient.tabulate(names, ids, longest)
    nats = nats_of(params, batch)
    if not batch.mask.all():
        nats = nats * letters_after_the_first(batch, names, ids)
    return float(np.exp(nats.sum(axis=0) / (longest - 1)).mean())


def floor_of(batch: Batch) -> float:
    """What a perfect memory of these columns pays: it knows how often each symbol follows each beginning."""
    beginnings, pairs = Counter[tuple[int, ...]](), Counter[tuple[int, ...]]()
    for column, counted in enumerate(batch.mask.T):
        for t in np.flatnonzero(counted):
            read = (*batch.inputs[: t + 1, column].tolist(),)
            beginnings[read] += 1
            pairs[*read, int(batch.targets[t, column])] += 1
    nats = sum(count * np.log(beginnings[pair[:-1]] / count) for pair, count in pairs.items())
    return float(nats / pairs.total())


def counted_bar(train: list[str], held_out: list[str], order: int) -> float:
    """What an n-gram model of distinct training names pays, from the second symbol on, in nats."""
    distinct = list(dict.fromkeys(train))
    model = fit_ngram(distinct, Vocabulary.from_names([*train, *held_out]), order, add_k=ADD_K[order])
    return float(np.concatenate([each[1:] for each in ngram_surprises(model, held_out)]).mean())
