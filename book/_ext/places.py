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
STYLES = ("live", "cell", "race", "roads", "train", "tree")  # in this order they become one sheet
READER = (
    "rng", "rows", "lstm", "law", "write", "counts", "ngram", "clean", "words", "weights", "corpus",
    "data-trained", "data-names",
)  # fmt: skip
TRAINER = (*READER[:-2], "bptt", "adam", "npz", "lists", "run", "trainer", "data-names", "data-ladder")

# What stands in a frame, and what shows a name that is read.
FRAME = ("parts-dom", "parts-frame", "parts-link", "parts-slices", "parts-copy")
BENCH = ("parts-colour", "parts-curve", "parts-strips", "parts-dials", "parts-source", "parts-report", "parts-bench")
STAGES = (
    "data-ladder", "parts-colour", "parts-letters", "parts-law", "parts-typed", "parts-stages", "parts-ladder",
    "parts-alike", "parts-curve",
)  # fmt: skip
WALK = ("parts-svg", "parts-walk", "parts-roads", "parts-roads-words")
CELL = ("rows", "lstm", "law", "clean", "words", "weights", "habits", "data-ana", "parts-lanes")
NAMES = ("parts-colour", "parts-letters", "parts-typed", "parts-machine", "parts-law")

TREE = (
    "rows", "lstm", "law", "clean", "words", "weights", "corpus", "data-trained", "data-names", "tree", "search",
    "branches", "parts-typed", "parts-machine", "parts-law", "parts-shape", "parts-tree", "parts-treewords",
    "parts-grown", "parts-beam", "parts-lost",
)  # fmt: skip

# The scripts of each view beside live.js, in the order in which they are loaded.
VIEWS: dict[str, tuple[str, ...]] = {
    "start": (*FRAME, *READER, *NAMES, "parts-growing", "parts-invent", "view-start"),
    "race": (*FRAME, "parts-play", "lstm", "adam", "race", "parts-svg", "parts-course", "view-race"),
    "read": (*FRAME, *READER, *NAMES, "parts-card", "view-read"),
    "roads": (*FRAME, "parts-play", "rows", "lstm", "law", "weights", "roads", "data-ana", *WALK, "view-roads"),
    "tree": (*FRAME, *TREE, "view-tree"),
    "latch": (*FRAME, *CELL, "latch", "view-latch"),
    "step": (*FRAME, "parts-play", *CELL, "data-small", "parts-typed", "parts-units", "parts-cell", "view-step"),
    "train": (*FRAME, *TRAINER, *BENCH, "view-train"),
    "watch": (*FRAME, "parts-play", *READER[:-2], "data-names", *STAGES, "view-watch"),
    "write": (*FRAME, *READER, *NAMES, "parts-columns", "parts-shape", "parts-twenty", "view-write"),
}

# Figures of chapters over which a view goes: their name, the view, its options. Where `door` is one of them, the view
# waits below the figure, behind a line with these words: the text there reads from the figure. A section has a name,
# too: its door stands at its end.
FIGURES: dict[str, tuple[str, dict[str, Any]]] = {
    "fig-00-your-name": (
        "read",
        {
            "name": "ana",
            "rivalLabel": "counting",
            "move": "Type your name here. Then press a letter, or go along with the arrow keys.",
        },
    ),
    "fig-00-machine": (
        "train",
        {
            "door": "See a small one learn, here",
            "plain": True,
            "question": "How long does a machine that knows nothing need until it writes something like a name?",
            "move": "Press Train, and read what it writes on the way. The dashed lines are rivals that only count; "
            "chapter 3 builds them.",
            "takeaway": "Nobody told it what a vowel is, or how long a name. At each step it reads 32 names, and all "
            "its numbers are moved a little, so that these would have surprised it less. The chapters build every part "
            "of this.",
        },
    ),
    "cut-the-road": ("roads", {"door": "Walk back through “ana” yourself, and cut a road"}),
    "fig-11-adam": ("race", {"door": "Race the three yourself, along the axes and turned"}),
    "fig-06-latch": (
        "step",
        {
            "of": "ana",
            "step": 1,
            "door": "Step through it, with every number on its wire",
            "question": "At which step does unit 1 write, and what do the other steps do to its memory?",
            "move": "Press one step after the other, and check its sentence against the lanes. Then do so with unit 2.",
            "takeaway": "Unit 1 writes at the n alone, where i and g are both far from 0: 0.9 × 0.8. At the last a it "
            "still keeps 94 % of that. Unit 2 keeps a tenth and writes at every letter, so it follows the letter.",
        },
    ),
    "fig-06-decay": (
        "latch",
        {"door": "Turn the biases of the latch, and let more letters follow the n"},
    ),
    "fig-18-gates": (
        "step",
        {
            "of": "small",
            "name": "george",
            "unit": 8,
            "door": "Step through the same network, on your own name",
            "question": "In the figure unit 8 keeps most and unit 6 least. Is that so on your name too?",
            "move": "Type it: the line below the drawing says which units keep most and least. Then try others.",
            "takeaway": "Unit 6 keeps least on average in 93 of 100 held-out names. Unit 8 keeps most in 31, and unit "
            "10 in 44: one name shows what can happen, not what is usual.",
        },
    ),
    "fig-12-chart": ("train", {"door": "Train your own, here"}),
    "fig-12-ladder": ("watch", {"door": "Watch the shipped model climb, stage by stage"}),
    "fig-14-ways": (
        "tree",
        {
            "door": "Cool and cut the tree of names, here",
            "without": "search",
            "from": "",
            "name": "carol",
            "question": "Cool or cut: which makes a name rare, and which makes it impossible?",
            "move": "Take the temperature to 0.5: what becomes of carol’s number? Put it back to 1, and lower top-p "
            "until the name is cut. At which symbol?",
            "takeaway": "Temperature makes branches wider or thinner, and closes none. Top-p closes branches, and "
            "every name behind them is gone: one unlikely symbol is enough, and carol’s is the end. At 0.9, half of "
            "the real names that the machine never read can no longer be written.",
        },
    ),
    "fig-15-tree": ("tree", {"door": "Walk the tree yourself, here", "without": "cut"}),
    "fig-23-curve": (
        "train",
        {
            "door": "Train a small network on your own list, here",
            "question": "On your own words: does a small network come nearer to them than counting does?",
            "move": "Choose “a list of mine”, paste your words, one on a line, and guess who will be ahead at the end.",
            "takeaway": "On a thousand names the network of chapter 23 is ahead, on its three lists counting is. Here,"
            " on the Turkish and the Georgian list, the words to watch by cost more again after some 300 steps, while"
            " those that it reads get cheaper: it learns them by heart; the best weights are kept. Your list decides.",
        },
    ),
    "fig-02-strip": (
        "read",
        {
            "rival": "the unigram",
            "question": "Which letters does a machine misjudge that never looks back?",
            "move": "Press the q, then the u: what does each machine expect there?",
            "takeaway": "The unigram has one law for all places: its q and its u cost the same wherever they stand. A"
            " machine that remembers has another law at each place: after [jacq](name=jacqueline&at=5) hardly anything"
            " is possible but u; after [tariq](name=tariq&at=6) the name may also end.",
        },
    ),
}

PLACE = re.compile(r'<div (?=[^>]*class="live[ "])[^>]*data-view="([^"]+)"')
FIGURE = re.compile(r'<(?:figure|section) [^>]*id="([^"]+)"')


def style(source: Path) -> str:
    """The sheets of all views as one."""
    return "\n".join((source / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)


def write_scripts(app: Sphinx) -> None:
    """Copy the scripts as they are, join the styles, and make the scripts that hold weights and names."""
    folder, source = Path(app.outdir) / FOLDER, Path(app.srcdir) / "book" / "_live"
    if not source.is_dir():  # a book without the machine
        return
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.json", "*.css"))
    (folder / "live.css").write_text(style(source), encoding="utf-8")
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
