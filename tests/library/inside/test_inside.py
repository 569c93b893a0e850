"""The room for looking inside: states, units switched off, probes."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_lib.cell import LSTMState
from lstm_lib.example import HAND_COMPUTED, NAME, VOCABULARY, example_params
from lstm_lib.inside.probe import best_ridge, explained, fit_probe
from lstm_lib.inside.states import read_states
from lstm_lib.inside.switch import switch_off
from lstm_lib.model import Params, forward, init_params
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

V, D, H = 4, 3, 5
WORDS = Vocabulary((".", "a", "b", "c"))
PARAMS = init_params(V, D, H, rng=np.random.default_rng(18))


# ---- states


def test_the_states_of_ana_are_those_worked_out_by_hand() -> None:
    states = read_states(example_params(), VOCABULARY, [NAME])
    compared = 0
    for key, by_hand in HAND_COMPUTED.items():
        if key[0] in "ifgoch" and key[-1] in "₁₂":
            np.testing.assert_allclose(getattr(states, key[0])[:, "₁₂".index(key[-1])], by_hand, atol=5e-5)
            compared += 1
    assert compared == 8


def test_rows_go_name_after_name_without_padding() -> None:
    states = read_states(PARAMS, WORDS, ["ab", "", "cab"])
    assert states.owner.tolist() == [0, 0, 0, 1, 2, 2, 2, 2]
    assert states.letters.tolist() == [0, 1, 2, 0, 0, 1, 2, 3]
    assert states.read.tolist() == [0, 1, 2, 0, 0, 3, 1, 2]
    assert states.target.tolist() == [1, 2, 0, 0, 3, 1, 2, 0]
    for name, first, last in (("ab", 0, 3), ("cab", 4, 8)):
        alone = read_states(PARAMS, WORDS, [name])
        for gate in "ifgoch":
            np.testing.assert_allclose(getattr(states, gate)[first:last], getattr(alone, gate), rtol=1e-12)


def test_states_refuse_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="as many characters"):
        read_states(PARAMS, VOCABULARY, ["ana"])
    with pytest.raises(TypeError):
        read_states(PARAMS, WORDS, "ab")


# ---- units switched off


def by_hand(params: Params, inputs: np.ndarray, shown: dict[int, float], roads: tuple[str, ...]) -> np.ndarray:
    """The logits when `shown` stands in place of the units' h, step by step."""

    def said(h: np.ndarray, road: str) -> np.ndarray:
        mute = h.copy()
        for unit, level in shown.items():
            mute[:, unit] = level if road in roads else h[:, unit]
        return mute

    h, c, logits = np.zeros((inputs.shape[1], H)), np.zeros((inputs.shape[1], H)), []
    for ids in inputs:
        _, (h, c), _ = forward(params, ids[None], LSTMState(said(h, "cell"), c))
        logits.append(said(h, "output") @ params.W_y + params.b_y)
    return np.array(logits)


@pytest.mark.parametrize("roads", [("cell", "output"), ("cell",), ("output",)])
def test_a_unit_switched_off_shows_its_level_at_every_step(roads: tuple[str, ...]) -> None:
    inputs = np.random.default_rng(1).integers(0, V, (6, 3))
    off = switch_off(PARAMS, [3, 1], [0.4, -0.2], roads=roads)
    np.testing.assert_allclose(forward(off, inputs)[0], by_hand(PARAMS, inputs, {3: 0.4, 1: -0.2}, roads), atol=1e-12)


def test_zero_is_the_level_that_nobody_asks_for() -> None:
    one, other = switch_off(PARAMS, 2), switch_off(PARAMS, [2], 0.0)
    for name, leaf in named_leaves(one):
        np.testing.assert_array_equal(leaf, getattr(other, name))
    assert not one.W_h[2].any()
    np.testing.assert_array_equal(one.b, PARAMS.b)


def test_switching_off_writes_nothing_into_what_it_is_given_and_keeps_the_dtype() -> None:
    small = Params(*(leaf.astype(np.float32) for _, leaf in named_leaves(PARAMS)))
    kept = [leaf.copy() for _, leaf in named_leaves(small)]
    assert switch_off(small, [0], 0.5).dtype == np.float32
    for before, (_, leaf) in zip(kept, named_leaves(small), strict=True):
        np.testing.assert_array_equal(before, leaf)


@pytest.mark.parametrize(
    ("units", "levels", "roads", "message"),
    [
        ([5], 0.0, ("cell",), "units"),
        ([-1], 0.0, ("cell",), "units"),
        ([1, 1], 0.0, ("cell",), "different ones"),
        ([1], [0.1, 0.2], ("cell",), "levels must be one finite number"),
        ([1], np.nan, ("cell",), "levels must be one finite number"),
        ([1], 0.0, "cell", "roads must be some of"),
        ([1], 0.0, ("memory",), "roads must be some of"),
        ([1], 0.0, None, "roads must be some of"),
        ([[1, 2]], 0.0, ("cell",), "units must be a list of numbers or a 1-D array"),
        ([[1], [1, 2]], 0.0, ("cell",), "units must be a list of numbers"),
        ([], 0.0, ("cell",), "units must hold at least one"),
        (True, 0.0, ("cell",), "units must be a list of numbers"),
        ([1], 1j, ("cell",), "levels must be a list of numbers"),
        ([1], "0.5", ("cell",), "levels must be a list of numbers"),
        ([1], True, ("cell",), "levels must be a list of numbers"),
        ([1], ["x"], ("cell",), "levels must be a list of numbers"),
    ],
)
def test_switching_off_refuses(units: object, levels: object, roads: object, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        switch_off(PARAMS, units, levels, roads=roads)  # type: ignore[arg-type]


# ---- probes


def test_a_probe_finds_a_line_and_the_ridge_shrinks_it() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(300, 4)) + 3
    y = x @ [1.0, -2.0, 0.0, 0.5] + 7
    probe = fit_probe(x, y, ridge=1e-9)
    np.testing.assert_allclose(probe.weights, [1, -2, 0, 0.5], atol=1e-8)
    assert probe.bias == pytest.approx(7)
    assert explained(y, probe.guess(x)) == pytest.approx(1)
    dear = fit_probe(x, y, ridge=1e4)
    assert np.linalg.norm(dear.weights) < 0.1 * np.linalg.norm(probe.weights)


def test_a_probe_has_the_smallest_price_of_all_nearby() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(50, 3)), rng.normal(size=50)

    def price(weights: np.ndarray, bias: float) -> float:
        return float(((y - x @ weights - bias) ** 2).sum() + 2.5 * (weights**2).sum())

    probe = fit_probe(x, y, ridge=2.5)
    for direction in np.eye(4):
        for step in (-1e-3, 1e-3):
            moved = price(probe.weights + step * direction[:3], probe.bias + step * direction[3])
            assert moved > price(probe.weights, probe.bias)


def test_the_best_price_is_the_one_that_guesses_what_was_left_out() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 40))
    line = x @ rng.normal(size=40)
    prices = [1e-6, 30.0, 1e6]
    assert best_ridge(x, line, prices) == 1e-6
    noisy = line + 8 * rng.normal(size=60)
    assert best_ridge(x, noisy, prices) == 30
    assert best_ridge(x, rng.normal(size=60), prices) == 1e6
    wrong = dict.fromkeys(prices, 0.0)
    for k in range(3):
        new = np.arange(60) % 3 == k
        for price in prices:
            guess = fit_probe(x[~new], noisy[~new], ridge=price).guess(x[new])
            wrong[price] += float(((noisy[new] - guess) ** 2).sum())
    assert best_ridge(x, noisy, prices, folds=3) == min(wrong, key=lambda price: wrong[price])


@pytest.mark.parametrize(("rows", "prices", "folds"), [(5, [], 2), (5, [1.0], 6), (4, [1.0], 2)])
def test_the_best_price_refuses(rows: int, prices: list[float], folds: int) -> None:
    with pytest.raises(ValueError, match="there must be a price, and 2 to 5 folds"):
        best_ridge(np.ones((rows, 2)), [1.0, 2.0, 3.0, 4.0, 6.0], prices, folds=folds)


def test_what_is_explained_is_a_share_of_the_variance() -> None:
    y = np.array([1.0, 2.0, 3.0])
    assert explained(y, y) == 1
    assert explained(y, np.full(3, 2.0)) == pytest.approx(0)
    assert explained(y, y[::-1]) < 0


def test_probes_refuse_what_does_not_fit() -> None:
    x = np.ones((3, 2))
    for wrong in (
        lambda: fit_probe(x, [1.0, 2.0]),
        lambda: fit_probe(x[0], [1.0]),
        lambda: fit_probe(x, [1, 2, np.nan]),
    ):
        with pytest.raises(ValueError, match="finite"):
            wrong()
    with pytest.raises(ValueError, match="ridge"):
        fit_probe(x, [1.0, 2.0, 3.0], ridge=0)
    with pytest.raises(ValueError, match="vary"):
        explained([1.0, 1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="vary"):
        explained([], [])
    with pytest.raises(ValueError, match="one guess for each"):
        explained([1.0, 2.0], [1.0])


def test_probes_say_what_is_wrong_with_numbers_that_are_none() -> None:
    x, y = np.arange(8.0).reshape(4, 2), [1.0, 2.0, 3.0, 5.0]
    for wrong in (lambda: fit_probe(x, [True, False, True, False]), lambda: explained(np.array(y) > 2, y)):
        with pytest.raises(TypeError, match=r"y must be a list of numbers, not of booleans: np.array\(y, float\)"):
            wrong()
    with pytest.raises(TypeError, match="y must be a list of numbers"):
        fit_probe(x, [[1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match="the squares of x and y must be finite"):
        fit_probe(1e200 * x, y)
    for strange in (np.nan, np.inf):
        with pytest.raises(ValueError, match="guesses must be finite"):
            explained(y, [1.0, 2.0, strange, 3.0])
        with pytest.raises(ValueError, match="y must be finite"):
            explained([1.0, 2.0, strange, 3.0], y)
    probe = fit_probe(x, y)
    for rows in (x[0], x[:, :1]):
        with pytest.raises(ValueError, match=r"x must have shape \(N, 2\)"):
            probe.guess(rows)
    with pytest.raises(TypeError, match="x must be a NumPy array of floats"):
        probe.guess([[1.0, 2.0]])  # type: ignore[arg-type]


def test_an_unread_unit_can_be_switched_off_for_nothing() -> None:
    deaf = replace(PARAMS, W_h=PARAMS.W_h * (np.arange(H) != 1)[:, None], W_y=PARAMS.W_y * (np.arange(H) != 1)[:, None])
    inputs = np.random.default_rng(4).integers(0, V, (5, 2))
    np.testing.assert_allclose(forward(switch_off(deaf, 1, 0.7), inputs)[0], forward(deaf, inputs)[0], atol=1e-12)
