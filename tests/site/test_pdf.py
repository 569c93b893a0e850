"""The book as one PDF: the whole book as one page, and a planted book of two chapters in print."""

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser_tools import import_tool, require_browser
from one_page import Joiner
from site_pages import ROOT, SITE, require_site

TOC = {"root": "book/index", "parts": [{"caption": "Part I", "chapters": [{"file": "notebooks/01-one"}]}]}
CONFIG = {"title": "A Small Book", "author": "Nobody"}
PAGE = '<html><body><main><article class="article" role="main"><section id="top"><h1>{}</h1></section></article></main>'
INDEX = """A Small <em>Book</em><a class="headerlink" href="#top" title="Link">#</a></h1>
<p>See <a href="../notebooks/01-one.html#equation-1-1">(1.1)</a>, <a href="../genindex.html">the index</a> and
<a href="https://example.org/a?b=1&amp;c=2">elsewhere</a>.</p><h1>"""
CHAPTER = """1. One long heading that is broken by the browser since it does not fit into a single line</h1>
<template id="about-here"><p>Of a card.</p></template>
<p id="equation-1-1">Back to <a href="../book/index.html">the beginning</a>.</p>
<svg width="50" height="50"><defs><linearGradient id="g"><stop/></linearGradient></defs><rect fill="url(#g)"/></svg>
<div class="exercise" id="exercise-1-1"><p>1.1</p>
<details><summary>Solution 1.1</summary><p>42</p></details></div><h1>"""


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    """A book of two pages, as if it had been built."""
    site = tmp_path / "_build" / "html"
    for name, text in [("book/index", INDEX), ("notebooks/01-one", CHAPTER)]:
        (site / name).parent.mkdir(parents=True)
        (site / f"{name}.html").write_text(PAGE.format(text), encoding="utf-8")
    shutil.copytree(ROOT / "book" / "_static" / "fonts", site / "_static" / "fonts")
    shutil.copy(ROOT / "book" / "_static" / "hero.svg", site / "_static")
    sheets = sorted((ROOT / "book" / "_css").glob("*.css"))
    (site / "_static" / "book.css").write_text("\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets))
    for name, content in [("_toc.yml", TOC), ("_config.yml", CONFIG)]:
        (tmp_path / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return tmp_path


def test_two_pages_become_one(small_book):
    text = Joiner(small_book / "_build" / "html", TOC, "../html/").page(title="A Small Book", head="", cover="")
    signs = [
        '<a href="#notebooks-01-one--equation-1-1">(1.1)</a>',
        "<a >the index</a>",
        '<p id="notebooks-01-one--equation-1-1">',
        '<a href="https://example.org/a?b=1&amp;c=2">',
        '<a href="#book-index">the beginning</a>',
        'id="notebooks-01-one--g"',
        'fill="url(#notebooks-01-one--g)"',
        '<a href="#book-index">A Small Book</a>',
        '@page notebooks-01-one { @top-right { content: "1. One long heading that',
    ]
    assert [sign for sign in signs if sign not in text] == []
    assert "Of a card." not in text


def problems_of_one_page(text: str, to_site: Path) -> list[str]:
    """Names that stand twice, links that lead nowhere or to this machine, pictures that are missing."""
    names = Counter(re.findall(r'\sid="([^"]*)"', text))
    links = re.findall(r'<(?:a|use)\s[^>]*href="([^"]*)"', text)
    pictures = re.findall(r'<img[^>]*\ssrc="([^"]*)"', text)
    found = [f"stands twice: {name}" for name, count in names.items() if count > 1]
    found += [f"leads nowhere: {link}" for link in links if link.startswith("#") and link[1:] not in names]
    found += [f"leads to a file: {link}" for link in links if not re.match(r"#|https?:|mailto:", link)]
    return found + [f"is missing: {picture}" for picture in pictures if not (to_site / picture).is_file()]


def test_the_whole_book_as_one_page_has_no_broken_link():
    require_site()
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    joiner = Joiner(SITE, toc, "html/")
    text = joiner.page(title="Book", head="", cover="")
    assert problems_of_one_page(text, SITE.parent) == []
    assert len(re.findall('href="#', text)) > 500
    assert list(joiner.titles) == joiner.pages
    planted = '<p id="a"><p id="a"><a href="#b">b</a><a href="c.html">c</a><img alt="" src="d.png">'
    assert [problem.split(":")[0] for problem in problems_of_one_page(planted, SITE)] == [
        "stands twice", "leads nowhere", "leads to a file", "is missing",
    ]  # fmt: skip


def fonts_that_are_not_embedded(document: Any) -> list[str]:
    """Fonts without their letters; a font of type 3, which a variable font becomes, consists of them."""
    dictionary = import_tool("pikepdf").Dictionary
    fonts = [thing for thing in document.objects if isinstance(thing, dictionary) and "/FontDescriptor" in thing]
    assert any("Serif" in str(font.FontDescriptor.FontName) for font in fonts)
    whole = [font for font in fonts if font.Subtype != "/Type3"]
    return [str(f.BaseFont) for f in whole if not any(key.startswith("/FontFile") for key in f.FontDescriptor)]


@pytest.mark.browser
def test_a_small_book_becomes_a_pdf(small_book):
    require_browser()
    pikepdf, make_pdf = import_tool("pikepdf"), import_tool("make_pdf")
    path = make_pdf.make(small_book)
    with pikepdf.open(path) as document, document.open_outline() as outline:
        titles = [" ".join(item.title.split()) for item in outline.root]
        chapter = "1. One long heading that is broken by the browser since it does not fit into a single line"
        assert titles == ["Contents", "A Small Book", chapter]
        assert [item.title for item in outline.root[2].children] == ["Solutions"]
        assert len(document.pages) == 4, "cover, contents and two pages"
        links = [note for page in document.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        inside = [str(link.Dest) for link in links if "/Dest" in link]
        outside = [str(link.A.URI) for link in links if "/A" in link]
        assert {"/notebooks-01-one", "/notebooks-01-one--equation-1-1", "/book-index"} <= set(inside)
        assert set(inside) <= set(document.Root.Dests.keys())
        assert outside == ["https://example.org/a?b=1&c=2"]
        assert not fonts_that_are_not_embedded(document)
        assert all(len(pikepdf.parse_content_stream(page)) > 20 for page in document.pages)
        assert (str(document.docinfo["/Author"]), document.Root.PageMode) == ("Nobody", "/UseOutlines")
        assert document.Root.MarkInfo.Marked


def test_without_a_browser_the_remedy_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="apt install chromium"):
        import_tool("make_pdf").open_browser()
