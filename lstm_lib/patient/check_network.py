"""Checks of the patient's network and training: each says whether it passes, and what was seen."""

import math
from dataclasses import replace
from itertools import islice

import numpy as np

from lstm_lib.data import Batch, split_names
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.optim import adam_init
from lstm_lib.patient.hunt import Finding, Patient, supply, train
from lstm_lib.patient.lists import read_rows
from lstm_lib.patient.truth import ANA, counted_bar, floor_of, plain_params, true_nats
from lstm_lib.tree import tree_map

BATCH, TRIES = 8, 200  # names that are learned by heart, and the steps for it
STEPS, SIZE, D, H, LR = 300, 32, 16, 32, 0.01  # of the run that must beat counting


def _gradient(patient: Patient, steps: int | None) -> Finding:
    ids = patient.number(ANA)
    inputs, targets, counted = patient.tabulate(ANA, ids, 4)
    batch = Batch(inputs[:steps], targets[:steps], counted[:steps])
    params = plain_params(len(ids), 2, 3)
    _, grads = patient.loss_and_grads(params, batch)
    slopes = numerical_gradient(lambda moved: patient.loss_and_grads(moved, batch)[0], params)
    errors = relative_errors(grads, slopes)
    worst = max(errors, key=errors.__getitem__)
    return Finding(errors[worst] < 1e-6, f"{worst} is off by {errors[worst]:.0e}")


def gradient_one_step(patient: Patient) -> Finding:
    """Derived against measured gradient of the reported loss, all tensors, one step."""
    return _gradient(patient, 1)


def gradient_all_steps(patient: Patient) -> Finding:
    """The same on whole names of unequal length, five steps, D unlike H."""
    return _gradient(patient, None)


def first_loss(patient: Patient) -> Finding:
    """Small random weights know nothing: the first loss is ln V."""
    rows = read_rows()
    names, ids = rows[:64], patient.number(rows)
    params = patient.begin(len(ids), D, H, rng=np.random.default_rng(22))
    loss, _ = patient.loss_and_grads(params, patient.tabulate(names, ids, max(map(len, names))))
    wanted = math.log(len(ids))
    return Finding(abs(loss - wanted) < 0.1, f"first loss {loss:.2f}, ln {len(ids)} is {wanted:.2f}")


def adam_trace(patient: Patient) -> Finding:
    """Under a constant gradient each of Adam's steps is as long as the learning rate, in every matrix."""
    params = plain_params(3, 2, 3)
    grads, state = tree_map(lambda leaf: np.full_like(leaf, 0.1), params), adam_init(params)
    lengths: list[float] = []
    for _ in range(5):
        moved, state = patient.update(params, grads, state, lr=LR)
        pairs = [(getattr(params, name), getattr(moved, name)) for name in ("E", "W_x", "W_h", "W_y")]
        lengths.append(max((float(abs(a - b).mean()) / LR for a, b in pairs), key=lambda length: abs(length - 1)))
        params = moved
    seen = " ".join(f"{length:.2f}" for length in lengths)
    return Finding(max(abs(length - 1) for length in lengths) < 1e-3, f"lengths in units of the rate: {seen}")


def one_batch_by_heart(patient: Patient) -> Finding:
    """Eight names, two hundred steps: the loss comes down to what a perfect memory would pay."""
    names = list(dict.fromkeys(read_rows()))[:BATCH]
    ids = patient.number(names)
    batch = patient.tabulate(names, ids, max(map(len, names)))
    params = patient.begin(len(ids), D, H, rng=np.random.default_rng(22))
    params, losses = train(patient, params, [batch] * TRIES, lr=LR)
    floor, end = floor_of(batch), patient.loss_and_grads(params, batch)[0]
    return Finding(len(losses) == TRIES and abs(end - floor) < 0.05, f"loss {end:.2f}, a perfect memory {floor:.2f}")


def beats_counting(patient: Patient, seed: int = 22) -> Finding:
    """Three hundred steps: on names that it never saw, fewer nats than a bigram that counts."""
    rng, (names, held_out) = np.random.default_rng(seed), _fair_lists(seed)
    ids = patient.number(names)
    params = patient.begin(len(ids), D, H, rng=rng)
    params, _ = train(patient, params, islice(supply(patient, names, ids, SIZE, rng=rng), STEPS), lr=LR)
    nats, bar = true_nats(patient, params, ids, held_out), counted_bar(names, held_out, 2)
    return Finding(nats < bar, f"{nats:.2f} nats, a bigram {bar:.2f}")


def _fair_lists(seed: int) -> tuple[list[str], list[str]]:
    """Distinct names in the order of the file, and a tenth of them, held out."""
    distinct = list(dict.fromkeys(read_rows()))
    held_out = set(split_names(distinct, rng=np.random.default_rng(seed), fractions=(0.9, 0.1, 0.0)).val)
    return [name for name in distinct if name not in held_out], sorted(held_out)


def all_the_work_is_done(patient: Patient) -> Finding:
    """Five tables give five losses, and the loss depends on the last symbol that counts."""
    ids = patient.number(ANA)
    params = plain_params(len(ids), 2, 3)
    batch = patient.tabulate(ANA, ids, 4)
    changed = batch.targets.copy()
    changed[np.flatnonzero(batch.mask.any(axis=1))[-1]] = ids["n"]
    same = (
        patient.loss_and_grads(params, batch)[0] == patient.loss_and_grads(params, batch._replace(targets=changed))[0]
    )
    losses = train(patient, params, [batch] * 5, lr=LR)[1]
    seen = "does not hear of the last symbol" if same else "hears of the last symbol"
    return Finding(not same and len(losses) == 5, f"{len(losses)} losses of 5; the loss {seen}")


def extremes_stay_finite(patient: Patient) -> Finding:
    """Scores of some thousands give a finite loss and finite gradients."""
    ids = patient.number(ANA)
    params = plain_params(len(ids), 2, 3)
    high = replace(params, W_y=1e5 * params.W_y)
    loss, grads = patient.loss_and_grads(high, patient.tabulate(ANA, ids, 4))
    finite = math.isfinite(loss) and all(np.isfinite(leaf).all() for leaf in vars(grads).values())
    return Finding(bool(finite), f"loss {loss:.0f}")
