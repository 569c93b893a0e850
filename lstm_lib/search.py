"""The most probable names: found exactly, in two ways, and by a beam, which is fast and may miss them.

A rule, such as `pattern_rule` makes, narrows a search. Left out: a queue that makes children one by one.
"""

import heapq
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_integer, require_number
from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, initial_state
from lstm_lib.packed import input_table, read_out, step
from lstm_lib.rule import require_floor_for, trimmed
from lstm_lib.sample import STOP, require_model
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, END_MARK, Vocabulary


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
    Raises TypeError or ValueError for a bad argument, and ValueError at a beginning `STOP` letters longer than any
    rule needs: its model gives the end mark next to nothing.
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
        _require_short(text, machine)
        opened: list[tuple[Front, int]] = []
        while queue and len(opened) < at_once and not queue[0][1].endswith(END_MARK):
            opened.append(heapq.heappop(queue)[2:])
        children = _children(machine, _together(opened), -math.inf)
        for row, (text, lp) in enumerate(zip(children.texts, children.log_p.tolist(), strict=True)):
            heapq.heappush(queue, (-lp, text, children, row))  # no two texts are equal, so fronts are never compared


def names_above(params: Params, vocabulary: Vocabulary, floor: float, *, rule: IntArray | None = None) -> list[Found]:
    """Every name that the rule allows and whose probability is at least `floor`, the most probable first.

    Exact to within rounding, by the same reason: each beginning of such a name is at least as probable. No queue: all
    of one length go on side by side, at most 1 / floor of them; memory and time go with that. Raises TypeError or
    ValueError for a bad argument, such as a floor that may leave more than a million side by side, or as `best_first`.
    """
    machine = _machine(params, vocabulary, rule)
    least = require_number("floor", floor, at_least=0, at_most=1)
    require_floor_for(machine.rule, least)
    limit = math.log(least) if least > 0 else -math.inf
    front, found = _start(machine), []
    while front.texts:
        _require_short(front.texts[0], machine)
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
        if not front.texts:
            break
        children = _children(machine, front, -math.inf)
        best = _rows(children, np.argsort(-children.log_p, kind="stable")[:wide])
        found += _ended(best)
        front = _rows(best, np.flatnonzero(best.last != END))
    return sorted(found, key=_most_probable)


def _most_probable(found: Found) -> tuple[float, str]:
    return -found.log_p, found.name


def _machine(params: Params, vocabulary: Vocabulary, rule: IntArray | None) -> Machine:
    require_model(params, vocabulary)
    rule = np.zeros((1, len(vocabulary)), np.intp) if rule is None else rule  # by default all is allowed
    return Machine(params, vocabulary.characters, trimmed(rule, len(vocabulary)), input_table(params))


def _require_short(text: str, machine: Machine) -> None:
    """Refuse to go on from a beginning that no name needs: its model gives the end mark next to nothing."""
    if len(text) >= STOP + len(machine.rule):
        raise ValueError(f"params must let names end; {text[:8]!r}... goes on after {len(text):,} letters")


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
