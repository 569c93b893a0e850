"""The figures of the loop: what they draw, what they refuse, and that they leave their inputs alone."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused

from lstm_lib.figures.recurrence import CEILING, FLOOR, HUES, fading_gradient, recall_shares

RADII, STRETCHES = np.array([0.5, 2.0]), np.array([0.9, 3.6])
RUNS = np.array([[0.5 ** np.arange(41.0)] * 2, [2.0 ** np.arange(41.0)] * 2])  # (2, seeds, 41)
PANELS = {"without": RUNS, "with": np.sqrt(RUNS)}
LAGS, SHARES = np.array([5, 10, 20]), {"plain": np.array([1.0, 0.4, 0.0]), "orthogonal": np.array([1.0, 0.8, 0.2])}

pytestmark = pytest.mark.usefixtures("book_style")


def fan(radii=RADII, stretches=STRETCHES, panels=PANELS):
    fig, axes = fading_gradient(radii, stretches, panels)
    fig.canvas.draw()
    return fig, axes


def test_each_loop_has_its_bound_its_radius_and_its_seeds_in_one_colour() -> None:
    fig, axes = fan()
    steps = np.arange(41)
    for ax, runs in zip(axes, PANELS.values(), strict=True):
        lines = [line for line in ax.lines if len(line.get_xdata()) == 41]
        assert [line.get_linestyle() for line in lines] == ["--", ":", "-", "-"] * 2
        assert [line.get_color() for line in lines] == [HUES[0]] * 4 + [HUES[1]] * 4
        levels = [(STRETCHES[k] ** steps, RADII[k] ** steps, *runs[k]) for k in range(2)]
        wanted = [*levels[0], *levels[1]]
        for line, values in zip(lines, wanted, strict=True):
            shown = np.isfinite(line.get_ydata())
            np.testing.assert_allclose(line.get_ydata()[shown], values[shown])
            np.testing.assert_array_equal(shown, (values >= FLOOR) & (values <= CEILING))
    assert_nothing_is_cut_off(fig)


def test_the_fan_names_its_panels_axes_and_loops() -> None:
    _, axes = fan()
    assert [ax.get_ylabel() for ax in axes] == ["share of the gradient"] * 2
    assert axes[-1].get_xlabel() == "steps back from the guess"
    legend = axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["bound", "radius alone"]
    assert [line.get_linestyle() for line in legend.get_lines()] == ["--", ":"]  # as the test above finds them drawn
    assert axes[1].get_legend() is None
    for ax, name in zip(axes, PANELS, strict=True):
        assert {text.get_text() for text in ax.texts} == {name, "radius 0.5", "radius 2"}
        assert ax.get_yscale() == "log"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"radii": [1, 1, 1, 1.0]}, "radii must hold at most 3 numbers; got 4"),
        ({"radii": [0.0, 1]}, "radii must be at least 1e-09; got 0"),
        ({"stretches": [1.0]}, "stretches must have shape (2); got shape (1,)"),
        ({"panels": {}}, "panels must hold at least one name; got none"),
        ({"panels": {"a": RUNS[:1]}}, "panels['a'] must have shape (2, at least 1, at least 1); got shape (1, 2, 41)"),
        ({"panels": {"a": 0 * RUNS}}, "panels['a'] must be at least 4.94066e-324; got 0"),
    ],
)
def test_a_fan_of_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(fan, **change), message)


def recall(lags=LAGS, shares=SHARES, waiting=None):
    fig, ax = recall_shares(lags, shares, waiting=waiting)
    fig.canvas.draw()
    return fig, ax


def test_a_line_for_each_network_and_a_place_that_waits() -> None:
    fig, ax = recall(waiting="one more")
    lines = [line for line in ax.lines if len(line.get_xdata()) == 3]
    for line, share in zip(lines, SHARES.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), share)
    assert len({line.get_marker() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["5", "10", "20"]
    assert {text.get_text() for text in ax.texts} == {"one more", "plain", "orthogonal"}
    (note,) = (text for text in ax.texts if text.get_bbox_patch() is not None)
    assert note.get_text() == "one more"
    assert_nothing_is_cut_off(fig)


def test_nothing_waits_unless_it_is_said() -> None:
    _, ax = recall()
    assert {text.get_text() for text in ax.texts} == set(SHARES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lags": [0, 1, 2]}, "lags must be at least 1e-09; got 0"),
        ({"shares": {"a": [0, 1]}}, "shares['a'] must have shape (3); got shape (2,)"),
        ({"shares": {"a": [0, 1, 2]}}, "shares['a'] must lie between 0 and 1; got 2"),
        ({"shares": {name: [0, 0, 0] for name in "abcdef"}}, "shares must hold at most 5 names; got 6"),
    ],
)
def test_shares_that_do_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(recall, **change), message)


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(fan, RADII, STRETCHES, PANELS)
    assert_inputs_are_left_alone(recall, LAGS, SHARES)
