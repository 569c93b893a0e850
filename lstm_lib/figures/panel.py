"""Figures of chapter 13: where the gates stand, how far a gradient reaches, and the dashboard of a run."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, SMALL, WIDTH, AxesArray, Label
from lstm_lib.figures.recurring import GATE_STYLE
from lstm_lib.tree import FloatArray

GATES = ("i", "f", "g", "o")
CURVES = ((INK, "-", 2.2), (BAR, "--", 2.0), (GREY, ":", 1.8), ("#8A6D00", "-.", 1.8), ("#A02C5A", "-", 1.6))
LIMITED = ("gradient_norm", "saturation", "ratio", "dead", "reach")
# Where each instrument's axis begins and how far it goes at least; one that begins above 0 is logarithmic.
SCALES = {"": (0.0, 3.5), "gradient_norm": (0.02, 20.0), "saturation": (0.0, 1.0), "ratio": (1e-6, 2.0),
          "dead": (-0.05, 1.0), "reach": (1e-3, 3.0)}  # fmt: skip
FLOOR = 1e-9  # a share below it is drawn there: a logarithmic axis has no 0
MEASURES = ("step", "train_loss", "val_loss", "gradient_norm", *(f"saturation {gate}" for gate in GATES),
            "ratio E", "ratio W_x", "ratio W_h", "ratio W_y", "dead")  # fmt: skip


def gate_histograms(cases: Mapping[str, Mapping[str, ArrayLike]]) -> tuple[Figure, AxesArray]:
    """Draw how the values of the four gates are spread: a row for each gate, a column for each of up to four cases.

    `cases`: a heading to the values of `i`, `f`, `g` and `o`, each of any shape. The pale bands at the ends are
    where a gate is saturated. Each panel is scaled to its own tallest bar.
    """
    checked = {heading: _require_gates(heading, cases[heading]) for heading in parts.require_named("cases", cases)}
    if len(checked) > 4:
        raise ValueError(f"cases must hold at most 4 columns; got {len(checked)}")
    fig, axes = plt.subplots(4, len(checked), squeeze=False, sharex="row", figsize=(WIDTH, 5.4), layout="constrained")
    for column, (heading, gates) in enumerate(checked.items()):
        for ax, gate in zip(axes[:, column], GATES, strict=True):
            _histogram(ax, gate, gates[gate])
        axes[0, column].annotate(heading, (0.5, 1), (0, 6), xycoords="axes fraction", textcoords="offset points",
                                 ha="center", va="bottom")  # fmt: skip
    for ax, gate in zip(axes[:, 0], GATES, strict=True):
        ax.set_ylabel(f"{GATE_STYLE[gate].label}\n{gate}", rotation=0, ha="right", va="center")
    fig.supxlabel("value of the gate", size=SMALL)
    return fig, axes


def _require_gates(heading: str, gates: object) -> dict[str, FloatArray]:
    """The values of the four gates, flat, each within its range; raise ValueError otherwise."""
    if not isinstance(gates, Mapping) or set(gates) != set(GATES):
        raise ValueError(f"cases[{heading!r}] must be a mapping with the gates i, f, g, o; got {gates!r}")
    flat = {gate: parts.require_array(gate, np.ravel(gates[gate]), (None,)) for gate in GATES}
    return {gate: parts.require_within(gate, values, -1 if gate == "g" else 0, 1) for gate, values in flat.items()}


def _histogram(ax: Axes, gate: str, values: FloatArray) -> None:
    low = -1.0 if gate == "g" else 0.0
    edge = 0.05 * (1 - low)
    for start, end in ((low, low + edge), (1 - edge, 1.0)):
        ax.axvspan(start, end, color="#D4D4D0", linewidth=0)
    heights, edges = np.histogram(values, bins=40, range=(low, 1.0))
    ax.stairs(heights / heights.max(), edges, fill=True, color=GATE_STYLE[gate].colour, linewidth=0)
    ax.set(xlim=(low, 1), ylim=(0, 1.05), yticks=[], xticks=[low, (1 + low) / 2, 1])
    ax.set_xticklabels(["−1" if low else "0", "0" if low else "0.5", "1"])
    first, _, last = ax.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def reach_curves(curves: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw up to five gradients against the steps that they have travelled back, on a logarithmic axis.

    `curves`: a name to the shares (K,) that are left after 0, 1, ... steps; a share below 1e-9 is drawn at 1e-9.
    """
    names = parts.require_named("curves", curves)
    if len(names) > len(CURVES):
        raise ValueError(f"curves must hold at most {len(CURVES)} curves; got {len(names)}")
    lines = {name: parts.require_within(name, parts.require_array(name, curves[name], (None,)), 0) for name in names}
    fig, ax = plt.subplots(figsize=(WIDTH, 3.8), layout="constrained")
    ax.set_yscale("log")
    parts.decades(ax.yaxis)
    for (name, line), (colour, dash, width) in zip(lines.items(), CURVES, strict=False):
        ax.plot(np.maximum(line, FLOOR), linestyle=dash, color=colour, linewidth=width, label=name)
    ax.set(xlabel="steps back from the last symbol", ylabel="length of the gradient of c\n(1 at the last symbol)")
    ax.set_xlim(0, max(map(len, lines.values())) - 1)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    ends = zip(lines.items(), CURVES, strict=False)
    parts.label_right(ax, [Label(max(float(line[-1]), FLOOR), name, style[0]) for (name, line), style in ends])
    return fig, ax


def dashboard(
    measures: Mapping[str, ArrayLike], reach: Mapping[str, ArrayLike], limits: Mapping[str, tuple[float, float]]
) -> tuple[Figure, AxesArray]:
    """Draw six instruments of a run: loss, gradient, saturation, steps against weights, dead units, reach.

    `measures`: those of MEASURES, each (S,), as `panel.record.columns` returns them; `reach`: up to three names, each
    with the shares (K,) of a gradient that are left k steps back; `limits`: for `gradient_norm`, `saturation`,
    `ratio`, `dead` and `reach` the smallest and the largest healthy value. What lies beyond is shaded.
    """
    seen, names = _require_measures(measures), parts.require_named("reach", reach)
    if len(names) > 3:
        raise ValueError(f"reach must hold at most 3 curves; got {len(names)}")
    if not isinstance(limits, Mapping) or not set(LIMITED) <= set(limits):
        raise ValueError(f"limits must be a mapping with {', '.join(LIMITED)}; got {limits!r}")
    shares = {name: parts.require_within(name, parts.require_array(name, reach[name], (None,)), 0) for name in names}
    lanes = (
        ("", "loss (nats per symbol)", {"training": seen["train_loss"], "validation": seen["val_loss"]}),
        ("gradient_norm", "length of the gradient", {"": seen["gradient_norm"]}),
        ("saturation", "gate values at an end", {gate: seen[f"saturation {gate}"] for gate in GATES}),
        ("ratio", "step / weights", {name: seen[f"ratio {name}"] for name in ("E", "W_x", "W_h", "W_y")}),
        ("dead", "share of dead units", {"": seen["dead"]}),
    )
    fig, axes = plt.subplots(3, 2, figsize=(WIDTH, 7.6), layout="constrained")
    for ax, (key, quantity, lines) in zip(axes.flat, lanes, strict=False):
        _instrument(ax, key, seen["step"], lines)
        ax.set(xlabel="training step", ylabel=quantity)
        _shade(ax, limits.get(key, (-np.inf, np.inf)))
    _instrument(axes[2, 1], "reach", None, shares)
    axes[2, 1].set(xlabel="steps back", ylabel="gradient of c that is left")
    _shade(axes[2, 1], limits["reach"])
    return fig, axes


def _instrument(ax: Axes, key: str, steps: FloatArray | None, lines: Mapping[str, FloatArray]) -> None:
    """One panel: its lines, named inside it, on the scale that belongs to the measure."""
    low, high = SCALES[key]
    for (name, line), (colour, dash, width) in zip(lines.items(), CURVES, strict=False):
        look = GATE_STYLE.get(name)
        colour, dash, width = (look.colour, look.dash, look.width) if look else (colour, dash, width)
        at = np.arange(len(line)) if steps is None else steps
        ax.plot(at, np.maximum(line, low), linestyle=dash, color=colour, linewidth=width, label=name)
        high = max(high, 1.3 * float(line.max()))
    if low > 0:
        ax.set_yscale("log")
        parts.decades(ax.yaxis)
    ax.set_ylim(low, high)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    if len(lines) > 1 or key == "reach":
        ax.legend(loc="best", ncols=2 if len(lines) > 2 else 1, handlelength=1.9, columnspacing=0.9, fontsize=SMALL)


def _shade(ax: Axes, healthy: tuple[float, float]) -> None:
    """Shade what lies below and above the healthy values, as far as the axis goes."""
    low, high = ax.get_ylim()
    below = min(high, healthy[0]) if healthy[0] > 0 else low  # nothing is read below 0
    for start, end in ((low, below), (max(low, healthy[1]), high)):
        if start < end:
            ax.axhspan(start, end, color="#E8D9D3", linewidth=0)
    ax.set_ylim(low, high)


def _require_measures(measures: object) -> dict[str, FloatArray]:
    missing = [name for name in MEASURES if not isinstance(measures, Mapping) or name not in measures]
    if not isinstance(measures, Mapping) or missing:
        raise ValueError(f"measures must be a mapping with {', '.join(MEASURES)}; it lacks {', '.join(missing)}")
    steps = parts.require_array("step", measures["step"], (None,))
    return {name: parts.require_array(name, measures[name], steps.shape) for name in MEASURES}
