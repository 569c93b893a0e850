"""Feedback for exercise 5.1, the way back through a loop: what it returns is compared with walks that hold one slip."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_array
from lstm_lib.tree import FloatArray

T, B, H = 4, 2, 3


class Loop(NamedTuple):
    """What the reader's walk is given: for T steps what the output sends back, the states, and the weights."""

    dh_output: FloatArray  # (T, B, H)
    h: FloatArray  # (T + 1, B, H)
    W_h: FloatArray  # (H, H)

    def short(self, length: int) -> "Loop":
        """The same loop over the first steps alone."""
        return Loop(self.dh_output[:length], self.h[: length + 1], self.W_h)


class Known(NamedTuple):
    """What a step has at hand: its place, the loop, what the later steps sent, and, once it is known, da."""

    t: int
    loop: Loop
    carry: FloatArray  # (B, H)
    da: FloatArray  # (B, H)

    @property
    def left(self) -> FloatArray:
        """The state that leaves the step."""
        state: FloatArray = self.loop.h[self.t + 1]
        return state

    @property
    def dh(self) -> FloatArray:
        """The whole gradient of that state."""
        whole: FloatArray = self.loop.dh_output[self.t] + self.carry
        return whole

    def through(self, da: FloatArray) -> FloatArray:
        """Back through W_h to the state before."""
        back: FloatArray = da @ self.loop.W_h.T
        return back


Form = Callable[[Known], FloatArray]


def random_loop() -> Loop:
    """The loop on which answers are tried; its states are those of a real forward pass."""
    rng = np.random.default_rng(51)
    W_h, given = rng.normal(size=(H, H)), rng.normal(size=(T, B, H))
    states = [rng.uniform(-0.9, 0.9, size=(B, H))]
    for t in range(T):
        states.append(np.tanh(given[t] + states[-1] @ W_h))
    return Loop(rng.normal(size=(T, B, H)), np.array(states), W_h)


def right_da(k: Known) -> FloatArray:
    """(5.5)."""
    da: FloatArray = k.dh * (1 - k.left**2)
    return da


def right_carry(k: Known) -> FloatArray:
    """The second term of (5.4)."""
    return k.through(k.da)


def walk(loop: Loop, form_da: Form = right_da, form_carry: Form = right_carry) -> FloatArray:
    """da of all steps, (T, B, H)."""
    found = np.zeros_like(loop.dh_output)
    carry: FloatArray = np.zeros_like(loop.h[0])
    for t in reversed(range(len(found))):
        known = Known(t, loop, carry, np.empty(0))
        known = known._replace(da=form_da(known))
        found[t], carry = known.da, form_carry(known)
    return found


SLIPS: dict[str, tuple[Form, Form]] = {
    "no carry arrives: hand da[t] @ W_h.T to the step before, which adds it to its own dh_output": (
        right_da,
        lambda k: np.zeros_like(k.da),
    ),
    "the carry has passed the tanh too: hand on da[t] @ W_h.T, not dh @ W_h.T": (right_da, lambda k: k.through(k.dh)),
    "the carry goes through W_h turned over: its arrows lie along the rows, as in rule 3 of the refresher": (
        right_da,
        lambda k: k.da @ k.loop.W_h,
    ),
    "you hand on what came from later steps a second time; it is in dh, and so in da, already": (
        right_da,
        lambda k: k.carry + k.through(k.da),
    ),
    "the carry is da[t] @ W_h.T alone; dh itself has done its work in its own step": (
        right_da,
        lambda k: k.dh + k.through(k.da),
    ),
    "da[t] goes back through W_h before it reaches the state: hand on da[t] @ W_h.T": (right_da, lambda k: k.da),
    "that is the slope at the state that entered; the tanh of step t made the one that left, h[t + 1]": (
        lambda k: k.dh * (1 - k.loop.h[k.t] ** 2),
        right_carry,
    ),
    "the slope of tanh is 1 minus the square of its output": (lambda k: k.dh * (1 - k.left), right_carry),
    "that is the slope of a sigmoid; that of tanh is 1 minus the square of its output": (
        lambda k: k.dh * k.left * (1 - k.left),
        right_carry,
    ),
    "squashed twice: h is the output of the tanh, so the slope is 1 - h**2": (
        lambda k: k.dh * (1 - np.tanh(k.left) ** 2),
        right_carry,
    ),
    "the slope of the tanh is missing: da is dh times 1 - h**2": (lambda k: k.dh, right_carry),
    "the slope belongs to the whole dh, the carry included": (
        lambda k: k.loop.dh_output[k.t] * (1 - k.left**2) + k.carry,
        right_carry,
    ),
    "what the output sends back is missing at all steps but the last: dh is dh_output[t] plus the carry": (
        lambda k: (k.dh if k.t == len(k.loop.dh_output) - 1 else k.carry) * (1 - k.left**2),
        right_carry,
    ),
}


@exercise
def walk_back(function: Callable[..., Any]) -> Feedback:
    """Exercise 5.1: `function(dh_output, h, W_h)` returns da of all steps, (T, B, H).

    Tried on 1 to T steps; the first length that is wrong is named, and the slip.
    """
    whole = random_loop()
    for length in range(1, T + 1):
        loop = whole.short(length)
        answer, feedback = ask(function, *loop)
        if feedback is not None:
            return feedback
        da, hint = as_array(answer, loop.dh_output.shape, "da of all steps, (T, B, H),")
        if hint is not None:
            return not_yet(hint)
        if not np.allclose(da, walk(loop)):
            so_far = f"right at T = {length - 1}, wrong at T = {length}" if length > 1 else "wrong at T = 1 already"
            return not_yet(f"{so_far}: {_slip(function, whole)}.")
    return right("From the last step to the first: two messages, the slope of the tanh, and one carry.")


def _slip(function: Callable[..., Any], whole: Loop) -> str:
    """Which slip gives the reader's da on the whole loop; each is computed and compared."""
    found, feedback = ask(function, *whole)
    answer, hint = as_array(found, whole.dh_output.shape, "da")
    if feedback is not None or hint is not None:
        return "and on a longer name your walk does not return da of all steps at all"
    if np.allclose(answer, walk(whole)[::-1]):
        return "your rows stand in the order of the walk; row t of da belongs to step t"
    matching = [hint for hint, forms in SLIPS.items() if np.allclose(answer, walk(whole, *forms))]
    return (
        *matching,
        "from the last step to the first, dh is dh_output[t] plus the carry, da[t] is dh times 1 - h[t + 1]**2, and "
        "da[t] @ W_h.T is the next carry",
    )[0]
