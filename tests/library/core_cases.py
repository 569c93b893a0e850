"""What several tests of the core share: a small ragged case, read-only records, and a way to plant a mistake."""

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib import bptt, loss, model
from lstm_lib.cell import LSTMState
from lstm_lib.data import Batch
from lstm_lib.model import Params, init_params
from lstm_lib.tree import FloatArray, tree_map

V, D, H = 7, 4, 5  # D differs from H; 18 cells draw from 7 ids, so that ids repeat
T, B = 6, 3
LENGTHS = (6, 3, 1)  # ragged
SMALL = 5, 2, 4  # V, D, H where all of a gradient is measured by differences, two losses for each of its numbers


def random_params(seed: int = 0, *, dtype: Any = np.float64, sizes: tuple[int, int, int] = (V, D, H)) -> Params:
    """Parameters without a zero: the biases of `init_params` are replaced by random numbers as well."""
    rng = np.random.default_rng(seed)
    drawn = init_params(*sizes, rng=rng)
    return tree_map(lambda leaf: (leaf + 0.3 * rng.standard_normal(leaf.shape)).astype(dtype), drawn)


def ragged_batch(seed: int = 1, *, lengths: tuple[int, ...] = LENGTHS, vocab_size: int = V) -> Batch:
    """Random ids, targets that have nothing to do with the inputs, and a prefix mask of the given lengths."""
    rng = np.random.default_rng(seed)
    shape = max(lengths), len(lengths)
    inputs, targets = rng.integers(0, vocab_size, (2, *shape))
    return Batch(inputs, targets, np.arange(shape[0])[:, None] < np.array(lengths))


def random_state(seed: int = 2, *, dtype: Any = np.float64, hidden: int = H) -> LSTMState:
    """A state (B, H) that is nowhere zero."""
    h, c = np.random.default_rng(seed).standard_normal((2, B, hidden)).astype(dtype)
    return LSTMState(h, c)


def leaves(record: Any) -> list[np.ndarray]:
    """Every array in a record, however deep."""
    if isinstance(record, np.ndarray):
        return [record]
    inner = record if isinstance(record, tuple) else vars(record).values() if hasattr(record, "__dict__") else ()
    return [array for part in inner for array in leaves(part)]


def frozen(record: Any) -> Any:
    """The same record; writing to any of its arrays now raises."""
    for array in leaves(record):
        array.flags.writeable = False
    return record


def readable_loss(
    params: Params, batch: Batch, state: LSTMState | None = None, *,
    dropout: float = 0.0, rng: np.random.Generator | None = None,
) -> tuple[float, FloatArray, model.ForwardCache]:  # fmt: skip
    """The loss on the route of `model`, which the chapters derive, and what its gradient needs."""
    keep = bptt._dropout_factors((*batch.inputs.shape, params.hidden_size), params.dtype, dropout, rng)
    logits, _, cache = model.forward(params, batch.inputs, state, mask=batch.mask, keep=keep)
    return *loss.cross_entropy(logits, batch.targets, batch.mask), cache


def readable_loss_and_grads(
    params: Params, batch: Batch, state: LSTMState | None = None, *,
    dropout: float = 0.0, rng: np.random.Generator | None = None,
) -> tuple[float, Params]:  # fmt: skip
    """What `loss_and_grads` computes, on that route."""
    loss_value, dlogits, cache = readable_loss(params, batch, state, dropout=dropout, rng=rng)
    return loss_value, model.backward(params, cache, dlogits)[0]


def mutant(function: Callable[..., Any], right: str, wrong: str) -> Callable[..., Any]:
    """The function with a piece of its source exchanged; the piece must occur exactly once."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(right) == 1, f"{right!r} occurs {source.count(right)} times in {function.__name__}"
    namespace = dict(vars(sys.modules[function.__module__]))
    exec(source.replace(right, wrong), namespace)
    changed: Callable[..., Any] = namespace[function.__name__]
    return changed
