"""The figures of chapter 18: what they show, what they refuse, and that they leave their inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib.text import Text

from lstm_lib.figures import inside as figures

RNG = np.random.default_rng(18)
CALLS: dict[str, tuple[Any, ...]] = {
    "atlas": (["ana", "bo", "cleo", "d"], [RNG.normal(size=(k, 5)) for k in (4, 3, 5, 2)]),
    "controls": ({"letters read": {"trained": 0.9, "untrained": 0.7}, "vowel": {"trained": 0.8, "untrained": -0.1}},),
    "damage": (np.array([[3.0, 40.0], [-2.0, 1.0], [9.0, 0.0]]), ["end?", "vowel?"]),
    "letters_that_mattered": (list("mich"), {"hidden": [0.1, -0.2, 0.0, 1.2], "gradient": [0.2, -0.1, 0.1, 0.9]}),
    "letter_maps": ({"trained": RNG.normal(size=(3, 2)), "random": RNG.normal(size=(3, 2))}, list("abc"), ["a"]),
}
NAMED: dict[str, dict[str, Any]] = {"controls": {"quantity": "share"}}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS, NAMED)
refused = refuser(draw)


def words(ax: Any) -> list[str]:
    """What is written into an axes."""
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_has_no_title_and_nothing_cut_off(name: str) -> None:
    fig, axes = draw(name)
    assert not fig.get_suptitle()
    assert not any(ax.get_title() for ax in axes)
    assert_nothing_is_cut_off(fig)


def test_the_atlas_has_a_picture_for_each_name_with_units_down_and_one_scale() -> None:
    names, values = CALLS["atlas"]
    _, axes = draw("atlas")
    assert len(axes) == 6
    for ax, name, each in zip(axes, names, values, strict=False):
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), each.T)
        assert [text.get_text() for text in ax.get_xticklabels()] == [".", *name]
        assert image.get_clim() == (-max(np.abs(v).max() for v in values), max(np.abs(v).max() for v in values))
    assert not axes[5].get_visible()


def test_controls_stand_at_their_values() -> None:
    _, (ax,) = draw("controls")
    marks = {line.get_label(): line.get_xdata().tolist() for line in ax.lines if not line.get_label().startswith("_")}
    assert marks == {"trained": [0.9, 0.8], "untrained": [0.7, -0.1]}
    assert [text.get_text() for text in ax.get_yticklabels()] == ["letters read", "vowel"]


def test_each_question_has_its_column_of_bars_on_one_scale() -> None:
    costs, questions = CALLS["damage"]
    _, axes = draw("damage")
    assert [ax.get_xlabel() for ax in axes] == questions
    np.testing.assert_array_equal(np.transpose([[bar.get_width() for bar in ax.patches] for ax in axes]), costs)
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert "\u22122" in words(axes[0])


def test_each_method_has_its_lane_of_bars_on_one_scale() -> None:
    _, axes = draw("letters_that_mattered")
    lanes = [[bar.get_height() for bar in ax.patches] for ax in axes]
    assert lanes == list(CALLS["letters_that_mattered"][1].values())
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert "1.20" in words(axes[0])


def test_marked_letters_are_ringed() -> None:
    _, axes = draw("letter_maps")
    for ax, points in zip(axes, CALLS["letter_maps"][0].values(), strict=True):
        (ring,) = ax.lines
        assert [float(each[0]) for each in ring.get_data()] == points[0].tolist()
        assert {"a", "b", "c"} <= set(words(ax))


def test_what_does_not_fit_is_refused() -> None:
    one = RNG.normal(size=(4, 5))
    refused("values must hold one array for each of 2 names; got 1", "atlas", ["ana", "bo"], [one])
    refused("values[1] must have shape (3, 5); got shape (4, 5)", "atlas", ["ana", "bo"], [one, one])
    unlike = {"a": {"x": 1.0}, "b": {"y": 1.0}}
    refused("rows must hold the same controls in every row; got [['x'], ['y']]", "controls", unlike)
    many = {"a": dict.fromkeys("uvwxyz", 1.0)}
    refused("rows must hold one to 5 controls; got ['u', 'v', 'w', 'x', 'y', 'z']", "controls", many)
    refused(
        "methods['one'] must have shape (2); got shape (3,)", "letters_that_mattered", list("ab"), {"one": [1, 2, 3]}
    )
    refused(
        "maps['one'] must have shape (2, 2); got shape (3, 2)",
        "letter_maps",
        {"one": np.ones((3, 2))},
        ["a", "b"],
        ["a"],
    )
