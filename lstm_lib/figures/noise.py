"""The figure of chapter 9: how well the gradient of a few names agrees with that of many."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import GREY

STYLES = (("#35456C", "o"), ("#D55E00", "^"), ("#009E73", "s"))


def noise_curves(
    sizes: ArrayLike, cosines: Mapping[str, ArrayLike], noise: Mapping[str, ArrayLike]
) -> tuple[Figure, Axes]:
    """Draw measured cosines over the batch size, and for each run the curve 1 / sqrt(1 + k / B).

    `sizes`: (S,), increasing; `cosines`: at most three names, each to an array (runs, S); `noise`: the same names, to
    the k of each run, (runs,). The dotted line is 1 / sqrt(2), where B = k.
    """
    batch = parts.require_array("sizes", sizes, (None,))
    names = parts.require_named("cosines", cosines)
    if len(names) > len(STYLES) or set(names) != set(noise):
        raise ValueError(f"cosines and noise must have the same names, at most three; got {names} and {list(noise)}")
    ks = {name: parts.require_array(f"noise[{name!r}]", noise[name], (None,)) for name in names}
    shapes = {name: (len(ks[name]), len(batch)) for name in names}
    dots = {name: parts.require_array(f"cosines[{name!r}]", cosines[name], shapes[name]) for name in names}
    fig, ax = plt.subplots(layout="constrained")
    fine = np.geomspace(batch[0], batch[-1])
    for name, (colour, marker) in zip(names, STYLES, strict=False):
        curves = 1 / np.sqrt(1 + ks[name][:, None] / fine)  # (runs, 50)
        for run, curve in zip(dots[name], curves, strict=True):
            ax.plot(batch, run, marker, color=colour, markersize=6)
            ax.plot(fine, curve, "-", color=colour, linewidth=1)
        at = (len(batch) - 1) // 2  # below its own bundle, in the middle
        lowest = float(min(dots[name][:, at].min(), (1 / np.sqrt(1 + ks[name] / batch[at])).min()))
        ax.text(batch[at], lowest - 0.05, name, va="top")
    ax.axhline(1 / np.sqrt(2), color=GREY, linestyle=":", linewidth=1)
    ax.set(xscale="log", xlabel="names in the batch, B", ylabel="cosine with many names", ylim=(-0.05, 1.03))
    ax.set_xticks(batch, [f"{size:g}" for size in batch])
    ax.minorticks_off()
    return fig, ax
