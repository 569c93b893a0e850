"""The LSTM with peepholes: each gate also sees its own unit's cell state (Gers and Schmidhuber 2000).

P is diagonal, one weight for each unit and gate. i and f see the old cell state, o the new one."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.ops import sigmoid, sum_of_products
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights


@dataclass(frozen=True, eq=False)
class Peepholes(Weights):
    """The six tensors of the LSTM, and the peepholes."""

    P: FloatArray  # (3, H): rows for i, f, o


init_params = partial(frame.draw, Peepholes, "ifgo")  # first weights


def forward(params: Peepholes, inputs: IntArray, state: LSTMState | None = None) -> tuple[FloatArray, LSTMState, Cache]:
    """Logits (T, B, V), final state, cache; see `frame.forward`."""

    def step(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, tuple[FloatArray, ...]]:
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
        i, f, g = sigmoid(a_i + params.P[0] * c_prev), sigmoid(a_f + params.P[1] * c_prev), np.tanh(a_g)  # (21.2)
        c = f * c_prev + i * g
        o, tanh_c = sigmoid(a_o + params.P[2] * c), np.tanh(c)
        return LSTMState(o * tanh_c, c), (i, f, g, o, c_prev, c, tanh_c)

    return frame.forward(step, params, inputs, state)


def backward(params: Peepholes, cache: Cache, dlogits: FloatArray) -> tuple[Peepholes, LSTMState]:
    """The gradients of all tensors and of the initial state; see `frame.backward`."""

    def step_back(kept: tuple[FloatArray, ...], dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
        i, f, g, o, c_prev, _, tanh_c = kept
        da_o = dh * tanh_c * o * (1 - o)
        dc = dh * o * (1 - tanh_c**2) + dc + da_o * params.P[2]  # three roads into c
        da_i, da_f = dc * g * i * (1 - i), dc * c_prev * f * (1 - f)
        da = np.concatenate([da_i, da_f, dc * i * (1 - g**2), da_o], axis=-1)
        return da, dc * f + da_i * params.P[0] + da_f * params.P[1]  # (21.3)

    da, dstate = frame.walk_back(step_back, params, cache, dlogits)
    da_i, da_f, _, da_o = np.split(da, 4, axis=-1)
    c_prev, c = (np.stack([kept[place] for kept in cache.kept]) for place in (4, 5))
    dP = np.stack([(one * two).sum(axis=(0, 1)) for one, two in ((da_i, c_prev), (da_f, c_prev), (da_o, c))])
    return frame.gradients(params, cache, dlogits, da, W_h=sum_of_products(cache.h[:-1], da), P=dP), dstate
