"""Sampling follows the model's law exactly, and `name_log_probability` is that law."""

import itertools
import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc
from training_cases import generator, read_only, small_params

from lstm_lib import sample
from lstm_lib.evaluate import nll, novelty_report, surprises
from lstm_lib.model import Params, forward
from lstm_lib.ops import softmax
from lstm_lib.packed import step
from lstm_lib.sample import CutName, name_log_probability, next_probabilities, pick, reshape_law, sample_names
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import END, Vocabulary

ABC = Vocabulary((".", "a", "b", "c"))
MODEL = small_params(ABC, seed=5, scale=2.5)
DRAWS = 20_000
ACCEPT = 1e-3  # smallest p-value of a right sampler; the seeds are fixed, so the tests never waver
REJECT = 1e-6  # largest p-value of a wrong one


# The independent reference: no state is carried, no batch, no array; each prefix is read from its beginning.


def probabilities_after(prefix, params=MODEL):
    """The model's own law after a prefix, as a list, from one fresh forward pass."""
    ids = [END, *(ABC.characters.index(letter) for letter in prefix)]
    logits = forward(params, np.array(ids)[:, None])[0][-1, 0].tolist()
    weights = [math.exp(logit - max(logits)) for logit in logits]
    return [weight / sum(weights) for weight in weights]


def heated(p, temperature):
    powers = [x ** (1 / temperature) for x in p]
    return [x / sum(powers) for x in powers]


def top_k_of(p, k):
    kept = sorted(range(len(p)), key=lambda i: -p[i])[:k]
    return [p[i] / sum(p[j] for j in kept) if i in kept else 0.0 for i in range(len(p))]


def nucleus_of(p, mass):
    kept = []
    for i in sorted(range(len(p)), key=lambda i: -p[i]):
        kept.append(i)
        if sum(p[j] for j in kept) >= mass - 1e-6:
            break
    return [p[i] / sum(p[j] for j in kept) if i in kept else 0.0 for i in range(len(p))]


def right_law(prefix, *, temperature=1.0, top_k=None, top_p=None, params=MODEL):
    p = heated(probabilities_after(prefix, params), temperature)
    p = p if top_k is None else top_k_of(p, top_k)
    return p if top_p is None else nucleus_of(p, top_p)


def whole_names(law, *, prefix="", max_length=3):
    """The probability of every name that a sampler with this law of the next letter can give."""
    chances, open_ones = {}, {prefix: 1.0}
    while open_ones:
        going_on = {}
        for start, chance in open_ones.items():
            if len(start) == max_length:
                chances[start] = chances.get(start, 0) + chance
                continue
            p = law(start)
            chances[start] = chances.get(start, 0) + chance * p[END]
            going_on |= {start + ABC.characters[i]: chance * p[i] for i in range(1, len(p)) if p[i] > 0}
        open_ones = going_on
    assert math.isclose(sum(chances.values()), 1, rel_tol=1e-12)
    return chances


def p_value(counts, chances):
    """Pearson's test of counts against a law; rare names, below ten expected, are pooled."""
    total = sum(counts.values())
    if any(chances.get(name, 0) == 0 for name, count in counts.items() if count):
        return 0.0  # something impossible was drawn
    common = [name for name, chance in chances.items() if chance * total >= 10]
    observed = [counts.get(name, 0) for name in common]
    expected = [chances[name] * total for name in common]
    rest = total - sum(expected)
    if rest > 1e-6:
        observed, expected = [*observed, total - sum(observed)], [*expected, rest]
    statistic = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    assert len(expected) > 2  # a test of one or two cells would show little
    return float(chdtrc(len(expected) - 1, statistic))  # the tail of chi-square, degrees of freedom first


def count_names(names):
    return {name: names.count(name) for name in set(names)}


CASES = [
    {},
    {"temperature": 0.6},
    {"temperature": 2.0},
    {"top_k": 2},
    {"top_k": 3, "temperature": 1.7},
    {"top_p": 0.7},
    {"top_p": 0.9, "temperature": 1.5},
    {"top_k": 3, "top_p": 0.8},
]


@pytest.mark.parametrize("options", CASES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_whole_names_follow_the_exact_law(options, dtype):
    params = small_params(ABC, seed=5, scale=2.5, dtype=dtype)
    names = sample_names(params, ABC, DRAWS, rng=generator(1), max_length=3, **options)
    assert p_value(count_names(names), whole_names(lambda prefix: right_law(prefix, **options))) > ACCEPT


def test_the_first_letter_follows_its_law_where_that_is_far_from_uniform():
    skewed = replace(MODEL, b_y=np.array([-2.0, 1.0, 0.0, -1.0]))
    law = right_law("", params=skewed)
    assert max(law) > 5 * min(law)  # MODEL's own law of first letters is flat by chance, and hides a uniform draw
    names = sample_names(skewed, ABC, DRAWS, rng=generator(1), max_length=3)
    assert p_value(count_names(names), whole_names(lambda prefix: right_law(prefix, params=skewed))) > ACCEPT


def test_whole_names_follow_the_exact_law_after_a_prefix_and_in_small_chunks(monkeypatch):
    monkeypatch.setattr(sample, "CHUNK", 97)
    names = sample_names(MODEL, ABC, DRAWS, rng=generator(2), prefix="ab", max_length=5)
    assert p_value(count_names(names), whole_names(right_law, prefix="ab", max_length=5)) > ACCEPT


def forgetful(prefix):  # the state is reset before each letter
    return probabilities_after(prefix[-1:]) if prefix else probabilities_after("")


def without_start(prefix):  # the end mark is not read before the first letter
    ids = [ABC.characters.index(letter) for letter in prefix] or [END]
    return softmax(forward(MODEL, np.array(ids)[:, None])[0])[-1, 0].tolist()


def power_tau(prefix, temperature):
    return heated(probabilities_after(prefix), 1 / temperature)


def softmax_of_probabilities(prefix, temperature):
    p = [math.exp(x / temperature) for x in probabilities_after(prefix)]
    return [x / sum(p) for x in p]


def cold_after_cut(prefix, temperature, top_p):  # the nucleus is cut before the temperature is applied
    return heated(nucleus_of(probabilities_after(prefix), top_p), temperature)


def rest_to_the_end_mark(prefix, **options):  # what is cut is not renormalised: its mass ends the name
    p = probabilities_after(prefix)
    kept = right_law(prefix, **options)
    p = [x if kept[i] else 0.0 for i, x in enumerate(p)]
    return [p[END] + 1 - sum(p), *p[1:]]


def dropped_crossing(prefix, top_p):
    p = probabilities_after(prefix)
    kept = [i for i, x in enumerate(nucleus_of(p, top_p)) if x]
    kept = sorted(kept, key=lambda i: p[i])[1:] or kept
    return [p[i] / sum(p[j] for j in kept) if i in kept else 0.0 for i in range(len(p))]


def unordered_nucleus(prefix, top_p):  # the first ids whose mass reaches p, instead of the most probable ones
    p, kept = probabilities_after(prefix), []
    while not kept or sum(p[j] for j in kept) < top_p:
        kept.append(len(kept))
    return [p[i] / sum(p[j] for j in kept) if i in kept else 0.0 for i in range(len(p))]


def one_too_many(prefix, top_k):
    return top_k_of(probabilities_after(prefix), top_k + 1)


WRONG = [
    (forgetful, {}),
    (without_start, {}),
    (power_tau, {"temperature": 0.6}),
    (power_tau, {"temperature": 2.0}),
    (softmax_of_probabilities, {"temperature": 0.6}),
    (softmax_of_probabilities, {"temperature": 2.0}),
    (rest_to_the_end_mark, {"top_k": 2}),
    (one_too_many, {"top_k": 2}),
    (rest_to_the_end_mark, {"top_p": 0.7}),
    (dropped_crossing, {"top_p": 0.7}),
    (unordered_nucleus, {"top_p": 0.7}),
    (cold_after_cut, {"top_p": 0.9, "temperature": 1.5}),
]


@pytest.mark.parametrize(("wrong", "options"), WRONG, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_test_of_the_law_fails_on_a_wrong_sampler(wrong, options):
    chances = whole_names(lambda prefix: wrong(prefix, **options))
    counts = generator(3).multinomial(DRAWS, list(chances.values()))
    drawn = dict(zip(chances, counts.tolist(), strict=True))
    assert p_value(drawn, whole_names(lambda prefix: right_law(prefix, **options))) < REJECT


@pytest.mark.parametrize("prefix", ["", "a", "cab"])
def test_next_probabilities_are_the_softmax_of_forward(prefix):
    ids = np.array([END, *ABC.encode(prefix)])[:, None]
    np.testing.assert_allclose(
        next_probabilities(MODEL, ABC, prefix), softmax(forward(MODEL, ids)[0])[-1, 0], rtol=1e-14
    )


@pytest.mark.parametrize("options", CASES, ids=str)
def test_next_probabilities_are_the_law_of_sample_names(options):
    expected = right_law("ca", **options)
    np.testing.assert_allclose(next_probabilities(MODEL, ABC, "ca", **options), expected, rtol=1e-12, atol=0)


# reshape_law


@st.composite
def cuts(draw):
    V = draw(st.integers(1, 8))
    row = st.lists(st.floats(-30, 30), min_size=V, max_size=V)
    logits = np.array(draw(st.lists(row, min_size=1, max_size=4)), draw(st.sampled_from([np.float64, np.float32])))
    top_k, top_p = draw(st.none() | st.integers(1, 10)), draw(st.none() | st.floats(0.01, 1))
    return logits, draw(st.floats(0.05, 20)), top_k, top_p


@settings(max_examples=300)
@given(cuts())
def test_the_law_is_a_law_of_the_most_probable_characters(case):
    logits, temperature, top_k, top_p = case
    before = logits.copy()
    law = reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    close = 1e-12 if logits.dtype == np.float64 else 1e-5
    assert (law.dtype, law.shape) == (logits.dtype, logits.shape)
    assert (logits == before).all()
    np.testing.assert_allclose(law.sum(axis=-1), 1, atol=close)
    for row, kept in zip(logits.tolist(), law, strict=True):
        p = [math.exp((logit - max(row)) / temperature) for logit in row]
        p = np.array(p) / sum(p)
        p = np.array(top_k_of(p.tolist(), top_k)) if top_k is not None else p
        alive = kept > 0
        smallest = float(np.finfo(law.dtype).smallest_normal)
        np.testing.assert_allclose(kept[alive], p[alive] / p[alive].sum(), rtol=close, atol=smallest)  # scaled alike
        assert not alive.all() or top_k is None or len(row) <= top_k
        if (~alive).any():
            assert p[alive].min() >= p[~alive].max() * (1 - close)  # most probable first
        mass = top_p if top_p is not None else 1.0
        assert p[alive].sum() >= mass - 1e-6 - close  # reaches p ...
        assert top_p is None or p[alive].sum() - p[alive].min() < mass + close  # ... and not before its last


def test_temperature_acts_before_the_softmax():
    logits = np.log(np.array([[0.5, 0.3, 0.2]]))
    np.testing.assert_allclose(reshape_law(logits, temperature=0.5)[0], np.array([25, 9, 4]) / 38, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_extreme_temperatures_and_logits_need_no_warning(dtype):
    largest = np.finfo(dtype).max
    logits = np.array([[1.0, 3.0, 3.0, -largest], [largest, -largest, 0, 1]], dtype)
    np.testing.assert_array_equal(reshape_law(logits, temperature=1e-300), [[0, 0.5, 0.5, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(reshape_law(logits, temperature=5e-324), [[0, 0.5, 0.5, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(reshape_law(logits[:1, :2], temperature=1e300), [[0.5, 0.5]])


def test_of_equals_top_k_keeps_the_lowest_ids():
    np.testing.assert_array_equal(reshape_law(np.zeros((1, 4)), top_k=2), [[0.5, 0.5, 0, 0]])
    np.testing.assert_array_equal(reshape_law(np.array([[0.0, 5, 0, 5]]), top_k=1), [[0, 1, 0, 0]])
    np.testing.assert_array_equal(reshape_law(np.zeros((1, 4)), top_k=9), np.full((1, 4), 0.25))
    law = reshape_law(np.tile([0.0, 1.0], (1, 100)), top_k=30)  # many: an unstable sort would mix the equal ones
    assert np.nonzero(law[0])[0].tolist() == list(range(1, 60, 2))


@pytest.mark.parametrize(("mass", "kept"), [(1e-9, 1), (0.25, 1), (0.26, 2), (0.5, 2), (0.51, 3), (0.76, 4), (1, 4)])
def test_the_nucleus_reaches_its_mass_and_stops(mass, kept):
    expected = [1 / kept] * kept + [0] * (4 - kept)
    np.testing.assert_allclose(reshape_law(np.zeros((1, 4)), top_p=mass)[0], expected, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("law", "mass", "kept"), [((0.3, 0.6, 0.1), 0.9, 2), ((0.1, 0.7, 0.2), 0.9, 2), ((0.3, 0.1, 0.1, 0.5), 0.8, 2)]
)
def test_rounding_does_not_decide_whether_a_mass_is_reached(law, mass, kept, dtype):
    cut = reshape_law(np.log(np.array([law], dtype)), top_p=mass)[0]
    assert np.count_nonzero(cut) == kept  # 0.6 + 0.3 is 0.8999999999999999


def test_a_mass_that_falls_short_by_more_than_a_millionth_is_not_reached():
    law = np.log(np.array([[0.6, 0.3, 0.1]]))
    assert np.count_nonzero(reshape_law(law, top_p=0.900002)) == 3
    assert np.count_nonzero(reshape_law(law, top_p=0.9000005)) == 2


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_nucleus_of_one_keeps_every_character(dtype):
    logits = np.array([[0.0, -40.0, 1.0]], dtype)  # the second is lost when 1 is added to it
    np.testing.assert_array_equal(reshape_law(logits, top_p=1.0), reshape_law(logits))
    assert reshape_law(logits, top_p=1)[0, 1] > 0


def test_top_p_counts_the_mass_that_top_k_left():
    logits = np.log(np.array([[0.4, 0.3, 0.2, 0.1]]))
    np.testing.assert_allclose(reshape_law(logits, top_k=2, top_p=0.5)[0], [1, 0, 0, 0])  # 0.4 / 0.7 > 0.5
    np.testing.assert_allclose(reshape_law(logits, top_p=0.5)[0], [4 / 7, 3 / 7, 0, 0])


# pick


class Fixed(np.random.Generator):
    """A generator that always draws the same number."""

    def __init__(self, number):
        super().__init__(np.random.PCG64(0))
        self.number = number

    def random(self, size):
        return np.full(size, self.number)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_id_of_probability_zero_is_never_drawn_not_even_at_the_ends(dtype):
    law = np.array([[0, 0.25, 0, 0.75, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]], dtype)
    assert pick(law, rng=Fixed(0.0)).tolist() == [1, 0, 4]
    assert pick(law, rng=Fixed(0.25)).tolist() == [3, 0, 4]
    assert pick(law, rng=Fixed(1 - 2**-53)).tolist() == [3, 0, 4]


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 1e-30, 0.1, 0.3, 1.0]), min_size=3, max_size=3), min_size=1), st.integers(0)
)
def test_pick_draws_possible_ids_only(rows, seed):
    law = np.array([row if any(row) else [1.0, 0, 0] for row in rows])
    ids = pick(law, rng=generator(seed % 2**32))
    assert ids.shape == (len(law),)
    assert (law[np.arange(len(law)), ids] > 0).all()


def test_a_law_in_float32_over_many_ids_is_added_up_in_float64():
    law = np.full((1, 70_000), 1 / 70_000, np.float32)
    for level in (0.1, 0.5, 0.9):
        assert pick(law, rng=Fixed(level))[0] == pytest.approx(70_000 * level, abs=1)


def test_pick_draws_from_probabilities_as_small_as_floats_are():
    law = np.array([[0.0, np.finfo(np.float64).tiny]])
    assert pick(law, rng=np.random.default_rng(0)).tolist() == [1]


def test_pick_draws_each_row_with_its_own_law():
    law = np.tile([[0.1, 0.2, 0.7], [0.6, 0.4, 0.0]], (DRAWS, 1))
    ids = pick(law, rng=generator(4)).reshape(-1, 2)
    for row, chances in enumerate([[0.1, 0.2, 0.7], [0.6, 0.4, 0.0]]):
        shares = np.bincount(ids[:, row], minlength=3) / DRAWS
        np.testing.assert_allclose(shares, chances, atol=0.015)
    assert abs(np.corrcoef(ids.T)[0, 1]) < 0.03  # rows are drawn independently


# sample_names


@settings(max_examples=60)
@given(
    st.integers(0, 30), st.text("abc", max_size=4), st.integers(0, 6), st.floats(0.3, 3),
    st.none() | st.integers(1, 5), st.none() | st.floats(0.05, 1), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_samples_are_possible_names(count, prefix, more, temperature, top_k, top_p, seed):
    length = max(1, len(prefix) + more)
    options = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    names = sample_names(MODEL, ABC, count, rng=generator(seed), prefix=prefix, max_length=length, **options)
    assert len(names) == count
    for name in names:
        assert name.startswith(prefix)
        assert len(name) <= length
        assert set(name) <= set("abc")
        for end in range(len(prefix), len(name)):
            assert next_probabilities(MODEL, ABC, name[:end], **options)[ABC.encode(name[end])[0]] > 0
        if len(name) < length:
            assert next_probabilities(MODEL, ABC, name, **options)[END] > 0


def test_the_same_generator_gives_the_same_names():
    draws = [sample_names(MODEL, ABC, 50, rng=generator(seed)) for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


def test_no_names_are_an_empty_list_and_draw_nothing():
    rng = generator()
    before = rng.bit_generator.state
    assert sample_names(MODEL, ABC, 0, rng=rng) == []
    assert sample_names(MODEL, ABC, 3, rng=rng, prefix="abc", max_length=3) == ["abc"] * 3
    assert rng.bit_generator.state == before


def certain(letter):
    """A model that always predicts one character."""
    return Params(
        **{**vars(tree_map(np.zeros_like, MODEL)), "b_y": np.where(np.array(ABC.characters) == letter, 500.0, 0)}
    )


def test_a_name_ends_at_its_end_mark_or_at_max_length():
    assert sample_names(certain("b"), ABC, 2, rng=generator(), max_length=30) == ["b" * 30] * 2
    assert sample_names(certain("b"), ABC, 2, rng=generator(), max_length=1) == ["b"] * 2
    assert sample_names(certain("b"), ABC, 2, rng=generator(), prefix="ca", max_length=4) == ["cabb"] * 2
    assert sample_names(certain("."), ABC, 2, rng=generator()) == [""] * 2
    assert sample_names(certain("."), ABC, 2, rng=generator(), prefix="ca") == ["ca"] * 2


@settings(max_examples=40)
@given(st.integers(1, 30), st.integers(1, 6), st.sampled_from(["", "c", "ab"]), st.integers(0, 2**32 - 1))
def test_a_limit_cuts_names_that_go_on_and_each_of_them_says_so(count, more, prefix, seed):
    """The same dice without a limit write the same names, to their ends."""
    limit = len(prefix) + more
    cut = sample_names(MODEL, ABC, count, rng=generator(seed), prefix=prefix, max_length=limit)
    whole = sample_names(MODEL, ABC, count, rng=generator(seed), prefix=prefix)
    assert cut == [name[:limit] for name in whole]
    assert [type(name) for name in cut] == [str if len(name) < limit else CutName for name in cut]
    assert {type(name) for name in whole} == {str}


def test_a_cut_name_is_neither_known_nor_new():
    names = sample_names(certain("b"), ABC, 3, rng=generator(), max_length=4)
    assert type(sample_names(MODEL, ABC, 1, rng=generator(), prefix="abc", max_length=3)[0]) is CutName
    for known in (["bbbb"], ["bbbbb"]):
        found = novelty_report([*names, "a"], known, ["c"])
        assert (found.in_train, found.in_held_out, found.new, found.cut) == (0, 0, 0.25, 0.75)


def test_a_model_that_never_ends_a_name_is_stopped_and_says_so(monkeypatch):
    with pytest.warns(UserWarning, match=r"^2 of 2 names did not end within 1,000 letters.*max_length sets") as told:
        names = sample_names(certain("b"), ABC, 2, rng=generator(), prefix="c")
    assert names == ["c" + "b" * 1000] * 2
    assert {type(name) for name in names} == {CutName}
    assert told[0].filename == __file__
    monkeypatch.setattr(sample, "STOP", 4)
    whole = [len(name) for name in sample_names(MODEL, ABC, 90, rng=generator(3), max_length=99)]
    with pytest.warns(UserWarning, match=rf"^{sum(letters >= 4 for letters in whole)} of 90 names did not end within"):
        sample_names(MODEL, ABC, 90, rng=generator(3))


def test_memory_grows_with_what_is_drawn_not_with_the_limit():
    tracemalloc.start()
    try:
        sample_names(MODEL, ABC, 100, rng=generator(), max_length=10**7)
        assert tracemalloc.get_traced_memory()[1] < 2e6
    finally:
        tracemalloc.stop()


def test_a_wide_vocabulary_is_drawn_in_smaller_chunks(monkeypatch):
    counts = []

    def spy(law, *, rng):
        counts.append(law.shape)
        return pick(law, rng=rng)

    monkeypatch.setattr(sample, "pick", spy)
    assert sample.LARGEST <= 5e6  # numbers of eight bytes: forty megabytes
    for largest, chunks in ((20, [5, 5, 2]), (3, [1] * 12), (2**24, [12])):
        monkeypatch.setattr(sample, "LARGEST", largest)
        counts.clear()
        assert len(sample_names(MODEL, ABC, 12, rng=generator(), max_length=1)) == 12
        assert counts == [(names, 4) for names in chunks]


def test_a_large_count_is_drawn_in_chunks_and_ended_names_cost_nothing(monkeypatch):
    sizes = []

    def spy(params, table, ids, state):
        sizes.append(len(ids))
        return step(params, table, ids, state)

    monkeypatch.setattr(sample, "step", spy)
    monkeypatch.setattr(sample, "CHUNK", 40)
    names = sample_names(MODEL, ABC, 100, rng=generator(6), max_length=8)
    assert len(names) == 100
    chunks = names[:40], names[40:80], names[80:]
    going_on = [{name[:k] for name in chunk if len(name) >= k} for chunk in chunks for k in range(1, 8)]
    assert sizes == [len(prefixes) for prefixes in going_on if prefixes]  # each distinct prefix once


def test_arguments_are_not_written_to():
    assert sample_names(read_only(MODEL), ABC, 5, rng=generator()) == sample_names(MODEL, ABC, 5, rng=generator())


# name_log_probability


def product_of(name):
    chances = [probabilities_after(name[:end])[ABC.characters.index(letter)] for end, letter in enumerate(name)]
    return math.prod([*chances, probabilities_after(name)[END]])


@pytest.mark.parametrize("name", ["", "a", "cab", "abcabcabc"])
def test_the_probability_of_a_name_is_the_product_along_it(name):
    assert name_log_probability(MODEL, ABC, name) == pytest.approx(math.log(product_of(name)), rel=1e-12)
    single = small_params(ABC, seed=5, scale=2.5, dtype=np.float32)
    assert name_log_probability(single, ABC, name) == pytest.approx(math.log(product_of(name)), rel=1e-5)


def test_the_logarithms_of_a_long_name_are_added_in_float64():
    single, name = small_params(ABC, seed=5, scale=2.5, dtype=np.float32), "abc" * 100
    logs = surprises(single, ABC, [name])[0].tolist()
    assert name_log_probability(single, ABC, name) == pytest.approx(-math.fsum(logs), rel=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_weights_that_overflow_give_a_name_the_loss_that_they_give_a_list(seed):
    """1e20 times 1e20 is infinite in float32: what becomes of it must not depend on who asks."""
    huge = small_params(ABC, seed=seed, D=64, H=128, dtype=np.float32, scale=1e20)
    with np.errstate(all="ignore"):
        total = -sum(name_log_probability(huge, ABC, name) for name in ("cab", "abba"))
        assert nll(huge, ABC, ["cab", "abba"]) == pytest.approx(total / 9, rel=1e-6, nan_ok=True)


def test_all_names_and_what_goes_on_have_probability_one():
    longest = 4
    names = ["".join(letters) for n in range(longest + 1) for letters in itertools.product("abc", repeat=n)]
    ended = math.fsum(math.exp(name_log_probability(MODEL, ABC, name)) for name in names)
    going_on = math.fsum(
        math.prod(probabilities_after(name[:end])[ABC.characters.index(name[end])] for end in range(longest + 1))
        for name in map("".join, itertools.product("abc", repeat=longest + 1))
    )
    assert 0.01 < going_on < 0.99
    assert ended + going_on == pytest.approx(1, abs=1e-13)


def test_the_probability_of_names_is_their_loss():
    names = ["a", "cab", "bb", ""]
    total = -sum(name_log_probability(MODEL, ABC, name) for name in names)
    assert nll(MODEL, ABC, names) == pytest.approx(total / sum(len(name) + 1 for name in names), rel=1e-13)


def test_a_log_probability_is_never_above_zero():
    assert name_log_probability(certain("."), ABC, "") == 0


# bad arguments

SMALLER = small_params(Vocabulary((".", "a")))
BAD_DRAWS = [
    ({"count": -1}, ValueError, "count must be at least 0; got -1"),
    ({"count": 2.0}, TypeError, "count must be a whole number; got 2.0"),
    ({"count": True}, TypeError, "count must be a whole number; got True"),
    ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
    ({"rng": np.random.RandomState(0)}, TypeError, "rng must be a numpy.random.Generator"),
    ({"temperature": 0}, ValueError, "temperature must be a finite number above 0; got 0"),
    ({"temperature": -1.0}, ValueError, "temperature must be a finite number above 0; got -1.0"),
    ({"temperature": math.nan}, ValueError, "temperature must be a finite number above 0; got nan"),
    ({"temperature": math.inf}, ValueError, "temperature must be a finite number above 0; got inf"),
    ({"temperature": "hot"}, TypeError, "temperature must be a number; got 'hot'"),
    ({"temperature": None}, TypeError, "temperature must be a number; got None"),
    ({"top_k": 0}, ValueError, "top_k must be at least 1; got 0"),
    ({"top_k": 1.5}, TypeError, "top_k must be a whole number; got 1.5"),
    ({"top_p": 0.0}, ValueError, "top_p must be a finite number above 0 and at most 1; got 0.0"),
    ({"top_p": 1.1}, ValueError, "top_p must be a finite number above 0 and at most 1; got 1.1"),
    ({"top_p": [0.5]}, TypeError, r"top_p must be a number; got \[0.5\]"),
    ({"prefix": "ad"}, ValueError, "'ad' has 'd', which is not a letter of this vocabulary: 'abc'"),
    ({"prefix": "a."}, ValueError, r"'a\.' has '\.', which is not a letter of this vocabulary: 'abc'"),
    ({"prefix": None}, TypeError, "must be a string; got None"),
    ({"prefix": ["a"]}, TypeError, "must be a string; got"),
    ({"max_length": 0}, ValueError, "max_length must be at least 1; got 0"),
    ({"max_length": "9"}, TypeError, "max_length must be a whole number; got '9'"),
    ({"max_length": 2, "prefix": "abc"}, ValueError, "max_length must be at least 3, the letters of the prefix; got 2"),
    (
        {"vocabulary": "abc"},
        TypeError,
        "vocabulary must be Vocabulary, such as Vocabulary.from_names returns; got 'abc'",
    ),
    ({"params": None}, TypeError, "params must be Params, such as init_params returns; got None"),
    ({"params": SMALLER}, ValueError, "params must be for as many characters as the vocabulary has, 4; got 2"),
    ({"vocabulary": Vocabulary((".", "a"))}, ValueError, "as many characters as the vocabulary has, 2; got 4"),
]


@pytest.mark.parametrize(
    ("change", "error", "message"), BAD_DRAWS, ids=lambda value: str(value).split(" at 0x")[0][:40]
)
def test_sample_names_refuses_a_bad_argument_even_for_no_names(change, error, message):
    for count in (3, 0):
        arguments = {"params": MODEL, "vocabulary": ABC, "count": count, "rng": generator()} | change
        with pytest.raises(error, match=message):
            sample_names(**arguments)


BAD_LAWS = [case for case in BAD_DRAWS if not {"count", "rng", "max_length"} & set(case[0])]


@pytest.mark.parametrize(("change", "error", "message"), BAD_LAWS, ids=lambda value: str(value).split(" at 0x")[0][:40])
def test_next_probabilities_refuses_the_same(change, error, message):
    with pytest.raises(error, match=message):
        next_probabilities(**({"params": MODEL, "vocabulary": ABC} | change))


@pytest.mark.parametrize(
    ("logits", "error", "message"),
    [
        ([[0.0, 1.0]], TypeError, r"logits must be a NumPy array of floats; got \[\[0.0, 1.0\]\] \(list\)"),
        (np.zeros((1, 2), int), TypeError, r"logits must be a NumPy array of floats; got an array of int64"),
        (np.zeros(3), ValueError, r"logits must have shape \(B, V\), at least \(1, 1\); got \(3,\)"),
        (np.zeros((2, 3, 4)), ValueError, r"logits must have shape \(B, V\), at least \(1, 1\); got \(2, 3, 4\)"),
        (np.zeros((0, 3)), ValueError, r"logits must have shape \(B, V\), at least \(1, 1\); got \(0, 3\)"),
        (np.zeros((3, 0)), ValueError, r"logits must have shape \(B, V\), at least \(1, 1\); got \(3, 0\)"),
        (np.array([[0.0, np.nan]]), ValueError, "logits must be finite; got nan"),
        (np.array([[0.0, 1.0], [-np.inf, 2.0]]), ValueError, "logits must be finite; got -inf"),
    ],
)
def test_reshape_law_refuses_what_are_no_logits(logits, error, message):
    with pytest.raises(error, match=message):
        reshape_law(logits)


@pytest.mark.parametrize(
    ("law", "error", "message"),
    [
        (np.zeros(3), ValueError, r"law must have shape \(B, V\), at least \(1, 1\); got \(3,\)"),
        (np.array([[0.5, np.inf]]), ValueError, "law must be finite; got inf"),
        (np.array([[0.5, 0.5], [0, 0]]), ValueError, "each row of law must hold probabilities >= 0, not all of them 0"),
        (
            np.array([[1.5, -0.5]]),
            ValueError,
            "each row of law must hold probabilities >= 0, not all of them 0, of finite sum; got",
        ),
        (np.full((1, 3), 1e308), ValueError, "of finite sum"),
        (np.full((5, 2), 5e-324), ValueError, "not all of them 0"),
        ("law", TypeError, "law must be a NumPy array of floats"),
    ],
)
def test_pick_refuses_what_is_no_law(law, error, message):
    with pytest.raises(error, match=message):
        pick(law, rng=generator())


def test_pick_refuses_a_missing_generator():
    with pytest.raises(TypeError, match="rng must be a"):
        pick(np.ones((1, 2)), rng=0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((MODEL, ABC, "ax"), ValueError, "'ax' has 'x', which is not a letter of this vocabulary: 'abc'"),
        ((MODEL, ABC, 7), TypeError, "a name must be a string; got 7"),
        ((MODEL, ABC, ["a"]), TypeError, "a name must be a string; got"),
        ((MODEL, "abc", "a"), TypeError, "vocabulary must be Vocabulary"),
        (("model", ABC, "a"), TypeError, "params must be Params"),
        ((SMALLER, ABC, "a"), ValueError, "params must be for as many characters as the vocabulary has, 4; got 2"),
        ((MODEL, Vocabulary((".", "a")), "a"), ValueError, "as many characters as the vocabulary has, 2; got 4"),
    ],
)
def test_name_log_probability_refuses_a_bad_argument(arguments, error, message):
    with pytest.raises(error, match=message):
        name_log_probability(*arguments)


def test_a_prefix_that_is_no_string_is_called_so():
    with pytest.raises(TypeError, match="prefix must be a string; got None"):
        sample_names(MODEL, ABC, 3, rng=generator(), prefix=None)


def test_a_model_that_holds_nan_is_refused_instead_of_giving_empty_names():
    broken = Params(**{**vars(MODEL), "b_y": np.full(4, np.nan)})
    with pytest.raises(ValueError, match="logits must be finite; got nan"):
        sample_names(broken, ABC, 3, rng=generator())
