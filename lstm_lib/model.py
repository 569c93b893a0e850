"""The LSTM language model: every weight, every matrix product, forward and backward through time."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from lstm_lib.arguments import (
    require_array,
    require_inputs,
    require_instance,
    require_integer,
    require_number,
    require_prefix_mask,
    require_sizes,
)
from lstm_lib.cell import GateCache, LSTMState, gates_backward, gates_forward
from lstm_lib.ops import sum_of_products
from lstm_lib.tree import BoolArray, FloatArray, IntArray, named_leaves, require_one_dtype, require_shapes


@dataclass(frozen=True, eq=False)
class Params:
    """The six tensors of the model; gradients and the moments of Adam have the same type.

    The columns of `W_x`, `W_h` and `b` are four blocks of H: gates i, f, g, o. All arrays share one float dtype.
    Raises TypeError for an array that is not floating point, ValueError for shapes that do not fit each other.
    """

    E: FloatArray  # (V, D) embedding, a row for each character
    W_x: FloatArray  # (D, 4H)
    W_h: FloatArray  # (H, 4H)
    b: FloatArray  # (4H,)
    W_y: FloatArray  # (H, V)
    b_y: FloatArray  # (V,)

    def __post_init__(self) -> None:
        require_one_dtype(self)
        V, H = self.b_y.size, self.b.size // 4
        D = self.E.size // max(V, 1)
        expected = {"E": (V, D), "W_x": (D, 4 * H), "W_h": (H, 4 * H), "b": (4 * H,), "W_y": (H, V), "b_y": (V,)}
        require_shapes(self, expected, f"V={V} from b_y, D={D} from E, H={H} from b, each at least 1")

    @property
    def vocab_size(self) -> int:
        """The number of characters V, the end mark counted."""
        return len(self.b_y)

    @property
    def hidden_size(self) -> int:
        """The number of units H."""
        return len(self.W_h)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The one dtype of all six tensors."""
        return self.E.dtype


class ForwardCache(NamedTuple):
    """What `backward` needs of a forward pass."""

    inputs: IntArray  # (T, B)
    mask: BoolArray  # (T, B)
    x: FloatArray  # (T, B, D)
    h: FloatArray  # (T+1, B, H): h[t] enters step t, h[t+1] leaves it
    steps: tuple[GateCache, ...]  # T of them
    read: FloatArray  # (T, B, H): what the output layer read, h[1:] or its dropped-out version
    keep: FloatArray | None  # (T, B, H): the factors of dropout, if any


def init_params(
    vocab_size: int, embedding_size: int, hidden_size: int, *,
    rng: np.random.Generator, dtype: DTypeLike = np.float64, forget_bias: float = 1.0,
) -> Params:  # fmt: skip
    """Random parameters: E standard normal, weights uniform within 1/sqrt(H), biases 0 but the forget gate's.

    A forget bias of 1 keeps the memory open at the start (Gers et al. 2000; Jozefowicz et al. 2015).
    Raises TypeError or ValueError for a size below 1, a dtype that is not floating point, or a missing generator.
    """
    V, D, H = require_sizes(vocab_size, embedding_size, hidden_size, rng=rng, dtype=dtype)
    bound = 1 / np.sqrt(H)
    b = np.zeros(4 * H)
    b[H : 2 * H] = require_number("forget_bias", forget_bias)
    E, W_x = rng.standard_normal((V, D)), rng.uniform(-bound, bound, (D, 4 * H))
    W_h, W_y = rng.uniform(-bound, bound, (H, 4 * H)), rng.uniform(-bound, bound, (H, V))
    return Params(*(leaf.astype(dtype) for leaf in (E, W_x, W_h, b, W_y, np.zeros(V))))


def initial_state(params: Params, batch_size: int) -> LSTMState:
    """The state before the first character: zeros (B, H) in the parameters' dtype.

    Raises TypeError unless `params` are Params and `batch_size` is a whole number, ValueError when that is below 1.
    """
    shape = (require_integer("batch_size", batch_size, at_least=1), require_params(params).hidden_size)
    return LSTMState(np.zeros(shape, params.dtype), np.zeros(shape, params.dtype))


def forward(
    params: Params, inputs: IntArray, state: LSTMState | None = None, *,
    mask: BoolArray | None = None, keep: FloatArray | None = None,
) -> tuple[FloatArray, LSTMState, ForwardCache]:  # fmt: skip
    """Read `inputs` (T, B) from left to right; return logits (T, B, V), the final state and the cache.

    With a `mask` (T, B), True for a prefix of each column: logits are 0 where it is False, and the final state is
    the one after each column's last real step. `keep` (T, B, H) multiplies what the output layer reads (dropout).
    Raises TypeError or ValueError when a dtype, a shape or an id does not fit.
    """
    T, B = require_inputs(inputs, require_params(params).vocab_size)
    mask = np.ones((T, B), bool) if mask is None else require_prefix_mask(mask, (T, B))
    state = initial_state(params, B) if state is None else require_state(params, state, B)
    keep = None if keep is None else _require_keep(params, keep, (T, B))
    x = params.E[inputs]  # (T, B, D) (6.1)
    hs, c, steps = [state.h], state.c, []
    for t in range(T):
        a = x[t] @ params.W_x + hs[t] @ params.W_h + params.b  # (B, 4H) (6.2)
        new, step = gates_forward(a, c)
        going_on = mask[t, :, None]
        hs.append(np.where(going_on, new.h, hs[t]))
        c = np.where(going_on, new.c, c)
        steps.append(step)
    h = np.stack(hs)
    read = h[1:] if keep is None else h[1:] * keep
    logits = np.where(mask[..., None], read @ params.W_y + params.b_y, 0).astype(params.dtype)  # (6.10)
    return logits, LSTMState(h[-1].copy(), c), ForwardCache(inputs, mask, x, h, tuple(steps), read, keep)


def backward(params: Params, cache: ForwardCache, dlogits: FloatArray) -> tuple[Params, LSTMState]:
    """The gradients of all six tensors, and of the initial state, from that of the logits (T, B, V).

    Gradients of masked logits are ignored: padding contributes exactly zero.
    Raises TypeError or ValueError when the cache or the shape of `dlogits` does not fit the parameters.
    """
    T, B = _require_cache(params, cache)
    require_array("dlogits", dlogits, "floats", shape=(T, B, params.vocab_size))
    dlogits = np.where(cache.mask[..., None], dlogits, 0).astype(params.dtype)
    dread = dlogits @ params.W_y.T
    dh_output = dread if cache.keep is None else dread * cache.keep
    da = np.empty((T, B, 4 * params.hidden_size), params.dtype)
    dh, dc = initial_state(params, B)  # nothing comes back from beyond the last step
    for t in reversed(range(T)):
        da[t], dc = gates_backward(cache.steps[t], dh_output[t] + dh, dc)  # (8.2)
        dh = da[t] @ params.W_h.T
    dE = np.zeros_like(params.E)
    np.add.at(dE, cache.inputs, da @ params.W_x.T)  # (8.8), (9.4): a symbol read twice adds up twice
    grads = Params(
        E=dE,
        W_x=sum_of_products(cache.x, da),  # (8.4)
        W_h=sum_of_products(cache.h[:-1], da),  # (8.3)
        b=da.sum(axis=(0, 1)),  # (8.5)
        W_y=sum_of_products(cache.read, dlogits),  # (8.6)
        b_y=dlogits.sum(axis=(0, 1)),  # (8.7)
    )
    return grads, LSTMState(dh, dc)  # (9.5), (9.6)


def require_params(params: object, *, what: str = "params") -> Params:
    """Return `params` if they are Params; raise TypeError otherwise."""
    return require_instance(what, params, Params, source="init_params")


def require_state(params: Params, state: LSTMState, batch_size: int) -> LSTMState:
    """Return a copy of `state` in the parameters' dtype if its arrays are (B, H); raise TypeError or ValueError."""
    for name, leaf in named_leaves(require_instance("state", state, LSTMState, source="initial_state")):
        require_array(f"state.{name}", leaf, "floats", shape=(batch_size, params.hidden_size))
    return LSTMState(*(leaf.astype(params.dtype) for leaf in state))


def _require_keep(params: Params, keep: FloatArray, cells: tuple[int, int]) -> FloatArray:
    return require_array("keep", keep, "floats", shape=(*cells, params.hidden_size)).astype(params.dtype)


def _require_cache(params: Params, cache: ForwardCache) -> tuple[int, int]:
    known = require_instance("cache", cache, ForwardCache, source="forward")
    T, B = require_inputs(known.inputs, require_params(params).vocab_size)
    require_array("cache.x", cache.x, "floats", shape=(T, B, params.E.shape[1]))
    require_array("cache.h", cache.h, "floats", shape=(T + 1, B, params.hidden_size))
    return T, B
