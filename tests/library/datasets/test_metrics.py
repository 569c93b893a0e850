"""metrics.json says what the shipped files give; what takes an hour to train is compared with its own recipe."""

import hashlib
import json
import statistics
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from lstm_lib import train
from lstm_lib.data import load_splits
from lstm_lib.evaluate import bootstrap, nll, paired_bootstrap, score, surprises
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.ngram import fit_kneser_ney, fit_ngram, fit_witten_bell, ngram_nll, ngram_surprises
from lstm_lib.train import load_stages, load_trained
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import measures
import recipes
import tuned_counts

DATASETS = files("lstm_lib.datasets")
METRICS = json.loads((DATASETS / "metrics.json").read_text(encoding="utf-8"))
SWEEP = METRICS.get("sweep", {})
SPLIT = load_splits()
VOCABULARY = Vocabulary.from_names(SPLIT.train)


@pytest.fixture(scope="module")
def shipped():
    """The surprises of the shipped model on the names that were held out."""
    params, vocabulary = load_trained()
    return {part: surprises(params, vocabulary, getattr(SPLIT, part)) for part in ("val", "test")}


@pytest.fixture(scope="module")
def counted():
    """Those of Kneser-Ney of order 6."""
    model = fit_kneser_ney(SPLIT.train, VOCABULARY, 6)
    return {part: ngram_surprises(model, getattr(SPLIT, part)) for part in ("val", "test")}


# the shipped files


def test_the_stable_keys_of_the_contract():
    for part in ("train", "val", "test"):
        assert {"uniform", "unigram", "bigram", "trigram", "kneser_ney_6", "lstm_shipped"} <= set(
            METRICS["corpus"][part]
        )


def test_the_numbers_belong_to_the_shipped_lists():
    assert SWEEP["lists"] == METRICS["data"]
    for name, mark in METRICS["data"].items():
        assert hashlib.sha256((DATASETS / f"{name}.csv").read_bytes()).hexdigest().startswith(mark)
    for part, names in SPLIT._asdict().items():
        assert METRICS["names"][part] == len(names)
        assert METRICS["symbols"][part] == sum(len(name) + 1 for name in names)


@pytest.mark.parametrize("part", ["train", "val", "test"])
def test_the_shipped_weights_give_the_loss_that_the_file_says(shipped, part):
    nats = score(shipped[part]).nll if part in shipped else nll(*load_trained(), SPLIT.train)
    assert nats == pytest.approx(METRICS["corpus"][part]["lstm_shipped"], abs=1e-4)


def test_the_shipped_weights_are_small():
    assert len((DATASETS / "trained.npz").read_bytes()) <= 1.5e6
    params, _ = load_trained()
    assert sum(leaf.size for _, leaf in named_leaves(params)) == METRICS["lstm_shipped"]["parameters"]


def test_eight_stages_from_untrained_to_best():
    stages = [*load_stages().items(), ("best", load_trained()[0])]
    assert len(stages) == 8
    losses = [nll(params, VOCABULARY, SPLIT.val) for _, params in stages]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == pytest.approx(np.log(27), abs=0.02)
    written = METRICS["lstm_shipped"]["stages"]
    assert [each["step"] for each in written] == [step for step, _ in stages[:-1]] == list(recipes.STAGES)
    assert losses[:-1] == pytest.approx([each["val"] for each in written], abs=1e-3)  # half precision
    assert {leaf.dtype for _, leaf in named_leaves(stages[3][1])} == {np.dtype(np.float32)}


def test_missing_stages_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(train.resources, "files", lambda _: tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*stages\.npz"):
        load_stages()


@pytest.mark.no_cover  # long sums, of code that other tests cover
def test_the_counting_rungs(counted):
    k = METRICS["add_k"]
    models = {"uniform": fit_ngram(SPLIT.train, VOCABULARY, 0), "unigram": fit_ngram(SPLIT.train, VOCABULARY, 1)}
    models |= {
        name: fit_ngram(SPLIT.train, VOCABULARY, n, add_k=k[name]) for name, n in (("bigram", 2), ("trigram", 3))
    }
    models |= {f"witten_bell_{n}": fit_witten_bell(SPLIT.train, VOCABULARY, n) for n in (4, 5, 6)}
    models |= {f"kneser_ney_{n}": fit_kneser_ney(SPLIT.train, VOCABULARY, n) for n in (3, 4, 5, 7, 8)}
    for part, nats in counted.items():
        assert score(nats).nll == pytest.approx(METRICS["corpus"][part]["kneser_ney_6"], abs=1e-4)
    for name, model in models.items():
        for part in ("val", "test"):
            assert ngram_nll(model, getattr(SPLIT, part)) == pytest.approx(METRICS["corpus"][part][name], abs=1e-4), (
                name
            )


def test_the_ladder_lies_where_other_splits_put_it():
    """A prototype with another random split: the distances to it are those of chance."""
    prototype = {"unigram": 2.821, "bigram": 2.421, "trigram": 2.191, "witten_bell_5": 2.019, "kneser_ney_4": 2.032}
    for name, nats in prototype.items():
        mean, sd = SWEEP["random_splits"][name]["mean"], SWEEP["random_splits"][name]["sd"]
        assert abs(nats - mean) < 3 * sd, name
        assert abs(METRICS["corpus"]["test"][name] - mean) < 4 * sd, name


# the intervals


def test_the_intervals_are_those_of_the_bootstrap(shipped, counted):
    for nats, written in (
        (counted["test"], METRICS["intervals"]["kneser_ney_6"]),
        (shipped["test"], SWEEP["intervals"]["lstm_shipped"]),
    ):
        found = bootstrap(nats, rng=np.random.default_rng(0))
        assert found._asdict() == pytest.approx(written, abs=1e-4)
    found = paired_bootstrap(shipped["test"], counted["test"], rng=np.random.default_rng(0))
    assert found._asdict() == pytest.approx(SWEEP["against_kneser_ney_6"]["lstm_shipped"], abs=1e-4)


def test_the_mixture_of_the_shipped_model_and_the_counts(shipped, counted):
    weights = tune_mixture([shipped["val"], counted["val"]])
    written = SWEEP["mixture"]["lstm_and_counts"]
    assert weights == pytest.approx(written["weights"], abs=1e-3)
    for part in ("val", "test"):
        assert score(mix([shipped[part], counted[part]], weights)).nll == pytest.approx(written[part], abs=1e-4)


# the sweep


def test_the_runs_are_those_of_the_recipes():
    expected = recipes.sweep()
    assert set(SWEEP["runs"]) == set(expected)
    for name, run in expected.items():
        found = SWEEP["runs"][name]
        assert {key: found[key] for key in run.settings} == run.settings, name
        assert (found["group"], found["data"], found["seed"]) == (run.group, run.data, run.seed)
    written = METRICS["lstm_shipped"]
    assert {key: written[key] for key in recipes.SHIPPED} | {"seed": written["seed"]} == recipes.SHIPPED | {
        "seed": recipes.SHIPPED_SEED
    }


def test_means_and_spreads_are_those_of_the_runs():
    seeds = {"main": 5, "best": 2, "national": 5, "national-weight-drop": 5, "size-16": 3, "size-32": 3, "size-64": 3}
    seeds |= {"size-128": 3}
    assert {name: found["seeds"] for name, found in SWEEP["groups"].items()} == seeds
    for group, found in SWEEP["groups"].items():
        runs = [SWEEP["runs"][f"{group}-{seed}"] for seed in range(1, seeds[group] + 1)]
        for part in ("train", "val", "test"):
            values = [each[part] for each in runs]
            assert found[part]["mean"] == pytest.approx(statistics.mean(values), abs=1e-4)
            assert found[part]["sd"] == pytest.approx(statistics.stdev(values), abs=1e-4)


def test_the_lstm_beats_the_counts_with_room_for_chance():
    goals = {"lstm_main": 0.06, "lstm_shipped": 0.07, "two_lstms_and_counts": 0.09}
    for name, goal in goals.items():
        found = SWEEP["against_kneser_ney_6"][name]
        assert found["low"] < found["value"] < found["high"] < 0, name
        assert found["value"] <= -goal, name
    main = SWEEP["groups"]["main"]["test"]["mean"] - METRICS["corpus"]["test"]["kneser_ney_6"]
    assert main == pytest.approx(SWEEP["against_kneser_ney_6"]["lstm_main"]["value"], abs=2e-4)


def test_on_few_names_the_lstm_does_not_clearly_beat_the_counts():
    found = SWEEP["national_1880"]
    for name in ("lstm_minus_kneser_ney_6", "lstm_weight_drop_minus_kneser_ney_6"):
        assert found[name]["high"] > 0
    folds = found["folds"]["lstm_minus_kneser_ney_6"]  # at the edge: its upper end is 0 to three decimals
    assert found["folds"]["names"] == sum(found["names"].values())
    assert folds["high"] > -0.005
    assert abs(folds["value"]) < abs(SWEEP["against_kneser_ney_6"]["lstm_main"]["value"]) / 3


def test_folds_share_nothing_and_judge_each_name_once():
    folds = [measures.lists_of(f"national fold {k}") for k in range(recipes.FOLDS)]
    assert len({name for fold in folds for name in fold.test}) == sum(len(fold.test) for fold in folds) == 2737
    for fold in folds:
        assert len({*fold.train, *fold.val, *fold.test}) == sum(map(len, fold)) == 2737


def test_other_lists_share_no_name_and_give_the_lead_that_the_file_says():
    found = SWEEP["training_lists"]
    assert len(found) == recipes.LISTS
    for seed, each in enumerate(found):
        run = SWEEP["runs"][f"list-{seed}"]
        assert (run["seed"], run["test"]) == (seed, each["lstm"])
        assert each["value"] == pytest.approx(each["lstm"] - each["kneser_ney_6"], abs=2e-4)
        assert each["low"] < each["value"] < each["high"] < 0
    split = measures.lists_of("corpus split 0")
    assert len({*split.train, *split.val, *split.test}) == sum(map(len, split)) == sum(map(len, SPLIT))
    assert split.test != SPLIT.test
    nats = ngram_nll(fit_kneser_ney(split.train, VOCABULARY, 6), split.test)
    assert nats == pytest.approx(found[0]["kneser_ney_6"], abs=1e-4)


def test_tuned_counting_is_a_little_better_and_still_behind():
    tuned, plain = SWEEP["tuned_counting"], METRICS["corpus"]
    for name in ("kneser_ney_6_tuned", "all_counts"):
        for part in ("val", "test"):
            assert 0.003 < plain[part]["kneser_ney_6"] - tuned[name][part] < 0.012, (name, part)
        ahead = tuned[name]["lstm_minus_it"]
        assert ahead["low"] < ahead["value"] < ahead["high"] < -0.05
        assert ahead["value"] == pytest.approx(plain["test"]["lstm_shipped"] - tuned[name]["test"], abs=2e-4)


def test_a_discount_that_is_moved_is_that_of_its_counts():
    level = tuned_counts.Level({"": 0}, np.arange(3), np.array([1.0, 2.0, 7.0]))
    rows = tuned_counts.discounted(level, np.array([0.5, 1.0, 1.5]), 3)
    assert (rows.kept * 10).tolist() == pytest.approx([0.5, 1.0, 5.5])
    assert rows.spare.tolist() == pytest.approx([0.3])


@pytest.mark.parametrize("whose", ["corpus", "national"])
def test_the_leak_flatters_every_method(whose):
    leaky, fair = (measures.lists_of(f"{whose} rows{how}") for how in ("", ", fair"))
    assert fair.test == leaky.test
    assert not {*fair.test} & {*fair.train, *fair.val}
    assert not {*fair.val} & {*fair.train}
    found, seen = SWEEP["leak"][whose], set(leaky.train)
    assert found["rows"] == sum(map(len, leaky))
    assert found["test_rows_in_train"] == sum(name in seen for name in leaky.test) > 0
    vocabulary = Vocabulary.from_names([*leaky.train, *leaky.val, *leaky.test])
    for key, split in (("all_rows", leaky), ("fair", fair)):
        nats = ngram_nll(fit_kneser_ney(split.train, vocabulary, 6), split.test)
        assert nats == pytest.approx(found["kneser_ney_6"][key], abs=1e-4)
    for method in ("kneser_ney_6", "lstm", *(["lstm_thinned"] if whose == "national" else [])):
        assert found[method]["all_rows"] < found[method]["fair"], method


def test_an_unknown_list_is_refused():
    for data in ("corpus row", "nation", "", "corpus folds"):
        with pytest.raises(ValueError, match="data must be such as"):
            measures.lists_of(data)


def test_the_ladder_of_the_short_list():
    assert measures.lists_of("corpus") == SPLIT
    split = measures.lists_of("national")
    vocabulary = Vocabulary.from_names([*split.train, *split.val, *split.test])
    assert ngram_nll(fit_kneser_ney(split.train, vocabulary, 6), split.test) == pytest.approx(
        SWEEP["national_1880"]["scores"]["test"]["kneser_ney_6"], abs=1e-4
    )
