"""Feedback for exercise 12.2: the mistake of a clipping function, told from the length and direction it returns."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import apart, params_hint
from lstm_lib.model import Params, init_params
from lstm_lib.optim import clip_by_global_norm, global_norm
from lstm_lib.tree import FloatArray, named_leaves, tree_map

LIMIT = 2.0  # of the planted gradients' norm


@exercise
def clip(my_clip: Callable[..., Any]) -> Feedback:
    """Exercise 12.2: `(grads, max_norm) -> grads`, tried on a gradient that is too long and on one that is not."""
    long = _gradient(norm=5.0)
    answer, feedback = ask(my_clip, long, LIMIT)
    if feedback is not None:
        return feedback
    form_hint = params_hint(answer, long)
    if form_hint is not None:
        return not_yet(form_hint)
    wrong = _wrong_direction(answer, long) or _wrong_length(answer, long) or _short_one_changed(my_clip)
    wrong = wrong or borrowed_hint(my_clip, clip_by_global_norm)
    return verdict(wrong, "The long one got shorter, the short one stayed, no direction changed.")


def _gradient(norm: float) -> Params:
    """A random gradient of that length; its six tensors have very different sizes, and one entry is large."""
    draw = init_params(4, 2, 3, rng=np.random.default_rng(121), forget_bias=0.3)
    uneven = Params(draw.E, 3 * draw.W_x, draw.W_h / 3, draw.b, draw.W_y, np.array([0.2, 0.2, 0.2, 3.0]))
    factor = norm / global_norm(uneven)
    return tree_map(lambda leaf: leaf * factor, uneven)


def _flat(record: Params) -> FloatArray:
    return np.concatenate([leaf.ravel() for _, leaf in named_leaves(record)])


def _wrong_direction(answer: Params, long: Params) -> str | None:
    """The hint for an answer that does not point where the gradient points."""
    mine, gradient = _flat(answer), _flat(long)
    length = float(np.linalg.norm(mine))
    if not 0 < length < math.inf:
        return f"the norm after clipping is {length:g}; it should be max_norm = {LIMIT:g}."
    cosine = float(mine @ gradient) / (length * float(np.linalg.norm(gradient)))
    degrees = math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
    if degrees < 1e-3:
        return None
    turned = f"the direction changed by {degrees:.{0 if degrees > 1 else 3}f} degrees: "
    if degrees > 179:
        return turned + "it was turned round. Clipping shortens; the minus sign belongs to the step."
    if np.abs(mine).max() <= LIMIT and np.allclose(mine, np.clip(gradient, -LIMIT, LIMIT)):
        return turned + "you cut single entries. Shrink all of them by one factor."
    if all(_is_multiple(a, b) for (_, a), (_, b) in zip(named_leaves(answer), named_leaves(long), strict=True)):
        return turned + "each tensor was shrunk by a factor of its own. Take one norm over all six."
    return turned + "every entry of every tensor must be multiplied by one and the same factor."


def _is_multiple(mine: FloatArray, leaf: FloatArray) -> bool:
    factor = float(np.vdot(mine, leaf)) / float(np.vdot(leaf, leaf))
    return np.allclose(mine, factor * leaf)


def _wrong_length(answer: Params, long: Params) -> str | None:
    """The hint for an answer of the right direction but another length than the limit."""
    length, before = global_norm(answer), global_norm(long)
    after, limit = apart(length, LIMIT, 3)
    said = f"the norm was {before:g}, the limit is {limit}, and after clipping it is {after}: "
    if math.isclose(length, LIMIT, rel_tol=1e-5):  # a tiny number added to the norm is harmless
        return None
    if math.isclose(length, before):
        return said + "nothing happened. Is the fraction upside down, or max in the place of min? See (12.2)."
    if length > before:
        return said + "the factor is upside down. It is max_norm / norm."
    if math.isclose(length, LIMIT / before):
        return said + "that divides by the squared norm. Take the root of the sum of squares."
    if math.isclose(length, 1.0):
        return said + "you made it 1 long. The factor is max_norm / norm."
    return said + "the norm is the root of the sum of squares over all six tensors."


def _short_one_changed(my_clip: Callable[..., Any]) -> str | None:
    """The hint for a function that touches a gradient within the limit."""
    short = _gradient(norm=0.5)
    answer, feedback = ask(my_clip, short, LIMIT)
    wrong = params_hint(answer, short) if feedback is None else feedback.message or "the blank is still there."
    if wrong is not None:
        return f"a gradient within the limit must be returned as it came, but for such a one {wrong}"
    if np.allclose(_flat(answer), _flat(short)):
        return None
    after, before = apart(global_norm(answer), global_norm(short), 3)
    if global_norm(answer) > global_norm(short):
        return f"you enlarged a gradient below the limit, from {before} to {after}."
    return f"you changed a gradient below the limit, from {before} to {after}: return it as it came."
