"""Feedback for chapter 2: one name by hand, units, a padded perplexity, your own name, and averages over batches."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_floats, judge, number_hint
from lstm_lib.tree import BoolArray, FloatArray
from lstm_lib.vocabulary import END, Vocabulary

EVE_TOTAL = {  # the four probabilities are 1/8, 1/32, 1/2, 1/2
    0.000977: "that is the probability of the name; its surprise is minus the logarithm of that",
    -6.931: "the size is right; a surprise is MINUS ln p, and never negative",
    10.0: "that is in bits, with logarithms to base 2; nats take ln",
    3.010: "that is a logarithm to base 10; nats take ln",
    7.0: "nearly: take ln 2 = 0.6931",
    6.238: "one ln 2 is missing: the end mark had 1/2 too",
    1.733: "that is the mean already; first the total",
    1.156: "you added the probabilities; they multiply, their logarithms add",
}
EVE_MEAN = {
    1.8: "nearly: take ln 2 = 0.6931",
    2.310: "you divided by three letters; there were four bets, because the end mark is one",
    2.079: "you left the end mark out; it is a bet like the others: 10 ln 2 over 4",
    1.560: "you divided by four and added up only three; the end mark costs ln 2 as well",
    2.5: "that is in bits; one bit is ln 2 nats",
    1.241: "you averaged the probabilities and took the logarithm of that: logarithm first, then the mean",
    0.289: "that is the mean of the probabilities; take the mean of their surprises",
    6.931: "that is the total again; divide it by the number of bets",
    -1.733: "the size is right; a surprise is never negative",
    0.177: "that is the geometric mean of the four probabilities; its surprise is minus its logarithm",
}
NATS = {
    2.164: "you divided by ln 2. A nat is more than a bit, so there are fewer of them: multiply",
    1.5: "that is still in bits; (2.4) says bits = nats / ln 2",
    0.405: "that is ln 1.5; the bits are logarithms already. Multiply them by ln 2",
    0.452: "that is a logarithm to base 10; multiply by ln 2",
    2.828: "that is the perplexity; first the nats",
}
PERPLEXITY = {
    4.482: "that is e to the power of bits; e takes nats, 2 takes bits",
    2.056: "that is 2 to the power of nats; e takes nats, 2 takes bits",
    8.706: "that is e to the power of 1.5 / ln 2; bits become nats by multiplying with ln 2",
    3.0: "that is 2 times 1.5; it must be 2 to the power of 1.5",
    2.25: "that is 1.5 squared; it must be 2 to the power of 1.5",
    1.040: "those are the nats; perplexity is e to their power",
    1.5: "those are the bits; perplexity is 2 to their power",
}
UNPADDED = {
    5.41: "you stretched the perplexity by 1600/710. Its LOGARITHM is the sum that was divided by the wrong number",
    1.47: "upside down: the sum was divided by too much, so the true loss is larger: times 1600/710",
    1.07: "upside down, and on the perplexity; stretch its logarithm, by 1600/710",
    1.97: "those are the true nats; e to that power is the perplexity",
    0.875: "that is ln 2.4, the padded loss: the sum over 1,600 cells. Divide the sum by the 710 instead",
    3.93: "the true loss in nats is right, but you took 2 to its power; nats take e",
    2.85: "that is the true loss in bits; the question is for the perplexity",
    9.94: "you divided by the 610 letters; the 100 end marks are predicted too",
    6.30: "you stretched the perplexity, by 1600/610. Stretch its logarithm, and count the end marks",
    4.83: "you divided by the 890 cells of padding; the surprise lies in the other 710",
    2.356: "e does not undo a logarithm to base 10; take np.log",
    2.4: "that is the padded one",
}


@exercise
def one_name(total: object, mean: object) -> Feedback:
    """Exercise 2.1: the surprise of "eve" and the mean per predicted symbol, in nats."""
    return judge(
        "Ten halvings, four bets: 10 ln 2, and 2.5 ln 2 for each.",
        Number("total", total, 10 * np.log(2), EVE_TOTAL, "add -ln p of all four bets", 0.04),
        Number("mean", mean, 2.5 * np.log(2), EVE_MEAN, "divide the total by the number of bets", 0.04),
    )


@exercise
def unpadded_perplexity(answer: object) -> Feedback:
    """Exercise 2.2: the true perplexity behind a padded 2.4; 1,600 cells, 710 real symbols."""
    otherwise = "go back to the sum: ln 2.4 times the cells it was divided by"
    return judge(
        "The sum of surprises is the same; only the number it is divided by was wrong.",
        Number("answer", answer, 2.4 ** (1600 / 710), UNPADDED, otherwise, 0.03),
    )


@exercise
def units(nats: object, perplexity: object) -> Feedback:
    """Exercise 2.3: 1.5 bits per symbol in nats, and as a perplexity."""
    return judge(
        "The same either way: e^nats = 2^bits.",
        Number("nats", nats, 1.5 * np.log(2), NATS, "one bit is ln 2 = 0.693 nats", 0.01),
        Number("perplexity", perplexity, 2**1.5, PERPLEXITY, "e to the power of the nats", 0.03),
    )


@exercise
def name_surprise(function: Callable[..., Any]) -> Feedback:
    """Exercise 2.4: `function(name, law, vocabulary)`: total surprise in nats, each symbol with its fixed chance."""
    vocabulary = Vocabulary.from_names(["anna", "bob"])
    law = np.array([0.2, 0.35, 0.15, 0.05, 0.25])  # . a b n o
    for name in ("anna", "bo", "nob"):
        answer, feedback = ask(function, name, law, vocabulary)
        if feedback is not None:
            return feedback
        p = law[[*vocabulary.encode(name), END]]
        if _several(answer):
            return not_yet(f"for {name!r} that is a list of surprises; add them up.")
        target, slips = float(-np.log(p).sum()), _slips_of_a_name(p)
        otherwise = "add -ln law[id] over its letters and its end mark"
        hint = number_hint(Number(f"the surprise of {name!r}", answer, target, slips, otherwise, 1e-6))
        if hint is not None:
            return not_yet(hint)
    return right("Letters and end mark, each with its own price. Now try it on yourself.")


def _several(answer: object) -> bool:
    """Whether the answer is a list or array of numbers where one is asked for."""
    numbers = as_floats(answer)
    return numbers is not None and numbers.size > 1


def _slips_of_a_name(p: FloatArray) -> dict[float, str]:
    """What typical mistakes give for a name whose bets, the end mark last, had the probabilities p."""
    nats = -np.log(p)
    total = float(nats.sum())
    return {
        float(nats[:-1].sum()): "the end mark is missing. An array + [END] adds a number to each id; [*ids, END] "
        "appends",
        total / len(p): "that is the mean; the question is for the whole name",
        -total: "a surprise is minus ln p, and never negative",
        float(p.prod()): "that is the probability of the name; its surprise is minus the logarithm of that",
        total / np.log(2): "that is in bits, with logarithms to base 2; nats take np.log",
        total / np.log(10): "that is a logarithm to base 10; nats take np.log",
        float(nats[:-1].sum() + 2 * nats[-1]): "the end mark counts twice; at the start of a name nobody bets on it",
    }


@exercise
def corpus_perplexity(function: Callable[..., Any]) -> Feedback:
    """Exercise 2.5: `function(batches)`, each batch a pair (chance, mask) of shape (T, B): the perplexity of them all.

    Tried on two lists of batches.
    """
    for batches in (_uneven_batches(), _uneven_batches()[::-1] + _uneven_batches()[:1]):
        answer, feedback = ask(function, batches)
        if feedback is not None:
            return feedback
        if _several(answer):
            return not_yet("those are several numbers; add up the surprises, for one number in the end.")
        nats = np.concatenate([-np.log(p[mask]) for p, mask in batches])
        target, slips = float(np.exp(nats.mean())), _slips_of_a_corpus(batches, nats)
        otherwise = "add up all surprises, add up all N, divide once, then take e to that power"
        hint = number_hint(Number("perplexity", answer, target, slips, otherwise, 1e-9))
        if hint is not None:
            return not_yet(hint)
    return right("One sum, one count, one division, and e at the very end.")


def _uneven_batches() -> list[tuple[FloatArray, BoolArray]]:
    """Two batches: four names that are easy, and one long name that is hard. In the padding p is 1."""
    rng = np.random.default_rng(202)
    batches = []
    for symbols, low in (((5, 4, 7, 3), 0.3), ((12,), 0.02)):
        mask = np.arange(max(symbols))[:, None] < np.array(symbols)
        batches.append((np.where(mask, rng.uniform(low, 2 * low, mask.shape), 1.0), mask))
    return batches


def _slips_of_a_corpus(batches: list[tuple[FloatArray, BoolArray]], nats: FloatArray) -> dict[float, str]:
    """What typical mistakes give for these batches; `nats`: the surprises of all real symbols, (N,)."""
    means = np.array([-np.log(p[mask]).mean() for p, mask in batches])
    per_name = np.array([-np.log(p[mask[:, n], n]).mean() for p, mask in batches for n in range(mask.shape[1])])
    sizes = np.array([mask.sum() for _, mask in batches])
    names, cells = len(per_name), sum(mask.size for _, mask in batches)
    mean = float(nats.mean())
    return {
        float(np.exp(means).mean()): "still a mean of perplexities; ask for sums",
        float((np.exp(means) * sizes).sum() / sizes.sum()): "weigh the losses, not the perplexities",
        float(np.exp(nats.sum() / names)): "you divided by the names; divide by the predicted symbols",
        float(np.exp(means.mean())): "e now comes last, good; but it is a mean of means: a small batch has as much say "
        "as a large one. Weigh each with its N",
        float(np.exp(per_name).mean()): "that is the mean of the names' perplexities; each symbol should have one vote",
        float(np.exp(per_name.mean())): "that gives each name one vote; each symbol should have one",
        float(np.exp(nats.sum() / cells)): "the padding is in the count; divide by the sum of the masks",
        float(np.exp(nats.sum() / (len(nats) - names))): "you divided by the letters; end marks are predicted too",
        float(2**mean): "the mean is right, but nats take e, not 2",
        mean: "that is the loss; perplexity is e to its power",
        float(np.exp(nats.sum())): "that is e to the power of the sum; divide by N first",
        float(1 / np.exp(-nats).mean()): "that averages the probabilities; average their surprises",
    }  # fmt: skip
