"""The repository's address stands in one place per file kind, equal everywhere, and one command changes it."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from chapters import NOTEBOOKS, ROOT

import lstm_lib

INDEX = ROOT / "book" / "index.md"
GIT = shutil.which("git")
spec = importlib.util.spec_from_file_location("adopt", ROOT / "scripts" / "adopt.py")
assert spec is not None
assert spec.loader is not None
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


TIMES = {"README.md": 2, "pyproject.toml": 3}  # elsewhere once


def test_one_address_in_each_place_and_all_equal() -> None:
    found = tool.addresses()
    named = {ROOT / name for name in ("_config.yml", "pyproject.toml", "CITATION.cff", "README.md")}
    assert set(found) == {*named, INDEX, *NOTEBOOKS}
    assert {path: len(each) for path, each in found.items()} == {path: TIMES.get(path.name, 1) for path in found}
    assert len({address for each in found.values() for address in each}) == 1, found


def test_the_address_stands_nowhere_else() -> None:
    (address,) = {address for each in tool.addresses().values() for address in each}
    for folder in ("book", "lstm_lib", "notebooks", "scripts", "tests", ".github"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".md", ".py", ".yml", ".ipynb", ".js", ".css"}:
                expected = 1 if path in (*NOTEBOOKS, INDEX) else 0
                assert path.read_text(encoding="utf-8").count(address) == expected, path


def test_one_command_changes_it_everywhere(tmp_path: Path) -> None:
    for path in tool.addresses():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    new = "https://github.com/somebody-else/names.of-mine"
    assert tool.set_repository(f"{new}.git/", tmp_path) == new
    assert {address for each in tool.addresses(tmp_path).values() for address in each} == {new}
    tag = f'"git+{new}@v{lstm_lib.__version__}"'
    assert tag in (tmp_path / "notebooks" / NOTEBOOKS[0].name).read_text(encoding="utf-8").replace("\\", "")
    for page in ("README.md", "book/index.md"):
        assert f"git clone {new}\ncd names.of-mine\n" in (tmp_path / page).read_text(encoding="utf-8")
    tool.set_repository("https://github.com/a/b", tmp_path)
    assert {address for each in tool.addresses(tmp_path).values() for address in each} == {"https://github.com/a/b"}


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a-b/c.d",
        "https://github.com/a-b/c.d/",
        "https://github.com/a-b/c.d.git",
        "https://www.github.com/a-b/c.d",
        "git@github.com:a-b/c.d.git",
        "ssh://git@github.com/a-b/c.d",
        "ssh://git@ssh.github.com:443/a-b/c.d.git",
        "ssh://git@github.com:22/a-b/c.d",
        "git@github.com:/a-b/c.d.git",
        "https://GitHub.com/a-b/c.d",
        "https://github.com/a-b/c.d?tab=readme-ov-file#readme",
        "https://somebody:secret@github.com/a-b/c.d.git/",
        "github.com/a-b/c.d",
        " https://github.com/a-b/c.d\n",
    ],
)
def test_every_form_that_a_browser_or_git_shows_is_understood(address: str) -> None:
    assert tool.tidy(address) == "https://github.com/a-b/c.d"


@pytest.mark.parametrize(
    "address",
    ["", "somebody/names", "http://github.com/a/b", "https://github.com/a_b/c", "https://gitlab.com/a/b",
     "https://github.com/a", "https://github.com/a/b/tree/main"],
)  # fmt: skip
def test_anything_else_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected an address such as"):
        tool.set_repository(address, tmp_path)


def run_adopt(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """The command in a copy of the files that it changes, in a repository of its own."""
    return subprocess.run([sys.executable, "scripts/adopt.py", *given], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """The files that hold the address, and the command; a repository, where git is there."""
    names = [str(path.relative_to(ROOT)) for path in tool.addresses()]
    copy_of(tmp_path, *names, "scripts/adopt.py")
    if GIT:
        subprocess.run([GIT, "init", "--quiet", tmp_path], check=True)
    return tmp_path


@pytest.mark.skipif(GIT is None, reason="needs git")
def test_a_copy_is_adopted_by_the_address_of_its_origin(fork: Path) -> None:
    origin = "git@github.com:somebody/names-of-mine.git"
    subprocess.run(["git", "-C", fork, "remote", "add", "origin", origin], check=True)
    done = run_adopt(fork, "--author", "Somebody", "--copyright", "2027 Somebody")
    new = "https://github.com/somebody/names-of-mine"
    assert done.returncode == 0, done.stderr
    assert f"{new}/settings/pages" in done.stdout
    assert {address for each in tool.addresses(fork).values() for address in each} == {new}
    settings = yaml.safe_load((fork / "_config.yml").read_text(encoding="utf-8"))
    assert settings["copyright"] == "2027 Somebody"
    assert settings["author"].startswith("Somebody, ")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_and_a_workflow_hand_a_name_over_as_it_is(fork: Path) -> None:
    shutil.copy(ROOT / "Makefile", fork)
    author, words = 'Ana "Z" O\\Neil & `co`', "2027 'us'"
    command = ["make", "adopt", f"PYTHON={sys.executable}", "URL=https://github.com/a/b", f"AUTHOR={author}"]
    subprocess.run(command, cwd=fork, check=True, capture_output=True, env=os.environ | {"COPYRIGHT": words})
    settings = yaml.safe_load((fork / "_config.yml").read_text(encoding="utf-8"))
    assert settings["author"].startswith(f"{author}, from the book by ")
    assert settings["copyright"] == words


def test_a_version_is_raised_by_itself(fork: Path) -> None:
    done = run_adopt(fork, "https://github.com/a/b", "--version", "1.2.3")
    assert done.returncode == 2
    assert "--version goes alone" in done.stderr


def test_without_an_origin_the_address_must_be_named(fork: Path) -> None:
    done = run_adopt(fork)
    assert done.returncode == 2
    assert "name your repository" in done.stderr
    assert run_adopt(fork, "https://github.com/a/b").returncode == 0


def test_a_place_that_lost_its_address_is_named(fork: Path) -> None:
    (fork / "README.md").write_text("# My book\n", encoding="utf-8")
    done = run_adopt(fork, "https://github.com/a/b")
    assert done.returncode == 2
    assert "README.md" in done.stderr


def citation(folder: Path) -> dict[str, Any]:
    """What `CITATION.cff` says."""
    said: dict[str, Any] = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    return said


def test_whoever_cites_the_book_cites_this_version_these_authors_and_licences() -> None:
    said, project = citation(ROOT), tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["version"] == lstm_lib.__version__
    assert said["authors"] == project["authors"]
    code, text = project["license"].split(" AND ")  # a list would mean: or
    assert said["license"] == code
    assert text in said["message"]
    assert said["keywords"] == project["keywords"]
    assert said["title"] == yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    assert {"cff-version", "message", "type", "abstract", "repository-code"} <= set(said)


def copy_of(tmp_path: Path, *names: str) -> None:
    """The named files of the project below `tmp_path`."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)


def test_a_publisher_stands_beside_the_authors(tmp_path: Path) -> None:
    copy_of(tmp_path, "_config.yml", "pyproject.toml", "CITATION.cff")
    for name in ("Ana O'Neil", 'Ana "Annie" O\\Neil'):
        tool.set_author(name, tmp_path)
        whole = f"{name}, from the book by the authors of LSTM from Scratch"
        assert yaml.safe_load((tmp_path / "_config.yml").read_text(encoding="utf-8"))["author"] == whole
        project = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert project["authors"] == [{"name": whole}]
        assert citation(tmp_path)["authors"] == [{"name": whole}]


def test_the_notebooks_install_the_version_of_the_library() -> None:
    for path in NOTEBOOKS:
        tags = re.findall(r"git\+[^@\"]+@v([\d.]+)", path.read_text(encoding="utf-8"))
        assert tags == [lstm_lib.__version__], path.name


def test_a_version_is_raised_everywhere(tmp_path: Path) -> None:
    copy_of(tmp_path, "CITATION.cff", "lstm_lib/__init__.py", f"notebooks/{NOTEBOOKS[0].name}")
    tool.set_version("10.2.33", tmp_path)
    assert citation(tmp_path)["version"] == "10.2.33"
    assert '__version__ = "10.2.33"' in (tmp_path / "lstm_lib/__init__.py").read_text(encoding="utf-8")
    assert "@v10.2.33" in (tmp_path / "notebooks" / NOTEBOOKS[0].name).read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="expected a version such as"):
        tool.set_version("v1.2", tmp_path)


def test_an_older_python_is_told_so_before_anything_is_resolved() -> None:
    program = "import sys; sys.version_info = (3, 10); exec(open('setup.py').read())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_nbval_finds_its_settings_from_any_folder(pytestconfig: pytest.Config) -> None:
    place = Path(pytestconfig.option.nbval_sanitize_with)
    assert place.is_absolute()
    assert place.is_file()
