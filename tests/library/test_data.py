"""Splits and batches: nothing lost, nothing shared, nothing that depends on order, repeats or the hash seed."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lstm_lib.data import Batch, Split, batches, check_batch, load_names, load_splits, make_batch, split_names
from lstm_lib.vocabulary import END, Vocabulary

NAME = st.text("anuß太", max_size=7)
NAMES = st.lists(NAME, min_size=1, max_size=30)
VOCABULARY = Vocabulary.from_names(["anuß太"])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- the shipped corpus ---------------------------------------------------------------------------------------


def test_the_corpus_is_read_with_its_columns_and_its_one_split() -> None:
    table = load_names()
    assert table.columns.tolist() == ["name", "count_f", "count_m", "split"]
    assert table["count_f"].dtype == table["count_m"].dtype == np.int64
    assert {"nan", "true"} <= set(table["name"])
    split = load_splits()
    for part, names in zip(Split._fields, split, strict=True):
        assert isinstance(names, tuple)
        assert all(type(name) is str for name in names)
        assert list(names) == table["name"][table["split"] == part].tolist()
    assert sorted(name for part in split for name in part) == sorted(table["name"])


# --- split_names ----------------------------------------------------------------------------------------------


@given(st.lists(NAME, min_size=3, max_size=60), st.integers(0, 9), st.randoms())
def test_a_split_keeps_every_distinct_name_once_and_ignores_order_and_repeats(
    names: list[str], seed: int, shuffler: Any
) -> None:
    assume(len(set(names)) >= 3)
    split = split_names(names, rng=rng(seed))
    assert sorted(name for part in split for name in part) == sorted(set(names))
    assert all(split)
    again = names * 2
    shuffler.shuffle(again)
    assert split_names(again, rng=rng(seed)) == split


@given(st.integers(1, 2000), st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any))
def test_the_sizes_are_the_fractions_to_within_one_name(count: int, weights: list[int]) -> None:
    fractions = [weight / sum(weights) for weight in weights]
    wanted = [fraction > 0 for fraction in fractions]
    assume(count >= sum(wanted))
    split = split_names([f"{number:04}" for number in range(count)], rng=rng(), fractions=tuple(fractions))  # type: ignore[arg-type]
    sizes = [len(part) for part in split]
    assert sum(sizes) == count
    assert [size > 0 for size in sizes] == wanted
    if count >= 60:  # no share is below one name, so nothing was moved to fill an empty part
        assert all(abs(size - count * part) < 1 + 1e-6 for size, part in zip(sizes, fractions, strict=True))


@pytest.mark.parametrize(
    ("count", "fractions", "sizes"),
    [
        (1, (1.0, 0.0, 0.0), (1, 0, 0)),
        (36719, (0.8, 0.1, 0.1), (29375, 3672, 3672)),
        (10, (0.8, 0.1, 0.1), (8, 1, 1)),
        (5, (0.8, 0.1, 0.1), (3, 1, 1)),
        (3, (0.8, 0.1, 0.1), (1, 1, 1)),
        (4, (1, 0, 0), (4, 0, 0)),
        (4, (0, 0.5, 0.5), (0, 2, 2)),
        (5, (0, 0.5, 0.5), (0, 3, 2)),
        (7, (0.1, 0.1, 0.8), (1, 1, 5)),
        (30, (0.7, 0.2, 0.1), (21, 6, 3)),
        (100, (0.29, 0.42, 0.29), (29, 42, 29)),
        (10, (0.55, 0.28, 0.17), (5, 3, 2)),  # 5.5, 2.8, 1.7: the two that lost most get the two that are left
        (10, (0.17, 0.28, 0.55), (2, 3, 5)),
        (6, (0.5, 0.25, 0.25), (3, 2, 1)),  # 1.5 and 1.5: the first of equals
        (4, (0.45, 0.45, 0.1), (1, 2, 1)),  # the name that fills the empty part comes from the first of the largest
        (4, (0.1, 0.1, 0.8), (1, 1, 2)),
    ],
)
def test_sizes_that_you_can_check_by_hand(
    count: int, fractions: tuple[float, float, float], sizes: tuple[int, ...]
) -> None:
    split = split_names([str(number) for number in range(count)], rng=rng(), fractions=fractions)
    assert tuple(len(part) for part in split) == sizes


def test_a_split_follows_its_generator_and_its_first_names_are_a_fair_sample() -> None:
    names = [f"{number:04}" for number in range(1000)]
    assert split_names(names, rng=rng(0)) != split_names(names, rng=rng(1))
    order = rng(5).permutation(1000)
    expected = tuple(names[place] for place in order)
    split = split_names(names, rng=rng(5))
    assert (split.train, split.val, split.test) == (expected[:800], expected[800:900], expected[900:])


@pytest.mark.parametrize(
    ("names", "fractions", "error", "message"),
    [
        ("ana", (0.8, 0.1, 0.1), TypeError, "must be a list of strings"),
        ([1], (0.8, 0.1, 0.1), TypeError, r"names\[0\] must be a string; got 1"),
        ([], (0.8, 0.1, 0.1), ValueError, "at least one name"),
        (["a", "b", "b"], (0.8, 0.1, 0.1), ValueError, r"2 distinct names are too few.*at least one"),
        (["a", "b", "c"], 0.8, TypeError, "three numbers.*got 0.8"),
        (["a", "b", "c"], "abc", TypeError, "three numbers.*got 'abc'"),
        (["a", "b", "c"], (0.8, 0.1, "x"), TypeError, "three numbers.*'x'"),
        (["a", "b", "c"], (True, 0, 0), TypeError, "three numbers.*True"),
        (["a", "b", "c"], (0.9, 0.1), ValueError, r"three numbers.*got \(0.9, 0.1\)"),
        (["a", "b", "c"], (0.5, 0.3, 0.1), ValueError, r"with the sum 1; got \(0.5, 0.3, 0.1\)"),
        (["a", "b", "c"], (1.2, -0.1, -0.1), ValueError, "none below 0"),
        (["a", "b", "c"], (float("nan"), 0.5, 0.5), ValueError, "none below 0"),
        (["a", "b", "c"], (float("inf"), 0.5, 0.5), ValueError, "sum 1"),
    ],
)
def test_bad_splits_are_refused(names: Any, fractions: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        split_names(names, rng=rng(), fractions=fractions)


@pytest.mark.parametrize("error", [1e-10, -1e-10])
def test_a_sum_that_is_1_but_for_rounding_will_do(error: float) -> None:
    names = [str(number) for number in range(10)]
    exact = split_names(names, rng=rng(), fractions=(0.5, 0.3, 0.2))
    assert split_names(names, rng=rng(), fractions=(0.5 + error, 0.3, 0.2)) == exact
    with pytest.raises(ValueError, match=r"with the sum 1; got \(0\.[45]"):
        split_names(names, rng=rng(), fractions=(0.5 + 100 * error, 0.3, 0.2))


def test_the_generator_is_asked_for_by_name() -> None:
    with pytest.raises(TypeError, match="rng"):
        split_names(["a", "b", "c"])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"numpy\.random\.Generator.*got 0"):
        split_names(["a", "b", "c"], rng=0)  # type: ignore[arg-type]


SPLIT_IN_ANOTHER_PROCESS = """
import hashlib, json, numpy as np
from lstm_lib.data import load_names, split_names
names = set(load_names()["name"].head(2000)) | {"zoë", "ñusta", "o'brien"}
split = split_names(names, rng=np.random.default_rng(7))
print(hashlib.sha256(json.dumps(split).encode()).hexdigest())
"""
PINNED = "0084fa14e06431c058c862f9178f2123b308f7dc2ef0bf6c5f41c9378400b4a5"


def test_the_split_is_the_same_under_every_hash_seed() -> None:
    digests = []
    for seed in ("0", "1"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-W", "error", "-c", SPLIT_IN_ANOTHER_PROCESS]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        digests.append(run.stdout.strip())
    assert digests == [PINNED, PINNED]
    assert len(PINNED) == hashlib.sha256().digest_size * 2


# --- make_batch -----------------------------------------------------------------------------------------------


def test_the_running_example_as_a_batch() -> None:
    inputs, targets, mask = make_batch(["ana", "an"], Vocabulary.from_names(["ana"]))
    assert inputs.T.tolist() == [[0, 1, 2, 1], [0, 1, 2, 0]]
    assert targets.T.tolist() == [[1, 2, 1, 0], [1, 2, 0, 0]]
    assert mask.T.tolist() == [[True] * 4, [True, True, True, False]]
    assert (inputs.dtype, targets.dtype, mask.dtype) == (np.intp, np.intp, np.bool_)


@given(NAMES)
def test_a_batch_holds_each_name_and_nothing_else(names: list[str]) -> None:
    batch = make_batch(names, VOCABULARY)
    check_batch(batch)
    assert batch.inputs.shape == (max(map(len, names)) + 1, len(names))
    assert batch.mask.sum() == sum(map(len, names)) + len(names)
    assert (batch.inputs[0] == END).all()
    assert (batch.inputs[1:] == np.where(batch.mask[1:], batch.targets[:-1], END)).all()
    assert (batch.targets[~batch.mask] == END).all()
    for column, name in enumerate(names):
        real = batch.targets[batch.mask[:, column], column]
        assert real[-1] == END
        assert END not in real[:-1]
        assert VOCABULARY.decode(real) == name


def test_the_empty_name_asks_for_the_end_mark_only() -> None:
    batch = make_batch([""], VOCABULARY)
    assert [array.tolist() for array in batch] == [[[END]], [[END]], [[True]]]


@pytest.mark.parametrize(
    ("names", "vocabulary", "error", "message"),
    [
        ("ana", VOCABULARY, TypeError, "must be a list of strings"),
        ([], VOCABULARY, ValueError, "at least one name"),
        (["ana", None], VOCABULARY, TypeError, r"names\[1\] must be a string; got None"),
        (["ana", "bea"], VOCABULARY, ValueError, "'bea' has 'b'"),
        (["an."], VOCABULARY, ValueError, r"'an\.' has '\.'"),
        (["ana"], ".an", TypeError, r"must be a Vocabulary.*got '\.an'"),
    ],
)
def test_bad_names_are_refused_at_the_call(names: Any, vocabulary: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make_batch(names, vocabulary)
    with pytest.raises(error, match=message):
        batches(names, vocabulary, 2, rng=rng())


# --- batches --------------------------------------------------------------------------------------------------


def names_of(batch: Batch) -> list[str]:
    return [VOCABULARY.decode(column) for column in batch.targets.T]


@given(NAMES, st.integers(1, 40), st.integers(0, 9))
def test_an_epoch_is_one_permutation_cut_into_batches(names: list[str], size: int, seed: int) -> None:
    used, fresh = rng(seed), rng(seed)
    epoch = list(batches(names, VOCABULARY, size, rng=used))
    order = fresh.permutation(len(names))
    assert [name for batch in epoch for name in names_of(batch)] == [names[place] for place in order]
    assert Counter(name for batch in epoch for name in names_of(batch)) == Counter(names)
    sizes = [batch.inputs.shape[1] for batch in epoch]
    assert sizes[:-1] == [size] * (len(sizes) - 1)
    assert 0 < sizes[-1] <= size
    assert used.bit_generator.state == fresh.bit_generator.state


def test_the_order_is_drawn_at_the_call_and_nothing_after_it() -> None:
    used, fresh = rng(3), rng(3)
    epoch = batches(["a", "n", "u"], VOCABULARY, 2, rng=used)
    fresh.permutation(3)
    assert used.bit_generator.state == fresh.bit_generator.state
    assert next(iter(epoch)).inputs.shape == (2, 2)
    assert used.bit_generator.state == fresh.bit_generator.state


def test_the_names_are_read_once_and_not_changed() -> None:
    names = ["a", "an", "u"]
    epoch = batches(iter(names), VOCABULARY, 2, rng=rng())
    names.clear()
    assert sum(batch.inputs.shape[1] for batch in epoch) == 3


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [(0, ValueError, "at least 1; got 0"), (2.0, TypeError, "whole number; got 2.0"), (True, TypeError, "got True")],
)
def test_bad_batch_sizes_are_refused_at_the_call(size: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        batches(["a"], VOCABULARY, size, rng=rng())


def test_a_seed_is_no_generator() -> None:
    with pytest.raises(TypeError, match=r"numpy\.random\.Generator"):
        batches(["a"], VOCABULARY, 1, rng=0)  # type: ignore[arg-type]


# --- check_batch ----------------------------------------------------------------------------------------------

IDS = np.zeros((3, 2), dtype=np.intp)
TRUE = np.ones((3, 2), dtype=bool)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 4), st.sampled_from([np.int8, np.uint16]))
def test_any_ids_with_a_prefix_mask_are_a_batch(lengths: list[int], extra: int, dtype: Any) -> None:
    T, B = max(lengths) + extra, len(lengths)
    batch = Batch(np.full((T, B), 9, dtype), np.full((T, B), 5), np.arange(T)[:, None] < np.array(lengths))
    checked = check_batch(batch)
    assert isinstance(checked, Batch)
    assert all(got is given for got, given in zip(checked, batch, strict=True))


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=3))
def test_a_mask_is_refused_unless_each_column_is_a_prefix(columns: list[list[bool]]) -> None:
    mask = np.array(columns).T
    ids = np.zeros(mask.shape, dtype=np.intp)
    if all(column[0] and column == sorted(column, reverse=True) for column in columns):
        check_batch(Batch(ids, ids, mask))
    else:
        with pytest.raises(ValueError, match="non-empty prefix of each column"):
            check_batch(Batch(ids, ids, mask))


def test_the_message_names_the_column() -> None:
    mask = np.array([[True, False], [True, True]])
    with pytest.raises(ValueError, match=r"column 1: \[False  True\]"):
        check_batch(Batch(IDS[:2], IDS[:2], mask))


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (None, TypeError, r"Batch\(inputs, targets, mask\); got NoneType"),
        ((IDS, IDS), TypeError, "got tuple"),
        (Batch(IDS * 1.0, IDS, TRUE), TypeError, r"batch\.inputs must be an array of integers.*float64"),
        (Batch(IDS, TRUE, TRUE), TypeError, r"batch\.targets must be an array of integers.*bool"),
        (Batch(IDS, IDS, IDS), TypeError, r"batch\.mask must be an array of booleans.*int"),
        (Batch(IDS, IDS, [[True]]), TypeError, r"batch\.mask must be an array of booleans; got \[\[True\]\]"),  # type: ignore[arg-type]
        (Batch(IDS, IDS[:2], TRUE), ValueError, r"one shape.*\(2, 2\)"),
        (Batch(IDS, IDS, TRUE[:, :1]), ValueError, r"one shape.*\(3, 1\)"),
        (Batch(IDS[0], IDS[0], TRUE[0]), ValueError, r"one shape \(T, B\).*\(2,\)"),
        (Batch(IDS[:0], IDS[:0], TRUE[:0]), ValueError, r"at least \(1, 1\)"),
        (Batch(IDS[:, :0], IDS[:, :0], TRUE[:, :0]), ValueError, r"at least \(1, 1\)"),
    ],
)
def test_what_is_no_batch_is_refused(batch: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check_batch(batch)
