"""Chapter 17's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_17 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.judge.exposure import exposure
from lstm_lib.judge.membership import area, roc

Array = np.ndarray[Any, np.dtype[np.float64]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.follows(...),
        check.untouched(..., 1),
        check.secret(lambda *_: ...),
        check.unfair(..., lambda *_: 0.5),
        check.unfair("B", lambda *_: ...),
        check.found_at(lambda *_: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


def fails(*_: object) -> float:
    raise KeyError("name")


# ---- 17.1


def test_follows_right() -> None:
    assert check.follows("ACE").right
    assert check.follows("e, c, a").right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("AB", "B does not follow: a coin would then recognise 50 %"),
        ("D", "D does not follow: a mean hides its extremes"),
        ("ACEF", "F does not follow: the area is no share of the list"),
        ("A", "A: right so far; 2 more"),
        ("AX", "letters A to F"),
        ("?", "letters A to F"),
        (4, "as one string"),
    ],
)
def test_follows_wrong(answer: object, expected: str) -> None:
    assert expected in hint(check.follows(answer))


# ---- 17.2

MEAN = 3 - math.log2(math.factorial(8)) / 8


def test_untouched_right() -> None:
    assert check.untouched(MEAN, 0.25).right
    assert check.untouched(1.088, 1 / 4).right


@pytest.mark.parametrize(
    ("mean", "lucky", "expected"),
    [
        (0, ..., "chance is not 0 bits"),
        (1.4427, ..., "the limit for a large space"),
        (1.44, ..., "the limit for a large space"),
        (8.7, ..., "the sum over the eight ranks"),
        (0.83, ..., "the logarithm bends"),
        (3 - math.log2(4.5), ..., "the logarithm bends"),
        (8 * MEAN, ..., "the sum over the eight ranks"),
        (3 - MEAN, ..., "the mean of log2 rank"),
        (MEAN * math.log(2), ..., "in nats"),
        (3, ..., "the most there is"),
        (1.5, ..., "halfway between 0 and 3"),
        (1, ..., "the exposure of the middle rank"),
        (1.09, ..., "close: keep more digits"),
        (7, ..., "over the ranks 1 to 8"),
        (0.839, ..., "that is the median"),
        (-MEAN, ..., "the sign"),
        (3 - math.log2(math.factorial(7)) / 7, ..., "rank 8 counts, too"),
        (3 - math.log2(math.factorial(7)) / 8, ..., "rank 8 is missing"),
        (3 - math.log(math.factorial(8)) / 8, ..., "bits and nats are mixed"),
        (MEAN, ..., "lucky is still to do"),
        (MEAN, 1 / 8, "rank 2 has exactly 2"),
        (MEAN, 1 / 2, "count the ranks with that."),
        (MEAN, 25, "that is per cent"),
        (MEAN, 3 / 4, "the chance of less than 2 bits"),
        (MEAN, 2, "the number of ranks"),
        (MEAN, 3 / 8, "too few"),
        (MEAN, 0.13, "rank 2 has exactly 2"),
        (MEAN, 0.38, "too few"),
        (MEAN, 37.5, "that is per cent"),
        (MEAN, 0.9, "the share of the eight ranks"),
        (MEAN, "seldom", "should be a number"),
    ],
)
def test_untouched_wrong(mean: object, lucky: object, expected: str) -> None:
    assert expected in hint(check.untouched(mean, lucky))


# ---- 17.3

BY_RANK = "how close the other names stand"


def ranks(row: Array) -> Array:
    return np.asarray(row.argsort().argsort())


def test_secret_right() -> None:
    assert check.secret(lambda a, b: np.argmax(a - b)).right
    assert check.secret(lambda a, b: int((np.exp(a) / np.exp(b)).argmax())).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda a, b: a.argmax(), "planted or not: compare with the model"),
        (lambda a, b: b.argmax(), "planted or not"),
        (lambda a, b: (a - b).argmin(), "the sign"),
        (lambda a, b: a.argmin(), "the least probable name"),
        (lambda a, b: (np.exp(a) - np.exp(b)).argmax(), "a difference of probabilities, or a quotient of logarithms"),
        (lambda a, b: (a / b).argmax(), "a quotient of logarithms favours what was likely"),
        (lambda a, b: (a / b).argmin(), "a difference of probabilities, or a quotient of logarithms"),
        (lambda a, b: abs(a - b).argmax(), "the sign"),
        (lambda a, b: ((a - b) ** 2).argmax(), "the sign"),
        (lambda a, b: b.argmin(), "the least probable name"),
        (lambda a, b: np.argmax(ranks(a) - ranks(b)), BY_RANK),
        (lambda a, b: np.flatnonzero(a - b > 2)[0], BY_RANK),
        (lambda a, b: np.argmax(exposure(a, a) - exposure(b, b)), BY_RANK),
        (lambda a, b: 3, "no secret was planted there"),
        (lambda a, b: (a - b).max(), "one whole number"),
        (lambda a, b: "qzx", "one whole number"),
        (fails, "your function raised KeyError"),
    ],
)
def test_secret_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.secret(wrong))


# ---- 17.4


def fair(train: Array, held_out: Array, rng: np.random.Generator, *, sign: float = 1) -> float:
    count = min(len(train), len(held_out))
    members, strangers = rng.permutation(train)[:count], rng.permutation(held_out)[:count]
    return float((sign * members[:, None] < sign * strangers).mean())


def front(train: Array, held_out: Array, rng: np.random.Generator, *, of: slice = slice(None)) -> float:
    members = train[: len(held_out)] if of == slice(None) else train[of][: len(held_out)]
    return float((members[:, None] < rng.permutation(held_out)).mean())


def one_list(train: Array, held_out: Array, rng: np.random.Generator) -> float:
    return 0.5


def test_unfair_right() -> None:
    assert check.unfair("B", fair).right
    assert check.unfair(" b ", lambda train, held_out, rng: area(train, held_out)).right  # all of them: as fair
    assert check.unfair("B", lambda train, held_out, rng: front(train[::4], held_out, rng)).right


@pytest.mark.parametrize("line", list("ACDE"))
def test_unfair_another_line(line: str) -> None:
    assert f"line {line}: " in hint(check.unfair(line, fair))


@pytest.mark.parametrize("line", ["X", 5])
def test_unfair_no_line(line: object) -> None:
    assert "with one letter, A to E" in hint(check.unfair(line, fair))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (front, "the members are still the most frequent names"),
        (lambda *given: front(given[0][::-1], *given[1:]), "the members are the rarer names"),
        (lambda *given: fair(*given, sign=-1), "the share of pairs in which the stranger is cheaper"),
        (one_list, "do members come from `train`"),
        (lambda *given: 0.5 + 0.8 * (fair(*given) - 0.5), "0.76 is expected"),
        (lambda train, held_out, rng: fair(train, train, rng), "do members come from `train`"),
        (lambda *given: 1e6 * fair(*given), "lies between 0 and 1; got"),
        (lambda train, held_out, rng: train[::4].mean() - held_out.mean() - 0.1, "lies between 0 and 1; got -0."),
        (lambda train, held_out, rng: train, "the area as one number"),
        (lambda train, held_out, rng: np.nan, "the area as one number"),
        (fails, "your function raised KeyError"),
    ],
)
def test_unfair_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.unfair("B", wrong))


# ---- 17.5


def found_at(members: Array, strangers: Array, alarms: float, *, more: int = 0) -> float:
    place = min(max(int(alarms * len(strangers)) + more, 0), len(strangers) - 1)
    return float((members < np.sort(strangers)[place]).mean())


def by_members(members: Array, strangers: Array, alarms: float) -> Array:
    return np.asarray(np.sort(members)[int(alarms * len(members))])


def in_one_list(members: Array, strangers: Array, alarms: float) -> float:
    every = np.sort(np.concatenate([members, strangers]))
    return float((members < every[int(alarms * len(every))]).mean())


def test_found_at_right() -> None:
    assert check.found_at(found_at).right
    assert check.found_at(lambda m, s, alarms: roc(m, s, [alarms])).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda m, s, a: 1 - found_at(m, s, a), "*not* found"),
        (lambda m, s, a: found_at(m, s, a) * len(m), "that is their number"),
        (lambda m, s, a: (m < by_members(m, s, a)).mean(), "the threshold came from the members"),
        (lambda m, s, a: found_at(m, s, a, more=1), "one stranger too many is accused"),
        (lambda m, s, a: (m < np.quantile(s, a)).mean(), "a quantile may lie between two"),
        (lambda m, s, a: (m <= np.quantile(s, a)).mean(), "one stranger too many is accused"),
        (lambda m, s, a: (m < np.quantile(s, a, method="higher")).mean(), "one stranger too many is accused"),
        (lambda m, s, a: (m < np.sort(s)[round(a * len(s))]).mean(), "one stranger too many is accused"),
        (lambda m, s, a: (m < np.sort(s)[int(np.ceil(a * len(s)))]).mean(), "one stranger too many is accused"),
        (lambda m, s, a: found_at(m, s, a, more=-1), "one more stranger may be accused"),
        (lambda m, s, a: (m > np.sort(s)[-1 - int(a * len(s))]).mean(), "members are cheap"),
        (lambda m, s, a: 0.99, "sort the strangers"),
        (lambda m, s, a: (m <= np.sort(s)[int(a * len(s))]).mean(), "exactly the threshold is not accused"),
        (lambda m, s, a: (m < np.quantile(s, a, method="nearest")).mean(), "one more stranger may be accused"),
        (lambda m, s, a: (m < np.sort(s)[round(a * (len(s) - 1))]).mean(), "one more stranger may be accused"),
        (lambda m, s, a: (m < np.percentile(s, a)).mean(), "np.percentile counts in per cent"),
        (lambda m, s, a: 100 * found_at(m, s, a), "that is per cent"),
        (lambda m, s, a: np.sort(s)[int(a * len(s))], "that is the threshold"),
        (lambda m, s, a: found_at(m, s, a) if a else 0, "no stranger may be accused, but a member"),
        (in_one_list, "only the strangers set the threshold"),
        (lambda m, s, a: "half", "should be a number"),
        (fails, "your function raised KeyError"),
    ],
)
def test_found_at_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.found_at(wrong))
