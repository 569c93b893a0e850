"""Feedback for exercise 12.1: the slip of a training loop, told from the parameters that it ends with."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import as_array, params_hint
from lstm_lib.data import Batch, make_batch
from lstm_lib.model import Params, init_params
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

NAMES = (("ana", "nan"), ("hanna", "an"), ("hana", "ann"))  # three batches
WANTED = "return three things: the parameters, Adam's memory, and a list with one loss for each batch"


class End(NamedTuple):
    """What a loop returns, or a healthy one would."""

    params: Params
    adam: AdamState[Params]
    losses: list[float]


@exercise
def loop(train: Callable[..., Any]) -> Feedback:
    """Exercise 12.1: `(params, adam, supply) -> (params, adam, losses)`, tried on three batches, Adam two steps old."""
    start, supply = _start()
    before = _walk(start, adam_init(start), supply[:2])
    answer, feedback = ask(train, before.params, before.adam, supply)
    if feedback is not None:
        return feedback
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        return not_yet(f"{WANTED}; got {type(answer).__name__}.")
    params, adam, losses = answer
    hint = params_hint(params, start) or _adam_hint(adam, start)
    if hint is not None:
        return not_yet(hint)
    healthy = _walk(before.params, before.adam, supply)
    found, hint = as_array(losses, (len(supply),), "the list of losses")
    wrong = hint or _slip(params, before, supply) or _memory_hint(adam, healthy)
    if wrong is None and not np.allclose(found, healthy.losses):
        wrong = "the parameters are right, the losses are not: note that of each batch, as loss_and_grads returns it."
    return verdict(wrong, "Gradient, clipping, Adam, and everything that must live on is handed on.")


def _start() -> tuple[Params, list[Batch]]:
    """A model that is sure of the wrong symbol, so that each gradient is long enough to be clipped, and its batches."""
    vocabulary = Vocabulary.from_names([name for pair in NAMES for name in pair])
    drawn = init_params(len(vocabulary), 2, 3, rng=np.random.default_rng(121))
    sure = replace(drawn, W_y=8 * drawn.W_y, b_y=np.array([0.0, 0.0, 4.0, -4.0]))
    return sure, [make_batch(pair, vocabulary) for pair in NAMES]


def _walk(
    params: Params, adam: AdamState[Params], supply: Sequence[Batch], *,
    clipped: bool = True, remember: bool = True, move: bool = True, lr: float = 0.01,
) -> End:  # fmt: skip
    """The loop, healthy or with one slip."""
    begin, losses = (params, adam), []
    for batch in supply:
        loss, grads = loss_and_grads(params if move else begin[0], batch)
        grads = clip_by_global_norm(grads, 1.0)[0] if clipped else grads
        params, adam = adam_update(params, grads, adam if remember else begin[1], lr=lr)
        losses.append(loss)
    return End(params, adam, losses)


def _slip(params: Params, before: End, supply: Sequence[Batch]) -> str | None:
    """What is wrong with the parameters that come back; None when they are those of a healthy loop."""
    begin, adam = before.params, before.adam
    if _same(params, _walk(begin, adam, supply).params):
        return None
    slips = {
        "the parameters come back as they went in: adam_update returns new ones; give them the name params.": begin,
        "only one step was taken: does `return` stand inside the loop?": _walk(begin, adam, supply[:1]).params,
        "there is no clipping: the gradient of a batch may be longer than 1.": _walk(
            begin, adam, supply, clipped=False
        ).params,
        "Adam's new memory is thrown away after each step: give it the name adam, for the next one.": _walk(
            begin, adam, supply, remember=False
        ).params,
        "Adam begins anew: it must go on from the memory that the loop is given.": _walk(
            begin, adam_init(begin), supply
        ).params,
        "the gradients are all taken at the first parameters: take them where the last step led.": _walk(
            begin, adam, supply, move=False
        ).params,
    }
    for hint, wrong in slips.items():
        if _same(params, wrong):
            return hint
    return "the parameters differ from those of gradient, clipping at 1.0 and Adam at lr=0.01, in this order."


def _adam_hint(adam: object, start: Params) -> str | None:
    if isinstance(adam, AdamState):
        return params_hint(adam.m, start)
    return f"the second thing to return is Adam's memory, as adam_update makes it; got {type(adam).__name__}."


def _memory_hint(adam: AdamState[Params], healthy: End) -> str | None:
    if adam.step == healthy.adam.step and _same(adam.m, healthy.adam.m) and _same(adam.v, healthy.adam.v):
        return None
    return "the parameters are right, but Adam's memory is not that of the last step: whoever goes on needs it."


def _same(one: Params, other: Params) -> bool:
    pairs = zip(named_leaves(one), named_leaves(other), strict=True)
    return all(np.allclose(a, b, equal_nan=True) for (_, a), (_, b) in pairs)
