"""Feedback for chapter 6, Build the LSTM cell."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from lstm_lib.cell import gates_forward
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, ask, blank, not_yet, right
from lstm_lib.check.numbers import first_match, number_hint
from lstm_lib.model import Params, init_params
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray

STEP_THREE_I = {
    0.1: "that is the gate with the bias alone; reading n adds 4 ln 3 before the squash",
    2.0: "that is the pre-activation in units of ln 3; the gate is its sigmoid",
    2.197: "that is the pre-activation, 2 ln 3; the gate is its sigmoid",
    0.8: "that is tanh(ln 3); the input gate uses the sigmoid, of 2 ln 3",
    0.988: "that is sigmoid(4 ln 3); the bias of -2 ln 3 belongs to the sum",
}
STEP_THREE_C = {
    -0.72: "that is only what is written, i g; a tenth of the old 0.72 is kept: add f c",
    0.072: "that is only what is kept, f c; what is written, i g, is missing",
    0.792: "the candidate is negative here: tanh(-ln 3) = -4/5",
    0.297: "the candidate uses tanh, not the sigmoid: tanh(-ln 3) = -4/5, and sigmoid(-ln 3) = 1/4",
    0.648: "the sign is lost: 0.072 is kept and -0.72 is written",
    -0.8: "that is the candidate g alone; i scales it, and f c is added",
    0.8: "that is tanh(ln 3); g is negative here, i scales it, and f c is added",
    -0.792: "0.72 was positive before the step: 0.072 is added, not subtracted",
    0.568: "f and i are exchanged: f = 1/10 keeps the old memory, i = 9/10 writes the new",
}
COUNTS = {
    81_787: "that is a model with one gate; there are four: W_x, W_h and b have 4H columns",
    302_875: "the embedding is missing: V rows of D numbers",
    302_688: "the biases are missing: b has 4H numbers and b_y has V",
    296_800: "the output layer is missing: W_y is (H, V) and b_y is (V,)",
    304_763: "you counted b twice (some libraries do have two); here the cell has one bias",
    303_712: "b_y is missing: one number for each symbol",
    302_715: "b is missing: one number for each unit of each gate, 4H",
}


def step_three(i_1: object, c_2: object) -> Feedback:
    """Exercise 6.1: the input gate of unit 1 and the cell state of unit 2 at step 3 of "ana"."""
    if blank(i_1):
        return NOT_ATTEMPTED
    hint = number_hint("i_1", i_1, 0.9, STEP_THREE_I, "write the sum down first, then squash it")
    if hint is not None:
        return not_yet(hint)
    if blank(c_2):
        return not_yet("i_1 is right; c_2 is still to do.")
    hint = number_hint(
        "c_2", c_2, -0.648, STEP_THREE_C, "two products, then their sum, f c + i g; no squash at the end"
    )
    return right("Keep a tenth of 0.72, add nine tenths of -0.8.") if hint is None else not_yet(hint)


def parameter_count(count: object) -> Feedback:
    """Exercise 6.2: the number of parameters for V = 27, D = 32, H = 256."""
    if blank(count):
        return NOT_ATTEMPTED
    if not isinstance(count, int | np.integer | float):
        return not_yet(f"the answer is a number; got {count!r}")
    if count == 303_739:
        return right("Nothing in it depends on the length of a name: the same weights serve every step.")
    if count in COUNTS:
        return not_yet(COUNTS[int(count)] + ".")
    if count > 2 * 303_739:
        return not_yet(
            "that is too many: the weights are shared over time and over the batch, so T and B do not count."
        )
    return not_yet("write the six shapes down: (V, D), (D, 4H), (H, 4H), (4H,), (H, V), (V,), and add their products.")


def holding_biases(b_i: object, b_f: object) -> Feedback:
    """Exercise 6.3: biases that hold c = 1 within 1 % for 50 steps, while the candidate is tanh(1)."""
    if blank(b_i) or blank(b_f):
        return NOT_ATTEMPTED
    try:
        i, f = (float(sigmoid(np.float64(bias))) for bias in (b_i, b_f))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return not_yet(f"both biases should be numbers; got {b_i!r} and {b_f!r}")
    kept, c = f**50, 1.0
    for _ in range(50):
        c = f * c + i * float(np.tanh(1.0))
    if f < 0.5:
        return not_yet(f"f = {f:.4f} erases the memory: f near 1 means keep, so b_f must be large and positive.")
    if kept < 0.99:
        looks = "looks like 1" if f > 0.9 else "is far from 1"
        return not_yet(f"f = {f:.4f} {looks}: fifty steps keep only f^50 = {kept:.2%} of the memory.")
    if abs(c - 1) > 0.01:
        return not_yet(f"c drifts to {c:.4f}: i = {i:.4f} lets something be written at each of the fifty steps.")
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


def one_product_step(step: Callable[..., Any]) -> Feedback:
    """Exercise 6.4: the step `(x, h, c, params) -> (h, c)`, tried on three rows with a state that is not zero."""
    case = _random_case()
    answer, feedback = ask(step, case.x.copy(), case.h.copy(), case.c.copy(), case.params)
    if feedback is not None:
        return feedback
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return not_yet("return two arrays: h and c.")
    h, c = (np.asarray(part) for part in answer)
    if h.shape != case.h.shape or c.shape != case.c.shape:
        return not_yet(f"h and c should each have shape {case.h.shape}; got {h.shape} and {c.shape}.")
    new_c = case.f * case.c + case.i * case.g
    new_h = case.o * np.tanh(new_c)
    if np.allclose(h, new_h) and np.allclose(c, new_c):
        return right("Two products serve all four gates.")
    if np.allclose(h, new_c) and np.allclose(c, new_h):
        return not_yet("both are right, in the wrong order: return h, then c.")
    if np.allclose(c, new_c):
        return not_yet(_hint_for_h(h, new_c, case))
    return not_yet(_hint_for_c(c, case))


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


def gate_weights(draw: Callable[..., Any]) -> Feedback:
    """Exercise 6.5: `(rng, D, H)` -> four matrices (D, H) that are not copies of each other."""
    answers = []
    for seed in (1, 1, 2):
        answer, feedback = ask(draw, np.random.default_rng(seed), 3, 4)
        if feedback is not None:
            return feedback
        answers.append([np.asarray(matrix) for matrix in answer])
    first, same_seed, other_seed = answers
    if len(first) != 4 or any(matrix.shape != (3, 4) for matrix in first):
        shapes = ", ".join(str(matrix.shape) for matrix in first)
        return not_yet(f"return four matrices of shape (D, H) = (3, 4), not one wide array; got {shapes}.")
    if any(np.array_equal(one, other) for one, other in combinations(first, 2)):
        return not_yet("at least two gates have equal weights, to the last digit: does each draw start over?")
    if any(np.array_equal(one, other) for one, other in zip(first, other_seed, strict=True)):
        return not_yet("the gates differ now, but another rng gives the same weights: use the one that is passed in.")
    if not all(np.array_equal(one, other) for one, other in zip(first, same_seed, strict=True)):
        return not_yet("the same rng gives other weights each time: draw from the one that is passed in, and no other.")
    return right("Four different draws from one generator.")
