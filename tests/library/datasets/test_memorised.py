"""memorised.json, the small networks of chapter 17, says what its own script finds; and its lists are what they say."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import memorised
import remembered

from lstm_lib.data import load_splits
from lstm_lib.judge.nearest import edit_distances, neighbours

STORED = json.loads(memorised.MEMORISED.read_text(encoding="utf-8"))
SEEDS = len(memorised.RECIPE["seeds"])
POPULATION = load_splits().train


def test_it_belongs_to_the_recipe_and_has_every_seed() -> None:
    assert STORED["recipe"] == memorised.RECIPE
    for table in (STORED["membership"], STORED["company"], STORED["mixture"]):
        assert {len(row) for rows in table.values() for row in rows.values()} == {SEEDS}
    for rows in STORED["exposure"].values():
        assert [*rows] == ["0", *map(str, memorised.RECIPE["copies"])]
        assert {len(row) for row in rows.values()} == {SEEDS}
        assert [len(row[0]) for row in rows.values()] == [16 * (SEEDS - 1), 4, 4, 4, 4]


def test_exposures_lie_between_nothing_and_the_first_rank() -> None:
    most = np.log2(remembered.nameless().sum())
    for rows in STORED["exposure"].values():
        every = [bits for row in rows.values() for seed in row for bits in seed]
        assert min(every) >= 0
        assert max(every) <= most + 0.01


def test_the_orders_that_chapter_17_claims() -> None:
    for rows in STORED["exposure"].values():
        means = [float(np.mean(row)) for row in rows.values()]
        assert means[3] < means[4]
        assert means[0] == pytest.approx(1 / np.log(2), abs=0.5)
    for rows in STORED["membership"].values():
        for plain, beyond, control in zip(rows["loss"], rows["loss minus reference"], rows["control"], strict=True):
            assert beyond["area"] > plain["area"] > 0.5
            assert control["area"] == pytest.approx(0.5, abs=0.02)
        assert (np.array(rows["members"]) < rows["strangers"]).all()
    alarms, *curves = (np.array(each) for each in STORED["curves"].values())
    for curve in curves:
        assert (np.diff(curve) >= 0).all()
        assert (curve >= alarms - 1e-3).all()


def test_the_list_moves_the_price_and_boys_names_are_dearer_on_every_list() -> None:
    few, even, many = (np.subtract(row["boys"], row["girls"]) for row in STORED["mixture"].values())
    for gap in (few, even, many):
        assert (gap > 0).all()
    assert np.mean(even - few) == pytest.approx(0.2, abs=0.01)
    assert np.mean(many - even) == pytest.approx(0.2, abs=0.01)


def test_near_company_widens_gap_and_spread_and_leaves_the_area() -> None:
    near, far = STORED["company"].values()
    for key in ("gap", "spread"):
        assert np.greater(near[key], far[key]).all()
    for key in ("members", "strangers"):
        assert np.less(near[key], far[key]).all()
    for measure in ("area", "gap / spread"):
        rows = near, far
        means = [np.mean([each["area"] for each in row["loss"]]) for row in rows]
        if measure != "area":
            means = [np.mean(np.divide(row["gap"], row["spread"])) for row in rows]
        assert means[0] == pytest.approx(means[1], abs=0.03)


def test_without_dropout_in_half_of_the_steps_names_cost_as_much_and_canaries_sit_no_deeper() -> None:
    nats = {how: np.mean(rows["strangers"]) for how, rows in STORED["membership"].items()}
    assert nats["short"] == pytest.approx(nats["dropout"], abs=0.01)
    assert nats["plain"] < nats["dropout"] - 0.04
    bits = {how: np.mean(rows["16"]) for how, rows in STORED["exposure"].items()}
    assert bits["short"] < bits["dropout"] < bits["plain"] / 2 + 0.5


def test_four_copies_show_beside_the_networks_that_did_not_read_them_and_one_does_not() -> None:
    rows = {copies: np.array(each) for copies, each in STORED["exposure"]["plain"].items()}
    never = rows["0"].reshape(SEEDS, SEEDS - 1, 4, 4)  # network, whose canaries, copies, canary
    gains = {}
    for j, copies in enumerate(("1", "4", "16")):
        others = [[never[o, s - (s > o), j] for o in range(SEEDS) if o != s] for s in range(SEEDS)]
        gains[copies] = rows[copies] - np.mean(others, axis=1)
    assert abs(gains["1"].mean()) < 0.3
    assert (gains["4"] > 0).sum() == 19
    assert (gains["16"] > 0).all()


def test_half_of_the_population_is_in_each_list_and_canaries_are_no_names() -> None:
    dealt = [remembered.halves(POPULATION, seed, memorised.RECIPE) for seed in (1, 2)]
    for own in dealt:
        planted = [name for copies, names in own.canaries.items() for name in names for _ in range(copies)]
        assert own.train[-len(planted) :] == planted
        assert len(own.train) - len(planted) == own.member.sum() == pytest.approx(len(POPULATION) / 2, abs=300)
        assert {len(name) for name in planted} == {4}
        assert not {*planted} & {*remembered.corpus()["name"]}
    assert np.mean(dealt[0].member == dealt[1].member) == pytest.approx(0.5, abs=0.02)
    assert dealt[0].canaries != dealt[1].canaries


def test_places_and_spellings_belong_together() -> None:
    assert [remembered.spell(place) for place in (0, 1, 26, 26**4 - 1)] == ["aaaa", "aaab", "aaba", "zzzz"]
    assert remembered.place_of(remembered.spell(123_456)) == 123_456
    assert remembered.nameless().sum() == 26**4 - (remembered.corpus()["name"].str.len() == 4).sum()


def test_the_two_companies_differ_in_nothing_but_their_distance() -> None:
    near, far = (remembered.companies(POPULATION, 1)[kind] for kind in ("near", "far"))
    half = remembered.TARGETS // 2
    assert near.targets == far.targets
    assert near.train[:half] == far.train[:half] == near.targets[:half]
    assert len(near.train) == len(far.train) == len({*near.train}) == len({*far.train})
    assert not {*near.train} & {*near.targets[half:]}
    assert sorted(map(len, near.train)) == sorted(map(len, far.train))
    assert all(neighbours(near.train[half:], near.targets))
    assert not any(neighbours(far.train[half:], far.targets))
    assert not any(neighbours(near.targets, near.targets))


def test_a_list_knows_whether_it_holds_a_near_name() -> None:
    known, near = ["ana", "bo", "maria"], remembered.Near()
    for name in known:
        near.add(name)
    for name in ("ana", "an", "anna", "ava", "b", "boo", "mario", "maia", "marta", "anita", "x", "nan", "oana"):
        assert near.has(name) == (edit_distances([name], known)[0] <= 1), name


def test_mixed_lists_have_their_share_of_girls_names() -> None:
    table = remembered.corpus().set_index("name")
    for share, mixed in remembered.mixtures(1).items():
        rows = table.loc[mixed.train]
        assert ((rows["count_m"] == 0) ^ (rows["count_f"] == 0)).all()
        assert (rows["count_m"] == 0).mean() == int(share) / 100
        assert set(rows["split"]) == {"train"}
    assert "train" not in set(table.loc[mixed.asked, "split"])


def test_a_run_is_kept_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorised, "FOLDER", tmp_path)
    monkeypatch.setattr(memorised, "LETTERS", 1)
    run = memorised.Run("tiny", ["ana", "anna"] * 40, ["ana", "bob"], 30, 0.0, 1, ranked=True)
    vocabulary = memorised.vocabulary_of(load_splits())
    found = memorised.finished(run, vocabulary)
    assert found["nats"][0] < found["nats"][1]
    assert found["space"].shape == (26,)
    monkeypatch.setattr(memorised, "fit", None)  # the second time nothing is trained
    np.testing.assert_array_equal(memorised.finished(run, vocabulary)["nats"], found["nats"])
