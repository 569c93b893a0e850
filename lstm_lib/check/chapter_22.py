"""Feedback for chapter 22: suspects, the pencil's perplexities, the leaky split, and the patient once it is mended."""

import math
from dataclasses import replace
from reprlib import repr as short_repr

import numpy as np

from lstm_lib.check.choice import each_letter
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right
from lstm_lib.check.numbers import Number, judge
from lstm_lib.check.parts.chapter_22_divide import leaky
from lstm_lib.patient.checks import CHECKS, examine
from lstm_lib.patient.hunt import Patient
from lstm_lib.patient.truth import ANA

__all__ = ["leaky", "perplexities", "repair", "suspects"]

# ---- 22.1

SUSPECTS = {
    "A": "lists share nothing",
    "B": "samples follow the law",
    "C": "scored by hand",
    "D": "gradient, all steps",
    "E": "ids follow a rule",
}
CLUES = {
    "A": "what is judged here is the difference between two lists; how could they be too alike?",
    "B": "the letters in the middle are fine and the first one is not: who draws it, and from what?",
    "C": "the names are poor and the number is splendid: is the number the mean over letters and end marks?",
    "D": "something learns, and something else does not: which check looks at every tensor, over several steps?",
    "E": "the weights are the same, so what they are read with is not: what is new in each process?",
}
CLOSE = {  # checks that would notice too, or nearly, and why another comes first
    ("C", "lists share nothing"): "a leak makes numbers splendid too, but its names are good, being known: which check "
    "asks whether the number is what it says?",
    (
        "C",
        "targets spell the names",
    ): "it sees padding that counts, and no mean of perplexities: which check asks whether the number is what it says?",
    ("D", "one batch by heart"): "it may notice, and then cannot say where; and with one road of four a network knows "
    "eight names by heart. Which check names the matrix?",
    ("D", "beats counting"): "it may notice, and then cannot say where. Which check names the matrix?",
    ("D", "gradient, one step"): "with T = 1 all is well, so this one passes: what do several steps add?",
}


@exercise
def suspects(answers: object) -> Feedback:
    """Exercise 22.1: for each of five symptoms, A to E, the check to run first."""
    called = {name.lower(): name for name in CHECKS}

    def fault(symptom: str, said: object) -> str | None:
        named = called.get(said.strip().lower()) if isinstance(said, str) else None
        if named is None:
            return f"{symptom}: {short_repr(said)} is none of the checks; copy one from the list."
        return None if named == SUSPECTS[symptom] else f"{symptom}: {CLOSE.get((symptom, named), CLUES[symptom])}"

    feedback = each_letter(answers, SUSPECTS, "A to E", fault)
    return feedback or right("Five symptoms, five checks, and none of them needs a debugger.")


# ---- 22.2


@exercise
def perplexities(real: object, unseen: object, printed: float, padding: float, nats: float) -> Feedback:
    """Exercise 22.2: the perplexity of real symbols, and that of names never seen.

    `printed`: the perplexity with padding; `padding`: its share of the cells; `nats`: the true loss on unseen names.
    """
    known = {
        nats: "those are nats; the perplexity is e to that power",
        2.0**nats: "bits take 2, nats take e",
        math.exp(nats / (1 - padding)): "these nats are of real symbols already: no padding is left to take out",
    }
    otherwise = "the logarithms add up: only the real share of the cells paid ln of it"
    true = printed ** (1 / (1 - padding))
    return judge(
        "Padding hid the first part of the distance, memory the rest.",
        Number("real", real, true, _wrong_real(printed, padding), otherwise, 0.01, relative=True),
        Number("unseen", unseen, math.exp(nats), known, "e to the power of the nats", 0.01, relative=True),
    )


def _wrong_real(printed: float, padding: float) -> dict[float, str]:
    """Typical wrong answers to the first question."""
    return {
        printed: "that is what is printed; padding is still in it",
        printed / (1 - padding): "it is not the perplexity that is spread over the cells, it is its logarithm",
        printed ** (1 / padding): "you divided by the share of padding; divide by the share of real symbols",
        printed ** (1 - padding): "the other way round: without the free cells the mean is higher",
        math.log(printed) / (1 - padding): "those are nats; the perplexity is e to that power",
    }


# ---- 22.4

MEANS = {
    "all the work is done": "A loop ends too soon: look for a `return` or `break` inside it.",
    "extremes stay finite": "Take the largest score away before exp, and the logarithm with log_softmax.",
    "first loss is ln V": "Knowing nothing costs ln V for each symbol. Is there a second term, or a sum over time?",
    "gradient, one step": "The gradient is not that of the loss that is returned, in one step already.",
    "gradient, all steps": "What later steps send back, or add, gets lost: look for = where += should stand.",
    "Adam's trace": "A constant gradient must move every tensor by the learning rate: are both means corrected, and "
    "does E get the same steps as the others?",
    "scored by hand": "The number is not the mean of -ln p over letters and end marks: is padding counted, a symbol "
    "left out, or a mean taken of means?",
    "targets spell the names": "What is to be predicted must be the name, all its letters, and one end mark.",
    "ids follow a rule": "A set has an order of its own in each process: sort.",
    "lists share nothing": "Deal distinct names, not rows.",
    "orders differ": "Each epoch needs a new order, and every name in it.",
    "samples follow the law": "The first letter has a law too: what the model says after the end mark.",
    "one batch by heart": "It cannot learn eight names by heart. Something that should learn does not.",
    "beats counting": "It learns, but less than a table of pairs knows.",
}
WRITTEN = ("divide", "number", "tabulate", "epoch", "loss_and_grads", "perplexity")  # parts whose code is the reader's
AWAKE = 0.05  # what the gates of a fresh machine differ by, from letter to letter, at the least


@exercise
def repair(patient: object) -> Feedback:
    """Exercise 22.4: a patient that passes every check; else the first that fails, what it saw, and what that means.

    Parts that stand in the notebook must be the reader's own, and the start, which no check looks at, is looked at.
    """
    if blank(patient):
        return NOT_ATTEMPTED
    if not isinstance(patient, Patient):
        return not_yet(
            f"hand in a Patient, such as patient._replace(number=my_number); got {short_repr(patient)[:80]}."
        )
    borrowed = [name for name in WRITTEN if _from_the_library(getattr(patient, name))]
    if borrowed:
        return not_yet(f"{' and '.join(borrowed)} come{'s' * (len(borrowed) == 1)} from the library: mend your own.")
    for place, name in enumerate(CHECKS):
        finding = examine(patient, name)
        if not finding.passed:
            saw = finding.saw[:120]
            return not_yet(f"{place} of {len(CHECKS)} checks passed, then `{name}` failed ({saw}). {MEANS[name]}")
    hint = _start_hint(patient)
    if hint is not None:
        return not_yet(f"all {len(CHECKS)} checks pass, but none looks at `begin`. {hint}")
    return right(f"All {len(CHECKS)} checks pass, and it starts awake. The patient may go home.")


def _from_the_library(part: object) -> bool:
    """Whether a part of a patient is one of `make_patient`'s."""
    return str(getattr(getattr(part, "func", part), "__module__", "")).startswith("lstm_lib.patient")


def _start_hint(patient: Patient) -> str | None:
    """What is wrong with the first weights, or None."""
    ids = patient.number(ANA)
    params = patient.begin(len(ids), 16, 32, rng=np.random.default_rng(22))
    spread = float((params.E @ params.W_x).std(axis=0).mean())
    if not spread > AWAKE:
        return f"From letter to letter its gates differ by {spread:.1g} only: such a start learns late. See chapter 13."
    batch = patient.tabulate(ANA, ids, 4)
    shifted = replace(params, b=params.b + np.linspace(0, 1, len(params.b)))
    deaf = patient.loss_and_grads(params, batch)[0] == patient.loss_and_grads(shifted, batch)[0]
    if params.b.any() and deaf:
        return "It sets biases that your loss never reads, and the sampler does: `init_params` takes `forget_bias=0`."
    return None
