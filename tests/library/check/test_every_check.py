"""Every check of the book, under the same attacks: always a hint, never a traceback, and never a wrong Right."""

import copy
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import check_table
import numpy as np
import pytest
from check_table import case_of

from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback
from lstm_lib.model import Params, init_params
from lstm_lib.ops import softmax
from lstm_lib.sample import reshape_law
from lstm_lib.tree import named_leaves

FUNCTIONS, VALUES = check_table.asks_for_functions(), [*check_table.ANSWERS]
SOUND = {("06.holding_biases", 1, "huge")}  # strange, and yet right
NUMBER = float | int | np.number
IN_PLACE = {"19.in_place"}  # the exercises that ask for work in place


class Spiteful:
    """Raises whenever it is looked at."""

    def __getattribute__(self, name: str) -> Any:
        raise ZeroDivisionError(name)

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    __hash__ = None  # type: ignore[assignment]
    __float__ = __len__ = __iter__ = __repr__ = __str__ = __bool__ = __eq__  # type: ignore[assignment]


STRANGE: dict[str, Callable[[], Any]] = {
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: np.float32("-inf"),
    "huge": lambda: 1e308,
    "huge whole number": lambda: 10**400,
    "complex": lambda: 1j,
    "complex array": lambda: np.array([1 + 1j, 2.0]),
    "complex scalar": lambda: np.complex128(2),
    "word": lambda: "forty-two",
    "empty word": lambda: "",
    "bytes": lambda: b"\xff",
    "nothing in a list": list,
    "ragged": lambda: [[1.0], [1.0, 2.0]],
    "nested": lambda: (((1,),), [[]]),
    "list of words": lambda: ["ana", "bo"],
    "list of None": lambda: [[None], [None]],
    "long list": lambda: list(range(100_000)),
    "dict": lambda: {"a": 1},
    "dict of lists": lambda: {"A": [1, 2], "B": {}},
    "set": lambda: {1, "a"},
    "object": object,
    "class": lambda: int,
    "module": lambda: np,
    "generator": lambda: (k for k in range(3)),
    "iterator": lambda: iter([1, 2]),
    "empty array": lambda: np.array([]),
    "scalar array": lambda: np.array(np.nan),
    "wrong shape": lambda: np.ones((7, 1, 2)),
    "array of objects": lambda: np.array([None, "a", 3], dtype=object),
    "array of words": lambda: np.array(["a", "b"]),
    "array of huge": lambda: np.full(3, 1e308),
    "times": lambda: np.array(["2020-01-01"], dtype="datetime64[D]"),
    "two arrays": lambda: (np.full((4, 3), np.inf), np.full((4, 3), np.nan)),
    "three": lambda: (np.inf, "a", np.ones(2)),
    "spiteful": Spiteful,
}


def fresh(values: Any) -> Any:
    """A copy; a generator of chance stays the one that was handed in."""
    return copy.deepcopy(values, {id(each): each for each in values if isinstance(each, np.random.Generator)})


def a_hint(feedback: Feedback) -> str:
    """The hint of an answer that is wrong, and that the check could read well enough to say why."""
    assert isinstance(feedback, Feedback)
    assert feedback.status == "not yet", feedback
    assert "cannot be read" not in feedback.message, feedback
    assert 5 < len(feedback.message) < 500, feedback
    return feedback.message


@cache
def judged_right(key: str) -> tuple[list[Any], set[int]]:
    """What the solution answers, call after call, while it is judged right; the places of what it could change."""
    answers: list[Any] = []
    changeable: set[int] = set()

    def notes(*given: Any, **named: Any) -> Any:
        changeable.update(place for place, value in enumerate(fresh(given)) if change(value))
        answers.append(case_of(key).answers[0](*given, **named))
        return answers[-1]

    assert case_of(key).judge(notes).right
    return answers, changeable


# ---- all checks


def test_every_check_has_a_right_answer_here_or_in_its_notebook() -> None:
    assert {*FUNCTIONS, *VALUES} == set(check_table.checks())
    assert check_table.functions().keys() == {*FUNCTIONS}
    assert {*FUNCTIONS} >= IN_PLACE


@pytest.mark.parametrize("key", [*FUNCTIONS, *VALUES])
def test_the_solution_is_right(key: str) -> None:
    case = case_of(key)
    assert case.judge(*case.answers).right


@pytest.mark.parametrize("key", [*FUNCTIONS, *VALUES])
def test_a_strange_value_in_any_place_is_a_hint(key: str) -> None:
    case = case_of(key)
    for place, (kind, make) in itertools.product(range(len(case.answers)), STRANGE.items()):
        answers = [*case.answers]
        answers[place] = make()
        feedback = case.judge(*answers)
        assert (kind, feedback.right) == (kind, (key, place, kind) in SOUND)
        assert (kind, len(repr(feedback)) < 600) == (kind, True)
        assert kind == "spiteful" or "cannot be read" not in repr(feedback), kind


@pytest.mark.parametrize("key", VALUES)
def test_blank_values_are_not_attempted(key: str) -> None:
    case = case_of(key)
    assert case.judge(*map(check_table.blank_for, case.answers)) == NOT_ATTEMPTED


BORROWED: dict[str, Callable[..., Any]] = {
    "04.safe_softmax": lambda z: softmax(z),
    "14.temperature": lambda logits, tau: reshape_law(logits, temperature=tau),
    "14.nucleus": lambda p, mass: reshape_law(np.log(p)[None], top_p=mass)[0],
}


@pytest.mark.parametrize("key", BORROWED)
def test_what_the_reader_should_write_is_not_borrowed_from_the_library(key: str) -> None:
    assert "write it yourself, without the library's" in a_hint(case_of(key).judge(BORROWED[key]))


# ---- letters, lines and choices


def test_no_letter_but_the_right_one_is_right_beside_a_mended_function() -> None:
    cases = {key: case for key, case in check_table.functions().items() if case.before}
    assert len(cases) > 3
    for key, case in cases.items():
        for letter in "ABCDEFG":
            assert (key, letter, case.check(letter, *case.answers).right) == (key, letter, case.before == (letter,))
        assert case.check(..., *case.answers) == NOT_ATTEMPTED, key


def choices(key: str, answers: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """All answers to an exercise that asks for letters, lines or words."""
    if key == "01.buggy_lines":
        return [({*lines},) for count in range(11) for lines in itertools.combinations(range(1, 11), count)]
    if key in ("16.claim", "17.follows"):
        letters = "ABCDEFG" if key == "16.claim" else "ABCDEF"
        return [("".join(some),) for count in range(8) for some in itertools.combinations(letters, count)]
    if key in ("07.published_bug", "11.swapped"):
        return [*itertools.product([*range(11), *"ABCD"], range(7))]
    (right,) = answers
    words = sorted({*right.values()})
    return [({**right, patient: word},) for patient in right for word in words]


@pytest.mark.parametrize(
    "key",
    [
        "01.buggy_lines",
        "07.published_bug",
        "10.diagnose",
        "11.swapped",
        "12.diagnose",
        "13.diagnose",
        "16.claim",
        "17.follows",
        "22.suspects",
        "24.aloud",
        "24.taken_out",
    ],
)
def test_no_other_choice_is_right(key: str) -> None:
    case = case_of(key)
    answers = choices(key, case.answers)
    assert case.answers in answers
    for answer in answers:
        feedback = case.judge(*answer)
        assert (answer, feedback.right) == (answer, answer == case.answers)
        assert (answer, "cannot be read" in feedback.message) == (answer, False)


# ---- functions


def test_what_stands_in_an_exercise_is_not_right_yet() -> None:
    unsolved = check_table.unsolved()
    assert unsolved.keys() == {*FUNCTIONS}
    for key, case in unsolved.items():
        feedback = case.check(*case_of(key).before, *case.answers)
        assert feedback == NOT_ATTEMPTED or a_hint(feedback), key


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_that_returns_something_strange_gets_a_hint(key: str) -> None:
    case = case_of(key)
    for kind, make in STRANGE.items():
        feedback = case.judge(lambda *given, make=make, **named: make())
        assert (kind, feedback.status) == (kind, "not yet")
        assert kind == "spiteful" or a_hint(feedback)


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_with_nothing_in_it_is_not_attempted(key: str) -> None:
    case = case_of(key)

    def dots(*given: Any, **named: Any) -> Any: ...

    def says_what_for(*given: Any, **named: Any) -> Any:
        """What it will return."""

    def returns_dots(*given: Any, **named: Any) -> Any:
        return ...

    for function in (dots, says_what_for, returns_dots, lambda *given, **named: (..., ...)):
        assert case.judge(function) == NOT_ATTEMPTED


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_that_forgets_to_return_is_told(key: str) -> None:
    case = case_of(key)

    def forgets(*given: Any, **named: Any) -> None:
        _ = case.answers[0](*fresh(given), **named)

    def prints(*given: Any, **named: Any) -> None:
        case.answers[0](*fresh(given), **named)
        print(end="")

    assert a_hint(case.judge(forgets)) == "your function returned nothing; did you forget `return`?"
    assert "print" in a_hint(case.judge(prints))


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_that_cannot_be_run_gets_a_hint(key: str) -> None:
    case = case_of(key)

    def forever(*given: Any, **named: Any) -> Any:
        return forever(*given, **named)

    def leaves(*given: Any, **named: Any) -> Any:
        raise SystemExit

    def raises(*given: Any, **named: Any) -> Any:
        raise ValueError("x" * 10_000)

    assert "RecursionError" in a_hint(case.judge(forever))
    assert "SystemExit" in a_hint(case.judge(leaves))
    assert "ValueError" in a_hint(case.judge(raises))
    assert "TypeError" in a_hint(case.judge(lambda: 0))
    assert "TypeError" in a_hint(case.judge(lambda a, b, c, d, e, f, g, h, i, j: 0))
    assert "TypeError" in a_hint(case.judge(lambda *, other: 0))


def change(value: Any) -> bool:
    """Change the value in place, deep inside if need be; whether that was possible."""
    if isinstance(value, np.ndarray) and value.size:
        value[...] = ~value if value.dtype == bool else value + 1
        return True
    if isinstance(value, list):
        value.append(value[0])
        return True
    if isinstance(value, dict):
        value[next(iter(value))] = "changed"
        return True
    if isinstance(value, tuple):
        return any(change(part) for part in value)
    if isinstance(value, Params):
        return any(change(leaf) for _, leaf in named_leaves(value))
    return False


@pytest.mark.parametrize("key", [key for key in FUNCTIONS if key not in IN_PLACE])
def test_a_function_that_changes_what_it_is_given_is_told_which(key: str) -> None:
    solution = case_of(key).answers[0]
    for place in judged_right(key)[1]:

        @functools.wraps(solution)
        def careless(*given: Any, place: int = place, **named: Any) -> Any:
            answer = solution(*fresh(given), **named)
            change(given[place])
            return answer

        name = [*inspect.signature(solution).parameters][place]
        assert f"your function changes {name}, " in a_hint(case_of(key).judge(careless))


@pytest.mark.parametrize("key", FUNCTIONS)
def test_an_array_in_another_form_is_read_or_named(key: str) -> None:
    solution = case_of(key).answers[0]

    def as_list(*given: Any, **named: Any) -> Any:
        answer = solution(*given, **named)
        return answer.tolist() if isinstance(answer, np.ndarray) else answer

    if any(isinstance(answer, np.ndarray) for answer in judged_right(key)[0]):
        assert case_of(key).judge(as_list).right
        twice = case_of(key).judge(lambda *given, **named: (solution(*given, **named),) * 2)
        assert "tuple" in a_hint(twice)


def spoilt(answer: Any) -> Iterator[Any]:
    """The answer with one thing in it that does not belong there."""
    if isinstance(answer, np.ndarray):
        first = np.arange(answer.size).reshape(answer.shape) == 0
        yield from (np.where(first, np.nan, answer), np.full(answer.shape, np.inf), np.full(answer.shape, 1e308))
        yield from (answer + 1j, np.where(first, None, answer), answer[:-1], answer[None], np.zeros((0, *answer.shape)))
    elif isinstance(answer, Params):
        yield from (replace(answer, E=each) for each in (answer.E * np.nan, answer.E + 1e307))
        yield init_params(answer.vocab_size, 7, 7, rng=np.random.default_rng(0))
    elif isinstance(answer, list | tuple):
        yield from (answer[:-1], (*answer, answer), [*answer[:-1], object()], (each for each in answer), [answer])
        yield from ([*answer[:-1], each] for each in spoilt(answer[-1]))
        yield from ([each, *answer[1:]] for each in spoilt(answer[0]))
    elif isinstance(answer, dict):
        key = next(iter(answer))
        yield from ({**answer, key: each} for each in (np.ones(2), "x", None, np.nan, [1], -1, 10**400))
        yield from ({None: 1, (1,): 2}, list(answer.items()))
    elif isinstance(answer, str):
        yield from (3, answer.encode(), answer * 10**5, "\ud800" + answer)
    elif isinstance(answer, NUMBER):
        yield from ("x", [answer, answer], np.nan, -np.inf, answer + 1j)


@pytest.mark.parametrize("key", FUNCTIONS)
def test_an_answer_that_is_nearly_right_is_read_too(key: str) -> None:
    for bad in spoilt(judged_right(key)[0][0]):
        a_hint(case_of(key).judge(lambda *given, bad=bad, **named: bad))


def test_no_setting_of_numpy_outlives_a_readers_function() -> None:
    before = np.geterr()
    case_of("07.input_gate").judge(lambda dc, i, g: np.seterr(all="raise"))
    assert np.geterr() == before


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_number_in_another_form_is_read(key: str) -> None:
    solution = case_of(key).answers[0]

    def boxed(*given: Any, **named: Any) -> Any:
        answer = solution(*given, **named)
        return np.array([answer]) if isinstance(answer, NUMBER) else answer

    if any(isinstance(answer, NUMBER) for answer in judged_right(key)[0]):
        assert case_of(key).judge(boxed).right


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_number_that_is_written_down_is_no_function(key: str) -> None:
    first = judged_right(key)[0][0]
    if isinstance(first, NUMBER):
        a_hint(case_of(key).judge(lambda *given, **named: first))
