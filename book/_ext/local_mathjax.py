"""Sphinx extension: puts MathJax into the built book, so that no page loads it from another host.

The files come from the package django-static-mathjax, which holds MathJax 3.2.2 (Apache-2.0). Only the script that
`mathjax_path` in `_config.yml` names is copied, and the fonts that it looks for beside itself.
Left out: MathJax's context menu and speech rules, which need 5 MB more.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

PACKAGE = "django-static-mathjax==3.2.2.1"
SCRIPT = "tex-chtml.js"
FONTS = "output/chtml/fonts/woff-v2"
FONT_COUNT = 23  # MathJax 3 has 23 .woff files for this output
REMEDY = f'Install it with: pip install "{PACKAGE}" (it stands in requirements.txt), then build again.'


class MathJaxMissingError(SphinxError):
    """MathJax cannot be copied into the book."""

    category = "MathJax is missing"


def find_mathjax(package: str = "mathjax") -> Path:
    """The folder es5 of the installed package; raises MathJaxMissingError when a file is not there."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MathJaxMissingError(f"the Python package {PACKAGE} is not installed. {REMEDY}")
    source = Path(spec.submodule_search_locations[0]) / "static" / "mathjax" / "es5"
    if not (source / SCRIPT).is_file():
        raise MathJaxMissingError(f"{SCRIPT} is not in {source}. {REMEDY}")
    fonts = len(list((source / FONTS).glob("*.woff")))
    if fonts < FONT_COUNT:
        raise MathJaxMissingError(f"{source / FONTS} holds {fonts} fonts, {FONT_COUNT} are needed. {REMEDY}")
    return source


def copy_mathjax(source: Path, target: Path) -> None:
    """Copy the script and its fonts from `source` to `target`, which is made where it does not exist."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / SCRIPT, target / SCRIPT)
    shutil.copytree(source / FONTS, target / FONTS, dirs_exist_ok=True)


def check_before_build(app: Sphinx) -> None:
    """Fail in the first second of a build rather than in its last."""
    find_mathjax()


def copy_after_build(app: Sphinx, exception: Exception | None) -> None:
    """Copy MathJax next to the book's own static files, once the pages have been written."""
    if exception is None and app.builder.format == "html":
        copy_mathjax(find_mathjax(), Path(app.outdir) / "_static" / "mathjax")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("builder-inited", check_before_build)
    app.connect("build-finished", copy_after_build)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
