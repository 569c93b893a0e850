"""Run the benchmarks and write their numbers: `run.py` all parts but `commands`, `run.py steps imports` some of them.

The numbers go to lstm_lib/datasets/speed.json, parts that did not run keep theirs, and from there to results.md.
Nothing is asserted about a time. Leave the machine alone meanwhile: its other work shows in every number.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import report
from threadpoolctl import threadpool_info

HERE = Path(__file__).parent
SPEED = HERE.parent / "lstm_lib" / "datasets" / "speed.json"
PARTS = (
    "steps", "waterfall", "profile", "roofline", "dtype", "threads", "scaling", "sampling", "scoring", "imports",
    "commands",
)  # fmt: skip
RUNS = 3  # processes for the comparison of steps; every other part takes one
METHOD = (
    "All contestants of a comparison run in one process, in interleaved rounds: in each of {rounds} rounds (one more "
    "before them to warm up) every contestant takes {steps} consecutive steps on the same {steps} shuffled, ragged "
    "batches of the training names. Times are medians over the rounds; a ratio is the median over the rounds of ours / "
    "theirs within a round. The comparison of steps is run in {runs} separate processes, whose ratios are all given; the "
    "ratio is their median. One thread for NumPy and PyTorch unless it says otherwise. A step is the gradient, clipping "
    "to norm 1 and Adam, float32 (the first version: float64). Ours includes the check and the packing of the batch; "
    "turning it into PyTorch's tensors is not timed. Before each comparison PyTorch's loss at the same weights is checked "
    "to be ours within 1e-5. The parts threads and scaling take fewer rounds and steps (7 and 3; an epoch: 3 and 1)."
)


def measure(part: str) -> dict[str, Any]:
    """What the benchmarks of one part put into `extra_info`, and the machine as pytest-benchmark saw it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "out.json")
        command = [sys.executable, "-m", "pytest", "-q", "-c", HERE / "pytest.ini", HERE, "-k", f"bench_{part}"]
        environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
        subprocess.run([*command, f"--benchmark-json={file}"], check=True, env=environment)
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


def machine(info: dict[str, Any]) -> dict[str, Any]:
    cpu = info["cpu"]
    blas = next((lib for lib in threadpool_info() if lib["user_api"] == "blas"), None)
    caches = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index[23]"))  # Linux only
    return {
        "processor": cpu.get("brand_raw", info["machine"]),
        "cores": os.cpu_count(),
        "cache": ", ".join(f"L{index.name[-1]} {(index / 'size').read_text().strip()}" for index in caches),
        "system": f"{info['system']} {info['machine']}",
        "python": info["python_version"],
        "numpy": np.__version__,
        "blas": blas and f"{blas['internal_api']} {blas['version']}, kernel {blas.get('architecture')}",
        "torch": installed("torch"),
        "date": datetime.date.today().isoformat(),
    }


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def steps_of_all(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row of several runs: the median of each number, and the ratios of every run."""
    rows = []
    for alike in zip(*(run["steps"] for run in runs), strict=True):
        row = alike[0] | {"ours_ms": median(one["ours_ms"] for one in alike)}
        row["rivals"] = {name: rival_of_all([one["rivals"][name] for one in alike]) for name in row["rivals"]}
        rows.append(row)
    return rows


def rival_of_all(alike: list[dict[str, float]]) -> dict[str, Any]:
    ratios = [one["ratio"] for one in alike]
    return {"ms": median(one["ms"] for one in alike), "ratio": median(ratios), "runs": ratios}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; none: all but commands")
    parts = parser.parse_args().parts or PARTS[:-1]
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in parts:
        runs = [measure(part) for _ in range(RUNS if part == "steps" else 1)]
        result = runs[-1] | ({"steps": steps_of_all(runs)} if part == "steps" else {})
        speed = json.loads(SPEED.read_text(encoding="utf-8")) if SPEED.exists() else {}
        speed = speed | {"method": METHOD.format(rounds=20, steps=5, runs=RUNS)} | result
        SPEED.write_text(json.dumps(speed, indent=1) + "\n", encoding="utf-8")
        (HERE / "results.md").write_text(report.markdown(speed), encoding="utf-8")


if __name__ == "__main__":
    main()
