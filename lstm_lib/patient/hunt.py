"""The patient as one record of functions, whole or with defects switched on, and a training run of any such record."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from lstm_lib.data import Batch
from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_init
from lstm_lib.patient import lists, passes, report, steps
from lstm_lib.patient.defects import require_switches
from lstm_lib.tree import BoolArray, FloatArray


class Finding(NamedTuple):
    """Whether a check was passed, and what it saw."""

    passed: bool
    saw: str


class Patient(NamedTuple):
    """The parts of a model that invents names; a mend is `patient._replace(update=...)`."""

    divide: Callable[..., tuple[list[str], list[str]]]  # (rows, rng=)
    number: Callable[[list[str]], dict[str, int]]  # (names)
    tabulate: Callable[[list[str], dict[str, int], int], Batch]  # (names, ids, longest)
    epoch: Callable[..., Iterable[list[str]]]  # (names, size, rng=)
    begin: Callable[..., Params]  # (V, D, H, rng=)
    loss_and_grads: Callable[[Params, Batch], tuple[float, Params]]  # (params, batch)
    update: Callable[..., tuple[Params, AdamState[Params]]]  # (params, grads, state, lr=)
    loop: Callable[..., tuple[Params, AdamState[Params], list[float]]]  # (params, state, supply, step)
    perplexity: Callable[[FloatArray, BoolArray], float]  # (nats, counted)
    draw: Callable[..., list[str]]  # (params, ids, count, rng=)


def make_patient(sick: Iterable[str] = ()) -> Patient:
    """The patient with these defects and no others; see `defects.DEFECTS`. Raises what `require_switches` raises."""
    sick = require_switches(sick)
    return Patient(
        divide=partial(lists.divide, sick=sick),
        number=partial(lists.number, sick=sick),
        tabulate=partial(lists.tabulate, sick=sick),
        epoch=partial(lists.epoch, sick=sick),
        begin=partial(steps.begin, sick=sick),
        loss_and_grads=partial(passes.loss_and_grads, sick=sick),
        update=partial(steps.update, sick=sick),
        loop=partial(steps.loop, sick=sick),
        perplexity=partial(report.perplexity, sick=sick),
        draw=partial(report.draw, sick=sick),
    )


def rest_of_the_patient() -> Patient:
    """The patient of the notebook before its own code takes the place of six parts; what is left is as it was found.

    Two parts are whole: `divide`, since its notebook kept no list to judge by, and `loop`.
    """
    return make_patient(["tiny start", "no biases", "no start mark"])


def supply(
    patient: Patient, names: list[str], ids: dict[str, int], size: int, *, rng: np.random.Generator
) -> Iterator[Batch]:
    """Tables of `size` names without end, one epoch after the other."""
    longest = max(map(len, names))
    while True:
        for part in patient.epoch(names, size, rng=rng):
            yield patient.tabulate(part, ids, longest)


def step_of(patient: Patient, lr: float) -> steps.Step:
    """One training step by the patient's own gradient and update."""

    def step(params: Params, state: AdamState[Params], batch: Batch) -> tuple[Params, AdamState[Params], float]:
        loss, grads = patient.loss_and_grads(params, batch)
        return *patient.update(params, grads, state, lr=lr), loss

    return step


def train(patient: Patient, params: Params, tables: Iterable[Batch], *, lr: float) -> tuple[Params, list[float]]:
    """As many steps as there are tables; the parameters, and the losses that the patient reports."""
    params, _, losses = patient.loop(params, adam_init(params), tables, step_of(patient, lr))
    return params, losses
