"""The lists at the end of the book, as they were built: nothing is missing, and each entry leads to its place."""

import importlib
import json
import re
from html import unescape

import pytest
from docutils import nodes
from site_pages import ROOT, SITE, Page
from test_extensions import EXTENSIONS

ENTRY = re.compile(r'<dt><a href="([^"]+)">(.*?)</a></dt><dd>(.*?)</dd>', re.DOTALL)
KINDS = ("equations", "figures", "exercises")


@pytest.fixture(autouse=True)
def _extensions(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)


def entries(page: str) -> list[tuple[str, ...]]:
    """Address, term and text of each entry of a list."""
    return ENTRY.findall((SITE / "book" / f"{page}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_the_chapters_stands_in_its_list_in_order(kind):
    known = importlib.import_module("contents").chapters(ROOT).values()
    expected = [
        (f"../{chapter.page}.html", number) for chapter in known for number in sorted(chapter.numbered[kind], key=split)
    ]
    found = [(address.partition("#")[0], number) for address, number, _ in entries(f"all-{kind}")]
    assert found == expected
    assert len(found) > 80


def split(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_leads_to_the_thing_itself_and_says_something_of_it(kind):
    for address, number, text in entries(f"all-{kind}"):
        anchor = address.partition("#")[2]
        assert anchor.startswith("fig-") or anchor.endswith("-" + number.replace(".", "-"))
        assert len(re.sub(r"<[^>]+>", "", text).strip()) > 8, number
        assert "\\tag" not in re.sub(r"<annotation.*?</annotation>", "", text, flags=re.DOTALL), number


def test_equations_and_figures_say_in_which_section_they_stand_where_it_changes():
    level = re.compile(r'<span class="level">in “(.*?)”</span>')
    for kind in ("equations", "figures"):
        told = {number: level.findall(text) for _, number, text in entries(f"all-{kind}")}
        for chapter in importlib.import_module("contents").chapters(ROOT).values():
            home = ""
            for number in sorted(chapter.numbered[kind], key=split):
                home, before = chapter.homes[kind][number], home
                expected = [] if home in (before, "Exercises") else [home]
                assert [unescape(text) for text in told[number]] == expected, number
    equations = {number: level.findall(text) for _, number, text in entries("all-equations")}
    assert (equations["5.9"], equations["6.3"]) == (["What mends it?"], ["Keep: the forget gate"])


def test_the_equations_are_formulas_and_the_pages_of_lists_have_no_cards():
    for page in (*(f"all-{kind}" for kind in KINDS), "index-of-terms"):
        html = (SITE / "book" / f"{page}.html").read_text(encoding="utf-8")
        assert "<template" not in html, page
    assert all('class="katex-display"' in text for _, _, text in entries("all-equations"))
    assert not [number for _, number, text in entries("all-equations") if 'class="katex-tag"' in text]


def test_every_word_of_the_glossary_stands_in_the_index_with_its_places():
    glossary = Page(SITE / "book" / "glossary.html").ids
    found = entries("index-of-terms")
    assert {address.partition("#")[2] for address, *_ in found} == {name for name in glossary if name[:5] == "term-"}
    terms = [unescape(term) for _, term, _ in found]
    assert terms == sorted(terms, key=lambda term: (term[0].upper(), term.lower()))
    for address, term, text in found:
        places = re.findall(r'href="([^"]+)"', text)
        assert places, f"nothing in the book sets {term} apart"
        assert all(place.startswith("../notebooks/") for place in places), address
        assert not re.search(r">(\d+) \1\. ", text), f"{term}: a chapter's number stands twice"
    (gate,) = (text for _, term, text in found if term == "gate")
    assert re.search(r'06-build-the-lstm-cell\.html#keep-the-forget-gate">6 Keep: the forget gate</a>', gate)


def test_the_search_finds_places_and_not_the_lists_of_them():
    text = (SITE / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    lists = {index["docnames"].index(f"book/{page}") for page in (*(f"all-{kind}" for kind in KINDS), "index-of-terms")}
    found = index["terms"]["transpos"]
    assert not lists & set(found if isinstance(found, list) else [found])
    (title,) = index["alltitles"]["6. Build the LSTM cell"]
    assert title[0] not in lists
    assert lists & {place for place, _ in index["alltitles"]["All equations"]}


ASKED = "You have every equation of a step of the cell"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ASKED}, in order. Write it.", f"{ASKED}, in order. Write it."),
        (f"Why? {ASKED}, and this. Write it.", f"Why? {ASKED}, and this."),
        (f"{ASKED}. It has four. Write it. All.", f"{ASKED}. … Write it."),
        ("Write it. No more.", "Write it. No more."),
        ("a line without an end", "a line without an end"),
    ],
)
def test_an_exercise_is_told_by_as_many_sentences_as_say_something(text, said):
    lists = importlib.import_module("lists")
    whole = [nodes.strong("", "", nodes.Text("6.1")), nodes.Text(f" (code, 15 minutes) {text}")]
    assert "".join(node.astext() for node in lists.gist(lists.copies(whole))) == said


def test_a_title_in_italics_is_no_sentence():
    lists = importlib.import_module("lists")
    title = nodes.emphasis("", "", nodes.Text("Find the bug. In the backward pass of this cell."))
    whole = [nodes.strong("", "", nodes.Text("6.5")), nodes.Text(" (code, 10 minutes) "), title]
    whole += [nodes.Text(f" {ASKED}, it "), nodes.literal("", "", nodes.Text("runs")), nodes.Text(". Yet it is wrong.")]
    assert "".join(node.astext() for node in lists.gist(whole)) == f"{title.astext()} {ASKED}, it runs."


def test_a_chapter_without_its_times_is_refused(tmp_path):
    path = tmp_path / "06-cell.ipynb"
    path.write_text('{"cells": [{"cell_type": "markdown", "source": ["# 6. Cell"], "metadata": {}}]}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"06-cell\.ipynb: its first cell must say"):
        importlib.import_module("contents").read(path, 0.0)
