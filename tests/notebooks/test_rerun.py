"""A new run of every notebook gives the stored file again: text byte for byte, figures within a small tolerance."""

import io
import json
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from chapters import ROOT
from pictures import difference, figures

from lstm_lib.figures.recurring import diagram
from lstm_lib.figures.style import SAVED_WITH, use_book_style


@pytest.fixture(scope="module")
def rerun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly executed copies of the chapters asked for, made the way `make notebooks` makes them."""
    folder = tmp_path_factory.mktemp("executed")
    asked = [item.callspec.params["chapter"] for item in request.session.items if "rerun" in item.fixturenames]
    command = [sys.executable, "scripts/execute_notebooks.py", *map(str, asked), "--output", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_text_is_equal_byte_for_byte_and_figures_look_the_same(chapter: Path, rerun: Path) -> None:
    stored, stored_figures = figures(chapter.read_text(encoding="utf-8"))
    again, new_figures = figures((rerun / chapter.name).read_text(encoding="utf-8"))
    assert stored == again, f"{chapter.name} is not what a new run gives: run `make notebooks` and read the difference"
    assert len(stored_figures) == len(new_figures)
    differ = [difference(old, new) for old, new in zip(stored_figures, new_figures, strict=True)]
    assert not any(differ), differ


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
    assert figures('{"cells": [{"outputs": [{"data": {"image/svg+xml": ' + json.dumps(figure) + "}}]}]}")[1] == [figure]
    assert difference(figure, drawn([1, 2 + 1e-7, 1.5])) == ""
    assert "points away" in difference(figure, drawn([1, 2.02, 1.5]))
    assert difference(figure, drawn([1, 2, 1.5], "cost")) == "other words, styles or parts"
    assert difference(figure, drawn([1, 2, 1.5], shade=0.3)) == "an image"


def test_nbval_leaves_figures_out_and_compares_the_drawings() -> None:
    """On other versions a figure has other bytes; a drawing is a file of the library."""
    rules = ConfigParser()
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg")
    pattern = re.compile(rules["figures"]["regex"])
    assert pattern.sub("", drawn([1, 2, 1.5])).strip() == ""
    assert pattern.sub("", diagram("machine").svg) == diagram("machine").svg
