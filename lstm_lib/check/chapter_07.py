"""Feedback for chapter 7, Derive every gate's gradient."""

from collections.abc import Callable, Mapping
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_array, as_number, first_match, judge, shape_of
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray

MEMORY = {
    0.0028: "that is only the road through h of step 3; the memory is also read by step 4",
    -0.1109: "that is only the road from the memory of step 4; step 3 shows its memory too, through h",
    -0.1151: "both roads are there, but dc of step 4 must pass the forget gate on its way back",
    -0.1179: "that is dc of step 4; on its way back it passes a forget gate, and the road through h is added",
    -0.0951: "almost: the memory of step 3 is read by the forget gate of step 4, 0.9405, not by that of step 3",
    -0.1077: "in the first road, dh meets o = 0.9 and the slope of tanh, whose output is tanh(c) = 0.6169",
    -0.1063: "in the first road the slope of tanh is missing: 1 - 0.6169^2",
    -0.1091: "in the first road the slope of tanh is 1 minus the SQUARE of its output",
    -0.1086: "look at the first road: tanh(c) = 0.6169, not c = 0.72? And no forget gate on the road through h",
    -0.1058: "the first road is dh × o × (1 − tanh²), 0.0028; you added dh as it is",
    -0.0979: "that is one road, through the wrong gate: f of step 4 reads the memory of step 3; and h is missing",
    -0.1137: "the two roads are added; you subtracted the one through h",
    0.1081: "the size is right; the sign is lost: dc of step 4 is negative",
    0.1137: "dc of step 4 is negative: -0.1179",
    0.0046: "that is dh times o; the slope of tanh and the second road are missing",
}
PUBLISHED_LINES = {
    1: "line 1 adds to r what step t + 1 handed back: that is (7.2), and it is right",
    2: "line 2 is the road through h, made from the complete dh: it is right",
    3: "line 3 uses both roads, g, and the slope of the sigmoid: it is right",
    4: "line 4 uses both roads, the OLD memory, and the slope of the sigmoid: it is right",
    5: "line 5 uses both roads, i, and the slope of tanh: it is right",
    6: "line 6 uses dh and tanh(c), and has no dc in it: that is (7.10) and (7.11), and it is right",
    7: "line 7 puts the blocks side by side in the order i, f, g, o: it is right",
}


@exercise
def memory_at_step_three(dc_1: object) -> Feedback:
    """Exercise 7.1: dc of unit 1 at step 3 of "ana"."""
    otherwise = "two products with three and two factors; look at Figure 7.2, and add the two roads"
    number = Number("dc_1", dc_1, -0.1081, MEMORY, otherwise, 1.3e-4)
    return judge("+0.0028 through h, -0.1109 along the page: the later step wins.", number)


@exercise
def input_gate(function: Callable[..., Any]) -> Feedback:
    """Exercise 7.2: `(dc, i, g) -> da` of the input gate."""
    dc, i, g = _gradient(1), _gate(2), _candidate(3)
    once, twice = i * (1 - i), sigmoid(i) * (1 - sigmoid(i))
    slips = {
        "squashed twice: i is already the sigmoid's output, its slope is i (1 - i)": dc * g * twice,
        "the local derivative of c by i is g, what i is multiplied with; you used i": dc * i * once,
        "that is di; it still has to go through the squash: times i (1 - i)": dc * g,
        "g is missing: the local derivative of c by i is g": dc * once,
        "i is a sigmoid: its slope is i (1 - i); you used that of tanh": dc * g * (1 - i**2),
        "the slope of the sigmoid has two factors, i and 1 - i; you kept i": dc * g * i,
        "the slope of the sigmoid has two factors, i and 1 - i; you kept 1 - i": dc * g * (1 - i),
        "g is there; now the slope of the squash: the slope is that of i, i (1 - i), not of g": dc * g * g * (1 - g),
        "the slope of g has no part in it: i meets g, not the pre-activation of g": dc * g * (1 - g**2),
        "that is the candidate's gradient: dc times i, through the slope of tanh": dc * i * (1 - g**2),
        "dc is missing: the d of the arrow's end times the local derivative": g * once,
    }
    return _judge(function, (dc, i, g), dc * g * once, slips, "The pen moves only where there is something to write.")


@exercise
def output_gate(function: Callable[..., Any]) -> Feedback:
    """Exercise 7.3: `(dh, dc, o, c) -> da` of the output gate."""
    dh, dc, o, c = _gradient(4), _gradient(5), _gate(6), _gradient(7)
    tanh_c, once, twice = np.tanh(c), o * (1 - o), sigmoid(o) * (1 - sigmoid(o))
    slips = {
        "o touches h, not c: count its arrows in Figure 7.1; dc has no part in it": dc * tanh_c * once,
        "o touches h, not c: along its one arrow comes dh, and its partner is tanh(c)": dc * c * once,
        "o meets tanh(c) in h = o tanh(c), not c itself": dh * c * once,
        "that is do; it still has to go through the squash: times o (1 - o)": dh * tanh_c,
        "squashed twice: o is already the sigmoid's output, its slope is o (1 - o)": dh * tanh_c * twice,
        "that slope of tanh belongs to the road into c; o meets tanh(c) itself": dh * (1 - tanh_c**2) * once,
        "the partner of o is missing: in h = o tanh(c) that is tanh(c)": dh * once,
        "o is a sigmoid: its slope is o (1 - o); you used that of tanh": dh * tanh_c * (1 - o**2),
        "the slope of the sigmoid has two factors, o and 1 - o; you kept o": dh * tanh_c * o,
        "the slope of the sigmoid has two factors, o and 1 - o; you kept 1 - o": dh * tanh_c * (1 - o),
        "one arrow, one term: dh comes back to o, dc does not": (dh + dc) * tanh_c * once,
        "one arrow, one term: dh comes back to o; no dc": (dh * tanh_c + dc) * once,
        "that is the first road of dc, not do": dh * o * (1 - tanh_c**2),
        "o is squashed by a sigmoid: its slope is o (1 - o), not that of tanh": dh * tanh_c * (1 - tanh_c**2),
    }
    return _judge(function, (dh, dc, o, c), dh * tanh_c * once, slips, "It needs dh alone.")


@exercise
def published_bug(line: object, first_step: object) -> Feedback:
    """Exercise 7.4: the line that uses an overwritten value, and the step where level 2 first objects."""
    if blank(line):
        return NOT_ATTEMPTED
    if _whole(line) not in range(1, 10):
        return not_yet(f"line should be a whole number from 1 to 9; got {short_repr(line)}.")
    if _whole(line) in PUBLISHED_LINES:
        return not_yet(PUBLISHED_LINES[_whole(line)] + ". Look for a name that changes its meaning.")
    if _whole(line) == 8:
        return not_yet("close: line 8 overwrites; who reads it afterwards?")
    if blank(first_step):
        return not_yet(f"line {_whole(line)} has to do with it; first_step is still to do.")
    if _whole(first_step) == 3:
        seen = "Line 8 overwrites dh, line 9 still uses it, and step 3 is the first to receive the damage."
        return right(seen + " Its o is right: it needs dh alone.")
    if _whole(first_step) == 4:
        return not_yet("at step 4 nothing has been carried yet: line 9 has not run once. All of da is right there.")
    if _whole(first_step) in (1, 2):
        return not_yet("the judge walks from 4 down to 1, and line 9 has run once before step 3. Who is hurt first?")
    return not_yet(f"first_step should be a step of ana, from 1 to 4; got {short_repr(first_step)}.")


@exercise
def coupled_forget_gate(function: Callable[..., Any]) -> Feedback:
    """Exercise 7.5: `(dc, f, g, c_prev) -> da` of a forget gate that writes what it does not keep."""
    dc, f, g, c_prev = _gradient(8), _gate(9), _candidate(10), _gradient(11)
    once, twice = f * (1 - f), sigmoid(f) * (1 - sigmoid(f))
    slips = {
        "that is (7.4): f now stands in a second place, in (1 - f) g": dc * c_prev * once,
        "the sign of the second place is lost: (1 - f) falls when f rises": dc * (c_prev + g) * once,
        "the signs are exchanged: more f keeps more of c_prev and writes less of g": dc * (g - c_prev) * once,
        "the first place is missing: f still keeps the old memory": -dc * g * once,
        "that is df; it still has to go through the squash: times f (1 - f)": dc * (c_prev - g),
        "squashed twice: f is already the sigmoid's output, its slope is f (1 - f)": dc * (c_prev - g) * twice,
        "the local derivative of (1 - f) g by f is -g, without a factor 1 - f": dc * (c_prev - (1 - f) * g) * once,
        "f c_prev has the local derivative c_prev: no factor f is left": dc * (f * c_prev - g) * once,
        "dc is missing: the d of the arrow's end times the local derivative": (c_prev - g) * once,
    }
    return _judge(
        function, (dc, f, g, c_prev), dc * (c_prev - g) * once, slips,
        "Keep more and write less: where page and pen agree, c_prev = g, the gate has nothing to decide.",
    )  # fmt: skip


def _whole(value: object) -> int:
    """The whole number that was meant, or -1."""
    number = as_number(value)
    return int(number) if number is not None and number.is_integer() else -1


def _gradient(seed: int) -> FloatArray:
    """Any signed numbers (4, 3): a gradient, or a memory that is not zero."""
    return np.random.default_rng(700 + seed).normal(size=(4, 3))


def _gate(seed: int) -> FloatArray:
    return sigmoid(_gradient(seed))


def _candidate(seed: int) -> FloatArray:
    return np.tanh(_gradient(seed))


def _judge(
    function: Callable[..., Any], given: tuple[FloatArray, ...], target: FloatArray,
    slips: Mapping[str, FloatArray], praise: str,
) -> Feedback:  # fmt: skip
    """Try the reader's function on random arrays; compare with the right gradient, then with each known slip."""
    answer, feedback = ask(function, *given)
    if feedback is not None:
        return feedback
    da, hint = as_array(answer, target.shape, "da")
    if hint is not None:
        return not_yet(f"{hint} Use *, not @." if len(shape_of(answer) or ()) == 2 else hint)
    if np.allclose(da, target):
        return right(praise)
    slips = {**slips, "right up to the sign: no step of the derivation has a minus in front": -target}
    return not_yet(first_match(da, slips, "count the arrows, and write one factor for each local derivative") + ".")
