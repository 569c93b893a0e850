"""The running example "ana": every number worked out by hand is the model's."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import gates_backward
from lstm_lib.data import make_batch
from lstm_lib.example import (
    ECHO_VOCABULARY,
    HAND_COMPUTED,
    HAND_COMPUTED_BACKWARD,
    LN3,
    NAME,
    VOCABULARY,
    echo_params,
    example_params,
)
from lstm_lib.loss import cross_entropy
from lstm_lib.model import forward, initial_state
from lstm_lib.ops import softmax

BATCH = make_batch([NAME], VOCABULARY)


def read(params):
    """The gates, states and probabilities of reading ". a n a", each (4, ...), in a dict by name and unit."""
    logits, _, cache = forward(params, BATCH.inputs)
    numbers = {}
    for unit in (0, 1):
        for gate in ("i", "f", "g", "o"):
            numbers[f"{gate}_{unit + 1}"] = np.array([getattr(step, gate)[0, unit] for step in cache.steps])
        c = numbers[f"i_{unit + 1}"] * numbers[f"g_{unit + 1}"]
        for t, step in enumerate(cache.steps):
            c[t] += step.f[0, unit] * step.c_prev[0, unit]
        numbers[f"c_{unit + 1}"] = c
        numbers[f"h_{unit + 1}"] = cache.h[1:, 0, unit]
    p = softmax(logits)[:, 0]
    return numbers | {"p": p, "p_target": p[np.arange(4), BATCH.targets[:, 0]]}


def changed(params, tensor, index, value):
    array = getattr(params, tensor).copy()
    array[index] = value
    return replace(params, **{tensor: array})


def mean_nats(params):
    return loss_and_grads(params, BATCH)[0]


def test_ana_is_read_as_four_symbols():
    assert NAME == "ana"
    assert VOCABULARY.characters == (".", "a", "n")
    assert pytest.approx(math.log(3), rel=1e-15) == LN3
    assert BATCH.inputs.ravel().tolist() == [0, 1, 2, 1]
    assert BATCH.targets.ravel().tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize("name", HAND_COMPUTED)
def test_every_number_worked_out_by_hand_is_the_models_to_four_decimals(name):
    values = read(example_params())[{"p(target)": "p_target"}.get(name, name.replace("₁", "_1").replace("₂", "_2"))]
    assert len(HAND_COMPUTED[name]) == 4
    assert_allclose(values, HAND_COMPUTED[name], atol=0.5001e-4, rtol=0)


def slope(loss, at):
    """The central difference of a function of one number."""
    return (loss(at + 1e-6) - loss(at - 1e-6)) / 2e-6


def loss_after(da_at, dh_at, dc_at, step):
    """The loss of "ana", by plain loops, when something is added at one step: to a, to h or to c after it.

    Written out once more, without the library's cell, so that it can disagree with it. A nudge of h "from the output"
    reaches the logits of its step alone; one of c "through h" reaches h alone.
    """
    p, h, c, nats = example_params(), np.zeros(2), np.zeros(2), 0.0
    for t, (symbol, target) in enumerate(((0, 1), (1, 2), (2, 1), (1, 0))):
        here = t == step
        a = p.E[symbol] @ p.W_x + h @ p.W_h + p.b + here * da_at
        i, f, o = (1 / (1 + np.exp(-a[block])) for block in (slice(0, 2), slice(2, 4), slice(6, 8)))
        c = f * c + i * np.tanh(a[4:6])
        shown = c + here * (dc_at["through h"] + dc_at["all"])
        c = c + here * (dc_at["next"] + dc_at["all"])
        h = o * np.tanh(shown) + here * dh_at["all"]
        z = (h + here * dh_at["output"]) @ p.W_y + p.b_y
        nats += np.log(np.exp(z).sum()) - z[target]
    return nats / 4


@pytest.mark.parametrize("name", HAND_COMPUTED_BACKWARD)
def test_every_number_of_the_way_back_is_a_central_difference_to_four_decimals(name):
    unit = np.eye(2)["₁₂".index(name.replace("^", "")[2 + name.startswith("da^")])]
    roads = {"from the output": "output", "through h": "through h", "from the next c": "next"}
    road = next((short for words, short in roads.items() if words in name), "all")
    block = np.kron(np.eye(4)["ifgo".index(name[3])], unit) if name.startswith("da^") else np.zeros(8)

    def measured(step):
        def loss(nudge):
            dh = {key: nudge * unit * (name[1] == "h" and key == road) for key in ("output", "all")}
            dc = {key: nudge * unit * (name[1] == "c" and key == road) for key in ("through h", "next", "all")}
            return loss_after(nudge * block, dh, dc, step)

        return slope(loss, 0.0)

    assert_allclose([measured(t) for t in range(4)], HAND_COMPUTED_BACKWARD[name], atol=0.51e-4, rtol=0)


def test_what_the_table_leaves_out_is_constant():
    numbers = read(example_params())
    assert_allclose(numbers["i_2"], [0.9] * 4, rtol=1e-15)
    assert_allclose(numbers["f_2"], [0.1] * 4, rtol=1e-15)
    assert_allclose([*numbers["o_1"], *numbers["o_2"]], [0.9] * 8, rtol=1e-15)


def test_without_the_wire_every_gate_and_cell_value_is_an_exact_decimal():
    numbers = read(example_params(wire=False))
    exact = {
        "i_1": [0.1, 0.1, 0.9, 0.1], "f_1": [0.9] * 4, "g_1": [0, 0, 0.8, 0], "o_1": [0.9] * 4,
        "i_2": [0.9] * 4, "f_2": [0.1] * 4, "g_2": [0, 0.8, -0.8, 0.8], "o_2": [0.9] * 4,
        "c_1": [0, 0, 0.72, 0.648], "c_2": [0, 0.72, -0.648, 0.6552],
    }  # fmt: skip
    for name, values in exact.items():
        assert_allclose(numbers[name], values, rtol=1e-14, atol=1e-16, err_msg=name)


def test_the_wire_is_one_weight_and_changes_one_gate():
    wired, cut = example_params(), example_params(wire=False)
    assert_array_equal(wired.W_h[1], [0, 0, -LN3, 0, 0, 0, 0, 0])
    assert np.count_nonzero(wired.W_h) == 1
    assert np.count_nonzero(cut.W_h) == 0
    for name in ("E", "W_x", "b", "W_y", "b_y"):
        assert_array_equal(getattr(wired, name), getattr(cut, name))
    with_wire, without = read(wired), read(cut)
    for name in ("i_1", "g_1", "o_1", "i_2", "f_2", "g_2", "o_2", "c_2", "h_2"):
        assert_array_equal(with_wire[name], without[name])
    assert_array_equal(with_wire["f_1"] != without["f_1"], [False, False, True, True])


def test_every_weight_is_a_whole_multiple_of_ln_3():
    params = example_params()
    for tensor in (params.W_x, params.W_h, params.b, params.W_y, params.b_y):
        assert_allclose(tensor / LN3, np.round(tensor / LN3), atol=1e-12)
    assert_array_equal(params.E, [[0, 0], [1, 0], [0, 1]])
    assert params.dtype == np.float64


def test_the_first_step_is_a_law_of_thirty_firsts():
    for wire in (True, False):
        assert_allclose(read(example_params(wire=wire))["p"][0], np.array([1, 27, 3]) / 31, rtol=1e-14)


def test_the_surprise_of_each_symbol_and_the_mean():
    nats = -np.log(read(example_params())["p_target"])
    assert_allclose(nats, [0.138, 0.112, 0.005, 0.110], atol=0.0005)
    assert nats.mean() == pytest.approx(mean_nats(example_params()), rel=1e-14)


def test_what_each_part_is_worth_in_mean_nats():
    wired, cut = example_params(), example_params(wire=False)
    assert round(mean_nats(wired), 4) == 0.0911
    assert round(mean_nats(cut), 4) == 0.0949
    assert round(mean_nats(changed(wired, "b", 2, 0)), 3) == 0.142
    assert round(mean_nats(changed(cut, "b", 2, 0)), 3) == 0.194
    assert round(mean_nats(changed(wired, "W_x", (1, 4), 0)), 3) == 0.654  # the latch is never written


def test_no_bigram_does_better_than_half_the_logarithm_of_two():
    pairs = list(zip(*(ids.ravel().tolist() for ids in BATCH[:2]), strict=True))
    share = [pairs.count(pair) / sum(left == pair[0] for left, _ in pairs) for pair in pairs]
    best = -sum(map(math.log, share)) / 4
    assert best == pytest.approx(math.log(2) / 2, rel=1e-15)
    assert mean_nats(example_params()) < best / 3


def test_beside_an_the_batch_has_seven_real_symbols_in_eight_cells():
    batch = make_batch(["ana", "an"], VOCABULARY)
    assert batch.mask.size == 8
    assert batch.mask.sum() == 7


def test_the_gradient_of_the_embedding_row_of_a_is_a_sum_of_two():
    _, grads = loss_and_grads(example_params(), BATCH)
    assert_allclose(grads.E[1], [-0.0215, 0.0198], atol=0.00005)


def test_the_latch_is_told_to_remember():
    """The backward table of unit 1, steps 1 to 4: the gradient of c in its two parts, and of the pre-activations."""
    params = example_params()
    logits, _, cache = forward(params, BATCH.inputs)
    dh_output = cross_entropy(logits, BATCH.targets, BATCH.mask)[1] @ params.W_y.T
    dh, dc, rows = *initial_state(params, 1), []
    for t in reversed(range(4)):
        step, total = cache.steps[t], dh_output[t] + dh
        through_h = total * step.o * (1 - step.tanh_c**2)
        from_next = dc
        da, dc = gates_backward(step, total, dc)
        dh = da @ params.W_h.T
        rows.insert(0, [*(array[0, 0] for array in (dh_output[t], total, through_h, from_next, through_h + from_next)),
                        *da[0, ::2]])  # fmt: skip
    table = [
        [-0.0709, -0.0709, -0.0638, 0.0919, 0.0281, 0, 0, 0.0028, 0],
        [0.2131, 0.2131, 0.1918, -0.0897, 0.1021, 0, 0, 0.0102, 0],
        [0.0051, 0.0051, 0.0028, -0.1109, -0.1081, -0.0078, 0, -0.0350, 0.0003],
        [-0.2009, -0.2009, -0.1179, 0, -0.1179, 0, -0.0047, -0.0118, -0.0107],
    ]
    assert_allclose(rows, table, atol=0.0000501)


def told(text, params=None):
    """What the second machine does and says, symbol by symbol: its gates, each (T,), and p (T, V)."""
    ids = np.array([[ECHO_VOCABULARY.characters.index(letter)] for letter in text])
    logits, _, cache = forward(params or echo_params(), ids)
    gates = {gate: np.array([getattr(step, gate)[0, 0] for step in cache.steps]) for gate in "ifgo"}
    return gates, softmax(logits)[:, 0]


def test_the_second_machine_names_the_first_letter_at_each_end_mark_and_nothing_else():
    text = "Ann.Nana.Nnnn.Aa.An.Naaa.Na.Annn."
    _, p = told(text)
    first = None
    for letter, (_, a, n, *_) in zip(text, p, strict=True):
        first = letter.lower() if letter.isupper() else first
        if letter == ".":
            assert (a if first == "a" else n) > 0.99
        else:
            assert abs(a - 0.5) < 0.02
    assert_allclose(p[:, 1:3].sum(axis=1), 1, atol=1e-9)


def test_the_second_machine_needs_each_gate_open_and_shut():
    gates, _ = told("Ann.")
    shut, wide = 1 / 82, 81 / 82
    assert_allclose(gates["i"], [wide, shut, shut, shut], rtol=1e-12)
    assert_allclose(gates["f"], [shut, wide, wide, wide], rtol=1e-12)
    assert_allclose(gates["o"], [shut, shut, shut, wide], rtol=1e-12)
    assert_allclose(gates["g"], [0.8, -0.8, -0.8, 0], atol=1e-12)


def test_the_second_machine_without_its_wiping_gate_remembers_old_names():
    params = echo_params()
    W_x = params.W_x.copy()
    W_x[1, 1] = 0  # capitals no longer shut the forget gate
    _, p = told("Aa.An.Nn.", replace(params, W_x=W_x))
    assert p[-1, 1] > 0.9  # two names in a outweigh the last one
