"""How good a model is: its surprise on names it has not seen, and how new the names are that it invents."""

from collections.abc import Iterable
from typing import NamedTuple

from lstm_lib.arguments import require_names
from lstm_lib.data import make_batch
from lstm_lib.model import Params, initial_state
from lstm_lib.packed import forward, pack, read_out, total_nats
from lstm_lib.sample import require_model
from lstm_lib.vocabulary import Vocabulary

CHUNK = 512  # names scored side by side: bounds the memory


class Novelty(NamedTuple):
    """What a list of invented names consists of; the last three shares sum to 1."""

    samples: int
    distinct: float  # share of different names among all
    in_train: float  # share that stand in the training names: memorised, or lucky
    in_held_out: float  # share that are real names which the model never saw
    new: float  # share that stand in neither


def nll(params: Params, vocabulary: Vocabulary, names: Iterable[str]) -> float:
    """The mean of -log p in nats per predicted symbol, the end mark included, padding never.

    The order of the names does not change a bit of it; a name that stands twice counts twice.
    Raises TypeError or ValueError when `names` is not a non-empty list of names in this vocabulary.
    """
    require_model(params, vocabulary)
    ordered = sorted(require_names(names))  # neighbours begin alike, and share the states of their common prefix
    total, symbols = 0.0, 0
    for start in range(0, len(ordered), CHUNK):
        batch = make_batch(ordered[start : start + CHUNK], vocabulary)
        packed = pack(batch.inputs, batch.mask, shared=True)
        run = forward(params, packed, initial_state(params, len(batch.mask[0])))
        total += total_nats(read_out(params, run.h), packed.row, batch.targets[packed.cell])
        symbols += len(packed.row)
    return total / symbols


def novelty_report(samples: Iterable[str], train: Iterable[str], held_out: Iterable[str]) -> Novelty:
    """Sort invented names into memorised, rediscovered and new.

    `held_out` are the real names that were not trained on: validation and test together. A name in both lists
    counts as trained on.
    Raises TypeError or ValueError when a list is not a non-empty list of strings.
    """
    drawn = require_names(samples, what="samples")
    known, unseen = set(require_names(train, what="train")), set(require_names(held_out, what="held_out"))
    count = len(drawn)
    in_train = sum(name in known for name in drawn)
    in_held_out = sum(name in unseen and name not in known for name in drawn)
    new = count - in_train - in_held_out
    return Novelty(count, len(set(drawn)) / count, in_train / count, in_held_out / count, new / count)
