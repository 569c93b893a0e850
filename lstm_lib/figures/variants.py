"""Figures of chapter 21: what each network reaches, and how a scan reaches far in few rounds."""

import math
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray


def race(nats: Mapping[str, ArrayLike], solved: Mapping[str, ArrayLike], lags: ArrayLike) -> tuple[Figure, AxesArray]:
    """Draw a row for each network, the best on top: the seeds' nats on the left, the runs that solve a task right.

    `nats`: a name to (S,) numbers above 0, drawn as rings, their mean as a stroke, and a line from the least to the
    largest; `solved`: the same names, each to (K,) whole numbers of runs out of S; `lags`: (K,), written above.
    A dotted line marks the first name's mean.
    """
    names = parts.require_named("nats", nats)
    seeds = {n: parts.require_within(n, parts.require_array(f"nats[{n!r}]", nats[n], (None,)), 1e-9) for n in names}
    columns = parts.require_array("lags", lags, (None,))
    S = max(map(len, seeds.values()))
    if list(solved) != names:
        raise ValueError(f"solved must have the names of nats, {names}; got {list(solved)}")
    counts = {n: parts.require_ids(f"solved[{n!r}]", solved[n], columns.shape, S + 1) for n in names}
    order = sorted(names, key=lambda name: float(seeds[name].mean()))
    shape = {"width_ratios": (1.25, 1)}
    fig, axes = plt.subplots(1, 2, figsize=(WIDTH, 1.1 + 0.31 * len(order)), gridspec_kw=shape, layout="constrained")
    _nats(axes[0], [seeds[name] for name in order], float(seeds[names[0]].mean()))
    _counts(axes[1], [counts[name].tolist() for name in order], columns.tolist(), S)
    for ax in axes:
        ax.set_ylim(len(order) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(len(order)), order)
    return fig, axes


def _nats(ax: Axes, rows: list[np.ndarray], marked: float) -> None:
    """The left panel."""
    ax.axvline(marked, color=GREY, linewidth=0.9, linestyle=":")
    for place, row in enumerate(rows):
        ax.plot([row.min(), row.max()], [place, place], "-", color=BAR, linewidth=1.6)
        ax.plot(row, np.full(len(row), place), "o", color=INK, markersize=4.5, fillstyle="none")
        ax.plot(row.mean(), place, "|", color=BAR, markersize=13, markeredgewidth=2.4)
    ax.set_xlabel("names: nats per symbol")


def _counts(ax: Axes, rows: list[list[int]], lags: list[float], S: int) -> None:
    """The right panel: in each place a bar as long as the share of the runs that solve it."""
    for place, row in enumerate(rows):
        for column, count in enumerate(row):
            ax.add_patch(Rectangle((column - 0.4, place - 0.27), 0.8, 0.54, color=PALE))
            if count:
                ax.add_patch(Rectangle((column - 0.4, place - 0.27), 0.8 * count / S, 0.54, color=BAR))
    ax.set(xlim=(-0.5, len(lags) - 0.5), yticks=[])
    ax.set_xticks(range(len(lags)), [f"{lag:g}" for lag in lags])
    ax.set_xlabel(f"memory: runs of {S}\nthat solve k = ...")
    ax.tick_params(axis="x", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def scan_rounds(steps: int) -> tuple[Figure, Axes]:
    """Draw the rounds of a scan over `steps` steps, 2 to 16: in each place the steps that it stands for, first to last.

    An arrow joins a place to the one that it takes in. Places that stand for all steps up to their own are filled.
    """
    if not 2 <= steps <= 16:
        raise ValueError(f"steps must lie between 2 and 16; got {steps}")
    rounds = math.ceil(math.log2(steps))
    fig, ax = plt.subplots(figsize=(WIDTH, 0.5 + 0.85 * (rounds + 1)), layout="constrained")
    for level in range(rounds + 1):
        for t in range(1, steps + 1):
            first = max(1, t - 2**level + 1)
            _place(ax, t, -level, f"{t}" if first == t else f"{first}-{t}", done=first == 1)
            if level and t > 2 ** (level - 1):
                start, end = (t - 2 ** (level - 1), -level + 0.77), (t, -level + 0.25)
                ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=8, color=GREY, shrinkA=0,
                                             shrinkB=0, linewidth=0.9))  # fmt: skip
        ax.text(0.35, -level, f"round {level}" if level else "steps", ha="right", va="center", size=SMALL)
    ax.set(xlim=(-1.2, steps + 0.5), ylim=(-rounds - 0.4, 0.4))
    ax.axis("off")
    return fig, ax


def _place(ax: Axes, t: int, y: int, text: str, *, done: bool) -> None:
    """A box with what it stands for."""
    ax.add_patch(
        Rectangle((t - 0.42, y - 0.23), 0.84, 0.46, facecolor=PALE, edgecolor=BAR, linewidth=2.2 * done or 0.6)
    )
    ax.text(t, y, text, ha="center", va="center", size=SMALL, weight="bold" if done else "normal")
