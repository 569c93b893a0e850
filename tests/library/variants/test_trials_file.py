"""The stored trials of chapter 21: complete, by the recipe of their script, and read back as they are."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import trials as script
import variants

from lstm_lib.variants.trials import Trials, load_trials

NETWORKS = [*variants.NETWORKS, "transformer"]


@pytest.fixture(scope="module")
def stored() -> Trials:
    return load_trials()


def test_every_run_of_the_recipe_is_there_and_no_other(stored: Trials) -> None:
    assert stored.recipe == json.loads(json.dumps(script.RECIPE))
    for trial in ("names", "memory"):
        assert set(stored.sizes[trial]) == set(stored.tried[trial]) == {*NETWORKS}
        assert not any(script.wanted(script.read(), trial, name) for name in NETWORKS)
    runs = json.loads((files("lstm_lib.datasets") / "variants.json").read_text(encoding="utf-8"))["runs"]
    assert [sum(map(len, runs[trial].values())) for trial in ("names", "memory")] == [9 * 17, 24 * 17]


def test_the_chosen_rate_is_the_best_of_four(stored: Trials) -> None:
    runs = json.loads((files("lstm_lib.datasets") / "variants.json").read_text(encoding="utf-8"))["runs"]
    for trial in ("names", "memory"):
        for name in NETWORKS:
            assert {*stored.tried[trial][name]} == {*script.rates_of(name)}
            assert stored.chosen[trial][name] == script.chosen_rate(runs[trial][name], trial, name)


def test_sizes_differ_by_half_a_percent(stored: Trials) -> None:
    for trial, sizes in stored.sizes.items():
        goal = sizes["LSTM"]["parameters"]
        assert goal == script.RECIPE[trial]["parameters"]
        assert all(abs(size["parameters"] - goal) <= 0.005 * goal for size in sizes.values())


def test_five_seeds_in_their_order(stored: Trials) -> None:
    for name in NETWORKS:
        assert len(stored.nats[name]) == len(stored.early[name]) == 5
        assert all(late < early for early, late in zip(stored.early[name], stored.nats[name], strict=True))
        for k in script.RECIPE["memory"]["lags"]:
            for steps, right in zip(stored.steps[name][k], stored.right[name][k], strict=True):
                assert (steps is None) == (right < script.RECIPE["memory"]["solved"])
                assert steps is None or steps % script.RECIPE["memory"]["look_every"] == 0


# ---- what the chapter says of them


def behind(stored: Trials, name: str) -> tuple[float, float]:
    """How far a network is behind the LSTM in nats, and in standard errors, seed by seed."""
    gap = np.subtract(stored.nats[name], stored.nats["LSTM"])
    return float(gap.mean()), float(gap.mean() / (gap.std(ddof=1) / np.sqrt(5)))


def solved(stored: Trials, name: str) -> list[int]:
    """Of five runs, those that solve the memory task, for each k."""
    return [sum(steps is not None for steps in stored.steps[name][k]) for k in (5, 10, 20, 40)]


def test_two_cuts_cost_on_names_and_one_gains(stored: Trials) -> None:
    assert behind(stored, "no forget gate") == (pytest.approx(0.014, abs=5e-4), pytest.approx(7.8, abs=0.1))
    assert behind(stored, "no input gate") == (pytest.approx(0.008, abs=5e-4), pytest.approx(4.6, abs=0.1))
    assert behind(stored, "no tanh on the way out") == (pytest.approx(-0.018, abs=5e-4), pytest.approx(-7.7, abs=0.1))
    assert all(np.less(stored.nats["no tanh on the way out"], stored.nats["LSTM"]))
    for name in ("no output gate", "coupled gates", "peepholes"):
        assert abs(behind(stored, name)[1]) < 2
    gap, errors = behind(stored, "GRU")
    assert gap == pytest.approx(0.008, abs=5e-4)
    assert 2 < errors < 3


def test_mingru_and_minlstm_are_farthest_behind_on_names(stored: Trials) -> None:
    order = sorted(stored.nats, key=lambda name: np.mean(stored.nats[name]))
    slow = ["plain loop", "x alone, no output gate", "minGRU, two layers", "transformer", "minLSTM", "minGRU"]
    assert order[-6:] == slow
    assert order[0] == "no tanh on the way out"
    assert min(behind(stored, name)[0] for name in ("minGRU", "minLSTM")) > 8 * behind(stored, "no forget gate")[0]
    won_back = behind(stored, "minGRU")[0] - behind(stored, "minGRU, two layers")[0]
    assert won_back == pytest.approx(0.05, abs=5e-3)
    assert behind(stored, "transformer")[0] == pytest.approx(0.08, abs=5e-3)


def test_what_mingru_lacks_most_on_names_is_the_output_gate(stored: Trials) -> None:
    blind, gated = behind(stored, "LSTM of x alone")[0], behind(stored, "minGRU, output gate")[0]
    assert blind == pytest.approx(0.014, abs=5e-4)
    assert blind == pytest.approx(behind(stored, "no forget gate")[0], abs=1e-3)
    assert gated == pytest.approx(0.037, abs=5e-4)
    assert 2 / 3 < 1 - gated / behind(stored, "minGRU")[0] < 3 / 4
    assert all(np.less(stored.nats["minGRU, output gate"], stored.nats["plain loop"]))
    assert abs(behind(stored, "no output gate")[0]) < 5e-4
    both = behind(stored, "x alone, no output gate")[0]
    assert both == pytest.approx(0.067, abs=5e-4)
    assert 4.8 < both / blind < 5
    assert 0.4 < 1 - both / behind(stored, "minGRU")[0] < 0.5
    assert [stored.sizes["names"][name]["units"] for name in ("LSTM", "LSTM of x alone")] == [75, 312]


def test_on_the_memory_task_the_lstm_is_last_by_an_unlucky_rate(stored: Trials) -> None:
    share = ["coupled gates", "GRU", "minGRU", "minGRU, two layers", "minGRU, output gate", "minLSTM"]
    for name in ("no forget gate", "LSTM, forget bias 3", "transformer", *share):
        assert solved(stored, name) == [5, 5, 5, 5], name
    for name in ("no forget gate", "transformer"):
        assert max(steps or 0 for runs in stored.steps[name].values() for steps in runs) <= 100
    partly = {"LSTM": 9, "no input gate": 14, "no output gate": 12, "no tanh on the way out": 16, "plain loop": 12}
    assert {name: sum(solved(stored, name)) for name in partly} == partly
    assert min(NETWORKS, key=lambda name: sum(solved(stored, name))) == "LSTM"
    assert solved(stored, "LSTM") == [5, 4, 0, 0]
    assert solved(stored, "no tanh on the way out") == [5, 5, 5, 1]
    assert solved(stored, "LSTM of x alone") == solved(stored, "x alone, no output gate") == [5, 5, 5, 0]
    assert [sum(solved(stored, name)) for name in NETWORKS].count(20) == 9
    quick = [*stored.tried["memory"]["no tanh on the way out"].values()]
    assert max(stored.steps["no tanh on the way out"][20]) == max(steps for steps, _ in quick) == 100
    assert max(max(runs) for runs in stored.steps["LSTM, forget bias 3"].values()) == 150
    longer = json.loads((files("lstm_lib.datasets") / "memory.json").read_text(encoding="utf-8"))  # chapter 6's runs
    recipe, steps = longer["recipe"], longer["steps"]["random fillers"]
    assert (recipe["hidden_lstm"], recipe["lr"], len(recipe["seeds"])) == (32, 0.003, 5)
    within = {start: [step for k in ("5", "10", "20", "40") for step in steps[f"LSTM, forget bias {start}"][k]
                      if step and step <= 800] for start in (1, 3)}  # fmt: skip
    assert {start: len(each) for start, each in within.items()} == {1: 13, 3: 20}
    assert stored.chosen["memory"]["LSTM, forget bias 3"] == 0.003
    assert stored.tried["memory"]["LSTM, forget bias 3"][0.1][0] is None


def test_the_rate_chooses_the_order(stored: Trials) -> None:
    tried = {name: stored.tried["names"][name] for name in NETWORKS}
    calm = {name: rates[0.003] for name, rates in tried.items()}
    assert min(calm, key=lambda name: calm[name]) == "transformer"
    assert sorted(calm.values())[1] > calm["transformer"] + 0.03
    hot = {name: rates[0.1] for name, rates in tried.items() if name != "transformer"}
    assert hot["GRU"] > max(nats for name, nats in hot.items() if name.startswith(("LSTM", "no ", "coupled", "peep")))
    for rate in (0.01, 0.03, 0.1):
        known = {name: rates[rate] for name, rates in tried.items() if rate in rates}
        assert min(known, key=lambda name: known[name]) == "no tanh on the way out"
    assert all(tried["plain loop"][rate] < tried["LSTM"][rate] for rate in (0.003, 0.01))
    assert max(hot, key=lambda name: hot[name]) == "plain loop"
    for name, best in stored.chosen["names"].items():
        assert min(script.rates_of(name)) < best < max(script.rates_of(name)), "a best rate at the edge of its grid"
    edges = {
        name for name, best in stored.chosen["memory"].items()
        if best in (min(script.rates_of(name)), max(script.rates_of(name)))
    }  # fmt: skip
    tied = {"no forget gate", "no input gate", "LSTM, forget bias 3", "transformer"}
    assert edges == {"LSTM", "minLSTM", "LSTM of x alone", *tied}
    assert all(steps is None for steps, _ in stored.tried["memory"]["no input gate"].values())
    for name in tied:
        results = [*stored.tried["memory"][name].values()]
        assert results[0] in results[1:], name
    assert stored.chosen["memory"]["LSTM"] == 0.1
    assert [steps is None for steps, _ in stored.tried["memory"]["LSTM"].values()] == [False, True, True, False]


def test_a_run_with_another_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = {"recipe": {}, "sizes": {}, "runs": {"names": {"GRU": {"seed 1": [2.0, 2.0]}}}}
    (tmp_path / "variants.json").write_text(json.dumps(found))
    monkeypatch.setattr("lstm_lib.variants.trials.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"a run must be called such as '0.01, k 20, seed 1'; got 'seed 1'"):
        load_trials()
