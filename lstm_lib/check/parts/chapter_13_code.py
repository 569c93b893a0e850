"""Feedback for the two exercises of chapter 13 that are written in code: 13.2 and 13.4."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import apart, as_number, params_hint
from lstm_lib.model import Params, init_params
from lstm_lib.tree import BoolArray, FloatArray, named_leaves

# ---- 13.2


@exercise
def saturation(my_saturation: Callable[..., Any]) -> Feedback:
    """Exercise 13.2: `(gate, mask) -> share`, for a gate (T, B, H) of which only some symbols are real.

    Tried on the planted gate, and on its first three steps.
    """
    whole, real = _planted_gate()
    for gate, mask in ((whole, real), (whole[:3, ::-1], real[:3, ::-1])):
        answer, feedback = ask(my_saturation, gate, mask)
        if feedback is not None:
            return feedback
        share, target = as_number(answer), float(_ends(gate)[mask].mean())
        if share is None:
            return not_yet(f"return one number, the share; got {short_repr(answer)}.")
        if not np.isclose(share, target):
            mine, wanted = apart(share, target, 3)
            near = [hint for hint, wrong in _wrong_shares(gate, mask).items() if np.isclose(share, wrong)]
            return not_yet((*near, f"the share should be {wanted} here; yours is {mine}.")[0])
    return right(f"{_ends(whole)[real].mean():.0%} of the real values lie at an end; padding is not among them.")


def _planted_gate() -> tuple[FloatArray, BoolArray]:
    """A gate (4, 3, 5) whose padding, as it happens, is all saturated."""
    gate = np.random.default_rng(136).uniform(0, 1, (4, 3, 5))
    gate[0, :, :3], gate[1, :2, 0] = 0.02, 0.99
    mask = np.arange(4)[:, None] < np.array([4, 3, 1])
    gate[~mask] = 0.999
    return gate, mask


def _ends(gate: FloatArray) -> BoolArray:
    ends: BoolArray = (gate < 0.05) | (gate > 0.95)
    return ends


def _wrong_shares(gate: FloatArray, mask: BoolArray) -> dict[str, float]:
    """Hints, each with the share of the mistake that it speaks of."""
    ends, real = _ends(gate), gate[mask]
    return {
        "padding is counted too: take the values where the mask is true, gate[mask].": float(ends.mean()),
        "padding is left out above the line, but divided by: take the mean over the real values only.": (
            float(ends[mask].sum() / gate.size)
        ),
        "that is how many there are; the share is their mean.": float(ends[mask].sum()),
        "that is in per cent; return the share, a number from 0 to 1.": float(100 * ends[mask].mean()),
        "divide by the number of values: each real symbol has H of them.": float(ends[mask].sum() / mask.sum()),
        "that is the share of what is not at an end.": float(1 - ends[mask].mean()),
        "that is the lower end alone; a gate above 0.95 is stuck as well.": float((real < 0.05).mean()),
        "that is the upper end alone; a gate below 0.05 is stuck as well.": float((real > 0.95).mean()),
        "no number is below 0.05 and above 0.95: join the two with |, not &.": 0.0,
        "that is the share of symbols with any unit at an end; count every unit's value.": float(
            np.any(ends[mask], axis=-1).mean()
        ),
        "each step weighs the same in yours, however many names are left: take one mean over all real values.": (
            float(np.mean([ends[t, real_names].mean() for t, real_names in enumerate(mask)]))
        ),
    }


# ---- 13.4

SIZES = (27, 4, 6)  # V, D, H
INNOCENT = {
    "A": "A is healthy: weights within 1/sqrt(H) keep the pre-activations moderate for every H.",
    "B": "B is healthy: the embedding is the input, and has size 1.",
    "C": "C is healthy: four blocks of fresh numbers, positive and negative.",
    "E": "E is healthy: small output weights give a first loss near ln 27, and that reading is fine.",
}
BLOCKS = {"input": 0, "candidate": 2, "output": 3}


@exercise
def bug(line: object, my_init: Callable[..., Any]) -> Feedback:
    """Exercise 13.4: the letter of the sick line, and the mended function, by the parameters that it returns."""
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
