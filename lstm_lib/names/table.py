"""Read one text file of names: which layout it has, its rows block by block, and the line of a fault."""

import contextlib
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lstm_lib.names.clean import clean_name, clean_number, clean_text, show

BLOCK = 50_000  # rows in memory at a time
BLANK = "the line is blank; delete it"
SSA_FILE = re.compile(r"yob([0-9]{4})\.txt", re.IGNORECASE)
CLEAN: dict[str, tuple[Callable[[str], str | int], Any]] = {  # column: how its fields are cleaned, their dtype
    "name": (clean_name, str),
    "sex": (clean_text, str),
    "year": (clean_number, np.int64),
    "count": (clean_number, np.int64),
    "count_f": (clean_number, np.int64),
    "count_m": (clean_number, np.int64),
    "split": (clean_text, str),
}


class Layout(NamedTuple):
    """How a file is read: where its rows are cut, which column stands at which place, and how many there are."""

    dialect: dict[str, Any]  # arguments of csv.reader
    has_header: bool
    places: dict[str, int]
    width: int


class RowFault(Exception):
    """A row that cannot be read: its number in the file, from 0, the header counted, and what is wrong."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row


def read_table(path: Path) -> pd.DataFrame:
    """The names of a text file, with sex, year and count where it has them; ValueError says what is wrong where."""
    layout = _find_layout(path)
    try:
        tables = [_to_table(start, block, layout) for start, block in _read_blocks(path, layout)]
    except RowFault as fault:
        raise ValueError(f"{path}, line {_line_of(path, layout, fault.row)}: {fault}") from None
    except csv.Error as error:
        reason = f"a quote is not closed, text follows a closing quote, or a field is huge ({error})"
        raise ValueError(f"{path}, line {_line_of(path, layout, None)}: {reason}; correct the line") from None
    if not tables:
        raise ValueError(f"{path} has no names{' below its header' if layout.has_header else ''}; add some")
    table = pd.concat(tables, ignore_index=True)
    if match := SSA_FILE.fullmatch(path.name):
        table.insert(2, "year", np.full(len(table), int(match[1]), dtype=np.int64))
    return table


def _find_layout(path: Path) -> Layout:
    """The layout, from the name of the file and its first line."""
    if SSA_FILE.fullmatch(path.name):
        return Layout({"delimiter": ",", "strict": True}, False, {"name": 0, "sex": 1, "count": 2}, 3)
    with open(path, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
    if not first:
        raise ValueError(f"{path} is empty; write one name a line, or a table with a column `name`")
    delimiter = next((mark for mark in ",;\t" if mark in first), None)
    is_table = path.suffix.lower() in {".csv", ".tsv"} or first.strip(' "\r\n').lower() == "name"
    if delimiter is None and not is_table:  # one name a line; \x1f, the unit separator, stands in no text
        return Layout({"delimiter": "\x1f", "quoting": csv.QUOTE_NONE}, False, {"name": 0}, 1)
    dialect = {"delimiter": delimiter or ",", "strict": True, "skipinitialspace": True}
    try:
        header = next(csv.reader([first], delimiter=delimiter or ",", skipinitialspace=True), [])
    except csv.Error as error:
        raise ValueError(f"{path}, line 1: this cannot be the header of a table ({error})") from None
    return Layout(dialect, True, _find_columns(path, header), len(header))


def _find_columns(path: Path, header: list[str]) -> dict[str, int]:
    """The place of each column that we read, in our order; the header's case and its spaces do not matter."""
    titles = [title.strip().lower() for title in header]
    titles = ["sex" if title == "gender" else title for title in titles]
    found = ", ".join(map(show, header[:12])) or "none, the line is blank"
    for column in CLEAN:
        if titles.count(column) > 1:
            raise ValueError(f"{path}, line 1: two columns hold the {column}: {found}; rename one of them")
    if "name" not in titles:
        raise ValueError(
            f"{path}, line 1: no column `name`; columns found: {found}. Write `name` over the column that holds the "
            "names. A list without a header needs one name a line and a file name ending in .txt; a file of the "
            "SSA needs its name, such as yob1880.txt"
        )
    return {column: titles.index(column) for column in CLEAN if column in titles}


def _read_blocks(path: Path, layout: Layout) -> Iterator[tuple[int, list[list[str]]]]:
    """(number of the first row, rows) for each block of the file; blank rows at the end of the file are left out."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, **layout.dialect)
        start = len(list(islice(rows, int(layout.has_header))))
        while block := list(islice(rows, BLOCK)):
            size = len(block)
            while block and _is_blank(block[-1]):
                block.pop()
            if len(block) < size and not all(map(_is_blank, rows)):
                raise RowFault(start + len(block), BLANK)
            if block:
                yield start, block
            start += size


def _is_blank(row: list[str]) -> bool:
    return not any(map(str.strip, row))


def _to_table(start: int, block: list[list[str]], layout: Layout) -> pd.DataFrame:
    """A block of rows as a table of clean columns."""
    if set(map(len, block)) != {layout.width}:
        row = next(row for row, fields in enumerate(block) if len(fields) != layout.width)
        if _is_blank(block[row]):
            raise RowFault(start + row, BLANK)
        message = f"expected fields: {layout.width}; got {len(block[row])}: {show(','.join(block[row]))}; correct the "
        raise RowFault(start + row, message + "line (a comma inside a field needs quotes around the field)")
    columns = {column: [row[place] for row in block] for column, place in layout.places.items()}
    return pd.DataFrame({column: _to_column(start, fields, column) for column, fields in columns.items()})


def _to_column(start: int, fields: Sequence[str], column: str) -> "pd.Series[Any]":
    """The fields of one column, cleaned. Each distinct text is cleaned once: a block has few of them."""
    clean, dtype = CLEAN[column]
    codes, distinct = pd.factorize(np.array(fields, dtype=object))
    cleaned = np.empty(len(distinct), dtype=object)
    for number, text in enumerate(distinct):
        try:
            cleaned[number] = clean(text)
        except ValueError as error:
            where = "" if column == "name" else f"column `{column}`: "
            raise RowFault(start + fields.index(text), f"{where}{error}") from None
    result: pd.Series[Any] = pd.Series(cleaned[codes], dtype=dtype)
    return result


def _line_of(path: Path, layout: Layout, row: int | None) -> int:
    """The line of the file on which a row begins; None is the row that csv refuses."""
    line = 0
    with open(path, encoding="utf-8-sig", newline="") as file, contextlib.suppress(csv.Error):
        rows = csv.reader(file, **layout.dialect)
        for _ in islice(rows, row):
            line = rows.line_num
    return line + 1
