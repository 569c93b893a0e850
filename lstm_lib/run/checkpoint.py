"""Checkpoints: all that a bit-for-bit resume needs, in one `.npz` file, never a pickle, never half-written."""

import json
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.arguments import require_generator, require_instance, require_integer, shown
from lstm_lib.model import Params, require_params
from lstm_lib.optim import AdamState
from lstm_lib.run.generators import generator_from_json, generator_to_json
from lstm_lib.run.history import NO_HISTORY, History, history_from_columns, require_history_of
from lstm_lib.run.npz_file import read_npz, try_npz, write_npz
from lstm_lib.sample import require_model
from lstm_lib.tree import named_leaves, require_alike, require_finite
from lstm_lib.vocabulary import Vocabulary

FORMAT, VERSION = "lstm-from-scratch checkpoint", 1
HEADER = {"format", "version", "characters", "step", "adam_step", "rng", "epoch_rng", "history", "settings"}


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training run at one moment; a file of parameters alone leaves the rest at these defaults.

    Raises TypeError or ValueError when a part is of a wrong type, or does not fit the parameters.
    """

    params: Params
    vocabulary: Vocabulary
    optimizer: AdamState[Params] | None = None
    step: int = 0
    rng: np.random.Generator | None = None
    history: History = NO_HISTORY
    best: Params | None = None  # the parameters with the lowest validation loss so far
    epoch_rng: np.random.Generator | None = None  # as it was before the current epoch was shuffled
    settings: dict[str, Any] | None = None  # of `fit`, to refuse a resume under others

    def __post_init__(self) -> None:
        require_model(self.params, self.vocabulary)
        require_integer("step", self.step, at_least=0)
        if self.optimizer is not None:
            require_instance("optimizer", self.optimizer, AdamState, source="adam_init")
            require_alike(self.params, self.optimizer.m, what="optimizer.m")
            require_alike(self.params, self.optimizer.v, what="optimizer.v")
        if self.best is not None:
            require_alike(self.params, require_params(self.best, what="best"), what="best")
        for what, rng in (("rng", self.rng), ("epoch_rng", self.epoch_rng)):
            if rng is not None:
                require_generator(rng, what=what)
        require_instance("history", self.history, History, source="fit")
        _require_kind("settings", self.settings, (dict, type(None)))


def save_checkpoint(
    path: str | PathLike[str], params: Params, *, vocabulary: Vocabulary, optimizer: AdamState[Params] | None = None,
    step: int = 0, rng: np.random.Generator | None = None, history: History | None = None, best: Params | None = None,
    epoch_rng: np.random.Generator | None = None, settings: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a checkpoint, in one piece: `path` is the old file or the new one, whatever happens.

    Raises TypeError or ValueError for parts that `Checkpoint` refuses, that JSON cannot hold or that are not of one
    moment, FileNotFoundError when the folder does not exist, IsADirectoryError when `path` is one, ValueError when it
    is a pipe or a device, OSError when the disk refuses.
    """
    history = NO_HISTORY if history is None else history
    write_npz(path, _pack(Checkpoint(params, vocabulary, optimizer, step, rng, history, best, epoch_rng, settings)))


def try_checkpoint(path: str | PathLike[str], run: Checkpoint) -> None:
    """Write the run beside `path` and remove it again: raise now what `save_checkpoint` would raise after hours."""
    try_npz(path, _pack(run))


def load_checkpoint(path: str | PathLike[str]) -> Checkpoint:
    """Read a checkpoint. Raises FileNotFoundError when it is missing, ValueError, with the reason, when it is refused:
    damaged, cut short or compressed, not one of ours, written by a later version, or with parts that do not fit each
    other, such as a history of 60 steps in a run of 7."""
    arrays = read_npz(path)
    try:
        return _require_one_moment(_unpack(arrays))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is refused as a checkpoint: {error}") from error


def _pack(run: Checkpoint) -> dict[str, NDArray[Any]]:
    """The arrays of the file: the tensors, and a header in JSON for all the rest."""
    run = _require_one_moment(replace(run, history=history_from_columns(run.history._asdict())))
    records = {"params": run.params, "best": run.best}
    if run.optimizer is not None:
        records |= {"adam_m": run.optimizer.m, "adam_v": run.optimizer.v}
    kept = {key: dict(named_leaves(record)) for key, record in records.items() if record is not None}
    tensors = {f"{key}.{name}": leaf for key, leaves in kept.items() for name, leaf in leaves.items()}
    header = {
        "format": FORMAT, "version": VERSION, "characters": run.vocabulary.characters, "step": int(run.step),
        "adam_step": None if run.optimizer is None else int(run.optimizer.step),
        "rng": None if run.rng is None else generator_to_json(run.rng),
        "epoch_rng": None if run.epoch_rng is None else generator_to_json(run.epoch_rng),
        "history": run.history._asdict(), "settings": _json_settings(run.settings),
    }  # fmt: skip
    return {"header": np.array(json.dumps(header)), **tensors}


def _require_one_moment(run: Checkpoint) -> Checkpoint:
    """Return `run` if its parts are those of one moment of a run that can go on; raise ValueError otherwise."""
    require_history_of(run.step, run.history)
    if run.best is not None:
        require_finite(run.best, what="best")
    if run.optimizer is not None:
        if run.optimizer.step != run.step:
            raise ValueError(f"optimizer.step must be the step of the run, {run.step}; got {run.optimizer.step}")
        trained = {"params": run.params, "optimizer.m": run.optimizer.m, "optimizer.v": run.optimizer.v}
        for what, record in trained.items():
            require_finite(record, what=what)
    return run


def _unpack(arrays: dict[str, NDArray[Any]]) -> Checkpoint:
    header = _read_header(arrays)
    records = _read_records(arrays, with_optimizer=header["adam_step"] is not None)
    optimizer = None
    if "adam_m" in records:
        optimizer = AdamState(records["adam_m"], records["adam_v"], header["adam_step"])
    return Checkpoint(
        params=records["params"],
        vocabulary=Vocabulary(tuple(_require_kind("characters", header["characters"], (list,)))),
        optimizer=optimizer,
        step=header["step"],
        rng=None if header["rng"] is None else generator_from_json(header["rng"]),
        history=history_from_columns(header["history"]),
        best=records.get("best"),
        epoch_rng=None if header["epoch_rng"] is None else generator_from_json(header["epoch_rng"]),
        settings=header["settings"],
    )


def _read_header(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    try:
        header = json.loads(str(arrays["header"]))
    except (KeyError, ValueError, RecursionError):  # brackets in brackets, a thousand deep
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError("it was not written by save_checkpoint")
    if header.get("version") != VERSION:
        found = header.get("version")
        raise ValueError(f"it has version {found!r}; this library reads version {VERSION}: update lstm_lib")
    if set(header) != HEADER:
        raise ValueError(f"its header must hold {sorted(HEADER)}; got {sorted(header)}")
    return header


def _read_records(arrays: dict[str, NDArray[Any]], *, with_optimizer: bool) -> dict[str, Params]:
    """The records of tensors that the file must hold, and the best parameters if it holds any of their tensors."""
    keys = ["params", "adam_m", "adam_v"] if with_optimizer else ["params"]
    if any(name.startswith("best.") for name in arrays):
        keys.append("best")
    names = {key: {field: f"{key}.{field}" for field in Params.__dataclass_fields__} for key in keys}
    expected = {"header"}.union(*(fields.values() for fields in names.values()))
    if set(arrays) != expected:
        lacking, unknown = sorted(expected - set(arrays)), sorted(set(arrays) - expected)
        raise ValueError(f"it must hold {len(expected)} arrays; lacking: {lacking}, unknown: {unknown}")
    return {key: Params(**{field: arrays[name] for field, name in fields.items()}) for key, fields in names.items()}


def _json_settings(settings: dict[str, Any] | None) -> dict[str, Any] | None:
    try:
        same = json.loads(json.dumps(settings)) == settings
    except (TypeError, ValueError, RecursionError):
        same = False
    if not same:
        raise TypeError(f"settings must hold strings, numbers, lists and dictionaries of these; got {shown(settings)}")
    return settings


def _require_kind(what: str, value: object, kinds: tuple[type, ...]) -> Any:
    if not isinstance(value, kinds):
        raise TypeError(f"{what} must be a {' or '.join(kind.__name__ for kind in kinds)}; got {shown(value)}")
    return value
