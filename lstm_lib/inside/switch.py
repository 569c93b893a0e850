"""Units switched off: what they show is a constant, whatever they read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_lib.arguments import is_series, require_ids, require_row, shown
from lstm_lib.model import Params, require_params
from lstm_lib.tree import FloatArray, IntArray

ROADS = ("cell", "output")  # where h goes: to the gates of the next step, and to the output layer


def switch_off(params: Params, units: ArrayLike, levels: ArrayLike = 0.0, *, roads: Sequence[str] = ROADS) -> Params:
    """A network in which each of `units` (K,) shows its level in place of its h, eq. (18.4).

    `levels`: one number, or one for each unit. A constant times a row of weights is a constant, so the row goes to the
    bias: no step has to be changed. `roads`: where the constant is seen, "cell", "output" or both; on the way into the
    cell it stands before the first step too.
    Raises TypeError or ValueError for a unit that does not exist, a level that is not finite, or another road.
    """
    H = require_params(params).hidden_size
    row = _row("units", units)
    if not row.size:
        raise ValueError("units must hold at least one unit; got none")
    off = require_ids("units", row, H).astype(np.intp)
    levels_shown = _levels(levels, len(off)).astype(params.dtype)
    if len(set(off.tolist())) < len(off):
        raise ValueError(f"units must be different ones; got {off.tolist()}")
    if not is_series(roads) or not set(roads) <= set(ROADS):
        raise ValueError(f"roads must be some of {ROADS}; got {shown(roads)}")
    W_h, b = _fixed(params.W_h, params.b, off, levels_shown) if "cell" in roads else (params.W_h, params.b)
    W_y, b_y = _fixed(params.W_y, params.b_y, off, levels_shown) if "output" in roads else (params.W_y, params.b_y)
    return replace(params, W_h=W_h, b=b, W_y=W_y, b_y=b_y)


def _fixed(W: FloatArray, bias: FloatArray, off: IntArray, levels: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The rows `off` of W set to zero, and what they add at these levels put into the bias."""
    cut = W.copy()
    cut[off] = 0
    return cut, bias + levels @ W[off]  # (18.4)


def _levels(levels: ArrayLike, count: int) -> FloatArray:
    """One finite level for each of `count` units."""
    row = _row("levels", levels).astype(np.float64)
    if row.size not in (1, count) or not np.isfinite(row).all():
        raise ValueError(f"levels must be one finite number, or one for each of {count} units; got {row}")
    return np.broadcast_to(row, (count,)).copy()


def _row(name: str, values: ArrayLike) -> NDArray[Any]:
    """One number, or a list of them, as a row."""
    alone = not is_series(values)
    return require_row(name, np.stack([np.asarray(values)]) if alone else values)
