"""The closing box of each chapter, and the command that compares its PyTorch lines; torch itself is not needed here."""

import ast
import re
import sys
import types
from pathlib import Path

import nbformat
import pytest
from chapters import ROOT, cells, closing_box, visible

sys.path.insert(0, str(ROOT / "scripts"))
import parity

HEADING = "## Where you meet it again"


def without_code(text: str) -> str:
    """The box without its fenced lines."""
    return parity.FENCE.sub("", text)


def test_the_closing_box_has_its_three_parts_and_its_length(chapter: Path) -> None:
    box = closing_box(chapter)
    assert box.startswith(HEADING)
    assert re.findall(r"(?m)^\*\*(In [^*]+)\.\*\*", box) == ["In PyTorch", "In a transformer", "In general"]
    words = len(visible(without_code(box)).split()) - len(HEADING.split())
    assert 90 <= words <= 150, f"{words} words"


def test_its_pytorch_lines_are_few_and_end_in_a_pair(chapter: Path) -> None:
    lines = parity.lines_of(nbformat.v4.new_markdown_cell(closing_box(chapter)))
    assert lines.startswith("import torch\n")
    assert 2 <= len(lines.splitlines()) <= 8
    assert max(map(len, lines.splitlines())) <= 84
    ast.parse(parity.with_comparison(lines))


def test_other_blocks_of_pytorch_are_short_and_end_in_a_pair(chapter: Path) -> None:
    for _, lines in parity.blocks_of(cells(chapter))[:-1]:
        assert len(lines.splitlines()) <= 25
        assert max(map(len, lines.splitlines())) <= 84
        ast.parse(parity.with_comparison(lines))


def notebook(folder: Path, *cells: str, last: str) -> Path:
    """A notebook of code cells and a last Markdown cell."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    made.cells.append(nbformat.v4.new_markdown_cell(last))
    path = folder / "one.ipynb"
    nbformat.write(made, path)
    return path


@pytest.mark.parametrize(
    ("last", "message"),
    [
        ("no code", "it has 0"),
        ("```python\n1, 1\n```\n\n```python\n1, 1\n```", "it has 2"),
        ("```python\nx = 1\n```", "theirs, ours; it is x = 1"),
        ("```python\n1, 2, 3\n```", "it is (1, 2, 3)"),
    ],
)
def test_lines_that_cannot_be_compared(tmp_path: Path, last: str, message: str) -> None:
    with pytest.raises(parity.ParityError, match=re.escape(message)):
        parity.compare(notebook(tmp_path, "a = 1", last=last))


def test_equal_numbers_and_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert parity.report(notebook(tmp_path, "a = [1.0, 2.0]", last="```python\nb = a\nb, [1, 2 + 1e-7]\n```"))
    assert "2 numbers, largest difference 1e-07" in capsys.readouterr().out
    assert not parity.report(notebook(tmp_path, "a = 1.0", last="```python\na, 1 + 1e-5\n```"))
    assert "Mismatched elements" in capsys.readouterr().out
    assert not parity.report(notebook(tmp_path, "a = 1.0", last="```python\n[a], a\n```"))
    assert "shapes (1,) and ()" in capsys.readouterr().out


def test_each_chapter_has_a_process_and_one_that_dies_is_a_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert parity.report_apart(notebook(tmp_path, "a = 1", last="```python\na, 1\n```"))
    assert not parity.report_apart(notebook(tmp_path, "a = 1", last="```python\na, 2\n```"))
    assert not parity.report_apart(notebook(tmp_path, "import os\na = os._exit(7)", last="```python\na, 1\n```"))
    out = capfd.readouterr().out
    assert ["Its process ended with 7" in out, out.count("one: FAILED"), out.count("1 numbers")] == [True, 2, 1]


def test_cells_run_as_in_a_notebook(tmp_path: Path) -> None:
    """Beside the file, with the source of functions at hand, magics that do not run, and no figure left open."""
    (tmp_path / "list.txt").write_text("4", encoding="utf-8")
    cells = ["import inspect\nif False:\n    %pip install nothing\ndef f():\n    return 3",
             "a = len(inspect.getsource(f).splitlines())",
             "from pathlib import Path\nb = int(Path('list.txt').read_text())",
             "import matplotlib.pyplot as plt\nfig = plt.figure()",
             "c = len(plt.get_fignums())"]  # fmt: skip
    path = notebook(tmp_path, *cells, last="```python\n[a, b, c, fig.number], [2, 4, 0, 1]\n```")
    assert parity.compare(path) == "4 numbers, largest difference 0e+00"


def test_a_block_within_a_chapter_runs_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block, closing = "```python\nimport torch\na, 1\n```", "```python\na, 3\n```"
    monkeypatch.setitem(sys.modules, "torch", types.ModuleType("torch"))
    path = notebook(tmp_path, "a = 1", "never = here", last=closing)
    book = nbformat.read(path, as_version=4)
    shown = nbformat.v4.new_markdown_cell(f"Before.\n\n{block}\n\n```python\nno, such, lines\n```\n\nAfter.")
    book.cells[2:2] = [shown, nbformat.v4.new_code_cell("a = 3")]
    nbformat.write(book, path)
    assert parity.compare(path) == "1 numbers, largest difference 0e+00; 1 numbers, largest difference 0e+00"
    book.cells[0].source = "a = 2"
    nbformat.write(book, path)
    assert not parity.report(path)


def test_only_cells_that_are_leaned_on_run() -> None:
    sources = ["import numpy as np", "a = []", "b = 1", "a.append(np.e)", "print(a)", "a[0] = 2",
               "c = list(map(lambda b: b, a))", "def f():\n    return c", "np.seterr()", "d = f()"]  # fmt: skip
    code = [nbformat.v4.new_code_cell(source) for source in sources]
    block = nbformat.v4.new_code_cell("d, 1")
    kept = [cell.source for cell in parity.leaned_on([*code, block], [block])]
    assert kept == [source for source in sources if source not in {"b = 1", "print(a)", "np.seterr()"}] + ["d, 1"]
