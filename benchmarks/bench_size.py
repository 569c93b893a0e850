"""How a step grows: on two threads; with the batch, the names' length, H, V and the corpus; memory."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rivals
from compare import NAMES, VOCABULARY, Contestant, Training, compare, shuffled, start, use_threads

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches
from lstm_lib.model import Params
from lstm_lib.tree import tree_map

ROUNDS, STEPS = 7, 3
TWO_THREADS = [(20, 256), (64, 256), (128, 256), (512, 256), (2048, 256), (64, 512), (512, 512)]  # batch, H
CORPUS = "names in the corpus"
POINTS = {
    "batch": (1, 8, 20, 64, 128, 512, 2048),
    "length": (4, 8, 16, 32, 64, 128),
    "H": (64, 128, 256, 512, 1024),
    "V": (27, 64, 128, 256),
    CORPUS: (1000, 4000, 16000, len(NAMES)),
}
EPOCH_BATCH = 512
POOL = ThreadPoolExecutor(2)


def halves(params: Params, batch: Batch) -> tuple[float, Params]:
    """The gradient on two Python threads, half of the sorted names each: neighbours begin alike and share rows."""
    order = np.lexsort(np.where(batch.mask, batch.inputs, -1)[::-1])
    parts = [Batch(*(array[:, columns] for array in batch)) for columns in np.array_split(order, 2)]
    (loss0, grads0), (loss1, grads1) = POOL.map(partial(loss_and_grads, params), parts)
    share = parts[0].mask.sum() / batch.mask.sum()
    first, second = params.dtype.type(share), params.dtype.type(1 - share)
    return share * loss0 + (1 - share) * loss1, tree_map(lambda a, b: first * a + second * b, grads0, grads1)


def limits(blas: int, torch: int = 1) -> Callable[[], None]:
    def limit() -> None:
        use_threads(blas)
        if rivals.torch:
            rivals.torch.set_num_threads(torch)

    return limit


@pytest.mark.parametrize(("size", "H"), TWO_THREADS)
def bench_threads(benchmark, size, H):
    """Our step on one thread, with products on two, as two halves on two Python threads; PyTorch's on two."""
    params, batch = start(32, H), next(shuffled(size))
    loss = loss_and_grads(params, batch)[0]
    assert abs(halves(params, batch)[0] - loss) < 1e-5
    contestants = {
        "one thread": Contestant(Training(params), before=limits(1)),
        "BLAS on two": Contestant(Training(params), before=limits(2)),
        "two Python threads": Contestant(Training(params, halves), before=limits(1)),
    }
    for name, rival in rivals.torch_rivals(params, batch, loss).items():
        contestants[name.replace(" padded", "") + " on two"] = Contestant(rival, rival.prepare, limits(1, torch=2))
    found = compare(benchmark, contestants, shuffled(size), rounds=ROUNDS, steps=STEPS)
    limits(1)()
    benchmark.extra_info["threads"] = [{"batch": size, "H": H} | {name: one.ms for name, one in found.items()}]


@pytest.mark.skipif(not rivals.torch or sys.platform != "linux", reason="needs PyTorch and glibc")
@pytest.mark.parametrize("what", ["list", "512", "2048"])
@pytest.mark.parametrize("way", ["back", "kept"])
def bench_kept(benchmark, way, what):
    """Steps with freed memory handed back to the system, and kept; three processes each."""
    command, runs = [sys.executable, Path(__file__).with_name("kept.py"), way, what], []
    benchmark.pedantic(
        lambda: runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout)), rounds=3
    )
    benchmark.extra_info["kept"] = runs


def epoch(count: int) -> None:
    """One epoch over the corpus's first names, parameters, moments and batches being made here."""
    training = Training(start(32, 256))
    for batch in batches(NAMES[:count], VOCABULARY, EPOCH_BATCH, rng=np.random.default_rng(0)):
        training(batch)


def point(vary: str, value: int) -> tuple[Callable[[Any], object], Iterator[Any]]:
    """The book's main run (batch 64, D 32, H 256, V 27) with one size changed: a step, and the batches for it."""
    if vary == CORPUS:
        return epoch, repeat(value)
    sizes = {"batch": 64, "H": 256, "V": len(VOCABULARY), vary: value}
    training = Training(start(32, sizes["H"], V=sizes["V"]))
    work, rng = shuffled(sizes["batch"]), np.random.default_rng(0)
    if vary == "length":  # the corpus's names, one after the other, cut into pieces of one length
        letters = np.resize(list("".join(rng.permutation(NAMES))), (1024, value))
        work = cycle(batches(["".join(row) for row in letters], VOCABULARY, 64, rng=rng))
    return training, map(partial(redrawn, rng=rng, V=value), work) if vary == "V" else work


def redrawn(batch: Batch, *, rng: np.random.Generator, V: int) -> Batch:
    """The batch with its letters drawn anew from V - 1, all equally likely: fewer names begin alike."""
    targets = np.where(batch.targets > 0, rng.integers(1, V, batch.mask.shape), 0)
    return Batch(np.concatenate([np.zeros_like(targets[:1]), targets[:-1]]), targets, batch.mask)


def peak_megabytes(work: Callable[[], object]) -> float:
    """The most that `work` holds at a time beyond what was there before; untimed."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 1e6, 2)


@pytest.mark.parametrize(("vary", "value"), [(vary, value) for vary, values in POINTS.items() for value in values])
def bench_scaling(benchmark, vary, value):
    """A step (for the corpus: an epoch) on one thread, and with products on two; the memory it takes on top."""
    contestants = {threads: Contestant(point(vary, value)[0], before=limits(threads)) for threads in (1, 2)}
    rounds, steps = (3, 1) if vary == CORPUS else (ROUNDS, STEPS)
    found = compare(benchmark, contestants, point(vary, value)[1], rounds=rounds, steps=steps)
    limits(1)()
    step, work = point(vary, value)
    peak = peak_megabytes(partial(step, next(work)))
    row = {"vary": vary, "value": value}
    benchmark.extra_info["scaling"] = [
        row | {"threads": threads, "ms": one.ms, "peak_MB": peak} for threads, one in found.items()
    ]
    if value == len(NAMES):
        seconds = round(found[1].ms / 1e3, 3)
        benchmark.extra_info["epoch"] = {"batch": EPOCH_BATCH, "names": value, "seconds": seconds, "peak_MB": peak}
