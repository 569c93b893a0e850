"""The area under the ROC curve against all pairs, the curve against a loop, and the interval's promise."""

from typing import Any

import numpy as np
import pytest

from lstm_lib.judge.membership import area, area_interval, roc

MEMBERS, STRANGERS = np.array([1.0, 2.0, 2.0, 5.0]), np.array([2.0, 3.0, 4.0, 4.0, 6.0])


def test_the_area_counts_pairs_and_halves_ties() -> None:
    pairs = [(m < s) + 0.5 * (m == s) for m in MEMBERS for s in STRANGERS]
    assert area(MEMBERS, STRANGERS) == pytest.approx(np.mean(pairs))
    assert area(MEMBERS, STRANGERS) + area(STRANGERS, MEMBERS) == pytest.approx(1)
    assert area([1, 1], [1, 1, 1]) == 0.5


@pytest.mark.parametrize(("alarms", "found"), [(0, 0.25), (0.2, 0.75), (0.39, 0.75), (0.4, 0.75), (0.8, 1.0), (1, 1.0)])
def test_the_curve_accuses_no_more_strangers_than_it_may(alarms: float, found: float) -> None:
    assert roc(MEMBERS, STRANGERS, [alarms]).tolist() == [found]


def test_the_area_lies_under_the_curve() -> None:
    rng = np.random.default_rng(1)
    members, strangers = rng.normal(size=400), rng.normal(0.7, size=300)
    alarms = np.arange(300) / 300
    assert roc(members, strangers, alarms).mean() == pytest.approx(area(members, strangers))


def test_the_interval_holds_the_true_area_as_often_as_it_promises() -> None:
    rng, held = np.random.default_rng(2), 0
    for _ in range(200):
        members, strangers = rng.normal(size=60), rng.normal(1, size=40)
        interval = area_interval(members, strangers, rng=rng, resamples=100)
        held += interval.low <= 0.7602 <= interval.high
        assert interval.value == area(members, strangers)
    assert 178 <= held <= 199


@pytest.mark.parametrize("seed", range(5))
def test_a_resample_has_the_area_of_the_two_lists_that_are_drawn(seed: int) -> None:
    found = area_interval(MEMBERS, STRANGERS, rng=np.random.default_rng(seed), resamples=1)
    pen = np.random.default_rng(seed)
    strangers, members = (row[pen.integers(len(row), size=len(row))] for row in (STRANGERS, MEMBERS))
    assert found.low == pytest.approx(area(members, strangers))


def test_both_lists_are_resampled() -> None:
    alike = np.full(50, 1.5)
    for one, other in ((alike, np.arange(4)), (np.arange(4), alike)):
        interval = area_interval(one, other, rng=np.random.default_rng(3), resamples=300)
        assert interval.high - interval.low > 0.5


def test_without_a_number_a_thousand_resamples_are_drawn() -> None:
    members, strangers = np.random.default_rng(5).normal(size=(2, 70))
    given: list[dict[str, int]] = [{}, {"resamples": 1000}, {"resamples": 1001}]
    usual, thousand, more = (area_interval(members, strangers, rng=np.random.default_rng(6), **each) for each in given)
    assert usual == thousand != more
    single = area_interval(members, strangers, rng=np.random.default_rng(6), resamples=1)
    assert single.low == single.high


def test_the_same_generator_gives_the_same_interval_and_nothing_is_changed() -> None:
    before = MEMBERS.copy(), STRANGERS.copy()
    twice = [area_interval(MEMBERS, STRANGERS, rng=np.random.default_rng(4), resamples=50) for _ in range(2)]
    assert twice[0] == twice[1]
    np.testing.assert_equal((MEMBERS, STRANGERS), before)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: area([], [1.0]), "members must hold at least one number"),
        (lambda: area([1.0], [np.nan]), "strangers must hold at least one number, and only finite ones"),
        (lambda: roc([1.0], [2.0], [1.5]), "alarms must hold shares within 0 and 1"),
        (lambda: area_interval([1.0], [2.0], rng=np.random.default_rng(0), resamples=0), "resamples"),
    ],
)
def test_what_cannot_be_judged_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
