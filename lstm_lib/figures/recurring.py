"""The book's recurring figures, one function each: arrays in, `(fig, ax)` out, and the hand-drawn diagrams.

Nothing here computes with a model. A figure has no title (the caption is the title); its axes carry quantity and unit.
The figures of names and batches stand in `names`; import them from here like the others.
"""

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from lstm_lib.arguments import require_integer
from lstm_lib.figures import diagrams, parts
from lstm_lib.figures.names import length_and_letter_histograms, split_overlap, surprisal_strip
from lstm_lib.figures.parts import BAR, GREY, INK, SMALL, WIDTH, AxesArray, GateStyle, Label
from lstm_lib.figures.style import use_book_style
from lstm_lib.tree import FloatArray

__all__ = [
    "GATE_STYLE", "diagram", "gate_steps", "heat_map", "ladder", "length_and_letter_histograms",
    "loss_curve", "memory_decay", "split_overlap", "surprisal_strip", "use_book_style",
]  # fmt: skip

GATE_STYLE = {
    "i": GateStyle("#0072B2", "-", "//", 1.8, "o", "input gate"),
    "f": GateStyle("#D55E00", "--", "\\\\", 1.8, "s", "forget gate"),
    "g": GateStyle("#009E73", "-.", "..", 1.8, "^", "candidate"),
    "o": GateStyle("#CC79A7", ":", "xx", 2.2, "D", "output gate"),
    "c": GateStyle("#000000", "-", "", 2.4, "P", "cell state"),
    "h": GateStyle("#555555", "-", "", 1.2, "X", "hidden state"),
}

NATS = "nats per predicted symbol"


def diagram(name: str) -> diagrams.Diagram:
    """Return a hand-drawn diagram that a notebook shows by itself; an unknown name raises ValueError."""
    return diagrams.load(name)


def gate_steps(letters: Sequence[str], gates: Mapping[str, ArrayLike]) -> tuple[Figure, AxesArray]:
    """Draw one unit step by step: a lane for each of `gates` over the T letters read.

    `gates`: some of the keys of GATE_STYLE, each with its values, shape (T,). All lanes share one scale, from 0 to 1
    or wider where the values need it; each value is written at its point.
    """
    signs = parts.require_letters("letters", letters)
    if not isinstance(gates, Mapping) or not gates or not set(gates) <= set(GATE_STYLE):
        keys = list(gates) if isinstance(gates, Mapping) else repr(gates)
        raise ValueError(f"gates must be a mapping with keys among {', '.join(GATE_STYLE)}; got {keys}")
    shape = (len(signs),)
    lanes = {k: parts.require_array(f"gates[{k!r}]", gates[k], shape) for k in GATE_STYLE if k in gates}
    everything = np.concatenate(list(lanes.values()))
    low, high = math.floor(min(0.0, everything.min())), math.ceil(max(1.0, everything.max()))
    size = (WIDTH, 0.7 + (0.66 if low == 0 else 0.75) * len(lanes))
    fig, axes = plt.subplots(len(lanes), 1, sharex=True, squeeze=False, figsize=size, layout="constrained")
    for ax, (key, lane) in zip(axes[:, 0], lanes.items(), strict=True):
        _gate_lane(ax, GATE_STYLE[key], lane)
        ax.set_ylabel(f"{GATE_STYLE[key].label} {key}", rotation=0, ha="right", va="center")
        ax.set(ylim=(low - (0.15 if low == 0 else 0.5) * (high - low), high + 0.7 * (high - low)), yticks=(low, high))
    axes[-1, 0].set_xticks(range(1, len(signs) + 1), signs, size=14)
    axes[-1, 0].set(xlabel="symbol read", xlim=(0.5, len(signs) + 0.5))
    return fig, axes[:, 0]


def _gate_lane(ax: Axes, style: GateStyle, lane: FloatArray) -> None:
    """Draw one quantity over the steps in its own colour, dash and marker, each value written at its point."""
    steps = np.arange(1, len(lane) + 1)
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.plot(steps, lane, linestyle=style.dash, color=style.colour, linewidth=style.width, marker=style.marker)
    for step, value in enumerate(lane.tolist(), start=1):
        shift, side = (5, "bottom") if value >= 0 else (-5, "top")
        text = ax.annotate(parts.two_places(value), (step, value), (0, shift), textcoords="offset points")
        text.set(ha="center", va=side, size=SMALL)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)


def heat_map(
    values: ArrayLike, row_labels: Sequence[str], column_labels: Sequence[str],
    *, signed: bool = False, quantity: str = "gate value",
) -> tuple[Figure, Axes]:  # fmt: skip
    """Draw a matrix (R, C) as colours, with its numbers where they fit (at most 12 columns).

    Gate values: cividis, limits fixed at 0 and 1. `signed`: PuOr, symmetric about 0. `quantity` labels the
    colour bar; name the axes with `ax.set(xlabel=..., ylabel=...)`.
    """
    rows = parts.require_letters("row_labels", row_labels)
    columns = parts.require_letters("column_labels", column_labels)
    matrix = parts.require_array("values", values, (len(rows), len(columns)))
    limit = float(np.abs(matrix).max()) or 1.0
    low, high, colours = (-limit, limit, "PuOr") if signed else (0.0, 1.0, "cividis")
    parts.require_within("values, when not signed,", matrix, low, high)
    fig, ax = plt.subplots(figsize=(WIDTH, max(1.8, 0.9 + 0.4 * len(rows))), layout="constrained")
    image = ax.imshow(matrix, vmin=low, vmax=high, cmap=colours, aspect="auto")
    if len(columns) <= 12:
        _write_numbers(ax, image, matrix)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(columns)), columns)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    fig.colorbar(image, ax=ax, label=quantity)
    return fig, ax


def _write_numbers(ax: Axes, image: AxesImage, matrix: FloatArray) -> None:
    """Write each number of `matrix` (R, C) into its cell."""
    for place, colour in enumerate(parts.readable(image.to_rgba(matrix.ravel()))):
        row, column = divmod(place, matrix.shape[1])
        text = parts.two_places(matrix[row, column])
        ax.text(column, row, text, ha="center", va="center", size=SMALL, color=colour)


def memory_decay(forget_gates: ArrayLike, steps: int = 50) -> tuple[Figure, Axes]:
    """Draw what a constant forget gate leaves of the memory: f to the power t, t = 0..steps, for each of K gate values.

    `forget_gates`: (K,), each in [0, 1]. The band shows the memory within 1 % of its start.
    """
    gates = parts.require_within("forget_gates", parts.require_array("forget_gates", forget_gates, (None,)), 0, 1)
    last = require_integer("steps", steps, at_least=1)
    fig, ax = plt.subplots(layout="constrained")
    ax.axhspan(0.99, 1.01, facecolor="#D4D4D0")
    times = np.arange(last + 1)
    dashes = ("-", "--", "-.", ":")
    for rank, gate in enumerate(gates):
        ax.plot(times, gate**times, linestyle=dashes[rank % 4], color=parts.SHADES[rank % 5])
    ax.set(xlabel="steps since the memory was written", ylabel="share of c that is left", ylim=(-0.12, 1.06))
    ax.set_xlim(0, last)
    ends = [Label(float(gate**last), f"f = {gate:g}", GREY) for gate in gates]
    parts.label_right(ax, [Label(1.01, "within 1 %", GREY), *ends])
    return fig, ax


def loss_curve(
    train_losses: ArrayLike, val_steps: ArrayLike, val_losses: ArrayLike, ladder: Mapping[str, float]
) -> tuple[Figure, Axes]:
    """Draw the loss of each training step (raw and smoothed), the validation loss, and the levels of other models.

    `train_losses`: (N,), of steps 1..N; `val_steps`, `val_losses`: (M,); `ladder`: a model's name to its nats.
    """
    train = parts.require_array("train_losses", train_losses, (None,))
    at = parts.require_array("val_steps", val_steps, (None,))
    val = parts.require_array("val_losses", val_losses, at.shape)
    levels = parts.require_ladder("ladder", ladder)
    window = max(1, len(train) // 50)
    smooth = np.convolve(train, np.full(window, 1 / window), mode="valid")
    fig, ax = plt.subplots(layout="constrained")
    for nats in levels.values():
        ax.axhline(nats, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)))
    ax.plot(np.arange(1, len(train) + 1), train, "-", color=BAR, linewidth=0.6, alpha=0.35)
    ax.plot(np.arange(window, len(train) + 1), smooth, "-", color=BAR)
    ax.plot(at, val, "--", color=INK, marker="o", markersize=6, markerfacecolor="white", linewidth=1)
    seen = np.concatenate([smooth, val, list(levels.values())])
    pad = 0.04 * float(np.ptp(seen)) or 0.1
    ax.set(ylim=(seen.min() - pad, seen.max() + pad), xlabel="training step", ylabel=f"loss ({NATS})")
    curves = [Label(float(smooth[-1]), "training", BAR), Label(float(val[-1]), "validation", INK)]
    parts.label_right(ax, curves + [Label(nats, f"{name} {nats:.2f}", GREY) for name, nats in levels.items()])
    return fig, ax


def ladder(values: Mapping[str, float]) -> tuple[Figure, Axes]:
    """Draw models as rungs: a dot at each model's nats per predicted symbol, the best at the bottom."""
    levels = parts.require_ladder("values", values)
    names = sorted(levels, key=lambda name: -levels[name])
    nats = [levels[name] for name in names]
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.36 * len(names)), layout="constrained")
    ax.hlines(range(len(names)), min(nats), nats, color=GREY, linewidth=0.8, linestyle=":")
    ax.plot(nats, range(len(names)), "o", color=BAR, markersize=8)
    for row, value in enumerate(nats):
        ax.annotate(f"{value:.3f}", (value, row), xytext=(9, 0), textcoords="offset points", va="center")
    ax.set(xlabel=f"{NATS} (lower is better)", ylim=(len(names) - 0.5, -0.5))
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.12)
    return fig, ax
