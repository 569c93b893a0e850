"""Two layers of minGRU: the second reads the states of the first, so that its gates see more than the last symbol."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_lib.arguments import require_array
from lstm_lib.ops import sum_of_products
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, ScanWeights
from lstm_lib.variants.mingru import BLOCKS, layer, layer_back


@dataclass(frozen=True, eq=False)
class TwoLayers(ScanWeights):
    """The five tensors of a minGRU, and those of the layer on top."""

    W_up: FloatArray  # (H, 2H)
    b_up: FloatArray  # (2H,)


init_params = partial(frame.draw, TwoLayers, BLOCKS)  # first weights


def forward(
    params: TwoLayers, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, Cache]:  # fmt: skip
    """Logits (T, B, V), final states (2, B, H), lower layer first, and the cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, None, kind=TwoLayers)
    start = np.zeros((2, *h[0].shape), h.dtype)
    if state is not None:
        start[:] = require_array("state", state, "floats", shape=start.shape)
    low = layer(x @ params.W_x + params.b, start[0])
    high = layer(low[2][1:] @ params.W_up + params.b_up, start[1])
    last = np.stack([low[2][-1], high[2][-1]])
    return high[2][1:] @ params.W_y + params.b_y, last, Cache(inputs, x, high[2], (low, high))


def backward(params: TwoLayers, cache: Cache, dlogits: FloatArray) -> tuple[TwoLayers, FloatArray]:
    """The gradients of all tensors and of the initial states (2, B, H); see `frame.backward`."""
    dh_output = frame.require_dlogits(params, cache, dlogits, kind=TwoLayers) @ params.W_y.T
    low, high = cache.kept
    da_up, d_high = layer_back(high, dh_output)
    da, d_low = layer_back(low, da_up @ params.W_up.T)
    up = {"W_up": sum_of_products(low[2][1:], da_up), "b_up": da_up.sum(axis=(0, 1))}
    return frame.gradients(params, cache, dlogits, da, **up), np.stack([d_low, d_high])
