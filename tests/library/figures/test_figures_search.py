"""The figures of chapter 15: what they show, what they refuse, and that they leave their inputs alone."""

from typing import Any

import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib.text import Text

from lstm_lib.figures import search as figures

LEAVES = ["jo.", "john.", "jon.", "jose."]
P = {"jo": 0.02, "jo.": 0.001, "joh": 0.005, "john": 0.005, "john.": 0.003, "jon": 0.008, "jon.": 0.002, "jos": 0.004,
     "jose": 0.003, "jose.": 0.0000001}  # fmt: skip
NOTES = {"jo.": "1,000", "jose.": "the narrowest"}
CURVES: dict[str, Any] = {"LSTM": ([1, 10, 1000], [0.0, 0.1, 1.0]), "people": ([1, 100], [0.2, 0.4])}
CALLS: dict[str, tuple[Any, ...]] = {"name_tree": (LEAVES, P, "jo", NOTES), "mass_by_rank": (CURVES,)}

pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(figures, CALLS)
refused = refuser(draw)


def words(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_leaves_its_inputs_alone_and_is_whole(name: str) -> None:
    fig, _ = draw(name)
    assert_nothing_is_cut_off(fig)


def test_a_branch_is_as_wide_as_its_probability_and_never_invisible() -> None:
    _, (ax,) = draw("name_tree")
    widths = [line.get_linewidth() for line in ax.lines]
    texts = ["jo.", "joh", "john", "john.", "jon", "jon.", "jos", "jose", "jose."]  # as they grow
    expected = [max(figures.THIN, figures.THICK * P[text] / P["jon"]) for text in texts]
    np.testing.assert_allclose(widths, expected)
    assert widths[-1] == figures.THIN
    assert max(widths) == figures.THICK


def test_a_branch_leads_from_its_beginning_and_says_its_letter() -> None:
    _, (ax,) = draw("name_tree")
    starts = [(round(line.get_ydata()[0], 6), round(line.get_ydata()[-1], 6)) for line in ax.lines]
    middle = 1.5  # of the four leaves
    assert starts[0] == (middle, 0)
    assert starts[1:4] == [(middle, 1), (1, 1), (1, 1)]
    assert starts[-1] == (3, 3)
    assert sorted(words(ax)) == sorted([*".hn.n.se.", "jo", "1,000", "the narrowest"])


def test_the_curves_are_shares_in_percent_on_a_logarithmic_axis() -> None:
    _, (ax,) = draw("mass_by_rank")
    assert ax.get_xscale() == "log"
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[1, 0], [10, 10], [1000, 100]])
    assert {"LSTM", "people"} <= set(words(ax))
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_what_cannot_be_drawn_is_refused() -> None:
    refused("each of leaves must begin with root, 'jo', and go on; got 'ann.'", "name_tree", ["ann."], P, "jo", {})
    refused("each of leaves must begin with root, 'jo', and go on; got 'jo'", "name_tree", ["jo"], P, "jo", {})
    short = {text: p for text, p in P.items() if text != "jon"}
    refused("p must hold a probability in (0, 1] for each beginning; got none for 'jon'", "name_tree", LEAVES, short,
            "jo", {})  # fmt: skip
    refused("curves must have at most 4 labels; got 5", "mass_by_rank", dict.fromkeys("abcde", CURVES["LSTM"]))
    refused("LSTM must lie between 0 and 1; got 2", "mass_by_rank", {"LSTM": ([1, 2], [0, 2])})
    refused("LSTM must be at least 1; got 0", "mass_by_rank", {"LSTM": ([0, 2], [0, 1])})
