"""Run the PyTorch lines that close each chapter, after the chapter's own code, and require equal numbers.

Usage: python scripts/parity.py [NOTEBOOK ...]

A chapter's last cell holds one fenced block of Python. Its last line is a pair, `theirs, ours`: what PyTorch gives and
what the chapter gave. `make parity` calls this in an environment that has torch; nothing else needs torch.
"""

import argparse
import ast
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1", PYTHONHASHSEED="0")

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
WORKERS = 2
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMPARE = """
import numpy as _np
_theirs, _ours = (_np.asarray(_side, dtype=float) for _side in _pair)
assert _theirs.shape == _ours.shape and _theirs.size, f"shapes {_theirs.shape} and {_ours.shape}"
_np.testing.assert_allclose(_theirs, _ours, rtol=0, atol=1e-6)
print(f"{_theirs.size} numbers, largest difference {abs(_theirs - _ours).max():.0e}")
"""


class ParityError(Exception):
    """A chapter without its lines, lines that cannot run, or numbers that differ."""


def lines_of(cell: NotebookNode) -> str:
    """The block of Python in a chapter's last cell; raises ParityError when there is not exactly one."""
    blocks = FENCE.findall(cell.source)
    if cell.cell_type != "markdown" or len(blocks) != 1:
        raise ParityError(f"the last cell must be Markdown with one block of Python; it has {len(blocks)}")
    return str(blocks[0])


def with_comparison(lines: str) -> str:
    """The lines, with the pair at their end compared; raises ParityError when they do not end in a pair."""
    tree = ast.parse(lines)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Tuple) or len(last.value.elts) != 2:
        raise ParityError(f"the last line must be a pair, theirs, ours; it is {ast.unparse(last)}")
    before = ast.unparse(ast.Module(tree.body[:-1], []))
    return f"{before}\n_pair = {ast.unparse(last)}\n{COMPARE}"


def compare(path: Path) -> str:
    """Run a chapter and then its PyTorch lines; returns what was found equal, raises ParityError otherwise."""
    notebook = nbformat.read(path, as_version=4)
    added = nbformat.v4.new_code_cell(with_comparison(lines_of(notebook.cells[-1])))
    notebook.cells.append(added)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}})
    try:
        client.execute()
    except CellExecutionError as error:
        raise ParityError(str(error)) from error
    return str(added.outputs[0].text).strip()


def report(path: Path) -> bool:
    """Print one line about a chapter; whether its numbers are equal."""
    try:
        print(f"{path.stem}: {compare(path)}", flush=True)
    except ParityError as error:
        print(f"{path.stem}: FAILED. {error}", flush=True)
        return False
    return True


def main() -> None:
    """Compare the chapters named on the command line, or all, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, default=NOTEBOOKS)
    with ThreadPoolExecutor(WORKERS) as pool:
        equal = list(pool.map(report, parser.parse_args().notebooks))
    print(f"{sum(equal)} of {len(equal)} chapters agree with PyTorch")
    sys.exit(0 if all(equal) and equal else 1)


if __name__ == "__main__":
    main()
