"""The stored runs of chapter 22's patient: complete, and what is quick to compute is computed again."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))

import patient as script

from lstm_lib.data import Batch
from lstm_lib.patient.checks import TRAINED, examine
from lstm_lib.patient.defects import SILENT
from lstm_lib.patient.hunt import make_patient
from lstm_lib.patient.truth import plain_params
from lstm_lib.tree import named_leaves

FOUND = json.loads(script.PATIENT.read_text(encoding="utf-8"))
SEEDS = [str(seed) for seed in script.SEEDS]


def test_every_course_was_run_with_every_seed_and_looked_at_as_often() -> None:
    looks = list(range(0, script.FULL["steps"] + 1, script.FULL["every"]))
    assert {name: [*runs] for name, runs in FOUND["courses"].items()} == dict.fromkeys(script.COURSES, SEEDS)
    for run in (run for runs in FOUND["courses"].values() for run in runs.values()):
        assert run["step"] == looks
        assert {len(run[what]) for what in ("own", "train", "val", "test")} == {len(looks)}
        assert len(run["names"]["first"]) == 12
    assert {name: [*runs] for name, runs in FOUND["alone"].items()} == dict.fromkeys(script.ALONE, SEEDS)


def test_counting_pays_what_the_file_says() -> None:
    assert script.rivals() == FOUND["rivals"]


def test_no_run_saw_the_names_that_judge_it() -> None:
    rows, split = script.the_lists()
    assert not set(rows) & {*split.val, *split.test}
    assert set(rows) == set(split.train)


def test_the_findings_of_the_two_checks_that_train() -> None:
    planted = ["none", *SILENT, "tiny start"]
    assert {name: [*found] for name, found in FOUND["caught"].items()} == dict.fromkeys(TRAINED, planted)
    for name in TRAINED:  # one step of training: quick
        finding = examine(make_patient(["one update"]), name)
        assert FOUND["caught"][name]["one update"] == {"passed": finding.passed, "saw": finding.saw}


@pytest.mark.parametrize("course", script.COURSES)
def test_the_fast_route_gives_the_patients_own_gradient(course: str) -> None:
    sick, names = script.COURSES[course], ["ana", "nan", "anna", "a"]
    patient = make_patient(sick)
    ids, params = patient.number(names), plain_params(3, 2, 5)
    table: Batch = patient.tabulate(names, ids, 4)
    fast, own = script.gradient(patient, params, table, sick), patient.loss_and_grads(params, table)[1]
    for name, leaf in named_leaves(own):
        np.testing.assert_allclose(getattr(fast, name), leaf, rtol=1e-9, atol=1e-12, err_msg=name)
