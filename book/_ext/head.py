"""Sphinx extension: what search engines, messengers and other sites learn about a page: description, address, picture.

The address of the published book is `html_baseurl`, or follows from the repository on GitHub. Until that has an owner,
a page names no address of its own.
"""

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from excerpts import words
from sphinx.application import Sphinx
from sphinx.config import Config

LONGEST = 200
OWN = re.compile(r'<meta content="([^"]*)" name="description"')
GITHUB = re.compile(r"https://github\.com/([\w-]+)/([\w.-]+?)/?$")


def address_of(config: Config) -> str:
    """Where the book is published, with a slash at its end; empty when nobody knows yet."""
    if config.html_baseurl:
        return f"{config.html_baseurl.rstrip('/')}/"
    found = GITHUB.match(config.html_theme_options.get("repository_url", ""))
    if found is None or found[1] == "YOUR_NAME":
        return ""
    owner, name = found.groups()
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"


def first_sentences(document: nodes.document) -> str:
    """As many whole sentences from the first paragraph as a description may hold, or as many words of the first one."""
    paragraph = next(iter(document.findall(nodes.paragraph)), None)
    text = " ".join("".join(words(paragraph)).split()) if paragraph else ""
    if len(text) <= LONGEST:
        return text
    whole = re.match(rf".{{40,{LONGEST}}}[.!?](?= )", text)
    return whole[0] if whole else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Hand the layout a description, which its own front matter may give, and the address of the page."""
    own = OWN.search(context.get("metatags") or "")
    context["described"] = bool(own)
    text = unescape(own[1]) if own else first_sentences(document) if document else ""
    context["description"] = escape(
        text or "A book about a machine that invents names, built, derived and checked in NumPy."
    )
    address = address_of(app.config)
    context["site_address"] = address
    context["page_address"] = f"{address}{page}.html" if address else ""
    if page == "404":
        titles, root = app.env.titles, app.config.root_doc
        order = app.env.toctree_includes.get(root, [])
        context["all_pages"] = [(f"{name}.html", titles[name].astext()) for name in order]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("html-page-context", describe)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
