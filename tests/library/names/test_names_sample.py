"""The first rows of a file: how many are looked at, what a quote that is never closed does, what makes a table."""

from pathlib import Path

import pytest

from lstm_lib.data import load_names
from lstm_lib.names.sample import HEAD, LINE, samples_of


@pytest.mark.parametrize("above", ["", "\n\n"])
def test_only_the_head_of_a_text_is_looked_at_below_the_blank_lines_above(above: str) -> None:
    samples = samples_of(Path("x.csv"), above + "ana,F\n" * 2 * HEAD)
    assert [len(samples[mark].rows) for mark in (",", LINE)] == [HEAD, HEAD]


def test_a_first_quote_that_is_never_closed_makes_no_table_of_a_list(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text('"ana\nben\nanna\n', encoding="utf-8")
    with pytest.warns(UserWarning, match="line 1: "):
        assert list(load_names(file, column=0, skip_faulty=True)["name"]) == ["ben", "anna"]


def test_two_fields_a_row_make_a_table(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("ana;5\nben;7\n", encoding="utf-8")
    assert list(load_names(file, column=0)["name"]) == ["ana", "ben"]


def test_a_word_that_is_its_title_is_a_word_in_a_list_and_the_header_again_in_a_table(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("name\nana\nname\n", encoding="utf-8")
    assert list(load_names(file)["name"]) == ["ana", "name"]
    file.write_text("name,sex\nana,F\nname,sex\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: this is the header again"):
        load_names(file)
