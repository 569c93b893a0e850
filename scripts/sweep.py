"""Train every model that chapter 16 compares, and write what they are worth: `make sweep`.

Two runs at a time, an hour or less. Each finished run leaves two files in the folder sweep/ and is not trained again;
an unfinished one continues where it stopped. The results go to lstm_lib/datasets/metrics.json, key "sweep".
Usage: python scripts/sweep.py [RUN ...]   (some runs only, by their names in recipes.py)
"""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import (
    Surprises,
    data_version,
    difference,
    ladder,
    lists_of,
    mean_nats,
    read_metrics,
    rounded,
    write_json,
    write_metrics,
)  # fmt: skip
from recipes import FOLDS, Run, sweep

from lstm_lib.data import Split, load_names, split_names
from lstm_lib.evaluate import bootstrap, novelty_report, surprises
from lstm_lib.mixture import mix, tune_mixture
from lstm_lib.model import Params, init_params
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.sample import sample_names
from lstm_lib.train import fit, load_trained
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

FOLDER = Path(__file__).resolve().parent.parent / "sweep"
WORKERS = 2
RANDOM_SPLITS = 5


def train(name: str, run: Run) -> None:
    """Train one run, or continue it; write its results and its surprises on the names that were held out."""
    split = lists_of(run.data)
    vocabulary = Vocabulary.from_names([*split.train, *split.val, *split.test])
    settings = dict(run.settings)
    sizes = {key: settings.pop(key) for key in ("embedding_size", "hidden_size")}
    rng = np.random.default_rng(run.seed)
    params = init_params(len(vocabulary), **sizes, rng=rng, dtype=np.float32)
    unfinished = FOLDER / f"{name}.run.npz"
    resumed = unfinished.exists()
    began = time.process_time()
    params, history = fit(
        params, split.train, vocabulary, rng=rng, val_names=split.val, eval_every=max(1, settings["steps"] // 20),
        checkpoint=unfinished, progress=False, **settings,
    )  # fmt: skip
    seconds = time.process_time() - began
    held_out = {part: surprises(params, vocabulary, getattr(split, part)) for part in ("val", "test")}
    np.savez(FOLDER / f"{name}.npz", **{part: np.concatenate(nats) for part, nats in held_out.items()})
    result = {
        **described(run),
        "parameters": sum(leaf.size for _, leaf in named_leaves(params)),
        "train": mean_nats(surprises(params, vocabulary, split.train)),
        **{part: mean_nats(nats) for part, nats in held_out.items()},
        "cpu_seconds": None if resumed else round(seconds), "steps_taken": len(history.loss),
        "curve": {"step": list(history.val_step), "val": [round(nats, 4) for nats in history.val_loss]},
    }  # fmt: skip
    if run.data.startswith("national") or run.group == "leak":
        result["samples"] = novelty(params, vocabulary, split)
    write_json(FOLDER / f"{name}.json", result)
    unfinished.unlink()


def described(run: Run) -> dict[str, Any]:
    """What a result must say of itself to be kept: the run, and the lists that it was trained on."""
    return {"group": run.group, "data": run.data, "seed": run.seed, "lists": data_version(), **run.settings}


def finished(name: str, run: Run) -> bool:
    """Whether the folder holds the results of this very run."""
    path = FOLDER / f"{name}.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return bool({key: found.get(key) for key in described(run)} == described(run))


def novelty(params: Params, vocabulary: Vocabulary, split: Split) -> dict[str, float]:
    """What 2,000 invented names consist of."""
    drawn = sample_names(params, vocabulary, 2000, rng=np.random.default_rng(0))
    return {key: round(share, 4) for key, share in
            novelty_report(drawn, split.train, [*split.val, *split.test])._asdict().items()}  # fmt: skip


def stored_surprises(name: str, part: str, names: tuple[str, ...]) -> Surprises:
    """The surprises of a finished run, one array a name."""
    ends = np.cumsum([len(each) + 1 for each in names])
    with np.load(FOLDER / f"{name}.npz") as file:
        if len(file[part]) != ends[-1]:
            raise ValueError(f"{name}.npz belongs to other {part} names: {len(file[part])} symbols, not {ends[-1]}")
        return np.split(file[part], ends[:-1])


def mean_of(runs: list[Surprises]) -> Surprises:
    """The mean over seeds, symbol by symbol."""
    return [np.mean(each, axis=0) for each in zip(*runs, strict=True)]


def summary(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The means over seeds, the differences to Kneser-Ney with their intervals, the mixture, the leak."""
    corpus = lists_of("corpus")
    vocabulary = Vocabulary.from_names(corpus.train)
    counting = fit_kneser_ney(corpus.train, vocabulary, 6)
    counted = {part: ngram_surprises(counting, getattr(corpus, part)) for part in ("val", "test")}
    found: dict[str, Any] = {"lists": data_version(), "runs": results, "groups": groups(results)}
    main = [name for name in results if name.startswith("main-")]
    best = [name for name in results if name.startswith("best-")]
    main_test = mean_of([stored_surprises(name, "test", corpus.test) for name in main])
    params, _ = load_trained()
    shipped = {part: surprises(params, vocabulary, getattr(corpus, part)) for part in ("val", "test")}
    second = {part: stored_surprises(best[0], part, getattr(corpus, part)) for part in ("val", "test")}
    found["mixture"] = {}
    mixed: dict[str, Surprises] = {}
    for name, models in {
        "lstm_and_counts": (shipped, counted), "two_lstms": (shipped, second),
        "two_lstms_and_counts": (shipped, second, counted),
    }.items():  # fmt: skip
        weights = tune_mixture([model["val"] for model in models])
        mixed[name] = mix([model["test"] for model in models], weights)
        val = mix([model["val"] for model in models], weights)
        found["mixture"][name] = {
            "weights": [round(float(weight), 6) for weight in weights],
            "val": mean_nats(val), "test": mean_nats(mixed[name]),
        }  # fmt: skip
    rivals = {"lstm_main": main_test, "lstm_shipped": shipped["test"], **mixed}
    found["against_kneser_ney_6"] = {name: difference(nats, counted["test"]) for name, nats in rivals.items()}
    found["against_kneser_ney_6"] |= {
        name: difference(stored_surprises(name, "test", corpus.test), counted["test"]) for name in [*main, *best]
    }
    found["intervals"] = {name: rounded(bootstrap(nats, rng=np.random.default_rng(0))) for name, nats in rivals.items()}
    return found | {"national_1880": national(results), "leak": leaks(), "random_splits": random_splits()}


def groups(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """For the runs that differ by their seed only: how many, the mean, and the standard deviation over seeds."""
    alike: dict[str, list[dict[str, Any]]] = {}
    for name, run in sweep().items():
        alike.setdefault(json.dumps([run.data, run.settings]), []).append(results[name] | {"name": name})
    found = {}
    for runs in alike.values():
        if len(runs) > 1:
            group = str(runs[0]["name"]).rsplit("-", 1)[0]
            found[group] = {"seeds": len(runs), "parameters": runs[0]["parameters"]}
            for part in ("train", "val", "test"):
                values = [each[part] for each in runs]
                spread = round(float(np.std(values, ddof=1)), 4)
                found[group][part] = {"mean": round(float(np.mean(values)), 4), "sd": spread}
    return found


def national(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The ladder on the 2,737 distinct names of the old records, and the LSTM's distance to counting."""
    split = lists_of("national")
    vocabulary = Vocabulary.from_names([*split.train, *split.val, *split.test])
    counted = ngram_surprises(fit_kneser_ney(split.train, vocabulary, 6), split.test)
    found = {"names": {part: len(names) for part, names in split._asdict().items()}, **ladder(split, vocabulary)}
    for group in ("national", "national-weight-drop"):
        runs = [name for name, each in results.items() if each["group"] == group]
        nats = mean_of([stored_surprises(name, "test", split.test) for name in runs])
        found[f"{group.replace('national', 'lstm').replace('-', '_')}_minus_kneser_ney_6"] = difference(nats, counted)
    return found | {"folds": folds()}


def folds() -> dict[str, Any]:
    """The same on ten splits, in which each name is a test name once; the models of a fold never saw its test names."""
    models: dict[str, Surprises] = {"lstm": [], "kneser_ney_4": [], "kneser_ney_6": []}
    for fold in range(FOLDS):
        split = lists_of(f"national fold {fold}")
        vocabulary = Vocabulary.from_names([*split.train, *split.val, *split.test])
        models["lstm"] += stored_surprises(f"national-fold-{fold}", "test", split.test)
        for order in (4, 6):
            counting = fit_kneser_ney(split.train, vocabulary, order)
            models[f"kneser_ney_{order}"] += ngram_surprises(counting, split.test)
    scores = {name: rounded(bootstrap(nats, rng=np.random.default_rng(0))) for name, nats in models.items()}
    minus = {f"lstm_minus_{name}": difference(models["lstm"], nats) for name, nats in models.items() if name != "lstm"}
    mixed = difference(mix([models["lstm"], models["kneser_ney_6"]], [0.5, 0.5]), models["kneser_ney_6"])
    return {"names": len(models["lstm"]), "intervals": scores, **minus, "equal_mixture_minus_kneser_ney_6": mixed}


def leaks() -> dict[str, Any]:
    """What a split of rows flatters each method by, on the same test rows: "all_rows" by a model that was trained on
    some of their names, "fair" by one that never saw any of them. "unseen_names": only the rows that did not leak."""
    found = {}
    for whose in ("corpus", "national"):
        leaky, fair = lists_of(f"{whose} rows"), lists_of(f"{whose} rows, fair")
        vocabulary = Vocabulary.from_names([*leaky.train, *leaky.val, *leaky.test])
        seen = set(leaky.train)
        found[whose] = {"rows": sum(map(len, leaky)), "test_rows": len(leaky.test),
                        "test_rows_in_train": sum(name in seen for name in leaky.test)}  # fmt: skip
        counted = [fit_kneser_ney(split.train, vocabulary, 6) for split in (leaky, fair)]
        models = {
            "kneser_ney_6": [ngram_surprises(model, leaky.test) for model in counted],
            "lstm": [stored_surprises(f"{split}-{whose}", "test", leaky.test) for split in ("leak", "fair")],
        }
        for name, (flattered, honest) in models.items():
            unseen = [nats for nats, row in zip(flattered, leaky.test, strict=True) if row not in seen]
            found[whose][name] = {"all_rows": mean_nats(flattered), "fair": mean_nats(honest),
                                  "unseen_names": mean_nats(unseen)}  # fmt: skip
    return found


def random_splits() -> dict[str, Any]:
    """The counting ladder on other random splits of the same names: how much the choice of the split matters."""
    names, found = load_names()["name"], []
    for seed in range(RANDOM_SPLITS):
        split = split_names(names, rng=np.random.default_rng(seed))
        found.append(ladder(split, Vocabulary.from_names(split.train))["scores"]["test"])
    return {
        rung: {"mean": round(float(np.mean(values)), 4), "sd": round(float(np.std(values, ddof=1)), 4)}
        for rung in found[0] for values in [[each[rung] for each in found]]
    }  # fmt: skip


def main() -> None:
    """Train what is not finished, then sum up."""
    FOLDER.mkdir(exist_ok=True)
    runs = sweep()
    wanted = {name: runs[name] for name in sys.argv[1:]} or runs
    missing = {name: run for name, run in wanted.items() if not finished(name, run)}
    with ProcessPoolExecutor(WORKERS) as pool:
        waiting = {pool.submit(train, name, run): name for name, run in missing.items()}
        for count, future in enumerate(as_completed(waiting), start=1):
            future.result()
            print(f"{count} of {len(missing)}: {waiting[future]}", flush=True)
    lacking = [name for name, run in runs.items() if not finished(name, run)]
    if lacking:
        print(f"metrics.json is left as it was: {len(lacking)} runs are not finished, such as {lacking[0]}")
        return
    results = {name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in runs}
    write_metrics(read_metrics() | {"sweep": summary(results)})
    print("wrote metrics.json")


if __name__ == "__main__":
    main()
