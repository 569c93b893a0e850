"""Chapter 2's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_02 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.vocabulary import END, Vocabulary

LN2 = float(np.log(2))
Batches = list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.one_name(..., ...),
        check.one_name(..., 1.733),
        check.unpadded_perplexity(...),
        check.unpadded_perplexity(None),
        check.units(..., 2.83),
        check.name_surprise(...),
        check.name_surprise(lambda name, law, vocabulary: ...),
        check.corpus_perplexity(...),
        check.corpus_perplexity(lambda batches: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 2.1

EVE = np.array([1 / 8, 1 / 32, 1 / 2, 1 / 2])
TOTAL, MEAN = -np.log(EVE).sum(), -np.log(EVE).mean()


@pytest.mark.parametrize(
    ("total", "mean"), [(TOTAL, MEAN), (6.93, 1.73), (10 * 0.6931, 2.5 * 0.6931), (6.9, 1.75), (6.9, 1.725)]
)
def test_one_name_right(total: float, mean: float) -> None:
    assert check.one_name(total, mean).right


@pytest.mark.parametrize(
    ("total", "mean", "expected"),
    [
        (EVE.prod(), MEAN, "that is the probability of the name"),
        (-TOTAL, MEAN, "MINUS ln p"),
        (-np.log2(EVE).sum(), MEAN, "that is in bits"),
        (-np.log10(EVE).sum(), MEAN, "base 10"),
        (-np.log(EVE[:3]).sum(), MEAN, "the end mark had 1/2 too"),
        (MEAN, MEAN, "first the total"),
        (EVE.sum(), MEAN, "you added the probabilities"),
        (5.0, MEAN, "add -ln p of all four bets"),
        (7.0, MEAN, "nearly: take ln 2 = 0.6931"),
        (9 * 0.69, MEAN, "the end mark had 1/2 too"),
        (TOTAL, 1.8, "nearly: take ln 2 = 0.6931"),
        ("ln 2", MEAN, "total should be a number"),
        (TOTAL, ..., "total is right; mean is still to do"),
        (TOTAL, TOTAL / 3, "you divided by three letters"),
        (TOTAL, -np.log(EVE[:3]).mean(), "you left the end mark out"),
        (TOTAL, -np.log(EVE[:3]).sum() / 4, "added up only three"),
        (TOTAL, -np.log2(EVE).mean(), "that is in bits"),
        (TOTAL, -np.log(EVE.mean()), "logarithm first, then the mean"),
        (TOTAL, EVE.mean(), "the mean of the probabilities"),
        (TOTAL, TOTAL, "that is the total again"),
        (TOTAL, -MEAN, "never negative"),
        (TOTAL, EVE.prod() ** 0.25, "the geometric mean"),
        (TOTAL, 3.0, "divide the total by the number of bets"),
        (TOTAL, [1, 2], "mean should be a number"),
        (TOTAL, "x", "mean should be a number"),
    ],
)
def test_one_name_wrong(total: object, mean: object, expected: str) -> None:
    assert expected in hint(check.one_name(total, mean))


# ---- 2.2

CELLS, REAL, LETTERS, PADDING = 1600, 710, 610, 890
NATS = np.log(2.4) * CELLS / REAL


@pytest.mark.parametrize("answer", [2.4 ** (CELLS / REAL), 7.2, np.exp(NATS), 7.19, 7.22])
def test_unpadded_perplexity_right(answer: float) -> None:
    assert check.unpadded_perplexity(answer).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (2.4 * CELLS / REAL, "Its LOGARITHM"),
        (2.4 ** (REAL / CELLS), "upside down: the sum"),
        (2.4 * REAL / CELLS, "upside down, and on the perplexity"),
        (NATS, "those are the true nats"),
        (np.log(2.4), "that is ln 2.4"),
        (2**NATS, "you took 2 to its power"),
        (NATS / LN2, "in bits"),
        (2.4 ** (CELLS / LETTERS), "you divided by the 610 letters"),
        (2.4 * CELLS / LETTERS, "by 1600/610"),
        (2.4 ** (CELLS / PADDING), "the 890 cells of padding"),
        (2.4, "that is the padded one"),
        (np.exp(np.log10(2.4) * CELLS / REAL), "does not undo a logarithm to base 10"),
        (2.36, "does not undo a logarithm to base 10"),
        (7.39, "keep more digits"),
        (7.27, "keep more digits"),
        (7, "keep more digits"),
        (6.9, "keep more digits"),
        (7.5, "keep more digits"),
        (20.0, "go back to the sum"),
        ("seven", "answer should be a number"),
    ],
)
def test_unpadded_perplexity_wrong(wrong: object, expected: str) -> None:
    assert expected in hint(check.unpadded_perplexity(wrong))


# ---- 2.3


@pytest.mark.parametrize(("nats", "perplexity"), [(1.5 * LN2, 2**1.5), (1.04, 2.83), (1.04, 2.8)])
def test_units_right(nats: float, perplexity: float) -> None:
    assert check.units(nats, perplexity).right


@pytest.mark.parametrize(
    ("nats", "perplexity", "expected"),
    [
        (1.5 / LN2, 2.83, "A nat is more than a bit"),
        (1.5, 2.83, "still in bits"),
        (np.log(1.5), 2.83, "that is ln 1.5"),
        (1.5 * np.log10(2), 2.83, "base 10"),
        (2**1.5, 2.83, "first the nats"),
        (7.0, 2.83, "one bit is ln 2"),
        ("a", 2.83, "nats should be a number"),
        (1.04, ..., "nats is right; perplexity is still to do"),
        (1.04, np.exp(1.5), "e to the power of bits"),
        (1.04, 2**1.04, "2 to the power of nats"),
        (1.04, np.exp(1.5 / LN2), "e to the power of 1.5 / ln 2"),
        (1.04, 3.0, "that is 2 times 1.5"),
        (1.04, 2.25, "that is 1.5 squared"),
        (1.04, 1.04, "those are the nats"),
        (1.04, 1.5, "those are the bits"),
        (1.04, 10.0, "e to the power of the nats"),
    ],
)
def test_units_wrong(nats: object, perplexity: object, expected: str) -> None:
    assert expected in hint(check.units(nats, perplexity))


# ---- 2.4


def chances(name: str, law: np.ndarray[Any, Any], vocabulary: Vocabulary) -> np.ndarray[Any, Any]:
    """The chances of the name's symbols, the end mark last."""
    return law[[*vocabulary.encode(name), END]]


def surprise_with(change: Callable[[np.ndarray[Any, Any]], object]) -> Feedback:
    """The feedback for a function that makes `change` of the chances."""
    return check.name_surprise(lambda name, law, vocabulary: change(chances(name, law, vocabulary)))


def test_name_surprise_right() -> None:
    assert surprise_with(lambda p: -np.log(p).sum()).right
    assert surprise_with(lambda p: -np.log(p.prod())).right


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: -np.log(p[:-1]).sum(), "the end mark is missing"),
        (lambda p: -np.log(p).mean(), "that is the mean"),
        (lambda p: np.log(p).sum(), "never negative"),
        (lambda p: p.prod(), "that is the probability"),
        (lambda p: -np.log2(p).sum(), "that is in bits"),
        (lambda p: -np.log10(p).sum(), "base 10"),
        (lambda p: -np.log([*p, p[-1]]).sum(), "the end mark counts twice"),
        (lambda p: 42.0, "over its letters and its end mark"),
        (lambda p: -np.log(p), "add them up"),
        (lambda p: list(-np.log(p)), "add them up"),
        (lambda p: "many", "should be a number"),
        (lambda p: round(-np.log(p).sum(), 1), "keep more digits"),
        (lambda p: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_name_surprise_wrong(change: Callable[[np.ndarray[Any, Any]], object], expected: str) -> None:
    assert expected in hint(surprise_with(change))


def test_name_surprise_wants_a_function() -> None:
    assert "should be a function" in hint(check.name_surprise(3.0))  # type: ignore[arg-type]


# ---- 2.5


def real(batches: Batches) -> np.ndarray[Any, Any]:
    """The surprises of all real symbols."""
    return np.concatenate([-np.log(p[mask]) for p, mask in batches])


def means(batches: Batches) -> np.ndarray[Any, Any]:
    """Each batch's mean surprise."""
    return np.array([-np.log(p[mask]).mean() for p, mask in batches])


def name_means(batches: Batches) -> np.ndarray[Any, Any]:
    """Each name's mean surprise."""
    return np.array([-np.log(p[mask[:, n], n]).mean() for p, mask in batches for n in range(p.shape[1])])


def every_cell(batches: Batches) -> np.ndarray[Any, Any]:
    """The surprises of all cells, padding included."""
    return np.concatenate([-np.log(p.ravel()) for p, _ in batches])


def names(batches: Batches) -> int:
    """How many names there are."""
    return sum(p.shape[1] for p, _ in batches)


def test_corpus_perplexity_right() -> None:
    assert check.corpus_perplexity(lambda batches: np.exp(real(batches).mean())).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda b: np.exp(means(b)).mean(), "still a mean of perplexities"),
        (lambda b: np.exp(means(b).mean()), "a mean of means"),
        (lambda b: np.average(np.exp(means(b)), weights=[m.sum() for _, m in b]), "weigh the losses, not the perplex"),
        (lambda b: np.exp(real(b).sum() / names(b)), "you divided by the names"),
        (lambda b: round(float(np.exp(real(b).mean())), 1), "keep more digits"),
        (lambda b: np.exp(means(b)), "several numbers"),
        (lambda b: np.exp(name_means(b)).mean(), "the mean of the names' perplexities"),
        (lambda b: np.exp(name_means(b).mean()), "gives each name one vote"),
        (lambda b: np.exp(every_cell(b).mean()), "the padding is in the count"),
        (lambda b: np.exp(real(b).sum() / (len(real(b)) - names(b))), "you divided by the letters"),
        (lambda b: 2 ** real(b).mean(), "nats take e, not 2"),
        (lambda b: real(b).mean(), "perplexity is e to its power"),
        (lambda b: np.exp(real(b).sum()), "divide by N first"),
        (lambda b: 1 / np.exp(-real(b)).mean(), "that averages the probabilities"),
        (lambda b: 1.0, "add up all surprises"),
        (lambda b: "many", "perplexity should be a number"),
        (lambda b: b[9], "IndexError"),
    ],
)
def test_corpus_perplexity_wrong(function: Callable[[Batches], object], expected: str) -> None:
    assert expected in hint(check.corpus_perplexity(function))
