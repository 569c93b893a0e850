"""Feedback for chapter 13, Start well, watch well."""

import math

from lstm_lib.check.choice import each_letter
from lstm_lib.check.feedback import Feedback, exercise, right
from lstm_lib.check.numbers import Number, number_hint
from lstm_lib.check.parts.chapter_13_bug import bug
from lstm_lib.check.parts.chapter_13_instruments import ratio, reach, saturation
from lstm_lib.check.parts.chapter_13_patients import diagnose, patients
from lstm_lib.data import load_splits
from lstm_lib.vocabulary import END, Vocabulary

__all__ = ["bug", "diagnose", "first_losses", "patients", "ratio", "reach", "saturation"]

# ---- 13.4

WITHIN = 0.01  # nats


@exercise
def first_losses(answers: object) -> Feedback:
    """Exercise 13.4: the first loss of three ways to start, a mapping from A, B and C to nats per symbol."""
    losses = _first_losses()

    def fault(start: str, given: object) -> str | None:
        target, hints, otherwise = losses[start]
        return number_hint(Number(start, given, target, hints, otherwise, WITHIN))

    return each_letter(answers, losses, "A, B and C", fault) or right(
        "Knowing nothing costs ln 27, knowing frequencies costs less, and a wrong opinion costs more than none."
    )


def _first_losses() -> dict[str, tuple[float, dict[float, str], str]]:
    """For each start its loss on the training names, hints for typical wrong numbers, and one for any other."""
    shares = _shares()
    ends, V = shares[END], len(shares)
    unigram = -sum(share * math.log(share) for share in shares)
    return {
        "A": (math.log(V), _wrong_without_opinion(V, unigram), "all logits are 0, so all 27 symbols have one chance"),
        "B": (
            unigram,
            _wrong_with_frequencies(V, unigram),
            "a model that knows only frequencies is an old acquaintance from chapter 12's ladder",
        ),
        "C": (
            ends * math.log(2) + (1 - ends) * math.log(52),
            _wrong_with_opinion(V, ends),
            "weigh -ln 1/2 and -ln 1/52 by how often each kind of symbol comes",
        ),
    }


def _wrong_without_opinion(V: int, unigram: float) -> dict[float, str]:
    return {
        V: "that is the perplexity; the loss is its logarithm",
        1 / V: "that is the probability of each symbol; the loss is -ln of it",
        math.log2(V): "those are bits; the book counts in nats, with ln",
        math.log(V - 1): "there are 27 symbols: the end mark is one of them",
        0.0: "a loss of 0 would mean that it is sure, and right",
        unigram: "the frequencies are not known to it: all 27 chances are equal",
    }


def _wrong_with_frequencies(V: int, unigram: float) -> dict[float, str]:
    return {
        math.log(V): "equal chances cost that; these follow the frequencies, which is cheaper",
        math.exp(unigram): "that is the perplexity; the loss is its logarithm",
        unigram / math.log(2): "those are bits; the book counts in nats, with ln",
        0.0: "a loss of 0 would mean that it is sure, and right",
    }


def _wrong_with_opinion(V: int, ends: float) -> dict[float, str]:
    end, letter = math.log(2), math.log(52)
    return {
        math.log(V): "that is the price of knowing nothing; here the output does have an opinion",
        end: "that is what an end mark costs; the letters cost more, and there are more of them",
        letter: "that is what a letter costs; the end marks cost less",
        (end + (V - 1) * letter) / V: "weigh by how often a symbol comes, not by one kind in 27",
        (end + letter) / 2: (
            f"half is the chance that the model gives; in truth {ends:.0%} of the symbols are end marks"
        ),
        ends * letter + (1 - ends) * end: "the other way round: the end mark is the cheap one",
    }


def _shares() -> list[float]:
    """How often each symbol is the one to predict, over all training names; they sum to 1."""
    names = load_splits().train
    text = "".join(names)
    letters = Vocabulary.from_names(names).characters[1:]
    counts = [len(names), *(text.count(letter) for letter in letters)]
    return [count / sum(counts) for count in counts]
