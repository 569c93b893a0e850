"""How far the library is from PyTorch: each quantity of tests/library/reference.npz, on both routes of the library.

Usage: python scripts/agreement.py. Some seconds, without PyTorch; prints the table, and writes it to
lstm_lib/datasets/parity.json for chapter 20. scripts/reference.py made the arrays. A number is the largest difference
of any entry in either of the two models; "derived" is the route of the chapters, `model`, and "fast" is `packed`.
"""

import os
from typing import Any, NamedTuple

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib import bptt, loss, model, optim, packed
from lstm_lib.bridge.pytorch import from_torch, gradients_from_torch
from lstm_lib.cell import LSTMState
from lstm_lib.data import Batch
from lstm_lib.model import Params
from lstm_lib.ops import log_softmax
from lstm_lib.tree import named_leaves

FILE = DATASETS.parents[1] / "tests" / "library" / "reference.npz"
PARITY = DATASETS / "parity.json"
LIMIT = 1e-10
MODELS = ("zero state", "drawn state")
ROUTES = ("derived", "fast")
Arrays = dict[str, Any]


class Case(NamedTuple):
    """A model of the file, as the library has it; `arrays` are PyTorch's."""

    params: Params
    batches: list[Batch]
    state: LSTMState | None
    settings: dict[str, float]  # of Adam
    max_norm: float
    arrays: Arrays


def read_case(name: str) -> Case:
    """One of MODELS."""
    with np.load(FILE, allow_pickle=False) as stored:
        arrays = {key.removeprefix(f"{name}/"): stored[key] for key in stored.files if key.startswith(f"{name}/")}
    batches = [Batch(*batch) for batch in zip(arrays["inputs"], arrays["targets"], arrays["mask"], strict=True)]
    state = LSTMState(arrays["state/h"], arrays["state/c"])
    *settings, max_norm = arrays["settings"].tolist()
    adam = dict(zip(("lr", "beta1", "beta2", "eps"), settings, strict=True))
    return Case(weights(arrays, "weights"), batches, state if state.c.any() else None, adam, max_norm, arrays)


def modules(arrays: Arrays, kind: str, step: int | None = None) -> list[Arrays]:
    """The state dicts of the three modules: of weights, of gradients, or of the weights after a step (from 0)."""
    found: dict[str, Arrays] = {"embedding": {}, "lstm": {}, "output": {}}
    for key in arrays:
        if key.startswith(f"{kind}/") and "." in key:
            module, name = key.removeprefix(f"{kind}/").split(".")
            found[module][name] = arrays[key] if step is None else arrays[key][step]
    return list(found.values())


def weights(arrays: Arrays, kind: str, step: int | None = None) -> Params:
    """The same as Params."""
    return from_torch(*modules(arrays, kind, step))


def apart(ours: Any, theirs: Any) -> float:
    """The largest difference of two arrays or records of one shape; infinite when a number is not finite."""
    if isinstance(ours, Params | LSTMState):
        return max(apart(leaf, getattr(theirs, name)) for name, leaf in named_leaves(ours))
    if np.shape(ours) != np.shape(theirs):
        raise ValueError(f"arrays must have one shape; got {np.shape(ours)} and {np.shape(theirs)}")
    largest = float(np.abs(np.asarray(ours) - theirs).max())
    return largest if np.isfinite(largest) else np.inf


def derived(case: Case, batch: Batch) -> tuple[float, Params, LSTMState]:
    """The loss, its gradient, and that of the initial state, on the route of the chapters."""
    logits, _, cache = model.forward(case.params, batch.inputs, case.state, mask=batch.mask)
    nats, dlogits = loss.cross_entropy(logits, batch.targets, batch.mask)
    return nats, *model.backward(case.params, cache, dlogits)


def derived_forward(case: Case) -> dict[str, float]:
    """Logits and states of the first batch, where a symbol was read."""
    batch, theirs = case.batches[0], case.arrays
    logits, last, cache = model.forward(case.params, batch.inputs, case.state, mask=batch.mask)
    cells = np.stack([step.c_prev for step in cache.steps[1:]] + [last.c])  # what leaves a step enters the next
    read = batch.mask
    return {
        "logits": apart(logits[read], theirs["logits"][read]),
        "log-probabilities": apart(log_softmax(logits[read]), log_softmax(theirs["logits"][read])),
        "hidden states": apart(cache.h[1:][read], theirs["hidden"][read]),
        "cell states": apart(cells[read], theirs["cells"][read]),
        "final state": apart(last, LSTMState(theirs["last/h"], theirs["last/c"])),
    }


def fast_forward(case: Case) -> dict[str, float]:
    """The same by rows; this route has no logits, and of a cell state that left a row it keeps the tanh."""
    batch, theirs = case.batches[0], case.arrays
    rows = packed.pack(batch.inputs, batch.mask, shared=case.state is None)
    run = packed.forward(case.params, rows, case.state or model.initial_state(case.params, batch.mask.shape[1]))
    read = rows.cell
    return {
        "log-probabilities": apart(packed.read_out(case.params, run.h)[rows.row], log_softmax(theirs["logits"][read])),
        "hidden states": apart(run.h[rows.row], theirs["hidden"][read]),
        "cell states": apart(run.tanh_c[rows.row], np.tanh(theirs["cells"][read])),
    }


def backward(case: Case, route: str) -> dict[str, float]:
    """The loss and the gradients of the first batch."""
    theirs = gradients_from_torch(*modules(case.arrays, "gradient"))
    if route == "fast":
        nats, grads = bptt.loss_and_grads(case.params, case.batches[0], case.state)
        before = {}
    else:
        nats, grads, dstate = derived(case, case.batches[0])
        before = {f"gradient of the initial {name}": apart(leaf, case.arrays[f"gradient/{name}"])
                  for name, leaf in named_leaves(dstate)}  # fmt: skip
    tensors = {f"gradient of {name}": apart(leaf, getattr(theirs, name)) for name, leaf in named_leaves(grads)}
    return {"loss": apart(nats, case.arrays["loss"]), **tensors, **before}


def training(case: Case, route: str) -> dict[str, float]:
    """Twenty steps of Adam over all batches in turn, the gradient clipped."""
    params, adam, theirs = case.params, optim.adam_init(case.params), case.arrays
    found = dict.fromkeys(("losses of 20 steps", "norms of 20 steps", "weights after each of 20 steps"), 0.0)
    for step in range(len(theirs["losses"])):
        batch = case.batches[step % len(case.batches)]
        now = case._replace(params=params)
        nats, grads = bptt.loss_and_grads(params, batch, case.state) if route == "fast" else derived(now, batch)[:2]
        grads, norm = optim.clip_by_global_norm(grads, case.max_norm)
        params, adam = optim.adam_update(params, grads, adam, **case.settings)
        new = (
            apart(nats, theirs["losses"][step]),
            apart(norm, theirs["norms"][step]),
            apart(params, weights(theirs, "after", step)),
        )
        found = {name: max(old, one) for (name, old), one in zip(found.items(), new, strict=True)}
    return found


def differences(case: Case, route: str) -> dict[str, float]:
    """For each quantity, how far the library is from PyTorch."""
    forward = fast_forward(case) if route == "fast" else derived_forward(case)
    return forward | backward(case, route) | training(case, route)


def traps(case: Case) -> dict[str, float]:
    """How far PyTorch's weights after 20 steps are from its own when one habit is left in."""
    right = weights(case.arrays, "after", -1)
    found = {"both biases trained": "both biases", "clipped by clip_grad_norm_": "clip_grad_norm_"}
    return {says: apart(right, weights(case.arrays, f"trap/{trap}/after")) for says, trap in found.items()}


def largest(found: list[dict[str, float]]) -> dict[str, float]:
    """The larger of each number."""
    return {name: max(each[name] for each in found) for name in found[0]}


def table() -> dict[str, dict[str, dict[str, float]]]:
    """What the file of results holds: for each quantity and each trap the largest difference in either model."""
    cases = [read_case(name) for name in MODELS]
    by_route = {route: largest([differences(case, route) for case in cases]) for route in ROUTES}
    rows = {name: {route: found[name] for route, found in by_route.items() if name in found}
            for name in by_route["derived"]}  # fmt: skip
    trapped = largest([traps(case) for case in cases])
    return {"differences": rows, "traps": {name: {"PyTorch": size} for name, size in trapped.items()}}


def main() -> None:
    """Print the table and write it."""
    found = table()
    for name, row in {**found["differences"], **found["traps"]}.items():
        print(f"{name:34}", *(f"{where} {size:.0e}" for where, size in row.items()))
    rounded = {part: {name: {where: float(f"{size:.1e}") for where, size in row.items()} for name, row in rows.items()}
               for part, rows in found.items()}  # fmt: skip
    write_json(PARITY, {"limit": LIMIT, **rounded})


if __name__ == "__main__":
    main()
