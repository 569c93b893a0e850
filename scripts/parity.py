"""Run the PyTorch lines that close each chapter, after the chapter's own code, and require equal numbers.

Usage: python scripts/parity.py [NOTEBOOK ...]

A chapter's last cell holds one fenced block of Python; other cells may hold more, each beginning with `import torch`.
The last line of a block is a pair, `theirs, ours`: what PyTorch gives and what the chapter gave. A block runs where it
stands, after those cells that give it its names. Each chapter has a process of its own; where processes can fork,
they do so from one that has imported torch already. `make parity` calls this in an environment that has torch; nothing
else needs torch.
"""

import argparse
import ast
import builtins
import io
import linecache
import multiprocessing
import os
import re
import symtable
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1", MPLBACKEND="agg")
os.environ.setdefault("PYTHONHASHSEED", "0")

import matplotlib.pyplot as plt
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
WORKERS = 2
LIMIT = 300  # seconds for a chapter
FORKS = "forkserver" in multiprocessing.get_all_start_methods()
PROCESSES = multiprocessing.get_context("forkserver" if FORKS else "spawn")
PROCESSES.set_forkserver_preload(["torch", "pandas", "__main__"])
FIRST_LINE = "import torch\n"
SHARED = {"check", "np", "pd", "plt"}  # what cells call and do not change
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMPARE = """
import numpy as _np
_theirs, _ours = (_np.asarray(_side, dtype=float) for _side in _pair)
assert _theirs.shape == _ours.shape and _theirs.size, f"shapes {_theirs.shape} and {_ours.shape}"
_np.testing.assert_allclose(_theirs, _ours, rtol=0, atol=1e-6)
_said = f"{_theirs.size} numbers, largest difference {abs(_theirs - _ours).max():.0e}"
"""


class ParityError(Exception):
    """A chapter without its lines, lines that cannot run, or numbers that differ."""


def lines_of(cell: NotebookNode) -> str:
    """The block of Python in a chapter's last cell; raises ParityError when there is not exactly one."""
    blocks = FENCE.findall(cell.source)
    if cell.cell_type != "markdown" or len(blocks) != 1:
        raise ParityError(f"the last cell must be Markdown with one block of Python; it has {len(blocks)}")
    return str(blocks[0])


def blocks_of(cells: list[NotebookNode]) -> list[tuple[int, str]]:
    """The place of each cell with lines of PyTorch, and the lines, in order; raises what `lines_of` does."""
    texts = [(place, cell.source) for place, cell in enumerate(cells[:-1]) if cell.cell_type == "markdown"]
    found = [(place, lines) for place, text in texts for lines in FENCE.findall(text) if lines.startswith(FIRST_LINE)]
    return [*found, (len(cells) - 1, lines_of(cells[-1]))]


def with_comparison(lines: str) -> str:
    """The lines, with the pair at their end compared; raises ParityError when they do not end in a pair."""
    tree = ast.parse(lines)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Tuple) or len(last.value.elts) != 2:
        raise ParityError(f"the last line must be a pair, theirs, ours; it is {ast.unparse(last)}")
    before = ast.unparse(ast.Module(tree.body[:-1], []))
    return f"{before}\n_pair = {ast.unparse(last)}\n{COMPARE}"


def names_of(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell gives or changes, and those that it reads; raises SyntaxError for magics.

    From Python 3.12 on a comprehension's own names count as the cell's: at worst a cell more is run.
    """
    table = symtable.symtable(source, "cell", "exec")
    given = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    scopes = table.get_children()
    while scopes:  # functions, whose own names are nobody else's
        scope = scopes.pop()
        read |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
        scopes += scope.get_children()
    changed: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            changed.append(node)  # x[0] = 1
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed.append(node.value.func)  # x.append(1), but neither print(1) nor np.seterr()
    roots = {part.id for node in changed for part in ast.walk(node) if isinstance(part, ast.Name)}
    return given | (roots - SHARED - set(dir(builtins))), read


def leaned_on(cells: list[NotebookNode], blocks: list[NotebookNode]) -> list[NotebookNode]:
    """The blocks, and of the code before them the cells that give or change a name which they need, in order."""
    kept: list[NotebookNode] = []
    needed: set[str] = set()
    for cell in reversed([cell for cell in cells if cell.cell_type == "code"]):
        try:
            given, read = names_of(cell.source)
        except SyntaxError:  # %pip
            given, read = needed, set()
        if any(cell is block for block in blocks) or given & needed:
            kept.insert(0, cell)
            needed |= read
    return kept


def compare(path: Path) -> str:
    """Run a chapter with its PyTorch lines; returns what was found equal, raises ParityError otherwise."""
    notebook = nbformat.read(path, as_version=4)
    added = []
    for place, lines in reversed(blocks_of(notebook.cells)):
        added.insert(0, nbformat.v4.new_code_cell(with_comparison(lines)))
        notebook.cells.insert(place + 1, added[0])
    notebook.cells = leaned_on(notebook.cells, added)
    return "; ".join(run(notebook.cells, added, path))


def run(cells: list[NotebookNode], blocks: list[NotebookNode], path: Path) -> list[str]:
    """Run the cells as a notebook would, without showing anything; what each block says, or a ParityError."""
    names: dict[str, Any] = {"__name__": "__main__", "display": display}
    said = []
    with chdir(path.parent), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for number, cell in enumerate(cells):
            code, place = TransformerManager().transform_cell(cell.source), f"<cell {number} of {path.stem}>"
            linecache.cache[place] = len(code), None, code.splitlines(keepends=True), place
            try:
                exec(compile(code, place, "exec"), names)
            except Exception as error:
                raise ParityError(traceback.format_exc()) from error
            plt.close("all")
            if any(cell is block for block in blocks):
                said.append(str(names["_said"]))
    return said


def report(path: Path) -> bool:
    """Print one line about a chapter; whether its numbers are equal."""
    try:
        print(f"{path.stem}: {compare(path)}", flush=True)
    except ParityError as error:
        print(f"{path.stem}: FAILED. {error}", flush=True)
        return False
    return True


def leave_with(path: Path) -> None:
    """End this process with 0 when a chapter's numbers are equal, with 1 otherwise."""
    sys.exit(0 if report(path) else 1)


def report_apart(path: Path) -> bool:
    """`report` in a process of its own; one that dies, or takes too long, is a failure that is named."""
    child = PROCESSES.Process(target=leave_with, args=(path,))
    child.start()
    child.join(LIMIT)
    if child.exitcode not in (0, 1):
        print(f"{path.stem}: FAILED. Its process ended with {child.exitcode}; None: not in {LIMIT} s", flush=True)
        child.kill()
    return child.exitcode == 0


def main() -> None:
    """Compare the chapters named on the command line, or all, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, default=NOTEBOOKS)
    with ThreadPoolExecutor(WORKERS) as pool:
        equal = list(pool.map(report_apart, parser.parse_args().notebooks))
    print(f"{sum(equal)} of {len(equal)} chapters agree with PyTorch")
    sys.exit(0 if all(equal) and equal else 1)


if __name__ == "__main__":
    main()
