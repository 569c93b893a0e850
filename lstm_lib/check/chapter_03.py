"""Feedback for chapter 3, Set the bar by counting: kinds, Witten-Bell by hand, a leak, a friend's law, discounts."""

from collections import Counter
from collections.abc import Callable, Mapping
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, as_number, first_match, judge
from lstm_lib.check.parts.chapter_03_laws import mended
from lstm_lib.tree import FloatArray

__all__ = ["by_hand", "discounts", "kinds", "leaky", "mended"]

# ---- 3.1

Rows = dict[str, Counter[str]]
LETTERS = [".", "a", "n", "h"]
NAMES = ["hanna", "anna", "hana", "nana", "ahan", "nnah"]


def _rows(names: list[str]) -> Rows:
    rows: Rows = {}
    for name in names:
        text = f".{name}."
        for t in range(1, len(text)):
            for start in range(t + 1):
                rows.setdefault(text[start:t], Counter())[text[t]] += 1
    return rows


@exercise
def kinds(function: Callable[..., Any]) -> Feedback:
    """Exercise 3.1: `(rows, u, characters) -> {y: number of symbols before u y}`, on a list of six names."""
    rows = _rows(NAMES)
    for u in ("n", "an", "", "a"):
        answer, feedback = ask(function, rows, u, LETTERS)
        if feedback is not None:
            return feedback
        if not isinstance(answer, Mapping) or None in map(as_number, answer.values()):
            return not_yet(f"return a Counter (or a dictionary): for each symbol y a number; got {short_repr(answer)}.")
        found = {y: number for y, number in answer.items() if number}
        if found != _kinds(rows, u):
            return not_yet(f"after {u!r}: {_kinds_hint(rows, u, found)}")
    return right("Each symbol counts once for every different symbol that stood before the pair.")


def _kinds(rows: Rows, u: str, letters: list[str] = LETTERS) -> dict[str, int]:
    return dict(Counter(y for k in letters for y in rows.get(k + u, {})))


def _kinds_hint(rows: Rows, u: str, found: dict[str, int]) -> str:
    """What went wrong for this context."""
    behind = Counter(y for k in LETTERS for y in rows.get(u + k, {}))
    of_k = {k: len(rows[k + u]) for k in LETTERS if k + u in rows}
    slips = [
        ("those are the cases; count each symbol k before it once, however often it came.", dict(rows[u])),
        ("the mark is a kind as well: a name may begin with u, and then k is the end mark.",
         _kinds(rows, u, LETTERS[1:])),
        ("k must stand BEFORE u, so look up k + u, not u + k.", dict(behind)),
        ("you count, for each k, the different y; for each y count the different k.", of_k),
        ("every symbol that came counts 1; add 1 for each k whose row holds it.", dict.fromkeys(rows[u], 1)),
    ]  # fmt: skip
    missing = set(_kinds(rows, u)) - set(found)
    otherwise = f"{sorted(missing)} is missing; " if missing else ""
    expected = dict(sorted(_kinds(rows, u).items()))
    return next(
        (hint for hint, wrong in slips if found == wrong),
        f"{otherwise}it should be {expected}; yours is {short_repr(found)}.",
    )


# ---- 3.2

UNIGRAM = (2 + 3 / 3) / (9 + 3)  # the end mark: 2 of 9 symbols, 3 kinds, below them 1/3
END_AFTER_N = {
    0.0: "plain counts say never; Witten-Bell shares out a spare mass of 2",
    2 * (2 / 9) / 5: "the unigram is smoothed as well: its end mark gets (2 + 3 * 1/3) / (9 + 3), not 2/9",
    2 * (1 / 3) / 5: "between n and the uniform law lies the unigram; n hands its spare mass to the unigram first",
    2 * (2 + 3 / 27) / 12 / 5: "this little world has three symbols, so the uniform law is 1/3, not 1/27",
    2 * UNIGRAM / 3: "two slips lead here. The spare mass belongs under the line too: 3 cases and 2 kinds make 5. "
    "And 5/12 is the unigram's chance of a; the end mark's is another",
    UNIGRAM: "that is the unigram's chance; after n it has a say of 2 in 5",
    2 / 5: "that is all of the spare mass; the unigram deals it out, and gives the end mark a quarter",
    3 * UNIGRAM / 6: "the spare mass counts the kinds that CAME after n; the end mark did not, so there are two",
    3 / 5: "that is the share which n keeps for its own counts",
    2 * (4 + 1) / (11 + 3) / 5: "the mark in front is read, never predicted: two ends in nine symbols",
}  # fmt: skip


@exercise
def by_hand(answer: object) -> Feedback:
    """Exercise 3.2: Witten-Bell's chance of the end mark after n, from ana and anna; the exact answer is 1/10."""
    otherwise = "first the unigram's chance of the end mark, then (0 + 2 * that) / (3 + 2)"
    number = Number("p(. | n)", answer, 0.1, END_AFTER_N, otherwise)
    return judge("One in ten, for something that never happened.", number)


# ---- 3.3


@exercise
def leaky(answer: object, seen: float, unseen: float) -> Feedback:
    """Exercise 3.3: the loss of a list of which 13 % (by symbols) were counted; `seen`, `unseen`: nats of the parts."""
    hints = {
        0.87 * seen + 0.13 * unseen: "the shares are exchanged: 13 % of the symbols are known, 87 % are not",
        0.13 * seen: "and the other 87 %? They still cost what unseen names cost",
        0.87 * unseen: "the leaked 13 % are not free: they cost what counted names cost",
        (seen + unseen) / 2: "that weighs both parts alike; weigh each with its share",
        0.13 * (unseen - seen): "that is how much is gained; what loss is reported?",
        seen: "that is the loss if every name had leaked",
        unseen: "that is the loss without a leak",
        float(np.exp(0.13 * seen + 0.87 * unseen)): "that is the perplexity; the question is for nats",
        float(np.log(0.13 * np.exp(seen) + 0.87 * np.exp(unseen))): "you averaged perplexities; average the nats",
    }
    otherwise = "a mean of two losses, with the weights 0.13 and 0.87"
    number = Number("answer", answer, 0.13 * seen + 0.87 * unseen, hints, otherwise, 2e-3)
    return judge("The model is the same, only the list is leaky: that much of a record may be leak.", number)


# ---- 3.5

PAIRS = (np.array([4.0, 2, 1, 1]), np.array([900.0, 300, 140, 80]))


@exercise
def discounts(function: Callable[..., Any]) -> Feedback:
    """Exercise 3.5: `(P) -> three discounts`, P the number of pairs that were counted 1, 2, 3 and 4 times."""
    for P in PAIRS:
        answer, feedback = ask(function, P)
        if feedback is not None:
            return feedback
        got, hint = as_array(answer, (3,), "the discounts, for counts of 1, 2, and 3 or more,")
        if hint is not None:
            return not_yet(hint)
        if not np.allclose(got, _discounts(P, P[0] / (P[0] + 2 * P[1]))):
            return not_yet(first_match(got, _discount_slips(P), "look at (3.7): P[0] is P_1, and j runs from 1 to 3."))
    return right("Rare pairs give up a larger share than frequent ones.")


def _discounts(P: FloatArray, Y: float, *, factor: int = 1) -> FloatArray:
    j = np.array([1, 2, 3])
    return j - (j + factor) * Y * P[1:] / P[:3]


def _discount_slips(P: FloatArray) -> dict[str, FloatArray]:
    """Hints, each with the discounts of the mistake it speaks of."""
    Y, j = float(P[0] / (P[0] + 2 * P[1])), np.array([1, 2, 3])
    exact = _discounts(P, Y)
    return {
        "Y is missing: P_1 / (P_1 + 2 P_2) multiplies the fraction.": _discounts(P, 1.0),
        "in Y, P_2 counts twice.": _discounts(P, float(P[0] / (P[0] + P[1]))),
        "the factor is j + 1, not j.": _discounts(P, Y, factor=0),
        "those are the counts that are left; the discount is j minus that.": j - exact,
        "the fraction is upside down: P_(j+1) stands above P_j.": j - (j + 1) * Y * P[:3] / P[1:],
        "j runs from 1: the first discount takes from 1, the third from 3.": exact - 1,
    }
