"""Rules: which names a search may find.

A rule is an array (S, V) of whole numbers, a finite automaton that starts in state 0. A symbol leads from state s to
`rule[s, symbol]`; where that is -1 it may not come.
"""

import numpy as np

from lstm_lib.arguments import require_array, require_instance
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary

ANY, REST = "_", "*"  # in a pattern: one letter, whichever; at its end, any letters or none
MOST = 10**6  # beginnings side by side; the shipped model needs 13 KB for each
FAR = 50  # letters after those that bring a rule to its last state: two ways for each make far more than MOST


def pattern_rule(pattern: str, vocabulary: Vocabulary) -> IntArray:
    """The rule of a pattern: `_` stands for any letter, and `*` at its end for any letters or none.

    "_a_a" allows names of four letters, "jo*" those that begin so. Shape (letters + 1, V): a state for each place.
    Raises TypeError or ValueError for anything else than such a pattern in letters of the vocabulary.
    """
    if not isinstance(pattern, str):
        raise TypeError(f"a pattern must be a string such as '_a_a' or 'jo*'; got {pattern!r}")
    require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names")
    if {ANY, REST} & {*vocabulary.characters}:
        raise ValueError(f"vocabulary must not have {ANY!r} or {REST!r} as a letter; a pattern could mean either")
    letters = pattern.removesuffix(REST)
    if REST in letters:
        raise ValueError(f"a pattern may have {REST!r} at its end only; got {pattern!r}")
    rule = np.full((len(letters) + 1, len(vocabulary)), -1)
    for place, sign in enumerate(letters):
        rule[place, slice(1, None) if sign == ANY else vocabulary.encode(sign)] = place + 1
    rule[-1, END] = len(letters)
    if letters != pattern:
        rule[-1, 1:] = len(letters)
    return rule


def trimmed(rule: IntArray, V: int) -> IntArray:
    """The rule without the ways into states from which no name can end; ValueError when that is all of them."""
    require_array("rule", rule, "integers")
    if rule.ndim != 2 or rule.shape[1] != V or len(rule) == 0:
        raise ValueError(f"rule must have shape (S, {V}), S at least 1, a column for each symbol; got {rule.shape}")
    if rule.min() < -1 or rule.max() >= len(rule):
        raise ValueError(f"rule must hold states, 0 to {len(rule) - 1}, or -1; got {rule.min()} to {rule.max()}")
    ends, known = rule[:, END] >= 0, 0
    while int(ends.sum()) > known:  # a way into a state that can end can end, too
        known = int(ends.sum())
        ends = ends | ((rule >= 0) & ends[rule])[:, 1:].any(axis=1)
    if not ends[0]:
        raise ValueError("rule must let some name end; from state 0 none can")
    kept: IntArray = np.where(ends[rule] | (np.arange(V) == END), rule, -1)
    return kept


def require_floor_for(rule: IntArray, floor: float) -> None:
    """Refuse a floor that might leave more than `MOST` beginnings of one length; `rule` as `trimmed` returns it.

    Beginnings of one length exclude each other, so at most 1 / floor are as probable as the floor; nor are there more
    than the rule allows.
    """
    many = _beginnings(rule)
    if floor == 0 and many[len(rule)] > 0:  # then a state came twice
        raise ValueError("floor must be above 0 under a rule that allows endlessly many names; got 0")
    most = min(float(many.max()), 1 / floor if floor > 0 else np.inf)
    if most > MOST:
        raise ValueError(
            f"floor must leave at most {MOST:,} beginnings of one length; {floor:g} may leave {most:,.0f}: raise it, or"
            " take best_first, which needs none"
        )


def _beginnings(rule: IntArray) -> FloatArray:
    """How many beginnings of each length the rule allows, from 0 on; past 10^18 no longer counted."""
    source, symbol = np.nonzero(rule[:, 1:] >= 0)
    target = rule[source, symbol + 1]
    by_state, counts = np.zeros(len(rule)), [1.0]
    by_state[0] = 1
    while counts[-1] and len(counts) <= len(rule) + FAR:
        by_state = np.minimum(1e18, np.bincount(target, by_state[source], len(rule)))
        counts.append(float(by_state.sum()))
    return np.array(counts + [0.0] * (len(rule) + 1 - len(counts)))
