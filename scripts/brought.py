"""How many words does it take, and what helps where they are few? Every run of chapter 23.

Usage: python scripts/brought.py. One run after the other, a quarter of an hour on one idle thread; finished runs are
not made again, unless "recipes" no longer says what this file says. Writes lstm_lib/datasets/brought.json, all in nats
per predicted symbol of words that judged and did nothing else, a number for each seed, which deals the words and starts
the network:
  "recipes"   what the networks were told, and the numbers that deal the words;
  "curve"     by the number of training names of the corpus: each rival on all test names of the corpus, and the lead;
  "corpora"   by language: each rival, and the lead of the LSTM over counting with its interval;
  "longer"    the rows of both again, the networks trained for more passes through their words;
  "thinned"   by language, after all kin but one were left out of the list: the two rivals; and on two lists of as many
              words, drawn at random: of the same lengths, and of any;
  "tuned"     by list, 200 words each: counting, an LSTM by the recipe of the other tables, the shipped weights
              untouched, and trained on; and the same numbers in another order, and the usual first weights, trained so;
  "sex"       nats per *name*: what each rival costs, what knowing the letter saves it (sexes.py), and the bound.
"""

import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import product
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from kin import RUN, alike, by_kin, thinned
from measures import DATASETS, write_json
from sexes import DRAW, ORDER, told, whole_corpus

from lstm_lib.alphabet import with_alphabet
from lstm_lib.bring import RECIPE, SHIPPED, Brought, compete, lead, shipped_words
from lstm_lib.data import Split, load_splits, split_names
from lstm_lib.evaluate import nll, score
from lstm_lib.model import Params, init_params
from lstm_lib.train import fit, load_trained
from lstm_lib.tree import FloatArray, tree_map
from lstm_lib.vocabulary import Vocabulary

BROUGHT = DATASETS / "brought.json"
SEEDS = (1, 2, 3, 4, 5)
TOLD = (1, 2, 3)  # seeds of the letters in front
SIZES = (100, 200, 300, 1000)  # training names; for all of them there is the sweep of chapter 16
SOME = 1000  # training names behind a letter
LONGER = RECIPE | {"passes": 60}
FEW, JUDGES = 200, 400  # words to learn from, and the most to judge by, where weights are tuned
TUNED: dict[str, Any] = {
    "steps": 80, "batch_size": 16, "lr": 0.004, "warmup": 10, "final_lr": 0.00008, "max_norm": 1.0, "dropout": 0.5,
    "beta2": 0.99,
}  # fmt: skip
RECIPES = {
    "bring": RECIPE, "longer": LONGER, "tuned": TUNED, "tuned words": [FEW, JUDGES], "kin share": RUN,
    "letters": [SOME, DRAW, ORDER],
}  # fmt: skip
Task = tuple[str, str, int, Callable[[], Any]]  # table, row, seed, what makes the numbers


def scores(brought: Brought) -> dict[str, float]:
    """Of each rival, and the order of the one that counts."""
    found = {name: round(score(nats).nll, 4) for name, nats in brought.nats.items()}
    return found | {"order": brought.counting.order}


def some_names(n: int, seed: int) -> Split:
    """n training names of the corpus, an eighth as many to choose with (30 at least), and all test names."""
    full, pen = load_splits(), np.random.default_rng([23, seed])
    train, val = ([part[k] for k in pen.permutation(len(part))] for part in (full.train, full.val))
    return Split(tuple(train[:n]), tuple(val[: max(30, n // 8)]), full.test)


def ahead(brought: Brought) -> list[float]:
    """The lead of the LSTM over counting, negative where it is ahead, and the ends of its interval."""
    return [round(each, 4) for each in lead(brought, rng=np.random.default_rng(0))]


@lru_cache(maxsize=1)
def after_names(n: int, seed: int) -> Brought:
    """The contest on n names; the last one is kept, as two tables want it."""
    return compete(some_names(n, seed), rng=np.random.default_rng(seed))


def curve(n: int, seed: int) -> dict[str, Any]:
    """The rivals after n names."""
    brought = after_names(n, seed)
    return scores(brought) | by_kin(brought) | {"lead": ahead(brought)}


def sex(seed: int) -> dict[str, float]:
    """What it is worth to know the letter of a name, after a thousand names."""
    return told(after_names(SOME, seed), seed)


def whole_list(language: str, seed: int) -> Split:
    """One of the lists that ship, dealt by this seed."""
    return split_names(shipped_words(language), rng=np.random.default_rng(seed))


def corpus(language: str, seed: int) -> dict[str, Any]:
    """The rivals on one of the lists that ship."""
    brought = compete(whole_list(language, seed), rng=np.random.default_rng(seed))
    return scores(brought) | by_kin(brought) | {"lead": ahead(brought)}


def longer(row: str, seed: int) -> dict[str, Any]:
    """The rivals after more passes, on a list that ships, or on so many names."""
    split = whole_list(row, seed) if row in SHIPPED else some_names(int(row), seed)
    brought = compete(split, rng=np.random.default_rng(seed), recipe=LONGER)
    return scores(brought) | {"lead": ahead(brought)}


def without_kin(language: str, seed: int) -> dict[str, Any]:
    """The two rivals on a list without kin, and on two of as many words drawn at random: as long, and of any length."""
    words = shipped_words(language)
    kept = thinned(words, np.random.default_rng([23, seed]))
    lists = {
        "thinned": kept,
        "same lengths": alike(words, kept, np.random.default_rng([24, seed])),
        "any lengths": np.random.default_rng([25, seed]).permutation(words)[: len(kept)].tolist(),
    }
    found: dict[str, Any] = {"words": len(kept)}
    for label, some in lists.items():
        split = split_names(sorted(some), rng=np.random.default_rng(seed))
        brought = compete(split, rng=np.random.default_rng(seed))
        found |= {f"{rival}, {label}": round(score(brought.nats[rival]).nll, 4) for rival in ("counting", "LSTM")}
        found[f"lead, {label}"] = ahead(brought)
    return found


def few_words(language: str, seed: int) -> Split:
    """FEW words to learn from, an eighth as many to choose with, up to JUDGES others; "names": held-out names."""
    held_out = (*load_splits().val, *load_splits().test)
    words = sorted(held_out) if language == "names" else shipped_words(language)
    dealt = np.random.default_rng([23, seed]).permutation(words).tolist()
    cut = FEW + FEW // 8
    return Split(tuple(dealt[:FEW]), tuple(dealt[FEW:cut]), tuple(dealt[cut : cut + JUDGES]))


def tuned(language: str, seed: int) -> dict[str, float]:
    """Counting, a network by `RECIPE`, the shipped weights, their numbers in another order, and first weights."""
    split = few_words(language, seed)
    brought = compete(split, rng=np.random.default_rng(seed))
    found = {name: round(score(brought.nats[name]).nll, 4) for name in ("counting", "LSTM", "both")}
    shipped, letters = load_trained()
    begin = with_alphabet(shipped, letters, brought.vocabulary, rng=np.random.default_rng(seed))
    found["untouched"] = round(nll(begin, brought.vocabulary, split.test), 4)
    starts = {
        "tuned": begin,
        "shuffled": shuffled(begin, np.random.default_rng(seed)),
        "fresh": first_weights(begin, np.random.default_rng(seed)),
    }
    return found | {name: further(start, split, brought.vocabulary, seed) for name, start in starts.items()}


def shuffled(params: Params, pen: np.random.Generator) -> Params:
    """The numbers of each tensor in another order: of the same sizes, and without what they had learned."""

    def deal(leaf: FloatArray) -> FloatArray:
        return pen.permutation(leaf.ravel()).reshape(leaf.shape)

    return tree_map(deal, params)


def first_weights(like: Params, pen: np.random.Generator) -> Params:
    """The usual first weights of a network of these sizes."""
    symbols, embedding_size = like.E.shape
    return init_params(symbols, embedding_size, like.W_h.shape[0], rng=pen, dtype=like.E.dtype)


def further(start: Params, split: Split, vocabulary: Vocabulary, seed: int) -> float:
    """What the test words cost after training on from these weights."""
    rng = np.random.default_rng(seed)
    params, _ = fit(start, split.train, vocabulary, rng=rng, val_names=split.val, progress=False, **TUNED)
    return round(nll(params, vocabulary, split.test), 4)


def tasks() -> Iterator[Task]:
    """Every run, table by table."""
    yield "sex", "whole corpus", 0, whole_corpus
    for seed in TOLD:
        yield "curve", str(SOME), seed, partial(curve, SOME, seed)
        yield "sex", "some names", seed, partial(sex, seed)
    for seed, language in product(SEEDS, SHIPPED):
        yield "corpora", language, seed, partial(corpus, language, seed)
        yield "thinned", language, seed, partial(without_kin, language, seed)
    for seed, language in product(SEEDS, ("turkish", "greek", "names")):
        yield "tuned", language, seed, partial(tuned, language, seed)
    for seed, n in product(SEEDS, SIZES):
        yield "curve", str(n), seed, partial(curve, n, seed)
    for seed, row in product(SEEDS, (*map(str, SIZES), *SHIPPED)):
        yield "longer", row, seed, partial(longer, row, seed)


def main() -> None:
    """All runs that are not there yet."""
    found = json.loads(BROUGHT.read_text(encoding="utf-8")) if BROUGHT.exists() else {}
    if found.get("recipes") != RECIPES:
        found = {"recipes": RECIPES}
    for table, row, seed, run in tasks():
        cell = found.setdefault(table, {}).setdefault(row, {})
        if str(seed) not in cell:
            cell[str(seed)] = run()
            write_json(BROUGHT, found)
            print(table, row, seed, cell[str(seed)], flush=True)


if __name__ == "__main__":
    main()
