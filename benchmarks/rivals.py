"""What our step is compared with: PyTorch as a user writes it, and the bare matrix products of the step."""

import numpy as np
from compare import Contestant

from lstm_lib.data import Batch
from lstm_lib.model import Params
from lstm_lib.packed import FEW, Packed, in_pieces, pack

try:
    import torch
    from torch import nn
    from torch.nn.utils.rnn import pack_padded_sequence

    torch.set_num_threads(1)
except ImportError:
    torch = None
IGNORED = -100  # the target of padding


class TorchStep:
    """Embedding, nn.LSTM, Linear, cross-entropy, clipping, fused Adam; one of the LSTM's two biases starts at zero."""

    def __init__(self, params: Params, *, packed: bool) -> None:
        (V, D), H = params.E.shape, params.hidden_size
        self.packed = packed
        self.net = nn.ModuleDict({"embed": nn.Embedding(V, D), "lstm": nn.LSTM(D, H), "out": nn.Linear(H, V)})
        copies = (params.E, params.W_x.T, params.W_h.T, params.b, np.zeros_like(params.b), params.W_y.T, params.b_y)
        with torch.no_grad():  # the gates stand in our order, i, f, g, o
            for weight, array in zip(self.net.parameters(), copies, strict=True):
                weight.copy_(torch.from_numpy(array.copy()))
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3, fused=True)
        self.cross_entropy = nn.CrossEntropyLoss(ignore_index=IGNORED)

    @staticmethod
    def prepare(batch: Batch) -> tuple["torch.Tensor", ...]:
        targets = np.where(batch.mask, batch.targets, IGNORED)
        return tuple(map(torch.from_numpy, (batch.inputs, targets, batch.mask.sum(axis=0))))

    def loss(self, inputs: "torch.Tensor", targets: "torch.Tensor", lengths: "torch.Tensor") -> "torch.Tensor":
        x = self.net["embed"](inputs)
        if self.packed:
            h = self.net["lstm"](pack_padded_sequence(x, lengths, enforce_sorted=False))[0].data
            targets = pack_padded_sequence(targets, lengths, enforce_sorted=False).data
        else:
            h = self.net["lstm"](x)[0].flatten(0, 1)
        return self.cross_entropy(self.net["out"](h), targets.flatten())

    def __call__(self, tensors: tuple["torch.Tensor", ...]) -> None:
        self.adam.zero_grad()
        loss = self.loss(*tensors)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.adam.step()
        loss.item()  # a number, as from loss_and_grads


def torch_rivals(params: Params, batch: Batch, our_loss: float) -> dict[str, TorchStep]:
    """Both ways to write it, at our weights: their loss must be ours. None where PyTorch is not installed."""
    rivals = {f"torch {kind}": TorchStep(params, packed=kind == "packed") for kind in ("padded", "packed") if torch}
    for rival in rivals.values():
        assert abs(rival.loss(*rival.prepare(batch)).item() - our_loss) < 1e-5
    return rivals


class Products:
    """Only the matrix products of our step, on the batch's own shapes, in its order, into arrays made beforehand."""

    def __init__(self, params: Params, size: int) -> None:
        self.params, H, V = params, params.hidden_size, params.vocab_size
        rng, rows = np.random.default_rng(0), 16 * size  # no name has more than 15 letters
        widths = (H, 4 * H, V, 4 * H, H, V)  # h, da, dlogits read; a, dh, logits written
        self.arrays = [rng.standard_normal((rows, n), dtype=np.float32) for n in widths]

    @staticmethod
    def prepare(batch: Batch) -> Packed:
        return pack(batch.inputs, batch.mask, shared=True)

    def __call__(self, packed: Packed) -> None:
        p, N = self.params, len(packed.ids)
        h, da, dlogits, a, dh, logits = (array[:N] for array in self.arrays)
        _ = p.E @ p.W_x
        for rows in packed.steps:
            in_pieces(h[rows], p.W_h, out=a[rows])
        np.matmul(p.W_y.T, h.T, out=logits.reshape(p.vocab_size, N))
        np.matmul(dlogits, p.W_y.T, out=dh)
        for rows in packed.steps[:0:-1]:
            if len(da[rows]) <= FEW:
                np.matmul(p.W_h, da[rows].T, out=dh[rows].reshape(p.hidden_size, -1))
            else:
                np.matmul(da[rows], p.W_h.T, out=dh[rows])
        dtable = (packed.ids == np.arange(p.vocab_size)[:, None]).astype(p.dtype) @ da
        _ = dtable @ p.W_x.T, p.E.T @ dtable, h.T @ da, h.T @ dlogits

    def flop(self, packed: Packed) -> int:
        """Two for each multiplication: through W_h forward, backward and for its gradient, and all those through V."""
        (V, D), H, N = self.params.E.shape, self.params.hidden_size, len(packed.ids)
        through_W_h = 4 * H * H * (3 * N - packed.steps[0].stop)  # nothing goes back from the first step
        return 2 * (through_W_h + V * N * 7 * H + V * D * 12 * H)

    def contestant(self) -> Contestant:
        return Contestant(self, self.prepare)
