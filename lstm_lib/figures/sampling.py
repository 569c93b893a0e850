"""Figures of chapter 14: laws of the next symbol, and what decoders make of them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike

from lstm_lib.figures import parts
from lstm_lib.figures.parts import BAR, GREY, INK, PALE, SMALL, WIDTH, AxesArray, Label
from lstm_lib.tree import FloatArray

SHARE_STYLES = (("-", "o", BAR), ("--", "s", INK), ("-.", "^", GREY), (":", "D", INK))


def stick(letters: Sequence[str], law: ArrayLike, darts: ArrayLike) -> tuple[Figure, Axes]:
    """Draw a stick of length 1, cut into a piece for each of the V letters, and where each dart lands.

    `law`: (V,), the lengths of the pieces, which sum to 1; `darts`: (K,), places on the stick in [0, 1).
    """
    signs = parts.require_letters("letters", letters)
    lengths = _require_law("law", law, len(signs))
    places = parts.require_within("darts", parts.require_array("darts", darts, (None,)), 0, np.nextafter(1, 0))
    edges = np.append(0, np.cumsum(lengths))
    fig, ax = plt.subplots(figsize=(WIDTH, 1.7), layout="constrained")
    for k, sign in enumerate(signs):
        ax.barh(0, lengths[k], left=edges[k], height=1, color=(PALE, "white")[k % 2], edgecolor=INK, linewidth=1.5)
        ax.text(edges[k] + lengths[k] / 2, 0, sign, ha="center", va="center", size=17, weight="bold")
    for place in places.tolist():
        landed = signs[int((edges[1:-1] <= place).sum())]
        ax.plot([place, place], [0.62, 1.0], "-", color=GREY, linewidth=1.2)
        ax.plot(place, 0.62, marker="v", color=BAR, markersize=9)
        ax.text(place, 1.08, f"{place:.2f}: {landed}", ha="center", va="bottom", size=SMALL)
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.6, 1.7), yticks=[], xlabel="where the dart lands")
    ax.set_xticks(edges, [f"{edge:.3g}" for edge in edges])
    ax.spines["left"].set_visible(False)
    return fig, ax


def temperature_bars(letters: Sequence[str], temperatures: ArrayLike, powers: ArrayLike) -> tuple[Figure, AxesArray]:
    """Draw p to the power 1/τ (above) and the same, scaled to sum to 1 (below), with its entropy; M columns.

    `temperatures`: (M,); `powers`: (M, V), the law of the V letters to the power 1/τ.
    """
    signs = parts.require_letters("letters", letters)
    taus = parts.require_array("temperatures", temperatures, (None,))
    raised = parts.require_within("powers", parts.require_array("powers", powers, (len(taus), len(signs))), 0)
    if not raised.sum(axis=1).all():
        raise ValueError("powers must hold a number above 0 in each row; got a row of zeros")
    scaled = raised / raised.sum(axis=1, keepdims=True)
    fig, axes = plt.subplots(
        2, len(taus), sharex=True, sharey="row", squeeze=False, figsize=(WIDTH, 4.2), layout="constrained"
    )
    for row, (heights, quantity) in enumerate(((raised, "p to the power 1/τ"), (scaled, "p(τ), sums to 1"))):
        for column, tau in enumerate(taus.tolist()):
            ax = axes[row, column]
            bars = ax.bar(signs, heights[column], width=0.7, color=BAR if row else "white", edgecolor=BAR)
            ax.bar_label(bars, [f"{height:.2f}" for height in heights[column]], size=SMALL, padding=1)
            ax.tick_params(axis="x", length=0, labelsize=14)
            said = f"entropy {_entropy(scaled[column]):.2f}" if row else f"τ = {tau:g}, sum {raised[column].sum():.2f}"
            ax.text(0.5, 1.0, said, transform=ax.transAxes, ha="center", va="bottom", size=SMALL)
        axes[row, 0].set(ylabel=quantity, ylim=(0, 1.15 * heights.max()))
    return fig, axes


def decoded_laws(
    letters: Sequence[str], contexts: Sequence[str], laws: Mapping[str, ArrayLike], *, shown: int = 14
) -> tuple[Figure, AxesArray]:
    """Draw what each way of decoding makes of the laws after M contexts: a row for each way, a column for each context.

    `laws`: a way's name to its M laws of the V letters, shape (M, V). The first way orders the letters, of which the
    `shown` most probable are drawn, and its law stands as an outline behind the others.
    """
    signs, begun = parts.require_letters("letters", letters), parts.require_letters("contexts", contexts)
    ways = parts.require_named("laws", laws)
    found = {way: [_require_law(f"laws[{way!r}]", law, len(signs)) for law in _rows(laws[way], begun)] for way in ways}
    size = (WIDTH, 0.7 + 0.95 * len(found))
    fig, axes = plt.subplots(len(found), len(begun), sharex="col", sharey="col", squeeze=False, figsize=size,
                             layout="constrained")  # fmt: skip
    for column, context in enumerate(begun):
        plain = found[ways[0]][column]
        order = np.argsort(-plain, kind="stable")[:shown]
        places = np.arange(len(order))
        for ax, way in zip(axes[:, column], found, strict=True):
            law = found[way][column]
            ax.bar(places, law[order], width=0.8, color=BAR)
            ax.bar(places, plain[order], width=0.8, fill=False, edgecolor=GREY, linewidth=0.9)
            _say_how_open(ax, law)
        axes[0, column].set_ylim(0, 1.45 * max(found[way][column].max() for way in found))
        axes[-1, column].set_xticks(places, [signs[k] for k in order.tolist()])
        axes[0, column].text(0.02, 1.02, f"after {context!r}", transform=axes[0, column].transAxes, va="bottom")
    for ax, way in zip(axes[:, 0], found, strict=True):
        ax.set_ylabel(way, rotation=0, ha="right", va="center")
    fig.supxlabel("next symbol, most probable first", size=SMALL)
    return fig, axes


def _rows(laws: ArrayLike, contexts: Sequence[str]) -> FloatArray:
    return parts.require_array("laws", laws, (len(contexts), None))


def _say_how_open(ax: Axes, law: FloatArray) -> None:
    """Write into the axes how many symbols are left, and the law's entropy."""
    left = int((law > 0).sum())
    said = f"{left} left, entropy {_entropy(law):.2f}"
    ax.text(0.99, 0.94, said, transform=ax.transAxes, ha="right", va="top", size=SMALL)
    ax.tick_params(axis="x", length=0)


def chi2_test(simulated: ArrayLike, observed: Mapping[str, float]) -> tuple[Figure, AxesArray]:
    """Draw which χ² chance alone gives (above), and the χ² of each sampler (below), on one logarithmic axis.

    The pale band holds 99.8 % of the runs: one in a thousand is cut off on each side.

    `simulated`: (M,), all above 0, from draws of the true law; `observed`: a sampler's name to its χ², above 0.
    """
    chance = parts.require_within("simulated", parts.require_array("simulated", simulated, (None,)), 1e-9)
    values = parts.require_ladder("observed", observed)
    parts.require_within("observed", np.array(list(values.values())), 1e-9)
    largest = max(*values.values(), float(chance.max()))
    size = (WIDTH, 2.2 + 0.36 * len(values))
    fig, axes = plt.subplots(
        2, 1, sharex=True, figsize=size, height_ratios=(1.4, 0.36 * len(values)), layout="constrained"
    )
    axes[0].hist(chance, bins=np.geomspace(chance.min(), chance.max() * 1.001, 25).tolist(), color=BAR)
    axes[0].set(ylabel="runs")
    axes[0].text(chance.max() * 1.15, axes[0].get_ylim()[1] * 0.55, f"chance alone, {len(chance):,} runs", va="center")
    low, high = np.quantile(chance, [0.001, 0.999]).tolist()
    axes[1].axvspan(low, high, color=PALE, zorder=0)
    for row, value in enumerate(values.values()):
        axes[1].plot(value, row, "o", color=BAR)
        side, shift = ("left", 1.25) if value < np.sqrt(largest * chance.min()) else ("right", 0.8)
        axes[1].text(value * shift, row, f"{value:,.0f}", ha=side, va="center", size=SMALL)
    axes[1].set_yticks(range(len(values)), list(values))
    axes[1].set(xscale="log", ylim=(len(values) - 0.5, -0.5), xlabel="χ²", xlim=(0.7 * chance.min(), 2 * largest))
    axes[1].tick_params(axis="y", length=0)
    axes[1].xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes[1].xaxis.set_minor_formatter(NullFormatter())
    return fig, axes


def temperature_price(
    temperatures: ArrayLike, shares: Mapping[str, ArrayLike], nats: ArrayLike, real: float
) -> tuple[Figure, AxesArray]:
    """Draw up to four shares of the names drawn at each of M temperatures (above), and their mean surprise (below).

    `temperatures`: (M,); `shares`: a label to its M shares in [0, 1]; `nats`: (M,); `real`: the surprise of real names.
    """
    taus = parts.require_array("temperatures", temperatures, (None,))
    if not isinstance(shares, Mapping) or not 1 <= len(shares) <= len(SHARE_STYLES):
        raise ValueError(f"shares must be a mapping with one to {len(SHARE_STYLES)} labels; got {shares!r}")
    curves = {label: _require_share(f"shares[{label!r}]", shares[label], taus.shape) for label in shares}
    surprise = parts.require_within("nats", parts.require_array("nats", nats, taus.shape), 0)
    fig, axes = plt.subplots(2, 1, sharex=True, figsize=(WIDTH, 5.2), height_ratios=(1.4, 1), layout="constrained")
    ends = []
    for (label, curve), (dash, marker, colour) in zip(curves.items(), SHARE_STYLES, strict=False):
        axes[0].plot(taus, 100 * curve, linestyle=dash, marker=marker, color=colour)
        ends.append(Label(100 * float(curve[-1]), label, colour))
    axes[0].set(ylabel="share of the names (%)", ylim=(-4, 104))
    parts.label_right(axes[0], ends)
    axes[1].axhline(real, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)))
    axes[1].plot(taus, surprise, "-o", color=BAR)
    axes[1].set(xlabel="temperature τ", ylabel="nats per symbol", xticks=taus.tolist(), ylim=(0, None))
    _label_surprise(axes[1], float(surprise[-1]), real)
    return fig, axes


def _require_share(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    return parts.require_within(name, parts.require_array(name, value, shape), 0, 1)


def _label_surprise(ax: Axes, last: float, real: float) -> None:
    """Name the curve of the drawn names and the level of the real ones."""
    parts.label_right(ax, [Label(last, "drawn names", BAR), Label(real, "real names", GREY)], gap=0.14)


def _entropy(law: FloatArray) -> float:
    """The mean surprise of a law's own draws, in nats."""
    return float(-(law * np.log(np.where(law > 0, law, 1))).sum()) + 0.0


def _require_law(name: str, value: ArrayLike, count: int) -> FloatArray:
    """Return `value` as an array of `count` probabilities; raise ValueError unless they sum to 1."""
    law = parts.require_within(name, parts.require_array(name, value, (count,)), 0, 1)
    if not np.isclose(law.sum(), 1):
        raise ValueError(f"{name} must sum to 1; got {law.sum():g}")
    return law
