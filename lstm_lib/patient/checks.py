"""All checks of the patient by name, in the order in which to run them: the quick and the telling first."""

from collections.abc import Callable

import numpy as np

from lstm_lib.patient import check_network as network
from lstm_lib.patient import check_words as words
from lstm_lib.patient.hunt import Finding, Patient

Check = Callable[[Patient], Finding]

CHECKS: dict[str, Check] = {
    "all the work is done": network.all_the_work_is_done,
    "extremes stay finite": network.extremes_stay_finite,
    "first loss is ln V": network.first_loss,
    "gradient, one step": network.gradient_one_step,
    "gradient, all steps": network.gradient_all_steps,
    "Adam's trace": network.adam_trace,
    "scored by hand": words.scored_by_hand,
    "targets spell the names": words.targets_spell_the_names,
    "ids follow a rule": words.ids_follow_a_rule,
    "lists share nothing": words.lists_share_nothing,
    "orders differ": words.orders_differ,
    "samples follow the law": words.samples_follow_the_law,
    "one batch by heart": network.one_batch_by_heart,
    "beats counting": network.beats_counting,
}
TRAINED = ("one batch by heart", "beats counting")  # the two that train: seconds, not milliseconds


def examine(patient: Patient, name: str) -> Finding:
    """The finding of the check with this name; whatever the patient raises is a failure."""
    try:
        with np.errstate(all="ignore"):
            return CHECKS[name](patient)
    except Exception as error:
        return Finding(False, f"raises {type(error).__name__}: {str(error)[:80]}")
