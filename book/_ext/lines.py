"""Sphinx extension: no line begins with a comma, and no short piece of code is torn apart.

A browser may break a line at either end of a formula. So the marks that touch a formula go into one box with it, which
the style sheet keeps together; `katex_math` says where a long formula may break.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

SHORT = 16  # letters of code that stay on one line
BEFORE = re.compile(r"[^\s\w]*[(\[“‘]$")
AFTER = re.compile(r"^(?:[,.;:!?%)\]”’]+|-\w+)")


class Glue(SphinxPostTransform):
    """Puts each formula within a line into one box with the marks around it, and names short code."""

    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Look at each formula and at each piece of code once."""
        for formula in list(self.document.findall(nodes.math)):
            before, after = take(formula, -1, BEFORE), take(formula, +1, AFTER)
            if before or after:
                box = nodes.inline(classes=["glued"])
                formula.replace_self(box)
                box += [nodes.Text(before), formula, nodes.Text(after)]
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("short")


def take(formula: nodes.math, step: int, marks: re.Pattern[str]) -> str:
    """Cut the marks off the text before (-1) or after (+1) a formula, and return them."""
    parent = formula.parent
    place = parent.index(formula) + step
    text = parent[place] if 0 <= place < len(parent) else None
    found = marks.search(text) if isinstance(text, nodes.Text) else None
    if not found:
        return ""
    parent[place] = nodes.Text(marks.sub("", text))
    return found[0]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.add_post_transform(Glue)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
