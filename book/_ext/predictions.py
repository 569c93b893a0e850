"""Sphinx extension: after a prediction, the result and all that is said about it wait in one closed box.

The text that follows a result tells it. So the box takes everything up to the next heading or the next prediction.
It is a plain `<details>`: it opens by mouse, by keyboard, without scripts, and when a browser finds something in it.
"""

from typing import Any

from components import CHAPTERS
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TITLE = "The result, and what it means"


class Predictions(SphinxPostTransform):
    """Moves the result out of the predicted cell, together with the text after it."""

    default_priority = 250  # after MyST-NB has put the output into a box
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Look at each prediction of a chapter."""
        if self.env.docname.startswith(CHAPTERS):
            for question in list(self.document.findall(is_prediction)):
                gather(question)


def is_prediction(node: nodes.Node) -> bool:
    """Whether `components` has named the node so."""
    return isinstance(node, nodes.block_quote) and "predict" in node["classes"]


def gather(question: nodes.block_quote) -> None:
    """Behind the cell after a prediction, put its closed output and what follows into one box."""
    parent = question.parent
    start = parent.index(question) + 2
    cell = parent[start - 1]
    box = next(iter(cell.findall(HideCodeCellNode)), None)
    if box is None:
        return
    ends = (k for k in range(start, len(parent)) if isinstance(parent[k], nodes.section) or is_prediction(parent[k]))
    stop = next(ends, len(parent))
    cell.remove(box)
    answer = HideCodeCellNode(prompt_show=TITLE, prompt_hide=TITLE, classes=["answer"])
    answer += [nodes.container("", *box.children, classes=["cell"]), *parent[start:stop]]
    parent[start:stop] = [answer]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after `components`, which names the predictions."""
    app.add_post_transform(Predictions)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
