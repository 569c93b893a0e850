"""What is it worth to know for whom a name was recorded? The models of chapter 23 that read a letter before the name.

Every name of the corpus gets one letter, F or M, drawn with its own share of girls; so james is nearly always M.
"""

from functools import cache

import numpy as np

from lstm_lib.bring import Brought, compete
from lstm_lib.data import Split, load_names, load_splits
from lstm_lib.evaluate import surprises
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

DRAW, ORDER = 23, 6  # the seed of the letters; of Kneser-Ney on the whole corpus
LETTERS = "FM"
OTHER = str.maketrans("FM", "MF")
Nats = list[FloatArray]


@cache
def shares() -> dict[str, float]:
    """The share of girls among those who bear a name."""
    table = load_names()
    return dict(zip(table["name"], table["count_f"] / (table["count_f"] + table["count_m"]), strict=True))


@cache
def letters() -> dict[str, str]:
    """The letter of each name, one draw for all chapters of this project."""
    drawn = np.random.default_rng(DRAW).random(len(shares()))
    return {name: LETTERS[int(x >= share)] for x, (name, share) in zip(drawn, shares().items(), strict=True)}


def lettered(split: Split) -> Split:
    """The same names, each behind its letter."""
    return Split(*(tuple(letters()[name] + name for name in part) for part in split))


def per_name(nats: Nats) -> float:
    """Nats per name."""
    return round(float(np.mean([each.sum() for each in nats])), 4)


def after(nats: Nats) -> Nats:
    """Without what the letter itself cost: the name, given its letter."""
    return [each[1:] for each in nats]


def entropy(p: float) -> float:
    """Of a coin that falls F with chance p, in nats."""
    return float(-sum(q * np.log(q) for q in (p, 1 - p) if q > 0))


def bound() -> float:
    """What the letter of a test name costs, less what it costs whoever knows the name's share: nats per name."""
    train, _, test = load_splits()
    girls = float(np.mean([letters()[name] == "F" for name in train]))
    return round(entropy(girls) - float(np.mean([entropy(shares()[name]) for name in test])), 4)


def saving(right: Nats, other: Nats) -> float:
    """What knowing the letter saves one model, nats per name: the left side of (23.2), p(w) = sum_s p(s) p(w | s).

    Each name behind its own letter, and behind the other one; the letter itself is the first symbol.
    """
    own, swapped = (np.array([each.sum() for each in nats]) for nats in (right, other))
    untold = -np.logaddexp(-own, -swapped)
    return round(float(np.mean(untold - [each[1:].sum() for each in right])), 4)


def two_lists(split: Split, order: int, deal: dict[str, str]) -> dict[str, float]:
    """Counting each letter's names apart, and mixed with all of them, weights from validation names: costs, savings."""
    vocabulary = Vocabulary.from_names([*split.train, *split.val, *split.test])
    pooled = fit_kneser_ney(split.train, vocabulary, order)
    ways: dict[str, dict[str, Nats]] = {"own": {}, "mixed": {}}
    for letter in LETTERS:
        train, val = (tuple(name for name in part if deal[name] == letter) for part in split[:2])
        rivals = fit_kneser_ney(train, vocabulary, order), pooled
        first = np.array([-np.log(len(train) / len(split.train))])  # what the letter costs
        nats = [ngram_surprises(model, split.test) for model in rivals]
        mixed = mix(nats, tune_mixture([ngram_surprises(model, val) for model in rivals]))
        for way, each in (("own", nats[0]), ("mixed", mixed)):
            ways[way][letter] = [np.concatenate([first, name]) for name in each]
    found = {"plain": per_name(ngram_surprises(pooled, split.test))}
    letter_of = [deal[name] for name in split.test]
    for way, by_letter in ways.items():
        right, other = (
            [by_letter[letter.translate(turn)][k] for k, letter in enumerate(letter_of)] for turn in ({}, OTHER)
        )
        found |= {way: per_name(after(right)), f"{way} saves": saving(right, other)}
    return found


def whole_corpus() -> dict[str, float]:
    """Counting on all training names, and the bound."""
    return two_lists(load_splits(), ORDER, letters()) | {"bound": bound()}


def told(plain: Brought, seed: int) -> dict[str, float]:
    """Both rivals on the names of `plain`, as they are and behind their letters; and told the other letter."""
    led = compete(lettered(plain.split), rng=np.random.default_rng(seed))
    swapped = [name.translate(OTHER) for name in led.split.test]
    counted = ngram_surprises(led.counting, swapped)
    crossed = surprises(led.params, led.vocabulary, swapped)
    any_letter = dict(zip(letters(), np.random.default_rng(seed).permutation([*letters().values()]), strict=True))
    control = two_lists(plain.split, plain.counting.order, any_letter)
    return two_lists(plain.split, plain.counting.order, letters()) | {
        "mixed saves, letters at random": control["mixed saves"],
        "in front": per_name(after(led.nats["counting"])),
        "in front saves": saving(led.nats["counting"], counted),
        "order in front": led.counting.order,
        "LSTM": per_name(plain.nats["LSTM"]),
        "LSTM, told": per_name(after(led.nats["LSTM"])),
        "LSTM saves": saving(led.nats["LSTM"], crossed),
        "LSTM, told the other": per_name(after(crossed)),
    }
