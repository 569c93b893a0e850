"""Feedback for exercises 20.1 and 20.4: rules of the autograd, a value and a product for each input."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from lstm_lib import ops
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_array, first_match
from lstm_lib.tree import FloatArray

Slips = Mapping[str, FloatArray]


class Product(NamedTuple):
    """What a vector-Jacobian product should give for `d`, typical wrong answers, and the hint for any other."""

    target: FloatArray
    slips: Slips
    otherwise: str


@exercise
def matmul(function: Callable[..., Any]) -> Feedback:
    """Exercise 20.1: the rule of x @ W, on matrices: the value, and the two products."""
    rng = np.random.default_rng(202)
    for B, J, K in ((3, 3, 3), (2, 3, 4)):
        x, W, d = rng.normal(size=(B, J)), rng.normal(size=(J, K)), rng.normal(size=(B, K))
        square = J == K == B
        first = Product(d @ W.T, _slips_x(x, W, d) if square else {}, "row j of W holds the arrows of x's entry j")
        second = Product(x.T @ d, _slips_W(x, W, d) if square else {}, "each row of the batch adds its share to dW")
        feedback = _judge(function, (x, W), d, x @ W, {}, [first, second])
        if not feedback.right:
            return feedback
    return right("Two products back for one forward, whatever the matrices: remember that for (20.3).")


def _slips_x(x: FloatArray, W: FloatArray, d: FloatArray) -> dict[str, FloatArray]:
    return {
        "these matrices are square, so dy @ W runs; but row j of W holds the arrows of x's entry j": d @ W,
        "W stands on the wrong side: a row of dy is a row of the batch, and stays one": W.T @ d,
        "that is the gradient of W": x.T @ d,
        "dy is missing: the product takes what comes back": np.ones_like(d) @ W.T,
        "that is the way forward again": x @ W,
    }


def _slips_W(x: FloatArray, W: FloatArray, d: FloatArray) -> dict[str, FloatArray]:
    return {
        "it lies on its side: row j belongs to entry j of x": d.T @ x,
        "these matrices are square, so x @ d runs; but the sum is over the rows of the batch": x @ d,
        "that is the gradient of x": d @ W.T,
        "that is a mean over the rows; arrows add": x.T @ d / len(x),
        "the sides have changed: x.T comes first": d @ x.T,
    }


@exercise
def log_softmax(function: Callable[..., Any]) -> Feedback:
    """Exercise 20.4: the rule of log-softmax, row by row: the value, and the one product."""
    rng = np.random.default_rng(204)
    z, d = rng.normal(size=(2, 3, 4))
    p = ops.softmax(z)
    otherwise = (
        "two roads lead from z_k: to entry k of the value, and by way of the sum to every entry of its row; add what "
        "each of them brings back"
    )
    product = Product(d - p * d.sum(-1, keepdims=True), _slips_z(p, d), otherwise)
    feedback = _judge(function, (z,), d, np.log(p), _wrong_values(z), [product])
    return (
        right("Put 1 at the target and 0 elsewhere for -dy: that is p - onehot, (4.4).") if feedback.right else feedback
    )


def _wrong_values(z: FloatArray) -> dict[str, FloatArray]:
    return {
        "that is the softmax; its logarithm is asked for": ops.softmax(z),
        "each row is a law of its own: the sum runs along axis -1": np.log(ops.softmax(z.T).T),
        "one sum for all rows: each row is a law of its own, so axis=-1, keepdims=True": z - np.log(np.exp(z).sum()),
        "the sign is turned: z minus the logarithm of the sum": np.log(np.exp(z).sum(-1, keepdims=True)) - z,
    }


def _slips_z(p: FloatArray, d: FloatArray) -> dict[str, FloatArray]:
    row = d.sum(axis=-1, keepdims=True)
    return {
        "that is the diagonal of the Jacobian alone: an entry of z lowers the others of its row, too": d * (1 - p),
        "that is right where the entries of dy add up to 1, as for one target; what comes back by way of the sum is "
        "more or less than 1 in general": d - p,
        "the sum of dy runs over its own row only: axis=-1, keepdims=True": d - p * d.sum(),
        "the sum of dy runs along the row, axis=-1": d - p * d.sum(axis=0),
        "the sign is turned": p * row - d,
        "that is the way back through softmax, without the logarithm": p * (d - (p * d).sum(-1, keepdims=True)),
        "that misses the road through the sum: every entry of z is in it": d,
        "that is the road through the sum; each entry has its own road, too: dy itself": -p * row,
        "that is the sum of dy, not yet shared out: z_k has p_k of it": d - row,
    }


def _judge(
    function: Callable[..., Any], arrays: tuple[FloatArray, ...], d: FloatArray,
    value: FloatArray, values: Slips, products: list[Product],
) -> Feedback:  # fmt: skip
    """Feedback on a rule: first its form, then the value, then each product, asked with `d`."""
    answer, feedback = ask(function, *arrays)
    if feedback is not None:
        return feedback
    count = len(products)
    if not isinstance(answer, tuple | list) or len(answer) != 2 or not isinstance(answer[1], tuple | list):
        return not_yet("return two things: the value, and a list with a function for each input.")
    if len(answer[1]) != count or not all(map(callable, answer[1])):
        wanted = "one function" if count == 1 else f"{count} functions, one for each input"
        return not_yet(f"the list should hold {wanted}, from dy to the gradient of the input.")
    found, hint = as_array(answer[0], value.shape, "the value")
    if hint is None and not np.allclose(found, value):
        hint = f"the value: {first_match(found, values, 'compute it on the way forward as ever')}."
    return not_yet(hint) if hint is not None else _judge_products(list(answer[1]), arrays, d, products)


def _judge_products(
    vjps: list[Callable[..., Any]], arrays: tuple[FloatArray, ...], d: FloatArray, products: list[Product]
) -> Feedback:
    for place, (vjp, array, product) in enumerate(zip(vjps, arrays, products, strict=True)):
        name = "the product" if len(products) == 1 else f"product {place + 1}"
        dx, feedback = ask(vjp, d)
        if feedback == NOT_ATTEMPTED:
            return not_yet(f"{name} is still to do.") if place else NOT_ATTEMPTED
        if feedback is not None:
            return feedback
        found, hint = as_array(dx, array.shape, name)
        if hint is None and not np.allclose(found, product.target):
            hint = f"{name}: {first_match(found, product.slips, product.otherwise)}."
        if hint is not None:
            return not_yet(hint)
    return right("")
