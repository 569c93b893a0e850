"""The book's Sphinx extensions: MathJax comes along; a warning fails a plain build; terms lead to the glossary."""

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
def local_mathjax(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(EXTENSIONS)
    return importlib.import_module("local_mathjax")


def fake_package(folder: Path, *, script: bool, fonts: int) -> str:
    """An importable package `fake_mathjax` in `folder` with the given files."""
    es5 = folder / "fake_mathjax" / "static" / "mathjax" / "es5"
    font_folder = es5 / "output" / "chtml" / "fonts" / "woff-v2"
    font_folder.mkdir(parents=True)
    (folder / "fake_mathjax" / "__init__.py").touch()
    if script:
        (es5 / "tex-chtml.js").write_text("script", encoding="utf-8")
    for number in range(fonts):
        (font_folder / f"{number}.woff").write_text("font", encoding="utf-8")
    return "fake_mathjax"


def test_the_installed_package_is_found_and_copied(local_mathjax, tmp_path):
    local_mathjax.copy_mathjax(local_mathjax.find_mathjax(), tmp_path / "mathjax")
    assert (tmp_path / "mathjax" / "tex-chtml.js").stat().st_size > 1_000_000
    assert len(list((tmp_path / "mathjax" / "output/chtml/fonts/woff-v2").glob("*.woff"))) == 23


def test_copying_twice_is_no_error(local_mathjax, tmp_path):
    for _ in range(2):
        local_mathjax.copy_mathjax(local_mathjax.find_mathjax(), tmp_path)


def test_a_package_that_is_not_installed(local_mathjax):
    with pytest.raises(local_mathjax.MathJaxMissingError, match=r"not installed.*pip install .django-static-mathjax"):
        local_mathjax.find_mathjax("no_such_package")


@pytest.mark.parametrize(
    ("script", "fonts", "message"), [(False, 23, "tex-chtml.js is not in"), (True, 22, "holds 22 fonts")]
)
def test_a_package_without_its_files(local_mathjax, tmp_path, monkeypatch, script, fonts, message):
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(local_mathjax.MathJaxMissingError, match=message):
        local_mathjax.find_mathjax(fake_package(tmp_path, script=script, fonts=fonts))


def small_book(folder: Path, text: str, chapter: str | None = None) -> Path:
    """A book with the real settings and extensions, one page of its own, and perhaps a chapter."""
    shutil.copytree(ROOT / "book" / "_ext", folder / "book" / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
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


def build(folder: Path, *, python_path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A plain `jupyter-book build .`, without any flag."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(python_path or "")}
    program = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", program, "build", "."]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_a_plain_build_of_a_right_page_succeeds_with_mathjax(tmp_path):
    result = build(small_book(tmp_path, "# Page\n\n$x^2$\n"))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "_build/html/_static/mathjax/tex-chtml.js").is_file()


def test_a_plain_build_fails_on_warnings_and_again_when_nothing_changed(tmp_path):
    book = small_book(tmp_path, "# Page\n\n[gone](missing.md), [gone](#no-such-heading), {term}`no such word`\n")
    for attempt in ("cold", "warm"):
        result = build(book)
        assert result.returncode != 0, f"the {attempt} build is green:\n{result.stderr}"
        assert result.stderr.count("WARNING") == 3, f"the {attempt} build:\n{result.stderr}"


def test_a_build_without_mathjax_fails_and_says_what_to_do(tmp_path):
    """The real package is hidden behind an empty one of the same name."""
    (tmp_path / "hidden" / "mathjax").mkdir(parents=True)
    (tmp_path / "hidden" / "mathjax" / "__init__.py").touch()
    result = build(small_book(tmp_path, "# Page\n"), python_path=tmp_path / "hidden")
    assert result.returncode != 0
    assert "MathJax is missing" in result.stderr
    assert 'pip install "django-static-mathjax' in result.stderr


def test_the_first_mark_of_a_term_in_a_chapter_leads_to_the_glossary(tmp_path):
    glossary = "# Page\n\n*gate*\n\n:::{glossary}\ngate\n  A switch.\n\nentropy\n  A mean.\n:::\n"
    chapter = "# The *gate*\n\nTwo *Gates*, one **gate**, [a *gate*](https://a.org), *entropies*, *others*.\n"
    result = build(small_book(tmp_path, glossary, chapter))
    assert result.returncode == 0, result.stderr
    links = re.compile(r'<a class="glossary-term[^"]*" href="([^"]*)"[^>]*><em>([^<]*)</em></a>')
    page = (tmp_path / "_build/html/notebooks/one.html").read_text(encoding="utf-8")
    found = [("../book/index.html#term-gate", "Gates"), ("../book/index.html#term-entropy", "entropies")]
    assert links.findall(page) == found
    assert "glossary-term" not in (tmp_path / "_build/html/book/index.html").read_text(encoding="utf-8")
