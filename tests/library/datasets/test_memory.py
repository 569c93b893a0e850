"""memory.json, the memory task of chapters 5, 6 and 13, says what its own script finds."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import memory

STORED = json.loads(memory.MEMORY.read_text(encoding="utf-8"))


def test_every_run_of_the_script_is_there() -> None:
    assert set(memory.read_back(STORED)) == set(memory.runs())
    assert memory.collected(memory.read_back(STORED)) == STORED


def test_a_run_ended_early_exactly_when_it_was_solved() -> None:
    limit, every = memory.RECIPE["steps"], memory.RECIPE["look_every"]
    for steps, right in memory.read_back(STORED).values():
        assert 0 <= right <= 1
        assert (steps is None) == (right < memory.RECIPE["solved"])
        assert steps is None or (steps % every == 0 and every <= steps <= limit)


@pytest.mark.parametrize("name", memory.NETWORKS)
def test_a_short_run_gives_its_number_again_in_either_precision(name: str) -> None:
    for dtype in ("float32", "float64"):
        steps, right = memory.train(("random fillers", name, 5, 0), dtype)
        assert abs(steps - STORED["steps"]["random fillers"][name]["5"][0]) <= memory.RECIPE["look_every"]
        assert right >= memory.RECIPE["solved"]


def test_the_control_changes_the_letters_that_pass_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, whole = [], memory.cross_entropy

    def watched(z, y, counted):
        seen.append((y, counted))
        return whole(z, y, counted)

    monkeypatch.setattr(memory, "RECIPE", memory.RECIPE | {"steps": 1, "look_every": 1, "fresh": 2})
    monkeypatch.setattr(memory, "cross_entropy", watched)
    for condition in memory.CONSTANT:
        memory.train((condition, "plain", 5, 0))
    (free, counted), (same, counted_too) = seen
    assert (len(np.unique(free[:5])), len(np.unique(same[:5]))) == (4, 1)
    np.testing.assert_array_equal(counted, counted_too)


def test_finished_cells_are_read_back_and_those_of_another_recipe_are_not() -> None:
    done = memory.read_back(STORED)
    absent = [run for run in done if run[:3] == ("random fillers", "plain", 5)]
    kept = {run: value for run, value in done.items() if run not in absent}
    assert memory.read_back(memory.collected(kept)) == kept
    assert memory.read_back(STORED | {"recipe": {}}) == {}
    assert memory.collected({})["steps"] == {}


def test_each_network_starts_as_its_name_says() -> None:
    drawn = {}
    for name, network in memory.NETWORKS.items():
        sizes = len(memory.VOCABULARY), memory.RECIPE["embedding_size"], memory.RECIPE[network.units]
        drawn[name] = network.module.init_params(*sizes, rng=np.random.default_rng(0), **network.options)
    radius = {name: np.abs(np.linalg.eigvals(drawn[name].W_h)).max() for name in drawn if name.startswith("plain")}
    assert radius["plain, orthogonal"] == pytest.approx(1)
    assert radius["plain, radius 1.45"] == pytest.approx(1.45)
    assert radius["plain, orthogonal, radius 1.36"] == pytest.approx(1.36)
    assert 0.4 < radius["plain"] < 0.75
    H = memory.RECIPE["hidden_lstm"]
    for bias in (1, 3):
        assert set(drawn[f"LSTM, forget bias {bias}"].b[H : 2 * H]) == {bias}
    np.testing.assert_array_equal(*(drawn[f"LSTM, forget bias {bias}"].W_h for bias in (1, 3)))
