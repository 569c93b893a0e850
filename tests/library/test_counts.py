"""Counts by context and what smoothing takes from them, on lists that can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lstm_lib.counts import FALLBACK, continuations, count_contexts, kneser_ney_share, witten_bell_share
from lstm_lib.vocabulary import Vocabulary

AN = Vocabulary.from_names(["an"])
ANA = ["ana", "anna"]


def table(level, values=None):
    """A level in full, (rows, 3): what belongs to no pair is 0."""
    full = np.zeros(3 * len(level.contexts))
    full[level.pairs] = level.counts if values is None else values
    return full.reshape(-1, 3)


def row(level, context):
    return table(level)[level.contexts[context]].tolist()


def test_ana_and_anna_by_hand():
    """Predicted are a n a . and a n n a . : nine symbols."""
    levels = count_contexts(ANA, AN, 3)
    assert [set(level.contexts) for level in levels] == [{""}, {".", "a", "n"}, {".a", "an", "na", "nn"}]
    assert row(levels[0], "") == [2, 4, 3]
    assert [row(levels[1], context) for context in ".an"] == [[0, 2, 0], [2, 0, 2], [0, 2, 1]]
    assert [row(levels[2], context) for context in (".a", "an", "na", "nn")] == [
        [0, 0, 2], [0, 1, 1], [2, 0, 0], [0, 1, 0],
    ]  # fmt: skip


def test_the_start_mark_is_read_but_never_predicted():
    contexts, pairs, counts = count_contexts(["a"], AN, 1)[0]
    assert (contexts, pairs.tolist(), counts.tolist()) == ({"": 0}, [0, 1], [1, 1])


@settings(max_examples=100)
@given(st.lists(st.text("an", max_size=6), min_size=1, max_size=6), st.integers(1, 9))
def test_each_level_counts_the_symbols_with_enough_before_them(names, order):
    for length, level in enumerate(count_contexts(names, AN, order)):
        assert level.counts.sum() == sum(max(0, len(name) + 2 - max(1, length)) for name in names)
        assert list(level.contexts.values()) == list(range(len(level.contexts)))
        assert all(len(context) == length for context in level.contexts)
        assert (np.diff(level.pairs) > 0).all()
        assert level.counts.min(initial=1) >= 1
        assert (table(level).sum(axis=1) >= 1).all()


def test_continuations_of_ana_and_anna_by_hand():
    """Before n stand a and n; before a stand the mark and n; before the end only a, though it ends two names."""
    levels = count_contexts(ANA, AN, 3)
    assert table(levels[0], continuations(levels[0], levels[1], 3)).tolist() == [[1, 2, 2]]
    kinds, known = table(levels[1], continuations(levels[1], levels[2], 3)), levels[1].contexts
    assert kinds[known["a"]].tolist() == [1, 0, 1]  # only "na" stands before the end, only ".a" before n
    assert kinds[known["n"]].tolist() == [0, 2, 1]  # "an" and "nn" before a, "an" before n
    assert kinds[known["."]].tolist() == [0, 2, 0]  # nothing stands before the mark: the plain counts


def test_witten_bell_keeps_the_counts_and_counts_the_successors():
    given = np.array([3.0, 1, 5])
    kept, taken = witten_bell_share(given)
    assert_array_equal(kept, given)
    assert_array_equal(taken, [1, 1, 1])


def test_the_three_discounts_by_hand():
    """n1..n4 = 4, 2, 1, 1: Y = 4/8; D1 = 1 - 2/2*2/4 = 0.5, D2 = 2 - 3/2*1/2 = 1.25, D3 = 3 - 4/2*1/1 = 1."""
    kept, taken = kneser_ney_share(np.array([1.0, 2, 3, 1, 1, 9, 1, 2, 4]))
    assert_allclose(kept, [0.5, 0.75, 2, 0.5, 0.5, 8, 0.5, 0.75, 3])
    assert_allclose(taken, [0.5, 1.25, 1, 0.5, 0.5, 1, 0.5, 1.25, 1])


@pytest.mark.parametrize(
    "counts",
    [
        [1, 1],  # no pair was seen twice
        [1, 2],  # none three times
        [2, 3, 5],  # none once
        [1, 2, 3, 4, 4, 4],  # an estimate would be negative
        [8, 8, 8],
        [],
    ],
)
def test_where_the_discounts_cannot_be_estimated_they_are_those_of_kenlm(counts):
    kept, taken = kneser_ney_share(np.array(counts, float))
    assert_allclose(taken, FALLBACK[np.minimum(counts, 3).astype(int)])
    assert_allclose(kept, np.array(counts) - taken)


@settings(max_examples=200)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=90))
def test_a_discount_takes_something_but_no_more_than_there_is(counts):
    given = np.array(counts, float)
    kept, taken = kneser_ney_share(given)
    assert (kept >= 0).all()
    assert (taken > 0).all()
    assert_allclose(kept + taken, given, rtol=1e-13)


def test_nothing_given_is_changed():
    levels = count_contexts(ANA, AN, 3)
    before = [(dict(level.contexts), level.pairs.copy(), level.counts.copy()) for level in levels]
    for level in levels:
        level.pairs.flags.writeable = level.counts.flags.writeable = False
        witten_bell_share(level.counts)
        kneser_ney_share(level.counts)
    continuations(levels[0], levels[1], 3)
    continuations(levels[1], levels[2], 3)
    assert_same_levels(levels, before)


def assert_same_levels(levels, others):
    for level, other in zip(levels, others, strict=True):
        assert level[0] == other[0]
        assert_array_equal(level[1], other[1])
        assert_array_equal(level[2], other[2])


def test_names_may_come_once_only_as_from_a_generator():
    assert_same_levels(count_contexts(ANA, AN, 4), count_contexts((name for name in ANA), AN, 4))


@pytest.mark.parametrize(
    ("names", "vocabulary", "error", "message"),
    [
        ([], AN, ValueError, "names must hold at least one name; got none"),
        ("ana", AN, TypeError, "names must be a list of strings"),
        (["bo"], AN, ValueError, "'bo' has 'b', which is not a letter of this vocabulary"),
        (["a.n"], AN, ValueError, "'a.n' has '.', which is not a letter of this vocabulary"),
        (ANA, "an", TypeError, "vocabulary must be Vocabulary, such as Vocabulary.from_names returns; got 'an'"),
    ],
)
def test_a_bad_argument_is_refused(names, vocabulary, error, message):
    with pytest.raises(error, match=message):
        count_contexts(names, vocabulary, 2)


def test_the_largest_order_is_counted():
    levels = count_contexts(["a" * 48], AN, 50)
    assert [len(level.contexts) for level in levels][-2:] == [2, 1]  # the longest holds all 48 letters and the mark


@pytest.mark.parametrize(
    ("order", "error", "message"),
    [
        (0, ValueError, "order must be at least 1; got 0"),
        (51, ValueError, "order must be at most 50, longer than any name needs; got 51"),
        (10**9, ValueError, "order must be at most 50"),
        (1.5, TypeError, "order must be a whole number; got 1.5"),
        (None, TypeError, "order must be a whole number; got None"),
    ],
)
def test_a_bad_order_is_refused(order, error, message):
    with pytest.raises(error, match=message):
        count_contexts(ANA, AN, order)


def test_an_estimate_of_0_is_none_and_the_fixed_discounts_are_taken():
    counts = np.array([1.0, 1, 1, 1, 2, 3])  # (3.7) for counts of 2: 2 - 3 * 4 / 6 * 1 / 1
    assert kneser_ney_share(counts)[1].tolist() == [0.5, 0.5, 0.5, 0.5, 1, 1.5]
