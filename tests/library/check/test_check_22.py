"""Chapter 22's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from check_cases import as_if_written, hint

from lstm_lib.check import chapter_22 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.data import Batch
from lstm_lib.model import Params
from lstm_lib.patient.checks import CHECKS, TRAINED
from lstm_lib.patient.defects import DEFECTS
from lstm_lib.patient.hunt import Finding, Patient, make_patient

Divide = Callable[..., Any]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.suspects(...),
        check.suspects(dict.fromkeys("ABCDE", ...)),
        check.perplexities(..., ..., 1.6, 0.47, 1.9),
        check.leaky(..., lambda rows, *, rng: None),
        check.leaky("A", lambda rows, *, rng: ...),
        check.repair(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 22.1


def test_suspects_right() -> None:
    assert check.suspects(check.SUSPECTS).right


@pytest.mark.parametrize(("symptom", "named"), [*itertools.product(check.SUSPECTS, CHECKS)])
def test_every_wrong_suspect_gets_the_clue_of_its_symptom(symptom: str, named: str) -> None:
    if named == check.SUSPECTS[symptom]:
        return
    clue = check.CLOSE.get((symptom, named), check.CLUES[symptom])
    assert hint(check.suspects({**check.SUSPECTS, symptom: named})) == f"{symptom}: {clue}"


def test_good_second_thoughts_have_clues_of_their_own() -> None:
    assert all(symptom in check.SUSPECTS and named in CHECKS for symptom, named in check.CLOSE)
    assert len({*check.CLOSE.values(), *check.CLUES.values()}) == len(check.CLOSE) + len(check.CLUES)


def test_suspects_in_part_or_in_another_form() -> None:
    assert "D and E still to do" in hint(
        check.suspects({"A": check.SUSPECTS["A"], "B": check.SUSPECTS["B"], "C": check.SUSPECTS["C"]})
    )
    assert check.suspects({symptom: f" {named.upper()} " for symptom, named in check.SUSPECTS.items()}).right
    assert "'leak' is none of the checks" in hint(check.suspects({"A": "leak"}))
    assert "3 is none of the checks" in hint(check.suspects({"A": 3}))
    assert "keep the dict" in hint(check.suspects(["A"]))


# ---- 22.2

PRINTED, PADDING, NATS = 1.6, 0.47, 1.9
REAL = PRINTED ** (1 / 0.53)


def test_perplexities_right() -> None:
    assert check.perplexities(REAL, math.exp(NATS), PRINTED, PADDING, NATS).right
    assert check.perplexities(round(REAL, 2), round(math.exp(NATS), 1), PRINTED, PADDING, NATS).right


@pytest.mark.parametrize(
    ("real", "unseen", "expected"),
    [
        (PRINTED, math.exp(NATS), "padding is still in it"),
        (PRINTED / 0.53, math.exp(NATS), "it is its logarithm"),
        (PRINTED ** (1 / 0.47), math.exp(NATS), "you divided by the share of padding"),
        (PRINTED**0.53, math.exp(NATS), "the other way round"),
        (math.log(PRINTED) / 0.53, math.exp(NATS), "those are nats; the perplexity is e"),
        (5.0, math.exp(NATS), "the logarithms add up"),
        (REAL, NATS, "those are nats"),
        (REAL, 2**NATS, "bits take 2"),
        (REAL, math.exp(NATS / 0.53), "these nats are of real symbols already"),
        (REAL, 30.0, "e to the power of the nats"),
        (REAL, ..., "real is right; unseen is still to do"),
    ],
)
def test_each_wrong_perplexity_has_its_hint(real: Any, unseen: Any, expected: str) -> None:
    assert expected in hint(check.perplexities(real, unseen, PRINTED, PADDING, NATS))


# ---- 22.3


def mended(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    names = sorted(set(rows))
    shuffled = [names[k] for k in rng.permutation(len(names))]
    return shuffled[len(names) // 10 :], shuffled[: len(names) // 10]


def late(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    shuffled = [rows[k] for k in rng.permutation(len(rows))]
    tenth = len(rows) // 10
    return sorted(set(shuffled[tenth:])), sorted(set(shuffled[:tenth]))


def dropped(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    train, held_out = mended(rows, rng=rng)
    return train[1:], held_out


def taken_away(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    train, held_out = late(rows, rng=rng)
    return [name for name in train if name not in held_out], held_out


def repeated(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    train, held_out = mended(rows, rng=rng)
    return [*train, train[0]], held_out


def unsorted(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    names = list(dict.fromkeys(rows))
    shuffled = [names[k] for k in rng.permutation(len(names))]
    return shuffled[len(names) // 10 :], shuffled[: len(names) // 10]


def own_seed(rows: list[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    return mended(rows, rng=np.random.default_rng(0))


def test_leaky_right() -> None:
    assert check.leaky("A", mended).right
    assert check.leaky("# a", lambda rows, *, rng: tuple(map(np.array, mended(rows, rng=rng)))).right


@pytest.mark.parametrize(
    ("line", "function", "expected"),
    [
        ("B", mended, "a tenth is a tenth"),
        ("C", mended, "what was dealt before it were rows"),
        ("D", mended, "frequent names would be held out more often"),
        ("E", mended, "it hands out what was made"),
        ("A", late, "names still stand in both lists"),
        ("A", dropped, "1 names stand in no list"),
        ("A", taken_away, "names are held out; a tenth, rounded down, is 12"),
        ("A", repeated, "some stand twice on one"),
        ("A", unsorted, "sort before you deal"),
        ("A", own_seed, "shuffle with the rng that comes in"),
        ("A", lambda rows, *, rng: [rows, 3], "return two lists of names"),
    ],
)
def test_each_wrong_split_has_its_hint(line: str, function: Divide, expected: str) -> None:
    assert expected in hint(check.leaky(line, function))


# ---- 22.4


def handed_in(*sick: str, **parts: Callable[..., Any]) -> Patient:
    """A patient that a reader hands in."""
    return as_if_written(make_patient(sick))._replace(**parts)


def deaf_loss(params: Params, batch: Batch) -> tuple[float, Params]:
    """A loss that does not read the biases, as in the notebook."""
    loss, grads = make_patient().loss_and_grads(replace(params, b=0 * params.b, b_y=0 * params.b_y), batch)
    return loss, replace(grads, b=0 * grads.b, b_y=0 * grads.b_y)


def test_a_patient_of_the_library_does_not() -> None:
    assert "divide and number and tabulate" in hint(check.repair(make_patient()))
    said = hint(check.repair(handed_in()._replace(epoch=make_patient().epoch)))
    assert said == "epoch comes from the library: mend your own."


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"begin": make_patient(["tiny start"]).begin},
            "none looks at `begin`. From letter to letter its gates differ",
        ),
        ({"begin": make_patient(["tiny start", "no biases"]).begin}, "such a start learns late"),
        ({}, "It sets biases that your loss never reads"),
    ],
)
def test_a_start_that_no_check_looks_at(parts: dict[str, Any], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = handed_in(**parts)
    if not parts:
        patient = patient._replace(loss_and_grads=lambda params, batch: deaf_loss(params, batch))
    for name in TRAINED:  # seconds each; that they pass is in the file of runs
        monkeypatch.setitem(CHECKS, name, lambda _: Finding(True, ""))
    said = hint(check.repair(patient))
    assert said.startswith(f"all {len(CHECKS)} checks pass, but ")
    assert expected in said


QUICK = [defect for defect in DEFECTS if defect.check and defect.check not in TRAINED]


@pytest.mark.parametrize("defect", QUICK, ids=lambda defect: defect.switch)
def test_each_defect_is_named_by_the_first_check_that_fails_and_its_meaning(defect: Any) -> None:
    said = hint(check.repair(handed_in(defect.switch)))
    named = said.split("`")[1]
    assert check.MEANS[named] in said
    assert [*CHECKS].index(named) <= [*CHECKS].index(defect.check)
    assert said.startswith(f"{[*CHECKS].index(named)} of {len(CHECKS)} checks passed")


def test_every_check_has_a_meaning_and_what_is_no_patient_is_told() -> None:
    assert list(check.MEANS) == list(CHECKS)
    assert "hand in a Patient" in hint(check.repair({"number": sorted}))
    assert "raises ZeroDivisionError" in hint(check.repair(handed_in()._replace(number=lambda names: {"a": 1 // 0})))
