"""How long the cells under each heading take, for teachers who run them before a class; rewrites `book/live.json`.

Usage: python scripts/live.py [NOTEBOOK...]     (minutes; without names all of them, with names only theirs anew)
Each notebook once, in a fresh kernel, in seconds of the processor: on one free core a clock shows about the same, and
other programs do not count. They depend on the machine, so nothing compares them with a new run, and
`book/for-teachers.md` rounds them up.
"""

import json
import os
import platform
import re
import sys
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1")

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "book" / "live.json"
BEFORE = """import json as _json, time as _time
_times = []
get_ipython().events.register("pre_run_cell", lambda info: _times.append(_time.process_time()))"""
AFTER = "print(_json.dumps(_times))"
HEADING = re.compile(r"(?m)^## (.+)$")


def by_heading(path: Path) -> dict[str, float]:
    """Seconds under each heading of a notebook, in order; `set-up` is what stands before the first one."""
    notebook = nbformat.read(path, as_version=4)
    heading, headings = "set-up", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (HEADING.findall(cell.source) or [heading])[-1]
        else:
            headings.append(heading)
    notebook.cells = [
        new_code_cell(BEFORE),
        *(c for c in notebook.cells if c.cell_type == "code"),
        new_code_cell(AFTER),
    ]
    NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}}).execute()
    times = json.loads("".join(output.text for output in notebook.cells[-1].outputs))
    found = dict.fromkeys(headings, 0.0)
    for heading, begun, done in zip(headings, times, times[1:], strict=False):
        found[heading] += done - begun
    return {name: round(seconds, 1) for name, seconds in found.items()}


def processor() -> str:
    """The name of this machine's processor, as the system tells it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def main(names: list[str]) -> None:
    """Measure one notebook after the other, and store after each."""
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {"seconds": {}}
    for path in map(Path, names) if names else sorted((ROOT / "notebooks").glob("*.ipynb")):
        stored["seconds"][path.stem] = by_heading(path)
        stored["machine"] = processor()
        stored["seconds"] = dict(sorted(stored["seconds"].items()))
        STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{sum(stored['seconds'][path.stem].values()):6.1f} s  {path.stem}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
