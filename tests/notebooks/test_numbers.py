"""No result is typed: each number in the prose is printed in its chapter, set by its code, or recomputed here."""

import json
import math
import re
from importlib.resources import files
from pathlib import Path

import pytest
from chapters import NOTEBOOKS, cells, code
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from lstm_lib.example import HAND_COMPUTED, HAND_COMPUTED_BACKWARD

ANA = [value for table in (HAND_COMPUTED, HAND_COMPUTED_BACKWARD) for row in table.values() for value in row]
FLATTER = sum(math.sqrt(p) for p in (0.3, 0.6, 0.1))  # a law at temperature 2
METRICS = json.loads((files("lstm_lib.datasets") / "metrics.json").read_text(encoding="utf-8"))
UNIGRAM = METRICS["corpus"]["train"]["unigram"]  # measured in another chapter
# What the prose works out before the reader's eyes, by chapter; each value is computed again, none is a result.
WORKED_OUT = {
    "02": [math.log(6), math.log(27), 1e-6, math.log(1e6), 2 * math.log(2), math.log(70.6)],
    "04": [4 / 31],
    "05": [math.log(2) / 2, math.log(3)],
    "06": [*ANA, math.log(2) / 2],
    "07": [
        *ANA, 0.0047 * math.log(3), math.tanh(0.6772), 0.1179 * 0.72, 0.8**2,
        1 / (1 + 3 ** -(2 - 0.9 * math.tanh(0.72))),  # f of the latch at step 3
    ],
    "08": [*ANA, math.log(3), math.log(2), 1 / (1 + math.exp(-1))],
    "11": [0.981, (110 - 99) / 100, 0.99],  # 0.99 is a choice of beta2
    "12": [math.log(27)],
    "13": [UNIGRAM],
    "22": [math.log(27) - 26 * math.log(1 - 1 / 27)],  # (22.1) at equal chances
    "14": [0.3**2 + 0.6**2 + 0.1**2, 36 / 46, math.log(3), *(math.sqrt(p) / FLATTER for p in (0.3, 0.6, 0.1))],
}  # fmt: skip
# What others published, cited with a link: how Llama 2 was trained.
PUBLISHED = {"11": [0.95]}
NUMBERED = r"(?:Figures?|[Ee]xercises?|[Ss]olutions?|and|eq\.) \d+\.\d+(?!\d| %)"
NOT_RESULTS = re.compile(
    r"\]\([^)]*\)|`[^`]*`|\\tag\{[^}]*\}"  # addresses, code, tags
    rf"|\(\d+\.\d+\)|\*\*\d+\.\d+\*\*|{NUMBERED}"  # numbers of equations, exercises and figures
)
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d{2,}(?!\w)")


def spoken(cell: NotebookNode) -> str:
    """What a cell says in words: its Markdown, or the caption and the alternative text of its figure."""
    if cell.cell_type == "markdown":
        return str(cell.source)
    shown = cell.metadata.get("mystnb", {})
    return f"{shown.get('figure', {}).get('caption', '')} {shown.get('image', {}).get('alt', '')}"


def printed(notebook: list[NotebookNode]) -> str:
    """All text that the cells print, and their code."""
    outputs = [out for cell in notebook if cell.cell_type == "code" for out in cell.outputs]
    texts = [f"{out.get('text', '')} {out.get('data', {}).get('text/plain', '')}" for out in outputs]
    return "\n".join([*texts, *(cell.source for cell in notebook if cell.cell_type == "code")])


def typed(notebook: list[NotebookNode], worked_out: list[float]) -> list[str]:
    """The numbers with two decimals or more that nothing in the notebook shows, not even with more decimals."""
    shown = [float(number) for number in re.findall(r"\d+\.\d+(?:e-?\d+)?", printed(notebook))]
    known = {digits: {f"{value:.{digits}f}" for value in [*shown, *map(abs, worked_out)]} for digits in range(2, 9)}
    found = []
    for cell in notebook:
        for number in DECIMAL.findall(NOT_RESULTS.sub(" ", spoken(cell))):
            if number not in known[len(number.split(".")[1])]:
                found.append(number)
    return found


def test_every_number_in_the_prose_is_shown_or_worked_out(chapter: Path) -> None:
    number = chapter.stem[:2]
    assert typed(cells(chapter), [*WORKED_OUT.get(number, []), *PUBLISHED.get(number, [])]) == []


@pytest.mark.parametrize("digits", [3, 4])
def test_a_typed_result_would_be_found(digits: int) -> None:
    loss = new_code_cell("loss", outputs=[new_output("stream", text="test 1.8799 nats, rate 0.25\n")])
    said = new_markdown_cell(f"The loss is {1.8799:.{digits}f}, see Figure 12.34, (12.55) and `1.2345`.")
    assert typed([loss, said], []) == []
    for wrong in ("It is 1.893 nats.", "It is $1.87$ nats.", "| LSTM | 1.8801 |", "<details>1.81</details>"):
        assert len(typed([loss, new_markdown_cell(wrong)], [])) == 1, wrong
    figure = new_code_cell("ladder()", metadata={"mystnb": {"figure": {"caption": "Figure 1.1. The bar is 1.95."}}})
    assert typed([loss, figure], []) == ["1.95"]
    assert typed([loss, figure], [1.9512]) == []


def test_what_is_worked_out_is_needed() -> None:
    for number, values in WORKED_OUT.items():
        chapter = next(path for path in NOTEBOOKS if path.stem.startswith(number))
        assert typed(cells(chapter), []), f"chapter {number}: nothing there needs {values}"
        assert code(chapter)


def test_what_others_published_is_said() -> None:
    for number, values in PUBLISHED.items():
        chapter = next(path for path in NOTEBOOKS if path.stem.startswith(number))
        said = DECIMAL.findall(" ".join(map(spoken, cells(chapter))))
        assert set(map(str, values)) <= set(said), f"chapter {number} does not say all of {values}"
