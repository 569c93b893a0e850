"""The figures of the way back: what they draw, what they refuse, and that they leave their inputs alone."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_refused

from lstm_lib.figures.backward import who_speaks_to_whom

SHARES = {"before": np.tril(np.full((3, 3), 0.25)), "after": np.tril(np.full((3, 3), 2.0))}


pytestmark = pytest.mark.usefixtures("book_style")


def triangles(shares=SHARES, read=".an", guessed="an."):
    fig, axes = who_speaks_to_whom(read, guessed, shares)
    fig.canvas.draw()
    return fig, axes


def test_a_triangle_for_each_machine_with_the_letters_on_its_sides() -> None:
    fig, axes = triangles()
    assert [ax.get_xlabel() for ax in axes] == ["letter read (before)", "letter read (after)"]
    assert axes[0].get_ylabel() == "letter to guess"
    assert [tick.get_text() for tick in axes[0].get_xticklabels()] == [".", "a", "n"]
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["a", "n", "."]
    assert fig.axes[-1].get_xlabel() == "share that arrives"


def test_one_colour_scale_from_0_to_1_and_nothing_after_a_guess() -> None:
    _, axes = triangles()
    for ax, value in zip(axes, (0.25, 2.0), strict=True):
        (image,) = ax.images
        assert image.get_clim() == (0, 1)
        shown = image.get_array()
        np.testing.assert_array_equal(np.ma.getmaskarray(shown), np.triu(np.ones((3, 3), bool), 1))
        assert set(shown.compressed()) == {value}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"read": ""}, "read must hold at least one name; got none"),
        ({"guessed": "an"}, "shares['before'] must have shape (2, 3); got shape (3, 3)"),
        ({"shares": {"one": np.full((3, 3), np.nan)}}, "shares['one'] must be finite everywhere; got nan"),
        ({"shares": {}}, "shares must hold at least one name; got none"),
    ],
)
def test_triangles_of_what_does_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(triangles, **change), message)


def test_the_shares_are_left_alone() -> None:
    assert_inputs_are_left_alone(triangles, SHARES, ".an", "an.")
