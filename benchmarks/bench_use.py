"""What a reader waits for: names drawn, names scored, imports, and the two commands."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lstm_lib
from lstm_lib import evaluate
from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.packed import pack
from lstm_lib.sample import sample_names
from lstm_lib.train import load_trained

ROOT = Path(__file__).parent.parent
MODULES = sorted(module.name for module in pkgutil.iter_modules(lstm_lib.__path__, "lstm_lib.") if not module.ispkg)
IMPORT = "import time, numpy; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


@pytest.mark.parametrize("count", [1, 20, 100, 1000, 4096, 20000])
def bench_sampling(benchmark, count):
    """Names drawn at once from the shipped weights, H = 256, on one thread."""
    arguments, options = (*load_trained(), count), {"rng": np.random.default_rng(0)}
    benchmark.pedantic(sample_names, arguments, options, rounds=20 if count < 4096 else 7, warmup_rounds=1)
    benchmark.extra_info["sampling"] = [{"count": count, "names_per_second": round(count / benchmark.stats["median"])}]


@pytest.mark.parametrize(("key", "shared"), [("seconds", True), ("without_sharing_seconds", False)])
def bench_scoring(benchmark, monkeypatch, key, shared):
    """The whole corpus, with shared prefixes and with a row for every cell; both must give the same mean."""
    arguments = (*load_trained(), sum(load_splits(), ()))
    expected = nll(*arguments)
    monkeypatch.setattr(evaluate, "pack", lambda inputs, mask, **_: pack(inputs, mask, shared=shared))
    mean = benchmark.pedantic(nll, arguments, rounds=5, warmup_rounds=1)
    assert abs(mean - expected) < 1e-5
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
