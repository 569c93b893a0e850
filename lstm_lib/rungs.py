"""The same gradient computed slowly, one habit at a time mended: the rungs below `packed`, for chapter 19.

The first rung works the way many a first LSTM does, its mistakes mended: an embedding by a product with one-hot rows,
[x, h] side by side, four products a step forward, four back, four weight gradients kept for each step. Every rung
takes the parameters and a batch, and returns the mean loss and its gradient, as `loss_and_grads` does.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lstm_lib.cell import GateCache, gates_backward, gates_forward
from lstm_lib.data import Batch
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward, initial_state
from lstm_lib.optim import AdamState
from lstm_lib.packed import Packed, pack
from lstm_lib.packed import loss_and_grads as packed_loss_and_grads
from lstm_lib.tree import FloatArray, tree_map

Gradient = Callable[[Params, Batch], tuple[float, Params]]


class Rung(NamedTuple):
    """A way to compute the gradient, and what it changes against the rung before it."""

    name: str
    gradient: Gradient
    dtype: type


class _Pass(NamedTuple):
    """What the slow forward pass keeps; a list has one entry for each step."""

    one_hot: FloatArray  # (T, B, V)
    xh: list[FloatArray]  # (B, D+H): the input and the hidden state that enter, side by side
    caches: list[GateCache]
    h: FloatArray  # (T, B, H)


def slow_gradient(params: Params, batch: Batch, *, one_product: bool, lookup: bool) -> tuple[float, Params]:
    """The first rung, or with one product for the four gates, or also with rows looked up instead of multiplied."""
    W = np.concatenate([params.W_x, params.W_h])  # (D+H, 4H)
    parts = [W] if one_product else np.split(W, 4, axis=1)
    run = _slow_forward(params, batch, parts, lookup=lookup)
    loss, dlogits = cross_entropy(run.h @ params.W_y + params.b_y, batch.targets, batch.mask)
    das, dxhs = _slow_backward(params, run, parts, dlogits)
    dWs = [np.concatenate([xh.T @ d for d in np.split(da, len(parts), axis=1)], axis=1)
           for xh, da in zip(run.xh, das, strict=True)]  # fmt: skip
    D = len(params.W_x)
    dE, dW = np.zeros_like(params.E), sum(dWs, np.zeros_like(W))
    for t, dxh in enumerate(dxhs):
        if lookup:
            np.add.at(dE, batch.inputs[t], dxh[:, :D])
        else:
            dE += run.one_hot[t].T @ dxh[:, :D]
    db = sum((da.sum(axis=0) for da in das), np.zeros_like(params.b))
    dW_y = sum((h.T @ dlogit for h, dlogit in zip(run.h, dlogits, strict=True)), np.zeros_like(params.W_y))
    return loss, Params(dE, dW[:D], dW[D:], db, dW_y, dlogits.sum(axis=(0, 1)))


def _slow_forward(params: Params, batch: Batch, parts: list[FloatArray], *, lookup: bool) -> _Pass:
    one_hot = np.zeros((*batch.inputs.shape, 0 if lookup else params.vocab_size), params.dtype)
    if not lookup:
        np.put_along_axis(one_hot, batch.inputs[..., None], 1, axis=-1)
    state = initial_state(params, batch.inputs.shape[1])
    xhs, caches, hs = [], [], []
    for t, ids in enumerate(batch.inputs):
        x = params.E[ids] if lookup else one_hot[t] @ params.E
        xh = np.concatenate([x, state.h], axis=1)
        a = np.concatenate([xh @ W for W in parts], axis=1) + params.b
        state, cache = gates_forward(a, state.c)
        xhs.append(xh)
        caches.append(cache)
        hs.append(state.h)
    return _Pass(one_hot, xhs, caches, np.stack(hs))


def _slow_backward(
    params: Params, run: _Pass, parts: list[FloatArray], dlogits: FloatArray
) -> tuple[list[FloatArray], list[FloatArray]]:
    """The gradients of the pre-activations (B, 4H) and of [x, h] (B, D+H), one of each for every step."""
    D = len(params.W_x)
    dh, dc = initial_state(params, run.h.shape[1])
    das, dxhs = [], []
    for cache, dlogit in zip(reversed(run.caches), dlogits[::-1], strict=True):
        da, dc = gates_backward(cache, dlogit @ params.W_y.T + dh, dc)
        dxh = np.zeros_like(run.xh[0])
        for d, W in zip(np.split(da, len(parts), axis=1), parts, strict=True):
            dxh += d @ W.T
        dh = dxh[:, D:]
        das.append(da)
        dxhs.append(dxh)
    return das[::-1], dxhs[::-1]


def readable_gradient(params: Params, batch: Batch) -> tuple[float, Params]:
    """The route of `model`: one product over all steps for each weight gradient."""
    logits, _, cache = forward(params, batch.inputs, mask=batch.mask)
    loss, dlogits = cross_entropy(logits, batch.targets, batch.mask)
    return loss, backward(params, cache, dlogits)[0]


def packed_gradient(
    params: Params, batch: Batch, *, padded: bool = False, shared: bool = False
) -> tuple[float, Params]:
    """The route of `packed`: with its rows for padding left in, with a row for each real cell, or with shared ones."""
    packed = _padded_rows(batch) if padded else pack(batch.inputs, batch.mask, shared=shared)
    state = initial_state(params, batch.inputs.shape[1])
    return packed_loss_and_grads(params, packed, batch.targets[packed.cell], state, None)


def _padded_rows(batch: Batch) -> Packed:
    """A row for each cell, padding included; only the real cells count in the loss."""
    rows = pack(batch.inputs, np.ones_like(batch.mask), shared=False)
    real = batch.mask[rows.cell]
    step, column = rows.cell
    return rows._replace(row=rows.row[real], cell=(step[real], column[real]))


def textbook_adam(
    params: Params, grads: Params, state: AdamState[Params], *, lr: float
) -> tuple[Params, AdamState[Params]]:
    """`adam_update` as chapter 11 writes it: a new array for every operation."""
    beta1, beta2, eps, step = 0.9, 0.999, 1e-8, state.step + 1
    m = tree_map(lambda old, d: beta1 * old + (1 - beta1) * d, state.m, grads)
    v = tree_map(lambda old, d: beta2 * old + (1 - beta2) * d * d, state.v, grads)
    scale_m, scale_v = 1 / (1 - beta1**step), 1 / (1 - beta2**step)

    def move(p: FloatArray, m_p: FloatArray, v_p: FloatArray) -> FloatArray:
        moved: FloatArray = p - lr * (m_p * scale_m) / (np.sqrt(v_p * scale_v) + eps)
        return moved

    return tree_map(move, params, m, v), AdamState(m, v, step)


RUNGS = (
    Rung("first version", lambda p, b: slow_gradient(p, b, one_product=False, lookup=False), np.float64),
    Rung("one product for four gates", lambda p, b: slow_gradient(p, b, one_product=True, lookup=False), np.float64),
    Rung("rows looked up", lambda p, b: slow_gradient(p, b, one_product=True, lookup=True), np.float64),
    Rung("one weight product over time", readable_gradient, np.float64),
    Rung("float32", readable_gradient, np.float32),
    Rung("in place, one tanh", lambda p, b: packed_gradient(p, b, padded=True), np.float32),
    Rung("no padding", lambda p, b: packed_gradient(p, b), np.float32),
    Rung("shared prefixes", lambda p, b: packed_gradient(p, b, shared=True), np.float32),
)
