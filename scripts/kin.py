"""Words that resemble each other: who is kin of whom, a list without kin, and its control. For chapter 23."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lstm_lib.bring import Brought
from lstm_lib.evaluate import score

RUN = 5  # letters in a row that two words must share to be kin


def runs_of(word: str) -> set[str]:
    """Every run of RUN letters in a word."""
    return {word[k : k + RUN] for k in range(len(word) - RUN + 1)}


def have_kin(words: Iterable[str], among: Iterable[str]) -> list[bool]:
    """Whether each word shares a run of letters with one of the others."""
    known: set[str] = set().union(*map(runs_of, among))
    return [bool(runs_of(word) & known) for word in words]


def by_kin(brought: Brought) -> dict[str, Any]:
    """Test words with and without kin among the training words: how many, and what they cost."""
    kin = have_kin(brought.split.test, brought.split.train)
    found: dict[str, Any] = {"kin": sum(kin)}
    for label, wanted in (("with kin", True), ("without", False)):
        for rival in ("counting", "LSTM"):
            nats = [each for each, has in zip(brought.nats[rival], kin, strict=True) if has == wanted]
            found[f"{rival}, {label}"] = round(score(nats).nll, 4)
    return found


def thinned(words: Sequence[str], pen: np.random.Generator) -> list[str]:
    """The words in a random order, each one left out that is kin of one that stayed."""
    kept: list[str] = []
    seen: set[str] = set()
    for word in pen.permutation(words).tolist():
        if not runs_of(word) & seen:
            kept.append(word)
            seen |= runs_of(word)
    return kept


def alike(words: Sequence[str], kept: Sequence[str], pen: np.random.Generator) -> list[str]:
    """As many words as `kept`, of the same lengths, but drawn at random: kin may stay."""
    wanted = Counter(map(len, kept))
    drawn: list[str] = []
    for word in pen.permutation(words).tolist():
        if wanted[len(word)]:
            wanted[len(word)] -= 1
            drawn.append(word)
    return drawn
