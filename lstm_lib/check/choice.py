"""Which line, run or sentences a reader picked by their letters, and what stands beside each of several letters."""

from collections.abc import Callable, Iterable, Mapping
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


def letters_feedback(
    answer: object, wanted: Iterable[str], others: Mapping[str, str], *, judged: str, more: str
) -> Feedback | None:
    """None for a string with all the wanted letters and no other; else the feedback that ends the check.

    `others`: from each wrong letter to why it is not wanted, which `judged` begins, such as "is sound"; `more`: where
    to look for what is missing.
    """
    if blank(answer):
        return NOT_ATTEMPTED
    if not isinstance(answer, str):
        return not_yet(f"give the letters as one string, such as 'AB'; got {short_repr(answer)}.")
    letters, due = {letter.upper() for letter in answer if letter.isalnum()}, set(wanted)
    if not letters or letters - due - set(others):
        first, *_, last = sorted(due | set(others))
        return not_yet(f"the sentences have the letters {first} to {last}; got {short_repr(answer)}.")
    for letter, why in others.items():
        if letter in letters:
            return not_yet(f"{letter} {judged}: {why}.")
    missed = len(due - letters)
    return not_yet(f"{', '.join(sorted(letters))}: right so far; {missed} more. {more}") if missed else None


def answers_by_letter(answers: object, letters: Iterable[str], keys: str) -> tuple[dict[str, object], Feedback | None]:
    """What a reader's dict says for each letter, `...` where it says nothing; then the feedback that ends the check.

    `keys`: how a sentence names the letters, such as "A to D".
    """
    if blank(answers):
        return {}, NOT_ATTEMPTED
    if not isinstance(answers, Mapping):
        return {}, not_yet(f"keep the dict with keys {keys}; got {short_repr(answers)}.")
    given = {letter: answers.get(letter, ...) for letter in letters}
    return given, NOT_ATTEMPTED if all(map(blank, given.values())) else None


def each_letter(
    answers: object, letters: Iterable[str], keys: str, fault: Callable[[str, object], str | None]
) -> Feedback | None:
    """None for a dict whose answers are all right; else the feedback that ends the check, what is blank last.

    `keys` as in `answers_by_letter`; `fault`: what is wrong with a letter's answer, in words, or None.
    """
    given, feedback = answers_by_letter(answers, letters, keys)
    if feedback is not None:
        return feedback
    for letter, said in given.items():
        if not blank(said) and (found := fault(letter, said)) is not None:
            return not_yet(found)
    missing = [letter for letter, said in given.items() if blank(said)]
    return not_yet(f"right so far; {' and '.join(missing)} still to do.") if missing else None
