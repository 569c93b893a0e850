"""The book's model in PyTorch, in one process and in two, for chapter 20: what is equal, and what the exchange costs.

Usage: python scripts/leave.py [PART ...], of `runs`, `longer`, `equal` and `times`; without one, all. Some minutes; it
needs PyTorch, as `make parity` installs it. Writes lstm_lib/datasets/leave.json: losses of a run that the chapter
repeats in NumPy, names from a longer run, and what scripts/two_processes.py found. Parts that do not run keep what they
have. Computing is timed on the processor's own clock, a median; an exchange by the wall clock, the best of several.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import torch
from lstm_in_torch import Names, params_of, train
from measures import DATASETS, write_json
from two_processes import STEPS, B, D, H, start, work

from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.sample import sample_names
from lstm_lib.vocabulary import Vocabulary

LEAVE = DATASETS / "leave.json"
EVERY = 10  # of the steps, the losses that are kept
LONGER = 3000
HERE = Path(__file__).parent


def losses(dtype: type, *, biases: int = 1) -> list[float]:
    """The run of the chapter in one process; with two biases, both learn."""
    net = Names(start(D, H, dtype))
    net.lstm.bias_hh_l0.requires_grad_(biases == 2)
    return train(net, [(batch, 1 / batch.mask.sum()) for batch in work(B, STEPS)])


def longer_run() -> dict[str, Any]:
    """The same model for more steps: what it is worth, and what it writes, by our own programs."""
    split = load_splits()
    vocabulary = Vocabulary.from_names(split.train)
    net = Names(start(D, H, np.float32))
    train(net, [(batch, 1 / batch.mask.sum()) for batch in work(B, LONGER)])
    params = params_of(net)
    names = sample_names(params, vocabulary, 12, rng=np.random.default_rng(20))
    return {"steps": LONGER, "val": round(nll(params, vocabulary, split.val), 4), "names": names}


def runs() -> dict[str, Any]:
    """The run of the chapter, in three ways; of the losses, one in EVERY."""
    found = {
        "float64": losses(np.float64),
        "float32": losses(np.float32),
        "float64, both biases learn": losses(np.float64, biases=2),
    }
    return {"every": EVERY, "losses": {name: each[::EVERY] for name, each in found.items()}}


def equal() -> dict[str, Any]:
    """The same run and its gradient in two processes."""
    found = two_processes("equal")
    return {"shared": found | {"losses": found["losses"][::EVERY]}}


def two_processes(part: str) -> dict[str, Any]:
    """What two processes find, started as anybody would start them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "found.json")
        command = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(HERE / "two_processes.py")]
        subprocess.run([sys.executable, "-m", *command, part, str(file)], check=True)
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def machine() -> dict[str, Any]:
    """Where the times come from."""
    facts = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines())
    named = {key.strip(): value.strip() for key, value in facts.items()}
    processor = f"{named['model name']}, family {named['cpu family']}, model {named['model']}"
    return {"processor": processor, "cores": os.cpu_count(), "torch": torch.__version__,
            "date": datetime.date.today().isoformat()}  # fmt: skip


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "runs": runs,
    "longer": lambda: {"longer": longer_run()},
    "equal": equal,
    "times": lambda: {"machine": machine(), "times": two_processes("times")},
}


def main() -> None:
    """The parts that are asked for, each written as soon as it is there."""
    torch.set_num_threads(1)
    for part in sys.argv[1:] or PARTS:
        known = json.loads(LEAVE.read_text(encoding="utf-8")) if LEAVE.exists() else {}
        write_json(LEAVE, known | PARTS[part]())
        print(part, flush=True)


if __name__ == "__main__":
    main()
