"""The figures of chapter 22: what they show, what they refuse, and that they leave their inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_refused, drawer
from matplotlib.text import Text

from lstm_lib.figures import hunt as figures

STEPS = np.array([0, 400, 800])
OWN = {"it runs": np.array([[27.0, 5, 4], [27, 4.8, 3.9]]), "mended": np.array([[6.0, 3, 2.5], [6, 3.1, 2.4]])}
TRUE = {"it runs": np.array([[3.3, 2.8, 2.7], [3.3, 2.9, 2.6]]), "mended": np.array([[3.3, 2.0, 1.9], [3.3, 2.1, 2.0]])}
CALLS: dict[str, tuple[Any, ...]] = {
    "two_truths": (STEPS, OWN, TRUE, {"trigram": 2.03}, {"mended": 1}),
    "matrix": (np.array([[True, False], [True, True], [False, False]]), [0, 1, 0], ["one", "two", "three"], ["A", "B"]),
}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)


def words(ax: Any) -> set[str]:
    return {text.get_text() for text in ax.findobj(Text) if text.get_text()}


def squares(ax: Any, fill: str) -> set[tuple[float, float]]:
    """The places (column, row) of the squares that are full, or of the frames."""
    lines = [line for line in ax.lines if line.get_marker() == "s" and line.get_fillstyle() == fill]
    return {(float(x), float(y)) for line in lines for x, y in zip(*line.get_data(), strict=True)}


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_has_no_title(name: str) -> None:
    fig, axes = draw(name)
    assert not fig.get_suptitle()
    assert not any(ax.get_title() for ax in axes)


def test_both_panels_show_every_seed_and_the_mean_and_only_the_lower_one_the_rival() -> None:
    _, (above, below) = draw("two_truths")
    curves = [line.get_ydata() for line in above.lines if len(line.get_ydata()) == 3]
    assert len(curves) == 2 * 3
    assert any(np.allclose(curve, OWN["it runs"].mean(axis=0)) for curve in curves)
    assert {"it runs", "mended"} <= words(above) & words(below)
    assert "trigram" in words(below) - words(above)
    stars = [line for line in below.lines if line.get_marker() == "*"]
    assert [(each.get_xdata()[0], each.get_ydata()[0]) for each in stars] == [(400, pytest.approx(2.05))]


def test_the_matrix_has_a_square_for_each_catch_and_a_frame_for_each_named_check() -> None:
    _, (ax,) = draw("matrix")
    assert squares(ax, "full") == {(0, 0), (0, 1), (1, 1)}
    assert squares(ax, "none") == {(0, 0), (1, 1), (0, 2)}
    assert {"one", "two", "three", "A", "B"} <= words(ax)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "two_truths",
            (STEPS, OWN, {"mended": TRUE["mended"]}, {}, {}),
            "own and true must hold the same one to 4 courses",
        ),
        (
            "two_truths",
            (STEPS[:2], OWN, TRUE, {"trigram": 2.03}, {}),
            "it runs must have shape (at least 1, 2); got shape (2, 3)",
        ),
        (
            "matrix",
            (np.ones((3, 2)), *CALLS["matrix"][1:]),
            "caught must be boolean with shape (3, 2); got dtype float64",
        ),
        ("matrix", (CALLS["matrix"][0], [0, 1, 2], *CALLS["matrix"][2:]), "named must lie between 0 and 1; got 2"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, arguments: tuple[Any, ...], message: str) -> None:
    assert_refused(lambda: draw(name, *arguments), message, whole=False)
