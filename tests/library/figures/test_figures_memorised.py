"""The figures of chapter 17: what they show, what they refuse, and that they leave their inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, assert_refused, drawer

from lstm_lib.figures import memorised as figures

TAUS = np.array([0.5, 1.0, 2.0])
CALLS: dict[str, tuple[Any, ...]] = {
    "novelty": (TAUS, {"LSTM": np.array([[0.8, 0.4, 0.1], [0.4, 0.2, 0.05]])}),
    "canaries": (["never", "4"], {"plain": [np.array([0.5, 2.0]), np.array([9.0, 5.0, 7.0])], "thin": [[1, 2], [3]]}),
    "roc": (np.array([0.001, 0.01, 0.1, 1]), {"cost": np.array([0.0, 0.02, 0.2, 1])}),
    "missing": (np.array([1950, 1960]), {"table": {"girls": np.array([3.0, 4.0]), "boys": np.array([2.0, 3.0])}}),
}

pytestmark = pytest.mark.usefixtures("book_style")
NAMED: dict[str, dict[str, Any]] = {"canaries": {"band": (0.1, 5.3), "most": 18.8}}
draw = drawer(figures, CALLS, NAMED)


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_has_no_title(name: str) -> None:
    fig, axes = draw(name)
    assert_nothing_is_cut_off(fig)
    assert not fig.get_suptitle()
    assert not any(ax.get_title() for ax in axes)
    assert all(ax.get_xlabel() for ax in axes)


def lines(ax: Any) -> dict[str, list[float]]:
    """The heights of each named line."""
    return {str(line.get_label()): np.asarray(line.get_ydata()).tolist() for line in ax.lines}


def test_novelty_has_both_lists_in_percent() -> None:
    _, (ax,) = draw("novelty")
    assert lines(ax) == {"training": [80, 40, 10], "held out, scaled": [40, 20, 5]}


def test_each_canary_has_a_mark_and_the_line_runs_through_the_means() -> None:
    _, (ax,) = draw("canaries")
    assert [line.get_ydata().tolist() for line in ax.lines if line.get_marker() == "o"] == [[0.5, 2], [5, 7, 9]]
    assert [line.get_ydata().tolist() for line in ax.lines if line.get_marker() == "s"] == [[1, 2], [3]]
    assert {name: values for name, values in lines(ax).items() if "mean" in name} == {
        "plain, mean": [1.25, 7.0],
        "thin, mean": [1.5, 3.0],
    }
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["never", "4"]


def test_the_curve_leaves_out_what_a_logarithm_cannot_show() -> None:
    _, (ax,) = draw("roc")
    assert lines(ax) == {"chance": [0.001, 0.01, 0.1, 1], "cost": [0.02, 0.2, 1]}


def test_a_line_for_each_group_of_people() -> None:
    _, (ax,) = draw("missing")
    assert lines(ax) == {"girls": [3, 4], "boys": [2, 3]}


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("novelty", (TAUS, {"LSTM": np.ones((2, 2))}), "models['LSTM'] must have shape (2, 3); got shape (2, 2)"),
        ("novelty", (TAUS, {"LSTM": 2 * np.ones((2, 3))}), "models['LSTM'] must lie between 0 and 1; got 2"),
        ("canaries", (["never"], {"plain": [[]]}), "rows['plain'] must have shape (at least 1); got shape (0,)"),
        (
            "canaries",
            (["never"], {"plain": [[1], [2]]}),
            "one or two ways of training, with 1 arrays each",
        ),
        ("roc", ([0.0, 1], {"cost": [0, 1]}), "alarms must lie between 1e-09 and 1; got 0"),
        ("roc", ([0.5, 1], {key: [0, 1] for key in "abcde"}), "curves must hold one to 4 tests; got"),
        ("missing", ([1950], {"table": {"girls": [-1]}}), "table['girls'] must be at least 0; got -1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(name: str, arguments: tuple[Any, ...], message: str) -> None:
    assert_refused(lambda: draw(name, *arguments), message, whole=False)
