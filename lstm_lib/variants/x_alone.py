"""An LSTM of x alone: its gates and its candidate do not see what was shown; all else is as in the whole LSTM.

So all of them are known before the first step, and a scan takes the place of the loop. The only state is c.
"""

from functools import partial

import numpy as np

from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, ScanWeights
from lstm_lib.variants.scan import scan, scan_back

BLOCKS = "ifgo"
init_params = partial(frame.draw, ScanWeights, BLOCKS)  # first weights


def forward(
    params: ScanWeights, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, Cache]:  # fmt: skip
    """Logits (T, B, V), final cell state (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=ScanWeights)
    a_i, a_f, a_g, a_o = np.split(x @ params.W_x + params.b, 4, axis=-1)  # of all steps, each (T, B, H)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = scan(f, i * g, h[0])  # (6.7)
    tanh_c = np.tanh(c[1:])
    h[1:] = o * tanh_c  # (6.9)
    return h[1:] @ params.W_y + params.b_y, c[-1].copy(), Cache(inputs, x, h, (i, f, g, o, c, tanh_c))


def backward(params: ScanWeights, cache: Cache, dlogits: FloatArray) -> tuple[ScanWeights, FloatArray]:
    """The gradients of all tensors and of the initial cell state (B, H); see `frame.backward`."""
    dh = frame.require_dlogits(params, cache, dlogits, kind=ScanWeights) @ params.W_y.T
    i, f, g, o, c, tanh_c = cache.kept
    df, dw, dstate = scan_back(f, c, dh * o * (1 - tanh_c**2))  # w = i * g
    da_i, da_f = dw * g * i * (1 - i), df * f * (1 - f)
    da_g, da_o = dw * i * (1 - g**2), dh * tanh_c * o * (1 - o)
    return frame.gradients(params, cache, dlogits, np.concatenate([da_i, da_f, da_g, da_o], axis=-1)), dstate
