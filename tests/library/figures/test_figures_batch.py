"""What the drawing of a batch promises: the arrays as they are, time down, padding hatched."""

from functools import partial

import numpy as np
import pytest
from figure_cases import assert_inputs_are_left_alone, assert_nothing_is_cut_off, assert_refused

from lstm_lib.figures.batch import batch_arrays

INPUTS = np.array([[0, 0], [1, 1], [2, 2], [1, 0]])
TARGETS = np.array([[1, 1], [2, 2], [1, 0], [0, 0]])
MASK = np.array([[True, True], [True, True], [True, True], [True, False]])
SIGNS = (".", "a", "n")

pytestmark = pytest.mark.usefixtures("book_style")


def cells(ax) -> dict[tuple[int, int], list[str]]:
    """The words of each cell (t, n), from left to right."""
    found: dict[tuple[int, int], list[str]] = {}
    for text in ax.texts:
        n, t = text.get_position()
        found.setdefault((round(t), round(n)), []).append(text.get_text())
    return {key: [word for word in words if word] for key, words in found.items()}


def test_each_array_stands_as_it_is_with_its_ids() -> None:
    fig, axes = batch_arrays(INPUTS, TARGETS, MASK, SIGNS)
    fig.canvas.draw()
    for ax, array in zip(axes[:2], (INPUTS, TARGETS), strict=True):
        assert cells(ax) == {key: [SIGNS[array[key]], str(array[key])] for key in np.ndindex(4, 2)}
    assert cells(axes[2]) == {key: ["true" if MASK[key] else "false"] for key in np.ndindex(4, 2)}
    assert [ax.get_xlabel() for ax in axes] == ["inputs", "targets", "mask"]
    for ax in axes:
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["ana", "an"]
        hatched = [patch for patch in ax.patches if patch.get_hatch()]
        assert [(patch.get_x() + 0.5, patch.get_y() + 0.5) for patch in hatched] == [(1, 3)]
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["1", "2", "3", "4"]
    assert axes[0].yaxis_inverted()
    assert axes[0].get_ylabel() == "step t"
    weights = {(text.get_text(), text.get_weight()) for text in axes[1].texts if text.get_text() in SIGNS}
    assert weights == {("a", "bold"), ("n", "bold"), (".", "bold"), (".", "normal")}


def test_inputs_are_left_alone() -> None:
    assert_inputs_are_left_alone(batch_arrays, INPUTS, TARGETS, MASK, SIGNS)


def test_nothing_is_cut_off() -> None:
    fig, _ = batch_arrays(INPUTS, TARGETS, MASK, SIGNS)
    assert_nothing_is_cut_off(fig)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": INPUTS[:, 0]}, "inputs must have shape (at least 1, at least 1); got shape (4,)"),
        ({"targets": TARGETS[:3]}, "targets must have shape (4, 2); got shape (3, 2)"),
        ({"mask": MASK.astype(np.int64)}, "mask must be boolean with shape (4, 2); got dtype int64, shape (4, 2)"),
        ({"characters": ".a"}, "inputs must lie between 0 and 1; got 2"),
        ({"targets": TARGETS / 2}, "targets must hold whole numbers (ids); got dtype float64"),
    ],
)
def test_it_says_what_is_wrong(change: dict[str, object], message: str) -> None:
    given = {"inputs": INPUTS, "targets": TARGETS, "mask": MASK, "characters": SIGNS, **change}
    assert_refused(partial(batch_arrays, **given), message)
