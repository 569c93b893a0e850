"""The chapters as data: what the tests of this folder read."""

import re
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DEEP = {"05", "06", "07", "08", "10", "12", "16", "18", "19", "20", "21", "22"}  # chapters that may be longer
SHORT = {"00"}  # and shorter
IN_CELLS = {"24"}  # as long as any, in more cells: they hold a whole file


@cache
def cells(path: Path) -> list[NotebookNode]:
    """All cells of a notebook."""
    return list(nbformat.read(path, as_version=4).cells)


def code(path: Path) -> list[NotebookNode]:
    """Its code cells."""
    return [cell for cell in cells(path) if cell.cell_type == "code"]


def prose(path: Path) -> str:
    """All its Markdown, one cell after the other."""
    return "\n\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")


def tags(cell: NotebookNode) -> set[str]:
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


def images(cell: NotebookNode) -> list[str]:
    """The kinds of image among a code cell's outputs."""
    return [kind for out in cell.outputs for kind in out.get("data", {}) if kind.startswith("image/")]


def visible(text: str) -> str:
    """Markdown without hidden solutions and without HTML tags."""
    return re.sub(r"<[^>]+>", "", re.sub(r"<details>.*?</details>", "", text, flags=re.S))


def must_read(path: Path) -> int:
    """How many words a reader must read: without closed boxes, the exercises and the closing box."""
    text = re.sub(r"<details.*?</details>", "", prose(path), flags=re.S)
    text = re.sub(r"(?ms)^## (Exercises|Where you meet it again)$.*?(?=^## |\Z)", "", text)
    return len(visible(text).split())


def closing_box(path: Path) -> str:
    """The chapter's last cell: where its subject is met again."""
    return cells(path)[-1].source


def equation_tags(path: Path) -> list[str]:
    """The numbers of a chapter's equations, in order."""
    return re.findall(r"\\tag\{([^}]+)\}", prose(path))
