"""Sphinx extension: the live machine. Its scripts go to `_static/live`, with weights and names made into scripts.

A place is `<div class="live" data-view="read">` on a page in Markdown, or a figure of a chapter that `FIGURES` names.
Only a page that has one says so, in a table that `book/_js/80-live.js` reads; no other page loads anything.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import page_data
from sphinx.application import Sphinx

FOLDER = "_static/live/"
READER = (
    "rng", "rows", "lstm", "law", "write", "counts", "ngram", "clean", "words", "weights", "corpus",
    "data-trained", "data-names",
)  # fmt: skip
TRAINER = (*READER[:-2], "bptt", "adam", "npz", "run", "trainer", "data-names")

# What stands in a frame, and what shows a name that is read.
FRAME = ("parts-dom", "parts-frame", "parts-link", "parts-slices", "parts-copy")
NAMES = ("parts-colour", "parts-letters", "parts-typed", "parts-machine", "parts-law")

# The scripts of each view beside live.js, in the order in which they are loaded.
VIEWS: dict[str, tuple[str, ...]] = {
    "start": (*FRAME, *READER, *NAMES, "view-start"),
    "read": (*FRAME, *READER, *NAMES, "parts-card", "view-read"),
    "write": (*FRAME, *READER, *NAMES, "parts-columns", "view-write"),
}

# Figures of chapters over which a view goes: their name, the view, its options.
FIGURES: dict[str, tuple[str, dict[str, Any]]] = {
    "fig-00-your-name": (
        "read",
        {"name": "ana", "move": "Type your name here. Then press a letter, or go along with the arrow keys."},
    ),
    "fig-02-strip": (
        "read",
        {
            "rival": "the unigram",
            "question": "Which letters does a machine misjudge that never looks back?",
            "move": "Press the q, then the u: what does each machine expect there?",
            "takeaway": "The unigram has one law for all places: its q and its u cost the same wherever they stand. A"
            " machine that remembers has another law at each place: after q hardly anything is possible but u.",
        },
    ),
}

PLACE = re.compile(r'<div (?=[^>]*class="live[ "])[^>]*data-view="([^"]+)"')
FIGURE = re.compile(r'<figure [^>]*id="([^"]+)"')


def write_scripts(app: Sphinx) -> None:
    """Copy the scripts as they are, and make those that hold weights and names."""
    folder, source = Path(app.outdir) / FOLDER, Path(app.srcdir) / "book" / "_live"
    if not source.is_dir():  # a book without the machine
        return
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.json"))
    for name, text in page_data.scripts().items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def table_of(page: str, body: str) -> dict[str, Any] | None:
    """Where the scripts are, as seen from the page, which ones its views need, and which figures have a view.

    None for a page without places; ValueError for a view that `VIEWS` does not know.
    """
    figures = [(name, *FIGURES[name]) for name in FIGURE.findall(body) if name in FIGURES]
    views = [*PLACE.findall(body), *(view for _, view, _ in figures)]
    if unknown := sorted({*views} - {*VIEWS}):
        raise ValueError(f"{page} has a place for the view {unknown[0]!r}, which VIEWS in places.py does not know")
    if not views:
        return None
    return {
        "root": "../" * page.count("/") + FOLDER,
        "scripts": {view: VIEWS[view] for view in views},
        "figures": [{"name": name, "view": view, "options": options} for name, view, options in figures],
    }


def add_table(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Where a page has places: the table, at the end of its text."""
    body = context.get("body", "")
    if table := table_of(page, body):
        text = json.dumps(table).replace("<", "\\u003c")
        context["body"] = f'{body}<script type="application/json" id="live-table">{text}</script>'


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("builder-inited", write_scripts)
    app.connect("html-page-context", add_table)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
