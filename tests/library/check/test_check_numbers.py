"""What the checks of numbers and arrays share: an answer as floats, and the hint for a typical mistake."""

import numpy as np
import pytest

from lstm_lib.check import chapter_02, chapter_07, chapter_08, chapter_12
from lstm_lib.check.numbers import as_floats, first_match, number_hint

HINTS = {2.0: "that is the half", 8.0: "that is the double"}


@pytest.mark.parametrize("answer", [4.0, 4, "4", np.float32(4), np.array(4.0), np.array([[4.0]])[0, 0], 4.0004, 3.9996])
def test_the_target_needs_no_hint_with_three_decimals_right(answer: object) -> None:
    assert number_hint("x", answer, 4.0, HINTS, "begin again") is None


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (2.0, "x = 2: that is the half."),
        (8, "x = 8: that is the double."),
        (2.0014, "x = 2.0014: that is the half."),
        (1.9986, "x = 1.9986: that is the half."),
        (2.0016, "x = 2.0016: begin again."),
        (4.0006, "x = 4.0006: begin again."),
        (-4.0, "x = -4: begin again."),
        (float("nan"), "x = nan: begin again."),
        (float("inf"), "x = inf: begin again."),
    ],
)
def test_a_wrong_number_has_its_own_hint_or_the_one_for_all_others(answer: object, hint: str) -> None:
    assert number_hint("x", answer, 4.0, HINTS, "begin again") == hint


def test_the_tolerance_can_be_wider_for_the_target_and_with_it_for_the_mistakes() -> None:
    assert number_hint("x", 4.09, 4.0, HINTS, "begin again", within=0.1) is None
    assert number_hint("x", 4.11, 4.0, HINTS, "begin again", within=0.1) == "x = 4.11: begin again."
    assert number_hint("x", 2.29, 4.0, HINTS, "begin again", within=0.1) == "x = 2.29: that is the half."
    assert number_hint("x", 2.31, 4.0, HINTS, "begin again", within=0.1) == "x = 2.31: begin again."


def test_of_two_mistakes_that_lie_close_the_first_speaks_and_the_target_wins_over_both() -> None:
    hints = {2.0: "first", 2.001: "second", 4.001: "never for 4"}
    assert number_hint("x", 2.001, 4.0, hints, "begin again") == "x = 2.001: first."
    assert number_hint("x", 4.0, 4.0, hints, "begin again") is None


@pytest.mark.parametrize(
    ("answer", "shown"),
    [("four", "'four'"), (None, "None"), ([4.0], "[4.0]"), (np.ones(2), "array([1., 1.])"), (1j, "1j")],
)
def test_what_is_no_number_is_shown(answer: object, shown: str) -> None:
    assert number_hint("x", answer, 4.0, HINTS, "begin again") == f"x should be a number; got {shown}."


@pytest.mark.parametrize("answer", [10**400, list(range(10**5)), "a" * 10**5])
def test_what_is_no_number_and_long_is_shown_in_short(answer: object) -> None:
    hint = number_hint("x", answer, 4.0, HINTS, "begin again")
    assert hint is not None
    assert hint.startswith("x should be a number; got ")
    assert "..." in hint
    assert len(hint) < 80


@pytest.mark.parametrize(
    "answer",
    [[1, 2], (1.0, 2.0), np.array([1, 2]), np.array([1, 2], dtype=np.float32), [np.float64(1), 2], ["1", "2"]],
)
def test_an_array_or_list_of_numbers_becomes_an_array_of_floats(answer: object) -> None:
    array = as_floats(answer)
    assert array is not None
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [1.0, 2.0])


@pytest.mark.parametrize(("answer", "shape"), [(3, ()), ([], (0,)), ([[1, 2, 3]], (1, 3)), (np.ones((2, 0)), (2, 0))])
def test_any_shape_is_kept(answer: object, shape: tuple[int, ...]) -> None:
    array = as_floats(answer)
    assert array is not None
    assert array.shape == shape


@pytest.mark.parametrize("answer", [np.array([1.0, 2.0]), np.array([[1.0, 2.0]])[0]])
def test_the_array_is_a_new_one(answer: np.ndarray) -> None:
    array = as_floats(answer)
    assert array is not None
    array[0] = 7.0
    np.testing.assert_array_equal(answer, [1.0, 2.0])


@pytest.mark.parametrize(
    "answer",
    ["ana", ["a", "n"], [1.0, ...], ..., [[1.0], [1.0, 2.0]], {"a": 1.0}, {1.0, 2.0}, len, [1.0, 1j], [1.0, 10**400]],
)
def test_what_is_no_array_of_numbers_is_none(answer: object) -> None:
    assert as_floats(answer) is None


def test_a_blank_among_numbers_is_nan() -> None:
    np.testing.assert_array_equal(as_floats([1.0, None]), [1.0, np.nan])


def test_the_first_slip_that_gives_the_array_has_its_hint() -> None:
    slips = {"one": np.array([1.0, 2.0]), "two": np.array([3.0, 4.0]), "also two": np.array([3.0, 4.0])}
    assert first_match(np.array([1.0, 2.0 + 1e-9]), slips, "none") == "one"
    assert first_match(np.array([3.0, 4.0]), slips, "none") == "two"
    assert first_match(np.array([3.0, 4.1]), slips, "none") == "none"
    assert first_match(np.array([np.nan, 4.0]), slips, "none") == "none"
    assert first_match(np.array([3.0, 4.0]), {}, "none") == "none"


@pytest.mark.parametrize(
    ("check", "others"),
    [
        (chapter_02.unpadded_perplexity, ()),
        (chapter_07.published_bug, (None,)),
        (chapter_08.latch, (10**400, 10**400)),
        (chapter_12.perplexity, (2.0,)),
    ],
)
def test_a_whole_number_beyond_all_floats_is_wrong_and_not_an_error(check, others) -> None:
    feedback = check(10**400, *others)
    assert feedback.status == "not yet"
    assert feedback.message
