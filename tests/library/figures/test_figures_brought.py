"""The figures of chapter 23: what they show, what they refuse, and that they leave their inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer

from lstm_lib.figures import brought as figures

NATS = {"counting": np.array([[2.3, 2.5], [2.0, 2.2]]), "LSTM": np.array([[2.6, 2.4], [1.9, 1.7]])}
SURE, CLOSE, BEHIND = [-0.2, -0.3, -0.1], [0.1, -0.1, 0.3], [0.3, 0.2, 0.4]  # value, low, high
LEADS = {
    "whole": {"greek": np.array([BEHIND, CLOSE]), "turkish": np.array([BEHIND, BEHIND])},
    "thinned": {"greek": np.array([SURE, SURE]), "turkish": np.array([CLOSE, SURE])},
}
CALLS: dict[str, tuple[Any, ...]] = {"curve": (np.array([300, 10_000]), NATS), "leads": (LEADS,)}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_has_no_title(name: str) -> None:
    fig, (ax,) = draw(name)
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


def test_each_draw_has_a_mark_in_its_row_and_it_is_full_where_the_lead_is_sure() -> None:
    _, (ax,) = draw("leads")
    marks = [line for line in ax.lines if line.get_marker() != "None" and len(line.get_xdata())]
    seen = {
        (kinds, float(value), line.get_markerfacecolor() != "none")
        for line in marks
        for value, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
        for kinds in [list(LEADS)[round(float(y))]]
    }
    assert seen == {
        ("whole", 0.3, True), ("whole", 0.1, False), ("thinned", -0.2, True), ("thinned", 0.1, False),
    }  # fmt: skip
    assert sum(len(line.get_xdata()) for line in marks) == 8
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [*LEADS]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["greek", "turkish"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"whole": {}},
        {"whole": {"greek": np.ones((2, 2))}},
        {"whole": {name: [SURE] for name in "abcd"}},
        {"whole": {"greek": [SURE]}, "thinned": {"turkish": [SURE]}},
    ],
)
def test_rows_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        figures.leads(wrong)
