"""The library against arrays that PyTorch made: forward, loss, gradients, twenty steps of Adam, on both routes."""

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from core_cases import mutant

from lstm_lib import bptt, cell, loss, model, optim, packed
from lstm_lib.bridge import pytorch
from lstm_lib.cell import LSTMState

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import agreement
from agreement import FILE, LIMIT, MODELS, PARITY, ROUTES, apart, differences, read_case

TENSORS = ("E", "W_x", "W_h", "b", "W_y", "b_y")
TRAINED = ("losses of 20 steps", "norms of 20 steps", "weights after each of 20 steps")
FORWARD = ("log-probabilities", "hidden states", "cell states", "loss")
GRADIENTS = tuple(f"gradient of {name}" for name in TENSORS)
FAST = {*FORWARD, *GRADIENTS, *TRAINED}
DERIVED = {*FAST, "logits", "final state", "gradient of the initial h", "gradient of the initial c"}


def beyond(case, route):
    """The quantities that differ by more than LIMIT."""
    return {name for name, size in differences(case, route).items() if not size <= LIMIT}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", MODELS)
def test_the_library_equals_pytorch_to_ten_digits(name, route):
    found = differences(read_case(name), route)
    assert set(found) == (FAST if route == "fast" else DERIVED)
    assert max(found.values()) <= LIMIT, found


def test_a_training_step_of_a_run_is_that_of_the_file():
    from lstm_lib.run.steps import Settings, train_step

    case = read_case("zero state")
    settings = Settings(20, 4, case.settings["lr"], max_norm=case.max_norm)
    params, adam = case.params, optim.adam_init(case.params)
    for step in range(20):
        params, adam, _, _ = train_step(
            params, adam, case.batches[step % 5], lr=settings.lr, settings=settings, rng=np.random.default_rng(0)
        )
    assert apart(params, agreement.weights(case.arrays, "after", -1)) <= LIMIT


def test_the_file_holds_what_it_promises():
    with zipfile.ZipFile(FILE) as archive:
        assert all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())
    assert FILE.stat().st_size < 200_000
    with np.load(FILE, allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} == {"f", "i", "b"}
        assert {stored[name].dtype.name for name in stored.files if stored[name].dtype.kind == "f"} == {"float64"}
    cases = [read_case(name) for name in MODELS]
    assert [case.state is None for case in cases] == [True, False]
    for case in cases:
        V, D = case.params.E.shape
        assert len({V, D, case.params.hidden_size}) == 3
        assert len(set(case.batches[0].mask.sum(axis=0).tolist())) > 1
        assert all((batch.inputs < V - 1).all() for batch in case.batches)  # a symbol that is never read
        norms = case.arrays["norms"]
        assert norms.shape == (20,)
        assert (norms < case.max_norm).any()
        assert (norms > case.max_norm).any()
    assert not apart(cases[0].params.b[:3], cases[1].params.b[:3]) < 0.1


def test_the_weights_of_a_symbol_that_is_never_read_stay_what_they_were():
    for case in map(read_case, MODELS):
        after = agreement.weights(case.arrays, "after", -1)
        assert (after.E[-1] == case.params.E[-1]).all()
        assert (after.E[0] != case.params.E[0]).all()


def test_the_stored_table_is_that_of_a_new_run():
    stored, now = json.loads(PARITY.read_text(encoding="utf-8")), agreement.table()
    assert stored["limit"] == LIMIT
    for part in ("differences", "traps"):
        assert {name: list(row) for name, row in stored[part].items()} == {
            name: list(row) for name, row in now[part].items()
        }
    assert all(size < LIMIT / 100 for row in stored["differences"].values() for size in row.values())
    for name, row in stored["traps"].items():
        assert row["PyTorch"] == pytest.approx(now["traps"][name]["PyTorch"], rel=0.05)


def test_two_habits_of_pytorch_would_train_another_model():
    for case in map(read_case, MODELS):
        found = agreement.traps(case)
        assert found["both biases trained"] > 0.01
        assert 1e-9 < found["clipped by clip_grad_norm_"] < 1e-5


GATES = "a_i, a_f, a_g, a_o = np.split"
PLANTED = [  # what is wrong, where it is looked up, the function, right, wrong, the route, what must still agree
    ("gates i and f exchanged", model, cell.gates_forward, GATES, "a_f, a_i, a_g, a_o = np.split", "derived", set()),
    ("gates g and o exchanged", model, cell.gates_forward, GATES, "a_i, a_f, a_o, a_g = np.split", "derived", set()),
    ("gates i and f exchanged, fast", packed, packed._gates_forward, "i, f, g, o = a.reshape", "f, i, g, o = a.reshape",
     "fast", set()),
    ("one of two biases", agreement, pytorch.from_torch, ' + given.lstm["bias_hh_l0"]', "", "derived", set()),
    ("matrices not turned", pytorch, pytorch._turned, "matrix.T", "matrix.reshape(matrix.T.shape)", "fast", set()),
    ("a carry lost", model, cell.gates_backward, "dc * f\n", "0 * dc\n", "derived",
     {*FORWARD, "logits", "final state", "gradient of W_y", "gradient of b_y"}),
    ("padding counted", loss, loss.cross_entropy, "int(mask.sum())", "mask.size", "derived",
     {*FORWARD[:3], "logits", "final state"}),
    ("eps ten times as large", optim, optim.adam_update, "scratch += eps", "scratch += 10 * eps", "derived",
     DERIVED - {*TRAINED}),
    ("eps left out", optim, optim.adam_update, "scratch += eps", "scratch += 1e-30", "fast", FAST - {*TRAINED}),
    ("eps below the root", optim, optim.adam_update, "np.sqrt(scratch, out=scratch)\n        scratch += eps",
     "scratch += eps\n        np.sqrt(scratch, out=scratch)", "fast", FAST - {*TRAINED}),
    ("m not corrected", optim, optim.adam_update, "1 / (1 - beta1**step)", "1", "derived", DERIVED - {*TRAINED}),
    ("v not corrected", optim, optim.adam_update, "1 / (1 - beta2**step)", "1", "fast", FAST - {*TRAINED}),
    ("steps counted from 0", optim, optim.adam_update, "state.step + 1\n", "state.step or 1\n", "fast",
     FAST - {*TRAINED}),
    ("clipped by norm + 1e-6", optim, optim.clip_by_global_norm, "limit / norm)", "limit / (norm + 1e-6))", "fast",
     FAST - {*TRAINED}),
    ("not clipped", optim, optim.clip_by_global_norm, "norm <= limit", "norm <= 100 * limit", "derived",
     DERIVED - {*TRAINED}),
]  # fmt: skip


@pytest.mark.parametrize("row", PLANTED, ids=[row[0] for row in PLANTED])
@pytest.mark.parametrize("name", MODELS)
def test_a_planted_mistake_is_seen_where_it_acts_and_nowhere_else(monkeypatch, name, row):
    _, module, function, right, wrong, route, unharmed = row
    monkeypatch.setattr(module, function.__name__, mutant(function, right, wrong))
    found, everything = beyond(read_case(name), route), FAST if route == "fast" else DERIVED
    assert found >= {"weights after each of 20 steps"}
    assert not found & unharmed
    if unharmed:
        assert found >= everything - unharmed - {"norms of 20 steps", "gradient of W_y"}


@pytest.mark.parametrize(("module", "function", "right", "wrong"), [
    (model, model.forward, "hs, c, steps = [state.h], state.c, []", "hs, c, steps = [0 * state.h], state.c, []"),
    (model, model.forward, "hs, c, steps = [state.h], state.c, []", "hs, c, steps = [state.h], 0 * state.c, []"),
    (bptt, bptt.loss_and_grads, "shared=state is None", "shared=True"),
])  # fmt: skip
def test_a_first_state_that_is_overlooked_is_seen_where_there_is_one(monkeypatch, module, function, right, wrong):
    route = "derived" if module is model else "fast"
    monkeypatch.setattr(module, function.__name__, mutant(function, right, wrong))
    assert not beyond(read_case("zero state"), route)
    assert {"loss", *GRADIENTS} <= beyond(read_case("drawn state"), route)


def test_nothing_slips_through_the_comparison():
    assert apart([1.0, np.nan], [1.0, 2.0]) == np.inf
    assert apart([1.0, np.inf], [1.0, 2.0]) == np.inf
    assert apart(LSTMState(np.ones(2), np.ones(2)), LSTMState(np.ones(2), np.zeros(2))) == 1
    with pytest.raises(ValueError, match=r"one shape; got \(2,\) and \(2, 1\)"):
        apart(np.ones(2), np.ones((2, 1)))
