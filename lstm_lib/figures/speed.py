"""Figures of chapter 19: where the time of a training step goes, and how it grows. They draw given measurements."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_names
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, SMALL, WIDTH
from lstm_lib.tree import FloatArray

# The first way is the one that the others are compared with. No gate's colour, so that nobody looks for a gate here.
WAY_STYLES = ((":", "D", INK), ("-", "o", BAR), ("--", "s", "#A02C5A"), ("-.", "^", GREY))
LEAST = 1e-9  # what is measured is above 0


def waterfall(rungs: Mapping[str, float], products: float) -> tuple[Figure, Axes]:
    """Draw the time of each of K rungs as a bar; what a rung saved against the one before is hatched.

    `rungs`: a name to its milliseconds, the slowest way first; `products`: the milliseconds of the bare matrix
    products, a dashed line. Each bar tells its time, and how many times as fast as the first it is.
    """
    names = _names("rungs", rungs)
    times = _positive("rungs", list(rungs.values()), (len(names),)).tolist()
    limit = float(_positive("products", [products], (1,))[0])
    fig, ax = plt.subplots(figsize=(WIDTH, 1.1 + 0.42 * len(names)), layout="constrained")
    for row, (before, time) in enumerate(zip([times[0], *times], times, strict=False)):
        ax.barh(row, time, height=0.62, color=BAR)
        if before > time:
            ax.barh(row, before - time, left=time, height=0.62, color="white", edgecolor=GREY, hatch="////", lw=0.8)
        text = f"{time:.1f} ms" + f", {times[0] / time:.1f}×" * bool(row)
        ax.annotate(text, (max(before, time), row), (5, 0), textcoords="offset points", va="center", size=SMALL)
    ax.axvline(limit, color=INK, linestyle="--", linewidth=1.4)
    below = (limit, len(names) - 0.45)
    ax.annotate(f"products alone: {limit:.1f} ms", below, (5, 0), textcoords="offset points", va="top")
    ax.set(ylim=(len(names) + 0.15, -0.5), xlim=(0, 1.45 * max(times)), xlabel="milliseconds per training step")
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    return fig, ax


def roofline(
    series: Mapping[str, Mapping[int, Sequence[float]]], others: Mapping[str, Sequence[float]],
    *, peak: float, bandwidth: float,
) -> tuple[Figure, Axes]:  # fmt: skip
    """Draw speed against operations per byte, both logarithmic, under the roof min(peak, bandwidth * intensity).

    `series`: up to three ways, each a mapping from a number of rows to (operations per byte, billions of operations
    a second), joined by a line; some of the first one's points are named. `others`: such points by themselves.
    `peak` in billions of operations a second, `bandwidth` in billions of bytes a second.
    """
    ways = _names("series", series, len(WAY_STYLES) - 1)
    joined = {way: _points(f"series[{way!r}]", series[way]) for way in ways}
    single = _points("others", others)
    top, slope = _positive("peak and bandwidth", [peak, bandwidth], (2,)).tolist()
    every = np.concatenate([single, *joined.values()])
    ends = every[:, 0].min() / 3, max(every[:, 0].max(), top / slope) * 3
    fig, ax = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    roof = np.array([ends[0], top / slope, ends[1]])
    ax.plot(roof, np.minimum(top, slope * roof), "-", color=INK, linewidth=2.4)
    for (way, points), (dash, marker, colour) in zip(joined.items(), WAY_STYLES[1:], strict=False):
        ax.plot(*points.T, linestyle=dash, marker=marker, color=colour, markersize=4.5, linewidth=1.3, label=way)
    ax.plot(*single.T, linestyle="none", color=INK, marker="D", markersize=6)
    for name, (x, y) in zip(others, single.tolist(), strict=True):
        _name_point(ax, name, (x, y), (0, 7) if y > slope * x else (34, -4))
    first = joined[ways[0]].tolist()
    for rows, (x, y) in list(zip(series[ways[0]], first, strict=True))[:: 1 + len(first) // 7]:
        _name_point(ax, str(rows), (x, y), (0, -16))
    _plain_logarithms(ax)
    ax.set(xlabel="operations per byte", ylabel="billion operations per second", xlim=ends)
    ax.set_ylim(min(slope * ends[0], every[:, 1].min()) / 1.7, 1.6 * max(top, every[:, 1].max()))
    ax.legend(loc="lower right", title="products, with their rows")
    return fig, ax


def thread_ratios(
    labels: Sequence[str], milliseconds: Mapping[str, ArrayLike], *, xlabel: str
) -> tuple[Figure, Axes]:  # fmt: skip
    """Draw, for each of K sizes, how many times as fast as the first way the others are; up to four ways.

    `labels`: (K,), the sizes; `milliseconds`: a way to its times (K,), the way to compare with first.
    """
    sizes = parts.require_letters("labels", labels)
    ways = _names("milliseconds", milliseconds, len(WAY_STYLES))
    times = np.array([_positive(f"milliseconds[{way!r}]", milliseconds[way], (len(sizes),)) for way in ways])
    ratios = times[0] / times
    fig, ax = plt.subplots(figsize=(WIDTH, 3.6), layout="constrained")
    for ratio, (dash, marker, colour) in zip(ratios, WAY_STYLES, strict=False):
        ax.plot(range(len(sizes)), ratio, linestyle=dash, marker=marker, color=colour)
    ax.set(ylim=(0, 1.12 * ratios.max()), xlim=(-0.3, len(sizes) - 0.8))
    ax.set(xlabel=xlabel, ylabel=f"times as fast as {ways[0]}")
    ax.set_xticks(range(len(sizes)), sizes)
    ends = zip(ratios[:, -1].tolist(), ways, WAY_STYLES, strict=False)
    parts.label_right(ax, [parts.Label(y, way, colour) for y, way, (_, _, colour) in ends])
    fig.draw_without_rendering()  # a first layout; the next one has room for the names
    return fig, ax


def _name_point(ax: Axes, name: str, point: tuple[float, float], shift: tuple[int, int]) -> None:
    ax.annotate(name, point, shift, textcoords="offset points", ha="center", size=SMALL)


def _plain_logarithms(ax: Axes) -> None:
    """Both axes logarithmic, with 0.1, 1, 10 rather than powers."""
    ax.set(xscale="log", yscale="log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


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
