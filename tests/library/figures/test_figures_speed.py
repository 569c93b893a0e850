"""The figures of chapter 19: what they draw, what they refuse, and that they leave their inputs alone."""

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib.colors import to_hex

from lstm_lib.figures import recurring
from lstm_lib.figures import speed as figures

CALLS = {
    "waterfall": ({"first version": 70.0, "one product": 60.0, "rows": 60.5, "all": 10.0}, 7.0),
    "roofline": (
        {
            "in one piece": {1: (0.5, 30.0), 4: (2.0, 17.0), 64: (24.0, 75.0)},
            "in blocks": {1: (0.5, 32.0), 4: (2.0, 80.0), 64: (24.0, 75.0)},
        },
        {"add, small": (1 / 12, 7.0), "add, large": (1 / 12, 2.8)},
    ),
    "thread_ratios": (["20", "512"], {"one thread": np.array([6.0, 60.0]), "BLAS on two": np.array([12.0, 40.0])}),
}
NAMED = {"roofline": {"peak": 100.0, "bandwidth": 42.0}, "thread_ratios": {"xlabel": "names in the batch"}}


pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS, NAMED)
refused = refuser(draw)


@pytest.mark.parametrize("name", CALLS)
def test_one_new_figure_with_named_axes_no_title_nothing_cut_off_and_its_inputs_left_alone(name: str) -> None:
    fig, axes = draw(name)
    assert axes[-1].get_xlabel()
    assert axes[0].get_ylabel() or next(label.get_text() for label in axes[0].get_yticklabels()) == "first version"
    assert not any(ax.get_title() for ax in axes)
    assert fig.get_size_inches()[0] == 5.2
    assert_nothing_is_cut_off(fig)


def test_no_way_has_a_gates_colour_or_looks_like_another() -> None:
    gates = {style.colour.lower() for key, style in recurring.GATE_STYLE.items() if key in "ifgo"}
    assert not {to_hex(colour) for _, _, colour in figures.WAY_STYLES} & gates
    assert len({dash for dash, _, _ in figures.WAY_STYLES}) == len(figures.WAY_STYLES)


# ---- waterfall


def test_the_waterfall_has_a_bar_for_each_rung_and_hatches_what_it_saved() -> None:
    _, (ax,) = draw("waterfall")
    bars = {(bar.get_x(), round(bar.get_width(), 6), bar.get_hatch()) for bar in ax.patches}
    assert bars == {
        (0, 70, None), (0, 60, None), (60, 10, "////"), (0, 60.5, None), (0, 10, None), (10, 50.5, "////"),
    }  # fmt: skip
    assert [text.get_text() for text in ax.texts] == [
        "70.0 ms", "60.0 ms, 1.2×", "60.5 ms, 1.2×", "10.0 ms, 7.0×", "products alone: 7.0 ms",
    ]  # fmt: skip
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first version", "one product", "rows", "all"]
    (limit,) = ax.lines
    assert list(limit.get_xdata()) == [7, 7]


def test_the_waterfall_says_what_is_wrong() -> None:
    refused("rungs must be at least 1e-09; got 0", "waterfall", {"one": 0.0}, 1.0)
    refused("products must be at least 1e-09; got -1", "waterfall", {"one": 1.0}, -1.0)
    refused("rungs must be a mapping; got [1]", "waterfall", [1], 1.0, kind=TypeError)
    refused("rungs must hold at least one name; got none", "waterfall", {}, 1.0)


# ---- roofline


def test_the_roof_is_the_smaller_of_the_two_limits() -> None:
    _, (ax,) = draw("roofline")
    roof, piece, blocks, single = ax.lines
    x, y = roof.get_data()
    np.testing.assert_allclose(y, np.minimum(100, 42 * x))
    assert (y[1], y[2]) == (100, 100)
    np.testing.assert_array_equal(piece.get_xydata(), [(0.5, 30), (2, 17), (24, 75)])
    np.testing.assert_array_equal(blocks.get_xydata(), [(0.5, 32), (2, 80), (24, 75)])
    np.testing.assert_allclose(single.get_xydata(), [(1 / 12, 7), (1 / 12, 2.8)])
    assert [text.get_text() for text in ax.texts] == ["add, small", "add, large", "1", "4", "64"]
    assert ax.texts[0].xyann[1] > 0 > ax.texts[1].xyann[1]  # above the roof its name stands above
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["in one piece", "in blocks"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_of_many_points_some_are_named() -> None:
    many = {"in one piece": {2**k: (2.0**k, 50.0) for k in range(10)}}
    _, (ax,) = draw("roofline", many, {"add": (1.0, 1.0)})
    assert [text.get_text() for text in ax.texts] == ["add", "1", "4", "16", "64", "256"]


def test_the_roofline_says_what_is_wrong() -> None:
    series, others = CALLS["roofline"]
    refused("peak and bandwidth must be at least 1e-09; got 0", "roofline", peak=0.0)
    refused(
        "series['a'] must have shape (at least 1, 2); got shape (1, 3)", "roofline", {"a": {1: (1, 2, 3)}}, others
    )  # fmt: skip
    refused("series['a'] must be a mapping; got [1]", "roofline", {"a": [1]}, others, kind=TypeError)
    refused("others must be a mapping; got None", "roofline", series, None, kind=TypeError)
    refused("series must hold at most 3; got 4", "roofline", {key: {1: (1, 1)} for key in "abcd"}, others)


# ---- threads


def test_each_way_is_drawn_as_a_ratio_to_the_first_and_named() -> None:
    _, (ax,) = draw("thread_ratios")
    first, second = ax.lines[:2]
    np.testing.assert_allclose(first.get_ydata(), [1, 1])
    np.testing.assert_allclose(second.get_ydata(), [0.5, 1.5])
    assert [text.get_text() for text in ax.texts] == ["one thread", "BLAS on two"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["20", "512"]
    assert ax.get_ylabel() == "times as fast as one thread"
    assert ax.get_ylim()[0] == 0


def test_threads_say_what_is_wrong() -> None:
    refused(
        "milliseconds['a'] must have shape (2); got shape (1,)", "thread_ratios", ["20", "64"], {"a": [1.0]}
    )  # fmt: skip
    refused("milliseconds must hold at most 4; got 5", "thread_ratios", ["20"], {name: [1.0] for name in "abcde"})
