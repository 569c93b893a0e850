"""Feedback for chapter 8: the loop with two carries, rows that add, reading the table, one step downhill."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, first_difference, judge, shape_of
from lstm_lib.check.parts.chapter_08_loop import whole_walk
from lstm_lib.check.parts.chapter_08_sums import weight_sums
from lstm_lib.data import make_batch
from lstm_lib.example import NAME, VOCABULARY, example_params
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward
from lstm_lib.tree import FloatArray, IntArray, named_leaves, tree_map

__all__ = ["embedding_gradient", "latch", "one_step", "weight_sums", "whole_walk"]

LEARNING_RATE = 0.01

STEPS: dict[float, str] = {
    1: "at step 1 da^i₁ is 0: the end mark is read, g₁ = 0, and the gate has nothing to write",
    2: "at step 2 da^i₁ is 0, because g₁ = 0 at every a. (If you meant t = 2 of the code: the table counts from 1)",
    4: "at step 4 dc₁ is largest, but da^i₁ is 0: g₁ = 0 at an a, so opening the gate would write nothing",
}
ENTRIES = {
    0.0078: "look at the sign: below 0 means that a larger gate lowers the loss, so it says open",
    -0.1081: "that is dc₁, the order to the memory; the order to the gate stands in the row da^i₁",
    -0.0350: "that is the candidate's row, da^g₁; the input gate's is da^i₁",
    -0.0865: "that is di₁, before the squash; the table's da^i₁ has the factor i (1 - i) too",
    0.0002: "that is what is left when the road along c is cut; take the table of the whole machine",
    -0.1109: "that is what arrives along c; the order to the gate stands in the row da^i₁",
}
ARRIVES = {
    -0.0897: "that is all that arrives along c; step 3's own part is in it. Follow the -0.1179 alone",
    -0.1109: "that is what arrives at step 3; to reach step 2 it must pass the forget gate of step 3 too",
    -0.0979: "one gate is missing: on the way from 4 to 3 it passes f of step 4, from 3 to 2 f of step 3",
    -0.0998: "f of step 4 is right, then comes f of step 3, 0.8302, not that of step 2",
    -0.0881: "those are the gates of steps 3 and 2; the road from 4 to 2 passes the gates of steps 4 and 3",
    -0.0955: "0.9 twice is the machine without the wire, or steps 1 and 2; here the gates are 0.9405 and 0.8302",
    -0.1043: "the gate of step 4 twice; the second one is that of step 3",
    -0.1179: "that is where the message starts; each step on its way multiplies it by a forget gate",
    0.0921: "a forget gate is never negative: the sign stays",
    -0.0829: "three gates are one too many: to reach step 2, it passes those of steps 4 and 3",
    -0.0023: "that is the rest. The question asks for step 4's part",
    0.0023: "that is the rest, step 3's own part. The question asks for step 4's",
}


@exercise
def embedding_gradient(function: Callable[..., Any]) -> Feedback:
    """Exercise 8.2: `function(ids, dx, V)` returns dE, (V, D); tried on "ana" and on a longer word."""
    rng = np.random.default_rng(82)
    for ids, dx, V in (_ana_rows(), (np.array([0, 3, 1, 3, 0, 3, 2]), rng.normal(size=(7, 3)), 5)):
        answer, feedback = ask(function, ids, dx, V)
        if feedback is not None:
            return feedback
        hint = _rows_hint(answer, ids, dx, V)
        if hint is not None:
            return not_yet(hint)
    return right("Each use of a row adds its share, however often the symbol is read.")


def _ana_rows() -> tuple[IntArray, FloatArray, int]:
    """The symbols that "ana" reads, and the gradient of what was looked up, (T, D)."""
    ids = np.array([0, 1, 2, 1])
    dx = np.array([[0.294286, -0.2912], [-0.019116, 0.030331], [0.003115, -0.075796], [-0.002393, -0.010564]])
    return ids, dx, 3


def _rows_hint(answer: object, ids: IntArray, dx: FloatArray, V: int) -> str | None:
    """Which mistake this gradient of E makes, or None."""
    uses = np.eye(V)[ids].T  # (V, T)
    wanted = uses @ dx
    dE, form_hint = as_array(answer, wanted.shape, "dE, (V, D) like E,")
    if form_hint is not None:
        came = shape_of(answer)
        turned = " You return it lying on its side." if came == wanted.shape[::-1] else ""
        rows = " One row a step is dx itself; dE has one row a symbol." if came == dx.shape else ""
        return f"{form_hint}{turned}{rows}"
    if np.allclose(dE, wanted):
        return None
    k, symbol, often = (1, "a", "twice") if V == 3 else (3, "symbol 3", "three times")
    must = f"row {symbol[-1]} must be [{', '.join(f'{entry:.4f}' for entry in wanted[k])}]"
    for hint, wrong in _wrong_rows(ids, dx, uses):
        if np.allclose(dE, wrong):
            return hint.format(twice=f"{symbol} occurs {often}", must=must)
    place, said = first_difference(dE, wanted)
    return f"start from zeros and add dx[t] to row ids[t] for each t: entry {list(place)} {said}."


def _wrong_rows(ids: IntArray, dx: FloatArray, uses: FloatArray) -> list[tuple[str, FloatArray]]:
    """Each typical slip: its hint, and the dE that it gives."""
    wanted = uses @ dx
    last, first = np.zeros_like(wanted), np.zeros_like(wanted)
    last[ids], first[ids[::-1]] = dx, dx[::-1]
    mean = wanted / np.maximum(uses.sum(axis=1, keepdims=True), 1)
    return [
        ("{twice}; you kept one, the last: {must}. dE[ids] += dx reads the old rows, adds, and writes them back; "
         "a row that is written twice keeps the last.", last),
        ("{twice}; you kept one, the first: {must}.", first),
        ("{twice}; you took the mean of the uses. Their shares add: {must}.", mean),
        ("the row of the end mark is 0. It is read at the first step, so it gets that step's dx.",
         wanted * (np.arange(len(wanted)) > 0)[:, None]),
        ("the sign is turned: the gradient is added up here, the step downhill comes later.", -wanted),
    ]  # fmt: skip


@exercise
def latch(step: object, entry: object, arrives: object) -> Feedback:
    """Exercise 8.3: which step opens the latch's input gate, by which entry, and how much of -0.1179 reaches step 2."""
    along = "pass the forget gate of each step on the way: step 4, then step 3"
    return judge(
        "Write more at n. Of -0.0897, all but +0.0023 comes from step 4; that rest is step 3's own part.",
        Number("step", step, 3, STEPS, "the steps are numbered 1 to 4; look along the row da^i₁", 0),
        Number("entry", entry, -0.0078, ENTRIES, "look in the row da^i₁", 6e-5),
        Number("arrives", arrives, -0.0921, ARRIVES, along, 2e-4),
    )


@exercise
def one_step(fall: object) -> Feedback:
    """Exercise 8.5: by how much one plain step with learning rate 0.01 lowers the loss on "ana", predicted."""
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
