"""The two trials of chapter 21, the same for every network: names, and the memory task; what came of each run.

`variants.py` (NumPy) and `transformer.py` (PyTorch) hand in learners; both write lstm_lib/datasets/variants.json:
  "recipe"  the settings, the same for all;
  "sizes"   by trial and network: units and parameters;
  "runs"    by trial, network and run. A run of names is called "0.01, seed 1" (the rate and the seed), one of the
            memory task "0.01, k 20, seed 1". Seed 0 chooses the rate, the others are what the chapter shows. Names:
            the mean nats of every eighth validation name after 300 steps, and at the end, after one pass through the
            training names, of all validation names (seed 0) or of all test names (the others).
            Memory: steps until 99 % of 256 fresh sequences were answered rightly, looked at every 50 steps, null when
            that did not happen; and the share that was right at the last look.
Finished runs are not made again: delete the file when the recipe changes.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from typing import Any, Protocol

import numpy as np
from measures import DATASETS, write_json

from lstm_lib.data import Batch, Split, batches, load_splits, make_batch
from lstm_lib.loss import accuracy, cross_entropy
from lstm_lib.memory_task import VOCABULARY, recall_batch
from lstm_lib.run.steps import Settings, learning_rate
from lstm_lib.tree import BoolArray, FloatArray, IntArray
from lstm_lib.vocabulary import Vocabulary

FILE = DATASETS / "variants.json"
RATES = {"transformer": (0.001, 0.003, 0.01, 0.03), "others": (0.003, 0.01, 0.03, 0.1)}  # four for each
RECIPE: dict[str, Any] = {
    "rates": RATES, "seeds": [1, 2, 3, 4, 5], "dtype": "float32", "max_norm": 1.0, "beta2": 0.99,
    "names": {
        "parameters": 30_084, "steps": 459, "look_at": 300, "batch_size": 64, "warmup": 50, "fall": 0.02,
        "look_every": 8,
    },
    "memory": {
        "parameters": 6713, "steps": 800, "look_every": 50, "batch_size": 32, "fresh": 256, "solved": 0.99,
        "lags": [5, 10, 20, 40], "chosen_at": 20,
    },
}  # fmt: skip


class Learner(Protocol):
    """A network and its optimizer."""

    def step(self, inputs: IntArray, targets: IntArray, counted: BoolArray, lr: float) -> None:
        """One step of Adam, clipped, on the mean loss of the symbols that are counted."""

    def logits(self, inputs: IntArray) -> FloatArray:
        """The scores (T, B, V)."""


Build = Callable[[str, str, int, int], Learner]  # trial, network, size of the vocabulary, seed
Run = tuple[str, str, float, int | None, int]  # trial, network, rate, letters that pass, seed


@cache
def corpus() -> tuple[Split, Vocabulary]:
    """The names, and their symbols."""
    split = load_splits()
    return split, Vocabulary.from_names(split.train)


def names_run(learner: Learner, lr: float, seed: int) -> list[float]:
    """Nats of some validation names early; at the end of all of them with seed 0, else of the test names."""
    recipe, (split, _), supply = RECIPE["names"], corpus(), supply_of(seed, RECIPE["names"]["batch_size"])
    settings = Settings(
        recipe["steps"], recipe["batch_size"], lr, warmup=recipe["warmup"], final_lr=lr * recipe["fall"]
    )
    early = 0.0
    for taken in range(recipe["steps"]):
        learner.step(*next(supply), lr=learning_rate(taken, settings))
        if taken + 1 == recipe["look_at"]:
            early = nats_of(learner, split.val[:: recipe["look_every"]])
    return [round(early, 4), round(nats_of(learner, split.test if seed else split.val), 4)]


def supply_of(seed: int, size: int) -> Iterator[Batch]:
    """Epoch after epoch of shuffled training names, the same for every network."""
    (split, vocabulary), rng = corpus(), np.random.default_rng([seed, 21])
    while True:
        yield from batches(split.train, vocabulary, size, rng=rng)


def nats_of(learner: Learner, names: Iterable[str]) -> float:
    """Mean nats per predicted symbol."""
    (_, vocabulary), listed, total, count = corpus(), sorted(names, key=len), 0.0, 0
    for start in range(0, len(listed), 500):
        inputs, targets, mask = make_batch(listed[start : start + 500], vocabulary)
        total += cross_entropy(learner.logits(inputs), targets, mask)[0] * int(mask.sum())
        count += int(mask.sum())
    return total / count


def memory_run(learner: Learner, lr: float, k: int, seed: int) -> list[float | None]:
    """Steps until the task was solved, or None, and the share right at the last look."""
    recipe, rng, right = RECIPE["memory"], np.random.default_rng([seed, k]), 0.0
    for step in range(1, recipe["steps"] + 1):
        learner.step(*recall_batch(k, recipe["batch_size"], rng=rng), lr=lr)
        if step % recipe["look_every"] == 0:
            fresh = recall_batch(k, recipe["fresh"], rng=rng)
            right = accuracy(learner.logits(fresh.inputs), fresh.targets, fresh.asked)
            if right >= recipe["solved"]:
                return [step, round(right, 4)]
    return [None, round(right, 4)]


def result_of(build: Build, run: Run) -> list[float | None]:
    """What comes of a run."""
    trial, network, lr, k, seed = run
    if k is None:
        return [*names_run(build(trial, network, len(corpus()[1]), seed), lr, seed)]
    return memory_run(build(trial, network, len(VOCABULARY), seed), lr, k, seed)


def name_of(run: Run) -> str:
    """How the file calls a run."""
    return f"{run[2]:g}, seed {run[4]}" if run[3] is None else f"{run[2]:g}, k {run[3]}, seed {run[4]}"


def rates_of(network: str) -> tuple[float, ...]:
    """The four rates that are tried for a network."""
    return RATES.get(network, RATES["others"])


def chosen_rate(runs: dict[str, list[Any]], trial: str, network: str) -> float | None:
    """The best rate of seed 0, None while one is missing. Memory: the earliest, or else the most right."""
    k = RECIPE["memory"]["chosen_at"] if trial == "memory" else None
    tried = {lr: runs.get(name_of((trial, network, lr, k, 0))) for lr in rates_of(network)}
    known = {lr: result for lr, result in tried.items() if result is not None}
    if len(known) < len(tried):
        return None
    if trial == "names":
        return min(known, key=lambda lr: float(known[lr][1]))
    return min(known, key=lambda lr: (known[lr][0] or RECIPE["memory"]["steps"] + 1, -known[lr][1]))


def wanted(found: dict[str, Any], trial: str, network: str) -> list[Run]:
    """The runs of a network that can be made next: first all rates, then all seeds at the best of them."""
    runs = found["runs"].get(trial, {}).get(network, {})
    lags = RECIPE["memory"]["lags"] if trial == "memory" else [None]
    best = chosen_rate(runs, trial, network)
    if best is None:
        k = RECIPE["memory"]["chosen_at"] if trial == "memory" else None
        plan: list[Run] = [(trial, network, lr, k, 0) for lr in rates_of(network)]
    else:
        plan = [(trial, network, best, k, seed) for k in lags for seed in RECIPE["seeds"]]
    return [run for run in plan if name_of(run) not in runs]


def read() -> dict[str, Any]:
    """The file as it is; empty when there is none, or when its recipe is another."""
    found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    known = json.loads(json.dumps(RECIPE))
    return found if found.get("recipe") == known else {"recipe": known, "sizes": {}, "runs": {}}


def keep(run: Run, result: list[float | None], size: dict[str, int]) -> None:
    """Write a run down."""
    found, (trial, network, *_) = read(), run
    found["sizes"].setdefault(trial, {})[network] = size
    found["runs"].setdefault(trial, {}).setdefault(network, {})[name_of(run)] = result
    write_json(FILE, found)


def make_all(
    build: Build, trials: Iterable[str], networks: Iterable[str], size_of: Callable[[str, str], dict[str, int]],
    workers: int,
) -> None:  # fmt: skip
    """All runs that are not there yet, in two waves for each trial: rates, then seeds."""
    with ProcessPoolExecutor(workers) as pool:
        for trial in trials:
            for _ in range(2):
                plan = [run for network in networks for run in wanted(read(), trial, network)]
                waiting = {pool.submit(result_of, build, run): run for run in plan}
                for future in as_completed(waiting):
                    run = waiting[future]
                    keep(run, future.result(), size_of(trial, run[1]))
                    print(*run, future.result(), flush=True)
