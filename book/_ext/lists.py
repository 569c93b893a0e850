"""Sphinx extension: lists of all equations, figures, exercises or chapters, made anew by each build.

A page says `{list-of} equations`, before any heading but its title. It gets a section for each chapter that has some,
where each entry leads to its place. `references` knows what there is, so that a list cannot be out of date.
"""

from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from re import compile
from typing import Any

from contents import Chapter, chapters
from docutils import nodes
from docutils.statemachine import StringList
from heads import LEVELS
from katex_math import to_html
from numbered import EQUATION, EXERCISE, FIGURE
from references import Target, targets
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

SENTENCE = compile(r"[.?!:](?=\s|$)")


class listed(nodes.comment):
    """The entries of a list. Like all comments it is left out of the search, which finds the places themselves."""


def section(title: str, name: str, kind: str, of: str) -> nodes.section:
    """A section with an empty list, which is filled when all pages have been read."""
    return nodes.section("", nodes.title("", title), listed(kind=kind, of=of), ids=[name], names=[name])


class ListOf(SphinxDirective):
    """`{list-of} equations`, figures, exercises: how many, and a section for each chapter; chapters: a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The page is read again in every build."""
        kind = self.arguments[0]
        self.env.note_reread()
        known = list(chapters(Path(self.env.srcdir)).values())
        if kind == "chapters":
            return self.markdown(table_of(known))
        found = [chapter for chapter in known if chapter.numbered[kind]]
        minutes = sum(sum(chapter.numbered[kind].values()) for chapter in found)
        count = f"{sum(len(chapter.numbered[kind]) for chapter in found)} {kind} in {len(found)} chapters"
        total = f"{count}, about {round(minutes / 60)} hours of work." if minutes else f"{count}."
        rooms = [section(chapter.title, f"chapter-{chapter.number}", kind, chapter.page) for chapter in found]
        return [nodes.paragraph("", total), *rooms]

    def markdown(self, lines: list[str]) -> list[nodes.Node]:
        """Markdown as if it stood in the page."""
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source="the list of chapters"), 0, holder)
        return holder.children


def table_of(known: list[Chapter]) -> list[str]:
    """The heads of all chapters as a table in Markdown."""
    rows = ["| Chapter | To read | To do | Needs | Better with |", "|---|--:|--:|---|---|"]
    for each in known:
        needs, best = (", ".join(map(str, numbers)) for numbers in (each.needs, each.best))
        rows.append(f"| [{each.title}](../{each.page}.ipynb) | {each.read} | {each.do} | {needs} | {best} |")
    read, do = sum(each.read for each in known), sum(each.do for each in known)
    return [*rows, f"| **All, in minutes** | {read:,} | {do:,} | | |"]


class Fill(SphinxPostTransform):
    """Writes the entries, as pairs of a number and what it stands for."""

    default_priority = 19  # before `lines`, which looks after their formulas

    def run(self, **kwargs: Any) -> None:
        """Each empty list of the page."""
        for room in list(self.document.findall(listed)):
            singular = room["kind"].removesuffix("s")
            if singular in ENTRIES:
                known = [target for name, target in targets(self.env)[room["of"]].items() if name.startswith(singular)]
                room += description_list(self.entry(target) for target in known)

    def entry(self, target: Target) -> tuple[str, list[nodes.Node]]:
        """The number as a link to its place, and the entry's text."""
        kind, number = target.name.split()
        to = f"{self.app.builder.get_relative_uri(self.env.docname, target.page)}#{target.anchor}"
        return f'<a href="{escape(to)}">{number}</a>', ENTRIES[kind](target.text)


def description_list(entries: Iterable[tuple[str, list[nodes.Node]]]) -> list[nodes.Node]:
    """A list of terms and what is said of each, in HTML around the nodes."""
    rows: list[nodes.Node] = [html('<dl class="listing">')]
    for term, text in entries:
        rows += [html(f"<dt>{term}</dt><dd>"), *text, html("</dd>")]
    return [*rows, html("</dl>")]


def html(text: str) -> nodes.raw:
    """Markup as it stands."""
    return nodes.raw("", text, format="html")


def equation(text: str) -> list[nodes.Node]:
    """The formula without its number, which stands beside it, and without a name: its place has that."""
    return [html(f'<div class="math">{to_html(EQUATION.sub("", text), True)}</div>')]


def figure(text: list[nodes.Node]) -> list[nodes.Node]:
    """The caption without its number."""
    return [nodes.Text(FIGURE.sub("", text[0].astext(), count=1).lstrip()), *copies(text[1:])]


def exercise(text: list[nodes.Node]) -> list[nodes.Node]:
    """What it asks for: its own title and its first sentence; then its level and its minutes."""
    found = EXERCISE.match("".join(node.astext() for node in text))
    if found is None:
        raise ValueError(f"no exercise: {text}")
    return [*first_sentence(copies(text)), html(f' <span class="level">{LEVELS[found[2]]}, {found[3]} minutes</span>')]


def copies(text: list[nodes.Node]) -> list[nodes.Node]:
    """The nodes anew: a node has one place."""
    return [node.deepcopy() for node in text]


def first_sentence(text: list[nodes.Node]) -> Iterator[nodes.Node]:
    """An exercise from behind its brackets to the end of its first sentence; a title in italics is none."""
    begun = False
    for node in text:
        if not begun:
            begun = isinstance(node, nodes.Text) and ")" in node
            node = nodes.Text(node.astext().partition(")")[2].lstrip())
        end = SENTENCE.search(node) if isinstance(node, nodes.Text) else None
        if end:
            yield nodes.Text(node[: end.start()] + node[end.start()].replace(":", "."))
            return
        yield node


ENTRIES: dict[str, Callable[[Any], list[nodes.Node]]] = {"equation": equation, "figure": figure, "exercise": exercise}


def leave_open(self: HTML5Translator, node: listed) -> None:
    """Nothing around it: what it holds opens and closes itself."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after `references` and `katex_math`."""
    app.add_directive("list-of", ListOf)
    app.add_node(listed, html=(leave_open, leave_open))
    app.add_post_transform(Fill)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
