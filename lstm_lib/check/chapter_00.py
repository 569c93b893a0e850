"""Chapter 0: the game real or invented, and feedback on it, on the costliest symbol and on counting new names."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import as_number
from lstm_lib.data import Split, load_splits
from lstm_lib.model import Params
from lstm_lib.sample import sample_names
from lstm_lib.vocabulary import END_MARK, Vocabulary

DRAWS = 20  # names drawn for each invented one that is wanted: most of them are new


# ---- 0.1


def deal(params: Params, vocabulary: Vocabulary, real: int, invented: int, *, rng: np.random.Generator) -> list[str]:
    """So many real names that the model never read, and so many that it invents, in mixed order."""
    split = load_splits()
    kept = sorted(split.val + split.test)
    names = [kept[place] for place in rng.choice(len(kept), real, replace=False)]
    drawn = dict.fromkeys(sample_names(params, vocabulary, DRAWS * invented, rng=rng))
    new = [name for name in drawn if name and name not in _real_names()][:invented]
    if len(new) < invented:
        raise ValueError(f"the model invented only {len(new)} new names in {DRAWS * invented}; it needs {invented}")
    names += new
    return [names[place] for place in rng.permutation(len(names))]


@exercise
def real_or_invented(answers: object, names: Sequence[str]) -> Feedback:
    """Exercise 0.1: ten rounds, True for a real name and False for an invented one, in the order of `names`."""
    if blank(answers):
        return NOT_ATTEMPTED
    given = _as_list(answers)
    if len(given) != len(names):
        return not_yet(f"give a list of {len(names)} answers, True for a real name and False for an invented one.")
    waiting = [place for place, answer in enumerate(given) if blank(answer)]
    if len(waiting) == len(names):
        return NOT_ATTEMPTED
    if waiting:
        return not_yet(f"{names[waiting[0]]!r} still waits for an answer.")
    if odd := [answer for answer in given if not isinstance(answer, (bool, np.bool_))]:
        return not_yet(f"write True for a real name and False for an invented one; got {short_repr(odd[0])}.")
    truth = [name in _real_names() for name in names]
    rounds = enumerate(zip(names, given, truth, strict=True), start=1)
    wrong = [f"{place} {name}" for place, (name, answer, real) in rounds if bool(answer) != real]
    return _judge(wrong, len(names), bool(given[0]) if len(set(map(bool, given))) == 1 else None)


def _as_list(answers: Any) -> list[object]:
    """The answers of anything that has a length and can be walked along (a pandas Series, say); else no answer."""
    if isinstance(answers, str) or not hasattr(answers, "__len__"):
        return []
    try:
        return list(answers)
    except TypeError:  # an array of one number, np.array(True): it has a length only by name
        return []


def _judge(wrong: list[str], rounds: int, only: bool | None) -> Feedback:
    """The verdict on all rounds but the wrong ones; `only` is the answer that was given in all of them."""
    score = rounds - len(wrong)
    said = f"{score} of {rounds} right" + (f", wrong: {', '.join(wrong)}" if wrong else "")
    if score > rounds / 2:
        chance = 100 * sum(math.comb(rounds, k) for k in range(score, rounds + 1)) / 2**rounds
        return right(f"{said}. A coin does as well in {chance:.0f} of 100 games." if chance >= 0.5 else f"{said}!")
    if only is not None:
        return not_yet(f"{said}: {only} in every round is no better than guessing, which gets {rounds / 2:g}.")
    if score <= rounds / 5:
        return not_yet(f"{said}. Are you sure that you wrote True for the real ones?")
    return not_yet(f"{said}. Guessing gets {rounds / 2:g}; calling the cheaper names real (window 2) gets one more.")


@cache
def _real_names() -> frozenset[str]:
    split = load_splits()
    return frozenset(split.train + split.val + split.test)


# ---- 0.2


@exercise
def costliest(symbol: object, name: str, costs: Sequence[float]) -> Feedback:
    """Exercise 0.2: the symbol of `name`, or "." for its end, that costs most; `costs`: nats of each, the end last."""
    if blank(symbol):
        return NOT_ATTEMPTED
    if not isinstance(symbol, str) or len(symbol.strip()) != 1:
        return not_yet(f"give one symbol in quotes, such as {name[0]!r}, or '.' for the end; got {short_repr(symbol)}.")
    signs, mine = name + END_MARK, symbol.strip().lower()
    if mine not in signs:
        return not_yet(f"{mine!r} does not stand in {name!r}.")
    if len(costs) != len(signs):
        return not_yet(f"{name!r} has {len(signs)} symbols, the end counted; the costs are {len(costs)}.")
    place = max((k for k, sign in enumerate(signs) if sign == mine), key=lambda k: costs[k])
    if costs[place] == max(costs):
        return right(f"Place {place + 1}, {_cost(costs[place])}.")
    return not_yet(_cheaper(signs, place, costs))


def _cost(nats: float) -> str:
    return f"{nats:.2f} nats: the machine gave it {100 * math.exp(-nats):.0f} %"


def _cheaper(signs: str, place: int, costs: Sequence[float]) -> str:
    """Why the symbol at this place is not the costliest."""
    mine, before = signs[place], signs[:place]
    said = f"{mine!r} costs {_cost(costs[place])}"
    if before.endswith("q") and mine == "u":
        return f"{said}. After q, u is nearly free."
    if costs[place] == min(costs):
        return f"{said}. No symbol of this name is cheaper."
    if mine == END_MARK:
        return f"{said}. That the name ends here is less of a surprise than one of its letters."
    share = _letter_counts()[mine] / _letter_counts().total()
    if mine == min(signs[:-1], key=lambda letter: _letter_counts()[letter]) and math.exp(-costs[place]) > share:
        return f"{said}. Of all letters {100 * share:.1f} % are {mine!r}, so that is much; another costs more."
    if place == 0:
        return f"{said}. At the first letter everything is open, so it costs much; but one costs more."
    return f"{said}. Another costs more: where does the name leave the road that most names take?"


@cache
def _letter_counts() -> Counter[str]:
    return Counter("".join(load_splits().train))


# ---- 0.3

KNOWN = Split(train=("ana",), val=("ada", "bob"), test=("eve", "ivy", "kim", "leo"))  # 1, 2, 4 names, and
NEW = ("anoa", "bilda", "ebrilo", "keebo", "lorvan", "mirb", "quazie", "zelborn")  # 8: a count tells who is in it
THRICE = ["ana", "anoa", "anoa", "anoa"]  # one invention thrice: each time it is a new name
COUNTS: dict[float, str] = {
    14: "the names in val and test are real too: compare with all three lists.",
    10: "the names in val are real too; they are missing from your comparison.",
    12: "the names in test are real too; they are missing from your comparison.",
    9: "the names in train are real too; they are missing from your comparison.",
    13: "you compare with val alone; train and test hold real names too.",
    11: "you compare with test alone; train and val hold real names too.",
    15: "all 15 count as new for you, and 7 of them are real. New is what stands in none of the three lists: not in "
    "train and not in val and not in test. (With `or`, one list that lacks a name is enough; `name not in [train, val, "
    "test]` compares a name with whole lists.)",
    7: "you counted the real ones; new are all the others.",
    1: "you counted the names that stand in train; new is what stands in none of the lists.",
    6: "you counted the names that stand in val or test; new is what stands in none of the lists.",
    0: "none is new for you. No name stands in all three lists at once (`and`, `all`), and none is itself one of the "
    "lists (`name in [train, val, test]`); new is what stands in none of them.",
}


@exercise
def count_new(function: Callable[..., Any]) -> Feedback:
    """Exercise 0.3: `(names, split) -> how many of the names stand in none of the three lists`; on two lists."""
    names = [*KNOWN.train, *NEW[:4], *KNOWN.val, *NEW[4:], *KNOWN.test]
    for some, new in ((names, len(NEW)), (names[:3], 2), (THRICE, 3)):
        answer, feedback = ask(function, some, KNOWN)
        if feedback is not None:
            return feedback
        counted = as_number(answer)
        if counted is None:
            return not_yet(f"return how many are new, a number; your function returned {type(answer).__name__}.")
        if counted != new:
            return not_yet(_count_hint(counted, len(some), new))
    return right("New means: in none of the three lists.")


def _count_hint(counted: float, names: int, new: int) -> str:
    """What went wrong where `counted` of so many names were found to be new."""
    if math.isclose(counted, new / names):
        return "that is the share of new names; return how many they are."
    if (counted, names) == (1, len(THRICE)):
        return "an invention that comes three times counts three times: go through the list; a set drops repeats."
    otherwise = f"of {names} names {new} are new; you counted {counted:g}. New is what stands in none of the lists."
    return COUNTS.get(counted, otherwise) if new == len(NEW) else otherwise
