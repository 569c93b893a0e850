"""Read one file of names into a table: its rows by its layout, and one sentence for all that is faulty."""

import re
from array import array
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lstm_lib.names.clean import MISREAD, OTHERS, clean_name, show
from lstm_lib.names.kind import decode, is_utf8
from lstm_lib.names.layout import SSA_FILE, Layout, find_layout
from lstm_lib.names.refusal import Refusal
from lstm_lib.names.rows import read_rows

BLANK = "the line is blank; delete it"
SUMS = """
total totals totale totaal totalt totalen summe gesamt gesamtsumme insgesamt razem yhteensä összesen celkem spolu
ukupno skupaj toplam σύνολο итого всего усього разом общо المجموع مجموع סה״כ 合計 合计 总计 總計 합계
"""
TOTALS = frozenset(SUMS.split())
LAST = TOTALS | {"sum", "suma", "somme", "ensemble", "alle", "i alt"}  # elsewhere, these may be names
DOUBTFUL = {" - ": "have a dash and a word behind it", "^'": "begin with an apostrophe"}
SHOWN = 5  # faults in a message


class Rows(NamedTuple):
    """The rows that can be read, column by column, and the faults of the others."""

    columns: dict[str, list[str]]
    lines: "array[int]"
    faults: list[tuple[int, str]]


def read_table(
    path: Path, *, column: str | int | None = None, skip_faulty: bool = False, encoding: str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The names of a file, with sex, year and count where it has them, and what the caller should hear about it.

    Refusal says what is wrong where.
    """
    data = path.read_bytes()
    text = decode(path, data, encoding)
    if not re.search(r'[^\s,;|"]', text):
        raise ValueError(f"{path} is empty; write one name a line, or a table with a column `name`")
    layout = find_layout(path, text, column, skip_faulty=skip_faulty)
    rows = _sort_rows(path, text, layout)
    notes = [*layout.notes, *_judge_faults(path, rows, skip_faulty=skip_faulty), *_doubt_names(path, rows)]
    if encoding is not None and not encoding.lower().startswith("utf") and is_utf8(data):
        notes.append(f"{path}: this is text in UTF-8, read as {encoding}; leave `encoding` out")
    columns: dict[str, pd.Series[Any]] = {"name": pd.Series(rows.columns["name"], dtype=str)}
    for other in [each for each in rows.columns if each != "name"]:
        try:
            columns[other] = _to_column(rows, other)
        except ValueError as error:
            notes.append(f"{path}, {error}; correct it if you need that column")
    table = pd.DataFrame(columns)
    if (match := SSA_FILE.fullmatch(path.name)) and "year" not in table:
        table.insert(min(2, len(table.columns)), "year", np.full(len(table), int(match[1]), dtype=np.int64))
    return table, notes


def _sort_rows(path: Path, text: str, layout: Layout) -> Rows:
    """The rows below the header, the good ones apart from the faulty ones. Each distinct name is cleaned once."""
    rows = Rows({column: [] for column in layout.places}, array("q"), [])
    clean, share, titles = cache(clean_name), cache(str), list(layout.titles) if layout.width > 1 else []
    others = [(rows.columns[column], place) for column, place in layout.places.items() if column != "name"]
    for line, fields, reason in read_rows(path, text, layout.dialect):
        if line <= layout.header or (len(fields) < 2 and not reason and not "".join(fields).strip()):
            continue
        try:
            if len(fields) != layout.width:
                raise ValueError(reason or _describe_width(fields, layout.width))
            if fields == titles:
                raise ValueError("this is the header again; delete the line")
            name = clean(fields[layout.places["name"]])
        except ValueError as error:
            rows.faults.append((line, str(error) if reason or any(map(str.strip, fields)) else BLANK))
            continue
        rows.columns["name"].append(name)
        rows.lines.append(line)
        for texts, place in others:
            texts.append(share(fields[place]))
    return rows


def _doubt_names(path: Path, rows: Rows) -> list[str]:
    """Notes on names that may be none: a sum over a column, a name with its meaning behind a dash."""
    names = rows.columns["name"]
    distinct = [*dict.fromkeys(names)]
    sums = [name for name in distinct if not TOTALS.isdisjoint(name.split())]
    sums += [names[-1]] * (names[-1] in LAST - TOTALS)
    notes = [
        f"{path}, line {rows.lines[names.index(name)]}: read {name!r} as a name; delete the line if it is a sum"
        for name in sums[:SHOWN]
    ]
    for pattern, what in DOUBTFUL.items():
        if 2 * sum(bool(re.search(pattern, name)) for name in distinct) > len(distinct):
            notes.append(
                f"{path}: most names {what}, such as {show(distinct[0])}; if it is no part of them, take it away"
            )
    return notes


def _describe_width(fields: list[str], width: int) -> str:
    return (
        f"expected fields: {width}; got {len(fields)}: {show(','.join(fields))}; correct the line (a comma inside a "
        "field needs quotes around the field; a header needs as many titles as its rows have fields)"
    )


def _judge_faults(path: Path, rows: Rows, *, skip_faulty: bool) -> list[str]:
    """What the caller should hear about the faulty rows; Refusal unless they may be, and can be, left out."""
    last = rows.lines[-1] if rows.lines else 0
    end = max((k for k, (line, reason) in enumerate(rows.faults, 1) if reason != BLANK or line < last), default=0)
    faults = rows.faults[:end]  # blank rows at the end of the file are none
    if not faults and rows.lines:
        return []
    if not faults:
        raise ValueError(f"{path} has no names below its header; add some")
    message = "\n".join(f"line {line}: {reason}" for line, reason in faults[:SHOWN])
    total, few = len(faults) + len(rows.lines), len(faults) <= len(rows.lines)
    if skip_faulty and few:
        return [f"{path}: left out {len(faults)} of {total} rows:\n{message}"]
    more = "" if few else ", so this may not be the column of the names, or no list of names"
    if len(faults) > 1:
        message += f"\nFaulty rows: {len(faults)} of {total}{more}"
    whole = not any(MISREAD in reason for _, reason in faults)  # or else all names with accents would be left out
    raise Refusal(f"{path}, {message}", *([{"skip_faulty": True}] if few and whole else []))


def _to_column(rows: Rows, column: str) -> "pd.Series[Any]":
    """The fields of one column, cleaned; ValueError if one cannot be. A column has few distinct texts."""
    clean, dtype = OTHERS[column]
    texts = rows.columns[column]
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    cleaned = np.empty(len(distinct), dtype=object)
    for number, text in enumerate(distinct):
        try:
            cleaned[number] = clean(text)
        except ValueError as error:
            line = rows.lines[texts.index(text)]
            raise ValueError(f"line {line}: left out the column `{column}`: {error}") from None
    result: pd.Series[Any] = pd.Series(cleaned[codes], dtype=dtype)
    return result
