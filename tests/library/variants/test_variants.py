"""The variants of the LSTM: every gradient against differences, three more ways, and a mistake in each is seen."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from core_cases import frozen, mutant
from numpy.testing import assert_allclose, assert_array_equal
from variant_cases import (
    ALL,
    INPUTS,
    LENGTHS,
    NAMES,
    OUT,
    SCANNED,
    STATE,
    WITH_CELL,
    B,
    D,
    H,
    T,
    V,
    arrays,
    errors,
    params_of,
    state_of,
)  # fmt: skip

from lstm_lib import autograd, equations, model
from lstm_lib.cell import LSTMState, gates_backward, gates_forward
from lstm_lib.data import Batch
from lstm_lib.gradcheck import relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.ops import sigmoid
from lstm_lib.tree import named_leaves
from lstm_lib.variants import (
    coupled,
    frame,
    gru,
    mingru,
    mingru_output,
    mingru_twice,
    minlstm,
    no_forget,
    no_input,
    no_output,
    no_tanh,
    peepholes,
    x_alone,
    x_alone_no_output,
)  # fmt: skip
from lstm_lib.variants.frame import ScanWeights, Weights

FAMILY = (no_forget, no_input, no_output, no_tanh, coupled)  # on the frame, with a step of their own
NEW = (*FAMILY, peepholes, gru, *SCANNED)
every = pytest.mark.parametrize("module", ALL, ids=NAMES)
new = pytest.mark.parametrize("module", NEW, ids=[each.__name__.rpartition(".")[2] for each in NEW])


@every
def test_every_gradient_agrees_with_central_differences(module) -> None:
    off = errors(module)
    names = [name for name, _ in named_leaves(params_of(module))]
    assert list(off) == names + (["state.h", "state.c"] if module in WITH_CELL else ["state.h"])
    assert max(off.values()) < 1e-7


@pytest.mark.parametrize(
    ("module", "function", "right", "wrong", "tensor"),
    [
        (no_forget, "step_back", "], axis=-1), dc", "], axis=-1), dc * i", "state.c"),
        (no_input, "step_back", "df = dc * c_prev", "df = dc * g", "b"),
        (no_output, "step_back", "dh * (1 - h**2) + dc", "dh * (1 - h**2)", "b"),
        (no_tanh, "step_back", "dc = dh * o + dc", "dc = dh * o * (1 - c**2) + dc", "b"),
        (coupled, "step_back", "dc * (c_prev - g)", "dc * c_prev", "b"),
        (peepholes, "backward", " + dc + da_o * params.P[2]", " + dc", "P"),
        (peepholes, "backward", "dc * f + da_i * params.P[0] + da_f * params.P[1]", "dc * f", "state.c"),
        (peepholes, "backward", "(da_o, c))", "(da_o, c_prev))", "P"),
        (gru, "backward", "da_f, da_g * r]", "da_f, da_g]", "W_h"),
        (gru, "backward", "dh * (cache.h[t] - g)", "dh * cache.h[t]", "b"),
        (gru, "backward", "carry = dh * f + du", "carry = du", "state.h"),
        (mingru, "layer_back", "df - dw * g", "df", "b"),
        (mingru_twice, "backward", "da_up @ params.W_up.T", "dh_output", "b"),
        (mingru_twice, "backward", "(low[2][1:], da_up)", "(low[2][:-1], da_up)", "W_up"),
        (mingru_output, "backward", "dh * o)", "dh)", "b"),
        (mingru_output, "backward", "kept[2][1:]", "kept[2][:-1]", "b"),
        (minlstm, "backward", "-dboth * (1 - i)", "dboth * (1 - i)", "b"),
        (minlstm, "backward", "* keep * (1 - keep)", "* keep", "b"),
        (x_alone, "backward", "dh * o * (1 - tanh_c**2)", "dh * o", "b"),
        (x_alone, "backward", "dh * tanh_c * o", "dh * c[1:] * o", "b"),
        (x_alone_no_output, "backward", "cache.h[1:] ** 2", "c[1:] ** 2", "b"),
    ],
)
def test_a_mistake_in_a_way_back_would_be_seen(monkeypatch, module, function, right, wrong, tensor) -> None:
    monkeypatch.setattr(module, function, mutant(getattr(module, function), right, wrong))
    assert errors(module)[tensor] > 1e-4


@pytest.mark.parametrize(
    ("right", "wrong", "tensor"),
    [
        ("dh_output[t] + dh, dc", "dh_output[t], dc", "W_h"),
        ("dh_output[t] + dh, dc", "dh_output[t] + dh, 0 * dc", "W_h"),
        ("da[t] @ params.W_h.T", "da[t] @ params.W_h", None),
    ],
)
def test_a_mistake_in_the_walk_of_all_would_be_seen(monkeypatch, right, wrong, tensor) -> None:
    broken = mutant(frame.walk_back, right, wrong)
    monkeypatch.setattr(frame, "walk_back", broken)
    for module in FAMILY:
        if tensor is None:
            with pytest.raises(ValueError, match="matmul"):
                errors(module)
        else:
            assert errors(module)[tensor] > 1e-4


def test_on_the_frame_the_whole_lstm_is_the_model() -> None:
    params, state = params_of(model), state_of(model)
    weights = Weights(**dict(named_leaves(params)))
    logits, last, cache = frame.forward(gates_forward, weights, INPUTS, state)
    theirs, last_too, cache_too = model.forward(params, INPUTS, state)
    assert_allclose(logits, theirs, rtol=0, atol=1e-12)
    grads, dstate = frame.backward(gates_backward, weights, cache, OUT)
    grads_too, dstate_too = model.backward(params, cache_too, OUT)
    for one, two in zip([*arrays(grads), *dstate, *last], [*arrays(grads_too), *dstate_too, *last_too], strict=True):
        assert_allclose(one, two, rtol=0, atol=1e-12)


def open_gates(module, **biases):
    """The model of a variant, as the whole LSTM with the missing gate's columns held by their bias."""
    params = params_of(module)
    blocks = dict(zip(module.BLOCKS, np.split(np.arange(len(module.BLOCKS) * H), len(module.BLOCKS)), strict=True))
    whole = {"W_x": np.zeros((D, 4 * H)), "W_h": np.zeros((H, 4 * H)), "b": np.zeros(4 * H)}
    for place, block in enumerate("ifgo"):
        there = slice(place * H, (place + 1) * H)
        if block in blocks:
            for name, leaf in whole.items():
                leaf[..., there] = getattr(params, name)[..., blocks[block]]
        else:
            whole["b"][there] = biases[block]
    return params, model.Params(params.E, whole["W_x"], whole["W_h"], whole["b"], params.W_y, params.b_y)


@pytest.mark.parametrize(("module", "gate"), [(no_forget, "f"), (no_input, "i"), (no_output, "o")])
def test_a_gate_that_is_gone_is_a_gate_held_open(module, gate) -> None:
    params, whole = open_gates(module, **{gate: 60.0})
    logits, last, _ = module.forward(params, INPUTS, state_of(module))
    theirs, last_too, _ = model.forward(whole, INPUTS, state_of(module))
    assert_allclose(logits, theirs, rtol=0, atol=1e-12)
    assert_allclose(last, last_too, rtol=0, atol=1e-12)


def test_peepholes_of_zero_are_none() -> None:
    params = params_of(peepholes)
    blind = replace(params, P=0 * params.P)
    whole = model.Params(*[leaf for name, leaf in named_leaves(params) if name != "P"])
    logits, _, _ = peepholes.forward(blind, INPUTS, state_of(model))
    assert_allclose(logits, model.forward(whole, INPUTS, state_of(model))[0], rtol=0, atol=1e-12)


def on_nodes(module):
    """The step of a variant, written on the nodes of autograd."""

    def step(a, c):
        columns = {block: a[:, k * H : (k + 1) * H] for k, block in enumerate(module.BLOCKS)}
        gate = {name: autograd.sigmoid(column) for name, column in columns.items() if name != "g"}
        g = autograd.tanh(columns["g"])
        keep = gate.get("f", 1.0)
        write = 1.0 - gate["f"] if module is coupled else gate.get("i", 1.0)
        c = keep * c + write * g
        shown = c if module is no_tanh else autograd.tanh(c)
        return gate["o"] * shown if "o" in gate else shown, c

    return step


@pytest.mark.parametrize("module", FAMILY)
def test_a_program_that_derives_by_itself_agrees(module) -> None:
    params = params_of(module)
    targets, mask = np.random.default_rng(3).integers(0, V, (T, B)), np.arange(T)[:, None] < LENGTHS
    batch, step = Batch(INPUTS, targets, mask), on_nodes(module)
    loss, grads = autograd.value_and_gradients(lambda p: equations.batch_loss(p, batch, step=step), params)
    logits, _, cache = module.forward(params, INPUTS)
    ours, dlogits = cross_entropy(logits, targets, mask)
    assert loss == pytest.approx(ours, abs=1e-12)
    assert max(relative_errors(module.backward(params, cache, dlogits)[0], grads).values()) < 1e-12


def test_the_gru_is_its_equations() -> None:
    params, h = params_of(gru), STATE[0]
    logits, last, _ = gru.forward(params, INPUTS, h)
    (W_r, W_f, W_g), (U_r, U_f, U_g) = np.split(params.W_x, 3, axis=1), np.split(params.W_h, 3, axis=1)
    b_r, b_f, b_g = np.split(params.b, 3)
    for t in range(T):
        x = params.E[INPUTS[t]]
        r, f = sigmoid(x @ W_r + h @ U_r + b_r), sigmoid(x @ W_f + h @ U_f + b_f)
        h = f * h + (1 - f) * np.tanh(x @ W_g + b_g + r * (h @ U_g))
        assert_allclose(logits[t], h @ params.W_y + params.b_y, rtol=0, atol=1e-12)
    assert_allclose(last, h, rtol=0, atol=1e-12)


@pytest.mark.parametrize("module", [mingru, mingru_output, minlstm])
def test_what_a_scan_finds_a_loop_finds(module) -> None:
    params, h = params_of(module), STATE[0]
    logits, last, _ = module.forward(params, INPUTS, h)
    for t in range(T):
        gates = np.split(params.E[INPUTS[t]] @ params.W_x + params.b, len(module.BLOCKS), axis=1)
        a = dict(zip(module.BLOCKS, gates, strict=True))
        f = sigmoid(a["f"])
        i = sigmoid(a["i"]) if module is minlstm else 1 - f
        h = (f * h + i * a["g"]) / (f + i)
        shown = sigmoid(a["o"]) * h if module is mingru_output else h
        assert_allclose(logits[t], shown @ params.W_y + params.b_y, rtol=0, atol=1e-12)
    assert_allclose(last, h, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("module", "seeing"), [(x_alone, model), (x_alone_no_output, no_output)])
def test_of_x_alone_is_with_nothing_from_h(module, seeing) -> None:
    params, start = params_of(module), STATE[0]
    blind = replace(params_of(seeing), **dict(named_leaves(params)), W_h=np.zeros((H, len(params.b))))
    logits, last, cache = module.forward(params, INPUTS, start)
    theirs, last_too, cache_too = seeing.forward(blind, INPUTS, LSTMState(np.zeros((B, H)), start))
    assert_allclose(logits, theirs, rtol=0, atol=1e-12)
    assert_allclose(last, last_too.c, rtol=0, atol=1e-12)
    grads, dstart = module.backward(params, cache, OUT)
    grads_too, dstart_too = seeing.backward(blind, cache_too, OUT)
    for name, leaf in named_leaves(grads):
        assert_allclose(leaf, getattr(grads_too, name), rtol=0, atol=1e-12)
    assert_allclose(dstart, dstart_too.c, rtol=0, atol=1e-12)


def test_the_upper_layer_reads_what_the_lower_one_shows() -> None:
    params, both = params_of(mingru_twice), state_of(mingru_twice)
    logits, last, _ = mingru_twice.forward(params, INPUTS, both)
    low, high = both
    for t in range(T):
        a = params.E[INPUTS[t]] @ params.W_x + params.b
        low = sigmoid(a[:, :H]) * low + sigmoid(-a[:, :H]) * a[:, H:]
        a = low @ params.W_up + params.b_up
        high = sigmoid(a[:, :H]) * high + sigmoid(-a[:, :H]) * a[:, H:]
        assert_allclose(logits[t], high @ params.W_y + params.b_y, rtol=0, atol=1e-12)
    assert_allclose(last, [low, high], rtol=0, atol=1e-12)


@every
def test_padding_behind_a_name_does_no_harm(module) -> None:
    params, real = params_of(module), 3
    dlogits = np.where(np.arange(T)[:, None, None] < real, OUT + 0.1, 0)
    long, _ = module.backward(params, module.forward(params, INPUTS)[2], dlogits)
    short, _ = module.backward(params, module.forward(params, INPUTS[:real])[2], dlogits[:real])
    assert max(relative_errors(long, short).values()) < 1e-13


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_written_to_and_one_dtype_is_kept(module, dtype) -> None:
    params, inputs, state = frozen(params_of(module, dtype)), frozen(INPUTS.copy()), frozen(state_of(module, dtype))
    logits, last, cache = module.forward(params, inputs, state)
    grads, dstate = module.backward(params, frozen(cache), frozen(OUT.copy()))
    found = [logits, *arrays(grads), *arrays(last), *arrays(dstate)]
    assert {array.dtype for array in found} == {np.dtype(dtype)}
    assert module is model or not any(np.shares_memory(each, cache.h) for each in arrays(last))


@every
def test_a_state_of_zeros_is_none(module) -> None:
    params, state = params_of(module), state_of(module)
    zeros = LSTMState(*(0 * part for part in state)) if module in WITH_CELL else 0 * state
    given = module.forward(params, INPUTS, zeros)[0]
    assert_array_equal(given, module.forward(params, INPUTS)[0])


@every
def test_all_stand_on_one_contract(module) -> None:
    for name in ("forward", "backward"):
        promised = list(inspect.signature(getattr(model, name)).parameters)[:3]
        assert list(inspect.signature(getattr(module, name)).parameters)[:3] == promised
    three = ["vocab_size", "embedding_size", "hidden_size"]
    assert list(inspect.signature(module.init_params).parameters)[:5] == [*three, "rng", "dtype"]


class TestInitParams:
    def test_on_the_blocks_of_the_lstm_they_are_those_of_the_model(self) -> None:
        ours = frame.draw(Weights, "ifgo", V, D, H, rng=np.random.default_rng(1), dtype=np.float32)
        theirs = model.init_params(V, D, H, rng=np.random.default_rng(1), dtype=np.float32)
        for (name, one), (name_too, two) in zip(named_leaves(ours), named_leaves(theirs), strict=True):
            assert name == name_too
            assert_array_equal(one, two)

    @new
    def test_the_gate_that_keeps_starts_with_a_bias_of_one(self, module) -> None:
        b = module.init_params(V, D, H, rng=np.random.default_rng(2)).b
        blocks = "ifgo" if module is peepholes else module.BLOCKS
        assert_array_equal(b, np.repeat([float(block == "f") for block in blocks], H))

    @new
    def test_the_matrices_lie_within_their_bounds(self, module) -> None:
        params = module.init_params(V, 16, 100, rng=np.random.default_rng(3))
        for name in ("W_x", "W_h", "W_y", "P", "W_up"):
            leaf = dict(named_leaves(params)).get(name)
            if leaf is not None:
                bound = 0.25 if isinstance(params, ScanWeights) and name == "W_x" else 0.1
                assert 0.95 * bound < np.abs(leaf).max() <= bound
        assert not params.b_y.any()

    @pytest.mark.parametrize(
        ("changed", "kind", "words"),
        [
            ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1; got 0"),
            ({"embedding_size": 2.5}, TypeError, "embedding_size must be a whole number"),
            ({"hidden_size": -1}, ValueError, "hidden_size must be at least 1"),
            ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
            ({"dtype": int}, TypeError, "dtype must be a floating-point dtype"),
        ],
    )
    @new
    def test_a_bad_argument_is_refused_by_name(self, module, changed, kind, words) -> None:
        good = {"vocab_size": V, "embedding_size": D, "hidden_size": H, "rng": np.random.default_rng(0)}
        with pytest.raises(kind, match=words):
            module.init_params(**(good | changed))


class TestBadArguments:
    def test_weights_must_fit_each_other(self) -> None:
        params = params_of(peepholes)
        for wrong, kind, words in [
            ({"W_h": np.zeros((H, H))}, ValueError, r"W_h must have shape \(5, 20\).*got \(5, 5\)"),
            ({"P": np.zeros((H, 3))}, ValueError, r"P must have shape \(3, 5\).*got \(5, 3\)"),
            ({"b": np.zeros(21)}, ValueError, r"b must have shape|W_x must have shape"),
            ({"b": np.zeros(20, np.float32)}, TypeError, "share one dtype; E is float64, b is float32"),
            ({"W_y": [0.0]}, TypeError, "W_y must be a NumPy array of floats"),
        ]:
            with pytest.raises(kind, match=words):
                replace(params, **wrong)
        with pytest.raises(ValueError, match="W_x must have shape"):
            replace(params_of(mingru), W_x=np.zeros((D, 3 * H)))

    @new
    def test_forward_refuses_what_does_not_fit(self, module) -> None:
        params = params_of(module)
        for wrong, kind, words in [
            (np.full((2, 2), V), ValueError, r"inputs must lie in 0..6"),
            (np.zeros(3, int), ValueError, r"inputs must have shape \(T, B\)"),
            (np.zeros((2, 2)), TypeError, "inputs must be a NumPy array of integers"),
        ]:
            with pytest.raises(kind, match=words):
                module.forward(params, wrong)
        with pytest.raises(TypeError, match=r"params must be (Scan)?Weights|params must be TwoLayers"):
            module.forward(None, INPUTS)
        short = STATE[0, :, 1:]
        with pytest.raises(ValueError, match=r"state(\.h)? must have shape"):
            module.forward(params, INPUTS, LSTMState(short, short) if module in WITH_CELL else short)
        with pytest.raises(TypeError, match="state must be"):
            module.forward(params, INPUTS, 3)

    @new
    def test_backward_refuses_what_does_not_fit(self, module) -> None:
        params = params_of(module)
        cache = module.forward(params, INPUTS)[2]
        with pytest.raises(ValueError, match=r"dlogits must have shape \(6, 3, 7\)"):
            module.backward(params, cache, OUT[:-1])
        with pytest.raises(TypeError, match="cache must be Cache"):
            module.backward(params, None, OUT)
        with pytest.raises(ValueError, match=r"cache.h must have shape"):
            module.backward(params, cache._replace(h=cache.h[1:]), OUT)
