"""doubt.json, the temperatures of chapter 16 on other weights, says what its own script finds."""

import json
import sys
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import doubt
import measures

from lstm_lib.data import load_splits
from lstm_lib.evaluate import log_laws
from lstm_lib.judge.nearest import neighbours
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.train import load_trained
from lstm_lib.vocabulary import Vocabulary

STORED = json.loads((files("lstm_lib.datasets") / "doubt.json").read_text(encoding="utf-8"))
REMEDIES = ["as it is", "one temperature", "(16.4)"]


def test_every_model_is_there_with_every_remedy() -> None:
    assert STORED["lists"] == measures.data_version()["names"]
    models = ["kneser_ney_6", "lstm_shipped", *(f"main-{seed}" for seed in doubt.SEEDS)]
    assert [name for name in STORED if name != "lists"] == models
    assert all(list(STORED[name]) == REMEDIES for name in models)


def test_as_it_is_the_networks_cost_what_the_sweep_says() -> None:
    runs = measures.read_metrics()["sweep"]["runs"]
    for seed in doubt.SEEDS:
        assert STORED[f"main-{seed}"]["as it is"]["all"] == pytest.approx(runs[f"main-{seed}"]["test"], abs=2e-4)


def test_the_rival_and_the_shipped_weights_get_their_numbers_again() -> None:
    split = load_splits()
    vocabulary = Vocabulary.from_names(split.train)
    far = np.array([not near for near in neighbours(split.test, split.train)])  # none is a training name itself
    counting, (shipped, _), held_out = fit_kneser_ney(split.train, vocabulary, 6), load_trained(), split[1:]
    rival, model = (
        doubt.remedies(*(doubt.laws_of(laws(names), names, vocabulary) for names in held_out))
        for laws in (partial(doubt.counted_laws, counting), partial(log_laws, shipped, vocabulary))
    )
    for nats, known in zip(rival["as it is"][1], ngram_surprises(counting, split.test), strict=True):
        np.testing.assert_allclose(nats, known, rtol=1e-9, atol=1e-12)
    for name, found in {"kneser_ney_6": rival, "lstm_shipped": model}.items():
        for remedy, each in doubt.compared(found, rival, far).items():
            assert each["all"] == pytest.approx(STORED[name][remedy]["all"], abs=1e-4)
            for against in ("far", "far_alike"):
                assert each[against] == pytest.approx(STORED[name][remedy][against], abs=3e-4)


def test_the_tally_counts_what_came_before_and_begins_anew_with_each_name() -> None:
    law = np.log(np.array([0.9, 0.05, 0.05]))
    laws = doubt.Laws(np.tile(law, (5, 1)), np.array([1, 2, 0, 1, 0]), np.array([3, 5]))
    entropy = float(-(np.exp(law) * law).sum())
    over = float(-law[1] - entropy - 1)
    expected = [[1, entropy, tally] for tally in (0, over, 2 * over, 0, over)]
    np.testing.assert_allclose(doubt.clues(laws), expected)
