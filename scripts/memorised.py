"""What do small networks remember of their training list? Every run of chapter 17: canaries, membership, who is in it.

Usage: python scripts/memorised.py. One run after the other, some ten minutes on one thread; finished runs stay in the
folder sweep/ and are not made again: delete them when the recipe changes. Writes lstm_lib/datasets/memorised.json:
  "recipe"      the sizes and settings of every run;
  "exposure"    by condition and copies: for each seed the exposures of the canaries planted so often, in bits; "0" are
                the canaries of the other seeds, which this network never read;
  "membership"  by condition and score: for each seed the area, and the share of members found at 1 % false alarms;
                "control" asks this network who was in the list of another one; besides what the members and the
                strangers cost, in nats per symbol ("loss" is that of a whole name; "short" learns in fewer steps);
  "curves"      the ROC curves of the condition "plain", means over the seeds;
  "recited"     by model: how probable all training names and all held-out names are, at each of the "taus"; of the
                shipped weights and of Kneser-Ney 6;
  "company"     by condition: the same for targets whose near-duplicates stand in the list, or other names instead;
                besides the "gap" between strangers and members and the "spread" of the strangers, in nats a name;
  "mixture"     by the share of girls' names in the list: what held-out girls' and boys' names cost, for each seed.
"""

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, vocabulary_of, write_json
from remembered import (
    LETTERS,
    SHARES,
    Halves,
    companies,
    corpus,
    halves,
    held_out,
    mixtures,
    nameless,
    place_of,
    recited,
)
from summing_up import FOLDER

from lstm_lib.data import load_splits
from lstm_lib.evaluate import surprises
from lstm_lib.judge.exposure import every_name, exposure
from lstm_lib.judge.membership import area, roc
from lstm_lib.model import init_params
from lstm_lib.train import fit
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

MEMORISED = DATASETS / "memorised.json"
RECIPE: dict[str, Any] = {
    "embedding_size": 16, "hidden_size": 64, "batch_size": 64, "lr": 0.004, "warmup": 100, "final_lr": 0.00008,
    "max_norm": 1.0, "beta2": 0.99, "steps": 2500, "steps_short": 1250, "steps_lists": 1500, "dropout": 0.5,
    "canaries": 4, "copies": [1, 4, 16, 64], "seeds": [1, 2, 3, 4, 5], "dtype": "float32",
}  # fmt: skip
ALARMS = np.logspace(-3, 0, 31)  # shares of strangers accused, where the ROC curves are kept
Found = dict[str, dict[str, FloatArray]]
SETTINGS = ("batch_size", "lr", "warmup", "final_lr", "max_norm", "beta2")


class Run(NamedTuple):
    """A list to learn from, names to be asked about afterwards, and how to learn."""

    name: str
    train: list[str]
    asked: list[str]
    steps: int
    dropout: float
    seed: int
    ranked: bool = False  # whether every name of LETTERS letters is asked about, too


def runs() -> Iterator[Run]:
    """Every run of the chapter."""
    seeds, steps, lists = RECIPE["seeds"], RECIPE["steps"], RECIPE["steps_lists"]
    population = load_splits().train
    conditions = ("plain", steps, 0.0), ("dropout", steps, RECIPE["dropout"]), ("short", RECIPE["steps_short"], 0.0)
    for condition, taken, dropout in conditions:
        for seed in seeds:
            train = halves(population, seed, RECIPE).train
            yield Run(f"{condition}-{seed}", train, list(population), taken, dropout, seed, ranked=True)
    for seed in seeds:
        for condition, company in companies(population, seed).items():
            yield Run(f"{condition}-{seed}", company.train, company.targets, lists, 0.0, seed)
        for share, mixed in mixtures(seed).items():
            yield Run(f"mixture-{share}-{seed}", mixed.train, mixed.asked, lists, 0.0, seed)


def finished(run: Run, vocabulary: Vocabulary) -> dict[str, FloatArray]:
    """What the trained network says: nats for each name asked about; ln p of every short name. Trains if need be."""
    path = FOLDER / f"memorised-{run.name}.npz"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        rng = np.random.default_rng([17, run.seed])
        sizes = RECIPE["embedding_size"], RECIPE["hidden_size"]
        start = init_params(len(vocabulary), *sizes, rng=rng, dtype=np.dtype(RECIPE["dtype"]))
        how = {key: RECIPE[key] for key in SETTINGS} | {"steps": run.steps, "dropout": run.dropout}
        params, _ = fit(start, run.train, vocabulary, rng=rng, progress=False, **how)
        found = {"nats": np.array([each.sum() for each in surprises(params, vocabulary, run.asked)])}
        if run.ranked:
            found["space"] = every_name(params, LETTERS).astype(np.float32)
        np.savez(path, **found)
        print(run.name, len(run.train), "names", flush=True)
    with np.load(path) as file:
        return dict(file)


def condensed(found: Found, recipe: dict[str, Any]) -> dict[str, Any]:
    """All results as the file holds them."""
    population = load_splits().train
    dealt = {seed: halves(population, seed, recipe) for seed in recipe["seeds"]}
    symbols = np.array([len(name) + 1 for name in population])
    whole = {kind: judged(found, kind, dealt, symbols) for kind in ("plain", "dropout", "short")}
    return {
        "exposure": {kind: exposures(found, kind, dealt) for kind in whole},
        "membership": {kind: rows for kind, (rows, _) in whole.items()},
        "curves": {"alarms": ALARMS.round(5).tolist()} | whole["plain"][1],
        "company": {kind: of_targets(found, kind, population, recipe) for kind in ("near", "far")},
        "recited": recited(),
        "mixture": {share: by_sex(found, share, recipe) for share in SHARES},
    }


def exposures(found: Found, kind: str, dealt: dict[int, Halves]) -> dict[str, list[list[float]]]:
    """By copies, for each seed: bits."""
    free = nameless()
    rows: dict[str, list[list[float]]] = {"0": []}
    for seed, own in dealt.items():
        space = found[f"{kind}-{seed}"]["space"].astype(float)
        others = [name for other, each in dealt.items() if other != seed for c in each.canaries.values() for name in c]
        for copies, names in [(0, others), *own.canaries.items()]:
            bits = exposure(space[[place_of(name) for name in names]], space[free])
            rows.setdefault(str(copies), []).append(bits.round(2).tolist())
    return rows


def judged(
    found: Found, kind: str, dealt: dict[int, Halves], symbols: FloatArray
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The test of membership by what a name costs, and by what it costs beyond networks that did not read it."""
    nats = np.array([found[f"{kind}-{seed}"]["nats"] for seed in dealt])  # (seeds, names)
    read = np.array([own.member for own in dealt.values()])
    rows: dict[str, Any] = {"loss": [], "loss minus reference": [], "control": [], "members": [], "strangers": []}
    curves = []
    for k, member in enumerate(read):
        out = ~np.delete(read, k, axis=0)
        asked = out.any(axis=0)  # some other network did not read it
        reference = (np.delete(nats, k, axis=0) * out).sum(axis=0) / np.maximum(out.sum(axis=0), 1)
        beyond = nats[k] - reference
        scores = {"loss": nats[k], "loss minus reference": beyond}
        both = {name: (each[asked & member], each[asked & ~member]) for name, each in scores.items()}
        for name, pair in both.items():
            rows[name].append(areas(*pair))
        wrong = read[(k + 1) % len(read)]  # the list of another network
        rows["control"].append(areas(beyond[asked & wrong], beyond[asked & ~wrong]))
        curves.append([roc(*pair, ALARMS) for pair in both.values()])
        for name, who in (("members", member), ("strangers", ~member)):
            rows[name].append(round(float(nats[k][who].sum() / symbols[who].sum()), 4))
    means = dict(zip(("loss", "loss minus reference"), np.mean(curves, axis=0).round(5).tolist(), strict=True))
    return rows, means


def areas(members: FloatArray, strangers: FloatArray) -> dict[str, float]:
    """The area, and the share of members found where one stranger in a hundred is accused."""
    return {"area": round(area(members, strangers), 4), "at 1 %": round(float(roc(members, strangers, [0.01])[0]), 4)}


def of_targets(found: Found, kind: str, population: tuple[str, ...], recipe: dict[str, Any]) -> dict[str, Any]:
    """The test of membership on the targets, for each seed, and what they cost."""
    rows: dict[str, Any] = {"loss": [], "members": [], "strangers": [], "gap": [], "spread": []}
    for seed in recipe["seeds"]:
        symbols = np.array([len(name) + 1 for name in companies(population, seed)[kind].targets])
        nats, half = found[f"{kind}-{seed}"]["nats"], len(symbols) // 2
        rows["loss"].append(areas(nats[:half], nats[half:]))
        rows["gap"].append(round(float(nats[half:].mean() - nats[:half].mean()), 4))
        rows["spread"].append(round(float(nats[half:].std()), 4))
        for name, who in (("members", slice(half)), ("strangers", slice(half, None))):
            rows[name].append(round(float(nats[who].sum() / symbols[who].sum()), 4))
    return rows


def by_sex(found: Found, share: str, recipe: dict[str, Any]) -> dict[str, list[float]]:
    """What held-out girls' and boys' names cost after a list with this share of girls' names, for each seed."""
    table = corpus()
    sexes = {"girls": table["count_m"] == 0, "boys": table["count_f"] == 0}
    symbols = {name: np.array([len(each) + 1 for each in held_out(sex)]) for name, sex in sexes.items()}
    rows: dict[str, list[float]] = {name: [] for name in symbols}
    for seed in recipe["seeds"]:
        nats = found[f"mixture-{share}-{seed}"]["nats"]
        parts = np.split(nats, [len(symbols["girls"])])
        for (name, each), part in zip(symbols.items(), parts, strict=True):
            rows[name].append(round(float(part.sum() / each.sum()), 4))
    return rows


def main() -> None:
    """Make the runs that are not there yet, then sum up."""
    vocabulary, found = vocabulary_of(load_splits()), {}
    for run in runs():
        found[run.name] = finished(run, vocabulary)
    write_json(MEMORISED, {"recipe": RECIPE} | condensed(found, RECIPE))
    print(json.dumps(json.loads(MEMORISED.read_text(encoding="utf-8"))["membership"], indent=1))


if __name__ == "__main__":
    main()
