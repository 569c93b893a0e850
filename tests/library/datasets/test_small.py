"""small.npz, the networks that chapter 18 opens, holds what its script trains."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))

import small
from recipes import READABLE, READABLE_SEEDS

from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.train import load_small, load_trained
from lstm_lib.tree import named_leaves


def test_every_seed_is_there_in_the_size_of_the_recipe() -> None:
    found = load_small()
    assert tuple(found) == READABLE_SEEDS
    for params in found.values():
        assert params.E.shape == (27, READABLE["embedding_size"])
        assert params.hidden_size == READABLE["hidden_size"]
        assert params.dtype == np.float64
    assert small.SMALL.stat().st_size < 100_000


def test_seeds_differ() -> None:
    one, other = list(load_small().values())[:2]
    assert not any(np.array_equal(leaf, getattr(other, name)) for name, leaf in named_leaves(one))


@pytest.mark.parametrize("seed", READABLE_SEEDS)
def test_each_was_trained(seed: int) -> None:
    names = load_splits().val[::8]
    assert 2.02 < nll(load_small()[seed], load_trained()[1], names) < 2.16
