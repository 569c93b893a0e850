"""SGD, Adam against an exact reference and a stored trace, and clipping by the global norm."""

import json
import math
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import frozen, leaves, random_params
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm, global_norm, sgd_update
from lstm_lib.tree import named_leaves, tree_map

SMALLEST = {"E": (1, 1), "W_x": (1, 4), "W_h": (1, 4), "b": (4,), "W_y": (1, 1), "b_y": (1,)}  # V = D = H = 1
ENTRIES, STEPS = 15, 20
TRACE = Path(__file__).with_name("adam_trace.json")


def record(numbers, dtype=np.float64):
    """Fifteen numbers as the smallest Params there are."""
    flat, start, tensors = np.array(numbers, dtype), 0, {}
    for name, shape in SMALLEST.items():
        size = math.prod(shape)
        tensors[name] = flat[start : start + size].reshape(shape)
        start += size
    return Params(**tensors)


def flat(params):
    return np.concatenate([leaf.ravel() for _, leaf in named_leaves(params)])


def start_value(entry):
    return 0.25 * entry - 2


def gradient(step, entry):
    """From 1e-10 to 1e6 in size, with both signs and zeros."""
    return ((7 * step + 3 * entry) % 11 - 5) * 10.0 ** (4 * (entry % 5) - 10)


def grads_at(step, dtype=np.float64):
    return record([gradient(step, entry) for entry in range(ENTRIES)], dtype)


def run(steps=STEPS, dtype=np.float64, **settings):
    """Parameters and state after each step of the library's Adam."""
    params = record([start_value(entry) for entry in range(ENTRIES)], dtype)
    state = adam_init(params)
    for step in range(1, steps + 1):
        params, state = adam_update(params, grads_at(step, dtype), state, **settings)
        yield params, state


def exact_run(entry, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Algorithm 1 of Kingma and Ba for one number, in decimal arithmetic of 60 digits."""
    alpha, b1, b2, eps = (Decimal(number) for number in (lr, beta1, beta2, eps))
    theta, m, v = Decimal(start_value(entry)), Decimal(0), Decimal(0)
    for step in range(1, STEPS + 1):
        with localcontext(prec=60):
            g = Decimal(gradient(step, entry))
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g * g
            m_hat = m / (1 - b1**step)
            v_hat = v / (1 - b2**step)
            theta = theta - alpha * m_hat / (v_hat.sqrt() + eps)
        yield float(theta), float(m), float(v)


@pytest.mark.parametrize(
    "settings",
    [{"lr": 0.001}, {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3}, {"lr": 1, "beta1": 0, "beta2": 0.5}],
)
def test_twenty_steps_of_adam_equal_the_exact_algorithm(settings):
    exact = np.array([list(exact_run(entry, **settings)) for entry in range(ENTRIES)])  # (entry, step, 3)
    for step, (params, state) in enumerate(run(**settings)):
        assert state.step == step + 1
        assert_allclose(flat(params), exact[:, step, 0], rtol=1e-12, atol=1e-12)
        assert_allclose(flat(state.m), exact[:, step, 1], rtol=1e-12, atol=1e-24)
        assert_allclose(flat(state.v), exact[:, step, 2], rtol=1e-12, atol=1e-40)


def test_twenty_steps_of_adam_equal_the_stored_trace():
    trace = json.loads(TRACE.read_text())
    assert len(trace["params"]) == STEPS
    for (params, _), stored in zip(run(lr=trace["lr"]), trace["params"], strict=True):
        assert_allclose(flat(params), stored, rtol=1e-12)


class Pair(NamedTuple):
    """A record that is no Params."""

    one: np.ndarray
    two: np.ndarray


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_record_of_arrays_is_moved_as_the_parameters_are(dtype):
    entries = [[start_value(entry) for entry in range(ENTRIES)], *([gradient(step, entry) for entry in range(ENTRIES)]
               for step in range(1, 6))]  # fmt: skip
    start, *slopes = (Pair(leaf[:4].reshape(2, 2), leaf[4:]) for leaf in np.array(entries, dtype))
    pair, state, moved = start, adam_init(start), sgd_update(start, slopes[0], lr=0.1)
    for each, (params, adam) in zip(slopes, run(steps=5, dtype=dtype, lr=0.01), strict=True):
        pair, state = adam_update(pair, each, state, lr=0.01)
        for ours, theirs in ((pair, params), (state.m, adam.m), (state.v, adam.v)):
            assert type(ours) is Pair
            assert_array_equal(np.concatenate([leaf.ravel() for leaf in ours]), flat(theirs))
    assert_array_equal(moved.two, start.two - 0.1 * slopes[0].two)
    clipped, norm = clip_by_global_norm(slopes[0], 0.5)
    assert norm == global_norm(slopes[0]) == pytest.approx(global_norm(grads_at(1, dtype)))
    assert global_norm(clipped) == pytest.approx(0.5, rel=1e-6)


def test_the_first_step_is_the_learning_rate_where_the_gradient_is_much_larger_than_eps():
    start, g = np.zeros(ENTRIES), np.array([10.0**size for size in range(-4, 11)])
    for sign in (1, -1):
        params, _ = adam_update(record(start), record(sign * g), adam_init(record(start)), lr=0.01)
        assert_allclose(flat(params), np.full(ENTRIES, -sign * 0.01), rtol=1.1e-4)
    tiny, _ = adam_update(record(start), record(np.full(ENTRIES, 1e-8)), adam_init(record(start)), lr=0.01)
    assert_allclose(flat(tiny), np.full(ENTRIES, -0.005), rtol=1e-12)
    none, _ = adam_update(record(start), record(start), adam_init(record(start)), lr=0.01)
    assert_array_equal(flat(none), start)


def test_adam_starts_with_zero_moments_in_the_dtype_of_the_parameters():
    for dtype in (np.float32, np.float64):
        state = adam_init(random_params(dtype=dtype))
        assert state.step == 0
        for moment in (state.m, state.v):
            assert moment.dtype == dtype
            assert all((leaf == 0).all() for leaf in leaves(moment))


def test_two_states_are_equal_only_if_they_are_one():
    state = adam_init(random_params())
    assert len({state, state, adam_init(random_params())}) == 2
    with pytest.raises(FrozenInstanceError):
        state.step = 3


def test_adam_in_float32_stays_in_float32():
    for (params, state), (exact, _) in zip(run(lr=0.01, dtype=np.float32), run(lr=0.01), strict=True):
        assert {leaf.dtype for leaf in leaves((params, state.m, state.v))} == {np.dtype(np.float32)}
        assert_allclose(flat(params), flat(exact), rtol=1e-4, atol=1e-5)


def test_a_learning_rate_of_zero_moves_the_moments_only():
    params = random_params()
    same, state = adam_update(params, params, adam_init(params), lr=0)
    assert_array_equal(flat(same), flat(params))
    assert_allclose(flat(state.m), 0.1 * flat(params), rtol=1e-12)


@given(st.floats(1e-3, 1e3))
def test_adam_does_not_see_the_scale_of_the_gradient(scale):
    params, grads = random_params(0), random_params(1)
    scaled = tree_map(lambda leaf: scale * leaf, grads)
    one, _ = adam_update(params, grads, adam_init(params), lr=0.1, eps=1e-30)
    other, _ = adam_update(params, scaled, adam_init(params), lr=0.1, eps=1e-30)
    assert_allclose(flat(one), flat(other), rtol=1e-12)


def test_sgd_subtracts_the_gradient_times_the_rate():
    params, grads = random_params(0), random_params(1)
    assert_array_equal(flat(sgd_update(params, grads, lr=0.5)), flat(params) - 0.5 * flat(grads))
    assert_array_equal(flat(sgd_update(params, grads, lr=0)), flat(params))
    single = random_params(dtype=np.float32)
    assert {leaf.dtype for leaf in leaves(sgd_update(single, single, lr=0.5))} == {np.dtype(np.float32)}


class TestClipping:
    def test_the_norm_is_that_of_all_numbers_together(self):
        grads = record(range(ENTRIES))
        assert global_norm(grads) == pytest.approx(math.sqrt(sum(k * k for k in range(ENTRIES))), rel=1e-15)
        assert type(global_norm(grads)) is float
        assert global_norm(record([0] * ENTRIES)) == 0

    def test_the_norm_of_float32_is_taken_in_float64(self):
        large = record([1e30] * ENTRIES, np.float32)
        assert global_norm(large) == pytest.approx(1e30 * math.sqrt(15), rel=1e-6)

    def test_the_squares_of_float16_are_taken_in_float32(self):
        small = record([1e-4] * ENTRIES, np.float16)
        assert global_norm(small) == pytest.approx(1e-4 * math.sqrt(15), rel=1e-3)

    def test_squares_below_the_range_of_float32_are_not_lost(self):
        small = record([1e-30] * ENTRIES, np.float32)
        assert global_norm(small) == pytest.approx(1e-30 * math.sqrt(15), rel=1e-6, abs=0)

    @pytest.mark.parametrize("size", 10.0 ** np.arange(-37, 38))
    def test_the_norm_of_float32_is_right_for_entries_of_every_size(self, size):
        entries = record([size * (1 + k / 16) for k in range(ENTRIES)], np.float32)
        exact = math.sqrt(math.fsum(float(entry) ** 2 for entry in flat(entries)))
        assert global_norm(entries) == pytest.approx(exact, rel=1e-6, abs=0)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_above_the_limit_the_direction_is_kept_and_the_length_is_the_limit(self, dtype):
        grads = random_params(dtype=dtype)
        clipped, norm = clip_by_global_norm(grads, 0.5)
        tolerance = 1e-6 if dtype == np.float32 else 1e-14
        assert norm == global_norm(grads)
        assert norm > 0.5
        assert global_norm(clipped) == pytest.approx(0.5, rel=tolerance)
        assert_allclose(flat(clipped), flat(grads) * (0.5 / norm), rtol=tolerance)
        assert {leaf.dtype for leaf in leaves(clipped)} == {np.dtype(dtype)}

    def test_within_the_limit_the_gradient_comes_back_as_it_came(self):
        grads = record([3, 4] + [0] * 13)
        for limit in (5, 5.1, 1e9):
            clipped, norm = clip_by_global_norm(grads, limit)
            assert clipped is grads
            assert norm == 5
        assert clip_by_global_norm(grads, 4.999)[0] is not grads

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_a_gradient_that_is_not_finite_comes_back_with_its_norm(self, bad):
        grads = record([bad] + [1] * 14)
        clipped, norm = clip_by_global_norm(grads, 1)
        assert clipped is grads
        assert not math.isfinite(norm)

    @given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
    def test_clipping_never_lengthens_and_never_turns(self, scale, limit):
        grads = tree_map(lambda leaf: scale * leaf, random_params())
        clipped, norm = clip_by_global_norm(grads, limit)
        assert global_norm(clipped) == pytest.approx(min(norm, limit), rel=1e-12)
        assert_allclose(flat(clipped) * norm, flat(grads) * min(norm, limit), rtol=1e-12)


def test_nothing_that_came_in_is_written_to():
    params, grads, (_, state) = frozen(random_params(0)), frozen(random_params(1)), next(run(lr=1))
    frozen((state.m, state.v, params, grads))
    sgd_update(params, grads, lr=0.1)
    state = frozen(adam_init(params))
    frozen((state.m, state.v))
    moved, after = adam_update(params, grads, state, lr=0.1)
    clip_by_global_norm(grads, 0.1)
    assert state.step == 0
    assert after.step == 1
    assert not any(np.shares_memory(new, old) for new, old in zip(leaves(moved), leaves(params), strict=True))
    assert_array_equal(flat(params), flat(random_params(0)))
    assert_array_equal(flat(grads), flat(random_params(1)))


class TestBadArguments:
    @pytest.mark.parametrize("wrong", [-0.1, math.nan, math.inf, None, "0.1", [0.1]])
    def test_learning_rate(self, wrong):
        params = random_params()
        with pytest.raises((TypeError, ValueError), match=r"lr must be a .*; got "):
            sgd_update(params, params, lr=wrong)
        with pytest.raises((TypeError, ValueError), match=r"lr must be a .*; got "):
            adam_update(params, params, adam_init(params), lr=wrong)

    @pytest.mark.parametrize("name", ["beta1", "beta2"])
    def test_betas(self, name):
        params = random_params()
        for wrong in (-0.1, 1, 1.5, math.nan):
            with pytest.raises(
                ValueError, match=rf"{name} must be a finite number at least 0 and below 1; got {wrong}"
            ):
                adam_update(params, params, adam_init(params), lr=0.1, **{name: wrong})
        with pytest.raises(TypeError, match=rf"{name} must be a number; got None"):
            adam_update(params, params, adam_init(params), lr=0.1, **{name: None})

    def test_eps(self):
        params = random_params()
        for wrong in (0, -1e-8):
            with pytest.raises(ValueError, match=rf"eps must be a finite number above 0; got {wrong}"):
                adam_update(params, params, adam_init(params), lr=0.1, eps=wrong)

    def test_max_norm(self):
        for wrong in (0, -1.0, math.nan):
            with pytest.raises(ValueError, match=rf"max_norm must be a finite number above 0; got {wrong}"):
                clip_by_global_norm(random_params(), wrong)
        with pytest.raises(TypeError, match=r"max_norm must be a number; got None"):
            clip_by_global_norm(random_params(), None)

    @pytest.mark.parametrize("wrong", [None, [], np.zeros(3), {"E": np.zeros(3)}])
    def test_records(self, wrong):
        params = random_params()
        for call in (lambda: sgd_update(wrong, params, lr=1), lambda: adam_init(wrong),
                     lambda: adam_update(wrong, params, adam_init(params), lr=1)):  # fmt: skip
            with pytest.raises(
                TypeError, match=r"^params must be a record of arrays, such as init_params returns; got "
            ):
                call()
        for call in (lambda: sgd_update(params, wrong, lr=1), lambda: clip_by_global_norm(wrong, 1),
                     lambda: adam_update(params, wrong, adam_init(params), lr=1), lambda: global_norm(wrong)
                     ):  # fmt: skip
            with pytest.raises(
                TypeError, match=r"^grads must be a record of arrays, such as init_params returns; got "
            ):
                call()
        with pytest.raises(TypeError, match=r"state must be AdamState, such as adam_init returns; got "):
            adam_update(params, params, wrong, lr=1)

    @pytest.mark.parametrize("name", [field.name for field in fields(Params)])
    def test_gradients_and_moments_of_another_model(self, name):
        sizes = {"E": (9, 4, 5), "b_y": (9, 4, 5), "W_x": (7, 3, 5), "W_h": (7, 4, 6), "b": (7, 4, 6), "W_y": (7, 4, 6)}
        params, other = random_params(), random_params(sizes=sizes[name])
        state = adam_init(params)
        with pytest.raises(ValueError, match=r"grads\.(\w+) must be float64 \(.*\) like params\.\1; got"):
            sgd_update(params, other, lr=1)
        with pytest.raises(ValueError, match=r"grads\.(\w+) must be float64 \(.*\) like params\.\1; got"):
            adam_update(params, other, state, lr=1)
        for moment in ("m", "v"):
            wrong = replace(state, **{moment: other})
            with pytest.raises(ValueError, match=rf"state\.{moment}\.(\w+) must be float64 \(.*\) like params\.\1"):
                adam_update(params, params, wrong, lr=1)

    def test_gradients_and_moments_of_another_dtype(self):
        single, double = random_params(dtype=np.float32), random_params()
        with pytest.raises(TypeError, match=r"grads\.E must be float32 \(7, 4\) like params\.E; got float64"):
            sgd_update(single, double, lr=1)
        with pytest.raises(TypeError, match=r"grads\.E must be float32 \(7, 4\) like params\.E; got float64"):
            adam_update(single, double, adam_init(single), lr=1)
        with pytest.raises(TypeError, match=r"state\.m\.E must be float64 \(7, 4\) like params\.E; got float32"):
            adam_update(double, double, adam_init(single), lr=1)

    def test_state(self):
        zeros = random_params()
        with pytest.raises(ValueError, match=r"step must be at least 0; got -1"):
            AdamState(zeros, zeros, -1)
        with pytest.raises(TypeError, match=r"step must be a whole number; got 1.5"):
            AdamState(zeros, zeros, 1.5)
        with pytest.raises(TypeError, match=r"m must be a record of arrays, such as init_params returns; got None"):
            AdamState(None, zeros, 0)
        with pytest.raises(TypeError, match=r"v must be a record of arrays, such as init_params returns; got None"):
            AdamState(zeros, None, 0)

    def test_a_record_must_hold_arrays_of_floats(self):
        good = Pair(np.zeros(2), np.zeros(3))
        for wrong, kind, words in [
            (Pair(np.zeros(2), [0.0]), TypeError, r"grads.two must be a NumPy array of floats"),
            (Pair(np.zeros(2), np.zeros(3, int)), TypeError, r"grads.two must be a NumPy array of floats"),
            (random_params(), TypeError, "grads must be Pair like params; got Params"),
            (Pair(np.zeros(2), np.zeros(4)), ValueError, r"grads.two must be float64 \(3,\) like params.two; got"),
            ((), TypeError, "grads must be a record of arrays"),
        ]:
            with pytest.raises(kind, match=words):
                adam_update(good, wrong, adam_init(good), lr=0.1)
        with pytest.raises(TypeError, match=r"params.two must be a NumPy array of floats"):
            adam_init(Pair(np.zeros(2), np.zeros(3, int)))
        with pytest.raises(TypeError, match="params must be float32 or float64"):
            adam_init(Pair(np.zeros(2), np.zeros(3, np.float16)))

    def test_half_precision_is_refused_by_name(self):
        half = random_params(dtype=np.float16)
        message = r"must be float32 or float64; got float16, too coarse .*init_params\(\.\.\., dtype=np\.float32\)"
        with pytest.raises(TypeError, match=f"params {message}"):
            adam_init(half)
        with pytest.raises(TypeError, match=f"m {message}"):
            AdamState(half, random_params(), 0)
        with pytest.raises(TypeError, match=f"v {message}"):
            AdamState(random_params(), half, 0)
