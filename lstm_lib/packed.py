"""The sums of `model`, faster: no row for padding, and one row for all names of a batch that begin alike.

The rows of step t stand side by side, then those of step t + 1: one product serves a step, and one all steps.
Arrays are written in place inside a call; none outlives it. Tests prove this route equal to that of `model`.
"""

from typing import NamedTuple

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.model import Params
from lstm_lib.ops import log_softmax
from lstm_lib.tree import BoolArray, FloatArray, IntArray

SMALL, PIECE = 10**6, 64  # multiplications up to which OpenBLAS is quick where it has a small kernel; columns of W_h
CACHED = 512  # rows whose gates stay in the processor's cache
FEW = 128  # rows up to which `W @ rows.T` is faster than `rows @ W.T`


class Packed(NamedTuple):
    """The N rows that a batch needs, and its M cells (step, name): cells whose names agree so far can share a row."""

    ids: IntArray  # (N,) the symbol that each row reads
    steps: tuple[slice, ...]  # the rows of each step; within a step, rows with the same parent stand together
    parent: IntArray  # (N,) where its state comes from: the place among the rows of the step before
    row: IntArray  # (M,) the row of each cell, never falling
    cell: tuple[IntArray, IntArray]  # (M,), (M,) the step and the column of each cell


class Activations(NamedTuple):
    """What `backward` needs of a forward pass; h_prev and c_prev entered a row, h left it."""

    gates: FloatArray  # (N, 4H), blocks i, f, g, o
    h_prev: FloatArray  # (N, H)
    c_prev: FloatArray  # (N, H)
    tanh_c: FloatArray  # (N, H)
    h: FloatArray  # (N, H)


def pack(inputs: IntArray, mask: BoolArray, *, shared: bool) -> Packed:
    """The rows of a batch (T, B) whose `mask` is a non-empty prefix of each column; `shared`: one per prefix.

    Columns are sorted as in a dictionary: equal prefixes stand side by side, the first of them gets the row.
    """
    mask = mask[: mask.sum(axis=0).max()]  # steps that no name takes have no rows
    read = np.where(mask, inputs[: len(mask)].astype(np.intp), -1)
    order = np.lexsort(read[::-1]) if shared else np.arange(read.shape[1])
    read, mask = read[:, order], mask[:, order]
    new = mask.copy()  # where a row begins
    if shared:
        new[:, 1:] &= np.logical_or.accumulate(read[:, 1:] != read[:, :-1], axis=0)
    ends = new.sum(axis=1).cumsum()
    starts = np.concatenate([[0], ends[:-1]])
    row = new.cumsum().reshape(new.shape) - 1
    place = (row - starts[:, None])[:-1][new[1:]]
    roots = order[new[0]]  # their state is the one before the first step: of their own column
    step, column = np.nonzero(mask)
    steps = tuple(map(slice, starts.tolist(), ends.tolist()))
    return Packed(read[new], steps, np.concatenate([roots, place]), row[mask], (step, order[column]))


def input_table(params: Params) -> FloatArray:
    """What each symbol adds to the pre-activation, bias included: (V, 4H), so that a step looks up a row of it."""
    return params.E @ params.W_x + params.b


def forward(params: Params, packed: Packed, state: LSTMState) -> Activations:
    """Run all rows, step after step; `state` (B, H) is the one before the first, in the parameters' dtype."""
    N, H = len(packed.ids), params.hidden_size
    memory = np.empty(8 * N * H, params.dtype)  # one piece: the allocator hands out the same pages again
    gates = memory[: 4 * N * H].reshape(N, 4 * H)
    h_prev, c_prev, tanh_c, h = memory[4 * N * H :].reshape(4, N, H)
    table = input_table(params)
    for rows in packed.steps:
        parent = packed.parent[rows]
        np.take(state.h, parent, axis=0, out=h_prev[rows], mode="clip")  # another mode would copy once more
        np.take(state.c, parent, axis=0, out=c_prev[rows], mode="clip")
        in_pieces(h_prev[rows], params.W_h, out=gates[rows])
        np.add(gates[rows], table[packed.ids[rows]], out=gates[rows])
        c = _gates_forward(gates[rows], c_prev[rows], tanh_c[rows], h[rows])
        state = LSTMState(h[rows], c)
    return Activations(gates, h_prev, c_prev, tanh_c, h)


def step(params: Params, table: FloatArray, ids: IntArray, state: LSTMState) -> LSTMState:
    """One step for rows that read `ids` (B,) in `state` (B, H), a few at a time; `table` is `input_table(params)`."""
    h, c = np.empty((2, *state.c.shape), params.dtype)
    for start in range(0, len(ids), CACHED):
        rows = slice(start, start + CACHED)
        gates, tanh_c = np.empty((len(ids[rows]), table.shape[1]), params.dtype), np.empty_like(h[rows])
        in_pieces(state.h[rows], params.W_h, out=gates)
        gates += table[ids[rows]]
        c[rows] = _gates_forward(gates, state.c[rows], tanh_c, h[rows])
    return LSTMState(h, c)


def read_out(params: Params, h: FloatArray) -> FloatArray:
    """log p (R, V) of the next symbol for each row of h (R, H)."""
    return log_softmax((params.W_y.T @ h.T).T + params.b_y)  # turned: sums over V then run along the R rows


def total_nats(log_p: FloatArray, row: IntArray, targets: IntArray) -> float:
    """The sum of -log p of all targets, each under the law of its row."""
    return -float(log_p[row, targets].sum(dtype=np.float64))


def loss_and_grads(
    params: Params, packed: Packed, targets: IntArray, state: LSTMState, keep: FloatArray | None
) -> tuple[float, Params]:
    """The mean loss and its gradient; `targets` (M,) and, for dropout, `keep` (M, H) belong to the cells."""
    M = len(packed.row)
    run = forward(params, packed, state)
    # Without dropout the cells of a row read the same h and share its prediction; with it each reads its own.
    row, read = (packed.row, run.h) if keep is None else (np.arange(M), run.h[packed.row] * keep)
    log_p = read_out(params, read)
    dlogits = _law_minus_targets(log_p, row, targets) / M
    dh = dlogits @ params.W_y.T
    if keep is not None:
        dread, dh = dh * keep, np.zeros_like(run.h)
        _add_rows(packed.row, (dread, dh))
    da = _backward(params, packed, run, dh)
    dtable = (packed.ids == np.arange(params.vocab_size)[:, None]).astype(params.dtype) @ da  # (V, 4H), a row a symbol
    grads = Params(
        E=dtable @ params.W_x.T,
        W_x=params.E.T @ dtable,
        W_h=run.h_prev.T @ da,
        b=dtable.sum(axis=0),
        W_y=read.T @ dlogits,
        b_y=dlogits.sum(axis=0),
    )
    return total_nats(log_p, row, targets) / M, grads


def _backward(params: Params, packed: Packed, run: Activations, dh: FloatArray) -> FloatArray:
    """The gradient (N, 4H) of the pre-activations, from that of h through the output; overwrites `run` and `dh`."""
    dc = np.zeros_like(dh)
    for above, rows in zip((*packed.steps[-2::-1], None), packed.steps[::-1], strict=True):
        _gates_backward(run.gates[rows], run.c_prev[rows], run.tanh_c[rows], dh[rows], dc[rows])
        if above is not None:
            da = run.gates[rows]
            dh_prev = (params.W_h @ da.T).T if len(da) <= FEW else da @ params.W_h.T  # one sum, two orders
            _add_rows(packed.parent[rows], (dh_prev, dh[above]), (dc[rows], dc[above]))
    return run.gates


def in_pieces(h: FloatArray, W: FloatArray, *, out: FloatArray) -> None:
    """h W, (B, H) by (H, 4H); where 4H can be cut, made of products of SMALL size."""
    H, width = W.shape
    columns, few = (PIECE, max(1, SMALL // (PIECE * H))) if width % PIECE == 0 else (width, max(1, len(h)))
    pieces = W.reshape(H, width // columns, columns).swapaxes(0, 1)
    for start in range(0, len(h), few):
        part = out[start : start + few]
        np.matmul(h[start : start + few], pieces, out=part.reshape(len(part), len(pieces), columns).swapaxes(0, 1))


def _gates_forward(a: FloatArray, c_prev: FloatArray, tanh_c: FloatArray, h: FloatArray) -> FloatArray:
    """Turn `a` into the gates, fill `tanh_c` and `h`, return c. One tanh for all: sigmoid(x) = 1/2 + tanh(x/2)/2."""
    half = np.array([0.5, 0.5, 1, 0.5], a.dtype).repeat(c_prev.shape[1])  # g is a tanh itself
    a *= half
    np.tanh(a, out=a)
    a *= half
    a += 1 - half
    i, f, g, o = a.reshape(len(a), 4, c_prev.shape[1]).swapaxes(0, 1)
    c: FloatArray = f * c_prev
    c += i * g
    np.tanh(c, out=tanh_c)
    np.multiply(o, tanh_c, out=h)
    return c


def _gates_backward(gates: FloatArray, c_prev: FloatArray, tanh_c: FloatArray, dh: FloatArray, dc: FloatArray) -> None:
    """Turn `gates` into the gradient of the pre-activations and `dc` into that of c_prev; `dh` is used up."""
    i, f, g, o = gates.reshape(len(gates), 4, dh.shape[1]).swapaxes(0, 1)
    do = dh * tanh_c
    dh *= o
    dc += dh * (1 - tanh_c * tanh_c)
    df, di, dg = dc * c_prev, dc * g, dc * i
    dc *= f
    np.multiply(dg, 1 - g * g, out=g)
    for gate, d in ((i, di), (f, df), (o, do)):
        np.multiply(d, gate * (1 - gate), out=gate)


def _law_minus_targets(log_p: FloatArray, row: IntArray, targets: IntArray) -> FloatArray:
    """For each row (its number of cells) x p, minus 1 at each cell's target: (R, V)."""
    R, V = log_p.shape
    counts = np.bincount(row * V + targets, minlength=R * V).reshape(R, V)
    return np.exp(log_p) * np.bincount(row, minlength=R)[:, None].astype(log_p.dtype) - counts.astype(log_p.dtype)


def _add_rows(owner: IntArray, *pairs: tuple[FloatArray, FloatArray]) -> None:
    """Add rows to those of their owners; equal owners stand together: their first rows at once, the others singly."""
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    for rows, to in pairs:
        to[owner[first]] += rows[first]
        for k in np.flatnonzero(~first).tolist():
            to[owner[k]] += rows[k]
