"""The book's model in PyTorch, from the same weights, with the same loss and the same step of training."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.bridge.pytorch import from_torch, to_torch
from lstm_lib.data import Batch
from lstm_lib.model import Params

IGNORED = -100  # the target of padding
MAX_NORM, LR = 1.0, 0.004


class Names(nn.Module):
    """nn.Embedding, nn.LSTM, nn.Linear, with given weights."""

    def __init__(self, params: Params) -> None:
        super().__init__()
        (V, D), H = params.E.shape, params.hidden_size
        self.embedding, self.lstm, self.output = nn.Embedding(V, D), nn.LSTM(D, H), nn.Linear(H, V)
        self.to(torch.from_numpy(params.E).dtype)
        for module, arrays in to_torch(params)._asdict().items():
            self.get_submodule(module).load_state_dict({name: torch.from_numpy(each) for name, each in arrays.items()})

    def forward(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of all real symbols, added up, in nats; both (T, B)."""
        logits = self.output(self.lstm(self.embedding(inputs))[0])
        return cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")


def tensors(batch: Batch) -> tuple[Tensor, Tensor]:
    """The symbols read, and those to predict, with padding marked."""
    return torch.from_numpy(batch.inputs), torch.from_numpy(np.where(batch.mask, batch.targets, IGNORED))


def params_of(net: Names) -> Params:
    """The weights that the network holds, as ours."""
    return from_torch(*(net.get_submodule(module).state_dict() for module in ("embedding", "lstm", "output")))


def adam_for(net: nn.Module) -> torch.optim.Adam:
    """Adam for what may learn."""
    return torch.optim.Adam([leaf for leaf in net.parameters() if leaf.requires_grad], lr=LR)


def clip(net: nn.Module) -> None:
    """Equation (12.2); `clip_grad_norm_` would divide by the norm plus 1e-6."""
    grads = [leaf.grad for leaf in net.parameters() if leaf.grad is not None]
    norm = torch.sqrt(sum((grad**2).sum() for grad in grads)).item()
    for grad in grads if norm > MAX_NORM else ():
        grad *= MAX_NORM / norm


def train(net: nn.Module, shares: list[tuple[Batch, float]]) -> list[float]:
    """A step for each batch; returns the losses before it, each multiplied by its factor, 1 over the symbols."""
    adam, losses = adam_for(net), []
    for batch, factor in shares:
        adam.zero_grad()
        loss = net(*tensors(batch)) * factor
        loss.backward()
        clip(net)
        adam.step()
        losses.append(loss.item())
    return losses
