"""The models that count equal their textbook formulas, give laws, and say what is wrong with an argument."""

import itertools
import math
import tracemalloc
from dataclasses import FrozenInstanceError
from functools import cache

import numpy as np
import pytest
from core_cases import mutant
from counting_cases import AddK, KneserNey, WittenBell
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import chdtrc
from training_cases import NAMES, UNSEEN, VOCABULARY, generator

from lstm_lib import counts, ngram
from lstm_lib.counts import FALLBACK, Rows, kneser_ney_share
from lstm_lib.data import load_splits
from lstm_lib.ngram import (
    NGram,
    fit_kneser_ney,
    fit_ngram,
    fit_witten_bell,
    ngram_nll,
    ngram_surprises,
    sample_ngram,
)
from lstm_lib.sample import CutName
from lstm_lib.vocabulary import Vocabulary

V = len(VOCABULARY)
AB = Vocabulary.from_names(["ab"])


def add_k(names, vocabulary, order):
    return fit_ngram(names, vocabulary, order, add_k=0.3)


def plain(names, vocabulary, order):
    return fit_ngram(names, vocabulary, order)


METHODS = {  # the library's, and the one of the textbook
    "plain": (plain, lambda names, characters, order: AddK(names, characters, order, 0)),
    "add-k": (add_k, lambda names, characters, order: AddK(names, characters, order, 0.3)),
    "Witten-Bell": (fit_witten_bell, WittenBell),
    "Kneser-Ney": (fit_kneser_ney, KneserNey),
}
SMOOTH = {"add-k": add_k, "Witten-Bell": fit_witten_bell, "Kneser-Ney": fit_kneser_ney}


def random_names(seed, count, letters="ab", longest=7):
    """Names with habits: every letter likes to be followed by the next one of its alphabet."""
    rng = generator(seed)
    names = []
    for _ in range(count):
        name = letters[rng.integers(len(letters))]
        while rng.random() < 1 - 1 / longest:
            step = rng.choice([0, 1, 2], p=[0.15, 0.7, 0.15])
            name += letters[(letters.index(name[-1]) + step) % len(letters)]
        names.append(name)
    return names


def prefixes_of(names, letters, longest):
    """All beginnings of the names, and all short strings, most of them contexts that were never seen."""
    strings = {"".join(each) for n in range(longest + 1) for each in itertools.product(letters, repeat=n)}
    return sorted(strings | {name[:k] for name in names for k in range(len(name) + 1)})


def widest_gap(model, reference, prefixes):
    return max(np.abs(model.law(prefix) - reference.law(prefix)).max() for prefix in prefixes)


# the same as the textbook


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=60)
@given(names=st.lists(st.text("ab", max_size=5), min_size=1, max_size=8), order=st.integers(1, 6))
def test_every_law_is_that_of_the_textbook_on_small_lists(name, names, order):
    fit, reference = METHODS[name]
    pair = fit(names, AB, order), reference(names, AB.characters, order)
    assert widest_gap(*pair, prefixes_of(names, "ab", 4)) < 1e-12


LISTS = {seed: random_names(seed, 60, letters) for seed, letters in enumerate(["ab", "abc", "abmn"])}


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("seed", LISTS)
def test_every_law_is_that_of_the_textbook_on_lists_large_enough_for_discounts(seed, name, order):
    names = LISTS[seed]
    fit, reference = METHODS[name]
    vocabulary = Vocabulary.from_names(names)
    pair = fit(names, vocabulary, order), reference(names, vocabulary.characters, order)
    assert widest_gap(*pair, prefixes_of(names, vocabulary.characters[1:], 3)) < 1e-12


def test_these_lists_have_estimated_discounts_and_fallbacks():
    found = []
    for names in LISTS.values():
        vocabulary = Vocabulary.from_names(names)
        for length in range(6):
            found.append(KneserNey(names, vocabulary.characters, 6).discounts(length) == FALLBACK[1:].tolist())
    assert sum(found) >= 3
    assert sum(not each for each in found) >= 3


@pytest.mark.parametrize("name", SMOOTH)
def test_surprises_are_those_of_the_textbook(name):
    names, others = LISTS[1], [*random_names(9, 10, "abc"), "", "ccccccccc"]
    vocabulary = Vocabulary.from_names(names)
    model, reference = SMOOTH[name](names, vocabulary, 4), METHODS[name][1](names, vocabulary.characters, 4)
    every = []
    for other, nats in zip(others, ngram_surprises(model, others), strict=True):
        expected = [-math.log(reference.law(other[:k])[vocabulary.characters.index(symbol)])
                    for k, symbol in enumerate(other + ".")]  # fmt: skip
        assert_allclose(nats, expected, rtol=1e-11)
        every += expected
    assert ngram_nll(model, others) == pytest.approx(sum(every) / len(every), rel=1e-12)


BEFORE_SHARE, LEVELS, SHARE = counts.continuations, counts.count_contexts, counts.kneser_ney_share
PLANTED = [  # what is wrong, the method that shows it, the function, right, wrong
    ("raw counts, not kinds", "Kneser-Ney", BEFORE_SHARE, "bincount(found, ", "bincount(found, longer.counts, "),
    ("names' beginnings count once", "Kneser-Ney", BEFORE_SHARE, "level.counts, kinds)", "level.counts > 0, kinds)"),
    ("a single discount", "Kneser-Ney", SHARE, "np.minimum(counts, 3)", "np.minimum(counts, 1)"),
    ("the third discount forgotten", "Kneser-Ney", SHARE, "np.minimum(counts, 3)", "np.minimum(counts, 2)"),
    ("Y forgotten", "Kneser-Ney", SHARE, " * n1 / (n1 + 2 * n2)", " * 0.5"),
    ("n4 forgotten", "Kneser-Ney", SHARE, "[n2, n3, n4]", "[n2, n3, n3]"),
    ("never estimated", "Kneser-Ney", SHARE, "(estimated > 0).all()", "False"),
    ("no start mark", "Kneser-Ney", LEVELS, "before >= length - 1", "before >= length"),
    ("no start mark", "Witten-Bell", LEVELS, "before >= length - 1", "before >= length"),
    ("the end not counted", "Witten-Bell", LEVELS, "(before >= length - 1)",
     "((before >= length - 1) & (targets > 0))"),
    ("cases of novelty, not kinds", "Witten-Bell", counts.witten_bell_share, "np.ones_like(counts)", "counts"),
    ("the spare mass dropped", "Witten-Bell", ngram._interpolate, "taken, len(", "0 * taken, len("),
    ("the far end forgotten, not the near one", "Witten-Bell", NGram, "[len(history) - length :]", "[:length]"),
    ("the far end forgotten, not the near one", "Kneser-Ney", NGram, "[len(history) - length :]", "[:length]"),
    ("shorter contexts are not asked", "Kneser-Ney", NGram, "law *= rows.spare[row]", "law[:] = rows.spare[row] / V"),
    ("beginnings without a row", "add-k", ngram.fit_ngram, "or c.startswith(END_MARK)", "or False"),
    ("only what was seen is smoothed", "add-k", ngram.fit_ngram, "level.counts, np.full(len(level.contexts), k * V)",
     "level.counts + k, np.zeros(len(level.contexts))"),
]  # fmt: skip


def planted_gap(name, order=4):
    names = LISTS[1]
    vocabulary = Vocabulary.from_names(names)
    fit = {"add-k": lambda *a: ngram.fit_ngram(*a, add_k=0.3), "Witten-Bell": ngram.fit_witten_bell,
           "Kneser-Ney": ngram.fit_kneser_ney}[name]  # fmt: skip
    pair = fit(names, vocabulary, order), METHODS[name][1](names, vocabulary.characters, order)
    return widest_gap(*pair, prefixes_of(names, "abc", 3))


@pytest.mark.parametrize(("name", "function", "right", "wrong"), [row[1:] for row in PLANTED],
                         ids=[f"{row[0]}, {row[1]}" for row in PLANTED])  # fmt: skip
def test_a_planted_mistake_is_seen(monkeypatch, name, function, right, wrong):
    assert planted_gap(name) < 1e-12
    monkeypatch.setattr(ngram, function.__name__, mutant(function, right, wrong))
    assert planted_gap(name) > 1e-3


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("spare / total", "0 * spare"),  # the spare mass is lost
        ("spare / total", "spare"),
        ("kept / total", "1.01 * kept / total"),
        (" + spare", " + 1"),
    ],
)
@pytest.mark.parametrize("fit", ["fit_witten_bell", "fit_kneser_ney"])
def test_laws_that_lose_or_gain_mass_are_refused(monkeypatch, fit, right, wrong):
    monkeypatch.setattr(ngram, "scale", mutant(counts.scale, right, wrong))
    with pytest.raises(ValueError, match=r"each row of levels.* must hold shares >= 0 that sum to 1; got sums"):
        getattr(ngram, fit)(NAMES, VOCABULARY, 3)


# laws


def assert_laws(model, *, positive):
    """Each row's shares sum to 1, so each law does; with something spared in each row nothing is impossible."""
    for contexts, pairs, kept, spare in model.levels:
        assert {*contexts.values()} <= {*range(len(spare))}
        sums = np.bincount(pairs // len(model.vocabulary), kept, minlength=len(spare)) + spare
        assert_allclose(sums, 1, rtol=0, atol=1e-12)
        assert kept.min(initial=1) >= 0
        assert spare.min(initial=1) > (0 if positive else -1e-300)


@pytest.mark.parametrize("order", range(7))
@pytest.mark.parametrize("k", [0, 1e-300, 1e-3, 1, 1e9])
def test_every_conditional_of_add_k_sums_to_one(order, k):
    assert_laws(fit_ngram(NAMES, VOCABULARY, order, add_k=k), positive=k > 1e-9)


@pytest.mark.parametrize("fit", [fit_witten_bell, fit_kneser_ney])
@settings(max_examples=150)
@given(names=st.lists(st.text("abmn", max_size=7), min_size=1, max_size=12), order=st.integers(1, 8))
def test_every_conditional_sums_to_one_and_nothing_is_impossible(fit, names, order):
    assert_laws(fit(names, VOCABULARY, order), positive=True)


@pytest.mark.parametrize("name", METHODS)
def test_a_context_never_seen_asks_the_longest_end_that_was(name):
    model = METHODS[name][0](["anna", "nan"], VOCABULARY, 4)
    if name in ("plain", "add-k"):
        assert_array_equal(model.law("emman"), np.full(V, 1 / V))
    else:
        alike = [("emman", "ban"), ("emn", "bn"), ("emm", "b"), ("bann", "dann")]  # after an, n, nothing, ann
        for one, other in alike:
            assert_array_equal(model.law(one), model.law(other))
        assert len({tuple(model.law(one)) for one, _ in alike}) == 4


@pytest.mark.parametrize("fit", [fit_witten_bell, fit_kneser_ney])
def test_a_list_of_one_order_is_the_unigram(fit):
    model = fit(NAMES, VOCABULARY, 1)
    assert_array_equal(model.law("an"), model.law(""))


def test_order_one_does_not_look_back_and_order_zero_knows_nothing():
    assert_array_equal(fit_ngram(NAMES, VOCABULARY, 1).law("an"), fit_ngram(NAMES, VOCABULARY, 1).law(""))
    for prefix in ("", "an"):
        assert_array_equal(fit_ngram(NAMES, VOCABULARY, 0, add_k=2).law(prefix), np.full(V, 1 / V))


@pytest.mark.parametrize("fit", [fit_witten_bell, fit_kneser_ney])
def test_where_nothing_stands_before_plain_counts_decide(fit):
    """Nine names begin with a, one with b: a long context that begins a name is as good as one in the middle."""
    model = fit(["a"] * 9 + ["b"], AB, 5)
    assert model.law("")[1] > 0.7
    assert model.law("")[1] > 4 * model.law("")[2]


@pytest.mark.parametrize("order", [1, 2, 5, 12])
@pytest.mark.parametrize("names", [[""], ["a"], ["ab"], ["b", ""], ["aaaa"]])
@pytest.mark.parametrize("name", METHODS)
def test_tiny_lists(name, names, order):
    model = METHODS[name][0](names, AB, order)
    assert_laws(model, positive=name in ("Witten-Bell", "Kneser-Ney"))
    assert math.isfinite(ngram_nll(model, names))


def test_the_empty_name_alone_by_hand():
    """One symbol, seen once, with one kind of successor; the rest is uniform over three."""
    assert_allclose(fit_witten_bell([""], AB, 1).law(""), [1 / 2 + 1 / 6, 1 / 6, 1 / 6])
    assert_allclose(
        fit_kneser_ney([""], AB, 1).law(""), [1 / 2 + 1 / 6, 1 / 6, 1 / 6]
    )  # the discount falls back to 1/2


def name_chance(model, name):
    return math.exp(-ngram_surprises(model, [name])[0].sum())


@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("name", METHODS)
def test_the_chances_of_all_names_and_of_the_rest_sum_to_one(name, order):
    """Every name of at most four letters, and the mass of those that go on: the beginnings of five letters."""
    model = METHODS[name][0](LISTS[0], AB, order)
    strings = ["".join(each) for n in range(5) for each in itertools.product("ab", repeat=n)]
    longer = ["".join(each) for each in itertools.product("ab", repeat=5)]
    rest = [math.prod(model.law(s[:k])[AB.characters.index(s[k])] for k in range(5)) for s in longer]
    assert sum(name_chance(model, s) for s in strings) + sum(rest) == pytest.approx(1, abs=1e-12)
    assert 0.05 < sum(rest) < 0.95


# the table


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", METHODS)
def test_the_table_holds_every_law(name, order):
    model = METHODS[name][0](NAMES, VOCABULARY, order)
    assert model.table.shape == (V,) * order
    assert_allclose(model.table.sum(axis=-1), 1, rtol=0, atol=1e-12)
    start = (0,) * (order - 1)
    assert_array_equal(model.table[start], model.law(""))
    for prefix in ("a", "em", "bea"):
        ids = (start + tuple(VOCABULARY.encode(prefix)))[len(prefix) :]
        assert_array_equal(model.table[ids], model.law(prefix))


def test_the_table_of_what_cannot_be_is_uniform():
    table = fit_witten_bell(NAMES, VOCABULARY, 3).table
    assert_array_equal(table[VOCABULARY.encode("a")[0], 0], np.full(V, 1 / V))
    assert_array_equal(fit_ngram(NAMES, VOCABULARY, 0).table, np.full(V, 1 / V))


def test_a_table_beyond_ten_million_numbers_is_refused_before_it_is_made():
    model = fit_kneser_ney(LISTS[1], Vocabulary.from_names(["abcdefghijklmnopqrstuvwxyz"]), 5)
    with pytest.raises(ValueError, match=r"a table of order 5 would hold 27\*\*5 numbers; ask law\(prefix\)"):
        _ = model.table


def test_the_largest_table_is_still_made(monkeypatch):
    model = fit_witten_bell(NAMES, VOCABULARY, 2)
    monkeypatch.setattr(ngram, "LARGEST_TABLE", V**2)
    assert model.table.shape == (V, V)
    monkeypatch.setattr(ngram, "LARGEST_TABLE", V**2 - 1)
    with pytest.raises(ValueError, match=r"would hold 9\*\*2 numbers"):
        _ = model.table


# the loss


def test_the_uniform_model_is_surprised_by_the_logarithm_of_the_size():
    assert ngram_nll(fit_ngram(NAMES, VOCABULARY, 0), UNSEEN) == pytest.approx(math.log(V), rel=1e-15)
    assert ngram_nll(fit_ngram(NAMES, VOCABULARY, 0, add_k=5), [""]) == -math.log(1 / V)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_without_smoothing_what_was_never_counted_is_infinitely_surprising(order):
    names = ["anna", "nan"]
    model = fit_ngram(names, VOCABULARY, order)
    assert ngram_nll(model, [*names, "b"]) == math.inf
    assert math.isfinite(ngram_nll(model, names))
    assert math.isfinite(ngram_nll(fit_ngram(names, VOCABULARY, order, add_k=0.01), [*names, "b"]))
    assert ngram_surprises(model, ["b"])[0][0] == math.inf


def test_a_longer_context_knows_the_training_names_better():
    losses = [ngram_nll(fit_ngram(NAMES, VOCABULARY, order), NAMES) for order in range(7)]
    assert losses == sorted(losses, reverse=True)


@pytest.mark.parametrize("name", METHODS)
def test_names_may_come_once_only_as_from_a_generator(name):
    fit = METHODS[name][0]
    model = fit((name for name in NAMES), VOCABULARY, 3)
    assert_array_equal(model.table, fit(NAMES, VOCABULARY, 3).table)
    assert ngram_nll(model, (name for name in NAMES)) == ngram_nll(model, NAMES)


@pytest.mark.parametrize("name", METHODS)
def test_nothing_given_is_changed_and_the_order_of_names_does_not_matter(name):
    names = list(NAMES)
    model = METHODS[name][0](names, VOCABULARY, 4)
    assert names == NAMES
    other = METHODS[name][0](names[::-1], VOCABULARY, 4)
    for prefix in ("", "a", "an", "ann", "emm", "bob"):
        assert_allclose(other.law(prefix), model.law(prefix), rtol=1e-14)
    before = [leaf.copy() for rows in model.levels for leaf in rows]
    sample_ngram(model, 3, rng=generator(0))
    ngram_nll(model, UNSEEN if name != "plain" else NAMES)
    for leaf, old in zip((leaf for rows in model.levels for leaf in rows), before, strict=True):
        assert_array_equal(leaf, old)


# the corpus

SPLIT = load_splits()
LETTERS = Vocabulary.from_names(SPLIT.train)


@pytest.mark.parametrize(
    ("order", "k", "expected"), [(0, 0, 3.2958), (1, 0, 2.8276), (2, 0.5, 2.4309), (3, 0.1, 2.1991)]
)
def test_the_ladder_of_plain_counts_on_the_corpus(order, k, expected):
    model = fit_ngram(SPLIT.train, LETTERS, order, add_k=k)
    assert ngram_nll(model, SPLIT.test) == pytest.approx(expected, abs=0.005)


@cache
def corpus_models():
    """Of each method the largest that the book uses, and the discounts of each level of Kneser-Ney."""
    found = []

    def watched(level):
        kept, taken = kneser_ney_share(level)
        found.append({c: float(taken[level == c][0]) for c in (1, 2, 3) if (level == c).any()})
        return kept, taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ngram, "kneser_ney_share", watched)
        models = {name: SMOOTH[name](SPLIT.train, LETTERS, 5 if name == "Witten-Bell" else 6) for name in SMOOTH}
    return models, found


@pytest.mark.parametrize(("name", "val", "test"), [("Witten-Bell", 2.0138, 2.0121), ("Kneser-Ney", 1.9599, 1.9586)])
def test_the_ladder_of_interpolated_counts_on_the_corpus(name, val, test):
    model = corpus_models()[0][name]
    assert ngram_nll(model, SPLIT.val) == pytest.approx(val, abs=5e-5)
    assert ngram_nll(model, SPLIT.test) == pytest.approx(test, abs=5e-5)


@pytest.mark.parametrize("name", SMOOTH)
def test_high_orders_on_the_corpus_give_laws_in_a_few_megabytes(name):
    model = corpus_models()[0][name]
    assert_laws(model, positive=True)
    assert 10_000 < len(model.levels[-1].spare) < sum(len(rows.spare) for rows in model.levels) < 100_000
    assert sum(leaf.nbytes for rows in model.levels for leaf in rows[1:]) < 5e6


WIDE = ["".join(chr(0x4E00 + k) for k in row) for row in generator().integers(2000, size=(2000, 3)).tolist()]


@pytest.mark.parametrize("name", SMOOTH)
def test_a_vocabulary_of_thousands_costs_what_its_names_cost(name):
    """About 11,000 contexts of 1,900 characters: all laws in full would take 160 MB."""
    vocabulary = Vocabulary.from_names(WIDE)
    tracemalloc.start()
    try:
        model = SMOOTH[name](WIDE, vocabulary, 6)
        nats = ngram_nll(model, WIDE)
        assert tracemalloc.get_traced_memory()[1] < 25e6
    finally:
        tracemalloc.stop()
    contexts = sum(len(rows.spare) for rows in model.levels)
    assert contexts * len(vocabulary) * 8 > 150e6
    assert 0 < nats < math.log(len(vocabulary))
    assert_laws(model, positive=True)
    if name != "Kneser-Ney":  # whose textbook counts all contexts again for each character
        assert widest_gap(model, METHODS[name][1](WIDE, vocabulary.characters, 6), [WIDE[0][:2]]) < 1e-12


def test_the_discounts_of_the_corpus_are_estimated_at_every_level():
    found = corpus_models()[1]
    assert [len(level) for level in found[1:]] == [3] * 5
    for length, level in enumerate(found):
        estimated = level != {c: FALLBACK[c] for c in level}
        assert estimated == (length > 0), "only the row of the unigram has no counts of 1, 2 and 3"
        assert all(0.2 * c < level[c] < c for c in level if estimated)


# samples


def name_chances(model, longest):
    """The law of whole names over a and b, cut at `longest` letters."""
    chances, open_ones = {}, {"": 1.0}
    for length in range(longest + 1):
        going_on = {}
        for start, chance in open_ones.items():
            law = model.law(start)
            chances[start] = chance * (law[0] if length < longest else 1)
            going_on |= {start + letter: chance * p for letter, p in zip("ab", law[1:], strict=True)}
        open_ones = going_on
    assert sum(chances.values()) == pytest.approx(1)
    return chances


def chi_square_p(names, chances):
    statistic = 0.0
    for name, chance in chances.items():
        assert len(names) * chance > 4
        statistic += (names.count(name) - len(names) * chance) ** 2 / (len(names) * chance)
    return chdtrc(len(chances) - 1, statistic)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("name", SMOOTH)
def test_samples_follow_the_law(name, order):
    model = SMOOTH[name](["ab", "ba", "aab", "b"], AB, order)
    names = sample_ngram(model, 2400, rng=generator(1), max_length=3)
    chances = name_chances(model, 3)
    assert set(names) <= set(chances)
    assert chi_square_p(names, chances) > 1e-3
    other = SMOOTH[name](["ab", "ba", "aab", "b"], AB, 1 if order > 1 else 2)
    assert chi_square_p(names, name_chances(other, 3)) < 1e-6  # it can fail: the law of another order is rejected


def test_the_uniform_model_draws_each_character_alike():
    names = sample_ngram(fit_ngram(["ab"], AB, 0), 4000, rng=generator(2), max_length=1)
    assert chi_square_p(names, {"": 1 / 3, "a": 1 / 3, "b": 1 / 3}) > 1e-3


def test_samples_are_reproducible_names_within_the_cap():
    model = fit_ngram(NAMES, VOCABULARY, 2, add_k=0.1)
    names = sample_ngram(model, 100, rng=generator(0), max_length=4)
    assert names == sample_ngram(model, 100, rng=generator(0), max_length=4)
    assert names != sample_ngram(model, 100, rng=generator(1), max_length=4)
    assert max(map(len, names)) == 4
    assert not any("." in name for name in names)
    assert sample_ngram(model, 0, rng=generator()) == []


def test_names_of_counts_are_cut_by_a_limit_and_told_as_those_of_the_lstm_are():
    model = fit_ngram(NAMES, VOCABULARY, 2, add_k=0.1)
    names = sample_ngram(model, 100, rng=generator(0), max_length=4)
    assert [type(name) for name in names] == [str if len(name) < 4 else CutName for name in names]
    assert {type(name) for name in sample_ngram(model, 100, rng=generator(0))} == {str}
    endless = fit_ngram(["a" * 10**5], VOCABULARY, 1)
    with pytest.warns(UserWarning, match=r"^2 of 2 names did not end within 1,000 letters.*max_length sets") as told:
        assert sample_ngram(endless, 2, rng=generator(0)) == ["a" * 1000] * 2
    assert told[0].filename == __file__


# bad arguments

BIGRAM = fit_ngram(NAMES, VOCABULARY, 2)
BAD_LISTS = [
    ({"names": []}, ValueError, "names must hold at least one name; got none"),
    ({"names": "ana"}, TypeError, "names must be a list of strings"),
    ({"names": 5}, TypeError, "names must be a list of strings"),
    ({"names": ["ana", 5]}, TypeError, r"names\[1\] must be a string; got 5"),
    ({"names": ["ana", "xu"]}, ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
    ({"names": ["a.a"]}, ValueError, "'a.a' has '.', which is not a letter of this vocabulary"),
    ({"vocabulary": "abc"}, TypeError, "vocabulary must be Vocabulary, such as Vocabulary.from_names.*got 'abc'"),
    ({"order": -1}, ValueError, "order must be at least [01]; got -1"),
    ({"order": 2.0}, TypeError, "order must be a whole number; got 2.0"),
    ({"order": True}, TypeError, "order must be a whole number; got True"),
]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        *BAD_LISTS,
        ({"add_k": -0.1}, ValueError, "add_k must be a finite number at least 0 and at most 1e.09; got -0.1"),
        ({"add_k": 1e300}, ValueError, "add_k must be a finite number at least 0 and at most 1e.09; got 1e.300"),
        (
            {"add_k": 1e9 + 1},
            ValueError,
            "add_k must be a finite number at least 0 and at most 1e.09; got 1000000001.0",
        ),
        ({"add_k": math.nan}, ValueError, "add_k must be a finite number at least 0"),
        ({"add_k": "1"}, TypeError, "add_k must be a number; got '1'"),
    ],
)
@pytest.mark.parametrize("order", [0, 2, 6])
def test_fit_ngram_refuses_a_bad_argument(order, change, error, message):
    with pytest.raises(error, match=message):
        fit_ngram(**({"names": NAMES, "vocabulary": VOCABULARY, "order": order} | change))


@pytest.mark.parametrize(
    ("change", "error", "message"), [*BAD_LISTS, ({"order": 0}, ValueError, "order must be at least 1; got 0")]
)
@pytest.mark.parametrize("fit", [fit_witten_bell, fit_kneser_ney])
def test_interpolated_models_refuse_a_bad_argument(fit, change, error, message):
    with pytest.raises(error, match=message):
        fit(**({"names": NAMES, "vocabulary": VOCABULARY, "order": 3} | change))


@pytest.mark.parametrize(
    ("model", "names", "error", "message"),
    [
        (BIGRAM, [], ValueError, "names must hold at least one name; got none"),
        (BIGRAM, "ana", TypeError, "names must be a list of strings"),
        (BIGRAM, ["xu"], ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        (BIGRAM.table, NAMES, TypeError, "model must be NGram, such as fit_ngram returns; got an array of float64"),
    ],
)
@pytest.mark.parametrize("measure", [ngram_nll, ngram_surprises])
def test_the_loss_refuses_a_bad_argument(measure, model, names, error, message):
    with pytest.raises(error, match=message):
        measure(model, names)


@pytest.mark.parametrize(
    ("prefix", "error", "message"),
    [
        ("Ana", ValueError, "'Ana' has 'A', which is not a letter of this vocabulary"),
        (".a", ValueError, "'.a' has '.', which is not a letter of this vocabulary"),
        (5, TypeError, "a name must be a string; got 5"),
        (["a"], TypeError, r"a name must be a string; got \['a'\]"),
    ],
)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_law_is_asked_for_the_beginning_of_a_name(order, prefix, error, message):
    with pytest.raises(error, match=message):
        fit_ngram(NAMES, VOCABULARY, order).law(prefix)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"count": -1}, ValueError, "count must be at least 0; got -1"),
        ({"count": "3"}, TypeError, "count must be a whole number; got '3'"),
        ({"max_length": 0}, ValueError, "max_length must be at least 1; got 0"),
        ({"max_length": "9"}, TypeError, "max_length must be a whole number; got '9'"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
        ({"model": None}, TypeError, "model must be NGram, such as fit_ngram returns; got None"),
    ],
)
def test_sample_ngram_refuses_a_bad_argument(change, error, message):
    with pytest.raises(error, match=message):
        sample_ngram(**({"model": BIGRAM, "count": 2, "rng": generator()} | change))


ROOT = Rows({"": 0}, np.array([1, 2]), np.array([0.25, 0.5]), np.array([0.25]))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"order": 2}, ValueError, "levels must hold the rows of 2 lengths of context; got 1"),
        ({"levels": ()}, ValueError, "levels must hold the rows of 1 lengths of context; got 0"),
        ({"levels": None}, TypeError, "levels must be tuple, such as fit_ngram.* returns; got None"),
        ({"levels": [ROOT]}, TypeError, "levels must be tuple"),
        ({"levels": (tuple(ROOT),)}, TypeError, r"levels\[0\] must be Rows"),
        ({"contexts": None}, TypeError, r"levels\[0\].contexts must be dict"),
        (
            {"contexts": {"": 1}},
            ValueError,
            r"levels\[0\] must give contexts of 0 characters rows below 1; got {'': 1}",
        ),
        ({"contexts": {"": -1}}, ValueError, "must give contexts of 0 characters rows below 1; got {'': -1}"),
        ({"contexts": {"a": 0}}, ValueError, "must give contexts of 0 characters rows below 1; got {'a': 0}"),
        ({"pairs": np.array([1.0, 2])}, TypeError, r"levels\[0\].pairs must be a NumPy array of integers"),
        ({"pairs": np.array([[1, 2]])}, ValueError, r"levels\[0\].pairs must have shape \(2,\); got \(1, 2\)"),
        ({"pairs": np.array([1])}, ValueError, r"levels\[0\].kept must have shape \(1,\); got \(2,\)"),
        ({"pairs": np.array([2, 1])}, ValueError, r"levels\[0\].pairs must rise, within 1 rows of 9; got \[2, 1\]"),
        ({"pairs": np.array([1, 1])}, ValueError, "must rise"),
        ({"pairs": np.array([-1, 1])}, ValueError, "must rise"),
        ({"pairs": np.array([1, V])}, ValueError, "must rise"),
        ({"kept": [0.25, 0.5]}, TypeError, r"levels\[0\].kept must be a NumPy array of floats"),
        ({"kept": np.array([1.0, -0.25])}, ValueError, r"each row of levels\[0\] must hold shares >= 0 that sum to 1"),
        ({"kept": np.array([0.5, 0.5])}, ValueError, "must hold shares >= 0 that sum to 1; got sums from 1.25"),
        ({"kept": np.array([0.25, math.nan])}, ValueError, "must hold shares >= 0 that sum to 1; got sums from nan"),
        ({"kept": np.array([0.75, 0.5]), "spare": np.array([-0.25])}, ValueError, "must hold shares >= 0"),
        ({"spare": np.array([[0.25]])}, ValueError, r"levels\[0\].spare must be a list of numbers or a 1-D array"),
        ({"spare": None}, TypeError, r"levels\[0\].spare must be a list of numbers; got None"),
        ({"order": -1}, ValueError, "order must be at least 0; got -1"),
        ({"order": "1"}, TypeError, "order must be a whole number; got '1'"),
        ({"vocabulary": None}, TypeError, "vocabulary must be Vocabulary"),
    ],
)
def test_parts_that_are_no_model_are_refused(change, error, message):
    good = {"order": 1, "levels": (ROOT,), "vocabulary": VOCABULARY}
    law = NGram(**good).law("a")
    assert_allclose(law, [0.25 / V, 0.25 + 0.25 / V, 0.5 + 0.25 / V, *[0.25 / V] * (V - 3)], rtol=1e-15)
    rows = {key: value for key, value in change.items() if key in ROOT._fields}
    with pytest.raises(error, match=message):
        NGram(**(good | ({"levels": (ROOT._replace(**rows),)} if rows else change)))


def test_a_law_is_a_copy_and_the_order_of_names_changes_no_bit():
    model = fit_kneser_ney(NAMES, VOCABULARY, 3)
    for prefix in ("", "an", "bbbb"):
        before = model.law(prefix)
        model.law(prefix)[:] = 0
        assert_array_equal(model.law(prefix), before)
    names, rng = [*UNSEEN, *NAMES] * 20, generator()
    expected = ngram_nll(model, names)
    for _ in range(5):
        rng.shuffle(names)
        assert ngram_nll(model, names) == expected


def test_a_model_is_immutable_and_equal_to_itself_only():
    with pytest.raises(FrozenInstanceError):
        BIGRAM.levels = ()
    assert BIGRAM == BIGRAM
    assert fit_ngram(NAMES, VOCABULARY, 2) != BIGRAM
