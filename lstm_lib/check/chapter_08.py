"""Feedback for chapter 8: the reader's own transposes, one weight, the loop with two carries, one step downhill."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_arrays, first_match, judge
from lstm_lib.check.parts.chapter_08_loop import whole_walk
from lstm_lib.check.parts.chapter_08_sums import weight_sums
from lstm_lib.data import make_batch
from lstm_lib.example import NAME, VOCABULARY, example_params
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward
from lstm_lib.tree import FloatArray, named_leaves, tree_map

__all__ = ["first_step", "one_step", "one_weight", "product_gradients", "weight_sums", "whole_walk"]

LEARNING_RATE = 0.01
LN_3 = float(np.log(3))

FIRST = {
    -8 / 124: "the weights are in units of ln 3; multiply by it",
    -8 * LN_3: "dz is (1, -4, 3) over 124; divide by it",
    -8 * LN_3 / 31: "the loss is a mean over four guesses; dz is (1, -4, 3)/124",
    8 * LN_3 / 124: "look at the sign: 1 times 4, and 3 times -4",
    38 * LN_3 / 124: "that is unit 2; unit 1 has the other row of W_y",
    0.0: "that is the arrow from the target alone; add all three",
    4 * LN_3 / 124: "that is the arrow from the end mark alone; add all three",
    -12 * LN_3 / 124: "that is the arrow from n alone; add all three",
    16 * LN_3 / 124: "n pulls the other way: its weight is -4, so its term is 3 times -4",
}
WEIGHT = {
    0.0175: "those are the h that left each step. The gate of a step read the h that entered it, one column earlier",
    0.0061: "that is the share of the last step alone; add all four",
    -0.0194: "that is the share of step 3 alone; add all four",
    -0.0033: "that is the mean of the shares; they add",
    0.0134: "look at the signs: at step 3 a plus meets a minus",
    -0.0255: "at step 4 both numbers are negative, so that share is positive",
    -0.0014: "that is the sum of the h times the sum of the da: multiply step by step first, then add",
    -0.0066: "that is the entry from unit 1; the question is about unit 2",
    -0.0338: "that is the bias, whose input is always 1; here each da is multiplied by the h that entered",
}


@exercise
def first_step(dh: object) -> Feedback:
    """Exercise 8.1: what comes back to unit 1 of h at step 1 of "ana", through the three scores."""
    otherwise = "three arrows: each entry of dz times the weight that h was multiplied by on the way to it; add"
    return judge(
        "That is r at step 1 of chapter 7: here is who handed you those numbers.",
        Number("dh", dh, -8 * LN_3 / 124, FIRST, otherwise, 1.5e-4),
    )


@exercise
def product_gradients(function: Callable[..., Any]) -> Feedback:
    """Exercise 8.2: `function(x, W, dy)` returns dx (J,) and dW (J, K) for y = x W; tried on a square W first."""
    rng = np.random.default_rng(82)
    for J, K in ((3, 3), (2, 4)):
        x, W, dy = rng.normal(size=J), rng.normal(size=(J, K)), rng.normal(size=K)
        answer, feedback = ask(function, x, W, dy)
        if feedback is not None:
            return feedback
        (dx, dW), hint = as_arrays(answer, {"dx": (J,), "dW": (J, K)})
        if hint is not None:
            return not_yet(hint)
        if not np.allclose(dx, W @ dy):
            otherwise = "dx[j] is the sum over k of dy[k] * W[j, k]; write that loop first"
            return not_yet(f"dx: {first_match(dx, _wrong_inputs(x, W, dy) if J == K else {}, otherwise)}.")
        if not np.allclose(dW, np.outer(x, dy)):
            otherwise = "one arrow leaves W[j, k], to y[k], with the factor x[j]; write that entry first"
            return not_yet(f"dW: {first_match(dW, _wrong_weights(x, W, dy) if J == K else {}, otherwise)}.")
    return right("What comes back, times W turned over; x upright, times what comes back.")


def _wrong_inputs(x: FloatArray, W: FloatArray, dy: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong dx on a square W, where they run."""
    return {
        "this W is square, so dy @ W runs; but it adds down the columns. The arrows of x[j] lie along row j": dy @ W,
        "that is y, the way forward; what comes back is dy": x @ W,
        "that is one arrow of each x[j]; K of them leave it, so a sum is missing": dy * np.diag(W),
        "that is the sum of the weights; each is multiplied by the dy at its end": W.sum(axis=1),
        "x itself has no part in it: y is x times W, so the slope in x is W": x * (W @ dy),
    }


def _wrong_weights(x: FloatArray, W: FloatArray, dy: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong dW on a square W."""
    return {
        "it lies on its side: row j belongs to x[j], column k to dy[k]": np.outer(dy, x),
        "W itself has no part in it: the slope in W[j, k] is x[j]": np.outer(x, dy) * W,
        "each row is dy: the factor x[j] is missing": np.outer(np.ones_like(x), dy),
        "each column is x: the factor dy[k] is missing": np.outer(x, np.ones_like(dy)),
        "y has no part in it: dy is what comes back, y went forward": np.outer(x, x @ W),
    }


@exercise
def one_weight(entry: object) -> Feedback:
    """Exercise 8.3: the entry of dW_h from unit 2 to the candidate of unit 1, on "ana", from rounded numbers."""
    otherwise = "for each step, the h that entered times da; the first h is h_0 = 0. Then add"
    return judge(
        "The h that a gate read is the one that entered its step.",
        Number("entry", entry, -0.01337, WEIGHT, otherwise, 1.5e-4),
    )


@exercise
def one_step(fall: object) -> Feedback:
    """Exercise 8.6: by how much one plain step with learning rate 0.01 lowers the loss on "ana", predicted."""
    params = example_params()
    loss, grads = _ana_loss(params)
    moved, _ = _ana_loss(tree_map(lambda w, dw: w - LEARNING_RATE * dw, params, grads))
    target = LEARNING_RATE * sum(float((leaf**2).sum()) for _, leaf in named_leaves(grads))
    hints, otherwise = _wrong_falls(grads, loss - moved), "for each weight: its slope times its move; then add"
    praise = f"The real step brings {loss - moved:.4f} nats: a slope is only true nearby."
    return judge(praise, Number("fall", fall, target, hints, otherwise, 0.018, relative=True))  # 0.0025 will do


def _wrong_falls(grads: Params, measured: float) -> dict[float, str]:
    """Typical wrong predictions, and what went wrong."""
    leaves = dict(named_leaves(grads))
    squares = {name: float((leaf**2).sum()) for name, leaf in leaves.items()}
    square, slopes = sum(squares.values()), sum(float(leaf.sum()) for leaf in leaves.values())
    shares = {LEARNING_RATE * squares[name]: f"that is the share of {name} alone; all six move" for name in ("E", "b")}
    return {
        -LEARNING_RATE * square: "right size; the question asks how far it falls, so the number is positive",
        measured: "that is the fall of the real step, measured. From grads alone you predict a little more: the "
        "slope shrinks on the way",
        square: "that is the sum of squares; each weight moves by eta times its slope, so eta is missing",
        LEARNING_RATE * square**0.5: "that is eta times the length; a weight moves by eta times its slope, and that "
        "counts its slope once more: the square",
        square**0.5: "that is the length of the gradient; you need its square, and eta",
        LEARNING_RATE * slopes: "you added the slopes; each is multiplied by its own move, -eta times the slope, so "
        "add their squares",
        LEARNING_RATE**2 * square: "that is the length of the step, squared; the fall is the move times the slope",
        **shares,
    }


def _ana_loss(params: Params) -> tuple[float, Params]:
    """The mean loss of "ana", and its gradient."""
    inputs, targets, mask = make_batch([NAME], VOCABULARY)
    logits, _, cache = forward(params, inputs)
    loss, dlogits = cross_entropy(logits, targets, mask)
    return loss, backward(params, cache, dlogits)[0]
