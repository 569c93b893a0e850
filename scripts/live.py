"""How long the cells under each heading take, for teachers who run them before a class; rewrites `book/live.json`.

Usage: python scripts/live.py [NOTEBOOK...]     (minutes; without names all of them, with names only theirs anew)
One thread, each notebook once, in a fresh kernel. Seconds depend on the machine, so nothing compares them with a new
run: `book/for-teachers.md` rounds them up.
"""

import json
import os
import platform
import re
import sys
from datetime import datetime
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1")

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "book" / "live.json"
HEADING = re.compile(r"(?m)^## (.+)$")


def seconds_of(cell: NotebookNode) -> float:
    """From the moment when the kernel took up a cell to the moment when it was done."""
    times = cell.metadata.get("execution", {})
    begun, done = (datetime.fromisoformat(times[f"iopub.status.{state}"]) for state in ("busy", "idle"))
    return (done - begun).total_seconds()


def by_heading(path: Path) -> dict[str, float]:
    """Seconds under each heading of a notebook, in order; `set-up` is what stands before the first one."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, record_timing=True, resources=folder).execute()
    heading, found = "set-up", {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (HEADING.findall(cell.source) or [heading])[-1]
        elif cell.source:
            found[heading] = found.get(heading, 0.0) + seconds_of(cell)
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
