"""The steps of a training run, one after the other: gradient, clipping, Adam."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.arguments import require_integer, require_number
from lstm_lib.bptt import loss_and_grads
from lstm_lib.checkpoint import Checkpoint, History, generator_from_state
from lstm_lib.data import Batch, batches
from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm, global_norm
from lstm_lib.vocabulary import Vocabulary

DIVERGED = 10.0  # a loss this many times that of uniform guessing (or of the first step) is out of bounds


@dataclass(frozen=True)
class Settings:
    """The numbers that shape a run; `fit` describes them. Raises TypeError or ValueError for one out of its range."""

    steps: int
    batch_size: int
    lr: float
    warmup: int = 0
    final_lr: float | None = None
    max_norm: float | None = None
    dropout: float = 0.0
    beta2: float = 0.999

    def __post_init__(self) -> None:
        require_integer("steps", self.steps, at_least=1)
        require_integer("batch_size", self.batch_size, at_least=1)
        require_number("lr", self.lr, above=0)
        require_integer("warmup", self.warmup, at_least=0)
        require_number("final_lr", 0.0 if self.final_lr is None else self.final_lr, at_least=0)
        require_number("max_norm", 1.0 if self.max_norm is None else self.max_norm, above=0)
        require_number("dropout", self.dropout, at_least=0, below=1)
        require_number("beta2", self.beta2, at_least=0, below=1)


class Step(NamedTuple):
    """A finished step: its number, counted from 1, what it left behind, and what it saw."""

    number: int
    params: Params
    optimizer: AdamState
    loss: float  # of the batch, before the step; nats per predicted symbol
    gradient_norm: float  # before clipping
    learning_rate: float
    epoch_start: Mapping[str, Any]  # the state of `rng` before this epoch was shuffled


class TrainingDiverged(RuntimeError):
    """The loss, its gradient or a parameter left all bounds; `params` are the last good ones."""

    def __init__(self, message: str, params: Params, history: History | None = None) -> None:
        super().__init__(message)
        self.params, self.history = params, history


def learning_rate(taken: int, settings: Settings) -> float:
    """The rate of the next step when `taken` steps are done: rising in a line over `warmup` steps, then flat.

    With a `final_lr` it follows half a cosine from `lr` down to it instead of staying flat; eq. (12.3).
    """
    if taken < settings.warmup:
        return settings.lr * (taken + 1) / settings.warmup
    if settings.final_lr is None:
        return settings.lr
    share = min(1.0, (taken - settings.warmup) / max(1, settings.steps - settings.warmup))
    return settings.final_lr + (settings.lr - settings.final_lr) * (1 + math.cos(math.pi * share)) / 2  # (12.3)


def train_step(
    params: Params, optimizer: AdamState, batch: Batch, *, lr: float, settings: Settings, rng: np.random.Generator
) -> tuple[Params, AdamState, float, float]:
    """Gradient, clipping, Adam. Returns new parameters and optimizer, the loss, and the norm before clipping."""
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is reported by training_steps, in words
        loss, grads = loss_and_grads(params, batch, dropout=settings.dropout, rng=rng)
        if settings.max_norm is None:
            norm = global_norm(grads)
        else:
            grads, norm = clip_by_global_norm(grads, settings.max_norm)
        params, optimizer = adam_update(params, grads, optimizer, lr=lr, beta2=settings.beta2)
    return params, optimizer, loss, norm


def training_steps(
    params: Params, names: Sequence[str], vocabulary: Vocabulary, settings: Settings, *,
    rng: np.random.Generator, resume: Checkpoint | None = None,
) -> Iterator[Step]:  # fmt: skip
    """Yield the steps of a run: epoch after epoch of shuffled batches, until `settings.steps` have been taken.

    Between two of them you can draw a picture, or stop. `resume` continues from a checkpoint of `fit`, with `rng`
    in the state that it holds. Raises TrainingDiverged.
    """
    optimizer, taken, epoch_start, good = adam_init(params), 0, rng.bit_generator.state, params
    if resume is not None and resume.optimizer is not None and resume.epoch_rng is not None:
        params, optimizer, taken = resume.params, resume.optimizer, resume.step
        epoch_start = resume.epoch_rng.bit_generator.state
    limit = DIVERGED * math.log(len(vocabulary))
    while taken < settings.steps:
        position = taken % math.ceil(len(names) / settings.batch_size)
        epoch_start = epoch_start if position else rng.bit_generator.state
        shuffler = generator_from_state(epoch_start) if position else rng
        epoch = batches(names, vocabulary, settings.batch_size, rng=shuffler)
        for batch in islice(epoch, position, position + settings.steps - taken):
            lr = learning_rate(taken, settings)
            moved, optimizer, loss, norm = train_step(params, optimizer, batch, lr=lr, settings=settings, rng=rng)
            taken += 1
            limit = max(limit, DIVERGED * loss) if taken == 1 else limit
            _require_healthy(taken, loss, norm, limit, good)
            good, params = params, moved
            yield Step(taken, params, optimizer, loss, norm, lr, epoch_start)


def _require_healthy(taken: int, loss: float, norm: float, limit: float, good: Params) -> None:
    if not (loss <= limit and math.isfinite(norm)):
        raise TrainingDiverged(
            f"training diverged at step {taken}: the loss is {loss:.4g} nats per predicted symbol (limit {limit:.4g}), "
            f"the gradient norm {norm:.4g}; try a smaller lr, a warmup, or max_norm=1.0",
            good,
        )
