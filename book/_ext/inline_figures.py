"""Sphinx extension: SVG pictures, those of notebooks and those of the book's pages, become part of the page.

`drawing` beside this file says what becomes of one. An `<img>` could not follow the button for light and dark.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from drawing import for_page
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class Drawing(nodes.General, nodes.Element):
    """A picture as text, ready for the page."""


class Inline(SphinxPostTransform):
    """Takes the place of each image that is an SVG file; Sphinx then has no file to copy."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Number the pictures of a page, so that their ids keep apart."""
        images = [node for node in self.document.findall(nodes.image) if node["uri"].endswith(".svg")]
        for number, image in enumerate(images, start=1):
            svg = (Path(self.env.srcdir) / image["uri"]).read_text(encoding="utf-8")
            drawn = for_page(svg, name=f"drawing-{number}", alt=image.get("alt", ""), classes=tuple(image["classes"]))
            image.replace_self(Drawing("", svg=drawn, ids=image["ids"]))


def write(self: HTML5Translator, node: Drawing) -> None:
    """Put the picture into the page."""
    self.body.append(node["svg"] + "\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.add_node(Drawing, html=(write, None))
    app.add_post_transform(Inline)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
