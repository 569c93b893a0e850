"""Counting tuned as an LSTM is: every discount of Kneser-Ney chosen on the validation names, and all counts as one."""

from itertools import pairwise
from typing import Any

import numpy as np
from measures import Surprises, counting_models, difference, mean_nats

from lstm_lib.counts import Level, continuations, count_contexts, kneser_ney_share, row_sums, scale
from lstm_lib.data import Split
from lstm_lib.judge.mixture import mix, tune_mixture
from lstm_lib.ngram import NGram, ngram_nll, ngram_surprises
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

ORDER = 6
STEPS = (0.15, -0.15, 0.05, -0.05)  # by which a discount is moved, as long as the validation names gain
ROUNDS = 2  # through all discounts


def tuned_counting(split: Split, vocabulary: Vocabulary, lstm: Surprises) -> dict[str, Any]:
    """Two rivals tuned on the validation names, and by how much the LSTM, given by its surprises on test, leads."""
    models, _ = counting_models(split, vocabulary)
    every = [model for name, model in models.items() if name != "uniform"]
    val, test = ([ngram_surprises(model, names) for model in every] for names in (split.val, split.test))
    weights = tune_mixture(val)
    model, discounts = tuned_kneser_ney(split, vocabulary)
    rivals = {
        "kneser_ney_6_tuned": (ngram_surprises(model, split.val), ngram_surprises(model, split.test)),
        "all_counts": (mix(val, weights), mix(test, weights)),
    }
    found: dict[str, Any] = {
        name: {"val": mean_nats(one), "test": mean_nats(other), "lstm_minus_it": difference(lstm, other)}
        for name, (one, other) in rivals.items()
    }
    found["all_counts"]["models"] = len(every)
    found["kneser_ney_6_tuned"]["discounts"] = [[round(float(each), 2) for each in row] for row in discounts]
    return found


def tuned_kneser_ney(split: Split, vocabulary: Vocabulary) -> tuple[NGram, FloatArray]:
    """Kneser-Ney with the discounts (ORDER, 3), for counts of 1, 2, and 3 or more, that do best on validation."""
    V, levels = len(vocabulary), count_contexts(split.train, vocabulary, ORDER)
    kinds = [level._replace(counts=continuations(level, longer, V)) for level, longer in pairwise(levels)]
    kinds.append(levels[-1])
    discounts = np.array([first_discounts(level) for level in kinds])

    def model(at: FloatArray) -> NGram:
        return NGram(ORDER, tuple(discounted(*each, V) for each in zip(kinds, at, strict=True)), vocabulary)

    best = ngram_nll(model(discounts), split.val)
    for place in [*np.ndindex(discounts.shape)] * ROUNDS:
        for step in STEPS:
            while True:
                trial = discounts.copy()
                trial[place] += step
                nats = ngram_nll(model(trial), split.val) if 0 < trial[place] < place[1] + 1 else np.inf
                if nats > best - 1e-6:
                    break
                best, discounts = nats, trial
    return model(discounts), discounts


def first_discounts(level: Level) -> FloatArray:
    """The three discounts that the formula gives, to start from."""
    _, taken = kneser_ney_share(level.counts)
    return np.array([taken[np.minimum(level.counts, 3) == k].max(initial=0) or k / 2 for k in (1, 2, 3)])


def discounted(level: Level, discounts: FloatArray, V: int) -> Any:
    """The laws of a level, with these discounts taken from counts of 1, 2, and 3 or more."""
    taken = np.array([0, *discounts])[np.minimum(level.counts, 3).astype(int)]
    return scale(level, level.counts - taken, row_sums(level.pairs // V, taken, len(level.contexts)), V)
