"""The stored trials of chapter 21: complete, by the recipe of their script, and read back as they are."""

import json
import sys
from importlib.resources import files
from pathlib import Path

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
    assert [sum(map(len, runs[trial].values())) for trial in ("names", "memory")] == [9 * 13, 24 * 13]


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


def test_a_run_with_another_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = {"recipe": {}, "sizes": {}, "runs": {"names": {"GRU": {"seed 1": [2.0, 2.0]}}}}
    (tmp_path / "variants.json").write_text(json.dumps(found))
    monkeypatch.setattr("lstm_lib.variants.trials.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"a run must be called such as '0.01, k 20, seed 1'; got 'seed 1'"):
        load_trials()
