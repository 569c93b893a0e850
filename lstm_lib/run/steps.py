"""The steps of a training run, one after the other: gradient, clipping, Adam."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.arguments import require_generator, require_instance, require_integer, require_names, require_number
from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches
from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm, global_norm
from lstm_lib.run.checkpoint import Checkpoint
from lstm_lib.run.generators import copy_generator, generator_from_state
from lstm_lib.run.history import History
from lstm_lib.sample import require_model
from lstm_lib.tree import named_leaves, require_finite
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
    weight_drop: float | None = None

    def __post_init__(self) -> None:
        weight_drop = 0 if self.weight_drop is None else self.weight_drop
        checked = {
            "steps": require_integer("steps", self.steps, at_least=1),
            "batch_size": require_integer("batch_size", self.batch_size, at_least=1),
            "lr": require_number("lr", self.lr, above=0),
            "warmup": require_integer("warmup", self.warmup, at_least=0),
            "final_lr": None if self.final_lr is None else require_number("final_lr", self.final_lr, at_least=0),
            "max_norm": None if self.max_norm is None else require_number("max_norm", self.max_norm, above=0),
            "dropout": require_number("dropout", self.dropout, at_least=0, below=1),
            "beta2": require_number("beta2", self.beta2, at_least=0, below=1),
            "weight_drop": require_number("weight_drop", weight_drop, at_least=0, below=1) or None,
        }
        for name, value in checked.items():  # as Python's own numbers, which JSON can hold
            object.__setattr__(self, name, value)


class Step(NamedTuple):
    """A finished step: its number, counted from 1, what it left behind, and what it saw."""

    number: int
    params: Params
    optimizer: AdamState[Params]
    loss: float  # of the batch, before the step; nats per predicted symbol
    gradient_norm: float  # before clipping
    learning_rate: float
    epoch_start: Mapping[str, Any]  # the state of `rng` before this epoch was shuffled


class TrainingDiverged(RuntimeError):
    """The loss, its gradient or a parameter left all bounds.

    `params` are the last ones whose loss was within them; `history` that of the whole steps before, when `fit` raises.
    """

    def __init__(self, message: str, params: Params, history: History | None = None) -> None:
        super().__init__(message)
        self.params, self.history = params, history


def learning_rate(taken: int, settings: Settings) -> float:
    """The rate of the next step when `taken` steps are done: rising in a line over `warmup` steps, then flat.

    With a `final_lr` it follows half a cosine from `lr` down to it instead of staying flat; eq. (12.3).
    Raises TypeError or ValueError unless `taken` is a whole number >= 0.
    """
    require_integer("taken", taken, at_least=0)
    _require_settings(settings)
    if taken < settings.warmup:
        return settings.lr * (taken + 1) / settings.warmup
    if settings.final_lr is None:
        return settings.lr
    share = min(1.0, (taken - settings.warmup) / max(1, settings.steps - settings.warmup))
    return settings.final_lr + (settings.lr - settings.final_lr) * (1 + math.cos(math.pi * share)) / 2  # (12.3)


def train_step(
    params: Params,
    optimizer: AdamState[Params],
    batch: Batch,
    *,
    lr: float,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[Params, AdamState[Params], float, float]:
    """Gradient, clipping, Adam. Returns new parameters and optimizer, the loss, and the norm before clipping.

    Raises TypeError or ValueError for a batch, an optimizer or an lr that does not fit.
    """
    _require_settings(settings)
    require_generator(rng)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is reported by training_steps, in words
        dropout, weight_drop = settings.dropout, settings.weight_drop
        loss, grads = loss_and_grads(params, batch, dropout=dropout, weight_drop=weight_drop, rng=rng)
        if settings.max_norm is None:
            norm = global_norm(grads)
        else:
            grads, norm = clip_by_global_norm(grads, settings.max_norm)
        params, optimizer = adam_update(params, grads, optimizer, lr=lr, beta2=settings.beta2)
    return params, optimizer, loss, norm


def first_checkpoint(params: Params, vocabulary: Vocabulary, *, rng: np.random.Generator) -> Checkpoint:
    """A run of which no step has been taken. Raises TypeError or ValueError; all parameters must be finite."""
    require_model(params, vocabulary)
    require_finite(params, what="params")
    start = copy_generator(rng)
    return Checkpoint(params, vocabulary, adam_init(params), rng=start, epoch_rng=start)


def training_steps(
    params: Params, names: Iterable[str], vocabulary: Vocabulary, settings: Settings, *,
    rng: np.random.Generator, resume: Checkpoint | None = None,
) -> Iterator[Step]:  # fmt: skip
    """The steps of a run: epoch after epoch of shuffled batches, until `settings.steps` have been taken.

    Between two of them you can draw a picture, or stop. `resume` continues from a checkpoint of `fit`, with `rng`
    in the state that it holds. Raises TypeError or ValueError at once, TrainingDiverged at the step that does.
    """
    run = first_checkpoint(params, vocabulary, rng=rng) if resume is None else resume
    require_instance("resume", run, Checkpoint, source="load_checkpoint")
    if run.optimizer is None or run.epoch_rng is None:
        raise ValueError("resume must be a checkpoint of fit, with optimizer and epoch_rng; it lacks one of them")
    if run.vocabulary != vocabulary:
        raise ValueError(f"resume must have the vocabulary {vocabulary.characters}; got {run.vocabulary.characters}")
    checked = require_spelling(names, vocabulary, what="names")
    return _walk(run, run.optimizer, run.epoch_rng, checked, _require_settings(settings), rng=require_generator(rng))


def require_spelling(names: Iterable[str], vocabulary: Vocabulary, *, what: str) -> list[str]:
    """Return `names` as a non-empty list of names in the vocabulary; raise TypeError or ValueError otherwise."""
    checked = require_names(names, what=what)
    batches(checked, vocabulary, 1, rng=np.random.default_rng(0))  # checks every name at once; no batch is made
    return checked


def _walk(
    run: Checkpoint, optimizer: AdamState[Params], epoch_rng: np.random.Generator, names: list[str],
    settings: Settings, *, rng: np.random.Generator,
) -> Iterator[Step]:  # fmt: skip
    params, good, taken = run.params, run.params, run.step
    epoch_start = epoch_rng.bit_generator.state
    first_loss = run.history.loss[0] if run.history.loss else None
    while taken < settings.steps:
        position = taken % math.ceil(len(names) / settings.batch_size)
        epoch_start = epoch_start if position else rng.bit_generator.state
        shuffler = generator_from_state(epoch_start) if position else rng
        epoch = batches(names, run.vocabulary, settings.batch_size, rng=shuffler)
        for batch in islice(epoch, position, position + settings.steps - taken):
            lr = learning_rate(taken, settings)
            moved, optimizer, loss, norm = train_step(params, optimizer, batch, lr=lr, settings=settings, rng=rng)
            taken += 1
            first_loss = loss if first_loss is None else first_loss
            limit = DIVERGED * max(math.log(len(run.vocabulary)), first_loss)
            good = params if loss <= limit < math.inf else good
            _require_healthy(taken, loss, limit, norm, (moved, optimizer.v), good)
            params = moved
            yield Step(taken, params, optimizer, loss, norm, lr, epoch_start)


def _require_healthy(
    taken: int, loss: float, limit: float, norm: float, records: tuple[Params, ...], good: Params
) -> None:
    finite = all(np.isfinite(leaf).all() for record in records for _, leaf in named_leaves(record))
    if loss <= limit < math.inf and finite:  # a gradient that is not finite leaves no finite moment
        return
    raise TrainingDiverged(
        f"training diverged at step {taken}: the loss is {loss:.4g} nats per predicted symbol (limit {limit:.4g}), "
        f"the gradient norm {norm:.4g}, the new parameters and moments are {'' if finite else 'not '}finite; "
        "try a smaller lr, a warmup, or max_norm=1.0",
        good,
    )


def _require_settings(settings: Settings) -> Settings:
    return require_instance("settings", settings, Settings, source="Settings(steps=..., batch_size=..., lr=...)")
