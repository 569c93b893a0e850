"""The most probable names: found exactly, in two ways, and by a beam, which is fast and may miss them.

A rule narrows a search: an array (S, V) of whole numbers, an automaton that starts in state 0. A symbol leads from
state s to `rule[s, symbol]`; where that is -1 it may not come. Left out: a queue that makes children one by one.
"""

import heapq
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_array, require_integer, require_number
from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, initial_state
from lstm_lib.packed import input_table, read_out, step
from lstm_lib.sample import require_model
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary

ANY, REST = "_", "*"  # in a pattern: one letter, whichever; at its end, any letters or none


class Found(NamedTuple):
    """A name, and ln p of it in nats, its end mark included."""

    name: str
    log_p: float


class Front(NamedTuple):
    """B beginnings side by side, each known by its text and by what it takes to go on from there."""

    texts: list[str]
    log_p: FloatArray  # (B,) float64, of all letters so far
    place: IntArray  # (B,) the state of the rule
    last: IntArray  # (B,) the last symbol, still to be read
    parent: IntArray  # (B,) the row of the state before it
    state: LSTMState  # (P, H)


class Machine(NamedTuple):
    """What every step of a search needs; `table` is `input_table(params)`."""

    params: Params
    characters: tuple[str, ...]
    rule: IntArray
    table: FloatArray


def best_first(
    params: Params, vocabulary: Vocabulary, *, rule: IntArray | None = None, at_once: int = 1
) -> Iterator[Found]:
    """All names that the rule allows, the most probable first: take as many as you need.

    Exact: no symbol makes a beginning more probable, so a name at the head of the queue is as probable as anything
    that is still to come. `at_once` beginnings are opened together, which is faster and loses nothing: a name still
    waits until it stands at the head. Source: Dijkstra 1959, each step as long as its -ln p; eq. (15.1).
    Raises TypeError or ValueError for a bad argument.
    """
    machine = _machine(params, vocabulary, rule)
    return _in_order(machine, require_integer("at_once", at_once, at_least=1))


def _in_order(machine: Machine, at_once: int) -> Iterator[Found]:
    queue: list[tuple[float, str, Front, int]] = [(0.0, "", _start(machine), 0)]  # cost, text, where its row stands
    while queue:
        cost, text, _, _ = queue[0]
        if text.endswith(END_MARK):
            heapq.heappop(queue)
            yield Found(text.removesuffix(END_MARK), -cost)
            continue
        opened: list[tuple[Front, int]] = []
        while queue and len(opened) < at_once and not queue[0][1].endswith(END_MARK):
            opened.append(heapq.heappop(queue)[2:])
        children = _children(machine, _together(opened), -math.inf)
        for row, (text, lp) in enumerate(zip(children.texts, children.log_p.tolist(), strict=True)):
            heapq.heappush(queue, (-lp, text, children, row))  # no two texts are equal, so fronts are never compared


def names_above(params: Params, vocabulary: Vocabulary, floor: float, *, rule: IntArray | None = None) -> list[Found]:
    """Every name that the rule allows and whose probability is at least `floor`, the most probable first.

    Exact, by the same reason: each beginning of such a name is at least as probable. No queue: all of one length go on
    side by side. Raises TypeError or ValueError for a bad argument, such as floor 0 where names are endlessly many.
    """
    machine = _machine(params, vocabulary, rule)
    least = require_number("floor", floor, at_least=0, at_most=1)
    limit = math.log(least) if least > 0 else -math.inf
    front, found = _start(machine), []
    while front.texts:
        if least == 0 and len(front.texts[0]) >= len(machine.rule):  # then a state came twice
            raise ValueError("floor must be above 0 under a rule that allows endlessly many names; got 0")
        children = _children(machine, front, limit)
        found += _ended(children)
        front = _rows(children, np.flatnonzero(children.last != END))
    return sorted(found, key=_most_probable)


def beam_search(
    params: Params, vocabulary: Vocabulary, width: int, *, rule: IntArray | None = None, max_length: int = 30
) -> list[Found]:
    """The names that a beam of this width finishes within `max_length` letters, the most probable first; maybe none.

    Of all children of the beam, ended or not, the `width` most probable stay; those that end leave the beam as names.
    Width 1 is greedy. Raises TypeError or ValueError for a bad argument.
    """
    machine = _machine(params, vocabulary, rule)
    wide = require_integer("width", width, at_least=1)
    front, found = _start(machine), []
    for _ in range(require_integer("max_length", max_length, at_least=1) + 1):
        if front.texts:
            children = _children(machine, front, -math.inf)
            best = _rows(children, np.argsort(-children.log_p, kind="stable")[:wide])
            found += _ended(best)
            front = _rows(best, np.flatnonzero(best.last != END))
    return sorted(found, key=_most_probable)


def pattern_rule(pattern: str, vocabulary: Vocabulary) -> IntArray:
    """The rule of a pattern: `_` stands for any letter, and `*` at its end for any letters or none.

    "_a_a" allows names of four letters, "jo*" those that begin so. Shape (letters + 1, V): a state for each place.
    Raises TypeError or ValueError for anything else than such a pattern in letters of the vocabulary.
    """
    if not isinstance(pattern, str):
        raise TypeError(f"a pattern must be a string such as '_a_a' or 'jo*'; got {pattern!r}")
    if {ANY, REST} & {*vocabulary.characters}:
        raise ValueError(f"vocabulary must not have {ANY!r} or {REST!r} as a letter; a pattern could mean either")
    letters = pattern.removesuffix(REST)
    rule = np.full((len(letters) + 1, len(vocabulary)), -1)
    for place, sign in enumerate(letters):
        rule[place, slice(1, None) if sign == ANY else vocabulary.encode(sign)] = place + 1
    rule[-1, END] = len(letters)
    if letters != pattern:
        rule[-1, 1:] = len(letters)
    return rule


def _most_probable(found: Found) -> tuple[float, str]:
    return -found.log_p, found.name


def _machine(params: Params, vocabulary: Vocabulary, rule: IntArray | None) -> Machine:
    require_model(params, vocabulary)
    rule = np.zeros((1, len(vocabulary)), np.intp) if rule is None else rule  # by default all is allowed
    return Machine(params, vocabulary.characters, _trimmed(rule, len(vocabulary)), input_table(params))


def _trimmed(rule: IntArray, V: int) -> IntArray:
    """The rule without the ways into states from which no name can end; ValueError when that is all of them."""
    require_array("rule", rule, "integers")
    if rule.ndim != 2 or rule.shape[1] != V or len(rule) == 0:
        raise ValueError(f"rule must have shape (S, {V}), S at least 1, a column for each symbol; got {rule.shape}")
    if rule.min() < -1 or rule.max() >= len(rule):
        raise ValueError(f"rule must hold states, 0 to {len(rule) - 1}, or -1; got {rule.min()} to {rule.max()}")
    ends = np.zeros(len(rule), bool)
    for _ in range(len(rule)):
        ends = (rule[:, END] >= 0) | ((rule >= 0) & ends[rule])[:, 1:].any(axis=1)
    if not ends[0]:
        raise ValueError("rule must let some name end; from state 0 none can")
    kept: IntArray = np.where(ends[rule] | (np.arange(V) == END), rule, -1)
    return kept


def _start(machine: Machine) -> Front:
    """The empty beginning, alone; the symbol to read is the end mark, which starts every name."""
    first = np.zeros(1, np.intp)
    return Front([""], np.zeros(1), first, np.full(1, END), first, initial_state(machine.params, 1))


def _children(machine: Machine, front: Front, limit: float) -> Front:
    """All that the beginnings become by one symbol, as far as the rule allows it and ln p does not fall below `limit`.

    A child that ends has the end mark as its last symbol and at the end of its text.
    """
    before = LSTMState(front.state.h[front.parent], front.state.c[front.parent])
    state = step(machine.params, machine.table, front.last, before)
    log_p = front.log_p[:, None] + read_out(machine.params, state.h)  # (B, V) (15.1)
    if np.isnan(log_p).any():
        raise ValueError("params must give probabilities; got nan")
    after = machine.rule[front.place]
    row, symbol = np.nonzero((after >= 0) & (log_p >= limit))
    texts = [front.texts[r] + machine.characters[k] for r, k in zip(row.tolist(), symbol.tolist(), strict=True)]
    return Front(texts, log_p[row, symbol], after[row, symbol], symbol, row, state)


def _rows(front: Front, rows: IntArray) -> Front:
    """Some of the beginnings, in this order."""
    texts = [front.texts[row] for row in rows.tolist()]
    log_p, place = front.log_p[rows], front.place[rows]
    return Front(texts, log_p, place, front.last[rows], front.parent[rows], front.state)


def _together(singles: list[tuple[Front, int]]) -> Front:
    """Single beginnings of several fronts as one front."""
    texts = [front.texts[row] for front, row in singles]
    log_p = np.array([front.log_p[row] for front, row in singles])
    place = np.array([front.place[row] for front, row in singles])
    last = np.array([front.last[row] for front, row in singles])
    h = np.stack([front.state.h[front.parent[row]] for front, row in singles])
    c = np.stack([front.state.c[front.parent[row]] for front, row in singles])
    return Front(texts, log_p, place, last, np.arange(len(texts)), LSTMState(h, c))


def _ended(front: Front) -> list[Found]:
    """The names among them."""
    done = np.flatnonzero(front.last == END).tolist()
    return [Found(front.texts[row].removesuffix(END_MARK), float(front.log_p[row])) for row in done]
