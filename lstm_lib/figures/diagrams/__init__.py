"""The book's hand-drawn SVG diagrams: each is a file in this folder, read from the installed package."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MACHINE_PARTS = {
    "data": "names and ids",
    "cell": "the embedding and the LSTM cell",
    "output": "scores and softmax",
    "sampling": "the next letter",
    "training": "training",
}


@dataclass(frozen=True, repr=False)
class Diagram:
    """A drawing that a notebook shows by itself: Jupyter and Colab call `_repr_svg_`."""

    name: str
    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"Diagram({self.name!r})"


@cache
def names() -> tuple[str, ...]:
    """Return the name of every diagram, sorted; `machine-data` is `machine` with its data part lit."""
    drawn = [entry.name.removesuffix(".svg") for entry in files(__name__).iterdir() if entry.name.endswith(".svg")]
    return tuple(sorted([*drawn, *(f"machine-{part}" for part in MACHINE_PARTS)]))


def load(name: str) -> Diagram:
    """Return the diagram called `name`; raise ValueError, with the names that exist, when there is none."""
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}; got {name!r}")
    file, _, part = name.partition("-") if name.startswith("machine-") else (name, "", "")
    svg = files(__name__).joinpath(f"{file}.svg").read_text(encoding="utf-8")
    return Diagram(name, _light(svg, part) if part else svg)


def _light(svg: str, part: str) -> str:
    """Make the plate behind one part of the machine visible, say so in the description, keep the ids apart."""
    lit = svg.replace(f'data-part="{part}" visibility="hidden"', f'data-part="{part}" visibility="visible"')
    return lit.replace("Nothing is lit.", f"Lit: {MACHINE_PARTS[part]}.").replace("machine-", f"machine-{part}-")
