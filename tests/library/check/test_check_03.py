"""Chapter 3's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_03 as check
from lstm_lib.check.feedback import Feedback


@pytest.mark.parametrize(
    "unfilled",
    [
        check.kinds(...),
        check.kinds(lambda rows, u, characters: ...),
        check.by_hand(...),
        check.by_hand(None),
        check.leaky(..., 1.6, 2.0),
        check.mended(...),
        check.mended(lambda rows, u, characters: None),
        check.discounts(...),
        check.discounts(lambda P: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 3.1


def kinds(rows, u, characters):
    return Counter(y for k in characters for y in rows.get(k + u, {}))


def by_symbol(rows, u, characters):
    """Another right way, with zeros for what never came."""
    return {y: sum(rows.get(k + u, Counter())[y] > 0 for k in characters) for y in characters}


@pytest.mark.parametrize("right", [kinds, by_symbol, lambda r, u, c: dict(kinds(r, u, c))])
def test_kinds_right(right) -> None:
    assert check.kinds(right).right


def writes_into_rows(rows, u, characters):
    for k in characters:
        rows.setdefault(k + u, Counter())
    return kinds(rows, u, characters)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda r, u, c: r[u], "those are the cases"),
        (lambda r, u, c: kinds(r, u, c[1:]), "the mark is a kind as well"),
        (lambda r, u, c: Counter(y for k in c for y in r.get(u + k, {})), "k must stand BEFORE u"),
        (lambda r, u, c: {k: len(r[k + u]) for k in c if k + u in r}, "for each y count the different k"),
        (lambda r, u, c: dict.fromkeys(r[u], 1), "add 1 for each k whose row holds it"),
        (lambda r, u, c: {}, "after 'n': ['.', 'a', 'n'] is missing; it should be {"),
        (lambda r, u, c: {y: n + 1 for y, n in kinds(r, u, c).items()}, "after 'n': it should be {'.': "),
        (lambda r, u, c: kinds(r, u, c) if u else Counter("a"), "after '': "),
        (lambda r, u, c: 3, "return a Counter (or a dictionary)"),
        (lambda r, u, c: list(kinds(r, u, c)), "return a Counter (or a dictionary)"),
        (lambda r, u, c: r["zzz"], "your function raised KeyError"),
        (writes_into_rows, "your function changes rows"),
        (5, "this should be a function; got 5"),
    ],
)
def test_kinds_wrong(wrong, expected: str) -> None:
    assert expected in hint(check.kinds(wrong))


# ---- 3.2


@pytest.mark.parametrize("answer", [0.1, 1 / 10, 0.1004, np.float64(0.1)])
def test_by_hand_right(answer: float) -> None:
    assert check.by_hand(answer).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (0, "plain counts say never"),
        (2 * (2 / 9) / 5, "the unigram is smoothed as well"),
        (2 * (1 / 3) / 5, "between n and the uniform law lies the unigram"),
        (2 * (19 / 9 / 12) / 5, "the uniform law is 1/3, not 1/27"),
        (1 / 6, "5/12 is the unigram's chance of a"),
        (2 * 0.25 / 3, "3 cases and 2 kinds make 5"),  # the same number
        (0.25, "that is the unigram's chance"),
        (0.4, "that is all of the spare mass"),
        (3 * 0.25 / 6, "the end mark did not, so there are two"),
        (0.6, "the share which n keeps"),
        (2 * (5 / 14) / 5, "two ends in nine symbols"),
        (0.3, "first the unigram's chance"),
        ("a tenth", "p(. | n) should be a number"),
    ],
)
def test_by_hand_wrong(wrong: object, expected: str) -> None:
    assert expected in hint(check.by_hand(wrong))


# ---- 3.3

SEEN, UNSEEN = 1.581, 1.960


@pytest.mark.parametrize("answer", [0.13 * SEEN + 0.87 * UNSEEN, 1.91, 1.911])
def test_leaky_right(answer: float) -> None:
    assert check.leaky(answer, SEEN, UNSEEN).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (0.87 * SEEN + 0.13 * UNSEEN, "the shares are exchanged"),
        (0.13 * SEEN, "and the other 87 %?"),
        (0.87 * UNSEEN, "the leaked 13 % are not free"),
        ((SEEN + UNSEEN) / 2, "weigh each with its share"),
        (0.13 * (UNSEEN - SEEN), "how much is gained"),
        (SEEN, "if every name had leaked"),
        (UNSEEN, "without a leak"),
        (np.exp(0.13 * SEEN + 0.87 * UNSEEN), "that is the perplexity"),
        (np.log(0.13 * np.exp(SEEN) + 0.87 * np.exp(UNSEEN)), "you averaged perplexities"),
        (3.0, "a mean of two losses"),
        ("little", "answer should be a number"),
    ],
)
def test_leaky_wrong(wrong: object, expected: str) -> None:
    assert expected in hint(check.leaky(wrong, SEEN, UNSEEN))


def test_leaky_with_too_few_decimals() -> None:
    """1.92 for 1.9154 is right, but so near to the mean of perplexities that it would get that hint."""
    assert "keep more digits" in hint(check.leaky(1.92, 1.617, 1.960))


# ---- 3.4


def friend(rows, u, characters):
    shorter = friend(rows, u[1:], characters) if u else [1 / len(characters)] * len(characters)
    row = rows.get(u, Counter())
    total = sum(row.values())
    return [row[y] / total if y in row else p for y, p in zip(characters, shorter, strict=True)]


def renormalised(rows, u, characters):
    scores = friend(rows, u, characters)
    return [score / sum(scores) for score in scores]


def witten_bell(rows, u, characters):
    shorter = witten_bell(rows, u[1:], characters) if u else [1 / len(characters)] * len(characters)
    row = rows.get(u)
    if row is None:
        return shorter
    return [(row[y] + len(row) * p) / (row.total() + len(row)) for y, p in zip(characters, shorter, strict=True)]


def discounted(rows, u, characters):
    shorter = discounted(rows, u[1:], characters) if u else [1 / len(characters)] * len(characters)
    row = rows.get(u)
    if row is None:
        return shorter
    spare = 0.5 * len(row)
    return np.array(
        [(max(row[y] - 0.5, 0) + spare * p) / row.total() for y, p in zip(characters, shorter, strict=True)]
    )


@pytest.mark.parametrize("right", [witten_bell, renormalised, discounted])
def test_mended_right(right) -> None:
    assert check.mended(right).right


def plain(rows, u, characters):
    while u not in rows:
        u = u[1:]
    return [rows[u][y] / rows[u].total() for y in characters]


def adding(rows, u, characters):
    row = rows.get(u, Counter())
    return [(row[y] + 1) / (row.total() + len(characters)) for y in characters]


def unigram(rows, u, characters):
    return witten_bell(rows, "", characters)


def upside_down(rows, u, characters):
    scores = [1 / p for p in witten_bell(rows, u, characters)]
    return [score / sum(scores) for score in scores]


def changes_rows(rows, u, characters):
    filled = defaultdict(Counter, rows)
    law = witten_bell(rows, u, characters)
    rows[u] = filled[u]
    return law


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (friend, "unchanged. Add up the chances after 'n'"),
        (lambda r, u, c: [0.7 * p for p in friend(r, u, c)], "after 'n' the chances add up to 0.7538; they must"),
        (plain, "'h' gets 0, and would cost infinity"),
        (adding, "let the shorter context share out their part"),
        (unigram, "the same after every context"),
        (upside_down, "is not the most probable one"),
        (lambda r, u, c: [-0.5, 0.5, 0.5, 0.5], "is negative or not a number"),
        (lambda r, u, c: [np.nan] * 4, "is negative or not a number"),
        (lambda r, u, c: [0.5, 0.5], "one for each character, should be one array of shape (4,); got shape (2,)"),
        (lambda r, u, c: 0.25, "got shape ()"),
        (lambda r, u, c: "law", "(str)"),
        (lambda r, u, c: {"a": 1}, "(dict)"),
        (lambda r, u, c: witten_bell(r, u, c) if u in r else r[u], "your function raised KeyError"),
        (changes_rows, "your function changes rows"),
    ],
)
def test_mended_wrong(wrong, expected: str) -> None:
    assert expected in hint(check.mended(wrong))


# ---- 3.5

J = np.array([1, 2, 3])


def estimated(P, *, Y=None, factor=1):
    weight = P[0] / (P[0] + 2 * P[1]) if Y is None else Y(P)
    return J - (J + factor) * weight * P[1:] / P[:3]


@pytest.mark.parametrize("right", [estimated, lambda P: estimated(P).tolist(), lambda P: tuple(estimated(P))])
def test_discounts_right(right) -> None:
    assert check.discounts(right).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda P: estimated(P, Y=lambda P: 1), "Y is missing"),
        (lambda P: estimated(P, Y=lambda P: P[0] / (P[0] + P[1])), "P_2 counts twice"),
        (lambda P: estimated(P, factor=0), "the factor is j + 1"),
        (lambda P: J - estimated(P), "those are the counts that are left"),
        (lambda P: J - (J + 1) * P[0] / (P[0] + 2 * P[1]) * P[:3] / P[1:], "upside down"),
        (lambda P: estimated(P) - 1, "j runs from 1"),
        (lambda P: [0.75] * 3, "look at (3.7)"),
        (lambda P: estimated(P) if P[0] == 4 else [0.75] * 3, "look at (3.7)"),
        (lambda P: 0.75, "counts of 1, 2, and 3 or more, should be one array of shape (3,); got shape ()"),
        (lambda P: P, "got shape (4,)"),
        (lambda P: "three", "(str)"),
        (lambda P: P[4], "your function raised IndexError"),
    ],
)
def test_discounts_wrong(wrong, expected: str) -> None:
    assert expected in hint(check.discounts(wrong))
