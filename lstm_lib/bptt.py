"""From a batch to the loss and its gradient: forward, loss, backward through time, on the fast route of `packed`."""

from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lib.arguments import require_generator, require_ids, require_number
from lstm_lib.cell import LSTMState
from lstm_lib.data import Batch, check_batch
from lstm_lib.model import Params, initial_state, require_params, require_state
from lstm_lib.packed import loss_and_grads as packed_loss_and_grads
from lstm_lib.packed import pack
from lstm_lib.tree import FloatArray


def loss_and_grads(
    params: Params, batch: Batch, state: LSTMState | None = None, *,
    dropout: float = 0.0, weight_drop: float | None = None, rng: np.random.Generator | None = None,
) -> tuple[float, Params]:  # fmt: skip
    """The mean loss of a batch in nats per predicted symbol, the end mark included, and its gradient.

    `batch` holds inputs, targets and mask, each (T, B); `state` is the one before the first step (zeros when
    None). `dropout` is the probability with which each unit is hidden from the output layer; it needs an `rng`,
    from which it draws one number for each unit, step and name. `weight_drop` is the probability with which each
    recurrent weight is cut, for the whole batch (DropConnect on W_h, Merity et al. 2018); one number for each weight.
    Names that begin alike share the states of their common prefix when `state` is None; the sums are the same.
    Raises TypeError or ValueError for a batch, a state or a rate that does not fit.
    """
    inputs, targets, mask = check_batch(batch)
    V, H = require_params(params).vocab_size, params.hidden_size
    require_ids("inputs", inputs, V)
    require_ids("targets", targets, V)
    B = mask.shape[1]
    before = initial_state(params, B) if state is None else require_state(params, state, B)
    require_number("dropout", dropout, at_least=0, below=1)  # before anything is drawn
    rng = None if rng is None else require_generator(rng)
    W_h = params.W_h
    cut = None if weight_drop is None else _dropout_factors(W_h.shape, params.dtype, weight_drop, rng, "weight_drop")
    keep = _dropout_factors((*inputs.shape, H), params.dtype, dropout, rng)
    packed = pack(inputs, mask, shared=state is None)
    thinned = params if cut is None else replace(params, W_h=W_h * cut)
    loss, grads = packed_loss_and_grads(
        thinned, packed, targets[packed.cell].astype(np.intp), before, None if keep is None else keep[packed.cell]
    )
    return loss, grads if cut is None else replace(grads, W_h=grads.W_h * cut)


def _dropout_factors(
    shape: tuple[int, ...], dtype: np.dtype[Any], rate: float, rng: np.random.Generator | None, what: str = "dropout"
) -> FloatArray | None:
    """For each unit or weight 0 with probability `rate`, else 1 / (1 - rate), so that the mean stays 1; of `shape`."""
    rate = require_number(what, rate, at_least=0, below=1)
    if rate == 0:
        return None
    if rng is None:
        raise ValueError(f"{what}={rate} draws random numbers: pass rng, a numpy.random.Generator; got None")
    uniform = rng.random(shape, dtype=np.float32)
    factors: FloatArray = (uniform >= rate) / dtype.type(1 - rate)  # (12.4)
    return factors
