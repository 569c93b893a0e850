"""Chapter 0's game and feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from check_cases import hint

from lstm_lib.check import chapter_00 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.data import Split, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.vocabulary import Vocabulary

QUIZ = ["aaron", "xqz", "mary", "zzyx", "john", "qqq", "anna", "vvv", "jwx", "ruth"]
TRUTH = [name in {"aaron", "mary", "john", "anna", "ruth"} for name in QUIZ]


def turned(*rounds: int) -> list[Any]:
    """The true answers, those of some rounds turned round."""
    return [answer != (place in rounds) for place, answer in enumerate(TRUTH)]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.real_or_invented(..., QUIZ),
        check.real_or_invented(None, QUIZ),
        check.real_or_invented([...] * 10, QUIZ),
        check.costliest(..., "ana", [1, 2, 3, 4]),
        check.count_new(...),  # type: ignore[arg-type]
        check.count_new(lambda names, split: ...),
        check.count_new(lambda names, split: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- the deal


def small_model(*, ends: bool = False) -> tuple[Params, Vocabulary]:
    """A model of a few units that knows nothing, or one that ends each name at once."""
    vocabulary = Vocabulary((".", *"abcdefghijklmnopqrstuvwxyz"))
    params = init_params(len(vocabulary), 2, 3, rng=np.random.default_rng(0))
    params.b_y[0] = 50.0 if ends else 0.0
    return params, vocabulary


def test_the_deal_mixes_real_names_kept_from_training_with_new_ones() -> None:
    split = load_splits()
    names = check.deal(*small_model(), 5, 4, rng=np.random.default_rng(1))
    kept = [name in {*split.val, *split.test} for name in names]
    assert len(set(names)) == 9
    assert sum(kept) == 5
    assert kept != sorted(kept)
    assert kept != sorted(kept, reverse=True)
    assert not set(names) & set(split.train)
    assert "" not in names
    assert names == check.deal(*small_model(), 5, 4, rng=np.random.default_rng(1))
    assert names != check.deal(*small_model(), 5, 4, rng=np.random.default_rng(2))


def test_the_deal_says_when_the_model_invents_too_little() -> None:
    with pytest.raises(ValueError, match="invented only 0 new names in 40; it needs 2"):
        check.deal(*small_model(ends=True), 1, 2, rng=np.random.default_rng(0))


# ---- 0.1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ((), "10 of 10 right!"),
        ((0,), "9 of 10 right, wrong: 1 aaron. A coin does as well in 1 of 100 games."),
        ((0, 4, 9), "7 of 10 right, wrong: 1 aaron, 5 john, 10 ruth. A coin does as well in 17 of 100 games."),
        ((0, 1, 2, 3), "6 of 10 right, wrong: 1 aaron, 2 xqz, 3 mary, 4 zzyx. A coin does as well in 38 of 100 games."),
    ],
)
def test_more_than_half_is_right(wrong: tuple[int, ...], said: str) -> None:
    answer = check.real_or_invented(turned(*wrong), QUIZ)
    assert answer.right
    assert answer.message == said


def test_answers_may_come_from_numpy_or_pandas_or_as_a_tuple() -> None:
    assert check.real_or_invented(np.array(TRUTH), QUIZ).right
    assert check.real_or_invented(pd.Series(TRUTH, index=QUIZ), QUIZ).right
    assert check.real_or_invented(dict(zip(QUIZ, TRUTH, strict=True)).values(), QUIZ).right
    assert check.real_or_invented(tuple(TRUTH), QUIZ).right


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            turned(0, 1, 2, 3, 4),
            "5 of 10 right, wrong: 1 aaron, 2 xqz, 3 mary, 4 zzyx, 5 john. Guessing gets 5; calling the cheaper",
        ),
        (turned(*range(7)), "5 john, 6 qqq, 7 anna. Guessing gets 5; calling the cheaper names real (window 2)"),
        (turned(*range(8)), "6 qqq, 7 anna, 8 vvv. Are you sure that you wrote True for the real ones?"),
        ([True] * 10, "wrong: 2 xqz, 4 zzyx, 6 qqq, 8 vvv, 9 jwx: True in every round is no better than guessing"),
        ([False] * 10, "wrong: 1 aaron, 3 mary, 5 john, 7 anna, 10 ruth: False in every round"),
        ([*TRUTH[:3], ..., *TRUTH[4:]], "'zzyx' still waits for an answer"),
        ([*TRUTH[:9], "real"], "write True for a real name and False for an invented one; got 'real'"),
        ([*TRUTH[:9], 1], "got 1"),
        (TRUTH[:9], "give a list of 10 answers"),
        ("real", "give a list of 10 answers"),
        (True, "give a list of 10 answers"),
        (np.array(True), "give a list of 10 answers"),
        (pd.Series([True] * 10, index=QUIZ), "True in every round"),
    ],
)
def test_half_or_less_and_other_forms(answers: object, expected: str) -> None:
    assert expected in hint(check.real_or_invented(answers, QUIZ))


# ---- 0.2

ENRIQUE = [3.2, 3.6, 4.0, 0.6, 3.1, 0.03, 0.2, 0.05]  # e n r i q u e .


@pytest.mark.parametrize("symbol", ["r", " R "])
def test_costliest_right(symbol: str) -> None:
    answer = check.costliest(symbol, "enrique", ENRIQUE)
    assert answer.right
    assert answer.message == "Place 3, 4.00 nats: the machine gave it 2 %."


def test_the_end_and_a_letter_that_stands_twice_can_be_the_costliest() -> None:
    assert check.costliest(".", "ana", [2, 1, 2, 4]).right
    assert "Place 3," in check.costliest("a", "ana", [2, 1, 5, 4]).message


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("q", "gave it 5 %. Of all letters 0.2 % are 'q', so that is much; another costs more."),
        ("u", "After q, u is nearly free"),
        ("e", "At the first letter everything is open"),
        (".", "less of a surprise than one of its letters"),
        ("n", "'n' costs 3.60 nats: the machine gave it 3 %. Another costs more"),
        ("i", "Another costs more: where does the name leave the road"),
        ("x", "'x' does not stand in 'enrique'"),
        ("en", "give one symbol in quotes, such as 'e', or '.' for the end; got 'en'"),
        (3, "give one symbol in quotes"),
    ],
)
def test_costliest_wrong(symbol: object, expected: str) -> None:
    assert expected in hint(check.costliest(symbol, "enrique", ENRIQUE))


def test_the_cheapest_symbol_and_costs_of_another_name() -> None:
    assert "No symbol of this name is cheaper" in hint(check.costliest("n", "ana", [2, 1, 3, 4]))
    assert "'ana' has 4 symbols, the end counted; the costs are 8" in hint(check.costliest("a", "ana", ENRIQUE))


def test_the_rarest_letter_is_not_called_expected_where_it_is_not() -> None:
    said = hint(check.costliest("q", "enrique", [3.2, 3.6, 9.0, 0.6, 8.0, 0.03, 0.2, 0.05]))
    assert "so that is much" not in said
    assert "Another costs more: where does the name leave the road" in said


# ---- 0.3


def test_the_new_names_of_the_check_stand_nowhere_on_the_list() -> None:
    split = load_splits()
    assert not set(check.NEW) & {*split.train, *split.val, *split.test}
    assert len(set(check.NEW)) == len(check.NEW)


def counter(*lists: str, new: bool = True) -> Callable[[Sequence[str], Split], int]:
    """Count what stands in none of some of the lists; or, when not `new`, in one of them."""

    def count(names: Sequence[str], split: Split) -> int:
        known = {name for part in lists for name in getattr(split, part)}
        return sum((name not in known) == new for name in names)

    return count


def test_count_new_right() -> None:
    right = counter("train", "val", "test")
    assert check.count_new(right).right
    assert check.count_new(lambda names, split: np.int64(right(names, split))).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (counter("train"), "the names in val and test are real too: compare with all three lists"),
        (counter("train", "test"), "the names in val are real too"),
        (counter("train", "val"), "the names in test are real too"),
        (counter("val", "test"), "the names in train are real too"),
        (counter("val"), "you compare with val alone"),
        (counter("test"), "you compare with test alone"),
        (counter(), "all 15 count as new for you"),
        (lambda names, split: sum(any(n not in part for part in split) for n in names), "With `or`"),
        (counter("train", "val", "test", new=False), "you counted the real ones"),
        (counter("train", new=False), "names that stand in train"),
        (counter("val", "test", new=False), "you counted the names that stand in val or test"),
        (lambda names, split: sum(n not in [*split] for n in names), "compares a name with whole lists"),
        (lambda names, split: sum(n in [*split] for n in names), "none is itself one of the lists"),
        (lambda names, split: sum(all(n in part for part in split) for n in names), "in all three lists at once"),
        (lambda names, split: counter("train", "val", "test")(names, split) / len(names), "that is the share"),
        (lambda names, split: counter("train", "val", "test")({*names}, split), "a set drops repeats"),  # type: ignore[arg-type]
        (lambda names, split: {15: 8, 3: 2, 4: 4}[len(names)], "of 4 names 3 are new; you counted 4"),
        (lambda names, split: 5, "of 15 names 8 are new; you counted 5"),
        (lambda names, split: 0.3, "of 15 names 8 are new; you counted 0.3"),
        (lambda names, split: names, "return how many are new, a number; your function returned list"),
        (lambda names, split: names[99], "your function raised IndexError"),
        (20, "this should be a function; got 20"),
    ],
)
def test_count_new_wrong(function: Any, expected: str) -> None:
    assert expected in hint(check.count_new(function))
