"""What `fit` does after each step: write it down, validate now and then, decide whether to go on."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lstm_lib.arguments import require_integer, shown
from lstm_lib.evaluate import nll
from lstm_lib.run.checkpoint import Checkpoint
from lstm_lib.run.generators import copy_generator, generator_from_state
from lstm_lib.run.steps import Settings, Step, TrainingDiverged, require_spelling
from lstm_lib.vocabulary import Vocabulary


@dataclass(frozen=True)
class Watch:
    """When to validate, on what, and when to stop."""

    steps: int
    names: list[str]  # none: never validate
    eval_every: int | None
    patience: int | None

    def due(self, step: int) -> bool:
        """Whether to validate after this step."""
        every = max(1, self.steps // 10) if self.eval_every is None else self.eval_every
        return bool(self.names) and (step % every == 0 or step == self.steps)

    def over(self, last: Checkpoint) -> bool:
        """Whether all steps are taken, or the last `patience` validations brought no new lowest loss."""
        losses = last.history.val_loss
        in_vain = len(losses) - 1 - losses.index(min(losses)) if losses else 0
        return last.step >= self.steps or (self.patience is not None and in_vain >= self.patience)


def watch_for(
    settings: Settings,
    names: Iterable[str] | None,
    eval_every: int | None,
    patience: int | None,
    vocabulary: Vocabulary,
) -> Watch:
    """The watch that the arguments of `fit` ask for; raise TypeError or ValueError when they do not fit each other."""
    if names is None and (eval_every is not None or patience is not None):
        raise ValueError(f"eval_every={shown(eval_every)} and patience={shown(patience)} need val_names; got None")
    return Watch(
        settings.steps,
        [] if names is None else require_spelling(names, vocabulary, what="val_names"),
        None if eval_every is None else require_integer("eval_every", eval_every, at_least=1),
        None if patience is None else require_integer("patience", patience, at_least=1),
    )


def after_step(step: Step, last: Checkpoint, watch: Watch, *, rng: np.random.Generator) -> Checkpoint:
    """The run after one more step: a new record, so that an interruption finds the old one or the new one."""
    history = last.history._replace(
        loss=(*last.history.loss, step.loss),
        gradient_norm=(*last.history.gradient_norm, step.gradient_norm),
        learning_rate=(*last.history.learning_rate, step.learning_rate),
    )
    best = last.best
    if watch.due(step.number):
        loss = _validation_loss(step, last, watch.names)
        best = step.params if loss < min(history.val_loss, default=math.inf) else best
        history = history._replace(val_step=(*history.val_step, step.number), val_loss=(*history.val_loss, loss))
    return Checkpoint(
        step.params, last.vocabulary, step.optimizer, step.number, copy_generator(rng), history, best,
        generator_from_state(step.epoch_start), last.settings,
    )  # fmt: skip


def _validation_loss(step: Step, last: Checkpoint, names: list[str]) -> float:
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is reported here, in words
        loss = nll(step.params, last.vocabulary, names)
    if not math.isfinite(loss):
        raise TrainingDiverged(f"training diverged at step {step.number}: the validation loss is {loss}", last.params)
    return loss
