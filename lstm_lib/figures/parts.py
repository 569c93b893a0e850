"""Parts that the figures share: checks of what comes in, labels that keep apart. Draws on axes that it is given."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.arguments import require_names
from lstm_lib.tree import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:  # Matplotlib is imported by the files that make figures
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
AxesArray = NDArray[np.object_]  # of Axes
WIDTH, SMALL = 5.2, 11.6  # of a figure, in inches; of the smallest text, in points (see book.mplstyle)
# Colours that the page of the book exchanges in the dark: book/_css/60-figures.css holds each with its other half.
INK, GREY, PALE, BAR = "#1A1A1A", "#555555", "#F2F2EE", "#35456C"
SHADES = ("#00224E", "#35456C", "#575D6D", "#7D7C78", "#8F8760")  # of cividis, dark to light
ON_LIGHT, ON_DARK = "#111111", "#FDFDFD"  # on the colours of an image, which stay as they are: never exchanged


class GateStyle(NamedTuple):
    """How one quantity of the cell is drawn, in Matplotlib's words: `dash` is a line style, `width` is in points."""

    colour: str
    dash: str
    hatch: str
    width: float
    marker: str
    label: str


class Label(NamedTuple):
    """A word beside a curve: its height on the y axis, the text, the colour of its leader line."""

    y: float
    text: str
    colour: str


def require_array(name: str, value: object, shape: tuple[int | None, ...]) -> FloatArray:
    """Return `value` as a new float64 array of finite numbers with the wanted shape; None stands for any length >= 1.

    Raises ValueError that gives the shape expected and the shape that came, or the first number that is not finite.
    """
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers; got {value!r}") from error
    fits = len(shape) == array.ndim and all(
        size == wanted if wanted is not None else size >= 1 for size, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("at least 1" if size is None else str(size) for size in shape)
        raise ValueError(f"{name} must have shape ({wanted}); got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite everywhere; got {array[~np.isfinite(array)][0]}")
    return array


def require_within(name: str, array: FloatArray, low: float, high: float = math.inf) -> FloatArray:
    """Return `array` if each of its numbers lies in [low, high]; raise ValueError with one that does not."""
    for worst in (float(array.min()), float(array.max())):
        if not low <= worst <= high:
            wanted = f"be at least {low:g}" if high == math.inf else f"lie between {low:g} and {high:g}"
            raise ValueError(f"{name} must {wanted}; got {worst:g}")
    return array


def require_letters(name: str, value: object) -> list[str]:
    """Return a string's letters, or a list of strings as it is; raise TypeError or ValueError otherwise."""
    return require_names(list(value) if isinstance(value, str) else value, what=name)


def require_named(name: str, values: object) -> list[str]:
    """Return the names of a mapping from a name to an array; raise TypeError or ValueError otherwise."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping from a name to an array; got {values!r}")
    return require_names(values, what=name)


def require_ids(name: str, value: object, shape: tuple[int | None, ...], count: int) -> IntArray:
    """Return `value` as a new array of ids, whole numbers in [0, count); raise ValueError otherwise."""
    if np.asarray(value).dtype.kind not in "iu":
        raise ValueError(f"{name} must hold whole numbers (ids); got dtype {np.asarray(value).dtype}")
    ids = require_within(name, require_array(name, value, shape), 0, count - 1)
    return ids.astype(np.intp)


def require_mask(name: str, value: object, shape: tuple[int, ...]) -> BoolArray:
    """Return `value` as a new array of booleans with the wanted shape; raise ValueError otherwise."""
    mask = np.array(value)
    if mask.dtype != np.bool_ or mask.shape != shape:
        raise ValueError(f"{name} must be boolean with shape {shape}; got dtype {mask.dtype}, shape {mask.shape}")
    return mask


def require_ladder(name: str, values: object) -> dict[str, float]:
    """Return a mapping from a model's name to its nats as a new dict; raise ValueError or TypeError otherwise."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping such as {{'bigram': 2.42}}; got {values!r}")
    labels = require_names(values, what=name)
    nats = require_within(name, require_array(name, list(values.values()), (len(labels),)), 0)
    return dict(zip(labels, nats.tolist(), strict=True))


def two_places(value: float) -> str:
    """Return the number with two decimals, with a minus sign as long as a plus, and never a negative zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")


def decades(axis: "Axis") -> None:
    """Write the powers of ten of a logarithmic axis as plain text, such as 10⁻³, and nothing between them."""
    axis.set_major_formatter(lambda value, _: "10" + str(round(math.log10(value))).translate(RAISED))
    axis.set_minor_formatter(lambda value, _: "")


def readable(backgrounds: FloatArray) -> list[str]:
    """Return, for each colour (K, 4), red, green, blue, opacity in [0, 1], dark or light: what can be read on it."""
    luminance = backgrounds[:, :3] ** 2.2 @ np.array([0.2126, 0.7152, 0.0722])
    return [ON_LIGHT if bright > 0.18 else ON_DARK for bright in luminance.tolist()]


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Return the heights moved as little as needed, in order, so that neighbours are at least `gap` apart.

    Each block of labels that would touch is centred on the mean of its own heights.
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    blocks: list[list[float]] = []  # heights, less the room that the labels below them take
    for rank, index in enumerate(order):
        blocks.append([heights[index] - rank * gap])
        while len(blocks) > 1 and float(np.mean(blocks[-2])) > float(np.mean(blocks[-1])):
            last = blocks.pop()
            blocks[-1] += last
    level = [float(np.mean(block)) for block in blocks for _ in block]
    moved = {index: level[rank] + rank * gap for rank, index in enumerate(order)}
    return [moved[index] for index in range(len(heights))]


def label_right(ax: "Axes", labels: Sequence[Label], *, gap: float = 0.09) -> None:
    """Write labels to the right of the axes, each joined to its height; `gap` is a share of the axes' height.

    The scale may be linear or logarithmic.
    """
    low, high, *at = ax.yaxis.get_transform().transform([*ax.get_ylim(), *(label.y for label in labels)]).tolist()
    heights = [(y - low) / (high - low) for y in at]
    for label, height, place in zip(labels, heights, spread(heights, gap), strict=True):
        ax.plot([1.005, 1.035], [height, place], "-", color=label.colour, lw=1, transform=ax.transAxes, clip_on=False)
        ax.text(1.045, place, label.text, transform=ax.transAxes, va="center", ha="left")
