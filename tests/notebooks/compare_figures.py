"""A plugin for pytest: nbval compares the figures too, which its rules for text leave out.

With the pinned Matplotlib a figure is compared by its words, styles and places; with another, which chooses other
numbers for the axes, by its words. So is one whose cell has the tag `rounding`: it shows what rounding does, which
every kind of processor does in its own way.
"""

from pathlib import Path

import matplotlib
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell
from pictures import FIGURE, difference, words

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
PINNED = f"matplotlib=={matplotlib.__version__}" in CONSTRAINTS.read_text(encoding="utf-8").splitlines()
compare_text = IPyNbCell.compare_outputs


def figures(outputs: list[NotebookNode]) -> list[str]:
    """The figures among the outputs of a cell."""
    shown = ("".join(out.get("data", {}).get("image/svg+xml", [])) for out in outputs)
    return [svg for svg in shown if svg.startswith(FIGURE)]


def compare(cell: IPyNbCell, new: list[NotebookNode], stored: list[NotebookNode], skip: tuple[str, ...] = ()) -> bool:
    """Whether a cell gives what is stored; nbval's own comparison finds that the numbers of figures are equal."""
    if not compare_text(cell, new, stored, skip):
        return False
    exact = PINNED and "rounding" not in cell.cell.metadata.get("tags", [])
    for old, again in zip(figures(stored), figures(new), strict=True):
        found = difference(old, again) if exact else "other words" * (words(old) != words(again))
        if found:
            cell.comparison_traceback.append(f"the figure is another one than the stored: {found}")
            return False
    return True


IPyNbCell.compare_outputs = compare
