"""Asking a reader's function: blank, raising, returning nothing, changing what it is given, borrowing."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from check_cases import hint

from lstm_lib import ops
from lstm_lib.check.asking import ask, borrowed_hint, names_in
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, exercise, not_yet, right, verdict
from lstm_lib.model import init_params
from lstm_lib.ops import sigmoid, softmax
from lstm_lib.vocabulary import Vocabulary


def told(function: Callable[..., Any], *given: Any, **named: Any) -> str:
    """The hint that ends a check."""
    answer, feedback = ask(function, *given, **named)
    assert feedback is not None, answer
    return hint(feedback)


def test_what_a_function_returns_is_handed_on() -> None:
    assert ask(lambda x, y: x + y, 2, 3) == (5, None)
    assert ask(lambda x, *, rng: x, 2, rng=None) == (2, None)
    assert ask(lambda: 0) == (0, None)
    assert ask(max, 2, 3) == (3, None)


def test_blanks_are_not_attempted() -> None:
    def documented(x: Any) -> Any:
        """The half of x."""

    for function in (None, ..., lambda x: ..., documented, lambda x: (..., ...), lambda x: [None, ...]):
        assert ask(function, 1)[1] == NOT_ATTEMPTED  # type: ignore[arg-type]


def test_what_is_no_function_is_shown_in_short() -> None:
    assert told(3) == "this should be a function; got 3."  # type: ignore[arg-type]
    assert len(told(list(range(1000)))) < 100  # type: ignore[arg-type]


def test_a_part_that_is_missing_is_named() -> None:
    assert told(lambda x: (x, ...), 1) == "part 2 of what your function returns is still to do."
    assert told(lambda x: [None, x], 1) == "part 1 of what your function returns is still to do."


def test_a_function_that_returns_nothing_is_told_so() -> None:
    def prints(x: int) -> None:
        print(x, end="")

    def prints_inside(x: int) -> None:
        [print(each, end="") for each in range(x)]

    assert told(lambda x: {}.get(x), 1) == "your function returned nothing; did you forget `return`?"
    assert told([].append, 1) == "your function returned nothing; did you forget `return`?"
    for function in (prints, prints_inside):
        assert told(function, 1) == "your function prints and returns nothing: end it with `return`, not with `print`."


def test_an_exception_is_a_hint() -> None:
    assert told(lambda x: 1 / x, 0) == "your function raised ZeroDivisionError: division by zero"
    assert told(lambda x: {}["k" * 900], 0).endswith("kkk...")
    assert "SystemExit" in told(lambda x: exec("raise SystemExit"), 0)
    with pytest.raises(KeyboardInterrupt):
        ask(lambda: exec("raise KeyboardInterrupt"))


def test_an_overflow_in_the_readers_function_is_no_warning() -> None:
    assert ask(lambda x: np.exp(x), np.array([1000.0]))[0] == [np.inf]


class Pair(NamedTuple):
    """Two lists."""

    one: list[int]
    other: list[int]


def _loop(function: Callable[[Any], None]) -> Callable[[Any], Any]:
    def changes(dc: Any) -> Any:
        function(dc)
        return 1

    return changes


@pytest.mark.parametrize(
    ("given", "change", "instead"),
    [
        (np.ones(3), lambda dc: np.negative(dc, out=dc), "write `dc = dc * ...`, not `dc *= ...`"),
        (np.array([np.nan, 1.0]), lambda dc: dc.__setitem__(1, 2.0), "work on a copy, `dc.copy()`"),
        (np.ones((2, 2)), lambda dc: dc.resize((4,), refcheck=False), "not `dc *= ...`"),
        ([3, 1], lambda dc: dc.sort(), "`sorted(dc)`"),
        ([np.ones(2)], lambda dc: dc[0].fill(3), "`list(dc)`"),
        ({"a": Counter("aab")}, lambda dc: dc["a"].update("c"), "`dc.get(key, 0)` looks without writing"),
        ({"a": 1}, lambda dc: dc.setdefault("b", 2), "`dc.get(key, 0)` looks without writing"),
        (Pair([1], [2]), lambda dc: dc.other.append(3), "make new arrays"),
        (init_params(3, 2, 2, rng=np.random.default_rng(1)), lambda dc: dc.b.fill(3), "make new arrays"),
        ([1, 2], lambda dc: dc.__setitem__(0, "1"), "`list(dc)`"),
    ],
)  # fmt: skip
def test_a_changed_argument_is_named_and_what_to_write_instead(given: Any, change: Any, instead: str) -> None:
    for place in (0, 1):
        function = _loop(change) if place == 0 else lambda first, dc: _loop(change)(dc)
        arguments = (given,) if place == 0 else (1.0, given)
        said = told(function, *arguments)
        assert said.startswith("your function changes dc, which whoever calls it still needs: ")
        assert instead in said


def test_a_change_is_told_before_the_missing_return_and_without_a_name_by_its_place() -> None:
    def no_return(z: Any) -> None:
        z *= 2

    assert told(no_return, np.ones(2)).startswith("your function changes z, ")
    assert told(np.random.default_rng(1).shuffle, [1, 2, 3, 4, 5]).startswith("your function changes x, ")
    assert told(lambda *given: given[1].sort(), 0, [2, 1]).startswith("your function changes argument 2, ")


def test_what_is_handed_over_stays_as_it_was_whatever_the_function_does() -> None:
    given = [np.ones(2), {"a": [1]}]
    told(lambda x: (x[0].fill(5), x[1]["a"].append(2)), given)
    assert given[0].tolist() == [1, 1]
    assert given[1] == {"a": [1]}


def test_drawing_from_a_generator_and_calling_a_function_are_no_changes() -> None:
    rng, vocabulary = np.random.default_rng(1), Vocabulary.from_names(["ana"])
    first, feedback = ask(lambda rng, f, v: (rng.random(), f(1), v.encode("ana"))[0], rng, abs, vocabulary)
    assert feedback is None
    assert ask(lambda *, rng: rng.random(), rng=rng)[0] != first  # the same generator has moved on
    assert rng.random() == np.random.default_rng(1).random(3)[2]


def test_in_place_work_is_welcome_where_it_is_asked_for() -> None:
    array = np.ones(2)
    answer, feedback = ask(lambda x: np.negative(x, out=x), array, in_place=True)
    assert feedback is None
    assert answer is array
    assert array.tolist() == [-1, -1]


def test_names_are_found_in_functions_inside_too() -> None:
    assert names_in(lambda x: [np.add.at(each) for each in x]) >= {"np", "add", "at"}
    assert names_in(max) == set()


def test_a_function_borrows_what_it_calls_by_any_name_but_not_its_own_of_that_name() -> None:
    namespace: dict[str, Any] = {"library_softmax": softmax, "sigmoid": lambda x: 1 / (1 + np.exp(-x))}
    exec("def f(x): return library_softmax(x)\ndef g(x): return sigmoid(x)", namespace)
    exec("def h(x):\n    from lstm_lib.ops import softmax as own\n    return own(x)", namespace)
    said = "the numbers are right; write it yourself, without the library's softmax."
    for function in (namespace["f"], namespace["h"], softmax):
        assert borrowed_hint(function, sigmoid, softmax) == said
    for function in (namespace["g"], max):
        assert borrowed_hint(function, sigmoid, softmax) is None


BORROWERS = """
def helper(x): return library_softmax(x)
def by_helper(x): return helper(x)
def by_default(x, *, f=library_softmax): return f(x)
def by_first_default(x, f=library_softmax): return f(x)
def closed(f): return lambda x: f(x)
by_closure = closed(library_softmax)
by_partial = partial(library_softmax)
by_partial_of_a_helper = partial(lambda f, x: f(x), library_softmax)
def by_getattr(x): return getattr(ops, "softmax")(x)
def by_module(x): return ops.softmax(x)
def count(n): return own(n) if n < 1 else count(n - 1)
def own(x): return log_softmax(x)
def unfinished():
    def inner(x): return later(x)
    return inner
    later = 1
"""


@pytest.mark.parametrize("name", re.findall(r"by_\w+", BORROWERS))
def test_a_function_borrows_what_is_one_step_away(name: str) -> None:
    namespace: dict[str, Any] = {"library_softmax": softmax, "ops": ops, "partial": partial}
    exec(BORROWERS, namespace)
    assert borrowed_hint(namespace[name], softmax) is not None


def test_what_the_library_calls_inside_is_not_borrowed() -> None:
    namespace: dict[str, Any] = {"library_softmax": softmax, "log_softmax": ops.log_softmax, "partial": partial}
    exec(BORROWERS, namespace)
    for name in ("count", "own"):  # one calls itself
        assert borrowed_hint(namespace[name], softmax) is None
    assert borrowed_hint(namespace["unfinished"](), softmax) is None  # a closure without a value


# ---- letters


@pytest.mark.parametrize("answer", ["B", "b", " b ", "# B", "line b", "#b", "Line B ", "B.", "b) ", "(b)", "line B:"])
def test_a_letter_in_any_form(answer: str) -> None:
    assert letter_feedback(answer, "B", {"A": "fine", "C": "fine"}) is None


def test_other_letters_and_blanks() -> None:
    others = {"A": "A is fine.", "C": "C is fine."}
    assert letter_feedback(..., "B", others) == NOT_ATTEMPTED
    assert letter_feedback("a", "B", others) == not_yet("A is fine.")
    for answer in ("D", "AB", "", 2, ["B"], {"B"}, b"B"):
        feedback = letter_feedback(answer, "B", others)
        assert feedback is not None
        assert hint(feedback) == f"answer with one letter, A to C; got {answer!r}."


# ---- the frame


def test_the_frame_of_a_check_turns_what_goes_wrong_into_a_hint() -> None:
    @exercise
    def half(answer: Any) -> Feedback:
        """Exercise 0.0: the half."""
        return right(f"{np.float64(1e308) * 10 / answer}")

    assert half.__doc__ == "Exercise 0.0: the half."
    assert half(1) == right("inf")
    assert half("a") == not_yet("this answer cannot be read: TypeError.")
    assert half() == not_yet("this answer cannot be read: TypeError.")  # type: ignore[call-arg]


def test_a_verdict_is_right_without_a_hint() -> None:
    assert verdict(None, "well done") == right("well done")
    assert verdict("not this", "well done") == not_yet("not this")
