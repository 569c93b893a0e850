"""What a release is made of, and the tag that the notebooks install."""

import importlib.util
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from chapters import ROOT

spec = importlib.util.spec_from_file_location("changes", ROOT / "scripts" / "changes.py")
assert spec is not None
assert spec.loader is not None
changes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(changes)

TEXT = "# Changelog\n\n## 1.2.0\n\n- Later.\n\n## 1.1.10\n\n- Ten.\n  More.\n\n## 1.1.1 (unreleased)\n\n- One.\n"


def test_the_notes_are_the_section_of_the_version() -> None:
    assert changes.section("1.2.0", TEXT) == "- Later."
    assert changes.section("1.1.10", TEXT) == "- Ten.\n  More."


@pytest.mark.parametrize(
    ("version", "why"), [("1.1.1", "unreleased"), ("1.1", "no heading"), ("1.1.100", "no heading")]
)
def test_a_version_without_notes_is_refused(version: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        changes.section(version, TEXT)


def recipe(target: str) -> str:
    """What the Makefile needs for a target and does for it; the first line holds the former."""
    return (ROOT / "Makefile").read_text(encoding="utf-8").split(f"\n{target}:")[1].split("\n\n")[0]


def test_the_notes_are_handed_over_and_stand_beside_what_is_uploaded() -> None:
    (notes,) = re.findall(r"scripts/changes\.py > (\S+)", recipe("release"))
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    (uploaded,) = re.findall(r"gh release create \S+ (\S+) --verify-tag", workflow)
    assert f"--notes-file {notes} " in workflow
    assert not fnmatch(notes, uploaded)


def test_the_package_is_made_with_what_is_pinned_and_without_a_network() -> None:
    assert "-m build --quiet --no-isolation " in recipe("dist")


def test_a_version_without_notes_is_refused_before_anything_is_made() -> None:
    assert recipe("release").split()[0] == "changed"
    assert "scripts/changes.py" in recipe("changed")


def git(folder: Path, *arguments: str) -> str:
    """What git prints there."""
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not (shutil.which("make") and shutil.which("git")), reason="needs make and git")
def test_the_version_is_tagged_once_and_pushed(tmp_path: Path) -> None:
    origin, copy = tmp_path / "origin.git", tmp_path / "copy"
    subprocess.run(["git", "init", "--quiet", "--bare", origin], check=True)
    subprocess.run(["git", "init", "--quiet", copy], check=True)
    git(copy, "remote", "add", "origin", str(origin))
    does = recipe("tag").replace("$(READY)", "")
    (copy / "Makefile").write_text(f"BIN := {Path(sys.executable).parent}\ntag:{does}\n", encoding="utf-8")
    (copy / "lstm_lib").mkdir()
    (copy / "lstm_lib" / "__init__.py").write_text('__version__ = "3.2.1"\n', encoding="utf-8")
    for _ in range(2):
        git(copy, "add", "--all")
        git(copy, "commit", "--quiet", "--allow-empty", "--message", "one more")
        subprocess.run(["make", "tag"], cwd=copy, check=True, capture_output=True)
    assert git(origin, "rev-parse", "v3.2.1") == git(copy, "rev-parse", "HEAD~1"), "an older tag stays where it is"
