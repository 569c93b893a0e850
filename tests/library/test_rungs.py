"""The rungs of chapter 19 differ in speed only: each gives the loss and the gradient of the library."""

import numpy as np
import pytest
from core_cases import leaves, mutant, ragged_batch, random_params
from numpy.testing import assert_array_equal

from lstm_lib import rungs
from lstm_lib.bptt import loss_and_grads
from lstm_lib.gradcheck import relative_errors
from lstm_lib.optim import adam_init, adam_update
from lstm_lib.rungs import RUNGS, slow_gradient, textbook_adam
from lstm_lib.tree import named_leaves, tree_map

LENGTHS = (6, 5, 4, 4, 3, 2, 2, 1)


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.name)
@pytest.mark.parametrize("seed", range(5))
def test_each_rung_gives_the_gradient_of_the_library(rung, seed):
    params, batch = random_params(seed), ragged_batch(seed, lengths=LENGTHS, vocab_size=4)
    loss, grads = loss_and_grads(params, batch)
    here = tree_map(lambda leaf: leaf.astype(rung.dtype), params)
    limit = 1e-13 if rung.dtype is np.float64 else 1e-5
    loss_here, grads_here = rung.gradient(here, batch)
    assert loss_here == pytest.approx(loss, rel=limit)
    assert max(relative_errors(grads_here, grads).values()) < limit
    assert {leaf.dtype for leaf in leaves(grads_here)} == {np.dtype(rung.dtype)}


def test_the_rungs_stand_in_the_order_of_the_chapter():
    assert [rung.name for rung in RUNGS] == [
        "first version", "one product for four gates", "rows looked up", "one weight product over time", "float32",
        "in place, one tanh", "no padding", "shared prefixes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        (rungs._slow_backward, "dxh += d @ W.T", "dxh = d @ W.T"),  # the last gate alone
        (rungs._slow_backward, "dh = dxh[:, D:]", "dh = dxh[:, -len(params.W_h):] * 0"),
    ],
)
def test_a_mistake_in_a_rung_would_be_seen(monkeypatch, function, right, wrong):
    params, batch = random_params(), ragged_batch(lengths=LENGTHS)
    good = slow_gradient(params, batch, one_product=False, lookup=False)[1]
    monkeypatch.setattr(rungs, function.__name__, mutant(function, right, wrong))
    bad = slow_gradient(params, batch, one_product=False, lookup=False)[1]
    assert max(relative_errors(bad, good).values()) > 1e-3


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_adam_in_place_gives_every_bit_of_the_textbook(dtype):
    params = random_params(dtype=dtype)
    left, right = (params, adam_init(params)), (params, adam_init(params))
    for seed in range(5):
        grads = random_params(seed + 10, dtype=dtype)
        left, right = textbook_adam(left[0], grads, left[1], lr=0.01), adam_update(right[0], grads, right[1], lr=0.01)
        for one, two in ((left[0], right[0]), (left[1].m, right[1].m), (left[1].v, right[1].v)):
            for (_, a), (_, b) in zip(named_leaves(one), named_leaves(two), strict=True):
                assert_array_equal(a, b)
        assert left[1].step == right[1].step
