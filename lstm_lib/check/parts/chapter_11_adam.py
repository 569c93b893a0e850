"""Feedback for exercise 11.1: which slip makes an Adam move as it does; each is run beside the reader's."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import apart, params_hint
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_update
from lstm_lib.tree import FloatArray, named_leaves, tree_map

RATE, STEPS = 0.01, 4


class Recipe(NamedTuple):
    """One way to write Adam: the right one, or one with a slip. `k` counts the six tensors, from 0."""

    keep: tuple[float, float] = (0.9, 0.999)  # of m and of v
    add: tuple[float, float] = (0.1, 0.001)
    squared: Callable[[FloatArray, FloatArray], FloatArray] = lambda d, m: d * d
    share_m: Callable[[int, FloatArray], Any] = lambda s, k: 1 - 0.9**s
    share_v: Callable[[int, FloatArray], Any] = lambda s, k: 1 - 0.999**s
    move: Callable[[FloatArray, FloatArray], FloatArray] = lambda m, v: RATE * m / (np.sqrt(v) + 1e-8)
    stored: float | None = None  # 1: the corrected means are kept in place of m and v; 0: nothing is kept


RIGHT = Recipe()
SLIPS = {
    "your first step is 3.16 lr: neither mean is corrected; (11.4) and (11.5) are missing.": RIGHT._replace(
        share_m=lambda s, k: 1, share_v=lambda s, k: 1
    ),
    "your first step is 31.6 lr: only m is corrected, and v is still far too small; (11.5) is missing.": RIGHT._replace(
        share_v=lambda s, k: 1
    ),
    "your first step is 0.1 lr: only v is corrected; (11.4) is missing.": RIGHT._replace(share_m=lambda s, k: 1),
    "you multiply by 1 - beta**s, which makes small means smaller still; divide by it.": RIGHT._replace(
        share_m=lambda s, k: 1 / (1 - 0.9**s), share_v=lambda s, k: 1 / (1 - 0.999**s)
    ),
    "right at step 1, wrong from step 2: you divide by 1 - beta at every step. Either the power s is missing, or the "
    "count that you return does not grow.": RIGHT._replace(share_m=lambda s, k: 0.1, share_v=lambda s, k: 0.001),
    "s runs six times too fast: after one training step your count is 6. Count once for each step, not once for each "
    "tensor.": RIGHT._replace(
        share_m=lambda s, k: 1 - 0.9 ** (6 * s - 5 + k), share_v=lambda s, k: 1 - 0.999 ** (6 * s - 5 + k)
    ),
    "your count is one ahead: the first step must divide by 1 - beta**1.": RIGHT._replace(
        share_m=lambda s, k: 1 - 0.9 ** (s + 1), share_v=lambda s, k: 1 - 0.999 ** (s + 1)
    ),
    "the betas are exchanged: m keeps 0.9 of the old, v keeps 0.999.": Recipe(
        (0.999, 0.9), (0.001, 0.1), share_m=lambda s, k: 1 - 0.999**s, share_v=lambda s, k: 1 - 0.9**s
    ),
    "the root is missing in (11.6): v has the size of a square, so divide by its root.": RIGHT._replace(
        move=lambda m, v: RATE * m / (v + 1e-8)
    ),
    "eps stands under the root, where it acts like 1e-4; add it after the root.": RIGHT._replace(
        move=lambda m, v: RATE * m / np.sqrt(v + 1e-8)
    ),
    "eps is added to the whole fraction; it belongs to the denominator: (np.sqrt(v_hat) + eps).": RIGHT._replace(
        move=lambda m, v: RATE * m / np.sqrt(np.maximum(v, 1e-99)) + 1e-8
    ),
    "you walk uphill: the step is subtracted.": RIGHT._replace(move=lambda m, v: -RIGHT.move(m, v)),
    "lr is missing: your steps have length 1.": RIGHT._replace(move=lambda m, v: RIGHT.move(m, v) / RATE),
    "v averages the square of the gradient; yours averages the square of m.": RIGHT._replace(
        squared=lambda d, m: m * m
    ),
    "m and v are sums, not means: the new gradient enters with 1 - beta.": RIGHT._replace(add=(1.0, 1.0)),
    "you hand back the corrected means; hand back m and v as they are, and correct afresh at each step.": (
        RIGHT._replace(stored=1.0)
    ),
    "m and v are not remembered: each step starts from the zeros that came in. Hand back the new ones.": RIGHT._replace(
        stored=0.0
    ),
    "you hand back the m that came in: hand back the new one, as you do with v.": RIGHT._replace(keep=(0.0, 0.999)),
    "you hand back the v that came in: hand back the new one, as you do with m.": RIGHT._replace(keep=(0.9, 0.0)),
    "you hand back the state that came in: return the new m, the new v and the new count.": RIGHT._replace(
        share_m=lambda s, k: 0.1, share_v=lambda s, k: 0.001, stored=0.0
    ),
    "you step with the gradient itself; the step takes m_hat, the corrected mean of the gradients.": RIGHT._replace(
        keep=(0.0, 0.999), add=(1.0, 0.001), share_m=lambda s, k: 1
    ),
    "you correct the gradient itself; (11.4) corrects m, the running mean of the gradients.": RIGHT._replace(
        keep=(0.0, 0.999), add=(1.0, 0.001)
    ),
    "v averages the squares of the gradients; yours averages their sizes, |g|.": RIGHT._replace(
        squared=lambda d, m: np.abs(d)
    ),
}


@exercise
def adam(my_adam: Callable[..., Any]) -> Feedback:
    """Exercise 11.1: `(params, grads, (m, v, s), lr) -> (params, (m, v, s))`, four steps on a small model."""
    start, gradients = _trial()
    params, state = start, (tree_map(np.zeros_like, start), tree_map(np.zeros_like, start), 0)
    walked = []
    for grads in gradients:
        answer, feedback = ask(my_adam, params, grads, state, RATE)
        if feedback is not None:
            return feedback
        hint = _form_hint(answer, start)
        if hint is not None:
            return not_yet(hint)
        params, state = answer
        walked.append(_flat(params))
    feedback = _verdict(np.array(walked), start, gradients)
    zeros = tree_map(np.zeros_like, start)
    again, _ = ask(my_adam, start, gradients[0], (zeros, zeros, 0), RATE)
    if feedback.right and (_form_hint(again, start) or not _same(_flat(again[0]), walked[0])):
        return not_yet("begun again from zeros, it goes on where it was: all that Adam remembers stands in the state.")
    borrowed = borrowed_hint(my_adam, adam_update)
    return not_yet(borrowed) if feedback.right and borrowed else feedback


def _verdict(walked: FloatArray, start: Params, gradients: list[Params]) -> Feedback:
    if _same(walked, _walk(RIGHT, start, gradients)):
        return right("Six tensors, one count, and every step as it should be.")
    if not np.isfinite(walked[0]).any():
        return not_yet("every weight is nan or infinite at once: s is still 0 in 1 - beta**s; count it up first.")
    if not np.isfinite(walked).all():
        return not_yet(
            "some weights become nan or infinite: is s counted up before 1 - beta**s, is the gradient squared in v, "
            "and does eps stand in the denominator?"
        )
    found = [hint for hint, slip in SLIPS.items() if _same(walked, _walk(slip, start, gradients))]
    if found:
        return not_yet(found[0])
    ratio = np.abs(walked[0] - _flat(start)).max() / RATE
    if abs(ratio - 1) < 5e-3:
        return not_yet("large gradients get a right first step; look at eps, and at what m and v keep each step.")
    first = apart(float(ratio), 1, 3)[0]
    return not_yet(f"your first step is {first} lr where it should be lr; go through (11.2) to (11.6) in order.")


def _form_hint(answer: Any, start: Params) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "return two things: the new params, and the state (m, v, s)."
    params, state = answer
    hint = params_hint(params, start)
    if hint is not None:
        return f"the first of the two: {hint}"
    if not isinstance(state, tuple | list) or len(state) != 3:
        return "the state returned should be three things: m, v and s."
    return None


def _trial() -> tuple[Params, list[Params]]:
    """A small model and four gradients of very different size, some of them near eps and one of them 0."""
    rng = np.random.default_rng(1101)
    start = init_params(3, 2, 2, rng=rng)
    sizes = tree_map(lambda leaf: 10.0 ** rng.integers(-9, 1, size=leaf.shape), start)
    sizes.E[0, 0] = 0.0
    return start, [tree_map(lambda size: size * rng.normal(size=size.shape), sizes) for _ in range(STEPS)]


def _walk(recipe: Recipe, start: Params, gradients: list[Params]) -> FloatArray:
    """The weights after each step, (STEPS, all weights in a row)."""
    tensor = np.concatenate([np.full(leaf.size, k) for k, (_, leaf) in enumerate(named_leaves(start))])
    theta, path = _flat(start), []
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for s, grads in enumerate(gradients, start=1):
        d = _flat(grads)
        m = recipe.keep[0] * m + recipe.add[0] * d
        v = recipe.keep[1] * v + recipe.add[1] * recipe.squared(d, m)
        m_hat, v_hat = m / recipe.share_m(s, tensor), v / recipe.share_v(s, tensor)
        theta = theta - recipe.move(m_hat, v_hat)
        path.append(theta)
        if recipe.stored is not None:
            m, v = recipe.stored * m_hat, recipe.stored * v_hat
    return np.array(path)


def _same(one: FloatArray, other: FloatArray) -> bool:
    return np.allclose(one, other, rtol=0, atol=1e-9)


def _flat(params: Params) -> FloatArray:
    return np.concatenate([np.ravel(leaf) for _, leaf in named_leaves(params)])
