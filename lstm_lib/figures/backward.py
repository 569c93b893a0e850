"""Figures of chapters 7 to 9: gradients on their way back through a name."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import GREY, INK, AxesArray
from lstm_lib.figures.recurring import GATE_STYLE
from lstm_lib.tree import FloatArray

THROUGH_H, ALONG_C = "#B9C2D6", "#35456C"  # the two roads into c; the hatch tells them apart without colour


def memory_and_roads(
    letters: Sequence[str], memory: ArrayLike, *, through_h: ArrayLike, along_c: ArrayLike
) -> tuple[Figure, AxesArray]:
    """Draw one unit's memory over the T letters read, and below it what comes back to it by its two roads.

    `memory`: c after each step; `through_h`, `along_c`: the two parts of its gradient; each (T,). The parts are
    stacked bars, up from 0 where they are positive, down where negative; their sum is a diamond with its number.
    """
    signs = parts.require_letters("letters", letters)
    shape = (len(signs),)
    held = parts.require_array("memory", memory, shape)
    near = parts.require_array("through_h", through_h, shape)
    far = parts.require_array("along_c", along_c, shape)
    fig, axes = plt.subplots(2, 1, sharex=True, figsize=(6.4, 4.4), height_ratios=(1, 2), layout="constrained")
    _memory(axes[0], held)
    _two_roads(axes[1], near, far)
    axes[1].set_xticks(range(1, len(signs) + 1), signs, size=14)
    axes[1].set(xlabel="letter read", xlim=(0.5, len(signs) + 0.7))
    return fig, axes


def _memory(ax: Axes, held: FloatArray) -> None:
    """The memory as a line, each value written above its point."""
    style, steps = GATE_STYLE["c"], np.arange(1, len(held) + 1)
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.plot(steps, held, style.dash, color=style.colour, linewidth=style.width, marker=style.marker)
    for step, value in enumerate(held.tolist(), start=1):
        ax.annotate(parts.two_places(value), (step, value), (0, 6), textcoords="offset points", ha="center", size=9.5)
    ax.set_ylabel("memory c")
    ax.margins(y=0.45)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)


def _two_roads(ax: Axes, near: FloatArray, far: FloatArray) -> None:
    """The two parts of dc as stacked bars, named beside the step where both are easiest to see."""
    steps = np.arange(1, len(near) + 1)
    above = np.where(np.sign(near) == np.sign(far), near, 0)  # the second bar starts where the first ends, or at 0
    ax.bar(steps, near, 0.34, color=THROUGH_H, edgecolor=INK, hatch="//", linewidth=0.8)
    ax.bar(steps, far, 0.34, bottom=above, color=ALONG_C, edgecolor=INK, linewidth=0.8)
    ax.axhline(0, color=INK, linewidth=0.8)
    total = near + far
    ax.plot(steps, total, "D", color="white", markeredgecolor=INK, markersize=7)
    for step, value in enumerate(total.tolist(), start=1):
        text = f"{value:+.4f}".replace("-", "\u2212")
        ax.annotate(text, (step, value), (18, 0), textcoords="offset points", ha="left", va="center", size=9.5)
    clearest = int(np.minimum(np.abs(near), np.abs(far)).argmax())
    for name, middle in (("through h", near), ("next c", above * 2 + far)):
        place = clearest + 0.79, float(middle[clearest]) / 2
        ax.text(*place, name, ha="right", va="center", size=9.5, color=INK)
    ax.set_ylabel("dc, nats per unit of c")
    ax.margins(y=0.12)


def who_speaks_to_whom(
    read: Sequence[str], guessed: Sequence[str], shares: Mapping[str, ArrayLike]
) -> tuple[Figure, AxesArray]:
    """Draw how much of each guess's message arrives at each step: a triangle for each entry of `shares`.

    `read`, `guessed`: the T symbols read and to guess; `shares`: a name to an array (T, T), row a guess, column a
    step; what lies to the right of the diagonal, a step after its guess, is left white. Colours run from 0 to 1.
    """
    signs, wanted = parts.require_letters("read", read), parts.require_letters("guessed", guessed)
    shape, names = (len(wanted), len(signs)), parts.require_named("shares", shares)
    drawn = {name: parts.require_array(f"shares[{name!r}]", shares[name], shape) for name in names}
    fig, axes = plt.subplots(1, len(drawn), sharey=True, squeeze=False, figsize=(6.4, 3.4), layout="constrained")
    for ax, (name, share) in zip(axes[0], drawn.items(), strict=True):
        later = np.triu(np.ones(shape, bool), 1)
        image = ax.imshow(np.ma.masked_array(share, later), vmin=0, vmax=1, cmap="cividis")
        ax.set_xticks(range(shape[1]), signs)
        ax.set_yticks(range(shape[0]), wanted)
        ax.set(xlabel=f"letter read ({name})")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0, 0].set_ylabel("letter to guess")
    fig.colorbar(image, ax=axes, label="share that arrives", extend="max")
    return fig, axes[0]
