"""PyTorch's step by the row, with freed memory handed back to the system or kept: `kept.py {back,kept} BATCH`, on Linux.

Handed back is the C library's way with large arrays: they fault in page by page at the next step. Kept removes this
cause alone. CPU time on one thread, the median of the steps; each setting needs a process of its own.
"""

import ctypes
import json
import sys
import time
from itertools import islice
from resource import RUSAGE_SELF, getrusage

import numpy as np
from compare import shuffled, start
from rivals import TorchStep

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
WARM, STEPS = 2, 6


def main() -> None:
    way, size = sys.argv[1], int(sys.argv[2])
    libc = ctypes.CDLL(None)
    if way == "kept" and not (libc.mallopt(M_MMAP_MAX, 0) and libc.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)):
        raise OSError("this C library does not let its memory be kept")
    step, found = TorchStep(start(32, 256), packed=False), []
    for batch in islice(shuffled(size), WARM + STEPS):
        tensors = step.prepare(batch)
        faults, begin = getrusage(RUSAGE_SELF).ru_minflt, time.process_time()
        step(tensors)
        ms = 1e3 * (time.process_time() - begin)
        found.append((1e3 * ms / batch.mask.size, getrusage(RUSAGE_SELF).ru_minflt - faults))
    ms, faults = np.median(found[WARM:], axis=0).tolist()
    print(json.dumps({"batch": size, "memory": way, "ms_per_1000_rows": round(ms, 2), "page_faults": round(faults)}))


if __name__ == "__main__":
    main()
