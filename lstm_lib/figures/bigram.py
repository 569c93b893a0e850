"""Figures of chapter 4: a table of logits, and how it learns."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, ON_DARK, PALE, WIDTH, AxesArray, Label
from lstm_lib.figures.recurring import NATS
from lstm_lib.tree import FloatArray

RUN_STYLES = (
    ("#00224E", "-", 1.8),
    ("#575D6D", "--", 1.8),
    ("#8F8760", "-", 0.9),
)  # of the book's cycle, dark to light
ROW_MARKERS = (("#00224E", "o"), ("#575D6D", "s"), ("#8F8760", "^"), (INK, "D"))


def pair_map(table: ArrayLike, symbols: Sequence[str]) -> tuple[Figure, Axes]:
    """Draw a table (V, V) of next-symbol probabilities: a row for each symbol read, a dot where one is exactly 0."""
    signs = parts.require_letters("symbols", symbols)
    shares = parts.require_array("table", table, (len(signs), len(signs)))
    parts.require_within("table", shares, 0, 1)
    fig, ax = plt.subplots(figsize=(WIDTH, 5.9), layout="constrained")
    image = ax.imshow(shares, norm=PowerNorm(0.5, vmin=0, vmax=1))
    rows, columns = np.nonzero(shares == 0)
    ax.plot(columns, rows, "o", color=ON_DARK, markersize=1.8, markeredgewidth=0)
    places = range(len(signs))
    ax.set_xticks(places, signs)
    ax.set_yticks(places, signs)
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0, pad=2, labelbottom=False, labeltop=True)
    ax.set(xlabel="next symbol", ylabel="symbol read")
    ax.spines[:].set_visible(False)
    bar = fig.colorbar(image, ax=ax, orientation="horizontal", aspect=40, pad=0.03, ticks=(0, 0.05, 0.2, 0.5, 1))
    bar.set_label("probability of the next symbol")
    return fig, ax


def pushes(p: ArrayLike, target: int, symbols: Sequence[str]) -> tuple[Figure, AxesArray]:
    """Draw what was expected, and the push on each score: `p` (V,), the id of the symbol that came, a name for each.

    Left the probabilities p, right the pushes, one-hot minus p: up for the symbol that came, down for the others.
    """
    signs = parts.require_letters("symbols", symbols)
    expected = parts.require_within("p", parts.require_array("p", p, (len(signs),)), 0, 1)
    came = int(parts.require_ids("target", [target], (1,), len(signs))[0])
    push = np.eye(len(signs))[came] - expected
    fig, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3), layout="constrained")
    places = range(len(signs))
    left.bar(places, expected, width=0.5, color=PALE, edgecolor=GREY)
    right.axhline(0, color=GREY, linewidth=0.8)
    bars = right.bar(places, push, width=0.5, color=BAR)
    signed = [f"{size:+.3f}".replace("-", "−") for size in push.tolist()]
    right.bar_label(bars, signed, padding=3, color=BAR, weight="bold")
    room = 0.25 * float(np.abs(push).max()) or 1.0
    right.set(ylabel="push on the score", ylim=(min(push.min(), 0) - room, max(push.max(), 0) + room))
    left.set(ylabel="probability expected", ylim=(0, 1))
    for ax in (left, right):
        ax.set(xlabel="next symbol", xlim=(-0.5, len(signs) - 0.5))
        ax.set_xticks(places, [f"{sign} (came)" if k == came else sign for k, sign in enumerate(signs)])
        ax.tick_params(axis="x", length=0)
    return fig, np.array([left, right])


def loss_runs(
    runs: Mapping[str, ArrayLike], floor: float, *, floor_name: str = "counted", log_steps: bool = False
) -> tuple[Figure, Axes]:
    """Draw up to three runs that should come down to one line: a run's name to its loss before step 1, 2, 3, ...

    A run that ends early is named at its end, the others on the right.

    `floor`: the loss of the counted table. `log_steps` makes the axis of steps logarithmic, from step 1.
    """
    losses = _require_runs(runs)
    level = float(parts.require_within("floor", parts.require_array("floor", [floor], (1,)), 0)[0])
    fig, ax = plt.subplots(figsize=(WIDTH, 3.6), layout="constrained")
    ax.axhline(level, color=GREY, linewidth=1.2, linestyle=(0, (2, 3)))
    last = max(map(len, losses.values()))
    labels = [Label(level, f"{floor_name} {level:.2f}", GREY)]
    for (name, run), (colour, dash, width) in zip(losses.items(), RUN_STYLES, strict=False):
        steps = np.arange(1, len(run) + 1)
        ax.plot(steps, run, linestyle=dash, color=colour, linewidth=width)
        ax.plot(steps[-1], run[-1], "o", color=colour, markersize=5, clip_on=False)
        if len(run) < last:
            above = ax.annotate(name, (steps[-1], run[-1]), (0, 9), textcoords="offset points")
            above.set(ha="center", va="bottom")
        else:
            labels.append(Label(float(run[-1]), name, colour))
    if log_steps:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
    ax.set(xlabel="training step", ylabel=f"loss ({NATS})", xlim=(1, last))
    parts.label_right(ax, labels)
    return fig, ax


def _require_runs(runs: object) -> dict[str, FloatArray]:
    """One to three named runs, each an array (S,) of at least two losses."""
    if not isinstance(runs, Mapping) or not 1 <= len(runs) <= len(RUN_STYLES):
        raise ValueError(f"runs must be a mapping of one to three names to losses; got {type(runs).__name__}")
    losses = {str(name): parts.require_array(f"runs[{name!r}]", run, (None,)) for name, run in runs.items()}
    short = [name for name, run in losses.items() if len(run) < 2]
    if short:
        raise ValueError(f"runs[{short[0]!r}] must have at least two losses")
    return losses


def logits_against_counts(logits: ArrayLike, counts: ArrayLike, rows: Sequence[str]) -> tuple[Figure, Axes]:
    """Draw R rows of learned logits (R, V) over the counts (R, V) of the same pairs, one marker for each row.

    Through each row's most frequent pair runs a line of slope 1: logits that equal the logarithm of the count, up to a
    constant. Pairs never seen stand in a column of their own on the left. R is at most 4.
    """
    names = parts.require_letters("rows", rows)
    if len(names) > len(ROW_MARKERS):
        raise ValueError(f"rows must name at most {len(ROW_MARKERS)} rows; got {len(names)}")
    scores = parts.require_array("logits", logits, (len(names), None))
    seen = parts.require_within("counts", parts.require_array("counts", counts, scores.shape), 0)
    fig, ax = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    places = np.where(seen > 0, np.log10(np.maximum(seen, 1)), -0.8)
    for row, (colour, marker) in zip(range(len(names)), ROW_MARKERS, strict=False):
        best = int(seen[row].argmax())
        start = scores[row, best] - np.log(max(seen[row, best], 1))
        ax.plot([0, places[row, best]], [start, scores[row, best]], "-", color=GREY, linewidth=0.8)
        ax.plot(places[row], scores[row], marker, color=colour, markersize=5, markerfacecolor="none", clip_on=False)
        text = ax.annotate(names[row], (places[row, best], scores[row, best]), (9, 0), textcoords="offset points")
        text.set(va="center", size=13, weight="bold")
    powers = range(int(places.max()) + 1)
    ax.set_xticks([-0.8, *powers], ["never", *(f"{10**power:,}" for power in powers)])
    ax.set(xlabel="how often the pair was counted", ylabel="learned score (logit)")
    return fig, ax
