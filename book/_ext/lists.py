"""Sphinx extension: lists of all equations, figures, exercises or chapters, made anew by each build.

A page says `{list-of} equations`, before any heading but its title. It gets a section for each chapter that has some,
where each entry leads to its place. `references` knows what there is, so that a list cannot be out of date.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import accumulate, pairwise
from pathlib import Path
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

AT_THE_END = "Exercises"  # the section of those that do not stand in the text
ENOUGH = 40  # letters that say what an exercise is about
ENDS = re.compile(r"(?<=[.?])\s")
TASK = re.compile(  # a sentence that asks for something
    r"\?$|^(?:Choose|Compute|Count|Decide|Derive|Estimate|Fill|Find|Mend|Predict|Put|Read|Return|Send|Switch|Take|Work|Write)\b"
)


class listed(nodes.comment):
    """The entries of a list. Like all comments it is left out of the search, which finds the places themselves."""


def section(title: str, name: str, kind: str, of: str) -> nodes.section:
    """A section with an empty list, which is filled when all pages have been read."""
    return nodes.section("", nodes.title("", title), listed(kind=kind, of=of), ids=[name], names=[name])


def rooms_of(document: nodes.document) -> list[listed]:
    """The empty lists of a page; their headings, which are those of the chapters, are kept from the search, too."""
    rooms = list(document.findall(listed))
    for room in rooms:
        place, title = room.parent, room.parent[0]
        if isinstance(title, nodes.title):
            name = escape(place["ids"][0])
            link = f'<a class="headerlink" href="#{name}" title="Link to this heading">#</a>'
            place.replace(
                title, listed("", "", html(f"<h2>{escape(title.astext())}{link}</h2>\n"), kind="heading", of="")
            )
    return rooms


class ListOf(SphinxDirective):
    """`{list-of} equations`, figures, exercises: how many, and a section for each chapter; chapters: a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The page is read again in every build."""
        kind = self.arguments[0]
        self.env.note_reread()
        known = list(chapters(Path(self.env.srcdir)).values())
        if kind == "chapters":
            holder = nodes.container()
            self.state.nested_parse(StringList(table_of(known), source="the list of chapters"), 0, holder)
            return holder.children
        found = [chapter for chapter in known if chapter.numbered[kind]]
        minutes = sum(sum(chapter.numbered[kind].values()) for chapter in found)
        count = f"{sum(len(chapter.numbered[kind]) for chapter in found)} {kind} in {len(found)} chapters"
        total = f"{count}, about {round(minutes / 60)} hours of work." if minutes else f"{count}."
        rooms = [section(chapter.title, f"chapter-{chapter.number}", kind, chapter.page) for chapter in found]
        return [nodes.paragraph("", total), *rooms]


def table_of(known: list[Chapter]) -> list[str]:
    """The heads of all chapters as a table in Markdown."""
    rows = ["| Chapter | To read | To do | Needs | Better with |", "|---|--:|--:|---|---|"]
    for each in known:
        needs, best = (", ".join(map(str, sorted(numbers))) for numbers in (each.needs, each.best))
        rows.append(f"| [{each.title}](../{each.page}.ipynb) | {each.read} | {each.do} | {needs} | {best} |")
    read, do = sum(each.read for each in known), sum(each.do for each in known)
    return [*rows, f"| **All, in minutes** | {read:,} | {do:,} | | |"]


class Fill(SphinxPostTransform):
    """Writes the entries, as pairs of a number and what it stands for."""

    default_priority = 19  # before `lines`, which looks after their formulas

    def run(self, **kwargs: Any) -> None:
        """Each empty list of the page."""
        for room in rooms_of(self.document):
            singular = room["kind"].removesuffix("s")
            if singular in ENTRIES:
                known = [target for name, target in targets(self.env)[room["of"]].items() if name.startswith(singular)]
                places = chapters(Path(self.env.srcdir))[room["of"]].homes[room["kind"]]
                homes = [places[target.name.split()[1]] for target in known]
                told = [home if singular == "exercise" or home != last else "" for last, home in pairwise(["", *homes])]
                room += description_list(map(self.entry, known, told))

    def entry(self, target: Target, home: str) -> tuple[str, list[nodes.Node]]:
        """The number as a link to its place, the entry's text, and the section that it stands in, if it is said."""
        kind, number = target.name.split()
        to = f"{self.app.builder.get_relative_uri(self.env.docname, target.page)}#{target.anchor}"
        text = ENTRIES[kind](target.text)
        if home not in ("", AT_THE_END):
            text.append(html(f' <span class="level">in “{escape(home)}”</span>'))
        return f'<a href="{escape(to)}">{number}</a>', text


def description_list(entries: Iterable[tuple[str, list[nodes.Node]]], classes: str = "listing") -> list[nodes.Node]:
    """A list of terms and what is said of each, in HTML around the nodes."""
    rows: list[nodes.Node] = [html(f'<dl class="{classes}">')]
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
    """What it asks for: its own title, and a sentence or two; then its level and its minutes."""
    found = EXERCISE.match("".join(node.astext() for node in text))
    if found is None:
        raise ValueError(f"no exercise: {text}")
    return [*gist(copies(text)), html(f' <span class="level">{LEVELS[found[2]]}, {found[3]} minutes</span>')]


def copies(text: list[nodes.Node]) -> list[nodes.Node]:
    """The nodes anew: a node has one place."""
    return [node.deepcopy() for node in text]


def gist(text: list[nodes.Node]) -> list[nodes.Node]:
    """An exercise without its brackets: its title, as many sentences as say something, and the first that asks."""
    whole = sentences(without_brackets(text))
    first = int(len(whole) > 1 and isinstance(whole[0][0], nodes.emphasis) and len(whole[0]) == 1)
    letters = list(accumulate(len(said(sentence)) for sentence in whole[first:]))
    told = first + next((k for k, sum_so_far in enumerate(letters, start=1) if sum_so_far >= ENOUGH), len(letters))
    asks = next((k for k in range(first, len(whole)) if TASK.search(said(whole[k]))), 0)
    if asks >= told and "bug" not in said(whole[0]):  # a bug is always to be mended
        whole[told:] = [[nodes.Text("… " if asks > told else ""), *whole[asks]]]
        told += 1
    return [node for sentence in whole[:told] for node in (nodes.Text(" "), *sentence)][1:]


def said(sentence: list[nodes.Node]) -> str:
    """The words of a sentence."""
    return "".join(node.astext() for node in sentence).strip()


def without_brackets(text: list[nodes.Node]) -> list[nodes.Node]:
    """What stands behind "6.1 (code, 15 minutes)"."""
    start = next(place for place, node in enumerate(text) if isinstance(node, nodes.Text) and ")" in node)
    return [nodes.Text(text[start].astext().partition(")")[2].lstrip()), *text[start + 1 :]]


def sentences(text: list[nodes.Node]) -> list[list[nodes.Node]]:
    """The text cut behind full stops and question marks; words in italics that end so may be a sentence, too.

    What has no end goes on below, in a list, and is left out.
    """
    found: list[list[nodes.Node]] = [[]]
    for node in text:
        pieces = [nodes.Text(piece) for piece in ENDS.split(node)] if isinstance(node, nodes.Text) else [node]
        for number, piece in enumerate(pieces):
            if number and found[-1]:
                found.append([])
            if not found[-1] and isinstance(piece, nodes.Text):
                piece = nodes.Text(piece.lstrip())
            if piece.astext():
                found[-1].append(piece)
        if isinstance(node, nodes.emphasis) and len(found[-1]) == 1 and said(found[-1])[-1] in ".?":
            found.append([])
    ended = len(found) == 1 or said(found[-1]).endswith((".", "?", ":"))
    return found if ended else found[:-1]


ENTRIES: dict[str, Callable[[Any], list[nodes.Node]]] = {"equation": equation, "figure": figure, "exercise": exercise}


def leave_open(self: HTML5Translator, node: listed) -> None:
    """Nothing around it: what it holds opens and closes itself."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after `references` and `katex_math`."""
    app.add_directive("list-of", ListOf)
    app.add_node(listed, html=(leave_open, leave_open))
    app.add_post_transform(Fill)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
