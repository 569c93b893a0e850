"""The three lists of words that ship: built again from the package that Sphinx brings, byte for byte."""

import sys
from pathlib import Path

import pytest
from babel import Locale

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import build_words


def test_rebuilding_gives_the_committed_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["build_words.py", "--output", str(tmp_path)])
    build_words.main()
    shipped = {path.name: path.read_bytes() for path in build_words.DATASETS.glob("words_*.txt")}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped
    assert "words_greek.txt: 1,338 words, 25,926 bytes" in capsys.readouterr().out


def test_turkish_is_put_in_lower_case_the_turkish_way() -> None:
    assert build_words.lowered("IŞIL İZMİR", "tr") == "ışıl izmir"
    assert build_words.lowered("Ἰλιάς ΟΔΟΣ", "el") == "ἰλιάς οδος"


def test_all_three_lists_name_the_same_kinds_of_things() -> None:
    for code, word in (("tr", "Portekiz"), ("el", "Πορτογαλία"), ("ka", "პორტუგალია")):
        assert word in build_words.things(code)
        assert set(Locale(code).languages.values()) <= build_words.things(code)


def test_the_licence_goes_along() -> None:
    assert "UNICODE LICENSE V3" in (build_words.DATASETS / "LICENSE.unicode").read_text(encoding="utf-8")
