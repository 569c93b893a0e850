"""Feedback for chapter 18: the unit that counts letters, and a split of the rows by whole names."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import as_array, as_floats, as_number
from lstm_lib.tree import FloatArray, IntArray

# ---- 18.3

UNITS = 6


def counters() -> tuple[FloatArray, FloatArray, dict[int, str]]:
    """Hidden states (N, 6) that hold a length counter, letters (N,), and the hint for each unit that is not it."""
    rng = np.random.default_rng(183)
    letters = np.concatenate([np.arange(8.0)] * 40)
    noise = rng.normal(size=(len(letters), UNITS))
    h = np.column_stack([
        letters - 8 + noise[:, 0],  # rises, but is noisy
        30 - letters + 0.5 * noise[:, 1],  # the counter: it falls, and is far from 0
        np.full(len(letters), 0.25),  # a dead unit
        20 * letters + 60 * noise[:, 3],  # moves most
        noise[:, 4],
        0.05 * letters + 0.055 * noise[:, 5],  # moves least
    ])  # fmt: skip
    hints = {
        0: "that unit has the largest r of one sign; but one that *falls* counts too: take the largest |r|",
        2: "that unit never moves: its deviations are all 0, and 0/0 is not a number, which argmax takes for the "
        "largest. Or do you count from 1? The first unit is 0",
        3: "that unit moves most, so its covariance is the largest; divide by both standard deviations",
        4: "that unit has the |r| nearest to 0; take the largest",
        5: "that unit moves least, and lies near 0. Take both means away first, and divide by the deviation of h, not "
        "by its square. (The weight of a probe is large where h is small.)",
    }
    return h, letters, hints


@exercise
def length_counter(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.3: `function(h, letters)` returns the unit whose h goes most closely with the letters read."""
    h, letters, hints = counters()
    order = np.arange(UNITS)
    for sign, each in ((1, order), (1, order[::-1]), (-1, order)):  # turned: a written number fails; and rising
        answer, feedback = ask(function, sign * h[:, each], letters)
        if feedback is not None:
            return feedback
        place = as_number(answer)
        if place == UNITS:
            return not_yet(f"there are units 0 to {UNITS - 1}; {UNITS} are the letters themselves, which np.corrcoef "
                           "puts last, or you count from 1.")  # fmt: skip
        if place is None or place not in order:
            last = UNITS - 1
            return not_yet(
                f"return the number of one unit, 0 to {last}, such as argmax gives; got {short_repr(answer)}."
            )
        if int(each[int(place)]) in hints:
            return not_yet(f"unit {int(place)}: {hints[int(each[int(place)])]}.")
    return right("It falls, others move more, and it is the one.")


# ---- 18.4


@exercise
def halves(function: Callable[..., Any]) -> Feedback:
    """Exercise 18.4: `function(owner, rng)` returns (N,) booleans: which rows a probe learns from, by whole names."""
    owner = np.repeat(np.arange(60), np.random.default_rng(185).integers(3, 9, size=60))
    answers = []
    for seed in (1, 1, 2):
        answer, feedback = ask(function, owner, np.random.default_rng(seed))
        if feedback is not None:
            return feedback
        hint = _rows_hint(owner, answer)
        if hint is not None:
            return not_yet(hint)
        answers.append(as_array(answer, owner.shape, "learns")[0])
    first, same, other = answers
    if not np.array_equal(first, same) or np.array_equal(first, other):
        fault = "another generator gives the same" if np.array_equal(first, other) else "the same generator gives other"
        return not_yet(f"no name is torn, but {fault} halves: draw them from rng.")
    return right("A coin for each name, not for each row.")


def _rows_hint(owner: IntArray, answer: object) -> str | None:
    """What is wrong with one choice of rows."""
    learns, hint = as_array(answer, owner.shape, "learns")
    if hint is not None:
        given = as_floats(answer)
        if given is not None and given.shape == (owner.max() + 1,):
            return f"return one boolean for each *row*, {len(owner)}; you return one for each name."
        numbers = given is not None and given.ndim == 1 and given.max(initial=0) > 1
        return "return one boolean for each row, not the numbers of the rows." if numbers else hint
    if not np.isin(learns, (0, 1)).all():
        coins = bool(((learns >= 0) & (learns < 1)).all())
        return f"return true or false for each row, not {'chances: compare them with 0.5' if coins else 'places'}."
    shares = np.bincount(owner, learns) / np.bincount(owner)
    if ((shares > 0) & (shares < 1)).any():
        return "the rows that judge are not new to the probe. Print where the rows of owner 0, 1, 2 went."
    if not 0.3 < shares.mean() < 0.7:
        return f"{shares.mean():.0%} of the names are learned from; it should be about half."
    return None
