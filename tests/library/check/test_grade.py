"""Grading a finished notebook: what its checks said, in a new run; wrong, missing, raising and printed answers."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lstm_lib.check import grade

FOUR = "from lstm_lib.check import chapter_06 as check\nfrom lstm_lib.check.feedback import not_yet, right"
CELLS = [
    new_markdown_cell("# 6. A chapter"),
    new_code_cell(FOUR),
    new_markdown_cell("**6.1** (code, 15 minutes) Solved.\n\nSee exercise 6.2."),
    new_code_cell("check.holding_biases(-12.0, 12.0)"),
    new_code_cell("# @title Solution 6.1\ncheck.holding_biases(-12.0, 5.0)"),
    new_code_cell("# check: what comes later is no answer\nassert not check.holding_biases(1.0, 1.0).right"),
    new_markdown_cell("**6.2** (quick, 5 minutes) Wrong first, right at last, printed in between."),
    new_code_cell("check.holding_biases(-12.0, 5.0)"),
    new_code_cell("print('Right. I am sure.')\ncheck.holding_biases(-12.0, 5.0)"),
    new_markdown_cell("**6.3** (quick, 5 minutes) Left open."),
    new_code_cell("b_i, b_f = ..., ...\ncheck.holding_biases(b_i, b_f)"),
    new_markdown_cell("**6.4** (code, 10 minutes) Raises, and the next cell runs all the same."),
    new_code_cell("check.holding_biases(nobody, 1.0)"),
    new_markdown_cell("**6.5** (code, 10 minutes) Asked, and not shown.\n\n**6.6** (pencil, 5 minutes) In words."),
    new_code_cell("answer = 'in words'"),
]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook as a learner might leave it, never run."""
    path = tmp_path_factory.mktemp("ana") / "06-cell.ipynb"
    nbformat.write(new_notebook(cells=CELLS), path)
    return path


def test_what_the_checks_said(handed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grade.main([str(handed_in)])
    answer = json.loads(capsys.readouterr().out)
    said = answer.pop("said")
    assert answer == {"notebook": "06-cell.ipynb", "right": 1, "of": 4}
    assert said["6.1"].startswith("Right. After fifty steps")
    assert said["6.2"].startswith("Not yet: ")
    assert said["6.3"].startswith("Not attempted yet")
    assert said["6.4"] == "NameError: name 'nobody' is not defined"
    assert said["6.5"] == said["6.6"] == grade.NO_CHECK
    assert 'execution_count": 1' not in handed_in.read_text(encoding="utf-8"), "what was handed in stays as it was"


def cell(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def test_only_what_a_cell_returns_counts_and_the_last_of_it() -> None:
    head = {"cell_type": "markdown", "source": "**7.2** (code, 10 minutes) Write both lines."}
    shown = [
        {"output_type": "execute_result", "data": {"text/plain": text}} for text in ("Not yet: no.", "Right. Yes.")
    ]
    printed = {"output_type": "stream", "text": "Right. I am sure."}
    assert grade.verdicts({"cells": [head, cell("check.gate(mine)", *shown, printed)]}) == {"7.2": "Right. Yes."}
    assert grade.verdicts({"cells": [head, cell("check.gate(mine)", printed)]}) == {"7.2": grade.NO_CHECK}
    assert grade.verdicts({"cells": [cell("check.gate(mine)", *shown), head]}) == {"7.2": grade.NO_CHECK}


@pytest.mark.parametrize(
    "chapter", sorted((Path(__file__).parents[3] / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_every_exercise_of_the_book_is_found_unanswered(chapter: Path) -> None:
    """From the stored outputs: each exercise is listed, none counts as right, and most have a check."""
    said = grade.verdicts(json.loads(chapter.read_text(encoding="utf-8")))
    assert list(said) == sorted(said, key=lambda number: int(number.split(".")[1]))
    assert not [number for number, text in said.items() if text.startswith("Right.")]
    assert len(said) >= 3
    assert sum(text != grade.NO_CHECK for text in said.values()) >= len(said) - 1
