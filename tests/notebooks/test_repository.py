"""The repository's address stands in one place per file kind, equal everywhere, and one command changes it."""

import importlib.util
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
spec = importlib.util.spec_from_file_location("set_repository", ROOT / "scripts" / "set_repository.py")
assert spec is not None
assert spec.loader is not None
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def test_one_address_in_each_file_and_all_equal() -> None:
    found = tool.addresses()
    named = {ROOT / name for name in ("_config.yml", "pyproject.toml", "CITATION.cff", "README.md")}
    assert set(found) == {*named, INDEX, *NOTEBOOKS}
    assert {len(each) for each in found.values()} == {1}, found
    assert len({each[0] for each in found.values()}) == 1, found


def test_the_address_stands_nowhere_else() -> None:
    (address,) = {each[0] for each in tool.addresses().values()}
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
    changed = tool.set_repository(new, tmp_path)
    assert len(changed) == 5 + len(NOTEBOOKS)
    assert {tuple(each) for each in tool.addresses(tmp_path).values()} == {(new,)}
    tag = f'"git+{new}@v{lstm_lib.__version__}"'
    assert tag in (tmp_path / "notebooks" / NOTEBOOKS[0].name).read_text(encoding="utf-8").replace("\\", "")
    for page in ("README.md", "book/index.md"):
        assert f"git clone {new}\ncd names.of-mine\n" in (tmp_path / page).read_text(encoding="utf-8")
    tool.set_repository("https://github.com/a/b", tmp_path)
    assert {tuple(each) for each in tool.addresses(tmp_path).values()} == {("https://github.com/a/b",)}


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a-b/c.d",
        "https://github.com/a-b/c.d/",
        "https://github.com/a-b/c.d.git",
        "https://www.github.com/a-b/c.d",
        "git@github.com:a-b/c.d.git",
        "ssh://git@github.com/a-b/c.d",
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
