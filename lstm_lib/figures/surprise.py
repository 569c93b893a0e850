"""Figures of chapter 2: the same model under several yardsticks. Arrays in, `(fig, ax)` out."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, INK, WIDTH


def wrong_metrics(right: ArrayLike, wrong: Mapping[str, float]) -> tuple[Figure, Axes]:
    """Draw the right perplexity as a full bar, and below it what each wrong way to compute it reports, hatched.

    `right`: one number; `wrong`: a mistake's name (it may hold a line break) to its number. The dashed line marks the
    right number, so that the bars which flatter can be told from those which punish.
    """
    truth = float(parts.require_within("right", parts.require_array("right", right, ()).reshape(1), 0)[0])
    bars = {"right": truth, **parts.require_ladder("wrong", wrong)}
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.52 * len(bars)), layout="constrained")
    for row, (name, value) in enumerate(bars.items()):
        colour, hatch = (BAR, "") if name == "right" else ("white", "//")
        ax.barh(row, value, height=0.6, color=colour, hatch=hatch, edgecolor=BAR)
        ax.text(value + 0.015 * max(bars.values()), row, f"{value:.1f}", va="center")
    ax.plot([truth, truth], [0.4, len(bars) - 0.5], "--", color=INK, linewidth=1.2)
    ax.set(xlabel="reported perplexity (symbols)", ylim=(len(bars) - 0.5, -0.5), xlim=(0, 1.1 * max(bars.values())))
    ax.set_yticks(range(len(bars)), bars)
    ax.tick_params(axis="y", length=0)
    return fig, ax
