"""brought.json, the runs of chapter 23, is whole, is what its own script finds, and says what the text claims."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import brought
import sexes

from lstm_lib.bring import compete
from lstm_lib.data import load_splits

STORED = json.loads(brought.BROUGHT.read_text(encoding="utf-8"))


def column(table: str, row: str, key: str) -> np.ndarray[Any, Any]:
    """A number for each seed."""
    return np.array([run[key] for run in STORED[table][row].values()])


def test_every_run_of_the_script_is_there() -> None:
    assert STORED["recipes"] == {"bring": brought.RECIPE, "tuned": brought.TUNED}
    wanted = {(table, row, str(seed)) for table, row, seed, _ in brought.tasks()}
    tables = [table for table in STORED if table != "recipes"]
    assert {(t, row, seed) for t in tables for row, runs in STORED[t].items() for seed in runs} == wanted


def test_counting_is_computed_again() -> None:
    tiny = brought.RECIPE | {"hidden_size": 2, "most_steps": 1}
    again = compete(brought.few_words("greek", 1), rng=np.random.default_rng(1), recipe=tiny)
    assert brought.scores(again)["counting"] == STORED["tuned"]["greek"]["1"]["counting"]


def test_lists_are_dealt_as_they_should_be() -> None:
    full = load_splits()
    some = brought.some_names(300, 1)
    assert [*map(len, some)] == [300, 37, len(full.test)]
    assert set(some.train) < set(full.train)
    assert some.train != brought.some_names(300, 2).train
    few = brought.few_words("turkish", 1)
    assert [*map(len, few)] == [200, 25, 400]
    assert len({*few.train, *few.val, *few.test}) == 625
    assert not {*brought.few_words("names", 1).train} & {*full.train}


def test_shuffled_weights_are_the_same_numbers() -> None:
    shipped, _ = brought.load_trained()
    dealt = brought.shuffled(shipped, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(dealt.E.ravel()), np.sort(shipped.E.ravel()))
    assert (dealt.E != shipped.E).mean() > 0.9


def test_letters_are_drawn_with_each_names_share() -> None:
    share, letters = (np.array([*each.values()]) for each in (sexes.shares(), sexes.letters()))
    assert (letters == "F").mean() == pytest.approx(share.mean(), abs=0.01)
    assert (letters[share == 1] == "F").all()
    assert (letters[share == 0] == "M").all()
    split = load_splits()
    assert [name[1:] for name in sexes.lettered(split).test] == [*split.test]


def test_a_run_of_letters_makes_kin() -> None:
    assert brought.runs_of("ankara") == {"ankar", "nkara"}
    assert brought.runs_of("roma") == set()
