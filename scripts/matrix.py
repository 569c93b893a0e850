"""Run the checks in every set-up that the project promises, and write one table: rows are set-ups.

Usage: python scripts/matrix.py [--pythons COMMAND ...] [--setups NAME ...] [--second]

The Pythons are those of the classifiers in pyproject.toml, as found on the PATH or named. Each set-up is a new virtual
environment in a temporary folder, made with uv, which is fetched when it is not there. The rows that were tried take
their places in tests/setups/results.md. `--second` tries one set-up and writes nothing: the pinned versions on the
newest Python but the one in use, without tests/notebooks: nbval runs each notebook there.
"""

import argparse
import shutil
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import yaml
from setups import (
    COLABS,
    COMING,
    PROMISED,
    ROOT,
    SETUPS,
    Place,
    check,
    describe,
    environment,
    find_pythons,
    find_uv,
    make_place,
)

from lstm_lib import __version__

FOLDER = ROOT / "tests" / "setups"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120",
         f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}")  # fmt: skip
IN_PARALLEL = ("-n", "auto", "--maxprocesses", "8")
MISSING = "none"
HEAD = """| Set-up | Python | Versions | Library tests | Cells compared | Failures | Seconds | Commit |
|---|---|---|--:|--:|--:|--:|---|"""


@dataclass
class Row:
    """What one set-up gave; `failures` counts tests, cells and linters, `failed` names the first ones."""

    setup: str
    python: str
    versions: str = ""
    library: int = 0
    cells: int = 0
    failures: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)


def run(place: Place, row: Row, *arguments: str, cwd: Path = ROOT, **extra: str) -> int:
    """`python -m ...` there; a module that is not pytest counts as one check. Returns how many tests passed."""
    report = place.folder / "report.xml"
    report.unlink(missing_ok=True)
    pytest = arguments[0] == "pytest"
    command = [place.python, "-m", *arguments, *(["-q", f"--junitxml={report}"] if pytest else [])]
    done = subprocess.run(command, cwd=cwd, env=environment() | extra, capture_output=True, text=True)
    failed, passed = read_report(report) if pytest else ([], 0)
    if done.returncode != 0 and not failed:
        failed = [" ".join(arguments)]
    if failed:
        print(done.stdout[-6000:] + done.stderr[-2000:], flush=True)
    row.failures += len(failed)
    row.failed += failed
    return passed


def read_report(report: Path) -> tuple[list[str], int]:
    """The names of what failed, and how many tests passed, from pytest's report; a skipped test is neither."""
    if not report.exists():
        return [], 0
    cases = list(ET.parse(report).getroot().iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return [f"{each.get('classname')}::{each.get('name')}" for each in failed], len(cases) - len(failed) - len(skipped)


def run_here(place: Place, row: Row, rules: bool) -> None:
    """The library's tests, each notebook against its stored outputs; with the pinned versions style, and the rules."""
    if row.setup == "pinned":
        for module in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]):
            run(place, row, *module)
        if rules:
            run(place, row, "pytest", *IN_PARALLEL, "tests/notebooks")
    counted = ["--cov"] if row.setup == "pinned" and not row.python.startswith("3.11.") else []
    row.library = run(place, row, "pytest", *IN_PARALLEL, "tests/library", *counted, COVERAGE_CORE="sysmon")
    row.cells = run(place, row, "pytest", *IN_PARALLEL, "--dist", "loadfile", *NBVAL, "notebooks")
    row.cells -= sum(len(ignored(nbformat.read(path, as_version=4))) for path in NOTEBOOKS)


def run_alone(place: Place, row: Row) -> None:
    """Each notebook alone in an empty folder; its first cell, as it stands, installs the library from a clone."""
    address = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    bare = place.folder / "library.git"
    check(["git", "clone", "--quiet", "--bare", str(ROOT), str(bare)])
    check(["git", "-C", str(bare), "tag", "--force", f"v{__version__}", "HEAD"])
    variables = {
        "PYTHONPATH": str(ROOT / "tests" / "notebooks"),  # the plugin that compares figures
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{bare.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
    }
    for path in NOTEBOOKS:
        place.pip("uninstall", "lstm-from-scratch")
        with TemporaryDirectory() as folder:
            not_compared = write_lax_copy(path, Path(folder) / path.name, row.setup)
            command = ("pytest", *NBVAL, "-p", "compare_figures", path.name)
            row.cells += run(place, row, *command, cwd=Path(folder), **variables) - not_compared
    place.pip("install", "--no-deps", "-e", ".")
    row.library = run(place, row, "pytest", *IN_PARALLEL, "tests/library")


def write_lax_copy(path: Path, copy: Path, setup: str) -> int:
    """Copy a notebook; the cells that lax_cells.toml names for it get the tag which tells nbval not to compare.

    Returns the number of cells that are not compared.
    """
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for entry in tomllib.loads((FOLDER / "lax_cells.toml").read_text(encoding="utf-8"))["cell"]:
        if setup in entry["setups"] and entry["notebook"] in ("*", path.name):
            cell = code[entry["cell"]]
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "nbval-ignore-output"]
    nbformat.write(notebook, copy)
    return len(ignored(notebook))


def ignored(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells whose outputs nbval does not compare."""
    return [cell for cell in notebook.cells if "nbval-ignore-output" in cell.metadata.get("tags", [])]


def try_setup(setup: str, minor: str, python: str, folder: Path, uv: str, rules: bool = True) -> Row:
    """One row of the table; `rules` is about tests/notebooks."""
    began = time.monotonic()
    row = Row(setup, f"{minor}.x")
    try:
        place = make_place(setup, python, folder, uv)
        row.python, row.versions = describe(place)
        print(f"== {setup}: Python {row.python}, {row.versions}", flush=True)
        run_alone(place, row) if setup in COLABS else run_here(place, row, rules)
    except RuntimeError as error:  # an installation that fails
        print(error, flush=True)
        row.failures += 1
        row.failed.append("installation")
    row.seconds = time.monotonic() - began
    print(f"   library tests {row.library}, cells {row.cells}, failures {row.failures} {row.failed[:5]}", flush=True)
    shutil.rmtree(folder)
    return row


def table(rows: list[Row], missing: list[str], old: str = "") -> str:
    """The rows in Markdown; those of an older table stay, where they were not tried again."""
    lines = {row_key(line): line for line in old.splitlines()[2:]}
    tried = {row.python.rpartition(".")[0] for row in rows}
    lines = {key: line for key, line in lines.items() if key[1] != MISSING or key[0] not in tried}
    for each in rows:
        line = f"| {each.setup} | {each.python} | {each.versions} | {each.library:,} | {each.cells} | {each.failures} "
        lines[row_key(line)] = f"{line}| {each.seconds:.0f} | {commit()} |"
    for minor in missing:
        line = f"| {MISSING} | {minor}.x | **no such interpreter on that machine: not tried** | | | | | {commit()} |"
        lines[row_key(line)] = line
    return "\n".join([HEAD, *(lines[key] for key in sorted(lines, key=place_of))]) + "\n"


def row_key(line: str) -> tuple[str, str]:
    """The Python, without its last number, and the set-up that a row is about."""
    _, setup, python, *_ = (field.strip() for field in line.split("|"))
    return python.rpartition(".")[0], setup


def place_of(key: tuple[str, str]) -> tuple[int, int]:
    """Where a row stands in the table: by Python, then by set-up."""
    return PROMISED.index(key[0]), [*SETUPS, COMING, MISSING].index(key[1])


@cache
def commit() -> str:
    """The commit that is tried; a + where files differ from it."""
    changed = check(["git", "status", "--porcelain", "--", ":!tests/setups/results.md"])
    return check(["git", "rev-parse", "--short", "HEAD"]).strip() + "+" * bool(changed)


def chosen_pairs(setups: list[str], pythons: dict[str, str]) -> list[tuple[str, str]]:
    """The set-ups, each with the version of its Python; one for Colab takes the Python that Colab has."""
    return [(setup, minor) for minor, python in pythons.items() for setup in setups
            if python and COLABS.get(setup, (minor,))[0] == minor]  # fmt: skip


def main() -> int:
    """Read the command line, try each set-up, print the table; the exit code is 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pythons", nargs="+", default=[], metavar="COMMAND")
    parser.add_argument("--setups", nargs="+", choices=[*SETUPS, COMING], default=list(SETUPS), metavar="NAME")
    parser.add_argument("--second", action="store_true", help="pinned versions, newest Python but this one")
    arguments = parser.parse_args()
    pythons = find_pythons(arguments.pythons)
    missing = [minor for minor, path in pythons.items() if not path]
    if arguments.second:
        here = "{}.{}".format(*sys.version_info[:2])
        pythons = dict([(minor, path) for minor, path in pythons.items() if path and minor != here][-1:])
    for minor in missing if not arguments.second or not pythons else []:
        print(f"!! Python {minor} is promised, but no python{minor} was found: NOT TRIED", flush=True)
    chosen = chosen_pairs(["pinned"] if arguments.second else arguments.setups, pythons)
    if not chosen and not arguments.second:
        parser.error("nothing to try: none of these Pythons has one of these set-ups")
    results, rows = FOLDER / "results.md", []
    with TemporaryDirectory() as folder:
        uv = find_uv(Path(folder) / "uv")
        for setup, minor in chosen:
            rows.append(try_setup(setup, minor, pythons[minor], Path(folder) / "env", uv, not arguments.second))
            if not arguments.second:  # at once: an interruption loses one row
                results.write_text(table(rows, missing, results.read_text("utf-8")), encoding="utf-8", newline="\n")
    print(table(rows, missing))
    return int(any(row.failures for row in rows))


if __name__ == "__main__":
    sys.exit(main())
