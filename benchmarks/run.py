"""Run the benchmarks and write their numbers: `run.py` all parts but `commands`, `run.py steps imports` some of them.

The numbers go to here.json, where parts that do not run keep theirs, and from there as tables to here.md. With
`--book` they become those of the book, lstm_lib/datasets/speed.json and results.md: then run chapter 19 again.
Nothing is asserted about a time. Leave the machine alone meanwhile: its other work shows in every number.
"""

import argparse
import datetime
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import report
from threadpoolctl import threadpool_info

HERE = Path(__file__).parent
BOOK = HERE.parent / "lstm_lib" / "datasets" / "speed.json", HERE / "results.md"
MINE = HERE / "here.json", HERE / "here.md"
PARTS = (
    "steps", "dense", "waterfall", "spread", "profile", "roofline", "dtype", "threads", "kept", "scaling", "sampling",
    "scoring", "imports", "autograd", "commands",
)  # fmt: skip
RUNS = 3  # processes for some parts; `kept` makes its own, every other part takes one
SEVERAL = "steps", "spread", "autograd"
TORCH = "steps", "dense", "threads"  # the parts that PyTorch's version belongs to
APART = "spread", "kept", "autograd"  # parts that name their own processor
METHOD = """
All contestants of a comparison run in one process, in interleaved rounds: after one round to warm up, in each of 20
rounds every contestant takes 5 consecutive steps on the same 5 shuffled, ragged batches of the training names. Times
are medians over the rounds; a ratio is the median over the rounds of ours / theirs within a round. The comparison of
steps is run in 3 separate processes, whose ratios are all given; their median is the ratio. A step is the gradient,
clipping to norm 1 and Adam, in float32 (the first version: float64; "longest": every batch padded to the longest name
of all), on one thread unless another number is given. Ours includes the checks and the packing of the batch; turning
it into PyTorch's tensors is not timed. Beforehand PyTorch's loss at the same weights is checked to be ours within
1e-5. The parts threads and scaling take 7 rounds of 3 steps (an epoch: 3 rounds); two threads in scaling are
OpenBLAS's. Spread, kept memory and autograd were measured on a machine of their own, with other programs running,
in CPU time; autograd without clipping and Adam. Memory is what a step takes beyond parameters, moments and batch; for
an epoch, all that it takes. MB are 10**6 bytes; page faults are minor ones.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; none: all but commands")
    parser.add_argument("--book", action="store_true", help="write the numbers that the book shows")
    arguments = parser.parse_args()
    parts = arguments.parts or PARTS[:-1]
    numbers, tables = BOOK if arguments.book else MINE
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in filter(runs_here, parts):
        runs = [measure(part) for _ in range(RUNS if part in SEVERAL else 1)]
        result = runs[-1] | ({"steps": steps_of_all(runs)} if part == "steps" else {})
        speed = json.loads(numbers.read_text(encoding="utf-8")) if numbers.exists() else {}
        kept = speed.get("machine", result["machine"])
        if part in APART:
            rows = [row for run in runs for row in run[part]]
            result = {"machine": kept, part: {"processor": result["machine"]["processor"], "runs": rows}}
        elif part not in TORCH:  # what is kept was measured against that PyTorch
            result["machine"]["torch"] = kept["torch"]
        speed |= {"method": " ".join(METHOD.split())} | result
        numbers.write_text(json.dumps(speed, indent=1) + "\n", encoding="utf-8")
        tables.write_text(report.markdown(speed), encoding="utf-8")


def runs_here(part: str) -> bool:
    """Whether this machine has what a part needs; a word on the screen where it has not."""
    able = part != "kept" or (importlib.util.find_spec("torch") is not None and sys.platform == "linux")
    if not able:
        print(f"{part} is left out: it needs PyTorch, and Linux")
    return able


def measure(part: str) -> dict[str, Any]:
    """The machine, and what the benchmarks of one part put into pytest-benchmark's `extra_info`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "out.json")
        command = [sys.executable, "-m", "pytest", "-q", "-c", HERE / "pytest.ini", HERE, "-k", f"bench_{part}"]
        subprocess.run([*command, f"--benchmark-json={file}"], check=True)
        found = json.loads(file.read_text(encoding="utf-8"))
    result: dict[str, Any] = {"machine": machine(found["machine_info"])}
    for benchmark in found["benchmarks"]:
        merge(result, benchmark["extra_info"])
    return result


def merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    """Lists grow, dictionaries take new keys."""
    for key, value in more.items():
        if isinstance(value, list):
            into.setdefault(key, []).extend(value)
        elif isinstance(value, dict):
            merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def steps_of_all(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The median over the runs of times and ratios; the ratios and the page faults of every run."""
    rows = []
    for alike in zip(*(run["steps"] for run in runs), strict=True):
        row = alike[0] | {"ours_ms": median(one["ours_ms"] for one in alike), "rivals": {}}
        for name in alike[0]["rivals"]:
            ms, runs, faults = ([one["rivals"][name][key] for one in alike] for key in ("ms", "ratio", "page_faults"))
            row["rivals"][name] = {"ms": median(ms), "ratio": median(runs), "runs": runs, "page_faults": faults}
        rows.append(row)
    return rows


def machine(info: dict[str, Any]) -> dict[str, Any]:
    cpu = info["cpu"]
    caches = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index[23]"))  # Linux only
    blas = next((lib for lib in threadpool_info() if lib["user_api"] == "blas"), {})
    return {
        "processor": f"{cpu.get('brand_raw')}, family {cpu.get('family')}, model {cpu.get('model')}",
        "cores": os.cpu_count(),
        "cache": ", ".join(f"L{place.name[-1]} {(place / 'size').read_text().strip()}" for place in caches),
        "system": f"{info['system']} {info['machine']}",
        "python": info["python_version"],
        "numpy": np.__version__,
        "blas": f"OpenBLAS {blas.get('version')}, kernel {blas.get('architecture')}",
        "torch": version("torch") if importlib.util.find_spec("torch") else None,
        "date": datetime.date.today().isoformat(),
    }


if __name__ == "__main__":
    main()
