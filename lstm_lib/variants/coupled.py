"""The LSTM with coupled gates: i = 1 - f. What is written is what is not kept (Greff et al. 2017)."""

from functools import partial

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.variants import frame
from lstm_lib.variants.frame import Cache, Weights

BLOCKS = "fgo"
init_params = partial(frame.draw, Weights, BLOCKS)  # first weights


def step(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, tuple[FloatArray, ...]]:
    """From the pre-activations (B, 3H) and the old cell state (B, H) to the new state, and what is kept."""
    a_f, a_g, a_o = np.split(a, 3, axis=-1)
    f, g, o = sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + (1 - f) * g
    tanh_c = np.tanh(c)
    return LSTMState(o * tanh_c, c), (f, g, o, c_prev, tanh_c)


def step_back(kept: tuple[FloatArray, ...], dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the gradients of the new state to those of the pre-activations and of the old cell state."""
    f, g, o, c_prev, tanh_c = kept
    do = dh * tanh_c
    dc = dh * o * (1 - tanh_c**2) + dc
    df, dg = dc * (c_prev - g), dc * (1 - f)
    return np.concatenate([df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=-1), dc * f


def forward(params: Weights, inputs: IntArray, state: LSTMState | None = None) -> tuple[FloatArray, LSTMState, Cache]:
    """Logits (T, B, V), final state, cache; see `frame.forward`."""
    return frame.forward(step, params, inputs, state)


def backward(params: Weights, cache: Cache, dlogits: FloatArray) -> tuple[Weights, LSTMState]:
    """The gradients of all tensors and of the initial state; see `frame.backward`."""
    return frame.backward(step_back, params, cache, dlogits)
