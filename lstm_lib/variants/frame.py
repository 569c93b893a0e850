"""What the variants of the LSTM share: weights, embedding, output layer, and the walk through time.

A variant adds what is its own: a step from the pre-activation, as `cell` has it, and the way back. Left out, as in
`plain`: a mask. Padding comes after the real steps, and does no harm as long as its entries of `dlogits` are 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from lstm_lib.arguments import (
    require_array,
    require_inputs,
    require_instance,
    require_sizes,
)
from lstm_lib.cell import LSTMState
from lstm_lib.ops import sum_of_products
from lstm_lib.tree import FloatArray, IntArray, require_one_dtype, require_shapes

Step = Callable[[FloatArray, FloatArray], tuple[LSTMState, Any]]  # a (B, nH), old c (B, H) -> new state, what is kept
StepBack = Callable[[Any, FloatArray, FloatArray], tuple[FloatArray, FloatArray]]  # kept, dh, dc -> da, old dc


@dataclass(frozen=True, eq=False)
class Weights:
    """The six tensors of a network with n blocks of H columns; its gradients have the same type.

    All arrays share one float dtype. Raises TypeError for an array that is not floating point, ValueError for shapes
    that do not fit each other.
    """

    E: FloatArray  # (V, D) embedding, a row for each character
    W_x: FloatArray  # (D, nH)
    W_h: FloatArray  # (H, nH)
    b: FloatArray  # (nH,)
    W_y: FloatArray  # (H, V)
    b_y: FloatArray  # (V,)

    def __post_init__(self) -> None:
        _require_fit(self)


@dataclass(frozen=True, eq=False)
class ScanWeights:
    """The five tensors of a network whose gates read x alone; as `Weights`, without W_h."""

    E: FloatArray  # (V, D)
    W_x: FloatArray  # (D, nH)
    b: FloatArray  # (nH,)
    W_y: FloatArray  # (H, V)
    b_y: FloatArray  # (V,)

    def __post_init__(self) -> None:
        _require_fit(self)


Kind = TypeVar("Kind", bound=Weights | ScanWeights)


class Cache(NamedTuple):
    """What `backward` needs of a forward pass."""

    inputs: IntArray  # (T, B)
    x: FloatArray  # (T, B, D)
    h: FloatArray  # (T+1, B, H): h[t] enters step t, h[t+1] leaves it
    kept: Any  # what the variant keeps of its steps


def draw(
    kind: type[Kind], blocks: str, vocab_size: int, embedding_size: int, hidden_size: int, *,
    rng: np.random.Generator, dtype: DTypeLike = np.float64,
) -> Kind:  # fmt: skip
    """First weights as `model.init_params` draws them; `blocks` names the columns, a letter each. The bias of f is 1.

    Where nothing comes from h, W_x is uniform within 1/sqrt(D) and not within 1/sqrt(H).
    Raises TypeError or ValueError for a size below 1, a dtype that is not floating point, or a missing generator.
    """
    V, D, H = require_sizes(vocab_size, embedding_size, hidden_size, rng=rng, dtype=dtype)
    shapes, names = _shapes(V, D, H, len(blocks)), [field.name for field in fields(kind)]
    drawn = {"E": rng.standard_normal(shapes["E"])}
    for name in (each for each in ("W_x", "W_h", "W_y", "P", "W_up") if each in names):
        bound = 1 / np.sqrt(D if name == "W_x" and "W_h" not in names else H)
        drawn[name] = rng.uniform(-bound, bound, shapes[name])
    b = np.repeat([float(block == "f") for block in blocks], H)
    drawn |= {"b": b, "b_up": b, "b_y": np.zeros(V)}
    return kind(**{name: drawn[name].astype(dtype) for name in names})


def forward(
    step: Step, params: Weights, inputs: IntArray, state: LSTMState | None = None
) -> tuple[FloatArray, LSTMState, Cache]:
    """Read `inputs` (T, B); return logits (T, B, V), the final state and the cache.

    `state` is the one before the first step, zeros when None.
    Raises TypeError or ValueError when a dtype, a shape or an id does not fit.
    """
    state = None if state is None else require_instance("state", state, LSTMState, source="forward")
    x, h = embed(params, inputs, None if state is None else state.h, kind=Weights)
    c = (
        np.zeros_like(h[0])
        if state is None
        else require_array("state.c", state.c, "floats", shape=h[0].shape).astype(h.dtype)
    )
    a_x, kept = x @ params.W_x + params.b, []
    for t in range(len(x)):
        (h[t + 1], c), parts = step(a_x[t] + h[t] @ params.W_h, c)
        kept.append(parts)
    return h[1:] @ params.W_y + params.b_y, LSTMState(h[-1].copy(), c), Cache(inputs, x, h, tuple(kept))


def walk_back(
    step_back: StepBack, params: Weights, cache: Cache, dlogits: FloatArray
) -> tuple[FloatArray, LSTMState]:  # fmt: skip
    """From the gradient of the logits (T, B, V) to those of all pre-activations (T, B, nH) and of the initial state.

    Raises TypeError or ValueError when the cache or the shape of `dlogits` does not fit the parameters.
    """
    dh_output = require_dlogits(params, cache, dlogits, kind=Weights) @ params.W_y.T
    da = np.empty((*dh_output.shape[:2], len(params.b)), params.E.dtype)
    dh = dc = np.zeros_like(cache.h[0])  # nothing comes back from beyond the last step
    for t in reversed(range(len(da))):
        da[t], dc = step_back(cache.kept[t], dh_output[t] + dh, dc)
        dh = da[t] @ params.W_h.T
    return da, LSTMState(dh, dc)


def backward(
    step_back: StepBack, params: Weights, cache: Cache, dlogits: FloatArray
) -> tuple[Weights, LSTMState]:  # fmt: skip
    """The gradients of all six tensors, and of the initial state, from that of the logits (T, B, V).

    Raises TypeError or ValueError when the cache or the shape of `dlogits` does not fit the parameters.
    """
    da, dstate = walk_back(step_back, params, cache, dlogits)
    return gradients(params, cache, dlogits, da, W_h=sum_of_products(cache.h[:-1], da)), dstate


def gradients(params: Kind, cache: Cache, dlogits: FloatArray, da: FloatArray, **others: FloatArray) -> Kind:
    """All tensors' gradients, from those of the pre-activations (T, B, nH) and of the logits; `others` as they are."""
    dE = np.zeros_like(params.E)
    np.add.at(dE, cache.inputs, da @ params.W_x.T)
    dlogits = dlogits.astype(params.E.dtype, copy=False)
    return type(params)(
        E=dE,
        W_x=sum_of_products(cache.x, da),
        b=da.sum(axis=(0, 1)),
        W_y=sum_of_products(cache.h[1:], dlogits),
        b_y=dlogits.sum(axis=(0, 1)),
        **others,
    )


def embed(
    params: Kind, inputs: IntArray, h: FloatArray | None, *, kind: type[Kind]
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """The rows read (T, B, D), and room for the states (T+1, B, H), of which the first is `h`, zeros when None.

    Raises TypeError or ValueError when a dtype, a shape or an id does not fit.
    """
    require_instance("params", params, kind, source="init_params")
    T, B = require_inputs(inputs, len(params.b_y))
    states = np.zeros((T + 1, B, len(params.W_y)), params.E.dtype)
    if h is not None:
        states[0] = require_array("state", h, "floats", shape=states[0].shape)
    return params.E[inputs], states


def require_dlogits(params: Kind, cache: Cache, dlogits: FloatArray, *, kind: type[Kind]) -> FloatArray:
    """`dlogits` in the parameters' dtype if it and the cache fit them; raises TypeError or ValueError otherwise."""
    require_instance("params", params, kind, source="init_params")
    T, B = require_inputs(require_instance("cache", cache, Cache, source="forward").inputs, len(params.b_y))
    require_array("cache.h", cache.h, "floats", shape=(T + 1, B, len(params.W_y)))
    require_array("dlogits", dlogits, "floats", shape=(T, B, len(params.b_y)))
    return dlogits.astype(params.E.dtype, copy=False)


def _shapes(V: int, D: int, H: int, n: int) -> dict[str, tuple[int, ...]]:
    first = {"E": (V, D), "W_x": (D, n * H), "W_h": (H, n * H), "b": (n * H,), "W_y": (H, V), "b_y": (V,)}
    return first | {"P": (3, H), "W_up": (H, n * H), "b_up": (n * H,)}


def _require_fit(record: Weights | ScanWeights) -> None:
    require_one_dtype(record)
    V = record.b_y.size
    D, H = record.E.size // max(V, 1), record.W_y.size // max(V, 1)
    expected = _shapes(V, D, H, record.b.size // max(H, 1))
    require_shapes(record, expected, f"V={V} from b_y, D={D} from E, H={H} from W_y, whole blocks of H in b")
