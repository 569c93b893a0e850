"""The figures of chapter 16: what they show, what they refuse, and that they leave their inputs alone."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from figure_cases import assert_refused, drawer
from matplotlib.text import Text

from lstm_lib.figures import compare as figures

INTERVAL = np.array([1.96, 1.945, 1.975])
CALLS: dict[str, tuple[Any, ...]] = {
    "resampled": (np.linspace(1.93, 1.99, 200), INTERVAL),
    "name_by_name": (np.array([1.0, 2.5, 6.0]), np.array([0.9, 2.0, 5.0]), ("counts", "LSTM"), {"lc": 2}),
    "whiskers": ({"counts": INTERVAL, "LSTM": np.array([1.9, 1.88, 1.92])}, {"LSTM": np.array([1.89, 1.91])}),
    "reliability": ({"near": np.array([[0.2, 0.6], [0.2, 0.5]]), "far": np.array([[0.3, 0.7, 1], [0.1, 0.4, 0.9]])},),
    "valley": (np.array([0, 0.5, 1]), np.array([1.88, 1.86, 1.96]), 0.4, ("LSTM", "counts")),
    "leak": (
        {"new": {"counts": np.array([1.3, 2.2, 2.0]), "LSTM": np.array([1.4, 2.1, 1.9])}, "old": {"counts": [1, 3, 2]}},
    ),
    "where": ({"counts": np.array([3, 2, 1.0])}, ["rare", "common"], {"counts": np.array([2.0, 1.7])}),
}
NAMED: dict[str, dict[str, Any]] = {"whiskers": {"quantity": "nats"}}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS, NAMED)


def words(ax: Any) -> list[str]:
    """What is written into an axes."""
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def points(ax: Any, marker: str) -> list[tuple[float, float]]:
    """The places of all markers of one kind."""
    return [
        (float(x), float(y))
        for line in ax.lines
        if line.get_marker() == marker
        for x, y in zip(*line.get_data(), strict=True)
    ]


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_has_no_title(name: str) -> None:
    fig, axes = draw(name)
    assert not fig.get_suptitle()
    assert not any(ax.get_title() for ax in axes)
    assert all(ax.get_xlabel() for ax in axes)


def test_the_histogram_holds_every_list_and_shows_the_interval() -> None:
    _, (ax,) = draw("resampled")
    assert sum(bar.get_height() for bar in ax.patches[1:]) == 200
    assert {"the test list\n1.960", "95 % from\n1.945", "to\n1.975"} <= set(words(ax))


def test_each_name_is_a_dot_and_the_marked_one_is_written() -> None:
    _, (ax,) = draw("name_by_name")
    dots = [tuple(start) for patch in ax.patches for start in patch.get_path().vertices[::2].tolist()]
    assert dots == [(1.0, 0.9), (2.5, 2.0), (6.0, 5.0)]
    assert len(ax.patches) == 8  # however many names there are: a page stays light
    assert not any(patch.get_path().should_simplify for patch in ax.patches)
    assert points(ax, "o") == [(6.0, 5.0)]
    assert {"lc", "counts: less surprised", "LSTM: less surprised"} <= set(words(ax))
    assert ax.get_xlim() == ax.get_ylim()


def test_rows_are_sorted_with_their_intervals_and_a_ring_for_each_seed() -> None:
    _, (ax,) = draw("whiskers")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["counts", "LSTM"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the best at the bottom
    assert points(ax, "o") == [(1.96, 0), (1.9, 1), (1.89, 0.7), (1.91, 0.7)]
    ends = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "None" and len(line.get_xdata())]
    assert ends == [[1.945, 1.975], [1.88, 1.92]]
    assert {"1.960", "1.900"} <= set(words(ax))


def test_seeds_without_an_interval_show_their_mean_and_what_is_far_is_written() -> None:
    intervals = {"counts": INTERVAL, "uniform": np.array([3.3, 3.3, 3.3])}
    _, (ax,) = draw("whiskers", intervals, {"small": np.array([2.0, 2.1, 2.2])}, limit=2.5)
    assert {"3.300 \u2192", "2.100", "1.960"} <= set(words(ax))
    assert points(ax, "o") == [(2.0, 1), (2.1, 1), (2.2, 1), (1.96, 2)]
    assert ax.get_xlim()[1] < 2.5


def test_differences_have_a_line_at_zero() -> None:
    _, (ax,) = draw("whiskers", {"a": np.array([-0.06, -0.07, -0.05])}, {})
    assert [0, 0] in [list(line.get_xdata()) for line in ax.lines]
    assert ax.get_xlim()[1] > 0
    assert "\u22120.060" in words(ax)
    _, (ax,) = draw("whiskers", {"a": np.array([-0.01, -0.05, 0.03])}, {})
    assert ax.get_xlim()[1] > 0.03


def test_one_number_three_times_still_has_an_axis() -> None:
    _, (ax,) = draw("whiskers", {"uniform": np.array([3.3, 3.3, 3.3])}, {})
    assert ax.get_xlim()[0] < 3.3 < ax.get_xlim()[1]


def test_reliability_draws_each_list_and_the_diagonal() -> None:
    _, (ax,) = draw("reliability")
    assert points(ax, "o") == [(0.2, 0.2), (0.6, 0.5)]
    assert points(ax, "s") == [(0.3, 0.1), (0.7, 0.4), (1, 0.9)]
    assert [[0, 1], [0, 1]] in [np.array(line.get_data()).tolist() for line in ax.lines]
    assert {"near", "far"} <= set(words(ax))


def test_the_valley_marks_both_ends_and_the_best() -> None:
    _, (ax,) = draw("valley")
    assert points(ax, "o")[0] == (0.4, pytest.approx(1.864))
    assert points(ax, "o")[1:] == [(0, 1.88), (1, 1.96)]
    assert {"LSTM alone", "counts alone", "best: 0.40"} <= set(words(ax))


def test_the_leak_shows_three_numbers_a_row() -> None:
    _, (ax, other) = draw("leak")
    assert ax.get_xlabel() == "new: nats per predicted symbol, test"
    assert points(other, "o") == [(1, 0), (3, 0)]
    assert points(ax, "D") == [(2.0, 0), (1.9, 1)]
    assert points(ax, "o") == [(1.3, 0), (1.4, 1), (2.2, 0), (2.1, 1)]
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()][1] == "leaky, unseen names"


def test_where_has_a_panel_by_place_and_one_by_bearers() -> None:
    _, axes = draw("where")
    assert points(axes[0], "o") == [(1, 3), (2, 2), (3, 1)]
    assert points(axes[1], "o") == [(1, 2), (2, 1.7)]
    assert {"rare", "common"} <= set(words(axes[1]))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("resampled", ([1.0], [1.0, 2.0]), "interval must have shape"),
        ("resampled", ([], INTERVAL), "means must have shape"),
        ("name_by_name", ([1.0], [1.0, 2.0], ("a", "b"), {"x": 0}), "other must have shape"),
        ("name_by_name", ([-1.0], [1.0], ("a", "b"), {"x": 0}), "one must be at least 0"),
        ("name_by_name", ([1.0], [1.0], ("a", "b"), {"x": 1}), "marked must lie between 0 and 0"),
        ("whiskers", ({}, {}), "at least one row must lie at or below the limit"),
        ("whiskers", ({"a": [1.0, 2.0]}, {}), "intervals['a'] must have shape"),
        ("whiskers", ({}, {"a": []}), "seeds['a'] must have shape"),
        ("reliability", ({},), "one to 3 lists"),
        ("reliability", ({"a": [[0.5], [1.5]]},), "lines['a'] must lie between 0 and 1"),
        ("reliability", ({"a": [0.5, 0.5]},), "lines['a'] must have shape"),
        ("valley", ([0.0, 2.0], [1.0, 1.0], 0.5, ("a", "b")), "weights must lie between 0 and 1"),
        ("valley", ([0.0, 1.0], [1.0], 0.5, ("a", "b")), "nats must have shape"),
        ("leak", ({},), "at least one list"),
        ("leak", ({"new": {}},), "each at least one model"),
        ("leak", ({"new": {"a": [1.0]}},), "new['a'] must have shape"),
        ("where", ({}, ["rare"], {}), "same one to three models"),
        ("where", ({"a": [1.0]}, ["rare"], {"b": [1.0]}), "same one to three models"),
        ("where", ({"a": [1.0]}, ["rare"], {"a": [1.0, 2.0]}), "by_band['a'] must have shape"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, arguments: tuple[Any, ...], message: str) -> None:
    call = partial(getattr(figures, name), *arguments, **NAMED.get(name, {}))
    assert_refused(call, message, whole=False)


def test_rows_must_be_a_mapping() -> None:
    call = partial(figures.whiskers, {}, [1], quantity="nats")
    assert_refused(call, "seeds must be a mapping from a model's name to its numbers; got [1]", kind=TypeError)
