"""Sphinx extension: "(6.7)", "Figure 6.2" and "exercise 6.3" in the text become links to what they name.

Numbers are written by hand, in Markdown that knows no roles. Here each equation, figure, exercise and glossary entry is
written down with its page, anchor and text when a page is read; `about` shows that text beside a link.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from numbered import EQUATION, EXERCISE, FIGURE, anchor
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

NAMED = re.compile(r"\((?P<equation>\d+\.\d+)\)|\b(?P<kind>[Ff]igure|[Ee]xercise)\s(?P<number>\d+\.\d+)\b")
STOOD = re.compile(r"[\d., and]+ stood in the text")  # "7.1, 7.2 and 7.3 stood in the text."
NO_LINKS = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.raw, nodes.comment)


@dataclass(frozen=True)
class Target:
    """What a number or a word stands for: "equation 6.7" on its page; `text` is TeX or nodes, for a card."""

    name: str
    page: str
    anchor: str
    text: Any


def targets(env: BuildEnvironment) -> dict[str, dict[str, Target]]:
    """All targets by page and by name."""
    if not hasattr(env, "book_targets"):
        env.book_targets = {}  # type: ignore[attr-defined]
    found: dict[str, dict[str, Target]] = env.book_targets  # type: ignore[attr-defined]
    return found


def collect(app: Sphinx, document: nodes.document) -> None:
    """Write down what a page that was just read can be asked for."""
    page = app.env.docname
    parts = [*equations(document), *figures(document), *exercises(document), *entries(document)]
    targets(app.env)[page] = {name: Target(name, page, anchor, text) for name, anchor, text in parts}


def equations(document: nodes.document) -> Iterator[tuple[str, str, str]]:
    """Formulas with a number; `katex_math` gives them this anchor."""
    for node in document.findall(nodes.math_block):
        if number := EQUATION.search(node.astext()):
            yield f"equation {number[1]}", anchor("equation", number[1]), node.astext()


def figures(document: nodes.document) -> Iterator[tuple[str, str, list[nodes.Node]]]:
    """Figures whose caption begins with their number."""
    for node in document.findall(nodes.figure):
        caption = next(iter(node.findall(nodes.caption)), None)
        number = FIGURE.match(caption.astext()) if caption else None
        if caption and number and node["ids"]:
            yield f"figure {number[1]}", node["ids"][0], plain(caption)


def exercises(document: nodes.document) -> Iterator[tuple[str, str, list[nodes.Node]]]:
    """The first paragraph of an exercise; `components` gives its box this anchor."""
    for node in document.findall(nodes.paragraph):
        if number := EXERCISE.match(node.astext()):
            yield f"exercise {number[1]}", anchor("exercise", number[1]), plain(node)


def entries(document: nodes.document) -> Iterator[tuple[str, str, list[nodes.Node]]]:
    """Terms of the glossary with the first paragraph of their meaning."""
    for term in document.findall(nodes.term):
        meaning = next(iter(term.parent.findall(nodes.definition)), None)
        if meaning and term["ids"] and term["ids"][0].startswith("term-"):
            yield f"term {term['ids'][0]}", term["ids"][0], plain(meaning[0])


def plain(node: nodes.Node) -> list[nodes.Node]:
    """The text of a node with its emphasis and formulas, without its links and names; a copy."""
    if isinstance(node, nodes.Text):
        return [nodes.Text(node.astext())]
    children = [copy for child in node.children for copy in plain(child)]
    if isinstance(node, nodes.emphasis | nodes.strong | nodes.literal | nodes.math):
        return [type(node)("", "", *children)]
    return children


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """A page is read again, or is gone."""
    targets(env).pop(page, None)


def merge(app: Sphinx, env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    """Pages that another process has read."""
    targets(env).update({page: found for page, found in targets(other).items() if page in pages})


class References(SphinxPostTransform):
    """Wraps each mention of a number that exists in a link."""

    default_priority = 30  # after the glossary's links and the boxes of the exercises

    def run(self, **kwargs: Any) -> None:
        """Look at all text but code, formulas, headings, links, and the place that the number itself names."""
        known = {name: target for page in targets(self.env).values() for name, target in page.items()}
        for text in list(self.document.findall(nodes.Text)):
            if any(mentions(text)) and not any(isinstance(node, NO_LINKS) for node in above(text)):
                text.parent.replace(text, list(self.pieces(text, known)))

    def pieces(self, text: nodes.Text, known: dict[str, Target]) -> Iterator[nodes.Node]:
        """The text in pieces: links, and what stands between them."""
        here = {name for node in above(text) for name in node.get("ids", [])}
        done = 0
        for start, end, name in mentions(text):
            target = known.get(name)
            if target is None or target.anchor in here:
                continue
            yield nodes.Text(text[done:start])
            word = nodes.inline("", text[start:end])
            link = make_refnode(self.app.builder, self.env.docname, target.page, target.anchor, word)
            link["classes"].append("number")
            yield link
            done = end
        yield nodes.Text(text[done:])


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Where numbers stand in a text, and what they name: "(6.7)" is equation 6.7, if there is one."""
    found = []
    for match in NAMED.finditer(text):
        name = f"equation {match['equation']}" if match["equation"] else f"{match['kind'].lower()} {match['number']}"
        found.append((*match.span(), name))
    if stood := STOOD.match(text):
        found += [(*number.span(), f"exercise {number[0]}") for number in re.finditer(r"\d+\.\d+", stood[0])]
    return sorted(found)


def above(node: nodes.Node) -> Iterator[nodes.Element]:
    """All that holds the node, from within to without."""
    while node.parent is not None:
        node = node.parent
        yield node


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.add_post_transform(References)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
