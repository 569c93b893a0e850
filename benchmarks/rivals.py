"""What a step is compared with: PyTorch as a user writes it, and the bare matrix products of the step."""

from collections.abc import Callable, Iterator

import numpy as np

from lstm_lib.data import Batch
from lstm_lib.model import Params
from lstm_lib.packed import FEW, SMALL, Packed, pack

try:
    import torch
    from torch import nn
    from torch.nn.utils.rnn import pack_padded_sequence

    torch.set_num_threads(1)
except ImportError:
    torch = None
IGNORED = -100


class TorchStep:
    """Embedding, nn.LSTM, Linear, cross-entropy, clipping, fused Adam; one of the LSTM's two biases stays zero."""

    def __init__(self, params: Params, *, packed: bool) -> None:
        (V, D), H = params.E.shape, params.hidden_size
        self.packed = packed
        self.net = nn.ModuleDict({"embed": nn.Embedding(V, D), "lstm": nn.LSTM(D, H), "out": nn.Linear(H, V)})
        copies = (params.E, params.W_x.T, params.W_h.T, params.b, np.zeros_like(params.b), params.W_y.T, params.b_y)
        with torch.no_grad():  # the gates stand in the same order, i, f, g, o
            for weight, array in zip(self.net.parameters(), copies, strict=True):
                weight.copy_(torch.from_numpy(array.copy()))
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3, fused=True)
        self.loss = nn.CrossEntropyLoss(ignore_index=IGNORED)

    def tensors(self, batch: Batch) -> tuple["torch.Tensor", ...]:
        targets = np.where(batch.mask, batch.targets, IGNORED)
        return tuple(map(torch.from_numpy, (batch.inputs, targets, batch.mask.sum(axis=0))))

    def forward(self, inputs: "torch.Tensor", targets: "torch.Tensor", lengths: "torch.Tensor") -> "torch.Tensor":
        x = self.net["embed"](inputs)
        if self.packed:
            h = self.net["lstm"](pack_padded_sequence(x, lengths, enforce_sorted=False))[0].data
            targets = pack_padded_sequence(targets, lengths, enforce_sorted=False).data
        else:
            h = self.net["lstm"](x)[0].flatten(0, 1)
        return self.loss(self.net["out"](h), targets.flatten())

    def __call__(self, tensors: tuple["torch.Tensor", ...]) -> None:
        self.adam.zero_grad()
        loss = self.forward(*tensors)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.adam.step()
        loss.item()  # as our loss_and_grads does


class Products:
    """Only the matrix products of our step, on the batch's own shapes, in its order, into arrays kept for long."""

    def __init__(self, params: Params, rows: int) -> None:
        self.params, H, V = params, params.hidden_size, params.vocab_size
        rng = np.random.default_rng(0)
        sizes = {"h": H, "da": 4 * H, "dlogits": V, "a": 4 * H, "dh": H, "logits": V}
        self.arrays = {name: rng.standard_normal((rows, n)).astype(params.dtype) for name, n in sizes.items()}
        self.turned = np.empty(H * rows, params.dtype)

    def __call__(self, packed: Packed) -> None:
        p, N = self.params, len(packed.ids)
        h, da, dlogits, a, dh, logits = (array[:N] for array in self.arrays.values())
        _ = p.E @ p.W_x
        for rows in packed.steps:
            read(h[rows], p.W_h, out=a[rows])
        np.matmul(p.W_y.T, h.T, out=logits.reshape(p.vocab_size, N))
        np.matmul(dlogits, p.W_y.T, out=dh)
        for rows in packed.steps[:0:-1]:
            if len(da[rows]) <= FEW:
                turned = self.turned[: dh[rows].size].reshape(len(p.W_h), -1)
                np.matmul(p.W_h, da[rows].T, out=turned)
            else:
                np.matmul(da[rows], p.W_h.T, out=dh[rows])
        dtable = one_hot(packed, p) @ da
        _ = dtable @ p.W_x.T, p.E.T @ dtable, h.T @ da, h.T @ dlogits


def flop(params: Params, packed: Packed) -> int:
    """Of those products, two for each multiplication: through W_h, forward, backward and its gradient; the rest."""
    (V, D), H, N = params.E.shape, params.hidden_size, len(packed.ids)
    through_W_h = 4 * H * H * (3 * N - packed.steps[0].stop)  # nothing goes back from the first step
    return 2 * (through_W_h + V * N * (3 * H + 4 * H) + 3 * V * D * 4 * H)


def one_hot(packed: Packed, params: Params) -> np.ndarray:
    return (packed.ids == np.arange(params.vocab_size)[:, None]).astype(params.dtype)


def read(h: np.ndarray, W: np.ndarray, *, out: np.ndarray) -> None:
    """h @ W with W in blocks small enough for OpenBLAS's small kernel, where that is possible; as in `packed`."""
    blocks = -(-h.size * W.shape[1] // SMALL)
    blocks = 1 << (blocks - 1).bit_length()
    if W.shape[1] % (64 * blocks):
        blocks = 1
    parts = W.reshape(len(W), blocks, -1).swapaxes(0, 1)
    np.matmul(h, parts, out=out.reshape(len(out), blocks, -1).swapaxes(0, 1))


def for_torch(step: TorchStep, source: Iterator[Batch]) -> Iterator[tuple["torch.Tensor", ...]]:
    return map(step.tensors, source)


def for_products(source: Iterator[Batch]) -> Iterator[Packed]:
    return (pack(batch.inputs, batch.mask, shared=True) for batch in source)


TORCH: dict[str, Callable[[Params], TorchStep]] = {
    "torch padded": lambda params: TorchStep(params, packed=False),
    "torch packed": lambda params: TorchStep(params, packed=True),
}
