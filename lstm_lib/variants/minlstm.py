"""minLSTM (Feng, Tung, Ahmed, Bengio and Hajimirsadeghi 2024): gates that read x alone and share 1 between them.

What is kept is f / (f + i), what is written i / (f + i); h is the only state, and nothing is squashed.
"""

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
    """Logits (T, B, V), final state (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=ScanWeights)
    a_i, a_f, g = np.split(x @ params.W_x + params.b, 3, axis=-1)  # of all steps, each (T, B, H)
    i, f = sigmoid(a_i), sigmoid(a_f)
    keep = f / (f + i)
    h = scan(keep, (1 - keep) * g, h[0])
    return h[1:] @ params.W_y + params.b_y, h[-1].copy(), Cache(inputs, x, h, (i, f, keep, g))


def backward(params: ScanWeights, cache: Cache, dlogits: FloatArray) -> tuple[ScanWeights, FloatArray]:
    """The gradients of all tensors and of the initial state (B, H); see `frame.backward`."""
    dh_output = frame.require_dlogits(params, cache, dlogits, kind=ScanWeights) @ params.W_y.T
    i, f, keep, g = cache.kept
    dkeep, dw, dstate = scan_back(keep, cache.h, dh_output)
    dboth = (dkeep - dw * g) * keep * (1 - keep)
    da = np.concatenate([-dboth * (1 - i), dboth * (1 - f), dw * (1 - keep)], axis=-1)
    return frame.gradients(params, cache, dlogits, da), dstate
