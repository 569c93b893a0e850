"""Feedback for exercise 23.2: the line that deals words before they have one spelling, and the mended function."""

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.names.clean import clean_name

LINES = {
    "B": "line B: clean_name gives each word its one spelling, as it should. Another line does its work too early.",
    "C": "line C: a new order of all words, by the rng that came in: right.",
    "D": "line D: a tenth of the words: right.",
    "E": "line E: the first tenth, the second, and the rest share no place: right.",
}
LETTERS = "ąbcdéfghij"


@exercise
def deal(line: object, my_deal: Callable[..., Any]) -> Feedback:
    """Exercise 23.2: the sick line, and `(words, rng) -> (train, val, test)`, tried on a thousand words, some twice."""
    feedback = letter_feedback(line, "A", LINES)
    if feedback is not None:
        return feedback
    rows, pen = _rows(), np.random.default_rng
    answer, feedback = ask(my_deal, rows, pen(0))
    if feedback is not None:
        return feedback
    parts = _lists(answer)
    if parts is None:
        return not_yet("return three lists of words: train, val, test.")
    hint = _spelling_hint(parts) or _size_hint(parts)
    again = _lists(ask(my_deal, rows[::-1], pen(0))[0])
    if hint is None and again != parts:
        hint = "the same words in another order gave other lists; a set has no order of its own: sort, then shuffle."
    if hint is None and _lists(ask(my_deal, rows, pen(1))[0]) == parts:
        hint = "every seed gives the same lists: shuffle by the rng that comes in."
    return verdict(hint, "One spelling first, then one of each, then the cards are dealt.")


def _rows() -> list[str]:
    """1,000 distinct words of three letters, and 400 of them again in another spelling, in mixed order."""
    words = [a + b + c for a in LETTERS for b in LETTERS for c in LETTERS]
    capitals = [word.upper() for word in words[::4]]
    loose = [unicodedata.normalize("NFD", word) for word in words if "é" in word[:1] or "ą" in word[1:2]]
    rows = words + capitals + loose
    return [rows[place] for place in np.random.default_rng(23).permutation(len(rows))]


def _lists(answer: object) -> list[list[str]] | None:
    """The three parts as lists of strings, or None."""
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        return None
    if not all(isinstance(part, tuple | list) and all(isinstance(word, str) for word in part) for part in answer):
        return None
    return [[str(word) for word in part] for part in answer]


def _spelling_hint(parts: list[list[str]]) -> str | None:
    """What is wrong with who stands where, or None."""
    every = [word for part in parts for word in part]
    wanted = {clean_name(word) for word in _rows()}
    loose = [word for word in every if word.lower() == word and unicodedata.normalize("NFC", word) != word]
    if any(word != word.lower() for word in every):
        return "some words still have capitals; clean_name gives each its one spelling."
    if loose:
        return (
            f"{loose[0]!r} has {len(loose[0])} characters for {len(clean_name(loose[0]))} letters: lower() leaves an "
            "accent apart from its letter; clean_name joins them."
        )
    train, val, test = map(set, parts)
    shared = sorted(train & val | train & test | val & test)
    if shared:
        return (
            f"{len(shared)} words stand in two lists, {shared[0]!r} is one: two spellings of a word were dealt as two "
            "cards. Make the words distinct after they are cleaned, and before they are dealt."
        )
    if len(every) > len(set(every)):
        return "some words stand twice in one list: make them distinct before they are dealt."
    if set(every) != wanted:
        return f"{len(wanted)} words came in, {len(set(every))} came out: each belongs to one list."
    return None


def _size_hint(parts: list[list[str]]) -> str | None:
    sizes = [len(part) for part in parts]
    return None if sizes == [800, 100, 100] else f"the lists hold {sizes} words; expected 800, 100 and 100 of 1,000."
