"""What chapter 2's figure promises: a full bar for the right number, a hatched one for each wrong one."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused
from matplotlib.colors import to_hex

from lstm_lib.figures.parts import BAR
from lstm_lib.figures.surprise import wrong_metrics

WRONG = {"padding counted": 2.9, "nats under a 2": 4.6, "averaged": 12.34}


pytestmark = pytest.mark.usefixtures("book_style")


def test_the_right_number_is_a_full_bar_and_the_others_are_hatched() -> None:
    fig, ax = wrong_metrics(np.float64(9.0), dict(WRONG))
    fig.canvas.draw()
    assert [bar.get_width() for bar in ax.patches] == [9.0, 2.9, 4.6, 12.34]
    assert [bar.get_hatch() for bar in ax.patches] == ["", "//", "//", "//"]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [BAR.lower(), *["#ffffff"] * 3]
    assert {to_hex(bar.get_edgecolor()) for bar in ax.patches} == {BAR.lower()}
    assert [text.get_text() for text in ax.texts] == ["9.0", "2.9", "4.6", "12.3"]
    assert [text.get_position()[1] for text in ax.texts] == [0, 1, 2, 3]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["right", *WRONG]
    assert ax.yaxis_inverted()
    assert ax.get_xlim()[0] == 0
    assert ax.get_xlim()[1] > 12.34
    assert ax.get_xlabel() == "reported perplexity (symbols)"
    assert not ax.get_title()
    assert fig.get_size_inches()[0] == 5.2
    (line,) = ax.lines
    assert list(line.get_xdata()) == [9.0, 9.0]
    assert line.get_linestyle() == "--"


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(wrong_metrics, np.array(9.0), WRONG)


def test_nothing_is_cut_off() -> None:
    fig, _ = wrong_metrics(9.0, {"a long name of a mistake that is drawn": 2.0, "two\nlines": 11.0})
    assert_nothing_is_cut_off(fig)


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "message"),
    [
        ([9.0], WRONG, ValueError, "right must have shape (); got shape (1,)"),
        (np.nan, WRONG, ValueError, "right must be finite everywhere; got nan"),
        (-1.0, WRONG, ValueError, "right must be at least 0; got -1"),
        (9.0, {"padding": -2.0}, ValueError, "wrong must be at least 0; got -2"),
        (9.0, [2.9], TypeError, "wrong must be a mapping such as {'bigram': 2.42}; got [2.9]"),
    ],
)
def test_it_says_what_is_wrong(right: object, wrong: object, kind: type[Exception], message: str) -> None:
    assert_refused(partial(wrong_metrics, right, wrong), message, kind=kind)
