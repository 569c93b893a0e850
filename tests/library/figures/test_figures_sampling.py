"""The figures of chapter 14: what they show, what they refuse, and that they leave their inputs alone."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from figure_cases import assert_refused, drawer
from matplotlib.text import Text

from lstm_lib.figures import sampling as figures

LAW = np.array([0.3, 0.6, 0.1])
TAUS = np.array([0.5, 1.0, 2.0])
SHARES = {"new": np.array([0.0, 0.5, 1.0]), "known": np.array([1.0, 0.5, 0.0])}
CALLS: dict[str, tuple[Any, ...]] = {
    "stick": (".an", LAW, np.array([0.12, 0.3, 0.97])),
    "temperature_bars": (".an", TAUS, LAW ** (1 / TAUS[:, None])),
    "decoded_laws": (".an", ["ka", "q"], {"as it is": [LAW, [0, 0, 1]], "top 2": [[1 / 3, 2 / 3, 0], [0, 0, 1]]}),
    "chi2_test": (np.linspace(20, 80, 50), {"right": 40.0, "wrong": 5000.0}),
    "temperature_price": (TAUS, SHARES, np.array([1.2, 1.9, 2.9]), 1.9),
}


pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)


def words(ax: Any) -> list[str]:
    """What is written into an axes."""
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_has_no_title(name: str) -> None:
    fig, axes = draw(name)
    assert not fig.get_suptitle()
    assert not any(ax.get_title() for ax in axes)
    assert axes[-1].get_xlabel() or name in ("temperature_bars", "decoded_laws")


def test_the_stick_is_cut_by_the_law_and_names_what_a_dart_hits() -> None:
    _, (ax,) = draw("stick")
    pieces = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    np.testing.assert_allclose(pieces, [(0, 0.3), (0.3, 0.6), (0.9, 0.1)])
    assert {"0.12: .", "0.30: a", "0.97: n"} <= set(words(ax))  # an end belongs to the next piece


def test_the_bars_are_the_powers_and_the_same_scaled() -> None:
    _, axes = draw("temperature_bars")
    heights = [[bar.get_height() for bar in ax.patches] for ax in axes]
    np.testing.assert_allclose(heights[0], [0.09, 0.36, 0.01])
    np.testing.assert_allclose(heights[3], np.array([9, 36, 1]) / 46)
    np.testing.assert_allclose(heights[1], heights[4])
    assert "τ = 0.5, sum 0.46" in words(axes[0])
    assert "entropy 0.90" in words(axes[4])
    assert axes[0].get_ylabel()
    assert axes[3].get_ylabel()


def test_a_probability_of_zero_has_no_entropy() -> None:
    _, axes = draw("temperature_bars", "ab", [1.0], [[1.0, 0.0]])
    assert "entropy 0.00" in words(axes[1])


def test_each_way_stands_over_the_outline_of_the_law_as_it_is() -> None:
    _, axes = draw("decoded_laws")
    heights = [[bar.get_height() for bar in ax.patches] for ax in axes]
    np.testing.assert_allclose(heights[0], [0.6, 0.3, 0.1] * 2)  # most probable first, the outline over itself
    np.testing.assert_allclose(heights[2], [2 / 3, 1 / 3, 0, 0.6, 0.3, 0.1])
    assert "3 left, entropy 0.90" in words(axes[0])
    assert "2 left, entropy 0.64" in words(axes[2])
    assert "1 left, entropy 0.00" in words(axes[1])
    assert [axes[0].get_ylabel(), axes[2].get_ylabel()] == ["as it is", "top 2"]
    assert [label.get_text() for label in axes[2].get_xticklabels()] == ["a", ".", "n"]
    assert "after 'ka'" in words(axes[0])


def test_only_the_most_probable_letters_are_drawn() -> None:
    _, axes = figures.decoded_laws(".an", ["ka"], {"as it is": [LAW]}, shown=2)
    assert len(axes[0, 0].patches) == 4


def test_every_sampler_has_its_point_on_a_logarithmic_axis() -> None:
    _, axes = draw("chi2_test")
    band = axes[1].patches[0]
    np.testing.assert_allclose(
        [band.get_x(), band.get_x() + band.get_width()], np.quantile(CALLS["chi2_test"][0], [0.001, 0.999])
    )
    points = [line.get_xdata()[0] for line in axes[1].lines]
    assert points == [40.0, 5000.0]
    assert axes[1].get_xscale() == "log"
    assert [label.get_text() for label in axes[1].get_yticklabels()] == ["right", "wrong"]
    assert {"40", "5,000"} <= set(words(axes[1]))
    assert "chance alone, 50 runs" in words(axes[0])


def test_the_price_shows_each_share_in_percent_and_the_level_of_real_names() -> None:
    _, axes = draw("temperature_price")
    np.testing.assert_allclose(axes[0].lines[0].get_ydata(), [0, 50, 100])
    assert {"new", "known"} <= set(words(axes[0]))
    assert axes[1].lines[0].get_ydata()[0] == 1.9
    assert {"drawn names", "real names"} <= set(words(axes[1]))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("stick", (".an", [0.3, 0.6, 0.2], [0.1]), "law must sum to 1; got 1.1"),
        ("stick", (".an", [0.5, 0.5], [0.1]), "law must have shape"),
        ("stick", (".an", LAW, [1.0]), "darts must lie between 0 and"),
        ("temperature_bars", (".an", TAUS, [LAW]), "powers must have shape"),
        ("temperature_bars", (".an", [1.0], [[0, 0, 0]]), "powers must hold a number above 0 in each row"),
        ("decoded_laws", (".an", ["q"], {"cut": [[0.5, 0.6, 0.1]]}), "laws['cut'] must sum to 1; got 1.2"),
        ("decoded_laws", (".an", ["q"], {"cut": [LAW, LAW]}), "laws must have shape"),
        ("decoded_laws", (".an", ["q"], {"cut": [[0.5, 0.5]]}), "laws['cut'] must have shape"),
        ("chi2_test", ([-1.0], {"a": 1.0}), "simulated must be at least"),
        ("chi2_test", ([1.0, 2.0], {"a": -1.0}), "observed must be at least 0"),
        ("chi2_test", ([1.0, 2.0], {"a": 0.0}), "observed must be at least 1e-09; got 0"),
        ("temperature_price", (TAUS, {}, [1, 2, 3], 2.0), "shares must be a mapping with one to 4 labels"),
        ("temperature_price", (TAUS, [1], [1, 2, 3], 2.0), "shares must be a mapping"),
        ("temperature_price", (TAUS, {"a": [1, 2, 3]}, [1, 2, 3], 2.0), "shares['a'] must lie between 0 and 1"),
        ("temperature_price", (TAUS, SHARES, [1, 2], 2.0), "nats must have shape"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: tuple[Any, ...], message: str) -> None:
    assert_refused(partial(draw, name, *arguments), message, whole=False)
