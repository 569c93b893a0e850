"""What the checks of numbers and arrays share: an answer as floats, and the hint for a typical mistake."""

import numpy as np
import pytest

from lstm_lib.check import chapter_02, chapter_07, chapter_08
from lstm_lib.check.feedback import NOT_ATTEMPTED, not_yet, right
from lstm_lib.check.numbers import (
    Number,
    apart,
    as_array,
    as_arrays,
    as_floats,
    as_number,
    first_difference,
    first_match,
    judge,
    number_hint,
)

HINTS = {2.0: "that is the half", 8.0: "that is the double"}


def told(answer: object, target: float = 4.0, within: float = 5e-4, *, relative: bool = False) -> str | None:
    """The hint for an answer to x = 4."""
    return number_hint(Number("x", answer, target, HINTS, "begin again", within, relative))


@pytest.mark.parametrize("answer", [4.0, 4, "4", np.float32(4), np.array(4), [4.0], np.array([[4]]), 4.0004, 3.9996])
def test_the_target_needs_no_hint_with_three_decimals_right(answer: object) -> None:
    assert told(answer) is None


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (2.0, "x = 2: that is the half."),
        (8, "x = 8: that is the double."),
        (2.0004, "x = 2.0004: that is the half."),
        (1.9996, "x = 1.9996: that is the half."),
        (2.0006, "x = 2.0006: begin again."),
        (4.0006, "x = 4.0006: begin again."),
        (-4.0, "x = -4: begin again."),
        (float("nan"), "x = nan: begin again."),
        (float("inf"), "x = inf: begin again."),
    ],
)
def test_a_wrong_number_has_its_own_hint_or_the_one_for_all_others(answer: object, hint: str) -> None:
    assert told(answer) == hint


@pytest.mark.parametrize("answer", [True, np.True_, [True], np.array(True), [4.0, 4.0], []])
def test_true_is_no_number(answer: object) -> None:
    assert as_number(answer) is None
    assert str(told(answer)).startswith("x should be a number; got ")


def test_one_tolerance_is_for_the_target_and_for_the_mistakes() -> None:
    assert told(4.09, within=0.1) is None
    assert told(4.11, within=0.1) == "x = 4.11: begin again."
    assert told(2.09, within=0.1) == "x = 2.09: that is the half."
    assert told(2.11, within=0.1) == "x = 2.11: begin again."


def test_the_tolerance_can_be_a_share_of_each_number() -> None:
    assert told(4.39, within=0.1, relative=True) is None
    assert told(4.41, within=0.1, relative=True) == "x = 4.41: begin again."
    assert told(2.19, within=0.1, relative=True) == "x = 2.19: that is the half."
    assert told(2.21, within=0.1, relative=True) == "x = 2.21: begin again."


def test_of_two_mistakes_that_lie_close_the_first_speaks_and_the_target_wins_over_both() -> None:
    number = Number("x", 2.0005, 4.0, {2.0: "first", 2.001: "second", 4.001: "never for 4"}, "begin again", 0.002)
    assert number_hint(number) == "x = 2.0005: first."
    assert number_hint(number._replace(answer=2.001)) == "x = 2.001: second."
    assert number_hint(number._replace(answer=4.0)) is None


@pytest.mark.parametrize("answer", [2.09, 2.1, 2.094, 2.0949])
def test_the_target_rounded_or_cut_needs_more_digits(answer: float) -> None:
    assert told(answer, 2.0949123, 1e-6) == f"x = {answer:g}: close: keep more digits."


def test_few_digits_may_hide_a_mistake() -> None:
    number = Number("x", -0.11, -0.1081, {-0.1109: "one road", 0.0028: "the other"}, "begin again", 1e-4)
    said = "x = -0.11: close: keep more digits; with so few, a wrong way can end at the same."
    assert number_hint(number) == said
    assert number_hint(number._replace(answer=-0.108)) == "x = -0.108: close: keep more digits."
    assert number_hint(number._replace(answer=-0.1109)) == "x = -0.1109: one road."


def test_a_mistake_that_gives_just_this_number_speaks_before_the_rounded_target() -> None:
    number = Number("x", 1.2, 1.25, {1.2: "exactly", 1.3001: "nearly"}, "begin again", 1e-3)
    assert number_hint(number) == "x = 1.2: exactly."
    assert number_hint(number._replace(answer=1.3, target=1.26)).startswith("x = 1.3: close: keep more digits")
    assert number_hint(number._replace(answer=1.3004)) == "x = 1.3004: nearly."


@pytest.mark.parametrize("answer", [5e-324, 1e-300, 1e308, 0.0])
def test_a_number_of_any_size_is_compared(answer: float) -> None:
    assert told(answer, 2.0949123, 1e-6) == f"x = {answer:g}: begin again."


def test_near_the_target_there_are_two_guesses() -> None:
    both = "x = 2.0765: close: keep more digits on the way. Or else: begin again."
    assert told(2.0765, 2.0949, 1e-6) == both
    assert told(1.9765, 2.0949, 1e-6) == "x = 1.9765: begin again."


@pytest.mark.parametrize(
    ("value", "target", "shown"),
    [
        (0.0100004, 0.01, ("0.0100004", "0.01")),
        (1.0, 1.0 + 1e-11, ("1", "1.00000000001")),
        (1.0, 1.0 + 1e-14, ("1", "1")),
        (2.5, 3.0, ("2.5", "3")),
        (1e300, 1.0, ("1e+300", "1")),
        (float("nan"), 1.0, ("nan", "1")),
        (-0.1, 0.1, ("-0.1", "0.1")),
    ],
)
def test_two_numbers_are_shown_with_the_digits_in_which_they_differ(
    value: float, target: float, shown: tuple[str, str]
) -> None:
    assert apart(value, target) == shown


def test_a_wrong_number_is_shown_with_the_digits_in_which_it_is_wrong() -> None:
    assert told(4.00000001, within=1e-9) == "x = 4.00000001: begin again."


def test_the_first_difference_of_two_arrays() -> None:
    target = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert first_difference(target + np.array([[0, 0], [1e-4, 1]]), target) == ((1, 0), "should be 3; yours is 3.0001")
    assert first_difference(target * [1, np.nan], target) == ((0, 1), "should be 2; yours is nan")


def test_numbers_are_judged_in_their_order() -> None:
    a, b, c = (Number(name, 4, 4.0, HINTS, "begin again") for name in "abc")
    assert judge("well done", a, b, c) == right("well done")
    assert judge("well done", a._replace(answer=...), b._replace(answer=3), c) == NOT_ATTEMPTED
    assert judge("well done", a, b._replace(answer=3), c._replace(answer=...)) == not_yet("b = 3: begin again.")
    assert judge("well done", a, b._replace(answer=None), c) == not_yet("a is right; b is still to do.")
    assert judge("well done", a, b, c._replace(answer=...)) == not_yet("a and b are right; c is still to do.")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [("four", "'four'"), (None, "None"), ([4.0, 4.0], "[4.0, 4.0]"), (np.ones(2), "array([1., 1.])"), (1j, "1j"),
     (np.complex128(4), "np.complex128(4+0j)")],
)  # fmt: skip
def test_what_is_no_number_is_shown(answer: object, shown: str) -> None:
    assert told(answer) == f"x should be a number; got {shown}."


@pytest.mark.parametrize("answer", [10**400, list(range(10**5)), "a" * 10**5])
def test_what_is_no_number_and_long_is_shown_in_short(answer: object) -> None:
    hint = told(answer)
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
    [
        "ana",
        ["a", "n"],
        [1.0, ...],
        ...,
        [[1.0], [1.0, 2.0]],
        {"a": 1.0},
        {1.0, 2.0},
        len,
        [1.0, 1j],
        [1.0, 10**400],
        np.array([1.0, 2j]),
        np.array(["2020"], dtype="datetime64[Y]"),
    ],
)
def test_what_is_no_array_of_numbers_is_none(answer: object) -> None:
    assert as_floats(answer) is None


def test_one_number_may_stand_alone_in_a_list_or_array() -> None:
    assert [as_number(answer) for answer in (4, [4], ((4.0,),), np.array([[4]]))] == [4, 4, 4, 4]
    assert [as_number(answer) for answer in (None, ..., [], [1, 2], "four", 1j, {4})] == [None] * 7


def test_an_array_of_the_right_shape_or_what_came() -> None:
    array, no_hint = as_array([[1, 2]], (1, 2), "dz")
    np.testing.assert_array_equal(array, [[1.0, 2.0]])
    assert no_hint is None
    for answer, hint in {
        3: "dz should be one array of shape (2,); got shape ().",
        "da": "dz should be one array of shape (2,); got 'da' (str).",
        (1.0, "a"): "dz should be one array of shape (2,); got (1.0, 'a') (tuple).",
        ((1, 2), (3, 4)): "dz should be one array of shape (2,), not a tuple of 2: return it alone.",
    }.items():
        assert as_array(answer, (2,), "dz")[1] == hint


def test_several_arrays_of_the_right_shapes_or_what_came() -> None:
    shapes = {"h": (2,), "c": (1,)}
    for answer in (([1, 2], [3]), [np.ones(2), np.ones(1)]):
        (h, c), no_hint = as_arrays(answer, shapes)
        assert (h.shape, c.shape, no_hint) == ((2,), (1,), None)
    assert as_arrays(3, shapes)[1] == "return two arrays: h, c."
    assert as_arrays([1, 2, 3], shapes)[1] == "return two arrays: h, c."
    assert as_arrays(([1, 2], "a"), shapes)[1] == "c should be one array of shape (1,); got 'a' (str)."
    assert as_arrays(np.ones((2, 2)), shapes)[1] == "return two arrays: h, c; got one, of shape (2, 2)."
    assert as_arrays(np.ones((2, 2)), dict.fromkeys("hc", (2,)))[1] is None


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
        (chapter_08.one_weight, ()),
    ],
)
def test_a_whole_number_beyond_all_floats_is_wrong_and_not_an_error(check, others) -> None:
    feedback = check(10**400, *others)
    assert feedback.status == "not yet"
    assert feedback.message
