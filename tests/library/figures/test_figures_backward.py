"""The figures of the way back: what they draw, what they refuse, and that they leave their inputs alone."""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_refused
from matplotlib.colors import to_hex
from matplotlib.text import Text

from lstm_lib.figures import recurring
from lstm_lib.figures.backward import ALONG_C, THROUGH_H, memory_and_roads, who_speaks_to_whom

MEMORY = np.array([0.0, 0.0, 0.72, 0.6772])  # unit 1 of "ana"
NEAR = np.array([-0.0638, 0.1918, 0.0028, -0.1179])
FAR = np.array([0.0919, -0.0897, -0.1109, 0.0])


pytestmark = pytest.mark.usefixtures("book_style")


def draw(near=NEAR, far=FAR, letters=".ana", memory=MEMORY):
    """The figure, drawn (warnings are errors), and its two axes."""
    fig, axes = memory_and_roads(letters, memory, through_h=near, along_c=far)
    fig.canvas.draw()
    return fig, axes


def words(ax) -> list[str]:
    return [artist.get_text() for artist in ax.findobj(Text) if artist.get_text() and artist.get_visible()]


def bars(ax, colour: str) -> list[tuple[float, float]]:
    """Bottom and top of each bar of a colour, from left to right."""
    found = [patch for patch in ax.patches if to_hex(patch.get_facecolor()).upper() == colour]
    ends = [sorted((patch.get_y(), patch.get_y() + patch.get_height())) for patch in found]
    return [(round(low, 6), round(high, 6)) for low, high in ends]


def test_one_new_figure_with_named_axes_and_no_title() -> None:
    fig, (top, bottom) = draw()
    assert plt.get_fignums() == [fig.number]
    assert (top.get_title(), bottom.get_title(), fig.get_suptitle()) == ("", "", "")
    assert (top.get_ylabel(), bottom.get_ylabel()) == ("memory c", "dc, nats per unit of c")
    assert bottom.get_xlabel() == "letter read"
    assert [tick.get_text() for tick in bottom.get_xticklabels()] == [".", "a", "n", "a"]


def test_the_memory_is_a_line_in_the_style_of_c_with_its_numbers() -> None:
    _, (top, _) = draw()
    line = top.lines[-1]
    np.testing.assert_array_equal(line.get_ydata(), MEMORY)
    assert line.get_color() == recurring.GATE_STYLE["c"].colour
    assert {"0.00", "0.72", "0.68"} <= set(words(top))


def test_parts_of_one_sign_are_stacked_and_others_stand_apart() -> None:
    _, (_, bottom) = draw(near=[0.1, -0.1, 0.1, 0.0], far=[0.2, -0.2, -0.2, 0.3])
    assert bars(bottom, THROUGH_H) == [(0, 0.1), (-0.1, 0), (0, 0.1), (0, 0)]
    assert bars(bottom, ALONG_C) == [(0.1, 0.3), (-0.3, -0.1), (-0.2, 0), (0, 0.3)]


def test_the_sum_is_a_diamond_with_its_number() -> None:
    _, (_, bottom) = draw()
    diamonds = bottom.lines[-1]
    np.testing.assert_allclose(diamonds.get_ydata(), NEAR + FAR)
    assert diamonds.get_marker() == "D"
    assert {"+0.0281", "+0.1021", "−0.1081", "−0.1179"} <= set(words(bottom))


def test_the_roads_are_named_beside_the_clearest_step_and_told_apart_without_colour() -> None:
    _, (_, bottom) = draw()
    names = {text.get_text(): text.get_position() for text in bottom.texts if text.get_text()[0].isalpha()}
    assert set(names) == {"through h", "next c"}
    assert {round(x, 2) for x, _ in names.values()} == {1.79}  # left of step 2, where the smaller part is largest
    np.testing.assert_allclose(names["through h"][1], 0.1918 / 2)
    np.testing.assert_allclose(names["next c"][1], -0.0897 / 2)
    assert {patch.get_hatch() for patch in bottom.patches} == {"//", None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"letters": ""}, "letters must hold at least one name; got none"),
        ({"memory": [1.0]}, "memory must have shape (4); got shape (1,)"),
        ({"near": [1.0]}, "through_h must have shape (4); got shape (1,)"),
        ({"far": [0, 0, 0, np.inf]}, "along_c must be finite everywhere; got inf"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(draw, **change), message)


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(draw, NEAR, FAR, ".ana", MEMORY)


SHARES = {"before": np.tril(np.full((3, 3), 0.25)), "after": np.tril(np.full((3, 3), 2.0))}


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
    assert fig.axes[-1].get_ylabel() == "share that arrives"


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
        ({"shares": {"one": np.full((3, 3), np.nan)}}, "shares['one'] must be finite everywhere"),
        ({"shares": {}}, "shares must hold at least one name; got none"),
    ],
)
def test_triangles_of_what_does_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(triangles, **change), message)


def test_the_shares_are_left_alone() -> None:
    assert_inputs_are_left_alone(triangles, SHARES, ".an", "an.")
