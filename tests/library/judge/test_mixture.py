"""A mixture is a weighted mean of probabilities; its weights are the best there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from training_cases import NAMES, UNSEEN, VOCABULARY, generator, small_params

from lstm_lib.evaluate import score, surprises
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.ngram import fit_kneser_ney, fit_ngram, ngram_surprises

LSTM = surprises(small_params(seed=2, scale=2.0), VOCABULARY, UNSEEN)
COUNTS = ngram_surprises(fit_kneser_ney(NAMES, VOCABULARY, 3), UNSEEN)
BIGRAM = ngram_surprises(fit_ngram(NAMES, VOCABULARY, 2, add_k=0.5), UNSEEN)
MODELS = [LSTM, COUNTS, BIGRAM]


def test_probabilities_are_averaged_not_surprises():
    mixed = mix(MODELS, [0.5, 0.3, 0.2])
    for name, nats in enumerate(mixed):
        p = [np.exp(-model[name]) for model in MODELS]
        np.testing.assert_allclose(nats, -np.log(0.5 * p[0] + 0.3 * p[1] + 0.2 * p[2]), rtol=1e-12)
        assert (nats < 0.5 * LSTM[name] + 0.3 * COUNTS[name] + 0.2 * BIGRAM[name] + 1e-12).all()


def test_one_model_alone_is_itself():
    for weights, model in (([1, 0, 0], LSTM), ([0, 0, 1], BIGRAM)):
        for mixed, nats in zip(mix(MODELS, weights), model, strict=True):
            np.testing.assert_allclose(mixed, nats, rtol=1e-12)
    np.testing.assert_allclose(np.concatenate(mix([LSTM], [1])), np.concatenate(LSTM), rtol=1e-12)
    assert tune_mixture([LSTM]).tolist() == [1]


def test_a_probability_of_0_does_no_harm_while_another_model_has_more():
    silent = [np.full_like(nats, np.inf) for nats in LSTM]
    np.testing.assert_allclose(np.concatenate(mix([silent, LSTM], [0.5, 0.5])), np.concatenate(LSTM) + np.log(2))
    np.testing.assert_allclose(tune_mixture([silent, LSTM]), [0, 1])


def test_where_all_models_are_silent_the_mixture_is_and_no_weights_help():
    silent = [np.full_like(nats, np.inf) for nats in LSTM]
    assert np.isinf(np.concatenate(mix([silent, LSTM, silent], [0.5, 0, 0.5]))).all()
    with pytest.raises(ValueError, match="surprises must be finite under one model or more; all give probability 0"):
        tune_mixture([silent, silent])


def test_a_probability_too_small_for_a_float_still_counts():
    far = [nats + 800 for nats in LSTM]  # exp(-800) is 0
    farther = [nats + 801 for nats in LSTM]
    np.testing.assert_allclose(np.concatenate(mix([far, far], [0.3, 0.7])), np.concatenate(far), rtol=1e-12)
    expected = np.concatenate(far) - np.log(0.5 + 0.5 * np.exp(-1))
    np.testing.assert_allclose(np.concatenate(mix([far, farther], [0.5, 0.5])), expected, rtol=1e-12)
    np.testing.assert_allclose(tune_mixture([far, farther]), [1, 0], atol=1e-6)


def test_weights_of_single_precision_are_welcome():
    shares = np.array([0.1, 0.2, 0.7], np.float32)
    np.testing.assert_allclose(np.concatenate(mix(MODELS, shares)), np.concatenate(mix(MODELS, [0.1, 0.2, 0.7])), 1e-6)


def test_two_copies_of_a_model_share_its_weight():
    one, *copies = tune_mixture([COUNTS, LSTM, LSTM])
    assert copies[0] == pytest.approx(copies[1], rel=1e-12)
    assert one == pytest.approx(tune_mixture([COUNTS, LSTM])[0], abs=1e-3)


def test_a_sum_that_is_off_by_rounding_does_not_spoil_the_law():
    mixed = mix([LSTM, LSTM], [0.5, 0.5 + 9e-7])
    np.testing.assert_allclose(np.concatenate(mixed), np.concatenate(LSTM), rtol=0, atol=1e-12)


def test_nothing_that_is_handed_in_is_changed():
    weights, before = np.array([0.5, 0.3, 0.2]), [np.concatenate(model) for model in MODELS]
    mixed = mix(MODELS, weights)
    tune_mixture(MODELS)
    mixed[0][:] = 0
    np.testing.assert_array_equal([np.concatenate(model) for model in MODELS], before)
    np.testing.assert_array_equal(weights, [0.5, 0.3, 0.2])


def test_the_tuned_weights_are_those_of_a_general_optimiser():
    def loss(free):
        weights = np.exp([*free, 0])
        return score(mix(MODELS, weights / weights.sum())).nll

    found = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 5000})
    assert found.success
    weights = tune_mixture(MODELS)
    assert weights.sum() == pytest.approx(1)
    assert score(mix(MODELS, weights)).nll == pytest.approx(found.fun, abs=1e-6)
    assert score(mix(MODELS, weights)).nll <= min(score(model).nll for model in MODELS) + 1e-6


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0.05, 0.95))
def test_the_weights_of_a_true_mixture_are_found(seed, share):
    """Symbols drawn from share * p + (1 - share) * q: with many of them the best weight is the share."""
    rng = generator(seed)
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.1, 0.8])
    drawn = rng.choice(3, size=20_000, p=share * p + (1 - share) * q)
    weights = tune_mixture([[-np.log(p[drawn])], [-np.log(q[drawn])]])
    assert weights[0] == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize(
    ("models", "weights", "message"),
    [
        (MODELS, [0.5, 0.5], r"weights must be 3 numbers >= 0 with the sum 1; got \[0.5, 0.5\]"),
        (MODELS, [0.5, 0.6, -0.1], "weights must be 3 numbers >= 0 with the sum 1"),
        (MODELS, [0.5, 0.3, 0.2001], "weights must be 3 numbers >= 0 with the sum 1"),
        (MODELS, [0.5, np.nan, 0.5], "weights must be 3 numbers >= 0 with the sum 1"),
        ([], [], "surprises must hold the lists of one model or more"),
        ([LSTM, LSTM[1:]], [0.5, 0.5], "all of the same names in the same order"),
        ([LSTM, LSTM[::-1]], [0.5, 0.5], r"same names in the same order; got lists of \[5, 5\] names"),
        ([LSTM, []], [0.5, 0.5], r"surprises\[1\] must hold the surprises of at least one name; got none"),
        (MODELS, [[0.5, 0.3, 0.2]], r"weights must be a list of numbers or a 1-D array; got shape \(1, 3\)"),
    ],
)
def test_what_does_not_fit_is_refused(models, weights, message):
    with pytest.raises(ValueError, match=message):
        mix(models, weights)


@pytest.mark.parametrize(
    ("models", "weights", "message"),
    [
        (MODELS, None, "weights must be a list of numbers; got None"),
        (MODELS, ["0.5", "0.3", "0.2"], "weights must be a list of numbers"),
        (MODELS, [True, False, False], "weights must be a list of numbers"),
        ([0.5, 0.3, 0.2], MODELS, r"surprises\[0\] must be the list of arrays that surprises returns; got 0.5"),
        (None, [1], "surprises must hold one list of arrays for each model; got None"),
        (LSTM, [1], r"surprises\[0\] must be the list of arrays that surprises returns; got an array"),
    ],
)
def test_what_is_of_another_kind_is_refused(models, weights, message):
    with pytest.raises(TypeError, match=message):
        mix(models, weights)
