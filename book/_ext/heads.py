"""Sphinx extension: heads of chapters, of exercises and of captions stand apart from what follows them.

In the notebook they are plain paragraphs: **You will make** ... to **Time** ..., and **6.1** (code, 15 minutes) ...
What a cell of an exercise prints for the reader, one sentence, may be wrapped; nothing else that is printed may.
"""

from typing import Any

from components import CHAPTERS, first_bold, is_cell
from docutils import nodes
from numbered import EXERCISE, FIGURE
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

FIRST, LAST = "You will make", "Time"
LEVELS = {"quick": "quick", "pencil": "with a pencil", "code": "in code"}


class Heads(SphinxPostTransform):
    """Boxes the head of a chapter, and titles its exercises."""

    default_priority = 16  # after `components`, which boxes the exercises

    def run(self, **kwargs: Any) -> None:
        """Find both in a chapter."""
        if not self.env.docname.startswith(CHAPTERS):
            return
        box_head(self.document)
        for caption in self.document.findall(nodes.caption):
            name_figure(caption)
        for box in list(self.document.findall(nodes.container)):
            if "exercise" in box["classes"]:
                title_exercise(box)
                for cell in filter(is_cell, box.children):
                    mark_sentences(cell)


def box_head(document: nodes.document) -> None:
    """Put what a chapter makes, teaches, needs and takes into one box."""
    bold = [(node, first_bold(node)) for node in document.findall(nodes.paragraph)]
    first = next((node for node, words in bold if words.startswith(FIRST)), None)
    last = next((node for node, words in bold if words.startswith(LAST)), None)
    if first is None or last is None or first.parent is not last.parent:
        return
    parent, start, stop = first.parent, first.parent.index(first), first.parent.index(last) + 1
    box = nodes.container(classes=["brief"])
    box += parent[start:stop]
    parent[start:stop] = [box]


def title_exercise(box: nodes.Element) -> None:
    """Give an exercise a line of its own with its number, its level and its minutes, in place of those in the text."""
    paragraph = box[0]
    found = EXERCISE.match(paragraph.astext())
    if not found:
        return
    level = nodes.inline("", f"{LEVELS[found[2]]}, {found[3]} minutes", classes=["level"])
    title = nodes.paragraph("", f"Exercise {found[1]} ", level, classes=["exercise__title"])
    number = next(paragraph.findall(nodes.strong))
    text = paragraph[paragraph.index(number) + 1]
    paragraph.replace(text, nodes.Text(text.astext().partition(")")[2].lstrip()))
    paragraph.remove(number)
    box.insert(0, title)


def name_figure(caption: nodes.Element) -> None:
    """Set the number that a caption begins with apart from what it says."""
    text = next(iter(caption.findall(nodes.Text)), None)
    found = FIGURE.match(text) if text is not None else None
    if text is None or found is None:
        return
    number = nodes.inline("", found[0], classes=["number"])
    text.parent.replace(text, [number, nodes.Text(text[found.end() :])])


def mark_sentences(cell: nodes.Element) -> None:
    """Name the outputs that are one line of words, so that a narrow window may wrap them."""
    for output in cell.findall(nodes.literal_block):
        if "output" in output["classes"] and "\n" not in output.astext().strip():
            output["classes"].append("sentence")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.add_post_transform(Heads)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
