"""Chapter 20's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_20 as check
from lstm_lib.check.feedback import NOT_ATTEMPTED
from lstm_lib.ops import log_softmax, softmax

Array = np.ndarray[Any, np.dtype[Any]]
Held = dict[str, Array]


# ---- 20.3


def ported(held: Held) -> list[Array]:
    b = held["lstm.bias_ih_l0"] + held["lstm.bias_hh_l0"]
    turned = [held[name].T for name in ("lstm.weight_ih_l0", "lstm.weight_hh_l0", "output.weight")]
    return [held["embedding.weight"], *turned[:2], b, turned[2], held["output.bias"]]


def with_part(place: int, change: Callable[[Held, Array], Array]) -> Callable[[Held], list[Array]]:
    """The right answer, but for one array: what `change` makes of everything, and of the right one."""

    def function(held: Held) -> list[Array]:
        parts = ported(held)
        parts[place] = change(held, parts[place])
        return parts

    return function


def swapped(array: Array, order: tuple[int, ...]) -> Array:
    blocks = np.split(array, 4, axis=-1)
    return np.concatenate([blocks[k] for k in order], axis=-1)


def test_port_right() -> None:
    assert check.port(ported).right
    assert check.port(lambda held: ...) == NOT_ATTEMPTED
    assert check.port(lambda held: (...,) * 6) == NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("place", "change", "expected"),
    [
        (0, lambda held, E: E.T, "E should have shape (5, 3); yours has (3, 5). Take it as it stands"),
        (1, lambda held, W: W.T, "W_x should have shape (3, 8); yours has (8, 3). Take it turned"),
        (2, lambda held, W: W.T, "W_h should have shape (2, 8)"),
        (4, lambda held, W: W.T, "W_y should have shape (2, 5)"),
        (1, lambda held, W: held["lstm.weight_ih_l0"].reshape(3, 8), "W_x: the shape is right, the places are not"),
        (4, lambda held, W: held["output.weight"].reshape(2, 5), "W_y: the shape is right, the places are not"),
        (2, lambda held, W: swapped(W, (0, 1, 3, 2)), "W_h: the blocks of g and o have changed places"),
        (1, lambda held, W: swapped(W, (1, 0, 2, 3)), "W_x: the blocks of i and f have changed places"),
        (3, lambda held, b: held["lstm.bias_ih_l0"], "b: that is bias_ih alone"),
        (3, lambda held, b: held["lstm.bias_hh_l0"], "b: that is bias_hh alone"),
        (3, lambda held, b: b / 2, "b: that is their mean"),
        (3, lambda held, b: np.append(*np.split(np.tile(b, 2), 2)), "b: that is one bias after the other"),
        (5, lambda held, b: -b, "b_y: it is output.bias"),
        (0, lambda held, E: E[:2], "E should be one array of shape (5, 3); got shape (2, 3)"),
    ],
)
def test_port_wrong(place: int, change: Callable[..., Array], expected: str) -> None:
    assert expected in hint(check.port(with_part(place, change)))


def test_port_of_five_arrays() -> None:
    assert hint(check.port(lambda held: ported(held)[:5])) == "return six arrays: E, W_x, W_h, b, W_y, b_y."


# ---- 20.1 and 20.4


def matmul_rule(
    back_x: Callable[..., Array] = lambda x, W, d: d @ W.T, back_W: Callable[..., Array] = lambda x, W, d: x.T @ d
) -> Callable[..., Any]:
    return lambda x, W: (x @ W, [lambda d: back_x(x, W, d), lambda d: back_W(x, W, d)])


def test_matmul_right() -> None:
    assert check.matmul(matmul_rule()).right
    assert check.matmul(lambda x, W: (x @ W, [lambda d: ..., lambda d: ...])) == NOT_ATTEMPTED
    half = check.matmul(lambda x, W: (x @ W, [lambda d: d @ W.T, lambda d: ...]))
    assert hint(half) == "product 2 is still to do."


@pytest.mark.parametrize(
    ("back_x", "expected"),
    [
        (lambda x, W, d: d @ W, "product 1: these matrices are square, so dy @ W runs"),
        (lambda x, W, d: W.T @ d, "W stands on the wrong side"),
        (lambda x, W, d: x.T @ d, "that is the gradient of W"),
        (lambda x, W, d: np.ones_like(d) @ W.T, "dy is missing"),
        (lambda x, W, d: x @ W, "the way forward again"),
        (lambda x, W, d: 2 * d @ W.T, "product 1: row j of W holds the arrows"),
        (lambda x, W, d: d * W.sum(axis=1), "row j of W holds the arrows of x's entry j"),
    ],
)
def test_matmul_wrong_in_x(back_x: Callable[..., Array], expected: str) -> None:
    assert expected in hint(check.matmul(matmul_rule(back_x=back_x)))


@pytest.mark.parametrize(
    ("back_W", "expected"),
    [
        (lambda x, W, d: d.T @ x, "product 2: it lies on its side"),
        (lambda x, W, d: x @ d, "so x @ d runs"),
        (lambda x, W, d: d @ W.T, "that is the gradient of x"),
        (lambda x, W, d: x.T @ d / len(x), "that is a mean over the rows"),
        (lambda x, W, d: d @ x.T, "x.T comes first"),
        (lambda x, W, d: -x.T @ d, "product 2: each row of the batch adds its share to dW"),
        (lambda x, W, d: np.outer(x[0], d[0]), "each row of the batch adds its share"),
    ],
)
def test_matmul_wrong_in_the_weights(back_W: Callable[..., Array], expected: str) -> None:
    assert expected in hint(check.matmul(matmul_rule(back_W=back_W)))


def test_rules_of_another_form() -> None:
    assert "return two things" in hint(check.matmul(lambda x, W: x @ W))
    assert "2 functions, one for each input" in hint(check.matmul(lambda x, W: (x @ W, [lambda d: d @ W.T])))
    assert "the value: compute it" in hint(check.matmul(lambda x, W: (2 * (x @ W), [None.__class__] * 2)))
    assert "one function, from dy" in hint(check.log_softmax(lambda z: (log_softmax(z), [1])))

    def spoils(d: Array) -> Array:
        d *= 2
        return d

    assert "your function changes d" in hint(check.log_softmax(lambda z: (log_softmax(z), [spoils])))


def log_rule(back: Callable[..., Array]) -> Callable[..., Any]:
    return lambda z: (log_softmax(z), [lambda d: back(softmax(z), d)])


def summed(d: Array) -> Array:
    return np.asarray(d.sum(axis=-1, keepdims=True))


def test_log_softmax_right() -> None:
    assert check.log_softmax(log_rule(lambda p, d: d - p * summed(d))).right
    assert check.log_softmax(lambda z: (log_softmax(z), [lambda d: ...])) == NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (softmax, "that is the softmax; its logarithm"),
        (lambda z: np.log(softmax(z.T).T), "the sum runs along axis -1"),
        (lambda z: z - np.log(np.exp(z).sum()), "one sum for all rows"),
        (lambda z: -log_softmax(z), "the sign is turned"),
        (lambda z: z, "the value: compute it on the way forward"),
    ],
)
def test_log_softmax_wrong_value(value: Callable[[Array], Array], expected: str) -> None:
    assert expected in hint(check.log_softmax(lambda z: (value(z), [lambda d: d])))


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (lambda p, d: d * (1 - p), "that is the diagonal of the Jacobian alone"),
        (lambda p, d: d - p, "right where the entries of dy add up to 1"),
        (lambda p, d: d - p * d.sum(), "its own row only"),
        (lambda p, d: d - p * d.sum(axis=0), "along the row, axis=-1"),
        (lambda p, d: p * summed(d) - d, "the sign is turned"),
        (lambda p, d: p * (d - summed(p * d)), "through softmax, without the logarithm"),
        (lambda p, d: d, "misses the road through the sum"),
        (lambda p, d: -p * summed(d), "the road through the sum; each entry has its own road"),
        (lambda p, d: d - summed(d), "not yet shared out"),
        (lambda p, d: 2 * d, "two roads lead from z_k"),
    ],
)
def test_log_softmax_wrong_product(back: Callable[..., Array], expected: str) -> None:
    assert expected in hint(check.log_softmax(log_rule(back)))


# ---- 20.2

Graph = dict[str, list[str]]


def breadth_first(made_from: Graph, last: str) -> list[str]:
    found = [last]
    for node in found:
        found += [parent for parent in dict.fromkeys(made_from[node]) if parent not in found]
    return found[::-1]


def depth_first(made_from: Graph, last: str) -> list[str]:
    found: list[str] = []

    def visit(node: str) -> None:
        if node not in found:
            for parent in made_from[node]:
                visit(parent)
            found.append(node)

    visit(last)
    return found


def repeating(made_from: Graph, last: str) -> list[str]:
    return [name for parent in made_from[last] for name in repeating(made_from, parent)] + [last]


def every_node(made_from: Graph, last: str) -> list[str]:
    return [*(["idle"] if "idle" in made_from else []), *depth_first(made_from, last)]


def test_order_right() -> None:
    assert check.order(depth_first).right
    assert check.order(lambda made_from, last: ...) == NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (breadth_first, "and stands before it. On the way back"),
        (lambda g, last: depth_first(g, last)[::-1], "turned round: the loss is the last"),
        (repeating, "W stands there 6 times"),
        (every_node, "idle does not lead to the loss"),
        (lambda g, last: depth_first(g, last)[1:], "a is missing"),
        (lambda g, last: [], "a is missing"),
        (lambda g, last: "loss", "return a list of the nodes"),
        (lambda g, last: [*depth_first(g, last), "spare"], "'spare' is no node"),
        (lambda g, last: [*depth_first(g, last), ["loss"]], "['loss'] is no node"),
    ],
)
def test_order_wrong(function: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.order(function))


def test_the_bug_of_the_text_gets_a_chain_right_and_two_steps_wrong() -> None:
    message = hint(check.order(breadth_first))
    assert message.startswith(("c 1", "kept", "a 2", "h 1", "c 2")), message


# ---- 20.5


def test_on_paper_right() -> None:
    assert check.on_paper(3e17, 0.8, 0.83).right
    assert check.on_paper(..., ..., ...) == NOT_ATTEMPTED
    assert "gigabytes is still to do" in hint(check.on_paper(3e17, ..., ...))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((1e17, 0, 0), "the way forward, 2 for each"),
        ((2e17, 0, 0), "the way back alone"),
        ((1.5e17, 0, 0), "those are the multiplications"),
        ((5e16, 0, 0), "it is six"),
        ((4e17, 0, 0), "three in all"),
        ((9e17, 0, 0), "six for each weight and symbol"),
        ((3e17, 0.2, 0), "those are the weights; the gradient"),
        ((3e17, 0.4, 0), "Adam keeps m and v, too"),
        ((3e17, 0.6, 0), "there are four"),
        ((3e17, 1.6, 0), "that is float64"),
        ((3e17, 0.05, 0), "in billions"),
        ((3e17, 7, 0), "four arrays, four bytes"),
        ((3e17, 0.8, 3000), "those are seconds"),
        ((3e17, 0.8, 50), "those are minutes"),
        ((3e17, 0.8, 1.2), "turned round"),
        ((3e17, 0.8, 0.278), "the way forward alone"),
        ((3e17, 0.8, 8), "operations / 1e14"),
    ],
)
def test_on_paper_wrong(answer: tuple[float, ...], expected: str) -> None:
    assert expected in hint(check.on_paper(*answer))
