"""The runner of `make mutants`: a planted fault is killed, and nothing else is."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import mutants
from mutations import planted, without_annotations

SCRIPTS = Path(mutants.__file__).parent
TESTS = ["tests/library/test_ops.py::test_sigmoid_agrees_with_scipy_even_where_it_is_tiny"]
OTHER = "tests/library/test_ops.py::test_sigmoid_is_the_softmax_of_two"
SOURCE = "def f(x: int) -> bool:\n    if x < 3 and not x:\n        return None\n    g(-x)\n    return x + 1\n"


def test_every_fault_changes_one_place_and_is_another():
    found = mutants.mutants("one", SOURCE)
    changes = {(each.before, each.after) for each in found}
    assert {("x < 3", "x <= 3"), ("x + 1", "x - 1"), ("3", "4"), ("g(-x)", "nothing"), ("not x", "x")} <= changes
    bodies = [ast.unparse(planted(SOURCE, each.number)) for each in found]
    assert len({*bodies, ast.unparse(without_annotations(ast.parse(SOURCE)))}) == len(found) + 1
    for each, body in zip(found, bodies, strict=True):
        assert each.after in body or each.after == "nothing", each
    assert {each.number for each in found} == set(range(len(found)))


# In a process of its own: a fault can only be planted in a library that is not imported yet.
VERDICTS = f"""
import ast, jupyter_client, matplotlib, mutants, nbformat, scipy.special  # what each of the processes would import
codes, exit_code = [], mutants.exit_code
mutants.exit_code = lambda *given: codes.append(exit_code(*given)) or codes[-1]
mutants.seconds_of_tests = lambda: dict.fromkeys({[*TESTS, "nowhere.py"]}, 60.0)
fault = next(each for each in mutants.every_mutant() if each.module == "ops")
print(mutants.meet(fault, {TESTS}))
mutants.planted = lambda source, number: ast.parse(source)
print(mutants.meet(fault, {TESTS}))
mutants.PATIENCE, usual = 1, mutants.seconds_of_tests
mutants.seconds_of_tests = lambda: {{{TESTS[0]!r}: 0, "{OTHER}": 60}}
mutants.planted = lambda source, number: ast.parse(source + "\\ndef sigmoid(x):\\n    while True: pass\\n")
print(mutants.meet(fault, {[*TESTS, OTHER]}))  # after a second, not after ten minutes
mutants.PATIENCE, mutants.seconds_of_tests = 30, usual
mutants.planted = lambda source, number: ast.parse("raise ImportError")  # conftest.py cannot be imported
print(mutants.meet(fault, {TESTS}), codes[-2], flush=True)
mutants.meet(fault, ["nowhere.py"])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fault_is_killed_and_what_changes_nothing_survives():
    done = subprocess.run([sys.executable, "-c", VERDICTS], cwd=SCRIPTS, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["killed", "survived", "hangs", "killed", "4"], done.stderr
    assert done.stderr.strip() == "pytest ends with 4, and not with 0 without a fault: nowhere.py"
    assert done.returncode == 1


def test_what_is_listed_as_equivalent_is_a_fault_of_the_library_as_it_is():
    planted_there = {mutants.name_of(each) for each in mutants.every_mutant()}
    assert mutants.equivalent().keys() <= planted_there
    assert len(mutants.equivalent()) < len(planted_there) / 20
