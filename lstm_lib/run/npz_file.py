"""Arrays by name in one `.npz` file: written whole or not at all, read whole or not at all, never a pickle."""

import glob
import os
import time
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.arguments import shown

STALE = 3600.0  # seconds; a part file that nobody has written to for so long was left by a program that was killed


def require_place(path: str | PathLike[str]) -> Path:
    """Return `path` as a Path if a file can stand there.

    Raises TypeError, FileNotFoundError without its folder, IsADirectoryError, ValueError for a pipe or a device.
    """
    text = os.fspath(path) if isinstance(path, str | PathLike) else None
    if not isinstance(text, str):
        raise TypeError(f"path must be a string or a pathlib.Path; got {shown(path)}")
    if "\0" in text:
        raise ValueError(f"path must be the name of a file, which holds no zero character; got {text!r}")
    place = Path(text)
    if not place.parent.is_dir():
        raise FileNotFoundError(f"the folder {place.parent} does not exist; create it first")
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder; name a file in it")
    if place.exists() and not place.is_file():
        raise ValueError(f"{place} is a pipe or a device; name a file")
    return place


def write_npz(path: str | PathLike[str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file beside `path`, then rename it: whatever happens, `path` is the old file or the new one, whole.

    A program that is killed at that moment leaves the file beside it, `path` with an ending `.part`; the first save
    of the same path after an hour removes it. A younger one may be that of another program, and is left alone.
    Raises what `require_place` raises, and OSError when the disk refuses.
    """
    place = _target(path)
    with _aside(place, arrays) as aside:
        os.replace(aside, place)


def try_npz(path: str | PathLike[str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Do all that `write_npz` does but the renaming, and remove the file: raise now what would be raised later."""
    with _aside(_target(path), arrays):
        pass


def _target(path: str | PathLike[str]) -> Path:
    """The place, or the one that a link leads to: the link stays. Raises what `require_place` raises."""
    place = require_place(path)
    return require_place(os.path.realpath(place)) if place.is_symlink() else place


@contextmanager
def _aside(place: Path, arrays: Mapping[str, NDArray[Any]]) -> Iterator[Path]:
    """A file of the arrays beside `place`, whole and on the disk; removed at the end unless it was renamed."""
    _remove_stale(place)
    aside = place.with_name(f"{place.name}.{uuid.uuid4().hex}.part")
    try:
        with open(aside, "xb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        yield aside
    except OSError as error:
        words = f"{place} cannot be written ({error.strerror or error}); make room, or choose another place"
        raise OSError(error.errno, words) from error
    finally:
        with suppress(OSError):  # renamed, or never made
            aside.unlink()


def _remove_stale(place: Path) -> None:
    for part in place.parent.glob(f"{glob.escape(place.name)}.{'[0-9a-f]' * 32}.part"):
        with suppress(OSError):  # another program was faster, or it belongs to somebody else
            if time.time() - part.stat().st_mtime > STALE:
                part.unlink()


def read_npz(path: str | PathLike[str]) -> dict[str, NDArray[Any]]:
    """Read all arrays of a `.npz` file, every check sum checked, in this machine's byte order.

    Raises what `require_place` raises, FileNotFoundError when there is no file, ValueError when it is damaged, cut
    short, compressed or something else than a `.npz` file of plain arrays.
    """
    place = require_place(path)
    if not place.exists():
        raise FileNotFoundError(f"there is no file {place}")
    with open(place, "rb") as file:
        try:
            _require_uncompressed(file)
            file.seek(0)
            with np.load(file, allow_pickle=False) as npz:
                return {name: _native(npz[name]) for name in npz.files}  # which checks the sum of each
        except Exception as error:  # a damaged file can make zipfile and NumPy raise nearly anything
            reason = f"damaged, cut short or of another kind ({error})"
            raise ValueError(f"{place} is not a whole .npz file: {reason}") from error


def _require_uncompressed(file: IO[bytes]) -> None:
    """Raise when the arrays would take more memory than the file is long."""
    length = os.fstat(file.fileno()).st_size
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > length:
        raise ValueError(f"compressed: {length} bytes would become {unpacked}; write it with save_checkpoint")


def _native(values: object) -> NDArray[Any]:
    array = np.asarray(values)
    return array.astype(array.dtype.newbyteorder("="), copy=False)
