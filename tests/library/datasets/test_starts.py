"""The other first weights that chapter 13 compares: each has the property that its name promises."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))

import starts

from lstm_lib.model import init_params
from lstm_lib.tree import named_leaves

V, D, H = 27, 48, 192
PARAMS = init_params(V, D, H, rng=np.random.default_rng(13))


@pytest.mark.parametrize(("name", "fan_in", "fan_out"), [("W_x", D, H), ("W_h", H, H), ("W_y", H, V)])
def test_glorot_weighs_both_fans(name: str, fan_in: int, fan_out: int) -> None:
    assert getattr(starts.glorot(PARAMS), name).var() == pytest.approx(2 / (fan_in + fan_out), rel=0.05)


def test_w_x_by_its_own_fan_in_makes_the_input_as_loud_in_every_cell() -> None:
    x = np.random.default_rng(1).standard_normal((2000, D))
    for hidden in (D, H):
        params = init_params(V, D, hidden, rng=np.random.default_rng(2))
        assert (x @ starts.own_fan_in(params).W_x).var() == pytest.approx(1 / 3, rel=0.1)
        assert (x @ params.W_x).var() == pytest.approx(D / (3 * hidden), rel=0.1)  # the library's start, (13.3)


def test_orthogonal_blocks_keep_lengths() -> None:
    for block in np.split(starts.orthogonal(PARAMS).W_h, 4, axis=1):
        np.testing.assert_allclose(block.T @ block, np.eye(H), atol=1e-12)


def test_gates_alike_share_their_weights() -> None:
    alike = starts.gates_alike(PARAMS)
    for block in np.split(np.concatenate([alike.W_x, alike.W_h]), 4, axis=1):
        np.testing.assert_array_equal(block, np.concatenate([PARAMS.W_x, PARAMS.W_h])[:, :H])


def test_each_start_changes_what_it_says_and_no_more() -> None:
    for name, changed in {
        "library": set(), "Glorot": {"W_x", "W_h", "W_y"}, "W_x by D": {"W_x"}, "orthogonal W_h": {"W_h"},
        "forget bias 0": {"b"}, "gates alike": {"W_x", "W_h"}, "embedding × 0.1": {"E"},
    }.items():  # fmt: skip
        other = starts.VARIANTS[name](PARAMS)
        assert {f for f, leaf in named_leaves(other) if not np.array_equal(leaf, getattr(PARAMS, f))} == changed, name


def test_every_start_was_run_with_every_seed() -> None:
    found = json.loads(starts.STARTS.read_text(encoding="utf-8"))
    planned = {
        name: {each: [str(seed + 1) for seed in range(plan.seeds)] for each in plan.starts}
        for name, plan in starts.PLANS.items()
    }
    assert {name: {each: [*done] for each, done in runs.items()} for name, runs in found.items()} == planned
    assert [*found] == [*planned]
