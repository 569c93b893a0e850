"""Figures of chapter 11: the valley with the paths through it, and runs of several optimizers side by side."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_integer
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, WIDTH, AxesArray, Label
from lstm_lib.tree import FloatArray

# The first run is the one that the others are compared with. No gate's colour, so that nobody looks for a gate here.
RUN_STYLES = (
    (INK, "-", 2.4), (BAR, "--", 1.8), ("#7D7C78", "-", 1.8), ("#A02C5A", "-.", 1.8), ("#8A6D00", "-", 1.8),
    (GREY, ":", 2.2), ("#8A6D00", "--", 1.8), (INK, "-.", 1.4),
)  # fmt: skip


def valley(curvature: ArrayLike, paths: Mapping[str, ArrayLike]) -> tuple[Figure, AxesArray]:
    """Draw paths through the valley L = (curvature * theta**2).sum() / 2 of two weights, a panel for each path.

    `curvature`: (2,), each above 0, gentle direction first; `paths`: a name to the weights (S + 1, 2), start first.
    All panels share one scale. Each step is a dot, where it can be told from the last; the lines of equal loss lie a
    factor of four apart.
    """
    bends = parts.require_within("curvature", parts.require_array("curvature", curvature, (2,)), 1e-9)
    walks = {
        name: parts.require_array(f"paths[{name!r}]", paths[name], (None, 2))
        for name in parts.require_named("paths", paths)
    }
    everything = np.concatenate([*walks.values(), np.zeros((1, 2))])
    pad = 0.08 * np.ptp(everything, axis=0) + 0.02
    low, high = everything.min(axis=0) - pad, everything.max(axis=0) + pad
    size = (WIDTH, 0.7 + 1.75 * len(walks))
    fig, axes = plt.subplots(len(walks), 1, sharex=True, squeeze=False, figsize=size, layout="constrained")
    for ax, (name, walk) in zip(axes[:, 0], walks.items(), strict=True):
        _lines_of_equal_loss(ax, bends, low, high)
        apart = _apart((walk - low) / (high - low))
        ax.plot(*walk.T, "-", color=BAR, linewidth=1.1, marker="o", markersize=2.6, markevery=apart)
        ax.plot(*walk[0], "o", color=INK, markersize=7)
        ax.plot(0, 0, "+", color=INK, markersize=11, markeredgewidth=2)
        ax.annotate(name, (0, 1), (4, -4), xycoords="axes fraction", textcoords="offset points", va="top",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), ylabel="across: steep")
    axes[-1, 0].set_xlabel("along the valley: gentle")
    return fig, axes[:, 0]


def _apart(walk: FloatArray) -> list[int]:
    """The steps of a walk (S, 2) whose dots can be told apart: each half a percent of the axes from the one before."""
    kept = [0]
    for step in range(1, len(walk)):
        if np.abs(walk[step] - walk[kept[-1]]).max() > 0.005:
            kept.append(step)
    return kept


def _lines_of_equal_loss(ax: Axes, bends: FloatArray, low: FloatArray, high: FloatArray) -> None:
    across, up = (np.linspace(low[k], high[k], 200) for k in range(2))
    loss = (bends[0] * across**2 + bends[1] * up[:, None] ** 2) / 2
    top = float(loss.max())
    ax.contour(across, up, loss, levels=[top / 4**k for k in range(6, 0, -1)], colors="#C9C9C4", linewidths=0.9)


def runs(
    series: Mapping[str, ArrayLike], *, xlabel: str, ylabel: str, first_step: int = 1, window: int = 1
) -> tuple[Figure, Axes]:
    """Draw up to eight runs as lines, each named at its right end; the first is drawn boldest.

    `series`: a name to its values (S,), of steps `first_step`, `first_step` + 1, ...; `window`: each point is the
    mean of that many steps, drawn at the last of them. A thin line marks 0 where the values lie on both sides of it.
    """
    begin = require_integer("first_step", first_step, at_least=0)
    lines, width = _require_runs(series, window)
    height = 2.4 + 0.3 * len(lines)
    fig, ax = plt.subplots(figsize=(WIDTH, height), layout="constrained")
    smooth = {name: np.convolve(line, np.full(width, 1 / width), mode="valid") for name, line in lines.items()}
    everything = np.concatenate(list(smooth.values()))
    if everything.min() < 0 < everything.max():
        ax.axhline(0, color=GREY, linewidth=0.6)
    labels = []
    for (name, line), (colour, dash, thickness) in zip(smooth.items(), RUN_STYLES, strict=False):
        steps = np.arange(begin + width - 1, begin + width - 1 + len(line))
        ax.plot(steps, line, linestyle=dash, color=colour, linewidth=thickness, label=name)
        labels.append(Label(float(line[-1]), name, colour))
    pad = 0.05 * float(np.ptp(everything)) or 0.1
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(everything.min() - pad, everything.max() + pad))
    ax.set_xlim(begin, begin - 1 + max(map(len, lines.values())))
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
    parts.label_right(ax, labels, gap=0.3 / (height - 0.7))  # inches of a line of text, of the axes
    fig.draw_without_rendering()  # a first layout; the next one has room for the names
    return fig, ax


def rate_sweep(rates: Mapping[str, ArrayLike], losses: Mapping[str, ArrayLike], *, start: float) -> tuple[Figure, Axes]:
    """Draw the loss at the end of a run against its learning rate, for up to eight rules: a dot for each seed.

    `rates`: a rule's name to its rates (R,), each above 0; `losses`: the same names to the losses (R, seeds). A line
    joins the means. What lies above `start`, the loss before training, is cut off.
    """
    swept = _require_sweep(rates, losses)
    fig, ax = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    ax.axhline(start, color=GREY, linewidth=0.6)
    least = min(float(steps.min()) for steps, _ in swept.values())
    side = "left"
    for (name, (steps, ends)), (colour, dash, width) in zip(swept.items(), RUN_STYLES, strict=False):
        mean = ends.mean(axis=1)
        ax.plot(steps, mean, linestyle=dash, color=colour, linewidth=width, label=name)
        ax.plot(np.repeat(steps, ends.shape[1]), ends.ravel(), "o", color=colour, markersize=3)
        if steps[0] == least:  # named where it begins; the others at their lowest, to the left and right in turn
            ax.annotate(name, (steps[0], mean[0]), (-6, 0), textcoords="offset points", color=colour, ha="right")
        else:
            side, best = ("right" if side == "left" else "left"), int(mean.argmin())
            place = (steps[best], mean[best])
            ax.annotate(name, place, (0, -6), textcoords="offset points", color=colour, ha=side, va="top")
    lowest = min(float(ends.min()) for _, ends in swept.values())
    ax.set(xlabel="learning rate η", ylabel="loss after the run (nats per predicted symbol)", xscale="log")
    ax.set(ylim=(lowest - 0.15 * (start - lowest), start + 0.05))
    ax.set_xlim(least / 250, 6 * max(float(steps.max()) for steps, _ in swept.values()))
    parts.decades(ax.xaxis)
    return fig, ax


def _require_sweep(rates: object, losses: object) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Each rule's rates (R,) and losses (R, seeds), in order."""
    names = parts.require_named("rates", rates)
    if names != parts.require_named("losses", losses):
        raise ValueError(f"losses must name the same rules as rates, {names}; got {list(losses)}")  # type: ignore[call-overload]
    if len(names) > len(RUN_STYLES):
        raise ValueError(f"rates must hold at most {len(RUN_STYLES)} rules; got {len(names)}")
    swept = {}
    for name in names:
        steps = parts.require_array(f"rates[{name!r}]", rates[name], (None,))  # type: ignore[index]
        parts.require_within(f"rates[{name!r}]", steps, 1e-12)
        swept[name] = steps, parts.require_array(f"losses[{name!r}]", losses[name], (len(steps), None))  # type: ignore[index]
    return swept


def _require_runs(series: object, window: object) -> tuple[dict[str, FloatArray], int]:
    names = parts.require_named("series", series)
    if len(names) > len(RUN_STYLES):
        raise ValueError(f"series must hold at most {len(RUN_STYLES)} runs; got {len(names)}")
    width = require_integer("window", window, at_least=1)
    lines = {name: parts.require_array(f"series[{name!r}]", series[name], (None,)) for name in names}  # type: ignore[index]
    if min(map(len, lines.values())) < width:
        raise ValueError(f"window must not be longer than a run; got {width}")
    return lines, width
