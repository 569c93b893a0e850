"""One step of the LSTM below the pre-activation: elementwise, without any weight.

The cell of Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), without peepholes.
"""

from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_array, require_instance
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray


class LSTMState(NamedTuple):
    """What one step hands to the next: hidden state and cell state, each (B, H)."""

    h: FloatArray
    c: FloatArray


class GateCache(NamedTuple):
    """What `gates_backward` needs of a forward step; each (B, H)."""

    i: FloatArray
    f: FloatArray
    g: FloatArray
    o: FloatArray
    c_prev: FloatArray
    tanh_c: FloatArray


def gates_forward(a: FloatArray, c_prev: FloatArray) -> tuple[LSTMState, GateCache]:
    """From the pre-activations `a` (B, 4H), blocks i, f, g, o, and the cell state (B, H) to the new state.

    Equations (6.4) to (6.9). Raises TypeError unless both are arrays of floats, ValueError when their shapes do not
    fit each other.
    """
    _require_preactivation(a, c_prev)
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)  # each (B, H)
    f = sigmoid(a_f)  # (6.4)
    i = sigmoid(a_i)  # (6.5)
    g = np.tanh(a_g)  # (6.6)
    c = f * c_prev + i * g  # (6.7)
    o = sigmoid(a_o)  # (6.8)
    tanh_c = np.tanh(c)
    h = o * tanh_c  # (6.9)
    return LSTMState(h, c), GateCache(i, f, g, o, c_prev, tanh_c)


def gates_backward(cache: GateCache, dh: FloatArray, dc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the gradients of the new state, each (B, H), to those of `a` (B, 4H) and of `c_prev` (B, H).

    `dh` is the complete gradient of h: from the output and from the next step. `dc` is only what the
    next step sends back along c; the part that arrives through h is added here. Equations (7.3) to (7.11).
    Raises TypeError unless `cache` is a GateCache and both are arrays of floats, ValueError for a wrong shape.
    """
    _require_gradients(cache, dh, dc)
    i, f, g, o, c_prev, tanh_c = cache
    do = dh * tanh_c  # (7.10)
    dc = dh * o * (1 - tanh_c**2) + dc  # (7.3): two roads into c, through h and from the next step
    df, di, dg = dc * c_prev, dc * g, dc * i  # (7.4), (7.6), (7.8)
    da = [di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)]  # (7.7), (7.5), (7.9), (7.11)
    return np.concatenate(da, axis=1), dc * f


def _require_preactivation(a: FloatArray, c_prev: FloatArray) -> None:
    require_array("a", a, "floats")
    require_array("c_prev", c_prev, "floats")
    if a.ndim != 2 or c_prev.ndim != 2 or a.shape != (len(c_prev), 4 * c_prev.shape[1]):
        raise ValueError(f"a must have shape (B, 4H) and c_prev (B, H); got a {a.shape} and c_prev {c_prev.shape}")


def _require_gradients(cache: GateCache, dh: FloatArray, dc: FloatArray) -> None:
    shape = require_instance("cache", cache, GateCache, source="gates_forward").c_prev.shape
    require_array("dh", dh, "floats", shape=shape)
    require_array("dc", dc, "floats", shape=shape)
