"""A page with nothing on it but the engine of the live machine and its data, for whatever tests or measures it."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "book" / "_ext"))
from page_data import scripts

LIVE = Path(__file__).resolve().parents[1] / "book" / "_live"

PARTS = (
    "live", "rng", "rows", "lstm", "bptt", "adam", "law", "write", "counts", "ngram", "clean", "words", "npz",
    "weights", "corpus", "lists", "run", "trainer", "roads", "race", "tree", "search", "branches", "habits", "latch",
)  # fmt: skip
DATA = ("data-trained", "data-small", "data-ana", "data-names")


def write_page(folder: Path, *more: Path) -> str:
    """Write the page and its data into a folder; `more` are scripts that it loads last. Returns its address."""
    made = scripts()
    for name in DATA:
        (folder / f"{name}.js").write_text(made[name], encoding="utf-8")
    places = [*(LIVE / f"{name}.js" for name in PARTS), *(folder / f"{name}.js" for name in DATA), *more]
    tags = "".join(f'<script src="{place.resolve().as_uri()}"></script>' for place in places)
    page = folder / "page.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>live</title>{tags}", encoding="utf-8")
    return page.as_uri()
