"""Feedback for exercise 8.4, a backward loop: what it returns is compared with loops that hold one planted slip."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.cell import GateCache, gates_backward, gates_forward
from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_array
from lstm_lib.model import Params, init_params
from lstm_lib.tree import FloatArray

T, D, H = 5, 3, 4


class Known(NamedTuple):
    """What a step of the loop has at hand when it forms the carries; each (H,), da (4H,)."""

    dh: FloatArray
    through_h: FloatArray
    dc: FloatArray
    da: FloatArray
    f: FloatArray


@dataclass(frozen=True)
class Loop:
    """A name of random letters from a state that is not zero: the forward steps, and what the output sends back."""

    params: Params
    steps: tuple[GateCache, ...]
    dh_output: FloatArray  # (T, H)

    @property
    def f(self) -> FloatArray:
        """The forget gates, (T, H)."""
        return np.array([step.f[0] for step in self.steps])

    def short(self, length: int) -> "Loop":
        """The same loop over the first steps alone."""
        return Loop(self.params, self.steps[:length], self.dh_output[:length])


Carry = Callable[[Loop, int, Known], tuple[FloatArray, FloatArray]]


def random_loop() -> Loop:
    """The loop on which answers are tried."""
    rng = np.random.default_rng(81)
    params = init_params(6, D, H, rng=rng)
    h, c = rng.normal(size=(2, 1, H))
    steps = []
    for symbol in rng.integers(0, 6, size=T):
        (h, c), step = gates_forward(params.E[[symbol]] @ params.W_x + h @ params.W_h + params.b, c)
        steps.append(step)
    return Loop(params, tuple(steps), rng.normal(size=(T, H)))


def one_step(loop: Loop, t: int, dh: FloatArray, along_c: FloatArray) -> Known:
    """One right backward step."""
    step = loop.steps[t]
    slope = (step.o * (1 - step.tanh_c**2))[0]
    da, _ = gates_backward(step, np.asarray(dh)[None], np.asarray(along_c)[None])
    return Known(dh, dh * slope, dh * slope + along_c, da[0], step.f[0])


def step_of(loop: Loop) -> Callable[..., tuple[FloatArray, FloatArray, FloatArray]]:
    """The `step(t, dh, along_c)` of exercise 8.4."""

    def step(t: int, dh: FloatArray, along_c: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        from_output, from_next = (np.broadcast_to(np.asarray(given, float), (H,)) for given in (dh, along_c))
        known = one_step(loop, t, from_output, from_next)
        return known.through_h, known.dc, known.da

    return step


def walk(loop: Loop, carry: Carry) -> FloatArray:
    """da of all steps, (T, 4H), with these carries."""
    found = np.zeros((len(loop.steps), 4 * H))
    dh: FloatArray = np.zeros(H)
    along_c: FloatArray = np.zeros(H)
    for t in reversed(range(len(loop.steps))):
        known = one_step(loop, t, loop.dh_output[t] + dh, along_c)
        found[t] = known.da
        dh, along_c = carry(loop, t, known)
    return found


def _back(loop: Loop, da: FloatArray) -> FloatArray:
    """da through W_h, to the hidden state before."""
    through: FloatArray = da @ loop.params.W_h.T
    return through


def _only(gate: int, da: FloatArray) -> FloatArray:
    """da with one block kept."""
    kept: FloatArray = np.where(np.arange(4 * H) // H == gate, da, 0)
    return kept


def right_carries(loop: Loop, t: int, known: Known) -> tuple[FloatArray, FloatArray]:
    """dh through all four gates; the whole dc times f."""
    return _back(loop, known.da), known.dc * known.f


CARRIES: dict[str, Carry] = {
    "carry the whole dc: you hand on the part that came through h, and the message from later steps ends here": (
        lambda loop, t, k: (_back(loop, k.da), k.through_h * k.f)
    ),
    "the carry of c is missing: each step hands the whole dc, times f[t], to the step before it": (
        lambda loop, t, k: (_back(loop, k.da), np.zeros(H))
    ),
    "dc must pass the forget gate on its way back: carry dc * f[t], not dc": (
        lambda loop, t, k: (_back(loop, k.da), k.dc)
    ),
    "that is the forget gate of the step before: c[t] was multiplied by f[t], so carry dc * f[t]": (
        lambda loop, t, k: (_back(loop, k.da), k.dc * loop.f[t - 1])
    ),
    "that is the forget gate of the step after: c[t] was multiplied by f[t], so carry dc * f[t]": (
        lambda loop, t, k: (_back(loop, k.da), k.dc * loop.f[(t + 1) % len(loop.steps)])
    ),
    "the carry of h is missing: each step hands da[t] @ W_h.T to the step before it": (
        lambda loop, t, k: (np.zeros(H), k.dc * k.f)
    ),
    "no carry leaves a step: hand on da[t] @ W_h.T for h, and dc * f[t] for c": (
        lambda loop, t, k: (np.zeros(H), np.zeros(H))
    ),
    "h feeds all four gates of the next step; yours comes back from the candidate alone": (
        lambda loop, t, k: (_back(loop, _only(2, k.da)), k.dc * k.f)
    ),
    "the carry of h is da[t] @ W_h.T alone; you also hand on dh itself, which has done its work in its own step": (
        lambda loop, t, k: (k.dh + _back(loop, k.da), k.dc * k.f)
    ),
    "through_h is in dc already, so you hand it on twice: carry dc * f[t]": (
        lambda loop, t, k: (_back(loop, k.da), (k.through_h + k.dc) * k.f)
    ),
    "h feeds all four gates of the next step; yours comes back from the input gate alone": (
        lambda loop, t, k: (_back(loop, _only(0, k.da)), k.dc * k.f)
    ),
    "h feeds all four gates of the next step; yours comes back from the forget gate alone": (
        lambda loop, t, k: (_back(loop, _only(1, k.da)), k.dc * k.f)
    ),
    "h feeds all four gates of the next step; yours comes back from the output gate alone": (
        lambda loop, t, k: (_back(loop, _only(3, k.da)), k.dc * k.f)
    ),
    "what the output sends back is missing: dh is dh_output[t] plus the carry": (
        lambda loop, t, k: (_back(loop, k.da) - loop.dh_output[t - 1], k.dc * k.f)
    ),
}


@exercise
def whole_walk(function: Callable[..., Any]) -> Feedback:
    """Exercise 8.4: `function(step, dh_output, f, W_h)` returns da of all steps, (T, 4H).

    Tried on 1 to T steps; the first length that is wrong is named, and the slip.
    """
    whole = random_loop()
    for length in range(1, T + 1):
        loop = whole.short(length)
        answer, feedback = _ask(function, loop)
        if feedback is not None:
            return feedback
        da, hint = as_array(answer, (length, 4 * H), "da of all steps, (T, 4H),")
        if hint is not None:
            return not_yet(hint)
        if not np.allclose(da, walk(loop, right_carries)):
            so_far = f"right at T = {length - 1}, wrong at T = {length}" if length > 1 else "wrong at T = 1 already"
            return not_yet(f"{so_far}: {_slip(function, whole)}.")
    return right("Nothing from beyond the end, the whole dc times f, and dh through all four gates.")


def _ask(function: Callable[..., Any], loop: Loop) -> tuple[Any, Feedback | None]:
    return ask(function, step_of(loop), loop.dh_output, loop.f, loop.params.W_h)


def _slip(function: Callable[..., Any], whole: Loop) -> str:
    """Which slip gives the reader's da on the whole loop; each is computed and compared."""
    found, feedback = _ask(function, whole)
    answer, hint = as_array(found, (T, 4 * H), "da")
    if feedback is not None or hint is not None:
        return "and on a longer name your loop does not return da of all steps at all"
    if np.allclose(answer, walk(whole, right_carries)[::-1]):
        return "your rows stand in the order of the walk; row t of da belongs to step t"
    if np.allclose(answer, 0):
        return "what the output sends back is missing: dh is dh_output[t] plus the carry"
    matching = [hint for hint, carry in CARRIES.items() if np.allclose(answer, walk(whole, carry))]
    return (
        *matching,
        "from the last step to the first: dh is dh_output[t] plus the carry; dc * f[t] goes on",
    )[0]
