"""The LSTM without the tanh on the way out: h = o * c. The cell state is shown as it is."""

from functools import partial

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights

BLOCKS = "ifgo"
init_params = partial(frame.draw, Weights, BLOCKS)  # first weights


def step(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, tuple[FloatArray, ...]]:
    """From the pre-activations (B, 4H) and the old cell state (B, H) to the new state, and what is kept."""
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    return LSTMState(o * c, c), (i, f, g, o, c_prev, c)


def step_back(kept: tuple[FloatArray, ...], dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the gradients of the new state to those of the pre-activations and of the old cell state."""
    i, f, g, o, c_prev, c = kept
    do = dh * c
    dc = dh * o + dc
    di, df, dg = dc * g, dc * c_prev, dc * i
    da = [di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)]
    return np.concatenate(da, axis=-1), dc * f


def forward(params: Weights, inputs: IntArray, state: LSTMState | None = None) -> tuple[FloatArray, LSTMState, Cache]:
    """Logits (T, B, V), final state, cache; see `frame.forward`."""
    return frame.forward(step, params, inputs, state)


def backward(params: Weights, cache: Cache, dlogits: FloatArray) -> tuple[Weights, LSTMState]:
    """The gradients of all tensors and of the initial state; see `frame.backward`."""
    return frame.backward(step_back, params, cache, dlogits)
