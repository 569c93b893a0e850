"""Feedback for chapter 14 on functions that draw names: the sampler that forgets, and names with a pattern."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.example import VOCABULARY, example_params
from lstm_lib.model import Params, init_params
from lstm_lib.sample import name_log_probability, next_probabilities

INNOCENT = {
    "B": "B is healthy: it reads what is new and hands back the state. But which state does it start from?",
    "C": "C is healthy: it draws from the law after the last symbol read.",
    "D": "D is healthy: the end mark ends the name.",
    "E": "E is healthy as long as the state remembers the letters before. Does it?",
}
DRAWS = 400


class _Endless(RuntimeError):
    """The reader's function asked for more names than any healthy one needs."""


@exercise
def sampler(line: object, my_sampler: Callable[..., Any]) -> Feedback:
    """Exercise 14.4: the sick line's letter, and the mended `(params, vocabulary, rng, prefix) -> name`.

    Judged by its law on the machine of "ana", without a prefix and with one, whatever its use of the generator.
    """
    feedback = letter_feedback(line, "A", INNOCENT) or _why_not_healthy(my_sampler) or _own_pen(my_sampler)
    if feedback is None:
        return right("The state is made once, before the loop, and carried through the whole name.")
    return feedback


def _why_not_healthy(my_sampler: Callable[..., Any]) -> Feedback | None:
    """None for a sampler whose names follow the exact law, to chance, on two machines."""
    trials = [(example_params(), "ana", prefix) for prefix in ("", "an", "ana")]
    for params, wanted, prefix in [*trials, (_strong(), "aaa", "")]:
        rng, names = np.random.default_rng(144), []
        for _ in range(DRAWS):
            name, feedback = ask(my_sampler, params, VOCABULARY, rng, prefix)
            if feedback is not None:
                return feedback
            if not isinstance(name, str):
                return not_yet(f"Return the name, a string; yours returned {type(name).__name__}.")
            if not name.startswith(prefix):
                return not_yet(f"Asked for a name that begins with {prefix!r}, it wrote {name!r}.")
            names.append(name)
        p, share = _chance_of(wanted, params, prefix), names.count(wanted) / DRAWS
        if abs(share - p) > 4.5 * math.sqrt(p * (1 - p) / DRAWS):
            return not_yet(_hint_for_share(wanted, prefix, share, p))
    return None


def _own_pen(my_sampler: Callable[..., Any]) -> Feedback | None:
    """None for a sampler that draws the same names twice from two generators of one seed."""
    runs = []
    for rng in (np.random.default_rng(144), np.random.default_rng(144)):
        runs.append([ask(my_sampler, example_params(), VOCABULARY, rng, "")[0] for _ in range(20)])
    if runs[0] == runs[1]:
        return None
    return not_yet("The same rng wrote other names each time: draw from the rng that comes in, and no other.")


def _strong() -> Params:
    """A machine that leans on h: the one of "ana" hardly reads it, so a sampler that loses h would pass there."""
    params = init_params(3, 2, 3, rng=np.random.default_rng(50))
    return dataclasses.replace(params, W_x=8 * params.W_x, W_h=8 * params.W_h, W_y=8 * params.W_y)


def _chance_of(name: str, params: Params, prefix: str) -> float:
    """The exact probability that a machine completes a prefix of this name to the name."""
    before = 0.0
    for place, letter in enumerate(prefix):
        law = next_probabilities(params, VOCABULARY, prefix[:place])
        before += math.log(law[VOCABULARY.characters.index(letter)])
    return math.exp(name_log_probability(params, VOCABULARY, name) - before)


def _hint_for_share(wanted: str, prefix: str, share: float, p: float) -> str:
    begun = f", begun with {prefix!r}," if prefix else ""
    seen = f"{share:.0%} of its names{begun} are {wanted!r}; it should be about {p:.0%}. "
    if wanted != "ana":
        return "right on the machine of 'ana', not on one that leans on h: " + seen + "Are both h and c kept?"
    if share < p / 2:
        return seen + "It still starts some step from an empty state."
    return seen + "Is each symbol read exactly once, and both h and c kept?"


# ---- 14.5

PLAIN, PASSING, RARE = ("ana", "bo", "zoe", "nina"), ("anna", "hannah", "anna", "joanna", "ann"), 150


def _has_double_n(name: str) -> bool:
    return "nn" in name


def _stream(place: int) -> str:
    """The name at this place of an endless stream: one in 150 passes the test."""
    turn, rest = divmod(place, RARE)
    return PASSING[turn % len(PASSING)] if rest == RARE - 1 else PLAIN[place % len(PLAIN)]


@exercise
def names_with(my_function: Callable[..., Any]) -> Feedback:
    """Exercise 14.5: `(passes, wanted, draw_names) -> names`, fed with a known stream of names."""
    for wanted, late in ((3, False), (7, False), (1, False), (2, True)):
        answer, feedback = ask(my_function, _has_double_n, wanted, _tap(late=late))
        if feedback is not None and _Endless.__name__ in feedback.message:
            return not_yet(
                "it never stops: does each round *add* to what is kept (`+=`), does `passes` get one name, not a list, "
                "and does the loop end at the wanted number?"
            )
        if feedback is not None:
            return feedback
        if not isinstance(answer, list | tuple) or not all(isinstance(name, str) for name in answer):
            return not_yet(f"return a list of names; your function returned {type(answer).__name__}.")
        passing = [PASSING[turn % len(PASSING)] for turn in range(3 * wanted)]
        if list(answer) != passing[:wanted]:
            return not_yet(_hint_for_names(list(answer), wanted, passing, late=late))
    return right("What is left follows the model's own law, given that the test is passed.")


def _tap(*, late: bool) -> Callable[[int], list[str]]:
    """A source of names; it ends loudly when far more are asked for than anyone needs.

    A `late` one has names that pass only after 6,000 calls, or three of 600,000 names together.
    """
    asked = calls = position = 0

    def draw_names(count: int) -> list[str]:
        nonlocal asked, calls, position
        calls += 1
        if calls > 20_000 or asked > 2_000_000:
            raise _Endless
        asked += count
        if late and calls <= 6_000 and (calls <= 3 or asked <= 600_000):
            return [PLAIN[0]] * count
        drawn = [_stream(position + k) for k in range(count)]
        position += count
        return drawn

    return draw_names


def _hint_for_names(answer: list[str], wanted: int, passing: list[str], *, late: bool) -> str:
    if not all(map(_has_double_n, answer)):
        return "names that fail the test are among them: keep a name only if passes(name) is true."
    if len(answer) > wanted:
        return f"{len(answer)} names came for {wanted}: cut the list to the wanted number."
    if len(answer) > 1 and answer == list(dict.fromkeys(passing))[: len(answer)] != passing[: len(answer)]:
        return "a name that is drawn twice counts twice: without repeats it is another law."
    if late and len(answer) < wanted:
        return f"{len(answer)} names came for {wanted} where few pass: draw until so many are kept, in a while loop."
    if len(answer) < wanted:
        return f"{len(answer)} names came for {wanted}: one round of drawing is not enough, so draw again."
    return "the right number, but not the first ones that pass: keep them in the order in which they are drawn."
