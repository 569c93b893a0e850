"""Records of arrays: their leaves in order, and one function applied to all of them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import random_params, random_state
from numpy.testing import assert_array_equal

from lstm_lib.cell import LSTMState
from lstm_lib.model import Params
from lstm_lib.tree import named_leaves, require_alike, tree_map


class Pair(NamedTuple):
    left: np.ndarray
    right: np.ndarray


@dataclass(frozen=True)
class Couple:
    left: np.ndarray
    right: np.ndarray


ONE, TWO = np.array([1.0]), np.array([2.0, 3.0])


@pytest.mark.parametrize("kind", [Pair, Couple])
def test_named_leaves_yields_fields_in_order(kind):
    pairs = list(named_leaves(kind(ONE, TWO)))
    assert [name for name, _ in pairs] == ["left", "right"]
    assert pairs[0][1] is ONE
    assert pairs[1][1] is TWO


def test_named_leaves_of_params_are_the_six_tensors():
    assert [name for name, _ in named_leaves(random_params())] == ["E", "W_x", "W_h", "b", "W_y", "b_y"]


@pytest.mark.parametrize("wrong", [[ONE, TWO], (ONE, TWO), {"left": ONE}, ONE, None, Pair, Couple, 3])
def test_named_leaves_refuses_what_is_no_record(wrong):
    with pytest.raises(TypeError, match=f"expected a record of arrays .*; got {type(wrong).__name__}"):
        list(named_leaves(wrong))


@pytest.mark.parametrize("kind", [Pair, Couple])
def test_tree_map_returns_a_new_record_of_the_same_type(kind):
    record = kind(ONE, TWO)
    doubled = tree_map(lambda leaf: 2 * leaf, record)
    assert type(doubled) is kind
    assert_array_equal(doubled.left, [2])
    assert_array_equal(doubled.right, [4, 6])
    assert_array_equal(record.right, [2, 3])


def test_tree_map_hands_over_matching_arrays_of_all_records_in_order():
    result = tree_map(lambda a, b, c: 100 * a + 10 * b + c, Pair(ONE, TWO), Pair(2 * ONE, 2 * TWO), Pair(ONE, TWO))
    assert_array_equal(result.left, [121])
    assert_array_equal(result.right, [242, 363])


def test_tree_map_takes_one_step_of_gradient_descent():
    params = random_params()
    stepped = tree_map(lambda p, d: p - 0.1 * d, params, params)
    assert isinstance(stepped, Params)
    for (_, old), (_, new) in zip(named_leaves(params), named_leaves(stepped), strict=True):
        assert_array_equal(new, old - 0.1 * old)


def test_tree_map_refuses_records_of_different_types():
    with pytest.raises(TypeError, match="records must have the same type; got Pair and Couple"):
        tree_map(np.add, Pair(ONE, TWO), Couple(ONE, TWO))
    with pytest.raises(TypeError, match="got LSTMState and Params"):
        tree_map(np.add, random_state(), random_params())
    assert isinstance(tree_map(np.negative, random_state()), LSTMState)


def test_records_that_match_are_alike_whatever_they_hold():
    require_alike(random_params(0), random_params(1), what="grads")
    require_alike(Pair(ONE, TWO), Pair(TWO[:1], TWO), what="other")


@pytest.mark.parametrize(
    ("other", "error", "message"),
    [
        (Pair(TWO, TWO), ValueError, r"grads.left must be float64 \(1,\) like a.left; got float64 \(2,\)"),
        (Pair(ONE, TWO[:1]), ValueError, r"grads.right must be float64 \(2,\) like a.right; got float64 \(1,\)"),
        (Pair(ONE[None], TWO), ValueError, r"grads.left must be .*; got float64 \(1, 1\)"),
        (Pair(ONE, np.float32(TWO)), TypeError, r"grads.right must be float64 \(2,\) like a.right; got float32 \(2,\)"),
        (Couple(ONE, TWO), TypeError, "grads must be Pair like a; got Couple"),
    ],
)
def test_records_that_do_not_match_are_refused_with_the_array_that_differs(other, error, message):
    with pytest.raises(error, match=message):
        require_alike(Pair(ONE, TWO), other, what="grads", like="a")
