"""A probe: a straight line from what a network holds to what it might mean, and how well it does on other names."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_array, require_number, require_row
from lstm_lib.tree import FloatArray


class Probe(NamedTuple):
    """A linear guess of one number from H others."""

    weights: FloatArray  # (H,)
    bias: float

    def guess(self, x: FloatArray) -> FloatArray:
        """The guesses (N,) for N rows of `x` (N, H)."""
        guesses: FloatArray = x @ self.weights + self.bias
        return guesses


def fit_probe(x: FloatArray, y: ArrayLike, *, ridge: float = 1.0) -> Probe:
    """The line with the smallest squared error on x (N, H) and y (N,), and a price on long weights (ridge regression).

    Minimises the sum of squares plus `ridge` times the squared length of the weights, in closed form, eq. (18.2).
    Raises TypeError or ValueError unless there is a finite number for each row, and `ridge` is above 0.
    """
    values = require_array("x", x, "floats").astype(np.float64)
    wanted = require_row("y", y).astype(np.float64)
    if values.ndim != 2 or not 0 < values.shape[0] == wanted.size or not np.isfinite(values.sum() + wanted.sum()):
        raise ValueError(f"x must be (N, H) and y (N,), finite; got {values.shape} and {wanted.shape}")
    price = require_number("ridge", ridge, above=0) * np.eye(values.shape[1])
    mean, level = values.mean(axis=0), float(wanted.mean())
    centred = values - mean
    weights = np.linalg.solve(centred.T @ centred + price, centred.T @ (wanted - level))  # (18.2)
    return Probe(weights, level - float(mean @ weights))


def explained(y: ArrayLike, guesses: ArrayLike) -> float:
    """The share of the variance of y (N,) that the guesses (N,) explain: 1 is all, 0 is guessing the mean; eq. (18.3).

    It is negative for guesses that are worse than the mean. Raises TypeError or ValueError unless there are as many of
    each, and y varies.
    """
    wanted, guessed = require_row("y", y).astype(np.float64), require_row("guesses", guesses).astype(np.float64)
    if wanted.shape != guessed.shape or not np.ptp(wanted) > 0:
        raise ValueError(f"y must vary, with one guess for each; got {wanted.shape} and {guessed.shape}")
    return 1 - float(((wanted - guessed) ** 2).mean() / wanted.var())  # (18.3)
