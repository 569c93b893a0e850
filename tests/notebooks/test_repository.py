"""The repository's address stands in one place per file kind, equal everywhere, and one command changes it."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from chapters import NOTEBOOKS, ROOT

INDEX = ROOT / "book" / "index.md"
spec = importlib.util.spec_from_file_location("set_repository", ROOT / "scripts" / "set_repository.py")
assert spec is not None
assert spec.loader is not None
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def test_one_address_in_each_file_and_all_equal() -> None:
    found = tool.addresses()
    assert set(found) == {ROOT / "_config.yml", ROOT / "pyproject.toml", ROOT / "README.md", INDEX, *NOTEBOOKS}
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
    assert len(changed) == 4 + len(NOTEBOOKS)
    assert {tuple(each) for each in tool.addresses(tmp_path).values()} == {(new,)}
    assert f'"git+{new}@main"' in (tmp_path / "notebooks" / NOTEBOOKS[0].name).read_text(encoding="utf-8").replace(
        "\\", ""
    )
    tool.set_repository("https://github.com/a/b", tmp_path)
    assert {tuple(each) for each in tool.addresses(tmp_path).values()} == {("https://github.com/a/b",)}


@pytest.mark.parametrize(
    "address", ["", "somebody/names", "http://github.com/a/b", "https://github.com/a_b/c", "https://github.com/a/b.git"]
)
def test_anything_else_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected an address such as"):
        tool.set_repository(address, tmp_path)
