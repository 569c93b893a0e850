"""How a step grows: with the batch, the names' length, H and V; on two threads; an epoch of the corpus; memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle

import numpy as np
import pytest
import rivals
from compare import NAMES, VOCABULARY, Contestant, Training, compare, milliseconds, shuffled, start, use_threads

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches
from lstm_lib.model import Params
from lstm_lib.tree import tree_map

ROUNDS, STEPS = 7, 3
POINTS = {
    "batch": (1, 8, 20, 64, 128, 512, 2048),
    "length": (4, 8, 16, 32, 64, 128),
    "H": (64, 128, 256, 512, 1024),
    "V": (27, 64, 128, 256),
}
CORPORA = (1000, 4000, 16000, len(NAMES))
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


def before(blas: int, torch: int = 1) -> Callable[[], None]:
    def limit() -> None:
        use_threads(blas)
        if rivals.torch:
            rivals.torch.set_num_threads(torch)

    return limit


@pytest.mark.parametrize(("size", "H"), [(20, 256), (64, 256), (128, 256), (512, 256), (2048, 256), (64, 512), (512, 512)])
def bench_threads(benchmark, size, H):
    """Our step on one thread, with products on two, as two halves on two Python threads; PyTorch (padded) on two."""
    params = start(32, H)
    batch = next(shuffled(size))
    assert abs(halves(params, batch)[0] - loss_and_grads(params, batch)[0]) < 1e-5
    contestants = {
        "one thread": Contestant(Training(params), shuffled(size), before(1)),
        "BLAS on two": Contestant(Training(params), shuffled(size), before(2)),
        "two Python threads": Contestant(Training(params, halves), shuffled(size), before(1)),
    }
    for name, make in rivals.TORCH.items() if rivals.torch else ():
        step = make(params)
        contestants[f"{name} on two"] = Contestant(step, rivals.for_torch(step, shuffled(size)), before(1, torch=2))
    times = compare(benchmark, contestants, rounds=ROUNDS, steps=STEPS)
    before(1)()
    benchmark.extra_info["threads"] = [{"batch": size, "H": H} | {name: milliseconds(t) for name, t in times.items()}]


def point(vary: str, value: int) -> tuple[Params, Iterator[Batch]]:
    """The book's main run (batch 64, D 32, H 256, V 27) with one size changed; invented names for length and V."""
    sizes = {"batch": 64, "H": 256, "V": len(VOCABULARY), vary: value}
    params = start(32, sizes["H"], V=sizes["V"])
    if vary in ("batch", "H"):
        return params, shuffled(sizes["batch"])
    rng = np.random.default_rng(0)
    if vary == "length":  # the corpus's letters, cut into names of one length: few of them begin alike for long
        text = np.array(list("".join(rng.permutation(NAMES))))
        names = ["".join(row) for row in np.resize(text, (1000, value))]
        return params, cycle(batches(names, VOCABULARY, 50, rng=rng))
    return params, map(partial(redrawn, rng=rng, V=value), shuffled(64))


def redrawn(batch: Batch, *, rng: np.random.Generator, V: int) -> Batch:
    """The batch with letters drawn from V - 1, all equally likely."""
    letters = rng.integers(1, V, batch.mask.shape)
    targets = np.where(batch.targets > 0, letters, 0)
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
    """A step on one thread, and with products on two; the memory is what it takes beyond parameters and moments."""
    params, work = point(vary, value)
    contestants = {threads: Contestant(Training(params), point(vary, value)[1], before(threads)) for threads in (1, 2)}
    times = compare(benchmark, contestants, rounds=ROUNDS, steps=STEPS)
    before(1)()
    peak = peak_megabytes(partial(Training(params), next(work)))
    benchmark.extra_info["scaling"] = [
        {"vary": vary, "value": value, "threads": threads, "ms": milliseconds(t), "peak_MB": peak}
        for threads, t in times.items()
    ]


def epoch(count: int) -> None:
    """One epoch over the corpus's first names, with its parameters, its moments and its batches."""
    training = Training(start(32, 256))
    for batch in batches(NAMES[:count], VOCABULARY, EPOCH_BATCH, rng=np.random.default_rng(0)):
        training(batch)


@pytest.mark.parametrize("count", CORPORA)
def bench_scaling_corpus(benchmark, count):
    """An epoch against the number of names, H 256, on one thread and with products on two; memory of all it makes."""
    contestants = {threads: Contestant(epoch, cycle([count]), before(threads)) for threads in (1, 2)}
    times = compare(benchmark, contestants, rounds=3, steps=1)
    before(1)()
    peak = peak_megabytes(partial(epoch, count))
    benchmark.extra_info["scaling"] = [
        {"vary": "names in the corpus", "value": count, "threads": threads, "ms": milliseconds(t), "peak_MB": peak}
        for threads, t in times.items()
    ]
    if count == len(NAMES):
        seconds = round(milliseconds(times[1]) / 1e3, 3)
        benchmark.extra_info["epoch"] = {"batch": EPOCH_BATCH, "names": count, "seconds": seconds, "peak_MB": peak}
