"""Figures of chapter 10: the step of a gradient check, its errors, and which check sees which mistake."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_names
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, WIDTH, AxesArray

DOTS = (("o", BAR), ("^", "#D55E00"), ("s", "#009E73"))  # marker, colour
FLOOR = 1e-17  # an error of exactly 0 is drawn here: the axis is logarithmic


def step_curves(
    steps: ArrayLike, measured: Mapping[str, ArrayLike], predicted: Mapping[str, ArrayLike]
) -> tuple[Figure, Axes]:
    """Draw the relative error of a measured slope over the step, both axes logarithmic.

    `steps`: (S,), above 0; `measured`: at most three names, each to errors (S,), drawn as dots and named at the
    smallest step; `predicted`: some of the same names to errors (S,), drawn as lines. Errors above 1 are cut off.
    """
    across = parts.require_within("steps", parts.require_array("steps", steps, (None,)), 1e-300)
    names = parts.require_named("measured", measured)
    if len(names) > len(DOTS) or not set(predicted) <= set(names):
        raise ValueError(f"measured has at most three names, predicted some of them; got {names} and {[*predicted]}")
    shape = across.shape
    dots = {name: parts.require_within(name, parts.require_array(name, measured[name], shape), 0) for name in names}
    lines = {name: parts.require_array(f"predicted {name}", predicted[name], shape) for name in predicted}
    fig, ax = plt.subplots(figsize=(WIDTH, 3.7), layout="constrained")
    for (name, errors), (marker, colour) in zip(dots.items(), DOTS, strict=False):
        ax.plot(across, np.maximum(errors, FLOOR), marker, color=colour, markersize=4, label=name)
        if name in lines:
            ax.plot(across, lines[name], "-", color=colour, linewidth=1.2)
    least = max(FLOOR, min(float(errors.min()) for errors in dots.values()))
    ax.set(xscale="log", yscale="log", xlabel="step δ", ylabel="relative error of the slope", ylim=(least / 3, 3))
    parts.decades(ax.xaxis)
    parts.decades(ax.yaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.2, columnspacing=1)
    return fig, ax


def gap(right: Mapping[int, int], wrong: Sequence[float], limit: float) -> tuple[Figure, AxesArray]:
    """Draw how large errors are: of right gradients, above, and of wrong ones, below; and the limit between.

    `right`: a power of ten to the number of checks whose error lies below it, and not below the next smaller power;
    `wrong`: the errors of wrong gradients; `limit`: the largest error that passes.
    """
    powers = parts.require_array("right", list(right), (None,))
    counts = parts.require_within("right", parts.require_array("right", list(right.values()), (None,)), 0)
    errors = parts.require_within("wrong", parts.require_array("wrong", wrong, (None,)), 1e-300)
    low, high = int(powers.min()) - 1, 0
    below, _ = np.histogram(np.log10(errors), bins=np.arange(low, high + 1))
    fig, axes = plt.subplots(2, 1, figsize=(WIDTH, 3.2), sharex=True, layout="constrained")
    for ax, at, heights, hatch, name, side in (
        (axes[0], powers - 0.5, counts, "", "right gradients", 1),
        (axes[1], np.arange(low, high) + 0.5, below, "////", "wrong gradients", 0),
    ):
        ax.bar(at, heights, width=0.9, color=BAR if not hatch else PALE, edgecolor=INK, hatch=hatch, linewidth=0.8)
        ax.axvline(np.log10(limit), color=INK, linewidth=1.4, linestyle="--")
        ax.set_ylabel("checks")
        place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "top"}
        ax.annotate(name, (side, 1), (4 - 8 * side, -2), ha="right" if side else "left", **place)
    axes[1].set(xlim=(low, high), xlabel="relative error of the worst tensor")
    ticks = range(low, high + 1, 2)
    axes[1].set_xticks(ticks, [f"10{str(power).translate(parts.RAISED)}" for power in ticks])
    return fig, axes


def detection(
    caught: ArrayLike, mistakes: Sequence[str], checks: Sequence[str], groups: Mapping[str, int]
) -> tuple[Figure, Axes]:
    """Draw which check catches which mistake: full always, hatched sometimes, empty never.

    `caught`: (R, C), the share of examples on which check c catches mistake r; `mistakes`: R names; `checks`: C names;
    `groups`: the name of each group of rows to how many it has, in order, R in all.
    """
    rows, columns = require_names(mistakes, what="mistakes"), require_names(checks, what="checks")
    share = parts.require_within("caught", parts.require_array("caught", caught, (len(rows), len(columns))), 0, 1)
    if sum(groups.values()) != len(rows):
        raise ValueError(f"groups must have {len(rows)} rows in all; got {dict(groups)}")
    fig, ax = plt.subplots(figsize=(WIDTH, 1.9 + 0.25 * len(rows)), layout="constrained")
    for r, c in np.ndindex(share.shape):
        _cell(ax, c, r, float(share[r, c]))
    edges = np.cumsum([0, *groups.values()])
    for edge in edges[1:-1]:
        ax.axhline(edge - 0.5, color=INK, linewidth=1.2)
    ax.set_xticks(range(len(columns)), columns, rotation=90)
    ax.set_yticks(range(len(rows)), rows)
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(length=0, pad=3)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.spines[:].set_visible(False)
    return fig, ax


def _cell(ax: Axes, c: int, r: int, share: float) -> None:
    face, hatch = (BAR, "") if share == 1 else ("white", "////" if share else "")
    corner = (c - 0.42, r - 0.42)
    ax.add_patch(Rectangle(corner, 0.84, 0.84, facecolor=face, edgecolor=GREY, hatch=hatch, linewidth=0.8))
