"""The files of a run: tried before it begins, continued from, and not written over when they hold another run."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from pathlib import Path

import numpy as np

from lstm_lib.arguments import require_integer, shown
from lstm_lib.run.checkpoint import Checkpoint, load_checkpoint, try_checkpoint
from lstm_lib.run.npz_file import require_place


class TrainingNotSaved(OSError):
    """A file of the run cannot be written; nothing that was trained is lost.

    `params` and `history` are those of the last whole step; `run` is the whole Checkpoint:
    `save_checkpoint(path, **vars(error.run))` writes it to another file, from which `fit` goes on.
    """

    def __init__(self, message: str, run: Checkpoint) -> None:
        super().__init__(message)
        self.run, self.params, self.history = run, run.params, run.history


def kept_files(
    keep: Mapping[int, str | PathLike[str]] | None, checkpoint: str | PathLike[str] | None
) -> dict[int, Path]:
    """The files of `keep` by step; raise TypeError or ValueError when that cannot be, or two places are one file."""
    if not isinstance(keep, Mapping | None):
        raise TypeError(f"keep must map steps to files, such as {{100: 'early.npz'}}; got {shown(keep)}")
    places = {
        require_integer("a step of keep", step, at_least=1): require_place(path) for step, path in (keep or {}).items()
    }
    taken = [*places.values(), *([] if checkpoint is None else [require_place(checkpoint)])]
    if len({_identity(place) for place in taken}) < len(taken):
        raise ValueError(f"keep and checkpoint must name different files; got {', '.join(map(str, taken))}")
    return places


def _identity(place: Path) -> object:
    """Equal for two names of one file: a file that exists has its number, another one its path without detours."""
    if place.exists():
        return place.stat().st_dev, place.stat().st_ino
    return os.path.normcase(os.path.realpath(place))


def resumed(fresh: Checkpoint, path: str | PathLike[str] | None, steps: int, *, rng: np.random.Generator) -> Checkpoint:
    """The fresh run, or what the file holds of the same run; `rng` is then put in the state that belongs to it.

    Raises ValueError when the file holds something else, or more steps than `steps`.
    """
    if path is None or not require_place(path).exists():
        return fresh
    saved = load_checkpoint(path)
    if saved.settings is None or saved.rng is None:
        raise ValueError(f"{path} does not hold a run of fit; choose another file")
    there, here = saved.settings, fresh.settings or {}
    differing = [f"{key} is {there.get(key)} there, {here[key]} here" for key in here if there.get(key) != here[key]]
    if differing:
        raise ValueError(f"{path} holds a run with other settings ({'; '.join(differing)}); choose another file")
    if saved.step > steps:
        raise ValueError(f"{path} holds a run of {saved.step} steps; steps must be at least as many; got {steps}")
    rng.bit_generator.state = saved.rng.bit_generator.state
    return saved


def try_files(run: Checkpoint, checkpoint: str | PathLike[str] | None, keep: Mapping[int, Path]) -> None:
    """Write the run, as large as it will be, beside each of its files, and remove it; raise OSError if that fails.

    Raises ValueError when a file of `keep` holds a run that can go on, or is no checkpoint.
    """
    for place in keep.values():
        if place.exists() and load_checkpoint(place).optimizer is not None:
            raise ValueError(f"{place} holds a run that can go on; choose another file for keep")
    for path in (checkpoint, *keep.values()):
        if path is not None:
            try_checkpoint(path, replace(run, best=run.params))


def require_same_run(path: str | PathLike[str], run: Checkpoint) -> None:
    """Raise ValueError when the file holds anything else than an earlier moment of `run`; none at all will do."""
    if not require_place(path).exists():
        return
    there = load_checkpoint(path)
    if there.settings != run.settings or there.history.loss != run.history.loss[: there.step]:
        raise ValueError(f"another run was saved in {path} since this one began; give each run a file of its own")


@contextmanager
def nothing_lost(run: Checkpoint) -> Iterator[None]:
    """Turn what goes wrong while the run is saved into TrainingNotSaved, which carries it."""
    try:
        yield
    except (OSError, ValueError, MemoryError) as error:
        reason = str(error) or "no memory is left"
        raise TrainingNotSaved(
            f"the run cannot be saved after step {run.step}: {reason}; nothing that was trained is lost: "
            "save_checkpoint(path, **vars(error.run)) writes it to another file, from which fit goes on",
            run,
        ) from error
