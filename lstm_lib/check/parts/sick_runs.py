"""The four sick training runs of exercise 12.6, and feedback on their diagnosis, out of the reader's sight."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from reprlib import repr as short_repr

import numpy as np

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.choice import answers_by_letter
from lstm_lib.check.feedback import Feedback, blank, exercise, not_yet, right
from lstm_lib.data import batches, make_batch
from lstm_lib.model import init_params
from lstm_lib.optim import adam_init, adam_update, global_norm
from lstm_lib.tree import FloatArray, tree_map
from lstm_lib.vocabulary import Vocabulary

STEPS = 60
ILLNESSES = {
    "A": "learning rate too high",
    "B": "never updated",
    "C": "overfitting",
    "D": "blind",
}
CONFUSIONS = {
    ("A", "overfitting"): "its training loss also rose, above its start: overfitting never does that.",
    ("A", "never updated"): "its loss moves, wildly even: something is updated.",
    ("A", "blind"): "a blind model glides down to a rung and rests there; this one jumps above its start.",
    ("B", "learning rate too high"): "with steps that large the loss would jump; it does not move at all.",
    ("B", "overfitting"): "overfitting needs a falling training loss; this one stays at ln 27.",
    ("B", "blind"): "even a blind model learns how frequent each symbol is, and leaves ln 27. This one has a gradient "
    "at every step, and yet stays.",
    ("C", "learning rate too high"): "its training loss falls smoothly, lower than any other: the steps are fine.",
    ("C", "never updated"): "its training loss falls, so the weights do move.",
    ("C", "blind"): "its training loss falls far below the unigram: it sees its letters very well.",
    ("D", "learning rate too high"): "nothing jumps: it falls calmly, then rests on a line. On which?",
    ("D", "never updated"): "it did fall, from ln 27 to the unigram's line: something was learned.",
    ("D", "overfitting"): "training and validation stay together: overfitting pulls them apart.",
}


def sick_runs(train: tuple[str, ...], val: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, FloatArray]:
    """The curves of exercise 12.6: for each run an array (3, 60), step by step.

    Its rows: the loss on the batch, the loss on `val`, and the norm of the gradient that Adam is given.

    `val` should be a hundred names or so: it is read at each step.
    """
    return {
        "A": _curves(train, val, vocabulary, lr=0.3),
        "B": _curves(train, val, vocabulary, lr=0.0),
        "C": _curves(train[:50], val, vocabulary, lr=0.02),
        "D": _curves(train, val, vocabulary, lr=0.05, only_output_bias=True),
    }


def _curves(
    names: tuple[str, ...], val: tuple[str, ...], vocabulary: Vocabulary, *, lr: float, only_output_bias: bool = False
) -> FloatArray:
    rng = np.random.default_rng(125)
    params = init_params(len(vocabulary), 8, 32, rng=rng)
    if only_output_bias:
        params = replace(params, W_y=np.zeros_like(params.W_y))
    adam, seen = adam_init(params), make_batch(val, vocabulary)
    signs: list[tuple[float, float, float]] = []
    while len(signs) < STEPS:
        for batch in islice(batches(names, vocabulary, 32, rng=rng), STEPS - len(signs)):
            loss, grads = loss_and_grads(params, batch)
            if only_output_bias:
                grads = replace(tree_map(np.zeros_like, grads), b_y=grads.b_y)
            signs.append((loss, loss_and_grads(params, seen)[0], global_norm(grads)))
            params, adam = adam_update(params, grads, adam, lr=lr)
    return np.array(signs).T


@exercise
def diagnose(diagnosis: object) -> Feedback:
    """Exercise 12.6: a mapping from each of the runs A to D to its illness."""
    strange = [key for key in diagnosis if key not in ILLNESSES] if isinstance(diagnosis, Mapping) else []
    if strange:
        return not_yet(f"the keys are the runs, A to D; got {short_repr(strange[0])}.")
    answers, feedback = answers_by_letter(diagnosis, ILLNESSES, "A to D")
    if feedback is not None:
        return feedback
    for run, answer in answers.items():
        if blank(answer) or (isinstance(answer, str) and answer == ILLNESSES[run]):
            continue
        if not isinstance(answer, str) or answer not in ILLNESSES.values():
            choices = ", ".join(map(repr, ILLNESSES.values()))
            return not_yet(f"run {run}: choose among {choices}; got {short_repr(answer)}.")
        return not_yet(f"run {run}: {CONFUSIONS[run, answer]}")
    missing = [run for run, answer in answers.items() if blank(answer)]
    if missing:
        return not_yet(f"right so far; {' and '.join(missing)} still wait for a diagnosis.")
    return right("Four curves, four illnesses, and not one error message.")
