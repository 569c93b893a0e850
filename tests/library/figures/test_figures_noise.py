"""The figure of the gradient noise: what it draws, what it refuses, and that it leaves its inputs alone."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_refused

from lstm_lib.figures.noise import noise_curves

SIZES = np.array([1, 4, 16])
COSINES = {"before": np.array([[0.5, 0.8, 0.9], [0.4, 0.7, 0.9]]), "after": np.array([[0.1, 0.2, 0.4]])}
NOISE = {"before": np.array([3.0, 4.0]), "after": np.array([99.0])}

pytestmark = pytest.mark.usefixtures("book_style")


def draw(sizes=SIZES, cosines=COSINES, noise=NOISE):
    fig, ax = noise_curves(sizes, cosines, noise)
    fig.canvas.draw()
    return fig, ax


def test_each_run_is_dots_and_the_curve_of_its_own_k() -> None:
    _, ax = draw()
    dots, curves = ax.lines[0:6:2], ax.lines[1:6:2]
    for line, run in zip(dots, [*COSINES["before"], *COSINES["after"]], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), run)
    for line, k in zip(curves, (3.0, 4.0, 99.0), strict=True):
        np.testing.assert_allclose(line.get_ydata()[[0, -1]], [1 / np.sqrt(1 + k), 1 / np.sqrt(1 + k / 16)])
    assert len({line.get_color() for line in dots}) == len({line.get_marker() for line in dots}) == 2


def test_axes_names_and_the_line_where_the_noise_is_as_long_as_the_rest() -> None:
    _, ax = draw()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("names in the batch, B", "cosine with many names")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "4", "16"]
    assert {text.get_text() for text in ax.texts} == {"before", "after"}
    np.testing.assert_allclose(ax.lines[-1].get_ydata(), 1 / np.sqrt(2))
    assert ax.lines[-1].get_linestyle() == ":"


def test_no_curve_strikes_a_name_through() -> None:
    sizes, noise = 4.0 ** np.arange(6), {"before": np.array([3.0, 3.4]), "after": np.array([43.0, 115.0])}
    cosines = {name: 1 / np.sqrt(1 + k[:, None] / sizes) for name, k in noise.items()}
    _, ax = draw(sizes, cosines, noise)
    for text in ax.texts:
        box = text.get_window_extent()
        for line in ax.lines[:-1]:
            points = line.get_transform().transform(line.get_xydata())
            assert not any(box.contains(*point) for point in points), text.get_text()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"noise": {"before": [1.0]}},
         "cosines and noise must have the same names, at most three; got ['before', 'after'] and ['before']"),
        ({"cosines": {k: [[1.0]] for k in "abcd"}, "noise": {k: [1.0] for k in "abcd"}},
         f"cosines and noise must have the same names, at most three; got {[*'abcd']} and {[*'abcd']}"),
        ({"sizes": [1, 4]}, "cosines['before'] must have shape (2, 2); got shape (2, 3)"),
        ({"cosines": {"one": [[1.0, 1.0, np.nan]]}, "noise": {"one": [1.0]}},
         "cosines['one'] must be finite everywhere; got nan"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    assert_refused(partial(draw, **change), message)


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(draw, SIZES, COSINES, NOISE)
