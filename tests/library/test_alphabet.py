"""The same network for another alphabet: what is kept, what is new, and what cannot be told apart afterwards."""

import numpy as np
import pytest

from lstm_lib.alphabet import with_alphabet
from lstm_lib.model import Params, init_params
from lstm_lib.sample import next_probabilities
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

KNOWN, WANTED = Vocabulary.from_names(["mond"]), Vocabulary.from_names(["änom"])


def trained(dtype: str = "float64") -> Params:
    """Six tensors of noise, biases included."""
    rng = np.random.default_rng(0)
    return tree_map(lambda leaf: rng.normal(size=leaf.shape).astype(dtype), init_params(len(KNOWN), 3, 4, rng=rng))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_odds_of_shared_letters_stay_after_shared_letters(dtype: str) -> None:
    old = trained(dtype)
    new = with_alphabet(old, KNOWN, WANTED, rng=np.random.default_rng(1))
    assert {leaf.dtype for _, leaf in named_leaves(new)} == {np.dtype(dtype)}
    theirs = next_probabilities(old, KNOWN, "mon")[[KNOWN.characters.index(each) for each in ".mno"]]
    ours = next_probabilities(new, WANTED, "mon")[[WANTED.characters.index(each) for each in ".mno"]]
    np.testing.assert_allclose(ours / ours.sum(), theirs / theirs.sum(), rtol=1e-4 if dtype == "float32" else 1e-10)


def test_new_letters_come_from_the_rng_and_nothing_is_written_to() -> None:
    old = trained()
    before = tree_map(np.copy, old)
    one, same, other = (with_alphabet(old, KNOWN, WANTED, rng=np.random.default_rng(k)) for k in (1, 1, 2))
    place = WANTED.characters.index("ä")
    np.testing.assert_array_equal(one.E[place], same.E[place])
    assert (one.E[place] != other.E[place]).all()
    assert not any(np.shares_memory(getattr(one, name), leaf) for name, leaf in named_leaves(old))
    for (_, leaf), (_, kept) in zip(named_leaves(old), named_leaves(before), strict=True):
        np.testing.assert_array_equal(leaf, kept)


def test_the_same_alphabet_gives_the_same_network() -> None:
    old = trained()
    for (_, leaf), (_, kept) in zip(
        named_leaves(with_alphabet(old, KNOWN, KNOWN, rng=np.random.default_rng(0))), named_leaves(old), strict=True
    ):
        np.testing.assert_array_equal(leaf, kept)


def test_bad_arguments_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="as many characters as the vocabulary has"):
        with_alphabet(trained(), Vocabulary.from_names(["a"]), WANTED, rng=rng)
    with pytest.raises(TypeError, match="wanted must be Vocabulary"):
        with_alphabet(trained(), KNOWN, "änom", rng=rng)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="rng"):
        with_alphabet(trained(), KNOWN, WANTED, rng=7)  # type: ignore[arg-type]
