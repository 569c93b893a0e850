"""Temperatures: against the definition, against nudges, and on laws whose right temperature is known."""

import numpy as np
import pytest
from training_cases import generator

from lstm_lib.judge import temperature as module
from lstm_lib.judge.temperature import tempered, tune_temperature


def drawn(count=20_000, V=6, tau=1.5, seed=0):
    """Logits (count, V), and symbols drawn from softmax(logits / tau); `tau` may be (count,)."""
    rng = generator(seed)
    logits = rng.normal(0, 2, (count, V))
    p = np.exp(logits / np.reshape(tau, (-1, 1)))
    p /= p.sum(axis=1, keepdims=True)
    came = (p.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1)
    return logits, np.minimum(came, V - 1)


def ones(count):
    return np.ones((count, 1))


def test_the_definition_row_by_row():
    logits, came = drawn(50)
    tau = generator(1).uniform(0.5, 3, 50)
    for row, symbol, temperature, nats in zip(logits, came, tau, tempered(logits, came, tau), strict=True):
        p = np.exp(row / temperature) / np.exp(row / temperature).sum()
        assert nats == pytest.approx(-np.log(p[symbol]), rel=1e-12)


def test_a_temperature_of_1_changes_nothing_and_a_huge_one_makes_all_equal():
    logits, came = drawn(30)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(tempered(logs, came, np.ones(30)), -logs[np.arange(30), came], rtol=1e-12)
    np.testing.assert_allclose(tempered(logs, came, np.full(30, 1e9)), np.log(6), rtol=1e-6)


def test_the_slopes_are_those_of_nudges():
    logits, came = drawn(40)
    clues, weights = generator(2).normal(size=(40, 3)), np.array([0.3, -0.2, 0.1])
    _, slopes = module._nats_and_slopes(logits, came, clues, weights)
    for k, nudge in enumerate(1e-6 * np.eye(3)):
        up, down = (module._nats(logits, came, clues, weights + sign * nudge) for sign in (1, -1))
        np.testing.assert_allclose(slopes[:, k], (up - down) / 2e-6, atol=1e-8)


@pytest.mark.parametrize(("weight", "kept"), [(5.5, 5), (-5.5, -5), (4.9, 4.9), (-4.9, -4.9)])
def test_no_weight_leads_to_a_temperature_beyond_bounds(weight, kept):
    logits, came = drawn(20)
    tau = np.full(20, np.exp(kept))
    np.testing.assert_allclose(module._nats(logits, came, ones(20), np.array([weight])), tempered(logits, came, tau))


@pytest.mark.parametrize("tau", [0.7, 1.0, 1.5])
def test_the_temperature_that_drew_the_symbols_is_found(tau):
    logits, came = drawn(tau=tau)
    (found,) = np.exp(tune_temperature(logits, came, ones(len(came))))
    assert found == pytest.approx(tau, rel=0.03)


def test_a_temperature_that_depends_on_a_clue_is_found():
    clue = generator(3).uniform(0, 2, 20_000)
    logits, came = drawn(tau=np.exp(0.1 + 0.3 * clue))
    found = tune_temperature(logits, came, np.column_stack([np.ones_like(clue), clue]))
    assert found == pytest.approx([0.1, 0.3], abs=0.05)


def spied(monkeypatch, function):
    """The weights with which a function of the module is called from now on."""
    seen, real = [], getattr(module, function)
    monkeypatch.setattr(module, function, lambda *arguments: (seen.append(arguments[-1]), real(*arguments))[1])
    return seen


def test_a_step_that_goes_too_far_is_halved_and_halved_again(monkeypatch):
    tried = spied(monkeypatch, "_nats")
    tune_temperature(np.array([[2.0, 1.6, -3.0]] * 4), np.ones(4, int), ones(4))
    first, second, third, *_ = np.ravel(tried)
    assert (first / 2, first / 4) == pytest.approx((second, third))


def test_the_tuning_ends_when_a_round_gains_nothing(monkeypatch):
    rounds = spied(monkeypatch, "_nats_and_slopes")
    tune_temperature(*drawn(300), ones(300))
    assert len(rounds) < 20


def test_no_nudge_of_the_weights_helps():
    logits, came = drawn(3000)
    clues = np.column_stack([np.ones(3000), generator(4).normal(size=3000)])
    found = tune_temperature(logits, came, clues)
    least = module._nats(logits, came, clues, found).mean()
    for nudge in (0.02, -0.02):
        for k in range(2):
            assert module._nats(logits, came, clues, found + nudge * np.eye(2)[k]).mean() > least


def test_what_a_caller_owns_is_not_changed():
    logits, came = drawn(100)
    before = logits.copy(), came.copy()
    tune_temperature(logits, came, ones(100))
    np.testing.assert_array_equal(logits, before[0])
    np.testing.assert_array_equal(came, before[1])


LOGS, CAME = np.zeros((4, 3)), np.array([0, 1, 2, 0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LOGS[0], CAME, np.ones(4)), r"^logs must"),
        ((LOGS[:0], CAME[:0], np.ones(0)), r"^logs must be finite"),
        ((np.full((4, 3), np.nan), CAME, np.ones(4)), r"^logs must be finite"),
        ((LOGS, CAME + 1, np.ones(4)), r"^came must"),
        ((LOGS, CAME[:3], np.ones(4)), r"^came must"),
        ((LOGS, CAME, np.ones(3)), r"^temperatures must be 4 numbers above 0"),
        ((LOGS, CAME, np.zeros(4)), r"^temperatures must be 4 numbers above 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        tempered(*arguments)


def test_one_law_of_one_symbol_is_enough():
    np.testing.assert_array_equal(tempered(LOGS[:1, :1], CAME[:1], [2.0]), [0.0])


@pytest.mark.parametrize(
    "clues", [np.ones(4), np.ones((3, 1)), np.ones((4, 0)), np.ones((4, 1), int), np.full((4, 1), np.nan)]
)
def test_clues_that_do_not_fit_are_refused(clues):
    with pytest.raises((TypeError, ValueError), match=r"^clues must"):
        tune_temperature(LOGS, CAME, clues)
