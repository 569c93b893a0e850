"""Sphinx extension: the book's frame. Its style and script are each one file; what the theme ships besides is left out.

The sources are `book/_css/*.css` and `book/_js/*.js`, joined in the order of their names. The page itself is
`book/_templates/layout.html`, which takes the contents and the buttons from the theme.
"""

import shutil
from pathlib import Path
from typing import Any

from components import CHAPTERS
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# What the theme and the extensions ship into `_static`.
UNUSED = (
    "scripts", "styles", "vendor", "locales", "images", "*webpack-macros.html", "sphinx-thebe.*", "mystnb.*",
    "basic.css", "pygments.css", "sphinx-design*", "design-tabs.js", "file.png", "minus.png", "plus.png",
)  # fmt: skip


def join_sources(app: Sphinx) -> None:
    """Write `_static/book.css`, which each page brings along, and `_static/book.js`, which each page asks for."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for kind in ("css", "js"):
        sources = sorted((Path(app.srcdir) / "book" / f"_{kind}").glob(f"*.{kind}"))
        text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
        (static / f"book.{kind}").write_text(text, encoding="utf-8")
    app.add_js_file("book.js", priority=900, loading_method="defer")


def chapters(env: BuildEnvironment) -> list[str]:
    """The chapters in the order of the contents."""
    return [page for page in env.toctree_includes.get(env.config.root_doc, []) if page.startswith(CHAPTERS)]


def add_progress(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """How far through the book a chapter is: `progress.done` of `progress.all`."""
    order = chapters(app.env)
    if page in order:
        context["progress"] = {"done": order.index(page) + 1, "all": len(order)}


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Take the theme's own scripts, styles and icon fonts out of the built book: no page asks for them."""
    if exception is None and app.builder.format == "html":
        for pattern in UNUSED:
            for path in (Path(app.outdir) / "_static").glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("builder-inited", join_sources)
    app.connect("html-page-context", add_progress)
    app.connect("build-finished", remove_unused, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
