"""`fit`: a training run that is watched, written down, kept, and continued where it stopped."""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from lstm_lib.arguments import require_generator, require_integer, require_names
from lstm_lib.checkpoint import Checkpoint, History, generator_from_state, load_checkpoint, save_checkpoint
from lstm_lib.evaluate import nll
from lstm_lib.model import Params
from lstm_lib.optim import adam_init
from lstm_lib.steps import Settings, Step, TrainingDiverged, learning_rate, train_step, training_steps
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

__all__ = [
    "Checkpoint", "History", "Settings", "Step", "TrainingDiverged", "TrainingInterrupted", "fit", "learning_rate",
    "load_checkpoint", "load_trained", "save_checkpoint", "train_step", "training_steps",
]  # fmt: skip

SAVE_EVERY = 100  # steps between two checkpoints; an interrupted run saves at once


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C, or the notebook's stop button; `params` and `history` are those of the last whole step."""

    def __init__(self, message: str, params: Params, history: History) -> None:
        super().__init__(message)
        self.params, self.history = params, history


def fit(
    params: Params, train_names: Iterable[str], vocabulary: Vocabulary, *, rng: np.random.Generator,
    steps: int, batch_size: int, lr: float, warmup: int = 0, final_lr: float | None = None,
    max_norm: float | None = None, dropout: float = 0.0, beta2: float = 0.999,
    val_names: Iterable[str] | None = None, eval_every: int | None = None, patience: int | None = None,
    checkpoint: str | PathLike[str] | None = None, progress: bool = True,
) -> tuple[Params, History]:  # fmt: skip
    """Train with Adam for `steps` batches of `batch_size` names; return the parameters and the history.

    lr, warmup, final_lr: the learning rate and its schedule, see `learning_rate`. max_norm: clip the gradient.
    dropout: the share of units hidden from the output layer. beta2: of Adam.
    val_names: measured every `eval_every` steps (a tenth of the run when None) and at the end; the parameters with
    the lowest validation loss are returned. patience: stop after so many validations without a new lowest loss.
    checkpoint: a file that a stopped run continues from when `fit` is called again with the same settings (`steps`
    alone may grow); the result is bit for bit that of a run which never stopped. `params` then only give the shapes.
    progress: show a bar, in a terminal or a notebook.
    Raises TrainingDiverged, TrainingInterrupted, and TypeError or ValueError for a bad argument.
    """
    settings = Settings(steps, batch_size, lr, warmup, final_lr, max_norm, dropout, beta2)
    names = require_names(train_names, what="train_names")
    watch = _Watch(steps, val_names, eval_every, patience)
    fresh = Checkpoint(params, vocabulary, settings=_fingerprint(settings, names, params))
    last = _start(fresh, require_generator(rng), checkpoint)
    walk = training_steps(params, names, vocabulary, settings, rng=rng, resume=last)
    try:
        for step in () if watch.satisfied(last) else _with_bar(walk, last.step, steps, progress):
            last = _after(step, last, watch, rng)
            if step.number % SAVE_EVERY == 0:
                _save(checkpoint, last)
            if watch.satisfied(last):
                break
    except TrainingDiverged as error:
        error.history = last.history
        raise
    except KeyboardInterrupt:
        _save(checkpoint, last)
        raise TrainingInterrupted(f"interrupted after {last.step} whole steps", last.params, last.history) from None
    _save(checkpoint, last)
    return last.best or last.params, last.history


def load_trained() -> tuple[Params, Vocabulary]:
    """The weights that `make model` trained and the library ships, float32, with their vocabulary.

    Raises FileNotFoundError when the installation lacks them.
    """
    with resources.as_file(resources.files("lstm_lib.datasets") / "trained.npz") as path:
        trained = load_checkpoint(path)
    return trained.params, trained.vocabulary


@dataclass(frozen=True)
class _Watch:
    """When to validate, on what, and when to stop for lack of progress."""

    steps: int
    names: Iterable[str] | None
    every: int | None
    patience: int | None

    def __post_init__(self) -> None:
        if self.names is None and (self.every is not None or self.patience is not None):
            raise ValueError("eval_every and patience need val_names; got None")
        if self.names is not None:
            object.__setattr__(self, "names", require_names(self.names, what="val_names"))
        every = max(1, self.steps // 10) if self.every is None else self.every
        object.__setattr__(self, "every", require_integer("eval_every", every, at_least=1))
        require_integer("patience", 1 if self.patience is None else self.patience, at_least=1)

    def due(self, step: int) -> bool:
        """Whether to validate after this step."""
        return self.names is not None and (step % (self.every or 1) == 0 or step == self.steps)

    def satisfied(self, last: Checkpoint) -> bool:
        """Whether the last `patience` validations brought no new lowest loss."""
        losses = last.history.val_loss
        return self.patience is not None and len(losses) - 1 - int(np.argmin([*losses, np.inf])) >= self.patience


def _start(fresh: Checkpoint, rng: np.random.Generator, path: str | PathLike[str] | None) -> Checkpoint:
    """The beginning of a run, or what its checkpoint holds; `rng` is put in the state that belongs to it."""
    if path is None or not Path(path).exists():
        return replace(fresh, optimizer=adam_init(fresh.params), rng=_copy(rng), epoch_rng=_copy(rng))
    saved = load_checkpoint(path)
    if saved.settings is None or saved.rng is None or saved.vocabulary != fresh.vocabulary:
        raise ValueError(f"{path} does not hold a run of fit with this vocabulary; choose another file")
    differing = [key for key, value in (fresh.settings or {}).items() if saved.settings.get(key) != value]
    if differing:
        raise ValueError(f"{path} holds a run with other settings ({', '.join(differing)} differ); choose another file")
    if type(saved.rng.bit_generator) is not type(rng.bit_generator):
        raise ValueError(f"{path} was made with {saved.rng.bit_generator}; rng is a {rng.bit_generator}")
    rng.bit_generator.state = saved.rng.bit_generator.state
    return saved


def _fingerprint(settings: Settings, names: list[str], params: Params) -> dict[str, Any]:
    """What must be equal for a resume: all settings but `steps`, the names in their order, the tensors' shapes."""
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
    shapes = {name: [str(leaf.dtype), *leaf.shape] for name, leaf in named_leaves(params)}
    return {**asdict(settings), "train_names": digest, "params": shapes} | {"steps": None}


def _after(step: Step, last: Checkpoint, watch: _Watch, rng: np.random.Generator) -> Checkpoint:
    """The run after one more step: a new record, so that an interruption finds the old one or the new one."""
    history = last.history._replace(
        loss=(*last.history.loss, step.loss),
        gradient_norm=(*last.history.gradient_norm, step.gradient_norm),
        learning_rate=(*last.history.learning_rate, step.learning_rate),
    )
    best = last.best
    if watch.due(step.number) and watch.names is not None:
        loss = nll(step.params, last.vocabulary, watch.names)
        best = step.params if loss < min(history.val_loss, default=np.inf) else best
        history = history._replace(val_step=(*history.val_step, step.number), val_loss=(*history.val_loss, loss))
    return Checkpoint(
        step.params, last.vocabulary, step.optimizer, step.number, _copy(rng), history, best,
        generator_from_state(step.epoch_start), last.settings,
    )  # fmt: skip


def _copy(rng: np.random.Generator) -> np.random.Generator:
    return generator_from_state(rng.bit_generator.state)


def _save(path: str | PathLike[str] | None, run: Checkpoint) -> None:
    if path is not None:
        fields = dict(vars(run))
        save_checkpoint(path, fields.pop("params"), **fields)


def _with_bar(steps: Iterator[Step], taken: int, total: int, progress: bool) -> Iterator[Step]:
    """The same steps under a progress bar, where somebody watches: in a terminal or a notebook."""
    watched = sys.stderr.isatty() or "ipykernel" in sys.modules
    silent = not (progress and watched) or os.environ.get("TQDM_DISABLE", "") not in ("", "0")
    with tqdm(total=total, initial=taken, unit=" steps", disable=silent) as bar:
        for step in steps:
            bar.update()
            bar.set_postfix(loss=f"{step.loss:.3f}", refresh=False)
            yield step
