"""The three courses of chapter 22's patient, and what each of its defects costs alone.

Usage: python scripts/patient.py. Some minutes on one thread; runs that are in the file are not made again: delete
it when the recipe changes. Writes lstm_lib/datasets/patient.json:
  rivals    what counting pays on the names that no run ever saw, in nats, from the second symbol on
  courses   by course and seed: every few hundred steps the number that the patient prints and the true nats,
            and at the end what a thousand invented names consist of
  caught    what the two checks that train find in each defect, planted alone
  alone     by defect and seed: the true nats of names never seen, at the step that the validation names choose
"""

import json
import os
from collections.abc import Iterable
from itertools import islice
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, Split, split_names
from lstm_lib.model import Params
from lstm_lib.ngram import fit_kneser_ney, fit_ngram, ngram_surprises
from lstm_lib.optim import adam_init, clip_by_global_norm
from lstm_lib.patient.checks import TRAINED, examine
from lstm_lib.patient.defects import SILENT, SWITCHES
from lstm_lib.patient.hunt import Patient, make_patient, supply
from lstm_lib.patient.lists import read_rows
from lstm_lib.patient.truth import ADD_K, own_perplexity, true_nats
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

PATIENT = DATASETS / "patient.json"
SEEDS = (1, 2, 3)
FULL = {"D": 32, "H": 128, "steps": 4000, "every": 250, "size": 20, "lr": 0.005}  # ten epochs of rows
SMALL = {"D": 32, "H": 64, "steps": 600, "every": 100, "size": 20, "lr": 0.005}
OUT = {"first step only", "one update", "bare softmax", "set order", "rows for names"}  # mended, or not of a run
FOUND = frozenset(SWITCHES) - OUT - {"another loss"}  # which changes no step
COURSES = {
    "it runs": FOUND,
    "gradients mended": FOUND - {"last step only", "candidate only"},
    "all mended": frozenset[str](),
}
NOT_LEARNED = {"another loss", "mean of perplexities", "sum over time"}  # they change what is printed, or its scale
ALONE = ("none", "repeats", *(each for each in SWITCHES if each not in OUT | NOT_LEARNED))
SAMPLES = 1000


def the_lists() -> tuple[list[str], Split]:
    """The rows that teach, in the order of the file, and the split of the distinct names that they come from."""
    rows = read_rows()
    split = split_names(rows, rng=np.random.default_rng(22))
    known = set(split.train)
    return [name for name in rows if name in known], split


def run(
    sick: Iterable[str], seed: int, *, D: int, H: int, steps: int, every: int, size: int, lr: float,
    as_found: bool = False, repeats: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One course: what it says of itself, and what is true, every so many steps; and its names at the end.

    `as_found`: no gradient is clipped, and the last weights are kept, not those that the validation names choose.
    `repeats`: it learns from rows, where a name stands once for each year and sex.
    """
    patient, rng = make_patient(sick), np.random.default_rng(seed)
    rows, split = the_lists()
    names, ids = rows if repeats else [*dict.fromkeys(rows)], patient.number(read_rows())
    params: Params = tree_map(lambda leaf: leaf.astype(np.float32), patient.begin(len(ids), D, H, rng=rng))
    state, tables = adam_init(params), supply(patient, names, ids, size, rng=rng)
    course: dict[str, list[float]] = {"step": [], "own": [], "train": [], "val": [], "test": []}
    kept = params
    for step in range(0, steps + 1, every):
        note(course, step, patient, params, ids, rows, split)
        if as_found or course["val"][-1] == min(course["val"]):
            kept = params
        for table in islice(tables, every if step < steps else 0):
            grads = gradient(patient, params, table, sick)
            grads = grads if as_found else clip_by_global_norm(grads, 1.0)[0]
            params, state = patient.update(params, grads, state, lr=lr)
    return course | {"names": written(patient, kept, ids, split, rng)}


def gradient(patient: Patient, params: Params, table: Batch, sick: Iterable[str]) -> Params:
    """The patient's gradient; where it is the right one it comes from the library's fast route, to save time."""
    if {"last step only", "candidate only"} & set(sick):
        return patient.loss_and_grads(params, table)[1]
    factor = table.mask.sum() / len(table.mask[0]) if "sum over time" in sick else 1
    grads: Params = tree_map(lambda leaf: leaf * leaf.dtype.type(factor), loss_and_grads(params, table)[1])
    return grads


def note(
    course: dict[str, list[float]], step: int, patient: Patient, params: Params, ids: dict[str, int],
    rows: list[str], split: Split,
) -> None:  # fmt: skip
    """Add a line to the course."""
    true = [
        round(true_nats(patient, params, ids, list(part)), 4) for part in (split.train[:500], split.val, split.test)
    ]
    own = round(own_perplexity(patient, params, ids, rows[:: len(rows) // 500], max(map(len, read_rows()))), 4)
    for key, value in zip(course, (step, own, *true), strict=True):
        course[key].append(value)


def written(
    patient: Patient, params: Params, ids: dict[str, int], split: Split, rng: np.random.Generator
) -> dict[str, Any]:
    """What a thousand invented names consist of, and the first of them."""
    drawn = patient.draw(params, ids, SAMPLES, rng=rng)
    known, unseen = set(split.train), {*split.val, *split.test}
    return {
        "in_train": sum(name in known for name in drawn),
        "in_held_out": sum(name in unseen for name in drawn),
        "empty": drawn.count(""),
        "first": drawn[:12],
    }


def rivals() -> dict[str, float]:
    """What models that count distinct training names pay for the test names."""
    _, split = the_lists()
    vocabulary = Vocabulary.from_names(read_rows())
    found = {
        name: fit_ngram(split.train, vocabulary, n, add_k=ADD_K[n]) for name, n in {"bigram": 2, "trigram": 3}.items()
    }
    found["kneser_ney_6"] = fit_kneser_ney(split.train, vocabulary, 6)
    surprises = {name: ngram_surprises(model, split.test) for name, model in found.items()}
    return {
        name: round(float(np.concatenate([each[1:] for each in nats]).mean()), 4) for name, nats in surprises.items()
    }


def main() -> None:
    """All runs that are not there yet."""
    found = json.loads(PATIENT.read_text(encoding="utf-8")) if PATIENT.exists() else {"courses": {}, "alone": {}}
    found["rivals"] = rivals()
    for name in TRAINED:
        done = found.setdefault("caught", {}).setdefault(name, {})
        for switch in ("none", *SILENT, "tiny start"):
            if switch not in done:
                finding = examine(make_patient({switch} - {"none"}), name)
                done[switch] = {"passed": finding.passed, "saw": finding.saw}
                write_json(PATIENT, found)
    for seed in SEEDS:
        for name, sick in COURSES.items():
            done = found["courses"].setdefault(name, {})
            if str(seed) not in done:
                done[str(seed)] = run(sick, seed, **FULL, as_found=bool(sick), repeats=bool(sick))
                write_json(PATIENT, found)
                print(
                    name, seed, {key: each[-1] for key, each in done[str(seed)].items() if key != "names"}, flush=True
                )
        for switch in ALONE:
            done = found["alone"].setdefault(switch, {})
            if str(seed) not in done:
                course = run({switch} - {"none", "repeats"}, seed, **SMALL, repeats=switch == "repeats")
                done[str(seed)] = course["test"][int(np.argmin(course["val"]))]
                write_json(PATIENT, found)
                print(switch, seed, done[str(seed)], flush=True)


if __name__ == "__main__":
    main()
