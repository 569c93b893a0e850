"""probable.json, the most probable names of chapter 15, says what its script finds, and what the chapter says of it."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import probable

from lstm_lib.data import load_splits
from lstm_lib.ngram import fit_kneser_ney, fit_ngram, ngram_surprises
from lstm_lib.sample import name_log_probability
from lstm_lib.search import names_above
from lstm_lib.train import load_trained

STORED = json.loads(probable.PROBABLE.read_text(encoding="utf-8"))
MODELS = ("lstm", "kneser_ney_6", "trigram")
SPLIT, (PARAMS, VOCABULARY) = load_splits(), load_trained()


def at(model: str, kind: str, rank: int) -> float:
    return STORED[model][kind][STORED["ranks"].index(rank)]


def test_the_file_has_every_model_at_every_rank() -> None:
    assert STORED["ranks"] == [*probable.RANKS]
    assert set(STORED) == {"floors", "ranks", *MODELS}
    for model in MODELS:
        assert {*STORED[model]} == {"mass", "train", "held_out", "first"}
        assert all(len(STORED[model][kind]) == len(probable.RANKS) for kind in ("mass", "train", "held_out"))
        mass = np.array(STORED[model]["mass"])
        assert (np.diff(mass) > 0).all()
        assert 0 < mass[0] < mass[-1] < 1
        assert (np.diff(mass / STORED["ranks"]) < 0).all()  # each further name holds less
        known = np.array(STORED[model]["train"]) + np.array(STORED[model]["held_out"])
        assert (known <= STORED["ranks"]).all()


def test_the_first_names_of_the_lstm_are_found_again_and_scored_by_the_library() -> None:
    found = names_above(PARAMS, VOCABULARY, 1e-4)
    assert [each.name for each in found[:8]] == [name for name, _ in STORED["lstm"]["first"][:8]]
    for name, p in STORED["lstm"]["first"]:
        assert math.exp(name_log_probability(PARAMS, VOCABULARY, name)) == pytest.approx(p, rel=2e-3)
    assert sum(math.exp(each.log_p) for each in found[:50]) == pytest.approx(at("lstm", "mass", 50), rel=1e-3)
    seen = {*SPLIT.train}
    assert abs(sum(each.name in seen for each in found[:50]) - at("lstm", "train", 50)) <= 1


@pytest.mark.parametrize("model", MODELS[1:])
def test_the_first_names_of_the_counts_are_scored_again(model: str) -> None:
    counts = (
        fit_ngram(SPLIT.train, VOCABULARY, 3, add_k=probable.ADD_K)
        if model == "trigram"
        else fit_kneser_ney(SPLIT.train, VOCABULARY, 6)
    )
    first = dict(STORED[model]["first"])
    p = [math.exp(-each.sum()) for each in ngram_surprises(counts, [*first])]
    np.testing.assert_allclose(p, [*first.values()], rtol=2e-3)
    floor = [*first.values()][9] * (1 - 1e-3)
    again = probable.by_counting(counts.law, VOCABULARY, floor)
    assert sorted(each.name for each in again) == sorted([*first][:10])


def test_a_floor_that_is_too_high_is_refused() -> None:
    with pytest.raises(ValueError, match="only 1 names lie above the floor: lower it"):
        probable.summary([probable.Found("ana", -1.0)], SPLIT)


def test_the_script_needs_no_first_letter_twice() -> None:
    found = probable.by_lstm(PARAMS, VOCABULARY, 2e-4)
    assert sorted(found, key=lambda each: -each.log_p)[0].name == ""
    assert len({each.name for each in found}) == len(found) == sum(p >= 2e-4 for _, p in STORED["lstm"]["first"])
