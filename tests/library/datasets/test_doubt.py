"""doubt.json, the temperatures of chapter 16 on other weights, says what its own script finds."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import doubt
import measures

from lstm_lib.data import load_splits
from lstm_lib.judge.nearest import edit_distances
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.vocabulary import Vocabulary

STORED = json.loads((files("lstm_lib.datasets") / "doubt.json").read_text(encoding="utf-8"))
REMEDIES = ["as it is", "one temperature", "(16.4)"]


def test_every_model_is_there_with_every_remedy() -> None:
    assert STORED["lists"] == measures.data_version()["names"]
    models = ["kneser_ney_6", *(f"main-{seed}" for seed in doubt.SEEDS)]
    assert [name for name in STORED if name != "lists"] == models
    assert all(list(STORED[name]) == REMEDIES for name in models)


def test_as_it_is_the_networks_cost_what_the_sweep_says() -> None:
    runs = measures.read_metrics()["sweep"]["runs"]
    for seed in doubt.SEEDS:
        assert STORED[f"main-{seed}"]["as it is"]["all"] == pytest.approx(runs[f"main-{seed}"]["test"], abs=2e-4)


def test_the_rival_gets_its_numbers_again() -> None:
    split = load_splits()
    vocabulary = Vocabulary.from_names(split.train)
    model = fit_kneser_ney(split.train, vocabulary, 6)
    val, test = (
        doubt.laws_of(doubt.counted_laws(model, names), names, vocabulary) for names in (split.val, split.test)
    )
    rival = test.by_name(doubt.with_weights(test, np.zeros(1)))
    for nats, known in zip(rival, ngram_surprises(model, split.test), strict=True):
        np.testing.assert_allclose(nats, known, rtol=1e-9, atol=1e-12)
    again = doubt.remedies(val, test, rival, edit_distances(split.test, split.train) > 1)
    for name in REMEDIES:
        assert again[name]["all"] == pytest.approx(STORED["kneser_ney_6"][name]["all"], abs=1e-4)
        assert again[name]["far"] == pytest.approx(STORED["kneser_ney_6"][name]["far"], abs=2e-4)


def test_the_tally_counts_what_came_before_and_begins_anew_with_each_name() -> None:
    law = np.log(np.array([0.9, 0.05, 0.05]))
    laws = doubt.Laws(np.tile(law, (5, 1)), np.array([1, 2, 0, 1, 0]), np.array([3, 5]))
    entropy = float(-(np.exp(law) * law).sum())
    over = float(-law[1] - entropy - 1)
    expected = [[1, entropy, tally] for tally in (0, over, 2 * over, 0, over)]
    np.testing.assert_allclose(doubt.clues(laws), expected)
