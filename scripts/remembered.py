"""The lists of chapter 17's runs: halves with canaries, targets in two kinds of company, girls' and boys' names."""

from functools import cache
from string import ascii_lowercase
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lstm_lib.data import load_names, load_splits
from lstm_lib.evaluate import log_laws
from lstm_lib.judge.nearest import without_one
from lstm_lib.judge.temperature import tempered
from lstm_lib.ngram import fit_kneser_ney
from lstm_lib.train import load_trained
from lstm_lib.tree import BoolArray, FloatArray

LETTERS = 4  # of a canary
TARGETS, COMPANY, MIXED = 1500, 6500, 6000  # names asked about; names beside them; names of a mixed list
TAUS = [0.3, 0.5, 0.7, 1.0, 1.3, 1.6, 2.0]
SHARES = ("25", "50", "75")  # girls' names in a hundred of a mixed list


class Halves(NamedTuple):
    """A list of half of the population, canaries and all; who is in it; the canaries, by how often they stand there."""

    train: list[str]
    member: BoolArray
    canaries: dict[int, list[str]]


class Company(NamedTuple):
    """A list to learn from, and the targets: the first half of them stands in the list."""

    train: list[str]
    targets: list[str]


class Mixed(NamedTuple):
    """A list of girls' and boys' names, and held-out ones to be asked about: girls' first."""

    train: list[str]
    asked: list[str]


def halves(population: tuple[str, ...], seed: int, recipe: dict[str, Any]) -> Halves:
    """Each name of the population is in the list or not, by the toss of a coin; canaries are planted beside them."""
    rng = np.random.default_rng([17, seed, 0])
    member = rng.random(len(population)) < 0.5
    free = np.flatnonzero(nameless())
    drawn = rng.choice(free, recipe["canaries"] * len(recipe["copies"]), replace=False).tolist()
    spelt = [spell(place) for place in drawn]
    count = recipe["canaries"]
    canaries = {copies: spelt[k * count : (k + 1) * count] for k, copies in enumerate(recipe["copies"])}
    planted = [name for copies, names in canaries.items() for name in names for _ in range(copies)]
    return Halves([name for name, there in zip(population, member, strict=True) if there] + planted, member, canaries)


@cache
def corpus() -> pd.DataFrame:
    """The corpus, read once."""
    return load_names()


@cache
def nameless() -> BoolArray:
    """Of all names of LETTERS letters, in the order of a dictionary, those that are no names of the corpus."""
    known = {name for name in corpus()["name"] if len(name) == LETTERS}
    free = np.ones(26**LETTERS, bool)
    free[[place_of(name) for name in known]] = False
    return free


def place_of(name: str) -> int:
    """The place of a name among all of its length."""
    place = 0
    for letter in name:
        place = 26 * place + ascii_lowercase.index(letter)
    return place


def spell(place: int) -> str:
    """The name of LETTERS letters at this place."""
    return "".join(ascii_lowercase[place // 26**k % 26] for k in reversed(range(LETTERS)))


class Near:
    """A list of names that can be asked for one at a single edit, or equal."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.patterns: set[str] = set()
        self.shorter: set[str] = set()

    def add(self, name: str) -> None:
        """Put a name on the list."""
        patterns, shorter = without_one(name)
        self.names.add(name)
        self.patterns |= patterns
        self.shorter |= shorter

    def has(self, name: str) -> bool:
        """Whether the list holds the name, or one at a single edit."""
        patterns, shorter = without_one(name)
        near = name in self.names or name in self.shorter
        return near or not self.patterns.isdisjoint(patterns) or not self.names.isdisjoint(shorter)


@cache
def companies(population: tuple[str, ...], seed: int) -> dict[str, Company]:
    """Targets that are no near-duplicates of each other, half of them in the list, with two kinds of company.

    "near": names at one edit from some target, from those in the list and from the others alike; "far": names at two
    edits or more from all. Both lists hold the same targets, and as many other names of each length as the other list.
    """
    rng = np.random.default_rng([17, seed, 1])
    order = [population[k] for k in rng.permutation(len(population)).tolist()]
    chosen, targets = Near(), []
    for name in order:
        if len(targets) < TARGETS and not chosen.has(name):
            chosen.add(name)
            targets.append(name)
    others = [name for name in order if name not in chosen.names]
    near = {name for name in others if chosen.has(name)}
    pairs: list[tuple[str, str]] = []  # a near name and a far one, equally long
    for length in sorted({*map(len, near)}):
        equal = [name for name in others if len(name) == length]
        far = [name for name in equal if name not in near]
        pairs += zip([name for name in equal if name in near], far, strict=False)
    if len(pairs) < COMPANY:
        raise ValueError(f"too few names for a company of {COMPANY}: {len(pairs)}")
    drawn = [pairs[k] for k in rng.permutation(len(pairs))[:COMPANY].tolist()]
    members = targets[: TARGETS // 2]
    kinds = zip(("near", "far"), zip(*drawn, strict=True), strict=True)
    return {kind: Company([*members, *names], targets) for kind, names in kinds}


def mixtures(seed: int) -> dict[str, Mixed]:
    """Lists of names that only girls or only boys bear, in three proportions; all held-out names of either kind."""
    table, rng = corpus(), np.random.default_rng([17, seed, 2])
    girls, boys = table["count_m"] == 0, table["count_f"] == 0
    drawn = []
    for sex in (girls, boys):
        names = table.loc[sex & (table["split"] == "train"), "name"].tolist()
        drawn.append([names[k] for k in rng.permutation(len(names)).tolist()])
    asked = [name for sex in (girls, boys) for name in held_out(sex)]
    cut = {share: MIXED * int(share) // 100 for share in SHARES}
    return {share: Mixed(drawn[0][:count] + drawn[1][: MIXED - count], asked) for share, count in cut.items()}


def held_out(sex: Any) -> list[str]:
    """The held-out names where `sex` holds, most frequent first."""
    table = corpus()
    names: list[str] = table.loc[sex & (table["split"] != "train"), "name"].tolist()
    return names


def recited() -> dict[str, Any]:
    """By model, at each of TAUS: the probability of all training names, and that of all held-out ones."""
    split, (params, vocabulary) = load_splits(), load_trained()
    names = split.train + split.val + split.test
    symbols = np.array([len(name) + 1 for name in names])
    came = np.concatenate([[*vocabulary.encode(name), 0] for name in names])
    counted, begun = (
        fit_kneser_ney(split.train, vocabulary, 6),
        [name[:k] for name in names for k in range(len(name) + 1)],
    )
    law = {prefix: np.log(counted.law(prefix)) for prefix in set(begun)}
    logs = {
        "LSTM": np.concatenate(log_laws(params, vocabulary, names)).astype(float),
        "Kneser-Ney 6": np.array([law[prefix] for prefix in begun]),
    }
    found: dict[str, Any] = {"taus": TAUS}
    for model, each in logs.items():
        p = np.exp([-by_name(tempered(each, came, np.full(len(came), tau)), symbols) for tau in TAUS])
        parts = np.split(p, [len(split.train)], axis=1)
        found[model] = [part.sum(axis=1).round(5).tolist() for part in parts]
    return found


def by_name(nats: FloatArray, symbols: FloatArray) -> FloatArray:
    """The sums of nats over the symbols of each name."""
    sums: FloatArray = np.add.reduceat(nats, np.cumsum(symbols) - symbols)
    return sums
