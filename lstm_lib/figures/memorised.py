"""Figures of chapter 17: what a model writes by heart, how deep canaries sit, who is recognised, who is missing."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray
from lstm_lib.tree import FloatArray

STYLES = (("-", "o", BAR), ("--", "s", INK), ("-.", "^", "#8F8760"), (":", "D", "#7D7C78"))  # dash, marker, colour


def novelty(taus: ArrayLike, models: Mapping[str, ArrayLike]) -> tuple[Figure, AxesArray]:
    """Draw a panel for each model: the share of its draws over the temperature, training and held-out names.

    `taus`: (K,); `models`: a name to (2, K), the probability of all training names and of all held-out names, the
    latter scaled to a list as long as the former.
    """
    across = parts.require_array("taus", taus, (None,))
    panels = _shares("models", models, (2, len(across)))
    fig, axes = plt.subplots(1, len(panels), sharey=True, squeeze=False, figsize=(WIDTH, 3.3), layout="constrained")
    for ax, (name, curves) in zip(axes[0], panels.items(), strict=True):
        for label, curve, (dash, marker, colour) in zip(("training", "held out, scaled"), curves, STYLES, strict=False):
            ax.plot(across, 100 * curve, linestyle=dash, marker=marker, color=colour, label=label)
        ax.fill_between(across, *(100 * curves), color=PALE, zorder=0)
        ax.set(xlabel=f"temperature τ, {name}", ylim=(0, 102), xticks=[0.5, 1, 1.5, 2])
    axes[0, 0].set_ylabel("probability of the list (%)")
    handles = axes[0, 0].get_legend_handles_labels()
    fig.legend(*handles, loc="outside upper right", ncols=2, handletextpad=0.4, columnspacing=1.2)
    return fig, axes[0]


def canaries(
    labels: Sequence[str], rows: Mapping[str, Sequence[ArrayLike]], *, band: tuple[float, float], most: float
) -> tuple[Figure, Axes]:
    """Draw the exposure of each canary over how often it was planted, a mark each, and the means as a line.

    `labels`: K places of the x axis; `rows`: one or two ways of training, each with K arrays (N,) of bits; `band`:
    where the middle of chance lies; `most`: the largest exposure there is.
    """
    places = parts.require_letters("labels", labels)
    if not 1 <= len(rows) <= 2 or any(len(each) != len(places) for each in rows.values()):
        raise ValueError(f"rows must hold one or two ways of training, with {len(places)} arrays each; got {[*rows]}")
    bits = {name: [parts.require_array(f"rows[{name!r}]", row, (None,)) for row in each] for name, each in rows.items()}
    fig, ax = plt.subplots(figsize=(WIDTH, 3.6), layout="constrained")
    ax.axhspan(*band, color=PALE, zorder=0)
    ax.axhline(most, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)))
    for k, ((name, each), (dash, marker, colour)) in enumerate(zip(bits.items(), STYLES, strict=False)):
        shift = 0.0 if len(rows) == 1 else 0.3 * k - 0.15
        for place, row in enumerate(each):
            across = place + shift + np.linspace(-0.1, 0.1, len(row))
            ax.plot(across, np.sort(row), marker, color=colour, markersize=3.2, fillstyle="none", markeredgewidth=0.7)
        ax.plot(np.arange(len(each)) + shift, [row.mean() for row in each], dash, color=colour, label=f"{name}, mean")
    edge = len(places) - 0.4
    ax.text(-0.5, most - 0.3, "rank 1", size=SMALL, va="top", color=GREY)
    ax.text(edge, sum(band) / 2, "chance", size=SMALL, va="center", ha="right", color=GREY)
    ax.set(xlim=(-0.55, edge), ylim=(-0.5, most + 1), xlabel="times planted", ylabel="exposure (bits)")
    ax.set_xticks(range(len(places)), places)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0.9))
    return fig, ax


def roc(alarms: ArrayLike, curves: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw the share of members found over the share of strangers accused, a line for each of up to four tests.

    `alarms`: (K,), above 0; `curves`: a test to its shares (K,). Both axes are logarithmic; grey: chance.
    """
    across = parts.require_within("alarms", parts.require_array("alarms", alarms, (None,)), 1e-9, 1)
    lines = _shares("curves", curves, across.shape)
    if not 1 <= len(lines) <= len(STYLES):
        raise ValueError(f"curves must hold one to {len(STYLES)} tests; got {list(lines)}")
    fig, ax = plt.subplots(figsize=(WIDTH, 3.6), layout="constrained")
    ax.plot(across, across, "-", color=GREY, linewidth=0.9, label="chance")
    for (name, shares), (dash, _, colour) in zip(lines.items(), STYLES, strict=False):
        seen = shares > 0
        ax.plot(across[seen], shares[seen], linestyle=dash, color=colour, label=name)
    ax.set(xscale="log", yscale="log", xlabel="strangers accused (share)", ylabel="members found (share)")
    parts.decades(ax.xaxis)
    parts.decades(ax.yaxis)
    ax.legend(loc="upper left")
    return fig, ax


def missing(decades: ArrayLike, groups: Mapping[str, Mapping[str, ArrayLike]]) -> tuple[Figure, AxesArray]:
    """Draw a panel for each reason: how many of a hundred people it leaves out, by decade of birth, a line a group.

    `decades`: (K,), first years; `groups`: a reason to a mapping from a group of people to its numbers (K,).
    """
    years = parts.require_array("decades", decades, (None,))
    panels = {reason: _arrays(reason, lines, years.shape) for reason, lines in groups.items()}
    fig, axes = plt.subplots(1, len(panels), sharey=True, squeeze=False, figsize=(WIDTH, 3.3), layout="constrained")
    for ax, (reason, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, up), (dash, marker, colour) in zip(lines.items(), STYLES, strict=False):
            ax.plot(years, up, linestyle=dash, marker=marker, markersize=4.5, color=colour, label=name)
        ax.set(xlabel=f"decade of birth\n{reason}", ylim=(0, None))
    axes[0, 0].set_ylabel("people, of a hundred")
    handles = axes[0, 0].get_legend_handles_labels()
    fig.legend(*handles, loc="outside upper right", ncols=2, handletextpad=0.4, columnspacing=1.2)
    return fig, axes[0]


def _arrays(what: str, rows: Mapping[str, ArrayLike], shape: tuple[int | None, ...]) -> dict[str, FloatArray]:
    """A mapping's arrays, each of that shape, none of its numbers below 0; raise TypeError or ValueError otherwise."""
    names = parts.require_named(what, rows)
    found = {name: parts.require_array(f"{what}[{name!r}]", rows[name], shape) for name in names}
    return {name: parts.require_within(f"{what}[{name!r}]", row, 0) for name, row in found.items()}


def _shares(what: str, rows: Mapping[str, ArrayLike], shape: tuple[int | None, ...]) -> dict[str, FloatArray]:
    """The same, of shares: none above 1."""
    found = _arrays(what, rows, shape)
    return {name: parts.require_within(f"{what}[{name!r}]", row, 0, 1) for name, row in found.items()}
