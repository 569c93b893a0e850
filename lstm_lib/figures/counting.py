"""Figures of chapter 3: models that count. Arrays in, `(fig, ax)` out."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, Label
from lstm_lib.figures.recurring import NATS, ladder
from lstm_lib.tree import FloatArray

METHOD_STYLES = (("#575D6D", "s"), ("#8F8760", "^"), ("#00224E", "o"))  # colour and marker


def order_curves(train: Mapping[str, ArrayLike], val: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Draw one to three methods' nats over the order 1..O: on names counted (dashed), on hidden ones (solid).

    `train`, `val`: a method's name to its losses (O,), the same methods in both. A filled marker shows the order
    that is best on the hidden names.
    """
    seen, hidden = _require_runs("train", train), _require_runs("val", val)
    if list(seen) != list(hidden):
        raise ValueError(f"train and val must hold the same methods; got {list(seen)} and {list(hidden)}")
    pairs = {name: (run, parts.require_array(f"val[{name!r}]", hidden[name], run.shape)) for name, run in seen.items()}
    fig, ax = plt.subplots(figsize=(WIDTH, 4.0), layout="constrained")
    labels = []
    for (name, (below, above)), (colour, marker) in zip(pairs.items(), METHOD_STYLES, strict=False):
        orders, best = np.arange(1, len(below) + 1), int(above.argmin())
        ax.plot(orders, below, "--", color=colour, linewidth=1.2)
        ax.plot(orders, above, "-", color=colour, marker=marker, markersize=6, markerfacecolor="white")
        ax.plot(orders[best], above[best], marker, color=colour, markersize=9)
        labels += [Label(float(below[-1]), f"{name}, train", colour), Label(float(above[-1]), f"{name}, val", colour)]
    ax.set(xlabel="order (symbols looked back, plus one)", ylabel=NATS)
    ax.set_xticks(orders)
    parts.label_right(ax, labels, gap=0.08)
    return fig, ax


def _require_runs(name: str, runs: object) -> dict[str, FloatArray]:
    """One to three named arrays (O,) of at least two losses."""
    if not isinstance(runs, Mapping) or not 1 <= len(runs) <= len(METHOD_STYLES):
        raise ValueError(f"{name} must be a mapping of one to three names to losses; got {type(runs).__name__}")
    losses = {str(key): parts.require_array(f"{name}[{key!r}]", run, (None,)) for key, run in runs.items()}
    for key, run in losses.items():
        if len(run) < 2:
            raise ValueError(f"{name}[{key!r}] must hold the losses of at least two orders; got {len(run)}")
    return losses


def give_back(symbols: Sequence[str], taken: ArrayLike, cases: ArrayLike, kinds: ArrayLike) -> tuple[Figure, Axes]:
    """Draw what a discount takes from each symbol (bars), and what two ways to count give back (rings and dots).

    `symbols`: K; `taken`, `cases`, `kinds`: (K,), shares from 0 to 1 of all that is taken, drawn in percent.
    """
    signs = parts.require_letters("symbols", symbols)
    given = {"taken": taken, "cases": cases, "kinds": kinds}
    shares = {
        name: 100 * parts.require_within(name, parts.require_array(name, value, (len(signs),)), 0, 1)
        for name, value in given.items()
    }
    fig, ax = plt.subplots(figsize=(WIDTH, 0.95 + 0.34 * len(signs)), layout="constrained")
    rows = np.arange(len(signs))
    ax.barh(rows, shares["taken"], height=0.66, color=PALE, edgecolor=GREY, label="taken by the discount")
    ax.hlines(rows, shares["kinds"], shares["cases"], color=GREY, linewidth=0.8, linestyle=":")
    counting = "given back, counting"
    ax.plot(shares["cases"], rows, "o", color=BAR, markerfacecolor="white", markersize=8, label=f"{counting} cases")
    ax.plot(shares["kinds"], rows, "o", color=BAR, markersize=8, label=f"{counting} kinds")
    ax.set(xlabel="share of all that is taken (%)", ylabel="symbol", ylim=(len(signs) - 0.5, -0.5))
    ax.set_yticks(rows, signs)
    ax.set_xlim(0, 1.08 * max(float(values.max()) for values in shares.values()))
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="lower right")
    return fig, ax


def ladder_with_empty_rung(values: Mapping[str, float], empty: str) -> tuple[Figure, Axes]:
    """Draw `ladder(values)` and below it a rung without a dot, with a question mark: a model still to be built."""
    if not isinstance(empty, str):
        raise TypeError(f"empty must be the name of a rung, a string; got {empty!r}")
    fig, ax = ladder(values)
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    best = min(values.values())
    fig.set_size_inches(WIDTH, 0.9 + 0.36 * (len(names) + 1))
    ax.axvline(best, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)))
    ax.text(best, len(names), "?", ha="center", va="center", size=15, weight="bold", color=INK,
            bbox={"boxstyle": "circle", "facecolor": "white", "edgecolor": GREY, "linestyle": "--"})  # fmt: skip
    ax.set_yticks(range(len(names) + 1), [*names, empty])
    ax.set_ylim(len(names) + 0.6, -0.5)
    return fig, ax


def surprisal_rows(symbols: Sequence[str], rows: Mapping[str, ArrayLike]) -> tuple[Figure, Axes]:
    """Colour one name by surprisal, a row for each model: `rows`, a model's name to its nats (T,) for T symbols.

    The colours run from 0 to 5 nats, as in `surprisal_strip`; the sum of a row stands at its end.
    """
    signs = parts.require_letters("symbols", symbols)
    if not isinstance(rows, Mapping) or not rows:
        raise ValueError(f"rows must be a mapping from a model's name to its nats; got {rows!r}")
    nats = np.array([parts.require_array(f"rows[{name!r}]", row, (len(signs),)) for name, row in rows.items()])
    parts.require_within("rows", nats, 0)
    fig, ax = plt.subplots(figsize=(WIDTH, 1.1 + 0.52 * len(nats)), layout="constrained")
    image = ax.imshow(nats, vmin=0, vmax=5, aspect="auto")
    inks = parts.readable(image.to_rgba(nats.ravel()))
    for place, ink in enumerate(inks):
        row, t = divmod(place, len(signs))
        ax.text(t, row, f"{nats[row, t]:.1f}", ha="center", va="center", size=SMALL, color=ink)
    for row, total in enumerate(nats.sum(axis=1).tolist()):
        ax.text(len(signs) - 0.4, row, f"{total:.1f}", ha="left", va="center", size=SMALL, weight="bold")
    ax.text(len(signs) - 0.4, -0.72, "sum", ha="left", va="center", size=SMALL)
    ax.set_xticks(range(len(signs)), signs, size=14)
    ax.set_yticks(range(len(nats)), list(rows))
    ax.tick_params(length=0, labelbottom=False, labeltop=True)
    ax.spines[:].set_visible(False)
    colours = fig.colorbar(image, ax=ax, label="nats", extend="max" if nats.max() > 5 else "neither", ticks=[0, 5])
    colours.ax.tick_params(length=0)
    return fig, ax
