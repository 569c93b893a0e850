"""rates.json, the sweep of chapter 11, says what its own script finds."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import measures
import rates

STORED = json.loads((files("lstm_lib.datasets") / "rates.json").read_text(encoding="utf-8"))


def test_the_grid_is_that_of_the_script_and_the_names_are_the_shipped_ones() -> None:
    assert {name: list(found) for name, found in STORED["loss"].items()} == {
        name: [f"{lr:g}" for lr in grid] for name, (_, grid) in rates.GRID.items()
    }
    assert all(len(seeds) == len(rates.SEEDS) for found in STORED["loss"].values() for seeds in found.values())
    assert (STORED["steps"], STORED["last"], STORED["lists"]) == (
        rates.STEPS, rates.LAST, measures.data_version()["names"],
    )  # fmt: skip


@pytest.mark.parametrize(("name", "lr", "seed"), [("uncorrected", 0.01, 1), ("momentum", 10.0, 2)])
def test_a_run_gives_its_number_again(name: str, lr: float, seed: int) -> None:
    again = rates.last_loss(rates.GRID[name][0], lr, seed)
    np.testing.assert_allclose(again, STORED["loss"][name][f"{lr:g}"][seed], rtol=1e-4)


def test_a_run_that_blows_up_is_infinite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "loss_and_grads", lambda params, batch: (float("nan"), params))
    assert rates.last_loss(rates.plain, 1.0, 0) == float("inf")
