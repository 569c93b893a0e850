"""The language model: its record, its start, forward against a per-gate reference, backward against differences."""

import dataclasses
import math

import numpy as np
import pytest
from core_cases import LENGTHS, B, D, H, T, V, frozen, leaves, ragged_batch, random_params, random_state
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.cell import LSTMState
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.model import ForwardCache, Params, backward, forward, init_params, initial_state, require_params
from lstm_lib.tree import named_leaves, tree_map

SHAPES = {"E": (V, D), "W_x": (D, 4 * H), "W_h": (H, 4 * H), "b": (4 * H,), "W_y": (H, V), "b_y": (V,)}
FLOATS = [np.float32, np.float64]


def tensors(**changed):
    return {name: np.zeros(shape) for name, shape in SHAPES.items()} | changed


def cell_by_four_products(params, letter, h, c):
    """One step for one name, a product for each gate, with the plain tanh and exp of Python."""
    x = params.E[letter]
    gates = zip(np.split(params.W_x, 4, axis=1), np.split(params.W_h, 4, axis=1), np.split(params.b, 4), strict=True)
    a_i, a_f, a_g, a_o = (x @ W_x + h @ W_h + b for W_x, W_h, b in gates)
    i, f, o = (np.array([1 / (1 + math.exp(-value)) for value in a]) for a in (a_i, a_f, a_o))
    g = np.array([math.tanh(value) for value in a_g])
    c = f * c + i * g
    return o * np.array([math.tanh(value) for value in c]), c


def forward_by_four_products(params, inputs, lengths, state):
    """Logits (T, B, V), h and c (B, H): name by name, step by step, padding never touched."""
    logits = np.zeros((*inputs.shape, params.vocab_size))
    ends = []
    for row, length in enumerate(lengths):
        h, c = state.h[row], state.c[row]
        for t in range(length):
            h, c = cell_by_four_products(params, inputs[t, row], h, c)
            logits[t, row] = h @ params.W_y + params.b_y
        ends.append((h, c))
    return logits, *map(np.array, zip(*ends, strict=True))


class TestParams:
    def test_six_tensors_and_their_sizes(self):
        params = Params(**tensors())
        assert [field.name for field in dataclasses.fields(Params)] == list(SHAPES)
        assert all(field.init for field in dataclasses.fields(Params))
        assert (params.vocab_size, params.hidden_size, params.dtype) == (V, H, np.float64)

    def test_a_tensor_is_exchanged_in_a_copy_only(self):
        params = random_params()
        other = dataclasses.replace(params, b_y=params.b_y + 1)
        assert other.E is params.E
        assert_array_equal(other.b_y, params.b_y + 1)
        with pytest.raises(dataclasses.FrozenInstanceError):
            params.E = other.E

    def test_two_records_are_equal_only_if_they_are_one(self):
        params = random_params()
        assert params == params
        assert params != random_params()
        assert len({params, params, random_params()}) == 2

    @pytest.mark.parametrize("name", SHAPES)
    def test_every_tensor_is_an_array_of_floats(self, name):
        for wrong in (np.zeros(SHAPES[name], int), np.zeros(SHAPES[name]).tolist(), None, 1.0):
            with pytest.raises(TypeError, match=rf"^{name} must be a NumPy array of floats; got "):
                Params(**tensors(**{name: wrong}))

    @pytest.mark.parametrize("name", ["W_x", "W_h", "b", "W_y", "b_y"])
    def test_all_share_one_dtype(self, name):
        mixed = tensors(**{name: np.zeros(SHAPES[name], np.float32)})
        with pytest.raises(TypeError, match=rf"share one dtype; E is float64, {name} is float32"):
            Params(**mixed)

    @pytest.mark.parametrize("name", SHAPES)
    def test_shapes_that_do_not_fit_are_refused(self, name):
        right = SHAPES[name]
        longer, wider = (right[0] + 1, *right[1:]), (*right[:-1], right[-1] + 4)
        message = r"must have shape \(.*\), with V=.* from b_y, D=.* from E, H=.* from b"
        for wrong in [(*right[::-1], 1), (*right, 1), longer, wider, (), (0,)]:
            with pytest.raises(ValueError, match=message):
                Params(**tensors(**{name: np.zeros(wrong)}))

    def test_the_message_names_the_tensor_what_was_expected_and_what_came(self):
        with pytest.raises(ValueError, match=r"W_h must have shape \(5, 20\), with V=7 .*D=4 .*H=5 .*; got \(4, 20\)"):
            Params(**tensors(W_h=np.zeros((4, 20))))

    @pytest.mark.parametrize("sizes", [(0, D, H), (V, 0, H), (V, D, 0)])
    def test_no_size_is_zero(self, sizes):
        v, d, h = sizes
        shapes = (v, d), (d, 4 * h), (h, 4 * h), (4 * h,), (h, v), (v,)
        with pytest.raises(ValueError, match=r"each at least 1; got "):
            Params(*map(np.zeros, shapes))

    def test_require_params_returns_or_refuses_them(self):
        params = random_params()
        assert require_params(params) is params
        with pytest.raises(TypeError, match=r"grads must be Params, such as init_params returns; got \[\] \(list\)"):
            require_params([], what="grads")


class TestInitParams:
    def test_shapes_dtype_and_biases(self):
        params = init_params(V, D, H, rng=np.random.default_rng(0))
        assert {name: leaf.shape for name, leaf in named_leaves(params)} == SHAPES
        assert params.dtype == np.float64
        assert_array_equal(params.b, [0] * H + [1] * H + [0] * 2 * H)
        assert_array_equal(params.b_y, np.zeros(V))

    def test_the_forget_bias_is_what_was_asked_for(self):
        params = init_params(V, D, H, rng=np.random.default_rng(0), forget_bias=-2.5)
        assert_array_equal(params.b, [0] * H + [-2.5] * H + [0] * 2 * H)

    def test_the_distributions(self):
        units = 64
        params = init_params(200, 100, units, rng=np.random.default_rng(0))
        assert abs(params.E.mean()) < 0.03
        assert params.E.std() == pytest.approx(1, abs=0.02)
        assert np.abs(params.E).max() > 3
        for weight in (params.W_x, params.W_h, params.W_y):
            assert np.abs(weight).max() <= 1 / 8
            assert np.abs(weight).max() > 0.999 / 8
            assert weight.mean() == pytest.approx(0, abs=0.002)
            assert weight.std() == pytest.approx(1 / 8 / math.sqrt(3), rel=0.02)

    def test_the_order_of_the_draws_is_fixed_because_stored_outputs_rest_on_it(self):
        params, rng = init_params(V, D, H, rng=np.random.default_rng(3)), np.random.default_rng(3)
        bound = 1 / np.sqrt(H)
        assert_array_equal(params.E, rng.standard_normal((V, D)))
        for name in ("W_x", "W_h", "W_y"):
            assert_array_equal(getattr(params, name), rng.uniform(-bound, bound, SHAPES[name]))

    def test_a_seed_gives_the_same_numbers_in_both_dtypes(self):
        double = init_params(V, D, H, rng=np.random.default_rng(5))
        single = init_params(V, D, H, rng=np.random.default_rng(5), dtype=np.float32)
        assert {leaf.dtype for _, leaf in named_leaves(single)} == {np.dtype(np.float32)}
        for (_, wide), (_, narrow) in zip(named_leaves(double), named_leaves(single), strict=True):
            assert_array_equal(narrow, wide.astype(np.float32))

    @pytest.mark.parametrize("position", range(3))
    @pytest.mark.parametrize("name", ["vocab_size", "embedding_size", "hidden_size"])
    def test_sizes(self, name, position):
        sizes = {"vocab_size": V, "embedding_size": D, "hidden_size": H}
        wrong, error = [(0, ValueError), (2.0, TypeError), ("2", TypeError)][position]
        with pytest.raises(error, match=rf"{name} must be .*; got {wrong!r}"):
            init_params(**sizes | {name: wrong}, rng=np.random.default_rng(0))

    def test_generator_dtype_and_bias(self):
        with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator.*got None"):
            init_params(V, D, H, rng=None)
        with pytest.raises(TypeError, match=r"dtype must be a floating-point dtype, such as .*; got <class 'int'>"):
            init_params(V, D, H, rng=np.random.default_rng(0), dtype=int)
        with pytest.raises(ValueError, match=r"forget_bias must be a finite number; got nan"):
            init_params(V, D, H, rng=np.random.default_rng(0), forget_bias=math.nan)

    def test_the_smallest_model_works(self):
        params = init_params(1, 1, 1, rng=np.random.default_rng(0))
        logits, state, cache = forward(params, np.zeros((1, 1), int))
        assert logits.shape == (1, 1, 1)
        assert state.h.shape == (1, 1)
        assert backward(params, cache, logits)[0].E.shape == (1, 1)


class TestInitialState:
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_zeros_in_the_dtype_of_the_parameters(self, dtype):
        state = initial_state(random_params(dtype=dtype), 3)
        assert type(state) is LSTMState
        for leaf in state:
            assert leaf.dtype == dtype
            assert_array_equal(leaf, np.zeros((3, H)))
        assert state.h is not state.c

    def test_bad_arguments(self):
        with pytest.raises(ValueError, match=r"batch_size must be at least 1; got 0"):
            initial_state(random_params(), 0)
        with pytest.raises(TypeError, match=r"batch_size must be a whole number; got 2\.0"):
            initial_state(random_params(), 2.0)
        with pytest.raises(TypeError, match=r"params must be Params, such as init_params returns; got None"):
            initial_state(None, 1)


class TestForward:
    @pytest.mark.parametrize("seed", range(3))
    def test_one_product_for_four_gates_equals_four_products(self, seed):
        params, batch, state = random_params(seed), ragged_batch(seed), random_state(seed)
        logits, final, _ = forward(params, batch.inputs, state, mask=batch.mask)
        expected, h, c = forward_by_four_products(params, batch.inputs, LENGTHS, state)
        assert_allclose(logits, expected, rtol=1e-12, atol=1e-14)
        assert_allclose(final.h, h, rtol=1e-12)
        assert_allclose(final.c, c, rtol=1e-12)

    def test_without_a_mask_every_step_counts(self):
        params, batch = random_params(), ragged_batch()
        logits, final, cache = forward(params, batch.inputs)
        expected, h, c = forward_by_four_products(params, batch.inputs, [T] * B, initial_state(params, B))
        assert_allclose(logits, expected, rtol=1e-12, atol=1e-14)
        assert_allclose((final.h, final.c), (h, c), rtol=1e-12)
        full, final_full, _ = forward(params, batch.inputs, mask=np.ones((T, B), bool))
        assert_array_equal(full, logits)
        assert_array_equal(final_full.c, final.c)
        assert cache.mask.dtype == np.bool_
        assert cache.mask.all()

    def test_with_a_mask_the_logits_of_padding_are_zero(self):
        batch = ragged_batch()
        logits, _, _ = forward(random_params(), batch.inputs, mask=batch.mask)
        assert (logits[~batch.mask] == 0).all()
        assert (logits[batch.mask] != 0).all()

    def test_with_a_mask_the_final_state_is_that_after_the_last_real_step(self):
        params, batch, state = random_params(), ragged_batch(), random_state()
        _, final, _ = forward(params, batch.inputs, state, mask=batch.mask)
        for row, length in enumerate(LENGTHS):
            alone = LSTMState(state.h[[row]], state.c[[row]])
            _, (h, c), _ = forward(params, batch.inputs[:length, [row]], alone)
            assert_allclose(final.h[[row]], h, rtol=1e-13)
            assert_allclose(final.c[[row]], c, rtol=1e-13)

    def test_a_column_without_a_real_step_keeps_its_state(self):
        params, batch, state = random_params(), ragged_batch(), random_state()
        mask = batch.mask & [True, False, True]
        logits, final, _ = forward(params, batch.inputs, state, mask=mask)
        assert_array_equal(final.h[1], state.h[1])
        assert_array_equal(final.c[1], state.c[1])
        assert (logits[:, 1] == 0).all()

    def test_reading_in_two_parts_is_reading_in_one(self):
        params, batch = random_params(), ragged_batch()
        whole, end, _ = forward(params, batch.inputs)
        first, between, _ = forward(params, batch.inputs[:2])
        second, last, _ = forward(params, batch.inputs[2:], between)
        assert_allclose(np.concatenate([first, second]), whole, rtol=1e-12)
        assert_allclose((last.h, last.c), (end.h, end.c), rtol=1e-12)

    def test_the_cache_holds_what_went_in_and_what_came_out(self):
        params, batch, state = random_params(), ragged_batch(), random_state()
        _, final, cache = forward(params, batch.inputs, state, mask=batch.mask)
        assert type(cache) is ForwardCache
        assert_array_equal(cache.inputs, batch.inputs)
        assert_array_equal(cache.mask, batch.mask)
        assert_array_equal(cache.x, params.E[batch.inputs])
        assert_array_equal(cache.h[0], state.h)
        assert_array_equal(cache.h[-1], final.h)
        assert_array_equal(cache.read, cache.h[1:])
        assert cache.h.shape == (T + 1, B, H)
        assert len(cache.steps) == T
        assert cache.keep is None

    def test_the_factors_of_dropout_reach_the_output_layer_only(self):
        params, batch = random_params(), ragged_batch()
        keep = np.random.default_rng(0).choice([0.0, 2.0], (T, B, H))
        plain, state, _ = forward(params, batch.inputs)
        logits, same, cache = forward(params, batch.inputs, keep=keep)
        assert_array_equal(same.h, state.h)
        assert_allclose(logits, (cache.h[1:] * keep) @ params.W_y + params.b_y, rtol=1e-13)
        assert np.abs(logits - plain).max() > 0.1

    def test_one_name_never_hears_of_another(self):
        params, batch, state = random_params(), ragged_batch(), random_state()
        order = [2, 0, 1]
        logits, final, _ = forward(params, batch.inputs, state, mask=batch.mask)
        reordered = LSTMState(*(s[order] for s in state))
        shuffled = forward(params, batch.inputs[:, order], reordered, mask=batch.mask[:, order])
        assert_allclose(shuffled[0], logits[:, order], rtol=1e-13)
        assert_allclose(shuffled[1].c, final.c[order], rtol=1e-13)

    @given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 10**6))
    @settings(max_examples=30)
    def test_for_any_lengths_it_equals_the_reference(self, lengths, seed):
        params, batch = random_params(seed), ragged_batch(seed, lengths=tuple(lengths))
        logits, final, _ = forward(params, batch.inputs, mask=batch.mask)
        state = initial_state(params, len(lengths))
        expected, h, _ = forward_by_four_products(params, batch.inputs, lengths, state)
        assert_allclose(logits, expected, rtol=1e-10, atol=1e-13)
        assert_allclose(final.h, h, rtol=1e-10, atol=1e-13)


class Loss:
    """sum(r * logits) over the real cells, with fixed random r: a loss without a softmax."""

    def __init__(self, batch, *, keep=None):
        self.batch, self.keep = batch, keep
        self.r = np.random.default_rng(9).normal(0, 1, (*batch.inputs.shape, V))

    def __call__(self, params, state):
        logits, _, _ = forward(params, self.batch.inputs, state, mask=self.batch.mask, keep=self.keep)
        return float((self.r * logits).sum())

    def gradients(self, params, state):
        _, _, cache = forward(params, self.batch.inputs, state, mask=self.batch.mask, keep=self.keep)
        return backward(params, cache, self.r)


class TestBackward:
    @pytest.mark.parametrize("seed", range(3))
    def test_six_tensors_and_the_initial_state_equal_central_differences(self, seed):
        params, state, loss = random_params(seed), random_state(seed), Loss(ragged_batch(seed))
        grads, dstate = loss.gradients(params, state)
        errors = relative_errors(grads, numerical_gradient(lambda p: loss(p, state), params))
        errors |= relative_errors(dstate, numerical_gradient(lambda s: loss(params, s), state))
        assert set(errors) == {*SHAPES, "h", "c"}
        assert max(errors.values()) < 1e-7, errors

    def test_with_the_factors_of_dropout(self):
        keep = np.random.default_rng(0).choice([0.0, 1.5], (T, B, H))
        params, state, loss = random_params(), random_state(), Loss(ragged_batch(), keep=keep)
        grads, dstate = loss.gradients(params, state)
        errors = relative_errors(grads, numerical_gradient(lambda p: loss(p, state), params))
        errors |= relative_errors(dstate, numerical_gradient(lambda s: loss(params, s), state))
        assert max(errors.values()) < 1e-7, errors

    def test_types_and_shapes(self):
        params, state = random_params(), random_state()
        grads, dstate = Loss(ragged_batch()).gradients(params, state)
        assert type(grads) is Params
        assert type(dstate) is LSTMState
        assert {name: leaf.shape for name, leaf in named_leaves(grads)} == SHAPES
        assert dstate.h.shape == dstate.c.shape == (B, H)

    def test_what_comes_back_at_padding_is_ignored(self):
        params, batch = random_params(), ragged_batch()
        _, _, cache = forward(params, batch.inputs, random_state(), mask=batch.mask)
        dlogits = np.random.default_rng(0).normal(0, 1, (T, B, V))
        noisy = np.where(batch.mask[..., None], dlogits, 1e6)
        missing = np.where(batch.mask[..., None], dlogits, np.nan)
        expected = leaves(backward(params, cache, dlogits))
        for changed in (noisy, missing):
            for left, right in zip(leaves(backward(params, cache, changed)), expected, strict=True):
                assert_array_equal(left, right)

    def test_a_letter_that_stands_in_padding_only_has_no_gradient_at_all(self):
        params, batch = random_params(), ragged_batch()
        inputs = np.where(batch.mask, batch.inputs % (V - 1), V - 1)  # the last letter marks the padding
        _, _, cache = forward(params, inputs, random_state(), mask=batch.mask)
        grads, _ = backward(params, cache, np.ones((T, B, V)))
        assert (grads.E[V - 1] == 0).all()
        assert (grads.E[inputs[0]] != 0).all()

    def test_a_column_without_a_real_step_has_no_gradient_at_all(self):
        params, batch = random_params(), ragged_batch()
        mask = batch.mask & [True, False, True]
        _, _, cache = forward(params, batch.inputs, random_state(), mask=mask)
        _, (dh, dc) = backward(params, cache, np.ones((T, B, V)))
        assert (dh[1] == 0).all()
        assert (dc[1] == 0).all()
        assert (dh[[0, 2]] != 0).all()

    def test_it_is_linear_in_the_gradient_of_the_logits(self):
        params, batch = random_params(), ragged_batch()
        _, _, cache = forward(params, batch.inputs, random_state(), mask=batch.mask)
        one, two = np.random.default_rng(0).normal(0, 1, (2, T, B, V))
        whole = leaves(backward(params, cache, 2 * one - 3 * two))
        parts = zip(leaves(backward(params, cache, one)), leaves(backward(params, cache, two)), strict=True)
        for together, (first, second) in zip(whole, parts, strict=True):
            assert_allclose(together, 2 * first - 3 * second, rtol=1e-9, atol=1e-12)


class TestDtype:
    def test_float32_stays_float32_from_the_letters_to_the_gradients(self):
        params, batch = random_params(dtype=np.float32), ragged_batch()
        for state in (None, random_state(dtype=np.float32), random_state(dtype=np.float64)):
            for keep in (None, np.ones((T, B, H), np.float32), np.ones((T, B, H))):
                logits, final, cache = forward(params, batch.inputs, state, mask=batch.mask, keep=keep)
                floats = [array for array in leaves(cache) if array.dtype.kind == "f"]
                assert len(floats) == 6 * T + 3 + (keep is not None)
                result = backward(params, cache, np.ones(logits.shape))
                for array in [logits, *final, *floats, *leaves(result)]:
                    assert array.dtype == np.float32

    def test_float32_agrees_with_float64(self):
        batch = ragged_batch()
        wide = random_params()
        narrow = tree_map(lambda leaf: leaf.astype(np.float32), wide)
        assert_allclose(forward(narrow, batch.inputs)[0], forward(wide, batch.inputs)[0], rtol=1e-4, atol=1e-5)


def test_nothing_that_came_in_is_written_to():
    params, batch, state = frozen(random_params()), frozen(ragged_batch()), frozen(random_state())
    keep = frozen(np.full((T, B, H), 2.0))
    logits, _, cache = forward(params, batch.inputs, state, mask=batch.mask, keep=keep)
    backward(params, frozen(cache), frozen(logits))
    fresh = random_params(), ragged_batch(), random_state()
    for now, before in zip(leaves((params, batch, state)), leaves(fresh), strict=True):
        assert_array_equal(now, before)


class TestBadArguments:
    @pytest.mark.parametrize("wrong", [[[0, 1]], np.zeros((T, B)), np.zeros((T, B), bool), None, "ana", 3])
    def test_inputs_that_are_no_array_of_ids(self, wrong):
        with pytest.raises(TypeError, match=r"^inputs must be a NumPy array of integers; got "):
            forward(random_params(), wrong)

    @pytest.mark.parametrize("shape", [(), (4,), (2, 3, 4), (0, 3), (3, 0), (0, 0)])
    def test_inputs_of_another_shape(self, shape):
        with pytest.raises(ValueError, match=r"inputs must have shape \(T, B\), at least \(1, 1\); got ") as info:
            forward(random_params(), np.zeros(shape, int))
        assert str(shape) in str(info.value)

    @pytest.mark.parametrize("wrong", [-1, V])
    def test_ids_out_of_range(self, wrong):
        with pytest.raises(ValueError, match=rf"inputs must lie in 0\.\.6; got ids from .*{wrong}"):
            forward(random_params(), np.array([[0], [wrong]]))

    def test_mask(self):
        params, inputs = random_params(), ragged_batch().inputs
        with pytest.raises(TypeError, match=r"mask must be a NumPy array of booleans; got an array of int64"):
            forward(params, inputs, mask=np.ones((T, B), np.int64))
        with pytest.raises(TypeError, match=r"mask must be a NumPy array of booleans; got "):
            forward(params, inputs, mask=[[True] * B] * T)
        with pytest.raises(ValueError, match=r"mask must have shape \(6, 3\); got \(3, 6\)"):
            forward(params, inputs, mask=np.ones((B, T), bool))
        holes = np.ones((T, B), bool)
        holes[2, 1] = False
        with pytest.raises(ValueError, match=r"True for a prefix of each column; column 1 is \[ True  True False"):
            forward(params, inputs, mask=holes)

    def test_state(self):
        params, inputs = random_params(), ragged_batch().inputs
        h, c = random_state()
        for wrong in ((h, c), [h, c], h, 0):
            with pytest.raises(TypeError, match=r"state must be LSTMState, such as initial_state returns; got "):
                forward(params, inputs, wrong)
        with pytest.raises(ValueError, match=r"state\.h must have shape \(3, 5\); got \(1, 5\)"):
            forward(params, inputs, LSTMState(h[:1], c))
        with pytest.raises(ValueError, match=r"state\.c must have shape \(3, 5\); got \(3, 4\)"):
            forward(params, inputs, LSTMState(h, c[:, :4]))
        with pytest.raises(TypeError, match=r"state\.c must be a NumPy array of floats; got an array of int64"):
            forward(params, inputs, LSTMState(h, np.zeros((B, H), np.int64)))

    def test_keep(self):
        params, inputs = random_params(), ragged_batch().inputs
        with pytest.raises(ValueError, match=r"keep must have shape \(6, 3, 5\); got \(6, 3\)"):
            forward(params, inputs, keep=np.ones((T, B)))
        with pytest.raises(TypeError, match=r"keep must be a NumPy array of floats; got an array of bool"):
            forward(params, inputs, keep=np.ones((T, B, H), bool))

    def test_params(self):
        batch = ragged_batch()
        logits, _, cache = forward(random_params(), batch.inputs)
        for wrong in (None, list(vars(random_params()).values()), random_state()):
            with pytest.raises(TypeError, match=r"params must be Params, such as init_params returns; got "):
                forward(wrong, batch.inputs)
            with pytest.raises(TypeError, match=r"params must be Params, such as init_params returns; got "):
                backward(wrong, cache, logits)

    def test_dlogits(self):
        params = random_params()
        logits, _, cache = forward(params, ragged_batch().inputs)
        for shape in [(B, V), (T, B, 1), (T, B, V + 1), (T, 1, V), (1, B, V)]:
            with pytest.raises(ValueError, match=r"dlogits must have shape \(6, 3, 7\); got "):
                backward(params, cache, np.zeros(shape))
        with pytest.raises(TypeError, match=r"dlogits must be a NumPy array of floats; got "):
            backward(params, cache, logits.tolist())

    def test_cache(self):
        params = random_params()
        logits, _, cache = forward(params, ragged_batch().inputs)
        with pytest.raises(TypeError, match=r"cache must be ForwardCache, such as forward returns; got "):
            backward(params, tuple(cache), logits)
        with pytest.raises(ValueError, match=r"cache\.x must have shape \(6, 3, 9\); got \(6, 3, 4\)"):
            backward(random_params(sizes=(V, 9, H)), cache, logits)
        with pytest.raises(ValueError, match=r"cache\.h must have shape \(7, 3, 9\); got \(7, 3, 5\)"):
            backward(random_params(sizes=(V, D, 9)), cache, logits)
        with pytest.raises(ValueError, match=r"inputs must lie in 0\.\.2; got ids from "):
            backward(random_params(sizes=(3, D, H)), cache, logits[..., :3])


def test_what_a_caller_does_to_a_state_does_not_reach_the_cache():
    params, first = random_params(), random_state()
    inputs = ragged_batch().inputs
    logits, last, cache = forward(params, inputs, first)
    expected = backward(params, cache, np.ones_like(logits))
    for state in (first, last):
        state.h[:], state.c[:] = 7, 7
    for one, other in zip(backward(params, cache, np.ones_like(logits)), expected, strict=True):
        for (_, left), (_, right) in zip(named_leaves(one), named_leaves(other), strict=True):
            assert_array_equal(left, right)
