"""Sphinx extension: gives the parts of a chapter their names, so that a style sheet can tell them apart.

A notebook is plain Markdown, which Colab and GitHub show as it is. Here a quotation that begins with **Predict.** gets
the class `predict`, a cell that begins with `# check:` the class `check`, an exercise one box with its solution.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from numbered import EXERCISE, anchor
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

CHAPTERS = "notebooks/"
QUOTATIONS = {"Predict.": "predict", "Recall.": "recall", "In the wild.": "wild"}
TITLE = re.compile(r"# @title (.+)")
CLOSING = "Where you meet it again"
PLAIN = {"The output", "The source", "The content"}  # what a box is called that has no name of its own


class Components(SphinxPostTransform):
    """Names quotations, checks, exercises and the closing box of a chapter."""

    default_priority = 15

    def run(self, **kwargs: Any) -> None:
        """Look at the whole chapter once for each kind."""
        if not self.env.docname.startswith(CHAPTERS):
            return
        for quotation in self.document.findall(nodes.block_quote):
            quotation["classes"].append(kind_of_quotation(quotation))
        for cell in self.document.findall(is_cell):
            if source(cell).startswith("# check:"):
                cell["classes"].append("check")
            if title := TITLE.match(source(cell)):
                cell["prompt_show"] = cell["prompt_hide"] = title[1]
        for section in self.document.findall(nodes.section):
            if section[0].astext() == CLOSING:
                section["classes"].append("again")
        for paragraph in list(self.document.findall(nodes.paragraph)):
            found = EXERCISE.match(paragraph.astext())
            if found and first_bold(paragraph):
                box_exercise(paragraph, number=found[1], level=found[2])


def kind_of_quotation(quotation: nodes.block_quote) -> str:
    """`predict`, `recall` or `wild` by its first bold words; anything else is a rule to keep."""
    return QUOTATIONS.get(first_bold(quotation[0]), "rule")


def first_bold(node: nodes.Node) -> str:
    """The bold words that a paragraph begins with; MyST puts an empty text before them."""
    if not isinstance(node, nodes.paragraph):
        return ""
    child = next((child for child in node.children if child.astext()), None)
    return child.astext() if isinstance(child, nodes.strong) else ""


def is_cell(node: nodes.Node) -> bool:
    """Whether the node is a code cell of a notebook."""
    return isinstance(node, nodes.container) and "cell" in node["classes"]


def source(cell: nodes.Element) -> str:
    """The code of a cell, empty where the page hides it."""
    block = next(iter(cell.findall(nodes.literal_block)), None)
    return block.astext() if block else ""


def box_exercise(paragraph: nodes.paragraph, *, number: str, level: str) -> None:
    """Put an exercise, all that follows up to its solution, and the solution into one box."""
    parent = paragraph.parent
    start = parent.index(paragraph)
    stop = start + 1
    for place in range(start + 1, len(parent)):
        node = parent[place]
        if isinstance(node, nodes.section) or EXERCISE.match(node.astext()):
            break
        if is_cell(node):
            stop = place + 1
        if is_solution(node, number):
            stop = end_of_solution(parent, place)
            break
    box = nodes.container(classes=["exercise", level], ids=[anchor("exercise", number)])
    box += parent[start:stop]
    parent[start:stop] = [box]


def is_solution(node: nodes.Node, number: str) -> bool:
    """Whether the solution of this exercise begins here: a cell with its title, or an opening `<details>`."""
    if is_cell(node):
        return source(node).startswith(f"# @title Solution {number}")
    return isinstance(node, nodes.raw) and f"Solution {number}<" in node.astext()


def end_of_solution(parent: nodes.Element, place: int) -> int:
    """The place after the solution: the next one, or the one after the closing `</details>`."""
    if is_cell(parent[place]):
        return place + 1
    closing = (k for k in range(place, len(parent)) if "</details>" in parent[k].astext())
    return next(closing, place) + 1


def open_box(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """A closed box whose line says what is in it, in the same words when it is open: a screen reader adds which."""
    label = escape(node["prompt_show"])
    kinds = {"install": label.startswith("Install"), "plain": label in PLAIN}
    classes = ["hide", *node["classes"], *(kind for kind, is_so in kinds.items() if is_so)]
    self.body.append(f'<details class="{" ".join(classes)}">\n<summary>{label}</summary>\n')


def close_box(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """The end of the box."""
    self.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after MyST-NB, whose boxes it draws."""
    app.add_post_transform(Components)
    app.add_node(HideCodeCellNode, override=True, html=(open_box, close_box))
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
