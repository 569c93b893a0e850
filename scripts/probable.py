"""Find every name above a floor of probability, by the shipped LSTM and by two models that count, for chapter 15.

Exact: each beginning of such a name is at least as probable as the name. No chance is involved: a second run gives the
same file. Usage: python scripts/probable.py (minutes, one thread). Writes lstm_lib/datasets/probable.json:
  "ranks"   numbers of names, from 1 to 100,000;
  and for each model "lstm", "kneser_ney_6" and "trigram":
  "mass"      for each rank, the probability that so many of its most probable names hold together;
  "train"     for each rank, how many of these stand in the training list; "held_out": in one of the two others;
  "first"     the first of them, with their probabilities;
  "floors"  below which probability no name was looked for, by model.
"""

import math
import os
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib.data import Split, load_splits
from lstm_lib.model import Params
from lstm_lib.ngram import fit_kneser_ney, fit_ngram
from lstm_lib.rule import pattern_rule
from lstm_lib.search import Found, names_above
from lstm_lib.train import load_trained
from lstm_lib.tree import FloatArray, tree_map
from lstm_lib.vocabulary import END, Vocabulary

PROBABLE = DATASETS / "probable.json"
RANKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
FLOORS = {"lstm": 1e-6, "kneser_ney_6": 8e-7, "trigram": 4e-7}  # low enough for the last rank
SHOWN = 20  # names that the file gives by themselves
ADD_K = 0.2  # of the trigram, as chosen on validation names in metrics.json


def by_lstm(params: Params, vocabulary: Vocabulary, floor: float) -> list[Found]:
    """All names that the LSTM gives at least this probability; one first letter after the other, to save memory."""
    exact = tree_map(lambda leaf: leaf.astype(np.float64), params)
    patterns = ["", *(f"{letter}*" for letter in vocabulary.characters[1:])]
    return [
        found
        for pattern in patterns
        for found in names_above(exact, vocabulary, floor, rule=pattern_rule(pattern, vocabulary))
    ]


def by_counting(law: Callable[[str], FloatArray], vocabulary: Vocabulary, floor: float) -> Iterator[Found]:
    """The same for a model that is asked for one law at a time."""
    waiting = [("", 0.0)]
    while waiting:
        text, log_p = waiting.pop()
        with np.errstate(divide="ignore"):
            below = log_p + np.log(law(text))
        for k in np.flatnonzero(below >= math.log(floor)).tolist():
            if k == END:
                yield Found(text, float(below[k]))
            else:
                waiting.append((text + vocabulary.characters[k], float(below[k])))


def summary(found: list[Found], split: Split) -> dict[str, Any]:
    """What the file says of one model; raises ValueError when the floor was too high for the last rank."""
    if len(found) < RANKS[-1]:
        raise ValueError(f"only {len(found)} names lie above the floor: lower it")
    ranked = sorted(found, key=lambda each: (-each.log_p, each.name))[: RANKS[-1]]
    mass = list(accumulate(math.exp(each.log_p) for each in ranked))
    counts = {}
    for kind, names in (("train", split.train), ("held_out", split.val + split.test)):
        known = set(names)
        so_far = list(accumulate(each.name in known for each in ranked))
        counts[kind] = [int(so_far[rank - 1]) for rank in RANKS]
    first = [[each.name, float(f"{math.exp(each.log_p):.4g}")] for each in ranked[:SHOWN]]
    return {"mass": [float(f"{mass[rank - 1]:.6g}") for rank in RANKS], **counts, "first": first}


def main() -> None:
    """All three models."""
    split, (params, vocabulary) = load_splits(), load_trained()
    found: dict[str, Any] = {"floors": FLOORS, "ranks": RANKS}
    counting = {
        "trigram": fit_ngram(split.train, vocabulary, 3, add_k=ADD_K),
        "kneser_ney_6": fit_kneser_ney(split.train, vocabulary, 6),
    }
    for name, model in counting.items():
        above = list(by_counting(model.law, vocabulary, FLOORS[name]))
        print(name, len(above), flush=True)
        found[name] = summary(above, split)
        print(name, found[name]["mass"][-1], flush=True)
    found["lstm"] = summary(by_lstm(params, vocabulary, FLOORS["lstm"]), split)
    write_json(PROBABLE, found)


if __name__ == "__main__":
    main()
