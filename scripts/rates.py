"""Sweep the learning rate of five rules over three seeds, and write lstm_lib/datasets/rates.json for chapter 11.

The model and the length of a run are those of the chapter, which runs one of them again. Some minutes on one thread.
Usage: python scripts/rates.py
"""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, data_version, write_json

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.tree import FloatArray, named_leaves
from lstm_lib.vocabulary import Vocabulary

RATES = DATASETS / "rates.json"
SEEDS, STEPS, LAST = (0, 1, 2), 150, 10
D, H, BATCH = 16, 32, 64
Rule = Callable[..., tuple[FloatArray, Any, Any]]


def plain(theta: FloatArray, dtheta: FloatArray, m: Any, v: Any, s: int, lr: float) -> tuple[FloatArray, Any, Any]:
    """Gradient descent."""
    return theta - lr * dtheta, m, v  # (11.1)


def momentum(theta: FloatArray, dtheta: FloatArray, m: Any, v: Any, s: int, lr: float) -> tuple[FloatArray, Any, Any]:
    """Steps by a running mean of the gradients."""
    m = 0.9 * m + 0.1 * dtheta  # (11.2)
    return theta - lr * m, m, v


def adam(
    theta: FloatArray, dtheta: FloatArray, m: Any, v: Any, s: int, lr: float, *,
    betas: tuple[float, float] = (0.9, 0.999), correct: bool = True,
) -> tuple[FloatArray, Any, Any]:  # fmt: skip
    """Adam, or one with other betas or without its correction."""
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * dtheta  # (11.2)
    v = beta2 * v + (1 - beta2) * dtheta**2  # (11.3)
    share_m, share_v = (1 - beta1**s, 1 - beta2**s) if correct else (1, 1)
    return theta - lr * (m / share_m) / (np.sqrt(v / share_v) + 1e-8), m, v  # (11.4) to (11.6)


SMALL, LARGE = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3), (0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
GRID: dict[str, tuple[Rule, tuple[float, ...]]] = {
    "Adam": (adam, SMALL),
    "uncorrected": (partial(adam, correct=False), SMALL),
    "betas swapped": (partial(adam, betas=(0.999, 0.9)), SMALL),
    "plain": (plain, LARGE),
    "momentum": (momentum, LARGE),
}


def last_loss(rule: Rule, lr: float, seed: int) -> float:
    """The mean loss of the last ten of 150 batches, in nats per predicted symbol; infinite where the run blows up."""
    names = load_splits().train
    vocabulary = Vocabulary.from_names(names)
    params = init_params(len(vocabulary), D, H, rng=np.random.default_rng(seed))
    feed = batches(names, vocabulary, BATCH, rng=np.random.default_rng(seed))
    memory: dict[str, tuple[Any, Any]] = {name: (0, 0) for name, _ in named_leaves(params)}
    losses = []
    for s in range(1, STEPS + 1):
        loss, grads = loss_and_grads(params, next(feed))
        if not np.isfinite(loss):
            return float("inf")
        losses.append(loss)
        moved = {}
        for name, theta in named_leaves(params):
            moved[name], *memory[name] = rule(theta, getattr(grads, name), *memory[name], s, lr)  # type: ignore[call-overload]
        params = Params(**moved)
    return round(float(np.mean(losses[-LAST:])), 6)


def main() -> None:
    """Run the grid and write what was found."""
    found: dict[str, Any] = {"lists": data_version()["names"], "steps": STEPS, "last": LAST, "seeds": SEEDS, "loss": {}}
    for name, (rule, rates) in GRID.items():
        found["loss"][name] = {f"{lr:g}": [last_loss(rule, lr, seed) for seed in SEEDS] for lr in rates}
        print(name, found["loss"][name], flush=True)
    write_json(RATES, found)


if __name__ == "__main__":
    main()
