"""Figures of chapter 20: a computation as a graph, its nodes numbered in the order in which they are given."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_names
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH
from lstm_lib.tree import FloatArray

LEAF, ROW = "leaf", 0.66  # the name of what was given; inches from one row to the next


def tape(names: Sequence[str], places: ArrayLike, arrows: ArrayLike, says: Sequence[str]) -> tuple[Figure, Axes]:
    """Draw K nodes as boxes: their number, from 1, and their operation; under it what the node is.

    `names`: (K,), the operations, "leaf" for a node that was given; `places`: (K, 2), column and row, row 0 at the
    bottom; `arrows`: (M, 2), from a node to one that is made from it, by index; `says`: (K,), what each node is, or "".
    """
    labels = require_names(names, what="names")
    count = len(labels)
    words = require_names(says, what="says")
    if len(words) != count:
        raise ValueError(f"says must have a word for each of {count} nodes; got {len(words)}")
    at = parts.require_within("places", parts.require_array("places", places, (count, 2)), 0)
    links = parts.require_ids("arrows", arrows, (None, 2), count)
    texts = [f"{number} {'given' if name == LEAF else name}\n{word}".rstrip()
             for number, (name, word) in enumerate(zip(labels, words, strict=True), start=1)]  # fmt: skip
    rows, columns = at[:, 1].max() + 1, np.ptp(at[:, 0]) + 1.1
    fig, ax = plt.subplots(figsize=(WIDTH, ROW * rows), layout="constrained")
    step = np.array([72 * WIDTH / columns, 72 * ROW])  # points from a column, and from a row, to the next
    for start, end in links.tolist():
        way = np.abs((at[end] - at[start]) * step) / np.linalg.norm((at[end] - at[start]) * step)
        shrink = {f"shrink{side}": _to_the_edge(texts[node], way) for side, node in (("A", start), ("B", end))}
        line = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.2, **shrink}
        ax.annotate("", at[end], at[start], arrowprops=line)
    for text, label, place in zip(texts, labels, at.tolist(), strict=True):
        box = {"boxstyle": "round,pad=0.3", "facecolor": PALE, "edgecolor": INK if label == LEAF else BAR, "lw": 1.2}
        ax.annotate(text, place, ha="center", va="center", size=SMALL, bbox=box)
    ax.set(xlim=(at[:, 0].min() - 0.55, at[:, 0].max() + 0.55), ylim=(-0.5, rows - 0.5))
    ax.axis("off")
    return fig, ax


def _to_the_edge(text: str, way: FloatArray) -> float:
    """Points from the middle of a box to its edge, in the direction `way`, (2,), of length 1, and a little more."""
    lines = text.splitlines()
    half = np.array([0.27 * SMALL * max(map(len, lines)) + 4, 0.62 * SMALL * len(lines) + 4])
    return float((half / np.maximum(way, 1e-9)).min()) + 2
