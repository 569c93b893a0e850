"""Sphinx extension: in a chapter, the first *emphasised* or **bold** word that the glossary explains leads there.

Notebooks know no roles, so a chapter marks a term as any Markdown does. A plural (gates, entropies) finds its singular.
"""

from typing import Any

from components import CHAPTERS
from docutils import nodes
from references import above
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

NO_LINKS = (nodes.reference, nodes.title)


def singulars(text: str) -> list[str]:
    """The forms under which the glossary may hold a word."""
    word = " ".join(text.lower().replace("’", "'").split())
    return [word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"]


class GlossaryLinks(SphinxPostTransform):
    """Wraps the first mark of each term of a chapter in a link to its entry."""

    default_priority = 20

    def run(self, **kwargs: Any) -> None:
        """Look at every emphasised word outside titles and links."""
        if not self.env.docname.startswith(CHAPTERS):
            return
        entries = {singulars(term)[0]: place for (kind, term), place in self.terms().items() if kind == "term"}
        linked = set()
        for mark in list(self.document.findall(lambda node: isinstance(node, nodes.emphasis | nodes.strong))):
            term = next((form for form in singulars(mark.astext()) if form in entries), None)
            if term is None or term in linked or any(isinstance(node, NO_LINKS) for node in above(mark)):
                continue
            linked.add(term)
            page, anchor = entries[term]
            link = make_refnode(self.app.builder, self.env.docname, page, anchor, mark.deepcopy())
            link["classes"].append("glossary-term")
            mark.replace_self(link)

    def terms(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Sphinx's own table of the glossary: kind and name to page and anchor."""
        return self.env.get_domain("std").objects


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.add_post_transform(GlossaryLinks)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
