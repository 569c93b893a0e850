"""What is each part of the LSTM worth? Trains every variant of chapter 21 on names and on the memory task.

Usage: python scripts/variants.py [--workers N] [names] [memory]. Half an hour on one core; what is finished is
not made again. Writes lstm_lib/datasets/variants.json; `trials` says what stands there.
"""

import argparse
import os
from functools import cache
from types import ModuleType
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from trials import RECIPE, corpus, make_all

from lstm_lib import model
from lstm_lib.loss import cross_entropy
from lstm_lib.memory_task import VOCABULARY
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.tree import BoolArray, FloatArray, IntArray, named_leaves
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

NETWORKS: dict[str, ModuleType] = {
    "LSTM": model, "no forget gate": no_forget, "no input gate": no_input, "no output gate": no_output,
    "no tanh on the way out": no_tanh, "coupled gates": coupled, "peepholes": peepholes, "GRU": gru,
    "minGRU": mingru, "minGRU, two layers": mingru_twice, "minGRU, output gate": mingru_output, "minLSTM": minlstm,
    "LSTM of x alone": x_alone, "x alone, no output gate": x_alone_no_output, "plain loop": plain,
    "LSTM, forget bias 3": model,
}  # fmt: skip
STARTS: dict[str, dict[str, float]] = {"LSTM, forget bias 3": {"forget_bias": 3.0}}  # each other gate that keeps: 1
EMBEDDINGS, CLOSE = (16, 15, 17, 14, 18), 0.005


class Descent:
    """A variant, and Adam."""

    def __init__(self, module: ModuleType, params: Any) -> None:
        self.module, self.params, self.adam = module, params, adam_init(params)

    def step(self, inputs: IntArray, targets: IntArray, counted: BoolArray, lr: float) -> None:
        """One step, clipped."""
        logits, _, cache = self.module.forward(self.params, inputs)
        _, dlogits = cross_entropy(logits, targets, counted)
        grads, _ = clip_by_global_norm(self.module.backward(self.params, cache, dlogits)[0], RECIPE["max_norm"])
        self.params, self.adam = adam_update(self.params, grads, self.adam, lr=lr, beta2=RECIPE["beta2"])

    def logits(self, inputs: IntArray) -> FloatArray:
        """The scores (T, B, V)."""
        scores: FloatArray = self.module.forward(self.params, inputs)[0]
        return scores


def drawn(network: str, vocabulary: int, embedding: int, units: int, seed: int) -> Any:
    """First weights."""
    rng, dtype = np.random.default_rng(seed), RECIPE["dtype"]
    start = STARTS.get(network, {})
    return NETWORKS[network].init_params(vocabulary, embedding, units, rng=rng, dtype=dtype, **start)


def parameters(network: str, vocabulary: int, embedding: int, units: int) -> int:
    """How many numbers a network learns."""
    return sum(leaf.size for _, leaf in named_leaves(drawn(network, vocabulary, embedding, units, 0)))


@cache
def size_of(trial: str, network: str) -> dict[str, int]:
    """The units with which a network has as many parameters as the LSTM, to half a percent.

    The embedding has 16 entries, or one less or more where that comes nearer.
    """
    V = len(VOCABULARY) if trial == "memory" else len(corpus()[1])
    goal = RECIPE[trial]["parameters"]
    for D in EMBEDDINGS:
        few = [parameters(network, V, D, H) for H in (1, 2, 3)]
        about = int(max((np.polynomial.Polynomial.fit([1, 2, 3], few, 2) - goal).roots().real))
        units = min(range(max(1, about - 1), about + 3), key=lambda H: abs(parameters(network, V, D, H) - goal))
        count = parameters(network, V, D, units)
        if abs(count - goal) <= CLOSE * goal:
            return {"embedding": D, "units": units, "parameters": count}
    raise ValueError(f"no size of {network} has {goal} parameters")


def build(trial: str, network: str, vocabulary: int, seed: int) -> Descent:
    """A learner that has learned nothing yet."""
    size = size_of(trial, network)
    return Descent(NETWORKS[network], drawn(network, vocabulary, size["embedding"], size["units"], seed))


def main() -> None:
    """All runs that are not there yet."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("trials", nargs="*", help="names or memory; without one, both")
    asked.add_argument("--workers", type=int, default=2, choices=[1, 2])
    answer = asked.parse_args()
    make_all(build, answer.trials or ["names", "memory"], NETWORKS, size_of, answer.workers)


if __name__ == "__main__":
    main()
