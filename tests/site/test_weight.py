"""What a page weighs, compressed, before a reader sees it: itself with its styles, its scripts, the fonts that it uses.

The limits are a little above what is reached, so that growth is noticed; whoever raises one says why. Figures that load
when they come near do not count, those that stand in the page do.
"""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from site_pages import SITE, Page, pages, require_site

# Kilobytes by kind of page; never over 400. The search page carries the index of all words, which grows with the book.
LIMITS = {"notebooks": 230, "book": 160, "search": 120, "genindex": 80, "404": 80}
NAMES = ("serif", "serif-italic", "mono", "sans-regular")
SERIF, ITALIC, MONO, SANS = (SITE / "_static" / "fonts" / f"book-{name}.woff2" for name in NAMES)
KATEX = SITE / "_static" / "katex" / "fonts"
FONTS = {
    'class="drawn': SANS,
    "<em": ITALIC, "<code": MONO, "<pre": MONO, 'class="katex"': KATEX / "KaTeX_Main-Regular.woff2",
    "mathnormal": KATEX / "KaTeX_Math-Italic.woff2", "mathbf": KATEX / "KaTeX_Main-Bold.woff2",
    "amsrm": KATEX / "KaTeX_AMS-Regular.woff2", "op-symbol": KATEX / "KaTeX_Size2-Regular.woff2",
}  # fmt: skip


@cache
def weight(path: Path) -> float:
    """The kilobytes of a file on its way; fonts and pictures are compressed already."""
    body = path.read_bytes()
    return len(body if path.suffix in {".woff2", ".png"} else gzip.compress(body, mtime=0)) / 1024


def needed(page: Page) -> set[Path]:
    """The files that a browser fetches for the first screen of a page."""
    text = page.path.read_text(encoding="utf-8").partition("</head>")[2]
    files = {page.path, SERIF} | {font for sign, font in FONTS.items() if sign in text}
    lazy = set(re.findall(r'<img(?=[^>]*loading="lazy")[^>]* src="([^"?]+)', text))
    addresses = {address.split("?")[0] for tag, address in page.loads if tag != "style"}
    return files | {(page.path.parent / a).resolve() for a in addresses - lazy if a and ":" not in a and a[0] != "#"}


def kind(page: Page) -> str:
    return page.name.split("/")[0].removesuffix(".html")


@pytest.mark.parametrize("of_kind", LIMITS)
def test_no_page_is_heavier_than_its_kind(of_kind):
    require_site()
    weights = {page.name: sum(map(weight, needed(page))) for page in pages().values() if kind(page) == of_kind}
    assert LIMITS[of_kind] <= 400
    heavy = {name: f"{kilobytes:.0f} KB" for name, kilobytes in weights.items() if kilobytes > LIMITS[of_kind]}
    assert not heavy


def test_every_page_has_a_limit():
    assert {kind(page) for page in pages().values()} <= set(LIMITS)


def test_nothing_but_small_scripts_holds_a_page_back():
    """A script without `defer` stops the page; only the search page has such, of Sphinx."""
    for page in pages().values():
        text = page.path.read_text(encoding="utf-8")
        if kind(page) != "search":
            assert not re.findall(r"<script(?![^>]*(?:defer|async|type=))[^>]* src=[^>]*>", text), page.name
