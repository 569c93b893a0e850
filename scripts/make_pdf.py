"""Make one PDF of the whole built book: `python scripts/make_pdf.py [--solutions none]`.

The browser prints one long page twice: once to see on which sheet each chapter begins, then with these numbers in the
contents. Chromium gives bookmarks, links, fonts, and tags for screen readers; pikepdf mends the bookmarks and packs.
"""

import argparse
import base64
import io
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from headless import start, what_is_missing
from one_page import Joiner
from selenium import webdriver

from lstm_lib import __version__

ROOT = Path(__file__).resolve().parents[1]
NAME = "lstm-from-scratch.pdf"
DRAFT = {"preferCSSPageSize": True, "printBackground": True, "generateTaggedPDF": False}
FINAL = {"preferCSSPageSize": True, "printBackground": True, "generateTaggedPDF": True, "generateDocumentOutline": True}
PATIENCE = 900  # seconds for one print of a whole book on a slow machine
READY = """
const done = arguments[arguments.length - 1];
const pictures = [...document.images];
pictures.forEach((picture) => (picture.loading = "eager"));
Promise.all([document.fonts.ready, ...pictures.map((p) => p.decode())]).then(() => done(""), (e) => done(`${e}`));
"""
FILL = "document.querySelectorAll('.folio').forEach((place) => (place.textContent = arguments[0][place.dataset.of]));"
SOLUTIONS = "document.documentElement.dataset.solutions = arguments[0];"


def open_browser() -> webdriver.Chrome:
    """A browser that may take its time; without one, the end of the program with the remedy."""
    if missing := what_is_missing():
        sys.exit(missing)
    driver = start()
    driver.set_script_timeout(PATIENCE)
    assert not isinstance(driver.command_executor, str)
    driver.command_executor.client_config.timeout = PATIENCE
    return driver


def print_page(driver: webdriver.Chrome, settings: dict[str, Any], solutions: str) -> bytes:
    """The page that is open, as a PDF."""
    driver.execute_script(SOLUTIONS, solutions)
    return base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", settings)["data"])


def sheets(pdf: bytes) -> dict[str, int]:
    """The number of the sheet, from 1, on which each place that is linked to stands."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
        return {name.lstrip("/"): numbers[place[0].objgen] for name, place in document.Root.Dests.items()}


def print_book(page: Path, solutions: str) -> bytes:
    """Print the one page with the sheets' numbers in its contents."""
    driver = open_browser()
    try:
        driver.get(page.as_uri())
        if problem := driver.execute_async_script(READY):
            sys.exit(f"a picture or a font is missing: {problem}")
        driver.execute_script(FILL, sheets(print_page(driver, DRAFT, solutions)))
        return print_page(driver, FINAL, solutions)
    finally:
        driver.quit()


def mend(items: Iterable[pikepdf.OutlineItem], headings: dict[str, str]) -> None:
    """Give bookmarks back the spaces at which the browser broke the lines of a heading."""
    for item in items:
        item.title = headings.get("".join(item.title.split()), item.title)
        mend(item.children, headings)


def finish(pdf: bytes, path: Path, *, title: str, author: str, headings: dict[str, str]) -> int:
    """Write the PDF with its author and its bookmarks; return its number of sheets."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_outline() as outline:
            mend(outline.root, headings)
        document.Root.PageMode = pikepdf.Name.UseOutlines
        document.docinfo["/Title"], document.docinfo["/Author"] = title, author
        document.docinfo["/Creator"] = f"{title}, version {__version__}"
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(document.pages)


def head() -> str:
    """The style of cover and contents, and the script that opens boxes and moves solutions."""
    style = (ROOT / "scripts" / "make_pdf.css").read_text(encoding="utf-8")
    script = (ROOT / "book" / "_js" / "90-print.js").read_text(encoding="utf-8")
    return f"<style>{style}</style><script>{script}</script>"


def cover(title: str, author: str) -> str:
    """Title, picture, authors, version and terms."""
    return (
        f'<p class="cover__title">{escape(title)}</p><p>Build, derive, check and train a machine that invents '
        f'names, in NumPy.</p><img src="../html/_static/hero.svg" alt=""><p>{escape(author)}<br>Version {__version__}. '
        "Code: MIT. Text and figures: CC BY 4.0.</p>"
    )


def make(root: Path, solutions: str = "end") -> Path:
    """The PDF of the book in the folder `root`, whose pages have been built."""
    toc, config = (yaml.safe_load((root / name).read_text(encoding="utf-8")) for name in ("_toc.yml", "_config.yml"))
    title, author = config["title"], config["author"]
    joiner = Joiner(root / "_build" / "html", toc, "../html/")
    page = root / "_build" / "pdf" / "book.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(joiner.page(title=title, head=head(), cover=cover(title, author)), encoding="utf-8")
    path = root / "_build" / NAME
    count = finish(print_book(page, solutions), path, title=title, author=author, headings=joiner.headings)
    print(f"== {path}: {count} sheets, {path.stat().st_size / 1e6:.1f} MB")
    return path


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--solutions", choices=["end", "none"], default="end", help="at each chapter's end, or left out"
    )
    make(ROOT, parser.parse_args().solutions)


if __name__ == "__main__":
    main()
