"""Checkpoints: all that a bit-for-bit resume needs, in one `.npz` file, never a pickle, never half-written."""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.model import Params
from lstm_lib.optim import AdamState
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

FORMAT, VERSION = "lstm-from-scratch checkpoint", 1
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class History(NamedTuple):
    """What a training run recorded: an entry for each step, and one for each validation."""

    loss: tuple[float, ...] = ()  # of the batch, nats per predicted symbol, before the step
    gradient_norm: tuple[float, ...] = ()  # before clipping
    learning_rate: tuple[float, ...] = ()
    val_step: tuple[int, ...] = ()  # steps taken when each validation was made
    val_loss: tuple[float, ...] = ()  # nats per predicted symbol


NO_HISTORY = History()


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training run at one moment; a file of parameters alone leaves the rest at these defaults."""

    params: Params
    vocabulary: Vocabulary
    optimizer: AdamState | None = None
    step: int = 0
    rng: np.random.Generator | None = None
    history: History = NO_HISTORY
    best: Params | None = None  # the parameters with the lowest validation loss so far
    epoch_rng: np.random.Generator | None = None  # as it was before the current epoch was shuffled
    settings: dict[str, Any] | None = None  # of `fit`, to refuse a resume under others


def save_checkpoint(
    path: str | PathLike[str], params: Params, *, vocabulary: Vocabulary, optimizer: AdamState | None = None,
    step: int = 0, rng: np.random.Generator | None = None, history: History | None = None, best: Params | None = None,
    epoch_rng: np.random.Generator | None = None, settings: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a checkpoint: first to a temporary file beside `path`, then renamed, so that `path` is always whole.

    Raises FileNotFoundError when the folder does not exist.
    """
    records = {"params": params, "best": best}
    if optimizer is not None:
        records |= {"adam_m": optimizer.m, "adam_v": optimizer.v}
    arrays = {f"{key}.{name}": leaf for key, record in records.items() if record for name, leaf in named_leaves(record)}
    header = {
        "format": FORMAT, "version": VERSION, "characters": vocabulary.characters, "step": step,
        "adam_step": optimizer.step if optimizer else None, "settings": settings,
        "rng": _generator_state(rng), "epoch_rng": _generator_state(epoch_rng),
        "history": (history or NO_HISTORY)._asdict(),
    }  # fmt: skip
    _write_aside_then_rename(Path(path), {"header": np.array(json.dumps(header)), **arrays})


def load_checkpoint(path: str | PathLike[str]) -> Checkpoint:
    """Read a checkpoint. Raises FileNotFoundError when it is missing, ValueError, with the reason, when it is refused:
    damaged or cut short, not one of ours, written by a later version, or with parts that do not fit each other."""
    arrays = _read_arrays(Path(path))
    try:
        header = _read_header(arrays)
        optimizer = None
        if header["adam_step"] is not None:
            optimizer = AdamState(_record(arrays, "adam_m"), _record(arrays, "adam_v"), header["adam_step"])
        return Checkpoint(
            params=_record(arrays, "params"),
            vocabulary=Vocabulary(tuple(header["characters"])),
            optimizer=optimizer,
            step=header["step"],
            rng=header["rng"] and generator_from_state(header["rng"]),
            history=History(**{key: tuple(values) for key, values in header["history"].items()}),
            best=_record(arrays, "best") if "best.E" in arrays else None,
            epoch_rng=header["epoch_rng"] and generator_from_state(header["epoch_rng"]),
            settings=header["settings"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is refused as a checkpoint: {error}") from error


def generator_from_state(state: Mapping[str, Any]) -> np.random.Generator:
    """A new generator that continues from a `bit_generator.state`, as it is or as it came back from JSON."""
    if state["bit_generator"] not in GENERATORS:
        raise ValueError(f"unknown random generator {state['bit_generator']!r}; expected one of {GENERATORS}")
    bit_generator = getattr(np.random, state["bit_generator"])()
    bit_generator.state = state
    return np.random.Generator(bit_generator)


def _generator_state(rng: np.random.Generator | None) -> Any:
    """The state in JSON's types: arrays become lists."""
    if rng is None:
        return None
    return json.loads(json.dumps(rng.bit_generator.state, default=lambda array: array.tolist()))


def _record(arrays: dict[str, Any], key: str) -> Params:
    return Params(**{name: arrays[f"{key}.{name}"] for name in Params.__dataclass_fields__})


def _read_header(arrays: dict[str, Any]) -> dict[str, Any]:
    header = json.loads(str(arrays["header"])) if "header" in arrays else {}
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError("it was not written by save_checkpoint")
    if header["version"] != VERSION:
        raise ValueError(f"it has version {header['version']}; this library reads version {VERSION}: update lstm_lib")
    return header


def _read_arrays(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise FileNotFoundError(f"there is no checkpoint at {path}")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (
        OSError,
        ValueError,
        EOFError,
        KeyError,
        AttributeError,
        TypeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise ValueError(f"{path} is not a whole .npz file: damaged, cut short, or something else ({error})") from error


def _write_aside_then_rename(path: Path, arrays: dict[str, Any]) -> None:
    if not path.parent.is_dir():
        raise FileNotFoundError(f"the folder {path.parent} does not exist; create it first")
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
