"""The thousand random shapes of chapter 10: what is stored, that a shape can be looked at again, and the ratios."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))

import gradient_errors

from lstm_lib.gradcheck import relative_errors
from lstm_lib.tree import tree_map

STORED = json.loads(gradient_errors.ERRORS.read_text(encoding="utf-8"))


def test_every_shape_was_checked_and_each_is_below_a_power_of_ten() -> None:
    assert STORED["shapes"] == gradient_errors.SHAPES == 1000
    for how in ("tensor", "entry"):
        below = {int(power): count for power, count in STORED[how]["below"].items()}
        assert sum(below.values()) == 1000
        assert math.floor(math.log10(STORED[how]["worst"]["error"])) + 1 == max(below)


@pytest.mark.parametrize("how", ["tensor", "entry"])
def test_the_worst_shape_is_found_again(how: str) -> None:
    kept = STORED[how]["worst"]
    found = gradient_errors.worst(kept["seed"])[how]
    assert {key: found[key] for key in ("of", "seed", *gradient_errors.LEAST)} == {
        key: kept[key] for key in ("of", "seed", *gradient_errors.LEAST)
    }
    assert found["length"] == pytest.approx(kept["length"], rel=0.05)
    assert found["error"] == pytest.approx(kept["error"], rel=0.9)  # rounding, which differs between computers


def test_shapes_differ_are_ragged_and_start_from_zero_or_not() -> None:
    cases = [gradient_errors.case(seed) for seed in range(60)]
    for name, least in gradient_errors.LEAST.items():
        assert {case.sizes[name] for case in cases} == set(range(least, gradient_errors.MOST[name] + 1))
    assert any(not case.batch.mask.all() for case in cases)
    assert 15 < sum(case.state is None for case in cases) < 45
    assert all(case.batch.mask.any(axis=1).all() for case in cases), "no step is padding throughout"


def test_a_wrong_gradient_is_far_from_every_right_one() -> None:
    one = next(case for case in map(gradient_errors.case, range(99)) if case.sizes["T"] > 2)
    derived, measured = gradient_errors.both(one)
    assert max(relative_errors(derived, measured).values()) < 1e-6
    wrong = tree_map(lambda leaf: leaf * np.linspace(1, 1.01, leaf.size).reshape(leaf.shape), derived)
    assert max(relative_errors(wrong, measured).values()) > 1e-3


def test_entry_errors_are_worst_single_ratios_and_two_zeros_agree() -> None:
    derived, _ = gradient_errors.both(gradient_errors.case(0))
    zero = tree_map(np.zeros_like, derived)
    assert set(gradient_errors.entry_errors(zero, zero).values()) == {0}
    assert set(gradient_errors.entry_errors(derived, tree_map(np.negative, derived)).values()) == {1}
    off = tree_map(lambda leaf: np.where(np.arange(leaf.size).reshape(leaf.shape) == 0, 3 * leaf, leaf), derived)
    assert gradient_errors.entry_errors(off, derived)["b_y"] == pytest.approx(0.5)


def test_a_summary_counts_powers_of_ten_and_keeps_the_worst() -> None:
    summary = gradient_errors.summary([{"error": each, "of": "b"} for each in (2e-9, 3e-9, 4e-7)])
    assert summary == {"below": {"-8": 2, "-6": 1}, "worst": {"error": 4e-7, "of": "b"}}
