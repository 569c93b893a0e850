"""The memory task: the answer stands in the first step and nowhere else."""

from collections import Counter

import numpy as np
import pytest

from lstm_lib.loss import accuracy, cross_entropy
from lstm_lib.memory_task import PASSING, SHOWN, VOCABULARY, recall_batch

K, COUNT = 7, 400


def words(recall) -> list[str]:
    return ["".join(VOCABULARY.characters[number] for number in column) for column in recall.inputs.T]


def test_a_letter_is_shown_others_pass_and_the_end_mark_asks() -> None:
    recall = recall_batch(K, COUNT, rng=np.random.default_rng(0))
    for word, target in zip(words(recall), recall.targets.T, strict=True):
        assert word[0] in SHOWN
        assert set(word[1:-1]) <= set(PASSING)
        assert (len(word), word[-1]) == (K + 2, ".")
        assert "".join(VOCABULARY.characters[number] for number in target) == word[1:] + word[0]
    assert not set(SHOWN) & set(PASSING)
    np.testing.assert_array_equal(recall.asked, np.arange(K + 2)[:, None] == np.full(COUNT, K + 1))


def test_every_letter_is_as_likely_as_the_others_and_tells_nothing_of_the_answer() -> None:
    recall = recall_batch(K, 4000, rng=np.random.default_rng(1))
    first, *passing, _ = recall.inputs
    for place in (first, *passing):
        assert len(Counter(place.tolist())) == 4
        assert all(900 < count < 1100 for count in Counter(place.tolist()).values())
    for place in passing:
        pairs = Counter(zip(first.tolist(), place.tolist(), strict=True))
        assert len(pairs) == 16
        assert all(170 < count < 330 for count in pairs.values())  # 250 expected, with a spread of 15


def test_constant_means_one_letter() -> None:
    recall = recall_batch(K, COUNT, rng=np.random.default_rng(2), constant=True)
    assert {word[1:-1] for word in words(recall)} == {PASSING[0] * K}
    assert {word[0] for word in words(recall)} == set(SHOWN)


def test_nothing_need_pass() -> None:
    assert {len(word) for word in words(recall_batch(0, 3, rng=np.random.default_rng(3)))} == {2}


def test_the_loss_asks_for_the_answer_alone() -> None:
    recall = recall_batch(K, COUNT, rng=np.random.default_rng(4))
    logits = np.random.default_rng(5).standard_normal((K + 2, COUNT, len(VOCABULARY)))
    logits[-1] = 50 * np.eye(len(VOCABULARY))[recall.inputs[0]]
    loss, dlogits = cross_entropy(logits, recall.targets, recall.asked)
    assert loss < 1e-12
    assert not dlogits[:-1].any()
    assert accuracy(logits, recall.targets, recall.asked) == 1
    assert accuracy(np.roll(logits, 1, axis=1), recall.targets, recall.asked) < 0.5


@pytest.mark.parametrize(
    ("changed", "kind", "said"),
    [
        ({"k": -1}, ValueError, "k must be at least 0"),
        ({"k": 2.0}, TypeError, "k must be a whole number"),
        ({"count": 0}, ValueError, "count must be at least 1"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
        ({"constant": 1}, TypeError, "constant must be True or False"),
    ],
)
def test_a_bad_argument_is_refused_by_name(changed, kind, said) -> None:
    with pytest.raises(kind, match=said):
        recall_batch(**({"k": K, "count": 3, "rng": np.random.default_rng(0)} | changed))
