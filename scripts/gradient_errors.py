"""How far do right gradients lie from measured slopes? The library's, on a thousand random shapes, for chapter 10.

Usage: python scripts/gradient_errors.py. Some minutes on one thread. Writes
lstm_lib/datasets/gradient_errors.json: how many shapes have their worst error below each power of ten, by tensor
(`relative_errors`) and by entry (the same ratio for single numbers), and the two worst with what they were found on.
Each shape has its own seed, so that it can be looked at again.
"""

import math
import os
from collections import Counter
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import LSTMState
from lstm_lib.data import Batch
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, forward, init_params
from lstm_lib.tree import named_leaves, tree_map

ERRORS = DATASETS / "gradient_errors.json"
SHAPES = 1000
LEAST = {"V": 2, "D": 1, "H": 1, "T": 1, "B": 1}
MOST = {"V": 6, "D": 5, "H": 5, "T": 7, "B": 3}


class Case(NamedTuple):
    """One random shape, with its weights, its ragged batch and its start: zeros, or a full state."""

    sizes: dict[str, int]
    params: Params
    batch: Batch
    state: LSTMState | None


def case(seed: int) -> Case:
    """The case of this seed; every bias is random, too."""
    rng = np.random.default_rng([10, seed])
    sizes = {name: int(rng.integers(least, MOST[name] + 1)) for name, least in LEAST.items()}
    V, D, H, T, B = sizes.values()
    drawn = init_params(V, D, H, rng=rng)
    params: Params = tree_map(lambda w: w + 0.3 * rng.standard_normal(w.shape), drawn)
    lengths = rng.integers(1, T + 1, B)
    lengths[rng.integers(B)] = T
    inputs, targets = rng.integers(0, V, (2, T, B))
    state = LSTMState(*rng.standard_normal((2, B, H))) if rng.random() < 0.5 else None
    return Case(sizes, params, Batch(inputs, targets, np.arange(T)[:, None] < lengths), state)


def both(one: Case) -> tuple[Params, Params]:
    """The gradient that training uses, and the slopes of the readable loss, measured."""
    inputs, targets, mask = one.batch

    def loss(trial: Params) -> float:
        return cross_entropy(forward(trial, inputs, one.state, mask=mask)[0], targets, mask)[0]

    return loss_and_grads(one.params, one.batch, one.state)[1], numerical_gradient(loss, one.params)


def entry_errors(derived: Params, measured: Params) -> dict[str, float]:
    """For each tensor the worst |a - n| / (|a| + |n|) of a single entry; two zeros agree."""
    found = {}
    for (name, a), (_, n) in zip(named_leaves(derived), named_leaves(measured), strict=True):
        size = np.abs(a) + np.abs(n)
        found[name] = float((np.abs(a - n) / np.where(size > 0, size, 1)).max())
    return found


def worst(seed: int) -> dict[str, dict[str, Any]]:
    """The worst error of a shape, by tensor and by entry, with the length of the tensor's gradient and of the miss."""
    one = case(seed)
    derived, measured = both(one)
    found = {}
    for how, errors in (("tensor", relative_errors(derived, measured)), ("entry", entry_errors(derived, measured))):
        name = max(errors, key=lambda each: errors[each])
        a, n = getattr(derived, name), getattr(measured, name)
        lengths = {"length": float(np.linalg.norm(a)), "miss": float(np.linalg.norm(a - n))}
        found[how] = {"error": errors[name], "of": name, **lengths, "seed": seed, **one.sizes}
    return found


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """How many errors lie below each power of ten, and not below the one before; and the worst."""
    powers = Counter(math.floor(math.log10(each["error"])) + 1 for each in found)
    last = max(found, key=lambda each: each["error"])
    kept = {key: float(f"{value:.2g}") if isinstance(value, float) else value for key, value in last.items()}
    return {"below": {str(power): powers[power] for power in sorted(powers)}, "worst": kept}


def main() -> None:
    """All shapes, and what the book shows of them."""
    found = []
    for seed in range(SHAPES):
        found.append(worst(seed))
        if seed % 100 == 99:
            print(seed + 1, "shapes", flush=True)
    kept = {how: summary([each[how] for each in found]) for how in ("tensor", "entry")}
    miss = max(each["tensor"]["miss"] for each in found)
    write_json(ERRORS, {"shapes": SHAPES, "longest_miss": float(f"{miss:.2g}"), **kept})
    print(kept)


if __name__ == "__main__":
    main()
