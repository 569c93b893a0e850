"""Sphinx extension: what a link to an equation, a figure, an exercise or a word shows beside it, kept in the page.

A page from the disk may not fetch another one. So each page holds, in `<template>` elements that nobody sees, the text
of all that it names on other pages; what stands on the page itself is taken from there by `book/_js/60-cards.js`.
"""

from html import escape
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from katex_math import to_html
from references import Target, targets
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class about(nodes.comment):
    """The text of one target, for the card of a link. The search index leaves comments out, and so this one."""


class About(SphinxPostTransform):
    """Marks the links that can show a card, and adds the texts that they need."""

    default_priority = 40  # after `references`

    def run(self, **kwargs: Any) -> None:
        """Each target once, in the order in which the page names them."""
        known = {target.anchor: target for page in targets(self.env).values() for target in page.values()}
        wanted: dict[str, Target] = {}
        for link in self.document.findall(nodes.reference):
            target = known.get(link.get("refid") or urlsplit(link.get("refuri", "")).fragment)
            if target and link.get("internal"):
                link["classes"].append("about")
                if target.page != self.env.docname:
                    wanted[target.anchor] = target
        self.document.extend(self.card(target) for target in wanted.values())

    def card(self, target: Target) -> about:
        """A node with the text; the formula of an equation is made here, without its anchor."""
        card: about = about(anchor=target.anchor, title=self.env.titles[target.page].astext())
        if isinstance(target.text, str):
            card += nodes.raw("", f'<div class="math">{to_html(target.text, True)}</div>', format="html")
        else:
            card += nodes.paragraph("", "", *(node.deepcopy() for node in target.text))
        return card


def open_template(self: HTML5Translator, node: about) -> None:
    """The name of the page goes with it, for the way there."""
    self.body.append(f'<template id="about-{node["anchor"]}" data-page="{escape(node["title"])}">')


def close_template(self: HTML5Translator, node: about) -> None:
    """The end of the text."""
    self.body.append("</template>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after `references` and `katex_math`."""
    app.add_node(about, html=(open_template, close_template))
    app.add_post_transform(About)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
