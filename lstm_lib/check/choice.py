"""Which line, run or sentence a reader picked by its letter."""

from collections.abc import Mapping
from reprlib import repr as short_repr

from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, not_yet


def letter_feedback(answer: object, wanted: str, others: Mapping[str, str]) -> Feedback | None:
    """None for the wanted letter, also as "# b", "b)" or "line B"; else the feedback that ends the check.

    `others`: from each wrong letter to the hint that says why it is not that one.
    """
    if blank(answer):
        return NOT_ATTEMPTED
    letter = answer.upper().strip("# ").removeprefix("LINE").strip(" .:()") if isinstance(answer, str) else ""
    if letter == wanted:
        return None
    first, *_, last = sorted({wanted, *others})
    return not_yet(others.get(letter, f"answer with one letter, {first} to {last}; got {short_repr(answer)}."))
