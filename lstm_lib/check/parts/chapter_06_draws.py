"""Feedback for exercise 6.5: whether the weights of four gates are four draws, and of the size that was asked for."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict
from lstm_lib.check.numbers import as_arrays
from lstm_lib.tree import FloatArray

FEW, MANY = (3, 4), (60, 40)  # D, H; among many numbers chance hardly shows


@exercise
def gate_weights(draw: Callable[..., Any]) -> Feedback:
    """Exercise 6.5: `(rng, D, H)` -> four matrices (D, H) that are not copies of each other."""
    answers = []
    for seed, shape in ((1, FEW), (1, FEW), (2, FEW), (3, MANY)):
        answer, feedback = ask(draw, np.random.default_rng(seed), *shape)
        if feedback is not None:
            return feedback
        matrices, hint = as_arrays(answer, dict.fromkeys(("W_i", "W_f", "W_g", "W_o"), shape))
        if hint is not None:
            return not_yet(hint)
        answers.append(matrices)
    first, same_seed, other_seed, many = answers
    if any(np.array_equal(one, other) for one, other in combinations(first, 2)):
        return not_yet("at least two gates have equal weights, to the last digit: does each draw start over?")
    if any(np.array_equal(one, other) for one, other in zip(first, other_seed, strict=True)):
        return not_yet("the gates differ now, but another rng gives the same weights: use the one that is passed in.")
    if not all(np.array_equal(one, other) for one, other in zip(first, same_seed, strict=True)):
        return not_yet("the same rng gives other weights each time: draw from the one that is passed in, and no other.")
    return verdict(_law_hint(many), "Four different draws from one generator.")


def _law_hint(matrices: list[FloatArray]) -> str | None:
    """What is wrong with many weights of each gate: they hang together, or have another size; None if nothing is."""
    alike = np.corrcoef([each.ravel() for each in matrices])[np.triu_indices(4, 1)]
    if matrices[0].std() > 1e-9 and (np.abs(alike) > 0.2).any():  # chance gives about 0.02
        return "the gates differ, but one is made from another, as 2 * W from W: make a draw of its own for each gate."
    wanted = 1 / np.sqrt(MANY[0])
    for gate, each in zip("ifgo", matrices, strict=True):
        if not wanted / 2 < each.std() < 2 * wanted:
            return (
                f"for D = {MANY[0]} the weights of gate {gate} spread by {each.std():.2f}, where they were drawn to "
                f"spread by 1 / np.sqrt(D) = {wanted:.2f}: keep the law, and mend where the generator comes from."
            )
    return None
