"""The figures of chapter 4: what they draw, what they refuse, and that they leave their inputs alone."""

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser

from lstm_lib.figures import bigram as figures
from lstm_lib.figures.parts import BAR

TABLE = np.array([[0.0, 1.0, 0.0], [0.5, 0.1, 0.4], [0.25, 0.75, 0.0]])
P = np.array([1, 27, 3]) / 31
RUNS = {"all names": np.array([3.3, 2.6, 2.5]), "64 names": np.array([3.3, 2.7])}
LOGITS = np.array([[0.0, 2.0, -3.0], [4.0, 1.0, 0.0]])
COUNTS = np.array([[10.0, 100.0, 0.0], [1000.0, 50.0, 1.0]])
CALLS = {
    "pair_map": (TABLE, ".an"),
    "pushes": (P, 1, [".", "a", "n"]),
    "loss_runs": (RUNS, 2.4),
    "logits_against_counts": (LOGITS, COUNTS, "aq"),
}


pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)
refused = refuser(draw)


def written(ax) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


@pytest.mark.parametrize("name", CALLS)
def test_one_new_figure_with_named_axes_no_title_nothing_cut_off_and_its_inputs_left_alone(name: str) -> None:
    fig, axes = draw(name)
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in axes)
    assert not any(ax.get_title() or ax.get_legend() for ax in axes)
    assert fig.get_size_inches()[0] == 5.2
    assert_nothing_is_cut_off(fig)


def test_the_map_has_a_row_for_each_symbol_read_and_a_dot_for_each_zero() -> None:
    fig, (ax,) = draw("pair_map")
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), TABLE)
    assert image.get_clim() == (0, 1)
    assert [label.get_text() for label in ax.get_xticklabels()] == [".", "a", "n"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [".", "a", "n"]
    (dots,) = ax.lines
    assert list(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == [(0, 0), (2, 0), (2, 2)]
    assert fig.axes[1].get_xlabel() == "probability of the next symbol"


def test_the_map_says_what_is_wrong() -> None:
    refused("table must have shape (2, 2); got shape (3, 3)", "pair_map", TABLE, ".a")
    refused("table must lie between 0 and 1; got 2", "pair_map", 2 * TABLE, ".an")


def test_pushes_stand_on_an_axis_of_their_own_up_for_what_came_and_down_for_the_rest() -> None:
    _, (left, right) = draw("pushes")
    assert [bar.get_height() for bar in left.patches] == pytest.approx(P)
    assert [bar.get_height() for bar in right.patches] == pytest.approx([-1 / 31, 4 / 31, -3 / 31])
    assert written(right) == ["−0.032", "+0.129", "−0.097"]
    assert {text.get_color() for text in right.texts} == {BAR}
    assert (left.get_ylabel(), right.get_ylabel()) == ("probability expected", "push on the score")
    assert left.get_ylim() == (0, 1)
    low, high = right.get_ylim()
    assert low < -3 / 31 < 4 / 31 < high < 0.2
    assert [label.get_text() for label in right.get_xticklabels()] == [".", "a (came)", "n"]


def test_pushes_say_what_is_wrong() -> None:
    refused("p must have shape (3); got shape (2,)", "pushes", P[:2], 1, ".an")
    refused("p must lie between 0 and 1; got -1", "pushes", [-1, 1, 1], 1, ".an")
    refused("target must lie between 0 and 2; got 3", "pushes", P, 3, ".an")


def test_runs_are_drawn_by_step_over_the_floor_each_with_its_name() -> None:
    _, (ax,) = draw("loss_runs")
    floor, *lines = ax.lines
    assert set(floor.get_ydata()) == {2.4}
    long, end, short = lines[:3]
    np.testing.assert_array_equal(long.get_xdata(), [1, 2, 3])
    np.testing.assert_array_equal(long.get_ydata(), RUNS["all names"])
    np.testing.assert_array_equal(short.get_ydata(), RUNS["64 names"])
    assert (end.get_xdata()[0], end.get_ydata()[0]) == (3, 2.5)
    assert long.get_color() != short.get_color()
    assert written(ax) == ["64 names", "counted 2.40", "all names"]
    assert ax.texts[0].xy == (2, 2.7)  # the run that ends early is named at its end
    assert ax.get_xlim() == (1, 3)
    assert ax.get_xscale() == "linear"


def test_steps_can_be_logarithmic_and_carry_commas() -> None:
    _, (ax,) = draw("loss_runs", {"run": np.linspace(3, 2, 2000)}, 1.9, floor_name="best", log_steps=True)
    assert ax.get_xscale() == "log"
    assert "1,000" in [label.get_text() for label in ax.get_xticklabels()]
    assert written(ax)[0] == "best 1.90"


def test_runs_say_what_is_wrong() -> None:
    message = "runs must be a mapping of one to three names to losses; got "
    refused(message + "list", "loss_runs", [[3, 2]], 2)
    refused(message + "dict", "loss_runs", {}, 2)
    refused(message + "dict", "loss_runs", {key: [3, 2] for key in "abcd"}, 2)
    refused("runs['a'] must have at least two losses", "loss_runs", {"a": [3]}, 2)
    refused("runs['a'] must be finite everywhere; got nan", "loss_runs", {"a": [3, np.nan]}, 2)
    refused("floor must be at least 0; got -1", "loss_runs", RUNS, -1)


def test_logits_stand_over_their_counts_with_a_line_of_slope_one() -> None:
    _, (ax,) = draw("logits_against_counts")
    line_a, marks_a, line_q, marks_q = ax.lines
    np.testing.assert_allclose(marks_a.get_xdata(), [1, 2, -0.8])  # powers of ten; never stands apart
    np.testing.assert_array_equal(marks_a.get_ydata(), LOGITS[0])
    np.testing.assert_allclose(marks_q.get_xdata(), [3, np.log10(50), 0])
    for line, top, power in ((line_a, 2.0, 2), (line_q, 4.0, 3)):
        np.testing.assert_allclose(line.get_xdata(), [0, power])
        np.testing.assert_allclose(line.get_ydata(), [top - power * np.log(10), top])
    assert marks_a.get_marker() != marks_q.get_marker()
    assert written(ax) == ["a", "q"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["never", "1", "10", "100", "1,000"]


def test_logits_against_counts_says_what_is_wrong() -> None:
    name = "logits_against_counts"
    refused("rows must name at most 4 rows; got 5", name, np.zeros((5, 2)), np.ones((5, 2)), "abcde")
    refused("logits must have shape (2, at least 1); got shape (3, 3)", name, TABLE, TABLE, "aq")
    refused("counts must have shape (2, 3); got shape (3, 3)", name, LOGITS, TABLE, "aq")
    refused("counts must be at least 0; got -10", name, LOGITS, -COUNTS / 100, "aq")
