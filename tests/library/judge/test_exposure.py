"""Exposure: every name of a space has its exact probability, and ranks become bits."""

import itertools
import math

import numpy as np
import pytest

import lstm_lib.judge.exposure as judge
from lstm_lib.judge.exposure import every_name, exposure
from lstm_lib.model import Params, init_params
from lstm_lib.sample import name_log_probability
from lstm_lib.vocabulary import Vocabulary

ABC = Vocabulary.from_names(["abc"])


@pytest.fixture
def params() -> Params:
    return init_params(4, 3, 5, rng=np.random.default_rng(17))


@pytest.mark.parametrize("letters", [1, 2, 3])
def test_every_name_has_its_own_probability_in_the_order_of_a_dictionary(params: Params, letters: int) -> None:
    names = ["".join(each) for each in itertools.product("abc", repeat=letters)]
    exact = [name_log_probability(params, ABC, name) for name in names]
    np.testing.assert_allclose(every_name(params, letters), exact, rtol=1e-12)


def test_ends_that_are_read_out_piece_by_piece_are_the_same(params: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = every_name(params, 3)
    monkeypatch.setattr(judge, "PIECE", 4)  # 27 names: the last piece is shorter
    np.testing.assert_allclose(every_name(params, 3), whole, rtol=1e-12)


def test_names_of_all_lengths_and_the_empty_one_share_the_probability(params: Params) -> None:
    short = sum(np.exp(every_name(params, letters)).sum() for letters in range(1, 9))
    empty = np.exp(name_log_probability(params, ABC, ""))
    assert 0.8 < short + empty < 1


def test_a_space_that_is_too_large_or_empty_is_refused(params: Params) -> None:
    with pytest.raises(ValueError, match=r"a space of 3\*\*13 names is too large .* at most 1,048,576 names"):
        every_name(params, 13)
    with pytest.raises(ValueError, match=r"a space of 3\*\*5000000 names"):
        every_name(params, 5_000_000)  # at once: the power is not worked out
    with pytest.raises(ValueError, match="letters must be"):
        every_name(params, 0)
    with pytest.raises(ValueError, match="a vocabulary of the end mark alone has no letters"):
        every_name(init_params(1, 3, 5, rng=np.random.default_rng(17)), 2)


@pytest.mark.parametrize(("letters", "largest"), [(2, 9), (1, 3)])
def test_a_space_of_the_largest_size_is_ranked(
    params: Params, monkeypatch: pytest.MonkeyPatch, letters: int, largest: int
) -> None:
    monkeypatch.setattr(judge, "LARGEST", largest)
    assert len(every_name(params, letters)) == largest
    monkeypatch.setattr(judge, "LARGEST", largest - 1)
    with pytest.raises(ValueError, match=f"at most {largest - 1} names"):
        every_name(params, letters)


def test_a_space_of_one_letter_holds_one_name_of_any_length() -> None:
    assert every_name(init_params(2, 1, 1, rng=np.random.default_rng(0)), 25).shape == (1,)


def test_ranks_become_bits() -> None:
    space = np.arange(8.0)
    np.testing.assert_allclose(exposure([7, 6, 4, 0, -1, 9], space), [3, 2, 1, 0, 0, 3])
    np.testing.assert_allclose(exposure([6.5], space), [2])  # one of eight is more probable
    assert space.tolist() == list(range(8))


def test_equal_names_share_the_mean_of_their_ranks() -> None:
    np.testing.assert_allclose(exposure(np.zeros(7), np.zeros(7)), np.log2(7 / 4))  # a model that knows nothing
    np.testing.assert_allclose(exposure([2, 1], [0, 1, 1, 1, 2, 2, 0, 0]), np.log2([8 / 1.5, 8 / 4]))


def test_chance_gives_a_nat_in_bits() -> None:
    space = np.random.default_rng(0).normal(size=2**16)
    assert exposure(space, space).mean() == pytest.approx(1 / math.log(2), abs=1e-3)


@pytest.mark.parametrize("wrong", [[np.nan], [np.inf]])
def test_what_is_no_log_probability_is_refused(wrong: list[float]) -> None:
    for planted, space in ((wrong, [1.0]), ([1.0], wrong)):
        with pytest.raises(ValueError, match="must hold finite log-probabilities"):
            exposure(planted, space)


def test_an_empty_space_is_refused() -> None:
    with pytest.raises(ValueError, match="space must hold at least one log-probability"):
        exposure([1.0], [])
    assert exposure([], [1.0]).shape == (0,)
