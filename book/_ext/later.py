"""Sphinx extension: what is far from the window can wait, because the page says how much room it will take.

`35-later.css` lets a browser skip the sections that are far away. What is skipped needs a height, or the scroll bar
would jump; the numbers below come near to the heights on a phone and on a desk. A picture that is a file of its own is
fetched when it comes near, and has its size.
"""

import re
import struct
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

SECTION = re.compile(r"(?=<section [^>]*>\n<h2)")
UNSEEN = re.compile(r"<template.*?</template>", re.DOTALL)
CLOSED = re.compile(r"<details(?![^>]* open)(?:(?!<details).)*?</details>", re.DOTALL)  # no other box is in it
CODE = re.compile(r"<pre.*?</pre>", re.DOTALL)
SECOND_COPY = re.compile(r'<span class="katex-mathml">.*?</math></span>', re.DOTALL)
IMAGE = re.compile(r'<img (?![^>]*loading=)[^>]*src="[^"]*?([^"/]+)"[^>]*>')
TAG = re.compile(r"<[^>]+>")


def height(section: str) -> int:
    """About how many rem a section takes: its letters, its lines of code, its boxes, its figures and its rows."""
    shown, boxes_left = UNSEEN.sub("", section), 1
    while boxes_left:  # from the innermost on
        shown, boxes_left = CLOSED.subn("<closed>", shown)
    code = sum(block.count("\n") for block in CODE.findall(shown))
    text = CODE.sub("", SECOND_COPY.sub("", shown))
    letters = len(TAG.sub("", text))

    def count(*tags: str) -> int:
        return sum(len(re.findall(rf"<{tag}[ >]", text)) for tag in tags)

    boxes = count("p", "li", "h2", "h3", 'div class="math"', "closed", "blockquote")
    tall = 4 + 0.036 * letters + 1.25 * code + 1.15 * boxes + 2 * len(CODE.findall(shown))
    return round(tall + 17 * count("figure") + 1.6 * count("tr"))


def add_heights(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the height into each section of the second rank."""
    parts = SECTION.split(context.get("body", ""))
    for place, part in enumerate(parts[1:], start=1):
        parts[place] = part.replace(">", f' style="--about: {height(part)}rem">', 1)
    if len(parts) > 1:
        context["body"] = "".join(parts)


def size_of(picture: Path) -> tuple[float, float]:
    """The width and the height of a PNG or an SVG file."""
    if picture.suffix == ".png":
        wide, high = struct.unpack(">II", picture.read_bytes()[16:24])
        return wide, high
    box = re.search(r'viewBox="([^"]*)"', picture.read_text(encoding="utf-8"))
    if box is None:
        raise ValueError(f"{picture.name} has no viewBox, so a page cannot keep room for it")
    return float(box[1].split()[2]), float(box[1].split()[3])


def add_sizes(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give each picture in a file its size, and fetch it late; a drawing is light, and fetched at once."""
    sources = {name: Path(app.srcdir) / path for path, (_, name) in app.env.images.items()}

    def late(image: re.Match[str]) -> str:
        source = sources.get(image[1])
        if source is None or " width=" in image[0]:
            return image[0]
        wide, high = size_of(source)
        when = ' loading="lazy"' if source.suffix == ".png" else ""
        return image[0].replace("<img ", f'<img{when} width="{wide:.0f}" height="{high:.0f}" ', 1)

    context["body"] = IMAGE.sub(late, context.get("body", ""))


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("html-page-context", add_heights)
    app.connect("html-page-context", add_sizes)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
