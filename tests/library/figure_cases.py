"""What the tests of figures share."""

import copy
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure


def drawer(
    module: ModuleType, calls: Mapping[str, tuple[Any, ...]], options: Mapping[str, dict[str, Any]] | None = None
) -> Callable[..., tuple[Figure, list[Any]]]:
    """`draw(name)`, which draws one of a module's figures, and returns the figure and a flat list of its main axes.

    `calls` and `options`: one working call of each figure, by name. Arguments given to `draw` stand in place of those
    in `calls`, named ones beside those in `options`. Without any, a figure is drawn once for all tests, which only look
    at it; it must be the one new figure, and what it was given must be left alone. Warnings are errors.
    """

    def draw(name: str, *arguments: Any, **named: Any) -> tuple[Figure, list[Any]]:
        return anew(name, *arguments, **named) if arguments or named else once(name)

    def anew(name: str, *arguments: Any, **named: Any) -> tuple[Figure, list[Any]]:
        usual = (options or {}).get(name, {})
        fig, axes = getattr(module, name)(*(arguments or calls[name]), **(usual | named))
        fig.canvas.draw()
        return fig, list(np.ravel(axes))

    @cache
    def once(name: str) -> tuple[Figure, list[Any]]:
        opened = plt.get_fignums()
        fig, axes = assert_inputs_are_left_alone(anew, name, *calls[name])
        assert plt.get_fignums() == [*opened, fig.number]
        return fig, axes

    return draw


def assert_refused(
    call: Callable[[], object], message: str, *, kind: type[Exception] = ValueError, whole: bool = True
) -> None:
    """The call must raise with exactly this message, or (not `whole`) with one that holds it, and leave no figure."""
    with pytest.raises(kind) as caught:
        call()
    said = str(caught.value)
    assert said == message if whole else message in said
    assert plt.get_fignums() == []


def refuser(draw: Callable[..., object]) -> Callable[..., None]:
    """`refused(message, name, *arguments)`: that drawing is refused with exactly this message."""

    def refused(message: str, name: str, *arguments: Any, kind: type[Exception] = ValueError, **named: Any) -> None:
        assert_refused(lambda: draw(name, *arguments, **named), message, kind=kind)

    return refused


def assert_inputs_are_left_alone(draw: Callable[..., Any], *arguments: Any) -> Any:
    """Drawing changes nothing in what it is given: arrays, or lists, tuples and mappings of them; what it returns."""
    given = copy.deepcopy(arguments)
    drawn = draw(*given)
    np.testing.assert_equal(given, arguments)
    return drawn


def assert_nothing_is_cut_off(fig: Figure) -> None:
    """Everything drawn lies within the picture, but for a pixel."""
    fig.canvas.draw()
    width, height = fig.canvas.get_width_height()
    tight = fig.get_tightbbox().transformed(fig.dpi_scale_trans)
    assert min(tight.x0, tight.y0) >= -1
    assert tight.x1 <= width + 1
    assert tight.y1 <= height + 1
