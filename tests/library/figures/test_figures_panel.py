"""The figures of chapter 13: what they draw, what they refuse, and that they leave their inputs alone."""

import itertools

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import StepPatch

from lstm_lib.figures import panel as figures
from lstm_lib.figures.recurring import GATE_STYLE

GATES = {"i": np.full((2, 3), 0.5), "f": np.array([0.01, 0.99, 0.7]), "g": np.array([-1.0, 0.0, 1.0]), "o": np.ones(4)}
STEPS = np.array([0.0, 1.0, 10.0, 100.0])
MEASURES = {name: np.array([0.1, 0.4, 0.3, 0.2]) for name in figures.MEASURES} | {"step": STEPS}
REACH = {"step 0": np.array([1.0, 0.5, 0.25]), "step 100": np.array([1.0, 0.9, 0.8])}
LIMITS = {"gradient_norm": (0.0, 5.0), "saturation": (0.0, 0.75), "ratio": (1e-4, 0.5), "dead": (0.0, 0.05),
          "reach": (0.1, np.inf)}  # fmt: skip
CALLS = {
    "gate_histograms": ({"× 0.01": GATES, "× 1": GATES, "× 10": GATES},),
    "reach_curves": ({"bias 1": 0.73 ** np.arange(5), "bias 0": 0.5 ** np.arange(5), "none": np.zeros(5)},),
    "dashboard": (MEASURES, REACH, LIMITS),
}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)
refused = refuser(draw)


@pytest.mark.parametrize("name", CALLS)
def test_one_new_figure_without_titles_and_nothing_cut_off_and_inputs_left_alone(name: str) -> None:
    fig, axes = draw(name)
    assert all(not ax.get_title() for ax in axes)
    assert fig.get_size_inches()[0] == 5.2
    assert_nothing_is_cut_off(fig)


# ---- histograms


def steps_of(ax: Axes) -> StepPatch:
    """The histogram, one patch."""
    (steps,) = [patch for patch in ax.patches if isinstance(patch, StepPatch)]
    return steps


def test_a_row_for_each_gate_in_its_colour_and_a_column_for_each_case() -> None:
    fig, axes = draw("gate_histograms")
    assert len(axes) == 12
    assert [ax.get_ylabel().split("\n")[1] for ax in axes[::3]] == ["i", "f", "g", "o"]
    assert [ax.texts[0].get_text() for ax in axes[:3]] == ["× 0.01", "× 1", "× 10"]
    assert fig.get_supxlabel() == "value of the gate"
    for ax, gate in zip(axes[::3], "ifgo", strict=True):
        assert to_hex(steps_of(ax).get_facecolor()) == GATE_STYLE[gate].colour.lower()
        assert ax.get_xlim() == ((-1, 1) if gate == "g" else (0, 1))


def test_bars_count_the_values_on_the_scale_of_the_tallest() -> None:
    _, axes = draw("gate_histograms", {"one": GATES | {"f": np.array([0.01, 0.01, 0.99, 0.31])}})
    heights, edges, _ = steps_of(axes[1]).get_data()
    bars = {round(edge, 3): height for edge, height in zip(edges[:-1], heights, strict=True) if height}
    assert bars == {0.0: 1.0, 0.3: 0.5, 0.975: 0.5}


def test_histograms_say_what_is_wrong() -> None:
    name = "gate_histograms"
    refused("cases must hold at most 4 columns; got 5", name, {str(k): GATES for k in range(5)})
    refused("cases must be a mapping from a name to an array; got 3", name, 3, kind=TypeError)
    refused("cases['one'] must be a mapping with the gates i, f, g, o; got 3", name, {"one": 3})
    refused("cases['one'] must be a mapping with the gates i, f, g, o; got {'i': 1}", name, {"one": {"i": 1}})
    refused("i must lie between 0 and 1; got 2", name, {"one": GATES | {"i": np.full(3, 2.0)}})


# ---- reach


def test_each_curve_is_named_at_its_end_on_a_logarithmic_axis() -> None:
    _, (ax,) = draw("reach_curves")
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["bias 1"].get_ydata(), 0.73 ** np.arange(5))
    np.testing.assert_allclose(lines["none"].get_ydata(), 1e-9)
    assert ax.get_yscale() == "log"
    assert [text.get_text() for text in ax.texts] == ["bias 1", "bias 0", "none"]
    heights = [text.get_position()[1] for text in ax.texts]
    assert heights == sorted(heights, reverse=True)
    assert ax.get_xlim() == (0, 4)


def test_names_beside_curves_do_not_touch() -> None:
    _, (ax,) = draw("reach_curves", {f"curve {k}": np.full(3, 0.5 + k / 1000) for k in range(5)})
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))


def test_reach_says_what_is_wrong() -> None:
    name = "reach_curves"
    refused("curves must hold at most 5 curves; got 6", name, {str(k): np.ones(3) for k in range(6)})
    refused("one must be at least 0; got -1", name, {"one": np.array([1.0, -1.0])})
    refused("one must have shape (at least 1); got shape (1, 2)", name, {"one": np.ones((1, 2))})


# ---- dashboard


def test_the_dashboard_shows_each_measure_over_its_steps() -> None:
    _, axes = draw("dashboard")
    shown = [{line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")} for ax in axes]
    assert [len(ax.lines) for ax in axes] == [2, 1, 4, 4, 1, 2]
    assert set(shown[0]) == {"training", "validation"}
    assert set(shown[2]) == {"i", "f", "g", "o"}
    assert set(shown[3]) == {"E", "W_x", "W_h", "W_y"}
    assert set(shown[5]) == {"step 0", "step 100"}
    np.testing.assert_array_equal(shown[2]["f"].get_xydata(), np.stack([STEPS, MEASURES["saturation f"]], axis=1))
    np.testing.assert_array_equal(shown[5]["step 0"].get_xydata(), [[0, 1], [1, 0.5], [2, 0.25]])
    assert to_hex(shown[2]["o"].get_color()) == GATE_STYLE["o"].colour.lower()
    assert [ax.get_yscale() for ax in axes] == ["linear", "log", "linear", "log", "linear", "log"]
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in axes)


def test_what_lies_beyond_a_limit_is_shaded() -> None:
    _, axes = draw("dashboard")
    spans = [sorted((patch.get_y(), patch.get_y() + patch.get_height()) for patch in ax.patches) for ax in axes]
    assert spans[0] == []
    np.testing.assert_allclose(spans[1], [[5, 20]])
    np.testing.assert_allclose(spans[2], [[0.75, 1]])
    np.testing.assert_allclose(spans[3], [[1e-6, 1e-4], [0.5, 2]])
    np.testing.assert_allclose(spans[4], [[0.05, 1]])
    np.testing.assert_allclose(spans[5], [[1e-3, 0.1]])


def test_a_share_of_0_dead_units_stands_clear_of_the_axis() -> None:
    _, axes = draw("dashboard")
    assert axes[4].get_ylim()[0] < 0
    assert all(patch.get_y() >= 0 for patch in axes[4].patches)


def test_a_wild_run_widens_the_axes() -> None:
    _, axes = draw("dashboard", MEASURES | {"gradient_norm": 100 * MEASURES["gradient_norm"],
                                            "ratio E": 0 * STEPS}, REACH, LIMITS)  # fmt: skip
    assert axes[1].get_ylim()[1] > 40
    assert min(axes[3].lines[0].get_ydata()) == 1e-6  # a step of 0 lies on the floor of a logarithmic axis


def test_the_dashboard_says_what_is_wrong() -> None:
    short = {name: values for name, values in MEASURES.items() if name != "dead"}
    name, wanted = "dashboard", ", ".join(figures.MEASURES)
    refused(f"measures must be a mapping with {wanted}; it lacks dead", name, short, REACH, LIMITS)
    refused("dead must have shape (4); got shape (2,)", name, MEASURES | {"dead": np.ones(2)}, REACH, LIMITS)
    refused("reach must hold at most 3 curves; got 4", name, MEASURES, {str(k): np.ones(3) for k in range(4)}, LIMITS)
    refused(
        "limits must be a mapping with gradient_norm, saturation, ratio, dead, reach; got {'dead': (0, 1)}",
        name, MEASURES, REACH, {"dead": (0, 1)},
    )  # fmt: skip
    with pytest.raises(ValueError, match="measures must be a mapping with step"):
        figures.dashboard(3, REACH, LIMITS)
