"""`fit`: a training run that is watched, written down, kept, and continued where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from tqdm import tqdm

from lstm_lib.arguments import require_bool, require_generator
from lstm_lib.model import Params
from lstm_lib.run.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lstm_lib.run.files import TrainingNotSaved, kept_files, nothing_lost, require_same_run, resumed, try_files
from lstm_lib.run.history import History
from lstm_lib.run.npz_file import read_npz
from lstm_lib.run.steps import (
    Settings,
    Step,
    TrainingDiverged,
    first_checkpoint,
    learning_rate,
    require_spelling,
    train_step,
    training_steps,
)
from lstm_lib.run.watch import Watch, after_step, watch_for
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

__all__ = [
    "Checkpoint", "History", "Settings", "Step", "TrainingDiverged", "TrainingInterrupted", "TrainingNotSaved",
    "fit", "learning_rate", "load_checkpoint", "load_small", "load_stages", "load_trained", "save_checkpoint",
    "train_step", "training_steps",
]  # fmt: skip

SAVE_EVERY = 100  # steps between two checkpoints; a run that ends or is interrupted saves at once


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
    weight_drop: float | None = None, keep: Mapping[int, str | PathLike[str]] | None = None,
) -> tuple[Params, History]:  # fmt: skip
    """Train with Adam for `steps` batches of `batch_size` names; return the parameters and the history.

    lr, warmup, final_lr: the learning rate and its schedule, see `learning_rate`. max_norm: clip the gradient.
    dropout: the share of units hidden from the output layer. weight_drop: the share of recurrent weights cut, drawn
    anew for each batch. beta2: of Adam.
    val_names: measured every `eval_every` steps (a tenth of the run when None) and at the end; the parameters with
    the lowest validation loss are returned. patience: stop after so many validations without a new lowest loss.
    checkpoint: a file, written every 100 steps, at an interruption and at the end, that a stopped run continues
    from when `fit` is called again with the same settings (`steps` alone may grow); the result is bit for bit that
    of a run which never stopped. More `steps` than before stretch what depends on their number, a `final_lr` and the
    tenth of the run between two validations, for those that are left only; the validation at the end of the shorter
    run stays, and may be the best.
    `params` then only give the shapes, and `rng` is put in the state of the file.
    A run that diverges writes nothing more: the file keeps its last save, from which it would diverge again; to go
    on with another `lr`, start from the error's `params` with another file. Every place is tried before the first
    step; when a file cannot be written later on, TrainingNotSaved carries the whole run. A file in which another run
    was saved in the meantime is not written over.
    keep: files by step, counted from 1; the parameters after that step are written there, as a checkpoint without its
    optimizer, over such a file and no other; a run writes those that it comes to, a resumed one those that lie ahead.
    progress: show a bar, in a terminal or a notebook.
    While it runs, NumPy's products take one thread: more gain little on batches of the book's size (chapter 19), and
    lose much when another program wants a core.
    Raises TrainingDiverged, TrainingInterrupted, TrainingNotSaved, TypeError or ValueError for a bad argument, and
    OSError for a file that cannot be written.
    """
    settings = Settings(steps, batch_size, lr, warmup, final_lr, max_norm, dropout, beta2, weight_drop)
    names = require_spelling(train_names, vocabulary, what="train_names")
    places = kept_files(keep, checkpoint)
    watch = watch_for(settings, val_names, eval_every, patience, vocabulary)
    fresh = first_checkpoint(params, vocabulary, rng=rng)
    last = resumed(replace(fresh, settings=_fingerprint(settings, names, watch, fresh)), checkpoint, steps, rng=rng)
    if not watch.over(last):
        try_files(last, checkpoint, places)
    walk = training_steps(params, names, vocabulary, settings, rng=rng, resume=last)
    with threadpool_limits(1, user_api="blas"), _progress_bar(last.step, settings.steps, progress) as bar:
        last = _follow(_told(walk, bar), last, watch, checkpoint, places, rng=rng)
    return last.best or last.params, last.history


def load_trained() -> tuple[Params, Vocabulary]:
    """The weights that `make model` trained and the library ships, float32, with their vocabulary.

    Raises FileNotFoundError when the installation lacks them.
    """
    with resources.as_file(resources.files("lstm_lib.datasets") / "trained.npz") as path:
        trained = load_checkpoint(path)
    return trained.params, trained.vocabulary


def load_stages() -> dict[int, Params]:
    """The shipped model while it learned: the parameters by the number of steps taken, untrained first.

    Stored in half precision, returned as float32. The best, some steps after the last of these, is `load_trained`'s.
    Raises FileNotFoundError when the installation lacks them.
    """
    return _shipped_params("stages.npz", np.float32)


def load_small() -> dict[int, Params]:
    """Five networks with 16 units, few enough to look at each, by seed; the vocabulary is that of `load_trained`.

    Trained by scripts/small.py in float32, returned as float64.
    Raises FileNotFoundError when the installation lacks them.
    """
    return _shipped_params("small.npz", np.float64)


def _shipped_params(file: str, dtype: DTypeLike) -> dict[int, Params]:
    """Several sets of parameters in one file of the package, whose arrays are named such as "30.W_x"."""
    with resources.as_file(resources.files("lstm_lib.datasets") / file) as path:
        arrays = read_npz(path)
    keys, fields = sorted({int(name.split(".")[0]) for name in arrays}), Params.__dataclass_fields__
    return {key: Params(**{f: arrays[f"{key}.{f}"].astype(dtype) for f in fields}) for key in keys}


def _fingerprint(settings: Settings, names: list[str], watch: Watch, fresh: Checkpoint) -> dict[str, Any]:
    """What must be equal for a resume: all settings but `steps`, the names in their order, what the run is made of."""
    mark = asdict(settings) | {
        "train_names": _digest(names),
        "val_names": _digest(watch.names),
        "eval_every": watch.eval_every,
        "patience": watch.patience,
        "vocabulary": "".join(fresh.vocabulary.characters),
        "params": {name: [str(leaf.dtype), *leaf.shape] for name, leaf in named_leaves(fresh.params)},
        "rng": type(require_generator(fresh.rng).bit_generator).__name__,
    }
    del mark["steps"]
    return mark


def _digest(names: list[str]) -> str:
    return f"{len(names)} names, SHA-256 {hashlib.sha256(json.dumps(names).encode()).hexdigest()}"


def _follow(
    steps: Iterator[Step], last: Checkpoint, watch: Watch, path: str | PathLike[str] | None, keep: dict[int, Path], *,
    rng: np.random.Generator,
) -> Checkpoint:  # fmt: skip
    """Take the steps that are left of the run `last`, keep it written down, and return it as it is at the end."""
    try:
        while not watch.over(last):
            last = after_step(next(steps), last, watch, rng=rng)
            if last.step in keep:
                with nothing_lost(last):
                    save_checkpoint(keep[last.step], last.params, vocabulary=last.vocabulary, step=last.step)
            if watch.over(last) or last.step % SAVE_EVERY == 0:
                _save(path, last)
    except TrainingDiverged as error:
        error.history = last.history
        raise
    except KeyboardInterrupt:
        _save(path, last)
        raise TrainingInterrupted(f"interrupted after {last.step} whole steps", last.params, last.history) from None
    return last


def _save(path: str | PathLike[str] | None, run: Checkpoint) -> None:
    if path is not None:
        with nothing_lost(run):
            require_same_run(path, run)
            save_checkpoint(path, **vars(run))


def _progress_bar(taken: int, total: int, progress: bool) -> tqdm[Any]:
    """A bar where somebody watches, in a terminal or a notebook (which paints stderr red); elsewhere a silent one."""
    notebook = "ipykernel" in sys.modules
    stream = sys.stdout if notebook else sys.stderr
    watched = require_bool("progress", progress) and (notebook or stream.isatty())
    silent = not watched or os.environ.get("TQDM_DISABLE", "") not in ("", "0")
    return tqdm(total=total, initial=taken, unit=" steps", disable=silent, file=stream)


def _told(steps: Iterator[Step], bar: tqdm[Any]) -> Iterator[Step]:
    """The same steps, each shown by the bar."""
    for step in steps:
        bar.update()
        bar.set_postfix(loss=f"{step.loss:.3f}", refresh=False)
        yield step
