"""Exercise 10.5: a mended gradient check is shown gradients that are right, and others that must not pass."""

from collections.abc import Callable, Mapping
from reprlib import repr as short_repr
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.tree import FloatArray

Tensors = Mapping[str, FloatArray]


class Trial(NamedTuple):
    """A derived and a measured gradient, whether they may pass, and the hint for a check that says otherwise."""

    derived: Tensors
    measured: Tensors
    passes: bool
    hint: str


@exercise
def passes(function: Callable[..., Any]) -> Feedback:
    """Exercise 10.5: `(derived, measured, limit) -> bool` for two mappings from a tensor's name to its array."""
    for trial in trials():
        answer, feedback = ask(function, trial.derived, trial.measured, 1e-6)
        if feedback is not None:
            return feedback
        said = answer.item() if isinstance(answer, np.bool_ | np.ndarray) and np.size(answer) == 1 else answer
        if not isinstance(said, bool):
            return not_yet(f"return True or False; got {short_repr(answer)}.")
        if said != trial.passes:
            return not_yet(trial.hint)
    return right("Nothing cancels, each tensor answers for itself, and nan is no pass.")


def trials() -> list[Trial]:
    """What the check must tell apart: a right gradient, spoilt ones, and two that look odd and are right."""
    rng = np.random.default_rng(103)
    n = {"W": rng.normal(size=(3, 4)), "b": 1e-3 * rng.normal(size=4)}
    noisy = {name: leaf + 1e-12 * rng.normal(size=leaf.shape) for name, leaf in n.items()}
    zero = {name: 0 * leaf for name, leaf in n.items()}
    second = np.arange(4) == 1
    tiny = {**n, "b": np.where(second, 3e-13, n["b"])}
    spoilt = [Trial(wrong, n, False, hint) for hint, wrong in _spoilt(n).items()]
    return [
        Trial(noisy, n, True, "a right gradient, off by rounding alone, must pass."),
        *spoilt[:3],
        _turned(n, np.full(4, 1e-6), "b is wrong and small, W right and large, and it passes: the large one drowns the "
                "small. Let each tensor answer for itself."),
        _turned(n, 1e-6 * n["b"], "b is as small as 1e-9 and has the opposite sign, and it passes: the difference must "
                "be measured against the size of the tensor."),
        *spoilt[3:],
        Trial(zero, zero, True, "both are zero, as dW_h is at one step from h = 0: they agree, and must pass. "
              "Mind 0 / 0."),
        Trial(tiny, {**n, "b": tiny["b"] + 1e-12 * second}, True, "one entry of b is as small as the noise, the others "
              "agree: that must pass. Compare lengths of tensors, not single entries."),
    ]  # fmt: skip


def _turned(n: Tensors, b: FloatArray, hint: str) -> Trial:
    """W right, and a small b with the opposite sign."""
    return Trial({**n, "b": -b}, {**n, "b": b}, False, hint)


def _spoilt(n: Tensors) -> dict[str, Tensors]:
    """Wrong gradients, by what to say when one passes."""
    W, b = n["W"], n["b"]
    third = np.arange(4) == 2
    return {
        "two columns of W are exchanged, and it passes: their mean is the same. Take the length of the difference, or "
        "the sum of its sizes, before anything can cancel.": {**n, "W": W[:, [1, 0, 2, 3]]},
        "W has the opposite sign, and it passes.": {**n, "W": -W},
        "the gradient of W is missing, all zeros, and it passes.": {**n, "W": 0 * W},
        "b is wrong by a thousandth, and it passes: is the limit used?": {**n, "b": 1.001 * b},
        "there is a nan in b, and it passes: `nan > limit` is False. Ask whether the error is at most the limit; and "
        "mind that max(0.0, nan) is 0.0.": {**n, "b": np.where(third, np.nan, b)},
        "there is an inf in b, and it passes.": {**n, "b": np.where(third, np.inf, b)},
    }
