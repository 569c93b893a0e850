"""Sphinx extension: KaTeX turns each formula into HTML and MathML when the book is built; no page runs a script for it.

KaTeX (MIT) is JavaScript: `katex/katex.min.js` beside this file runs in QuickJS, a Python package: nobody needs Node.
The same release gives `_static/katex/`: its style sheet, its fonts, and the small script that copies TeX.
"""

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import quickjs
from docutils import nodes
from numbered import EQUATION, anchor
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger
from sphinx.writers.html5 import HTML5Translator

UNBROKEN = 18  # letters of TeX; a shorter formula stays on one line
SCRIPT = Path(__file__).parent / "katex" / "katex.min.js"
RENDER = """
function render(tex, display) {
  return JSON.stringify(katex.renderToString(tex, {displayMode: display, strict: "error", throwOnError: true}));
}
"""
logger = getLogger(__name__)


@cache
def renderer() -> Any:
    """KaTeX, loaded once."""
    context = quickjs.Context()
    context.eval(SCRIPT.read_text(encoding="utf-8"))
    context.eval(RENDER)
    return context.get("render")


@cache
def to_html(tex: str, display: bool = False) -> str:
    """The formula as HTML with MathML inside; raises ValueError where KaTeX refuses it."""
    try:
        html: str = json.loads(renderer()(tex.strip(), display))  # the package cannot read QuickJS's long plain strings
    except quickjs.JSException as error:
        reason = str(error).splitlines()[0].removeprefix("ParseError: ")
        raise ValueError(f"{reason} (in the formula {tex.strip()!r})") from error
    return html


def breakable(html: str, tex: str) -> str:
    """A formula within a line may break after a relation or a sign, where KaTeX begins a new base, if it is long."""
    if len(tex) <= UNBROKEN:
        return html
    return html.replace('</span><span class="katex-base">', '</span><wbr><span class="katex-base">')


def write(self: HTML5Translator, node: nodes.Element, display: bool) -> None:
    """Put the formula into the page; a faulty one is a warning, which fails the build, and stands there as TeX."""
    tex = node.astext()
    try:
        html = to_html(tex, display)
    except ValueError as error:
        logger.warning("%s", error, location=node)
        html = f"<code>{escape(tex)}</code>"
    if display:
        number = EQUATION.search(tex)
        name = f' id="{anchor("equation", number[1])}"' if number else ""
        html = f'<div class="math"{name}>{html}</div>\n'
    else:
        html = breakable(html, tex)
    self.body.append(html)
    raise nodes.SkipNode


def write_inline(self: HTML5Translator, node: nodes.Element) -> None:
    """For `html_math_renderer`: a formula within a line."""
    write(self, node, display=False)


def write_block(self: HTML5Translator, node: nodes.Element) -> None:
    """For `html_math_renderer`: a formula on a line of its own."""
    write(self, node, display=True)


def add_files(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The style sheet, and the script for copying, on pages that have a formula, and on no other."""
    if 'class="katex"' in context.get("body", ""):
        app.add_css_file("katex/katex.css")
        app.add_js_file("katex/copy-tex.min.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.add_html_math_renderer("katex", inline_renderers=(write_inline, None), block_renderers=(write_block, None))
    app.connect("html-page-context", add_files)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
