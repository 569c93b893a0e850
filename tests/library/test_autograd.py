"""Reverse mode: every product against differences, the order of the way back, and the whole book derived again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from lstm_lib import autograd
from lstm_lib.autograd import Node, gradients, operation, topological_order, total, unbroadcast, value_and_gradients
from lstm_lib.cell import gates_backward, gates_forward
from lstm_lib.data import Batch
from lstm_lib.equations import batch_loss, cell
from lstm_lib.gradcheck import relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward, init_params
from lstm_lib.variants import plain

Array = np.ndarray[Any, np.dtype[Any]]
RNG = np.random.default_rng(20)
X, ROW, COLUMN, W, ABOVE_0 = (RNG.normal(size=shape) for shape in [(3, 4), 4, (3, 1), (4, 2), 5])

# An operation, and arrays to try it on. A new one wants a line here, whose name begins with the operation's.
# Away from kinks and ties, where a difference gives the mean of two slopes.
OPERATIONS: dict[str, tuple[Callable[..., Node], tuple[Array, ...]]] = {
    "add": (autograd.add, (X, X[::-1])),
    "add a row": (autograd.add, (X, ROW)),
    "add a column": (autograd.add, (COLUMN, X)),
    "add a row and a column": (autograd.add, (ROW, COLUMN)),
    "add a number": (autograd.add, (np.array(0.3), X)),
    "multiply": (autograd.multiply, (X, X[::-1])),
    "multiply by a row": (autograd.multiply, (ROW, X)),
    "multiply by a column": (autograd.multiply, (X, COLUMN)),
    "add what is subtracted": (lambda x, y: x - y, (X, ROW)),
    "add to a constant": (lambda x: 1 - x, (X,)),
    "multiply by -1": (lambda x: -x - 3, (X,)),
    "matmul": (autograd.matmul, (X, W)),
    "sigmoid": (autograd.sigmoid, (X,)),
    "tanh": (autograd.tanh, (X,)),
    "exp": (autograd.exp, (X,)),
    "log": (autograd.log, (np.abs(ABOVE_0) + 0.1,)),
    "total": (autograd.total, (X,)),
    "total of each row": (lambda x: autograd.total(x, axis=1), (X,)),
    "take rows": (lambda x: x[np.array([2, 0, 2, 2])], (X,)),
    "take a block": (lambda x: x[:, 1:3], (X,)),
    "take one of each row": (lambda x: x[np.arange(3), [1, 1, 0]], (X,)),
}


def differences(function: Callable[..., float], arrays: tuple[Array, ...], place: int) -> Array:
    """Central differences in one of the arrays."""
    slope = np.zeros_like(arrays[place])
    for index in np.ndindex(slope.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = [array.copy() for array in arrays]
            moved[place][index] += step
            ends.append(function(*moved))
        slope[index] = (ends[0] - ends[1]) / 2e-5
    return slope


@pytest.mark.parametrize(("function", "arrays"), OPERATIONS.values(), ids=OPERATIONS)
def test_each_product_agrees_with_differences(function: Callable[..., Node], arrays: tuple[Array, ...]) -> None:
    r = np.random.default_rng(1).normal(size=function(*map(Node, arrays)).value.shape)

    def loss(*nodes: Node) -> Node:
        return total(function(*nodes) * r)

    nodes = [Node(array) for array in arrays]
    back = gradients(loss(*nodes))
    for place, node in enumerate(nodes):
        slope = differences(lambda *moved: float(loss(*map(Node, moved)).value), arrays, place)
        np.testing.assert_allclose(back[node], slope, rtol=1e-8, atol=1e-9)


def test_every_operation_is_tried() -> None:
    made = {name for name, each in vars(autograd).items() if hasattr(each, "__wrapped__")}
    assert made == {name.split(" ")[0] for name in OPERATIONS}
    assert len(made) >= 9


def test_a_wrong_product_would_be_found() -> None:
    @operation
    def cube(x: Array) -> Any:
        return x**3, [lambda d: d * 2 * x**2]

    with pytest.raises(AssertionError, match="Mismatched"):
        test_each_product_agrees_with_differences(cube, (X,))


def test_operations_of_another_module_have_as_many_inputs_as_they_like() -> None:
    def part(d: Array, k: int) -> Array:
        return np.asarray(d[k])

    @operation
    def stack(*arrays: Array) -> Any:
        return np.stack(arrays), [partial(part, k=k) for k in range(len(arrays))]

    @operation
    def where(mask: Array, x: Array, y: Array) -> Any:
        return np.where(mask, x, y), [None, lambda d: unbroadcast(d * mask, x), lambda d: unbroadcast(d * ~mask, y)]

    test_each_product_agrees_with_differences(stack, (X, X[::-1], X[[1, 0, 2]]))
    test_each_product_agrees_with_differences(lambda x, y: where(X > 0, x, y), (X, ROW))
    with pytest.raises(TypeError, match="where was given a node in place 1, where its rule has None for a product"):
        where(Node(ABOVE_0), ABOVE_0, ABOVE_0 > 0)


# ---- the graph


def test_what_is_used_twice_adds_up_and_constants_get_nothing() -> None:
    x, r = Node(X), np.ones_like(X)
    loss = total(x * x + r * x + 2.0 * x - 1.0)
    back = gradients(loss)
    np.testing.assert_allclose(back[x], 2 * X + 3)
    assert {node.name for node in back} == {"leaf", "multiply", "add", "total"}
    assert back[loss] == 1


def test_an_array_before_a_node_leaves_the_answer_to_the_node() -> None:
    x = Node(W)
    for made in (X @ x, W * x, W + x, 2.0 * x, 1.0 + x):
        assert isinstance(made, Node)
    np.testing.assert_allclose(gradients(total(X @ x))[x], X.T @ np.ones((3, 2)))


def test_the_order_is_topological_whatever_the_graph() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        nodes = [Node(1.0)]
        for _ in range(20):
            one, other = rng.integers(len(nodes), size=2)
            nodes.append(nodes[one] * nodes[other])
        order = topological_order(nodes[-1])
        assert order[-1] is nodes[-1]
        assert len(set(order)) == len(order)
        place = {node: k for k, node in enumerate(order)}
        assert all(place[parent] < place[node] for node in order for parent, _ in node.arrows)


def test_a_node_waits_for_all_that_read_it() -> None:
    """The long way round, from x over many nodes, speaks before x hands on what it got the short way."""
    w = Node(0.5)
    x = w * 2.0
    long = x
    for _ in range(5):
        long = long * 1.1
    np.testing.assert_allclose(gradients(x + long)[w], 2 * (1 + 1.1**5))


def test_a_long_chain_needs_no_deep_stack() -> None:
    x = made = Node(1.0)
    for _ in range(5000):
        made = made + 0.0
    assert gradients(made)[x] == 1


@pytest.mark.parametrize("shape", [(), (4,), (1,), (1, 4), (3, 1), (1, 1), (3, 4)])
def test_a_broadcast_copy_goes_back_to_its_shape(shape: tuple[int, ...]) -> None:
    back = unbroadcast(np.ones((2, 3, 4)), np.zeros(shape))
    assert back.shape == shape
    assert (back == 24 / max(1, int(np.prod(shape)))).all()
    assert unbroadcast(np.ones((2, 3)), 0.5) == 6


# ---- the book again


def drawn(rng: np.random.Generator, dtype: type = np.float64) -> tuple[Params, Batch]:
    V, D, H, T, B = rng.integers([2, 1, 1, 1, 1], [8, 6, 6, 8, 5]).tolist()
    ids = rng.integers(V, size=(2, T, B))
    lengths = rng.integers(1, T + 1, B)
    return init_params(V, D, H, rng=rng, dtype=dtype), Batch(*ids, np.arange(T)[:, None] < lengths)


def by_hand(params: Params, batch: Batch) -> tuple[float, Params]:
    logits, _, cache = forward(params, batch.inputs, mask=batch.mask)
    loss, dlogits = cross_entropy(logits, batch.targets, batch.mask)
    return loss, backward(params, cache, dlogits)[0]


def test_it_derives_the_whole_model_on_ragged_batches_of_any_shape() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        params, batch = drawn(rng)
        (loss, grads), (expected, derived) = (
            value_and_gradients(lambda p, batch=batch: batch_loss(p, batch), params),
            by_hand(params, batch),
        )
        assert loss == pytest.approx(expected, rel=1e-14)
        assert max(relative_errors(grads, derived).values()) < 1e-13


def test_it_derives_the_plain_network_too() -> None:
    rng = np.random.default_rng(8)
    _, batch = drawn(rng)
    params = plain.init_params(int(max(batch.inputs.max(), batch.targets.max())) + 1, 3, 4, rng=rng)
    _, grads = value_and_gradients(lambda p: batch_loss(p, batch, step=lambda a, c: (autograd.tanh(a), c)), params)
    logits, _, cache = plain.forward(params, batch.inputs)
    derived, _ = plain.backward(params, cache, cross_entropy(logits, batch.targets, batch.mask)[1])
    assert max(relative_errors(grads, derived).values()) < 1e-13


def test_it_derives_one_step_of_the_cell() -> None:
    rng = np.random.default_rng(4)
    a, c, dh, dc = rng.normal(size=(3, 20)), *rng.normal(size=(3, 3, 5))
    _, cache = gates_forward(a, c)
    da, dc_before = gates_backward(cache, dh, dc)
    a_, c_ = Node(a), Node(c)
    h_new, c_new = cell(a_, c_)
    back = gradients(total(h_new * dh) + total(c_new * dc))
    np.testing.assert_allclose(back[a_], da, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(back[c_], dc_before, rtol=1e-13, atol=1e-15)


def test_float32_stays_float32_and_nothing_given_is_changed() -> None:
    params, batch = drawn(np.random.default_rng(5), np.float32)
    before = [leaf.tobytes() for leaf in vars(params).values()]
    _, grads = value_and_gradients(lambda p: batch_loss(p, batch), params)
    assert grads.dtype == (1 - Node(params.E) - 3).value.dtype == np.float32
    assert [leaf.tobytes() for leaf in vars(params).values()] == before


def test_an_array_that_is_not_used_gets_zeros() -> None:
    params, _ = drawn(np.random.default_rng(6))
    _, grads = value_and_gradients(lambda p: total(p.E), params)
    assert (grads.E == 1).all()
    assert not grads.W_h.any()
    assert grads.W_h.shape == params.W_h.shape


# ---- what is refused


def test_a_rule_or_a_product_that_does_not_fit_is_named() -> None:
    @operation
    def two_of_one(x: Array) -> Any:
        return x, [lambda d: d, lambda d: d]

    @operation
    def no_sum(x: Array, y: Array) -> Any:
        return x + y, [lambda d: d, lambda d: d]

    @operation
    def no_list(x: Array) -> Any:
        return x, lambda d: d

    @operation
    def no_product(x: Array) -> Any:
        return np.exp(x)

    for rule, name in ((two_of_one, "two_of_one"), (no_list, "no_list"), (no_product, "no_product")):
        with pytest.raises(ValueError, match=rf"{name} must return `value, \[a product for each of 1 inputs\]`"):
            rule(Node(X))
    with pytest.raises(TypeError, match="tanh must be given its nodes by their place, not by name; got x="):
        autograd.tanh(x=Node(X))
    with pytest.raises(ValueError, match=r"product 2 of no_sum must give \(4,\), the shape of b; got \(3, 4\)"):
        gradients(total(no_sum(Node(X), Node(ROW, name="b"))))


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_loss_of_one_number_may_have_axes(shape: tuple[int, ...]) -> None:
    params, _ = drawn(np.random.default_rng(7))
    value, found = value_and_gradients(lambda p: total(p.b_y) * np.ones(shape), params)
    assert value == pytest.approx(params.b_y.sum())
    np.testing.assert_array_equal(found.b_y, np.ones_like(params.b_y))


def test_losses_and_values_of_another_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="the value of leaf must be a NumPy array of floats; got an array of int"):
        Node([1, 2])
    with pytest.raises(ValueError, match=r"loss must be one number; got shape \(3, 4\)"):
        gradients(Node(X))
    with pytest.raises(TypeError, match="loss must be Node, such as an operation returns; got"):
        gradients(0.5)  # type: ignore[arg-type]
    params, _ = drawn(np.random.default_rng(7))
    with pytest.raises(TypeError, match="the loss must be Node"):
        value_and_gradients(lambda p: 0.5, params)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="batch must be Batch, such as make_batch returns; got"):
        batch_loss(params, None)  # type: ignore[arg-type]
    assert repr(Node(X, name="x")) == "Node(x, shape (3, 4))"
