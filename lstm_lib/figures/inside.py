"""Figures of chapter 18: what units hold while names are read, and what was measured of them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray
from lstm_lib.tree import FloatArray

MARKS = (("o", BAR), ("D", INK), ("s", "white"), ("^", "white"), ("P", GREY))  # shape tells them apart, fill helps
ACROSS = 3  # names side by side in the atlas


def atlas(names: Sequence[str], values: Sequence[ArrayLike], *, quantity: str = "h") -> tuple[Figure, AxesArray]:
    """Draw all H units on several names: a picture for each name, a row for each unit, a column for each symbol read.

    `values`: for each name (letters + 1, H), the first row after the end mark. Colours have a sign, and one scale.
    """
    words = parts.require_letters("names", list(names))
    if len(values) != len(words):
        raise ValueError(f"values must hold one array for each of {len(words)} names; got {len(values)}")
    units = np.shape(values[0])[-1] if np.ndim(values[0]) == 2 else None
    tables = [
        parts.require_array(f"values[{k}]", each, (len(word) + 1, units))
        for k, (word, each) in enumerate(zip(words, values, strict=True))
    ]
    limit = max(float(np.abs(each).max()) for each in tables) or 1.0
    rows = -(-len(words) // ACROSS)
    size = (WIDTH, 0.8 + rows * (0.45 + 0.175 * tables[0].shape[1]))
    fig, axes = plt.subplots(rows, ACROSS, figsize=size, sharey=True, squeeze=False, layout="constrained")
    for ax, word, table in zip(axes.flat, words, tables, strict=False):
        image = ax.imshow(table.T, vmin=-limit, vmax=limit, cmap="PuOr", aspect="auto")
        ax.set_xticks(range(len(word) + 1), [".", *word])
        _bare(ax)
    for ax in axes.flat[len(words) :]:
        ax.set_visible(False)
    axes[0, 0].set_yticks(range(tables[0].shape[1]))
    for ax in axes[:, 0]:
        ax.set_ylabel("unit")
    fig.colorbar(image, ax=axes, label=quantity, orientation="horizontal", aspect=40, pad=0.02)
    return fig, axes


def _bare(ax: Axes) -> None:
    """Neither frame nor ticks, but their labels."""
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def controls(rows: Mapping[str, Mapping[str, float]], *, quantity: str) -> tuple[Figure, Axes]:
    """Draw a row for each thing that was measured, and in it a mark for each control: {row: {control: value}}.

    All rows hold the same one to five controls, in the same order.
    """
    if not rows or any(list(row) != list(next(iter(rows.values()))) for row in rows.values()):
        raise ValueError(f"rows must hold the same controls in every row; got {[list(row) for row in rows.values()]}")
    kinds = list(next(iter(rows.values())))
    if not 1 <= len(kinds) <= len(MARKS):
        raise ValueError(f"rows must hold one to {len(MARKS)} controls; got {kinds}")
    table = parts.require_array("rows", [list(row.values()) for row in rows.values()], (len(rows), len(kinds)))
    fig, ax = plt.subplots(figsize=(WIDTH, 1.1 + 0.42 * len(rows)), layout="constrained")
    places = np.arange(len(rows))
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.hlines(places, table.min(axis=1), table.max(axis=1), color=GREY, linewidth=0.9)
    for kind, column, (marker, fill) in zip(kinds, table.T, MARKS, strict=False):
        ax.plot(column, places, marker, color=INK, markerfacecolor=fill, markersize=8, label=kind, clip_on=False)
    ax.set(xlabel=quantity, ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(places, list(rows))
    ax.tick_params(axis="y", length=0)
    handles, labels = ax.get_legend_handles_labels()
    look = {"ncols": 3, "fontsize": SMALL, "handletextpad": 0.1, "columnspacing": 1}
    fig.legend(handles, labels, loc="outside upper right", **look)
    return fig, ax


def damage(
    costs: ArrayLike, questions: Sequence[str], *, quantity: str = "thousandths of a nat"
) -> tuple[Figure, AxesArray]:
    """Draw what each of H units costs when it is off, `costs` (H, K): a row a unit, a column of bars a question."""
    names = parts.require_letters("questions", list(questions))
    table = parts.require_array("costs", costs, (None, len(names)))
    size = (WIDTH, 0.9 + 0.24 * len(table))
    fig, axes = plt.subplots(1, len(names), figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained")
    for ax, name, column in zip(axes[0], names, table.T, strict=True):
        bars = ax.barh(range(len(table)), column, height=0.65, color=BAR)
        rounded = [f"{each:.0f}".replace("-", "\u2212") for each in column.tolist()]
        ax.bar_label(bars, rounded, padding=2, fontsize=SMALL)
        ax.set(xlabel=name, xticks=(), ylim=(len(table) - 0.5, -0.5))
        ax.margins(x=0.3)
        ax.axvline(0, color=GREY, linewidth=0.8)
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.tick_params(axis="y", length=0)
    axes[0, 0].set_yticks(range(len(table)))
    axes[0, 0].set_ylabel("unit that is off")
    fig.supxlabel(quantity, fontsize=SMALL)
    return fig, axes[0]


def letters_that_mattered(letters: Sequence[str], methods: Mapping[str, ArrayLike]) -> tuple[Figure, AxesArray]:
    """Draw a lane of bars for each method: how much each of the T letters mattered for one guess.

    `methods`: a name to (T,), in one unit; all lanes share one scale, and each number is written at its bar.
    """
    signs = parts.require_letters("letters", letters)
    names = parts.require_named("methods", methods)
    lanes = [parts.require_array(f"methods[{name!r}]", methods[name], (len(signs),)) for name in names]
    everything = np.concatenate([[0.0], *lanes])
    low, high = float(everything.min()), float(everything.max())
    room = 0.3 * (high - low) or 1.0
    size = (WIDTH, 0.6 + 1.15 * len(lanes))
    fig, axes = plt.subplots(len(lanes), 1, sharex=True, squeeze=False, figsize=size, layout="constrained")
    for ax, name, lane in zip(axes[:, 0], names, lanes, strict=True):
        ax.axhline(0, color=GREY, linewidth=0.8)
        bars = ax.bar(range(len(signs)), lane, width=0.6, color=BAR)
        ax.bar_label(bars, [parts.two_places(each) for each in lane.tolist()], padding=2, fontsize=SMALL)
        ax.set(ylim=(low - room, high + room), yticks=(), ylabel=name.replace(" ", "\n", 1))
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.tick_params(axis="x", length=0)
    axes[-1, 0].set_xticks(range(len(signs)), signs, size=14)
    axes[-1, 0].set_xlabel("letter read")
    return fig, axes[:, 0]


def letter_maps(
    maps: Mapping[str, ArrayLike], letters: Sequence[str], marked: Sequence[str]
) -> tuple[Figure, AxesArray]:
    """Draw letters as points of a plane, a panel for each map {name: (K, 2)}; those in `marked` stand in a ring."""
    signs = parts.require_letters("letters", letters)
    chosen = set(parts.require_letters("marked", marked))
    names = parts.require_named("maps", maps)
    planes = [parts.require_array(f"maps[{name!r}]", maps[name], (len(signs), 2)) for name in names]
    rows = -(-len(planes) // 2)
    fig, axes = plt.subplots(rows, 2, squeeze=False, figsize=(WIDTH, 2.75 * rows), layout="constrained")
    for ax, name, points in zip(axes.flat, names, planes, strict=False):
        _letters(ax, points, signs, chosen)
        reach = 1.15 * float(np.abs(points).max()) or 1.0
        ax.set(xlabel=name, xlim=(-reach, reach), ylim=(-reach, reach), xticks=(), yticks=(), aspect="equal")
        ax.spines[:].set_visible(True)
    for ax in axes.flat[len(planes) :]:
        ax.set_visible(False)
    return fig, axes.flat[: len(planes)]


def _letters(ax: Axes, points: FloatArray, signs: list[str], chosen: set[str]) -> None:
    """Write each letter at its point, the chosen ones bold and in a ring."""
    for sign, (x, y) in zip(signs, points.tolist(), strict=True):
        inside = sign in chosen
        if inside:
            ax.plot(x, y, "o", color=INK, markerfacecolor=PALE, markersize=15, markeredgewidth=1.2)
        weight = "bold" if inside else "normal"
        ax.text(x, y, sign, ha="center", va="center", weight=weight, color=INK if inside else GREY)
