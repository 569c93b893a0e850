"""Feedback for chapter 21: the worst cut, coupled gates, two steps in one, a scan on paper, gates of another paper."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import Number, as_arrays, first_match, judge
from lstm_lib.check.parts.chapter_21_coupled import coupled_hint, random_step
from lstm_lib.tree import FloatArray
from lstm_lib.variants import coupled as library
from lstm_lib.variants.trials import load_trials

__all__ = ["carried", "combine", "coupled", "rounds", "worst"]

CUTS = {  # what the reader calls them, and what the file does
    "forget gate": "no forget gate", "input gate": "no input gate", "output gate": "no output gate",
    "tanh": "no tanh on the way out",
}  # fmt: skip
CLOSE = {"names": 0.003, "memory": 2.0}  # nats, and runs: what five seeds cannot tell apart

ROUNDS: dict[float, str] = {
    15: "that is the loop, step after step; a round makes every place stand for twice as many",
    16: "that is the loop, step after step; a round makes every place stand for twice as many",
    8: "a round does not halve what is left once; count the doublings from 1 to 16",
    5: "at the start each place stands for one step; four doublings make sixteen",
    3: "three doublings make eight; sixteen need one more",
}
MANY = {
    9: "nine doublings make 512, so the last steps would not hear the first: round up",
    500: "a round doubles, it does not add two; count the doublings from 1 to 1000",
    999: "that is the loop, step after step",
    1000: "that is the loop, step after step",
    9.97: "right, and there is no part of a round: up to a whole number",
    11: "ten doublings make 1,024, which is enough",
}
UPDATES: dict[float, str] = {
    64: "four rounds of 16; but in a round with reach r the first r places have all they need and stay",
    60: "four rounds of 15; that holds for the first round alone. A round with reach r leaves the first r places",
    15: "that is the loop, or the first round alone; add those of all four rounds",
    34: "the reaches are 1, 2, 4 and 8: 16 - 1, 16 - 2 and so on",
    16: "that is the loop; add up what the four rounds update",
}
Pair = tuple[FloatArray, FloatArray]


@exercise
def worst(worst_on_names: object, worst_on_memory: object) -> Feedback:
    """Exercise 21.1: of the four cuts the worst on names, and the last on the memory task, by the stored runs.

    Where two differ by no more than `CLOSE`, either is right.
    """
    if blank(worst_on_names) and blank(worst_on_memory):
        return NOT_ATTEMPTED
    trials = load_trials()
    nats = {cut: float(np.mean(trials.nats[name]) - np.mean(trials.nats["LSTM"])) for cut, name in CUTS.items()}
    solved = {cut: _solved(trials.steps[name]) for cut, name in CUTS.items()}
    hint = _names_hint(worst_on_names, nats) or _memory_hint(worst_on_memory, solved)
    if hint:
        return not_yet(hint)
    last = sorted((runs, cut) for cut, runs in solved.items() if runs <= min(solved.values()) + CLOSE["memory"])
    listed = ", ".join(f"{cut} ({runs})" for runs, cut in last)
    costs = f"On names it costs {nats[str(worst_on_names)]:.3f} nats."
    return right(f"{costs} Last on the memory task, by the runs that they solve: {listed}.")


def _solved(runs: dict[int, list[int | None]]) -> int:
    """How many runs of the memory task were solved, of any length."""
    return sum(steps is not None for each in runs.values() for steps in each)


def _names_hint(answer: object, costs: dict[str, float]) -> str | None:
    """None for the cut that costs most nats, or nearly as much as that; else what is wrong."""
    hint = _cut_hint("worst_on_names", answer)
    more = 0 if hint else sum(cost > costs[str(answer)] + CLOSE["names"] for cost in costs.values())
    worse = f"{more} clearly {'does' if more == 1 else 'do'} worse"
    return f"worst_on_names: {answer!r} is not it; of the other cuts {worse}." if more else hint


def _memory_hint(answer: object, solved: dict[str, int]) -> str | None:
    """None for the cut that solves the fewest runs, or nearly as few; else what is wrong."""
    hint = _cut_hint("worst_on_memory", answer)
    if hint or solved[str(answer)] <= min(solved.values()) + CLOSE["memory"]:
        return hint
    fewer = sum(runs < solved[str(answer)] for runs in solved.values())
    worse = f"{fewer} {'solves' if fewer == 1 else 'solve'} fewer runs"
    return f"worst_on_memory: {answer!r} is not it; of the other cuts {worse}."


def _cut_hint(what: str, answer: object) -> str | None:
    """None for one of the four cuts."""
    if blank(answer):
        return f"{what} is still to do."
    if not isinstance(answer, str) or answer not in CUTS:
        return f"{what} should be one of {', '.join(map(repr, CUTS))}; got {short_repr(answer)}."
    return None


@exercise
def coupled(function: Callable[..., Any]) -> Feedback:
    """Exercise 21.2: `function(kept, dh, dc)` for coupled gates; returns da (B, 3H), blocks f, g, o, and the old dc."""
    kept, dh, dc = random_step()
    answer, feedback = ask(function, kept, dh, dc)
    if feedback is not None:
        return feedback
    (da, carry), hint = as_arrays(answer, {"da": (dh.shape[0], 3 * dh.shape[1]), "dc_prev": dh.shape})
    if hint is not None:
        return not_yet(hint)
    hint = coupled_hint(kept, dh, dc, da, carry) or borrowed_hint(function, library.step_back)
    return verdict(hint, "Two arrows leave f: what is kept grows, and what is written shrinks.")


@exercise
def combine(function: Callable[..., Any]) -> Feedback:
    """Exercise 21.3: `function(first, second)`, each a pair (f, w), gives the pair that does both at once."""
    f, w = np.random.default_rng(213).uniform(0.1, 0.9, (2, 2, 3))
    answer, feedback = ask(function, (f[0], w[0]), (f[1], w[1]))
    if feedback is not None:
        return feedback
    (both, written), hint = as_arrays(answer, {"f": (3,), "w": (3,)})
    if hint is not None:
        return not_yet(hint)
    if not np.allclose(both, f[0] * f[1]):
        otherwise = "put the first step into the second, s'' = f'(f s + w) + w', and read off what stands before s"
        return not_yet(f"f: {first_match(both, _wrong_factors(*f), otherwise)}.")
    if not np.allclose(written, f[1] * w[0] + w[1]):
        otherwise = "put the first step into the second, s'' = f'(f s + w) + w', and read off what stands without s"
        return not_yet(f"w: {first_match(written, _wrong_sums(f, w), otherwise)}.")
    return right("Two steps are one step of the same form. So are four, and eight.")


def _wrong_factors(first: FloatArray, second: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong f of two steps."""
    return {
        "they multiply: what the first keeps, the second keeps a part of": first + second,
        "that is the first step's alone; the second keeps a part of that": first,
        "that is the second step's alone; it keeps a part of what the first kept": second,
        "no mean: what the first keeps, the second keeps a part of, so they multiply": (first + second) / 2,
    }


def _wrong_sums(f: FloatArray, w: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong w of two steps."""
    return {
        "what the first wrote passes the second step, which keeps a part of it": w[0] + w[1],
        "the other way round: the first w passes the second f; the second w is still fresh": w[0] + f[0] * w[1],
        "the first w passes the f of the second step, not its own": f[0] * w[0] + w[1],
        "the first w passes the second f alone; its own f came before it was written": f[0] * f[1] * w[0] + w[1],
        "the second w is fresh: nothing has passed over it yet": f[1] * (w[0] + w[1]),
        "that is what the second step wrote; what the first wrote is still there, in part": w[1],
    }


@exercise
def rounds(rounds_16: object, rounds_1000: object, updates_16: object) -> Feedback:
    """Exercise 21.4: rounds of a scan of 16 and of 1,000 steps, and how many places it updates for 16."""
    return judge(
        "More work than the loop's 15, in fewer rounds: a bargain where many hands are idle.",
        Number("rounds_16", rounds_16, 4, ROUNDS, "count the doublings that lead from 1 step to 16"),
        Number("rounds_1000", rounds_1000, 10, MANY, "count the doublings that lead from 1 to at least 1,000", 0.02),
        Number("updates_16", updates_16, 49, UPDATES, "a round with reach r updates 16 - r places; add four of these"),
    )


@exercise
def carried(function: Callable[..., Any]) -> Feedback:
    """Exercise 21.5: `function(W_x, W_h, b)`, from blocks r, z, g with h = (1 - z) h + z g, to our blocks r, f, g."""
    rng, H = np.random.default_rng(215), 2
    given = rng.normal(size=(3, 3 * H)), rng.normal(size=(H, 3 * H)), rng.normal(size=3 * H)
    answer, feedback = ask(function, *given)
    if feedback is not None:
        return feedback
    found, hint = as_arrays(answer, {name: each.shape for name, each in zip(("W_x", "W_h", "b"), given, strict=True)})
    if hint is not None:
        return not_yet(hint)
    sign = np.repeat([1.0, -1.0, 1.0], H)
    wrong = [not np.allclose(mine, sign * each) for mine, each in zip(found, given, strict=True)]
    if not any(wrong):
        return right("1 - sigmoid(a) is sigmoid(-a): the whole pre-activation of that gate changes its sign.")
    if not wrong[0] and not wrong[1]:
        return not_yet("both matrices are right; the bias is a part of the same pre-activation.")
    return not_yet(_carried_hint(found[0], given[0], H) if wrong[0] else "W_x is right; W_h feeds that gate too.")


def _carried_hint(found: FloatArray, W: FloatArray, H: int) -> str:
    """What is wrong with W_x."""
    r, z, g = np.split(W, 3, axis=1)
    slips = {
        "W_x is as it was. Lay the formulas side by side: what stands before the old h in theirs, and in ours?": W,
        "1 - W is not it: the gate, not its weights, is to become 1 - z. Which a gives 1 - sigmoid(a)?": np.hstack(
            [r, 1 - z, g]
        ),
        "all three blocks changed; r and g mean the same in both papers.": -W,
        "the candidate changed instead of the gate: the blocks are r, z, g.": np.hstack([r, z, -g]),
        "the reset gate changed instead: the blocks are r, z, g.": np.hstack([-r, z, g]),
        "you exchanged blocks; each stays at its place.": np.hstack([z, r, g]),
        "you exchanged z and g; each stays at its place.": np.hstack([r, g, z]),
    }
    return first_match(found, slips, f"columns {H} to {2 * H - 1} are the gate's; which a gives 1 - sigmoid(a)?")
