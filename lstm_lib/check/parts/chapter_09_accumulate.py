"""Feedback for exercise 9.4: the gradient of a batch in parts."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import params_hint
from lstm_lib.data import Batch, make_batch
from lstm_lib.model import Params, init_params
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary


@exercise
def accumulate(function: Callable[..., Any]) -> Feedback:
    """Exercise 9.4: `(params, parts) -> grads` of the whole batch, tried on four parts of unequal size and length."""
    vocabulary = Vocabulary((".", "a", "n"))
    params = init_params(3, 2, 3, rng=np.random.default_rng(904))
    groups = ["ana", "an", "nan"], ["a"], ["annana", "nnn"], ["nana", "aa"]
    parts = [make_batch(group, vocabulary) for group in groups]
    answer, feedback = ask(function, params, parts)
    if feedback is not None:
        return feedback
    hint = params_hint(answer, params)
    if hint is not None:
        return not_yet(hint)
    whole = loss_and_grads(params, make_batch([name for group in groups for name in group], vocabulary))[1]
    if _close(answer, whole):
        return right("Each part weighs as many symbols as it has, and N divides once.")
    matching = [hint for hint, weights in _part_weights(parts) if _close(answer, _mix(params, parts, weights))]
    return not_yet(matching[0] if matching else "weigh part k by its share N_k / N of all real symbols, then add.")


def _part_weights(parts: list[Batch]) -> list[tuple[str, list[float]]]:
    """The weight of each part under each slip."""
    symbols = [int(part.mask.sum()) for part in parts]
    names, cells = [part.mask.shape[1] for part in parts], [part.mask.size for part in parts]
    letters = [int((part.targets != 0).sum()) for part in parts]
    count = len(parts)
    arrays = "len(part) is 3, the number of its arrays; count part.mask.sum()."
    means = "a mean of means: a part of few symbols weighs as much as one of many."
    added = "the parts are added, not averaged: the gradient is about as many times too long as there are parts."
    return [
        (f"{means} (len(part), if you weighed by it, is 3 for every part: its arrays.)", [1 / count] * count),
        (added, [1.0] * count),
        *((arrays, [weight] * count) for weight in (3.0, 3 / count, 3 / sum(symbols))),
        ("the parts are weighed by their names; the loss counts symbols, so weigh by part.mask.sum().", _shares(names)),
        ("the parts are weighed by their cells, padding included; weigh by part.mask.sum().", _shares(cells)),
        ("the parts are weighed by their letters; the end marks count too: use part.mask.sum().", _shares(letters)),
        ("the weights are right, N_k; divide the sum by all of N.", [float(n) for n in symbols]),
        ("weighed by N_k, but divided by the number of parts; divide by all of N.", [n / count for n in symbols]),
        (
            "the shares N_k / N are right and sum to 1; the division by the number of parts is left over.",
            [n / sum(symbols) / count for n in symbols],
        ),
        ("that is the last part alone: add up over the parts.", [0.0] * (count - 1) + [1.0]),
        ("the shares are turned over: a part with more symbols must weigh more.", _shares([1 / n for n in symbols])),
    ]


def _shares(numbers: Sequence[float]) -> list[float]:
    return [number / sum(numbers) for number in numbers]


def _mix(params: Params, parts: list[Batch], weights: list[float]) -> Params:
    total = tree_map(np.zeros_like, params)
    for part, weight in zip(parts, weights, strict=True):
        grads = loss_and_grads(params, part)[1]
        total = tree_map(lambda old, d, w=weight: old + w * d, total, grads)
    return total


def _close(one: Params, other: Params) -> bool:
    return all(np.allclose(leaf, getattr(other, name), rtol=1e-7, atol=1e-10) for name, leaf in named_leaves(one))
