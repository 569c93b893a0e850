"""Sphinx extension: a page brings its style sheets along, so that a browser can paint as soon as it has the page.

`layout.html` calls `style("book.css")`: the text of the sheet, packed, with its addresses as the page sees them.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s*\n\s*")
ADDRESS = re.compile(r'(url\("?)(?!data:|#)')


@cache
def packed(sheet: Path) -> str:
    """The text of a sheet without comments, empty lines and the space at the ends of lines."""
    return SPACE.sub("\n", COMMENT.sub("", sheet.read_text(encoding="utf-8"))).strip()


def offer_styles(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Hand the layout the function `style`, which takes the address of a sheet within `_static`."""
    folders = [Path(app.outdir, "_static"), *(Path(app.confdir, folder) for folder in app.config.html_static_path)]

    def style(sheet: str) -> str:
        path = next(path for folder in folders if (path := folder / sheet).is_file())
        folder = f"{context['content_root']}_static/{sheet}".rpartition("/")[0]
        return ADDRESS.sub(rf"\1{folder}/", packed(path))

    context["style"] = style


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("html-page-context", offer_styles)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
