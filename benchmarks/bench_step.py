"""One training step: against its rivals, rung by rung, function by function, and against the machine's limits."""

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable
from itertools import islice, repeat
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
import pytest
import rivals
from compare import Contestant, Training, compare, milliseconds, shuffled, start

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch
from lstm_lib.optim import adam_update
from lstm_lib.packed import pack
from lstm_lib.rungs import RUNGS, textbook_adam
from lstm_lib.tree import named_leaves

MAIN = {"batch": 64, "D": 32, "H": 256}  # the book's main run
SIZES = ((20, 100, 256), (64, 32, 256), (128, 32, 256), (512, 32, 256))
SLOWEST = 128  # batch up to which the first version takes part: beyond, it would take minutes
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
ROW_FLOATS, PARAMETER_FLOATS = 148, 36  # read or written elementwise, counted in `packed` (times H) and `optim`


@pytest.mark.parametrize(("size", "D", "H"), SIZES)
def bench_steps(benchmark, size, D, H):
    """Our step and each rival's on the same batches, in float32; the first version in float64, its own dtype."""
    params = start(D, H)
    contestants = {"ours": Contestant(Training(params), shuffled(size))}
    for name, make in rivals.TORCH.items() if rivals.torch else ():
        step = make(params)
        batch = next(shuffled(size))
        assert abs(step.forward(*step.tensors(batch)).item() - loss_and_grads(params, batch)[0]) < 1e-5
        contestants[name] = Contestant(step, rivals.for_torch(step, shuffled(size)))
    if size <= SLOWEST:
        slow = Training(start(D, H, np.float64), RUNGS[0].gradient, textbook_adam)
        contestants["first version"] = Contestant(slow, shuffled(size))
    products = rivals.Products(params, rows=16 * size)
    contestants["products only"] = Contestant(products, rivals.for_products(shuffled(size)))
    times = compare(benchmark, contestants)
    ours = times.pop("ours")
    rows = {name: {"ms": milliseconds(t), "ratio": round(float(np.median(ours / t)), 3)} for name, t in times.items()}
    row = {"batch": size, "D": D, "H": H, "rows": mean_rows(size), "ours_ms": milliseconds(ours), "rivals": rows}
    benchmark.extra_info["steps"] = [row]


def mean_rows(size: int) -> dict[str, float]:
    """Rows a step computes: for every cell, for every real one, for every distinct prefix; means over 100 batches."""
    counts = Counter()
    for batch in islice(shuffled(size), 100):
        shared = len(pack(batch.inputs, batch.mask, shared=True).ids)
        counts.update(padded=batch.mask.size, real=int(batch.mask.sum()), shared=shared)
    return {kind: count / 100 for kind, count in counts.items()}


def bench_waterfall(benchmark):
    """Every rung with the textbook's Adam, the last one also with the library's; minor page faults a step."""
    size, D, H = MAIN.values()
    trainings = {rung.name: Training(start(D, H, rung.dtype), rung.gradient, textbook_adam) for rung in RUNGS}
    trainings["Adam in place"] = Training(start(D, H), RUNGS[-1].gradient, adam_update)
    faults = {name: [] for name in trainings}

    def counted(name):
        def step(batch: Batch) -> None:
            before = getrusage(RUSAGE_SELF).ru_minflt
            trainings[name](batch)
            faults[name].append(getrusage(RUSAGE_SELF).ru_minflt - before)

        return step

    contestants = {name: Contestant(counted(name), shuffled(size)) for name in reversed(trainings)}
    products = rivals.Products(start(D, H), rows=16 * size)
    contestants["products"] = Contestant(products, rivals.for_products(shuffled(size)))
    times = compare(benchmark, contestants)
    benchmark.extra_info["waterfall"] = {
        **MAIN,
        "rungs": [{"name": name, "ms": milliseconds(times[name])} for name in trainings],
        "products_ms": milliseconds(times["products"]),
        "page_faults": [round(float(np.mean(faults[name]))) for name in trainings],
    }


def bench_profile(benchmark):
    """Where the first version's step spends its time: cProfile's own time of each function, `@` in its caller's."""
    size, D, H = MAIN.values()
    step = Training(start(D, H, np.float64), RUNGS[0].gradient, textbook_adam)
    profile = cProfile.Profile()
    work = shuffled(size)
    benchmark.pedantic(step, setup=lambda: ((next(work),), {}), rounds=5, warmup_rounds=1)
    for batch in islice(work, 20):
        profile.runcall(step, batch)
    own = Counter()
    for (file, line, function), (_, _, seconds, _, _) in pstats.Stats(profile).stats.items():
        where = f"{Path(file).stem}.{function}" + f" (line {line})" * function.startswith("<")
        own[function if file == "~" else where] += seconds
    total, top = own.total(), own.most_common(9)
    top.append(("everything else", total - sum(seconds for _, seconds in top)))
    benchmark.extra_info["profile"] = [{"part": part, "share": round(s / total, 4)} for part, s in top]


def random(*shape: int, dtype: type = np.float32) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


def elementwise(operation: np.ufunc, size: int, dtype: type) -> Callable[[object], object]:
    """`operation` on as many arrays of `size` numbers as it takes, into another."""
    arrays, out = [random(size, dtype=dtype)] * operation.nin, np.empty(size, dtype)
    return lambda _: operation(*arrays, out=out)


def product(rows: int, H: int, dtype: type) -> Callable[[object], object]:
    """(rows, H) @ (H, 4H), as one step of the recurrence makes it."""
    h, W, out = random(rows, H, dtype=dtype), random(H, 4 * H, dtype=dtype), np.empty((rows, 4 * H), dtype)
    return lambda _: np.matmul(h, W, out=out)


DTYPE_WORK = {
    "product (64, 256) @ (256, 1024)": lambda dtype: product(64, 256, dtype),
    "tanh of 64 x 1024": lambda dtype: elementwise(np.tanh, 64 * 1024, dtype),
    "add of 64 x 1024": lambda dtype: elementwise(np.add, 64 * 1024, dtype),
    "add of 2**23": lambda dtype: elementwise(np.add, 2**23, dtype),
}


@pytest.mark.parametrize("what", ["the whole step", *DTYPE_WORK])
def bench_dtype(benchmark, what):
    """The same work in float32 and float64: our step, and its kinds of work alone; the last one leaves the cache."""
    contestants = {}
    for dtype in (np.float32, np.float64):
        if what in DTYPE_WORK:
            one = Contestant(DTYPE_WORK[what](dtype), repeat(None))
        else:
            one = Contestant(Training(start(MAIN["D"], MAIN["H"], dtype)), shuffled(MAIN["batch"]))
        contestants[f"{dtype.__name__}_ms"] = one
    times = compare(benchmark, contestants)
    benchmark.extra_info["dtype"] = [{"what": what} | {name: milliseconds(t) for name, t in times.items()}]


@pytest.mark.parametrize("rows", ROWS)
def bench_roofline_product(benchmark, rows):
    """The product of one step of the recurrence: at once, and in the blocks that `packed` cuts for few rows."""
    H = MAIN["H"]
    h, W, out = random(rows, H), random(H, 4 * H), np.empty((rows, 4 * H), np.float32)
    contestants = {
        "gflops": Contestant(product(rows, H, np.float32), repeat(None)),
        "blocks_gflops": Contestant(lambda _: rivals.read(h, W, out=out), repeat(None)),
    }
    times = compare(benchmark, contestants, steps=max(5, 1000 // rows))
    gflops = {name: round(2 * h.size * 4 * H / float(np.median(t)) / 1e9, 1) for name, t in times.items()}
    benchmark.extra_info["roofline"] = {"product_gflops": [{"rows": rows, **gflops}]}


def bench_roofline_limits(benchmark):
    """The machine's limits: a large square product in float32, the best round; an add out of cache, two reads, a write."""
    n, long = 2048, 2**26
    A, out = random(n, n), np.empty((n, n), np.float32)
    contestants = {
        "product": Contestant(lambda _: np.matmul(A, A, out=out), repeat(None)),
        "add": Contestant(elementwise(np.add, long, np.float32), repeat(None)),
    }
    times = compare(benchmark, contestants, rounds=7, steps=1)
    benchmark.extra_info["roofline"] = {
        "peak_gflops": round(2 * n**3 / times["product"].min() / 1e9, 1),
        "bandwidth_gb_s": round(3 * 4 * long / float(np.median(times["add"])) / 1e9, 1),
    }


def bench_roofline_work(benchmark):
    """The work of our step: its products counted from their shapes, its elementwise traffic from the source."""
    size, D, H = MAIN.values()
    params = start(D, H)
    seconds = compare(benchmark, {"ours": Contestant(Training(params), shuffled(size))})["ours"]
    trees = list(islice(rivals.for_products(shuffled(size)), 100))
    gflop = np.mean([rivals.flop(params, tree) for tree in trees]) / 1e9
    floats = ROW_FLOATS * H * np.mean([len(tree.ids) for tree in trees])
    floats += PARAMETER_FLOATS * sum(leaf.size for _, leaf in named_leaves(params))
    benchmark.extra_info["roofline"] = {
        "work": {"gflop_of_a_step": round(float(gflop), 4), "megabytes_touched": round(float(4 * floats / 1e6), 1)},
        "step_gflops": round(float(gflop / np.median(seconds)), 1),
    }
