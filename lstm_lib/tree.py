"""Records of arrays: the type aliases of the library, and one function applied to every array of a record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lstm_lib.arguments import describe, require_array

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

Tree = TypeVar("Tree")  # a frozen dataclass or NamedTuple whose fields are arrays


def named_leaves(record: object) -> Iterator[tuple[str, FloatArray]]:
    """Yield (field name, array) for each array of a record, in the order of its fields.

    Raises TypeError when `record` is neither a dataclass nor a NamedTuple.
    """
    if is_dataclass(record) and not isinstance(record, type):
        names = [field.name for field in fields(record)]
    elif isinstance(record, tuple) and hasattr(record, "_fields"):
        names = list(record._fields)
    else:
        raise TypeError(f"expected a record of arrays (a dataclass or NamedTuple); got {type(record).__name__}")
    for name in names:
        yield name, getattr(record, name)


def require_record(what: str, record: Tree) -> Tree:
    """Return `record`, called `what` in the message, if it is a record of float arrays; raise TypeError otherwise."""
    try:
        leaves = list(named_leaves(record))
    except TypeError:
        leaves = []
    if not leaves:
        raise TypeError(f"{what} must be a record of arrays, such as init_params returns; got {describe(record)}")
    for name, leaf in leaves:
        require_array(f"{what}.{name}", leaf, "floats")
    return record


def require_one_dtype(record: object) -> None:
    """Raise TypeError unless all fields of `record` are arrays of floats, of the first one's dtype."""
    first, like = next(named_leaves(record))
    for name, leaf in named_leaves(record):
        require_array(name, leaf, "floats")
        if leaf.dtype != like.dtype:
            raise TypeError(f"all tensors must share one dtype; {first} is {like.dtype}, {name} is {leaf.dtype}")


def require_shapes(record: object, expected: Mapping[str, tuple[int, ...]], sizes: str) -> None:
    """Raise ValueError unless each array of `record` has its `expected` shape and is not empty.

    `sizes` says in the message where the shapes come from.
    """
    for name, leaf in named_leaves(record):
        if leaf.shape != expected[name] or leaf.size == 0:
            raise ValueError(f"{name} must have shape {expected[name]}, with {sizes}; got {leaf.shape}")


def require_alike(record: Tree, other: Tree, *, what: str, like: str = "params") -> None:
    """Raise unless each array of `other`, called `what` in the message, matches that of `record`, called `like`.

    Raises TypeError for another type of record or another dtype, ValueError for another shape.
    """
    if type(other) is not type(record):
        raise TypeError(f"{what} must be {type(record).__name__} like {like}; got {type(other).__name__}")
    for (name, one), (_, two) in zip(named_leaves(record), named_leaves(other), strict=True):
        if (one.dtype, one.shape) != (two.dtype, two.shape):
            kind = ValueError if one.shape != two.shape else TypeError
            expected, came = f"{one.dtype} {one.shape}", f"{two.dtype} {two.shape}"
            raise kind(f"{what}.{name} must be {expected} like {like}.{name}; got {came}")


def require_finite(record: object, *, what: str) -> None:
    """Raise ValueError when an array of `record`, called `what` in the message, holds an entry that is not finite."""
    for name, leaf in named_leaves(record):
        finite = np.isfinite(leaf)
        if not finite.all():
            raise ValueError(f"{what} must be finite; {name} holds {leaf[~finite][0]}")


def tree_map(function: Callable[..., FloatArray], record: Tree, *others: Tree) -> Tree:
    """Apply `function` to the matching arrays of one or more records; return a record of the same type.

    `tree_map(lambda p, d: p - 0.1 * d, params, grads)` is one step of gradient descent on every tensor.
    """
    for other in others:
        if type(other) is not type(record):
            raise TypeError(f"records must have the same type; got {type(record).__name__} and {type(other).__name__}")
    columns = [dict(named_leaves(each)) for each in (record, *others)]
    leaves = {name: function(*(column[name] for column in columns)) for name in columns[0]}
    return cast(Callable[..., Tree], type(record))(**leaves)
