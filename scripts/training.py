"""A training run by one of the recipes, and what is written down of it: for `make model` and `make sweep`."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.data import Split
from lstm_lib.model import Params, init_params
from lstm_lib.train import fit
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary


class Trained(NamedTuple):
    """A finished run: the parameters before it and after it, and its facts for the file of results."""

    start: Params
    params: Params
    facts: dict[str, Any]


def trained(
    split: Split, vocabulary: Vocabulary, recipe: dict[str, Any], seed: int, *, unfinished: Path, **how: Any
) -> Trained:
    """Train by a recipe, in float32, or continue from the file `unfinished`; `how` goes to `fit` as it is."""
    settings = dict(recipe)
    sizes = {key: settings.pop(key) for key in ("embedding_size", "hidden_size")}
    rng = np.random.default_rng(seed)
    start = init_params(len(vocabulary), **sizes, rng=rng, dtype=np.float32)
    resumed, began = unfinished.exists(), time.process_time()
    params, history = fit(
        start, split.train, vocabulary, rng=rng, val_names=split.val, checkpoint=unfinished, **settings, **how
    )
    facts = {
        "parameters": sum(leaf.size for _, leaf in named_leaves(params)),
        "steps_taken": len(history.loss),
        "cpu_seconds": None if resumed else round(time.process_time() - began),
        "curve": {"step": list(history.val_step), "val": [round(nats, 4) for nats in history.val_loss]},
    }
    return Trained(start, params, facts)
