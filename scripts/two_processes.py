"""What each of two processes does for scripts/leave.py: half of each batch, and gradients that meet.

Started by torchrun, never by hand: `torchrun --standalone --nproc-per-node 2 scripts/two_processes.py PART FILE`, PART
being `equal` or `times`. The first process writes what it found to FILE.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import chain, islice, product, repeat
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lstm_in_torch import Names, tensors, train
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from lstm_lib.data import Batch, batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.vocabulary import Vocabulary

V, D, H, B, STEPS = 27, 16, 64, 64, 300  # of the run that the chapter repeats
SIZES = ((64, 64), (256, 64), (256, 512), (1024, 64))  # H and B of the timed steps, D = 32
MESSAGES = tuple(4**k for k in range(5, 13))  # floats
ROUNDS = 13


def start(D: int, H: int, dtype: type) -> Params:
    return init_params(V, D, H, rng=np.random.default_rng(20), dtype=dtype)


def work(size: int, steps: int) -> list[Batch]:
    """The first batches, over as many epochs as it takes."""
    names, rng = load_splits().train, np.random.default_rng(20)
    vocabulary = Vocabulary.from_names(names)
    epochs = (batches(names, vocabulary, size, rng=rng) for _ in repeat(None))
    return [*islice(chain.from_iterable(epochs), steps)]


def columns(batch: Batch, chosen: Any) -> Batch:
    """Some names of a batch, no longer than they need."""
    T = batch.mask[:, chosen].sum(axis=0).max()
    return Batch(*(array[:T, chosen] for array in batch))


def dealt(batch: Batch, rank: int) -> Batch:
    """One name in two."""
    return columns(batch, slice(rank, None, 2))


def by_length(batch: Batch, rank: int) -> Batch:
    """The shorter half, or the longer one."""
    order = np.argsort(batch.mask.sum(axis=0), kind="stable")
    return columns(batch, np.array_split(order, 2)[rank])


def gradient(net: nn.Module) -> torch.Tensor:
    return torch.cat([leaf.grad.flatten() for leaf in net.parameters() if leaf.grad is not None])


def apart(dtype: type, share: Callable[[Batch, int], Batch], *, weighted: bool) -> float:
    """How far the gradient that both processes end with is from the whole batch's, relative."""
    params, (batch,) = start(D, H, dtype), work(B, 1)
    whole, net = Names(params), DistributedDataParallel(Names(params))
    (whole(*tensors(batch)) / batch.mask.sum()).backward()
    mine = share(batch, distributed.get_rank())
    symbols = batch.mask.sum() / distributed.get_world_size() if weighted else mine.mask.sum()
    (net(*tensors(mine)) / symbols).backward()  # here the gradients meet, and their mean is taken
    ours, theirs = gradient(whole), gradient(net)
    return float((ours - theirs).norm() / ours.norm())


def losses(dtype: type) -> list[float]:
    """The run of the chapter, shared by two processes: the loss of each whole batch."""
    net = Names(start(D, H, dtype))
    net.lstm.bias_hh_l0.requires_grad_(False)
    rank, count = distributed.get_rank(), distributed.get_world_size()
    shares = [(dealt(batch, rank), count / batch.mask.sum()) for batch in work(B, STEPS)]
    found = torch.tensor(train(DistributedDataParallel(net), shares), dtype=torch.float64)
    distributed.all_reduce(found)
    return (found / count).tolist()


def cpu_ms(action: Callable[[], object]) -> float:
    """Milliseconds that the processor works for this process: other programs hardly change them."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        action()
        taken.append(1e3 * (time.process_time() - begin))
    return float(np.median(taken[1:]))


def exchange_ms(floats: int) -> float:
    """Milliseconds by the clock of an all-reduce, begun together; the best of the rounds."""
    tensor, taken = torch.ones(floats), []
    for _ in range(3 * ROUNDS):
        distributed.barrier()
        begin = time.perf_counter()
        distributed.all_reduce(tensor)
        distributed.barrier()
        taken.append(1e3 * (time.perf_counter() - begin))
    return min(taken)


def steps(H: int, size: int) -> dict[str, float]:
    """Loss and gradient of one batch, of the slower half of it, and the exchange of its gradients."""
    net, (batch,) = Names(start(32, H, np.float32)), work(size, 1)
    whole, mine = tensors(batch), tensors(dealt(batch, distributed.get_rank()))
    halves = torch.tensor(cpu_ms(lambda: net(*mine).backward()))
    distributed.all_reduce(halves, distributed.ReduceOp.MAX)
    one = cpu_ms(lambda: net(*whole).backward())  # in both processes, side by side
    floats = sum(leaf.numel() for leaf in net.parameters())
    ms = {"whole_ms": one, "half_ms": halves.item(), "exchange_ms": exchange_ms(floats)}
    return {"H": H, "batch": size, "bytes": 4 * floats, **{name: round(each, 2) for name, each in ms.items()}}


def equal() -> dict[str, Any]:
    """What is the same in one process and in two."""
    ways = {"dealt": dealt, "by length": by_length}
    cases = product((np.float32, np.float64), ways, (False, True))
    found = [
        {"dtype": dtype.__name__, "names": name, "weighted": weighted,
         "apart": apart(dtype, ways[name], weighted=weighted)}
        for dtype, name, weighted in cases
    ]  # fmt: skip
    return {"gradient": found, "losses": losses(np.float64)}


def times() -> dict[str, Any]:
    """What a step takes, and what an exchange does, by the bytes that are added up."""
    messages = [{"bytes": 4 * floats, "ms": round(exchange_ms(floats), 3)} for floats in MESSAGES]
    return {"messages": messages, "steps": [steps(*size) for size in SIZES]}


def main() -> None:
    """One part, in both processes; the first one writes it down."""
    part, file = sys.argv[1:]
    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    found = {"equal": equal, "times": times}[part]()
    if distributed.get_rank() == 0:
        Path(file).write_text(json.dumps(found), encoding="utf-8")
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()
