"""The patient's training: first weights, updates and the loop, with its defects behind switches."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from lstm_lib.data import Batch
from lstm_lib.model import Params, init_params
from lstm_lib.optim import AdamState, adam_update, sgd_update
from lstm_lib.patient.defects import HEALTHY, Sick
from lstm_lib.tree import FloatArray, tree_map

BETA1, BETA2, EPS = 0.9, 0.99, 1e-6
TINY = 0.01
Step = Callable[[Params, AdamState[Params], Batch], tuple[Params, AdamState[Params], float]]


def begin(V: int, D: int, H: int, *, rng: np.random.Generator, sick: Sick = HEALTHY) -> Params:
    """The first weights: the library's, or normal with a standard deviation of 0.01, with or without biases."""
    params = init_params(V, D, H, rng=rng)
    if "tiny start" in sick:
        tiny: Params = tree_map(lambda leaf: TINY * rng.standard_normal(leaf.shape), params)
        params = replace(tiny, b=params.b, b_y=params.b_y)
    return replace(params, b=np.zeros_like(params.b)) if "no biases" in sick else params


def update(
    params: Params, grads: Params, state: AdamState[Params], *, lr: float, sick: Sick = HEALTHY
) -> tuple[Params, AdamState[Params]]:
    """One step of Adam with betas 0.9 and 0.99; what the patient leaves out is left out by its switches."""
    rule = _uncorrected if "uncorrected" in sick else _corrected
    moved, after = rule(params, grads, state, lr)
    if "embedding by descent" in sick:
        moved = replace(moved, E=sgd_update(params, grads, lr=lr).E)
    if "no biases" in sick:
        moved = replace(moved, b=params.b, b_y=params.b_y)
    return moved, after


def _corrected(params: Params, grads: Params, state: AdamState[Params], lr: float) -> tuple[Params, AdamState[Params]]:
    return adam_update(params, grads, state, lr=lr, beta1=BETA1, beta2=BETA2, eps=EPS)


def _uncorrected(
    params: Params, grads: Params, state: AdamState[Params], lr: float
) -> tuple[Params, AdamState[Params]]:
    m = tree_map(lambda old, d: BETA1 * old + (1 - BETA1) * d, state.m, grads)
    v = tree_map(lambda old, d: BETA2 * old + (1 - BETA2) * d * d, state.v, grads)

    def move(p: FloatArray, mean: FloatArray, square: FloatArray) -> FloatArray:
        moved: FloatArray = p - lr * mean / (np.sqrt(square) + EPS)
        return moved

    return tree_map(move, params, m, v), AdamState(m, v, state.step + 1)


def loop(
    params: Params, state: AdamState[Params], supply: Iterable[Batch], step: Step, sick: Sick = HEALTHY
) -> tuple[Params, AdamState[Params], list[float]]:
    """A step for each table of `supply`; returns what survives, and all losses."""
    losses = []
    for batch in supply:
        params, state, loss = step(params, state, batch)
        losses.append(loss)
        if "one update" in sick:
            break
    return params, state, losses
