"""Read names from a file or a folder into a table; every fault is reported with its file and line."""

import os
import re
from importlib import resources
from pathlib import Path

import pandas as pd

from lstm_lib.names.table import SSA_FILE, read_table

TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
SIGNATURES = (  # how files begin that are no text in UTF-8
    (b"\xff\xfe", "text in UTF-16", "save it again as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it again as UTF-8"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as 'CSV UTF-8'"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
)


def load_names(path: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Names from a file or a folder, one row per row of the source; see `clean_name` for how they are spelled.

    None: the corpus that comes with the library, with the columns `name`, `count_f`, `count_m` and `split`.
    A path: a table with a header that has a column `name` (Kaggle's NationalNames.csv is one; fields parted by
    commas, semicolons or tabs), SSA's yobYYYY.txt (fields name, sex, count), a list with one name a line, or a
    folder that holds files of the SSA or only one of the others. UTF-8, with or without byte order mark.
    Columns: `name`, and `sex` (or `gender`), `year`, `count` where the source has them, or those of the corpus.
    Blank lines at the end are ignored; anywhere else they are a fault.
    Raises FileNotFoundError, TypeError for a path that is not one, and ValueError for a source that cannot be read
    as it is: the message names the file, the line, what is wrong there and what to do.
    """
    if path is None:
        with resources.as_file(resources.files("lstm_lib.datasets") / "names.csv") as corpus:
            return _read_file(corpus)
    files = _files_of(_require_path(path))
    return pd.concat([_read_file(file) for file in files], ignore_index=True)


def _require_path(path: str | os.PathLike[str]) -> Path:
    """The path as a Path to something that exists; a leading ~ is the home folder."""
    if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
        raise TypeError(f"path must be a string or a pathlib.Path, or None for the shipped corpus; got {path!r}")
    if path == "":
        raise ValueError("path is empty; pass the name of a file or a folder, or None for the shipped corpus")
    place = Path(path).expanduser()
    if not place.exists():
        raise FileNotFoundError(
            f"there is no file or folder {str(path)!r} (looked for {place.absolute()}); check the spelling and the "
            "folder that you run in. Web addresses cannot be read: download the file first"
        )
    return place


def _files_of(place: Path) -> list[Path]:
    """The files to read: the file itself, or those of a folder; raise ValueError when that is not clear."""
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise ValueError(f"{place} is neither a file nor a folder; pass the name of a text file or of a folder")
    files = sorted((each for each in place.iterdir() if each.is_file()), key=lambda each: each.name.lower())
    years = [each for each in files if SSA_FILE.fullmatch(each.name)]
    lists = [each for each in files if each.suffix.lower() in TEXT_SUFFIXES and not each.name.startswith(".")]
    if years or len(lists) == 1:
        return years or lists
    found = ", ".join(each.name for each in lists[:5]) or "none"
    raise ValueError(
        f"the folder {place} must hold files yobYYYY.txt of the SSA, or one .csv, .tsv or .txt file; it has "
        f"{len(lists)} of these ({found}): pass the name of the file that you want"
    )


def _read_file(path: Path) -> pd.DataFrame:
    """One file as a table; a byte that is not UTF-8 is reported with its line."""
    try:
        return read_table(path)
    except UnicodeDecodeError:
        raise ValueError(_describe_encoding(path)) from None


def _describe_encoding(path: Path) -> str:
    """Where a file stops being UTF-8, and what to do about it."""
    data = path.read_bytes()
    for start, kind, advice in SIGNATURES:
        if data.startswith(start):
            return f"{path}, line 1: this is {kind}, not text in UTF-8; {advice}"
    valid = re.split("[\udc80-\udcff]", data.decode("utf-8", errors="surrogateescape"), maxsplit=1)[0]
    lines = re.split("\r\n|\r|\n", valid)
    byte = data[len(valid.encode("utf-8"))]
    return (
        f"{path}, line {len(lines)}: byte 0x{byte:02X} after {lines[-1][-20:]!r} is not UTF-8; save the file as UTF-8 "
        "(spreadsheets call it 'CSV UTF-8'; older files are often in Windows-1252 or Latin-1)"
    )
