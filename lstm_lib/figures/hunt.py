"""Figures of chapter 22: the same runs by two measures, and which check catches which bug."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, SMALL, WIDTH, AxesArray, Label
from lstm_lib.figures.training import DOTS, LINES
from lstm_lib.tree import FloatArray


def two_truths(
    steps: ArrayLike,
    own: Mapping[str, ArrayLike],
    true: Mapping[str, ArrayLike],
    levels: Mapping[str, float],
    stars: Mapping[str, int],
) -> tuple[Figure, AxesArray]:
    """Draw up to four courses by what they print (above) and by what is true (below), at the steps (K,).

    `own`, `true`: a course's name to its curves (S, K), one a seed; the heavy line is their mean. `levels`: a rival's
    name to its nats, drawn below. `stars`: a course's name to the place in `steps` whose weights are kept.
    """
    at = parts.require_array("steps", steps, (None,))
    if not 1 <= len(own) <= len(LINES) or list(own) != list(true):
        raise ValueError(f"own and true must hold the same one to {len(LINES)} courses; got {[*own, *true]}")
    rungs = parts.require_ladder("levels", levels)
    both = [
        {name: parts.require_array(name, rows, (None, len(at))) for name, rows in each.items()} for each in (own, true)
    ]
    fig, axes = plt.subplots(2, 1, sharex=True, figsize=(WIDTH, 6.4), layout="constrained")
    axes[0].set(ylabel="the patient's own number", ylim=(1, 7))
    axes[1].set(xlabel="training step", ylabel="true nats, unseen names", ylim=(1.6, 3.4))
    for nats in rungs.values():
        axes[1].axhline(nats, color=GREY, linewidth=0.9, linestyle=DOTS)
    for ax, courses in zip(axes, both, strict=True):
        ends = [Label(nats, name, GREY) for name, nats in rungs.items()] if ax is axes[1] else []
        for (name, rows), look in zip(courses.items(), LINES, strict=False):
            ends.append(_course(ax, at, rows, name, look, stars.get(name)))
        parts.label_right(ax, ends)
    return fig, axes


def _course(
    ax: Axes, at: FloatArray, rows: FloatArray, name: str, look: tuple[str, str, str], star: int | None
) -> Label:
    """One course: its seeds, their mean, a star where its weights are kept; returns the label of its end."""
    colour, dash, _ = look
    mean = rows.mean(axis=0)
    ax.plot(at, rows.T, color=colour, linewidth=0.7, alpha=0.5)
    ax.plot(at, mean, color=colour, linestyle=dash, linewidth=2)
    if star is not None:
        ax.plot(at[star], mean[star], "*", color=colour, markersize=15)
    return Label(float(mean[-1]), name, colour)


def matrix(caught: ArrayLike, named: Sequence[int], bugs: Sequence[str], columns: Sequence[str]) -> tuple[Figure, Axes]:
    """Draw a row for each bug and a column for each check: full where it catches the bug, a dot where it does not.

    `caught` (R, C), true or false; `named` (R,): the column that the text names for each bug, drawn with a frame.
    """
    hits = np.asarray(caught)
    if hits.dtype != np.bool_ or hits.shape != (len(bugs), len(columns)):
        wanted = (len(bugs), len(columns))
        raise ValueError(f"caught must be boolean with shape {wanted}; got dtype {hits.dtype}, shape {hits.shape}")
    chosen = parts.require_ids("named", named, (len(bugs),), len(columns))
    fig, ax = plt.subplots(figsize=(WIDTH, 1.9 + 0.28 * len(bugs)), layout="constrained")
    rows, places = np.nonzero(hits)
    ax.hlines(range(len(bugs)), -0.5, len(columns) - 0.5, color=GREY, linewidth=0.4)
    ax.plot(*np.nonzero(~hits)[::-1], ".", color=GREY, markersize=3)
    ax.plot(places, rows, "s", color=BAR, markersize=9)
    ax.plot(chosen, np.arange(len(bugs)), "s", color=INK, markersize=14, fillstyle="none", markeredgewidth=1.4)
    ax.set(xlim=(-0.7, len(columns) - 0.3), ylim=(len(bugs) - 0.4, -0.6))
    ax.set_xticks(range(len(columns)), columns, size=SMALL, rotation=90)
    ax.set_yticks(range(len(bugs)), bugs, size=SMALL)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return fig, ax
