"""The model as its equations stand, on nodes: nothing about the way back, which `autograd` finds by itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.arguments import require_instance
from lstm_lib.autograd import Node, exp, log, sigmoid, tanh, total
from lstm_lib.data import Batch


def cell(a: Node, c: Any) -> tuple[Node, Node]:
    """The new h and c, each (B, H), from the pre-activation (B, 4H), blocks i, f, g, o, and the old c."""
    H = a.value.shape[1] // 4
    a_i, a_f, a_g, a_o = (a[:, k * H : (k + 1) * H] for k in range(4))
    c = sigmoid(a_f) * c + sigmoid(a_i) * tanh(a_g)  # (6.4) to (6.7)
    return sigmoid(a_o) * tanh(c), c  # (6.8), (6.9)


def nats(z: Node, targets: Any) -> Node:
    """What each row of scores (B, V) pays for its target, -ln p: (B, 1)."""
    rows = np.arange(len(targets))[:, None]
    return log(total(exp(z), axis=1)) - z[rows, targets[:, None]]


def batch_loss(p: Any, batch: Batch, *, step: Callable[[Node, Any], tuple[Node, Any]] = cell) -> Node:
    """The mean nats of a batch, (9.2), from zero states; `p` holds the six tensors of the model as nodes.

    `step`: from the pre-activation of a step and the old c to the new h and c; another one makes another network.

    `value_and_gradients(lambda p: batch_loss(p, batch), params)` gives what `bptt.loss_and_grads` does, to rounding.
    Scores beyond some 700 overflow, in float32 beyond 88. Raises TypeError unless `batch` is a Batch.
    """
    inputs, targets, mask = require_instance("batch", batch, Batch, source="make_batch")
    h: Any = np.zeros((mask.shape[1], len(p.W_h.value)), p.W_h.value.dtype)
    c: Any = h
    paid = []
    for t in range(len(mask)):
        a = p.E[inputs[t]] @ p.W_x + h @ p.W_h + p.b  # (6.1), (6.2)
        h, c = step(a, c)
        z = h @ p.W_y + p.b_y  # (6.10)
        paid.append(total(nats(z, targets[t]) * mask[t][:, None]))
    return sum(paid[1:], paid[0]) * (1 / int(mask.sum()))
