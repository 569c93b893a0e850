"""The runner of `make mutants`: a planted fault is killed, and nothing else is."""

import ast
import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import mutants
from mutations import planted

TESTS = ["tests/library/test_ops.py::test_sigmoid_agrees_with_scipy_even_where_it_is_tiny"]
SOURCE = "def f(x: int) -> bool:\n    if x < 3 and not x:\n        g(-x)\n    return x + 1\n"


def test_every_fault_changes_one_place_and_is_another():
    found = mutants.mutants("one", SOURCE)
    changes = {(each.before, each.after) for each in found}
    assert {("x < 3", "x <= 3"), ("x + 1", "x - 1"), ("3", "4"), ("g(-x)", "nothing"), ("not x", "x")} <= changes
    bodies = [ast.unparse(planted(SOURCE, each.number)) for each in found]
    assert len({*bodies, ast.unparse(ast.parse(SOURCE))}) == len(found) + 1
    for each, body in zip(found, bodies, strict=True):
        assert each.after in body or each.after == "nothing", each
    assert {each.number for each in found} == set(range(len(found)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fault_is_killed_and_what_changes_nothing_survives(monkeypatch):
    monkeypatch.setattr(mutants, "seconds_of_tests", lambda: dict.fromkeys([*TESTS, "nowhere.py"], 60.0))
    fault = next(each for each in mutants.every_mutant() if each.module == "ops")
    assert mutants.meet(fault, TESTS) == "killed"
    monkeypatch.setattr(mutants, "planted", lambda source, number: ast.parse(source))
    assert mutants.meet(fault, TESTS) == "survived"
    with pytest.raises(SystemExit, match=r"pytest ends with 4: nowhere\.py"):
        mutants.meet(fault, ["nowhere.py"])
