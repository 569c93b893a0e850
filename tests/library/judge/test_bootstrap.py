"""The bootstrap over names: against theory, against loops, and against mistakes that are easily made."""

import math

import numpy as np
import pytest
from training_cases import generator

from lstm_lib.judge import bootstrap as module
from lstm_lib.judge.bootstrap import Interval, bootstrap, paired_bootstrap


def some_names(count=400, seed=0, shift=0.0):
    """Surprises of names of 2 to 9 symbols; each name has a level of its own, shared by its symbols."""
    rng = generator(seed)
    return [rng.exponential(1, rng.integers(2, 10)) + rng.exponential(1) + shift for _ in range(count)]


def resampled(nats, rng, resamples):
    """The same draws, name by name."""
    means = []
    for _ in range(resamples):
        drawn = [nats[k] for k in rng.integers(len(nats), size=len(nats))]
        means.append(sum(each.sum() for each in drawn) / sum(len(each) for each in drawn))
    return np.array(means)


def test_whole_names_are_drawn_with_replacement():
    nats = some_names(30)
    expected = resampled(nats, generator(1), 50)
    found = bootstrap(nats, rng=generator(1), resamples=50)
    assert found.value == pytest.approx(np.concatenate(nats).mean())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(expected, [0.025, 0.975])))


def test_how_many_are_drawn_at_once_changes_nothing(monkeypatch):
    nats = some_names(40)
    whole = bootstrap(nats, rng=generator(1), resamples=120)
    for names in (7, 300):  # less than one list, seven lists
        monkeypatch.setattr(module, "AT_ONCE", names)
        assert bootstrap(nats, rng=generator(1), resamples=120) == whole


def test_the_memory_is_bounded_whatever_is_asked(monkeypatch):
    sizes = []

    class Spy(np.random.Generator):
        def integers(self, *arguments, size):
            sizes.append(size)
            return super().integers(*arguments, size=size)

    monkeypatch.setattr(module, "AT_ONCE", 100)
    bootstrap(some_names(40), rng=Spy(np.random.PCG64(1)), resamples=7)
    bootstrap(some_names(400), rng=Spy(np.random.PCG64(1)), resamples=2)  # one list is more than is drawn at once
    assert sizes == [(2, 40)] * 3 + [(1, 40)] + [(1, 400)] * 2


def test_the_interval_has_the_width_that_theory_gives():
    nats = some_names(2000)
    found = bootstrap(nats, rng=generator(3), resamples=4000)
    totals, symbols = np.array([each.sum() for each in nats]), np.array([len(each) for each in nats])
    residuals = totals - found.value * symbols  # the delta method for a ratio of means
    width = 2 * 1.96 * residuals.std(ddof=1) / math.sqrt(len(nats)) / symbols.mean()
    assert found.high - found.low == pytest.approx(width, rel=0.06)
    every = np.concatenate(nats)
    as_if_independent = 2 * 1.96 * every.std(ddof=1) / math.sqrt(len(every))
    assert as_if_independent < 0.8 * width  # symbols of one name are not independent


def test_the_true_mean_lies_inside_as_often_as_promised():
    truth, inside = 2.0, 0
    for seed in range(200):
        low, high = bootstrap(some_names(60, seed), rng=generator(seed), resamples=300, level=0.8)[1:]
        inside += low < truth < high
    assert abs(inside / 200 - 0.8) < 4 * math.sqrt(0.8 * 0.2 / 200)


def test_a_lower_level_is_a_narrower_interval():
    wide, narrow = (bootstrap(some_names(), rng=generator(), resamples=500, level=level) for level in (0.99, 0.5))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_on_the_same_names_a_small_difference_is_seen():
    one = some_names(shift=0.0)
    noise = generator(5)
    other = [each + 0.03 + 0.02 * noise.standard_normal(len(each)) for each in one]
    paired = paired_bootstrap(one, other, rng=generator(2), resamples=1000)
    assert paired.low < paired.value < paired.high < 0
    assert paired.value == pytest.approx(-0.03, abs=0.003)
    apart = [bootstrap(nats, rng=generator(2), resamples=1000) for nats in (one, other)]
    assert apart[0].high > apart[1].low  # unpaired, the two intervals overlap: nothing would be seen
    assert paired.high - paired.low < 0.1 * (apart[0].high - apart[0].low)


def test_swapping_the_models_swaps_the_signs():
    one, other = some_names(50, 1), [each + 0.1 for each in some_names(50, 1)]
    there, back = (paired_bootstrap(*pair, rng=generator(2), resamples=200) for pair in ((one, other), (other, one)))
    assert back.value == pytest.approx(-there.value)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert paired_bootstrap(one, one, rng=generator(2), resamples=200) == Interval(0, 0, 0)


def test_without_a_number_ten_thousand_lists_are_drawn_and_one_is_enough():
    one, other = some_names(20, 1), [each**2 for each in some_names(20, 1)]
    for function, lists in ((bootstrap, [one]), (paired_bootstrap, [one, other])):
        usual, same = (function(*lists, rng=generator(2), **given) for given in ({}, {"resamples": 10_000}))
        assert usual == same
        single = function(*lists, rng=generator(2), resamples=1)
        assert single.low == single.high


def test_one_seed_one_interval_and_nothing_is_changed():
    nats = some_names(20)
    before = [each.copy() for each in nats]
    found = [bootstrap(nats, rng=generator(seed), resamples=100) for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]
    for each, old in zip(nats, before, strict=True):
        np.testing.assert_array_equal(each, old)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"nats": []}, ValueError, "at least one name; got none"),
        ({"nats": [np.array([1.0, np.inf])]}, ValueError, "nats must be finite to be resampled"),
        (
            {"nats": [np.log([0.5])] * 2},
            ValueError,
            "nats must hold surprises, -ln p: numbers >= 0, in nats; got -0.69",
        ),
        (
            {"nats": [np.array([0, -module.ROUNDING, -1.1e-6, -7])] * 2},
            ValueError,
            "nats must hold surprises, -ln p: numbers >= 0, in nats; got -1.1e-06",
        ),
        ({"nats": some_names(1)}, ValueError, "the surprises of at least two names are needed"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
        ({"resamples": 0}, ValueError, "resamples must be at least 1; got 0"),
        ({"resamples": 9.5}, TypeError, "resamples must be a whole number; got 9.5"),
        ({"level": 1}, ValueError, "level must be a finite number above 0 and below 1; got 1"),
        ({"level": "95 %"}, TypeError, "level must be a number"),
    ],
)
def test_bootstrap_refuses_a_bad_argument(change, error, message):
    with pytest.raises(error, match=message):
        bootstrap(**({"nats": some_names(3), "rng": generator(), "resamples": 5} | change))


def test_lists_of_different_names_are_refused():
    one = [np.ones(3), np.ones(2)]
    for other in ([np.ones(3)], [np.ones(2), np.ones(3)]):
        with pytest.raises(ValueError, match="must belong to the same names in the same order; got 2 and"):
            paired_bootstrap(one, other, rng=generator())
    with pytest.raises(TypeError, match="other must be the list of arrays"):
        paired_bootstrap(one, 3, rng=generator())
    silent = [np.array([1.0, 1.0, np.inf]), np.ones(2)]
    for pair in ((one, silent), (silent, one), (silent, silent)):  # inf - inf is no number and no difference
        with pytest.raises(ValueError, match=r"(one|other) must be finite to be resampled"):
            paired_bootstrap(*pair, rng=generator())
