"""How `benchmarks/run.py` gathers its numbers, with measurements made up: nothing is timed here."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
RUN_OF = {
    "spread": {"rows looked up": [-0.1, 0.0, 0.1]},
    "kept": {"what": "list", "memory": "kept", "saved": 0.13},
    "autograd": {"batch": 64, "derived / by hand": 2.5},
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """`run.py`, which writes into another folder."""
    monkeypatch.syspath_prepend(FOLDER)
    module = importlib.import_module("run")
    monkeypatch.setattr(module, "MINE", (tmp_path / "here.json", tmp_path / "here.md"))
    yield module
    for name in ("run", "report"):
        del sys.modules[name]


def gathered(run: ModuleType, monkeypatch: pytest.MonkeyPatch, *parts: str) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["run.py", *parts])
    run.main()
    numbers = json.loads(run.MINE[0].read_text(encoding="utf-8"))
    assert set(numbers) >= {"method", "machine"}
    return dict(numbers)


def measured(machine: str, **found: Any) -> dict[str, Any]:
    return {"machine": {"processor": machine, "torch": None}} | found


@pytest.mark.parametrize(("part", "processes"), [("spread", 3), ("kept", 1), ("autograd", 3)])
def test_a_part_from_another_machine_names_it_and_keeps_the_first(run, monkeypatch, part, processes):
    monkeypatch.setattr(run, "measure", lambda part: measured("first", sampling=[{"count": 1}]))
    gathered(run, monkeypatch, "sampling")
    monkeypatch.setattr(run, "runs_here", lambda part: True)
    monkeypatch.setattr(run, "measure", lambda part: measured("second", **{part: [RUN_OF[part]]}))
    numbers = gathered(run, monkeypatch, part)
    assert numbers["machine"]["processor"] == "first"
    assert numbers[part] == {"processor": "second", "runs": [RUN_OF[part]] * processes}
    assert numbers["sampling"] == [{"count": 1}]
    assert "| second |" in run.MINE[1].read_text(encoding="utf-8")


def test_a_part_that_cannot_run_here_is_left_out(run, monkeypatch, capsys):
    """All benchmarks of `kept` are skipped without PyTorch, and pytest-benchmark fails when none has run."""
    asked = []
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(run, "measure", lambda part: asked.append(part) or measured("first", scoring=[{}]))
    numbers = gathered(run, monkeypatch, "kept", "scoring")
    assert asked == ["scoring"]
    assert "kept" not in numbers
    assert "kept is left out" in capsys.readouterr().out
