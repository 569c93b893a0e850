"""The patient's network: loss and gradient of a table, with its defects behind switches. Healthy, it is `model`."""

from typing import NamedTuple

import numpy as np

from lstm_lib.cell import GateCache, gates_backward, gates_forward
from lstm_lib.data import Batch
from lstm_lib.model import Params, initial_state
from lstm_lib.ops import log_softmax
from lstm_lib.patient.defects import HEALTHY, Sick
from lstm_lib.tree import FloatArray, IntArray


class Run(NamedTuple):
    """What the backward pass needs of a forward pass."""

    x: FloatArray  # (T, B, D)
    h: FloatArray  # (T+1, B, H)
    steps: list[GateCache]
    log_p: FloatArray  # (T, B, V)


def forward(params: Params, inputs: IntArray, sick: Sick = HEALTHY) -> Run:
    """Read a table of ids (T, B) from states of zeros."""
    T, B = inputs.shape
    x, state = params.E[inputs], initial_state(params, B)
    h, steps = np.zeros((T + 1, B, params.hidden_size), params.dtype), []
    from_input = x @ params.W_x + params.b  # (T, B, 4H), all steps at once
    for t in range(T):
        state, step = gates_forward(from_input[t] + h[t] @ params.W_h, state.c)
        h[t + 1] = state.h
        steps.append(step)
    return Run(x, h, steps, _log_laws(h[1:] @ params.W_y + params.b_y, sick))


def _log_laws(logits: FloatArray, sick: Sick) -> FloatArray:
    if "bare softmax" not in sick:
        return log_softmax(logits)
    with np.errstate(all="ignore"):  # the patient's reader sees warnings; the tests make them errors
        grown = np.exp(logits)
        found: FloatArray = np.log(grown / grown.sum(axis=-1, keepdims=True))
    return found


def loss_and_grads(params: Params, batch: Batch, sick: Sick = HEALTHY) -> tuple[float, Params]:
    """The loss that is reported, and the gradient that is used: mean nats over the cells that count.

    With "sum over time" both are sums, divided by the number of names.
    """
    inputs, targets, counted = batch
    if "first step only" in sick:
        inputs, targets, counted = inputs[:1], targets[:1], counted[:1]
    run = forward(params, inputs, sick)
    share = 1 / (len(inputs[0]) if "sum over time" in sick else int(counted.sum()))
    weight = counted * run.log_p.dtype.type(share)  # (T, B)
    came = targets[..., None]
    nats = -np.take_along_axis(run.log_p, came, axis=-1)[..., 0]
    if "another loss" in sick:
        nats = nats + _misses(run.log_p, came)
    dlogits = np.exp(run.log_p)
    np.put_along_axis(dlogits, came, np.take_along_axis(dlogits, came, axis=-1) - 1, axis=-1)
    loss = float((nats * weight).sum(where=counted, dtype=np.float64))
    return loss, backward(params, inputs, run, dlogits * weight[..., None], sick)


def _misses(log_p: FloatArray, came: IntArray) -> FloatArray:
    """The second half of a two-sided cross-entropy (T, B): -ln(1 - p) of each symbol that did not come."""
    with np.errstate(divide="ignore"):
        others = np.log1p(-np.minimum(np.exp(log_p.astype(np.float64)), 1))
    np.put_along_axis(others, came, 0, axis=-1)
    total: FloatArray = -others.sum(axis=-1)
    return total


def backward(params: Params, inputs: IntArray, run: Run, dlogits: FloatArray, sick: Sick = HEALTHY) -> Params:
    """The gradients of all six tensors from that of the scores (T, B, V)."""
    T, B, _ = dlogits.shape
    H = params.hidden_size
    road = slice(2 * H, 3 * H) if "candidate only" in sick else slice(None)
    da = np.empty((T, B, 4 * H), params.dtype)
    dh, dc = initial_state(params, B)
    for t in reversed(range(T)):
        da[t], dc = gates_backward(run.steps[t], dlogits[t] @ params.W_y.T + dh, dc)
        dh = da[t][:, road] @ params.W_h[:, road].T
    dE = np.zeros_like(params.E)
    np.add.at(dE, inputs, da[..., road] @ params.W_x[:, road].T)
    last = slice(T - 1, T) if "last step only" in sick else slice(None)
    return Params(
        E=dE,
        W_x=np.tensordot(run.x, da, ((0, 1), (0, 1))),
        W_h=np.tensordot(run.h[:-1], da, ((0, 1), (0, 1))),
        b=da.sum(axis=(0, 1)),
        W_y=np.tensordot(run.h[1:][last], dlogits[last], ((0, 1), (0, 1))),
        b_y=dlogits.sum(axis=(0, 1)),
    )
