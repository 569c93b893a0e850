"""Chapter 6's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.cell import gates_forward
from lstm_lib.check import chapter_06 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.model import Params
from lstm_lib.ops import sigmoid
from lstm_lib.tree import tree_map

Array = np.ndarray[Any, np.dtype[np.float64]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.step_three(..., ...),
        check.step_three(..., -0.648),
        check.parameter_count(...),
        check.parameter_count(None),
        check.holding_biases(..., 3.0),
        check.one_product_step(lambda x, h, c, params: ...),
        check.one_product_step(...),
        check.gate_weights(lambda rng, D, H: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 6.2


def test_step_three_right() -> None:
    answer = check.step_three(0.9, -0.648)
    assert answer.right
    assert repr(answer).startswith("Right. ")


@pytest.mark.parametrize(
    ("i_1", "c_2", "expected"),
    [
        (0.1, -0.648, "reading n adds 4 ln 3"),
        (2, -0.648, "the gate is its sigmoid"),
        (0.8, -0.648, "the input gate uses the sigmoid"),
        (80 / 82, -0.648, "a gate is squashed by the sigmoid"),
        (81 / 82, -0.648, "the bias of -2 ln 3 belongs to the sum"),
        (0.5, -0.648, "write the sum down first"),
        (2 * np.log(3), -0.648, "that is the pre-activation"),
        (0.9, ..., "c_2 is still to do"),
        (0.9, 0.648, "the sign is lost"),
        (0.9, -0.8, "the candidate g alone"),
        (0.9, 0.8, "g is negative here"),
        (0.9, -0.5, "two products and their sum, f c + i g"),
        (0.9, np.tanh(-0.648), "nothing squashes the memory itself"),
        (0.9, -0.92, "the candidate g is a squashed number too"),
        (0.9, 0.072 - 0.9 * np.log(3), "the candidate g is a squashed number too"),
        (0.9, -0.65, "c_2 = -0.65: close: keep more digits"),
        (0.9, -0.6, "c_2 = -0.6: close: keep more digits"),
        (0.9, -0.72, "add f c"),
        (0.9, 0.072 - 0.8, "nine tenths of -0.8"),
        (0.9, 0.72 - 0.72, "not kept whole"),
        (0.9, 0.072, "what is written, i g, is missing"),
        (0.9, 0.792, "the candidate is negative here"),
        (0.9, 0.072 + 0.9 * 0.25, "not the sigmoid"),
        (0.9, -0.792, "0.072 is added, not subtracted"),
        (0.9, 0.9 * 0.72 - 0.1 * 0.8, "f and i are exchanged"),
        (0.9, "a", "c_2 should be a number"),
        ([1, 2], -0.648, "i_1 should be a number"),
    ],
)
def test_step_three_wrong(i_1: object, c_2: object, expected: str) -> None:
    assert expected in hint(check.step_three(i_1, c_2))


# ---- 6.3

V, D, H = 27, 32, 256


def count(gates: int = 4, *, embedding: bool = True, output: bool = True, biases: int = 1, b_y: bool = True) -> int:
    """The number of parameters, with one thing counted wrongly."""
    cell = gates * (D * H + H * H + biases * H)
    return cell + embedding * V * D + output * (H * V + V * b_y)


def test_parameter_count_right() -> None:
    assert check.parameter_count(count()).right
    assert check.parameter_count(np.int64(303_739)).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (count(gates=1), "a model with one gate"),
        (count(embedding=False), "the embedding is missing"),
        (count(output=False), "the output layer is missing"),
        (count(biases=2), "you counted b twice"),
        (count(biases=0), "b is missing"),
        (count(b_y=False), "b_y is missing"),
        (count(biases=0, b_y=False), "the biases are missing"),
        (16 * count(), "T and B do not count"),
        (300_000, "write the six shapes down"),
        ("many", "count should be a number"),
    ],
)
def test_parameter_count_wrong(wrong: object, expected: str) -> None:
    assert expected in hint(check.parameter_count(wrong))


# ---- 6.4


def test_holding_biases_right() -> None:
    assert check.holding_biases(-12, 12.0).right


@pytest.mark.parametrize(
    ("b_i", "b_f", "expected"),
    [
        (-12, 5, "looks like 1: fifty steps keep only f^50 = 0.7148 of it"),
        (-0.431, 0.847, "is far from 1: fifty steps keep only"),
        (-12, -12, "f near 1 means keep"),
        (0, 12, "c drifts to"),
        (-5, 12, "c drifts to"),
        ("a", 12, "both biases should be finite numbers"),
    ],
)
def test_holding_biases_wrong(b_i: object, b_f: object, expected: str) -> None:
    assert expected in hint(check.holding_biases(b_i, b_f))


# ---- 6.1


def step_with(
    *, order: str = "ifgo", old: float = 1, new: float = 1, use_h: float = 1, use_b: float = 1,
    squash: Callable[[Array], Array] = sigmoid, squash_g: Callable[[Array], Array] = np.tanh,
    show: Callable[[Array], Array] = np.tanh, squash_o: Callable[[Array], Array] = sigmoid,
) -> Callable[..., tuple[Array, Array]]:  # fmt: skip
    """The right step, with one planted slip."""

    def step(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
        a = x @ params.W_x + use_h * h @ params.W_h + use_b * params.b
        block = dict(zip(order, np.split(a, 4, axis=-1), strict=True))
        c = old * squash(block["f"]) * c + new * squash(block["i"]) * squash_g(block["g"])
        return squash_o(block["o"]) * show(c), c

    return step


def gate_by_gate(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
    """The same numbers with two products for each gate."""
    parts = zip(*(np.split(each, 4, axis=-1) for each in (params.W_x, params.W_h, params.b)), strict=True)
    i, f, g, o = (x @ W_x + h @ W_h + b for W_x, W_h, b in parts)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def in_a_stack(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
    """Two calls of matmul, each of which multiplies with the four parts of a weight, one by one."""
    W_x, W_h, b = (np.stack(np.split(each, 4, axis=-1)) for each in (params.W_x, params.W_h, params.b))
    i, f, g, o = x @ W_x + h @ W_h + b[:, None]
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def side_by_side(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
    a = np.concatenate([x, h], axis=1) @ np.concatenate([params.W_x, params.W_h]) + params.b
    (h, c), _ = gates_forward(a, c)
    return h, c


def test_one_product_step_right() -> None:
    assert check.one_product_step(step_with()).message == "Two products serve all four gates."
    assert check.one_product_step(side_by_side).message == "One product serves all four gates."


def test_one_product_step_counts_its_products() -> None:
    assert "took 8 products: cut the blocks after the product" in hint(check.one_product_step(gate_by_gate))
    assert "took 8 products" in hint(check.one_product_step(in_a_stack))
    plain = lambda params: tree_map(np.array, params)  # noqa: E731
    uncounted = lambda x, h, c, params: gate_by_gate(x, h, c, plain(params))  # noqa: E731
    assert "could not be counted" in hint(check.one_product_step(uncounted))


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"show": lambda c: c}, "the tanh on the way out is missing"),
        ({"show": lambda c: np.tanh(c) + 1}, "h is o times tanh of the NEW c"),
        ({"order": "ifog"}, "g and o are exchanged"),
        ({"order": "figo"}, "i and f are exchanged"),
        ({"order": "igfo"}, "f and g are exchanged"),
        ({"squash_o": lambda a: a}, "o is a sigmoid"),
        ({"squash_g": sigmoid}, "the candidate g uses tanh"),
        ({"old": 0}, "f times c is missing"),
        ({"new": 0}, "i times g is missing"),
        ({"use_h": 0}, "the gates do not read h"),
        ({"use_b": 0}, "the bias is missing"),
        ({"squash": lambda a: a}, "the gates are not squashed"),
        ({"old": 3}, "follow (6.4) to (6.7)"),
    ],
)
def test_one_product_step_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.one_product_step(step_with(**slip)))


def test_one_product_step_must_not_write_into_what_it_gets() -> None:
    def step(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
        new_h, c[:] = step_with()(x, h, c, params)
        return new_h, c

    assert "your function changes c, " in hint(check.one_product_step(step))


def test_one_product_step_of_another_form() -> None:
    right = step_with()
    assert "return h, then c" in hint(check.one_product_step(lambda *given: right(*given)[::-1]))
    assert "return two arrays" in hint(check.one_product_step(lambda *given: right(*given)[0]))
    assert "h should be one array of shape (3, 4)" in hint(check.one_product_step(lambda x, h, c, params: (x, c)))
    assert "ZeroDivisionError" in hint(check.one_product_step(lambda x, h, c, params: 1 / 0))
    assert "should be a function" in hint(check.one_product_step(3))  # type: ignore[arg-type]


# ---- 6.5


def test_gate_weights_right() -> None:
    assert check.gate_weights(lambda rng, D, H: [rng.normal(size=(D, H)) / np.sqrt(D) for _ in "ifgo"]).right
    assert check.gate_weights(lambda rng, D, H: rng.normal(size=(4, D, H)) / np.sqrt(D)).right
    assert check.gate_weights(lambda rng, D, H: [rng.uniform(-1, 1, (D, H)) / np.sqrt(D) for _ in "ifgo"]).right


@pytest.mark.parametrize("factors", [(1, 2, 3, 4), (1, -1, 0.9, 1.1)])
def test_gate_weights_made_from_each_other(factors: tuple[float, ...]) -> None:
    def scaled(rng: np.random.Generator, D: int, H: int) -> list[Array]:
        W = rng.normal(size=(D, H)) / np.sqrt(D)
        return [factor * W for factor in factors]

    assert "one is made from another" in hint(check.gate_weights(scaled))


def test_gate_weights_of_another_size() -> None:
    for draw, spread in (
        (lambda rng, D, H: [rng.normal(size=(D, H)) for _ in "ifgo"], "0.99"),
        (lambda rng, D, H: [rng.normal(size=(D, H)) / D for _ in "ifgo"], "0.02"),
        (lambda rng, D, H: [np.full((D, H), rng.normal()) for _ in "ifgo"], "0.00"),
    ):
        said = hint(check.gate_weights(draw))
        assert f"the weights of gate i spread by {spread}" in said
        assert "spread by 1 / np.sqrt(D) = 0.13" in said


def test_gate_weights_wrong() -> None:
    def same(rng: np.random.Generator, D: int, H: int) -> list[Array]:
        return [np.random.default_rng(0).normal(size=(D, H)) for _ in "ifgo"]

    def fixed(rng: np.random.Generator, D: int, H: int) -> list[Array]:
        return [np.random.default_rng(seed).normal(size=(D, H)) for seed in range(4)]

    def wide(rng: np.random.Generator, D: int, H: int) -> Array:
        return rng.normal(size=(D, 4 * H))

    assert "at least two gates have equal weights" in hint(check.gate_weights(same))

    def two_alike(rng: np.random.Generator, D: int, H: int) -> list[Array]:
        a, b, c = (rng.normal(size=(D, H)) for _ in range(3))
        return [a, b, c, b]

    def fresh(rng: np.random.Generator, D: int, H: int) -> list[Array]:
        return [np.random.default_rng().normal(size=(D, H)) for _ in "ifgo"]

    assert "another rng gives the same weights" in hint(check.gate_weights(fixed))
    assert "at least two gates have equal weights" in hint(check.gate_weights(two_alike))
    assert "the same rng gives other weights" in hint(check.gate_weights(fresh))
    assert "return four arrays: W_i, W_f, W_g, W_o" in hint(
        check.gate_weights(lambda rng, D, H: rng.normal(size=(D, 4 * H)))
    )
    assert "got shape (4, 3)" in hint(check.gate_weights(lambda rng, D, H: [rng.normal(size=(H, D)) for _ in "ifgo"]))
    assert "RuntimeError" in hint(check.gate_weights(lambda rng, D, H: (_ for _ in ()).throw(RuntimeError("no"))))
