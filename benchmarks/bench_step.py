"""One training step: against its rivals, rung by rung, function by function, and against the machine's limits."""

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice, pairwise, repeat
from pathlib import Path

import numpy as np
import pytest
from compare import NAMES, Contestant, Training, compare, shuffled, start
from rivals import Products, torch_rivals

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch
from lstm_lib.model import initial_state
from lstm_lib.packed import in_pieces
from lstm_lib.rungs import RUNGS, textbook_adam
from lstm_lib.tree import named_leaves

SIZES = ((20, 100, 256), (64, 32, 256), (128, 32, 256), (512, 32, 256))
B, D, H = SIZES[1]  # the book's main run
LONGEST = max(map(len, NAMES))
SLOWEST = 128  # the largest batch for the first version: beyond, it would take minutes
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
ROW_FLOATS, PARAMETER_FLOATS = 148, 36  # read or written elementwise, counted by hand in `packed` (x H) and `optim`
MICRO = {
    f"product ({B}, {H}) @ ({H}, {4 * H})": lambda dtype: product(B, dtype),
    f"tanh of {B} x {4 * H}": lambda dtype: elementwise(np.tanh, B * 4 * H, dtype),
    f"add of {B} x {4 * H}": lambda dtype: elementwise(np.add, B * 4 * H, dtype),
    "add of 2**23": lambda dtype: elementwise(np.add, 2**23, dtype),
}


def random(*shape: int, dtype: type = np.float32) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


def elementwise(operation: np.ufunc, size: int, dtype: type = np.float32) -> Callable[[object], object]:
    """`operation` on as many arrays of `size` numbers as it takes, into another one."""
    arrays, out = [random(size, dtype=dtype) for _ in range(operation.nin)], np.empty(size, dtype)
    return lambda _: operation(*arrays, out=out)


def product(rows: int, dtype: type = np.float32, how: Callable[..., object] = np.matmul) -> Callable[[object], object]:
    """(rows, H) @ (H, 4H), as one step of the recurrence makes it."""
    h, W, out = random(rows, H, dtype=dtype), random(H, 4 * H, dtype=dtype), np.empty((rows, 4 * H), dtype)
    return lambda _: how(h, W, out=out)


@pytest.mark.parametrize(("size", "D", "H"), SIZES)
def bench_steps(benchmark, size, D, H):
    """Our step and each rival's, in float32; the first version in float64, its own dtype."""
    params, batch = start(D, H), next(shuffled(size))
    contestants = {"ours": Contestant(Training(params))}
    rivals = torch_rivals(params, batch, loss_and_grads(params, batch)[0])
    contestants |= {name: Contestant(rival, rival.prepare) for name, rival in rivals.items()}
    if size <= SLOWEST:
        first = Training(start(D, H, np.float64), RUNGS[0].gradient, textbook_adam)
        contestants["first version"] = Contestant(first)
        contestants["first version, longest"] = Contestant(first, padded_to_the_longest)
    contestants["products only"] = Products(params, size).contestant()
    found = compare(benchmark, contestants, shuffled(size))
    ours = found.pop("ours")
    benchmark.extra_info["steps"] = [{
        "batch": size, "D": D, "H": H, "rows": mean_rows(size), "ours_ms": ours.ms,
        "rivals": {name: {"ms": rival.ms, "ratio": round(float(np.median(ours.seconds / rival.seconds)), 3),
                          "page_faults": round(float(rival.faults.mean()))} for name, rival in found.items()},
    }]  # fmt: skip


@pytest.mark.parametrize(("size", "D", "H"), SIZES)
def bench_dense(benchmark, size, D, H):
    """Where nothing can be left out: random letters, all of one length, each name with a row of its own."""
    params, rng = start(D, H), np.random.default_rng(0)
    letters = rng.integers(len(params.b_y), size=(100, 2, 8, size))
    work = [Batch(*ids, np.ones_like(ids[0], bool)) for ids in letters]
    contestants = {
        "ours": Contestant(Training(params, lambda p, batch: loss_and_grads(p, batch, initial_state(p, size))))
    }
    rival = torch_rivals(params, work[0], loss_and_grads(params, work[0])[0]).get("torch padded")
    if rival:
        contestants["torch"] = Contestant(rival, rival.prepare)
    found = compare(benchmark, contestants, iter(work), rounds=19)
    row = {"batch": size, "D": D, "H": H, "length": 8} | {f"{name}_ms": one.ms for name, one in found.items()}
    if rival:
        row["ratio"] = round(float(np.median(found["ours"].seconds / found["torch"].seconds)), 3)
    benchmark.extra_info["dense"] = [row]


def padded_to_the_longest(batch: Batch) -> Batch:
    """As a first version often does it: every batch as long as the longest name of all."""
    missing = LONGEST + 1 - len(batch.mask)
    return Batch(*(np.pad(array, ((0, missing), (0, 0))) for array in batch))


def mean_rows(size: int) -> dict[str, float]:
    """Rows for every cell, for every real one, for every distinct prefix: means over 100 batches."""
    counts = Counter()
    for batch in islice(shuffled(size), 100):
        shared = len(Products.prepare(batch).ids)
        counts.update(padded=batch.mask.size, real=int(batch.mask.sum()), shared=shared)
    return {kind: count / 100 for kind, count in counts.items()}


def rungs() -> dict[str, Training]:
    """Every rung with the textbook's Adam, the last one also with the library's."""
    trainings = {rung.name: Training(start(D, H, rung.dtype), rung.gradient, textbook_adam) for rung in RUNGS}
    return trainings | {"Adam in place": Training(start(D, H), RUNGS[-1].gradient)}


def bench_spread(benchmark):
    """What each rung saves of the step before it, in CPU time: first quartile, median and third over the rounds."""
    trainings, work = rungs(), shuffled(B)
    seconds = {name: [] for name in trainings}

    def once() -> None:
        pieces = list(islice(work, 4))
        for name, training in trainings.items():
            begin = time.process_time()
            for batch in pieces:
                training(batch)
            seconds[name].append(time.process_time() - begin)

    benchmark.pedantic(once, rounds=12, warmup_rounds=1)
    taken = {name: np.array(each[1:]) for name, each in seconds.items()}
    saved = {name: 1 - taken[name] / taken[before] for before, name in pairwise(taken)}
    quartiles = {name: np.quantile(each, [0.25, 0.5, 0.75]).round(3).tolist() for name, each in saved.items()}
    benchmark.extra_info["spread"] = [quartiles]


def bench_waterfall(benchmark):
    """Every rung; page faults a step."""
    trainings = rungs()
    contestants = {name: Contestant(training) for name, training in trainings.items()}
    contestants["products"] = Products(start(D, H), B).contestant()
    found = compare(benchmark, contestants, shuffled(B))
    benchmark.extra_info["waterfall"] = {
        "batch": B, "D": D, "H": H,
        "rungs": [{"name": name, "ms": found[name].ms} for name in trainings],
        "products_ms": found["products"].ms,
        "page_faults": [round(float(found[name].faults.mean())) for name in trainings],
    }  # fmt: skip


def bench_profile(benchmark):
    """Where the first version's step spends its time: each function's own (cProfile); `@` counts for its caller."""
    step = Training(start(D, H, np.float64), RUNGS[0].gradient, textbook_adam)
    profile, own = cProfile.Profile(), Counter()
    compare(benchmark, {"profiled": Contestant(lambda batch: profile.runcall(step, batch))}, shuffled(B))
    for (file, line, function), (_, _, seconds, _, _) in pstats.Stats(profile).stats.items():
        where = f"{Path(file).stem}.{function}" + f" (line {line})" * function.startswith("<")
        own[function if file == "~" else where] += seconds
    top = own.most_common(9)
    top.append(("everything else", own.total() - sum(seconds for _, seconds in top)))
    benchmark.extra_info["profile"] = [{"part": part, "share": round(s / own.total(), 4)} for part, s in top]


@pytest.mark.parametrize("what", ["the whole step", *MICRO])
def bench_dtype(benchmark, what):
    """The same work in float32 and float64: our step, and its kinds of work alone; the last one leaves the cache."""
    make = MICRO.get(what, lambda dtype: Training(start(D, H, dtype)))
    found = compare(benchmark, {d.__name__: Contestant(make(d)) for d in (np.float32, np.float64)}, shuffled(B))
    benchmark.extra_info["dtype"] = [{"what": what} | {f"{name}_ms": one.ms for name, one in found.items()}]


@pytest.mark.parametrize("rows", ROWS)
def bench_roofline_product(benchmark, rows):
    """The product of one step of the recurrence: at once, and in the blocks that `packed` cuts for few rows."""
    ways = {"gflops": Contestant(product(rows)), "blocks_gflops": Contestant(product(rows, how=in_pieces))}
    found = compare(benchmark, ways, repeat(None), steps=max(5, 1000 // rows))
    gflops = {name: round(2 * rows * H * 4 * H / one.ms / 1e6, 1) for name, one in found.items()}
    benchmark.extra_info["roofline"] = {"product_gflops": [{"rows": rows, **gflops}]}


def bench_roofline_limits(benchmark):
    """A large square product in float32, its best round; an add out of cache: two numbers read, one written."""
    n, long = 2048, 2**26
    A, out = random(n, n), np.empty((n, n), np.float32)
    ways = {
        "product": Contestant(lambda _: np.matmul(A, A, out=out)),
        "add": Contestant(elementwise(np.add, long)),
    }
    found = compare(benchmark, ways, repeat(None), rounds=7, steps=1)
    benchmark.extra_info["roofline"] = {
        "peak_gflops": round(2 * n**3 / float(found["product"].seconds.min()) / 1e9, 1),
        "bandwidth_gb_s": round(3 * 4 * long / found["add"].ms / 1e6, 1),
    }


def bench_roofline_work(benchmark):
    """The work of our step: its products counted from their shapes, its elementwise traffic from the source."""
    params = start(D, H)
    found = compare(benchmark, {"ours": Contestant(Training(params))}, shuffled(B))
    gflop = np.mean([Products(params, 1).flop(Products.prepare(b)) for b in islice(shuffled(B), 100)]) / 1e9
    floats = ROW_FLOATS * H * mean_rows(B)["shared"]
    floats += PARAMETER_FLOATS * sum(leaf.size for _, leaf in named_leaves(params))
    benchmark.extra_info["roofline"] = {
        "work": {"gflop_of_a_step": round(float(gflop), 4), "megabytes_touched": round(4 * floats / 1e6, 1)},
        "step_gflops": round(float(gflop) / found["ours"].ms * 1e3, 1),
    }
