"""Sigmoid, softmax and log-softmax: right, in the dtype that came, and quiet for every finite input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from lstm_lib.ops import log_softmax, sigmoid, softmax

DTYPES = [np.float32, np.float64]
TOLERANCE = {np.float32: 1e-6, np.float64: 1e-15}


def extremes(dtype):
    """Zero, both signs of the smallest, the largest and their neighbours, and ±10,000."""
    limit = np.finfo(dtype)
    sizes = [0, limit.smallest_subnormal, limit.tiny, limit.eps, 1, 88, 104, 709, 745, 1e4, limit.max]
    below = np.nextafter(limit.max, dtype(0))
    return np.array([sign * dtype(size) for size in [*sizes, below] for sign in (1, -1)], dtype)


def finite(dtype, low, high, **shape):
    width = np.finfo(dtype).bits
    elements = st.floats(low, high, width=width, allow_nan=False, allow_infinity=False)
    return arrays(dtype, elements=elements, **shape)


@pytest.fixture(autouse=True)
def _every_floating_point_fault_raises():
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        yield


@pytest.mark.parametrize("dtype", DTYPES)
def test_sigmoid_agrees_with_scipy_even_where_it_is_tiny(dtype):
    x = np.linspace(-80, 80, 4001, dtype=dtype)
    assert_allclose(sigmoid(x), special.expit(x.astype(np.float64)), rtol=3 * TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_sigmoid_stays_in_its_dtype_and_range_at_the_extremes(dtype):
    x = extremes(dtype)
    y = sigmoid(x)
    assert y.dtype == dtype
    assert y.shape == x.shape
    assert ((y >= 0) & (y <= 1)).all()
    assert (y[x >= 1e4] == 1).all()
    assert (y[x <= -1e4] == 0).all()
    assert (y[np.abs(x) <= np.finfo(dtype).tiny] == 0.5).all()


def test_sigmoid_of_whole_multiples_of_ln_3_are_school_fractions():
    multiples = math.log(3) * np.array([-4, -2, -1, 0, 1, 2, 4])
    assert_allclose(sigmoid(multiples), [1 / 82, 0.1, 0.25, 0.5, 0.75, 0.9, 81 / 82], rtol=1e-15)


def test_sigmoid_takes_numbers_and_whole_numbers():
    assert sigmoid(0) == 0.5
    assert sigmoid(0.0) == 0.5
    assert sigmoid(np.float32(0)).dtype == np.float32
    assert_allclose(sigmoid(np.array([-1, 1])), special.expit([-1, 1]), rtol=1e-15)


@given(finite(np.float64, None, None, shape=array_shapes()))
def test_sigmoid_is_symmetric_and_rising(x):
    assert_allclose(sigmoid(x) + sigmoid(-x), np.ones_like(x), rtol=1e-15)
    ordered = np.sort(x, axis=None)
    assert (np.diff(sigmoid(ordered)) >= -4e-16).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_and_log_softmax_agree_with_scipy(dtype):
    logits = np.random.default_rng(0).normal(0, 5, (4, 3, 27)).astype(dtype)
    exact = logits.astype(np.float64)
    assert_allclose(softmax(logits), special.softmax(exact, axis=-1), rtol=20 * TOLERANCE[dtype])
    tolerance = 20 * TOLERANCE[dtype]
    assert_allclose(log_softmax(logits), special.log_softmax(exact, axis=-1), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_and_log_softmax_at_the_extremes(dtype):
    values = extremes(dtype)
    logits = np.stack([np.repeat(values, len(values)), np.tile(values, len(values))], axis=-1)  # every pair
    p, log_p = softmax(logits), log_softmax(logits)
    assert p.dtype == log_p.dtype == dtype
    assert_allclose(p.sum(axis=-1), np.ones(len(p)), rtol=TOLERANCE[dtype])
    assert not np.isnan(log_p).any()
    assert (log_p <= 0).all()
    gap = logits[:, 1].astype(np.longdouble) - logits[:, 0]
    assert (p[gap > 1e3] == [0, 1]).all()
    assert (p[gap < -1e3] == [1, 0]).all()
    assert (log_p[gap > 1e3, 1] == 0).all()
    assert_array_equal(p[gap == 0], np.full_like(p[gap == 0], 0.5))


@pytest.mark.parametrize("dtype", DTYPES)
def test_log_softmax_keeps_what_softmax_rounds_to_zero(dtype):
    assert_array_equal(softmax(np.array([0, 1e4], dtype)), [0, 1])
    assert_array_equal(log_softmax(np.array([0, 1e4], dtype)), [-1e4, 0])
    assert_array_equal(log_softmax(np.array([-1e4, 0], dtype)), [-1e4, 0])
    largest = np.finfo(dtype).max
    assert_array_equal(log_softmax(np.array([0, largest], dtype)), [-largest, 0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_gap_beyond_the_largest_float_is_a_probability_of_zero(dtype):
    largest = np.finfo(dtype).max
    assert_array_equal(softmax(np.array([-largest, largest], dtype)), [0, 1])
    assert_array_equal(log_softmax(np.array([-largest, largest], dtype)), [-np.inf, 0])


def test_equal_logits_are_a_uniform_law():
    assert_allclose(softmax(np.full((2, 27), 3.0)), np.full((2, 27), 1 / 27), rtol=1e-15)
    assert_allclose(log_softmax(np.full((2, 27), -3.0)), np.full((2, 27), -math.log(27)), rtol=1e-15)


@given(finite(np.float64, -500, 500, shape=array_shapes(min_dims=2)), st.floats(-500, 500))
def test_softmax_does_not_see_a_common_shift(logits, shift):
    assert_allclose(softmax(logits + shift), softmax(logits), rtol=1e-11, atol=1e-300)


@given(finite(np.float64, -300, 300, shape=array_shapes()))
def test_log_softmax_is_the_logarithm_of_softmax(logits):
    assert_allclose(log_softmax(logits), np.log(softmax(logits)), rtol=1e-13, atol=1e-14)


@given(st.floats(-700, 700))
def test_sigmoid_is_the_softmax_of_two(x):
    assert_allclose(sigmoid(x), softmax(np.array([x, 0.0]))[0], rtol=1e-14)


@given(finite(np.float32, None, None, shape=array_shapes(min_dims=1)))
def test_any_finite_float32_gives_probabilities_in_float32(logits):
    p = softmax(logits)
    assert p.dtype == np.float32
    assert_allclose(p.sum(axis=-1), np.ones(p.shape[:-1]), rtol=1e-5)


def test_whole_numbers_are_read_as_float64():
    assert_allclose(softmax(np.array([0, 0])), [0.5, 0.5])
    assert log_softmax(np.array([1, 2, 3])).dtype == np.float64


BAD = [[0.0, 1.0], (0.0,), "0", None, np.array(["a"]), np.array([True]), np.array([1j]), np.array([1.0], object), True]


@pytest.mark.parametrize("wrong", BAD, ids=repr)
@pytest.mark.parametrize(("function", "name"), [(sigmoid, "x"), (softmax, "logits"), (log_softmax, "logits")])
def test_what_is_no_array_of_numbers_is_refused(function, name, wrong):
    with pytest.raises(TypeError, match=rf"^{name} must be a NumPy array of floats; got "):
        function(wrong)


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_a_law_needs_an_outcome(function, shape):
    with pytest.raises(ValueError, match="logits must have at least one entry on their last axis; got shape ") as info:
        function(np.zeros(shape))
    assert str(shape) in str(info.value)


def test_an_empty_batch_is_an_empty_answer():
    assert softmax(np.zeros((0, 3))).shape == (0, 3)
    assert sigmoid(np.zeros((0, 3))).shape == (0, 3)
