"""Chapter 1's feedback: each typical wrong answer gets its own hint, a blank none, the right answer is right."""

import random
from importlib import resources

import numpy as np
import pytest

from lstm_lib.check import chapter_01 as check
from lstm_lib.check.feedback import NOT_ATTEMPTED
from lstm_lib.data import load_names, make_batch, split_names
from lstm_lib.vocabulary import END, Vocabulary


def deal(items, rng):
    order = rng.permutation(len(items))
    shuffled = [items[place] for place in order]
    first, second = int(0.8 * len(items)), int(0.9 * len(items))
    return shuffled[:first], shuffled[first:second], shuffled[second:]


def assert_hint(feedback, words):
    assert feedback.status == "not yet"
    assert words in feedback.message


def unfilled(*arguments):
    return ...


def failing(*arguments):
    raise KeyError("oops")


# ---- 1.1


def test_the_constants_of_exercise_1_are_those_of_the_file():
    with resources.as_file(resources.files("lstm_lib.datasets") / "national_names_1880.csv") as path:
        rows = load_names(path)
    assert len(rows) == 10_000
    assert len(rows[["name", "year"]].drop_duplicates()) == 9_462
    on_rows = rows["name"].value_counts()
    assert (len(rows) - len(on_rows), (on_rows > 1).sum(), (on_rows == 1).sum()) == (7_263, 2_101, 636)
    assert len(rows[["name", "sex"]].drop_duplicates()) == 2_941
    assert rows["name"].nunique() == check.DISTINCT_NAMES


@pytest.mark.parametrize("answer", [2_737, np.int64(2_737)])
def test_distinct_names_right(answer):
    assert check.distinct_names(answer).right


def test_distinct_names_unfilled():
    assert check.distinct_names(...) is NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10_000, "number of rows"),
        (9_462, "Leave the year out"),
        (7_263, "the rows that repeat a name"),
        (2_101, "more than one row"),
        (636, "on a single row"),
        (2_941, "Leave the sex out"),
        (5_000, "halved the rows"),
        (2_000, "divided by the five years"),
        (1_000, "the most that one name can fill"),
        (2_736, "too few"),
        (2_738, "too many"),
        ({"ana", "an"}, "got a value of type set"),
        (2_737.0, "whole number"),
        (True, "whole number"),
    ],
)
def test_distinct_names_hints(answer, words):
    assert_hint(check.distinct_names(answer), words)


# ---- 1.2


@pytest.mark.parametrize(
    "solution",
    [
        lambda names, rng: deal(sorted(set(names)), rng),
        lambda names, rng: split_names(names, rng=rng),
        lambda names, rng: [np.array(part) for part in deal(sorted(set(names)), rng)],
    ],
    ids=["chapter", "library", "arrays"],
)
def test_split_right(solution):
    assert check.split_by_name(solution).right


@pytest.mark.parametrize("answer", [..., None, unfilled])
def test_split_unfilled(answer):
    assert check.split_by_name(answer) is NOT_ATTEMPTED


def sorted_in_place(names, rng):
    names.sort()
    return deal(sorted(set(names)), rng)


def uneven(names, rng):
    names = sorted(set(names))
    return names[:900], names[900:950], names[950:]


def gap(names, rng):
    train, val, test = deal(sorted(set(names)), rng)
    return train, val[1:], test


def with_a_stranger(names, rng):
    train, val, test = deal(sorted(set(names)), rng)
    return [*train, "zoe"], val, test


def one_name_twice(names, rng):
    train, val, test = deal(sorted(set(names)), rng)
    return [*train, train[0]], val, test


def hidden_generator(names, rng):
    names = sorted(set(names))
    random.shuffle(names)
    return names[:800], names[800:900], names[900:]


def unshuffled(names, rng):
    names = sorted(set(names))
    return names[:800], names[800:900], names[900:]


def turned(names, rng):
    names = sorted(set(names))
    start = rng.integers(1, len(names))
    names = names[start:] + names[:start]
    return names[:800], names[800:900], names[900:]


def held_out_shuffled(names, rng):
    names = sorted(set(names))
    names = [*names[::5], *names[1::5], *names[2::5], *names[3::5], *rng.permutation(names[4::5])]
    return names[:800], names[800:900], names[900:]


def always_tested(names, rng):
    names = sorted(set(names))
    rest = list(rng.permutation([name for place, name in enumerate(names) if place % 10]))
    return rest[:800], rest[800:], names[::10]


def stops_working():
    """A function that is right once and fails afterwards."""
    calls = []

    def split(names, rng):
        calls.append(1)
        return deal(sorted(set(names)), rng) if len(calls) == 1 else failing()

    return split


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (deal, "the rows are disjoint, the names are not"),
        (lambda names, rng: deal(list(set(names)), rng), "changes with the hash seed"),
        (lambda names, rng: deal(list(dict.fromkeys(names)), rng), "changes with the hash seed"),
        (hidden_generator, "Draw the order from the rng"),
        (unshuffled, "every seed gives the same split"),
        (turned, "the part changes 3 times in 1000 names"),
        (held_out_shuffled, "800 of the 800 names in train are the same, by chance it would be about 640"),
        (always_tested, "100 of the 100 names in test are the same, by chance it would be about 10"),
        (uneven, "80 %, 10 % and 10 %"),
        (lambda names, rng: deal(sorted(set(names)), rng)[::-1], "Return train, val, test"),
        (lambda names, rng: deal(sorted(set(names)), np.random.default_rng(0)), "a generator of your own"),
        (gap, "1 of the 1000 names are in no part"),
        (with_a_stranger, "'zoe' stands in a part"),
        (one_name_twice, "some stand there twice"),
        (sorted_in_place, "your function changes names"),
        (lambda names, rng: sorted(set(names)), "return three lists"),
        (lambda names, rng: tuple(map(set, deal(sorted(set(names)), rng))), "A set will not do"),
        (lambda names, rng: ([1], [2], [3]), "return three lists"),
        (stops_working(), "two different splits"),
        (failing, "KeyError"),
        (lambda names: names, "TypeError"),
        (7, "should be a function"),
    ],
)
def test_split_hints(wrong, words):
    assert_hint(check.split_by_name(wrong), words)


def test_a_hint_names_one_of_the_names_in_both_parts():
    assert "'aab' is one" in check.split_by_name(lambda names, rng: (["aab"], ["aab"], [])).message


# ---- 1.3


def mask_of(names, targets, *, extra=1):
    lengths = np.array([len(name) for name in names])
    return np.arange(len(targets))[:, None] < lengths + extra


def first_cell_lost(names, targets):
    mask = mask_of(names, targets)
    mask[0] = False
    return mask


def test_mask_right():
    assert check.build_mask(mask_of).right
    assert check.build_mask(lambda names, targets: mask_of(names, targets).tolist()).right
    assert check.build_mask(lambda names, targets: make_batch(names, Vocabulary.from_names(names)).mask).right


@pytest.mark.parametrize("answer", [..., unfilled])
def test_mask_unfilled(answer):
    assert check.build_mask(answer) is NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda names, targets: targets != END, "you erased the real end of each name"),
        (lambda names, targets: mask_of(names, targets, extra=0), "the sum is 18, the letters; it must be letters"),
        (lambda names, targets: mask_of(names, targets, extra=2), "one step too many: the sum is 25, it must be 22"),
        (lambda names, targets: mask_of(names, targets).T, "(B, T)"),
        (lambda names, targets: np.ones(targets.shape, dtype=bool), "all True, so the padding counts: 48"),
        (lambda names, targets: ~mask_of(names, targets), "upside down"),
        (lambda names, targets: mask_of(names, targets).astype(int), "not booleans"),
        (lambda names, targets: mask_of(names, targets)[:-1], "(12, 4); got shape (11, 4)"),
        (lambda names, targets: (mask_of(names, targets), 22), "(12, 4), not a tuple of 2"),
        (first_cell_lost, "column 0 is a name of 3 letters: it needs 4 True"),
        (failing, "KeyError"),
    ],
)
def test_mask_hints(wrong, words):
    assert_hint(check.build_mask(wrong), words)


# ---- 1.4


@pytest.mark.parametrize("answer", [{2, 4, 6}, [6, 4, 2], (2, 4, 6, 6), frozenset({2, 4, 6})])
def test_buggy_lines_right(answer):
    assert check.buggy_lines(answer).right


def test_buggy_lines_unfilled():
    assert check.buggy_lines(...) is NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (set(), "0 of 3 found. For the next one, compare what the file holds"),
        ({2}, "1 of 3 found. For the next one, start Python twice"),
        ({2, 4}, "2 of 3 found. For the next one, call load twice"),
        ({4, 6}, "Is everybody still there?"),
        ({2, 11}, "the loader has lines 1 to 10; got 11"),
        (2, "as a set"),
        ({"2"}, "as a set"),
        *(({2, 4, line}, f"line {line} is {words}") for line, words in check.FINE_LINES.items()),
    ],
)
def test_buggy_lines_hints(answer, words):
    assert_hint(check.buggy_lines(answer), words)


def test_every_line_of_the_loader_has_an_answer():
    assert check.FINE_LINES.keys() | check.BUGS == set(range(1, 11))
    assert check.NUDGES.keys() == check.BUGS
