"""What page faults cost: `kept.py {back,kept} {list,BATCH}` runs steps with freed memory handed back, or kept (Linux).

Handed back is the C library's way with large arrays: they fault in page by page at the next step. Kept removes this
cause alone. A number asks for PyTorch's step with so many names, `list` for the rung that drops the list of weight
gradients. CPU time on one thread, medians over the steps; each setting needs a process of its own.
"""

import ctypes
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from resource import RUSAGE_SELF, getrusage
from typing import Any

import numpy as np
from compare import Training, shuffled, start
from rivals import TorchStep

from lstm_lib.data import Batch
from lstm_lib.rungs import RUNGS, textbook_adam

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
WARM, STEPS = 2, 6


def timed(step: Callable[[Any], object], work: Any) -> tuple[float, int]:
    """The milliseconds and page faults of one step."""
    faults, begin = getrusage(RUSAGE_SELF).ru_minflt, time.process_time()
    step(work)
    return 1e3 * (time.process_time() - begin), getrusage(RUSAGE_SELF).ru_minflt - faults


def by_row(batches: Iterator[Batch]) -> dict[str, float]:
    """PyTorch's padded step: milliseconds for a thousand rows."""
    step, found = TorchStep(start(32, 256), packed=False), []
    for batch in islice(batches, WARM + STEPS):
        ms, faults = timed(step, step.prepare(batch))
        found.append((1e3 * ms / batch.mask.size, faults))
    ms, faults = np.median(found[WARM:], axis=0).tolist()
    return {"ms_per_1000_rows": round(ms, 2), "page_faults": round(faults)}


def by_list(batches: Iterator[Batch]) -> dict[str, float]:
    """What one weight product over time saves of the step before it, both in float64, and the faults of that step."""
    steps = [Training(start(32, 256, np.float64), rung.gradient, textbook_adam) for rung in RUNGS[2:4]]
    found = [[timed(step, batch) for step in steps] for batch in islice(batches, 5 * (WARM + STEPS))]
    before, after = np.array(found[WARM:]).transpose(1, 2, 0)
    return {"saved": round(float(np.median(1 - after[0] / before[0])), 3), "page_faults": round(np.median(before[1]))}


def main() -> None:
    way, what = sys.argv[1:]
    libc = ctypes.CDLL(None)
    if way == "kept" and not (libc.mallopt(M_MMAP_MAX, 0) and libc.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)):
        raise OSError("this C library does not let its memory be kept")
    found = by_list(shuffled(64)) if what == "list" else by_row(shuffled(int(what)))
    print(json.dumps({"what": what, "memory": way} | found))


if __name__ == "__main__":
    main()
