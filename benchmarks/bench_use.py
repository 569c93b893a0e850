"""What a reader waits for: names drawn, names scored, imports, and the two commands."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lstm_lib
from lstm_lib.data import load_splits, make_batch
from lstm_lib.evaluate import CHUNK, nll
from lstm_lib.model import Params, initial_state
from lstm_lib.packed import forward, pack, read_out, total_nats
from lstm_lib.sample import sample_names
from lstm_lib.train import load_trained
from lstm_lib.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
MODULES = sorted(module.name for module in pkgutil.iter_modules(lstm_lib.__path__, "lstm_lib.") if not module.ispkg)
IMPORT = "import time, numpy; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


@pytest.mark.parametrize("count", [1, 20, 100, 1000, 4096, 20000])
def bench_sampling(benchmark, count):
    """Names drawn at once from the shipped weights, H = 256, on one thread."""
    arguments, options = (*load_trained(), count), {"rng": np.random.default_rng(0)}
    benchmark.pedantic(sample_names, arguments, options, rounds=20 if count < 4096 else 7, warmup_rounds=1)
    benchmark.extra_info["sampling"] = [{"count": count, "names_per_second": round(count / benchmark.stats["median"])}]


def unshared_nll(params: Params, vocabulary: Vocabulary, names: tuple[str, ...]) -> float:
    """`nll` with a row for every cell."""
    total, symbols, ordered = 0.0, 0, sorted(names)
    for start in range(0, len(ordered), CHUNK):
        batch = make_batch(ordered[start : start + CHUNK], vocabulary)
        packed = pack(batch.inputs, batch.mask, shared=False)
        run = forward(params, packed, initial_state(params, len(batch.mask[0])))
        total += total_nats(read_out(params, run.h), packed.row, batch.targets[packed.cell])
        symbols += len(packed.row)
    return total / symbols


@pytest.mark.parametrize(("key", "score"), [("seconds", nll), ("without_sharing_seconds", unshared_nll)])
def bench_scoring(benchmark, key, score):
    """The whole corpus, with shared prefixes and without; both must give the same mean."""
    arguments = (*load_trained(), sum(load_splits(), ()))
    mean = benchmark.pedantic(score, arguments, rounds=5, warmup_rounds=1)
    assert abs(mean - nll(*arguments)) < 1e-5
    benchmark.extra_info["scoring"] = {"names": len(arguments[2]), key: round(benchmark.stats["median"], 3)}


@pytest.mark.parametrize("module", MODULES)
def bench_imports(benchmark, module):
    """The first import of a module in a new process, once NumPy is there: the median of nine."""
    seconds = []

    def once() -> None:
        command = [sys.executable, "-c", IMPORT.format(module)]
        seconds.append(float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout))

    benchmark.pedantic(once, rounds=9, warmup_rounds=1)
    ms = round(float(np.median(seconds[1:])) * 1e3, 1)
    benchmark.extra_info["imports"] = [{"module": module, "ms_beyond_numpy": ms}]


@pytest.mark.parametrize("command", ["make book", "make test"])
def bench_commands(benchmark, command):
    """One run of a command in this folder, its environment being installed."""
    benchmark.pedantic(lambda: subprocess.run(command.split(), cwd=ROOT, check=True, capture_output=True), rounds=1)
    benchmark.extra_info["commands"] = [{"command": command, "seconds": round(benchmark.stats["median"], 1)}]
