"""The figure of a computation: its boxes, its arrows, what it refuses."""

from functools import partial
from typing import Any

import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused

from lstm_lib.figures.parts import WIDTH
from lstm_lib.figures.tape import tape

NAMES, PLACES, ARROWS, SAYS = (
    ["leaf", "sigmoid", "multiply"],
    [(0, 0), (0, 1), (0.2, 2)],
    [(0, 1), (1, 2)],
    ["a", "", "h"],
)

pytestmark = pytest.mark.usefixtures("book_style")


def drawn(**change: Any) -> tuple[Any, Any]:
    given = {"names": NAMES, "places": PLACES, "arrows": ARROWS, "says": SAYS} | change
    fig, ax = tape(*given.values())
    fig.canvas.draw()
    return fig, ax


def test_a_box_for_each_node_with_its_number_and_an_arrow_for_each_arrow() -> None:
    fig, ax = drawn()
    boxes = [text for text in ax.texts if text.get_text()]
    assert [text.get_text() for text in boxes] == ["1 given\na", "2 sigmoid", "3 multiply\nh"]
    assert [text.xy for text in boxes] == [tuple(map(float, place)) for place in PLACES]
    arrows = [text for text in ax.texts if text.arrow_patch is not None]
    assert [(tuple(arrow.xyann), tuple(arrow.xy)) for arrow in arrows] == [((0, 0), (0, 1)), ((0, 1), (0.2, 2))]
    assert fig.get_size_inches()[0] == WIDTH
    assert_nothing_is_cut_off(fig)


def test_an_arrow_ends_at_the_edge_of_its_box() -> None:
    _, ax = drawn()
    boxes = [text.get_bbox_patch().get_window_extent() for text in ax.texts if text.get_text()]
    arrows = [text.arrow_patch.get_window_extent() for text in ax.texts if text.arrow_patch is not None]
    for start, arrow, end in zip(boxes, arrows, boxes[1:], strict=False):  # in dots; each Matplotlib draws its own box
        assert -8 <= arrow.y0 - start.y1 < 16
        assert -8 <= end.y0 - arrow.y1 < 16


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": []}, "names must hold at least one name; got none"),
        ({"says": ["a"]}, "says must have a word for each of 3 nodes; got 1"),
        ({"places": [(0, 0)]}, "places must have shape (3, 2); got shape (1, 2)"),
        ({"places": [(-1, 0), (0, 1), (1, 2)]}, "places must be at least 0; got -1"),
        ({"arrows": [(0, 3)]}, "arrows must lie between 0 and 2; got 3"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(drawn, **change), message)


def test_nothing_given_is_changed() -> None:
    assert_inputs_are_left_alone(tape, NAMES, PLACES, ARROWS, SAYS)
