"""Figures of chapter 23: how many names it takes until a network beats counting."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, INK, WIDTH

STYLES = (("--", "s", INK), ("-", "o", BAR), (":", "^", "#8F8760"))  # dash, marker, colour


def curve(words: ArrayLike, rivals: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw what test names cost over the number of names read, a small mark for each seed, a line through the means.

    `words`: (K,), rising, above 0, on a logarithmic axis; `rivals`: a name to (K, S) nats per symbol, one to three.
    """
    across = parts.require_within("words", parts.require_array("words", words, (None,)), 1)
    if not 1 <= len(rivals) <= len(STYLES):
        raise ValueError(f"rivals must hold one to {len(STYLES)} names; got {list(rivals)}")
    fig, ax = plt.subplots(figsize=(WIDTH, 3.5), layout="constrained")
    for (name, values), (dash, marker, colour) in zip(rivals.items(), STYLES, strict=False):
        nats = parts.require_array(f"rivals[{name!r}]", values, (len(across), None))
        ax.plot(across, nats, marker, color=colour, markersize=3, fillstyle="none", markeredgewidth=0.7)
        ax.plot(across, nats.mean(axis=1), dash, color=colour, label=name)
    ax.set(xscale="log", xlabel="names to learn from", ylabel="nats per symbol, unread names")
    ax.set_xticks(across.tolist(), [f"{round(each):,}" for each in across.tolist()])
    ax.minorticks_off()
    ax.legend(loc="upper right")
    return fig, ax
