"""Vocabulary: ids from 0 with the end mark first, encode and decode undo each other, and clear errors."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib.vocabulary import END, END_MARK, Vocabulary

LETTERS = st.characters(exclude_characters=END_MARK, exclude_categories=["Cs"])
NAMES = st.lists(st.text(LETTERS), min_size=1, max_size=20)


@given(NAMES, st.data())
def test_decode_undoes_encode(names: list[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary.from_names(names)
    name = data.draw(st.sampled_from(names))
    ids = vocabulary.encode(name)
    assert ids.dtype == np.intp
    assert ids.shape == (len(name),)
    assert END not in ids
    assert vocabulary.decode(ids) == name
    assert vocabulary.decode([*ids.tolist(), END, *ids.tolist()]) == name


@given(NAMES)
def test_the_vocabulary_is_the_end_mark_then_the_sorted_characters(names: list[str]) -> None:
    vocabulary = Vocabulary.from_names(names)
    assert vocabulary.characters == (END_MARK, *sorted(set("".join(names))))
    assert len(vocabulary) == len(vocabulary.characters)
    assert Vocabulary.from_names(reversed(names * 2)) == vocabulary
    assert Vocabulary(vocabulary.characters) == vocabulary


def test_the_running_example() -> None:
    vocabulary = Vocabulary.from_names(["ana", "an"])
    assert vocabulary.characters == (".", "a", "n")
    assert len(vocabulary) == 3
    assert vocabulary.encode("ana").tolist() == [1, 2, 1]
    assert vocabulary.decode(np.array([1, 2, 1, 0, 2])) == "ana"
    assert vocabulary.decode([]) == ""
    assert vocabulary.encode("").shape == (0,)


@given(NAMES)
def test_all_names_at_once_get_the_ids_of_each(names: list[str]) -> None:
    vocabulary = Vocabulary.from_names(names)
    ids = vocabulary.encode_all(names)
    assert ids.dtype == np.intp
    assert ids.tolist() == [number for name in names for number in vocabulary.encode(name).tolist()]


@pytest.mark.parametrize("wrong", ["anx", "an.", "x", "."])
def test_of_all_names_the_first_wrong_one_is_named(wrong: str) -> None:
    for more in ([], ["na", "y"]):
        with pytest.raises(ValueError, match=f"the name '{wrong}' has '[x.]', which is not a letter"):
            Vocabulary.from_names(["ana"]).encode_all(["ana", wrong, *more])


def test_a_vocabulary_is_frozen_hashable_and_made_from_any_sequence() -> None:
    vocabulary = Vocabulary(list(".an"))  # type: ignore[arg-type]
    assert hash(vocabulary) == hash(Vocabulary((".", "a", "n")))
    with pytest.raises(dataclasses.FrozenInstanceError):
        vocabulary.characters = (".",)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("characters", "message"),
    [
        ((), "first character must be the end mark"),
        (("a", "."), r"first character must be the end mark '\.'; got \('a',\)$"),
        ((".", "a", "a"), "distinct"),
        ((".", "ab"), "one character long"),
        ((".", ""), "one character long"),
        ((".", 1), "one character long"),
    ],
)
def test_bad_characters_are_refused(characters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary(characters)


@pytest.mark.parametrize("characters", [None, 3, {".", "a"}, {".": 0, "a": 1}, iter(".a"), np.array([".", "a"])])
def test_characters_without_an_order_of_their_own_are_refused(characters: Any) -> None:
    with pytest.raises(TypeError, match=r"^characters must be a tuple such as \('.', 'a', 'n'\); got "):
        Vocabulary(characters)


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ("ana", TypeError, "must be a list of strings"),
        (3, TypeError, "must be a list of strings"),
        (["ana", 3], TypeError, r"names\[1\] must be a string; got 3"),
        ([], ValueError, "at least one name"),
        (["ana", "st. ives"], ValueError, "'st. ives' contains the end mark"),
    ],
)
def test_bad_names_are_refused(names: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Vocabulary.from_names(names)


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("anb", ValueError, "'anb' has 'b'.*'an'"),
        ("a.n", ValueError, r"'a\.n' has '\.'"),
        (7, TypeError, "a name must be a string; got 7"),
    ],
)
def test_encode_refuses_what_it_does_not_know(name: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Vocabulary.from_names(["ana"]).encode(name)


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([3], ValueError, r"0\.\.2; got 3"),
        ([-1], ValueError, r"0\.\.2; got -1"),
        ([1.0], TypeError, "whole numbers; got 1.0"),
        ([True], TypeError, "whole numbers; got True"),
        (np.array([1.5]), TypeError, "whole numbers; got 1.5"),
        (None, TypeError, "ids must be a list of whole numbers or a 1-D array; got None"),
        (1, TypeError, "ids must be a list of whole numbers or a 1-D array; got 1"),
        (np.array(1), TypeError, "ids must be a list of whole numbers or a 1-D array; got an array of int64"),
        (np.array([[1]]), TypeError, r"whole numbers; got \[1\]"),
    ],
)
def test_decode_refuses_what_is_no_id(ids: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Vocabulary.from_names(["ana"]).decode(ids)


def test_ids_after_the_end_are_not_read() -> None:
    assert Vocabulary.from_names(["ana"]).decode([1, 0, 99]) == "a"
