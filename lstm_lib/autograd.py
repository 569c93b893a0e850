"""Automatic differentiation in reverse mode on NumPy arrays: write down what is computed, then walk it backward.

Nodes go into these operations, one by one and not in lists; NumPy's refuse them. `==` asks whether two are one node.
To add an operation, write its rule under `@operation`: it takes arrays and returns the value and, for each array, a
vector-Jacobian product, a function from the gradient of the value to that of the array, in the array's shape.
(Products made in a loop come from `functools.partial`, which binds the loop's variable: otherwise all see its last
value. For an input that is never a node, such as a mask, stands None.) A rule must not change its arrays. Then add a
line to the table in tests/library/test_autograd.py. Left out: second derivatives, work in place, letting go of what is
no longer needed.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from types import SimpleNamespace
from typing import Any

import numpy as np

from lstm_lib import ops
from lstm_lib.arguments import require_array, require_instance
from lstm_lib.tree import FloatArray, Tree, named_leaves

Vjp = Callable[[FloatArray], FloatArray]
Ruled = tuple[FloatArray, list[Vjp | None]]  # what a rule returns: the value, and a product for each input


class Node:
    """An array of floats that knows how it was made: an arrow to each node it was made from, with the product back.

    Raises TypeError for a value that is not floating point.
    """

    __array_ufunc__ = None  # in `array * node` the node answers, not NumPy

    def __init__(self, value: object, arrows: Sequence[tuple["Node", Vjp]] = (), name: str = "leaf") -> None:
        self.value = require_array(f"the value of {name}", np.asarray(value), "floats")
        self.arrows = tuple(arrows)
        self.name = name

    def __repr__(self) -> str:
        return f"Node({self.name}, shape {self.value.shape})"

    def __add__(self, other: object) -> "Node":
        return add(self, other)

    def __neg__(self) -> "Node":
        return multiply(self, -1.0)

    def __sub__(self, other: Any) -> "Node":
        return add(self, -other)

    def __rsub__(self, other: object) -> "Node":
        return add(other, -self)

    def __mul__(self, other: object) -> "Node":
        return multiply(self, other)

    def __matmul__(self, other: object) -> "Node":
        return matmul(self, other)

    def __rmatmul__(self, other: object) -> "Node":
        return matmul(other, self)

    def __getitem__(self, index: Any) -> "Node":
        return take(self, index=index)

    __radd__, __rmul__ = __add__, __mul__


def operation(rule: Callable[..., Ruled]) -> Callable[..., Node]:
    """From a rule on arrays to a function that gives a node. It takes nodes, arrays and numbers, in the rule's order.

    What is no node is a constant: nothing comes back to it. Named arguments go to the rule as they are, and are never
    nodes. Raises TypeError for a node that stands there, or where the rule has None for a product; ValueError when the
    rule does not return a value and a list of products.
    """

    @wraps(rule)
    def applied(*inputs: Any, **settings: Any) -> Node:
        name = rule.__name__
        if nodes := [key for key, each in settings.items() if isinstance(each, Node)]:
            raise TypeError(f"{name} must be given its nodes by their place, not by name; got {nodes[0]}=...")
        answer = rule(*(x.value if isinstance(x, Node) else x for x in inputs), **settings)
        vjps = answer[1] if isinstance(answer, tuple) and len(answer) == 2 else None
        if not isinstance(vjps, list | tuple) or len(vjps) != len(inputs):
            raise ValueError(f"the rule of {name} must return `value, [a product for each of {len(inputs)} inputs]`")
        arrows = []
        for place, (x, vjp) in enumerate(zip(inputs, vjps, strict=True), start=1):
            if isinstance(x, Node):
                if vjp is None:
                    raise TypeError(f"{name} was given a node in place {place}, where its rule has None for a product")
                arrows.append((x, vjp))
        return Node(answer[0], arrows, name)

    return applied


def unbroadcast(dy: FloatArray, x: FloatArray | float) -> FloatArray:
    """The gradient of `x` from that of its broadcast copy: an entry adds up what came back to all its copies."""
    shape = np.shape(x)
    dy = np.asarray(dy.sum(axis=tuple(range(dy.ndim - len(shape)))))
    return np.asarray(dy.sum(axis=tuple(k for k, size in enumerate(shape) if size == 1), keepdims=True))


# ---- the operations


@operation
def add(x: FloatArray, y: FloatArray) -> Ruled:
    """x + y, with broadcasting."""
    return x + y, [lambda d: unbroadcast(d, x), lambda d: unbroadcast(d, y)]


@operation
def multiply(x: FloatArray, y: FloatArray) -> Ruled:
    """x * y entry by entry, with broadcasting."""
    return x * y, [lambda d: unbroadcast(d * y, x), lambda d: unbroadcast(d * x, y)]


@operation
def matmul(x: FloatArray, W: FloatArray) -> Ruled:
    """x @ W of two matrices."""
    return x @ W, [lambda d: d @ W.T, lambda d: x.T @ d]


@operation
def sigmoid(x: FloatArray) -> Ruled:
    """1 / (1 + exp(-x)); its slope is told by its value."""
    y = ops.sigmoid(x)
    return y, [lambda d: d * y * (1 - y)]


@operation
def tanh(x: FloatArray) -> Ruled:
    """tanh(x); its slope is told by its value."""
    y = np.tanh(x)
    return y, [lambda d: d * (1 - y**2)]


@operation
def exp(x: FloatArray) -> Ruled:
    """e to the power of x."""
    y = np.exp(x)
    return y, [lambda d: d * y]


@operation
def log(x: FloatArray) -> Ruled:
    """The natural logarithm of x."""
    return np.log(x), [lambda d: d / x]


@operation
def total(x: FloatArray, *, axis: int | None = None) -> Ruled:
    """The sum of all entries; with `axis`, of each line along it, which keeps its place with length 1."""
    value = np.asarray(x.sum()) if axis is None else x.sum(axis=axis, keepdims=True)
    return value, [lambda d: d * np.ones_like(x)]


@operation
def take(x: FloatArray, *, index: Any) -> Ruled:
    """x[index]: rows by their ids, a block of columns; what is taken twice adds up twice."""

    def back(d: FloatArray) -> FloatArray:
        dx = np.zeros_like(x)
        np.add.at(dx, index, d)
        return dx

    return x[index], [back]


# ---- the way back


def topological_order(loss: Node) -> list[Node]:
    """All nodes that `loss` is made from, each after those that it is made from; `loss` is the last."""
    order: list[Node] = []
    seen: set[Node] = set()
    waiting = [(loss, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting += [(node, True), *((parent, False) for parent, _ in node.arrows)]
    return order


def gradients(loss: Node) -> dict[Node, FloatArray]:
    """The gradient of `loss`, one number, in every node that it is made from, itself included.

    Raises TypeError unless `loss` is a Node, ValueError when it is more than one number or when a product gives an
    array that has not the shape of its input.
    """
    if require_instance("loss", loss, Node, source="an operation").value.size != 1:
        raise ValueError(f"loss must be one number; got shape {loss.value.shape}")
    back = {loss: np.ones_like(loss.value)}
    for node in reversed(topological_order(loss)):
        for place, (parent, vjp) in enumerate(node.arrows, start=1):
            dx = vjp(back[node])
            if dx.shape != parent.value.shape:
                wanted = f"{parent.value.shape}, the shape of {parent.name}"
                raise ValueError(f"product {place} of {node.name} must give {wanted}; got {dx.shape}")
            back[parent] = back[parent] + dx if parent in back else dx
    return back


def value_and_gradients(function: Callable[[Any], Node], record: Tree) -> tuple[float, Tree]:
    """What `function` gives, and its gradient in each array of the record, as a record of the same type.

    `function` is handed the record's arrays as nodes, under the same names, and returns the loss. An array that it
    does not use gets zeros. Raises TypeError when it returns no node; and what `gradients` raises.
    """
    nodes = {name: Node(leaf, name=name) for name, leaf in named_leaves(record)}
    loss = require_instance("the loss", function(SimpleNamespace(**nodes)), Node, source="an operation")
    back = gradients(loss)
    found = {name: back.get(node, np.zeros_like(node.value)) for name, node in nodes.items()}
    return float(loss.value.reshape(())), type(record)(**found)
