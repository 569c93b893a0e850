"""The loss over whole lists of names, and how new invented names are."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_cases import NAMES, UNSEEN, VOCABULARY, generator, read_only, small_params

from lstm_lib import evaluate
from lstm_lib.data import make_batch
from lstm_lib.evaluate import Band, Novelty, nll, nll_by_frequency, nll_by_position, novelty_report, score, surprises
from lstm_lib.loss import cross_entropy
from lstm_lib.model import forward
from lstm_lib.ops import log_softmax
from lstm_lib.packed import pack
from lstm_lib.sample import CutName, name_log_probability
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

MODEL = small_params(seed=2, scale=2.0)


def mean_surprise(names, params=MODEL):
    """From single names, one at a time: no batch, no padding."""
    total = math.fsum(-name_log_probability(params, VOCABULARY, name) for name in names)
    return total / sum(len(name) + 1 for name in names)


@settings(max_examples=60)
@given(st.lists(st.text("abdemnov", max_size=9), min_size=1, max_size=12), st.integers(1, 5))
def test_nll_is_the_mean_surprise_per_symbol(names, chunk):
    expected = mean_surprise(names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "CHUNK", chunk)
        assert nll(MODEL, VOCABULARY, names) == pytest.approx(expected, rel=1e-12)
    assert nll(MODEL, VOCABULARY, names) == pytest.approx(expected, rel=1e-12)


def test_a_mean_over_names_or_over_padded_cells_would_be_another_number():
    names = ["bo", "amanda"]
    right = nll(MODEL, VOCABULARY, names)
    per_name = np.mean([nll(MODEL, VOCABULARY, [name]) for name in names])
    batch = make_batch(names, VOCABULARY)
    logits, _, _ = forward(MODEL, batch.inputs)
    padded, _ = cross_entropy(logits, batch.targets, np.ones_like(batch.mask))
    without_end = math.fsum(-name_log_probability(MODEL, VOCABULARY, name) for name in names) / 8
    assert min(abs(right - wrong) for wrong in (per_name, padded, without_end)) > 0.01


def test_the_order_changes_no_bit_and_a_repeated_name_counts_again():
    rng = generator(1)
    names = [*NAMES, *UNSEEN] * 3
    value = nll(MODEL, VOCABULARY, names)
    for _ in range(5):
        rng.shuffle(names)
        assert nll(MODEL, VOCABULARY, names) == value
    assert nll(MODEL, VOCABULARY, ["bo", "bo", "amanda"]) == pytest.approx(mean_surprise(["bo", "bo", "amanda"]))
    assert nll(MODEL, VOCABULARY, ["bo", "bo", "amanda"]) != pytest.approx(nll(MODEL, VOCABULARY, ["bo", "amanda"]))


def test_at_most_a_chunk_of_names_is_scored_at_once(monkeypatch):
    scored, packed = [], []

    def spy(names, vocabulary):
        scored.append(names)
        return make_batch(names, vocabulary)

    monkeypatch.setattr(evaluate, "make_batch", spy)
    assert evaluate.CHUNK <= 4096
    monkeypatch.setattr(evaluate, "CHUNK", 4)
    monkeypatch.setattr(
        evaluate, "pack", lambda *given, **options: packed.append(pack(*given, **options)) or packed[-1]
    )
    nll(MODEL, VOCABULARY, (name for name in NAMES))
    assert [len(names) for names in scored] == [4, 4, 3]
    assert [name for names in scored for name in names] == sorted(NAMES)  # alike beginnings together: shared states
    prefixes = [{name[:k] for name in names for k in range(len(name) + 1)} for names in scored]
    assert [len(rows.ids) for rows in packed] == [len(each) for each in prefixes]


def test_a_model_that_knows_nothing_is_surprised_by_the_logarithm_of_the_size():
    uniform = tree_map(np.zeros_like, MODEL)
    assert nll(uniform, VOCABULARY, NAMES) == pytest.approx(math.log(len(VOCABULARY)), rel=1e-14)


def test_float32_and_read_only_parameters():
    single = read_only(small_params(seed=2, scale=2.0, dtype=np.float32))
    assert nll(single, VOCABULARY, NAMES) == pytest.approx(mean_surprise(NAMES), rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((MODEL, VOCABULARY, []), ValueError, "names must hold at least one name; got none"),
        ((MODEL, VOCABULARY, "ana"), TypeError, "names must be a list of strings"),
        ((MODEL, VOCABULARY, None), TypeError, "names must be a list of strings"),
        ((MODEL, VOCABULARY, ["ana", None]), TypeError, r"names\[1\] must be a string; got None"),
        ((MODEL, VOCABULARY, ["ana", "xu"]), ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        ((MODEL, VOCABULARY, ["ana."]), ValueError, r"'ana\.' has '\.', which is not a letter of this vocabulary"),
        ((MODEL, ["a"], NAMES), TypeError, "vocabulary must be Vocabulary, such as Vocabulary.from_names returns"),
        ((None, VOCABULARY, NAMES), TypeError, "params must be Params, such as init_params returns; got None"),
        (
            (MODEL, Vocabulary.from_names(["ana"]), ["ana"]),
            ValueError,
            "as many characters as the vocabulary has, 3; got 9",
        ),
    ],
)
@pytest.mark.parametrize("measure", [nll, surprises])
def test_nll_and_surprises_refuse_a_bad_argument(measure, arguments, error, message):
    with pytest.raises(error, match=message):
        measure(*arguments)


def test_novelty_counts_each_kind_of_name():
    samples = ["ana", "ana", "zoe", "eva", "bo", "new", "new", "", "both", "x"]
    report = novelty_report(samples, train=["ana", "bo", "both", "ana"], held_out=["eva", "zoe", "both"])
    assert report == Novelty(samples=10, distinct=0.8, in_train=0.4, in_held_out=0.2, new=0.4)


def test_novelty_counts_names_that_were_cut_apart_even_if_they_look_known():
    samples = ["ana", CutName("ana"), CutName("eva"), CutName("new"), "new"]
    report = novelty_report(samples, train=["ana"], held_out=["eva"])
    assert report == Novelty(samples=5, distinct=0.6, in_train=0.2, in_held_out=0, new=0.2, cut=0.6)


@settings(max_examples=60)
@given(*[st.lists(st.sampled_from("abcdefgh"), min_size=1) for _ in range(3)])
def test_the_shares_are_counts_of_one_whole(samples, train, held_out):
    report = novelty_report(iter(samples), iter(train), iter(held_out))
    count = len(samples)
    assert report.samples == count
    assert report.distinct == len(set(samples)) / count
    assert report.in_train == len([name for name in samples if name in train]) / count
    assert report.new == len([name for name in samples if name not in train + held_out]) / count
    assert report.in_train + report.in_held_out + report.new == pytest.approx(1, rel=1e-15)
    assert min(report) >= 0


@pytest.mark.parametrize("which", ["samples", "train", "held_out"])
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([], ValueError, " must hold at least one name; got none"),
        ("ana", TypeError, " must be a list of strings"),
        (3, TypeError, " must be a list of strings"),
        (["ana", 3], TypeError, r"\[1\] must be a string; got 3"),
    ],
)
def test_novelty_report_names_the_bad_list(which, value, error, message):
    with pytest.raises(error, match=which + message):
        novelty_report(**({"samples": NAMES, "train": NAMES, "held_out": UNSEEN} | {which: value}))


# the surprises themselves, and what is summed up of them


def test_surprises_come_symbol_by_symbol_in_the_order_of_the_names(monkeypatch):
    names = ["eva", "bo", "", "amanda", "eva", "ana"]
    monkeypatch.setattr(evaluate, "CHUNK", 2)
    for name, nats in zip(names, surprises(MODEL, VOCABULARY, iter(names)), strict=True):
        batch = make_batch([name], VOCABULARY)
        logits, _, _ = forward(MODEL, batch.inputs)
        expected = -log_softmax(logits[:, 0])[np.arange(len(name) + 1), batch.targets[:, 0]]
        np.testing.assert_allclose(nats, expected, rtol=1e-12)
        assert nats.sum() == pytest.approx(-name_log_probability(MODEL, VOCABULARY, name), rel=1e-12)


def test_surprises_of_float32_are_summed_in_float64():
    nats = surprises(small_params(seed=2, dtype=np.float32), VOCABULARY, NAMES)
    assert {each.dtype for each in nats} == {np.dtype(np.float64)}


LISTS = st.lists(st.lists(st.floats(0, 20), min_size=1, max_size=6).map(np.array), min_size=1, max_size=12)


@settings(max_examples=60)
@given(LISTS)
def test_a_score_counts_symbols_not_names(nats):
    found = score(nats)
    every = [float(value) for each in nats for value in each]
    assert (found.names, found.symbols) == (len(nats), len(every))
    assert found.nll == pytest.approx(math.fsum(every) / len(every), abs=1e-12)
    assert found.bits == pytest.approx(found.nll / math.log(2))
    assert found.perplexity == pytest.approx(math.exp(found.nll))


def test_surprises_of_lower_precision_are_summed_in_float64():
    nats = [np.array([1, 2**-30], np.float32), np.array([6e4, 6e4], np.float16)]
    assert score(nats[:1]).nll == 0.5 + 2**-31
    assert score(nats[1:]).nll == nll_by_position(nats[1:])[0][0] == 6e4
    assert evaluate.bootstrap(nats[1:] * 2, rng=generator(), resamples=3) == (6e4, 6e4, 6e4)
    assert nats[0].dtype == np.float32


def test_what_a_little_more_than_1_gives_is_a_surprise_too():
    assert score([-np.log([1 + 1e-9])]).nll == pytest.approx(-1e-9)


def test_a_symbol_of_probability_0_makes_the_score_infinite():
    assert score([np.array([1.0, math.inf])])[2:] == (math.inf,) * 3


@settings(max_examples=60)
@given(LISTS)
def test_the_mean_at_each_position(nats):
    means, counts = nll_by_position(nats)
    assert len(means) == len(counts) == max(len(each) for each in nats)
    for position, (mean, count) in enumerate(zip(means, counts, strict=True)):
        there = [each[position] for each in nats if len(each) > position]
        assert count == len(there)
        assert mean == pytest.approx(math.fsum(there) / len(there), abs=1e-12)
    assert (means * counts).sum() / counts.sum() == pytest.approx(score(nats).nll, abs=1e-12)


def test_the_mean_in_each_band_of_frequency():
    nats = [np.array([1.0, 3.0]), np.array([5.0]), np.array([0.5, 0.5, 0.5]), np.array([9.0])]
    rare, frequent, empty = nll_by_frequency(nats, [100, 999, 1000, 5_000_000], [100, 1000, 1e6, 2e6])
    assert rare == Band(100, 1000, 2, 3.0)  # a mean over symbols: (1 + 3 + 5) / 3
    assert frequent == Band(1000, 1e6, 1, 0.5)
    assert empty[:3] == (1e6, 2e6, 0)
    assert math.isnan(empty.nll)
    assert nll_by_frequency(nats, [0, 0, 7, 7], [0, 7])[0] == Band(0, 7, 2, 3.0)  # a name may have no bearer left


@pytest.mark.parametrize(
    ("bearers", "bounds", "message"),
    [
        ([1], [0, 9], r"bearers must hold a number >= 0 for each of 2 names; got \[1\]"),
        ([1, -2], [0, 9], r"bearers must hold a number >= 0 for each of 2 names; got \[1, -2\]"),
        ([1, np.nan], [0, 9], "bearers must hold a number >= 0 for each of 2 names; got .*nan"),
        ([[1, 2]], [0, 9], r"bearers must be a list of numbers or a 1-D array; got shape \(1, 2\)"),
        ([1, 2], [[0, 5], [5, 9]], r"bounds must be a list of numbers or a 1-D array; got shape \(2, 2\)"),
        ([1, 2], np.array([9, 2], np.uint8), "bounds must be at least two rising numbers; got an array of uint8"),
        ([1, 2], [0, np.nan], "bounds must be at least two rising numbers"),
        ([1, 2], [0], r"bounds must be at least two rising numbers; got \[0\]"),
        ([1, 2], [0, 5, 5], "bounds must be at least two rising numbers"),
    ],
)
def test_bands_that_do_not_fit_are_refused(bearers, bounds, message):
    with pytest.raises(ValueError, match=message):
        nll_by_frequency([np.ones(2), np.ones(3)], bearers, bounds)


@pytest.mark.parametrize(
    "value", [None, "19", ["1", "9"], [True, False], {1, 9}, [None, 1], [[1], [1, 2]], (k for k in [1, 9])]
)
def test_bands_of_what_are_no_numbers_are_refused(value):
    with pytest.raises(TypeError, match="bearers must be a list of numbers; got "):
        nll_by_frequency([np.ones(2), np.ones(3)], value, [0, 9])
    with pytest.raises(TypeError, match="bounds must be a list of numbers; got "):
        nll_by_frequency([np.ones(2), np.ones(3)], [1, 2], value)


def test_the_last_band_may_be_open():
    assert nll_by_frequency([np.ones(2), np.ones(3)], np.array([5, 10**9]), (0, 5, math.inf))[1] == Band(
        5, math.inf, 2, 1
    )


@pytest.mark.parametrize("function", [score, nll_by_position, lambda nats: nll_by_frequency(nats, [1], [0, 2])])
@pytest.mark.parametrize(
    ("nats", "error", "message"),
    [
        ([], ValueError, "nats must hold the surprises of at least one name; got none"),
        (np.ones((2, 3)), TypeError, "nats must be the list of arrays that surprises returns; got an array of float64"),
        ("ana", TypeError, "nats must be the list of arrays that surprises returns; got 'ana'"),
        (None, TypeError, "nats must be the list of arrays"),
        ([[1.0]], TypeError, r"nats\[0\] must be a NumPy array of floats"),
        ([np.ones(1), np.ones(2, int)], TypeError, r"nats\[1\] must be a NumPy array of floats; got an array of int64"),
        ([np.ones(0)], ValueError, r"nats\[0\] must be a non-empty 1-D array; got shape \(0,\)"),
        ([np.ones((1, 1))], ValueError, r"nats\[0\] must be a non-empty 1-D array; got shape \(1, 1\)"),
        (
            (each for each in [np.ones(1)]),
            TypeError,
            "nats must be the list of arrays that surprises returns; got <gen",
        ),
        (b"ana", TypeError, "nats must be the list of arrays that surprises returns; got b'ana'"),
        ([np.array([1.0, np.nan])], ValueError, "nats must hold surprises, -ln p: numbers >= 0, in nats; got nan"),
        ([np.array([-1e-5])], ValueError, "nats must hold surprises, -ln p: numbers >= 0, in nats; got -1e-05"),
        ([np.log([0.5, 0.1])], ValueError, "nats must hold surprises, -ln p: numbers >= 0, in nats; got -0.69"),
        ([np.ones(1), np.array([-np.inf])], ValueError, "nats must hold surprises, -ln p: numbers >= 0, .*; got -inf"),
    ],
)
def test_what_is_no_list_of_surprises_is_refused(function, nats, error, message):
    with pytest.raises(error, match=message):
        function(nats)
