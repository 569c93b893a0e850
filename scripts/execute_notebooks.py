"""Execute notebooks in a fresh kernel and store their outputs so that a second run gives the same bytes.

Usage: python scripts/execute_notebooks.py NOTEBOOK... [--output FOLDER]
Without --output each notebook is replaced by its executed self; a notebook that fails is left as it was.
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1", PYTHONHASHSEED="0")

import nbformat
from nbclient import NotebookClient

WORKERS = 2
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(path: Path) -> str:
    """The notebook's text with the outputs of a run from top to bottom."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    for cell in notebook.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):  # the reader's own, such as times
            cell.outputs = []
    notebook.metadata = nbformat.from_dict(METADATA)
    return nbformat.writes(notebook, version=4) + "\n"


def execute(path: Path, folder: Path | None) -> Path:
    """Execute one notebook and write it whole, in place or into `folder`."""
    text = executed(path)
    target = (folder or path.parent) / path.name
    aside = target.with_suffix(".part")
    aside.write_text(text, encoding="utf-8", newline="\n")
    aside.replace(target)
    return target


def main() -> None:
    """Execute the notebooks named on the command line, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--output", type=Path, help="an existing folder for the executed copies")
    arguments = parser.parse_args()
    with ThreadPoolExecutor(WORKERS) as pool:
        for target in pool.map(lambda path: execute(path, arguments.output), arguments.notebooks):
            print(f"executed {target}", flush=True)


if __name__ == "__main__":
    main()
