"""leave.json, what PyTorch did for chapter 20, says what our own programs find."""

import json
from importlib.resources import files
from itertools import islice

import numpy as np
import pytest

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.tree import FloatArray, named_leaves
from lstm_lib.vocabulary import Vocabulary

STORED = json.loads((files("lstm_lib.datasets") / "leave.json").read_text(encoding="utf-8"))
SOME = 41  # steps, of 300


def start() -> tuple[Params, list[Batch]]:
    names = load_splits().train
    vocabulary = Vocabulary.from_names(names)
    work = batches(names, vocabulary, 64, rng=np.random.default_rng(20))
    return init_params(len(vocabulary), 16, 64, rng=np.random.default_rng(20)), [*islice(work, SOME)]


def test_the_stored_losses_are_those_of_the_library() -> None:
    (params, work), losses = start(), []
    adam = adam_init(params)
    for batch in work:
        loss, grads = loss_and_grads(params, batch)
        params, adam = adam_update(params, clip_by_global_norm(grads, 1.0)[0], adam, lr=0.004)
        losses.append(loss)
    ours = losses[:: STORED["every"]]
    for stored in (STORED["losses"]["float64"], STORED["shared"]["losses"]):
        np.testing.assert_allclose(stored[: len(ours)], ours, rtol=0, atol=1e-12)
    np.testing.assert_allclose(STORED["losses"]["float32"][: len(ours)], ours, rtol=0, atol=1e-5)
    assert np.abs(np.array(STORED["losses"]["float64, both biases learn"][: len(ours)]) - ours).max() > 1e-3


def gradient(params: Params, batch: Batch) -> FloatArray:
    """As PyTorch has it: the bias twice."""
    grads = loss_and_grads(params, batch)[1]
    return np.concatenate([*(leaf.ravel() for _, leaf in named_leaves(grads)), grads.b])


@pytest.mark.parametrize("row", STORED["shared"]["gradient"], ids=lambda row: " ".join(map(str, row.values())))
def test_two_processes_found_what_two_halves_in_a_row_find(row: dict[str, object]) -> None:
    params, (batch, *_) = start()
    order = np.argsort(batch.mask.sum(axis=0), kind="stable")
    places = np.arange(64)
    halves = np.array_split(order, 2) if row["names"] == "by length" else [places[::2], places[1::2]]
    mean, whole = 0.0, gradient(params, batch)
    for half in halves:
        T = batch.mask[:, half].sum(axis=0).max()
        mine = Batch(*(array[:T, half] for array in batch))
        weight = mine.mask.sum() / batch.mask.sum() if row["weighted"] else 0.5
        mean = mean + weight * gradient(params, mine)
    apart = np.linalg.norm(mean - whole) / np.linalg.norm(whole)
    tolerance = 1e-12 if row["dtype"] == "float64" else 1e-6
    assert row["apart"] == pytest.approx(apart, abs=tolerance)


def test_the_exchange_is_of_all_weights_and_takes_time() -> None:
    for row in STORED["times"]["steps"]:
        V, D, H = 27, 32, row["H"]
        assert row["bytes"] == 4 * (V * D + 4 * H * (D + H + 2) + V * (H + 1))
        assert 0 < row["half_ms"] < 1.3 * row["whole_ms"]
        assert row["exchange_ms"] > 0
    assert [row["bytes"] for row in STORED["times"]["messages"]] == [4 * 4**k for k in range(5, 13)]
