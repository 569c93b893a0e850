"""The built site as data: every page with its links, anchors, headings and pictures, read with the standard library."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
NAMES = [*CHAPTERS, "genindex", "search", "404"]  # of all pages; a test compares them with what was built

# Attributes that make a browser fetch something as soon as the page is opened.
LOADING = {
    ("script", "src"), ("img", "src"), ("img", "srcset"), ("source", "src"), ("source", "srcset"), ("iframe", "src"),
    ("embed", "src"), ("object", "data"), ("video", "src"), ("video", "poster"), ("audio", "src"), ("track", "src"),
    ("input", "src"), ("link", "href"), ("image", "href"), ("image", "xlink:href"), ("use", "href"),
}  # fmt: skip
# Links of <head> that are read by people or search engines and not fetched.
NOT_FETCHED = {"index", "search", "next", "prev", "canonical", "author", "copyright"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Most elements are spans that have nothing but a class, and room in a formula: they say nothing that is asked here.
SILENT = re.compile(r'<span(?: class="[^"]*")?(?: aria-hidden="true")?(?: style="[^"(]*")?>|</span>')
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)['"]""")


class Page:
    """What a test asks of one page, read when it is first asked; `links` and `loads` are (element, address) pairs."""

    links: list[tuple[str, str]]
    loads: list[tuple[str, str]]
    ids: set[str]
    headings: list[str]
    images_without_alt: list[str]
    title: str
    text: str

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return self.path.relative_to(SITE).as_posix()

    def __getattr__(self, part: str) -> Any:
        if part not in Page.__annotations__:
            raise AttributeError(part)
        self.links, self.loads, self.ids, self.headings, self.images_without_alt = [], [], set(), [], []
        self.title = self.text = ""
        _Reader(self).feed(SILENT.sub("", self.path.read_text(encoding="utf-8")))
        return getattr(self, part)


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.stack, self.styles = page, [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.stack.append((tag, values.get("class", "").split()))
        self.page.ids.update(values[name] for name in ("id", "name") if values.get(name) and tag != "meta")
        if tag == "img" and not values.get("alt", "").strip():
            self.page.images_without_alt.append(values.get("src", "?"))
        if tag == "h1" and not self.inside("onlyprint"):
            self.page.headings.append("")
        self.read_addresses(tag, values)

    def read_addresses(self, tag: str, values: dict[str, str]) -> None:
        fetched = tag != "link" or not set(values.get("rel", "").split()) & NOT_FETCHED
        for name, value in values.items():
            if (tag, name) in LOADING and fetched:
                addresses = [part.split()[0] for part in value.split(",")] if name == "srcset" else [value]
                self.page.loads += [(tag, address) for address in addresses]
            elif name in {"href", "xlink:href", "action", "src"} and value:
                self.page.links.append((tag, value))
            elif name == "style":
                self.page.loads += [(f"style of {tag}", address) for address in css_addresses(value)]

    def handle_endtag(self, tag: str) -> None:
        if tag in {open_tag for open_tag, _ in self.stack}:  # a stray end tag closes nothing
            while self.stack.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self.stack}
        if "style" in inside:
            self.page.loads += [("style", address) for address in css_addresses(data)]
        elif "title" in inside and "svg" not in inside:
            self.page.title += data
        elif "h1" in inside and self.page.headings and not self.inside("onlyprint"):
            self.page.headings[-1] += data
        if "article" in inside and not inside & {"script", "style", "pre", "code"}:
            self.page.text += data

    def inside(self, css_class: str) -> bool:
        return any(css_class in classes for _, classes in self.stack)


def css_addresses(css: str) -> list[str]:
    """The addresses that a style sheet fetches: url(...) and @import, inlined data left out."""
    found = [first or second for first, second in CSS_URL.findall(css)]
    return [address for address in found if not address.startswith(("data:", "#"))]


def require_site() -> None:
    """Fail with the remedy when the book has not been built."""
    index = SITE / "book" / "index.html"
    assert index.is_file(), f"the book is not built: {index} is missing; run `make book` (or `jupyter-book build .`)"


@cache
def pages() -> dict[Path, Page]:
    """Every HTML page of the built site but the redirect at its root, by path."""
    require_site()
    return {path: Page(path) for path in sorted(SITE.rglob("*.html")) if is_page(path)}


def is_page(path: Path) -> bool:
    parts = path.relative_to(SITE).parts
    return parts[0] not in {"_static", "_sources"} and parts != ("index.html",)


def is_external(address: str) -> bool:
    """Whether the address names another host: it has a scheme such as https:, or begins with //."""
    parts = urlsplit(address)
    return bool(parts.netloc) or (bool(parts.scheme) and parts.scheme not in {"data", "about"})


def problem_of(address: str, base: Path) -> str | None:
    """What is wrong with an internal address that stands in the file `base`; None when it leads somewhere."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return None
    if address.startswith("/"):
        return "begins with /, which breaks the book in a folder of a site"
    target = (base.parent / unquote(parts.path)).resolve() if parts.path else base
    if not target.is_relative_to(SITE):
        return "leaves the site"
    if not target.is_file():
        return "names a missing file"
    if parts.fragment and target.suffix == ".html" and is_page(target):
        known = pages()[target].ids
        if unquote(parts.fragment) not in known:
            return "names a missing anchor"
    return None
