"""A decoder-only transformer in the trials of chapter 21: as many parameters, the same batches and steps.

Usage: python scripts/transformer.py [names] [memory]. Minutes; it needs PyTorch, as `make parity` installs it. Writes
its runs into lstm_lib/datasets/variants.json, beside those of variants.py; `trials` says what stands there.
"""

import os
import sys

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import torch
from lstm_in_torch import IGNORED, clip
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu, scaled_dot_product_attention
from trials import RECIPE, make_all

from lstm_lib.tree import BoolArray, FloatArray, IntArray

NAME = "transformer"
LAYERS, HEADS = 2, 4
SHAPES = {"names": (32, 16, 145), "memory": (16, 42, 51)}  # width, longest sequence, units between the two products
VOCABULARIES = {"names": 27, "memory": 9}


class Block(nn.Module):
    """Look back, then think: each adds to the stream what it finds."""

    def __init__(self, width: int, between: int) -> None:
        super().__init__()
        self.before_looking, self.before_thinking = nn.LayerNorm(width), nn.LayerNorm(width)
        self.look, self.put = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, between), nn.Linear(between, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) to the same."""
        shape = (*x.shape[:2], HEADS, -1)
        q, k, v = (part.reshape(shape).transpose(1, 2) for part in self.look(self.before_looking(x)).chunk(3, -1))
        seen = scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape)
        x = x + self.put(seen)
        return x + self.down(gelu(self.up(self.before_thinking(x))))


class Transformer(nn.Module):
    """Symbols and places, blocks, scores."""

    def __init__(self, vocabulary: int, width: int, longest: int, between: int) -> None:
        super().__init__()
        self.symbols, self.places = nn.Embedding(vocabulary, width), nn.Embedding(longest, width)
        self.blocks = nn.Sequential(*(Block(width, between) for _ in range(LAYERS)))
        self.last, self.output = nn.LayerNorm(width), nn.Linear(width, vocabulary)
        for table in (self.symbols, self.places):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, inputs: Tensor) -> Tensor:
        """(T, B) to scores (T, B, V)."""
        x = self.symbols(inputs.T) + self.places.weight[: len(inputs)]
        return self.output(self.last(self.blocks(x))).transpose(0, 1)


class Descent:
    """The transformer, and Adam."""

    def __init__(self, net: Transformer) -> None:
        self.net, self.adam = net, torch.optim.Adam(net.parameters(), betas=(0.9, RECIPE["beta2"]))

    def step(self, inputs: IntArray, targets: IntArray, counted: BoolArray, lr: float) -> None:
        """One step, clipped."""
        self.adam.param_groups[0]["lr"] = lr
        self.adam.zero_grad()
        asked = torch.from_numpy(targets).masked_fill(~torch.from_numpy(counted), IGNORED)
        scores = self.net(torch.from_numpy(inputs))
        cross_entropy(scores.flatten(0, 1), asked.flatten(), ignore_index=IGNORED).backward()
        clip(self.net)
        self.adam.step()

    def logits(self, inputs: IntArray) -> FloatArray:
        """The scores (T, B, V)."""
        with torch.no_grad():
            scores: FloatArray = self.net(torch.from_numpy(inputs)).numpy()
        return scores


def build(trial: str, network: str, vocabulary: int, seed: int) -> Descent:
    """A learner that has learned nothing yet."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    return Descent(Transformer(vocabulary, *SHAPES[trial]))


def size_of(trial: str, network: str) -> dict[str, int]:
    """The width, and how many numbers it learns."""
    net = build(trial, network, VOCABULARIES[trial], 0).net
    return {"units": SHAPES[trial][0], "parameters": sum(leaf.numel() for leaf in net.parameters())}


if __name__ == "__main__":
    make_all(build, sys.argv[1:] or ["names", "memory"], [NAME], size_of, workers=1)
