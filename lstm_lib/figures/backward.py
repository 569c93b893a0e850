"""The figure of chapter 8: how far each guess's message travels back through a name."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import WIDTH, AxesArray


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
    fig, axes = plt.subplots(1, len(drawn), sharey=True, squeeze=False, figsize=(WIDTH, 3.5), layout="constrained")
    for ax, (name, share) in zip(axes[0], drawn.items(), strict=True):
        later = np.triu(np.ones(shape, bool), 1)
        image = ax.imshow(np.ma.masked_array(share, later), vmin=0, vmax=1, cmap="cividis")
        ax.set_xticks(range(shape[1]), signs)
        ax.set_yticks(range(shape[0]), wanted)
        ax.set(xlabel=f"letter read ({name})")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0, 0].set_ylabel("letter to guess")
    fig.colorbar(image, ax=axes, label="share that arrives", extend="max", orientation="horizontal", aspect=40)
    return fig, axes[0]
