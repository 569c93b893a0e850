"""Feedback for exercises 4.1 and 4.2: the slope of the loss in the scores, and a softmax that does not overflow."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask, borrowed_hint
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, right, verdict
from lstm_lib.check.numbers import apart, as_array
from lstm_lib.ops import softmax
from lstm_lib.tree import BoolArray, FloatArray

# ---- 4.1

P = np.array([2.0, 1.0, 4.0]) / 7  # softmax of ln 2 (1, 0, 2)
CAME = np.array([0.0, 0.0, 1.0])  # one-hot of n
DLOGITS_HINTS = {
    "that is p / N; from the symbol that came, subtract the 1 first": P / 2,
    "that is p, what was expected; subtract the one-hot of the symbol that came, and divide by N": P,
    "every sign is turned: the slope is p minus one-hot; the push goes the other way": (CAME - P) / 2,
    "every sign is turned, and the division by N = 2 is missing": CAME - P,
    "the division by N = 2 is missing: the loss is a mean over two symbols": P - CAME,
    "divide by N = 2, the predicted symbols of the batch, not by V = 3": (P - CAME) / 3,
    "divide by N = 2, not by N times V": (P - CAME) / 6,
    "multiplied by N = 2: in a mean each symbol counts one half": (P - CAME) * 2,
    "p (1 - p) is the slope of a probability in its own score; here the loss is -ln p of the target": P * (1 - P),
    "p (1 - p) is the slope of a probability in its own score, and the loss is -ln p of the target": P * (1 - P) / 2,
    "the scores that were not the target are pushed too: their slope is p / N": np.array([0, 0, P[2] - 1]) / 2,
    "that is the slope in p; the scores lie one step further back, behind the softmax": np.array([0, 0, -7 / 8]),
    "the 1 was subtracted at '.'; n came, the last of the three": (P - [1.0, 0, 0]) / 2,
    "the 1 was subtracted at 'a'; n came, the last of the three": (P - [0, 1.0, 0]) / 2,
    "the 1 was subtracted from all three; only the symbol that came has it": (P - 1) / 2,
    "the scores were divided by their sum; raise e to them first: e^(2 ln 2) = 4": (np.array([1, 0, 2]) / 3 - CAME) / 2,
    "the one-hot was subtracted from e^z; divide by the sum, 7, first": (7 * P - CAME) / 2,
    "the one-hot was subtracted from the scores; the softmax comes first": (np.log(2) * np.array([1, 0, 2]) - CAME) / 2,
    "e^(ln 2) is 2 and e^(2 ln 2) is 4; you raised e to 1, 0, 2": (softmax(np.array([1.0, 0, 2])) - CAME) / 2,
}


@exercise
def dlogits(answer: object) -> Feedback:
    """Exercise 4.1: the three slopes for z = ln 2 (1, 0, 2), the target n and N = 2."""
    if blank(answer) or (isinstance(answer, (list, tuple)) and any(blank(entry) for entry in answer)):
        return NOT_ATTEMPTED
    dz, form_hint = as_array(answer, (3,), "dz, such as [1 / 31, -4 / 31, 3 / 31],")
    if form_hint is not None:
        return not_yet(form_hint)
    if np.allclose(dz, (P - CAME) / 2, rtol=0, atol=5e-4):
        return right("Down 2/14 and 1/14, up 3/14: the pushes add up to zero.")
    for hint, wrong in DLOGITS_HINTS.items():
        if np.allclose(dz, wrong, rtol=0, atol=5e-4):
            return not_yet(hint + ".")
    if abs(float(dz.sum())) > 2e-3:
        return not_yet(f"the three slopes must add up to 0; yours add up to {dz.sum():.3f}. Begin with p.")
    return not_yet("they add up to 0, as they must. Write down e^z, its sum and p; then subtract, then divide by N.")


# ---- 4.2

FAR = np.array([[1000.0, 1001, 999, 998], [-1000, -1002, -1001, -1000], [0, 2000, 1, 2], [3, 1, 2, 0], [-1, 0, 0, 2]])


@exercise
def safe_softmax(my_softmax: Callable[..., Any]) -> Feedback:
    """Exercise 4.2: `(z) -> p` for z of shape (B, V), tried on five rows with scores up to 2,000."""
    answer, feedback = ask(my_softmax, FAR)
    if feedback is not None:
        return feedback
    p, hint = as_array(answer, FAR.shape, "p, like z,")
    praise = "A constant added to a row changes no probability. With the maximum subtracted, no power exceeds 1."
    return verdict(hint or _softmax_hint(p) or borrowed_hint(my_softmax, softmax), praise)


def _softmax_hint(p: FloatArray) -> str | None:
    """Which mistake these probabilities come from, or None if they are right."""
    if np.allclose(p, softmax(FAR)):
        return None
    broken: BoolArray = np.asarray(np.isnan(p).any(axis=1))
    if broken[3]:
        return "even the row (3, 1, 2, 0) becomes 0/0: subtract each ROW's own maximum, axis=-1 and keepdims=True."
    if broken[:2].all():
        return "scores of 1000 and -1000 give nan, inf/inf and 0/0: subtract each row's largest score before np.exp."
    if broken[2]:
        return "the row (0, 2000, 1, 2) gives nan: its mean, or its minimum, is subtracted? Use the maximum."
    if broken.any():
        return f"row {int(broken.argmax())} holds nan: some power overflows or a whole row is 0. Subtract its maximum."
    return _finite_softmax_hint(p)


def _finite_softmax_hint(p: FloatArray) -> str:
    above = FAR - FAR.max(axis=-1, keepdims=True)
    if np.allclose(p, np.exp(above)):
        return "the largest entry of each row is 1: that is e^z after the shift. Divide by the row's sum."
    if np.allclose(p, np.exp(above) / np.exp(above).sum()):
        return "all entries together add up to 1; each ROW must. Sum with axis=-1, keepdims=True."
    if np.allclose(p.sum(axis=0), 1) or np.allclose(p, np.exp(above) / np.exp(above).sum(axis=0)):
        return "you normalise down the columns. A row is one prediction: sum over axis=-1."
    if np.allclose(p, softmax(np.clip(FAR, -700, 700))):
        return "the scores were cut at 700: 1000 and 1001 become equal. Shift the row instead; differences stay."
    if np.allclose(p, softmax(FAR / np.abs(FAR).max(axis=-1, keepdims=True))):
        return "dividing by the maximum shrinks the differences, and only they count: subtract it."
    if np.allclose(p, softmax(FAR / FAR.max(axis=-1, keepdims=True))):
        return "you divide by the maximum: that changes the differences, and a negative one turns them round. Subtract."
    row = int((~np.isclose(p, softmax(FAR)).all(axis=-1)).argmax())
    total = p[row].sum()
    end = (
        "its entries are not e^z over the sum of e^z"
        if np.isclose(total, 1)
        else f"it sums to {apart(float(total), 1, 4)[0]}"
    )
    return f"row {row}, {FAR[row].astype(int).tolist()}, is wrong: {end}."
