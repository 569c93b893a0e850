"""What each figure promises: its artists, colours and limits, what it refuses, and that it leaves its inputs alone."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import assert_nothing_is_cut_off, drawer, refuser
from matplotlib import font_manager
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font
from matplotlib.text import Text

from lstm_lib.figures import parts, recurring
from lstm_lib.figures.style import SAVED_WITH

ANA_GATES = {  # unit 1 of the running example: chapter 06's numbers
    "i": [0.1, 0.1, 0.9, 0.1],
    "f": [0.9, 0.9, 0.8302, 0.9405],
    "g": [0.0, 0.0, 0.8, 0.0],
    "o": [0.9, 0.9, 0.9, 0.9],
    "c": [0.0, 0.0, 0.72, 0.6772],
    "h": [0.0, 0.0, 0.5552, 0.5307],
}
LADDER = {"uniform": 3.296, "unigram": 2.821, "bigram": 2.421, "trigram": 2.191}

# One working call of every figure, by name: the tests below that hold for all figures run over this table.
CALLS = {
    "length_and_letter_histograms": (np.array([3, 3, 2, 9]), np.array([5.0, 9.0, 2.0]), "ane"),
    "split_overlap": (np.array([0.73, 0.74]), np.array([0.0, 0.25])),
    "surprisal_strip": ("ana.", np.array([1.2, 0.8, 5.6, 0.7])),
    "gate_steps": (".ana", {key: np.array(value) for key, value in ANA_GATES.items()}),
    "heat_map": (np.array([[0.0, 0.5, 1.0], [0.2, 0.9, 0.1]]), ["i", "f"], "ana"),
    "memory_decay": (np.array([0.5, 0.9, 0.993, 0.9998, 1.0]),),
    "loss_curve": (np.linspace(3.3, 2.1, 200), np.array([100, 200]), np.array([2.6, 2.2]), LADDER),
    "ladder": (LADDER,),
}


pytestmark = pytest.mark.usefixtures("book_style")
draw = drawer(recurring, CALLS)
refused = refuser(draw)


def words(ax) -> list[str]:
    return [artist.get_text() for artist in ax.findobj(Text) if artist.get_text() and artist.get_visible()]


# ---- the style


def test_the_style_is_the_books() -> None:
    assert list(mpl.rcParams["figure.figsize"]) == [parts.WIDTH, 3.0]
    assert mpl.rcParams["xtick.labelsize"] == mpl.rcParams["ytick.labelsize"] == parts.SMALL
    assert parts.SMALL / (72 * parts.WIDTH) * 358 >= 11  # pixels, on a phone that is 390 wide
    assert mpl.rcParams["figure.dpi"] == mpl.rcParams["savefig.dpi"] == 150
    assert not mpl.rcParams["axes.spines.top"]
    assert not mpl.rcParams["axes.spines.right"]
    assert mpl.rcParams["figure.constrained_layout.use"]
    assert mpl.rcParams["image.cmap"] == "cividis"
    assert mpl.rcParams["font.family"] == ["Book Sans", "DejaVu Sans"]
    assert {to_hex(mpl.rcParams[f"{part}.facecolor"]) for part in ("figure", "savefig")} == {"#ffffff"}
    assert mpl.rcParams["axes.facecolor"] == "none"  # white comes from the figure; the book's page leaves that out
    assert not mpl.rcParams["savefig.transparent"]
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert len(set(cycle["color"])) == len(set(cycle["linestyle"])) == len(cycle["color"])


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_the_styles_font_comes_with_the_library_and_has_the_signs_of_the_book(weight: str) -> None:
    path = Path(font_manager.findfont(font_manager.FontProperties(family="Book Sans", weight=weight)))
    assert path.parent == Path(parts.__file__).parent / "fonts"
    assert set("ητλθσχΔΣ−×·≤≥≈√∞→²⁻³₁…’αβκ°é") <= {chr(code) for code in get_font(path).get_charmap()}


def saved(fig: Figure) -> str:
    """The figure as the SVG that a notebook would store."""
    file = io.StringIO()
    fig.savefig(file, format="svg", **SAVED_WITH)
    return file.getvalue()


def test_a_figure_is_the_same_svg_each_time_without_a_date_or_a_version() -> None:
    one, other = (saved(draw("loss_curve", *CALLS["loss_curve"])[0]) for _ in range(2))
    assert one == other
    assert "<metadata" not in one
    assert f'width="{72 * parts.WIDTH:g}pt"' in one  # nothing was cut off its edges
    assert "BookSans-Regular-" in one  # letters are outlines: a reader needs no font


def test_a_notebook_is_asked_for_svg(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib_inline.config import InlineBackend

    settings = SimpleNamespace()
    monkeypatch.setattr(InlineBackend, "instance", lambda **_: settings)
    monkeypatch.setattr("IPython.get_ipython", object)
    recurring.use_book_style()
    assert settings.figure_formats == {"svg"}
    assert settings.print_figure_kwargs == SAVED_WITH


def test_a_notebook_lays_a_figure_out_and_draws_no_pixels_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In front of what shows and closes figures: the places of a stored figure come from two layouts."""
    hooks: dict[str, list[Callable[[], None]]] = {}
    events = SimpleNamespace(register=lambda event, hook: hooks.setdefault(event, []).append(hook))
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(events=events))
    monkeypatch.setattr("matplotlib_inline.config.InlineBackend.instance", lambda **_: SimpleNamespace())
    monkeypatch.setattr(plt, "get_backend", lambda **_: "module://matplotlib_inline.backend_inline")
    monkeypatch.setattr(plt, "uninstall_repl_displayhook", lambda: hooks.setdefault("uninstalled", []))
    recurring.use_book_style()
    assert list(hooks) == ["post_execute", "uninstalled"]
    monkeypatch.undo()
    _, ax = plt.subplots(layout="constrained")
    before = ax.get_position().bounds
    for hook in hooks["post_execute"]:
        hook()
    assert ax.get_position().bounds != before


def test_a_power_of_ten_is_plain_text() -> None:
    fig, ax = plt.subplots()
    ax.set_xscale("log")
    parts.decades(ax.xaxis)
    ax.set_xlim(1e-6, 1e2)
    fig.canvas.draw()
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert {"10⁻⁶", "10⁰", "10²"} <= set(labels)
    assert {tick.get_text() for tick in ax.get_xticklabels(minor=True)} <= {""}


def test_gate_palette_is_the_houses() -> None:
    styles = recurring.GATE_STYLE
    assert list(styles) == ["i", "f", "g", "o", "c", "h"]
    assert [style.colour for style in styles.values()] == [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#555555",
    ]  # fmt: skip
    assert [style.dash for style in styles.values()] == ["-", "--", "-.", ":", "-", "-"]
    assert [style.hatch for style in styles.values()] == ["//", "\\\\", "..", "xx", "", ""]
    assert [style.label for style in styles.values()] == [
        "input gate", "forget gate", "candidate", "output gate", "cell state", "hidden state",
    ]  # fmt: skip
    assert styles["c"].width == 2.4
    assert styles["h"].width < styles["i"].width
    assert len({style.marker for style in styles.values()}) == 6


# ---- what holds for every figure


def test_the_table_of_calls_names_every_figure() -> None:
    assert {*recurring.__all__} == {*CALLS, "GATE_STYLE", "use_book_style", "diagram"}


@pytest.mark.parametrize("name", CALLS)
def test_each_figure_is_new_named_whole_without_a_title_and_leaves_its_inputs_alone(
    name: str,
) -> None:
    fig, axes = draw(name)
    assert all(ax.figure is fig for ax in axes)
    assert all(not ax.get_title() for ax in fig.axes)
    if name != "heat_map":  # its axes are named by the caller
        assert axes[-1].get_xlabel()
    assert fig.get_size_inches()[0] == 5.2
    assert all(ax.get_legend() is None for ax in axes)
    assert_nothing_is_cut_off(fig)


def test_matplotlib_is_imported_by_figures_alone() -> None:
    code = (
        "import sys, lstm_lib.figures.parts, lstm_lib.figures.diagrams as d; d.load('pipeline'); "
        "print([m for m in ('matplotlib', 'IPython') if m in sys.modules]); "
        "import lstm_lib.figures.recurring; print('IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "False"]


# ---- histograms, split, surprisal


def test_histograms_count_lengths_and_rank_letters() -> None:
    fig, (above, below) = draw("length_and_letter_histograms")
    assert len(fig.axes) == 2
    assert {bar.get_x() + 0.4: bar.get_height() for bar in above.patches} == pytest.approx({2: 1, 3: 2, 9: 1})
    assert [bar.get_height() for bar in below.patches] == pytest.approx([56.25, 31.25, 12.5])
    assert [tick.get_text() for tick in below.get_xticklabels()] == ["n", "a", "e"]
    assert below.get_ylabel() == "share of all letters (%)"
    assert (above.get_xlabel(), above.get_ylabel()) == ("letters in the name", "names")


def test_histograms_write_thousands_with_a_comma() -> None:
    _, (above, _) = draw("length_and_letter_histograms", np.full(2000, 5), [1.0], "a")
    assert "2,000" in [tick.get_text() for tick in above.get_yticklabels()]


def test_histograms_say_what_is_wrong() -> None:
    name = "length_and_letter_histograms"
    refused("letter_counts must have shape (3); got shape (2,)", name, [3, 4], [1.0, 2.0], "abc")
    refused("letter_counts must be at least 0; got -1", name, [3, 4], [1.0, -1.0], "ab")
    refused("letter_counts must hold at least one count above 0; got zeros only", name, [3, 4], [0.0, 0.0], "ab")
    refused("lengths must have shape (at least 1); got shape (0,)", name, np.array([], dtype=int), [1.0], "a")
    refused("lengths must lie between 0 and 999; got -3", name, [3, -3], [1.0], "a")
    refused("letters must hold at least one name; got none", name, [3], [1.0], "")


def test_split_overlap_has_a_full_and_a_hatched_bar_for_each_part() -> None:
    _, (ax,) = draw("split_overlap")
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([73, 74, 0, 25])
    assert [bar.get_hatch() for bar in ax.patches] == ["", "", "//", "//"]
    assert [text.get_text() for text in ax.texts] == [
        "73 %, split by row", "74 %, split by row", "0 %, split by name", "25 %, split by name",
    ]  # fmt: skip
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["validation", "test"]
    assert ax.get_xlim() == (0, 100)
    _, (ax,) = draw("split_overlap", [0.5], [0.0], ["dev"])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["dev"]


def test_split_overlap_says_what_is_wrong() -> None:
    refused("shares, split by row, must have shape (2); got shape (3,)", "split_overlap", [0, 0, 0], [0, 0])
    refused("shares, split by name, must lie between 0 and 1; got 25", "split_overlap", [0, 0], [0, 25])
    refused("shares, split by row, must be finite everywhere; got nan", "split_overlap", [0, np.nan], [0, 0])


def test_surprisal_strip_has_fixed_limits_and_says_when_they_are_passed() -> None:
    fig, (ax,) = draw("surprisal_strip")
    (image,) = ax.images
    assert image.get_clim() == (0, 5)
    assert image.cmap.name == "cividis"
    np.testing.assert_array_equal(image.get_array(), [[1.2, 0.8, 5.6, 0.7]])
    assert [text.get_text() for text in ax.texts] == ["a", "1.20", "n", "0.80", "a", "5.60", ".", "0.70"]
    assert fig.axes[1].get_ylabel() == "nats"
    assert image.colorbar.extend == "max"
    _, (ax,) = draw("surprisal_strip", ["a", "."], [1.0, 5.0])
    assert ax.images[0].colorbar.extend == "neither"


def test_letters_can_be_read_on_their_background() -> None:
    _, (ax,) = draw("surprisal_strip", "ab", [0.0, 5.0])  # on cividis's darkest blue and its lightest yellow
    assert [text.get_color() for text in ax.texts] == [parts.ON_DARK, parts.ON_DARK, parts.ON_LIGHT, parts.ON_LIGHT]


def test_surprisal_strip_says_what_is_wrong() -> None:
    refused("surprisals must have shape (4); got shape (3,)", "surprisal_strip", "ana.", [1, 2, 3])
    refused("surprisals must be at least 0; got -0.5", "surprisal_strip", "a.", [1, -0.5])
    refused("letters[1] must be a string; got 3", "surprisal_strip", ["a", 3], [1, 2], kind=TypeError)


# ---- inside the cell


def test_gate_steps_draws_each_quantity_in_its_own_style() -> None:
    _, axes = draw("gate_steps")
    assert len(axes) == 6
    for ax, (key, style) in zip(axes, recurring.GATE_STYLE.items(), strict=True):
        (line,) = [line for line in ax.lines if len(line.get_xdata()) == 4]
        np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3, 4])
        np.testing.assert_array_equal(line.get_ydata(), ANA_GATES[key])
        assert (line.get_color(), line.get_linestyle(), line.get_linewidth(), line.get_marker()) == (
            style.colour, style.dash, style.width, style.marker,
        )  # fmt: skip
        assert ax.get_ylabel() == f"{style.label} {key}"
        assert [text.get_text() for text in ax.texts] == [f"{value:.2f}" for value in ANA_GATES[key]]
    assert [tick.get_text() for tick in axes[-1].get_xticklabels()] == [".", "a", "n", "a"]
    assert axes[-1].get_xlabel() == "symbol read"  # the end mark is no letter
    assert len({ax.get_ylim() for ax in axes}) == 1


def test_gate_steps_keeps_the_house_order_and_draws_only_what_it_gets() -> None:
    _, axes = draw("gate_steps", "an", {"c": [0.1, 0.2], "i": [0.3, 0.4]})
    assert [ax.get_ylabel() for ax in axes] == ["input gate i", "cell state c"]


def test_gate_steps_scale_holds_every_value() -> None:
    _, axes = draw("gate_steps", "ana", {"c": [1.5, 2.5, 9.2], "g": [-0.8, 0.0, 0.8]})
    assert list(axes[0].get_yticks()) == [-1, 10]
    low, high = axes[0].get_ylim()
    assert low < -1
    assert high > 10
    above, _, below = (text for text in reversed(axes[0].texts))  # -0.80, 0.00, 0.80
    assert (below.get_text(), below.get_va()) == ("\u22120.80", "top")
    assert (above.get_text(), above.get_va()) == ("0.80", "bottom")
    _, axes = draw("gate_steps", "ana", {"f": [0.2, 0.3, 0.4]})
    assert list(axes[0].get_yticks()) == [0, 1]


def test_gate_steps_says_what_is_wrong() -> None:
    refused("gates['f'] must have shape (2); got shape (3,)", "gate_steps", "an", {"f": [0.1, 0.2, 0.3]})
    expected = "gates must be a mapping with keys among i, f, g, o, c, h; got "
    refused(expected + "['i', 'j']", "gate_steps", "a", {"i": [0.1], "j": [0.1]})
    refused(expected + "[]", "gate_steps", "a", {})
    refused(expected + "'if'", "gate_steps", "a", "if")
    refused("gates['i'] must be an array of numbers; got ['x']", "gate_steps", "a", {"i": ["x"]})


def test_heat_map_of_gates_is_cividis_from_0_to_1_whatever_the_values() -> None:
    fig, (ax,) = draw("heat_map", np.full((2, 3), 0.4), ["i", "f"], "ana")
    (image,) = ax.images
    assert image.get_clim() == (0, 1)
    assert image.cmap.name == "cividis"
    assert [text.get_text() for text in ax.texts] == ["0.40"] * 6
    assert fig.axes[1].get_ylabel() == "gate value"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["i", "f"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "n", "a"]


def test_heat_map_writes_each_number_into_its_own_cell() -> None:
    _, (ax,) = draw("heat_map")
    written = {text.get_position(): text.get_text() for text in ax.texts}
    values = CALLS["heat_map"][0]
    assert written == {(column, row): f"{values[row, column]:.2f}" for row, column in np.ndindex(2, 3)}


def test_heat_map_of_signed_values_is_symmetric_about_0() -> None:
    fig, (ax,) = draw("heat_map", [[-0.2, 3.0]], ["c"], "an", signed=True, quantity="cell state c")
    (image,) = ax.images
    assert image.get_clim() == (-3, 3)
    assert image.cmap.name == "PuOr"
    assert [text.get_text() for text in ax.texts] == ["\u22120.20", "3.00"]
    assert fig.axes[1].get_ylabel() == "cell state c"
    _, (ax,) = draw("heat_map", [[0.0, 0.0]], ["c"], "an", signed=True)
    assert ax.images[0].get_clim() == (-1, 1)


def test_heat_map_leaves_the_numbers_out_where_they_do_not_fit() -> None:
    _, (ax,) = draw("heat_map", np.zeros((1, 12)), ["i"], "abcdefghijkl")
    assert len(ax.texts) == 12
    _, (ax,) = draw("heat_map", np.zeros((1, 13)), ["i"], "abcdefghijklm")
    assert len(ax.texts) == 0


def test_heat_map_says_what_is_wrong() -> None:
    refused("values must have shape (1, 2); got shape (2, 1)", "heat_map", [[0.1], [0.2]], ["i"], "an")
    refused("values, when not signed, must lie between 0 and 1; got 1.5", "heat_map", [[0.1, 1.5]], ["i"], "an")
    refused("values, when not signed, must lie between 0 and 1; got -0.1", "heat_map", [[0.1, -0.1]], ["i"], "an")
    refused("values must be finite everywhere; got inf", "heat_map", [[0.1, np.inf]], ["i"], "an", signed=True)


def test_memory_decay_draws_powers_of_the_gate_and_the_band() -> None:
    gates = CALLS["memory_decay"][0]
    _, (ax,) = draw("memory_decay")
    curves = [line for line in ax.lines if len(line.get_xdata()) == 51]
    for gate, curve in zip(gates, curves, strict=True):
        np.testing.assert_allclose(curve.get_ydata(), gate ** np.arange(51))
    assert [curve.get_linestyle() for curve in curves] == ["-", "--", "-.", ":", "-"]
    assert len({to_hex(curve.get_color()) for curve in curves}) == 5
    (band,) = ax.patches
    assert band.get_extents().transformed(ax.transData.inverted()).intervaly == pytest.approx([0.99, 1.01])
    assert {"within 1 %", "f = 0.5", "f = 0.9998", "f = 1"} <= set(words(ax))
    _, (ax,) = draw("memory_decay", [0.9], 7)
    assert ax.get_xlim() == (0, 7)


def test_memory_decay_says_what_is_wrong() -> None:
    refused("forget_gates must lie between 0 and 1; got 1.2", "memory_decay", [0.5, 1.2])
    refused("forget_gates must have shape (at least 1); got shape ()", "memory_decay", 0.5)
    refused("steps must be at least 1; got 0", "memory_decay", [0.5], 0)


# ---- training


def test_loss_curve_shows_every_loss_and_every_rung() -> None:
    train, steps, val, rungs = CALLS["loss_curve"]
    _, (ax,) = draw("loss_curve")
    *levels, raw, smooth, validation = ax.lines[: len(rungs) + 3]
    assert [line.get_ydata()[0] for line in levels] == list(rungs.values())
    np.testing.assert_array_equal(raw.get_xdata(), np.arange(1, 201))
    np.testing.assert_array_equal(raw.get_ydata(), train)
    np.testing.assert_array_equal(smooth.get_xdata(), np.arange(4, 201))  # the mean of the last 200 // 50 steps
    np.testing.assert_allclose(smooth.get_ydata()[0], train[:4].mean())
    np.testing.assert_allclose(smooth.get_ydata()[-1], train[-4:].mean())
    np.testing.assert_array_equal(validation.get_xdata(), steps)
    np.testing.assert_array_equal(validation.get_ydata(), val)
    assert validation.get_marker() == "o"
    assert validation.get_linestyle() != smooth.get_linestyle()
    assert {"training", "validation", "uniform 3.30", "trigram 2.19"} <= set(words(ax))
    low, high = ax.get_ylim()
    assert low < 2.1
    assert high > 3.296
    assert ax.get_ylabel() == "loss (nats per predicted symbol)"


def test_loss_curve_of_one_flat_step_still_has_a_scale() -> None:
    _, (ax,) = draw("loss_curve", [2.0], [1], [2.0], {"bigram": 2.0})
    assert ax.get_ylim() == pytest.approx((1.9, 2.1))


def test_loss_curve_uses_no_gate_colour() -> None:
    _, (ax,) = draw("loss_curve")
    gate_colours = {recurring.GATE_STYLE[key].colour.lower() for key in "ifgo"}
    assert not gate_colours & {to_hex(line.get_color()) for line in ax.lines}


def test_loss_curve_says_what_is_wrong() -> None:
    refused("val_losses must have shape (2); got shape (1,)", "loss_curve", [3.0], [1, 2], [3.0], LADDER)
    refused("train_losses must be finite everywhere; got nan", "loss_curve", [np.nan], [1], [3.0], LADDER)
    refused("ladder must hold at least one name; got none", "loss_curve", [3.0], [1], [3.0], {})
    refused(
        "ladder must be a mapping such as {'bigram': 2.42}; got [2.4]",
        "loss_curve", [3.0], [1], [3.0], [2.4], kind=TypeError,
    )  # fmt: skip


def test_ladder_puts_the_best_at_the_bottom() -> None:
    _, (ax,) = draw("ladder", {"bigram": 2.421, "uniform": 3.296, "trigram": 2.191})
    (dots,) = ax.lines
    np.testing.assert_array_equal(dots.get_xdata(), [3.296, 2.421, 2.191])
    assert dots.get_linestyle() == "None"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["uniform", "bigram", "trigram"]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.texts] == ["3.296", "2.421", "2.191"]
    assert ax.get_xlabel() == "nats per predicted symbol (lower is better)"


def test_ladder_says_what_is_wrong() -> None:
    refused("values must be at least 0; got -1", "ladder", {"bigram": -1.0})
    refused("values[0] must be a string; got 2", "ladder", {2: 2.4}, kind=TypeError)
    refused("values must be a mapping such as {'bigram': 2.42}; got 2.4", "ladder", 2.4, kind=TypeError)


# ---- shared parts


def test_spread_moves_labels_apart_no_further_than_needed() -> None:
    assert parts.spread([0.9, 0.1, 0.5], 0.1) == pytest.approx([0.9, 0.1, 0.5])
    assert parts.spread([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])
    assert parts.spread([0.52, 0.5, 0.9], 0.1) == pytest.approx([0.56, 0.46, 0.9])
    assert parts.spread([0.0, 0.0, 0.14, 0.5], 0.1) == pytest.approx([-0.16 / 3, 0.14 / 3, 0.44 / 3, 0.5])
    assert parts.spread([], 0.1) == []


def test_spread_keeps_order_and_distance_for_random_heights() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        heights = rng.random(rng.integers(1, 9)).tolist()
        places = parts.spread(heights, 0.09)
        order = np.argsort(heights, kind="stable")
        assert np.all(np.diff(np.array(places)[order]) >= 0.09 - 1e-12)
        assert np.mean(places) == pytest.approx(np.mean(heights))


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.50"), (-0.648, "\u22120.65"), (-0.001, "0.00"), (0.0, "0.00"), (12.3, "12.30")]
)
def test_two_places_has_a_real_minus_and_no_negative_zero(value: float, text: str) -> None:
    assert parts.two_places(value) == text
