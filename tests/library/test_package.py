"""The package as a stranger gets it: built, unpacked in an empty place, and used as the README says."""

import email
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import lstm_lib

ROOT = Path(__file__).parents[2]
LARGEST = 12_000_000  # bytes


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of what it is made of."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT / "lstm_lib", folder / "lstm_lib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "build", "--quiet", "--wheel", "--no-isolation", "--outdir", folder, folder]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def run(wheel, *command):
    """What a program prints that finds the library in the unpacked wheel only."""
    place = wheel.parent / "site"
    if not place.exists():
        zipfile.ZipFile(wheel).extractall(place)
    done = subprocess.run([sys.executable, *command], cwd=wheel.parent / "site", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_small(wheel):
    assert wheel.stat().st_size < LARGEST


def test_it_says_what_it_is_and_where_it_comes_from(wheel):
    (name,) = [each for each in zipfile.ZipFile(wheel).namelist() if each.endswith("METADATA")]
    said = email.message_from_bytes(zipfile.ZipFile(wheel).read(name))
    assert said["Version"] == lstm_lib.__version__
    assert said["Author"]
    assert said["Requires-Python"] == ">=3.11"
    urls = dict(line.split(", ") for line in said.get_all("Project-URL"))
    assert {"Repository", "Issues", "Changelog"} <= set(urls)
    assert all(url.startswith(urls["Repository"]) for url in urls.values())
    assert said["Description-Content-Type"] == "text/markdown"
    assert not re.search(r"\]\((?!https?://|#)", said.get_payload()), "a link that a package index cannot follow"


def test_the_lines_of_the_readme_run(wheel):
    (lines,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.S)
    assert run(wheel, "-c", "import lstm_lib; print(lstm_lib.__file__)").startswith(str(wheel.parent))
    assert run(wheel, "-c", lines).count("mar") == 10


def test_the_commands_of_the_readme_run(wheel):
    lines = re.findall(r"^python -m (lstm_lib .*)", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M)
    assert [line.split()[1] for line in lines] == ["names", "score", "train"]
    for line in lines[:2]:
        assert run(wheel, "-m", *line.split())
