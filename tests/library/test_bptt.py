"""From a batch to its loss and gradient: checked by differences, and the check checked with planted mistakes."""

import math
from dataclasses import replace

import numpy as np
import pytest
from core_cases import (
    LENGTHS,
    SMALL,
    B,
    H,
    T,
    V,
    frozen,
    leaves,
    mutant,
    ragged_batch,
    random_params,
    random_state,
    readable_loss,
    readable_loss_and_grads,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib import bptt, loss, model
from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import LSTMState, gates_backward
from lstm_lib.data import Batch, make_batch
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import backward, forward, init_params
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

TENSORS = ("E", "W_x", "W_h", "b", "W_y", "b_y")


def loss_of(params, batch, state, dropout, *, route=loss_and_grads):
    """A fresh generator makes the factors of dropout the same in every call."""
    rng = np.random.default_rng(7) if dropout else None
    return route(params, batch, state, dropout=dropout, rng=rng)


def differences(*case):
    """The gradient by central differences of a loss for which no gradient is computed."""
    params, *rest = case
    return numerical_gradient(lambda trial: loss_of(trial, *rest, route=readable_loss)[0], params)


def check(params, batch, state=None, *, dropout=0.0, route=loss_and_grads):
    """The relative error of each tensor."""
    case = params, batch, state, dropout
    assert loss_of(*case, route=route)[0] == pytest.approx(loss_of(*case, route=readable_loss)[0], rel=1e-13)
    return relative_errors(loss_of(*case, route=route)[1], differences(*case))


@pytest.mark.parametrize(
    ("seed", "with_state", "dropout"),
    [(0, False, 0.0), (1, True, 0.0), (2, False, 0.4), (3, True, 0.4), (4, True, 0.0)],
    ids=["plain", "with a state", "with dropout", "with both", "another seed"],
)
def test_all_six_tensors_equal_central_differences(seed, with_state, dropout):
    state = random_state(seed, hidden=SMALL[2]) if with_state else None
    case = random_params(seed, sizes=SMALL), ragged_batch(seed, vocab_size=SMALL[0]), state, dropout
    numerical, expected = differences(*case), loss_of(*case, route=readable_loss)[0]
    for route in (loss_and_grads, readable_loss_and_grads):
        value, grads = loss_of(*case, route=route)
        errors = relative_errors(grads, numerical)
        assert value == pytest.approx(expected, rel=1e-13)
        assert set(errors) == set(TENSORS)
        assert max(errors.values()) < 1e-7, (route.__name__, errors)


def test_the_gradient_of_the_initial_state_equals_central_differences():
    params, batch, state = random_params(), ragged_batch(), random_state()
    _, _, cache = forward(params, batch.inputs, state, mask=batch.mask)
    logits, _, _ = forward(params, batch.inputs, state, mask=batch.mask)
    _, dstate = backward(params, cache, cross_entropy(logits, batch.targets, batch.mask)[1])
    errors = relative_errors(dstate, numerical_gradient(lambda s: loss_and_grads(params, batch, s)[0], state))
    assert set(errors) == {"h", "c"}
    assert max(errors.values()) < 1e-7, errors


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 10**6))
@settings(max_examples=10)
def test_any_lengths_and_numbers_pass_the_check(lengths, seed):
    params, batch = random_params(seed, sizes=(3, 2, 2)), ragged_batch(seed, lengths=tuple(lengths), vocab_size=3)
    numerical = numerical_gradient(lambda trial: loss_and_grads(trial, batch)[0], params)
    for (name, mine), (_, measured) in zip(
        named_leaves(loss_and_grads(params, batch)[1]), named_leaves(numerical), strict=True
    ):  # a gradient can be so small that rounding, some 1e-11 in a difference, is a large share of it
        np.testing.assert_allclose(mine, measured, rtol=1e-7, atol=1e-10, err_msg=name)


def test_one_letter_read_in_every_cell_sums_all_its_gradients():
    batch = ragged_batch()
    same = batch._replace(inputs=np.full_like(batch.inputs, 2))
    errors = check(random_params(), same, random_state())
    assert max(errors.values()) < 1e-7, errors
    _, grads = loss_and_grads(random_params(), same, random_state())
    assert [bool(row.any()) for row in grads.E] == [False, False, True, False, False, False, False]


CARRY_H = "dh = da[t] @ params.W_h.T"
ADD_ROWS = "np.add.at(dE, cache.inputs, da @ params.W_x.T)"
PLANTED = [  # what is wrong, the module that looks the function up, the function, right, wrong
    ("dc carry dropped", model, gates_backward, "dc * f\n", "0 * dc\n"),
    ("dc carry not through f", model, gates_backward, "dc * f\n", "dc\n"),
    ("only the part through h carried", model, gates_backward, "dc * f\n", "dh * o * (1 - tanh_c**2) * f\n"),
    ("only the part through c carried", model, gates_backward, "dh * o * (1 - tanh_c**2) + dc", "dc"),
    ("dh carry dropped", model, backward, CARRY_H, "dh = 0 * dh"),
    ("= for += over the gates: the last one left", model, backward, CARRY_H,
     "dh = da[t][:, -len(params.W_h):] @ params.W_h[:, -len(params.W_h):].T"),
    ("= for += over the gates: the first one left", model, backward, CARRY_H,
     "dh = da[t][:, :len(params.W_h)] @ params.W_h[:, :len(params.W_h)].T"),
    ("carry of the step before last", model, backward, CARRY_H, "dh = da[min(t + 1, T - 1)] @ params.W_h.T"),
    ("f's gradient uses c for c_prev", model, gates_backward, "dc * c_prev", "dc * (f * c_prev + i * g)"),
    ("i's gradient without g", model, gates_backward, "dc * c_prev, dc * g", "dc * c_prev, dc"),
    ("tanh' of g from tanh(g)", model, gates_backward, "(1 - g**2)", "(1 - np.tanh(g) ** 2)"),
    ("tanh' of c from tanh(tanh(c))", model, gates_backward, "(1 - tanh_c**2)", "(1 - np.tanh(tanh_c) ** 2)"),
    ("sigma' twice: i", model, gates_backward, "di * i * (1 - i)", "di * sigmoid(i) * (1 - sigmoid(i))"),
    ("sigma' twice: f", model, gates_backward, "df * f * (1 - f)", "df * sigmoid(f) * (1 - sigmoid(f))"),
    ("sigma' twice: o", model, gates_backward, "do * o * (1 - o)", "do * sigmoid(o) * (1 - sigmoid(o))"),
    ("o's gradient from c", model, gates_backward, "do = dh * tanh_c", "do = dc * tanh_c"),
    ("embedding row assigned", model, backward, ADD_ROWS, "dE[cache.inputs] = da @ params.W_x.T"),
    ("embedding row added once", model, backward, ADD_ROWS, "dE[cache.inputs] += da @ params.W_x.T"),
    ("only the last step's W_h", model, backward, "sum_of_products(cache.h[:-1], da)", "cache.h[-2].T @ da[-1]"),
    ("only the first step's b", model, backward, "b=da.sum(axis=(0, 1))", "b=da[0].sum(axis=0)"),
    ("W_h meets the state that leaves", model, backward, "cache.h[:-1]", "cache.h[1:]"),
    ("W_y meets the state before dropout", model, backward, "cache.read", "cache.h[1:]"),
    ("dropout forgotten on the way back", model, backward, "dread * cache.keep", "dread"),
    ("division by the padded count", loss, cross_entropy, "dtype.type(count)", "dtype.type(mask.size)"),
    ("sum for the mean", loss, cross_entropy, "dtype.type(count)", "dtype.type(1)"),
    ("target not subtracted", loss, cross_entropy, "axis=-1) - 1, axis", "axis=-1), axis"),
]  # fmt: skip


CASE = random_params(), ragged_batch(), random_state(), 0.4


@pytest.fixture(scope="module")
def numerical():
    """The gradient by differences; no planted mistake touches the loss, so that one answer serves them all."""
    return differences(*CASE)


def readable(*case):
    """Loss and gradient by the route of `model`, in which the mistakes are planted."""
    return loss_of(*case, route=readable_loss_and_grads)


def test_the_case_of_the_planted_mistakes_passes_without_one(numerical):
    assert max(relative_errors(readable(*CASE)[1], numerical).values()) < 1e-7


@pytest.mark.parametrize(("module", "function", "right", "wrong"), [row[1:] for row in PLANTED],
                         ids=[row[0] for row in PLANTED])  # fmt: skip
def test_a_wrong_derivative_makes_the_check_fail(monkeypatch, numerical, module, function, right, wrong):
    loss_right, _ = readable(*CASE)
    monkeypatch.setattr(module, function.__name__, mutant(function, right, wrong))
    wrong_loss, wrong_grads = readable(*CASE)
    assert wrong_loss == loss_right
    errors = relative_errors(wrong_grads, numerical)
    assert max(errors.values()) > 1e-3, errors


def test_padding_counted_in_the_loss_and_its_gradient_is_noticed(monkeypatch):
    unmasked = mutant(backward, "np.where(cache.mask[..., None], dlogits, 0)", "dlogits")
    monkeypatch.setattr(model, "backward", unmasked)
    monkeypatch.setattr(loss, "cross_entropy", mutant(cross_entropy, "mask[..., None], ", "True, "))
    errors = check(random_params(), ragged_batch(), route=readable_loss_and_grads)
    assert max(errors.values()) > 1e-3, errors


def test_the_loss_is_the_mean_surprise_of_the_real_symbols():
    params, batch = random_params(), ragged_batch()
    loss, _ = loss_and_grads(params, batch)
    assert type(loss) is float
    logits, _, _ = forward(params, batch.inputs, mask=batch.mask)
    nats = []
    for row, length in enumerate(LENGTHS):
        for t in range(length):
            weights = np.exp(logits[t, row])
            nats.append(-math.log(weights[batch.targets[t, row]] / weights.sum()))
    assert loss == pytest.approx(math.fsum(nats) / sum(LENGTHS), rel=1e-14)


def single(batch, row):
    """The batch of one column, without its padding."""
    length = int(batch.mask[:, row].sum())
    return Batch(*(array[:length, [row]] for array in batch))


def test_a_batch_equals_its_sequences_one_by_one():
    params, batch, state = random_params(), ragged_batch(), random_state()
    loss, grads = loss_and_grads(params, batch, state)
    alone = [loss_and_grads(params, single(batch, row), LSTMState(*(s[[row]] for s in state))) for row in range(B)]
    shares = [length / sum(LENGTHS) for length in LENGTHS]
    assert loss == pytest.approx(sum(share * one[0] for share, one in zip(shares, alone, strict=True)), rel=1e-13)
    for name in TENSORS:
        together = sum(share * getattr(one[1], name) for share, one in zip(shares, alone, strict=True))
        assert_allclose(getattr(grads, name), together, rtol=1e-11, atol=1e-15)


def test_padding_contributes_exactly_nothing():
    params, batch, state = random_params(), ragged_batch(), random_state()
    loss, grads = loss_and_grads(params, batch, state)
    for seed in range(3):
        other = ragged_batch(seed + 50)
        changed = Batch(
            np.where(batch.mask, batch.inputs, other.inputs),
            np.where(batch.mask, batch.targets, other.targets),
            batch.mask,
        )
        assert (changed.inputs != batch.inputs).any()
        assert (changed.targets != batch.targets).any()
        loss_again, grads_again = loss_and_grads(params, changed, state)
        assert loss_again == loss
        for left, right in zip(leaves(grads_again), leaves(grads), strict=True):
            assert_array_equal(left, right)


def test_a_letter_that_stands_in_padding_only_has_no_gradient_at_all():
    batch = ragged_batch()
    marked = batch._replace(inputs=np.where(batch.mask, batch.inputs % (V - 1), V - 1))
    _, grads = loss_and_grads(random_params(), marked)
    assert (grads.E[V - 1] == 0).all()
    assert (grads.E[marked.inputs[0]] != 0).all()


def test_more_padding_changes_nothing():
    params, batch, state = random_params(), ragged_batch(), random_state()
    longer = Batch(*(np.concatenate([array, np.zeros_like(array[:3])]) for array in batch))
    loss, grads = loss_and_grads(params, batch, state)
    loss_longer, grads_longer = loss_and_grads(params, longer, state)
    assert loss_longer == pytest.approx(loss, rel=1e-15)
    for left, right in zip(leaves(grads_longer), leaves(grads), strict=True):
        assert_allclose(left, right, rtol=1e-12, atol=1e-16)


def test_float32_stays_float32_and_agrees_with_float64():
    wide = random_params()
    narrow = tree_map(lambda leaf: leaf.astype(np.float32), wide)
    batch = ragged_batch()
    for dropout in (0.0, 0.4):
        loss, grads = loss_and_grads(narrow, batch, random_state(), dropout=dropout, rng=np.random.default_rng(0))
        exact, exact_grads = loss_and_grads(wide, batch, random_state(), dropout=dropout, rng=np.random.default_rng(0))
        assert type(loss) is float
        assert loss == pytest.approx(exact, rel=1e-5)
        assert max(relative_errors(grads, exact_grads).values()) < 1e-5
        assert {leaf.dtype for leaf in leaves(grads)} == {np.dtype(np.float32)}


def test_without_a_state_the_start_is_zero():
    params, batch = random_params(), ragged_batch()
    zeros = LSTMState(np.zeros((B, H)), np.zeros((B, H)))
    loss, grads = loss_and_grads(params, batch)
    loss_zeros, grads_zeros = loss_and_grads(params, batch, zeros)
    assert loss == pytest.approx(loss_zeros, rel=1e-14)
    assert_allclose(grads.W_h, grads_zeros.W_h, rtol=1e-11, atol=1e-16)
    assert loss != loss_and_grads(params, batch, random_state())[0]


def test_a_fresh_model_knows_nothing():
    vocabulary = Vocabulary.from_names(["abcdefghijklmnopqrstuvwxyz"])
    batch = make_batch(["ana", "emma", "bo"], vocabulary)
    silent = tree_map(np.zeros_like, init_params(27, 4, 5, rng=np.random.default_rng(0)))
    assert loss_and_grads(silent, batch)[0] == pytest.approx(math.log(27), rel=1e-15)


class TestDropout:
    def big(self):
        return ragged_batch(lengths=(40,) * 50)

    def factors(self, monkeypatch, rate, rng, dtype=np.float64):
        """What the units are multiplied with: (T, B, H), or None."""
        seen = []

        def spy(*args):
            seen.append(draw(*args))
            return seen[0]

        draw = bptt._dropout_factors
        monkeypatch.setattr(bptt, "_dropout_factors", spy)
        loss_and_grads(random_params(dtype=dtype), self.big(), dropout=rate, rng=rng)
        monkeypatch.undo()
        return seen[0]

    @pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
    def test_units_are_hidden_with_the_rate_and_the_mean_stays(self, monkeypatch, rate):
        factors = self.factors(monkeypatch, rate, np.random.default_rng(0))
        assert factors.shape == (40, 50, H)
        kept = factors != 0
        assert_allclose(factors[kept], np.full(kept.sum(), 1 / (1 - rate)), rtol=1e-12)
        deviations = (kept.mean() - (1 - rate)) / math.sqrt(rate * (1 - rate) / kept.size)
        assert abs(deviations) < 4
        assert abs(factors.mean() - 1) < 0.1

    def test_the_same_units_are_hidden_in_both_dtypes(self, monkeypatch):
        narrow = self.factors(monkeypatch, 0.3, np.random.default_rng(1), np.float32)
        wide = self.factors(monkeypatch, 0.3, np.random.default_rng(1))
        assert narrow.dtype == np.float32
        assert_array_equal(narrow != 0, wide != 0)

    def test_the_draw_is_fixed_because_stored_outputs_rest_on_it(self, monkeypatch):
        factors = self.factors(monkeypatch, 0.3, np.random.default_rng(5))
        uniform = np.random.default_rng(5).random((40, 50, H), dtype=np.float32)
        assert_array_equal(factors, np.where(uniform >= 0.3, 1 / 0.7, 0))

    def test_without_dropout_no_number_is_drawn(self, monkeypatch):
        rng = np.random.default_rng(2)
        assert self.factors(monkeypatch, 0.0, rng) is None
        assert rng.bit_generator.state == np.random.default_rng(2).bit_generator.state

    def test_one_seed_one_result(self):
        results = [
            loss_and_grads(random_params(), ragged_batch(), dropout=0.5, rng=np.random.default_rng(seed))[0]
            for seed in (3, 3, 4)
        ]
        assert results[0] == results[1] != results[2]

    def test_it_needs_a_generator(self):
        with pytest.raises(ValueError, match=r"dropout=0\.5 draws random numbers: pass rng, .*; got None"):
            loss_and_grads(random_params(), ragged_batch(), dropout=0.5)
        with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator.*; got 7"):
            loss_and_grads(random_params(), ragged_batch(), dropout=0.5, rng=7)

    @pytest.mark.parametrize("wrong", [-0.1, 1, 1.5, math.nan])
    def test_the_rate_is_at_least_0_and_below_1(self, wrong):
        with pytest.raises(ValueError, match=f"dropout must be a finite number at least 0 and below 1; got {wrong}"):
            loss_and_grads(random_params(), ragged_batch(), dropout=wrong, rng=np.random.default_rng(0))
        with pytest.raises(TypeError, match="dropout must be a number; got None"):
            loss_and_grads(random_params(), ragged_batch(), dropout=None, rng=np.random.default_rng(0))


class TestWeightDrop:
    """DropConnect on W_h: a network with fewer recurrent weights for each batch."""

    RATE = 0.4

    def drawn(self, seed=5):
        uniform = np.random.default_rng(seed).random((H, 4 * H), dtype=np.float32)
        return np.where(uniform >= self.RATE, 1 / (1 - self.RATE), 0)

    def test_it_is_the_loss_of_a_network_with_fewer_recurrent_weights(self):
        params, batch, state = random_params(), ragged_batch(), random_state()
        loss, grads = loss_and_grads(params, batch, state, weight_drop=self.RATE, rng=np.random.default_rng(5))
        thinned, thinned_grads = loss_and_grads(replace(params, W_h=params.W_h * self.drawn()), batch, state)
        assert loss == thinned != loss_and_grads(params, batch, state)[0]
        assert_array_equal(grads.W_h, thinned_grads.W_h * self.drawn())
        assert (grads.W_h[self.drawn() == 0] == 0).all()
        assert_array_equal(grads.W_x, thinned_grads.W_x)

    @pytest.mark.parametrize("dropout", [0.0, 0.3])
    def test_every_gradient_is_that_of_the_loss(self, dropout):
        params, batch = random_params(sizes=SMALL), ragged_batch(vocab_size=SMALL[0])

        def loss(params):
            rng = np.random.default_rng(7)
            return loss_and_grads(params, batch, dropout=dropout, weight_drop=self.RATE, rng=rng)

        measured = numerical_gradient(lambda moved: loss(moved)[0], params)
        assert max(relative_errors(loss(params)[1], measured).values()) < 1e-7

    def test_the_factors_have_mean_1_and_one_draw_serves_the_batch(self):
        assert abs(self.drawn().mean() - 1) < 0.35
        rng = np.random.default_rng(0)
        loss_and_grads(random_params(), ragged_batch(), weight_drop=self.RATE, rng=rng)
        after = np.random.default_rng(0)
        after.random((H, 4 * H), dtype=np.float32)
        assert rng.bit_generator.state == after.bit_generator.state

    def test_the_weights_are_drawn_before_the_units(self):
        params, batch, rng = random_params(), ragged_batch(), np.random.default_rng(5)
        both = loss_and_grads(params, batch, dropout=0.3, weight_drop=self.RATE, rng=np.random.default_rng(5))[0]
        rng.random((H, 4 * H), dtype=np.float32)
        thinned = replace(params, W_h=params.W_h * self.drawn())
        assert both == loss_and_grads(thinned, batch, dropout=0.3, rng=rng)[0]

    def test_none_and_0_change_nothing_and_draw_nothing(self):
        rng = np.random.default_rng(0)
        plain = loss_and_grads(random_params(), ragged_batch())[0]
        for rate in (None, 0, 0.0):
            assert loss_and_grads(random_params(), ragged_batch(), weight_drop=rate, rng=rng)[0] == plain
        assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state

    def test_it_stays_float32_and_leaves_its_arguments_alone(self):
        narrow = tree_map(lambda leaf: leaf.astype(np.float32), random_params())
        before = narrow.W_h.copy()
        _, grads = loss_and_grads(narrow, ragged_batch(), weight_drop=0.4, rng=np.random.default_rng(0))
        assert {leaf.dtype for leaf in leaves(grads)} == {np.dtype(np.float32)}
        assert_array_equal(narrow.W_h, before)

    def test_a_refused_call_draws_nothing(self):
        rng = np.random.default_rng(0)
        for change in ({"dropout": 2}, {"dropout": None}, {"state": 3}, {"batch": None}):
            arguments = {"batch": ragged_batch(), "state": None, "dropout": 0.1} | change
            with pytest.raises((TypeError, ValueError)):
                loss_and_grads(random_params(), **arguments, weight_drop=0.5, rng=rng)
        assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state

    def test_bad_rates(self):
        with pytest.raises(ValueError, match=r"weight_drop=0\.5 draws random numbers: pass rng, .*; got None"):
            loss_and_grads(random_params(), ragged_batch(), weight_drop=0.5)
        for wrong in (-0.1, 1, math.nan):
            with pytest.raises(ValueError, match="weight_drop must be a finite number at least 0 and below 1; got"):
                loss_and_grads(random_params(), ragged_batch(), weight_drop=wrong, rng=np.random.default_rng(0))


class TestBadArguments:
    def test_a_plain_tuple_of_three_arrays_will_do(self):
        batch = ragged_batch()
        assert loss_and_grads(random_params(), tuple(batch))[0] == loss_and_grads(random_params(), batch)[0]

    def test_batch(self):
        batch = ragged_batch()
        for wrong in (None, batch[:2], list(batch), batch.inputs):
            with pytest.raises(TypeError, match=r"batch must be a Batch\(inputs, targets, mask\); got "):
                loss_and_grads(random_params(), wrong)
        with pytest.raises(TypeError, match=r"batch\.targets must be an array of integers; got dtype\('float64'\)"):
            loss_and_grads(random_params(), batch._replace(targets=batch.targets * 1.0))
        with pytest.raises(ValueError, match=r"one shape \(T, B\).*; got .*\(5, 3\)"):
            loss_and_grads(random_params(), batch._replace(targets=batch.targets[1:]))

    @pytest.mark.parametrize("field", ["inputs", "targets"])
    def test_ids_out_of_range(self, field):
        for wrong in (-1, V):
            batch = ragged_batch()._replace(**{field: np.full((T, B), wrong)})
            with pytest.raises(ValueError, match=rf"{field} must lie in 0\.\.6; got ids from {wrong} to {wrong}"):
                loss_and_grads(random_params(), batch)

    def test_mask(self):
        batch = ragged_batch()
        with pytest.raises(ValueError, match="mask must be True for a non-empty prefix of each column"):
            loss_and_grads(random_params(), batch._replace(mask=~batch.mask))

    def test_params_and_state(self):
        with pytest.raises(TypeError, match="params must be Params, such as init_params returns; got None"):
            loss_and_grads(None, ragged_batch())
        h, c = random_state()
        with pytest.raises(ValueError, match=r"state\.h must have shape \(3, 5\); got \(2, 5\)"):
            loss_and_grads(random_params(), ragged_batch(), LSTMState(h[:2], c[:2]))
        with pytest.raises(TypeError, match="state must be LSTMState, such as initial_state returns; got "):
            loss_and_grads(random_params(), ragged_batch(), (h, c))


def test_nothing_that_came_in_is_written_to():
    params, batch, state = frozen(random_params()), frozen(ragged_batch()), frozen(random_state())
    loss_and_grads(params, batch, state, dropout=0.5, rng=np.random.default_rng(0))
    for (name, now), (_, before) in zip(named_leaves(params), named_leaves(random_params()), strict=True):
        assert_array_equal(now, before, err_msg=name)
    for now, before in zip([*batch, *state], [*ragged_batch(), *random_state()], strict=True):
        assert_array_equal(now, before)
