"""minGRU with an output gate, which reads x alone as well: h = o * s, where s is the line of minGRU."""

from functools import partial

import numpy as np

from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, ScanWeights
from lstm_lib.variants.mingru import layer, layer_back

BLOCKS = "fgo"
init_params = partial(frame.draw, ScanWeights, BLOCKS)  # first weights


def forward(
    params: ScanWeights, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, Cache]:  # fmt: skip
    """Logits (T, B, V), final s (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=ScanWeights)
    a, a_o = np.split(x @ params.W_x + params.b, [2 * h.shape[-1]], axis=-1)  # minGRU's two blocks, and the gate's
    kept, o = layer(a, h[0]), sigmoid(a_o)
    s = kept[2]
    h[1:] = o * s[1:]
    return h[1:] @ params.W_y + params.b_y, s[-1].copy(), Cache(inputs, x, h, (kept, o))


def backward(params: ScanWeights, cache: Cache, dlogits: FloatArray) -> tuple[ScanWeights, FloatArray]:
    """The gradients of all tensors and of the initial s (B, H); see `frame.backward`."""
    dh = frame.require_dlogits(params, cache, dlogits, kind=ScanWeights) @ params.W_y.T
    kept, o = cache.kept
    da, dstate = layer_back(kept, dh * o)
    da_o = dh * kept[2][1:] * o * (1 - o)
    return frame.gradients(params, cache, dlogits, np.concatenate([da, da_o], axis=-1)), dstate
