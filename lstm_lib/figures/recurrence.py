"""Figures of chapter 5: a gradient that fades or explodes with distance, and how far a memory reaches."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, WIDTH, AxesArray, Label

HUES = ("#8A6D00", BAR, "#A02C5A")  # the smallest radius first
FLOOR, CEILING = 1e-10, 1e10
COLOURS, DASHES = (INK, BAR, "#A02C5A", "#8A6D00", GREY), ("-", "--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)))
LINES = tuple(zip(COLOURS, DASHES, "os^Dv", strict=True))


def fading_gradient(
    radii: ArrayLike, stretches: ArrayLike, panels: Mapping[str, ArrayLike]
) -> tuple[Figure, AxesArray]:
    """Draw what is left of a gradient against the steps that it has come back, on a scale of powers of ten.

    `radii`, `stretches`: (R,), at most three, the spectral radius and the largest singular value of each loop;
    `panels`: a name to the lengths (R, seeds, K + 1) at 0..K steps back, each above 0. Beside each loop's seeds stand
    radius**k, dotted, and the bound stretch**k, dashed; the first panel names the two. What leaves 1e-10 to 1e10 is not
    shown.
    """
    radius = parts.require_within("radii", parts.require_array("radii", radii, (None,)), 1e-9)
    if len(radius) > len(HUES):
        raise ValueError(f"radii must hold at most {len(HUES)} numbers; got {len(radius)}")
    bound = parts.require_within("stretches", parts.require_array("stretches", stretches, radius.shape), 1e-9)
    names = parts.require_named("panels", panels)
    drawn = {n: parts.require_array(f"panels[{n!r}]", panels[n], (len(radius), None, None)) for n in names}
    for name, lengths in drawn.items():
        parts.require_within(f"panels[{name!r}]", lengths, np.nextafter(0, 1))
    fig, axes = plt.subplots(len(drawn), 1, sharex=True, squeeze=False, figsize=(WIDTH, 0.6 + 2.7 * len(drawn)),
                             layout="constrained")  # fmt: skip
    for ax, (name, lengths) in zip(axes[:, 0], drawn.items(), strict=True):
        steps = np.arange(lengths.shape[-1])
        for hue, r, s, runs in zip(HUES, radius, bound, lengths, strict=False):
            ax.plot(steps, _within(s**steps), "--", color=hue, linewidth=1.0)
            ax.plot(steps, _within(r**steps), ":", color=hue, linewidth=1.6)
            ax.plot(steps, _within(runs).T, "-", color=hue, linewidth=1.2)
        ax.set(yscale="log", ylim=(FLOOR, CEILING), ylabel="share of the gradient")
        ax.set_yticks([1e-10, 1e-5, 1, 1e5, 1e10])
        ax.minorticks_off()
        parts.decades(ax.yaxis)
        ax.text(0.02, 0.04, name, transform=ax.transAxes, weight="bold")
        ends = [min(max(float(np.median(runs[:, -1])), FLOOR), CEILING) for runs in lengths]
        parts.label_right(ax, [Label(y, f"radius {r:g}", h) for y, r, h in zip(ends, radius, HUES, strict=False)])
    _say_once(*axes[[0, -1], 0])
    return fig, axes[:, 0]


def _say_once(first: Axes, last: Axes) -> None:
    """In the first panel, above its name: what the dashed and the dotted lines are; under the last: the steps."""
    strokes = [Line2D([], [], color=INK, linestyle=dash, linewidth=1.3) for dash in ("--", ":")]
    first.legend(strokes, ["bound", "radius alone"], loc="lower left", bbox_to_anchor=(0, 0.09))
    last.set_xlabel("steps back from the guess")


def _within(lengths: ArrayLike) -> np.ndarray:
    """The lengths, with nan for what lies outside the picture."""
    values = np.array(lengths, dtype=np.float64)
    return np.where((values >= FLOOR) & (values <= CEILING), values, np.nan)


def recall_shares(
    lags: ArrayLike, shares: Mapping[str, ArrayLike], *, waiting: str | None = None
) -> tuple[Figure, Axes]:
    """Draw the share of runs that solve the memory task against the number of letters that pass.

    `lags`: (K,), increasing, above 0; `shares`: at most five names, each to numbers (K,) in [0, 1]; `waiting`: what is
    written, in a frame at the bottom left, when a line is still to come.
    """
    passing = parts.require_within("lags", parts.require_array("lags", lags, (None,)), 1e-9)
    names = parts.require_named("shares", shares)
    if len(names) > len(LINES):
        raise ValueError(f"shares must hold at most {len(LINES)} names; got {len(names)}")
    drawn = {
        n: parts.require_within(f"shares[{n!r}]", parts.require_array(f"shares[{n!r}]", shares[n], passing.shape), 0, 1)
        for n in names
    }
    fig, ax = plt.subplots(layout="constrained")
    ax.set(xscale="log", xlabel="letters that pass, k", ylabel="share of five seeds", ylim=(-0.06, 1.06))
    if waiting is not None:
        frame = {"facecolor": PALE, "edgecolor": GREY, "linestyle": ":", "pad": 7}
        ax.text(0.06, 0.2, waiting, transform=ax.transAxes, ha="left", va="center", bbox=frame)
    for (colour, dash, marker), share in zip(LINES, drawn.values(), strict=False):
        ax.plot(passing, share, linestyle=dash, color=colour, marker=marker)
    ax.set_xticks(passing, [f"{lag:g}" for lag in passing])
    ax.minorticks_off()
    ends = [Label(float(share[-1]), name, style[0]) for style, (name, share) in zip(LINES, drawn.items(), strict=False)]
    parts.label_right(ax, ends)
    return fig, ax
