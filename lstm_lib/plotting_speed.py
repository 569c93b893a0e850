"""Figures of chapter 19: where the time of a training step goes, and how it grows. They draw given measurements."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator
from numpy.typing import ArrayLike

from lstm_lib import plotting_parts as parts
from lstm_lib.arguments import require_names
from lstm_lib.plotting_parts import BAR, GREY, INK, AxesArray
from lstm_lib.tree import FloatArray

RUNNER_STYLES = ((":", "D", INK), ("-", "o", BAR), ("--", "s", "#A02C5A"), ("-.", "^", GREY))
LEAST = 1e-9


def waterfall(rungs: Mapping[str, float], products: float) -> tuple[Figure, Axes]:
    """Draw the time of each of K rungs as a bar; what a rung saved against the one before is hatched.

    `rungs`: a name to its milliseconds, the slowest way first; `products`: the milliseconds of the bare matrix
    products, a line that no rung can pass. Each bar tells its time, and how many times faster than the first it is.
    """
    names = _names("rungs", rungs)
    times = _positive("rungs", list(rungs.values()), (len(names),))
    limit = float(_positive("products", [products], (1,))[0])
    fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.42 * len(names)), layout="constrained")
    for row, time in enumerate(times.tolist()):
        ax.barh(row, time, height=0.62, color=BAR)
        saved = float(times[row - 1]) - time if row else 0.0
        if saved > 0:
            ax.barh(row, saved, left=time, height=0.62, color="white", edgecolor=GREY, hatch="////", linewidth=0.8)
        text = f"{time:.1f} ms" if row == 0 else f"{time:.1f} ms, {times[0] / time:.1f}×"
        ax.annotate(text, (time + max(saved, 0), row), (5, 0), textcoords="offset points", va="center", size=10.5)
    ax.axvline(limit, color=INK, linestyle="--", linewidth=1.4)
    ax.annotate(
        f"products alone: {limit:.1f} ms", (limit, len(names) - 0.45), (5, 0), textcoords="offset points", va="top"
    )
    ax.set(ylim=(len(names) + 0.15, -0.5), xlim=(0, 1.24 * times.max()), xlabel="milliseconds per training step")
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    return fig, ax


def roofline(
    series: Mapping[str, Mapping[int, Sequence[float]]], others: Mapping[str, Sequence[float]],
    *, peak: float, bandwidth: float,
) -> tuple[Figure, Axes]:  # fmt: skip
    """Draw speed against operations per byte, both logarithmic, under the roof min(peak, bandwidth * intensity).

    `series`: up to four ways, each a mapping from a number of rows to (operations per byte, billions of operations a
    second), joined by a line; the first one's points are named. `others`: the same for single named points.
    `peak` in billions of operations a second, `bandwidth` in billions of bytes a second.
    """
    ways = _names("series", series, len(RUNNER_STYLES))
    joined = {way: _points(f"series[{way!r}]", series[way]) for way in ways}
    single = _points("others", others)
    top, slope = _positive("peak and bandwidth", [peak, bandwidth], (2,)).tolist()
    every = np.concatenate([single, *joined.values()])
    low, high = every[:, 0].min() / 1.5, max(every[:, 0].max(), top / slope) * 3
    fig, ax = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    ax.set(xscale="log", yscale="log", xlim=(low, high))
    ax.set_ylim(min(slope * low, every[:, 1].min()) / 1.5, 1.6 * max(top, every[:, 1].max()))
    roof = np.array([low, top / slope, high])
    ax.plot(roof, np.minimum(top, slope * roof), "-", color=INK, linewidth=2.4)
    for (way, points), (dash, marker, colour) in zip(joined.items(), RUNNER_STYLES[1:], strict=False):
        ax.plot(*points.T, linestyle=dash, marker=marker, color=colour, markersize=4.5, linewidth=1.3, label=way)
    ax.plot(*single.T, linestyle="none", color=INK, marker="D", markersize=6)
    _name_points(ax, dict(zip(others, single, strict=True)), (8, -4))
    _name_points(ax, {f"{rows}": point for rows, point in zip(series[ways[0]], joined[ways[0]], strict=True)}, (0, -15))
    _plain_logarithms(ax)
    ax.set(xlabel="operations per byte", ylabel="billion operations per second")
    ax.legend(loc="lower right", title="products, with their rows")
    return fig, ax


def _name_points(ax: Axes, points: Mapping[str, FloatArray], shift: tuple[int, int]) -> None:
    for name, point in points.items():
        side = "left" if shift[0] else "center"
        ax.annotate(name, (point[0], point[1]), shift, textcoords="offset points", size=10, ha=side)


def _plain_logarithms(ax: Axes) -> None:
    """Write 0.1, 1, 10 rather than powers."""
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def thread_ratios(labels: Sequence[str], milliseconds: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw, for each of K sizes, how many times as fast as the first way the others are; up to four ways.

    `labels`: (K,), the sizes; `milliseconds`: a way to its times (K,), the way to compare with first.
    """
    sizes = parts.require_letters("labels", labels)
    ways = _names("milliseconds", milliseconds, len(RUNNER_STYLES))
    times = [_positive(f"milliseconds[{way!r}]", milliseconds[way], (len(sizes),)) for way in ways]
    fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    marks = []
    for way, time, (dash, marker, colour) in zip(ways, times, RUNNER_STYLES, strict=False):
        ratio = times[0] / time
        ax.plot(range(len(sizes)), ratio, linestyle=dash, marker=marker, color=colour)
        marks.append(parts.Label(float(ratio[-1]), way, colour))
    everything = np.concatenate([times[0] / time for time in times])
    ax.set(ylim=(0, 1.12 * everything.max()), xlim=(-0.3, len(sizes) - 0.8), ylabel="times as fast as one thread")
    ax.set_xticks(range(len(sizes)), sizes)
    parts.label_right(ax, marks)
    fig.draw_without_rendering()  # a first layout; the next one has room for the names
    return fig, ax


def growth(panels: Mapping[str, Mapping[str, ArrayLike]]) -> tuple[Figure, AxesArray]:
    """Draw time (above) and memory (below) against what grows, a column for each panel; all axes logarithmic.

    `panels`: what grows, to a mapping with "value", "ms" and "MB", each (K,). A grey line shows growth in proportion.
    """
    names = _names("panels", panels)
    fig, axes = plt.subplots(
        2, len(names), sharex="col", sharey="row", squeeze=False, figsize=(6.4, 4.6), layout="constrained"
    )
    for column, name in enumerate(names):
        value = _positive(f"panels[{name!r}]['value']", panels[name]["value"], (None,))
        for row, unit in enumerate(("ms", "MB")):
            measured = _positive(f"panels[{name!r}][{unit!r}]", panels[name][unit], value.shape)
            ax = axes[row, column]
            ax.plot(value, measured[-1] * value / value[-1], ":", color=GREY, linewidth=1.4)
            ax.plot(value, measured, "-", marker="o", color=BAR, markersize=5)
            ax.set(xscale="log", yscale="log")
            _plain_logarithms(ax)
        shown = value[:: max(1, round(len(value) / 4))]
        axes[1, column].xaxis.set_major_locator(FixedLocator(shown.tolist()))
        axes[1, column].xaxis.set_minor_locator(NullLocator())
        axes[1, column].set_xlabel(name)
    axes[0, 0].set_ylabel("ms per step")
    axes[1, 0].set_ylabel("peak memory, MB")
    return fig, axes


def _names(what: str, values: object, most: int | None = None) -> list[str]:
    if not isinstance(values, Mapping):
        raise TypeError(f"{what} must be a mapping; got {values!r}")
    names = require_names(values, what=what)
    if most is not None and len(names) > most:
        raise ValueError(f"{what} must hold at most {most}; got {len(names)}")
    return names


def _positive(name: str, values: ArrayLike, shape: tuple[int | None, ...]) -> FloatArray:
    return parts.require_within(name, parts.require_array(name, values, shape), LEAST)


def _points(what: str, points: object) -> FloatArray:
    """The points (K, 2) of a mapping."""
    if not isinstance(points, Mapping):
        raise TypeError(f"{what} must be a mapping; got {points!r}")
    return _positive(what, list(points.values()), (None, 2))
