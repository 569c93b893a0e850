"""The fast route gives what the readable one gives: checked against it, by differences, and with planted mistakes."""

import tracemalloc
from itertools import islice, pairwise

import numpy as np
import pytest
from core_cases import (
    SMALL,
    B,
    H,
    V,
    frozen,
    leaves,
    mutant,
    ragged_batch,
    random_params,
    random_state,
    readable_loss_and_grads,
)
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib import packed
from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import LSTMState
from lstm_lib.data import batches, load_splits, make_batch
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import forward, init_params, initial_state
from lstm_lib.ops import log_softmax
from lstm_lib.packed import input_table, pack, read_out, step, total_nats
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

ABC = Vocabulary.from_names(["abcdefghijklmnopqrstuvwxyz"])


def assert_alike(fast, readable, *, limit=1e-12):
    """Loss and every tensor equal, relative to the largest entry of the tensor."""
    assert fast[0] == pytest.approx(readable[0], rel=limit, abs=limit)
    for (name, one), (_, other) in zip(named_leaves(fast[1]), named_leaves(readable[1]), strict=True):
        assert one.dtype == other.dtype
        gap = np.abs(one - other).max()
        assert gap <= limit * max(1e-3, np.abs(other).max()), f"{name} differs by {gap}"


def random_case(seed):
    """Sizes, lengths, ids, and whether there is a state or dropout, all at random; few ids, so that prefixes recur."""
    rng = np.random.default_rng(seed)
    sizes = tuple(int(size) for size in rng.integers(1, (7, 9, 12)))
    lengths = tuple(int(length) for length in rng.integers(1, 8, rng.integers(1, 14)))
    batch = ragged_batch(seed, lengths=lengths, vocab_size=sizes[0])
    state = LSTMState(*rng.standard_normal((2, len(lengths), sizes[2]))) if seed % 3 == 0 else None
    return random_params(seed, sizes=sizes), batch, state, (0.0, 0.0, 0.4)[seed % 4 % 3]


@pytest.mark.parametrize("block", range(10))
def test_a_thousand_random_shapes_equal_the_readable_route(block):
    for seed in range(100 * block, 100 * block + 100):
        params, batch, state, dropout = random_case(seed)
        both = [
            route(params, batch, state, dropout=dropout, rng=np.random.default_rng(seed))
            for route in (loss_and_grads, readable_loss_and_grads)
        ]
        assert_alike(*both)


def test_the_random_cases_hold_what_they_should():
    cases = [random_case(seed) for seed in range(1000)]
    assert {(state is None, dropout > 0) for _, _, state, dropout in cases} == {
        (True, True), (True, False), (False, True), (False, False),
    }  # fmt: skip
    assert sum(batch.mask.all() for _, batch, _, _ in cases) > 50
    shared = [len(pack(batch.inputs, batch.mask, shared=True).ids) < batch.mask.sum() for _, batch, _, _ in cases]
    assert sum(shared) > 500


@pytest.mark.parametrize("names", [150, 40, 9, 1])
def test_real_names_at_the_sizes_of_the_book(names):
    """Many, some and few rows a step: every way that a product is cut or turned is taken."""
    params = init_params(27, 32, 256, rng=np.random.default_rng(names))
    split = load_splits()
    batch = make_batch(split.train[:names], ABC)
    assert_alike(loss_and_grads(params, batch), readable_loss_and_grads(params, batch))
    assert_alike(
        loss_and_grads(params, batch, dropout=0.2, rng=np.random.default_rng(1)),
        readable_loss_and_grads(params, batch, dropout=0.2, rng=np.random.default_rng(1)),
    )


def test_sharing_changes_nothing_but_the_number_of_rows():
    params, batch = random_params(), ragged_batch(lengths=(5, 5, 4, 4, 3, 3, 2, 1), vocab_size=2)
    state = initial_state(params, 8)
    results = []
    for shared in (True, False):
        rows = pack(batch.inputs, batch.mask, shared=shared)
        results.append(packed.loss_and_grads(params, rows, batch.targets[rows.cell], state, None))
    assert_alike(*results, limit=1e-14)


class TestPack:
    def test_ana_and_an_share_all_that_they_read_alike(self):
        batch = make_batch(["ana", "an"], ABC)
        rows = pack(batch.inputs, batch.mask, shared=True)
        a, n = ABC.encode("an")
        assert rows.ids.tolist() == [0, a, n, a]
        assert rows.steps == (slice(0, 1), slice(1, 2), slice(2, 3), slice(3, 4))
        assert rows.row.tolist() == [0, 0, 1, 1, 2, 2, 3]
        assert rows.cell[0].tolist() == [0, 0, 1, 1, 2, 2, 3]
        assert rows.cell[1].tolist() == [1, 0, 1, 0, 1, 0, 0]  # "an" stands before "ana", as in a dictionary

    @pytest.mark.parametrize("seed", range(20))
    def test_there_is_one_row_for_each_distinct_prefix(self, seed):
        rng = np.random.default_rng(seed)
        lengths = tuple(int(length) for length in rng.integers(1, 6, 12))
        batch = ragged_batch(seed, lengths=lengths, vocab_size=2)
        rows = pack(batch.inputs, batch.mask, shared=True)
        read = [tuple(batch.inputs[: t + 1, n]) for t, n in zip(*rows.cell, strict=True)]
        owner = {}
        for prefix, row in zip(read, rows.row.tolist(), strict=True):
            assert owner.setdefault(prefix, row) == row
            assert prefix[-1] == rows.ids[row]
        assert sorted(owner.values()) == list(range(len(rows.ids)))
        for prefix, row in owner.items():
            if len(prefix) > 1:
                above = rows.steps[len(prefix) - 2]
                assert owner[prefix[:-1]] == above.start + rows.parent[row]

    @pytest.mark.parametrize("shared", [True, False])
    def test_every_real_cell_has_a_row_and_steps_follow_each_other(self, shared):
        batch = ragged_batch(lengths=(6, 3, 1, 4))
        rows = pack(batch.inputs, batch.mask, shared=shared)
        seen = np.zeros_like(batch.mask)
        seen[rows.cell] = True
        assert_array_equal(seen, batch.mask)
        assert rows.steps[0].start == 0
        assert rows.steps[-1].stop == len(rows.ids)
        assert all(one.stop == other.start for one, other in pairwise(rows.steps))
        assert (np.diff(rows.row) >= 0).all()
        for each in rows.steps:
            parents = rows.parent[each].tolist()
            assert sorted(set(parents), key=parents.index) == [
                p for k, p in enumerate(parents) if [p] != parents[k - 1 : k]
            ]
        if not shared:
            assert len(rows.ids) == batch.mask.sum()

    def test_what_stands_in_padding_is_not_read(self):
        batch = ragged_batch(vocab_size=2)
        other = np.where(batch.mask, batch.inputs, 1 - batch.inputs)
        for one, two in zip(*(leaves(pack(x, batch.mask, shared=True)) for x in (batch.inputs, other)), strict=True):
            assert_array_equal(one, two)

    def test_steps_without_a_name_have_no_rows(self):
        batch = ragged_batch(lengths=(2, 1))
        longer = [np.concatenate([array, np.zeros_like(array)]) for array in (batch.inputs, batch.mask)]
        assert len(pack(*longer, shared=True).steps) == 2

    @pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int32, np.uint64])
    def test_ids_of_any_integer_type(self, kind):
        batch = ragged_batch()
        narrow = batch._replace(inputs=batch.inputs.astype(kind), targets=batch.targets.astype(kind))
        assert_alike(loss_and_grads(random_params(), narrow), loss_and_grads(random_params(), batch), limit=1e-15)

    def test_the_largest_id_of_a_small_type_is_not_taken_for_padding(self):
        """255 follows 1 in the second name; the first ends there, and -1 stands for what it has not."""
        inputs, mask = np.array([[1, 1], [0, 255]]), np.array([[True, True], [False, True]])
        wide, narrow = (pack(inputs.astype(kind), mask, shared=True) for kind in (np.intp, np.uint8))
        assert narrow.ids.tolist() == [1, 255]
        for one, other in zip(leaves(wide), leaves(narrow), strict=True):
            assert_array_equal(one, other)

    def test_most_rows_of_a_large_batch_are_saved(self):
        rng = np.random.default_rng(0)
        batch = next(batches(load_splits().train, ABC, 512, rng=rng))
        rows = len(pack(batch.inputs, batch.mask, shared=True).ids)
        assert rows < 0.62 * batch.mask.sum() < 0.40 * batch.mask.size


def keep_of(batch, seed=5, rate=0.4):
    return (np.random.default_rng(seed).random((*batch.mask.shape, SMALL[2])) >= rate) / (1 - rate)


def gradient(params, batch, state, keep, *, shared):
    """The fast route on its own, so that prefixes are shared in a state that is not zero, too."""
    rows = pack(batch.inputs, batch.mask, shared=shared)
    factors = None if keep is None else keep[rows.cell]
    return packed.loss_and_grads(params, rows, batch.targets[rows.cell], state, factors)


SHARING = ragged_batch(4, lengths=(6, 5, 4, 4, 3, 2, 2, 1), vocab_size=2)
PARAMS = random_params(4, sizes=SMALL)
AT_REST = initial_state(PARAMS, 8)
CASES = {
    "shared": (PARAMS, SHARING, AT_REST, None, True),
    "with a state": (PARAMS, ragged_batch(vocab_size=SMALL[0]), random_state(hidden=SMALL[2]), None, False),
    "with dropout": (PARAMS, SHARING, AT_REST, keep_of(SHARING), True),
}


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_equals_central_differences(name):
    params, *rest, shared = CASES[name]
    numerical = numerical_gradient(lambda trial: gradient(trial, *rest, shared=shared)[0], params)
    errors = relative_errors(gradient(params, *rest, shared=shared)[1], numerical)
    assert max(errors.values()) < 1e-7, errors


BACKWARD, GATES, WHOLE = packed._backward, packed._gates_backward, packed.loss_and_grads
PLANTED = [  # what is wrong, the case that shows it, the function, right, wrong
    ("dc of children dropped", "shared", BACKWARD, "(dc[rows], dc[above])", "(0 * dc[rows], dc[above])"),
    ("dh of children dropped", "shared", BACKWARD, "(dh_prev, dh[above])", "(0 * dh_prev, dh[above])"),
    ("children sent to the wrong parent", "shared", BACKWARD, "_add_rows(packed.parent[rows],",
     "_add_rows(packed.parent[rows][::-1],"),
    ("dc not through f", "shared", GATES, "    dc *= f\n", ""),
    ("dh used before o", "shared", GATES, "do = dh * tanh_c\n    dh *= o", "dh *= o\n    do = dh * tanh_c"),
    ("the part through h forgotten", "shared", GATES, "dc += dh * (1 - tanh_c * tanh_c)", "pass"),
    ("f's gradient from c", "shared", GATES, "df, di, dg = dc * c_prev", "df, di, dg = dc * tanh_c"),
    ("g overwritten before i needs it", "shared", GATES, "np.multiply(dg, 1 - g * g, out=g)", "g[...] = di * g"),
    ("sigma' forgotten", "shared", GATES, "d, gate * (1 - gate), out=gate", "d, gate, out=gate"),
    ("W_h meets the state that leaves", "shared", WHOLE, "run.h_prev.T @ da", "run.h.T @ da"),
    ("the state before the first step forgotten", "with a state", WHOLE, "run.h_prev.T @ da",
     "(run.h_prev * (np.arange(len(da)) >= packed.steps[0].stop)[:, None]).T @ da"),
    ("mean over the rows", "shared", WHOLE, "row, targets) / M\n    dh", "row, targets) / len(read)\n    dh"),
    ("dropout forgotten on the way back", "with dropout", WHOLE, "dread, dh = dh * keep", "dread, dh = dh * 1"),
    ("W_y meets h before dropout", "with dropout", WHOLE, "W_y=read.T @ dlogits", "W_y=run.h[packed.row].T @ dlogits"),
    ("a row counted once for all its cells", "shared", packed._law_minus_targets,
     "np.bincount(row, minlength=R)[:, None]", "np.ones((R, 1))"),
    ("only the first child counts", "shared", packed._add_rows, "for k in np.flatnonzero(~first).tolist():",
     "for k in []:"),
    ("the last child replaces the others", "shared", packed._add_rows, "to[owner[k]] += rows[k]",
     "to[owner[k]] = rows[k]"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "function", "right", "wrong"), [row[1:] for row in PLANTED],
                         ids=[row[0] for row in PLANTED])  # fmt: skip
def test_a_planted_mistake_makes_it_differ_from_the_readable_route(monkeypatch, case, function, right, wrong):
    params, *rest, shared = CASES[case]
    good = gradient(params, *rest, shared=shared)
    monkeypatch.setattr(packed, function.__name__, mutant(function, right, wrong))
    loss, bad = gradient(params, *rest, shared=shared)
    assert loss == good[0]
    assert max(relative_errors(bad, good[1]).values()) > 1e-3


def test_one_step_equals_one_step_of_the_readable_route():
    for dtype, limit in ((np.float64, 1e-14), (np.float32, 1e-5)):
        params, state = random_params(dtype=dtype), random_state(dtype=dtype)
        ids = np.array([3, 0, 3])
        logits, after, _ = forward(params, ids[None], state)
        mine = frozen(step(params, input_table(params), ids, state))
        assert_allclose(mine.h, after.h, rtol=limit, atol=limit)
        assert_allclose(mine.c, after.c, rtol=limit, atol=limit)
        assert_allclose(read_out(params, mine.h), log_softmax(logits[0]), rtol=limit, atol=limit)
        assert {leaf.dtype for leaf in (*mine, read_out(params, mine.h))} == {np.dtype(dtype)}


@pytest.mark.parametrize("cached", [1, 4, 11, 512])
def test_a_step_of_many_rows_gives_each_row_its_own(monkeypatch, cached):
    """Eleven rows, all different, taken one, four, or all at a time."""
    monkeypatch.setattr(packed, "CACHED", cached)
    params, ids = random_params(), np.arange(11) % V
    state = LSTMState(*np.random.default_rng(6).standard_normal((2, 11, H)))
    _, after, _ = forward(params, ids[None], state)
    mine = step(params, input_table(params), ids, frozen(state))
    assert_allclose(mine.h, after.h, rtol=1e-13, atol=1e-13)
    assert_allclose(mine.c, after.c, rtol=1e-13, atol=1e-13)


def test_total_nats_is_the_loss_of_all_cells():
    params, batch = random_params(), ragged_batch()
    rows = pack(batch.inputs, batch.mask, shared=True)
    run = packed.forward(params, rows, initial_state(params, B))
    nats = total_nats(read_out(params, run.h), rows.row, batch.targets[rows.cell])
    logits, _, _ = forward(params, batch.inputs, mask=batch.mask)
    assert nats == pytest.approx(cross_entropy(logits, batch.targets, batch.mask)[0] * batch.mask.sum(), rel=1e-13)


def test_nats_in_float32_are_added_in_float64():
    log_p = np.full((1, 2), -0.1, np.float32)
    targets = np.arange(100_001) % 2
    assert total_nats(log_p, np.zeros_like(targets), targets) == pytest.approx(
        100_001 * float(np.float32(0.1)), rel=1e-12
    )


def test_nothing_that_came_in_is_written_to_and_nothing_is_kept():
    params, batch, state = frozen(random_params()), frozen(ragged_batch()), frozen(random_state())
    first = loss_and_grads(params, batch, state)
    second = loss_and_grads(params, batch, state)
    assert first[0] == second[0]
    for one, two in zip(leaves(first[1]), leaves(second[1]), strict=True):
        assert_array_equal(one, two)
        assert not np.shares_memory(one, two)
    for one in leaves(first[1]):
        assert not any(np.shares_memory(one, leaf) for leaf in (*leaves(params), *leaves(batch), *leaves(state)))


def test_an_unlikely_symbol_costs_a_finite_number_of_nats():
    """log p is taken where a target stands; elsewhere it may be minus infinity, and 0 times that is not a number."""
    params = tree_map(np.zeros_like, random_params())
    b_y = np.zeros(V)
    b_y[0], b_y[1:] = 1e200, -1e200
    loud = type(params)(params.E, params.W_x, params.W_h, params.b, params.W_y, b_y)
    batch = ragged_batch()
    certain = batch._replace(targets=np.zeros_like(batch.targets))
    assert loss_and_grads(loud, certain)[0] == 0


def test_a_step_at_the_sizes_of_the_book_stays_below_60_megabytes_and_leaves_nothing_behind():
    params = init_params(27, 32, 256, rng=np.random.default_rng(0), dtype=np.float32)
    epoch = batches(load_splits().train, ABC, 512, rng=np.random.default_rng(0))
    tracemalloc.start()
    try:
        for batch in islice(epoch, 5):
            loss_and_grads(params, batch, dropout=0.2, rng=np.random.default_rng(0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 10e6 < peak < 60e6
