"""load_names on good files, odd files and broken files: it works, or says exactly what is wrong and where."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_lib.data import load_names
from lstm_lib.names.clean import clean_name, clean_number
from lstm_lib.names.kind import is_utf8

GOOD: dict[str, tuple[str, bytes, dict[str, list[Any]]]] = {
    "Kaggle's format": (
        "NationalNames.csv",
        b"Id,Name,Year,Gender,Count\n1,Mary,1880,F,7065\n2,Anna,1880,F,2604\n",
        {"name": ["mary", "anna"], "sex": ["F", "F"], "year": [1880, 1880], "count": [7065, 2604]},
    ),
    "SSA's format": (
        "yob1880.txt",
        b"Mary,F,7065\r\nJohn,M,9655\r\n",
        {"name": ["mary", "john"], "sex": ["F", "M"], "year": [1880, 1880], "count": [7065, 9655]},
    ),
    "SSA's format, upper case": (
        "YOB2017.TXT",
        b"Ana,F,5",
        {"name": ["ana"], "sex": ["F"], "year": [2017], "count": [5]},
    ),
    "one name a line": ("words.txt", b"Ana\nBOB\nana\n", {"name": ["ana", "bob", "ana"]}),
    "no suffix, no last line end": ("words", b"Ana\nBob", {"name": ["ana", "bob"]}),
    "a list under the word name": ("words.txt", b"Name\nAna\n", {"name": ["ana"]}),
    "a quoted list under the word name": ("words.txt", b'"name"\n"ana"\n', {"name": ["ana"]}),
    "a table of one column": ("names.csv", b'"name"\nana\n"bob"\n', {"name": ["ana", "bob"]}),
    "semicolons": ("names.csv", b"Year;Name\n1880;Ana\n", {"name": ["ana"], "year": [1880]}),
    "tabs": ("names.tsv", b"Name\tSex\nAna\tF\n", {"name": ["ana"], "sex": ["F"]}),
    "spaces around fields": (
        "names.csv",
        b" NAME , year , sex\n Ana , 1880 , F \n",
        {"name": ["ana"], "sex": ["F"], "year": [1880]},
    ),
    "years as floats": (
        "names.csv",
        b"name,year\nana,1880.0\nbob,1881.\n",
        {"name": ["ana", "bob"], "year": [1880, 1881]},
    ),
    "columns that we do not know": ("names.csv", b"id,note,name\n1,,ana\n", {"name": ["ana"]}),
    "the corpus's columns": (
        "mine.csv",
        b"name,count_f,count_m,split\nana,3,0,val\n",
        {"name": ["ana"], "count_f": [3], "count_m": [0], "split": ["val"]},
    ),
    "CRLF": ("names.csv", b"Id,Name\r\n1,Ana\r\n2,BOB\r\n", {"name": ["ana", "bob"]}),
    "CR, as on old Macs": ("names.csv", b"Id,Name\r1,Ana\r2,BOB\r", {"name": ["ana", "bob"]}),
    "byte order mark": ("names.csv", b"\xef\xbb\xbfName,Year\nAna,1880\n", {"name": ["ana"], "year": [1880]}),
    "byte order mark in a list": ("names.txt", b"\xef\xbb\xbfAna\n", {"name": ["ana"]}),
    "names that look like missing values": (
        "names.csv",
        b"name,year\nNan,1\nNull,1\nNA,1\nNone,1\nTrue,1\n",
        {"name": ["nan", "null", "na", "none", "true"], "year": [1] * 5},
    ),
    "quotes after a space": ("names.csv", b'"id", "name"\n1, "Ana"\n', {"name": ["ana"]}),
    "quotes, and a note over two lines": (
        "names.csv",
        b'name,note\n"Ana","she said ""hi"",\nthen left"\nBob,\n',
        {"name": ["ana", "bob"]},
    ),
    "blank lines at the end": ("names.csv", b"name,year\nana,1\n,\n\n  \n", {"name": ["ana"], "year": [1]}),
    "blank lines anywhere": ("names.csv", b"\n\nname,y\n\nana,1\n  \nbob,2\n", {"name": ["ana", "bob"]}),
    "blank lines anywhere in a list": ("names.txt", b"\r\nana\r\n\r\n  \r\nbob\r\n", {"name": ["ana", "bob"]}),
    "a hundred blank lines first": ("names.txt", b"\n" * 100 + b"ana\nbob\n", {"name": ["ana", "bob"]}),
    "blank lines at the end of a list": ("names.txt", b"ana\n\n \n", {"name": ["ana"]}),
    "hyphens, apostrophes, spaces": (
        "names.txt",
        "Anne-Marie\nO'Brien\nNew York\nd’Arc\n".encode(),
        {"name": ["anne-marie", "o'brien", "new york", "d'arc"]},
    ),
    "letters of the world": (
        "names.txt",
        "Zoë\nÑusta\nЁлка\nनेहा\nمحمد\n太郎\n一郎\nΟΔΥΣΣΕΥΣ\nStraße\n".encode(),
        {"name": ["zoë", "ñusta", "ёлка", "नेहा", "محمد", "太郎", "一郎", "οδυσσευς", "straße"]},
    ),
    "accents as characters of their own": ("names.txt", "Jose\u0301\n".encode(), {"name": ["jos\u00e9"]}),
    "the Turkish dotted capital I": ("names.txt", "İnci\n".encode(), {"name": ["i\u0307nci"]}),
}

BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("names.csv", b"", "is empty; write one name a line"),
    "empty list": ("names.txt", b"", "is empty"),
    "empty SSA file": ("yob1880.txt", b"", "is empty"),
    "byte order mark only": ("names.txt", b"\xef\xbb\xbf", "is empty"),
    "white space only": ("names.txt", b" \n\n", "is empty"),
    "header only": ("names.csv", b"Name,Year\n\n", "has no names below its header"),
    "no column name": ("x.csv", b"First,Year\nAna,1\n", "line 1: no column `name`; columns found: 'First', 'Year'"),
    "thirteen columns": (
        "x.csv",
        b"First,b,c,d,e,f,g,h,i,j,k,l,m\nAna,1,2,3,4,5,6,7,8,9,10,11,12\n",
        "line 1: no column `name`; columns found: 'First', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'; say",
    ),
    "no header": (
        "x.csv",
        b"Mary,F,7065\nAnna,F,2604\n",
        "line 1: no column `name`; columns found: 'Mary', 'F', '7065'; this looks like a row, not like a header",
    ),
    "a list that calls itself a table": (
        "x.csv",
        b"ana\nbob\n",
        "line 1: no column `name`; columns found: 'ana'; this looks like a row",
    ),
    "two columns name": ("x.csv", b"Name,name\na,b\n", "line 1: two columns hold the name: 'Name', 'name'; rename"),
    "blank name": ("x.csv", b"Id,Name\n1,Ana\n2,\n3,Bob\n", "line 3: the name is blank; fill it in"),
    "name of spaces": ("x.csv", b"Id,Name\n1,Ana\n2, \xc2\xa0\n3,Bob\n", "line 3: the name is blank"),
    "blank last name": ("x.csv", b"Id,Name\n1,Ana\n2,\n", "line 3: the name is blank"),
    "too many fields": ("x.csv", b"name,y\nana,1\nbob,2,3\n", "line 3: expected fields: 2; got 3: 'bob,2,3'; correct"),
    "too few fields": ("x.csv", b"name,y\nana,1\nbob\n", "line 3: expected fields: 2; got 1: 'bob'"),
    "one field more in every row": ("x.csv", b"name,y\nana,1,x\nbob,2,y\n", "line 2: expected fields: 2; got 3"),
    "SSA with a field too few": ("yob1880.txt", b"Mary,F,7065\nAnna,F\n", "line 2: expected fields: 3; got 2"),
    "after a note of two lines": ("x.csv", b'name,note\nana,"a\nb"\nb0b,\n', "line 4: the name 'b0b'"),
    "digit": ("x.csv", b"Id,Name\n1,Ana\n2,B0b\n", "line 3: the name 'b0b' contains a number, '0'; correct it"),
    "numbers where names should be": ("x.csv", b"Name,Id\n12,Ana\n", "line 2: the name '12' contains a number, '1'"),
    "Arabic digit": ("x.txt", "ana\nana٣\n".encode(), "line 2: the name 'ana٣' contains a number, '٣'"),
    "end mark": ("x.txt", b"Paris\nSt. Louis\n", "line 2: the name 'st. louis' contains the end mark '.'; remove the"),
    "comma in a list": (
        "x.txt",
        b"Ana\nBob,Carl\n",
        "line 2: the name 'bob,carl' contains ',' \\(U\\+002C\\); correct it",
    ),
    "null byte": ("x.txt", b"an\0a\n", r"line 1: .*U\+0000"),
    "one byte of three is null": ("x.txt", b"a\0b", r"line 1: the name 'a\\x00b' contains '\\x00'"),
    "UTF-16 without a mark": ("x.txt", "Ana\n".encode("utf-16-le"), r"line 1: .*U\+0000"),
    "line separator": ("x.txt", "an\u2028a\n".encode(), r"line 1: .*U\+2028"),
    "replacement character": ("x.txt", "jos\ufffd\n".encode(), r"line 1: .*U\+FFFD"),
    "emoji": ("x.txt", "ana😀\n".encode(), r"line 1: .*U\+1F600"),
    "a web page": ("x.txt", b"<!doctype html>\n", "line 1: this is a web page or XML"),
    "JSON": ("x.json", b'["ana"]\n', "line 1: this is JSON"),
    "a hyphen at the end": ("x.txt", b"ana\nbo-\n", "line 2: the name 'bo-' begins or ends with a hyphen"),
    "no letter": ("x.txt", b"ana\n---\n", "line 2: the name '---' has no letter"),
    "an endless line": ("x.txt", b"a" * 200_000, "line 1: .*a field is huge.*131072"),
    "a quote that is not closed": ("x.csv", b'name,n\nana,x\nbob,"oops\nc,y\n', "line 3: a quote is not closed"),
    "text after a quote": ("x.csv", b'name,n\nana,x\n"bob"y,z\n', "line 3: .*text follows a closing quote"),
    "Latin-1": (
        "x.csv",
        "Name\nAna\nJosé\n".encode("latin-1"),
        "line 3: byte 0xE9 after 'Jos' is not UTF-8; ([^\n]*) the line reads 'José'\n",
    ),
    "Latin-1 with CRLF": ("x.csv", "Name\r\nAna\r\nJosé\r\n".encode("latin-1"), "line 3: byte 0xE9 after 'Jos'"),
    "Latin-1 after good UTF-8": ("x.txt", "Zoë\n".encode() + b"Jos\xe9\n", "line 2: byte 0xE9 after 'Jos'"),
    "half a character at the end": ("x.txt", "ana\nzoë".encode()[:-1], "line 2: byte 0xC3 after 'zo'"),
    "UTF-16": ("x.csv", b"\xff\xfe" + "Ana\n".encode("utf-16-le"), "line 1: this is text in UTF-16"),
    "UTF-16, the other way": ("x.csv", b"\xfe\xff" + "Ana\n".encode("utf-16-be"), "line 1: this is text in UTF-16"),
    "zip": ("names.zip", b"PK\x03\x04\x14\x00\xff\xfe", "line 1: this is a zip archive.*unpack it"),
    "gzip": ("names.csv.gz", b"\x1f\x8b\x08\x00\x99", "line 1: this is a gzip archive.*unpack it"),
}


@pytest.mark.parametrize(("file", "content", "columns"), GOOD.values(), ids=GOOD.keys())
def test_good_files_work(tmp_path: Path, file: str, content: bytes, columns: dict[str, list[Any]]) -> None:
    path = tmp_path / file
    path.write_bytes(content)
    for form in (path, str(path)):
        table = load_names(form)
        assert table.to_dict("list") == columns
        assert table.columns.tolist() == list(columns)
        assert all(table[column].dtype == "int64" for column in columns if isinstance(columns[column][0], int))
        assert table.index.tolist() == list(range(len(table)))


@pytest.mark.parametrize(("file", "content", "message"), BAD.values(), ids=BAD.keys())
def test_bad_files_are_refused_with_file_and_line(tmp_path: Path, file: str, content: bytes, message: str) -> None:
    path = tmp_path / file
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(str(path)) + "(, | )" + message):
        load_names(path)


def test_a_wrong_file_of_many_rows_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,year\n" + "ana,1880\n" * 120_000 + "b0b,1881\n" + "ana,1880\n" * 10, encoding="utf-8")
    with pytest.raises(ValueError, match="line 120002: the name 'b0b'"):
        load_names(path)


@pytest.mark.filterwarnings("ignore:.*(if it is a sum|if it is the heading|begin with an apostrophe)")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(st.characters(categories=["L"], exclude_characters="ªºµ"), min_size=1), min_size=1),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_list_of_any_letters_comes_back_clean(tmp_path: Path, words: list[str], newline: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(newline.join(["太", *words]).encode("utf-8"))
    table = load_names(path)
    assert table["name"].tolist() == ["太", *map(clean_name, words)]
    path.write_bytes(newline.join(["name,year", *(f"{word},1880" for word in words)]).encode("utf-8-sig"))
    assert load_names(path)["name"].tolist() == table["name"].tolist()[1:]


# --- one field ------------------------------------------------------------------------------------------------


def test_cleaning_twice_is_cleaning_once_for_every_letter_of_unicode() -> None:
    marks = set("ʻʼﾞﾟ")  # letters to Unicode, but signs beside a letter in a name
    letters = [chr(code) for code in range(0x110000) if chr(code).isalpha() and chr(code) not in marks]
    assert len(letters) > 100_000
    assert all(clean_name(once) == once for once in map(clean_name, letters))


@given(st.text())
def test_a_name_is_clean_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except ValueError as error:
        assert "the name" in str(error)  # noqa: PT017
    else:
        assert name == clean_name(f" {name}\n")
        assert name
        assert not set(name) & set('.,;\t\n\r"0123456789')


@given(st.integers(0, 10**18 - 1))
def test_whole_numbers_come_back(number: int) -> None:
    assert clean_number(f" {number} ") == clean_number(f"{number}.00") == number


@pytest.mark.parametrize("text", ["", "x", "1.5", "-1", "1e3", "1,000", "٣", "9" * 19])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"expected a whole number such as 7065; got {text!r}")):
        clean_number(text)


def test_a_long_text_is_cut_in_a_message() -> None:
    with pytest.raises(ValueError, match=r"got 'x{40}\.\.\.'$"):
        clean_number("x" * 41)
    with pytest.raises(ValueError, match=r"got 'x{40}'$"):
        clean_number("x" * 40)


# --- paths and folders ----------------------------------------------------------------------------------------


def test_a_folder_of_ssa_files_is_read_by_year(tmp_path: Path) -> None:
    (tmp_path / "YOB1881.txt").write_text("Ana,F,3\n", encoding="utf-8")
    (tmp_path / "yob1880.txt").write_text("Bob,M,4\n", encoding="utf-8")
    (tmp_path / "._yob1880.txt").write_bytes(b"\x00\x05\x16")
    (tmp_path / "NationalReadMe.pdf").write_bytes(b"%PDF")
    (tmp_path / "other.csv").write_text("no\n", encoding="utf-8")
    (tmp_path / "yob1882.txt").mkdir()
    expected = {"name": ["bob", "ana"], "sex": ["M", "F"], "year": [1880, 1881], "count": [4, 3]}
    assert load_names(tmp_path).to_dict("list") == expected
    assert load_names(tmp_path).index.tolist() == [0, 1]
    assert load_names(f"{tmp_path}{os.sep}").to_dict("list") == expected


def test_a_folder_with_one_list_is_that_list(tmp_path: Path) -> None:
    (tmp_path / "names.CSV").write_text("name\nana\n", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text("bob\n", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert load_names(tmp_path).to_dict("list") == {"name": ["ana"]}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], r"it has 0 of these \(none\)"),
        (["b.txt", "A.csv"], r"it has 2 of these \(A\.csv, b\.txt\): pass the name"),
        ([f"{each}.txt" for each in "abcdef"], r"it has 6 of these \(a\.txt, b\.txt, c\.txt, d\.txt, e\.txt\): pass"),
    ],
)
def test_a_folder_that_is_not_clear_is_refused(tmp_path: Path, files: list[str], message: str) -> None:
    for file in files:
        (tmp_path / file).write_text("ana\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(str(tmp_path)) + ".*" + message):
        load_names(tmp_path)


def test_a_fault_in_a_folder_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "yob1880.txt").write_text("Ana,F,3\n", encoding="utf-8")
    (tmp_path / "yob1881.txt").write_text("Ana,F,3\nBob,M\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"yob1881\.txt, line 2: "):
        load_names(tmp_path)


def test_a_missing_file_is_reported_with_the_place_that_was_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=re.escape(f"'nope.csv' (looked for {tmp_path / 'nope.csv'})")):
        load_names("nope.csv")
    with pytest.raises(FileNotFoundError, match="download the file first"):
        load_names("https://example.org/names.csv")


@pytest.mark.parametrize("path", ["~nobody_here/x.txt", "Ana\nBob\n" * 200, "a" * 300, "a\0b"])
def test_what_cannot_be_a_path_is_no_file(path: str) -> None:
    with pytest.raises(FileNotFoundError, match="there is no file or folder"):
        load_names(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "names.txt").write_text("ana\n", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ValueError, match=r"names\.txt cannot be read: Permission denied; allow it"):
        load_names(tmp_path / "names.txt")


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "names.txt").write_text("ana\n", encoding="utf-8")
    assert load_names("~/names.txt").to_dict("list") == {"name": ["ana"]}


class BytesPath(os.PathLike[bytes]):
    def __fspath__(self) -> bytes:
        return b"names.txt"


@pytest.mark.parametrize("path", [3, b"names.txt", ["ana", "bob"], BytesPath()])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(TypeError, match=r"path must be a string or a pathlib\.Path, or None"):
        load_names(path)


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(ValueError, match="path is empty"):
        load_names("")


def test_neither_a_file_nor_a_folder_is_refused() -> None:
    with pytest.raises(ValueError, match="is neither a file nor a folder"):
        load_names(os.devnull)


def test_utf8_is_told_from_ascii_and_from_other_bytes() -> None:
    assert [is_utf8("é".encode(encoding)) for encoding in ("utf-8", "cp1252")] + [is_utf8(b"e")] == [True, False, False]
