"""The measures of a run: each equals what its definition says, computed another way; padding never counts."""

import numpy as np
import pytest
from core_cases import B, D, H, T, V, frozen, ragged_batch, random_params

from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import LSTMState
from lstm_lib.data import Batch, make_batch
from lstm_lib.example import HAND_COMPUTED, HAND_COMPUTED_BACKWARD, VOCABULARY, example_params
from lstm_lib.model import Params, forward, init_params
from lstm_lib.ops import log_softmax
from lstm_lib.panel.instruments import (
    GateValues,
    dead_units,
    equal_gates,
    gate_saturation,
    gate_values,
    gradient_by_step,
    reach,
    twin_units,
    update_ratios,
)
from lstm_lib.tree import tree_map

PARAMS, BATCH = frozen(random_params()), frozen(ragged_batch())
ANA = make_batch(["ana"], VOCABULARY)


def with_field(params: Params, **changes: np.ndarray) -> Params:
    return Params(**(vars(params) | changes))


# ---- gates


def test_the_gates_of_ana_are_those_worked_out_by_hand() -> None:
    gates = gate_values(example_params(), ANA)
    for gate, row in (("i", "i₁"), ("f", "f₁"), ("g", "g₁")):
        np.testing.assert_allclose(getattr(gates, gate)[:, 0], HAND_COMPUTED[row], atol=6e-5)
    np.testing.assert_allclose(gates.o, 0.9)


def test_the_gates_of_padding_are_left_out() -> None:
    gates = gate_values(PARAMS, BATCH)
    assert {gate.shape for gate in gates} == {(int(BATCH.mask.sum()), H)}
    padded = BATCH.inputs.copy()
    padded[~BATCH.mask] = V - 1
    for one, other in zip(gates, gate_values(PARAMS, BATCH._replace(inputs=padded)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_saturation_counts_the_outer_twentieth_of_each_range() -> None:
    low_high = np.array([[0.0, 0.0499, 0.0501, 0.5], [0.9499, 0.9501, 0.999, 1.0]])
    candidate = np.array([[-1.0, -0.9001, -0.8999, 0.0], [0.8999, 0.9001, 0.5, -0.97]])
    ends = gate_saturation(GateValues(low_high, 1 - low_high, candidate, np.full((2, 4), 0.5)))
    assert ends.i == (2 / 8, 3 / 8)
    assert ends.f == (3 / 8, 2 / 8)
    assert ends.g == (3 / 8, 1 / 8)
    assert ends.o == (0, 0)


def test_at_the_ends_the_slope_is_below_a_fifth_of_the_largest() -> None:
    for largest, slope in ((0.25, 0.05 * 0.95), (1.0, 1 - 0.9**2)):
        assert slope / largest == pytest.approx(0.19)


# ---- gradients by time step


def surprise_from(params: Params, batch: Batch, n: int, t: int, h: np.ndarray, c: np.ndarray, *, last_only: bool):
    """The part of the loss that depends on the state (1, H) after step t of name n, from a fresh forward pass."""
    steps = int(batch.mask[:, n].sum())
    logits = [(h @ params.W_y + params.b_y)[0]]
    if t + 1 < steps:
        logits.extend(forward(params, batch.inputs[t + 1 : steps, n : n + 1], LSTMState(h, c))[0][:, 0])
    nats = -log_softmax(np.stack(logits))[np.arange(steps - t), batch.targets[t:steps, n]]
    return nats[-1] / len(batch.mask[0]) if last_only else nats.sum() / batch.mask.sum()


def measured_gradient(params: Params, batch: Batch, n: int, t: int, *, last_only: bool) -> tuple[float, float]:
    """The lengths of the derivatives by h and by c after step t, nudged one unit at a time."""
    cache = forward(params, batch.inputs, mask=batch.mask)[2]
    h, o = cache.h[t + 1, n : n + 1], cache.steps[t].o[n : n + 1]
    c = np.arctanh(cache.steps[t].tanh_c[n : n + 1])
    slopes_h, slopes_c = [], []
    for nudge in 1e-5 * np.eye(len(h[0])):
        sides_h = [surprise_from(params, batch, n, t, h + s * nudge, c, last_only=last_only) for s in (1, -1)]
        sides_c = [
            surprise_from(params, batch, n, t, o * np.tanh(c + s * nudge), c + s * nudge, last_only=last_only)
            for s in (1, -1)
        ]
        slopes_h.append((sides_h[0] - sides_h[1]) / 2e-5)
        slopes_c.append((sides_c[0] - sides_c[1]) / 2e-5)
    return float(np.linalg.norm(slopes_h)), float(np.linalg.norm(slopes_c))


@pytest.mark.parametrize("last_only", [True, False])
def test_the_gradient_by_step_is_the_total_derivative_along_every_road(last_only: bool) -> None:
    lengths = gradient_by_step(PARAMS, BATCH, last_only=last_only)
    assert lengths.h.shape == lengths.c.shape == (T, B)
    for n in range(B):
        for t in range(T):
            if not BATCH.mask[t, n]:
                assert lengths.h[t, n] == lengths.c[t, n] == 0
                continue
            h, c = measured_gradient(PARAMS, BATCH, n, t, last_only=last_only)
            assert lengths.h[t, n] == pytest.approx(h, rel=1e-6)
            assert lengths.c[t, n] == pytest.approx(c, rel=1e-6)


def test_the_gradients_of_ana_are_those_worked_out_by_hand() -> None:
    lengths = gradient_by_step(example_params(), ANA, last_only=False)
    for name, values in lengths._asdict().items():
        rows = [HAND_COMPUTED_BACKWARD[f"d{name}{unit}"] for unit in "₁₂"]
        np.testing.assert_allclose(values[:, 0], np.linalg.norm(rows, axis=0), atol=1e-4)


def test_along_c_alone_the_gradient_shrinks_by_f() -> None:
    params = init_params(V, D, H, rng=np.random.default_rng(0), forget_bias=1.0)
    alone = with_field(params, W_h=0 * params.W_h, W_x=0 * params.W_x)  # no road but that along c
    batch = ragged_batch(lengths=(9, 9))
    share = reach(gradient_by_step(alone, batch, last_only=True).c, batch.mask)
    np.testing.assert_allclose(share, (1 / (1 + np.exp(-1))) ** np.arange(9))


def test_reach_counts_back_from_the_end_of_each_name() -> None:
    mask = np.array([[True, True], [True, True], [True, False]])
    lengths = np.array([[1.0, 3.0], [2.0, 6.0], [8.0, 0.0]])
    np.testing.assert_allclose(reach(lengths, mask), [1, (2 / 8 + 3 / 6) / 2, 1 / 8])
    np.testing.assert_array_equal(reach(np.zeros((3, 2)), mask), [0, 0, 0])


@pytest.mark.parametrize("lengths", [np.full((3, 1), np.nan), np.array([[np.inf], [1.0], [np.inf]])])
def test_reach_is_no_number_where_a_length_is_not_finite(lengths: np.ndarray) -> None:
    assert np.isnan(reach(lengths, np.ones((3, 1), bool))[0])


def test_reach_says_what_is_wrong_with_a_mask_or_a_length() -> None:
    lengths, mask = np.ones((3, 2)), np.array([[True, True], [False, True], [True, False]])
    with pytest.raises(ValueError, match="mask must be True for a prefix of each column; column 0 is"):
        reach(lengths, mask)
    with pytest.raises(ValueError, match="mask must be true for a symbol of each column; column 1 has none"):
        reach(lengths, np.array([[True, False]] * 3))
    with pytest.raises(ValueError, match=r"lengths must be at least 0; got -1"):
        reach(-lengths, np.ones((3, 2), bool))
    with pytest.raises(TypeError, match="mask must be a NumPy array of booleans"):
        reach(lengths, np.ones((3, 2)))


@pytest.mark.parametrize("last_only", ["no", None, 1])
def test_last_only_must_be_a_bool(last_only: object) -> None:
    with pytest.raises(TypeError, match="last_only must be True or False; got"):
        gradient_by_step(PARAMS, BATCH, last_only=last_only)


@pytest.mark.parametrize("mask", [np.ones((2, 3), bool)])
def test_reach_says_what_is_wrong(mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match="shape"):
        reach(np.ones((3, 2)), mask)


def test_reach_wants_two_axes() -> None:
    with pytest.raises(ValueError, match=r"shape \(T, B\), at least \(1, 1\); got \(3,\)"):
        reach(np.ones(3), np.ones(3, bool))


# ---- steps


def test_update_ratios_are_lengths_of_steps_against_lengths_of_matrices() -> None:
    after = tree_map(lambda leaf: 1.02 * leaf, PARAMS)
    ratios = update_ratios(PARAMS, after)
    assert list(ratios) == ["E", "W_x", "W_h", "W_y"]
    assert all(ratio == pytest.approx(0.02) for ratio in ratios.values())
    assert set(update_ratios(PARAMS, PARAMS).values()) == {0.0}
    zero = tree_map(np.zeros_like, PARAMS)
    assert set(update_ratios(zero, PARAMS).values()) == {np.inf}
    assert set(update_ratios(zero, zero).values()) == {0.0}
    for strange in (np.inf, np.nan):
        broken = tree_map(lambda leaf, strange=strange: np.full_like(leaf, strange), PARAMS)
        for pair in ((PARAMS, broken), (broken, PARAMS), (zero, broken)):
            assert np.isnan([*update_ratios(*pair).values()]).all()


def test_update_ratios_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"after.E must be float64 \(7, 4\) like before.E; got float64 \(7, 3\)"):
        update_ratios(PARAMS, random_params(sizes=(V, 3, H)))
    with pytest.raises(TypeError, match="after must be Params"):
        update_ratios(PARAMS, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="before must be Params"):
        update_ratios(None, PARAMS)  # type: ignore[arg-type]


# ---- units


def test_a_unit_whose_output_is_shut_is_dead() -> None:
    _, grads = loss_and_grads(PARAMS, BATCH)
    assert not dead_units(PARAMS, BATCH, grads).any()
    b = PARAMS.b.copy()
    b[3 * H + 2] = -30  # the output gate of unit 2
    shut = with_field(PARAMS, b=b)
    assert dead_units(shut, BATCH, loss_and_grads(shut, BATCH)[1]).tolist() == [False, False, True, False, False]


def test_a_unit_that_no_gradient_reaches_is_dead() -> None:
    unread = with_field(PARAMS, W_y=PARAMS.W_y.copy(), W_h=PARAMS.W_h.copy())
    unread.W_y[3] = 0  # the output does not read unit 3,
    unread.W_h[3] = 0  # and no gate does
    assert dead_units(unread, BATCH, loss_and_grads(unread, BATCH)[1]).tolist() == [False, False, False, True, False]


def test_what_counts_is_the_state_that_leaves_a_step() -> None:
    ids = np.arange(V)[None]  # one step: the states that enter are all zero
    batch = Batch(ids, ids, np.ones_like(ids, bool))
    assert not dead_units(PARAMS, batch, PARAMS).any()
    twins = [leaf.copy() for leaf in (PARAMS.W_x, PARAMS.b)]
    for leaf in twins:
        leaf[..., 4::H] = leaf[..., 1::H]
    params = with_field(PARAMS, W_x=twins[0], b=twins[1])
    assert twin_units(params, batch).tolist() == [False, True, False, False, True]


@pytest.mark.parametrize("gate", range(4))
@pytest.mark.parametrize("name", ["W_x", "W_h", "b"])
def test_one_number_of_the_gradient_is_enough_for_a_unit_to_live(name: str, gate: int) -> None:
    zeros = tree_map(np.zeros_like, PARAMS)
    leaf = np.zeros_like(getattr(PARAMS, name))
    leaf.reshape(-1, 4 * H)[-1, gate * H + 2] = 1e-300  # of unit 2
    alive = dead_units(PARAMS, BATCH, with_field(zeros, **{name: leaf}))
    assert alive.tolist() == [True, True, False, True, True]
    others = with_field(PARAMS, **{each: np.zeros_like(getattr(PARAMS, each)) for each in ("W_x", "W_h", "b")})
    assert dead_units(PARAMS, BATCH, others).all()  # E, W_y and b_y do not count


@pytest.mark.parametrize(("spread", "dead"), [(0.009, True), (0.011, False)])
def test_a_unit_is_still_below_a_hundredth(spread: float, dead: bool) -> None:
    ids = np.array([[1, 2]])
    batch = Batch(ids, ids, np.ones_like(ids, bool))
    state = forward(PARAMS, ids)[1].h
    b = PARAMS.b.copy()
    for _ in range(60):  # a smaller output gate shrinks the unit until its two values lie so far apart
        distance = abs(state[0, 0] - state[1, 0]) / 2
        b[3 * H] += np.log(spread / distance)
        state = forward(with_field(PARAMS, b=b), ids)[1].h
    assert abs(state[0, 0] - state[1, 0]) / 2 == pytest.approx(spread)
    assert dead_units(with_field(PARAMS, b=b), batch, PARAMS)[0] == dead


@pytest.mark.parametrize(("distance", "twins"), [(0.95e-6, True), (1.05e-6, False), (1e-3, False)])
def test_units_are_twins_up_to_a_millionth(distance: float, twins: bool) -> None:
    W_x, b = PARAMS.W_x.copy(), PARAMS.b.copy()
    for leaf in (W_x, b):
        leaf[..., 4::H] = leaf[..., 1::H]
    nudge = distance
    for _ in range(3):  # the bias of one of two equal units is moved until they lie so far apart
        b[2 * H + 4] = b[2 * H + 1] + nudge
        params = with_field(PARAMS, W_x=W_x, b=b, W_h=0 * PARAMS.W_h)
        h = forward(params, BATCH.inputs, mask=BATCH.mask)[2].h[1:][BATCH.mask]
        nudge *= distance / np.abs(h[:, 1] - h[:, 4]).max()
    assert np.abs(h[:, 1] - h[:, 4]).max() == pytest.approx(distance, rel=0.01)
    assert twin_units(params, BATCH).any() == twins


def test_dead_units_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"grads.W_x must be float64 \(4, 20\) like params.W_x; got float64 \(4, 12\)"):
        dead_units(PARAMS, BATCH, random_params(sizes=(V, D, 3)))


def test_twins_are_units_that_move_alike_and_are_not_dead() -> None:
    assert not twin_units(PARAMS, BATCH).any()
    W_x, b = PARAMS.W_x.copy(), PARAMS.b.copy()
    for k in range(4):  # unit 4 gets the weights of unit 1, and both hear no other unit
        W_x[:, k * H + 4], b[k * H + 4] = W_x[:, k * H + 1], b[k * H + 1]
    same = with_field(PARAMS, W_x=W_x, b=b, W_h=0 * PARAMS.W_h)
    assert twin_units(same, BATCH).tolist() == [False, True, False, False, True]
    still = with_field(PARAMS, W_x=0 * W_x, W_h=0 * PARAMS.W_h, b=0 * b)
    assert not twin_units(still, BATCH).any()


def test_equal_gates_are_named() -> None:
    assert equal_gates(PARAMS) == ()
    i = slice(0, H)
    W_x, W_h = np.tile(PARAMS.W_x[:, i], 4), np.tile(PARAMS.W_h[:, i], 4)
    whole = with_field(PARAMS, W_x=W_x, W_h=W_h)
    assert equal_gates(whole) == ("i = f", "i = g", "i = o", "f = g", "f = o", "g = o")
    W_h[0, 3 * H] += 1e-9
    assert equal_gates(with_field(PARAMS, W_x=W_x, W_h=W_h)) == ("i = f", "i = g", "f = g")


@pytest.mark.parametrize(
    "measure",
    [
        gate_values,
        twin_units,
        lambda params, batch: gradient_by_step(params, batch, last_only=True),
        lambda params, batch: dead_units(params, batch, params),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(measure) -> None:
    with pytest.raises(TypeError, match="batch must be a Batch"):
        measure(PARAMS, "ana")
    with pytest.raises(ValueError, match=r"inputs must lie in 0\.\.6"):
        measure(PARAMS, BATCH._replace(inputs=BATCH.inputs + V))


def test_saturation_wants_gate_values() -> None:
    with pytest.raises(TypeError, match="gates must be GateValues, such as gate_values returns"):
        gate_saturation(np.ones(3))  # type: ignore[arg-type]
    lists = GateValues([0.1], [0.1], [0.1], [0.1])
    with pytest.raises(TypeError, match=r"gates.i must be a NumPy array of floats; got \[0.1\]"):
        gate_saturation(lists)
    with pytest.raises(ValueError, match=r"gates.i must hold at least one value; got shape \(0, 5\)"):
        gate_saturation(GateValues(*[np.zeros((0, 5))] * 4))


# ---- at the edge


def test_a_gate_with_a_value_that_is_no_number_has_no_share() -> None:
    gates = gate_values(PARAMS, BATCH)
    ends = gate_saturation(gates._replace(f=gates.f * np.nan))
    assert np.isnan(ends.f).all()
    assert np.isfinite([ends.i, ends.g, ends.o]).all()


def test_ratios_of_huge_weights_are_measured_in_float64() -> None:
    huge = tree_map(lambda leaf: np.float32(1e30) * leaf.astype(np.float32), PARAMS)
    assert update_ratios(huge, tree_map(lambda leaf: 2 * leaf, huge)) == pytest.approx(
        {"E": 1, "W_x": 1, "W_h": 1, "W_y": 1}
    )
    infinite = with_field(PARAMS, W_h=np.full_like(PARAMS.W_h, np.inf))
    assert np.isnan(update_ratios(infinite, infinite)["W_h"])


def test_in_a_batch_of_one_symbol_the_gradient_alone_says_who_is_dead() -> None:
    batch = make_batch([""], VOCABULARY)
    params = init_params(3, D, H, rng=np.random.default_rng(0))
    assert not dead_units(params, batch, loss_and_grads(params, batch)[1]).any()
    assert dead_units(params, batch, tree_map(np.zeros_like, params)).all()


def test_twins_are_found_in_float32_too() -> None:
    params = init_params(V, D, 64, rng=np.random.default_rng(0), dtype=np.float32)
    W_x, W_h, W_y = (leaf.copy() for leaf in (params.W_x, params.W_h, params.W_y))
    for block in range(4):
        for leaf in (W_x, W_h):
            leaf[:, 64 * block + 5] = leaf[:, 64 * block]
    nudged = with_field(params, W_x=W_x * np.float32(1 + 1e-7), W_h=W_h, W_y=W_y)
    assert set(np.flatnonzero(twin_units(nudged, BATCH))) == {0, 5}


@pytest.mark.parametrize("size", [1, 3])
def test_a_model_of_one_unit_and_a_batch_of_one_name(size: int) -> None:
    params, batch = init_params(3, 1, size, rng=np.random.default_rng(1)), ANA
    assert gate_values(params, batch).i.shape == (4, size)
    assert gradient_by_step(params, batch, last_only=True).c.shape == (4, 1)
    assert not twin_units(params, batch).any()
