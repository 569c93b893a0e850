"""Figures of names and batches: arrays in, `(fig, ax)` out. Import them from `lstm_lib.figures.recurring`."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_names
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, WIDTH, AxesArray


def length_and_letter_histograms(
    lengths: ArrayLike, letter_counts: ArrayLike, letters: Sequence[str]
) -> tuple[Figure, AxesArray]:
    """Draw how long the names are (above) and how frequent each letter is, most frequent first (below).

    `lengths`: (N,), the letters in each name; `letter_counts`: (K,), how often each of the K `letters` occurs.
    """
    signs = parts.require_letters("letters", letters)
    sizes = parts.require_ids("lengths", lengths, (None,), 1000)
    counts = parts.require_array("letter_counts", letter_counts, (len(signs),))
    parts.require_within("letter_counts", counts, 0)
    if counts.sum() == 0:
        raise ValueError("letter_counts must hold at least one count above 0; got zeros only")
    order = np.argsort(-counts, kind="stable")
    fig, axes = plt.subplots(2, 1, figsize=(WIDTH, 4.6), layout="constrained")
    values, heights = np.unique(sizes, return_counts=True)
    axes[0].bar(values, heights, width=0.8, color=BAR)
    axes[0].set(xlabel="letters in the name", ylabel="names")
    axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes[1].bar([signs[k] for k in order], 100 * counts[order] / counts.sum(), width=0.8, color=BAR)
    axes[1].set(xlabel="letter", ylabel="share of all letters (%)")
    axes[1].tick_params(axis="x", length=0)
    axes[1].margins(x=0.01)
    return fig, axes


def split_overlap(
    by_row: ArrayLike, by_name: ArrayLike, held_out: Sequence[str] = ("validation", "test")
) -> tuple[Figure, Axes]:
    """Draw which share of the held-out names also stands in the training list, for two ways to split.

    `by_row`, `by_name`: (P,), shares in [0, 1], one for each of the P `held_out` parts.
    """
    groups = require_names(held_out, what="held_out")
    ways = {"split by row": by_row, "split by name": by_name}
    shares = {way: parts.require_array(f"shares, {way},", value, (len(groups),)) for way, value in ways.items()}
    for way, share in shares.items():
        parts.require_within(f"shares, {way},", share, 0, 1)
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.9 * len(groups)), layout="constrained")
    styles = {"split by row": (-0.2, BAR, ""), "split by name": (0.2, "white", "//")}
    for way, (shift, colour, hatch) in styles.items():
        widths = 100 * shares[way]
        ax.barh(np.arange(len(groups)) + shift, widths, height=0.36, color=colour, hatch=hatch, edgecolor=BAR)
        for row, width in enumerate(widths):
            ax.text(width + 1, row + shift, f"{width:.0f} %, {way}", va="center")
    ax.set(xlim=(0, 100), xlabel="names that are also in train (%)", ylim=(len(groups) - 0.5, -0.5))
    ax.set_yticks(range(len(groups)), groups)
    ax.tick_params(axis="y", length=0)
    return fig, ax


def surprisal_strip(letters: Sequence[str], surprisals: ArrayLike) -> tuple[Figure, Axes]:
    """Colour a name letter by letter by surprisal: `letters`, T symbols with the end mark; `surprisals`, (T,), in nats.

    The colours run from 0 to 5 nats in every strip, so that two names can be compared; above 5 the colour stays.
    """
    signs = parts.require_letters("letters", letters)
    nats = parts.require_within("surprisals", parts.require_array("surprisals", surprisals, (len(signs),)), 0)
    fig, ax = plt.subplots(figsize=(WIDTH, 1.7), layout="constrained")
    image = ax.imshow(nats[None, :], vmin=0, vmax=5, aspect="auto", extent=(0.5, len(signs) + 0.5, 0, 1))
    for t, (sign, value, colour) in enumerate(
        zip(signs, nats, parts.readable(image.to_rgba(nats)), strict=True), start=1
    ):
        ax.text(t, 0.62, sign, ha="center", va="center", size=20, weight="bold", color=colour)
        ax.text(t, 0.2, f"{value:.2f}", ha="center", va="center", size=12, color=colour)
    ax.set_xticks(range(1, len(signs) + 1))
    ax.set(yticks=[], xlabel="step t")
    ax.spines[:].set_visible(False)
    fig.colorbar(image, ax=ax, label="nats", extend="max" if nats.max() > 5 else "neither", ticks=[0, 5])
    return fig, ax
