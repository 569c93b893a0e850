"""The book's recurring figures, one function each: arrays in, `(fig, ax)` out, and the hand-drawn diagrams.

Nothing here computes with a model. A figure has no title (the caption is the title); its axes carry quantity and unit.
"""

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray

from lstm_lib import diagrams
from lstm_lib import plotting_parts as parts
from lstm_lib.arguments import require_integer, require_names
from lstm_lib.plotting_parts import BAR, GREY, INK, PALE, GateStyle, Label
from lstm_lib.tree import FloatArray

AxesArray = NDArray[np.object_]  # of Axes

GATE_STYLE = {
    "i": GateStyle("#0072B2", "-", "//", 1.8, "o", "input gate"),
    "f": GateStyle("#D55E00", "--", "\\\\", 1.8, "s", "forget gate"),
    "g": GateStyle("#009E73", "-.", "..", 1.8, "^", "candidate"),
    "o": GateStyle("#CC79A7", ":", "xx", 2.2, "D", "output gate"),
    "c": GateStyle("#000000", "-", "", 2.4, "P", "cell state"),
    "h": GateStyle("#555555", "-", "", 1.2, "X", "hidden state"),
}

NATS = "nats per predicted symbol"


def use_book_style() -> None:
    """Give every figure made from now on the book's size, font and colours."""
    plt.style.use("lstm_lib.book")


def diagram(name: str) -> diagrams.Diagram:
    """Return a hand-drawn diagram that a notebook shows by itself; an unknown name raises ValueError."""
    return diagrams.load(name)


# ---- names and batches


def batch_grid(
    inputs: ArrayLike, targets: ArrayLike, mask: ArrayLike, characters: Sequence[str]
) -> tuple[Figure, Axes]:
    """Draw a batch: one row a name, one column a step, the input above its target, padding hatched.

    `inputs`, `targets`: ids of shape (T, B); `mask`: (T, B), False where padding; `characters`: a character per id.
    """
    signs = parts.require_letters("characters", characters)
    read = parts.require_ids("inputs", inputs, (None, None), len(signs))
    wanted = parts.require_ids("targets", targets, read.shape, len(signs))
    real = parts.require_mask("mask", mask, read.shape)
    steps, rows = read.shape
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.8 * rows), layout="constrained")
    for t, row in np.ndindex(steps, rows):
        _batch_cell(ax, t + 1, row, (signs[read[t, row]], signs[wanted[t, row]]), bool(real[t, row]))
    names = ["".join(signs[k] for k in wanted[real[:, row], row][:-1]) for row in range(rows)]
    ax.set(xlim=(0.45, steps + 0.55), ylim=(rows - 0.45, -0.55), xlabel="step t", ylabel="name in the batch")
    ax.set_xticks(range(1, steps + 1))
    ax.set_yticks(
        [row + shift for row in range(rows) for shift in (-0.2, 0.2)],
        [text for name in names for text in (f"{name}   input", "target")],
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return fig, ax


def _batch_cell(ax: Axes, t: int, row: int, letters: tuple[str, str], real: bool) -> None:
    """Draw one step of one name: the input's half above the target's half; padding is hatched."""
    for letter, bottom, tint in zip(letters, (row - 0.4, row), (PALE, "white"), strict=True):
        hatch = None if real else "////"
        ax.add_patch(Rectangle((t - 0.5, bottom), 1, 0.4, facecolor=tint, edgecolor=GREY, linewidth=1, hatch=hatch))
        if not real:
            ax.plot(t, bottom + 0.2, "o", color="white", markersize=14)
        weight = "bold" if real else "normal"
        ax.text(t, bottom + 0.2, letter, ha="center", va="center_baseline", size=15, weight=weight)


def length_and_letter_histograms(
    lengths: ArrayLike, letter_counts: ArrayLike, letters: Sequence[str]
) -> tuple[Figure, AxesArray]:
    """Draw how long the names are (above) and how frequent each letter is, most frequent first (below).

    `lengths`: (N,), the letters in each name; `letter_counts`: (K,), how often each of the K `letters` occurs.
    """
    signs = parts.require_letters("letters", letters)
    sizes = parts.require_ids("lengths", lengths, (None,), 1000)
    counts = parts.require_array("letter_counts", letter_counts, (len(signs),))
    parts.require_within("letter_counts", counts, 0)
    if counts.sum() == 0:
        raise ValueError("letter_counts must hold at least one count above 0; got zeros only")
    order = np.argsort(-counts, kind="stable")
    fig, axes = plt.subplots(2, 1, figsize=(6.4, 4.6), layout="constrained")
    values, heights = np.unique(sizes, return_counts=True)
    axes[0].bar(values, heights, width=0.8, color=BAR)
    axes[0].set(xlabel="letters in the name", ylabel="names")
    axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes[1].bar([signs[k] for k in order], 100 * counts[order] / counts.sum(), width=0.8, color=BAR)
    axes[1].set(xlabel="letter", ylabel="share of all letters (%)")
    axes[1].tick_params(axis="x", length=0)
    axes[1].margins(x=0.01)
    return fig, axes


def split_overlap(
    by_row: ArrayLike, by_name: ArrayLike, held_out: Sequence[str] = ("validation", "test")
) -> tuple[Figure, Axes]:
    """Draw which share of the held-out names also stands in the training list, for two ways to split.

    `by_row`, `by_name`: (P,), shares in [0, 1], one for each of the P `held_out` parts.
    """
    groups = require_names(held_out, what="held_out")
    ways = {"split by row": by_row, "split by name": by_name}
    shares = {way: parts.require_array(f"shares, {way},", value, (len(groups),)) for way, value in ways.items()}
    for way, share in shares.items():
        parts.require_within(f"shares, {way},", share, 0, 1)
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.9 * len(groups)), layout="constrained")
    styles = {"split by row": (-0.2, BAR, ""), "split by name": (0.2, "white", "//")}
    for way, (shift, colour, hatch) in styles.items():
        widths = 100 * shares[way]
        ax.barh(np.arange(len(groups)) + shift, widths, height=0.36, color=colour, hatch=hatch, edgecolor=BAR)
        for row, width in enumerate(widths):
            ax.text(width + 1, row + shift, f"{width:.0f} %, {way}", va="center")
    ax.set(xlim=(0, 100), xlabel="names that are also in train (%)", ylim=(len(groups) - 0.5, -0.5))
    ax.set_yticks(range(len(groups)), groups)
    ax.tick_params(axis="y", length=0)
    return fig, ax


def surprisal_strip(letters: Sequence[str], surprisals: ArrayLike) -> tuple[Figure, Axes]:
    """Colour a name letter by letter by surprisal: `letters`, T symbols with the end mark; `surprisals`, (T,), in nats.

    The colours run from 0 to 5 nats in every strip, so that two names can be compared; above 5 the colour stays.
    """
    signs = parts.require_letters("letters", letters)
    nats = parts.require_within("surprisals", parts.require_array("surprisals", surprisals, (len(signs),)), 0)
    fig, ax = plt.subplots(figsize=(6.4, 1.5), layout="constrained")
    image = ax.imshow(nats[None, :], vmin=0, vmax=5, aspect="auto", extent=(0.5, len(signs) + 0.5, 0, 1))
    for t, (sign, value, colour) in enumerate(zip(signs, nats, _readable(image.to_rgba(nats)), strict=True), start=1):
        ax.text(t, 0.62, sign, ha="center", va="center", size=20, weight="bold", color=colour)
        ax.text(t, 0.2, f"{value:.2f}", ha="center", va="center", size=10, color=colour)
    ax.set_xticks(range(1, len(signs) + 1))
    ax.set(yticks=[], xlabel="step t")
    ax.spines[:].set_visible(False)
    fig.colorbar(image, ax=ax, label="nats", extend="max" if nats.max() > 5 else "neither", ticks=[0, 5])
    return fig, ax


# ---- inside the cell


def gate_steps(letters: Sequence[str], gates: Mapping[str, ArrayLike]) -> tuple[Figure, AxesArray]:
    """Draw one unit step by step: a lane for each of `gates` over the T letters read.

    `gates`: some of the keys of GATE_STYLE, each with its values, shape (T,). All lanes share one scale, from 0 to 1
    or wider where the values need it; each value is written at its point.
    """
    signs = parts.require_letters("letters", letters)
    if not gates or not set(gates) <= set(GATE_STYLE):
        raise ValueError(f"gates must have keys among {', '.join(GATE_STYLE)}; got {list(gates)}")
    shape = (len(signs),)
    lanes = {k: parts.require_array(f"gates[{k!r}]", gates[k], shape) for k in GATE_STYLE if k in gates}
    everything = np.concatenate(list(lanes.values()))
    low, high = math.floor(min(0.0, everything.min())), math.ceil(max(1.0, everything.max()))
    size = (6.4, 0.7 + (0.55 if low == 0 else 0.75) * len(lanes))
    fig, axes = plt.subplots(len(lanes), 1, sharex=True, sharey=True, squeeze=False, figsize=size, layout="constrained")
    for ax, (key, lane) in zip(axes[:, 0], lanes.items(), strict=True):
        _gate_lane(ax, GATE_STYLE[key], lane)
        ax.set_ylabel(f"{GATE_STYLE[key].label} {key}", rotation=0, ha="right", va="center")
        ax.set(ylim=(low - (0.15 if low == 0 else 0.5) * (high - low), high + 0.7 * (high - low)), yticks=(low, high))
    axes[-1, 0].set_xticks(range(1, len(signs) + 1), signs, size=14)
    axes[-1, 0].set(xlabel="letter read", xlim=(0.5, len(signs) + 0.5))
    return fig, axes[:, 0]


def _gate_lane(ax: Axes, style: GateStyle, lane: FloatArray) -> None:
    """Draw one quantity over the steps in its own colour, dash and marker, each value written at its point."""
    steps = np.arange(1, len(lane) + 1)
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.plot(steps, lane, linestyle=style.dash, color=style.colour, linewidth=style.width, marker=style.marker)
    for step, value in enumerate(lane.tolist(), start=1):
        shift, side = (5, "bottom") if value >= 0 else (-5, "top")
        text = ax.annotate(parts.two_places(value), (step, value), (0, shift), textcoords="offset points")
        text.set(ha="center", va=side, size=9.5)
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
    fig, ax = plt.subplots(figsize=(6.4, max(1.8, 0.9 + 0.4 * len(rows))), layout="constrained")
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
    for place, colour in enumerate(_readable(image.to_rgba(matrix.ravel()))):
        row, column = divmod(place, matrix.shape[1])
        text = parts.two_places(matrix[row, column])
        ax.text(column, row, text, ha="center", va="center", size=10, color=colour)


def _readable(backgrounds: FloatArray) -> list[str]:
    """Return, for each colour (K, 4), red, green, blue, opacity in [0, 1], black or white: what can be read on it."""
    luminance = backgrounds[:, :3] ** 2.2 @ np.array([0.2126, 0.7152, 0.0722])
    return [INK if bright > 0.18 else "white" for bright in luminance.tolist()]


def memory_decay(forget_gates: ArrayLike, steps: int = 50) -> tuple[Figure, Axes]:
    """Draw what a constant forget gate leaves of the memory: f to the power t, t = 0..steps, for each of K gate values.

    `forget_gates`: (K,), each in [0, 1]. The band shows the memory within 1 % of its start.
    """
    gates = parts.require_within("forget_gates", parts.require_array("forget_gates", forget_gates, (None,)), 0, 1)
    last = require_integer("steps", steps, at_least=1)
    fig, ax = plt.subplots(layout="constrained")
    ax.axhspan(0.99, 1.01, facecolor="#D4D4D0")
    times = np.arange(last + 1)
    dashes, shades = ("-", "--", "-.", ":"), plt.get_cmap("cividis")(np.linspace(0, 0.8, len(gates)))
    for rank, gate in enumerate(gates):
        ax.plot(times, gate**times, linestyle=dashes[rank % 4], color=shades[rank])
    ax.set(xlabel="steps since the memory was written", ylabel="share of c that is left", ylim=(-0.03, 1.06))
    ax.set_xlim(0, last)
    ends = [Label(float(gate**last), f"f = {gate:g}", GREY) for gate in gates]
    parts.label_right(ax, [Label(1.01, "within 1 %", GREY), *ends])
    return fig, ax


# ---- training


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
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.36 * len(names)), layout="constrained")
    ax.hlines(range(len(names)), min(nats), nats, color=GREY, linewidth=0.8, linestyle=":")
    ax.plot(nats, range(len(names)), "o", color=BAR, markersize=8)
    for row, value in enumerate(nats):
        ax.annotate(f"{value:.3f}", (value, row), xytext=(9, 0), textcoords="offset points", va="center")
    ax.set(xlabel=f"{NATS} (lower is better)", ylim=(len(names) - 0.5, -0.5))
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.12)
    return fig, ax
