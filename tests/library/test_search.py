"""The searches find what trying every name finds, in its order; the beam never finds more; rules mean what they say."""

import itertools
import math
from functools import cache

import numpy as np
import pytest

from lstm_lib import search
from lstm_lib.example import VOCABULARY, example_params
from lstm_lib.model import init_params
from lstm_lib.packed import step
from lstm_lib.rule import MOST, pattern_rule, require_floor_for, trimmed
from lstm_lib.sample import STOP, name_log_probability, next_probabilities
from lstm_lib.search import Found, beam_search, best_first, names_above
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

ABC = Vocabulary((".", "a", "b", "c"))
LONGEST = 5


def peaked(seed: int):
    """A model with opinions: greedy is not always right."""
    return tree_map(lambda leaf: 3 * leaf, init_params(4, 3, 4, rng=np.random.default_rng(seed)))


def broken(params):
    """The same model with parameters that are not numbers."""
    return tree_map(lambda leaf: leaf * np.nan, params)


MODELS = [peaked(seed) for seed in range(4)]


@cache
def every_name(params, longest=LONGEST):
    """All names of at most so many letters, the most probable first, by the library's one exact score."""
    names = ["".join(each) for n in range(longest + 1) for each in itertools.product("abc", repeat=n)]
    scored = [Found(name, name_log_probability(params, ABC, name)) for name in names]
    return sorted(scored, key=lambda found: (-found.log_p, found.name))


def up_to(longest):
    """The rule that a name has at most so many letters."""
    rule = np.tile(np.minimum(np.arange(1, longest + 2), longest)[:, None], (1, 4))
    rule[-1, 1:] = -1
    return rule


def assert_same(found, wanted):
    assert [each.name for each in found] == [each.name for each in wanted]
    np.testing.assert_allclose([each.log_p for each in found], [each.log_p for each in wanted], rtol=0, atol=1e-9)


@pytest.mark.parametrize("params", MODELS)
@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_best_first_gives_all_short_names_in_order(params, at_once):
    found = list(best_first(params, ABC, rule=up_to(LONGEST), at_once=at_once))
    assert_same(found, every_name(params))


@pytest.mark.parametrize("params", MODELS)
def test_names_above_a_floor_are_those_that_best_first_gives_first(params):
    short = every_name(params)
    floor = math.exp(short[20].log_p) * (1 - 1e-9)
    assert_same(names_above(params, ABC, floor, rule=up_to(LONGEST)), short[:21])
    free = names_above(params, ABC, floor)
    assert_same(free, list(itertools.islice(best_first(params, ABC), len(free))))
    assert_same([each for each in free if len(each.name) <= LONGEST], short[:21])
    assert all(each.log_p >= math.log(floor) for each in free)


def test_without_a_floor_a_finite_rule_is_searched_whole():
    assert_same(names_above(MODELS[0], ABC, 0, rule=up_to(3)), every_name(MODELS[0], 3))
    assert len(names_above(MODELS[0], ABC, 1)) == 0


def test_a_search_opens_no_beginning_that_is_less_probable_than_what_it_returns(monkeypatch):
    opened = []

    def watched(params, table, ids, state):
        opened.append(len(ids))
        return step(params, table, ids, state)

    monkeypatch.setattr(search, "step", watched)
    for params in MODELS:
        opened.clear()
        best = next(best_first(params, ABC))
        beginnings = {""}
        for _ in range(12):
            beginnings |= {u + x for u in beginnings for x in "abc" if beginning(params, u + x) >= best.log_p}
        assert sum(opened) <= len(beginnings)


@cache
def law_after(params, text):
    """The law of the next letter."""
    return next_probabilities(params, ABC, text)


def beginning(params, text):
    """ln p of the letters alone, read one law after the other."""
    laws = [law_after(params, text[:k]) for k in range(len(text))]
    return sum(math.log(law[ABC.characters.index(letter)]) for law, letter in zip(laws, text, strict=True))


def plain_beam(params, width, longest):
    """The beam of chapter 14 without its early stop, by whole names: all that it finishes."""
    going, done = [""], {}
    for _ in range(longest + 1):
        scores = {}
        for text in going:
            scores |= {text + x: beginning(params, text + x) for x in "abc"}
            scores[text + "."] = name_log_probability(params, ABC, text)
        best = sorted(scores, key=scores.get)[-width:]
        done |= {text[:-1]: scores[text] for text in best if text[-1] == "."}
        going = [text for text in best if text[-1] != "."]
    return sorted((Found(*each) for each in done.items()), key=lambda found: -found.log_p)


@pytest.mark.parametrize("width", [1, 2, 3, 10])
def test_the_beam_is_that_of_the_book(width):
    for params in MODELS[:3]:
        assert_same(beam_search(params, ABC, width, max_length=4), plain_beam(params, width, 4))


def test_best_first_is_never_beaten_by_a_beam_and_a_narrow_beam_is_sometimes():
    behind = 0
    for params in MODELS:
        best = next(best_first(params, ABC))
        for width in (1, 2, 8):
            done = beam_search(params, ABC, width)
            behind += not done or done[0].name != best.name
            assert all(each.log_p <= best.log_p + 1e-9 for each in done)
    assert behind


def test_the_example_is_ana():
    found = list(itertools.islice(best_first(example_params(), VOCABULARY), 3))
    assert [each.name for each in found] == ["ana", "na", "a"]
    assert found[0].log_p == pytest.approx(name_log_probability(example_params(), VOCABULARY, "ana"))
    assert beam_search(example_params(), VOCABULARY, 1)[0].name == "ana"


def test_a_beam_may_finish_nothing():
    assert beam_search(example_params(), VOCABULARY, 1, max_length=2) == []


# ---- rules


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        ("", [""]),
        ("ab", ["ab"]),
        ("_b", ["ab", "bb", "cb"]),
        ("c_*", None),
        ("*", None),
    ],
)
def test_a_pattern_allows_what_it_says(pattern, allowed):
    params = MODELS[1]
    if allowed is not None:
        assert sorted(each.name for each in best_first(params, ABC, rule=pattern_rule(pattern, ABC))) == allowed
        return
    start, least = pattern[:1].strip("*"), len(pattern) - 1
    fits = [each for each in every_name(params) if each.name.startswith(start) and len(each.name) >= least]
    found = itertools.islice(best_first(params, ABC, rule=pattern_rule(pattern, ABC)), 200)
    short = [each for each in found if len(each.name) <= LONGEST]
    assert short
    assert_same(short, fits[: len(short)])


def test_ways_that_lead_to_no_name_are_not_taken():
    rule = np.full((3, 4), -1)
    rule[0, 0], rule[0, 1], rule[0, 2] = 0, 1, 2  # state 1 is a dead end that goes on for ever; 2 ends
    rule[1, 1:], rule[2, 0] = 1, 2
    assert sorted(each.name for each in best_first(MODELS[0], ABC, rule=rule)) == ["", "b"]


def test_a_long_chain_is_kept():
    chain = np.full((60, 4), -1)
    chain[np.arange(59), 1], chain[59, 0] = np.arange(1, 60), 0
    np.testing.assert_array_equal(trimmed(chain, 4), chain)
    assert [each.name for each in best_first(MODELS[0], ABC, rule=chain)] == ["a" * 59]


def long_dead_end():
    """A rule whose states 1 to 9 lead on and never to an end."""
    rule = np.full((10, 4), -1)
    rule[0, 0], rule[:9, 1], rule[9, 1] = 0, np.arange(1, 10), 9
    return rule


def test_a_way_to_a_dead_end_is_cut_at_once():
    assert [each.name for each in best_first(MODELS[0], ABC, rule=long_dead_end())] == [""]


@pytest.mark.parametrize(
    ("floor", "pattern", "most"),
    [
        (0, "_" * 12, 3**12),  # 531,441
        (1 / MOST, "*", MOST),
        (1e-3, "_" * 40, 1000),
        (1e-300, "a" * 300, 1),
        (0, "", 1),
        (1e-300, "ab" * 30 + "*", None),
        (0, "_" * 13, None),
        (0.99 / MOST, "*", None),
        (1e-300, "_" * 300, None),
    ],
)
def test_a_floor_may_leave_a_million_beginnings_side_by_side_and_no_more(floor, pattern, most):
    rule = trimmed(pattern_rule(pattern, ABC), 4)
    if most is not None:
        require_floor_for(rule, floor)
        return
    with pytest.raises(ValueError, match="floor must leave at most 1,000,000 beginnings of one length; "):
        require_floor_for(rule, floor)


def test_a_rule_is_left_as_it_was():
    rule = up_to(2)
    before = rule.copy()
    list(best_first(MODELS[0], ABC, rule=rule))
    names_above(MODELS[0], ABC, 0, rule=rule)
    beam_search(MODELS[0], ABC, 2, rule=rule)
    np.testing.assert_array_equal(rule, before)


def test_float32_finds_the_same_names():
    small = tree_map(lambda leaf: leaf.astype(np.float32), MODELS[2])
    found, wanted = names_above(small, ABC, 1e-3), names_above(MODELS[2], ABC, 1e-3)
    assert [each.name for each in found] == [each.name for each in wanted]
    np.testing.assert_allclose([each.log_p for each in found], [each.log_p for each in wanted], atol=1e-4)


# ---- what is refused


def endless():
    """A model that gives `a` all but e^-100: in floating point the end mark costs 100, and `a` nothing."""
    params = tree_map(np.zeros_like, MODELS[0])
    params.b_y[1] = 100
    return params


def test_a_search_in_a_model_without_ends_stops(monkeypatch):
    assert search.STOP == STOP == 1000
    monkeypatch.setattr(search, "STOP", 100)
    said = "params must let names end; 'aaaaaaaa'... goes on after 101 letters"
    for search_it in (lambda: next(best_first(endless(), ABC)), lambda: names_above(endless(), ABC, 0.5)):
        with pytest.raises(ValueError, match=said):
            search_it()
    long = pattern_rule("a" * 150, ABC)  # a rule may ask for more
    assert next(best_first(endless(), ABC, rule=long)).name == "a" * 150


def test_a_beam_that_is_done_is_done():
    assert len(beam_search(MODELS[0], ABC, 100, rule=up_to(3), max_length=10**12)) == 40


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda m: best_first(m, ABC, at_once=0), ValueError, "at_once must be at least 1; got 0"),
        (lambda m: best_first(m, VOCABULARY), ValueError, "params must be for as many characters"),
        (lambda m: names_above(m, ABC, -0.1), ValueError, "floor must"),
        (lambda m: names_above(m, ABC, 0), ValueError, "endlessly many names; got 0"),
        (lambda m: names_above(m, ABC, 0, rule=pattern_rule("a*", ABC)), ValueError, "endlessly many names; got 0"),
        (lambda m: names_above(m, ABC, 2), ValueError, "floor must"),
        (lambda m: beam_search(m, ABC, 0), ValueError, "width must be at least 1; got 0"),
        (lambda m: beam_search(m, ABC, 1.5), TypeError, "width must"),
        (lambda m: beam_search(m, ABC, 1, max_length=0), ValueError, "max_length must be at least 1"),
        (lambda m: best_first(m, ABC, rule=[[0, 0, 0, 0]]), TypeError, "rule must be a NumPy array of integers"),
        (lambda m: best_first(m, ABC, rule=np.zeros((2, 4))), TypeError, "rule must be a NumPy array of integers"),
        (lambda m: best_first(m, ABC, rule=np.zeros((1, 3), int)), ValueError, "shape (S, 4), S at least 1"),
        (lambda m: best_first(m, ABC, rule=np.zeros((0, 4), int)), ValueError, "got (0, 4)"),
        (lambda m: best_first(m, ABC, rule=np.full((1, 4), 1)), ValueError, "states, 0 to 0, or -1; got 1 to 1"),
        (lambda m: best_first(m, ABC, rule=np.full((1, 4), -2)), ValueError, "states, 0 to 0, or -1; got -2 to -2"),
        (lambda m: best_first(m, ABC, rule=np.full((2, 4), -1)), ValueError, "rule must let some name end"),
        (lambda m: pattern_rule("a", "abc"), TypeError, "vocabulary must be Vocabulary, such as Vocabulary.from_names"),
        (lambda m: names_above(m, ABC, 1e-8), ValueError, "1e-08 may leave 100,000,000: raise it, or take best_first"),
        (lambda m: names_above(m, ABC, 0, rule=pattern_rule("_" * 14, ABC)), ValueError, "may leave 4,782,969"),
        (lambda m: pattern_rule(3, ABC), TypeError, "a pattern must be a string such as '_a_a' or 'jo*'; got 3"),
        (lambda m: next(best_first(broken(m), ABC)), ValueError, "params must give probabilities; got nan"),
        (lambda m: names_above(broken(m), ABC, 0.1), ValueError, "params must give probabilities; got nan"),
        (lambda m: beam_search(broken(m), ABC, 1), ValueError, "params must give probabilities; got nan"),
        (lambda m: pattern_rule("a", Vocabulary((".", "*", "a"))), ValueError, "'_' or '*' as a letter"),
        (lambda m: pattern_rule("a*b", ABC), ValueError, "a pattern may have '*' at its end only"),
        (lambda m: pattern_rule("xa", ABC), ValueError, "'x', which is not a letter"),
    ],
)
def test_bad_arguments_are_refused_at_once(call, kind, message):
    with pytest.raises(kind) as caught:
        call(MODELS[0])
    assert message in str(caught.value)
