"""A probe: a straight line from what a network holds to what it might mean, and how well it does on other names."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_array, require_integer, require_number, require_row, shown
from lstm_lib.tree import FloatArray


class Probe(NamedTuple):
    """A linear guess of one number from H others."""

    weights: FloatArray  # (H,)
    bias: float

    def guess(self, x: FloatArray) -> FloatArray:
        """The guesses (N,) for N rows of `x` (N, H). Raises TypeError or ValueError for another shape."""
        values = require_array("x", x, "floats")
        if values.ndim != 2 or values.shape[1] != len(self.weights):
            raise ValueError(f"x must have shape (N, {len(self.weights)}); got {values.shape}")
        guesses: FloatArray = values @ self.weights + self.bias
        return guesses


def fit_probe(x: FloatArray, y: ArrayLike, *, ridge: float = 1.0) -> Probe:
    """The line with the smallest squared error on x (N, H) and y (N,), and a price on long weights (ridge regression).

    Minimises the sum of squares plus `ridge` times the squared length of the weights, in closed form, eq. (18.2).
    Raises TypeError or ValueError unless there is a finite number for each row, and `ridge` is above 0.
    """
    values = require_array("x", x, "floats").astype(np.float64)
    wanted = _numbers("y", y)
    if values.ndim != 2 or not 0 < values.shape[0] == wanted.size or not np.isfinite(values.sum() + wanted.sum()):
        raise ValueError(f"x must be (N, H) and y (N,), finite; got {values.shape} and {wanted.shape}")
    price = require_number("ridge", ridge, above=0) * np.eye(values.shape[1])
    mean, level = values.mean(axis=0), float(wanted.mean())
    centred = values - mean
    with np.errstate(over="ignore", invalid="ignore"):
        square, right = centred.T @ centred + price, centred.T @ (wanted - level)
    if not (np.isfinite(square).all() and np.isfinite(right).all()):
        raise ValueError(f"the squares of x and y must be finite; got an |x| of {np.abs(values).max():g}")
    weights = np.linalg.solve(square, right)  # (18.2)
    return Probe(weights, level - float(mean @ weights))


def best_ridge(x: FloatArray, y: ArrayLike, prices: ArrayLike, *, folds: int = 5) -> float:
    """The one of `prices` (K,) whose probes guess best when each fold is guessed by a probe of the other folds.

    Row k of x (N, H) and y (N,) is in fold k mod `folds`. Of prices that are equally good it is the first.
    Raises TypeError or ValueError as `fit_probe` does, and unless there is a price and 2 to N folds.
    """
    wanted, count = _numbers("y", y), require_integer("folds", folds, at_least=2)
    row = require_row("prices", prices)
    if not row.size or not count <= len(wanted) == len(require_array("x", x, "floats")):
        expected = f"there must be a price, and 2 to {len(wanted)} folds of as many x"
        raise ValueError(f"{expected}; got {shown(prices)} and {folds}")
    fold = np.arange(len(wanted)) % count
    errors = [0.0] * row.size
    for k in range(count):
        others, new = fold != k, fold == k
        for place, price in enumerate(row.tolist()):
            guesses = fit_probe(x[others], wanted[others], ridge=price).guess(x[new])
            errors[place] += float(((wanted[new] - guesses) ** 2).sum())
    return float(row[int(np.argmin(errors))])


def explained(y: ArrayLike, guesses: ArrayLike) -> float:
    """The share of the variance of y (N,) that the guesses (N,) explain: 1 is all, 0 is guessing the mean; eq. (18.3).

    It is negative for guesses that are worse than the mean. Raises TypeError or ValueError unless there are as many of
    each, all are finite, and y varies.
    """
    wanted, guessed = _numbers("y", y), _numbers("guesses", guesses)
    for name, row in (("y", wanted), ("guesses", guessed)):
        if not np.isfinite(row).all():
            raise ValueError(f"{name} must be finite; got {row[~np.isfinite(row)][0]}")
    if wanted.shape != guessed.shape or not wanted.size or not np.ptp(wanted) > 0:
        raise ValueError(f"y must vary, with one guess for each; got {wanted.shape} and {guessed.shape}")
    return 1 - float(((wanted - guessed) ** 2).mean() / wanted.var())  # (18.3)


def _numbers(name: str, values: ArrayLike) -> FloatArray:
    """A row of numbers; booleans, the likeliest other thing, are told what to do."""
    try:
        booleans = np.asarray(values).dtype.kind == "b"
    except ValueError:  # lists of unequal length
        booleans = False
    if booleans:
        raise TypeError(f"{name} must be a list of numbers, not of booleans: np.array({name}, float) makes them")
    return require_row(name, values).astype(np.float64)
