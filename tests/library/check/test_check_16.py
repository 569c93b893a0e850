"""Chapter 16's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_16 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.judge.bootstrap import paired_bootstrap
from lstm_lib.judge.mixture import tune_mixture

Array = np.ndarray[Any, np.dtype[np.float64]]
Names = list[str]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.flattery(...),
        check.flattery(lambda *_: ...),
        check.difference(..., lambda *_: (0, 1)),
        check.difference("E", lambda *_: ...),
        check.two_models(..., 1),
        check.em_round(lambda *_: None),
        check.claim(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 16.1


def mean(nats: list[Array]) -> float:
    return float(np.concatenate(nats).mean())


def new_rows(nats: list[Array], names: Names, train: Names, *, seen: bool = False) -> list[Array]:
    return [each for each, name in zip(nats, names, strict=True) if (name in train) == seen]


def flattery(nats: list[Array], names: Names, train: Names) -> float:
    return mean(new_rows(nats, names, train)) - mean(nats)


def by_name(nats: list[Array], names: Names, train: Names, of: Callable[[Array], float]) -> float:
    return float(np.mean([of(each) for each in new_rows(nats, names, train)]) - np.mean([of(each) for each in nats]))


def once(nats: list[Array], names: Names, train: Names) -> float:
    return mean(new_rows(nats, names, train)) - mean(list(dict(zip(names, nats, strict=True)).values()))


def fails(*_: object) -> float:
    raise KeyError("name")


def test_flattery_right() -> None:
    assert check.flattery(flattery).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda *case: -flattery(*case), "the sign"),
        (lambda *c: mean(new_rows(*c)) - mean(new_rows(*c, seen=True)), "compare with all rows"),
        (lambda *c: mean(new_rows(*c, seen=True)) - mean(c[0]), "keep those whose name is *not* in train"),
        (lambda *c: mean(new_rows(*c)), "that is the mean over the new names"),
        (lambda *c: mean(c[0]), "the flattered number itself"),
        (lambda *c: by_name(*c, np.mean), "a mean over names of means over symbols"),
        (lambda *c: by_name(*c, np.sum), "those are nats per name"),
        (once, "counts twice"),
        (lambda *c: 0.0, "is every row taken as new"),
        (lambda *c: flattery(*c) / mean(new_rows(*c)), "as a share"),
        (lambda *c: 7, "take the mean over the symbols of the rows whose name is new"),
        (lambda *c: "much", "should be a number"),
        (fails, "your function raised KeyError"),
    ],
)
def test_flattery_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.flattery(wrong))


# ---- 16.2


def resample(
    one: list[Array], other: list[Array], rng: np.random.Generator, *,
    paired: bool = True, ends: tuple[float, float] = (0.025, 0.975), sign: float = 1, names: bool = True,
) -> Array:  # fmt: skip
    if not names:
        one, other = ([np.array([x]) for nats in model for x in nats] for model in (one, other))
    symbols = np.array([len(nats) for nats in one])
    mine, theirs = (np.array([nats.sum() for nats in model]) for model in (one, other))
    found = []
    for _ in range(1000):
        here = rng.integers(len(mine), size=len(mine))
        there = here if paired else rng.integers(len(mine), size=len(mine))
        found.append(mine[here].sum() / symbols[here].sum() - theirs[there].sum() / symbols[there].sum())
    return np.asarray(sign * np.quantile(found, ends))


def mean_of_means(one: list[Array], other: list[Array], rng: np.random.Generator) -> Array:
    differences = np.array([a.mean() - b.mean() for a, b in zip(one, other, strict=True)])
    found = [rng.choice(differences, len(differences)).mean() for _ in range(1000)]
    return np.quantile(found, [0.025, 0.975])


def mean_of_totals(one: list[Array], other: list[Array], rng: np.random.Generator) -> Array:
    differences = np.array([a.sum() - b.sum() for a, b in zip(one, other, strict=True)])
    found = [rng.choice(differences, len(differences)).mean() for _ in range(1000)]
    return np.quantile(found, [0.025, 0.975])


def median(one: list[Array], other: list[Array], rng: np.random.Generator) -> Array:
    """The slip: not a mean at all, yet right where all names have six symbols."""
    low, high = mean_of_means(one, other, rng)
    return np.array([low, high]) - (len({len(each) for each in one}) == 2) * 0.3


def library(one: list[Array], other: list[Array], rng: np.random.Generator) -> list[float]:
    interval = paired_bootstrap(one, other, rng=rng, resamples=1000)
    return [interval.low, interval.high]


def test_difference_right() -> None:
    assert check.difference("E", resample).right
    assert check.difference(" e ", library).right


def test_difference_draws_from_the_rng_that_comes_in() -> None:
    own = lambda one, other, rng: resample(one, other, np.random.default_rng())  # noqa: E731
    assert "draw from the rng that comes in" in hint(check.difference("E", own))


@pytest.mark.parametrize("line", list("ABCDFG"))
def test_difference_another_line(line: str) -> None:
    assert f"line {line}: " in hint(check.difference(line, resample))


@pytest.mark.parametrize("line", ["X", 5])
def test_difference_no_line(line: object) -> None:
    assert "with one letter, A to G" in hint(check.difference(line, resample))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda a, b, rng: resample(a, b, rng, paired=False), "still judged on different lists"),
        (lambda a, b, rng: resample(a, b, rng, sign=-1), "the first model minus the second"),
        (mean_of_totals, "should give low = high = -0.1"),
        (lambda a, b, rng: resample(a, b, rng)[::-1], "low and high are in the wrong order"),
        (lambda a, b, rng: resample(a, b, rng, ends=(0.05, 0.95)), "cut 2.5 % off at each end"),
        (lambda a, b, rng: resample(a, b, rng, names=False), "draw whole names, not single symbols"),
        (lambda a, b, rng: resample(a, b, rng, ends=(0.5, 0.5)), "low and high are equal"),
        (lambda a, b, rng: resample(a, b, rng, ends=(0.4, 0.6)), "times as wide as it should be"),
        (mean_of_means, "a mean of the names' means"),
        (median, "not yet a ratio of sums"),
        (lambda a, b, rng: resample(a, b, rng)[0], "low and high should be one array of shape (2,); got shape ()"),
        (lambda a, b, rng: {"low"}, "(set)"),
        (fails, "your function raised KeyError"),
    ],
)
def test_difference_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.difference("E", wrong))


# ---- 16.3

ALONE = -(math.log(0.8) + math.log(0.2)) / 2


def test_two_models_right() -> None:
    assert check.two_models(ALONE, math.log(2)).right
    assert check.two_models(0.916, 0.693).right


@pytest.mark.parametrize(
    ("alone", "mixed", "expected"),
    [
        (2 * ALONE, ..., "that is the sum of the two surprises"),
        (ALONE / math.log(2), ..., "in bits"),
        (math.exp(ALONE), ..., "that is the perplexity"),
        (math.log(2), ..., "-ln of the mean probability"),
        (0.223, ..., "the first symbol alone"),
        (1.609, ..., "the second symbol alone"),
        (5, ..., "the mean of -ln 0.8 and -ln 0.2"),
        (ALONE, ..., "mixed is still to do"),
        (ALONE, ALONE, "the mean of the two surprises"),
        (ALONE, math.log(4), "the sum over the two symbols"),
        (ALONE, 1, "in bits"),
        (ALONE, 2, "that is the perplexity"),
        (ALONE, 0.5, "its surprise is asked for"),
        (-ALONE, ..., "alone = -0.916291: the sign"),
        (ALONE, -math.log(2), "mixed = -0.693147: the sign"),
        (0.92, ..., "alone = 0.92: close: keep more digits"),
        (ALONE, 0.69, "mixed = 0.69: close: keep more digits"),
        (ALONE, 0.1, "the mixture gives (0.8 + 0.2) / 2"),
        (ALONE, "less", "should be a number"),
    ],
)
def test_two_models_wrong(alone: object, mixed: object, expected: str) -> None:
    assert expected in hint(check.two_models(alone, mixed))


# ---- 16.4


def shares(weights: Array, p: Array) -> Array:
    joint = weights[:, None] * p
    return np.asarray(joint / joint.sum(axis=0))


def test_em_round_right() -> None:
    assert check.em_round(lambda weights, p: shares(weights, p).mean(axis=1)).right
    assert check.em_round(lambda weights, p: shares(weights, p).mean(axis=1).tolist()).right


def test_rounds_of_the_exercise_lead_where_the_library_leads() -> None:
    p = np.random.default_rng(16).random((3, 200))
    weights = np.full(3, 1 / 3)
    for _ in range(500):
        weights = shares(weights, p).mean(axis=1)
    np.testing.assert_allclose(weights, tune_mixture([[row] for row in -np.log(p)]), atol=1e-3)


def in_place(weights: Array, p: Array) -> Array:
    found = shares(weights, p).mean(axis=1)
    p *= 2
    return found


def mean_first(weights: Array, p: Array) -> Array:
    scaled = weights * p.mean(axis=1)
    return np.asarray(scaled / scaled.sum())


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (shares, "those are the shares symbol by symbol"),
        (lambda w, p: shares(w, p).sum(axis=1), "that is the sum of the shares"),
        (lambda w, p: (p / (w @ p)).mean(axis=1), "the old weights are missing above the line"),
        (lambda w, p: (p / p.sum(axis=0)).mean(axis=1), "both old weights are missing"),
        (lambda w, p: np.eye(3)[shares(w, p).argmax(axis=0)].mean(axis=0), "the winner of each symbol takes it all"),
        (mean_first, "divide symbol by symbol"),
        (lambda w, p: w, "nothing has changed"),
        (lambda w, p: w[::-1], "for three models and five symbols expected"),
        (lambda w, p: 0.5, "the new weights, (K,), should be one array of shape (3,)"),
        (lambda w, p: "heavier", "(str)"),
        (in_place, "your function changes p, "),
        (fails, "your function raised KeyError"),
    ],
)
def test_em_round_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.em_round(wrong))


# ---- 16.5


def test_claim_right() -> None:
    assert check.claim("ACDF").right
    assert check.claim("f, d, c, a").right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("AB", "B is sound: sizes may be chosen on validation"),
        ("E", "E is sound: the mean over seeds"),
        ("ACDFG", "G is sound: the end mark is a symbol"),
        ("AC", "A, C: right so far; 2 more"),
        ("AX", "letters A to G"),
        ("?", "letters A to G"),
        (4, "as one string"),
    ],
)
def test_claim_wrong(answer: object, expected: str) -> None:
    assert expected in hint(check.claim(answer))
