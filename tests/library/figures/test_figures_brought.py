"""The figure of chapter 23: what it shows, what it refuses, and that it leaves its inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, drawer

from lstm_lib.figures import brought as figures

NATS = {"counting": np.array([[2.3, 2.5], [2.0, 2.2]]), "LSTM": np.array([[2.6, 2.4], [1.9, 1.7]])}
CALLS: dict[str, tuple[Any, ...]] = {"curve": (np.array([300, 10_000]), NATS)}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)


def test_the_figure_leaves_its_inputs_alone_and_has_no_title() -> None:
    assert_inputs_are_left_alone(draw, "curve", *CALLS["curve"])
    fig, (ax,) = draw("curve")
    assert_nothing_is_cut_off(fig)
    assert not ax.get_title()
    assert ax.get_xlabel()


def test_lines_run_through_the_means_and_every_seed_has_a_mark() -> None:
    _, (ax,) = draw("curve")
    named = {str(line.get_label()): np.asarray(line.get_ydata()) for line in ax.lines}
    np.testing.assert_allclose(named["counting"], [2.4, 2.1])
    np.testing.assert_allclose(named["LSTM"], [2.5, 1.8])
    marks = sorted(float(nats) for line in ax.lines if line.get_marker() != "None" for nats in line.get_ydata())
    assert marks == sorted(float(nats) for rows in NATS.values() for nats in rows.ravel())
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["300", "10,000"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rivals": {}},
        {"rivals": {name: np.ones((2, 1)) for name in "abcd"}},
        {"rivals": {"LSTM": np.ones((3, 1))}},
        {"words": [0, 10]},
        {"words": [300, np.nan]},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    given = {"words": CALLS["curve"][0], "rivals": CALLS["curve"][1]} | wrong
    with pytest.raises(ValueError, match="must"):
        figures.curve(**given)
