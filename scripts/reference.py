"""What PyTorch computes, in float64, as arrays in a file that judges the library where there is no PyTorch.

Usage: python scripts/reference.py. Some seconds; needs PyTorch; writes tests/library/reference.npz. `make parity`
computes all of it anew and requires what the file holds; scripts/agreement.py tells how far the library is from it.

Every number comes from nn.Embedding, nn.LSTM, nn.Linear, cross_entropy and optim.Adam; no line of lstm_lib is used. For
each of two small models: weights drawn from a seed, ragged batches, the logits, states, loss and gradients of the first
batch, and 20 steps of Adam over all batches in turn, with the gradient clipped by equation (12.2).

Two habits of PyTorch would train another model, so each also has a run that differs by it alone, a trap:
`clip_grad_norm_` divides by norm + 1e-6; and nn.LSTM has two biases, so that Adam moves their sum twice as far.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FILE = Path(__file__).resolve().parents[1] / "tests" / "library" / "reference.npz"
T, B, BATCHES, STEPS = 6, 4, 5, 20
Arrays = dict[str, np.ndarray[Any, Any]]


class Case(NamedTuple):
    """A model, and the numbers of its Adam; D differs from H, and no input is the last of the V symbols."""

    seed: int
    V: int
    D: int
    H: int
    started: bool  # whether the state before the first step is drawn, or zero
    settings: tuple[float, ...]  # learning rate, beta1, beta2, eps, largest norm


CASES = {
    "zero state": Case(1, 7, 4, 5, False, (0.01, 0.9, 0.999, 1e-8, 0.22)),
    "drawn state": Case(2, 6, 5, 3, True, (0.05, 0.8, 0.99, 1e-6, 0.3)),
}


class Network(nn.Module):
    """The model in PyTorch's own parts."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.embedding = nn.Embedding(case.V, case.D)
        self.lstm = nn.LSTM(case.D, case.H)
        self.output = nn.Linear(case.H, case.V)
        self.double()

    def forward(self, inputs: Tensor, mask: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        """Logits and hidden states of all steps; h and c after each column's last real step."""
        packed = pack_padded_sequence(self.embedding(inputs), mask.sum(0), enforce_sorted=False)
        read, last = self.lstm(packed, state)
        hidden, _ = pad_packed_sequence(read, total_length=len(inputs))
        return self.output(hidden), hidden, *last

    def cells(self, inputs: Tensor, state: tuple[Tensor, Tensor]) -> Tensor:
        """The cell state after each step: one call a step, since nn.LSTM hands out the last one only."""
        found = []
        for x in self.embedding(inputs):
            _, state = self.lstm(x[None], state)
            found.append(state[1])
        return torch.cat(found)


def drawn(case: Case) -> Arrays:
    """Weights under PyTorch's names, batches (BATCHES, T, B), the state before the first step, and the settings."""
    rng = np.random.default_rng(case.seed)
    weights = {f"weights/{name}": 0.6 * rng.standard_normal(tuple(leaf.shape))
               for name, leaf in Network(case).named_parameters()}  # fmt: skip
    lengths = rng.integers(1, T + 1, (BATCHES, 1, B))
    lengths[0, 0, 0] = T
    return weights | {
        "inputs": rng.integers(0, case.V - 1, (BATCHES, T, B)),
        "targets": rng.integers(0, case.V, (BATCHES, T, B)),
        "mask": np.arange(T)[:, None] < lengths,
        "state/h": case.started * rng.standard_normal((B, case.H)),
        "state/c": case.started * rng.standard_normal((B, case.H)),
        "settings": np.array(case.settings),
    }


def loss_of(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """The mean over the cells that count."""
    return cross_entropy(logits.flatten(0, 1), targets.masked_fill(~mask, -100).flatten())


def first_batch(case: Case, start: Arrays) -> Arrays:
    """What one batch gives, forward and backward."""
    net, batches, state = prepared(case, start)
    inputs, targets, mask = batches[0]
    for leaf in state:
        leaf.requires_grad_()
    logits, hidden, *last = net(inputs, mask, state)
    loss = loss_of(logits, targets, mask)
    loss.backward()
    found = {"logits": logits, "hidden": hidden, "cells": net.cells(inputs, state), "loss": loss}
    found |= {
        "last/h": last[0][0],
        "last/c": last[1][0],
        "gradient/h": state[0].grad[0],
        "gradient/c": state[1].grad[0],
    }
    found |= {f"gradient/{name}": leaf.grad for name, leaf in net.named_parameters()}
    return {name: tensor.detach().numpy().copy() for name, tensor in found.items()}


def prepared(case: Case, start: Arrays) -> tuple[Network, list[tuple[Tensor, ...]], tuple[Tensor, Tensor]]:
    """The network with the drawn weights, the batches, and the state."""
    net = Network(case)
    net.load_state_dict({name: torch.tensor(start[f"weights/{name}"]) for name, _ in net.named_parameters()})
    batches = zip(*(torch.tensor(start[name]) for name in ("inputs", "targets", "mask")), strict=True)
    return net, list(batches), (torch.tensor(start["state/h"])[None], torch.tensor(start["state/c"])[None])


def by_12_2(leaves: list[Tensor], limit: float) -> Tensor:
    """Clip as equation (12.2) does; returns the norm before."""
    norm = torch.sqrt(sum((leaf.grad**2).sum() for leaf in leaves))
    for leaf in leaves:
        leaf.grad *= min(1.0, limit / norm.item())
    return norm


def steps(case: Case, start: Arrays, *, clip: Callable[..., Tensor] = by_12_2, biases: int = 1) -> Arrays:
    """The loss and the norm (STEPS,) before each step of Adam, and all weights (STEPS, ...) after it."""
    net, batches, state = prepared(case, start)
    net.lstm.bias_hh_l0.requires_grad_(biases == 2)  # or it stays what it was: the model has one bias to learn
    leaves = [leaf for leaf in net.parameters() if leaf.requires_grad]
    lr, beta1, beta2, eps, largest = case.settings
    adam = torch.optim.Adam(leaves, lr=lr, betas=(beta1, beta2), eps=eps)
    found: dict[str, list[Any]] = {name: [] for name in ("losses", "norms", *(f"after/{n}" for n in net.state_dict()))}
    for step in range(STEPS):
        inputs, targets, mask = batches[step % BATCHES]
        adam.zero_grad()
        loss = loss_of(net(inputs, mask, state)[0], targets, mask)
        loss.backward()
        found["losses"].append(loss.item())
        found["norms"].append(float(clip(leaves, largest)))
        adam.step()
        for name, leaf in net.state_dict().items():
            found[f"after/{name}"].append(leaf.numpy().copy())
    return {name: np.array(values) for name, values in found.items()}


def computed(case: Case, start: Arrays) -> Arrays:
    """All that PyTorch says of a model; of the two traps, the weights after the last step."""
    traps = {"both biases": steps(case, start, biases=2), "clip_grad_norm_": steps(case, start, clip=clip_grad_norm_)}
    last = {f"trap/{trap}/{name}": values[-1] for trap, run in traps.items() for name, values in run.items()
            if name.startswith("after/")}  # fmt: skip
    return first_batch(case, start) | steps(case, start) | last


def made() -> Arrays:
    """Everything that the file holds."""
    torch.set_num_threads(1)
    arrays = {}
    for name, case in CASES.items():
        start = drawn(case)
        arrays |= {f"{name}/{key}": array for key, array in (start | computed(case, start)).items()}
    return arrays


def main() -> None:
    """Write the file."""
    arrays = made()
    np.savez(FILE, **arrays)
    print(f"{FILE.name}: {len(arrays)} arrays of PyTorch {torch.__version__}, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
