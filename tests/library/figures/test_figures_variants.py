"""The figures of chapter 21: what they draw, what they refuse, and that they leave their inputs alone."""

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused
from matplotlib.patches import FancyArrowPatch, Rectangle

from lstm_lib.figures.parts import BAR, PALE
from lstm_lib.figures.variants import race, scan_rounds

NATS = {"LSTM": [2.0, 2.2], "no gate": [2.5, 2.7], "best": [1.9, 1.9]}
SOLVED = {"LSTM": [2, 1], "no gate": [1, 0], "best": [2, 2]}

pytestmark = pytest.mark.usefixtures("book_style")


def drawn(nats=NATS, solved=SOLVED, lags=(5, 40)):
    fig, axes = race(nats, solved, lags)
    fig.canvas.draw()
    return fig, axes


def test_the_best_network_is_on_top_with_its_seeds_and_their_mean() -> None:
    fig, (left, _) = drawn()
    assert [text.get_text() for text in left.get_yticklabels()] == ["best", "LSTM", "no gate"]
    marked, *lines = left.lines
    assert marked.get_xdata()[0] == pytest.approx(2.1)  # the first name's mean
    for place, name in enumerate(("best", "LSTM", "no gate")):
        span, rings, mean = lines[3 * place : 3 * place + 3]
        np.testing.assert_allclose(span.get_xdata(), [min(NATS[name]), max(NATS[name])])
        np.testing.assert_allclose(rings.get_xdata(), NATS[name])
        np.testing.assert_allclose(mean.get_xdata(), np.mean(NATS[name]))
        assert set(mean.get_ydata()) == {place}
        assert mean.get_marker() == "|"  # a stroke leaves the rings to be seen
    assert_nothing_is_cut_off(fig)


def test_a_bar_is_as_long_as_the_share_that_is_solved() -> None:
    _, (_, right) = drawn()
    bars = [each for each in right.patches if isinstance(each, Rectangle) and each.get_facecolor()[:3] != (1, 1, 1)]
    long = [round(each.get_width() / 0.8, 6) for each in bars]
    # best: full, full; LSTM: full, half; no gate: half, none; each on a pale bar of full length
    assert long == [1, 1, 1, 1, 1, 1, 1, 0.5, 1, 0.5, 1]
    assert [text.get_text() for text in right.get_xticklabels()] == ["5", "40"]
    assert BAR != PALE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nats": {}}, "nats must hold at least one name; got none"),
        ({"nats": NATS | {"LSTM": [0.0, 1]}}, "LSTM must be at least 1e-09; got 0"),
        ({"solved": {"LSTM": [1, 1]}}, "solved must have the names of nats, ['LSTM', 'no gate', 'best']; got ['LSTM']"),
        ({"solved": SOLVED | {"best": [1, 3]}}, "solved['best'] must lie between 0 and 2; got 3"),
        ({"solved": SOLVED | {"best": [1]}}, "solved['best'] must have shape (2); got shape (1,)"),
    ],
)
def test_a_race_of_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    assert_refused(lambda: drawn(**change), message)


@pytest.mark.parametrize(("steps", "rounds"), [(2, 1), (5, 3), (8, 3), (9, 4), (16, 4)])
def test_a_scan_has_a_row_for_each_round_and_an_arrow_for_each_update(steps: int, rounds: int) -> None:
    fig, ax = scan_rounds(steps)
    fig.canvas.draw()
    boxes = [each for each in ax.patches if isinstance(each, Rectangle)]
    arrows = [each for each in ax.patches if isinstance(each, FancyArrowPatch)]
    assert len(boxes) == (rounds + 1) * steps
    assert len(arrows) == sum(steps - 2**level for level in range(rounds))
    words = [text.get_text() for text in ax.texts]
    assert words[-2] == f"1-{steps}"
    assert [word for word in words if word.startswith(("steps", "round"))] == [
        "steps", *(f"round {level}" for level in range(1, rounds + 1))
    ]  # fmt: skip
    assert_nothing_is_cut_off(fig)


def test_too_few_or_too_many_steps_are_refused() -> None:
    for steps in (1, 17):
        assert_refused(lambda steps=steps: scan_rounds(steps), f"steps must lie between 2 and 16; got {steps}")


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(drawn, NATS, SOLVED, [5, 40])
