"""Sphinx extension: markup that a screen reader can follow, where docutils and pandas write something else.

docutils gives a list of works roles that no browser accepts there; here it is a plain list. A table has a heading
without a word in its corner; here it is an empty cell.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

SILENT_HEADING = re.compile(r"<th[^>]*>(<p></p>)?</th>")


def quiet_corners(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Take headings without words out of the tables of a page."""
    if "body" in context:
        context["body"] = SILENT_HEADING.sub("<td></td>", context["body"])


def same_kind(node: nodes.Node | None) -> bool:
    """Whether the node is a work of the list, too."""
    return isinstance(node, nodes.citation)


def open_work(self: HTML5Translator, node: nodes.citation) -> None:
    """The first work opens the list."""
    if not same_kind(node.previous_sibling()):
        self.body.append('<ul class="works">\n')
    self.body.append(self.starttag(node, "li"))


def close_work(self: HTML5Translator, node: nodes.citation) -> None:
    """The last work closes the list."""
    self.body.append("</li>\n")
    if not same_kind(node.next_node(descend=False, siblings=True)):
        self.body.append("</ul>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("html-page-context", quiet_corners)
    app.add_node(nodes.citation, override=True, html=(open_work, close_work))
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
