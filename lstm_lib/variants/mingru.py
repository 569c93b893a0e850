"""minGRU (Feng, Tung, Ahmed, Bengio and Hajimirsadeghi 2024): a GRU whose gate and candidate read x alone.

So all of them are known before the first step, and a scan takes the place of the loop. Nothing is squashed.
"""

from functools import partial

import numpy as np

from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, ScanWeights
from lstm_lib.variants.scan import scan, scan_back

BLOCKS = "fg"
init_params = partial(frame.draw, ScanWeights, BLOCKS)  # first weights
Layer = tuple[FloatArray, FloatArray, FloatArray]  # f, g, states


def forward(
    params: ScanWeights, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, Cache]:  # fmt: skip
    """Logits (T, B, V), final state (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=ScanWeights)
    _, _, h = kept = layer(x @ params.W_x + params.b, h[0])
    return h[1:] @ params.W_y + params.b_y, h[-1].copy(), Cache(inputs, x, h, kept)


def backward(params: ScanWeights, cache: Cache, dlogits: FloatArray) -> tuple[ScanWeights, FloatArray]:
    """The gradients of all tensors and of the initial state (B, H); see `frame.backward`."""
    dh_output = frame.require_dlogits(params, cache, dlogits, kind=ScanWeights) @ params.W_y.T
    da, dstate = layer_back(cache.kept, dh_output)
    return frame.gradients(params, cache, dlogits, da), dstate


def layer(a: FloatArray, start: FloatArray) -> Layer:
    """From all pre-activations (T, B, 2H) to f and g, each (T, B, H), and the states (T+1, B, H)."""
    a_f, g = np.split(a, 2, axis=-1)
    f = sigmoid(a_f)
    return f, g, scan(f, (1 - f) * g, start)  # (21.7)


def layer_back(kept: Layer, dh: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From what comes to the states from outside (T, B, H) to the gradients of `a` and of `start`."""
    f, g, h = kept
    df, dw, dstart = scan_back(f, h, dh)
    df, dg = df - dw * g, dw * (1 - f)
    return np.concatenate([df * f * (1 - f), dg], axis=-1), dstart
