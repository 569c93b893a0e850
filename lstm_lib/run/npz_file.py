"""Arrays by name in one `.npz` file: written whole or not at all, read whole or not at all, never a pickle."""

import os
import uuid
import zipfile
from collections.abc import Mapping
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def require_place(path: str | PathLike[str]) -> Path:
    """Return `path` as a Path if a file can stand there; raise TypeError, FileNotFoundError or IsADirectoryError."""
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path must be a string or a pathlib.Path; got {path!r}")
    place = Path(path)
    if not place.parent.is_dir():
        raise FileNotFoundError(f"the folder {place.parent} does not exist; create it first")
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder; name a file in it")
    return place


def write_npz(path: str | PathLike[str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file beside `path`, then rename it: whatever happens, `path` is the old file or the new one, whole.

    Raises what `require_place` raises, and OSError when the disk refuses.
    """
    place = require_place(path)
    aside = place.with_name(f"{place.name}.{uuid.uuid4().hex}.part")
    try:
        with open(aside, "xb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, place)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def read_npz(path: str | PathLike[str]) -> dict[str, NDArray[Any]]:
    """Read all arrays of a `.npz` file, every check sum checked.

    Raises what `require_place` raises, FileNotFoundError when there is no file, ValueError when it is damaged, cut
    short or something else than a `.npz` file of plain arrays.
    """
    place = require_place(path)
    if not place.exists():
        raise FileNotFoundError(f"there is no file {place}")
    content = place.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise ValueError(f"the check sum of {damaged} is wrong")
        with np.load(BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception as error:  # a damaged file can make zipfile and NumPy raise nearly anything
        reason = f"damaged, cut short or of another kind ({error})"
        raise ValueError(f"{place} is not a whole .npz file: {reason}") from error
