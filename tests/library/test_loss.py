"""The loss by plain arithmetic, its gradient by differences, the mask, and the numbers made from it."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import frozen, mutant
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import accuracy, bits_per_character, cross_entropy, perplexity
from lstm_lib.ops import log_softmax

T, B, V = 4, 3, 5


class Logits(NamedTuple):
    logits: np.ndarray


def case(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (T, B, V)).astype(dtype)
    return logits, rng.integers(0, V, (T, B)), np.arange(T)[:, None] < np.array([4, 1, 2])


def by_hand(logits, targets, mask):
    """The mean surprise, cell by cell, with the plain numbers of Python."""
    nats = []
    for t, row in zip(*np.nonzero(mask), strict=True):
        weights = [math.exp(z) for z in logits[t, row]]
        nats.append(-math.log(weights[targets[t, row]] / math.fsum(weights)))
    return math.fsum(nats) / len(nats)


@pytest.mark.parametrize("seed", range(5))
def test_the_loss_is_the_mean_surprise_of_the_real_cells(seed):
    assert_allclose(cross_entropy(*case(seed))[0], by_hand(*case(seed)), rtol=1e-14)


def test_knowing_nothing_costs_the_logarithm_of_v():
    _, targets, mask = case()
    loss, _ = cross_entropy(np.full((T, B, V), 7.0), targets, mask)
    assert type(loss) is float
    assert_allclose(loss, math.log(V), rtol=1e-15)


def gradient_errors(function, seed=0):
    logits, targets, mask = case(seed)
    numerical = numerical_gradient(lambda record: cross_entropy(record.logits, targets, mask)[0], Logits(logits))
    return relative_errors(Logits(function(logits, targets, mask)[1]), numerical)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_equals_central_differences(seed):
    assert gradient_errors(cross_entropy, seed)["logits"] < 1e-9


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("logits.dtype.type(count)", "logits.dtype.type(mask.size)"),
        ("logits.dtype.type(count)", "1"),
        ("mask[..., None], ", "True, "),
        ("axis=-1) - 1, axis=-1)", "axis=-1), axis=-1)"),
        ("np.exp(log_p)", "log_p"),
    ],
)
def test_a_wrong_gradient_is_noticed(right, wrong):
    assert gradient_errors(mutant(cross_entropy, right, wrong))["logits"] > 1e-3


def test_the_gradient_is_p_minus_y_over_the_count():
    logits, targets, mask = case()
    _, dlogits = cross_entropy(logits, targets, mask)
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    expected = np.where(mask[..., None], (p - np.eye(V)[targets]) / mask.sum(), 0)
    assert_allclose(dlogits, expected, rtol=1e-12, atol=1e-16)
    assert_allclose(dlogits.sum(axis=-1), np.zeros((T, B)), atol=1e-16)


def test_padding_contributes_exactly_nothing():
    logits, targets, mask = case()
    loss, dlogits = cross_entropy(logits, targets, mask)
    assert (dlogits[~mask] == 0).all()
    other_logits = np.where(mask[..., None], logits, 1e4 * np.arange(V))
    other_targets = np.where(mask, targets, V - 1)
    other_loss, other_dlogits = cross_entropy(other_logits, other_targets, mask)
    assert other_loss == loss
    assert_array_equal(other_dlogits, dlogits)
    assert accuracy(other_logits, other_targets, mask) == accuracy(logits, targets, mask)
    strange_loss, strange_dlogits = cross_entropy(np.where(mask[..., None], logits, np.nan), targets, mask)
    assert strange_loss == loss
    assert_array_equal(strange_dlogits, dlogits)


def test_the_mask_need_not_be_a_prefix():
    logits, targets, _ = case()
    mask = np.zeros((T, B), bool)
    mask[2, 1] = mask[3, 0] = True
    assert_allclose(cross_entropy(logits, targets, mask)[0], by_hand(logits, targets, mask), rtol=1e-14)


def test_float32_stays_float32():
    logits, targets, mask = case(dtype=np.float32)
    loss, dlogits = cross_entropy(logits, targets, mask)
    assert dlogits.dtype == np.float32
    assert_allclose(loss, cross_entropy(logits.astype(np.float64), targets, mask)[0], rtol=1e-6)


def test_the_loss_is_summed_in_float64():
    logits = np.random.default_rng(0).normal(0, 2, (4001, 1, 3)).astype(np.float32)
    targets, mask = np.zeros((4001, 1), int), np.ones((4001, 1), bool)
    exact = -log_softmax(logits)[:, 0, 0].astype(np.float64).mean()
    assert_allclose(cross_entropy(logits, targets, mask)[0], exact, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sure_model_is_scored_without_warnings(dtype):
    largest = np.finfo(dtype).max
    mask = np.ones((1, 1), bool)
    for size in (1e4, largest):
        logits = np.array([[[size, -size]]], dtype)
        sure, dlogits = cross_entropy(logits, np.array([[0]]), mask)
        assert sure == 0
        assert_array_equal(dlogits, [[[0, 0]]])
        wrong, dlogits = cross_entropy(logits, np.array([[1]]), mask)
        assert wrong == (2 * size if size == 1e4 else math.inf)
        assert_array_equal(dlogits, [[[1, -1]]])


def test_accuracy_counts_the_real_cells_and_the_first_of_equals():
    logits = np.array([[[0.0, 1], [2, 0]], [[3, 3], [0, 1]]])
    targets = np.array([[1, 1], [0, 1]])
    assert accuracy(logits, targets, np.ones((2, 2), bool)) == 0.75
    assert accuracy(logits, targets, np.array([[True, True], [True, False]])) == pytest.approx(2 / 3, rel=1e-15)
    assert type(accuracy(logits, targets, np.ones((2, 2), bool))) is float


@given(st.floats(0, 700))
def test_perplexity_and_bits_are_the_same_surprise(nats):
    assert_allclose(perplexity(nats), math.exp(nats), rtol=1e-15)
    assert_allclose(2 ** bits_per_character(nats), perplexity(nats), rtol=1e-12)


def test_uniform_guessing_over_27_characters_has_perplexity_27():
    assert perplexity(math.log(27)) == pytest.approx(27, rel=1e-14)
    assert bits_per_character(math.log(8)) == pytest.approx(3, rel=1e-15)
    assert bits_per_character(-math.log(2)) == -1


def test_perplexity_beyond_the_largest_float_is_infinite():
    assert perplexity(709) < math.inf
    assert perplexity(709.782712893384) == math.inf
    assert perplexity(710) == math.inf
    assert perplexity(-1e4) == 0


@pytest.mark.parametrize("function", [perplexity, bits_per_character])
def test_numbers_are_made_from_finite_numbers(function):
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValueError, match=f"nats must be a finite number; got {wrong}"):
            function(wrong)
    for wrong in ("2", None, [2.0], np.array([2.0])):
        with pytest.raises(TypeError, match="nats must be a number; got "):
            function(wrong)


@pytest.mark.parametrize("function", [cross_entropy, accuracy])
class TestBadArguments:
    def test_kinds(self, function):
        logits, targets, mask = case()
        for wrong in (logits.tolist(), logits.astype(int), None):
            with pytest.raises(TypeError, match=r"^logits must be a NumPy array of floats; got "):
                function(wrong, targets, mask)
        for wrong in (targets.tolist(), targets.astype(float), mask, None):
            with pytest.raises(TypeError, match=r"^targets must be a NumPy array of integers; got "):
                function(logits, wrong, mask)
        for wrong in (mask.tolist(), mask.astype(int), None):
            with pytest.raises(TypeError, match=r"^mask must be a NumPy array of booleans; got "):
                function(logits, targets, wrong)

    @pytest.mark.parametrize("shape", [(B, V), (T,), (), (1, T, B, V), (0, B, V), (T, 0, V), (T, B, 0)])
    def test_shape_of_the_logits(self, function, shape):
        _, targets, mask = case()
        with pytest.raises(ValueError, match=r"logits must have shape \(T, B, V\), at least \(1, 1, 1\); got ") as info:
            function(np.zeros(shape), targets, mask)
        assert str(shape) in str(info.value)

    @pytest.mark.parametrize("shape", [(T, 1), (1, B), (B, T), (T,), (T, B, 1)])
    def test_other_shapes(self, function, shape):
        logits, targets, mask = case()
        with pytest.raises(ValueError, match=r"targets must have shape \(4, 3\); got "):
            function(logits, np.zeros(shape, int), mask)
        with pytest.raises(ValueError, match=r"mask must have shape \(4, 3\); got "):
            function(logits, targets, np.ones(shape, bool))

    def test_range_of_the_targets_and_empty_mask(self, function):
        logits, targets, mask = case()
        for wrong in (-1, V):
            with pytest.raises(ValueError, match=r"targets must lie in 0\.\.4; got ids from "):
                function(logits, np.full_like(targets, wrong), mask)
        with pytest.raises(ValueError, match="mask must have at least one True; got 12 times False"):
            function(logits, targets, np.zeros_like(mask))


def test_nothing_that_came_in_is_written_to():
    arrays = frozen(case())
    cross_entropy(*arrays)
    accuracy(*arrays)
    for now, before in zip(arrays, case(), strict=True):
        assert_array_equal(now, before)
