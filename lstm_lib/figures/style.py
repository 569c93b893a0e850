"""The look of the book's figures: size, font and colours. A notebook stores them as SVG, the same from run to run.

The font is Source Sans 3 under another name, cut down; its letters stand in the picture as outlines, so that a figure
looks the same wherever it is shown. A reader's computer needs no font.
"""

import sys
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
from matplotlib import font_manager

# No date and no version in the picture; nothing cut off its edges, so that each is as wide as the style says.
SAVED_WITH: dict[str, Any] = {"bbox_inches": None, "metadata": dict.fromkeys(("Date", "Creator", "Format", "Type"))}


def use_book_style() -> None:
    """Give every figure made from now on the book's size, font and colours."""
    _add_fonts()
    plt.style.use("lstm_lib.figures.book")
    if "IPython" in sys.modules:
        _show_as_svg()


@cache
def _add_fonts() -> None:
    for weight in ("regular", "bold"):
        font_manager.fontManager.addfont(str(files("lstm_lib.figures").joinpath(f"fonts/book-sans-{weight}.ttf")))


def _show_as_svg() -> None:
    """Ask the notebook, where this runs in one, for SVG in place of PNG."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    inline = str(plt.get_backend(auto_select=False)).endswith("inline")
    if inline:  # in front of what the next line registers: it shows the figures and closes them
        shell.events.register("post_execute", _lay_out)
    from matplotlib_inline.config import InlineBackend

    settings: Any = InlineBackend.instance(parent=shell)
    settings.print_figure_kwargs = SAVED_WITH
    settings.figure_formats = {"svg"}
    if inline:
        plt.uninstall_repl_displayhook()  # it draws the figures as pixels, which nobody sees


def _lay_out() -> None:
    """Give the parts of each new figure their places."""
    for figure in map(plt.figure, plt.get_fignums()):
        engine = figure.get_layout_engine()
        if figure.stale and engine is not None:
            engine.execute(figure)
