"""brought.json, the runs of chapter 23, is whole, is what its own script finds, and says what the text claims."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import brought
import kin
import sexes

from lstm_lib.bring import compete
from lstm_lib.data import load_splits
from lstm_lib.vocabulary import Vocabulary

STORED = json.loads(brought.BROUGHT.read_text(encoding="utf-8"))
LABELS = ("thinned", "same lengths", "any lengths")


def column(table: str, row: str, key: str) -> np.ndarray[Any, Any]:
    """A number for each seed."""
    return np.array([run[key] for run in STORED[table][row].values()])


def test_every_run_of_the_script_is_there() -> None:
    assert STORED["recipes"] == brought.RECIPES
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
    assert kin.runs_of("ankara") == {"ankar", "nkara"}
    assert kin.runs_of("roma") == set()
    assert kin.have_kin(["ankara", "roma", "mankar"], ["ankar", "romalı"]) == [True, False, True]


def test_a_thinned_list_has_no_kin_and_its_control_the_same_lengths() -> None:
    words, rng = brought.shipped_words("turkish"), np.random.default_rng
    kept = kin.thinned(words, rng([23, 1]))
    assert len(kept) == STORED["thinned"]["turkish"]["1"]["words"]
    shared = Counter(run for word in kept for run in kin.runs_of(word))
    assert set(shared.values()) == {1}
    assert all(any(kin.have_kin([word], kept)) for word in [*{*words} - {*kept}])
    other = kin.alike(words, kept, rng([24, 1]))
    assert sorted(map(len, other)) == sorted(map(len, kept))
    assert len(set(other)) == len(other)
    assert set(other) != set(kept)
    assert np.mean(kin.have_kin(other[::2], other[1::2])) > 0.2


def leads(table: str, row: str, key: str = "lead") -> np.ndarray[Any, Any]:
    """Of each seed: the lead of the LSTM over counting, and the ends of its interval."""
    return np.array([run[key] for run in STORED[table][row].values()])


def test_without_kin_the_network_is_ahead_and_fewer_words_alone_leave_counting_ahead() -> None:
    for language in brought.SHIPPED:
        thin, alike, other = (leads("thinned", language, f"lead, {label}")[:, 0] for label in LABELS)
        assert max(thin) < 0
        assert min(alike - thin) > 0.05
        assert min(other) > 0
        assert np.mean(other) > np.mean(alike) + 0.05
        assert abs(np.mean(other) - np.mean(leads("corpora", language)[:, 0])) < 0.1


def test_on_drawn_lists_of_the_same_lengths_the_network_is_never_surely_ahead() -> None:
    ends = np.concatenate([leads("thinned", language, "lead, same lengths") for language in brought.SHIPPED])
    assert max(ends[:, 2]) > min(ends[:, 2]) > 0
    assert sum(ends[:, 1] > 0) == 3


@pytest.mark.parametrize("language", brought.SHIPPED)
@pytest.mark.parametrize("label", LABELS)
def test_a_lead_is_the_difference_of_both_costs(language: str, label: str) -> None:
    gaps = column("thinned", language, f"LSTM, {label}") - column("thinned", language, f"counting, {label}")
    np.testing.assert_allclose(gaps, leads("thinned", language, f"lead, {label}")[:, 0], atol=2e-4)


def test_few_names_are_too_few_steps_and_not_too_few_names() -> None:
    curve = np.array([leads("curve", str(n)) for n in brought.SIZES])
    value, low = curve[:, :, 0], curve[:, :, 1]
    assert (value > 0).sum(axis=1).tolist() == [3, 4, 0, 0]
    assert (low > 0).sum(axis=1).tolist() == [3, 3, 0, 0]
    assert max(value[3]) < min(value[2])
    longer = np.array([leads("longer", str(n)) for n in brought.SIZES])
    assert longer[:, :, 2].max() < 0
    assert (longer[:, :, 0] < value).all()


def test_more_passes_help_on_the_lists_too_and_counting_stays_ahead() -> None:
    late, soon = (np.array([leads(table, each) for each in brought.SHIPPED]) for table in ("longer", "corpora"))
    assert (late[:, :, 0] < soon[:, :, 0]).all()
    assert late[:, :, 0].min() > 0
    assert (late[:, :, 1] < 0).sum(axis=1).tolist() == [0, 3, 0]  # turkish, greek, georgian: too close to call


def test_a_start_from_other_letters_gains_next_to_nothing() -> None:
    lead = {name: column("tuned", name, "tuned") - column("tuned", name, "shuffled") for name in STORED["tuned"]}
    assert -0.04 < min(lead["turkish"]) < max(lead["turkish"]) < 0 < 0.09 < min(lead["greek"])
    assert max(lead["names"]) < -0.5
    fresh = {name: column("tuned", name, "tuned") - column("tuned", name, "fresh") for name in STORED["tuned"]}
    assert -0.021 < min(fresh["turkish"]) < 0 < 0.15 < min(fresh["greek"])
    assert sum(fresh["turkish"] > 0.021) == 1
    assert max(fresh["names"]) < -0.5


def test_a_fresh_network_is_trained_again() -> None:
    split, rng = brought.few_words("greek", 1), np.random.default_rng
    letters = Vocabulary.from_names([*split.train, *split.val, *split.test])
    shipped, known = brought.load_trained()
    start = brought.first_weights(brought.with_alphabet(shipped, known, letters, rng=rng(1)), rng(1))
    assert [each.shape[-1] for each in (start.E, start.W_h)] == [each.shape[-1] for each in (shipped.E, shipped.W_h)]
    again = brought.further(start, split, letters, 1)
    assert again == pytest.approx(STORED["tuned"]["greek"]["1"]["fresh"], abs=0.01)


def test_what_a_letter_saves_is_measured_within_one_model() -> None:
    p = {"F": 0.7, "M": 0.3}
    given = {"F": 0.2, "M": 0.05}  # of one name
    right, other = ([np.array([-np.log(p[each]), -np.log(given[each])])] for each in "FM")
    wanted = np.log(0.2) - np.log(0.7 * 0.2 + 0.3 * 0.05)
    assert sexes.saving(right, other) == pytest.approx(wanted, abs=1e-4)
    assert sexes.saving(other, right) == pytest.approx(wanted + np.log(0.05 / 0.2), abs=1e-4)


def test_letters_at_random_save_nothing() -> None:
    assert max(abs(column("sex", "some names", "mixed saves, letters at random"))) < 0.02
