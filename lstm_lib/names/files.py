"""Read names from a file or a folder into a table; every fault is reported with its file and line."""

import os
import warnings
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from lstm_lib.arguments import describe, require_bool, require_integer
from lstm_lib.names.layout import SSA_FILE, STATE_FILE, STATE_ROW
from lstm_lib.names.refusal import Refusal, with_call
from lstm_lib.names.table import read_table

TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}


def load_names(
    path: str | os.PathLike[str] | None = None,
    *, column: str | int | None = None, skip_faulty: bool = False, encoding: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Names from a file or a folder, one row per row of the source; see `clean_name` for how they are spelled.

    path: None is the corpus that comes with the library, with the columns `name`, `count_f`, `count_m` and `split`.
    Otherwise a table with a header that has a column `name` (Kaggle's NationalNames.csv is one; fields parted by
    commas, semicolons, tabs or "|"), SSA's yobYYYY.txt or its files of states such as AK.TXT, a list with one name a
    line, or a folder that holds files of the SSA or only one of the others. UTF-8, with or without byte order mark.
    column: the title over the names, if it is not `name`; the first row that has it is the header, whatever stands
    above. Or a number: the table has no header, and the names stand in that field, counted from 0.
    skip_faulty: leave out rows that cannot be read, at most half of them, and lines above the header; a UserWarning
    says how many and which. Without it, they are refused.
    encoding: what Python calls it, such as "cp1252"; None is UTF-8.
    Returns the columns `name`, and `sex` (or `gender`), `year`, `count` where a header or the SSA has them, or those of
    the corpus. One of these others that cannot be read is left out with a UserWarning. Blank lines mean nothing.
    Raises FileNotFoundError, TypeError for an argument of another type, and ValueError for a source that cannot be read
    as it is: the message names the file, the line, what is wrong there and what to do. If a call with other options
    reads the source, it is the last line of the message.
    """
    options = _require_options(column, skip_faulty, encoding)
    try:
        table, notes = _load(path, **options)
    except Refusal as refusal:
        raise with_call(refusal, _load, path, options) from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}; allow it, or copy the file") from None
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=2)
    return table


def _require_options(column: object, skip_faulty: object, encoding: object) -> dict[str, Any]:
    """The options that are set; raise TypeError or ValueError for one of another kind."""
    if column is not None and not isinstance(column, str):
        column = require_integer("column, if it is not a title,", column, at_least=0)
    if encoding is not None and not isinstance(encoding, str):
        raise TypeError(f"encoding must be a string such as 'cp1252', or None for UTF-8; got {describe(encoding)}")
    options = {"column": column, "skip_faulty": require_bool("skip_faulty", skip_faulty) or None, "encoding": encoding}
    return {option: value for option, value in options.items() if value is not None}


def _load(path: str | os.PathLike[str] | None, **options: Any) -> tuple[pd.DataFrame, list[str]]:
    """The table, and what the caller should hear about it."""
    if path is None:
        corpus, told = _corpus(**options)
        return corpus.copy(), told
    tables, notes = zip(*(read_table(file, **options) for file in _files_of(_require_path(path))), strict=True)
    return pd.concat(tables, ignore_index=True), [note for each in notes for note in each]


@cache
def _corpus(**options: Any) -> tuple[pd.DataFrame, list[str]]:
    """What `read_table` makes of the shipped names, read once."""
    with resources.as_file(resources.files("lstm_lib.datasets") / "names.csv") as corpus:
        return read_table(corpus, **options)


def _require_path(path: str | os.PathLike[str]) -> Path:
    """The path as a Path to something that exists; a leading ~ is the home folder."""
    if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
        raise TypeError(f"path must be a string or a pathlib.Path, or None for the shipped corpus; got {path!r}")
    if path == "":
        raise ValueError("path is empty; pass the name of a file or a folder, or None for the shipped corpus")
    try:
        place = Path(path).expanduser()
        found = place.exists()
    except (OSError, RuntimeError):  # too long for a name, or the home of nobody
        place, found = Path(path), False
    if not found:
        raise FileNotFoundError(
            f"there is no file or folder {str(path)!r:.300} (looked for {place.absolute()!s:.300}); check the "
            "spelling and the folder that you run in. Web addresses cannot be read: download the file first"
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
    states = [each for each in lists if STATE_FILE.fullmatch(each.name) and STATE_ROW.match(each.read_text("latin-1"))]
    if years or states or len(lists) == 1:
        return years or states or lists
    found = ", ".join(each.name for each in lists[:5]) or "none"
    raise ValueError(
        f"the folder {place} must hold files of the SSA (yobYYYY.txt, or AK.TXT), or one .csv, .tsv or .txt file; it "
        f"has {len(lists)} of these ({found}): pass the name of the file that you want"
    )
