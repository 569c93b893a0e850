"""Sphinx extension: a plain `jupyter-book build .` fails on any warning, as it does with `-W --keep-going`.

Sphinx warns about a page only when it reads that page, so a second build would be silent and green. After a build
with warnings the stored environment is therefore removed: the next build reads every page again.
"""

from pathlib import Path
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx


def forget_pages_after_warnings(app: Sphinx, exception: Exception | None) -> None:
    """Remove the stored environment when the build had warnings or failed."""
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension; must come first in the list, to count every later warning."""
    app.keep_going = True  # what `-W --keep-going` sets: all warnings are shown, then the build fails
    app.connect("build-finished", forget_pages_after_warnings)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
