"""Do the first weights matter once a model is trained? Runs of the main recipe from other starts, for chapter 13.

Usage: python scripts/starts.py. Some 15 minutes on one thread; finished runs are not trained again: delete the file
when the main recipe changes. Writes lstm_lib/datasets/starts.json: by plan and start the validation loss of each seed.
Whole runs from the library's own start are those of `make sweep`, main-k and size-64-k, read from metrics.json.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, lists_of, read_metrics, vocabulary_of, write_json
from recipes import MAIN

from lstm_lib.model import Params, init_params
from lstm_lib.train import fit
from lstm_lib.tree import tree_map

STARTS = DATASETS / "starts.json"


class Plan(NamedTuple):
    """What differs from the main recipe, the starts to try, with how many seeds, and what the sweep calls such runs."""

    changes: dict[str, Any]
    starts: tuple[str, ...]
    seeds: int
    swept: str = ""


OWN = "library"


def glorot(params: Params) -> Params:
    """The three matrices with the variance 2 / (fan-in + fan-out), each gate by itself."""
    return _with_bounds(params, lambda rows, columns: np.sqrt(6 / (rows + columns)))


def own_fan_in(params: Params) -> Params:
    """W_x within 1 / sqrt(D), as W_h is within 1 / sqrt(H)."""
    return replace(params, W_x=params.W_x * np.sqrt(params.hidden_size / len(params.W_x)))


def orthogonal(params: Params) -> Params:
    """Each gate's block of W_h turns its input and keeps its length."""
    blocks = [np.linalg.qr(block)[0] for block in np.split(params.W_h, 4, axis=1)]
    return replace(params, W_h=np.hstack(blocks))


def no_forget_bias(params: Params) -> Params:
    """Half of the memory is kept at first, instead of 73 %."""
    return replace(params, b=np.zeros_like(params.b))


def gates_alike(params: Params) -> Params:
    """All gates start with the weights of the input gate, as a generator that is seeded at each call gives them."""
    H = params.hidden_size
    return replace(params, W_x=np.tile(params.W_x[:, :H], 4), W_h=np.tile(params.W_h[:, :H], 4))


def small_embedding(params: Params) -> Params:
    """Embeddings of size 0.1, not 1."""
    return replace(params, E=0.1 * params.E)


VARIANTS: dict[str, Callable[[Params], Params]] = {
    OWN: lambda params: params,
    "Glorot": glorot,
    "W_x by D": own_fan_in,
    "orthogonal W_h": orthogonal,
    "forget bias 0": no_forget_bias,
    "gates alike": gates_alike,
    "embedding × 0.1": small_embedding,
}
PLANS = {
    "H = 64, 600 steps": Plan({"hidden_size": 64, "steps": 600}, tuple(VARIANTS), 5),
    "H = 64, main recipe": Plan({"hidden_size": 64}, (OWN, "Glorot", "forget bias 0"), 3, "size-64"),
    "H = 256, main recipe": Plan({}, (OWN, "Glorot"), 2, "main"),
}


def _with_bounds(params: Params, bound: Callable[[int, int], float]) -> Params:
    """The same draws, spread over other bounds; `bound` is told a gate's rows and columns."""
    V, D, H = params.vocab_size, len(params.W_x), params.hidden_size
    factors = {name: bound(*size) * np.sqrt(H) for name, size in {"W_x": (D, H), "W_h": (H, H), "W_y": (H, V)}.items()}
    return replace(params, **{name: factor * getattr(params, name) for name, factor in factors.items()})


def run(start: str, settings: dict[str, Any], seed: int) -> float:
    """The best validation loss of one run: as `trained` makes it, but for the first weights."""
    split = lists_of("corpus")
    vocabulary, rng = vocabulary_of(split), np.random.default_rng(seed)
    sizes = {key: settings.pop(key) for key in ("embedding_size", "hidden_size")}
    params = VARIANTS[start](init_params(len(vocabulary), **sizes, rng=rng))
    single: Params = tree_map(lambda leaf: leaf.astype(np.float32), params)
    every = settings["steps"] // 20
    _, history = fit(
        single, split.train, vocabulary, rng=rng, val_names=split.val, eval_every=every, progress=False, **settings
    )
    return round(min(history.val_loss), 4)


def main() -> None:
    """All runs that are not there yet, the shortest first."""
    kept = json.loads(STARTS.read_text(encoding="utf-8")) if STARTS.exists() else {}
    found = {name: {each: kept.get(name, {}).get(each, {}) for each in plan.starts} for name, plan in PLANS.items()}
    for name, plan in PLANS.items():
        for seed, start in product(range(1, plan.seeds + 1), plan.starts):
            done = found[name][start]
            if str(seed) in done:
                continue
            if start == OWN and plan.swept:
                done[str(seed)] = round(read_metrics()["sweep"]["runs"][f"{plan.swept}-{seed}"]["val"], 4)
            else:
                done[str(seed)] = run(start, MAIN | plan.changes, seed)
            write_json(STARTS, found)
            print(name, start, seed, done[str(seed)], flush=True)


if __name__ == "__main__":
    main()
