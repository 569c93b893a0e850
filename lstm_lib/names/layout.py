"""How a text is laid out: where its header is, what parts its fields, which column stands at which place."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from lstm_lib.names.clean import OTHERS, clean_name, is_name, show
from lstm_lib.names.refusal import Refusal
from lstm_lib.names.sample import LINE, Sample, samples_of
from lstm_lib.names.title import is_bare, is_header, is_title, likely_column, rank

SSA_FILE = re.compile(r"yob([0-9]{4})\.txt", re.IGNORECASE)
YEAR_ROW = re.compile(r"[^,\r\n]+,[FM],")
STATE_FILE = re.compile(r"[A-Z]{2}\.txt", re.IGNORECASE)
STATE_ROW = re.compile(r"[A-Z]{2},[FM],[0-9]{4},[^,\r\n]+,[0-9]+(?:\s|\Z)")
TABLE_SUFFIXES = {".csv", ".tsv"}
SPACES = re.compile(r"\S(?:\s{2,}\S|\s+[0-9])")  # a column of a table that spaces part


class Layout(NamedTuple):
    """How a text is read."""

    dialect: dict[str, Any]  # arguments of csv.reader
    header: int  # the line of the header, 0 for none; rows begin below it
    places: dict[str, int]  # which of our columns stands where, in our order
    width: int  # fields in a row
    notes: tuple[str, ...] = ()  # what the caller should hear
    titles: tuple[str, ...] = ()  # the fields of the header


def find_layout(path: Path, text: str, column: str | int | None, *, skip_faulty: bool) -> Layout:
    """The layout of a text, from its first lines; Refusal when no column is known to hold the names."""
    samples = samples_of(path, text)
    if column is None and STATE_ROW.match(text):
        return Layout(samples[","].dialect, 0, {"name": 3, "sex": 1, "year": 2, "count": 4}, 5)
    if column is None and SSA_FILE.fullmatch(path.name) and YEAR_ROW.match(text):
        return Layout(samples[","].dialect, 0, {"name": 0, "sex": 1, "count": 2}, 3)
    is_table = path.suffix.lower() in TABLE_SUFFIXES
    if not isinstance(column, int) and (found := _find_header(samples, column, alone=is_table or column is not None)):
        return _under_header(path, *found, column, skip_faulty=skip_faulty)
    best = max(samples.values(), key=lambda sample: (len(sample.regular()), sample.width, len(sample.rows)))
    if 2 * len(best.regular()) > len(best.rows):
        is_table = True
    elif column is None:
        _refuse_spaces(path, [fields[0] for fields in samples[LINE].rows])
    if isinstance(column, str) or (column is None and is_table):
        raise _no_column(path, best, column or "name")
    return _without_header(path, best if is_table else samples[LINE], column)


def _plain(title: str) -> str:
    """A title as it is compared: its case and the spaces around it do not matter."""
    return clean_name(title) if is_name(title) else title.strip().lower()


def _find_header(samples: dict[str, Sample], column: str | None, *, alone: bool) -> tuple[Sample, int] | None:
    """The first row that has the title, cut by the mark that sets it apart; None if there is none.

    A title that stands alone on its line counts below the first row only if it is `alone` that it may stand.
    """
    title = _plain(column or "name")
    hits = [
        (sample.lines[row], number, row)
        for number, sample in enumerate(samples.values())
        for row, fields in enumerate(sample.rows)
        if title in map(_plain, fields) and (row == 0 or len(fields) > 1 or alone)
    ]
    if not hits:
        return None
    _, number, row = min(hits)
    return [*samples.values()][number], row


def _under_header(path: Path, sample: Sample, row: int, column: str | None, *, skip_faulty: bool) -> Layout:
    """The layout of a table with a header, which may have lines above it."""
    titles, line = sample.rows[row], sample.lines[row]
    where = f"{path}, line {line}"
    places, notes = _find_columns(where, titles, column)
    title, below = titles[places["name"]].strip(), sample.rows[row + 1 : row + 6]
    notes += _other_names(where, titles, below, title) if column is None else []
    notes += _second_headers(path, sample, row, places["name"])
    if row and column is None:
        if not skip_faulty:
            raise Refusal(
                f"{path}, line {sample.lines[0]}: no column `name`, but line {line} has {title!r}: the table begins "
                "there; delete the lines above it, or leave them out",
                *({"column": title}, {"skip_faulty": True}),
            )
        notes = [f"{where}: the table begins here; left out the lines above it", *notes]
    return Layout(sample.dialect, line, places, len(titles), tuple(notes), tuple(titles))


def _find_columns(where: str, titles: list[str], column: str | None) -> tuple[dict[str, int], list[str]]:
    """The place of each column that we read, in our order, and what the caller should hear."""
    plain = ["sex" if _plain(title) == "gender" else _plain(title) for title in titles]
    exact = [place for place, title in enumerate(titles) if title.strip() == column]
    names = exact or [place for place, title in enumerate(titles) if _plain(title) == _plain(column or "name")]
    if len(names) > 1:
        raise Refusal(f"{where}: two columns hold the name: {', '.join(map(show, titles))}; rename one of them")
    places, notes = {"name": names[0]}, []
    for other in OTHERS:
        found = [place for place, title in enumerate(plain) if title == other]
        if len(found) == 1:
            places[other] = found[0]
        elif found:
            notes.append(f"{where}: left out the column `{other}`: more than one has that title; rename the others")
    return places, notes


def _other_names(where: str, titles: list[str], below: list[list[str]], title: str) -> list[str]:
    """A note if names stand under a title that is more likely over first names."""
    full = [row for row in below if len(row) == len(titles)]
    firsts = [
        other.strip()
        for place, other in enumerate(titles)
        if rank(other) == 2 and any(is_name(row[place]) for row in full)
    ]
    return [f"{where}: read {title!r}; for the names under {each!r}, pass column={each!r}" for each in firsts[:1]]


def _second_headers(path: Path, sample: Sample, header: int, place: int) -> list[str]:
    """A note for each of the first rows below the header that looks like one more header, for it is read as a name."""
    notes = []
    for line, row in [*zip(sample.lines, sample.rows, strict=True)][header + 1 : header + 6]:
        if len(row) != len(sample.rows[header]) or row == sample.rows[header]:
            continue
        text = row[place].strip()
        if is_name(text) and (is_title(text) or (is_bare(text) and sum(map(rank, row)) != rank(text))):
            notes.append(f"{path}, line {line}: read {text!r} as a name; if it is the heading, pass column={text!r}")
    return notes


def _refuse_spaces(path: Path, lines: list[str]) -> None:
    """Raise Refusal if most lines look like rows of a table that spaces part."""
    if 2 * sum(bool(SPACES.search(line.strip())) for line in lines) > len(lines):
        raise Refusal(
            f"{path}, line 1: this is a table parted by spaces, or of fixed width: {show(lines[0])}; read it with "
            "pandas.read_fwf, as chapter 23 shows, or save it with commas. If each line is one name, "
            "column=0 says so",
            {"column": 0},
        )


def _no_column(path: Path, sample: Sample, title: str) -> Refusal:
    """The refusal of a table without the column that was looked for, with the column that is likely."""
    rows = [(line, row) for line, row in zip(sample.lines, sample.rows, strict=True) if len(row) == sample.width]
    if len(rows) == 1:
        only = f"no column `{title}`, and no row but this: {show(', '.join(rows[0][1]))}"
        return Refusal(f"{path}, line {rows[0][0]}: {only}; write one name a line, or rows below a header")
    number, likely = likely_column([row for _, row in rows])
    line, titles = rows[number]
    advice = (
        "this looks like a row, not like a header: a number says that there is no header, so that the first row holds "
        "a name, and which field holds the names, counted from 0; if it is a header, pass the title over the names"
        if isinstance(likely, int)
        else "say which of them holds the names"
    )
    found = ", ".join(map(show, titles[:12]))
    remedies = [] if likely is None else [{"column": likely}]
    return Refusal(f"{path}, line {line}: no column `{title}`; columns found: {found}; {advice}", *remedies)


def _without_header(path: Path, sample: Sample, column: int | None) -> Layout:
    """The layout of a list, or of a table that has no header because the caller says so."""
    place, width = column or 0, sample.width
    if place >= width:
        raise Refusal(f"{path}: there is no column {place}: a row has {width} fields, counted from 0")
    rows = [(line, row) for line, row in zip(sample.lines, sample.rows, strict=True) if len(row) == width]
    header, notes = 0, []
    for number, (line, row) in enumerate(rows[:5]):
        text = row[place].strip()
        like = (
            is_title(text) or (rank(text) > 0 and not text.isalpha()) or (number == 0 and width > 1 and rank(text) != 0)
        )
        if number == 0 and column is None and is_title(text):
            header = line
            notes = [f"{path}, line {line}: took {text!r} for the heading; if it is a name, pass column=0"]
        elif is_name(text) and (like or (number == 0 and column is not None and is_header([row for _, row in rows]))):
            notes.append(f"{path}, line {line}: read {text!r} as a name; if it is the heading, pass column={text!r}")
        elif text.isalpha():  # a word: the list has begun
            break
    return Layout(sample.dialect, header, {"name": place}, width, tuple(notes))
