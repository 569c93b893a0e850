"""Feedback for chapter 12, Train it, and read its first names."""

from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.choice import letter_feedback
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import as_number, first_difference, params_hint
from lstm_lib.check.parts.chapter_12_dropout import dropout
from lstm_lib.check.parts.clipping import clip
from lstm_lib.check.parts.sick_runs import diagnose, sick_runs
from lstm_lib.check.parts.training_loop import loop
from lstm_lib.data import batches
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.run.steps import learning_rate
from lstm_lib.tree import FloatArray, named_leaves
from lstm_lib.vocabulary import Vocabulary

__all__ = ["bug", "clip", "diagnose", "dropout", "loop", "schedule", "sick_runs"]

# ---- 12.3

SETTINGS = ((600, 20, 0.01, 0.001), (100, 10, 1.0, 0.2))  # steps, warmup, peak, last


@exercise
def schedule(my_rate: Callable[..., Any]) -> Feedback:
    """Exercise 12.3: `(taken, steps, warmup, peak, last) -> learning rate`, tried at every step of two runs."""
    for steps, warmup, peak, last in SETTINGS:
        rates: list[float] = []
        for taken in (0, warmup, *range(1, warmup), *range(warmup + 1, steps)):
            rate, feedback = ask(my_rate, taken, steps, warmup, peak, last)
            if feedback is not None:
                return _half_done(feedback, rates)
            number = as_number(rate)
            if number is None:
                return not_yet(f"return a number; after {taken} steps your function returned {short_repr(rate)}.")
            rates.append(number)
        first, top, rising, falling = rates[0], rates[1], rates[2 : warmup + 1], rates[warmup + 1 :]
        climb, fall = np.array([first, *rising]), np.array([top, *falling])
        hint = _warmup_hint(climb, warmup, peak) or _cosine_hint(fall, warmup, peak, last)
        if hint is not None:
            return not_yet(hint)
    return verdict(borrowed_hint(my_rate, learning_rate), "A straight climb to the peak, then half a cosine down.")


def _half_done(feedback: Feedback, rates: list[float]) -> Feedback:
    """Blank at the first step is a blank exercise; blank at the first step after the warm-up is half an exercise."""
    if rates and feedback == NOT_ATTEMPTED:
        return not_yet("the first blank is filled; the second one, after the warm-up, still waits.")
    return feedback


def _warmup_hint(rates: FloatArray, warmup: int, peak: float) -> str | None:
    taken = np.arange(warmup)
    if np.allclose(rates, peak * (taken + 1) / warmup):
        return None
    if np.allclose(rates, peak * taken / warmup):
        return "the very first step has rate 0 and is wasted: after 0 steps the rate is peak / warmup."
    if np.allclose(rates, peak):
        return "there is no climb: during the warm-up the rate grows in a straight line up to the peak."
    if np.allclose(np.diff(rates), np.diff(rates)[0]) and np.isclose(rates[-1], peak) and rates[0] > peak / warmup:
        return (
            "the climb ends well, but it starts too high: after 0 steps the rate is peak / warmup; last is for the end."
        )
    if np.allclose(rates, rates[0]):
        return f"your rate stands still at {rates[0]:g}: it must grow with `taken`, to the peak after warmup - 1 steps."
    return _first_difference(rates, peak * (taken + 1) / warmup, 0)


def _first_difference(rates: FloatArray, target: FloatArray, taken: int) -> str:
    """Where the rates first differ from the target; the first of them is that after `taken` steps."""
    (place,), said = first_difference(rates, target)
    return f"after {taken + place} steps the rate {said}."


def _cosine_hint(rates: FloatArray, warmup: int, peak: float, last: float) -> str | None:
    share = np.arange(len(rates)) / len(rates)
    target = last + (peak - last) * (1 + np.cos(np.pi * share)) / 2
    if np.allclose(rates, target):
        return None
    if np.allclose(rates[:-1], target[1:]) or np.allclose(rates[1:], target[:-1]):
        return "off by one: after `warmup` steps the share is exactly 0 and the rate is the peak."
    shorter = np.arange(len(rates)) / (len(rates) + warmup)
    late = (np.arange(len(rates)) + warmup) / (len(rates) + warmup)
    longer = np.arange(len(rates)) / (len(rates) - 1)
    slips = _wrong_cosines(share, peak, last) | {
        "it ends on the last rate one step too early: divide by steps - warmup, without - 1.": (
            last + (peak - last) * (1 + np.cos(np.pi * longer)) / 2
        ),
        "the share must be 0 when the warm-up ends: subtract warmup, above and below the line.": (
            last + (peak - last) * (1 + np.cos(np.pi * late)) / 2
        ),
        "the share is (taken - warmup) / (steps - warmup), so that it ends at 1; you divide by steps.": (
            last + (peak - last) * (1 + np.cos(np.pi * shorter)) / 2
        ),
    }
    for hint, values in slips.items():
        if np.allclose(rates, values):
            return hint
    return _first_difference(rates, target, warmup)


def _wrong_cosines(share: FloatArray, peak: float, last: float) -> dict[str, FloatArray]:
    """Hints, each with the rates of the mistake it speaks of."""
    wave, swing = np.cos(np.pi * share), peak - last
    return {
        "the cosine is reversed: it climbs from the last rate. Put a plus before it.": last + swing * (1 - wave) / 2,
        "twice too much: (1 + cos) runs from 2 to 0, so it needs the half.": last + swing * (1 + wave),
        "it ends at 0: add the last rate, and let only peak - last swing.": peak * (1 + wave) / 2,
        "that is peak alone, cut off at the last rate: add the last rate, and let only peak - last swing.": np.maximum(
            last, peak * (1 + wave) / 2
        ),
        "it starts at peak + last: only peak - last swings.": last + peak * (1 + wave) / 2,
        "it dives below the last rate: (1 + cos) / 2 stays in 0..1, the cosine alone does not.": last + swing * wave,
        "that is a quarter of a wave: the angle runs up to pi.": last + swing * np.cos(np.pi * share / 2),
        "that is a whole wave: the angle runs up to pi, not 2 pi.": last + swing * (1 + np.cos(2 * np.pi * share)) / 2,
        "np.cos takes radians: the angle runs up to np.pi.": last + swing * (1 + np.cos(180 * share)) / 2,
        "that is a straight line: right at both ends, not between them.": last + swing * (1 - share),
    }


# ---- 12.5

INNOCENT = {
    "A": "A is healthy: it draws the batches, each name once.",
    "C": "C is healthy: the gradient is taken at the present parameters.",
    "D": "D is healthy: clipping stands between the gradient and the step, and 1.0 is only a seat belt.",
    "E": "E is healthy: it takes the old state of Adam and hands back the new one. But what happens to that one then?",
}
FEW = ("ana", "anna", "nan", "hanna", "hana", "ann", "an", "nana")


@exercise
def bug(line: object, my_train: Callable[..., Any]) -> Feedback:
    """Exercise 12.5: the letter of the sick line, and the mended function, tried on one batch and on four."""
    feedback = letter_feedback(line, "B", INNOCENT)
    if feedback is not None:
        return feedback
    vocabulary = Vocabulary.from_names(FEW)
    start = init_params(len(vocabulary), 2, 3, rng=np.random.default_rng(124))
    for names, hint in (
        (FEW[:2], "one step of yours differs from before: move line B, and leave the others as they are."),
        (FEW, "line B it is. Now mend it: after several batches Adam still does not remember what it has seen."),
    ):
        (answer, feedback), (again, _) = (
            ask(my_train, start, names, vocabulary, 2, rng=np.random.default_rng(seed)) for seed in (4, 4)
        )
        if feedback is not None:
            return feedback
        form_hint = params_hint(answer, start)
        if form_hint is not None:
            return not_yet(form_hint)
        if not isinstance(again, Params) or not _same(answer, again):
            return not_yet("called twice it gives two answers: make Adam inside the function, and use the given rng.")
        if not _same(answer, _healthy(start, names, vocabulary, 2, rng=np.random.default_rng(4))):
            return not_yet(hint)
    return right("Adam now remembers: its memory is made once, before the loop.")


def _same(one: Params, other: Params) -> bool:
    pairs = zip(named_leaves(one), named_leaves(other), strict=True)
    return all(np.allclose(a, b, equal_nan=True) for (_, a), (_, b) in pairs)


def _healthy(
    params: Params, names: tuple[str, ...], vocabulary: Vocabulary, batch_size: int, *, rng: np.random.Generator
) -> Params:
    adam = adam_init(params)
    for batch in batches(names, vocabulary, batch_size, rng=rng):
        grads, _ = clip_by_global_norm(loss_and_grads(params, batch)[1], 1.0)
        params, adam = adam_update(params, grads, adam, lr=0.01)
    return params
