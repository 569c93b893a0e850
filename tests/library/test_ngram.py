"""The counting baselines are a dictionary of counts, nothing more."""

import math
from collections import Counter, defaultdict
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc
from training_cases import NAMES, UNSEEN, VOCABULARY, generator

from lstm_lib.ngram import NGram, fit_ngram, ngram_nll, sample_ngram
from lstm_lib.vocabulary import END_MARK, Vocabulary

V = len(VOCABULARY)


def counted(names, order, add_k=0.0, vocabulary=VOCABULARY):
    """The same model as a dictionary of dictionaries, from strings alone: context -> next character -> probability."""
    counts = defaultdict(Counter)
    for name in names:
        text = END_MARK * (order - 1) + name + END_MARK
        for start in range(len(name) + 1):
            counts[text[start : start + order - 1]][text[start + order - 1]] += 1
    size = len(vocabulary)

    def p(context, character):
        total = counts[context].total() + add_k * size
        return (counts[context][character] + add_k) / total if total else 1 / size

    return p


def surprise(names, order, add_k):
    p, nats = counted(NAMES, order, add_k), []
    for name in names:
        text = END_MARK * (order - 1) + name + END_MARK
        nats += [p(text[i : i + order - 1], text[i + order - 1]) for i in range(len(name) + 1)]
    return sum(-math.log(x) for x in nats) / len(nats) if all(nats) else math.inf


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("add_k", [0, 0.1, 1, 2.5])
def test_the_table_is_a_dictionary_of_counts(order, add_k):
    model, p = fit_ngram(NAMES, VOCABULARY, order, add_k=add_k), counted(NAMES, order, add_k)
    assert model.table.shape == (V,) * order
    for ids in np.ndindex(*model.table.shape):
        *context, character = (VOCABULARY.characters[i] for i in ids)
        assert model.table[ids] == pytest.approx(p("".join(context), character), rel=1e-14, abs=0)


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("add_k", [0, 1e-300, 1e-3, 1, 1e9])
def test_every_conditional_sums_to_one(order, add_k):
    table = fit_ngram(NAMES, VOCABULARY, order, add_k=add_k).table
    np.testing.assert_allclose(table.sum(axis=-1), 1, rtol=0, atol=1e-12)
    assert (table >= 0).all()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text("abmn", max_size=5), min_size=1, max_size=8),
    st.lists(st.text("abmn", max_size=5), min_size=1, max_size=4),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.3]),
)
def test_the_loss_is_that_of_the_dictionary(names, others, order, add_k):
    p, chances = counted(names, order, add_k), []
    for other in others:
        text = END_MARK * (order - 1) + other + END_MARK
        chances += [p(text[i : i + order - 1], text[i + order - 1]) for i in range(len(other) + 1)]
    expected = sum(-math.log(x) for x in chances) / len(chances) if all(chances) else math.inf
    model = fit_ngram(names, VOCABULARY, order, add_k=add_k)
    assert ngram_nll(model, others) == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_the_uniform_model_is_surprised_by_the_logarithm_of_the_size():
    model = fit_ngram(NAMES, VOCABULARY, 0)
    np.testing.assert_array_equal(model.table, np.full(V, 1 / V))
    assert ngram_nll(model, UNSEEN) == pytest.approx(math.log(V), rel=1e-15)
    assert ngram_nll(fit_ngram(NAMES, VOCABULARY, 0, add_k=5), [""]) == -math.log(1 / V)


@pytest.mark.parametrize(("order", "expected"), [(1, math.inf), (2, math.inf), (3, math.inf)])
def test_without_smoothing_what_was_never_counted_is_infinitely_surprising(order, expected):
    names = ["anna", "nan"]
    model = fit_ngram(names, VOCABULARY, order)
    assert ngram_nll(model, [*names, "b"]) == expected
    assert math.isfinite(ngram_nll(model, names))
    assert math.isfinite(ngram_nll(fit_ngram(names, VOCABULARY, order, add_k=0.01), [*names, "b"]))


def test_a_context_never_seen_predicts_uniformly():
    for add_k in (0, 0.5):
        table = fit_ngram(["ana"], VOCABULARY, 2, add_k=add_k).table
        np.testing.assert_array_equal(table[VOCABULARY.encode("b")[0]], np.full(V, 1 / V))


def test_a_longer_context_knows_the_training_names_better():
    losses = [ngram_nll(fit_ngram(NAMES, VOCABULARY, order), NAMES) for order in (0, 1, 2, 3)]
    assert losses == sorted(losses, reverse=True)


def test_names_may_come_once_only_as_from_a_generator():
    model = fit_ngram((name for name in NAMES), VOCABULARY, 2)
    np.testing.assert_array_equal(model.table, fit_ngram(NAMES, VOCABULARY, 2).table)
    assert ngram_nll(model, (name for name in NAMES)) == ngram_nll(model, NAMES)


# samples


def name_chances(order, letters, longest):
    """The law of whole names up to `longest` letters, from the dictionary."""
    names = ["ab", "ba", "aab", "b"]
    vocabulary = Vocabulary.from_names(names)
    p, chances, open_ones = counted(names, order, 0.3, vocabulary), {}, {"": 1.0}
    for length in range(longest + 1):
        going_on = {}
        for start, chance in open_ones.items():
            context = (END_MARK * 3 + start)[3 + len(start) - (order - 1) :]
            chances[start] = chance * (p(context, END_MARK) if length < longest else 1)
            going_on |= {start + letter: chance * p(context, letter) for letter in letters}
        open_ones = going_on
    assert sum(chances.values()) == pytest.approx(1)
    return fit_ngram(names, vocabulary, order, add_k=0.3), chances


def chi_square_p(names, chances):
    statistic = 0.0
    for name, chance in chances.items():
        assert len(names) * chance > 4
        statistic += (names.count(name) - len(names) * chance) ** 2 / (len(names) * chance)
    return chdtrc(len(chances) - 1, statistic)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_samples_follow_the_law(order):
    model, chances = name_chances(order, "ab", 3)
    names = sample_ngram(model, 4000, rng=generator(1), max_length=3)
    assert set(names) <= set(chances)
    assert chi_square_p(names, chances) > 1e-3
    _, other = name_chances(order % 3 + 1, "ab", 3)
    assert chi_square_p(names, other) < 1e-6  # the test can fail: the law of another order is rejected


def test_the_uniform_model_draws_each_character_alike():
    model = fit_ngram(["ab"], Vocabulary.from_names(["ab"]), 0)
    names = sample_ngram(model, 4000, rng=generator(2), max_length=1)
    assert chi_square_p(names, {"": 1 / 3, "a": 1 / 3, "b": 1 / 3}) > 1e-3


def test_samples_are_reproducible_names_within_the_cap():
    model = fit_ngram(NAMES, VOCABULARY, 2, add_k=0.1)
    names = sample_ngram(model, 100, rng=generator(0), max_length=4)
    assert names == sample_ngram(model, 100, rng=generator(0), max_length=4)
    assert names != sample_ngram(model, 100, rng=generator(1), max_length=4)
    assert max(map(len, names)) == 4
    assert not any(END_MARK in name for name in names)
    endless = fit_ngram(["a" * 1000], VOCABULARY, 1)
    assert max(map(len, sample_ngram(endless, 3, rng=generator(0)))) == 30
    assert sample_ngram(model, 0, rng=generator()) == []


# bad arguments

BIGRAM = fit_ngram(NAMES, VOCABULARY, 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"order": 4}, ValueError, r"order must be 0 \(uniform\), 1, 2 or 3; got 4"),
        ({"order": -1}, ValueError, "order must be at least 0; got -1"),
        ({"order": 2.0}, TypeError, "order must be a whole number; got 2.0"),
        ({"order": True}, TypeError, "order must be a whole number; got True"),
        ({"add_k": -0.1}, ValueError, "add_k must be a finite number at least 0 and at most 1e.09; got -0.1"),
        ({"add_k": 1e300}, ValueError, "add_k must be a finite number at least 0 and at most 1e.09; got 1e.300"),
        ({"add_k": math.nan}, ValueError, "add_k must be a finite number at least 0"),
        ({"add_k": "1"}, TypeError, "add_k must be a number; got '1'"),
        ({"names": []}, ValueError, "names must hold at least one name; got none"),
        ({"names": "ana"}, TypeError, "names must be a list of strings"),
        ({"names": 5}, TypeError, "names must be a list of strings"),
        ({"names": ["ana", 5]}, TypeError, r"names\[1\] must be a string; got 5"),
        ({"names": ["ana", "xu"]}, ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        ({"vocabulary": "abc"}, TypeError, "vocabulary must be a Vocabulary.*got 'abc'"),
    ],
)
@pytest.mark.parametrize("order", [0, 2])
def test_fit_ngram_refuses_a_bad_argument(order, change, error, message):
    with pytest.raises(error, match=message):
        fit_ngram(**({"names": NAMES, "vocabulary": VOCABULARY, "order": order} | change))


@pytest.mark.parametrize(
    ("model", "names", "error", "message"),
    [
        (BIGRAM, [], ValueError, "names must hold at least one name; got none"),
        (BIGRAM, "ana", TypeError, "names must be a list of strings"),
        (BIGRAM, ["xu"], ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        (BIGRAM.table, NAMES, TypeError, "model must be NGram, such as fit_ngram returns; got an array of float64"),
    ],
)
def test_ngram_nll_refuses_a_bad_argument(model, names, error, message):
    with pytest.raises(error, match=message):
        ngram_nll(model, names)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"count": -1}, ValueError, "count must be at least 0; got -1"),
        ({"count": "3"}, TypeError, "count must be a whole number; got '3'"),
        ({"max_length": 0}, ValueError, "max_length must be at least 1; got 0"),
        ({"max_length": None}, TypeError, "max_length must be a whole number; got None"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
        ({"model": None}, TypeError, "model must be NGram, such as fit_ngram returns; got None"),
    ],
)
def test_sample_ngram_refuses_a_bad_argument(change, error, message):
    with pytest.raises(error, match=message):
        sample_ngram(**({"model": BIGRAM, "count": 2, "rng": generator()} | change))


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (np.full((2, 2), 0.5), ValueError, r"table must have one to three axes of the vocabulary's size 9; got shape"),
        (np.array(1.0), ValueError, r"table must have one to three axes .* got shape \(\)"),
        (np.full((V,) * 4, 1 / V), ValueError, "table must have one to three axes"),
        (np.full((V, V - 1), 1 / V), ValueError, "table must have one to three axes"),
        (np.full(V, 0.5), ValueError, "each row of table must hold probabilities >= 0 that sum to 1; got"),
        (np.eye(V)[0] * 2 - np.eye(V)[1], ValueError, "each row of table must hold probabilities >= 0 that sum to 1"),
        (np.full(V, np.nan), ValueError, "each row of table must hold probabilities >= 0 that sum to 1; got"),
        (np.ones(V, int), TypeError, "table must be a NumPy array of floats; got an array of int64"),
        ([1.0], TypeError, "table must be a NumPy array of floats"),
    ],
)
def test_a_table_that_is_no_law_is_refused(table, error, message):
    with pytest.raises(error, match=message):
        NGram(table, VOCABULARY)


def test_a_model_needs_a_vocabulary():
    with pytest.raises(TypeError, match="vocabulary must be Vocabulary"):
        NGram(BIGRAM.table, None)


def test_a_model_is_immutable_and_equal_to_itself_only():
    with pytest.raises(FrozenInstanceError):
        BIGRAM.table = BIGRAM.table / 2
    assert BIGRAM == BIGRAM
    assert fit_ngram(NAMES, VOCABULARY, 2) != BIGRAM
