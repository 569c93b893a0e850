"""Figures of chapter 12: the sheet for a guess, a run's vital signs, where it stops, and four sick runs."""

from collections.abc import Mapping
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_integer
from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray, Label
from lstm_lib.figures.recurring import NATS
from lstm_lib.tree import FloatArray

DOTS = (0, (2, 3))  # the dash of a level
LOSS = "loss (nats)"
# No gate's colour, so that nobody looks for a gate here; each line has its own dash and marker too.
LINES = ((INK, "-", "o"), (BAR, "--", "s"), ("#A02C5A", "-.", "^"), ("#8A6D00", ":", "D"))


def guess_sheet(levels: Mapping[str, float], steps: int, guess: Mapping[int, float]) -> tuple[Figure, Axes]:
    """Draw a sheet to guess on: the levels of other models, three shapes of a loss curve, and the reader's own points.

    `levels`: a model's name to its nats; the shapes fall from the highest level to the lowest over `steps` steps.
    `guess`: a step to the loss guessed for it; may be empty. Raises TypeError or ValueError for anything else.
    """
    rungs, last = parts.require_ladder("levels", levels), require_integer("steps", steps, at_least=2)
    at, own = _require_guess(guess)
    high, low, share = max(rungs.values()), min(rungs.values()), np.linspace(0, 1, 201)
    shapes = {"A": 1 - share, "B": np.exp(-10 * share), "C": 1 / (1 + np.exp(15 * share - 10))}
    fig, ax = plt.subplots(layout="constrained")
    _draw_levels(ax, rungs)
    for (letter, left), place in zip(shapes.items(), (76, 20, 124), strict=True):
        curve = low + (high - low) * left
        ax.plot(share * last, curve, color=BAR, linewidth=1.2)
        ax.annotate(letter, (share[place] * last, curve[place]), (5, 3), textcoords="offset points", weight="bold")
    draw_guess(ax, guess)
    pad = 0.5 * (high - low) or 0.5
    floor, top = min([low - pad, *(own - 0.1)]), max([high + 0.2 * pad, *(own + 0.1)])
    ax.set(xlabel="training step", ylabel=f"loss ({NATS})", xlim=(0, max([last, *at])), ylim=(floor, top))
    parts.label_right(ax, [Label(nats, f"{name} {nats:.2f}", GREY) for name, nats in rungs.items()])
    return fig, ax


def draw_guess(ax: Axes, guess: Mapping[int, float]) -> None:
    """Draw the reader's points onto a loss curve, and make room for them; an empty guess draws nothing."""
    at, own = _require_guess(guess)
    if not len(at):
        return
    low, high = ax.get_ylim()
    ax.plot(at, own, "D:", color="#A02C5A", markersize=6, linewidth=1.4, label="your guess")
    ax.set_ylim(min(low, float(own.min()) - 0.1), max(high, float(own.max()) + 0.1))


def _require_guess(guess: object) -> tuple[FloatArray, FloatArray]:
    if not isinstance(guess, Mapping):
        raise TypeError(f"guess must be a mapping such as {{100: 2.5}}; got {guess!r}")
    if not guess:
        return np.empty(0), np.empty(0)
    at = parts.require_within("the steps of guess", parts.require_array("guess", sorted(guess), (None,)), 0)
    nats = parts.require_array("guess", [guess[step] for step in sorted(guess)], (None,))
    return at, parts.require_within("the losses of guess", nats, 0)


def _draw_levels(ax: Axes, levels: Mapping[str, float]) -> None:
    for nats in levels.values():
        ax.axhline(nats, color=GREY, linewidth=0.9, linestyle=DOTS)


def vital_signs(
    losses: ArrayLike, norms: ArrayLike, rates: ArrayLike, levels: Mapping[str, float]
) -> tuple[Figure, AxesArray]:
    """Draw loss, gradient norm and learning rate of the steps 1..S, one above the other, steps on a log scale.

    `losses`, `norms`, `rates`: (S,), S >= 2; `levels`: a model's name to its nats, the highest first. The heavy line is
    the mean of the five steps around each, fewer at the ends. Where it first passes below a level, a stretch ends; the
    stretches are numbered and shaded in turn.
    """
    rungs = parts.require_ladder("levels", levels)
    loss = parts.require_array("losses", losses, (None,))
    rows = [loss, parts.require_array("norms", norms, loss.shape), parts.require_array("rates", rates, loss.shape)]
    if len(loss) < 2:
        raise ValueError(f"losses must hold at least 2 steps; got {len(loss)}")
    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(WIDTH, 5.8), layout="constrained", height_ratios=(5, 2.6, 2.6))
    for ax, row, label in zip(axes, rows, (LOSS, "gradient norm", "learning rate"), strict=True):
        ax.plot(np.arange(1, len(row) + 1), row, color=BAR, linewidth=1.2)
        ax.set(ylabel=label, xscale="log", xlim=(1, len(row)))
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 4, 5, 10]))
    axes[1].set_ylim(bottom=0)
    axes[2].set_ylim(bottom=0)
    axes[0].lines[0].set(alpha=0.5, linewidth=0.8)
    heavy = np.array([loss[max(0, step - 2) : step + 3].mean() for step in range(len(loss))])
    axes[0].plot(np.arange(1, len(loss) + 1), heavy, "-", color=BAR, linewidth=1.8)
    _draw_levels(axes[0], rungs)
    _shade_stretches(axes, heavy, list(rungs.values())[1:])
    axes[2].set_xlabel("training step (each factor of ten is as wide as the last)")
    ticks = [step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if step <= len(loss)]
    axes[2].set_xticks(ticks, map(str, ticks))
    axes[2].xaxis.set_minor_formatter(NullFormatter())
    parts.label_right(axes[0], [Label(nats, f"{name} {nats:.2f}", GREY) for name, nats in rungs.items()])
    return fig, axes


def _shade_stretches(axes: AxesArray, line: FloatArray, levels: list[float]) -> None:
    """Number and shade what lies between the steps at which the line first passes below a level."""
    passed = [int((line < nats).argmax()) + 1 for nats in levels if (line < nats).any()]
    edges = [1, *passed, len(line)]
    for phase, (start, end) in enumerate(pairwise(edges), start=1):
        for ax in axes:
            if phase % 2:
                ax.axvspan(start, end, facecolor=PALE)
        middle = np.sqrt(start * end)
        axes[0].text(middle, 1.02, str(phase), weight="bold", ha="center",
                     transform=axes[0].get_xaxis_transform())  # fmt: skip


def stopping(
    losses: ArrayLike, val_steps: ArrayLike, val_losses: ArrayLike, stop: int | None = None
) -> tuple[Figure, Axes]:
    """Draw a run that overfits: training loss, validation loss with its lowest point, and what a stop would save.

    `losses`: (S,), of steps 1..S, smoothed over ten; `val_steps`, `val_losses`: (M,). What lies after step `stop`
    is shaded.
    """
    train = parts.require_array("losses", losses, (None,))
    at = parts.require_array("val_steps", val_steps, (None,))
    val = parts.require_array("val_losses", val_losses, at.shape)
    end = None if stop is None else require_integer("stop", stop, at_least=1)
    window = min(10, len(train))
    smooth = np.convolve(train, np.full(window, 1 / window), mode="valid")
    fig, ax = plt.subplots(layout="constrained")
    ax.plot(np.arange(window, len(train) + 1), smooth, color=BAR)
    ax.plot(at, val, "--", color=INK, marker="o", markerfacecolor="white", linewidth=1)
    low = int(val.argmin())
    ax.plot(at[low], val[low], "*", color=INK, markersize=15)
    everything = np.concatenate([smooth, val])
    pad = 0.14 * float(np.ptp(everything)) or 0.1
    ax.set(xlabel="training step", ylabel=f"loss ({NATS})", xlim=(0, len(train)))
    ax.set_ylim(everything.min() - pad, everything.max() + pad)
    star = f"{val[low]:.2f} at step {at[low]:g}"
    ax.annotate(star, (at[low], val[low]), (0, 10), textcoords="offset points", ha="center")
    if end is not None:
        ax.axvspan(end, len(train), facecolor="#E6E6E1", zorder=0)
        ax.axvline(end, color=INK, linewidth=1.2)
        at_top = ("data", "axes fraction")
        ax.annotate(f"stops at {end}", (end, 1), (5, -4), xycoords=at_top, textcoords="offset points", va="top")
    ends = {"training": (float(smooth[-1]), BAR), "validation": (float(val[-1]), INK)}
    parts.label_right(ax, [Label(nats, f"{name} {nats:.2f}", colour) for name, (nats, colour) in ends.items()])
    return fig, ax


def validation_curves(val_steps: ArrayLike, series: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw the validation losses of up to four runs, each named at its right end; a star marks its lowest point.

    `val_steps`: (M,); `series`: a run's name to its losses (M,).
    """
    at = parts.require_array("val_steps", val_steps, (None,))
    names = parts.require_named("series", series)
    if len(names) > len(LINES):
        raise ValueError(f"series must hold at most {len(LINES)} runs; got {len(names)}")
    curves = {name: parts.require_array(f"series[{name!r}]", series[name], at.shape) for name in names}
    fig, ax = plt.subplots(layout="constrained")
    labels = []
    for (name, curve), (colour, dash, marker) in zip(curves.items(), LINES, strict=False):
        ax.plot(at, curve, linestyle=dash, color=colour, marker=marker, markersize=4, label=name)
        ax.plot(at[curve.argmin()], curve.min(), "*", color=colour, markersize=15)
        note = (f"{curve.min():.2f}", (at[curve.argmin()], curve.min()), (0, -9))
        ax.annotate(*note, textcoords="offset points", ha="center", va="top")
        labels.append(Label(float(curve[-1]), f"{name}: {curve[-1]:.2f}", colour))
    ax.set(xlabel="training step", ylabel=f"validation {LOSS}")
    ax.margins(x=0.02, y=0.2)
    parts.label_right(ax, labels)
    return fig, ax


def ward(patients: Mapping[str, ArrayLike], levels: Mapping[str, float]) -> tuple[Figure, AxesArray]:
    """Draw one column for each run: above its loss, training solid and validation dashed, below its gradient norm.

    `patients`: a run's letter to its array (3, S): the loss on the batch, the loss on validation names and the norm
    of the gradient, step by step; `levels`: a model's name to its nats, drawn as dotted lines.
    """
    rungs = parts.require_ladder("levels", levels)
    letters = parts.require_named("patients", patients)
    runs = {letter: parts.require_array(f"patients[{letter!r}]", patients[letter], (3, None)) for letter in letters}
    fig, axes = plt.subplots(2, len(letters), sharex=True, sharey="row", squeeze=False, figsize=(WIDTH, 4.4),
                             layout="constrained", height_ratios=(3, 2))  # fmt: skip
    for (above, below), (letter, (train, val, norm)) in zip(axes.T, runs.items(), strict=True):
        _draw_levels(above, rungs)
        steps = np.arange(1, len(train) + 1)
        above.plot(steps, train, "-", color=BAR, linewidth=1.5)
        above.plot(steps, val, "--", color=INK, linewidth=1.5)
        above.text(0.88, 0.97, letter, weight="bold", size=14, ha="center", va="top", transform=above.transAxes)
        below.plot(steps, np.maximum(norm, 1e-3), color=BAR, linewidth=1.2)
    parts.label_right(axes[0, -1], [Label(nats, name, GREY) for name, nats in rungs.items()])
    axes[0, 0].set_ylabel(LOSS)
    axes[1, 0].set(ylabel="gradient norm", yscale="log")
    parts.decades(axes[1, 0].yaxis)
    fig.supxlabel("training step", size=SMALL)
    return fig, axes
