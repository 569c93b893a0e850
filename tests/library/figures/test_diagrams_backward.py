"""The card that closes chapter 7 says what its numbered equations say, and what its code says."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest

from lstm_lib.figures import diagrams

CHAPTER = Path(__file__).parents[3] / "notebooks" / "07-derive-every-gradient.ipynb"
SVG = "{http://www.w3.org/2000/svg}"


def squeezed(text: str) -> str:
    """An equation as bare letters and signs, however it is set: LaTeX, or the text of a drawing."""
    text = re.sub(r"\\math(?:rm|cal)\{(\w+)\}", r"\1", text.replace(r"\odot", "⊙").replace(r"\top", "⊤"))
    text = text.replace(r"\tanh", "tanh").replace("²", "2").replace("−", "-")
    return re.sub(r"[\s_^{}\\]", "", text)


def card() -> str:
    """All words of both halves of the card, in the order of the files."""
    words = []
    for name in ("backward-3-card", "backward-4-card"):
        for text in ET.fromstring(diagrams.load(name).svg).iter(f"{SVG}text"):
            words.append("".join(text.itertext()))
    return squeezed("".join(words))


def equations() -> dict[str, str]:
    """The numbered equations of the chapter, by number."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {number: body for body, number in re.findall(r"\$\$(.+?)\\tag\{(7\.\d+)\}\$\$", prose)}


def test_the_chapter_has_eleven_equations() -> None:
    assert list(equations()) == [f"7.{k}" for k in range(1, 12)]


@pytest.mark.parametrize("number", [f"7.{k}" for k in range(2, 12)])
def test_each_backward_equation_stands_on_the_card(number: str) -> None:
    equation = squeezed(equations()[number])
    left, right = equation.split("=")
    assert left.startswith("d")
    assert f"{left}={right}" in card(), equation
    assert number in card()


LINES = [
    "do = dh * np.tanh(c)",
    "di = dc * g",
    "df = dc * c_prev",
    "dg = dc * i",
    "dh * o * (1 - np.tanh(c) ** 2) + along_c",
]


@pytest.mark.parametrize("line", LINES)
def test_each_line_of_code_on_the_card_stands_in_the_chapter(line: str) -> None:
    source = "\n".join(cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.cell_type == "code")
    assert line in source
    assert squeezed(line) in card()
