"""Figures of chapter 15: the tree of names, and how much the most probable ones hold. Arrays in, `(fig, ax)` out."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, SMALL, WIDTH, Label

THICK, THIN, ROW, FORK = 16.0, 0.7, 0.36, 1.0  # widest and thinnest branch, in points; inches a leaf; room at the root
CURVES = (("-", BAR, 2.2), ("--", BAR, 1.8), (":", INK, 1.8), ("-.", GREY, 1.8))


def name_tree(
    leaves: Sequence[str], p: Mapping[str, float], root: str, notes: Mapping[str, str]
) -> tuple[Figure, Axes]:
    """Draw the beginnings of some names as a tree that grows to the right, each branch as wide as its probability.

    `leaves`: texts that begin with `root`, from top to bottom, those with a common beginning side by side; `p`: the
    probability of each beginning on the way, root and leaves included, in (0, 1]; `notes`: what stands beside a leaf.
    A branch thinner than a line is drawn as a line.
    """
    names = parts.require_letters("leaves", leaves)
    texts = _beginnings(names, root, p)
    places = _places(names, texts)
    widest = max(p[text] for text in texts[1:])
    longest = max(map(len, names)) - len(root)
    bend = np.linspace(0, 1, 20)
    fig, ax = plt.subplots(figsize=(WIDTH, 0.3 + ROW * len(names)), layout="constrained")
    for text in texts[1:]:
        x, low, high = FORK + len(text) - len(root), places[text[:-1]], places[text]
        heights = low + (high - low) * bend**2 * (3 - 2 * bend)
        width = max(THIN, THICK * p[text] / widest)
        start = 0.1 if text[:-1] == root else x - 0.8
        ax.plot(start + (x - 0.2 - start) * bend, heights, "-", color=BAR, linewidth=width, solid_capstyle="butt")
        ax.text(x, high, text[-1], ha="center", va="center", size=15, weight="bold")
        if text in notes:
            ax.text(x + 0.3, high, notes[text], va="center", size=SMALL)
    ax.text(0, places[root], root, ha="right", va="center", size=15, weight="bold")
    ax.set(xlim=(-0.6, longest + 3.1), ylim=(len(names) - 0.4, -0.6))
    ax.axis("off")
    return fig, ax


def _beginnings(names: list[str], root: str, p: Mapping[str, float]) -> list[str]:
    """All texts of the tree, the root first; ValueError for a leaf that does not begin with it, or lacks its p."""
    for name in names:
        if not name.startswith(root) or name == root:
            raise ValueError(f"each of leaves must begin with root, {root!r}, and go on; got {name!r}")
    texts = list(dict.fromkeys(name[:k] for name in names for k in range(len(root), len(name) + 1)))
    missing = [text for text in texts if not 0 < p.get(text, 0) <= 1]
    if missing:
        raise ValueError(f"p must hold a probability in (0, 1] for each beginning; got none for {missing[0]!r}")
    return texts


def _places(names: list[str], texts: list[str]) -> dict[str, float]:
    """The height of each text: leaves in rows, a beginning in the middle of what grows out of it."""
    places = {name: float(row) for row, name in enumerate(names)}
    for text in sorted(texts, key=len, reverse=True):
        above = [places[each] for each in texts if each[:-1] == text and len(each) == len(text) + 1]
        if text not in places:
            places[text] = (min(above) + max(above)) / 2
    return places


def mass_by_rank(curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> tuple[Figure, Axes]:
    """Draw which share the most frequent names hold together, against how many they are, on a logarithmic axis.

    `curves`: up to four labels, each with numbers of names (K,), rising from 1 on, and their shares (K,) in [0, 1].
    """
    labels = parts.require_named("curves", curves)
    if len(labels) > len(CURVES):
        raise ValueError(f"curves must have at most {len(CURVES)} labels; got {len(labels)}")
    drawn = {}
    for label in labels:
        ranks = parts.require_within(label, parts.require_array(label, curves[label][0], (None,)), 1)
        drawn[label] = (
            ranks,
            parts.require_within(label, parts.require_array(label, curves[label][1], ranks.shape), 0, 1),
        )
    fig, ax = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    ends = []
    for (label, (ranks, shares)), (dash, colour, width) in zip(drawn.items(), CURVES, strict=False):
        ax.plot(ranks, 100 * shares, linestyle=dash, color=colour, linewidth=width)
        ends.append(Label(100 * float(shares[-1]), label, colour))
    ax.set(xscale="log", xlabel="names, the most frequent or probable first", ylabel="share (%)", ylim=(-2, 102))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.xaxis.set_minor_formatter(lambda value, _: "")
    parts.label_right(ax, ends)
    return fig, ax
