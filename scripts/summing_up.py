"""What `make sweep` makes of its finished runs: means over seeds, differences to counting, mixtures, leaks."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from measures import (
    Surprises,
    counting_models,
    data_version,
    difference,
    ladder,
    lists_of,
    mean_nats,
    rounded,
    vocabulary_of,
)  # fmt: skip
from recipes import FOLDS, LISTS, sweep
from tuned_counts import tuned_counting

from lstm_lib.evaluate import bootstrap, surprises
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.train import load_trained

FOLDER = Path(__file__).resolve().parent.parent / "sweep"  # where the runs leave their results


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
    """All that chapter 16 shows of the runs, from their results by name."""
    found = {"lists": data_version(), "runs": results, "groups": groups(results)} | against_counting(results)
    found |= {"national_1880": national(results), "leak": leaks(), "random_splits": random_splits()}
    return found | {"training_lists": training_lists(), "tuned_counting": against_tuned_counting()}


def against_counting(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The mixtures, and the differences to Kneser-Ney 6 on the test names, with intervals."""
    corpus = lists_of("corpus")
    params, vocabulary = load_trained()
    counting = fit_kneser_ney(corpus.train, vocabulary, 6)
    main, best = ([name for name in results if name.startswith(group)] for group in ("main-", "best-"))
    parts = {part: getattr(corpus, part) for part in ("val", "test")}
    counted = {part: ngram_surprises(counting, names) for part, names in parts.items()}
    shipped = {part: surprises(params, vocabulary, names) for part, names in parts.items()}
    second = {part: stored_surprises(best[0], part, names) for part, names in parts.items()}
    mixtures, mixed = {}, {}
    for name, models in {
        "lstm_and_counts": (shipped, counted),
        "two_lstms": (shipped, second),
        "two_lstms_and_counts": (shipped, second, counted),
    }.items():
        weights = tune_mixture([model["val"] for model in models])
        val, test = (mix([model[part] for model in models], weights) for part in parts)
        mixtures[name] = {
            "weights": [round(float(w), 6) for w in weights],
            "val": mean_nats(val),
            "test": mean_nats(test),
        }
        mixed[name] = test
    seeds = {name: stored_surprises(name, "test", corpus.test) for name in [*main, *best]}
    rivals = {"lstm_main": mean_of([seeds[name] for name in main]), "lstm_shipped": shipped["test"], **mixed}
    return {
        "mixture": mixtures,
        "against_kneser_ney_6": {name: difference(nats, counted["test"]) for name, nats in (rivals | seeds).items()},
        "intervals": {name: rounded(bootstrap(nats, rng=np.random.default_rng(0))) for name, nats in rivals.items()},
    }


def against_tuned_counting() -> dict[str, Any]:
    """The shipped model against counting that was tuned as it was: on the validation names."""
    corpus, (params, vocabulary) = lists_of("corpus"), load_trained()
    return tuned_counting(corpus, vocabulary, surprises(params, vocabulary, corpus.test))


def training_lists() -> list[dict[str, float]]:
    """On each of the other shuffles: an LSTM of the short recipe, with a seed of its own, and Kneser-Ney 6."""
    found = []
    for k in range(LISTS):
        split = lists_of(f"corpus split {k}")
        counted = ngram_surprises(fit_kneser_ney(split.train, vocabulary_of(split), 6), split.test)
        nats = stored_surprises(f"list-{k}", "test", split.test)
        found.append({"lstm": mean_nats(nats), "kneser_ney_6": mean_nats(counted), **difference(nats, counted)})
    return found


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
    vocabulary = vocabulary_of(split)
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
        vocabulary = vocabulary_of(split)
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
    found: dict[str, Any] = {}
    for whose in ("corpus", "national"):
        leaky, fair = lists_of(f"{whose} rows"), lists_of(f"{whose} rows, fair")
        vocabulary = vocabulary_of(leaky)
        seen = set(leaky.train)
        found[whose] = {"rows": sum(map(len, leaky)), "test_rows": len(leaky.test),
                        "test_rows_in_train": sum(name in seen for name in leaky.test)}  # fmt: skip
        counted = [fit_kneser_ney(split.train, vocabulary, 6) for split in (leaky, fair)]
        models = {
            "kneser_ney_6": [ngram_surprises(model, leaky.test) for model in counted],
            "lstm": [stored_surprises(f"{split}-{whose}", "test", leaky.test) for split in ("leak", "fair")],
        }
        if whose == "national":
            thinned = [stored_surprises(f"{split}-national-thinned", "test", leaky.test) for split in ("leak", "fair")]
            models["lstm_thinned"] = thinned
        for name, (flattered, honest) in models.items():
            unseen = [nats for nats, row in zip(flattered, leaky.test, strict=True) if row not in seen]
            found[whose][name] = {"all_rows": mean_nats(flattered), "fair": mean_nats(honest),
                                  "unseen_names": mean_nats(unseen)}  # fmt: skip
    return found


def random_splits() -> dict[str, Any]:
    """The counting ladder on other random splits of the same names: how much the choice of the split matters."""
    found = []
    for seed in range(LISTS):
        split = lists_of(f"corpus split {seed}")
        models, _ = counting_models(split, vocabulary_of(split))
        found.append({name: mean_nats(ngram_surprises(model, split.test)) for name, model in models.items()})
    return {
        rung: {"mean": round(float(np.mean(values)), 4), "sd": round(float(np.std(values, ddof=1)), 4)}
        for rung in found[0] for values in [[each[rung] for each in found]]
    }  # fmt: skip
