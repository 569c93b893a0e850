"""One step below the pre-activation: by hand, against a scalar reference, and backward against differences."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import frozen, mutant
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.cell import GateCache, LSTMState, gates_backward, gates_forward
from lstm_lib.gradcheck import numerical_gradient, relative_errors

B, H = 3, 5
LN3 = math.log(3)


class Entry(NamedTuple):
    """What enters a step below the pre-activation."""

    a: np.ndarray
    c_prev: np.ndarray


def entry(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return Entry(rng.normal(0, 1, (B, 4 * H)).astype(dtype), rng.normal(0, 1, (B, H)).astype(dtype))


def scalar_step(a_i, a_f, a_g, a_o, c_prev):
    """The equations (6.4) to (6.9) for one unit, with the plain numbers of Python."""
    i, f, o = (1 / (1 + math.exp(-a)) for a in (a_i, a_f, a_o))
    c = f * c_prev + i * math.tanh(a_g)
    return o * math.tanh(c), c


def test_a_pre_activation_of_zero_halves_the_memory():
    (h, c), cache = gates_forward(np.zeros((1, 4)), np.array([[2.0]]))
    assert [gate.item() for gate in (cache.i, cache.f, cache.g, cache.o)] == [0.5, 0.5, 0, 0.5]
    assert c.item() == 1
    assert_allclose(h.item(), 0.5 * math.tanh(1), rtol=1e-15)
    assert cache.c_prev.item() == 2
    assert_allclose(cache.tanh_c.item(), math.tanh(1), rtol=1e-15)


def test_the_blocks_stand_in_the_order_i_f_g_o():
    _, cache = gates_forward(LN3 * np.array([[-2.0, -1, 1, 2]]), np.zeros((1, 1)))
    assert_allclose([gate.item() for gate in cache[:4]], [0.1, 0.25, 0.8, 0.9], rtol=1e-15)


def test_forward_equals_the_scalar_equations_unit_by_unit():
    a, c_prev = entry()
    (h, c), _ = gates_forward(a, c_prev)
    for row in range(B):
        for unit in range(H):
            expected = scalar_step(*a[row, unit::H], c_prev[row, unit])
            assert_allclose((h[row, unit], c[row, unit]), expected, rtol=1e-14)


def test_open_gates_keep_write_and_show():
    shut, wide = -1e4, 1e4
    keep, _ = gates_forward(np.array([[shut, wide, 0.3, wide]]), np.array([[0.7]]))
    assert keep.c.item() == 0.7
    assert_allclose(keep.h.item(), math.tanh(0.7), rtol=1e-15)
    write, _ = gates_forward(np.array([[wide, shut, 0.3, shut]]), np.array([[0.7]]))
    assert_allclose(write.c.item(), math.tanh(0.3), rtol=1e-15)
    assert write.h.item() == 0


def backward_errors(backward, seed=0, *, with_dc=True):
    """Relative errors of a backward step for the loss sum(r * h + s * c) with fixed random r and s."""
    rng = np.random.default_rng(seed + 100)
    r, s = rng.normal(0, 1, (2, B, H))
    s = s * with_dc

    def loss(inputs):
        (h, c), _ = gates_forward(*inputs)
        return float((r * h + s * c).sum())

    inputs = entry(seed)
    _, cache = gates_forward(*inputs)
    return relative_errors(Entry(*backward(cache, r, s)), numerical_gradient(loss, inputs))


@pytest.mark.parametrize("with_dc", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_backward_equals_central_differences(seed, with_dc):
    errors = backward_errors(gates_backward, seed, with_dc=with_dc)
    assert max(errors.values()) < 1e-9, errors


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("do = dh * tanh_c ", "do = dh * cache.c_prev "),
        ("(1 - tanh_c**2) + dc", "(1 - np.tanh(tanh_c) ** 2) + dc"),
        ("(1 - tanh_c**2) + dc", "(1 - tanh_c**2)"),
        ("dh * o * (1", "dh * (1"),
        ("dc * c_prev", "dc * (f * c_prev + i * g)"),
        ("dc * g, dc * i", "dc * i, dc * g"),
        ("di * i * (1 - i)", "di * sigmoid(i) * (1 - sigmoid(i))"),
        ("df * f * (1 - f)", "df * sigmoid(f) * (1 - sigmoid(f))"),
        ("do * o * (1 - o)", "do * sigmoid(o) * (1 - sigmoid(o))"),
        ("dg * (1 - g**2)", "dg * (1 - np.tanh(g) ** 2)"),
        ("dg * (1 - g**2)", "dg * g * (1 - g)"),
        ("dc * f\n", "dc\n"),
        ("dc * f\n", "dh * o * (1 - tanh_c**2) * f\n"),
    ],
)
def test_a_wrong_backward_step_is_noticed(right, wrong):
    errors = backward_errors(mutant(gates_backward, right, wrong))
    assert max(errors.values()) > 1e-3, errors


def test_the_output_gate_learns_from_h_alone():
    _, cache = gates_forward(*entry())
    da, _ = gates_backward(cache, np.zeros((B, H)), np.ones((B, H)))
    assert (da[:, 3 * H :] == 0).all()
    assert (da[:, : 3 * H] != 0).all()


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_backward_is_linear_in_what_comes_back(left, right):
    rng = np.random.default_rng(1)
    first, second = rng.normal(0, 1, (2, 2, B, H))
    _, cache = gates_forward(*entry())
    mixed = gates_backward(cache, *(left * first + right * second))
    parts = zip(gates_backward(cache, *first), gates_backward(cache, *second), strict=True)
    for together, (one, two) in zip(mixed, parts, strict=True):
        assert_allclose(together, left * one + right * two, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_and_a_saturated_gate_has_no_gradient(dtype):
    limit = np.finfo(dtype).max
    a = np.array([[sign * size for sign in (1, -1) for size in (1e4, limit)]], dtype).repeat(4, axis=1)
    c_prev = np.full((1, 4), 3, dtype)
    state, cache = gates_forward(a, c_prev)
    da, dc_prev = gates_backward(cache, np.ones_like(c_prev), np.ones_like(c_prev))
    for array in (*state, *cache, da, dc_prev):
        assert array.dtype == dtype
        assert np.isfinite(array).all()
    assert (da == 0).all()


def test_dtypes_and_types_stay():
    a, c_prev = entry(dtype=np.float32)
    state, cache = gates_forward(a, c_prev)
    assert type(state) is LSTMState
    assert type(cache) is GateCache
    da, dc_prev = gates_backward(cache, state.h, state.c)
    assert {array.dtype for array in (*state, *cache, da, dc_prev)} == {np.dtype(np.float32)}
    assert da.shape == a.shape
    assert dc_prev.shape == c_prev.shape


def test_nothing_that_came_in_is_written_to():
    inputs = frozen(entry())
    state, cache = gates_forward(*inputs)
    gates_backward(frozen(cache), *frozen(state))
    assert_array_equal(inputs.a, entry().a)


@pytest.mark.parametrize(
    ("a", "c_prev"),
    [((3, 20), (3, 4)), ((3, 20), (2, 5)), ((3, 19), (3, 5)), ((20,), (5,)), ((3, 20), (5,)), ((1, 3, 20), (3, 5)),
     ((3, 20), (1, 5)), ((12,), (1, 3))],
)  # fmt: skip
def test_forward_refuses_shapes_that_do_not_fit(a, c_prev):
    with pytest.raises(ValueError, match=r"a must have shape \(B, 4H\) and c_prev \(B, H\); got a ") as info:
        gates_forward(np.zeros(a), np.zeros(c_prev))
    assert str(a) in str(info.value)
    assert str(c_prev) in str(info.value)


@pytest.mark.parametrize("wrong", [[[0.0] * 20] * 3, np.zeros((3, 20), int), None, np.zeros((3, 20), complex)])
def test_forward_refuses_what_is_no_array_of_floats(wrong):
    with pytest.raises(TypeError, match=r"^a must be a NumPy array of floats; got "):
        gates_forward(wrong, np.zeros((3, 5)))
    with pytest.raises(TypeError, match=r"^c_prev must be a NumPy array of floats; got "):
        gates_forward(np.zeros((3, 20)), wrong)


def test_backward_refuses_what_does_not_fit():
    _, cache = gates_forward(*entry())
    good = np.zeros((B, H))
    for shape in [(B, H + 1), (1, H), (H,), (1, B, H)]:
        with pytest.raises(ValueError, match=r"dh must have shape \(3, 5\); got "):
            gates_backward(cache, np.zeros(shape), good)
        with pytest.raises(ValueError, match=r"dc must have shape \(3, 5\); got "):
            gates_backward(cache, good, np.zeros(shape))
    with pytest.raises(TypeError, match="dh must be a NumPy array of floats; got 0"):
        gates_backward(cache, 0, good)
    with pytest.raises(TypeError, match="dc must be a NumPy array of floats; got an array of int64"):
        gates_backward(cache, good, np.zeros((B, H), np.int64))
    with pytest.raises(TypeError, match="cache must be GateCache, such as gates_forward returns; got "):
        gates_backward(tuple(cache), good, good)
