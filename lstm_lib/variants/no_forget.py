"""The LSTM without a forget gate: f = 1, as in Hochreiter and Schmidhuber (1997). The memory only adds up."""

from functools import partial

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights

BLOCKS = "igo"
init_params = partial(frame.draw, Weights, BLOCKS)  # first weights


def step(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, tuple[FloatArray, ...]]:
    """From the pre-activations (B, 3H) and the old cell state (B, H) to the new state, and what is kept."""
    a_i, a_g, a_o = np.split(a, 3, axis=-1)
    i, g, o = sigmoid(a_i), np.tanh(a_g), sigmoid(a_o)
    c = c_prev + i * g  # (21.1)
    tanh_c = np.tanh(c)
    return LSTMState(o * tanh_c, c), (i, g, o, tanh_c)


def step_back(kept: tuple[FloatArray, ...], dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the gradients of the new state to those of the pre-activations and of the old cell state."""
    i, g, o, tanh_c = kept
    do = dh * tanh_c
    dc = dh * o * (1 - tanh_c**2) + dc
    di, dg = dc * g, dc * i
    return np.concatenate([di * i * (1 - i), dg * (1 - g**2), do * o * (1 - o)], axis=-1), dc


def forward(params: Weights, inputs: IntArray, state: LSTMState | None = None) -> tuple[FloatArray, LSTMState, Cache]:
    """Logits (T, B, V), final state, cache; see `frame.forward`."""
    return frame.forward(step, params, inputs, state)


def backward(params: Weights, cache: Cache, dlogits: FloatArray) -> tuple[Weights, LSTMState]:
    """The gradients of all tensors and of the initial state; see `frame.backward`."""
    return frame.backward(step_back, params, cache, dlogits)
