"""Optimizers as pure functions: old parameters and gradients in, new parameters out, in any record of float arrays."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, cast

import numpy as np

from lstm_lib.arguments import require_instance, require_integer, require_number
from lstm_lib.tree import FloatArray, Tree, named_leaves, require_alike, require_record, tree_map


@dataclass(frozen=True, eq=False)
class AdamState(Generic[Tree]):
    """The two moments of Adam, each of the parameters' type, and the number of steps taken.

    Raises TypeError or ValueError when a moment is no record of float arrays, `step` is not a whole number >= 0, or
    the moments are of float16: a squared gradient, and `eps` with it, would be rounded to 0 there, and the step would
    divide by 0.
    """

    m: Tree
    v: Tree
    step: int

    def __post_init__(self) -> None:
        _require_fine(self.m, what="m")
        _require_fine(self.v, what="v")
        require_integer("step", self.step, at_least=0)


def sgd_update(params: Tree, grads: Tree, *, lr: float) -> Tree:
    """One step of gradient descent: each tensor minus `lr` times its gradient.

    Raises TypeError or ValueError when `lr` is not a number >= 0 or the gradients do not fit the parameters.
    """
    rate = require_number("lr", lr, at_least=0)
    require_alike(require_record("params", params), require_record("grads", grads), what="grads")
    return tree_map(lambda p, d: p - rate * d, params, grads)  # (11.1)


def adam_init(params: Tree) -> AdamState[Tree]:
    """The state of Adam before its first step: both moments zero.

    Raises TypeError unless `params` are a record of arrays of a dtype finer than float16.
    """
    zeros = tree_map(np.zeros_like, _require_fine(params, what="params"))
    return AdamState(m=zeros, v=zeros, step=0)


def adam_update(
    params: Tree, grads: Tree, state: AdamState[Tree], *,
    lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
) -> tuple[Tree, AdamState[Tree]]:  # fmt: skip
    """One step of Adam (Kingma and Ba 2015, algorithm 1), bias correction included.

    `lr` is the learning rate, `beta1` and `beta2` the shares of the old moments that are kept, `eps` is added to
    the root. Raises TypeError or ValueError for a number outside its range, or for gradients or moments whose shapes
    or dtype are not those of the parameters.
    """
    rate = require_number("lr", lr, at_least=0)
    beta1 = require_number("beta1", beta1, at_least=0, below=1)
    beta2 = require_number("beta2", beta2, at_least=0, below=1)
    eps = require_number("eps", eps, above=0)
    _require_fits(params, grads, state)
    step = state.step + 1
    scale_m, scale_v = 1 / (1 - beta1**step), 1 / (1 - beta2**step)

    def move(p: FloatArray, d: FloatArray, m: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The new p, m and v of one tensor; three new arrays and one for what is in between."""
        m, v, scratch = beta1 * m, beta2 * v, (1 - beta1) * d
        m += scratch  # (11.2)
        np.multiply(1 - beta2, d, out=scratch)
        scratch *= d
        v += scratch  # (11.3)
        moved = m * scale_m  # (11.4)
        np.multiply(v, scale_v, out=scratch)  # (11.5)
        np.sqrt(scratch, out=scratch)
        scratch += eps
        moved *= rate
        moved /= scratch
        np.subtract(p, moved, out=moved)  # (11.6)
        return moved, m, v

    moved = [move(*(getattr(r, name) for r in (params, grads, state.m, state.v))) for name, _ in named_leaves(params)]
    p, m, v = (cast(Callable[..., Tree], type(params))(*leaves) for leaves in zip(*moved, strict=True))
    return p, AdamState(m, v, step)


def clip_by_global_norm(grads: Tree, max_norm: float) -> tuple[Tree, float]:
    """Shrink all tensors by one factor so that their common norm is at most `max_norm` (Pascanu et al. 2013).

    Returns the gradients and the norm before clipping; the direction is never changed, and a gradient within the
    limit, or one whose norm is not finite, is returned as it came. Eq. (12.2).
    Raises TypeError or ValueError unless `grads` are a record of float arrays and `max_norm` is a number above 0.
    """
    limit = require_number("max_norm", max_norm, above=0)
    norm = global_norm(grads)
    if norm <= limit or not np.isfinite(norm):
        return grads, norm
    return tree_map(lambda d: d * d.dtype.type(limit / norm), grads), norm  # (12.2)


def global_norm(grads: object) -> float:
    """The root of the sum of squares of every entry of every tensor. Raises TypeError for no record of arrays."""
    leaves = [leaf for _, leaf in named_leaves(require_record("grads", grads))]
    leaves = [leaf.astype(np.float32) if leaf.dtype == np.float16 else leaf for leaf in leaves]
    squares = sum(float(np.vdot(leaf, leaf)) for leaf in leaves)
    if not 1e-30 < squares < np.inf:  # a square may lie outside the range of float32
        squares = sum(float(np.square(leaf, dtype=np.float64).sum()) for leaf in leaves)
    return math.sqrt(squares)


def _require_fine(params: Tree, *, what: str) -> Tree:
    if any(leaf.dtype == np.float16 for _, leaf in named_leaves(require_record(what, params))):
        raise TypeError(f"{what} must be float32 or float64; got float16, too coarse to train with Adam: "
                        "make the parameters with init_params(..., dtype=np.float32)")  # fmt: skip
    return params


def _require_fits(params: Tree, grads: Tree, state: AdamState[Tree]) -> None:
    require_instance("state", state, AdamState, source="adam_init")
    require_alike(require_record("params", params), require_record("grads", grads), what="grads")
    for what, moment in {"state.m": state.m, "state.v": state.v}.items():  # AdamState has seen that these are records
        require_alike(params, moment, what=what)
