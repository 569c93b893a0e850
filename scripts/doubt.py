"""Do the temperatures of chapter 16 help other weights? Three seeds of the main recipe, and the rival that counts.

Usage: python scripts/doubt.py. Some five minutes on one thread; finished runs are not made again: delete the file when
the main recipe changes. Writes lstm_lib/datasets/doubt.json: for each model and remedy what all test names cost, and
how far the names that lie two edits or more from training are from Kneser-Ney 6, with the interval.
"""

import json
import os
from collections.abc import Callable
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, data_version, difference, lists_of, mean_nats, vocabulary_of, write_json
from recipes import MAIN
from summing_up import FOLDER
from training import trained

from lstm_lib.data import Split
from lstm_lib.evaluate import log_laws
from lstm_lib.judge.nearest import edit_distances
from lstm_lib.judge.temperature import tempered, tune_temperature
from lstm_lib.ngram import NGram, fit_kneser_ney
from lstm_lib.train import load_trained
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import Vocabulary

DOUBT = DATASETS / "doubt.json"
SEEDS = (1, 2, 3)
CARE = 0.001  # nats per symbol that the validation names may pay for the largest weight of the tally
Names = tuple[str, ...]


class Laws(NamedTuple):
    """What a model says of a list of names: ln p of every symbol at each place (M, V), and the ids that came (M,)."""

    logs: FloatArray
    came: IntArray
    ends: IntArray

    def by_name(self, nats: FloatArray) -> list[FloatArray]:
        """Numbers (M,), one array a name."""
        return np.split(nats, self.ends[:-1])


def laws_of(each: list[FloatArray], names: Names, vocabulary: Vocabulary) -> Laws:
    """From the log-probabilities of each name."""
    came = np.concatenate([[*vocabulary.encode(name), 0] for name in names])
    return Laws(np.concatenate(each).astype(np.float64), came, np.cumsum([len(name) + 1 for name in names]))


def counted_laws(model: NGram, names: Names) -> list[FloatArray]:
    """ln p of every symbol at each place, as `log_laws` gives it for a network."""
    begun = {name[:k] for name in names for k in range(len(name) + 1)}
    law = {prefix: np.log(model.law(prefix)) for prefix in begun}
    return [np.array([law[name[:k]] for k in range(len(name) + 1)]) for name in names]


def clues(laws: Laws) -> FloatArray:
    """1, the entropy, and the tally of what came before (M, 3): eq. (16.4)."""
    entropy = -(np.exp(laws.logs) * laws.logs).sum(axis=1)
    over = np.maximum(-laws.logs[np.arange(len(laws.came)), laws.came] - entropy - 1, 0)
    tally = np.concatenate([np.cumsum(each) - each for each in laws.by_name(over)])
    return np.column_stack([np.ones(len(over)), entropy, tally])


def with_weights(laws: Laws, known: FloatArray, weights: FloatArray) -> FloatArray:
    """The surprises (M,) at the temperatures that these weights of the first of the known clues (M, 3) give."""
    return tempered(laws.logs, laws.came, np.exp(known[:, : len(weights)] @ weights))


def careful(val: Laws) -> dict[str, FloatArray]:
    """The weights of each remedy, from validation names alone, as chapter 16 chooses them."""
    known = clues(val)
    one, three = (tune_temperature(val.logs, val.came, known[:, :count]) for count in (1, 3))
    most, more = with_weights(val, known, three).mean() + CARE, np.array([0, 0, 0.001])
    while with_weights(val, known, three + more).mean() <= most:
        three = three + more
    return {"as it is": np.zeros(1), "one temperature": one, "(16.4)": three}


def remedies(val: Laws, test: Laws) -> dict[str, tuple[FloatArray, list[FloatArray]]]:
    """For each remedy its weights, and what each test name then costs."""
    known = clues(test)
    found = careful(val).items()
    return {name: (weights, test.by_name(with_weights(test, known, weights))) for name, weights in found}


def compared(model: dict[str, Any], rival: dict[str, Any], far: FloatArray) -> dict[str, Any]:
    """For each remedy the mean surprise of all test names, and the far ones minus the rival's: as it is, and alike."""
    found = {}
    for name, (weights, nats) in model.items():
        found[name] = {"weights": weights.round(4).tolist(), "all": mean_nats(nats)}
        for key, remedy in (("far", "as it is"), ("far_alike", name)):
            found[name][key] = difference(*(of_far(each, far) for each in (nats, rival[remedy][1])))
    return found


def of_far(nats: list[FloatArray], far: FloatArray) -> list[FloatArray]:
    """Those of the far names."""
    return [nats[k] for k in np.flatnonzero(far)]


def main() -> None:
    """The models at hand, then those that must be trained and are not in the file yet."""
    split = lists_of("corpus")
    vocabulary, far = vocabulary_of(split), edit_distances(split.test, split.train) > 1
    counting, (shipped, _) = fit_kneser_ney(split.train, vocabulary, 6), load_trained()

    def doubtful(laws: Callable[[Names], list[FloatArray]]) -> dict[str, Any]:
        return remedies(*(laws_of(laws(names), names, vocabulary) for names in (split.val, split.test)))

    rival = doubtful(lambda names: counted_laws(counting, names))
    model = doubtful(lambda names: log_laws(shipped, vocabulary, names))
    found = {"lists": data_version()["names"], "kneser_ney_6": compared(rival, rival, far)}
    found |= {"lstm_shipped": compared(model, rival, far)}
    kept = json.loads(DOUBT.read_text(encoding="utf-8")) if DOUBT.exists() else {}
    for name, seed in ((f"main-{seed}", seed) for seed in SEEDS):
        found[name] = kept.get(name) or compared(doubtful(trained_laws(split, vocabulary, seed)), rival, far)
        write_json(DOUBT, found)
        print(name, found[name], flush=True)


def trained_laws(split: Split, vocabulary: Vocabulary, seed: int) -> Callable[[Names], list[FloatArray]]:
    """Train by the main recipe, or continue; the laws of what comes out."""
    FOLDER.mkdir(exist_ok=True)
    how = {"unfinished": FOLDER / f"doubt-{seed}.run.npz", "eval_every": MAIN["steps"] // 20, "progress": False}
    _, params, _ = trained(split, vocabulary, MAIN, seed, **how)
    return lambda names: log_laws(params, vocabulary, names)


if __name__ == "__main__":
    main()
