"""Edit distances: against the definition, by a recursion that knows no table, and on the book's lists."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib.judge.nearest import edit_distances, neighbours

words = st.text("abé", max_size=5)


@cache
def by_definition(one, other):
    if not one or not other:
        return len(one) + len(other)
    replaced = by_definition(one[1:], other[1:]) + (one[0] != other[0])
    return min(replaced, by_definition(one[1:], other) + 1, by_definition(one, other[1:]) + 1)


@given(st.lists(words.filter(bool), min_size=1, max_size=4), st.lists(words.filter(bool), min_size=1, max_size=6))
def test_the_nearest_by_the_definition(names, known):
    expected = [min(by_definition(name, each) for each in known) for name in names]
    assert edit_distances(names, known).tolist() == expected


@pytest.mark.parametrize(
    ("name", "distance"),
    [("anna", 0), ("ana", 1), ("annas", 1), ("anma", 1), ("anan", 2), ("bob", 4), ("a", 3)],
)
def test_some_names_beside_anna(name, distance):
    assert edit_distances([name], ["anna"]).tolist() == [distance]


@pytest.mark.parametrize(
    ("name", "known", "distance"), [("a" * 150, "anna", 148), ("anna", "a" * 150, 148), ("a" * 150, "b" * 150, 150)]
)
def test_names_as_long_as_none_is(name, known, distance):
    assert edit_distances([name], [known]).tolist() == [distance]


def test_two_letters_that_change_places_are_two_edits():
    assert edit_distances(["brain"], ["brian"]).tolist() == [2]


def test_a_longer_name_in_the_list_does_not_shorten_the_way():
    assert edit_distances(["ann"], ["annabella", "an"]).tolist() == [1]


def test_whole_numbers_and_no_change_by_order():
    names, known = ["alyissa", "bo", "zed"], ["alyssa", "bob", "eve"]
    found = edit_distances(names, known)
    assert np.issubdtype(found.dtype, np.integer)
    assert edit_distances(names[::-1], known[::-1]).tolist() == found[::-1].tolist() == [3, 1, 1]


def test_a_distance_may_be_longer_than_a_small_number_can_say():
    assert edit_distances(["b"], ["a" * 40_000]).tolist() == [40_000]


@pytest.mark.parametrize(("names", "known"), [([], ["ana"]), (["ana"], []), ("ana", ["ana"]), (["ana"], [3])])
def test_bad_lists_are_refused(names, known):
    with pytest.raises((TypeError, ValueError), match=r"names|known"):
        edit_distances(names, known)


def test_neighbours_are_those_at_one_edit() -> None:
    rng = np.random.default_rng(17)
    names = ["".join(rng.choice(list("ab"), size=size)) for size in rng.integers(1, 5, size=60).tolist()]
    found = neighbours(names, names)
    for name, near in zip(names, found, strict=True):
        assert near == {other for other in names if edit_distances([name], [other])[0] == 1}, name


def test_neighbours_of_both_kinds_and_the_name_itself_is_none() -> None:
    assert neighbours(["ana"], ["ana", "an", "anna", "ava", "anita", "na", "naa"]) == [{"an", "anna", "ava", "na"}]
    assert neighbours(["x"], ["abc"]) == [set()]
    with pytest.raises(ValueError, match="known"):
        neighbours(["x"], [])
