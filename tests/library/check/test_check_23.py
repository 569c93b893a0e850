"""Chapter 23's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from check_cases import hint

from lstm_lib.alphabet import with_alphabet
from lstm_lib.bring import shipped_words
from lstm_lib.check import chapter_23 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.data import load_splits
from lstm_lib.model import Params
from lstm_lib.names.clean import clean_name
from lstm_lib.vocabulary import Vocabulary

Lists = tuple[list[str], list[str], list[str]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.alphabet(...),
        check.alphabet(lambda *_: ...),
        check.deal(..., lambda *_: ...),
        check.deal("A", lambda *_: ...),
        check.few(..., 1, 1),
        check.own_list(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 23.1


def moved(params: Params, known: Vocabulary, wanted: Vocabulary, fresh: Params, *, left_out: str = "") -> Params:
    E, W_y, b_y = fresh.E.copy(), fresh.W_y.copy(), fresh.b_y.copy()
    for new, letter in enumerate(wanted.characters):
        if letter in known.characters and letter not in left_out:
            old = known.characters.index(letter)
            E[new], W_y[:, new], b_y[new] = params.E[old], params.W_y[:, old], params.b_y[old]
    return replace(params, E=E, W_y=W_y, b_y=b_y)


def with_row(params: Params, fresh: Params, rows: list[Any]) -> Params:
    return replace(params, E=np.stack(rows), W_y=fresh.W_y, b_y=fresh.b_y)


def in_place(params: Params, known: Vocabulary, wanted: Vocabulary, fresh: Params) -> Params:
    fresh.E[0] = params.E[0]
    return fresh


def test_alphabet_right() -> None:
    assert check.alphabet(moved).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda p, k, w, f: p, "E: copied place by place; but place 2 was n and is é"),
        (lambda p, k, w, f: f, "W_x is the fresh one: the cell knows no letters"),
        (lambda p, k, w, f: replace(p, E=f.E, W_y=f.W_y, b_y=f.b_y), "E: all fresh"),
        (lambda p, k, w, f: moved(p, k, w, f, left_out="."), "the end mark is a symbol that both know"),
        (lambda p, k, w, f: replace(moved(p, k, w, f), W_y=f.W_y), "W_y: all fresh"),
        (lambda p, k, w, f: replace(moved(p, k, w, f), W_y=p.W_y), "W_y: copied place by place"),
        (lambda p, k, w, f: replace(moved(p, k, w, f), b_y=f.b_y), "b_y: all fresh"),
        (lambda p, k, w, f: with_row(p, f, [p.E[0], p.E[1], f.E[2], p.E[3]]), "E: place 3 has the numbers of o"),
        (lambda p, k, w, f: with_row(p, f, [p.E[0], p.E[1], 0 * f.E[2], p.E[2]]), "E: right for the shared letters"),
        (lambda p, k, w, f: moved(p, k, w, f, left_out="n"), "E: each shared letter should have its old numbers"),
        (lambda p, k, w, f: replace(moved(p, k, w, f), W_h=2 * p.W_h), "W_h should be that of params"),
        (in_place, "your function changes fresh"),
        (lambda p, k, w, f: p.E, "return one Params"),
        (lambda p, k, w, f: replace(p, E=np.ones((5, 2)), W_y=np.ones((3, 5)), b_y=np.ones(5)), "E should have shape"),
    ],
)
def test_alphabet_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.alphabet(wrong))


def test_the_library_does_what_the_exercise_asks_for() -> None:
    def by_library(params: Params, known: Vocabulary, wanted: Vocabulary, fresh: Params) -> Params:
        made = with_alphabet(params, known, wanted, rng=np.random.default_rng(0))
        for name in ("E", "b_y"):
            getattr(made, name)[2] = getattr(fresh, name)[2]
        made.W_y[:, 2] = fresh.W_y[:, 2]
        return made

    assert check.alphabet(by_library).right


# ---- 23.2


def cut(order: list[str], tenth: int) -> Lists:
    return order[2 * tenth :], order[tenth : 2 * tenth], order[:tenth]


def dealt(words: list[str], rng: np.random.Generator) -> Lists:
    order = [words[k] for k in rng.permutation(len(words))]
    return cut(order, len(order) // 10)


def deal(words: list[str], rng: np.random.Generator) -> Lists:
    return dealt(sorted({clean_name(word) for word in words}), rng)


def too_early(words: list[str], rng: np.random.Generator) -> Lists:
    return dealt([clean_name(word) for word in sorted(set(words))], rng)


def only_within(words: list[str], rng: np.random.Generator) -> Lists:
    parts = [[clean_name(word) for word in part] for part in dealt(words, rng)]
    return tuple(sorted(set(part)) for part in parts)  # type: ignore[return-value]


def last_wins(words: list[str], rng: np.random.Generator) -> Lists:
    return dealt(list(dict.fromkeys(clean_name(word) for word in words)), rng)


def test_deal_right() -> None:
    assert check.deal("A", deal).right
    assert check.deal(" line a ", deal).right


@pytest.mark.parametrize("line", list("BCDE"))
def test_deal_another_line(line: str) -> None:
    assert f"line {line}: " in hint(check.deal(line, deal))


def test_deal_no_line() -> None:
    assert "with one letter, A to E" in hint(check.deal(7, deal))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (too_early, "two spellings of a word were dealt as two cards"),
        (only_within, "stand in two lists"),
        (lambda w, rng: dealt(sorted(set(w)), rng), "some words still have capitals"),
        (lambda w, rng: dealt(sorted({x.lower() for x in w}), rng), "lower() leaves an accent apart"),
        (last_wins, "sort, then shuffle"),
        (lambda w, rng: deal(w, np.random.default_rng(0)), "shuffle by the rng that comes in"),
        (lambda w, rng: cut(sorted({clean_name(x) for x in w}), 100), "shuffle by the rng that comes in"),
        (lambda w, rng: deal(w, rng)[::-1], "expected 800, 100 and 100"),
        (lambda w, rng: (*deal(w, rng)[:2], []), "each belongs to one list"),
        (lambda w, rng: (deal(w, rng)[0] * 2, [], []), "some words stand twice in one list"),
        (lambda w, rng: deal(w, rng)[:2], "return three lists"),
        (lambda w, rng: (1, 2, 3), "return three lists"),
    ],
)
def test_deal_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.deal("A", wrong))


# ---- 23.3

HALF = 1.96 * 5 / sqrt(40)


def test_few_right() -> None:
    assert check.few(40, HALF, (1.96 * 5 / 0.25) ** 2).right
    assert check.few(40, 1.55, 1537).right


@pytest.mark.parametrize(
    ("judges", "half", "needed", "expected"),
    [
        (400, ..., ..., "that is the whole list"),
        (320, ..., ..., "those teach"),
        (80, ..., ..., "choose and judge together"),
        (7, ..., ..., "80 % teach"),
        (40, ..., ..., "half_width is still to do"),
        (40, 5 / sqrt(40), ..., "one standard deviation of the mean"),
        (40, 9.8, ..., "for a single word"),
        (40, 9.8 / 40, ..., "not the number itself"),
        (40, 2 * HALF, ..., "the whole interval"),
        (40, 0.49, ..., "with all words as judges"),
        (40, 9.8 / sqrt(320), ..., "with the training words"),
        (40, 7, ..., "over the root of the number"),
        (40, HALF, 39.2, "square it"),
        (40, HALF, 400, "that makes one standard deviation"),
        (40, HALF, 15366, "the length of the whole list"),
        (40, HALF, 248, "six times six"),
        (40, HALF, 1, "solve 1.96"),
    ],
)
def test_few_wrong(judges: object, half: object, needed: object, expected: str) -> None:
    assert expected in hint(check.few(judges, half, needed))


# ---- 23.4

LETTERS = "bcdfghklmnprstvz"
OWN = [a + "u" + b + "ø" + c for a in LETTERS for b in LETTERS for c in LETTERS[:2]]


def test_own_list_right() -> None:
    assert "512 distinct words in 18 characters" in repr(check.own_list(OWN))
    for each in (tuple(OWN), set(OWN), np.array(OWN), pd.Series(OWN)):
        assert check.own_list(each).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("mir tob", "a list of words is asked for"),
        (7, "a list of words is asked for"),
        ([*OWN, 3], "a list of words is asked for"),
        ([*OWN, "R2"], "1 of 513 is no word; the first is 'R2': the name 'r2' contains a number"),
        ([*OWN, "R2", ""], "2 of 514 are no words; the first is 'R2'"),
        (dict.fromkeys(OWN), "a list of words is asked for"),
        ([], "a list of words is asked for"),
        (OWN[:200], "200 distinct words; bring 300"),
        (shipped_words("turkish"), "100% of them are on the book's turkish list"),
        ([*OWN[:200], *(word.upper() for word in OWN[:200])], "the others repeat them, in capitals perhaps"),
        ([*load_splits().train[:400]], "100% of them are names of the book's corpus"),
        ([*OWN, "a" * 61], "is it a line of text"),
    ],
)
def test_own_list_wrong(wrong: object, expected: str) -> None:
    assert expected in hint(check.own_list(wrong))
