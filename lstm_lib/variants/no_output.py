"""The LSTM without an output gate: o = 1. All of the memory is shown at every step."""

from functools import partial

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights

BLOCKS = "ifg"
init_params = partial(frame.draw, Weights, BLOCKS)  # first weights


def step(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, tuple[FloatArray, ...]]:
    """From the pre-activations (B, 3H) and the old cell state (B, H) to the new state, and what is kept."""
    a_i, a_f, a_g = np.split(a, 3, axis=-1)
    i, f, g = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g)
    c = f * c_prev + i * g
    h = np.tanh(c)
    return LSTMState(h, c), (i, f, g, c_prev, h)


def step_back(kept: tuple[FloatArray, ...], dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the gradients of the new state to those of the pre-activations and of the old cell state."""
    i, f, g, c_prev, h = kept
    dc = dh * (1 - h**2) + dc
    di, df, dg = dc * g, dc * c_prev, dc * i
    return np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2)], axis=-1), dc * f


def forward(params: Weights, inputs: IntArray, state: LSTMState | None = None) -> tuple[FloatArray, LSTMState, Cache]:
    """Logits (T, B, V), final state, cache; see `frame.forward`."""
    return frame.forward(step, params, inputs, state)


def backward(params: Weights, cache: Cache, dlogits: FloatArray) -> tuple[Weights, LSTMState]:
    """The gradients of all tensors and of the initial state; see `frame.backward`."""
    return frame.backward(step_back, params, cache, dlogits)
