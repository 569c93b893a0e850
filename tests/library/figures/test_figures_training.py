"""The figures of chapter 12: what they draw, what they refuse, and that they leave their inputs alone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser

from lstm_lib.figures import training as figures

LEVELS = {"uniform": 3.3, "unigram": 2.8, "bigram": 2.4}
LOSSES = np.linspace(3.3, 2.0, 40)
VAL = np.array([2.9, 2.5, 2.4, 2.6])
AT = np.array([10.0, 20.0, 30.0, 40.0])
PATIENT = np.stack([LOSSES, LOSSES + 0.1, np.full(40, 0.2)])
CALLS = {
    "guess_sheet": (LEVELS, 40, {1: 3.3, 40: 2.0}),
    "vital_signs": (LOSSES, np.full(40, 0.2), np.linspace(0.01, 0, 40), LEVELS),
    "stopping": (LOSSES, AT, VAL, 35),
    "validation_curves": (AT, {"all shown": VAL, "half hidden": VAL + 0.1}),
    "ward": ({"A": PATIENT, "B": PATIENT + 1}, LEVELS),
}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)
refused = refuser(draw)


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("name", CALLS)
def test_one_new_figure_with_named_axes_no_title_nothing_cut_off_and_its_inputs_left_alone(name: str) -> None:
    fig, axes = draw(name)
    assert axes[-1].get_xlabel() or fig.get_supxlabel() == "training step"
    assert axes[0].get_ylabel()
    assert all(not ax.get_title() and ax.get_legend() is None for ax in axes)
    assert fig.get_size_inches()[0] == 5.2
    assert_nothing_is_cut_off(fig)


def test_the_sheet_has_levels_three_shapes_and_the_guess() -> None:
    _, (ax,) = draw("guess_sheet")
    assert words(ax) == ["A", "B", "C", "uniform 3.30", "unigram 2.80", "bigram 2.40"]
    shapes = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 201]
    assert len(shapes) == 3
    for shape in shapes:
        np.testing.assert_allclose(shape[[0, -1], 1], [3.3, 2.4], atol=0.01)
        assert (np.diff(shape[:, 1]) <= 0).all()
    (own,) = [line for line in ax.lines if line.get_label() == "your guess"]
    np.testing.assert_array_equal(own.get_xydata(), [[1, 3.3], [40, 2.0]])
    assert ax.get_ylim()[0] < 2.0
    assert ax.get_xlim() == (0, 40)


def test_the_sheet_without_a_guess_and_with_one_far_off() -> None:
    _, (empty,) = draw("guess_sheet", LEVELS, 40, {})
    assert not [line for line in empty.lines if line.get_label() == "your guess"]
    _, (wide,) = draw("guess_sheet", LEVELS, 40, {90: 0.2, 2: 7.0})
    assert wide.get_xlim()[1] == 90
    assert wide.get_ylim()[0] < 0.2
    assert wide.get_ylim()[1] > 7


def test_one_level_alone_is_still_a_sheet() -> None:
    _, (ax,) = draw("guess_sheet", {"uniform": 3.3}, 40, {})
    low, high = ax.get_ylim()
    assert low < 3.3 <= high


def test_a_guess_makes_room_for_itself_on_a_curve() -> None:
    _, ax = plt.subplots()
    ax.set_ylim(2, 3)
    figures.draw_guess(ax, {})
    assert ax.get_ylim() == (2, 3)
    assert not ax.lines
    figures.draw_guess(ax, {5: 1.5})
    assert ax.get_ylim() == (1.4, 3)
    assert len(ax.lines) == 1


def test_the_sheet_says_what_is_wrong() -> None:
    refused("guess must be a mapping such as {100: 2.5}; got [3.0]", "guess_sheet", LEVELS, 40, [3.0], kind=TypeError)
    refused("steps must be at least 2; got 1", "guess_sheet", LEVELS, 1, {})
    refused("the losses of guess must be at least 0; got -1", "guess_sheet", LEVELS, 40, {1: -1.0})
    refused("the steps of guess must be at least 0; got -3", "guess_sheet", LEVELS, 40, {-3: 1.0})


def test_the_chart_has_three_rows_and_a_phase_for_each_level_that_is_passed() -> None:
    _, (loss, norm, rate) = draw("vital_signs")
    for ax, values, label in ((loss, LOSSES, "loss (nats)"), (norm, CALLS["vital_signs"][1], "gradient norm"),
                              (rate, CALLS["vital_signs"][2], "learning rate")):  # fmt: skip
        np.testing.assert_array_equal(ax.lines[0].get_xydata(), np.stack([np.arange(1, 41), values], axis=1))
        assert ax.get_ylabel() == label
        assert ax.get_xscale() == "log"
        assert len(ax.patches) == 2  # the first phase and the third are shaded
    assert words(loss)[:3] == ["1", "2", "3"]
    heavy = loss.lines[1].get_ydata()
    np.testing.assert_allclose(heavy[2:-2], np.convolve(LOSSES, np.full(5, 0.2), mode="valid"))
    np.testing.assert_allclose(heavy[[0, -1]], [LOSSES[:3].mean(), LOSSES[-3:].mean()])
    ends = [patch.get_x() + patch.get_width() for patch in loss.patches]
    assert ends[0] == 1 + int((heavy < 2.8).argmax())  # where the heavy line passes, not some steps later
    assert ends[1] == 40
    assert [tick.get_text() for tick in rate.get_xticklabels()] == ["1", "2", "5", "10", "20"]


def test_a_level_that_is_not_reached_ends_no_phase_and_a_short_run_is_drawn() -> None:
    _, (loss, *_) = draw("vital_signs", [3.3, 3.2], [0.1, 0.1], [0.01, 0.01], LEVELS)
    assert "2" not in words(loss)


def test_the_chart_says_what_is_wrong() -> None:
    one = np.ones(1)
    refused("losses must hold at least 2 steps; got 1", "vital_signs", one, one, one, LEVELS)
    refused("norms must have shape (40); got shape (39,)", "vital_signs", LOSSES, LOSSES[1:], LOSSES, LEVELS)
    refused("rates must have shape (40); got shape (39,)", "vital_signs", LOSSES, LOSSES, LOSSES[1:], LEVELS)


def test_the_stop_is_marked_and_so_is_the_lowest_point() -> None:
    _, (ax,) = draw("stopping")
    star = next(line for line in ax.lines if line.get_marker() == "*")
    np.testing.assert_array_equal(star.get_xydata(), [[30, 2.4]])
    assert words(ax) == ["2.40 at step 30", "stops at 35", f"training {LOSSES[-10:].mean():.2f}", "validation 2.60"]
    (never,) = ax.patches
    assert (never.get_x(), never.get_x() + never.get_width()) == (35, 40)
    np.testing.assert_allclose(ax.lines[0].get_ydata()[0], LOSSES[:10].mean())


def test_a_run_without_a_stop_has_no_shade_and_may_be_short_and_flat() -> None:
    _, (ax,) = draw("stopping", [2.0], [1.0], [2.0])
    assert not ax.patches
    assert words(ax) == ["2.00 at step 1", "training 2.00", "validation 2.00"]


def test_the_stop_says_what_is_wrong() -> None:
    refused("val_losses must have shape (4); got shape (3,)", "stopping", LOSSES, AT, VAL[1:])
    refused("stop must be at least 1; got 0", "stopping", LOSSES, AT, VAL, 0)


def test_each_validation_curve_is_named_and_starred_and_none_looks_like_another() -> None:
    _, (ax,) = draw("validation_curves", AT, {f"run {k}": VAL + k for k in range(4)})
    curves = {line.get_label(): line for line in ax.lines if line.get_label().startswith("run")}
    assert len({(line.get_color(), line.get_linestyle(), line.get_marker()) for line in curves.values()}) == 4
    for k in range(4):
        np.testing.assert_array_equal(curves[f"run {k}"].get_ydata(), VAL + k)
        assert f"run {k}: {2.6 + k:.2f}" in words(ax)
        assert f"{2.4 + k:.2f}" in words(ax)
    stars = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "*"]
    assert stars == [30, 30, 30, 30]


def test_validation_curves_say_what_is_wrong() -> None:
    refused("series must be a mapping from a name to an array; got [1]", "validation_curves", AT, [1], kind=TypeError)
    refused("series must hold at most 4 runs; got 5", "validation_curves", AT, {f"run {k}": VAL for k in range(5)})
    refused("series['a'] must have shape (4); got shape (2,)", "validation_curves", AT, {"a": VAL[:2]})


def test_the_ward_has_a_column_for_each_patient() -> None:
    _, axes = draw("ward")
    above, below = axes[:2], axes[2:]
    for ax, under, patient, letter in zip(above, below, (PATIENT, PATIENT + 1), "AB", strict=True):
        train, val = (line for line in ax.lines if len(line.get_xdata()) == 40)
        np.testing.assert_array_equal(train.get_ydata(), patient[0])
        np.testing.assert_array_equal(val.get_ydata(), patient[1])
        np.testing.assert_array_equal(under.lines[0].get_ydata(), patient[2])
        assert words(ax)[0] == letter
        assert under.get_yscale() == "log"
    assert words(above[1])[1:] == ["uniform", "unigram", "bigram"]
    assert above[0].get_ylim() == above[1].get_ylim()


def test_the_ward_says_what_is_wrong() -> None:
    refused("patients['A'] must have shape (3, at least 1); got shape (2, 40)", "ward", {"A": PATIENT[:2]}, LEVELS)
    refused("patients must be a mapping from a name to an array; got [1]", "ward", [1], LEVELS, kind=TypeError)
