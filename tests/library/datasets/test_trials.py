"""The trials of chapter 21: what a run is, which come next, and how they are kept."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import trials
import variants

TRIALS = ("names", "memory")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of results that is not there yet."""
    monkeypatch.setattr(trials, "FILE", tmp_path / "variants.json")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a few steps."""
    names = trials.RECIPE["names"] | {"steps": 4, "look_at": 2, "look_every": 1, "warmup": 2}
    memory = trials.RECIPE["memory"] | {"steps": 4, "look_every": 2, "fresh": 8}
    monkeypatch.setattr(trials, "RECIPE", trials.RECIPE | {"names": names, "memory": memory})


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("network", variants.NETWORKS)
def test_all_networks_have_as_many_parameters_as_the_lstm(trial: str, network: str) -> None:
    size, goal = variants.size_of(trial, network), trials.RECIPE[trial]["parameters"]
    assert abs(size["parameters"] - goal) <= 0.005 * goal
    V = 27 if trial == "names" else 9
    assert variants.parameters(network, V, size["embedding"], size["units"]) == size["parameters"]
    assert variants.size_of(trial, "LSTM") == {
        "embedding": 16, "units": 75 if trial == "names" else 32, "parameters": goal
    }  # fmt: skip


def test_every_network_reads_the_same_names_in_the_same_order() -> None:
    one, two, other = (trials.supply_of(seed, 8) for seed in (1, 1, 2))
    first = [next(one), next(one)]
    for batch, again in zip(first, two, strict=False):
        for left, right in zip(batch, again, strict=True):
            np.testing.assert_array_equal(left, right)
    assert not np.array_equal(first[0].inputs, next(other).inputs)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("network", ["LSTM", "minGRU"])
def test_a_run_gives_its_numbers_again_and_learns(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    split, vocabulary = trials.corpus()
    few = split._replace(val=split.val[:60], test=split.val[:60])
    monkeypatch.setattr(trials, "corpus", lambda: (few, vocabulary))
    run = ("names", network, 0.01, None, 1)
    early, late = trials.result_of(variants.build, run)
    assert trials.result_of(variants.build, run) == [early, late]
    assert 2.5 < late < early < 3.4
    steps, right = trials.result_of(variants.build, ("memory", network, 0.01, 5, 1))
    assert steps is None
    assert 0 <= right <= 1


def test_nats_are_a_mean_over_symbols_whatever_the_order_of_the_names() -> None:
    learner = variants.build("names", "LSTM", 27, 1)
    few = ["ana", "bo", "christopher"]
    alone = [trials.nats_of(learner, [name]) for name in few]
    expected = np.average(alone, weights=[len(name) + 1 for name in few])
    assert trials.nats_of(learner, few[::-1]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.usefixtures("empty")
def test_first_the_rates_then_the_seeds_at_the_best_one() -> None:
    for trial, best in (("names", 0.03), ("memory", 0.01)):
        plan = trials.wanted(trials.read(), trial, "GRU")
        assert [(lr, seed) for _, _, lr, _, seed in plan] == [(lr, 0) for lr in trials.rates_of("GRU")]
        assert {k for *_, k, _ in plan} == {20 if trial == "memory" else None}
        results = {"names": [[2.9, 2.5], [2.9, 2.3], [2.5, 2.1], [2.4, 2.2]],
                   "memory": [[None, 0.9], [400, 1.0], [900, 1.0], [None, 0.95]]}[trial]  # fmt: skip
        for run, result in zip(plan, results, strict=True):
            assert trials.chosen_rate(trials.read()["runs"].get(trial, {}).get("GRU", {}), trial, "GRU") is None
            trials.keep(run, result, {"units": 3})
        plan = trials.wanted(trials.read(), trial, "GRU")
        assert {lr for _, _, lr, *_ in plan} == {best}
        assert len(plan) == len(set(plan)) == (20 if trial == "memory" else 5)
        trials.keep(plan[0], [1.0], {"units": 3})
        assert trials.wanted(trials.read(), trial, "GRU") == plan[1:]
    assert trials.wanted(trials.read(), "names", "LSTM")[0][1] == "LSTM"


def test_the_transformer_has_four_rates_of_its_own() -> None:
    assert trials.rates_of("transformer") == (0.001, 0.003, 0.01, 0.03)
    assert trials.rates_of("LSTM") == trials.rates_of("minGRU") == (0.003, 0.01, 0.03, 0.1)


def test_where_none_solves_it_the_most_right_is_chosen() -> None:
    runs = {
        f"{lr:g}, k 20, seed 0": [None, right]
        for lr, right in zip(trials.rates_of("GRU"), (0.3, 0.5, 0.4, 0.2), strict=True)
    }
    assert trials.chosen_rate(runs, "memory", "GRU") == 0.01


@pytest.mark.usefixtures("empty")
def test_what_another_recipe_found_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    trials.keep(("names", "GRU", 0.01, None, 0), [2.0, 2.0, 2.0], {"units": 3})
    assert trials.read()["runs"]
    monkeypatch.setattr(trials, "RECIPE", trials.RECIPE | {"max_norm": 2.0})
    assert not trials.read()["runs"]
