"""A new run of a notebook is compared with the stored file: text by nbval, figures beside it, files byte for byte."""

import io
import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from chapters import NOTEBOOKS, ROOT
from pictures import difference, words

from lstm_lib.figures.recurring import diagram
from lstm_lib.figures.style import SAVED_WITH, use_book_style


def test_executing_a_notebook_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The shortest run stands for all: nbval compares the others, and `make notebooks` writes each in the same way."""
    stored = next(path for path in NOTEBOOKS if path.name.startswith("07"))
    command = [sys.executable, "scripts/execute_notebooks.py", str(stored), "--output", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert without_figures(tmp_path / stored.name) == without_figures(stored)


def without_figures(path: Path) -> str:
    """The notebook's text; a figure's last digits are the machine's own."""
    return re.sub(r'"<\?xml version.*?</svg>', "FIGURE", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def drawn(heights: list[float], word: str = "loss", shade: float = 0.2) -> str:
    """A small figure as SVG: a line, a word and an image."""
    with plt.rc_context():
        use_book_style()
        fig, ax = plt.subplots()
        ax.plot(heights)
        ax.imshow([[shade, 0.9]], vmin=0, vmax=1, aspect="auto", extent=(0, 1, 0, 1))
        ax.set(xlim=(0, 2), ylim=(0, 3), ylabel=word)
        file = io.StringIO()
        fig.savefig(file, format="svg", **SAVED_WITH)
        plt.close(fig)
    return file.getvalue()


def test_a_changed_figure_would_be_noticed() -> None:
    """The tolerance has room for another machine's last digits, not for another curve, word or colour."""
    figure = drawn([1, 2, 1.5])
    assert difference(figure, drawn([1, 2 + 1e-7, 1.5])) == ""
    assert "points away" in difference(figure, drawn([1, 2.02, 1.5]))
    assert difference(figure, drawn([1, 2, 1.5], "cost")) == "other words, styles or parts"
    assert difference(figure, drawn([1, 2, 1.5], shade=0.3)) == "an image"
    assert words(figure) == words(drawn([1, 2.5, 1.5])) == ["loss"]


@pytest.mark.parametrize(
    ("heights", "word", "tags", "passes"),
    [
        ([1, 2, 1.5], "loss", [], True),
        ([1, 2.5, 1.5], "loss", [], False),
        ([1, 2.5, 1.5], "loss", ["rounding"], True),
        ([1, 2, 1.5], "cost", ["rounding"], False),
    ],
)
def test_nbval_compares_figures(heights: list[float], word: str, tags: list[str], passes: bool, tmp_path: Path) -> None:
    """A notebook that stores one figure and draws another."""
    stored, again = ({"image/svg+xml": drawn(*each)} for each in (([1, 2, 1.5],), (heights, word)))
    cell = nbformat.v4.new_code_cell(f"display({again!r}, raw=True)", execution_count=1, metadata={"tags": tags})
    cell.outputs = [nbformat.v4.new_output("display_data", stored)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "one.ipynb")
    rules = f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}"
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", rules, "-p", "compare_figures", "."]
    paths = {"PYTHONPATH": str(ROOT / "tests" / "notebooks")}
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True)
    assert (done.returncode == 0, "the figure is another one" in done.stdout) == (passes, not passes), done.stdout


def test_the_rules_for_text_leave_figures_out_and_drawings_in() -> None:
    """A figure has other bytes on other machines; a drawing is a file of the library."""
    rules = ConfigParser()
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg")
    pattern = re.compile(rules["figures"]["regex"])
    assert pattern.sub("", drawn([1, 2, 1.5])).strip() == ""
    assert pattern.sub("", diagram("machine").svg) == diagram("machine").svg
