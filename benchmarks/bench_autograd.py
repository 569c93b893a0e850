"""What a derived gradient costs against the hand-written one: time and memory of the loss and its gradient, and why."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from bench_size import peak_megabytes
from compare import shuffled, start

from lstm_lib import autograd
from lstm_lib.autograd import Node, topological_order, value_and_gradients
from lstm_lib.data import Batch
from lstm_lib.equations import batch_loss
from lstm_lib.gradcheck import relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward
from lstm_lib.tree import FloatArray

SIZES = ((64, 16, 64), (64, 32, 256))
ROUNDS = 15
KEPT = {"gradients": autograd.gradients, "take": autograd.take}


def by_hand(params: Params, batch: Batch) -> Params:
    """The route of the chapters."""
    logits, _, cache = forward(params, batch.inputs, mask=batch.mask)
    return backward(params, cache, cross_entropy(logits, batch.targets, batch.mask)[1])[0]


def derived(params: Params, batch: Batch, **changed: Any) -> Params:
    """The autograd's, with functions of its own changed."""
    for name, function in (KEPT | changed).items():
        setattr(autograd, name, function)
    try:
        return value_and_gradients(lambda p: batch_loss(p, batch), params)[1]
    finally:
        for name, function in KEPT.items():
            setattr(autograd, name, function)


def letting_go(loss: Node) -> dict[Node, FloatArray]:
    """`gradients` that keeps those of the leaves only."""
    back = {loss: np.ones_like(loss.value)}
    for node in reversed(topological_order(loss)):
        if node.arrows:
            dy = back.pop(node)
            for parent, vjp in node.arrows:
                dx = vjp(dy)
                back[parent] = back[parent] + dx if parent in back else dx
    return back


@autograd.operation
def taking_blocks(x: FloatArray, *, index: Any) -> Any:
    """`take` that writes a block back in one piece: nothing in it is taken twice."""

    def back(d: FloatArray) -> FloatArray:
        dx = np.zeros_like(x)
        if all(isinstance(each, slice | None) for each in (index if isinstance(index, tuple) else (index,))):
            dx[index] = d
        else:
            np.add.at(dx, index, d)
        return dx

    return x[index], [back]


WAYS: dict[str, Callable[[Params, Batch], Params]] = {
    "by hand": by_hand,
    "derived": derived,
    "letting go": partial(derived, gradients=letting_go),
    "letting go, blocks in one piece": partial(derived, gradients=letting_go, take=taking_blocks),
}


@pytest.mark.parametrize(("size", "D", "H"), SIZES)
def bench_autograd(benchmark, size, D, H):
    """In float32, all ways in turn on the same batches, in CPU time; memory and the number of nodes of one batch."""
    params, work = start(D, H), shuffled(size)
    batch, expected, nodes = next(work), by_hand(params, next(shuffled(size))), []
    for way in WAYS.values():
        assert max(relative_errors(way(params, batch), expected).values()) < 1e-4
    value_and_gradients(lambda p: nodes.append(batch_loss(p, batch)) or nodes[0], params)
    seconds = {name: [] for name in WAYS}

    def once() -> None:
        piece = next(work)
        for name, way in WAYS.items():
            begin = time.process_time()
            way(params, piece)
            seconds[name].append(time.process_time() - begin)

    benchmark.pedantic(once, rounds=ROUNDS, warmup_rounds=1)
    hand = np.array(seconds["by hand"][1:])
    row = {"batch": size, "D": D, "H": H, "nodes": len(topological_order(nodes[0]))}
    benchmark.extra_info["autograd"] = [
        row | {"way": name, "ms": round(1e3 * float(np.median(taken)), 2),
               "times as long": round(float(np.median(np.array(taken[1:]) / hand)), 2),
               "MB": peak_megabytes(partial(WAYS[name], params, batch))}
        for name, taken in seconds.items()
    ]  # fmt: skip
