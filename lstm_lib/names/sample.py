"""The first rows of a text, as each mark that may part its fields cuts them."""

import contextlib
import csv
import io
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from lstm_lib.names.refusal import Refusal
from lstm_lib.names.rows import read_rows

HEAD = 60  # lines that are looked at
MARKS = ",;\t|"  # what may part the fields of a table
LONG = 1_000_000  # characters that are looked at, at most
LINE = "\x1f"  # the unit separator stands in no text: each line is one field


class Sample(NamedTuple):
    """The first rows that are not blank, cut by one mark."""

    dialect: dict[str, Any]  # arguments of csv.reader
    lines: list[int]  # the line on which each row begins
    rows: list[list[str]]  # the fields of each row
    width: int  # how many fields most of them have

    def regular(self) -> list[list[str]]:
        """The rows of that width; none where the mark parts nothing."""
        return [fields for fields in self.rows if len(fields) == self.width > 1]


def samples_of(path: Path, text: str) -> dict[str, Sample]:
    """A sample for each mark of a table, and one for `LINE`, from the first line that is not blank on."""
    begin = len(text) - len(text.lstrip(' \t\r\n,;|"'))
    head = text[:begin] + "".join(islice(io.StringIO(text[begin : begin + LONG], newline=""), HEAD))
    return {mark: _cut(path, head, mark) for mark in (*MARKS, LINE)}


def _cut(path: Path, head: str, mark: str) -> Sample:
    """The rows of a head, up to a quote that is not closed there."""
    quoting = csv.QUOTE_NONE if mark == LINE else csv.QUOTE_MINIMAL
    dialect = {"delimiter": mark, "strict": True, "skipinitialspace": True, "quoting": quoting}
    found: list[tuple[int, list[str]]] = []
    with contextlib.suppress(Refusal):
        for line, fields, reason in read_rows(path, head, dialect):
            found += [(line, fields or [reason])] if reason or any(map(str.strip, fields)) else []
    widths = Counter(len(fields) for _, fields in found)
    width = max(widths, key=widths.__getitem__, default=1)
    return Sample(dialect, [line for line, _ in found], [fields for _, fields in found], width)
