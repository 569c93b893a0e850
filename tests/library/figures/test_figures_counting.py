"""What chapter 3's figures promise: what is drawn is what came in, nothing is cut off, bad input is named."""

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused

from lstm_lib.figures.counting import (
    give_back,
    ladder_with_empty_rung,
    order_curves,
    surprisal_rows,
)

pytestmark = pytest.mark.usefixtures("book_style")

TRAIN = {"adding": [2.8, 2.4, 2.1], "Witten-Bell": [2.8, 2.3, 2.0], "Kneser-Ney": [2.8, 2.35, 2.05]}
VAL = {"adding": [2.8, 2.5, 2.6], "Witten-Bell": [2.8, 2.45, 2.4], "Kneser-Ney": [2.8, 2.42, 2.3]}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_order_curves_draw_hidden_names_solid_and_mark_their_best_order():
    fig, ax = order_curves(TRAIN, VAL)
    assert_nothing_is_cut_off(fig)
    curves = [line for line in ax.lines if line.get_transform() == ax.transData]
    for k, name in enumerate(TRAIN):
        below, above, best = curves[3 * k : 3 * k + 3]
        assert list(below.get_ydata()) == TRAIN[name]
        assert list(above.get_ydata()) == VAL[name]
        assert (below.get_linestyle(), above.get_linestyle()) == ("--", "-")
        assert list(best.get_ydata()) == [min(VAL[name])]
        assert list(best.get_xdata()) == [VAL[name].index(min(VAL[name])) + 1]
        assert above.get_marker() == best.get_marker()
    assert len({curves[3 * k + 1].get_marker() for k in range(3)}) == 3
    assert texts(ax) == [f"{name}, {part}" for name in TRAIN for part in ("train", "val")]
    assert ax.get_ylabel() == "nats per predicted symbol"
    assert not ax.get_title()


def test_order_curves_of_one_method():
    _, ax = order_curves({"adding": np.array([2.0, 1.0])}, {"adding": np.array([2.0, 2.5])})
    assert texts(ax) == ["adding, train", "adding, val"]
    assert ax.get_xticks().tolist() == [1, 2]


def test_give_back_draws_bars_rings_and_dots_in_percent():
    fig, ax = give_back([".", "a", "n"], [0.1, 0.2, 0.05], [0.3, 0.25, 0.02], [0.15, 0.2, 0.03])
    assert_nothing_is_cut_off(fig)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], [10, 20, 5])
    rings, dots = ax.lines
    np.testing.assert_allclose(rings.get_xdata(), [30, 25, 2])
    np.testing.assert_allclose(dots.get_xdata(), [15, 20, 3])
    assert rings.get_markerfacecolor() != dots.get_markerfacecolor()
    assert ax.yaxis_inverted()
    assert ax.get_xlim()[1] > 30
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(words) == ["given back, counting cases", "given back, counting kinds", "taken by the discount"]


def test_the_empty_rung_lies_below_all_others_and_has_no_number():
    values = {"uniform": 3.3, "Kneser-Ney 6": 1.96, "bigram": 2.43}
    fig, ax = ladder_with_empty_rung(values, "your LSTM")
    assert_nothing_is_cut_off(fig)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["uniform", "bigram", "Kneser-Ney 6", "your LSTM"]
    assert texts(ax) == ["3.300", "2.430", "1.960", "?"]
    assert ax.texts[-1].get_position() == (1.96, 3)
    bar = ax.lines[-1]
    assert list(bar.get_xdata()) == [1.96, 1.96]
    assert ax.yaxis_inverted()
    assert ax.get_ylim()[0] > 3.4


def test_surprisal_rows_write_each_number_and_the_sums():
    nats = {"unigram": [1.0, 6.25, 0.0], "bigram": [0.5, 2.0, 0.25]}
    fig, ax = surprisal_rows("aq.", nats)
    assert_nothing_is_cut_off(fig)
    image = ax.images[0]
    np.testing.assert_allclose(image.get_array(), list(nats.values()))
    assert image.get_clim() == (0, 5)
    assert texts(ax) == ["1.0", "6.2", "0.0", "0.5", "2.0", "0.2", "7.2", "2.8", "sum"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["unigram", "bigram"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "q", "."]


def test_surprisal_rows_below_five_nats():
    fig, ax = surprisal_rows("a.", {"one": [1.0, 2.0]})
    assert_nothing_is_cut_off(fig)
    assert ax.images[0].colorbar.extend == "neither"


@pytest.mark.parametrize(
    ("draw", "arguments"),
    [
        (order_curves, (TRAIN, {name: np.array(losses) for name, losses in VAL.items()})),
        (give_back, ([".", "a"], np.array([0.1, 0.2]), np.array([0.3, 0.25]), np.array([0.15, 0.2]))),
        (ladder_with_empty_rung, ({"uniform": 3.3, "Kneser-Ney 6": 1.96, "bigram": 2.43}, "your LSTM")),
        (surprisal_rows, ("aq.", {"unigram": np.array([1.0, 6.25, 0.0]), "bigram": [0.5, 2.0, 0.25]})),
    ],
)
def test_inputs_are_left_alone(draw, arguments):
    assert_inputs_are_left_alone(draw, *arguments)


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (
            lambda: order_curves([1], VAL),
            ValueError,
            "train must be a mapping of one to three names to losses; got list",
        ),
        (lambda: order_curves({}, {}), ValueError, "train must be a mapping of one to three names"),
        (lambda: order_curves(TRAIN | {"x": [1, 2, 3]}, VAL), ValueError, "train must be a mapping of one to three"),
        (lambda: order_curves(TRAIN, {"x": [1, 2]}), ValueError, "train and val must hold the same methods; got"),
        (lambda: order_curves({"x": [1]}, {"x": [1]}), ValueError, "of at least two orders; got 1"),
        (lambda: order_curves({"x": [1, 2]}, {"x": [1, 2, 3]}), ValueError, "val['x'] must have shape (2); got"),
        (lambda: order_curves({"x": [1, np.inf]}, {"x": [1, 2]}), ValueError, "train['x'] must be finite"),
        (lambda: give_back("ab", [0.1], [0.1, 0.2], [0.1, 0.2]), ValueError, "taken must have shape (2)"),
        (lambda: give_back("a", [0.1], [10], [0.1]), ValueError, "cases must lie between 0 and 1; got 10"),
        (lambda: ladder_with_empty_rung({"a": 1.0}, 3), TypeError, "empty must be the name of a rung, a string; got 3"),
        (lambda: ladder_with_empty_rung([1.0], "x"), TypeError, "values must be a mapping"),
        (
            lambda: surprisal_rows("a.", {}),
            ValueError,
            "rows must be a mapping from a model's name to its nats; got {}",
        ),
        (lambda: surprisal_rows("a.", {"x": [1.0]}), ValueError, "rows['x'] must have shape (2); got shape (1,)"),
        (lambda: surprisal_rows("a", {"x": [-1.0]}), ValueError, "rows must be at least 0; got -1"),
    ],
)
def test_it_says_what_is_wrong(draw, kind, message):
    assert_refused(draw, message, kind=kind, whole=False)
