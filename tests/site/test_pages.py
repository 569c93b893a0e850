"""What the pages of the back matter claim: their Python runs, their numbers are recomputed, their references exist."""

import doctest
import json
import re
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import yaml
from site_pages import ROOT

from lstm_lib.example import NAME, VOCABULARY, example_params
from lstm_lib.model import forward, init_params
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import END

sys.path.insert(0, str(ROOT / "scripts"))
import setups

PAGES = sorted((ROOT / "book").glob("*.md"))
TOC = (ROOT / "_toc.yml").read_text(encoding="utf-8")


def page_text(name: str) -> str:
    return (ROOT / "book" / name).read_text(encoding="utf-8")


def table_rows(text: str) -> list[list[str]]:
    """The cells of every row of every Markdown table in a text, without markup."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_python_of_the_calculus_refresher_runs():
    blocks = re.findall(r"```pycon\n(.*?)```", page_text("calculus-refresher.md"), flags=re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    for number, block in enumerate(blocks, start=1):
        example = doctest.DocTestParser().get_doctest(block, names, f"block {number}", "calculus-refresher.md", 0)
        result = doctest.DocTestRunner().run(example, clear_globs=False)
        assert result.attempted > 0
        assert result.failed == 0, f"block {number} prints something else than the page says"
        names = example.globs


def test_the_losses_to_know_by_heart_are_those_of_the_models():
    measured = json.loads((files("lstm_lib.datasets") / "metrics.json").read_text(encoding="utf-8"))["corpus"]["test"]
    rows = {row[1]: row[0] for row in table_rows(page_text("troubleshooting.md")) if len(row) == 3}
    claims = {
        "gives each of the 27": ("uniform", 3),
        "knows how frequent": ("unigram", 2),
        "knows the last": ("bigram", 2),
    }
    for words, (model, digits) in claims.items():
        (claimed,) = (number for description, number in rows.items() if description.startswith(words))
        assert claimed == f"{measured[model]:.{digits}f}", model


def test_the_memory_in_the_picture_is_that_of_ana():
    inputs = np.concatenate([[END], VOCABULARY.encode(NAME)])[:, None]
    _, _, cache = forward(example_params(), inputs)
    cells = [step.c_prev[0, 0] for step in cache.steps[1:]]
    cells.append(cache.steps[-1].f[0, 0] * cells[-1] + cache.steps[-1].i[0, 0] * cache.steps[-1].g[0, 0])
    drawn = re.findall(r">(0(?:\.\d+)?)</text>", page_text("_static/hero.svg"))
    assert drawn == [f"{cell:.2f}" if cell else "0" for cell in cells]


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2 between a colour #rrggbb and white."""
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05))


def test_the_contrasts_of_the_palette():
    rows = [row for row in table_rows(page_text("style-guide.md")) if "`#" in row[1]]
    assert len(rows) == 6
    for row in rows:
        colour = re.findall(r"#[0-9A-F]{6}", row[1])[0]
        assert row[-1] == f"{contrast_with_white(colour):.2f}", row


def test_the_gates_are_drawn_in_the_colours_of_the_style_guide():
    rows = [row for row in table_rows(page_text("style-guide.md")) if "`#" in row[1]]
    drawn = re.findall(r'stroke="(#[0-9A-F]{6})"', page_text("_static/gates.svg"))
    assert drawn == [re.findall(r"#[0-9A-F]{6}", row[1])[0] for row in rows]


def test_the_shapes_of_the_notation_are_those_of_the_library():
    V, D, H = 5, 3, 2
    shapes = {row[2]: row[3] for row in table_rows(page_text("notation.md")) if len(row) == 4}
    for name, leaf in named_leaves(init_params(V, D, H, rng=np.random.default_rng(0))):
        symbols = shapes[f"`{name}`"].strip("$").replace("4H", "4*H")
        assert eval(symbols, {"V": V, "D": D, "H": H}) == leaf.shape, name


def test_the_table_of_set_ups_has_a_row_for_each_promise_and_no_failure() -> None:
    rows = table_rows((ROOT / "tests/setups/results.md").read_text(encoding="utf-8"))[2:]
    tried = {(row[0], ".".join(row[1].split(".")[:2])) for row in rows}
    promised = {(setup, python) for setup in ("pinned", "oldest", "newest") for python in setups.PROMISED}
    promised |= {(name, python) for name, (python, _) in setups.COLABS.items()}
    assert tried == promised
    for row in rows:
        assert int(row[3].replace(",", "")) > 1000, row
        assert int(row[4]) > 400, row
        assert row[5] == "0", row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_name_only_chapters_that_exist(page):
    chapters = {str(int(number)) for number in re.findall(r"notebooks/(\d\d)-", TOC)}
    named = re.findall(r"\b[Cc]hapters? (\d+)", page.read_text(encoding="utf-8"))
    assert set(named) <= chapters, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_stands_in_the_contents(page):
    assert f"book/{page.stem}\n" in TOC


def test_every_work_is_described_and_every_description_has_its_work():
    keys = re.findall(r"^@\w+\{(\w+),", page_text("references.bib"), flags=re.MULTILINE)
    described = re.findall(r"^\{cite:t\}`(\w+)`\n: ", page_text("bibliography.md"), flags=re.MULTILINE)
    assert sorted(keys) == sorted(described)
    assert len(set(keys)) == len(keys), "a work stands twice: keep one entry and one description"


def test_the_first_page_clones_the_repository_of_the_settings():
    address = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    assert f"git clone {address}\n" in page_text("index.md")
    assert f"cd {Path(address).name}\n" in page_text("index.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_voice(page):
    """Three words that make a stuck reader feel stupid; the style guide names them in quotes."""
    text = re.sub(r'"[^"\n]*"|`[^`\n]*`', "", page.read_text(encoding="utf-8"))
    assert not re.findall(r"\b(simply|obviously|just)\b", text, flags=re.IGNORECASE)
