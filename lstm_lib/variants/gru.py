"""The gated recurrent unit (Cho et al. 2014): no cell state; h itself is the line that is kept and written to.

The reset gate r stands where PyTorch has it, behind the product: g = tanh(x W_g + b_g + r * (h W_g')). In the paper
it stands before, (r * h) W_g', which costs a second product for each step.
"""

from functools import partial

import numpy as np

from lstm_lib.ops import sigmoid, sum_of_products
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights

BLOCKS = "rfg"  # PyTorch calls them r, z, n
init_params = partial(frame.draw, Weights, BLOCKS)  # first weights


def forward(params: Weights, inputs: IntArray, state: FloatArray | None = None) -> tuple[FloatArray, FloatArray, Cache]:
    """Logits (T, B, V), final state (B, H), cache; see `frame.forward`."""
    x, h = frame.embed(params, inputs, state, kind=Weights)
    a, kept = x @ params.W_x + params.b, []
    for t in range(len(x)):
        u_r, u_f, u_g = np.split(h[t] @ params.W_h, 3, axis=-1)  # from h, each (B, H)
        a_r, a_f, a_g = np.split(a[t], 3, axis=-1)  # from x
        r, f = sigmoid(a_r + u_r), sigmoid(a_f + u_f)
        g = np.tanh(a_g + r * u_g)  # (21.5)
        h[t + 1] = f * h[t] + (1 - f) * g  # (21.4)
        kept.append((r, f, g, u_g))
    return h[1:] @ params.W_y + params.b_y, h[-1].copy(), Cache(inputs, x, h, kept)


def backward(params: Weights, cache: Cache, dlogits: FloatArray) -> tuple[Weights, FloatArray]:
    """The gradients of all tensors and of the initial state (B, H); see `frame.backward`."""
    dh_output = frame.require_dlogits(params, cache, dlogits, kind=Weights) @ params.W_y.T
    da = np.empty((*dh_output.shape[:2], len(params.b)), params.E.dtype)
    du, carry = np.empty_like(da), np.zeros_like(cache.h[0])
    for t in reversed(range(len(da))):
        r, f, g, u_g = cache.kept[t]
        dh = dh_output[t] + carry
        df, da_g = dh * (cache.h[t] - g), dh * (1 - f) * (1 - g**2)
        da_r, da_f = da_g * u_g * r * (1 - r), df * f * (1 - f)
        da[t] = np.concatenate([da_r, da_f, da_g], axis=-1)
        du[t] = np.concatenate([da_r, da_f, da_g * r], axis=-1)
        carry = dh * f + du[t] @ params.W_h.T  # (21.6)
    return frame.gradients(params, cache, dlogits, da, W_h=sum_of_products(cache.h[:-1], du)), carry
