"""The built book as one HTML page for a printer: each page an article, their names and links in one name space.

`book/index.html#map` becomes `#book-index--map`. A link that leads out of the book stays; one to a file beside the
pages loses its target, because a PDF would keep the path on this machine.
"""

import posixpath
import re
from html import escape, unescape
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ARTICLE = re.compile(r'<article class="article"[^>]*>(.*)</article>', re.DOTALL)
HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.DOTALL)
LINK_TO_HEADING = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
UNSEEN = re.compile(r"<template.*?</template>", re.DOTALL)  # what the cards of links show
STYLES = ("_static/katex/katex.css", "_static/book.css")
NAMES = ("id", "for", "aria-labelledby", "aria-describedby")  # attributes that hold names of this page
ATTRIBUTE = re.compile(rf'(?<=\s)({"|".join(NAMES)}|href|src|xlink:href)="([^"]*)"')
PAINT = re.compile(r"url\(#([^)]+)\)")


def anchor(page: str, fragment: str = "") -> str:
    """The name that a page of the site, or a place in it, has on the one page."""
    return page.replace("/", "-") + (f"--{fragment}" if fragment else "")


def order(toc: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The parts of the book with the names of their pages, the first page in a part without a name."""
    parts = [(part["caption"], [chapter["file"] for chapter in part["chapters"]]) for part in toc["parts"]]
    return [("", [toc["root"]]), *parts]


class Joiner:
    """Joins the built pages in the folder `site`; the one page is to lie where `to_site` leads back to it."""

    def __init__(self, site: Path, toc: dict[str, Any], to_site: str) -> None:
        self.site, self.parts, self.to_site = site, order(toc), to_site
        self.pages = list(chain.from_iterable(pages for _, pages in self.parts))
        self.titles: dict[str, str] = {}
        self.headings: dict[str, str] = {}  # by their letters without spaces

    def page(self, *, title: str, head: str, cover: str) -> str:
        """The whole HTML text: cover, contents, and one article for each page."""
        articles = "".join(self.article(page) for page in self.pages)
        sheets = "".join(f'<link rel="stylesheet" href="{self.to_site}{sheet}">' for sheet in STYLES)
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{sheets}'
            f"<style>{self.running_titles()}</style>{head}</head>\n"
            f'<body><section class="cover">{cover}</section>{self.contents()}{articles}</body></html>\n'
        )

    def article(self, page: str) -> str:
        """The text of one page, with its names and addresses made fit for the one page."""
        html = (self.site / f"{page}.html").read_text(encoding="utf-8")
        found = ARTICLE.search(html)
        if not found:
            raise ValueError(f'{page}.html holds no <article class="article">')
        text = UNSEEN.sub("", found[1])
        text = ATTRIBUTE.sub(lambda match: self.attribute(page, *match.groups()), text)
        text = PAINT.sub(lambda match: f"url(#{anchor(page, match[1])})", text)
        headings = [plain(found[2]) for found in HEADING.finditer(text)]
        self.titles[page] = headings[0]
        self.headings |= {"".join(heading.split()): heading for heading in headings}
        name = anchor(page)
        return f'<article class="article" id="{name}" style="page: {name}">{text}</article>\n'

    def attribute(self, page: str, name: str, value: str) -> str:
        """One attribute as it stands on the one page; empty where its target does not come along."""
        if name in NAMES:
            return f'{name}="{" ".join(anchor(page, part) for part in value.split())}"'
        parts = urlsplit(unescape(value))
        if parts.scheme or parts.netloc:
            return f'{name}="{value}"'
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else ""
        target = path.removesuffix(".html") if path else page
        if target in self.pages:
            return f'{name}="#{anchor(target, parts.fragment)}"'
        return f'{name}="{self.to_site}{escape(path)}"' if name == "src" else ""

    def running_titles(self) -> str:
        """A rule for the sheets of each page: its title at the top; the first page's is that of the book."""
        quoted = {page: title.replace("\\", "").replace('"', "'") for page, title in self.titles.items()}
        return "\n".join(
            f'@page {anchor(page)} {{ @top-right {{ content: "{quoted[page]}" }} }}' for page in self.pages[1:]
        )

    def contents(self) -> str:
        """The list of all pages under the names of their parts, with room for the numbers of their sheets."""
        rows = ['<nav class="article whole"><h1>Contents</h1>']
        for caption, pages in self.parts:
            rows += [f"<p>{escape(caption)}</p>"] if caption else []
            rows += ["<ol>", *(self.entry(page) for page in pages), "</ol>"]
        return "".join([*rows, "</nav>"])

    def entry(self, page: str) -> str:
        """One line of the contents."""
        name = anchor(page)
        return (
            f'<li><a href="#{name}">{escape(self.titles[page])}</a><span class="folio" data-of="{name}">000</span></li>'
        )


def plain(heading: str) -> str:
    """The text of a heading, without its link to itself."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", LINK_TO_HEADING.sub("", heading))).split())
