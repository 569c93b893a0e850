"""Figures of chapter 23: on which lists a network is ahead of counting, and after how many names."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, WIDTH

STYLES = (("--", "s", INK), ("-", "o", BAR), (":", "^", "#8F8760"))  # dash, marker, colour
STEP = 0.25  # between two languages of one row


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


def leads(rows: Mapping[str, Mapping[str, ArrayLike]]) -> tuple[Figure, Axes]:
    """Draw what the LSTM costs more than counting: a row for each kind of list, the first on top, a mark for each draw.

    `rows`: a kind to a mapping from a language, the same in each row, to (S, 3): value, low, high. A mark is full
    where its interval does not hold 0.
    """
    languages = parts.require_named("rows", next(iter(rows.values()), {}))
    if not 1 <= len(languages) <= len(STYLES) or any([*each] != languages for each in rows.values()):
        raise ValueError(f"rows must hold the same one to {len(STYLES)} languages each; got {rows}")
    fig, ax = plt.subplots(figsize=(WIDTH, 1.2 + 0.75 * len(rows)), layout="constrained")
    ax.axvline(0, color=GREY, linewidth=0.9)
    for y, kind in enumerate(rows):
        for k, (language, (_, marker, colour)) in enumerate(zip(languages, STYLES, strict=False)):
            value, low, high = parts.require_array(f"{kind}, {language}", rows[kind][language], (None, 3)).T
            height = np.full(len(value), y + STEP * (k - (len(languages) - 1) / 2))
            sure = (low > 0) | (high < 0)
            for those, fill, label in ((sure, colour, None if y else language), (~sure, "none", None)):
                ax.plot(value[those], height[those], marker, color=colour, markerfacecolor=fill, label=label)
    ax.set(xlabel="LSTM minus counting, nats per symbol", ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(range(len(rows)), [*rows])
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="best")
    return fig, ax
