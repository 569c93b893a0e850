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


def row(level, context):
    known, counts = level
    return counts[known[context]].tolist()


def test_ana_and_anna_by_hand():
    """Predicted are a n a . and a n n a . : nine symbols."""
    levels = count_contexts(ANA, AN, 3)
    assert [set(known) for known, _ in levels] == [{""}, {".", "a", "n"}, {".a", "an", "na", "nn"}]
    assert row(levels[0], "") == [2, 4, 3]
    assert [row(levels[1], context) for context in ".an"] == [[0, 2, 0], [2, 0, 2], [0, 2, 1]]
    assert [row(levels[2], context) for context in (".a", "an", "na", "nn")] == [
        [0, 0, 2], [0, 1, 1], [2, 0, 0], [0, 1, 0],
    ]  # fmt: skip


def test_the_start_mark_is_read_but_never_predicted():
    known, counts = count_contexts(["a"], AN, 1)[0]
    assert (known, counts.tolist()) == ({"": 0}, [[1, 1, 0]])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("an", max_size=6), min_size=1, max_size=6), st.integers(1, 9))
def test_each_level_counts_the_symbols_with_enough_before_them(names, order):
    for length, (known, counts) in enumerate(count_contexts(names, AN, order)):
        assert counts.shape == (len(known), 3)
        assert counts.sum() == sum(max(0, len(name) + 2 - max(1, length)) for name in names)
        assert list(known.values()) == list(range(len(known)))
        assert all(len(context) == length for context in known)
        assert not len(known) or counts.sum(axis=1).min() >= 1


def test_continuations_of_ana_and_anna_by_hand():
    """Before n stand a and n; before a stand the mark and n; before the end only a, though it ends two names."""
    levels = count_contexts(ANA, AN, 3)
    assert continuations(*levels[0], *levels[1]).tolist() == [[1, 2, 2]]
    kinds = continuations(*levels[1], *levels[2])
    known = levels[1][0]
    assert kinds[known["a"]].tolist() == [1, 0, 1]  # only "na" stands before the end, only ".a" before n
    assert kinds[known["n"]].tolist() == [0, 2, 1]  # "an" and "nn" before a, "an" before n
    assert kinds[known["."]].tolist() == [0, 2, 0]  # nothing stands before the mark: the plain counts


def test_witten_bell_keeps_the_counts_and_counts_the_successors():
    counts = np.array([[3.0, 0, 1], [0, 0, 5]])
    kept, spare = witten_bell_share(counts)
    assert_array_equal(kept, counts)
    assert_array_equal(spare, [[2], [1]])


def test_the_three_discounts_by_hand():
    """n1..n4 = 4, 2, 1, 1: Y = 4/8; D1 = 1 - 2/2*2/4 = 0.5, D2 = 2 - 3/2*1/2 = 1.25, D3 = 3 - 4/2*1/1 = 1."""
    counts = np.array([[1.0, 2, 3, 0], [1, 1, 9, 0], [1, 2, 4, 0]])
    kept, spare = kneser_ney_share(counts)
    assert_allclose(kept, [[0.5, 0.75, 2, 0], [0.5, 0.5, 8, 0], [0.5, 0.75, 3, 0]])
    assert_allclose(spare, [[2.75], [2], [2.75]])
    assert_allclose(kept.sum(axis=1) + spare[:, 0], counts.sum(axis=1))


@pytest.mark.parametrize(
    "counts",
    [
        [[1, 1, 0]],  # no pair was seen twice
        [[1, 2, 0]],  # none three times
        [[2, 3, 5]],  # none once
        [[1, 2, 3, 4, 4, 4]],  # an estimate would be negative
        [[8, 8, 8]],
    ],
)
def test_where_the_discounts_cannot_be_estimated_they_are_those_of_kenlm(counts):
    kept, spare = kneser_ney_share(np.array(counts, float))
    taken = FALLBACK[np.minimum(counts, 3)]
    assert_allclose(kept, np.array(counts) - taken)
    assert_allclose(spare, taken.sum(axis=1, keepdims=True))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=30))
def test_a_discount_takes_no_more_than_there_is_and_nothing_from_nothing(counts):
    given = np.array(counts, float)
    kept, spare = kneser_ney_share(given)
    assert (kept >= 0).all()
    assert (kept <= given).all()
    assert (kept[given == 0] == 0).all()
    assert ((spare > 0) == (given.sum(axis=1, keepdims=True) > 0)).all()
    assert_allclose(kept.sum(axis=1, keepdims=True) + spare, given.sum(axis=1, keepdims=True), rtol=1e-13)


def test_nothing_given_is_changed():
    levels = count_contexts(ANA, AN, 3)
    before = [(dict(known), counts.copy()) for known, counts in levels]
    for _, counts in levels:
        counts.flags.writeable = False
        witten_bell_share(counts)
        kneser_ney_share(counts)
    continuations(*levels[0], *levels[1])
    continuations(*levels[1], *levels[2])
    for (known, counts), (known_before, counts_before) in zip(levels, before, strict=True):
        assert known == known_before
        assert_array_equal(counts, counts_before)


def test_names_may_come_once_only_as_from_a_generator():
    one, other = count_contexts(ANA, AN, 4), count_contexts((name for name in ANA), AN, 4)
    for (known, counts), (known_other, counts_other) in zip(one, other, strict=True):
        assert known == known_other
        assert_array_equal(counts, counts_other)


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
