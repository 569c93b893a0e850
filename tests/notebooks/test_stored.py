"""What nbval cannot see: that stored outputs come from one run, and that each chapter keeps the rules of style."""

import contextlib
import importlib.util
import io
import itertools
import re
from pathlib import Path

import pytest
import yaml
from chapters import DEEP, IN_CELLS, NOTEBOOKS, ROOT, SHORT, cells, code, equation_tags, images, must_read, prose, tags
from pictures import FIGURE

from lstm_lib.figures.parts import WIDTH

TAGS = {"hide-cell", "hide-input", "hide-output", "remove-input", "nbval-ignore-output", "raises-exception", "rounding"}
LINKS = re.compile(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)")


def test_the_toc_lists_every_notebook_and_no_other() -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert NOTEBOOKS
    assert sorted(f"notebooks/{path.stem}" for path in NOTEBOOKS) == sorted(
        f for f in listed if f.startswith("notebooks/")
    )


# ---- one clean run


def test_cells_were_run_once_from_top_to_bottom(chapter: Path) -> None:
    assert [cell.execution_count for cell in code(chapter)] == list(range(1, len(code(chapter)) + 1))


def test_nothing_is_stored_on_stderr_and_no_error(chapter: Path) -> None:
    for cell in code(chapter):
        for out in cell.outputs:
            assert out.get("name") != "stderr", out
            assert out.output_type != "error" or "raises-exception" in tags(cell), out


def test_output_counts_are_those_of_their_cell(chapter: Path) -> None:
    for cell in code(chapter):
        results = [out.execution_count for out in cell.outputs if out.output_type == "execute_result"]
        assert results in ([], [cell.execution_count])


def test_metadata_does_not_change_from_run_to_run(chapter: Path) -> None:
    import nbformat

    metadata = nbformat.read(chapter, as_version=4).metadata
    assert set(metadata) == {"kernelspec", "language_info"}
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["language_info"] == {"name": "python"}
    for cell in cells(chapter):
        assert set(cell.metadata) <= {"tags", "mystnb", "cellView"}, cell.metadata
        assert tags(cell) <= TAGS, cell.metadata


def test_no_output_depends_on_a_version_or_an_address(chapter: Path) -> None:
    for cell in code(chapter):
        text = str(cell.outputs)
        for unstable in (
            "np.float64(",
            "np.int64(",
            "np.str_(",
            "dtype: object",
            "dtype: str",
            " at 0x",
            "/home/",
            "site-packages",
        ):
            assert unstable not in text, (cell.source, unstable)


def test_what_is_not_compared_is_not_stored(chapter: Path) -> None:
    """Times are the reader's own; a cell that shows them leaves nothing else."""
    assert [cell.source for cell in code(chapter) if "nbval-ignore-output" in tags(cell) and cell.outputs] == []


def test_no_trailing_semicolon(chapter: Path) -> None:
    assert [cell.source for cell in code(chapter) if cell.source.rstrip().endswith(";")] == []


# ---- figures


def test_every_figure_has_alt_text_a_caption_and_a_name(chapter: Path) -> None:
    number = int(chapter.stem[:2])
    names = []
    for cell in (cell for cell in code(chapter) if images(cell)):
        shown = cell.metadata["mystnb"]
        assert 20 <= len(shown["image"]["alt"]) < 150, shown["image"]["alt"]
        assert shown["figure"]["caption"].startswith(f"Figure {number}.{len(names) + 1}. "), shown["figure"]["caption"]
        names.append(shown["figure"]["name"])
    assert len(names) == len(set(names))
    assert all(name.startswith(f"fig-{chapter.stem[:2]}-") for name in names), names


def test_every_figure_is_spoken_of_in_the_text(chapter: Path) -> None:
    figures = sum(bool(images(cell)) for cell in code(chapter))
    said = prose(chapter)
    missing = [k for k in range(1, figures + 1) if f"Figure {int(chapter.stem[:2])}.{k}" not in said]
    assert missing == [], "Colab shows no captions: a paragraph must make each figure's point"


def test_figures_are_svg_as_wide_as_a_phone_shows_them_and_light(chapter: Path) -> None:
    for cell in (cell for cell in code(chapter) if images(cell)):
        assert images(cell) == ["image/svg+xml"], cell.source
        svg = next(out.data["image/svg+xml"] for out in cell.outputs if "image/svg+xml" in out.get("data", {}))
        if svg.startswith(FIGURE):
            assert f'width="{72 * WIDTH:g}pt"' in svg, cell.source
            assert len(svg) < 230_000, f"{len(svg)} bytes: {cell.source}"
            assert "<!-- $" not in svg, "a formula's small letters are too small on a phone"
        else:
            assert re.fullmatch(r'diagram\("[a-z0-9-]+"\)', cell.source.strip()), cell.source


# ---- form


def test_one_numbered_title(chapter: Path) -> None:
    titles = re.findall(r"(?m)^# (.+)$", prose(chapter))
    assert len(titles) == 1
    assert titles[0].startswith(f"{int(chapter.stem[:2])}. ")
    assert not re.search(r"(?m)^####", prose(chapter))


def test_opening_says_what_and_how_long(chapter: Path) -> None:
    opening = cells(chapter)[0].source
    for part in ("**You will make**", "**You will learn**", "**You need**", "**Time**"):
        assert part in opening, part
    assert len(re.sub(r"\]\([^)]*\)", "]", opening).split()) <= 150


def test_install_cell_comes_first(chapter: Path) -> None:
    first = code(chapter)[0]
    assert tags(first) == {"hide-cell"}
    assert 'find_spec("lstm_lib") is None' in first.source
    assert "Clear all outputs" in first.source
    assert first.outputs == []


def test_where_the_library_was_missing_the_one_install_cell_ends_with_five_invented_names() -> None:
    (source,) = {code(path)[0].source for path in NOTEBOOKS}
    found = [None, "a library"]  # what is asked for before, and after
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(importlib.util, "find_spec", lambda name: found.pop(0))
        exec(re.sub("%pip install .*", "pass", source), {})
    assert found == []
    names = printed.getvalue().split()
    assert len(names) == 5
    assert all(name.isalpha() and name.islower() for name in names)


def test_size(chapter: Path) -> None:
    everything = cells(chapter)
    at_exercises = next(k for k, cell in enumerate(everything) if re.search(r"(?m)^## Exercises", cell.source))
    words = must_read(chapter)
    least_cells, least_words = (8, 300) if chapter.stem[:2] in SHORT else (20, 1200)
    most_cells, most_in_all = (54, 70) if chapter.stem[:2] in DEEP | IN_CELLS else (36, 52)
    most_words = 3600 if chapter.stem[:2] in DEEP else 2300
    assert least_cells <= at_exercises + 1 <= most_cells, f"{at_exercises + 1} cells up to the exercises"
    assert len(everything) <= most_in_all
    assert least_words <= words <= most_words, f"{words} words that must be read"
    lines = [line for cell in code(chapter) for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > 84 and not line.startswith("    %pip")] == [], "wider than the page"
    assert max(len(cell.source.splitlines()) for cell in code(chapter)) <= 25


def test_code_cells_are_separated_by_sentences(chapter: Path) -> None:
    everything = cells(chapter)
    for k, (before, after) in enumerate(itertools.pairwise(everything)):
        if before.cell_type == after.cell_type == "code" and k > 1:
            assert after.source.startswith("# @title Solution"), after.source


def test_checks_say_why(chapter: Path) -> None:
    checks = [cell.source for cell in code(chapter) if cell.source.startswith("# check:")]
    assert len(checks) >= 3
    for source in checks:
        assert len(source.splitlines()[0]) > len("# check: a reason"), source
        assert re.search(r"assert\b|assert_allclose|assert_array_equal|assert_equal", source), source


def test_predictions_are_asked_before_their_answer(chapter: Path) -> None:
    everything = cells(chapter)
    asking = [
        k for k, cell in enumerate(everything) if cell.cell_type == "markdown" and "> **Predict.**" in cell.source
    ]
    assert len(asking) >= 2
    for k in asking:
        assert everything[k].source.strip().splitlines()[-1].startswith("> "), "the question is the last thing said"
        assert "hide-output" in tags(everything[k + 1]), everything[k].source


def test_portable_markdown(chapter: Path) -> None:
    text = prose(chapter)
    for directive in ("```{", ":::", "{ref}", "{eq}", "{doc}", "{numref}", "{cite"):
        assert directive not in text, directive
    for word in ("simply", "obviously", "trivially"):
        assert not re.search(rf"\b{word}\b", text, flags=re.I), word


def test_equations_stand_on_one_line_and_are_numbered_in_order(chapter: Path) -> None:
    for line in prose(chapter).splitlines():
        assert line.count("$$") in (0, 2), line
    numbers = equation_tags(chapter)
    assert numbers == [f"{int(chapter.stem[:2])}.{k}" for k in range(1, len(numbers) + 1)]


# What a formula may hold beside symbols: signs, spacing and layout.
LAYOUT = re.compile(
    r"[td]?frac|sum|prod|left|right|big[lr]|(text|display)style|quad|c?dots|ldots|cdot|times|[lg]e|neq?|in|partial|min|max"
    r"|cos|exp|sqrt|leftarrow|to|approx|[lr][vV]ert|tag|text|mathtt|hat|(over|under)brace"
)


def symbols(formula: str) -> set[str]:
    """The symbols of a formula without their indices' signs: letters, Greek letters, names such as id and onehot."""
    bare = re.sub(r"\\(?:text|mathtt|tag)\{[^}]*\}", " ", formula)
    named = re.findall(r"\\math(?:rm|cal)\{(\w+)\}", bare)
    bare = re.sub(r"\\math(?:rm|cal)\{\w+\}", " ", bare)
    commands = {name for name in re.findall(r"\\([A-Za-z]+)", bare) if not LAYOUT.fullmatch(name)}
    return {*named, *commands, *re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", bare))}


def test_every_symbol_of_a_numbered_equation_stands_in_the_table_of_notation(chapter: Path) -> None:
    rows = [
        row for row in (ROOT / "book/notation.md").read_text(encoding="utf-8").splitlines() if row.startswith("| $")
    ]
    known = {symbol for row in rows for formula in re.findall(r"\$([^$]+)\$", row) for symbol in symbols(formula)}
    for formula in re.findall(r"\$\$(.+?)\$\$", prose(chapter)):
        assert symbols(formula) <= known, (formula, symbols(formula) - known)


def test_a_symbol_is_not_overlooked() -> None:
    assert symbols(r"\mathrm{d}\hat{m}_t^\top = \text{or} \frac{W_x}{\lambda} \tag{1.1}") == set("dmtWx") | {
        "top",
        "lambda",
    }


def test_links_lead_to_files_of_the_project(chapter: Path) -> None:
    for target in LINKS.findall(prose(chapter)):
        if not target.startswith("https://"):
            assert (chapter.parent / target).is_file(), target


def test_every_exercise_has_a_solution_that_ends_in_an_assertion(chapter: Path) -> None:
    number = int(chapter.stem[:2])
    exercises = re.findall(rf"(?m)^\*\*({number}\.\d+)\*\* \((?:quick|pencil|code), \d+ minutes\)", prose(chapter))
    assert exercises == [f"{number}.{k}" for k in range(1, len(exercises) + 1)]
    assert 3 <= len(exercises) <= 6
    solutions = {}
    for cell in code(chapter):
        title = re.match(r"# @title Solution ([\d.]+)\n", cell.source)
        if title:
            assert tags(cell) == {"hide-cell"}
            assert cell.metadata.get("cellView") == "form"
            assert cell.metadata["mystnb"]["code_prompt_show"] == f"Solution {title[1]}"
            assert re.search(r"(?m)^assert .*\.right", cell.source), cell.source
            solutions[title[1]] = cell
    written = re.findall(r"<summary>Solution ([\d.]+)</summary>\n\n", prose(chapter))
    assert set(exercises) == set(solutions) | set(written)
    assert "*Find the bug" in prose(chapter) or "*Find the bug.*" in prose(chapter)


def test_the_minutes_of_the_exercises_are_those_of_the_head(chapter: Path) -> None:
    minutes = [int(each) for each in re.findall(r"(?m)^\*\*[\d.]+\*\* \(\w+, (\d+) minutes\)", prose(chapter))]
    promised = re.search(r"\*\*Time\*\* .* (\d+) (?:more|minutes) to (?:do|play)\.", prose(chapter))
    assert promised
    assert sum(minutes) == int(promised[1])


def test_the_chapter_says_only_what_stands_in_an_output() -> None:
    """The numbers of the shipped model and its rivals are shown by cells that read metrics.json, never typed."""
    import json

    found = json.loads((ROOT / "lstm_lib/datasets/metrics.json").read_text(encoding="utf-8"))["corpus"]
    numbers = {f"{nats:.{digits}f}" for part in found.values() for nats in part.values() for digits in (3, 4)}
    typed = numbers - {"3.296", "3.2958"}  # ln 27 is not a result
    for path in NOTEBOOKS:
        for cell in cells(path):
            said = re.sub(r"\]\(https?:[^)]*\)", "]", cell.source)  # an address may hold any digits
            for number in typed:
                assert number not in said, (path.name, number)


@pytest.mark.parametrize("module", sorted((ROOT / "lstm_lib").rglob("*.py")), ids=lambda path: path.stem)
def test_equation_comments_cite_equations_that_exist(module: Path) -> None:
    known = {number for path in NOTEBOOKS for number in equation_tags(path)}
    cited = re.findall(r"\((\d+\.\d+)\)", "\n".join(re.findall(r"#.*|eq\..*", module.read_text(encoding="utf-8"))))
    assert set(cited) <= known, f"{module.name} cites {sorted(set(cited) - known)}"


@pytest.mark.parametrize(
    ("number", "elsewhere"),
    [("06", set()), ("07", {"7.1", "7.2"}), ("08", {"8.1", "8.9"}), ("11", set())],
)
def test_every_equation_of_the_cell_and_of_adam_is_cited_in_the_library(number: str, elsewhere: set[str]) -> None:
    """Elsewhere: chapter 7's loss of fixed numbers, and what (8.2), (9.3) and (9.4) say for a whole batch."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "lstm_lib").rglob("*.py"))
    chapter = next(path for path in NOTEBOOKS if path.stem.startswith(number))
    cited = {tag for tag in equation_tags(chapter) if re.search(rf"#.*\({tag}\)|eq\. \({tag}\)", text)}
    assert set(equation_tags(chapter)) - cited == elsewhere
