"""What the tests of the variants share: every module on the contract of `model`, a small ragged case, its errors."""

from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from lstm_lib import model
from lstm_lib.cell import LSTMState
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.variants import (
    coupled,
    gru,
    mingru,
    mingru_output,
    mingru_twice,
    minlstm,
    no_forget,
    no_input,
    no_output,
    no_tanh,
    peepholes,
    plain,
    x_alone,
    x_alone_no_output,
)

WITH_CELL = (model, no_forget, no_input, no_output, no_tanh, coupled, peepholes)  # whose state is (h, c)
SCANNED = (mingru, mingru_twice, mingru_output, minlstm, x_alone, x_alone_no_output)  # whose gates read x alone
WITHOUT = (plain, gru, *SCANNED)  # whose state is one array
ALL = WITH_CELL + WITHOUT
NAMES = [module.__name__.rpartition(".")[2] for module in ALL]

V, D, H = 7, 4, 5
T, B = 6, 3
LENGTHS = np.array([6, 3, 1])
RNG = np.random.default_rng(21)
INPUTS = RNG.integers(0, V, (T, B))
REAL = np.arange(T)[:, None, None] < LENGTHS[:, None]  # what comes after the end has no say
OUT = np.where(REAL, RNG.standard_normal((T, B, V)), 0)
STATE, SEEN = RNG.standard_normal((2, 2, B, H))  # the state before the first step; weights of the last state


class State(NamedTuple):
    """A state that is one array, as a record."""

    h: np.ndarray


def params_of(module: ModuleType, dtype: type = np.float64, seed: int = 0) -> Any:
    """Parameters without a zero."""
    rng = np.random.default_rng(seed)
    drawn = module.init_params(V, D, H, rng=rng)
    return tree_map(lambda leaf: (leaf + 0.3 * rng.standard_normal(leaf.shape)).astype(dtype), drawn)


def state_of(module: ModuleType, dtype: type = np.float64) -> Any:
    """A state that is nowhere zero."""
    both = STATE.astype(dtype)
    return LSTMState(*both) if module in WITH_CELL else both if module is mingru_twice else both[0]


def loss(module: ModuleType, params: Any, state: Any) -> float:
    """Fixed weights on the logits of real steps."""
    return float((module.forward(params, INPUTS, state)[0] * OUT).sum())


@cache
def differences(module: ModuleType) -> tuple[Any, Any]:
    """The gradients of parameters and initial state by central differences, of which no backward pass knows."""
    params, state = params_of(module), state_of(module)
    start = state if module in WITH_CELL else State(state)
    nudged = numerical_gradient(lambda s: loss(module, params, s if module in WITH_CELL else s.h), start)
    return numerical_gradient(lambda p: loss(module, p, state), params), nudged


def errors(module: ModuleType) -> dict[str, float]:
    """For each tensor and each part of the initial state: how far backward is from central differences."""
    params, state = params_of(module), state_of(module)
    grads, dstate = module.backward(params, module.forward(params, INPUTS, state)[2], OUT)
    slopes, nudged = differences(module)
    off = relative_errors(dstate if module in WITH_CELL else State(dstate), nudged)
    return relative_errors(grads, slopes) | {f"state.{name}": value for name, value in off.items()}


def arrays(record: Any) -> list[np.ndarray]:
    """The arrays of a record, or the array itself."""
    return [record] if isinstance(record, np.ndarray) else [leaf for _, leaf in named_leaves(record)]
