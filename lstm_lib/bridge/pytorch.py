"""The weights of the model as PyTorch's modules hold them, and back, without an import of PyTorch.

`nn.Embedding(V, D)`, `nn.LSTM(D, H)` and `nn.Linear(H, V)` compute what `model.forward` does, and hold the same numbers
but for three habits. Their matrices are turned, since they multiply as x W^T. The 4H rows are blocks i, f, g, o, as our
columns are; other frameworks have other orders. And `nn.LSTM` adds two biases where one would do.
What a state dict does not hold, such as batch_first, dropout or padding_idx, is not carried over. (A gradient made with
padding_idx lacks that row: it is zero, whatever the row is worth.)
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.arguments import describe, require_array, shown
from lstm_lib.model import Params, require_params
from lstm_lib.tree import FloatArray

DTYPES = "float16", "float32", "float64"  # those that both sides have
NAMES = {  # what the state dict of each of the three modules holds
    "embedding": ("weight",),
    "lstm": ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"),
    "output": ("weight", "bias"),
}
BIASES = "bias_ih_l0", "bias_hh_l0"
BEYOND = {  # a piece of a name that only another kind of nn.LSTM has
    "_reverse": "is bidirectional; the model reads from left to right only",
    "_l1": "has more than one layer; the model has one",
    "weight_hr": "projects its hidden state (proj_size); the model does not",
}


class TorchWeights(NamedTuple):
    """The arrays of three state dicts, by the names that PyTorch gives them."""

    embedding: dict[str, FloatArray]  # weight (V, D)
    lstm: dict[str, FloatArray]  # weight_ih_l0 (4H, D), weight_hh_l0 (4H, H), bias_ih_l0 (4H,), bias_hh_l0 (4H,)
    output: dict[str, FloatArray]  # weight (V, H), bias (V,)


def to_torch(params: Params) -> TorchWeights:
    """The parameters as state dicts for nn.Embedding, nn.LSTM and nn.Linear; new arrays, of the parameters' dtype.

    The bias becomes `bias_ih_l0`, and `bias_hh_l0` is zero. `torch.from_numpy` makes a tensor of each array.
    Raises TypeError unless `params` are Params of a dtype that PyTorch has.
    """
    if require_params(params).dtype.name not in DTYPES:
        raise TypeError(f"params must be of {' or '.join(DTYPES)}, the dtypes that PyTorch has; got {params.dtype}")
    lstm = {
        "weight_ih_l0": _turned(params.W_x),
        "weight_hh_l0": _turned(params.W_h),
        "bias_ih_l0": params.b.copy(),
        "bias_hh_l0": np.zeros_like(params.b),
    }
    return TorchWeights(
        {"weight": np.array(params.E, order="C")}, lstm, {"weight": _turned(params.W_y), "bias": params.b_y.copy()}
    )


def from_torch(embedding: Mapping[str, Any], lstm: Mapping[str, Any], output: Mapping[str, Any]) -> Params:
    """The parameters that compute what three modules do; each is given by its state dict, of tensors or of arrays.

    The two biases of nn.LSTM are added. Nothing is shared with what is given. Raises TypeError or ValueError, by
    name, for what is missing or too much, another shape or dtype, and an nn.LSTM of more than one layer, of two
    directions or with a projection.
    """
    given = _require_weights(embedding, lstm, output)
    return _params(given, given.lstm["bias_ih_l0"] + given.lstm["bias_hh_l0"])


def gradients_from_torch(embedding: Mapping[str, Any], lstm: Mapping[str, Any], output: Mapping[str, Any]) -> Params:
    """The gradients of PyTorch's weights as those of ours: what `.grad` of each parameter holds, by its name.

    Both biases of nn.LSTM enter each pre-activation as the one bias here does, so each has its whole gradient: one
    of them is taken. One of the two may be frozen, its `.grad` None: the other has it all. Raises what `from_torch`
    does, and ValueError when these two differ.
    """
    given = _require_weights(embedding, _with_frozen(lstm), output)
    one, other = given.lstm["bias_ih_l0"], given.lstm["bias_hh_l0"]
    near = np.sqrt(np.finfo(one.dtype).eps) * np.nanmax(np.abs(one), initial=0)
    if not np.allclose(one, other, rtol=0, atol=near, equal_nan=True):  # near: summed in another order
        raise ValueError("lstm.bias_ih_l0 and lstm.bias_hh_l0 must have one gradient; these differ, as weights do: "
                         "weights are for from_torch")  # fmt: skip
    return _params(given, one)


def _with_frozen(lstm: Mapping[str, Any]) -> Mapping[str, Any]:
    """The gradients of nn.LSTM; where one bias has none, the other's stands in its place."""
    if isinstance(lstm, Mapping):
        for frozen, other in (BIASES, BIASES[::-1]):
            if frozen in lstm and lstm[frozen] is None and lstm.get(other) is not None:
                return {**lstm, frozen: lstm[other]}
    return lstm


def _params(given: TorchWeights, bias: FloatArray) -> Params:
    return Params(
        E=np.array(given.embedding["weight"], order="C"),
        W_x=_turned(given.lstm["weight_ih_l0"]),
        W_h=_turned(given.lstm["weight_hh_l0"]),
        b=bias.copy(),
        W_y=_turned(given.output["weight"]),
        b_y=given.output["bias"].copy(),
    )


def _turned(matrix: FloatArray) -> FloatArray:
    """The transpose, as an array of its own."""
    return np.array(matrix.T, order="C")


def _require_weights(embedding: object, lstm: object, output: object) -> TorchWeights:
    """The arrays of the three state dicts; raises TypeError or ValueError when they are not those of one model."""
    given = TorchWeights(*(_require_arrays(module, tensors) for module, tensors in
                           {"embedding": embedding, "lstm": lstm, "output": output}.items()))  # fmt: skip
    named = {f"{module}.{name}": array for module, arrays in given._asdict().items() for name, array in arrays.items()}
    first, hidden = named["embedding.weight"], named["lstm.weight_hh_l0"]
    for name in ("embedding.weight", "lstm.weight_hh_l0"):
        if named[name].ndim != 2 or named[name].size == 0:
            raise ValueError(f"{name} must be a matrix of at least one row and column; got shape {named[name].shape}")
    (V, D), H = first.shape, hidden.shape[1]
    shapes = [(V, D), (4 * H, D), (4 * H, H), (4 * H,), (4 * H,), (V, H), (V,)]
    for (name, array), shape in zip(named.items(), shapes, strict=True):
        if array.shape != shape:
            sizes = f"V={V} and D={D} of embedding.weight and H={H}, the columns of lstm.weight_hh_l0"
            raise ValueError(f"{name} must have shape {shape}, by {sizes}; got {array.shape}")
        if array.dtype != first.dtype:
            raise TypeError(f"{name} must be {first.dtype} like embedding.weight; got {array.dtype}")
    return given


def _require_arrays(module: str, tensors: object) -> dict[str, FloatArray]:
    """What a state dict holds, in the order of NAMES; raises TypeError or ValueError for anything else."""
    if not isinstance(tensors, Mapping):
        raise TypeError(f"{module} must be a state dict, such as state_dict() returns; got {describe(tensors)}")
    held: Mapping[Any, object] = tensors
    for piece, reason in BEYOND.items() if module == "lstm" else ():
        if found := [name for name in held if piece in str(name)]:
            raise ValueError(f"lstm must be an nn.LSTM(D, H); this one holds {shown(found[0])}: it {reason}")
    if module == "lstm" and set(held) == {*NAMES["lstm"]} - {*BIASES}:
        raise ValueError("lstm must be an nn.LSTM(D, H) with biases; this one was made with bias=False: zeros of shape "
                         "(4H,) for bias_ih_l0 and bias_hh_l0 make it one")  # fmt: skip
    if set(held) != set(NAMES[module]):
        raise ValueError(f"{module} must hold {', '.join(NAMES[module])}, and nothing else; got {shown(list(held))}")
    return {name: _require_floats(f"{module}.{name}", held[name]) for name in NAMES[module]}


def _require_floats(name: str, value: object) -> FloatArray:
    """A tensor, wherever it lies, or an array, as an array; raises TypeError unless it is one of DTYPES."""
    array: object = value
    if not isinstance(value, np.ndarray) and hasattr(value, "detach"):
        try:
            array = value.detach().cpu().numpy()
        except (AttributeError, RuntimeError, TypeError) as error:  # bfloat16, a sparse tensor, one without numbers
            dtype = getattr(value, "dtype", "no dtype")
            raise TypeError(f"{name} must be a tensor that NumPy can hold; got one of {dtype}: {error}") from error
    checked = require_array(name, array, "floats")
    if checked.dtype.name not in DTYPES:
        raise TypeError(f"{name} must be of {' or '.join(DTYPES)}; got {checked.dtype}")
    return checked
