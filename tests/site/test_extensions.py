"""The book's Sphinx extensions: formulas are made at once; a warning fails a plain build; terms get links."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from site_pages import ROOT

EXTENSIONS = ROOT / "book" / "_ext"


@pytest.fixture
def katex_math(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(EXTENSIONS)
    return importlib.import_module("katex_math")


def test_a_formula_is_html_for_eyes_and_mathml_with_its_tex_for_ears_and_copies(katex_math):
    html = katex_math.to_html(r"c_t = f_t \odot c_{t-1} \tag{6.1}", display=True)
    assert html.startswith('<span class="katex-display">')
    assert r'<annotation encoding="application/x-tex">c_t = f_t \odot c_{t-1} \tag{6.1}</annotation>' in html
    assert '<span class="katex-html" aria-hidden="true">' in html


@pytest.mark.parametrize("tex", [r"\foo", "x^", r"\frac{1}", "{x", r"x \tag{1.1}"])
def test_a_faulty_formula_is_refused_with_its_text(katex_math, tex):
    with pytest.raises(ValueError, match=f"KaTeX parse error: .*{re.escape(repr(tex))}"):
        katex_math.to_html(tex)


def small_book(folder: Path, text: str, chapter: str | None = None) -> Path:
    """A book with the real settings and extensions, one page of its own, and perhaps a chapter."""
    shutil.copytree(ROOT / "book" / "_ext", folder / "book" / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("_css", "_js", "_static", "_templates"):
        shutil.copytree(ROOT / "book" / part, folder / "book" / part)
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "book" / "references.bib").touch()
    contents = "format: jb-book\nroot: book/index\n"
    if chapter is not None:
        contents += "chapters:\n- file: notebooks/one\n"
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "one.md").write_text(chapter, encoding="utf-8")
    (folder / "_toc.yml").write_text(contents, encoding="utf-8")
    (folder / "book" / "index.md").write_text(text, encoding="utf-8")
    return folder


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """A plain `jupyter-book build .`, without any flag."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": ""}
    program = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", program, "build", "."]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


INDEX = """# Page

*gate* and $x^2$

$$y < z \\tag{1.2}$$

:::{glossary}
gate
  A switch.

entropy
  A mean.

Ada's law
  A rule.
:::
"""
CHAPTER = """# 1. The *gate*

Two *Gates*, one **gate**, [a *gate*](https://a.org), *entropies*, *others*, *Ada's law*.

> **Predict.** How many?

> **Recall.** What?

> A rule.

**1.1** (pencil, 5 minutes) Count.

<details><summary>Solution 1.1</summary>

Two.

</details>

After it.

## Where you meet it again

Here.
"""


@pytest.fixture(scope="module")
def right_book(tmp_path_factory):
    """The folder of the HTML that a plain build makes of a page and a chapter."""
    folder = small_book(tmp_path_factory.mktemp("right"), INDEX, CHAPTER)
    result = build(folder)
    assert result.returncode == 0, result.stderr
    return folder / "_build/html"


def text_of(book, page):
    return (book / f"{page}.html").read_text(encoding="utf-8")


def test_a_plain_build_of_a_right_page_succeeds_with_its_formulas_made(right_book):
    page = text_of(right_book, "book/index")
    assert page.count('class="katex"') == 2
    assert '<div class="math" id="equation-1-2">' in page
    assert re.findall('<style data-sheet="([a-z]*)', page) == ["katex", "book"]
    assert 'url("../_static/fonts/book-serif.woff2")' in page
    assert "url(../_static/katex/fonts/KaTeX_Main-Regular.woff2)" in page


def test_a_plain_build_fails_on_warnings_and_again_when_nothing_changed(tmp_path):
    book = small_book(tmp_path, "# Page\n\n[gone](missing.md), [gone](#no-such-heading), {term}`no such word`\n")
    for attempt in ("cold", "warm"):
        result = build(book)
        assert result.returncode != 0, f"the {attempt} build is green:\n{result.stderr}"
        assert result.stderr.count("WARNING") == 3, f"the {attempt} build:\n{result.stderr}"


def test_a_build_with_a_faulty_formula_fails_and_shows_it(tmp_path):
    result = build(small_book(tmp_path, "# Page\n\n$\\foo$\n"))
    assert result.returncode != 0
    assert "Undefined control sequence" in result.stderr
    assert "index.md:3" in result.stderr


def test_the_first_mark_of_a_term_in_a_chapter_leads_to_the_glossary(right_book):
    links = re.compile(r'<a class="glossary-term[^"]*" href="([^"]*)"[^>]*><em>([^<]*)</em></a>')
    found = [
        ("../book/index.html#term-gate", "Gates"),
        ("../book/index.html#term-entropy", "entropies"),
        ("../book/index.html#term-Ada-s-law", "Ada’s law"),
    ]
    assert links.findall(text_of(right_book, "notebooks/one")) == found
    assert 'class="glossary-term' not in text_of(right_book, "book/index")


def test_the_parts_of_a_chapter_get_their_names(right_book):
    page = text_of(right_book, "notebooks/one")
    for name in ("predict", "recall", "rule"):
        assert f'<blockquote class="{name}">' in page
    start = page.index('<div class="exercise pencil docutils container" id="exercise-1-1">')
    box = page[start : page.index("After it.")]
    assert box.count("<div") == box.count("</div>"), "the text after a solution is not part of the exercise"
    assert "Two." in box
    assert '<section class="again" id="where-you-meet-it-again"' in page


def test_the_frame_leaves_out_what_the_theme_ships_and_says_how_far_the_reader_is(right_book):
    static = right_book / "_static"
    assert {path.suffix for path in static.rglob("*") if path.stat().st_size > 60_000} <= {".js"}
    assert not (static / "scripts").exists()
    page = text_of(right_book, "notebooks/one")
    assert '<progress class="bar__progress" max="1" value="1"' in page
    assert "bootstrap" not in page
