"""Checks of arguments: what passes comes back, what does not is named, with what was expected and what came."""

import math
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lib.arguments import (
    describe,
    require_array,
    require_bool,
    require_float_dtype,
    require_generator,
    require_ids,
    require_instance,
    require_integer,
    require_names,
    require_number,
    require_prefix_mask,
)


def test_generator_comes_back():
    rng = np.random.default_rng(0)
    assert require_generator(rng) is rng


@pytest.mark.parametrize("wrong", [None, 0, np.random, np.random.RandomState(0), np.random.PCG64(0), "rng"])
def test_generator_refuses_anything_else(wrong):
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator.*default_rng\(0\); got ") as info:
        require_generator(wrong)
    assert repr(wrong) in str(info.value)


@pytest.mark.parametrize("value", [1, 7, np.int32(5), np.uint8(1), sys.maxsize])
def test_integer_comes_back_as_int(value):
    result = require_integer("steps", value, at_least=1)
    assert result == value
    assert type(result) is int


@pytest.mark.parametrize("wrong", [1.0, "3", None, True, np.bool_(True), np.float64(2), [1], 2 + 0j])
def test_integer_refuses_other_types(wrong):
    with pytest.raises(TypeError, match="steps must be a whole number; got ") as info:
        require_integer("steps", wrong, at_least=1)
    assert repr(wrong) in str(info.value)


@pytest.mark.parametrize("low", [0, -1, -(10**30)])
def test_integer_refuses_a_number_below_its_bound(low):
    with pytest.raises(ValueError, match=f"steps must be at least 1; got {low}"):
        require_integer("steps", low, at_least=1)


@pytest.mark.parametrize("high", [sys.maxsize + 1, 10**400, np.uint64(2**64 - 1)])
def test_integer_refuses_what_no_list_is_long_enough_for(high):
    with pytest.raises(ValueError, match=f"steps must be at most {sys.maxsize}; got (np.uint64.)?[0-9.]+"):
        require_integer("steps", high, at_least=1)


@pytest.mark.parametrize("check", [require_integer, require_number])
def test_a_number_that_python_will_not_write_out_is_refused_in_words(check):
    with pytest.raises(ValueError, match=r"steps must be .*; got a whole number of thousands of digits$"):
        check("steps", 10**5000, at_least=1)


@pytest.mark.parametrize("right", [True, False, np.bool_(True), np.bool_(False)])
def test_bool_comes_back_as_pythons_own(right):
    assert require_bool("progress", right) is bool(right)


@pytest.mark.parametrize("wrong", [None, 0, 1, "no", "", [], np.array(True)])
def test_bool_refuses_what_is_only_like_one(wrong):
    with pytest.raises(TypeError, match="progress must be True or False; got "):
        require_bool("progress", wrong)


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.25), np.int64(1), Fraction(1, 3), -0.0])
def test_number_comes_back_as_float(value):
    result = require_number("rate", value, at_least=0, at_most=1)
    assert result == float(value)
    assert type(result) is float


@pytest.mark.parametrize("wrong", ["1", None, True, np.bool_(False), [1.0], np.array([1.0]), np.array(1.0), 1j])
def test_number_refuses_other_types(wrong):
    with pytest.raises(TypeError, match="rate must be a number; got "):
        require_number("rate", wrong)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, np.float32("nan"), 10**400, -(10**400)])
def test_number_refuses_what_is_not_finite(wrong):
    with pytest.raises(ValueError, match=r"^rate must be a finite number; got "):
        require_number("rate", wrong)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "words"),
    [
        ({"above": 0}, 1e-300, 0, "above 0"),
        ({"at_least": 0}, 0, -1e-300, "at least 0"),
        ({"below": 1}, 0.999, 1, "below 1"),
        ({"at_most": 1}, 1, 1.001, "at most 1"),
        ({"at_least": 0, "below": 1}, 0, 1, "at least 0 and below 1"),
        ({"above": 0, "at_most": 1}, 1, 0, "above 0 and at most 1"),
    ],
)
def test_number_keeps_to_its_bounds(bounds, inside, outside, words):
    assert require_number("rate", inside, **bounds) == inside
    with pytest.raises(ValueError, match=f"rate must be a finite number {words}; got {outside!r}$"):
        require_number("rate", outside, **bounds)


@given(st.lists(st.text(), min_size=1))
def test_names_come_back_as_a_list(names):
    for kind in (list, tuple, iter, np.array):
        result = require_names(kind(names)) if kind is not np.array else require_names(np.array(names, dtype=object))
        assert result == names
        assert type(result) is list


@pytest.mark.parametrize("wrong", ["ana", b"ana", 3, None])
def test_names_refuse_a_lone_string_and_what_is_no_list(wrong):
    with pytest.raises(TypeError, match=r"val_names must be a list of strings, such as .*; got ") as info:
        require_names(wrong, what="val_names")
    assert repr(wrong) in str(info.value)


@pytest.mark.parametrize("table", [pd.DataFrame({"name": ["ana"], "sex": ["F"]}), np.array([["ana", "F"]])])
def test_names_refuse_a_table_whose_titles_would_pass_for_names(table):
    with pytest.raises(TypeError, match=r"(?s)must be a list of strings, .*take one column of the table"):
        require_names(table)


def test_names_report_the_position_of_what_is_no_string():
    with pytest.raises(TypeError, match=r"names\[1\] must be a string; got nan"):
        require_names(["ana", math.nan, None])


def test_names_refuse_an_empty_list():
    with pytest.raises(ValueError, match="names must hold at least one name; got none"):
        require_names([])


def test_describe_gives_dtype_and_shape_of_an_array_and_cuts_the_rest_short():
    assert describe(np.zeros((2, 3), np.float32)) == "an array of float32, shape (2, 3)"
    assert describe(None) == "None (NoneType)"
    assert len(describe(list(range(10_000)))) < 60


def test_what_came_is_cut_short_in_every_message():
    for call in (require_generator, require_float_dtype, lambda wrong: require_integer("steps", wrong, at_least=1),
                 lambda wrong: require_number("lr", wrong), lambda wrong: require_bool("progress", wrong)):  # fmt: skip
        with pytest.raises(TypeError) as info:
            call("long" * 1000)
        assert len(str(info.value)) < 150


def test_instance_comes_back_or_is_refused():
    assert require_instance("count", 3, int, source="len") == 3
    with pytest.raises(TypeError, match=r"count must be int, such as len returns; got 'x' \(str\)"):
        require_instance("count", "x", int, source="len")


@pytest.mark.parametrize(
    ("kind", "dtypes"),
    [("floats", "f2 f4 f8"), ("integers", "i1 u1 i4 i8 u8"), ("booleans", "?")],
)
def test_array_accepts_its_kind_and_refuses_the_others(kind, dtypes):
    for dtype in ["f2", "f4", "f8", "i1", "u1", "i4", "i8", "u8", "?", "c16", "U3", "O"]:
        array = np.zeros((2, 3), dtype)
        if dtype in dtypes.split():
            assert require_array("a", array, kind) is array
        else:
            with pytest.raises(TypeError, match=rf"a must be a NumPy array of {kind}; got an array of .*\(2, 3\)"):
                require_array("a", array, kind)


@pytest.mark.parametrize("kind", ["f4", "f8", "i8"])
def test_array_refuses_another_byte_order_and_says_how_to_turn_it(kind):
    foreign = np.arange(3, dtype=kind).astype(np.dtype(kind).newbyteorder("S"))
    name = {"f": "floats", "i": "integers"}[kind[0]]
    with pytest.raises(
        TypeError, match=r"a must be in the byte order of this machine, as astype\('.*'\) makes it"
    ) as info:
        require_array("a", foreign, name)
    turned = foreign.astype(str(info.value).split("'")[1])
    assert require_array("a", turned, name) is turned
    assert turned.tolist() == [0, 1, 2]


@pytest.mark.parametrize("wrong", [[[1.0]], (1.0,), 1.0, None, "abc", np.float64(1)])
def test_array_refuses_what_is_no_array(wrong):
    with pytest.raises(TypeError, match=f"a must be a NumPy array of floats; got .*{type(wrong).__name__}"):
        require_array("a", wrong, "floats")


def test_array_refuses_another_shape():
    array = np.zeros((2, 3))
    assert require_array("a", array, "floats", shape=(2, 3)) is array
    for shape in [(3, 2), (2,), (2, 3, 1), ()]:
        with pytest.raises(ValueError, match=r"a must have shape .*; got \(2, 3\)"):
            require_array("a", array, "floats", shape=shape)


@pytest.mark.parametrize("right", [np.float32, np.float64, np.float16, "float32", "f8", float, np.dtype("float64")])
def test_float_dtype_comes_back(right):
    assert require_float_dtype(right) == np.dtype(right)


@pytest.mark.parametrize(
    "wrong",
    [None, int, np.int64, "i4", bool, complex, object, "float-ish", 3, np.zeros(2), np.dtype(float).newbyteorder("S")],
)
def test_float_dtype_refuses_the_rest(wrong):
    with pytest.raises(TypeError, match=r"dtype must be a floating-point dtype, such as numpy\.float32; got "):
        require_float_dtype(wrong)


@pytest.mark.parametrize("right", [[0, 4], [[3]], []])
def test_ids_come_back(right):
    ids = np.array(right, dtype=np.intp)
    assert require_ids("inputs", ids, 5) is ids


@pytest.mark.parametrize(("wrong", "worst"), [([0, 5], "0 to 5"), ([-1, 4], "-1 to 4"), ([-3, 9], "-3 to 9")])
def test_ids_refuse_what_is_out_of_range(wrong, worst):
    with pytest.raises(ValueError, match=rf"inputs must lie in 0\.\.4; got ids from {worst}$"):
        require_ids("inputs", np.array(wrong), 5)


def test_ids_refuse_another_kind_or_shape():
    with pytest.raises(TypeError, match="inputs must be a NumPy array of integers; got an array of float64"):
        require_ids("inputs", np.zeros(2), 5)
    with pytest.raises(ValueError, match=r"inputs must have shape \(3,\); got \(2,\)"):
        require_ids("inputs", np.zeros(2, int), 5, shape=(3,))


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_prefix_mask_accepts_every_prefix_the_empty_one_included(lengths):
    mask = np.arange(6)[:, None] < np.array(lengths)
    assert require_prefix_mask(mask, mask.shape) is mask


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=4))
def test_prefix_mask_agrees_with_its_definition(rows):
    mask = np.array(rows).T
    lengths = mask.sum(axis=0)
    if (mask == (np.arange(len(mask))[:, None] < lengths)).all():
        assert require_prefix_mask(mask, mask.shape) is mask
    else:
        with pytest.raises(ValueError, match="mask must be True for a prefix of each column; column"):
            require_prefix_mask(mask, mask.shape)


def test_prefix_mask_names_the_first_wrong_column():
    mask = np.array([[True, False, False], [True, True, True]])
    with pytest.raises(ValueError, match=r"column 1 is \[False  True\]"):
        require_prefix_mask(mask, (2, 3))


def test_prefix_mask_refuses_another_kind_or_shape():
    with pytest.raises(TypeError, match="mask must be a NumPy array of booleans; got an array of int64"):
        require_prefix_mask(np.ones((2, 3), np.int64), (2, 3))
    with pytest.raises(ValueError, match=r"mask must have shape \(2, 3\); got \(3, 2\)"):
        require_prefix_mask(np.ones((3, 2), bool), (2, 3))
