"""An LSTM of x alone without its output gate, o = 1: all of the memory is shown at every step."""

from functools import partial

import numpy as np

from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, ScanWeights
from lstm_lib.variants.scan import scan, scan_back

BLOCKS = "ifg"
init_params = partial(frame.draw, ScanWeights, BLOCKS)  # first weights


def forward(
    params: ScanWeights, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, Cache]:  # fmt: skip
    """Logits (T, B, V), final cell state (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=ScanWeights)
    a_i, a_f, a_g = np.split(x @ params.W_x + params.b, 3, axis=-1)  # of all steps, each (T, B, H)
    i, f, g = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g)
    c = scan(f, i * g, h[0])  # (6.7)
    h[1:] = np.tanh(c[1:])
    return h[1:] @ params.W_y + params.b_y, c[-1].copy(), Cache(inputs, x, h, (i, f, g, c))


def backward(params: ScanWeights, cache: Cache, dlogits: FloatArray) -> tuple[ScanWeights, FloatArray]:
    """The gradients of all tensors and of the initial cell state (B, H); see `frame.backward`."""
    dh = frame.require_dlogits(params, cache, dlogits, kind=ScanWeights) @ params.W_y.T
    i, f, g, c = cache.kept
    df, dw, dstate = scan_back(f, c, dh * (1 - cache.h[1:] ** 2))  # w = i * g
    da = np.concatenate([dw * g * i * (1 - i), df * f * (1 - f), dw * i * (1 - g**2)], axis=-1)
    return frame.gradients(params, cache, dlogits, da), dstate
