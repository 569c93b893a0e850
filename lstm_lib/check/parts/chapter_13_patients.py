"""The five patients of exercise 13.6, out of the reader's sight, and feedback on their diagnosis."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from reprlib import repr as short_repr

import numpy as np

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.choice import answers_by_letter
from lstm_lib.check.feedback import Feedback, blank, exercise, not_yet, right
from lstm_lib.data import Batch, batches
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.panel.record import BACK, Panel, take_panel
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

ILLNESSES = {
    "A": "rate far too low",
    "B": "shut output gates",
    "C": "sum for mean",
    "D": "opinion in b_y",
    "E": "shut forget gates",
}
# The instrument on which each illness shows, and how it is read off a panel.
SHOWS: dict[str, tuple[str, Callable[[Panel], str]]] = {
    "rate far too low": ("the largest step / weights", lambda p: f"{max(p.ratios.values()):.2g}"),
    "shut output gates": ("the share of dead units", lambda p: f"{p.dead:.0%}"),
    "sum for mean": ("the length of the gradient", lambda p: f"{p.gradient_norm:.2f}"),
    "opinion in b_y": ("the first loss", lambda p: f"{p.loss:.2f}"),
    "shut forget gates": (f"the reach, {BACK} steps back", lambda p: f"{p.reach[BACK]:.2g}"),
}
H = 32


def patients(train: tuple[str, ...], val: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, Panel]:
    """The panels of exercise 13.6 at the first step of five small models, each with one illness, A to E.

    `train` and `val`: fair samples of names, some hundred each; a batch of 64 is drawn from the first.
    """
    rng = np.random.default_rng(135)
    start = init_params(len(vocabulary), 16, H, rng=rng)
    batch = next(batches(train, vocabulary, 64, rng=rng))
    favoured = np.where(np.arange(len(vocabulary)) == len(vocabulary) // 2, 3.0, 0.0)
    blocks = np.repeat(np.eye(4), H, axis=1)  # (4, 4H): which entries of b belong to i, f, g, o
    shut = np.tile(np.arange(H) % 2, 4)  # every second unit
    sick = {
        "A": (start, 1e-6, 1.0),
        "B": (replace(start, b=start.b - 12 * blocks[3] * shut), 0.01, 1.0),
        "C": (start, 0.01, float(batch.mask.sum())),
        "D": (replace(start, b_y=favoured), 0.01, 1.0),
        "E": (replace(start, b=start.b - 4 * blocks[1]), 0.01, 1.0),
    }
    return {
        letter: _first_panel(params, batch, vocabulary, train, val, lr=lr, factor=factor)
        for letter, (params, lr, factor) in sick.items()
    }


def _first_panel(
    params: Params, batch: Batch, vocabulary: Vocabulary, train: tuple[str, ...], val: tuple[str, ...], *,
    lr: float, factor: float,
) -> Panel:  # fmt: skip
    grads = tree_map(lambda leaf: factor * leaf, loss_and_grads(params, batch)[1])
    after, _ = adam_update(params, clip_by_global_norm(grads, 1.0)[0], adam_init(params), lr=lr)
    return take_panel(params, after, grads, batch, step=0, vocabulary=vocabulary, train=train, val=val)


@exercise
def diagnose(diagnosis: object, panels: Mapping[str, Panel]) -> Feedback:
    """Exercise 13.6: a mapping from each patient A to E to its illness; `panels` are what `patients` returned."""
    answers, feedback = answers_by_letter(diagnosis, ILLNESSES, "A to E")
    if feedback is not None:
        return feedback
    if not isinstance(panels, Mapping) or set(panels) != set(ILLNESSES):
        return not_yet("ward must be what check.patients returned: run this cell from its first line.")
    for letter, answer in answers.items():
        if blank(answer) or (isinstance(answer, str) and answer == ILLNESSES[letter]):
            continue
        if not isinstance(answer, str) or answer not in SHOWS:
            choices = ", ".join(map(repr, SHOWS))
            return not_yet(f"patient {letter}: choose among {choices}; got {short_repr(answer)}.")
        instrument, read = SHOWS[answer]
        seen = read(panels[letter])
        return not_yet(f"patient {letter}: that illness would show in {instrument}, and there {letter} reads {seen}.")
    missing = [letter for letter, answer in answers.items() if blank(answer)]
    if missing:
        return not_yet(f"right so far; {' and '.join(missing)} still to do.")
    return right("Five illnesses, each on an instrument of its own. The loss alone would have shown one of them.")
