"""Chapter 7's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_07 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.ops import sigmoid

Array = np.ndarray[Any, np.dtype[np.float64]]
Function = Callable[..., Any]


def slope(y: Array) -> Array:
    """The sigmoid's, from its output."""
    return y * (1 - y)


@pytest.mark.parametrize(
    "unfilled",
    [
        check.memory_at_step_three(...),
        check.memory_at_step_three(None),
        check.input_gate(lambda dc, i, g: ...),
        check.input_gate(...),  # type: ignore[arg-type]
        check.output_gate(lambda dh, dc, o, c: ...),
        check.published_bug(..., ...),
        check.published_bug(..., 3),
        check.coupled_forget_gate(lambda dc, f, g, c_prev: ...),
        check.coupled_forget_gate(None),  # type: ignore[arg-type]
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 7.1

THROUGH_H, DC_4, F_3, F_4 = 0.0051 * 0.9 * (1 - 0.6169**2), -0.1179, 0.8302, 0.9405


@pytest.mark.parametrize(
    "answer",
    [
        THROUGH_H + DC_4 * F_4,
        -0.1080,
        -0.1081,
        -0.1082,
        "-0.1081",
        [-0.1081],
        (-0.1081,),
        np.array([-0.1081]),
        np.array(-0.1081),
    ],
)
def test_memory_at_step_three_right(answer: object) -> None:
    assert check.memory_at_step_three(answer).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (THROUGH_H, "only the road through h"),
        (DC_4 * F_4, "only the road from the memory of step 4"),
        (DC_4 + THROUGH_H, "must pass the forget gate"),
        (DC_4, "that is dc of step 4;"),
        (THROUGH_H + DC_4 * F_3, "not by that of step 3"),
        (DC_4 * F_3, "through the wrong gate"),
        (0.0051 * (1 - 0.6169**2) + DC_4 * F_4, "dh meets o = 0.9"),
        (0.0051 * 0.9 * (1 - 0.5552**2) + DC_4 * F_4, "whose output is tanh(c) = 0.6169"),
        (0.0051 * 0.9 + DC_4 * F_4, "the slope of tanh is missing"),
        (0.0051 * 0.9 * (1 - 0.6169) + DC_4 * F_4, "the SQUARE of its output"),
        (0.0051 * 0.9 * (1 - 0.72**2) + DC_4 * F_4, "not c = 0.72"),
        (DC_4 * F_4 - THROUGH_H, "the two roads are added"),
        (-(THROUGH_H + DC_4 * F_4), "the sign is lost"),
        (THROUGH_H - DC_4 * F_4, "dc of step 4 is negative"),
        (0.0051 * 0.9, "that is dh times o"),
        (0.0051 + DC_4 * F_4, "the first road is dh × o × (1 − tanh²), 0.0028"),
        (-0.1058, "the first road is dh × o × (1 − tanh²), 0.0028"),
        (THROUGH_H * F_3 + DC_4 * F_4, "no forget gate on the road through h"),
        (-0.1086, "no forget gate on the road through h"),
        ([-0.1179], "that is dc of step 4;"),
        ([], "should be a number"),
        ([-0.1109, 0.0028], "should be a number"),
        (0.5, "add the two roads"),
        ("a", "should be a number"),
    ],
)
def test_memory_at_step_three_wrong(answer: object, expected: str) -> None:
    assert expected in hint(check.memory_at_step_three(answer))


# ---- 7.2


def test_input_gate_right() -> None:
    assert check.input_gate(lambda dc, i, g: dc * g * slope(i)).right
    assert check.input_gate(lambda dc, i, g: (i - i**2) * g * dc).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda dc, i, g: dc * g * slope(sigmoid(i)), "squashed twice"),
        (lambda dc, i, g: dc * i * slope(i), "is g, what i is multiplied with; you used i"),
        (lambda dc, i, g: dc * g, "that is di;"),
        (lambda dc, i, g: dc * slope(i), "g is missing"),
        (lambda dc, i, g: dc * g * (1 - i**2), "you used that of tanh"),
        (lambda dc, i, g: dc * g * i, "you kept i."),
        (lambda dc, i, g: dc * g * (1 - i), "you kept 1 - i"),
        (lambda dc, i, g: dc * g * g * (1 - g), "the slope is that of i"),
        (lambda dc, i, g: {}.get("da"), "returned nothing; did you forget `return`?"),
        (lambda dc, i, g: dc * g * (1 - g**2), "the slope of g has no part in it"),
        (lambda dc, i, g: dc * i * (1 - g**2), "that is the candidate's gradient"),
        (lambda dc, i, g: g * slope(i), "dc is missing"),
        (lambda dc, i, g: -dc * g * slope(i), "right up to the sign"),
        (lambda dc, i, g: dc, "count the arrows"),
        (lambda dc, i, g: (dc * g * slope(i)).sum(), "got shape ()"),
        (lambda dc, i, g: dc @ g.T, "Use *, not @"),
        (lambda dc, i, g: "da", "(str)"),
        (lambda dc, i, g: (dc, [i]), "not a tuple of 2: return it alone"),
        (lambda dc, i, g: dc @ g, "ValueError"),
        (3, "should be a function"),
    ],
)
def test_input_gate_wrong(function: Function, expected: str) -> None:
    assert expected in hint(check.input_gate(function))


# ---- 7.3


def test_output_gate_right() -> None:
    assert check.output_gate(lambda dh, dc, o, c: dh * np.tanh(c) * slope(o)).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda dh, dc, o, c: dc * np.tanh(c) * slope(o), "o touches h, not c: count its arrows"),
        (lambda dh, dc, o, c: dc * c * slope(o), "along its one arrow comes dh"),
        (lambda dh, dc, o, c: dh * c * slope(o), "not c itself"),
        (lambda dh, dc, o, c: dh * np.tanh(c), "that is do;"),
        (lambda dh, dc, o, c: dh * np.tanh(c) * slope(sigmoid(o)), "squashed twice"),
        (lambda dh, dc, o, c: dh * (1 - np.tanh(c) ** 2) * slope(o), "belongs to the road into c"),
        (lambda dh, dc, o, c: dh * slope(o), "the partner of o is missing"),
        (lambda dh, dc, o, c: dh * np.tanh(c) * (1 - o**2), "you used that of tanh"),
        (lambda dh, dc, o, c: dh * np.tanh(c) * o, "you kept o."),
        (lambda dh, dc, o, c: dh * np.tanh(c) * (1 - o), "you kept 1 - o"),
        (lambda dh, dc, o, c: (dh + dc) * np.tanh(c) * slope(o), "one arrow, one term"),
        (lambda dh, dc, o, c: (dh * np.tanh(c) + dc) * slope(o), "one arrow, one term: dh comes back to o; no dc"),
        (lambda dh, dc, o, c: dh * o * (1 - np.tanh(c) ** 2), "that is the first road of dc, not do"),
        (lambda dh, dc, o, c: dh * np.tanh(c) * (1 - np.tanh(c) ** 2), "o is squashed by a sigmoid"),
        (lambda dh, dc, o, c: {}.get("da"), "returned nothing"),
        (lambda dh, dc, o, c: dh, "count the arrows"),
    ],
)
def test_output_gate_wrong(function: Function, expected: str) -> None:
    assert expected in hint(check.output_gate(function))


# ---- 7.4


@pytest.mark.parametrize(("line", "first_step"), [(9, 3), (np.int64(9), 3.0)])
def test_published_bug_right(line: object, first_step: object) -> None:
    assert check.published_bug(line, first_step).right


@pytest.mark.parametrize(
    ("line", "first_step", "expected"),
    [
        (1, 3, "line 1 adds"),
        (2, 3, "line 2 is the road through h"),
        (3, ..., "line 3 uses both roads"),
        (4, 3, "the OLD memory"),
        (5, 3, "the slope of tanh: it is right"),
        (6, 3, "has no dc in it"),
        (7, 3, "the order i, f, g, o"),
        (8, ..., "close: line 8 overwrites; who reads it afterwards?"),
        (8, 3, "close: line 8 overwrites; who reads it afterwards?"),
        (9, ..., "first_step is still to do"),
        (9, 4, "nothing has been carried yet"),
        (9, 2, "Who is hurt first?"),
        (9, 1, "Who is hurt first?"),
        (9, 0, "from 1 to 4; got 0"),
        (9, 2.5, "from 1 to 4; got 2.5"),
        (10, 3, "from 1 to 9; got 10"),
        ("dh", 3, "from 1 to 9; got 'dh'"),
        ([9, 8], 3, "from 1 to 9; got [9, 8]"),
    ],
)
def test_published_bug_wrong(line: object, first_step: object, expected: str) -> None:
    assert expected in hint(check.published_bug(line, first_step))


# ---- 7.5


def test_coupled_forget_gate_right() -> None:
    assert check.coupled_forget_gate(lambda dc, f, g, c_prev: dc * (c_prev - g) * slope(f)).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda dc, f, g, c_prev: dc * c_prev * slope(f), "that is (7.4)"),
        (lambda dc, f, g, c_prev: dc * (c_prev + g) * slope(f), "the sign of the second place is lost"),
        (lambda dc, f, g, c_prev: dc * (g - c_prev) * slope(f), "the signs are exchanged"),
        (lambda dc, f, g, c_prev: -dc * g * slope(f), "the first place is missing"),
        (lambda dc, f, g, c_prev: dc * (c_prev - g), "that is df;"),
        (lambda dc, f, g, c_prev: dc * (c_prev - g) * slope(sigmoid(f)), "squashed twice"),
        (lambda dc, f, g, c_prev: dc * (c_prev - (1 - f) * g) * slope(f), "without a factor 1 - f"),
        (lambda dc, f, g, c_prev: dc * (f * c_prev - g) * slope(f), "no factor f is left"),
        (lambda dc, f, g, c_prev: (c_prev - g) * slope(f), "dc is missing"),
        (lambda dc, f, g, c_prev: {}.get("da"), "returned nothing"),
        (lambda dc, f, g, c_prev: f, "count the arrows"),
        (lambda dc, f, g, c_prev: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_coupled_forget_gate_wrong(function: Function, expected: str) -> None:
    assert expected in hint(check.coupled_forget_gate(function))


def test_a_function_must_not_write_into_what_it_gets() -> None:
    def greedy(dc: Array, i: Array, g: Array) -> Array:
        dc *= g
        dc *= slope(i)
        return dc

    told = "your function changes dc, which whoever calls it still needs: write `dc = dc * ...`, not `dc *= ...`"
    assert told in hint(check.input_gate(greedy))
