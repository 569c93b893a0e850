"""Checks of what the patient reads and says: each says whether it passes, and what was seen."""

import math
from collections import Counter

import numpy as np

from lstm_lib.model import forward
from lstm_lib.ops import softmax
from lstm_lib.patient.hunt import Finding, Patient
from lstm_lib.patient.lists import read_rows
from lstm_lib.patient.truth import ANA, by_hand, nats_of, plain_params
from lstm_lib.vocabulary import END_MARK

DRAWS = 1000


def scored_by_hand(patient: Patient) -> Finding:
    """Loss and perplexity of four names against -ln p added symbol by symbol."""
    ids = patient.number(ANA)
    params = plain_params(len(ids), 2, 3)
    batch = patient.tabulate(ANA, ids, 4)
    loss, _ = patient.loss_and_grads(params, batch)
    said, wanted = patient.perplexity(nats_of(params, batch), batch.mask), by_hand(params, ids, ANA)
    right = math.isclose(loss, wanted, rel_tol=1e-6) and math.isclose(said, math.exp(wanted), rel_tol=1e-6)
    seen = f"loss {loss:.3f}, by hand {wanted:.3f}; perplexity {said:.2f}, by hand {math.exp(wanted):.2f}"
    return Finding(right, seen)


def samples_follow_the_law(patient: Patient) -> Finding:
    """Chi-squared of a thousand first letters against the model's own law of them."""
    names = read_rows()[:1000]
    ids = patient.number(names)
    params = plain_params(len(ids), 4, 8)
    logits, _, _ = forward(params, np.array([[ids[END_MARK]]]))
    drawn = Counter(name[:1] or END_MARK for name in patient.draw(params, ids, DRAWS, rng=np.random.default_rng(1)))
    expected = DRAWS * softmax(logits)[0, 0]
    chi2 = sum((drawn[symbol] - expected[k]) ** 2 / expected[k] for symbol, k in ids.items())
    freedom = len(ids) - 1
    seen = f"chi-squared {chi2:,.0f}, chance gives {freedom} or so"
    return Finding(bool(chi2 < freedom + 5 * math.sqrt(2 * freedom)), seen)


def orders_differ(patient: Patient) -> Finding:
    """Two epochs hold every name once, in two orders."""
    names, rng = [f"name {k}" for k in range(25)], np.random.default_rng(22)
    first, second = ([name for part in patient.epoch(names, 4, rng=rng) for name in part] for _ in range(2))
    missing = len(set(names) - set(first))
    whole = sorted(first) == sorted(second) == sorted(names)
    seen = f"{missing} of 25 names are in no batch" if missing else "every name is read"
    return Finding(whole and first != second, f"{seen}; {'one order' if first == second else 'two orders'}")


def lists_share_nothing(patient: Patient) -> Finding:
    """No name stands in the list to learn from and in the list to judge by."""
    train_names, held_out = patient.divide(read_rows(), rng=np.random.default_rng(22))
    known = set(train_names)
    shared = np.mean([name in known for name in dict.fromkeys(held_out)])
    return Finding(not shared, f"{shared:.0%} of the names to judge by were learned from")


def targets_spell_the_names(patient: Patient) -> Finding:
    """The symbols that count, read down a column, are the name and one end mark."""
    ids = patient.number(ANA)
    symbols = {k: symbol for symbol, k in ids.items()}
    batch = patient.tabulate(ANA, ids, max(map(len, ANA)))
    columns = zip(batch.targets.T, batch.mask.T, strict=True)
    spelt = ["".join(symbols[k] for k in targets[counted].tolist()) for targets, counted in columns]
    wrong = [f"{name} is spelt {text!r}" for name, text in zip(ANA, spelt, strict=True) if text != name + END_MARK]
    return Finding(not wrong, wrong[0] if wrong else "each name and its end mark")


def ids_follow_a_rule(patient: Patient) -> Finding:
    """Symbols are numbered in alphabetical order, or as they first come: the same in every process."""
    names = read_rows()[:1000]
    ids = patient.number(names)
    found = sorted(ids, key=ids.__getitem__)
    letters = [symbol for symbol in found if symbol != END_MARK]
    right = letters in (sorted(letters), list(dict.fromkeys("".join(names))))
    return Finding(right, "an order that the names determine" if right else "an order that the names do not determine")
