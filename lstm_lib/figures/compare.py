"""Figures of chapter 16: models compared, with what chance could change. Arrays in, `(fig, ax)` out."""

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray
from lstm_lib.figures.recurring import NATS
from lstm_lib.tree import FloatArray

STYLES = (("-", "o", BAR), ("--", "s", "#7D7C78"), ("-.", "^", "#8F8760"))  # dash, marker, colour


def resampled(means: ArrayLike, interval: ArrayLike) -> tuple[Figure, Axes]:
    """Draw the mean surprises (R,) of resampled lists as a histogram over `interval`, (3,): value, low, high."""
    drawn = parts.require_array("means", means, (None,))
    ends = parts.require_array("interval", interval, (3,)).tolist()
    fig, ax = plt.subplots(layout="constrained")
    ax.axvspan(ends[1], ends[2], color=PALE, zorder=0)
    ax.hist(drawn, bins=50, color=BAR)
    top = ax.get_ylim()[1]
    for at, text in zip(ends, ("the test list", "95 % from", "to"), strict=True):
        ax.plot([at, at], [0, 1.04 * top], "-", color=INK, linewidth=1.2)
        ax.text(at, 1.07 * top, f"{text}\n{at:.3f}", ha="center", va="bottom", size=SMALL)
    ax.set(xlabel=f"mean of a resampled list ({NATS})", ylabel="resampled lists", ylim=(0, 1.3 * top))
    return fig, ax


def name_by_name(
    one: ArrayLike, other: ArrayLike, labels: tuple[str, str], marked: Mapping[str, int]
) -> tuple[Figure, Axes]:
    """Draw each of N names as a dot: its mean surprise under the two models that `labels` names, and the diagonal.

    `one`, `other`: (N,); `marked`: a name to its place 0..N-1, written at its dot.
    """
    across = parts.require_within("one", parts.require_array("one", one, (None,)), 0)
    up = parts.require_within("other", parts.require_array("other", other, across.shape), 0)
    places = parts.require_ids("marked", list(marked.values()), (None,), len(across))
    fig, ax = plt.subplots(figsize=(WIDTH, 4.8), layout="constrained")
    edge = 1.06 * max(float(across.max()), float(up.max()))
    ax.plot([0, edge], [0, edge], "-", color=GREY, linewidth=0.9)
    for dots in _clouds(across, up):
        ax.add_patch(PathPatch(dots, fill=False, edgecolor=BAR, linewidth=2, capstyle="round", alpha=0.4))
    for name, place in zip(marked, places.tolist(), strict=True):
        ax.plot(across[place], up[place], "o", color=INK, markersize=6, markerfacecolor="none")
        ax.annotate(name, (across[place], up[place]), (7, -3), textcoords="offset points", va="top", size=SMALL)
    ax.set(xlim=(0, edge), ylim=(0, edge), aspect="equal")
    ax.set(xlabel=f"{labels[0]} (nats per symbol)", ylabel=f"{labels[1]} (nats per symbol)")
    for x, y, side, better in ((0.97, 0.03, "right", labels[1]), (0.03, 0.94, "left", labels[0])):
        ax.text(x, y, f"{better}: less surprised", transform=ax.transAxes, ha=side, size=SMALL, color=GREY)
    return fig, ax


def _clouds(across: FloatArray, up: FloatArray) -> list[Path]:
    """The points (N,) as eight paths of dots: eight parts of a picture, not N. It is darker where paths meet."""
    clouds = []
    for part in range(8):
        points = np.stack([across[part::8], up[part::8]], axis=1)
        dots = Path(np.repeat(points, 2, axis=0), [Path.MOVETO, Path.CLOSEPOLY] * len(points))
        dots.should_simplify = False  # which would leave out what is so short
        clouds.append(dots)
    return clouds


def whiskers(
    intervals: Mapping[str, ArrayLike], seeds: Mapping[str, ArrayLike], *, quantity: str, limit: float = math.inf
) -> tuple[Figure, Axes]:
    """Draw a row for each model, the best at the bottom: a dot with its interval, a ring for each seed.

    `intervals`: a name to (3,), value, low, high; `seeds`: a name to the values (S,) of S runs. A name may stand in
    one or in both. A line marks 0 where values lie below it; values above `limit` are only written, at the edge.
    """
    rows, rings = _arrays("intervals", intervals, (3,)), _arrays("seeds", seeds, (None,))
    centres = {name: float(row.mean()) for name, row in rings.items()}
    centres |= {name: float(row[0]) for name, row in rows.items()}
    order = sorted(centres, key=lambda name: -centres[name])
    near = [row for each in (rows, rings) for name, row in each.items() if centres[name] <= limit]
    if not near:
        raise ValueError(f"at least one row must lie at or below the limit, {limit:g}; got {centres}")
    low, high = float(np.concatenate(near).min()), float(np.concatenate(near).max())
    room = 0.04 * (high - low) or 0.01
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.3 * len(order)), layout="constrained")
    right = high + 5 * room if low >= 0 else max(high + 5 * room, room)
    ax.set(xlim=(low - room, right), ylim=(len(order) - 0.5, -0.5), xlabel=quantity)
    for place, name in enumerate(order):
        if centres[name] > limit:
            text = f"{centres[name]:.3f} \u2192"
            ax.text(1, place, text, transform=ax.get_yaxis_transform(), ha="right", va="center", size=SMALL)
        else:
            _whisker(ax, place, centres[name], rows.get(name, np.empty(0)), rings.get(name, np.empty(0)))
    if low < 0:
        ax.axvline(0, color=GREY, linewidth=0.9)
    ax.set_yticks(range(len(order)), order)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="y", length=0)
    return fig, ax


def _arrays(what: str, rows: Mapping[str, ArrayLike], shape: tuple[int | None, ...]) -> dict[str, FloatArray]:
    """A mapping's arrays, each of that shape; raise TypeError or ValueError otherwise."""
    if not isinstance(rows, Mapping):
        raise TypeError(f"{what} must be a mapping from a model's name to its numbers; got {rows!r}")
    return {name: parts.require_array(f"{what}[{name!r}]", row, shape) for name, row in rows.items()}


def _whisker(ax: Axes, place: int, centre: float, row: FloatArray, rings: FloatArray) -> None:
    """One row: a dot with its interval, (3,) or (0,), the rings of its seeds, (S,) or (0,), and its value."""
    ax.plot(row[1:], np.full(len(row[1:]), place), "-", color=BAR, linewidth=2.2)
    ax.plot(row[:1], np.full(len(row[:1]), place), "o", color=BAR, markersize=6.5)
    ax.plot(rings, np.full(len(rings), place - 0.3 * (len(row) > 0)), "o", color=INK, markersize=5, fillstyle="none")
    at, text = float(np.append(row, rings).max()), f"{centre:.3f}".replace("-", "\u2212")
    ax.annotate(text, (at, place), (8, 0), textcoords="offset points", va="center", size=SMALL)


def valley(weights: ArrayLike, nats: ArrayLike, best: float, ends: tuple[str, str]) -> tuple[Figure, Axes]:
    """Draw the nats (M,) of a mixture over the weight (M,) of its second model; `ends` names the two models."""
    across = parts.require_within("weights", parts.require_array("weights", weights, (None,)), 0, 1)
    up = parts.require_array("nats", nats, across.shape)
    fig, ax = plt.subplots(layout="constrained")
    ax.plot(across, up, "-", color=BAR)
    ax.axvline(best, ymax=0.42, color=INK, linewidth=1, linestyle=":")
    ax.plot(best, np.interp(best, across, up), "o", color=INK)
    ax.annotate(f"best: {best:.2f}", (best, 0.42), (5, 0), xycoords=ax.get_xaxis_transform(),
                textcoords="offset points", va="top", size=SMALL)  # fmt: skip
    for place, side, name in ((0, "left", ends[0]), (-1, "right", ends[1])):
        at, shift = (across[place], up[place]), (2, 8) if side == "left" else (-9, 0)
        ax.annotate(f"{name} alone", at, shift, textcoords="offset points", ha=side, size=SMALL)
        ax.plot(*at, "o", color=BAR)
    ax.set(xlabel=f"weight of {ends[1]}", ylabel=f"{NATS},\nvalidation")
    return fig, ax


def leak(lists: Mapping[str, Mapping[str, ArrayLike]]) -> tuple[Figure, AxesArray]:
    """Draw a panel for each list of names, with its own scale, and in it a row for each model.

    A row is (3,): nats of a leaky model on all test rows, on those with names that it never saw, and nats of a fair
    model, which saw none of these names, on all rows.
    """
    if not lists or not all(lists.values()):
        raise ValueError(f"lists must hold at least one list, and each at least one model; got {lists}")
    tables = {name: np.array(list(_arrays(name, rows, (3,)).values())) for name, rows in lists.items()}
    fig, axes = plt.subplots(
        len(lists), 1, squeeze=False, figsize=(WIDTH, 0.5 + 1.5 * len(lists)), layout="constrained"
    )
    looks = ("leaky, all rows", "o", BAR), ("leaky, unseen names", "o", "white"), ("fair, all rows", "D", INK)
    for ax, (name, table) in zip(axes[:, 0], tables.items(), strict=True):
        places = np.arange(len(table))
        ax.hlines(places, table.min(axis=1), table.max(axis=1), color=GREY, linewidth=0.9)
        for (label, marker, fill), nats in zip(looks, table.T, strict=True):
            ax.plot(nats, places, marker, color=INK, markerfacecolor=fill, markersize=8, label=label)
        ax.set(xlabel=f"{name}: {NATS}, test", ylim=(len(table) - 0.5, -0.5))
        ax.set_yticks(places, list(lists[name]))
        ax.tick_params(axis="y", length=0)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper right", ncols=3, fontsize=SMALL, handletextpad=0.1, columnspacing=1)
    return fig, axes[:, 0]


def where(
    positions: Mapping[str, ArrayLike], bands: Sequence[str], by_band: Mapping[str, ArrayLike]
) -> tuple[Figure, AxesArray]:
    """Draw nats by the place of the symbol in its name (left), and by how many bear the name (right).

    `positions`: up to three models, each with its nats (T,) at the symbols 1..T; `by_band`: the same models, each with
    its nats (K,) in the K `bands`.
    """
    labels = parts.require_letters("bands", bands)
    if not 1 <= len(positions) <= len(STYLES) or list(positions) != list(by_band):
        raise ValueError(f"positions and by_band must hold the same one to three models; got {[*positions, *by_band]}")
    left, right = _arrays("positions", positions, (None,)), _arrays("by_band", by_band, (len(labels),))
    fig, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.6), layout="constrained")
    for name, (dash, marker, colour) in zip(positions, STYLES, strict=False):
        for ax, up in ((axes[0], left[name]), (axes[1], right[name])):
            ax.plot(np.arange(1, len(up) + 1), up, linestyle=dash, marker=marker, color=colour, label=name)
    axes[0].set(xlabel="symbol of the name", ylabel=NATS)
    axes[1].set(xlabel="bearers of the name", ylabel=NATS)
    axes[1].set_xticks(range(1, len(labels) + 1), labels, size=SMALL)
    axes[0].xaxis.set_major_locator(MaxNLocator(integer=True))
    names = axes[0].get_legend_handles_labels()
    fig.legend(*names, loc="outside upper right", ncols=3, handletextpad=0.4, columnspacing=1.2)
    return fig, axes


def reliability(lines: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw how often a model was right over how sure it was, a line for each of up to three lists, and the diagonal.

    A line is (2, G): for each group of symbols the mean probability of the favourite, and the share in which it came.
    """
    if not 1 <= len(lines) <= len(STYLES):
        raise ValueError(f"lines must hold one to {len(STYLES)} lists of names; got {list(lines)}")
    checked = _arrays("lines", lines, (2, None))
    pairs = {name: parts.require_within(f"lines[{name!r}]", row, 0, 1) for name, row in checked.items()}
    fig, ax = plt.subplots(figsize=(WIDTH, 4.4), layout="constrained")
    ax.plot([0, 1], [0, 1], "-", color=GREY, linewidth=0.9)
    for (name, (sure, right)), (dash, marker, colour) in zip(pairs.items(), STYLES, strict=False):
        ax.plot(sure, right, linestyle=dash, marker=marker, color=colour, label=name)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.set(xlabel="probability of the favourite symbol", ylabel="share of times that it came")
    ax.legend(loc="upper left")
    return fig, ax
