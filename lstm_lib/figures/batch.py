"""A batch drawn as its arrays: time runs down, the names stand side by side. Arrays in, `(fig, axes)` out."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import GREY, INK, PALE, SMALL, WIDTH, AxesArray
from lstm_lib.tree import BoolArray


def batch_arrays(
    inputs: ArrayLike, targets: ArrayLike, mask: ArrayLike, characters: Sequence[str]
) -> tuple[Figure, AxesArray]:
    """Draw inputs, targets and mask side by side as arrays: one row a step, one column a name, padding hatched.

    `inputs`, `targets`: ids of shape (T, B); `mask`: (T, B), False where padding; `characters`: a character per id.
    A cell shows its symbol and below it the id; a cell of the mask shows true or false.
    """
    signs = parts.require_letters("characters", characters)
    read = parts.require_ids("inputs", inputs, (None, None), len(signs))
    wanted = parts.require_ids("targets", targets, read.shape, len(signs))
    real = parts.require_mask("mask", mask, read.shape)
    steps, names = read.shape
    fig, axes = plt.subplots(1, 3, figsize=(WIDTH, 0.8 + 0.55 * steps), sharey=True, layout="constrained")
    _array(axes[0], "inputs", [[f"{signs[k]}\n{k}" for k in row] for row in read], real)
    _array(axes[1], "targets", [[f"{signs[k]}\n{k}" for k in row] for row in wanted], real)
    _array(axes[2], "mask", [["true" if k else "false" for k in row] for row in real], real)
    words = ["".join(signs[k] for k in wanted[real[:, n], n][:-1]) for n in range(names)]
    for ax in axes:
        ax.set_xticks(range(names), words)
    axes[0].set(ylim=(steps - 0.45, -0.55), ylabel="step t", yticks=range(steps))
    axes[0].set_yticklabels(range(1, steps + 1))
    return fig, axes


def _array(ax: Axes, heading: str, words: list[list[str]], real: BoolArray) -> None:
    """Draw one array of shape (T, B): its words in cells, its heading below, the columns' names above."""
    for t, n in np.ndindex(real.shape):
        word, _, below = words[t][n].partition("\n")
        face, hatch = (PALE, None) if real[t, n] else ("white", "////")
        ax.add_patch(Rectangle((n - 0.5, t - 0.5), 1, 1, facecolor=face, edgecolor=GREY, linewidth=1, hatch=hatch))
        if not real[t, n]:  # a white plate, so that the word can be read on the hatching
            ax.add_patch(Rectangle((n - 0.32, t - 0.24), 0.64, 0.48, facecolor="white"))
        weight = "bold" if below and real[t, n] else "normal"
        ax.text(n - 0.12 * bool(below), t, word, ha="center", va="center", size=13, weight=weight, color=INK)
        ax.text(n + 0.16, t + 0.1, below, ha="center", va="center", size=SMALL, color=GREY)
    ax.set(xlim=(-0.55, real.shape[1] - 0.45), xlabel=heading)
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
