"""Feedback for exercise 19.6: the same number from fewer matrix products, counted by the weights themselves."""

from collections.abc import Callable
from string import ascii_lowercase
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import apart, as_number
from lstm_lib.check.parts.counted import Log, counting, plain
from lstm_lib.data import make_batch
from lstm_lib.model import Params, forward, init_params
from lstm_lib.ops import log_softmax
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

VOCABULARY = Vocabulary((".", *ascii_lowercase))
NAMES = ("ana", "an", "anna", "andy", "emma", "emily", "mary", "maria", "marie", "mae", "ana", "bo")
CELLS = sum(len(name) + 1 for name in NAMES)
PREFIXES = len({name[:k] for name in NAMES for k in range(len(name) + 1)})
SLOW = 3 * CELLS  # products of the slow version: with W_x, W_h and W_y for each cell


def trial() -> tuple[Params, Log]:
    """Parameters with H = 5 that count, and their count."""
    return counting(tree_map(lambda leaf: 2 * leaf, init_params(27, 3, 5, rng=np.random.default_rng(195))))


@exercise
def halved(function: Callable[..., Any]) -> Feedback:
    """Exercise 19.6: `(params, names) -> nats`, with at most half of the slow version's matrix products."""
    params, log = trial()
    answer, feedback = ask(function, params, list(NAMES))
    if feedback is not None:
        return feedback
    value = as_number(answer)
    if value is None:
        return not_yet(f"return one number, the sum of all nats; got {type(answer).__name__}.")
    nats = _cell_nats(tree_map(plain, params))
    total = sum(sum(each[1:]) for each in nats)
    return _verdict(log) if abs(value - total) <= 1e-8 else not_yet(_value_hint(value, nats, total))


def _verdict(log: Log) -> Feedback:
    made = f"{log.products} products instead of {SLOW}, {log.rows} rows instead of {CELLS}"
    if log.rows < PREFIXES - 1:  # the empty prefix needs no product with W_h
        return not_yet("the number is right, but not all products could be counted: write them with @.")
    if log.products >= SLOW:
        return not_yet(
            f"the number is right, and so slow: {log.products} products. Let names stand side by side, or let names "
            "that begin alike share a row."
        )
    if 2 * log.products > SLOW:
        return not_yet(f"the number is right and you are on your way: {made}. At most {SLOW // 2} products.")
    if log.rows > PREFIXES:
        return right(f"{made}. The other road: names that begin alike, {PREFIXES} rows.")
    if log.products > CELLS:
        return right(f"{made}. The other road: rows side by side, a product or two for each step.")
    return right(f"{made}.")


def _cell_nats(params: Params) -> list[list[float]]:
    """For each name the nats of its padding, all together, and then those of each symbol."""
    inputs, targets, mask = make_batch(list(NAMES), VOCABULARY)
    log_p = log_softmax(forward(params, inputs)[0])  # no mask: the padding has nats as well
    cells = -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0]
    # without a mask the state goes on through the padding, as it would in a batch that forgets it
    return [[float(cells[~mask[:, n], n].sum()), *cells[mask[:, n], n].tolist()] for n in range(len(NAMES))]


def _value_hint(value: float, nats: list[list[float]], total: float) -> str:
    names = [sum(each[1:]) for each in nats]
    slips = {
        "that is the mean over the symbols; the sum is asked for.": total / CELLS,
        "that is the mean over the names; the sum is asked for.": total / len(NAMES),
        "that is the sum of the names' means; each symbol counts once.": sum(np.mean(each[1:]) for each in nats),
        "the sign is turned: nats are -ln p.": -total,
        "the padding has been counted: only real symbols, a mask tells which.": total + sum(each[0] for each in nats),
        "the end marks are missing: the last prediction of each name counts.": total - sum(each[-1] for each in nats),
        "the first letters are missing: the end mark is read first, and predicts them.": total
        - sum(each[1] for each in nats),
        "a name that stands twice counts twice; you counted it once.": total - names[0],
        "that is in bits; divide nothing by ln 2.": total / np.log(2),
        "that is the last name alone: add up.": names[-1],
        "that is the first name alone: add up.": names[0],
    }
    found = [hint for hint, wrong in slips.items() if abs(value - wrong) < 1e-8]
    if found:
        return found[0]
    mine, wanted = apart(value, total)
    return f"the sum should be {wanted}; got {mine}. Score one name both ways: where do they part?"
