"""Any list of words in one call: dealt into three lists, counted, learned, and compared on words kept aside."""

import inspect
import os
import textwrap
from collections.abc import Iterable, Mapping
from importlib import resources
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from lstm_lib.arguments import (
    describe,
    require_generator,
    require_instance,
    require_integer,
    require_names,
    require_number,
)
from lstm_lib.data import Split, load_names, split_names
from lstm_lib.evaluate import score, surprises
from lstm_lib.judge.bootstrap import Interval, paired_bootstrap
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.model import Params, init_params
from lstm_lib.names.clean import clean_name
from lstm_lib.ngram import NGram, fit_kneser_ney, fit_ngram, ngram_nll, ngram_surprises
from lstm_lib.train import History, fit
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

RECIPE: dict[str, Any] = {  # sizes, and what `fit` is told; steps: `passes` through the list, at most `most_steps`
    "embedding_size": 16, "hidden_size": 64, "passes": 20, "most_steps": 1500, "batch_size": 32, "lr": 0.004,
    "warmup": 50, "final_lr": 0.00008, "max_norm": 1.0, "dropout": 0.3, "beta2": 0.99, "dtype": "float32",
}  # fmt: skip
# What `fit` is told by this module; a recipe cannot say it.
OURS = {"params", "train_names", "vocabulary", "rng", "steps", "val_names"}
SIZES = ("embedding_size", "hidden_size", "dtype", "passes", "most_steps")
ORDERS = range(1, 8)  # of Kneser-Ney, to choose from
SMALL = {1: "unigram", 2: "bigram", 3: "trigram"}  # those that are always reported
FEWEST, JUDGES = 50, 100  # distinct words, a tenth of which judges; judges below which a report warns
WIDTH = 80  # characters in a line of a report
SHIPPED = ("turkish", "greek", "georgian")


class Brought(NamedTuple):
    """A list of words after the contest: its parts, both rivals, and what each test word cost under each of them."""

    split: Split
    vocabulary: Vocabulary
    counting: NGram  # Kneser-Ney of the order that was best on the validation words
    params: Params
    history: History
    nats: dict[str, list[FloatArray]]  # by rival, from uniform to "both", the mixture: as `surprises` gives them


def shipped_words(language: str) -> tuple[str, ...]:
    """Countries, languages, scripts and cities of the world, named in "turkish", "greek" or "georgian".

    Sorted, in lower case; from Unicode's CLDR, see the data card. Raises ValueError for another language.
    """
    if language not in SHIPPED:
        raise ValueError(f"language must be one of {', '.join(SHIPPED)}; got {language!r}")
    with resources.as_file(resources.files("lstm_lib.datasets") / f"words_{language}.txt") as path:
        return tuple(path.read_text(encoding="utf-8").splitlines())


def bring(
    words: str | os.PathLike[str] | Iterable[str], *,
    rng: np.random.Generator, recipe: Mapping[str, Any] = RECIPE, **how: Any,
) -> Brought:  # fmt: skip
    """Split any list of words 80/10/10, count it, train an LSTM on it, and judge both on the test words.

    words: a list of strings, spelled as `clean_name` spells them, or the path of a file for `load_names`, which `how`
    (column, encoding, skip_faulty) goes to. recipe: `RECIPE`, perhaps with changes, as in RECIPE | {"most_steps": 300}.
    Raises TypeError for a table or a dict, and for `how` with a list; what `load_names` and `compete` raise; and
    ValueError for a word that is none, with its place, or fewer than `FEWEST` distinct words.
    """
    require_generator(rng)
    if isinstance(words, str | os.PathLike):
        spelled = load_names(words, **how)["name"].tolist()
    else:
        spelled = _spelled(words, how)
    distinct = sorted(set(spelled))
    if len(distinct) < FEWEST:
        raise ValueError(
            f"{len(distinct)} distinct word{'s' * (len(distinct) != 1)}: too few to learn from and to judge by; "
            f"bring at least {FEWEST}"
        )
    return compete(split_names(distinct, rng=rng), rng=rng, recipe=recipe)


def _spelled(words: Iterable[str], how: Mapping[str, Any]) -> list[str]:
    """Each word in the book's spelling; raise for a table, for options of a file, and for the first faulty word."""
    if how:
        raise TypeError(f"{', '.join(how)}: only a file is loaded with options; words is {type(words).__name__}")
    if isinstance(words, Mapping) or getattr(words, "ndim", 1) != 1:
        raise TypeError(
            "words must be a list of strings, or the path of a file; of a table take one column, as in table['name']; "
            f"got {type(words).__name__}"
        )
    found, faults = [], []
    for place, word in enumerate(require_names(words, what="words")):
        try:
            found.append(clean_name(word))
        except ValueError as fault:
            faults.append(f"words[{place}]: {fault}")
    if faults:
        more = f" (and {len(faults) - 1:,} more of {len(found) + len(faults):,})" if len(faults) > 1 else ""
        raise ValueError(faults[0] + more)
    return found


def compete(split: Split, *, rng: np.random.Generator, recipe: Mapping[str, Any] = RECIPE) -> Brought:
    """Count and train on `split.train`; choose the order, the moment to stop and the mixture on `split.val`.

    Raises ValueError or TypeError where `split`, `rng` or the recipe is not what `fit` takes, and ValueError for a
    test word that is on another list, too.
    """
    train, val, test = require_instance("split", split, Split, source="split_names")
    if shared := sorted(set(test) & {*train, *val}):
        raise ValueError(f"test words must be on no other list; {len(shared):,} are, the first is {shared[0]!r}")
    _require_recipe(recipe)
    vocabulary = Vocabulary.from_names([*train, *val, *test])
    models = {order: fit_kneser_ney(train, vocabulary, order) for order in ORDERS}
    counting = min(models.values(), key=lambda model: ngram_nll(model, val))
    params, history = learn(split, vocabulary, rng=rng, recipe=recipe)
    weights = tune_mixture([ngram_surprises(counting, val), surprises(params, vocabulary, val)])
    nats = {"uniform": ngram_surprises(fit_ngram(train, vocabulary, 0), test)}
    nats |= {name: ngram_surprises(models[order], test) for order, name in SMALL.items()}
    nats |= {"counting": ngram_surprises(counting, test), "LSTM": surprises(params, vocabulary, test)}
    nats["both"] = mix([nats["counting"], nats["LSTM"]], weights)
    return Brought(split, vocabulary, counting, params, history, nats)


def learn(
    split: Split, vocabulary: Vocabulary, *, rng: np.random.Generator, recipe: Mapping[str, Any] = RECIPE
) -> tuple[Params, History]:
    """A new network, trained by the recipe: the parameters with the lowest loss on the validation words.

    Raises TypeError or ValueError for a recipe that is not `RECIPE` with changes, and what `fit` raises.
    """
    _require_recipe(recipe)
    sizes = {key: recipe[key] for key in ("embedding_size", "hidden_size")}
    start = init_params(len(vocabulary), **sizes, rng=rng, dtype=np.dtype(recipe["dtype"]))
    steps = min(recipe["most_steps"], ceil(recipe["passes"] * len(split.train) / recipe["batch_size"]))
    told = {"progress": False} | {key: value for key, value in recipe.items() if key not in SIZES}
    return fit(start, split.train, vocabulary, rng=rng, steps=steps, val_names=split.val, **told)


def _require_recipe(recipe: object) -> None:
    """Raise TypeError or ValueError unless this is `RECIPE`, with other values or with more of what `fit` takes."""
    like = 'RECIPE, perhaps with changes, as in RECIPE | {"most_steps": 300}'
    if not isinstance(recipe, Mapping):
        raise TypeError(f"recipe must be {like}; got {describe(recipe)}")
    if missing := sorted(set(RECIPE) - set(recipe)):
        raise ValueError(f"recipe must be {like}; this one lacks {', '.join(missing)}")
    if unknown := sorted(map(str, set(recipe) - set(RECIPE) - (set(inspect.signature(fit).parameters) - OURS))):
        raise ValueError(f"recipe must be {like}; it cannot say {', '.join(unknown)}")
    require_integer("batch_size", recipe["batch_size"], at_least=1)
    require_integer("most_steps", recipe["most_steps"], at_least=1)
    require_number("passes", recipe["passes"], above=0)


def lead(brought: Brought, one: str = "LSTM", other: str = "counting", *, rng: np.random.Generator) -> Interval:
    """The nats per symbol of `one` minus those of `other` on the test words, with the interval of the paired bootstrap.

    Raises KeyError for a rival that is none of `brought.nats`.
    """
    require_instance("brought", brought, Brought, source="bring")
    return paired_bootstrap(brought.nats[one], brought.nats[other], rng=rng)


def report(brought: Brought, *, rng: np.random.Generator) -> str:
    """What the contest found, in words: sizes, the ladder on the test words, and who is ahead, if anybody is."""
    require_instance("brought", brought, Brought, source="bring")
    split, V = brought.split, len(brought.vocabulary)
    sizes = [len(part) for part in split]
    ladder = ", ".join(f"{name} {score(nats).nll:.3f}" for name, nats in brought.nats.items())
    value, low, high = lead(brought, rng=rng)
    verdict = "too close to call" if low <= 0 <= high else "the LSTM is ahead" if high < 0 else "counting is ahead"
    few = f" {sizes[2]} words are few to judge by: bring more before you believe it." if sizes[2] < JUDGES else ""
    said = (
        f"{sum(sizes):,} words: {sizes[0]:,} to learn from, {sizes[1]:,} to choose with, {sizes[2]:,} to judge by; "
        f"{V} symbols.",
        f"Nats per symbol on the test words: {ladder}.",
        f"Counting is Kneser-Ney {brought.counting.order}; "
        f"LSTM minus counting: {value:+.3f} ({low:+.3f} to {high:+.3f}), {verdict}.{few}",
    )
    return "\n".join(textwrap.fill(each, WIDTH) for each in said)
