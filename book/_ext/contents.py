"""The chapters as their notebooks and `_toc.yml` have them, before Sphinx has read a page: heads, and what is numbered.

Lists and tables of the back matter are made from this, and its tests read it too: a new chapter appears in all of them.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from numbered import EQUATION, EXERCISE, FIGURE

TIME = re.compile(r"\*\*Time\*\* (\d+) minutes to read, (\d+) (?:more|minutes) to (?:do|play)\.")
LINK = re.compile(r"\((\d\d)-[^)]*\.ipynb\)")


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title, minutes to read and to do, what it needs or is better with, its numbers and headings, and
    under which heading each equation, figure and exercise stands."""

    page: str
    title: str
    read: int
    do: int
    needs: tuple[int, ...]
    best: tuple[int, ...]
    numbered: dict[str, dict[str, int]]
    headings: tuple[str, ...]
    homes: dict[str, dict[str, str]]

    @property
    def number(self) -> int:
        """6 for `notebooks/06-build-the-lstm-cell`."""
        return int(self.page.partition("/")[2][:2])


def numbers(texts: list[str], captions: list[str]) -> dict[str, dict[str, int]]:
    """The numbers of equations, figures and exercises, by kind; an exercise's with its minutes, all others with 0."""
    plain = "\n".join(texts).replace("**", "")
    return {
        "equations": dict.fromkeys(EQUATION.findall(plain), 0),
        "figures": {found[1]: 0 for found in map(FIGURE.match, captions) if found},
        "exercises": {number: int(minutes) for number, _, minutes in EXERCISE.findall(plain)},
    }


def homes(texts: list[str], captions: list[str]) -> dict[str, dict[str, str]]:
    """For each equation, figure and exercise, by kind, the section of the second rank that it stands in."""
    found: dict[str, dict[str, str]] = {"equations": {}, "figures": {}, "exercises": {}}
    heading = ""
    for text, caption in zip(texts, captions, strict=True):
        parts = re.split(r"(?m)^## (.+)$", text)
        for title, part in zip(["", *parts[1::2]], parts[::2], strict=True):
            heading = title or heading
            for kind, known in numbers([part], [caption]).items():
                found[kind] |= dict.fromkeys(known, heading)
    return found


@cache
def read(path: Path, changed: float) -> Chapter:
    """What a notebook says of itself; `changed` is when it was."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) if cell["cell_type"] == "markdown" else "" for cell in cells]
    captions = [cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "") for cell in cells]
    time = TIME.search(texts[0])
    if time is None:
        raise ValueError(f"{path.name}: its first cell must say '**Time** 20 minutes to read, 45 more to do.'")
    needs, _, best = texts[0].partition("**You need**")[2].partition("\n")[0].partition("best")
    return Chapter(
        page=f"notebooks/{path.stem}",
        title=texts[0].partition("\n")[0].removeprefix("# "),
        read=int(time[1]),
        do=int(time[2]),
        needs=tuple(map(int, LINK.findall(needs))),
        best=tuple(map(int, LINK.findall(best))),
        numbered=numbers(texts, captions),
        headings=tuple(re.findall(r"(?m)^##+ (.+)$", "\n".join(texts))),
        homes=homes(texts, captions),
    )


def chapters(folder: Path) -> dict[str, Chapter]:
    """All chapters that the contents name, by page and in their order."""
    parts = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    pages = [entry["file"] for part in parts for entry in part["chapters"]]
    paths = [folder / f"{page}.ipynb" for page in pages if page.startswith("notebooks/")]
    return {each.page: each for each in (read(path, path.stat().st_mtime) for path in paths)}
