"""The command that tries every set-up: what it finds, what it counts, what it does not compare and why."""

import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from chapters import NOTEBOOKS, ROOT, code, tags
from packaging.requirements import Requirement

sys.path.insert(0, str(ROOT / "scripts"))
import matrix
import setups

LAX = tomllib.loads((ROOT / "tests/setups/lax_cells.toml").read_text(encoding="utf-8"))["cell"]


def test_each_cell_that_is_not_compared_exists_and_has_a_reason() -> None:
    for entry in LAX:
        assert set(entry["setups"]) <= set(setups.COLABS)
        assert len(entry["why"]) > 20
        named = [path for path in NOTEBOOKS if entry["notebook"] in ("*", path.name)]
        assert named
        assert all(0 <= entry["cell"] < len(code(path)) for path in named)


def test_a_lax_copy_changes_tags_only(tmp_path: Path) -> None:
    for path in NOTEBOOKS[:2]:
        not_compared = matrix.write_lax_copy(path, tmp_path / path.name, "colab-newer")
        copy = nbformat.read(tmp_path / path.name, as_version=4)
        assert [cell.source for cell in copy.cells] == [c.source for c in nbformat.read(path, as_version=4).cells]
        lax = [k for k, cell in enumerate(c for c in copy.cells if c.cell_type == "code")
               if "nbval-ignore-output" in tags(cell)]  # fmt: skip
        assert 0 in lax
        assert not_compared == len(lax) == 1 + sum("nbval-ignore-output" in tags(cell) for cell in code(path))


def test_what_failed_was_skipped_or_passed_is_counted_from_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert matrix.read_report(report) == ([], 0)
    case = '<testcase classname="a" name="{}">{}</testcase>'
    cases = [("one", ""), ("two", "<failure/>"), ("three", "<skipped/>"), ("four", "<error/>"), ("five", "")]
    report.write_text(
        "<testsuites><testsuite>" + "".join(case.format(*each) for each in cases) + "</testsuite></testsuites>"
    )
    assert matrix.read_report(report) == (["a::two", "a::four"], 2)


def test_fixed_versions_stand_in_the_place_of_the_pinned_ones(tmp_path: Path) -> None:
    lines = Path(setups.pins(tmp_path, ["numpy==2.0.2", "Pillow>=10"])).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if setups.package(line) in ("numpy", "pillow")] == ["numpy==2.0.2", "Pillow>=10"]
    assert len(lines) > 100


def test_what_the_set_ups_install_can_be_read_as_requirements() -> None:
    for line in [*setups.tools_of_tests(), *setups.BESIDE_OLD_MATPLOTLIB, *setups.PROJECT["dependencies"]]:
        assert Requirement(line).name == setups.package(line)


def test_this_interpreter_is_found_and_one_that_does_not_exist_is_not() -> None:
    minor = "{}.{}".format(*sys.version_info[:2])
    found = setups.find_python(sys.executable)
    assert found is not None
    assert found[0] == minor
    assert setups.find_python("python9.99") is None
    assert setups.find_pythons([sys.executable]) == {minor: found[1]}
    assert set(setups.find_pythons([])) == set(setups.PROMISED), "a version that is not found stays in the table"


def test_colab_has_one_python_and_the_others_take_each() -> None:
    pairs = matrix.chosen_pairs(list(setups.SETUPS), {"3.12": "a", "3.13": "b", "3.11": ""})
    assert pairs.count(("colab-older", "3.12")) == pairs.count(("colab-newer", "3.13")) == 1
    assert ("colab-older", "3.13") not in pairs
    assert [minor for setup, minor in pairs if setup == "oldest"] == ["3.12", "3.13"]


def test_where_there_is_nothing_to_try_nothing_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "{}.{}".format(*sys.version_info[:2])
    setup = next(name for name, (minor, _) in setups.COLABS.items() if minor != here)
    monkeypatch.setattr(sys, "argv", ["matrix.py", "--pythons", sys.executable, "--setups", setup])
    with pytest.raises(SystemExit, match="2"):
        matrix.main()


def test_rows_that_are_tried_again_replace_the_old_ones_and_a_missing_interpreter_is_said() -> None:
    first = matrix.table([matrix.Row("newest", "3.13.0", "a", 1, 2, 3, 4.0), matrix.Row("pinned", "3.11.7")], ["3.12"])
    rows = [line.split(" | ")[:2] for line in first.splitlines()[2:]]
    assert rows == [["| pinned", "3.11.7"], ["| none", "3.12.x"], ["| newest", "3.13.0"]]
    assert "**no such interpreter on that machine: not tried**" in first
    again = matrix.table([matrix.Row("newest", "3.13.5", "b", 5), matrix.Row("oldest", "3.12.1")], [], first)
    rows = [line.split(" | ")[:3] for line in again.splitlines()[2:]]
    assert rows == [["| pinned", "3.11.7", ""], ["| oldest", "3.12.1", ""], ["| newest", "3.13.5", "b"]]
    assert again.startswith(matrix.HEAD)
