"""The figures of chapter 10: what they draw, what they refuse, and that they leave their inputs alone."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused

from lstm_lib.figures.trust import FLOOR, detection, gap, step_curves

STEPS = 10.0 ** np.arange(-8, 1)
MEASURED = {"float64": STEPS**2 + 1e-16 / STEPS, "float32": np.append(np.zeros(1), STEPS[1:])}
PREDICTED = {"float64": STEPS**2}
CAUGHT = np.array([[0, 1, 1], [0.3, 1, 0], [0, 0, 1]])
ROWS, COLUMNS, GROUPS = ["no carry", "no mask", "copied"], ["T = 1", "T = 2", "ragged"], {"carries": 1, "sums": 2}
RIGHT, WRONG = {-10: 3, -8: 5, -7: 1}, [0.5, 0.05, 0.02, 1.0]

pytestmark = pytest.mark.usefixtures("book_style")


# ---- the step


def test_dots_are_the_errors_and_lines_what_was_predicted() -> None:
    fig, ax = step_curves(STEPS, MEASURED, PREDICTED)
    dots, line, others = ax.lines
    np.testing.assert_array_equal(dots.get_ydata(), MEASURED["float64"])
    np.testing.assert_array_equal(line.get_ydata(), PREDICTED["float64"])
    np.testing.assert_array_equal(others.get_ydata(), np.maximum(MEASURED["float32"], FLOOR))
    assert (dots.get_linestyle(), line.get_linestyle()) == ("None", "-")
    assert len({dots.get_marker(), others.get_marker()}) == len({dots.get_color(), others.get_color()}) == 2
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["float64", "float32"]
    assert_nothing_is_cut_off(fig)


def test_the_lowest_dot_is_seen() -> None:
    for least in (1e-3, 1e-12):
        _, ax = step_curves([0.1, 1], {"one": [least, 0.5]}, {})
        assert ax.get_ylim() == pytest.approx((least / 3, 3))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((STEPS, dict.fromkeys("abcd", STEPS), {}),
         f"measured has at most three names, predicted some of them; got {[*'abcd']} and []"),
        ((STEPS, {"a": STEPS}, {"b": STEPS}),
         "measured has at most three names, predicted some of them; got ['a'] and ['b']"),
        (([0.0, 1.0], {"a": [1, 1]}, {}), "steps must be at least 1e-300; got 0"),
        ((STEPS, {"a": [1.0]}, {}), "a must have shape (9); got shape (1,)"),
        (([1.0], {"a": [-1.0]}, {}), "a must be at least 0; got -1"),
        (([1.0], {"a": [1.0]}, {"a": [1.0, 2.0]}), "predicted a must have shape (1); got shape (2,)"),
    ],
)  # fmt: skip
def test_steps_that_do_not_fit_are_refused(given: tuple[object, ...], message: str) -> None:
    assert_refused(partial(step_curves, *given), message)  # type: ignore[arg-type]


# ---- right and wrong


def test_bars_stand_between_their_powers_of_ten() -> None:
    fig, (above, below) = gap(RIGHT, WRONG, 1e-6)
    bars = {round(bar.get_x() + bar.get_width() / 2, 6): bar.get_height() for bar in above.patches}
    assert bars == {-10.5: 3, -8.5: 5, -7.5: 1}
    counts = {round(bar.get_x() + bar.get_width() / 2, 6): bar.get_height() for bar in below.patches}
    assert {at: height for at, height in counts.items() if height} == {-1.5: 2, -0.5: 2}
    for ax in (above, below):
        (line,) = ax.lines
        np.testing.assert_allclose(line.get_xdata(), -6)
    fig.canvas.draw()
    assert [tick.get_text() for tick in below.get_xticklabels()] == ["10⁻¹¹", "10⁻⁹", "10⁻⁷", "10⁻⁵", "10⁻³", "10⁻¹"]
    assert above.patches[0].get_hatch() != below.patches[0].get_hatch()
    assert [ax.texts[0].get_text() for ax in (above, below)] == ["right gradients", "wrong gradients"]
    assert_nothing_is_cut_off(fig)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (({-9: -1}, WRONG, 1e-6), "right must be at least 0; got -1"),
        ((RIGHT, [0.0], 1e-6), "wrong must be at least 1e-300; got 0"),
        ((RIGHT, [np.inf], 1e-6), "wrong must be finite everywhere; got inf"),
    ],
)
def test_errors_that_do_not_fit_are_refused(given: tuple[object, ...], message: str) -> None:
    assert_refused(partial(gap, *given), message)  # type: ignore[arg-type]


# ---- which check sees which mistake


def test_a_cell_is_full_always_hatched_sometimes_empty_never() -> None:
    fig, ax = detection(CAUGHT, ROWS, COLUMNS, GROUPS)
    looks = [(bool(cell.get_hatch()), cell.get_facecolor()[:3] == (1, 1, 1)) for cell in ax.patches]
    full, sometimes, never = (False, False), (True, True), (False, True)
    assert looks == [never, full, full, sometimes, full, never, never, never, full]
    places = [(cell.get_x() + cell.get_width() / 2, cell.get_y() + cell.get_height() / 2) for cell in ax.patches]
    np.testing.assert_allclose(places, [(c, r) for r in range(3) for c in range(3)])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ROWS
    assert [tick.get_text() for tick in ax.get_xticklabels()] == COLUMNS
    low, high = ax.get_ylim()
    assert low > high, "the first row is on top"
    (edge,) = ax.lines
    np.testing.assert_allclose(edge.get_ydata(), 0.5)
    assert_nothing_is_cut_off(fig)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((CAUGHT, ROWS, COLUMNS, {"all": 2}), "groups must have 3 rows in all; got {'all': 2}"),
        ((CAUGHT[:2], ROWS, COLUMNS, GROUPS), "caught must have shape (3, 3); got shape (2, 3)"),
        ((10 * CAUGHT, ROWS, COLUMNS, GROUPS), "caught must lie between 0 and 1; got 10"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(given: tuple[object, ...], message: str) -> None:
    assert_refused(partial(detection, *given), message)  # type: ignore[arg-type]


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(step_curves, STEPS, MEASURED, PREDICTED)
    assert_inputs_are_left_alone(lambda *given: gap(*given, 1e-6), RIGHT, WRONG)
    assert_inputs_are_left_alone(detection, CAUGHT, ROWS, COLUMNS, GROUPS)
