"""Weights that count the matrix products they take part in, for the exercises that ask for few of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lib.model import Params
from lstm_lib.tree import FloatArray, tree_map


@dataclass
class Log:
    """What was multiplied: matrix products, and rows of those with W_h."""

    products: int = 0
    rows: int = 0


class Counted(np.ndarray[Any, np.dtype[Any]]):
    """A weight that notes each matrix product it takes part in; results are plain arrays."""

    log: Log
    __array_priority__ = 1.0  # put together with plain arrays it stays what it is

    def __array_finalize__(self, source: object) -> None:
        self.log = getattr(source, "log", Log())

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        """Count, then compute with plain arrays."""
        arrays = [plain(each) for each in inputs]
        if ufunc is np.matmul:
            self.note(arrays[0], arrays[1], stacked(*inputs))
        if out is not None:
            options["out"] = tuple(plain(each) for each in out)
        return getattr(ufunc, method)(*arrays, **options)

    def __array_function__(self, function: Any, types: Iterable[type], inputs: Any, options: Any) -> Any:
        """`np.dot` and its like are products, too."""
        if function in (np.dot, np.einsum, np.inner, np.tensordot):
            arrays = [plain(each) for each in inputs]
            self.note(arrays[-2], arrays[-1], stacked(*inputs))
            return function(*arrays, **options)
        result = super().__array_function__(function, types, inputs, options)
        if isinstance(result, Counted):  # weights put together still count
            result.log = self.log
        return result

    def note(self, one: FloatArray, other: FloatArray, products: int) -> None:
        """So many products in one call; their rows, if the other factor is W_h or holds it."""
        self.log.products += products
        if np.ndim(other) >= 2 and np.shape(other)[-1] == 20 and np.shape(other)[-2] >= 5:
            self.log.rows += int(np.prod(np.shape(one)[:-1]))


def stacked(*factors: Any) -> int:
    """How many matrices the weights among the factors hold: (4, D, H) is four weights in a stack."""
    return max((int(np.prod(each.shape[:-2])) for each in factors if isinstance(each, Counted)), default=1)


def plain(value: Any) -> Any:
    """A weight as the plain array that it holds; anything else as it is."""
    return value.view(np.ndarray) if isinstance(value, Counted) else value


def counting(params: Params) -> tuple[Params, Log]:
    """The same parameters as weights that count, and their count."""
    log = Log()

    def counted(leaf: FloatArray) -> FloatArray:
        weight = leaf.copy().view(Counted)
        weight.log = log
        return weight

    return tree_map(counted, params), log
