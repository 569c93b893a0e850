"""Feedback for exercise 13.5: the start with a bug in it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, verdict
from lstm_lib.check.numbers import params_hint
from lstm_lib.model import Params, init_params
from lstm_lib.tree import FloatArray, named_leaves

SIZES = (27, 4, 6)  # V, D, H
INNOCENT = {
    "A": "A is healthy: h @ W_h adds up H products, and this bound keeps their sum from growing with H.",
    "B": "B is healthy: the embedding is the input, and has size 1.",
    "C": "C is healthy: four blocks of fresh numbers, positive and negative.",
    "E": "E is healthy: small output weights give a first loss near ln 27, and that reading is fine.",
}
BLOCKS = {"input": 0, "candidate": 2, "output": 3}


@exercise
def bug(line: object, my_init: Callable[..., Any]) -> Feedback:
    """Exercise 13.5: the letter of the sick line, and the mended function, by the parameters that it returns."""
    feedback = letter_feedback(line, "D", INNOCENT)
    if feedback is not None:
        return feedback
    answer, feedback = ask(my_init, *SIZES, rng=np.random.default_rng(134))
    if feedback is not None:
        return feedback
    hint = params_hint(answer, init_params(*SIZES, rng=np.random.default_rng()))
    return verdict(hint or _bias_hint(answer.b) or _changed(answer), "The 1 belongs to the second block: i, f, g, o.")


def _bias_hint(b: FloatArray) -> str | None:
    H = SIZES[2]
    blocks = b.reshape(4, -1)
    if np.array_equal(blocks, np.eye(4)[1][:, None] * np.ones(H)):
        return None
    if np.array_equal(blocks[1], np.ones(H)):
        return "the forget gate has its 1; all other biases should be 0."
    for gate, k in BLOCKS.items():
        if np.array_equal(blocks, np.eye(4)[k][:, None] * np.ones(H)):
            return f"the 1 still stands in the block of the {gate} gate; the order of the blocks is i, f, g, o."
    if not b.any():
        return "without any 1 the forget gate starts at one half, and the reach stays as short as it was."
    return "the forget gate's block, and no other, should hold 1: columns H to 2H."


def _changed(answer: Params) -> str | None:
    """The hint for a mended bias beside weights that are no longer those of before."""
    V, D, H = SIZES
    rng, bound = np.random.default_rng(134), 1 / np.sqrt(H)
    E, W_x = rng.standard_normal((V, D)), rng.uniform(-bound, bound, (D, 4 * H))
    W_h, W_y = rng.uniform(-bound, bound, (H, 4 * H)), rng.uniform(-bound, bound, (H, V))
    before = {"E": E, "W_x": W_x, "W_h": W_h, "W_y": W_y, "b_y": np.zeros(V)}
    for name, leaf in named_leaves(answer):
        if name in before and not np.array_equal(leaf, before[name]):
            return f"the bias is mended, but {name} is no longer what it was: leave the other lines alone."
    return None
