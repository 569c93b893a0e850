"""Central differences on functions whose derivative is known, and the measure that compares two gradients."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import frozen, leaves, ragged_batch, random_params, random_state
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import LSTMState
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.model import Params
from lstm_lib.tree import tree_map


class Pair(NamedTuple):
    x: np.ndarray
    y: np.ndarray


def pair(x=(1.0, -2.0), y=((3.0,),)):
    return Pair(np.array(x), np.array(y))


def test_the_gradient_of_a_quadratic_is_exact_up_to_rounding():
    slope = numerical_gradient(lambda p: float((p.x**2).sum() + 3 * p.y.sum()), pair())
    assert type(slope) is Pair
    assert_allclose(slope.x, [2, -4], rtol=1e-9)
    assert_allclose(slope.y, [[3]], rtol=1e-9)


@pytest.mark.parametrize(("dtype", "small", "large"), [
    (np.float16, 1e-7, 6e4), (np.float32, 1e-45, 3e38), (np.float64, 5e-324, 1e308)])  # fmt: skip
def test_no_square_of_an_entry_is_lost_or_infinite(dtype, small, large):
    for size in (small, large):
        grads = Pair(np.full(2, size, dtype), np.full((1, 1), size, dtype))
        assert relative_errors(grads, grads) == {"x": 0, "y": 0}
        assert relative_errors(grads, tree_map(np.negative, grads)) == {"x": 1, "y": 1}
        wide = tree_map(lambda leaf: leaf.astype(np.float64), grads)
        assert relative_errors(grads, tree_map(np.negative, wide)) == {"x": 1, "y": 1}


def test_the_error_of_a_cubic_is_the_step_squared():
    for step in (0.5, 0.25, 0.1):
        slope = numerical_gradient(lambda p: float((p.x**3).sum() + p.y.sum()), pair(), step=step)
        assert_allclose(slope.x - 3 * pair().x ** 2, [step**2] * 2, rtol=1e-10)


def test_the_default_step_is_a_hundred_thousandth():
    seen = []
    numerical_gradient(lambda p: seen.append(p.x[0]) or 0.0, pair())
    assert_allclose(seen[:2], [1 + 1e-5, 1 - 1e-5], rtol=1e-15)


def test_each_entry_is_moved_alone_and_put_back():
    seen = []
    numerical_gradient(lambda p: seen.append([*p.x, *p.y.ravel()]) or 0.0, pair(), step=0.5)
    assert_array_equal(seen, [[1.5, -2, 3], [0.5, -2, 3], [1, -1.5, 3], [1, -2.5, 3], [1, -2, 3.5], [1, -2, 2.5]])


def test_it_works_on_params_and_states_and_writes_to_neither():
    for record in (random_params(), random_state()):
        before = tree_map(np.copy, record)
        slope = numerical_gradient(lambda p: float(sum((leaf**2).sum() for leaf in leaves(p)) / 2), frozen(record))
        assert type(slope) is type(record)
        assert_allclose(np.concatenate([leaf.ravel() for leaf in leaves(slope)]),
                        np.concatenate([leaf.ravel() for leaf in leaves(record)]), rtol=1e-7, atol=1e-8)  # fmt: skip
        for now, then in zip(leaves(record), leaves(before), strict=True):
            assert_array_equal(now, then)
    assert isinstance(numerical_gradient(lambda p: 0.0, random_params()), Params)
    assert isinstance(numerical_gradient(lambda s: np.float64(0), random_state()), LSTMState)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_differences_are_taken_in_float64_whatever_the_dtype(dtype):
    params, batch = tree_map(lambda leaf: leaf.astype(dtype), random_state()), np.arange(5)
    slope = numerical_gradient(lambda s: float((s.h**3).sum() + (s.c @ batch).sum()), params)
    assert {leaf.dtype for leaf in leaves(slope)} == {np.dtype(float)}
    assert_allclose(slope.h, 3 * params.h.astype(float) ** 2, rtol=1e-7, atol=1e-9)
    assert_allclose(slope.c, np.broadcast_to(batch, slope.c.shape), rtol=1e-9)


def test_a_gradient_in_float32_passes_the_check():
    params, batch = random_params(dtype=np.float32), ragged_batch()
    numerical = numerical_gradient(lambda trial: loss_and_grads(trial, batch)[0], params)
    assert max(relative_errors(loss_and_grads(params, batch)[1], numerical).values()) < 1e-5


def test_a_longer_float_stays_as_it_is():
    record = Pair(np.array([2], np.longdouble), np.zeros((0, 2), np.longdouble))
    assert numerical_gradient(lambda p: float(p.x[0]), record).x.dtype == np.longdouble


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6))
def test_it_agrees_with_the_derivative_of_a_sine(values):
    record = Pair(np.array(values), np.zeros((0, 2)))
    slope = numerical_gradient(lambda p: float(np.sin(p.x).sum()), record)
    assert_allclose(slope.x, np.cos(values), rtol=1e-8, atol=1e-9)
    assert slope.y.shape == (0, 2)


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda p: "1", TypeError, r"f\(params\) must be a number; got '1'"),
        (lambda p: p.x, TypeError, r"f\(params\) must be a number; got array"),
        (lambda p: None, TypeError, r"f\(params\) must be a number; got None"),
        (lambda p: math.nan, ValueError, r"f\(params\) must be a finite number; got nan"),
        (3.0, TypeError, r"f must be a function from a record of arrays to a number; got 3.0 \(float\)"),
    ],
)
def test_a_function_that_returns_no_finite_number_is_refused(f, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(f, pair())


def test_a_nan_below_is_noticed_as_well_as_one_above():
    with pytest.raises(ValueError, match=r"f\(params\) must be a finite number; got nan"):
        numerical_gradient(lambda p: math.nan if p.x[0] < 1 else 0.0, pair())


@pytest.mark.parametrize("wrong", [0, -1e-5, math.nan, math.inf])
def test_the_step_is_above_zero(wrong):
    with pytest.raises(ValueError, match=rf"step must be a finite number above 0; got {wrong}"):
        numerical_gradient(lambda p: 0.0, pair(), step=wrong)
    with pytest.raises(TypeError, match=r"step must be a number; got '1e-5'"):
        numerical_gradient(lambda p: 0.0, pair(), step="1e-5")


@pytest.mark.parametrize("function", [lambda r: numerical_gradient(lambda p: 0.0, r), lambda r: relative_errors(r, r)])
def test_only_records_of_float_arrays_are_compared(function):
    with pytest.raises(TypeError, match=r"expected a record of arrays .*; got ndarray"):
        function(np.zeros(3))
    with pytest.raises(TypeError, match=r"(params|a)\.y must be a NumPy array of floats; got an array of int64"):
        function(Pair(np.zeros(2), np.zeros(2, np.int64)))
    with pytest.raises(TypeError, match=r"(params|a)\.x must be a NumPy array of floats; got \[0\.0\] \(list\)"):
        function(Pair([0.0], np.zeros(2)))


def test_relative_errors_are_taken_tensor_by_tensor():
    errors = relative_errors(pair((3, 4.0), [[1.0]]), pair((3, 4.5), [[1.0]]))
    assert errors == {"x": pytest.approx(0.5 / (5 + math.hypot(3, 4.5)), rel=1e-15), "y": 0}
    assert [type(error) for error in errors.values()] == [float, float]


def test_relative_errors_are_1_for_opposite_and_for_missing_gradients_and_0_for_equal_ones():
    one, zero = pair(), tree_map(np.zeros_like, pair())
    assert relative_errors(one, one) == {"x": 0, "y": 0}
    assert relative_errors(zero, zero) == {"x": 0, "y": 0}
    assert relative_errors(one, tree_map(np.negative, one)) == {"x": 1, "y": 1}
    assert relative_errors(one, zero) == relative_errors(zero, one) == {"x": 1, "y": 1}


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_never_passes(bad):
    broken = pair((1.0, bad))
    for errors in (relative_errors(broken, pair()), relative_errors(pair(), broken), relative_errors(broken, broken)):
        assert errors == {"x": math.inf, "y": 0}
        assert max(reversed(errors.values())) == math.inf


@given(st.floats(1e-6, 1e6))
def test_relative_errors_do_not_see_a_common_scale(scale):
    one, two = random_params(0), random_params(1)
    scaled = relative_errors(tree_map(lambda leaf: scale * leaf, one), tree_map(lambda leaf: scale * leaf, two))
    assert scaled == pytest.approx(relative_errors(one, two), rel=1e-12)


def test_relative_errors_refuse_records_that_do_not_match():
    with pytest.raises(TypeError, match=r"records must have the same type; got Params and LSTMState"):
        relative_errors(random_params(), random_state())
    with pytest.raises(ValueError, match=r"x has shapes \(2,\) and \(1,\); they must be equal"):
        relative_errors(pair(), pair((1.0,)))
    with pytest.raises(TypeError, match=r"n\.x must be a NumPy array of floats; got an array of int64"):
        relative_errors(pair(), Pair(np.zeros(2, np.int64), np.zeros((1, 1))))


def test_relative_errors_write_to_nothing():
    assert relative_errors(frozen(random_params()), frozen(random_params()))["E"] == 0
