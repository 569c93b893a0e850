"""Feedback for chapter 6, Build the LSTM cell."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.cell import gates_forward
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import Number, apart, as_arrays, as_number, first_match, judge
from lstm_lib.check.parts.chapter_06_draws import gate_weights
from lstm_lib.check.parts.counted import counting
from lstm_lib.model import Params, init_params
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray

__all__ = ["gate_weights", "holding_biases", "one_product_step", "parameter_count", "step_three"]

STEP_THREE_I = {
    0.1: "that is the gate with the bias alone; reading n adds 4 ln 3 before the squash",
    2.0: "that is the pre-activation as a multiple of ln 3; the gate is its sigmoid",
    2.197: "that is the pre-activation, 2 ln 3; the gate is its sigmoid",
    0.8: "that is tanh(ln 3); the input gate uses the sigmoid, of 2 ln 3",
    0.9756: "that is tanh(2 ln 3); a gate is squashed by the sigmoid",
    0.988: "that is sigmoid(4 ln 3); the bias of -2 ln 3 belongs to the sum",
}
NOT_SQUASHED = "the candidate g is a squashed number too: tanh(-ln 3) = -4/5, not -ln 3 itself"
STEP_THREE_C = {
    -0.5703: "that is tanh(c): nothing squashes the memory itself; c is f c + i g, and no more",
    -0.72: "that is only what is written, i g; a tenth of the old 0.72 is kept: add f c",
    0.072: "that is only what is kept, f c; what is written, i g, is missing",
    0.792: "the candidate is negative here: tanh(-ln 3) = -4/5",
    -0.9168: NOT_SQUASHED,
    -0.92: NOT_SQUASHED,
    0.297: "the candidate uses tanh, not the sigmoid: tanh(-ln 3) = -4/5, and sigmoid(-ln 3) = 1/4",
    0.648: "the sign is lost: 0.072 is kept and -0.72 is written",
    -0.728: "what is written is i g: nine tenths of -0.8, not all of it",
    0.0: "the old 0.72 is not kept whole: f = 1/10 of it stays",
    -0.8: "that is the candidate g alone; i scales it, and f c is added",
    0.8: "that is tanh(ln 3); g is negative here, i scales it, and f c is added",
    -0.792: "0.72 was positive before the step: 0.072 is added, not subtracted",
    0.568: "f and i are exchanged: f = 1/10 keeps the old memory, i = 9/10 writes the new",
}
COUNTS: dict[float, str] = {
    81_787: "that is a model with one gate; there are four: W_x, W_h and b have 4H columns",
    302_875: "the embedding is missing: V rows of D numbers",
    302_688: "the biases are missing: b has 4H numbers and b_y has V",
    296_800: "the output layer is missing: W_y is (H, V) and b_y is (V,)",
    304_763: "you counted b twice (some libraries do have two); here the cell has one bias",
    303_712: "b_y is missing: one number for each symbol",
    302_715: "b is missing: one number for each unit of each gate, 4H",
}


@exercise
def step_three(i_1: object, c_2: object) -> Feedback:
    """Exercise 6.2: the input gate of unit 1 and the cell state of unit 2 at step 3 of "ana"."""
    return judge(
        "Keep a tenth of 0.72, add nine tenths of -0.8.",
        Number("i_1", i_1, 0.9, STEP_THREE_I, "write the sum down first, then squash it"),
        Number("c_2", c_2, -0.648, STEP_THREE_C, "two products and their sum, f c + i g; look at (6.7)"),
    )


@exercise
def parameter_count(count: object) -> Feedback:
    """Exercise 6.3: the number of parameters for V = 27, D = 32, H = 256."""
    otherwise = "write the six shapes down: (V, D), (D, 4H), (H, 4H), (4H,), (H, V), (V,), and add their products"
    if (as_number(count) or 0) > 2 * 303_739:
        otherwise = "that is too many: the weights are shared over time and over the batch, so T and B do not count"
    praise = "Nothing in it depends on the length of a name: the same weights serve every step."
    return judge(praise, Number("count", count, 303_739, COUNTS, otherwise))


@exercise
def holding_biases(b_i: object, b_f: object) -> Feedback:
    """Exercise 6.4: biases that hold c = 1 within 1 % for 50 steps, while the candidate is tanh(1)."""
    if blank(b_i) or blank(b_f):
        return NOT_ATTEMPTED
    first, second = as_number(b_i), as_number(b_f)
    if first is None or second is None or not np.isfinite([first, second]).all():
        return not_yet(f"both biases should be finite numbers; got {short_repr(b_i)} and {short_repr(b_f)}.")
    i, f = (float(sigmoid(np.float64(bias))) for bias in (first, second))
    kept, c = f**50, 1.0
    for _ in range(50):
        c = f * c + i * float(np.tanh(1.0))
    if not f >= 0.5:
        return not_yet(
            f"f = {apart(f, 0.5, 4)[0]} erases the memory: f near 1 means keep, so b_f must be large and positive."
        )
    if kept < 0.99:
        looks = "looks like 1" if f > 0.9 else "is far from 1"
        part, all_of_it = apart(kept, 0.99, 4)
        return not_yet(f"f = {apart(f, 1, 4)[0]} {looks}: fifty steps keep only f^50 = {part} of it, not {all_of_it}.")
    if not abs(c - 1) <= 0.01:
        bound = 1 + math.copysign(0.01, c - 1)
        return not_yet(f"c drifts to {apart(c, bound, 4)[0]}: i = {i:.4g} lets something be written at each step.")
    return right(f"After fifty steps c = {c:.4f}.")


@dataclass(frozen=True)
class _Case:
    """One step on random numbers: what goes in, and the four gates that come out."""

    x: FloatArray
    h: FloatArray
    c: FloatArray
    params: Params
    i: FloatArray
    f: FloatArray
    g: FloatArray
    o: FloatArray


@exercise
def one_product_step(step: Callable[..., Any]) -> Feedback:
    """Exercise 6.1: the step `(x, h, c, params) -> (h, c)`, tried on three rows with a state that is not zero."""
    case = _random_case()
    params, log = counting(case.params)
    answer, feedback = ask(step, case.x, case.h, case.c, params)
    if feedback is not None:
        return feedback
    (h, c), hint = as_arrays(answer, {"h": case.h.shape, "c": case.c.shape})
    if hint is not None:
        return not_yet(hint)
    new_c = case.f * case.c + case.i * case.g
    new_h = case.o * np.tanh(new_c)
    if np.allclose(h, new_h) and np.allclose(c, new_c):
        return _products_feedback(log.products)
    if np.allclose(h, new_c) and np.allclose(c, new_h):
        return not_yet("both are right, in the wrong order: return h, then c.")
    if np.allclose(c, new_c):
        return not_yet(_hint_for_h(h, new_c, case))
    return not_yet(_hint_for_c(c, case))


def _products_feedback(products: int) -> Feedback:
    """The verdict on right numbers that took so many matrix products with the weights."""
    if products == 0:
        return not_yet("the numbers are right, but the products could not be counted: write them with @.")
    if products > 2:
        return not_yet(f"the numbers are right, and took {products} products: cut the blocks after the product.")
    return right(f"{'Two products serve' if products == 2 else 'One product serves'} all four gates.")


def _random_case() -> _Case:
    rng = np.random.default_rng(606)
    params = init_params(5, 2, 4, rng=rng)
    x, h, c = rng.normal(size=(3, 2)), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    _, cache = gates_forward(x @ params.W_x + h @ params.W_h + params.b, c)
    return _Case(x, h, c, params, cache.i, cache.f, cache.g, cache.o)


def _hint_for_h(h: FloatArray, c: FloatArray, case: _Case) -> str:
    a = case.x @ case.params.W_x + case.h @ case.params.W_h + case.params.b
    if np.allclose(h, np.split(a, 4, axis=-1)[3] * np.tanh(c)):
        return "c matches, h does not: o is a sigmoid; look at (6.8)."
    if np.allclose(h, case.o * c):
        return "c matches, h does not: the tanh on the way out is missing; look at (6.9)."
    return "c matches, h does not: h is o times tanh of the NEW c; look at (6.9)."


def _hint_for_c(c: FloatArray, case: _Case) -> str:
    """Which slip gives this c; each is computed and compared."""
    p = case.params
    a = case.x @ p.W_x + case.h @ p.W_h + p.b
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
    without_h, _ = gates_forward(a - case.h @ p.W_h, case.c)
    without_b, _ = gates_forward(a - p.b, case.c)
    slips = {
        "the blocks g and o are exchanged: the order is i, f, g, o.": case.f * case.c + case.i * np.tanh(a_o),
        "the blocks f and g are exchanged: the order is i, f, g, o.": sigmoid(a_g) * case.c + case.i * np.tanh(a_f),
        "i and f are exchanged: the order is i, f, g, o.": case.i * case.c + case.f * case.g,
        "the candidate g uses tanh, not the sigmoid; look at (6.6).": case.f * case.c + case.i * sigmoid(a_g),
        "the old memory is not kept: f times c is missing in (6.7).": case.i * case.g,
        "nothing is written: i times g is missing in (6.7).": case.f * case.c,
        "the gates do not read h: add h @ params.W_h in (6.2).": without_h.c,
        "the bias is missing in (6.2).": without_b.c,
        "the gates are not squashed: i and f are sigmoids; look at (6.4) and (6.5).": a_f * case.c + a_i * case.g,
    }
    return first_match(c, slips, "c is wrong: compute a first, cut it in four, then follow (6.4) to (6.7).")
