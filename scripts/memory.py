"""Who can remember a letter while others pass? Every run of the memory task, for chapters 5, 6 and 13.

Usage: python scripts/memory.py. Two runs at a time; finished runs are not made again: delete the file when the recipe
changes. Writes lstm_lib/datasets/memory.json:
  "recipe"  the sizes and settings, the same for every run;
  "steps"   by condition, model and k, a number for each seed: training steps until 99 % of 256 fresh sequences were
            answered rightly, looked at every 50 steps; null when that did not happen;
  "right"   the same shape: the share of the fresh sequences that was right at the last look.
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from itertools import product
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib import model
from lstm_lib.loss import accuracy, cross_entropy
from lstm_lib.memory_task import VOCABULARY, recall_batch
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.variants import plain

MEMORY = DATASETS / "memory.json"
RECIPE: dict[str, Any] = {
    "embedding_size": 16, "hidden_plain": 64, "hidden_lstm": 32, "batch_size": 32, "lr": 0.003, "max_norm": 1.0,
    "steps": 3000, "look_every": 50, "fresh": 256, "solved": 0.99, "seeds": [0, 1, 2, 3, 4], "dtype": "float32",
}  # fmt: skip
WORKERS = 2


class Network(NamedTuple):
    """A kind of network: its module, its units, and how its first weights are drawn."""

    module: Any
    units: str
    options: dict[str, Any]


NETWORKS = {
    "plain": Network(plain, "hidden_plain", {}),
    "plain, orthogonal": Network(plain, "hidden_plain", {"orthogonal": True}),
    "plain, radius 1.45": Network(plain, "hidden_plain", {"spectral_radius": 1.45}),
    "plain, orthogonal, radius 1.36": Network(plain, "hidden_plain", {"orthogonal": True, "spectral_radius": 1.36}),
    "LSTM, forget bias 1": Network(model, "hidden_lstm", {"forget_bias": 1.0}),
    "LSTM, forget bias 3": Network(model, "hidden_lstm", {"forget_bias": 3.0}),
}
CONSTANT = {"random fillers": False, "constant fillers": True}  # in a control one letter passes instead of four
LAGS = (5, 10, 20, 40)
PLAIN = ("plain", "plain, orthogonal")
BLOCKS = (  # condition, networks, letters that pass
    ("random fillers", PLAIN, LAGS),
    ("constant fillers", PLAIN, (10, 40)),
    ("random fillers", ("LSTM, forget bias 3",), LAGS),
    ("random fillers", ("LSTM, forget bias 1",), LAGS),
    ("random fillers", ("plain, radius 1.45", "plain, orthogonal, radius 1.36"), LAGS),
)
Run = tuple[str, str, int, int]  # condition, network, k, seed


def train(run: Run, dtype: str = RECIPE["dtype"]) -> tuple[int | None, float]:
    """The steps until the task was solved, or None, and the share right at the last look."""
    condition, name, k, seed = run
    network, ask = NETWORKS[name], partial(recall_batch, k, constant=CONSTANT[condition])
    start, chance = np.random.default_rng(seed), np.random.default_rng([seed, k])
    sizes = len(VOCABULARY), RECIPE["embedding_size"], RECIPE[network.units]
    params = network.module.init_params(*sizes, rng=start, dtype=dtype, **network.options)
    adam, right = adam_init(params), 0.0
    for step in range(1, RECIPE["steps"] + 1):
        recall = ask(RECIPE["batch_size"], rng=chance)
        logits, _, cache = network.module.forward(params, recall.inputs)
        _, dlogits = cross_entropy(logits, recall.targets, recall.asked)
        grads, _ = clip_by_global_norm(network.module.backward(params, cache, dlogits)[0], RECIPE["max_norm"])
        params, adam = adam_update(params, grads, adam, lr=RECIPE["lr"])
        if step % RECIPE["look_every"] == 0:
            fresh = ask(RECIPE["fresh"], rng=chance)
            right = accuracy(network.module.forward(params, fresh.inputs)[0], fresh.targets, fresh.asked)
            if right >= RECIPE["solved"]:
                return step, round(right, 4)
    return None, round(right, 4)


def runs() -> Iterator[Run]:
    """Every run, block by block."""
    for condition, networks, lags in BLOCKS:
        yield from product([condition], networks, lags, RECIPE["seeds"])


def collected(done: dict[Run, tuple[int | None, float]]) -> dict[str, Any]:
    """The finished runs in the shape of the file; a cell of the table appears when all its seeds are there."""
    found: dict[str, Any] = {"recipe": RECIPE, "steps": {}, "right": {}}
    for condition, name, k in dict.fromkeys(run[:3] for run in runs()):
        cell = [done.get((condition, name, k, seed)) for seed in RECIPE["seeds"]]
        for key, values in zip(("steps", "right"), zip(*filter(None, cell), strict=True), strict=False):
            if len(values) == len(cell):
                found[key].setdefault(condition, {}).setdefault(name, {})[str(k)] = list(values)
    return found


def read_back(found: dict[str, Any]) -> dict[Run, tuple[int | None, float]]:
    """The runs that a file holds; none when its recipe is another."""
    if found.get("recipe") != RECIPE:
        return {}
    return {
        (condition, name, int(k), seed): (steps, right)
        for condition, table in found["steps"].items()
        for name, row in table.items()
        for k, cell in row.items()
        for seed, steps, right in zip(RECIPE["seeds"], cell, found["right"][condition][name][k], strict=True)
    }


def main() -> None:
    """All runs that are not there yet."""
    done = read_back(json.loads(MEMORY.read_text(encoding="utf-8")) if MEMORY.exists() else {})
    with ProcessPoolExecutor(WORKERS) as pool:
        waiting = {pool.submit(train, run): run for run in runs() if run not in done}
        for future in as_completed(waiting):
            done[waiting[future]] = future.result()
            write_json(MEMORY, collected(done))
            print(waiting[future], done[waiting[future]], flush=True)


if __name__ == "__main__":
    main()
