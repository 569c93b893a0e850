"""Sphinx extension: the text of the book by sections, from which the search shows the words around what it found.

Sphinx's own search fetches each page that it found and cuts it up: a browser forbids that from the disk, and formulas
show as TeX. Here the text is one script, `_static/excerpts.js`, which only the search page loads.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from plain_math import to_text
from references import targets
from sphinx.application import Sphinx

SILENT = (
    nodes.comment,
    nodes.raw,
    nodes.literal_block,
    nodes.system_message,
    nodes.image,
    nodes.substitution_definition,
)
Section = tuple[str, str, str]  # anchor, title, text


def words(node: nodes.Node) -> Iterator[str]:
    """The text below a node in pieces, with formulas as plain text; code and what it prints are left out."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.math | nodes.math_block):
        yield f" {to_text(node.astext())} " if isinstance(node, nodes.math_block) else to_text(node.astext())
    elif not isinstance(node, (*SILENT, nodes.section)) and "cell_output" not in node.get("classes", []):
        for child in node.children:
            yield from words(child)
        if not isinstance(node, nodes.Inline):
            yield " "


def text_of(section: nodes.Element) -> str:
    """What stands in a section itself, without its title and the sections within it."""
    children = (child for child in section.children if not isinstance(child, nodes.title | nodes.section))
    return " ".join("".join(piece for child in children for piece in words(child)).split())


def sections(document: nodes.document) -> list[Section]:
    """The sections of a page, and each entry of a glossary as one of its own."""
    found = [(node["ids"][0], node[0].astext(), text_of(node)) for node in document.findall(nodes.section)]
    for term in document.findall(nodes.term):
        if term["ids"]:
            meaning = " ".join(
                "".join(piece for part in term.parent.findall(nodes.definition) for piece in words(part)).split()
            )
            found.append((term["ids"][0], term.astext(), meaning))
    return found


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the script when all pages are written: their formulas have been made by then."""
    if exception is not None or app.builder.format != "html":
        return
    pages = {page: sections(app.env.get_doctree(page)) for page in sorted(app.env.found_docs)}
    numbers = {
        name: f"{target.page}.html#{target.anchor}"
        for found in targets(app.env).values()
        for name, target in found.items()
        if not name.startswith("term ")
    }
    text = json.dumps({"pages": pages, "numbers": numbers}, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "excerpts.js").write_text(f"window.excerpts = {text};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("build-finished", write)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
