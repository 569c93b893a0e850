"""Feedback for chapter 23, Bring your own words."""

from collections.abc import Callable, Mapping
from math import sqrt
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.arguments import is_series
from lstm_lib.bring import SHIPPED, shipped_words
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import Number, first_match, judge, params_hint
from lstm_lib.check.parts.chapter_23_deal import deal
from lstm_lib.data import load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.names.clean import clean_name, is_name
from lstm_lib.tree import FloatArray, tree_map
from lstm_lib.vocabulary import Vocabulary

__all__ = ["alphabet", "deal", "few", "own_list"]

# ---- 23.1

KNOWN, WANTED = Vocabulary((".", "a", "n", "o")), Vocabulary((".", "a", "é", "n"))
CELL, LETTERS = ("W_x", "W_h", "b"), ("E", "W_y", "b_y")


@exercise
def alphabet(my_alphabet: Callable[..., Any]) -> Feedback:
    """Exercise 23.1: `(params, known, wanted, fresh) -> Params` for the vocabulary `wanted`, on four symbols each."""
    rng = np.random.default_rng(23)
    params, fresh = (tree_map(lambda leaf: rng.normal(size=leaf.shape), init_params(4, 2, 3, rng=rng)) for _ in "ab")
    answer, feedback = ask(my_alphabet, params, KNOWN, WANTED, fresh)
    if feedback is not None:
        return feedback
    hint = params_hint(answer, fresh) or _cell_hint(answer, params, fresh)
    for name in LETTERS:
        hint = hint or _letters_hint(name, *(_by_letter(each, name) for each in (answer, params, fresh)))
    return verdict(hint, "Known letters bring their numbers along, to wherever they now stand.")


def _by_letter(params: Params, name: str) -> FloatArray:
    """A tensor with one row a letter, whichever of its axes counts the letters."""
    leaf: FloatArray = getattr(params, name)
    return leaf.T if name == "W_y" else leaf


def _cell_hint(mine: Params, old: Params, new: Params) -> str | None:
    """What is wrong with the three tensors that know no letters, or None."""
    for name in CELL:
        if np.array_equal(getattr(mine, name), getattr(new, name)):
            return f"{name} is the fresh one: the cell knows no letters, so all of it stays."
        if not np.array_equal(getattr(mine, name), getattr(old, name)):
            return f"{name} should be that of params, untouched."
    return None


def _letters_hint(name: str, mine: FloatArray, old: FloatArray, new: FloatArray) -> str | None:
    """What is wrong with the numbers of the end mark, a and n at their new places, and the fresh ones of é, or None."""
    if np.array_equal(mine, np.stack([old[0], old[1], new[2], old[2]])):
        return None
    stranger = mine if np.array_equal(mine[[0, 1, 3]], old[:3]) else new
    slips = {
        "copied place by place; but place 2 was n and is é now: look each letter up in both vocabularies": old,
        "all fresh: the letters that both know bring their part along": new,
        "nothing of place 0: the end mark is a symbol that both know": np.stack([new[0], old[1], new[2], old[2]]),
        "place 3 has the numbers of o; there stands n now": np.stack([old[0], old[1], new[2], old[3]]),
        "right for the shared letters; but é is new and should have the fresh numbers of place 2": stranger,
    }
    otherwise = "each shared letter should have its old numbers at its new place, and the new one fresh numbers"
    return f"{name}: {first_match(mine, slips, otherwise)}."


# ---- 23.3

SPREAD, WORDS = 5.0, 400
JUDGES: dict[float, str] = {
    400: "that is the whole list; a tenth of it judges",
    320: "those teach; a tenth of the list judges",
    80: "those choose and judge together; a tenth of the list judges",
}
HALF: dict[float, str] = {
    SPREAD / sqrt(40): "that is one standard deviation of the mean; 95 % take 1.96 of them",
    1.96 * SPREAD: "that is for a single word; the mean of n words varies less, by the root of n",
    1.96 * SPREAD / 40: "the root of the number of words, not the number itself",
    2 * 1.96 * SPREAD / sqrt(40): "that is the whole interval; half of it is asked for",
    1.96 * SPREAD / sqrt(400): "that is with all words as judges; a tenth of them judges",
    1.96 * SPREAD / sqrt(320): "that is with the training words; they do not judge",
}
NEEDED: dict[float, str] = {
    (1.96 * SPREAD / 0.25): "square it: the interval shrinks with the root of the number",
    (SPREAD / 0.25) ** 2: "that makes one standard deviation 0.25; 95 % take 1.96 of them",
    10 * (1.96 * SPREAD / 0.25) ** 2: "that is the length of the whole list; how many of them judge?",
    1.96 * SPREAD / sqrt(40) / 0.25 * 40: "six times narrower takes six times six as many words: the root",
}


@exercise
def few(judges: object, half_width: object, needed: object) -> Feedback:
    """Exercise 23.3: how many of 400 words judge, how sure their mean is, and how many would make it sure enough."""
    half = 1.96 * SPREAD / sqrt(40)
    return judge(
        "Forty judges leave a word's price open by a nat and a half. "
        "(Two rivals on the same words are told apart sooner: chapter 16.)",
        Number("judges", judges, 40, JUDGES, "80 % teach, 10 % choose, 10 % judge"),
        Number("half_width", half_width, half, HALF, "1.96 times the spread, over the root of the number", 0.02),
        Number("needed", needed, (1.96 * SPREAD / 0.25) ** 2, NEEDED, "solve 1.96 * 5 / root(n) = 0.25 for n", 2),
    )


# ---- 23.4

FEWEST, SHARED = 300, 0.5


@exercise
def own_list(my_words: object) -> Feedback:
    """Exercise 23.4: any list of words of the reader's own; what is judged is whether it is fit to learn from."""
    if blank(my_words):
        return NOT_ATTEMPTED
    words = [] if isinstance(my_words, Mapping) or not is_series(my_words) else list(my_words)
    if not words or not all(isinstance(word, str) for word in words):
        return not_yet(f"a list of words is asked for, such as ['mir', 'tob']; got {short_repr(my_words)}.")
    bad = [word for word in words if not is_name(word)]
    if bad:
        such = "is no word" if len(bad) == 1 else "are no words"
        return not_yet(f"{len(bad)} of {len(words)} {such}; the first is {short_repr(bad[0])}: {_why(bad[0])}.")
    distinct = {clean_name(word) for word in words}
    if len(distinct) < FEWEST:
        repeats = f" (of {len(words)} entries: the others repeat them, in capitals perhaps)" * (
            len(words) > len(distinct)
        )
        return not_yet(f"{len(distinct)} distinct words{repeats}; bring {FEWEST} at least.")
    books = {"names of the book's corpus": set().union(*load_splits())}
    books |= {f"on the book's {language} list": set(shipped_words(language)) for language in SHIPPED}
    for what, known in books.items():
        shared = len(distinct & known) / len(distinct)
        if shared > SHARED:
            return not_yet(f"{shared:.0%} of them are {what}: bring words of your own.")
    if max(map(len, distinct)) > 60:
        return not_yet(f"the longest has {max(map(len, distinct))} letters: is it a line of text? Split it into words.")
    letters = len(set("".join(distinct)))
    return right(f"{len(distinct):,} distinct words in {letters} characters: ready for `bring`.")


def _why(word: str) -> str:
    """The reason of `clean_name`."""
    try:
        return clean_name(word)
    except ValueError as error:
        return str(error)[:200]
