"""The plain recurrent network: its record, its start, forward against plain Python, backward against differences."""

import math

import numpy as np
import pytest
from core_cases import frozen, mutant
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.variants import plain
from lstm_lib.variants.plain import PlainParams, backward, forward, init_params

V, D, H = 7, 4, 5
T, B = 6, 3
SHAPES = {"E": (V, D), "W_x": (D, H), "W_h": (H, H), "b": (H,), "W_y": (H, V), "b_y": (V,)}
RNG = np.random.default_rng(5)
INPUTS = RNG.integers(0, V, (T, B))  # 18 ids from 7: some repeat
STATE, WEIGHTS, END_WEIGHTS = RNG.standard_normal((B, H)), RNG.standard_normal((T, B, V)), RNG.standard_normal((B, H))


def params_without_zeros(dtype: type = np.float64) -> PlainParams:
    rng = np.random.default_rng(0)
    drawn = init_params(V, D, H, rng=rng)
    return tree_map(lambda leaf: (leaf + 0.3 * rng.standard_normal(leaf.shape)).astype(dtype), drawn)


def errors_of_backward() -> dict[str, float]:
    """Of all six tensors and the initial state, for a loss of fixed weights on all logits."""
    params = params_without_zeros()
    _, _, cache = forward(params, INPUTS, STATE)
    grads, dstate = plain.backward(params, cache, WEIGHTS)
    nudged = numerical_gradient(lambda p: float((forward(p, INPUTS, STATE)[0] * WEIGHTS).sum()), params)
    by_state = np.zeros_like(STATE)
    for place in np.ndindex(STATE.shape):
        up, down = STATE.copy(), STATE.copy()
        up[place], down[place] = up[place] + 1e-5, down[place] - 1e-5
        by_state[place] = ((forward(params, INPUTS, up)[0] - forward(params, INPUTS, down)[0]) * WEIGHTS).sum() / 2e-5
    off = float(np.linalg.norm(dstate - by_state) / np.linalg.norm(by_state))
    return relative_errors(grads, nudged) | {"state": off}


def test_every_gradient_agrees_with_central_differences() -> None:
    assert max(errors_of_backward().values()) < 1e-8


@pytest.mark.parametrize(
    ("right", "wrong", "tensors"),
    [
        ("@ params.W_y.T + carry", "@ params.W_y.T", {"E", "W_x", "W_h", "b", "state"}),  # nothing comes back
        ("1 - h[t + 1] ** 2", "1 - h[t] ** 2", {"E", "W_x", "W_h", "b", "state"}),  # the slope of the step before
        ("da[t] @ params.W_h.T", "da[t] @ params.W_h", {"E", "W_x", "W_h", "b", "state"}),
        ("sum_of_products(h[:-1], da)", "sum_of_products(h[1:], da)", {"W_h"}),
        ("np.add.at(dE, cache.inputs, da @ params.W_x.T)", "dE[cache.inputs] += da @ params.W_x.T", {"E"}),
    ],
)
def test_a_mistake_in_backward_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, tensors: set[str]
) -> None:
    monkeypatch.setattr(plain, "backward", mutant(backward, right, wrong))
    assert {name for name, off in errors_of_backward().items() if off > 1e-4} == tensors


def test_forward_is_the_equation_entry_by_entry() -> None:
    params = params_without_zeros()
    logits, last, cache = forward(params, INPUTS, STATE)
    for row in range(B):
        h = STATE[row].tolist()
        for t in range(T):
            x = params.E[INPUTS[t, row]]
            from_x = [sum(x[d] * params.W_x[d, j] for d in range(D)) for j in range(H)]
            from_h = [sum(h[k] * params.W_h[k, j] for k in range(H)) for j in range(H)]
            h = [math.tanh(from_x[j] + from_h[j] + params.b[j]) for j in range(H)]
            assert_allclose(cache.h[t + 1, row], h, atol=1e-12)
            assert_allclose(logits[t, row], np.array(h) @ params.W_y + params.b_y, atol=1e-12)
        assert_allclose(last[row], h, atol=1e-12)
    assert_array_equal(forward(params, INPUTS)[2].h[0], np.zeros((B, H)))


def test_padding_behind_a_name_does_no_harm() -> None:
    params, real = params_without_zeros(), 4
    dlogits = np.where(np.arange(T)[:, None, None] < real, WEIGHTS, 0)
    long, _ = backward(params, forward(params, INPUTS)[2], dlogits)
    short, _ = backward(params, forward(params, INPUTS[:real])[2], WEIGHTS[:real])
    assert max(relative_errors(long, short).values()) < 1e-13


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_written_to_and_one_dtype_is_kept(dtype: type) -> None:
    params, inputs, state = frozen(params_without_zeros(dtype)), frozen(INPUTS.copy()), frozen(STATE.astype(dtype))
    logits, last, cache = forward(params, inputs, state)
    grads, dstate = backward(params, frozen(cache), frozen(WEIGHTS.copy()))
    arrays = [logits, last, dstate, *(leaf for _, leaf in named_leaves(grads))]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert not np.shares_memory(last, cache.h)


class TestInitParams:
    def test_shapes_bounds_and_zeros(self) -> None:
        params = init_params(V, D, 100, rng=np.random.default_rng(1), dtype=np.float32)
        for name in ("W_x", "W_h", "W_y"):
            assert 0.09 < np.abs(getattr(params, name)).max() < 0.1
        assert not params.b.any()
        assert not params.b_y.any()
        assert params.E.std() == pytest.approx(1, abs=0.2)
        assert {leaf.dtype for _, leaf in named_leaves(params)} == {np.dtype(np.float32)}

    def test_orthogonal_weights_keep_lengths(self) -> None:
        params = init_params(V, D, 20, rng=np.random.default_rng(2), orthogonal=True)
        assert_allclose(params.W_h @ params.W_h.T, np.eye(20), atol=1e-12)

    @pytest.mark.parametrize("orthogonal", [False, True])
    @pytest.mark.parametrize("radius", [0.5, 1.25])
    def test_the_spectral_radius_is_the_one_that_was_asked_for(self, orthogonal: bool, radius: float) -> None:
        rng = np.random.default_rng(3)
        params = init_params(V, D, 20, rng=rng, orthogonal=orthogonal, spectral_radius=radius)
        assert np.abs(np.linalg.eigvals(params.W_h)).max() == pytest.approx(radius)
        largest = np.linalg.norm(params.W_h, 2)  # the largest singular value
        assert largest == pytest.approx(radius) if orthogonal else largest > 1.2 * radius

    def test_the_same_generator_draws_the_same(self) -> None:
        one, two = (init_params(V, D, H, rng=np.random.default_rng(4)) for _ in range(2))
        assert max(relative_errors(one, two).values()) == 0

    @pytest.mark.parametrize(
        ("changed", "kind", "words"),
        [
            ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1; got 0"),
            ({"embedding_size": 2.5}, TypeError, "embedding_size must be a whole number"),
            ({"hidden_size": -1}, ValueError, "hidden_size must be at least 1"),
            ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
            ({"dtype": int}, TypeError, "dtype must be a floating-point dtype"),
            ({"orthogonal": "yes"}, TypeError, "orthogonal must be True or False"),
            ({"spectral_radius": 0}, ValueError, "spectral_radius must be"),
            ({"spectral_radius": "1"}, TypeError, "spectral_radius must be"),
        ],
    )
    def test_a_bad_argument_is_refused_by_name(self, changed: dict, kind: type, words: str) -> None:
        good = {"vocab_size": V, "embedding_size": D, "hidden_size": H, "rng": np.random.default_rng(0)}
        with pytest.raises(kind, match=words):
            init_params(**(good | changed))


class TestBadArguments:
    def test_params_must_fit_each_other(self) -> None:
        tensors = {name: np.zeros(shape) for name, shape in SHAPES.items()}
        with pytest.raises(ValueError, match=r"W_h must have shape \(5, 5\).*got \(5, 20\)"):
            PlainParams(**(tensors | {"W_h": np.zeros((5, 20))}))
        with pytest.raises(TypeError, match="share one dtype; E is float64, b is float32"):
            PlainParams(**(tensors | {"b": np.zeros(H, np.float32)}))
        with pytest.raises(TypeError, match="b must be a NumPy array of floats"):
            PlainParams(**(tensors | {"b": [0.0] * H}))

    def test_forward_refuses_what_does_not_fit(self) -> None:
        params = params_without_zeros()
        for wrong, kind, words in [
            (np.full((2, 2), V), ValueError, r"inputs must lie in 0..6"),
            (np.zeros(3, int), ValueError, r"inputs must have shape \(T, B\)"),
            (np.zeros((2, 2)), TypeError, "inputs must be a NumPy array of integers"),
        ]:
            with pytest.raises(kind, match=words):
                forward(params, wrong)
        with pytest.raises(ValueError, match=r"state must have shape \(3, 5\)"):
            forward(params, INPUTS, np.zeros((B, H + 1)))
        with pytest.raises(TypeError, match="params must be PlainParams"):
            forward(None, INPUTS)

    def test_backward_refuses_what_does_not_fit(self) -> None:
        params = params_without_zeros()
        cache = forward(params, INPUTS)[2]
        with pytest.raises(ValueError, match=r"dlogits must have shape \(6, 3, 7\)"):
            backward(params, cache, WEIGHTS[:-1])
        with pytest.raises(TypeError, match="cache must be PlainCache"):
            backward(params, None, WEIGHTS)
        with pytest.raises(ValueError, match=r"cache.h must have shape"):
            backward(params, cache._replace(h=cache.h[1:]), WEIGHTS)
