"""The plain recurrent network (Elman 1990): one state, squashed anew at every step, forward and backward through time.

Everything but the cell is as in `model`: embedding, output layer, shapes, order of the tensors. Left out: a mask. A
padded step comes after the real ones, so it does no harm as long as its entries of `dlogits` are 0.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from lstm_lib.arguments import (
    require_array,
    require_bool,
    require_inputs,
    require_instance,
    require_number,
    require_sizes,
)
from lstm_lib.ops import sum_of_products
from lstm_lib.tree import FloatArray, IntArray, require_one_dtype, require_shapes


@dataclass(frozen=True, eq=False)
class PlainParams:
    """The six tensors of a plain recurrent network; its gradients have the same type.

    All arrays share one float dtype. Raises TypeError for an array that is not floating point, ValueError for shapes
    that do not fit each other.
    """

    E: FloatArray  # (V, D) embedding, a row for each character
    W_x: FloatArray  # (D, H)
    W_h: FloatArray  # (H, H)
    b: FloatArray  # (H,)
    W_y: FloatArray  # (H, V)
    b_y: FloatArray  # (V,)

    def __post_init__(self) -> None:
        require_one_dtype(self)
        V, H = self.b_y.size, self.b.size
        D = self.E.size // max(V, 1)
        expected = {"E": (V, D), "W_x": (D, H), "W_h": (H, H), "b": (H,), "W_y": (H, V), "b_y": (V,)}
        require_shapes(self, expected, f"V={V} from b_y, D={D} from E, H={H} from b, each at least 1")


class PlainCache(NamedTuple):
    """What `backward` needs of a forward pass."""

    inputs: IntArray  # (T, B)
    x: FloatArray  # (T, B, D)
    h: FloatArray  # (T+1, B, H): h[t] enters step t, h[t+1] leaves it


def init_params(
    vocab_size: int, embedding_size: int, hidden_size: int, *, rng: np.random.Generator,
    dtype: DTypeLike = np.float64, orthogonal: bool = False, spectral_radius: float | None = None,
) -> PlainParams:  # fmt: skip
    """Random parameters: E standard normal, matrices uniform within 1/sqrt(H), biases 0.

    With `orthogonal`, W_h is instead a random matrix that keeps lengths (Saxe et al. 2014). With a `spectral_radius`,
    W_h of either kind is scaled until its largest absolute eigenvalue is that number.
    Raises TypeError or ValueError for a size below 1, a dtype that is not floating point, a radius that is not above
    0, or a missing generator.
    """
    V, D, H = require_sizes(vocab_size, embedding_size, hidden_size, rng=rng, dtype=dtype)
    bound = 1 / np.sqrt(H)
    E, W_x = rng.standard_normal((V, D)), rng.uniform(-bound, bound, (D, H))
    W_h, W_y = rng.uniform(-bound, bound, (H, H)), rng.uniform(-bound, bound, (H, V))
    if require_bool("orthogonal", orthogonal):
        Q, R = np.linalg.qr(rng.standard_normal((H, H)))
        W_h = Q * np.sign(np.diag(R))  # so that no direction is favoured
    if spectral_radius is not None:
        radius = require_number("spectral_radius", spectral_radius, above=0)
        W_h = W_h * (radius / np.abs(np.linalg.eigvals(W_h)).max())
    return PlainParams(*(leaf.astype(dtype) for leaf in (E, W_x, W_h, np.zeros(H), W_y, np.zeros(V))))


def forward(
    params: PlainParams, inputs: IntArray, state: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, PlainCache]:
    """Read `inputs` (T, B) from left to right; return logits (T, B, V), the final state (B, H) and the cache.

    `state` (B, H) is the one before the first step, zeros when None: h[t+1] = tanh(x[t] W_x + h[t] W_h + b).
    Raises TypeError or ValueError when a dtype, a shape or an id does not fit.
    """
    T, B = require_inputs(inputs, len(_known(params).b_y))
    x = params.E[inputs]  # (T, B, D)
    h = np.zeros((T + 1, B, len(params.b)), params.E.dtype)
    if state is not None:
        h[0] = require_array("state", state, "floats", shape=h[0].shape)
    for t in range(T):
        h[t + 1] = np.tanh(x[t] @ params.W_x + h[t] @ params.W_h + params.b)  # (5.1), (5.2)
    logits = h[1:] @ params.W_y + params.b_y  # (5.3)
    return logits, h[-1].copy(), PlainCache(inputs, x, h)


def backward(params: PlainParams, cache: PlainCache, dlogits: FloatArray) -> tuple[PlainParams, FloatArray]:
    """The gradients of all six tensors, and of the initial state (B, H), from that of the logits (T, B, V).

    Raises TypeError or ValueError when the cache or the shape of `dlogits` does not fit the parameters.
    """
    T, B = require_inputs(
        require_instance("cache", cache, PlainCache, source="forward").inputs, len(_known(params).b_y)
    )
    h = require_array("cache.h", cache.h, "floats", shape=(T + 1, B, len(params.b)))
    dlogits = require_array("dlogits", dlogits, "floats", shape=(T, B, len(params.b_y))).astype(params.E.dtype)
    da = np.empty_like(h[1:])  # (T, B, H)
    carry = np.zeros_like(h[0])  # nothing comes back from beyond the last step
    for t in reversed(range(T)):
        dh = dlogits[t] @ params.W_y.T + carry  # (5.4) from the output, and from the next step
        da[t] = dh * (1 - h[t + 1] ** 2)  # (5.5)
        carry = da[t] @ params.W_h.T
    dE = np.zeros_like(params.E)
    np.add.at(dE, cache.inputs, da @ params.W_x.T)
    grads = PlainParams(
        E=dE,
        W_x=sum_of_products(cache.x, da),
        W_h=sum_of_products(h[:-1], da),  # (5.6)
        b=da.sum(axis=(0, 1)),
        W_y=sum_of_products(h[1:], dlogits),
        b_y=dlogits.sum(axis=(0, 1)),
    )
    return grads, carry


def _known(params: PlainParams) -> PlainParams:
    return require_instance("params", params, PlainParams, source="init_params")
