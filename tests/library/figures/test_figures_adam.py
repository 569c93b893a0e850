"""The figures of chapter 11: what they draw, what they refuse, and that they leave their inputs alone."""

import itertools

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib.colors import to_hex

from lstm_lib.figures import adam as figures
from lstm_lib.figures import recurring

PATH = np.array([[1.0, 1.0], [0.98, -0.9], [0.96, 0.81]])
CALLS = {
    "valley": (np.array([1.0, 100.0]), {"plain": PATH, "Adam": PATH / 2}),
    "runs": ({"right": np.array([1.0, 1.0, 0.5, -0.5]), "betas swapped, 0.01": np.array([1.0, 1.0, 0.8, 0.7])},),
    "rate_sweep": (
        {"Adam": np.array([0.01, 0.1]), "plain": np.array([1.0, 10.0, 100.0])},
        {"Adam": np.array([[2.3, 2.5], [2.6, 2.6]]), "plain": np.array([[2.9, 2.9], [2.5, 2.7], [40.0, 50.0]])},
    ),
}
NAMED = {"runs": {"xlabel": "training step", "ylabel": "step"}, "rate_sweep": {"start": 3.3}}


pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS, NAMED)
refused = refuser(draw)


@pytest.mark.parametrize("name", CALLS)
def test_one_new_figure_with_named_axes_no_title_nothing_cut_off_and_its_inputs_left_alone(name: str) -> None:
    fig, axes = draw(name)
    assert axes[-1].get_xlabel()
    assert all(ax.get_ylabel() and not ax.get_title() and ax.get_legend() is None for ax in axes)
    assert fig.get_size_inches()[0] == 5.2
    assert_nothing_is_cut_off(fig)


def test_the_valley_has_a_panel_for_each_path_with_all_its_steps() -> None:
    _, (above, below) = draw("valley")
    for ax, name, walk in ((above, "plain", PATH), (below, "Adam", PATH / 2)):
        path, start, bottom = ax.lines
        np.testing.assert_array_equal(path.get_xydata(), walk)
        np.testing.assert_array_equal(start.get_xydata(), walk[:1])
        np.testing.assert_array_equal(bottom.get_xydata(), [[0, 0]])
        assert [text.get_text() for text in ax.texts] == [name]
    assert above.get_xlim() == below.get_xlim()
    assert above.get_ylim() == below.get_ylim()
    assert above.get_xlim()[0] < 0 < 1 < above.get_xlim()[1]
    assert above.get_ylim()[0] < -0.9 < 1 < above.get_ylim()[1]
    assert not above.get_xlabel()


def test_the_lines_of_equal_loss_lie_a_factor_of_four_apart() -> None:
    _, (ax, _) = draw("valley")
    (lines,) = ax.collections
    levels = lines.levels
    np.testing.assert_allclose(levels[1:] / levels[:-1], 4)
    for level, path in zip(levels, lines.get_paths(), strict=True):
        across, up = path.vertices.T
        np.testing.assert_allclose((across**2 + 100 * up**2) / 2, level, rtol=0.25)


def test_the_valley_says_what_is_wrong() -> None:
    paths = {"plain": PATH}
    refused("curvature must have shape (2); got shape (3,)", "valley", np.ones(3), paths)
    refused("curvature must be at least 1e-09; got 0", "valley", np.array([0.0, 1.0]), paths)
    refused(
        "paths['plain'] must have shape (at least 1, 2); got shape (2, 3)", "valley", np.ones(2), {"plain": PATH.T[:2]}
    )
    refused(
        "paths must be a mapping from a name to an array; got None", "valley", np.ones(2), None, kind=TypeError
    )  # fmt: skip


def test_each_run_is_a_line_named_at_its_end_and_the_first_is_boldest() -> None:
    _, (ax,) = draw("runs")
    runs = {line.get_label(): line for line in ax.lines}
    np.testing.assert_array_equal(runs["right"].get_xydata(), [[1, 1], [2, 1], [3, 0.5], [4, -0.5]])
    np.testing.assert_array_equal(runs["betas swapped, 0.01"].get_ydata(), [1.0, 1.0, 0.8, 0.7])
    assert runs["right"].get_linewidth() > runs["betas swapped, 0.01"].get_linewidth()
    assert [text.get_text() for text in ax.texts] == ["right", "betas swapped, 0.01"]
    right, swapped = (text.get_position()[1] for text in ax.texts)
    assert right < swapped
    assert ax.get_xlim() == (1, 4)
    zero = [line for line in ax.lines if list(line.get_ydata()) == [0, 0]]
    assert len(zero) == 1


def test_runs_may_begin_at_step_0_and_be_smoothed() -> None:
    _, (ax,) = draw("runs", {"one": np.array([4.0, 2.0, 3.0, 7.0])}, first_step=0, window=2)
    line = next(line for line in ax.lines if line.get_label() == "one")
    np.testing.assert_allclose(line.get_xydata(), [[1, 3], [2, 2.5], [3, 5]])
    assert ax.get_xlim() == (0, 3)
    assert not [line for line in ax.lines if list(line.get_ydata()) == [0, 0]]  # nothing lies below 0


def test_runs_of_unequal_length_and_a_flat_run() -> None:
    _, (ax,) = draw("runs", {"short": np.ones(2), "long": np.ones(6)})
    assert ax.get_xlim() == (1, 6)
    low, high = ax.get_ylim()
    assert low < 1 < high


def test_no_two_runs_look_alike_and_none_has_a_gates_colour() -> None:
    _, (ax,) = draw("runs", {f"run {k}": np.arange(3.0) + k for k in range(8)})
    looks = [
        (to_hex(line.get_color()), line.get_linestyle()) for line in ax.lines if line.get_label().startswith("run")
    ]
    assert len(set(looks)) == 8
    gates = {style.colour.lower() for key, style in recurring.GATE_STYLE.items() if key in "ifgo"}
    assert not {colour for colour, _ in looks} & gates


def test_names_beside_runs_do_not_touch() -> None:
    fig, (ax,) = draw("runs", {f"run {k}": np.arange(3.0) + k / 100 for k in range(8)})
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))
    assert fig.get_size_inches()[1] == pytest.approx(2.4 + 0.3 * 8)


def test_runs_say_what_is_wrong() -> None:
    one = {"one": np.arange(3.0)}
    refused("series must hold at most 8 runs; got 9", "runs", {f"run {k}": np.ones(3) for k in range(9)})
    refused("series['one'] must have shape (at least 1); got shape (1, 3)", "runs", {"one": np.ones((1, 3))})
    refused("window must not be longer than a run; got 4", "runs", one, window=4)
    refused("window must be at least 1; got 0", "runs", one, window=0)
    refused("first_step must be at least 0; got -1", "runs", one, first_step=-1)
    refused("series must be a mapping from a name to an array; got [1]", "runs", [1], kind=TypeError)


def test_the_sweep_joins_the_means_and_shows_each_seed_and_cuts_what_is_above_the_start() -> None:
    _, (ax,) = draw("rate_sweep")
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["Adam"].get_xydata(), [[0.01, 2.4], [0.1, 2.6]])
    np.testing.assert_allclose(lines["plain"].get_ydata(), [2.9, 2.6, 45])
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(dots[0].get_xydata(), [[0.01, 2.3], [0.01, 2.5], [0.1, 2.6], [0.1, 2.6]])
    assert ax.get_xscale() == "log"
    low, high = ax.get_ylim()
    assert 2 < low < 2.3 < 3.3 < high < 3.4
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("Adam", (0.01, 2.4)), ("plain", (10, 2.6))]


def test_the_sweep_says_what_is_wrong() -> None:
    rates, losses = CALLS["rate_sweep"]
    refused("losses must name the same rules as rates, ['Adam', 'plain']; got ['Adam']", "rate_sweep", rates,
            {"Adam": losses["Adam"]})  # fmt: skip
    refused(
        "rates['Adam'] must be at least 1e-12; got 0", "rate_sweep", {"Adam": np.zeros(2)}, {"Adam": losses["Adam"]}
    )
    refused("losses['Adam'] must have shape (2, at least 1); got shape (3, 2)", "rate_sweep", {"Adam": rates["Adam"]},
            {"Adam": losses["plain"]})  # fmt: skip
    many = {f"rule {k}": np.ones(1) for k in range(9)}
    refused("rates must hold at most 8 rules; got 9", "rate_sweep", many, {name: np.ones((1, 1)) for name in many})
