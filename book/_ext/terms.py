"""Sphinx extension: the index of terms, made from the glossary and from the text of the chapters by each build.

A chapter sets a word of the glossary in *italics* or **bold** where it explains or needs it: there the index leads.
Other chapters in which it stands often follow by their numbers, with a link to the section that has it most often.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

from contents import Chapter, chapters
from docutils import nodes
from excerpts import text_of
from glossary_links import NO_LINKS, singulars
from lists import description_list, rooms_of, section
from references import above
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

NUMBERED = re.compile(r"^\d+\. ")  # the title of a chapter
OFTEN = 3  # times in a chapter, for a word that is not set apart there
ENTRY = re.compile(r"(?m)^(\S[^\n]*)\n  \S")
Place = tuple[Chapter, str, str]  # the chapter, the anchor and the title of a section


class IndexOfTerms(SphinxDirective):
    """`{index-of-terms}`: a section for each letter with which a term begins."""

    def run(self) -> list[nodes.Node]:
        """The page is read again in every build."""
        self.env.note_reread()
        glossary = (Path(self.env.srcdir) / "book" / "glossary.md").read_text(encoding="utf-8")
        letters = sorted({term[0].upper() for term in ENTRY.findall(glossary)})
        return [section(letter, f"letter-{letter.lower()}", "terms", letter) for letter in letters]


class FillIndex(SphinxPostTransform):
    """Writes the terms of each letter with their places."""

    default_priority = 19

    def run(self, **kwargs: Any) -> None:
        """Read the chapters once, when the page of the index is written."""
        rooms = [room for room in rooms_of(self.document) if room["kind"] == "terms"]
        if not rooms:
            return
        entries = {term: place for (kind, term), place in self.env.get_domain("std").objects.items() if kind == "term"}
        readings = [Reading(self.env, chapter) for chapter in chapters(Path(self.env.srcdir)).values()]
        for room in rooms:
            terms = sorted((term for term in entries if term[0].upper() == room["of"]), key=str.lower)
            found = ((self.link(*entries[term], term), self.places(term, readings)) for term in terms)
            room += description_list(found, "listing listing--words")

    def link(self, page: str, anchor: str, text: str) -> str:
        """A link in HTML."""
        to = f"{self.app.builder.get_relative_uri(self.env.docname, page)}#{anchor}"
        return f'<a href="{escape(to)}">{escape(text)}</a>'

    def places(self, term: str, readings: list["Reading"]) -> list[nodes.Node]:
        """Where a term is set apart, and which other chapters use it often."""
        marked = [place for reading in readings if (place := reading.mark(term))]
        elsewhere = [reading for reading in readings if not reading.mark(term)]
        often = [place for reading in elsewhere if (place := reading.most(term))]
        text = "; ".join(
            self.link(of.page, anchor, f"{of.number} {re.sub(NUMBERED, '', title)}") for of, anchor, title in marked
        )
        if often:
            numbers = ", ".join(self.link(of.page, anchor, str(of.number)) for of, anchor, _ in often)
            text += f'; <span class="level">often in {numbers}</span>' if text else f"often in {numbers}"
        return [nodes.raw("", text, format="html")]


class Reading:
    """One chapter: its sections with their words, and where it sets a word apart."""

    def __init__(self, env: BuildEnvironment, chapter: Chapter) -> None:
        document = env.get_doctree(chapter.page)
        self.chapter = chapter
        self.sections = {
            node["ids"][0]: (node[0].astext(), text_of(node).lower()) for node in document.findall(nodes.section)
        }
        self.text = "\n".join(text for _, text in self.sections.values())
        self.marks: dict[str, Place] = {}
        for mark in document.findall(lambda node: isinstance(node, nodes.emphasis | nodes.strong)):
            home = next((node for node in above(mark) if isinstance(node, nodes.section)), None)
            if home is not None and not any(isinstance(node, NO_LINKS) for node in above(mark)):
                for form in singulars(mark.astext()):
                    self.marks.setdefault(form, (chapter, home["ids"][0], home[0].astext()))

    def mark(self, term: str) -> Place | None:
        """The section in which the term is first set apart."""
        return self.marks.get(singulars(term)[0])

    def most(self, term: str) -> Place | None:
        """The section that has the term most often, if the chapter has it often."""
        stem = singulars(term)[0]
        if self.text.count(stem) < OFTEN:  # what follows is slow, and most terms end here
            return None
        word = re.compile(rf"\b{re.escape(stem)}(?:s|es)?\b")
        counts = {anchor: len(word.findall(text)) for anchor, (_, text) in self.sections.items()}
        if sum(counts.values()) < OFTEN:
            return None
        anchor = max(counts, key=lambda name: counts[name])
        return self.chapter, anchor, self.sections[anchor][0]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come after `lists`."""
    app.add_directive("index-of-terms", IndexOfTerms)
    app.add_post_transform(FillIndex)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
