"""Chapter 15's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import heapq
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_15 as check
from lstm_lib.check.feedback import Feedback

LawAfter = Callable[[str], Any]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.most_probable(lambda law_after, symbols: ...),
        check.most_probable(...),
        check.beam(..., lambda *_: "c"),
        check.beam("C", lambda *_: ...),
        check.mean_cost(..., 0.598, 0.301),
        check.containing(lambda pair, symbols: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 15.1


def search(
    law_after: LawAfter, symbols: Any, *, early: bool = False, free_end: bool = False, sign: float = -1,
    last_alone: bool = False, per_symbol: bool = False, widest: bool = False,
) -> tuple[str, float]:  # fmt: skip
    """The exercise solved, or with one thing wrong."""
    queue = [(0.0, "", 0.0)]
    while True:
        _, text, cost = heapq.heappop(queue)
        if text.endswith("."):
            return text[:-1], math.exp(-cost)
        queue = [] if widest else queue
        for symbol, p in zip(symbols, law_after(text), strict=True):
            whole = (0 if last_alone else cost) - math.log(p)
            whole = cost if free_end and symbol == "." else whole
            if early and symbol == ".":
                return text, math.exp(-whole)
            key = whole / len(text + symbol) if per_symbol else -sign * whole
            heapq.heappush(queue, (key, text + symbol, whole))


def with_p(change: Callable[[float], Any]) -> Callable[..., Any]:
    def changed(law_after: LawAfter, symbols: Any) -> tuple[str, Any]:
        name, p = search(law_after, symbols)
        return name, change(p)

    return changed


def letters_only(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    name, p = search(law_after, symbols)
    return name, p / law_after(name)[0]


def with_mark(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    name, p = search(law_after, symbols)
    return name + ".", p


def last_step(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    name, _ = search(law_after, symbols)
    return name, law_after(name)[0]


def by_text(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    queue = [("", 0.0)]
    while True:
        text, cost = heapq.heappop(queue)
        if text.endswith("."):
            return text[:-1], math.exp(-cost)
        for symbol, p in zip(symbols, law_after(text), strict=True):
            heapq.heappush(queue, (text + symbol, cost - math.log(p)))


def in_queue(law_after: LawAfter, symbols: Any, *, first: bool, ends: bool, alone: bool) -> tuple[str, float]:
    """The exercise with the oldest first out, or without end marks, or with the empty name as the only name."""
    queue = [(0.0, "")]
    while True:
        cost, text = queue.pop(0) if first else heapq.heappop(queue)
        if text == "." if alone else text.endswith("."):
            return text[:-1], math.exp(-cost)
        for symbol, p in [*zip(symbols, law_after(text), strict=True)][1 - ends :]:
            (queue.append if first else lambda pair: heapq.heappush(queue, pair))((cost - math.log(p), text + symbol))


def oldest(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    return in_queue(law_after, symbols, first=True, ends=True, alone=False)


def no_ends(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    return in_queue(law_after, symbols, first=False, ends=False, alone=False)


def only_mark(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    return in_queue(law_after, symbols, first=False, ends=True, alone=True)


def loose(
    law_after: LawAfter, symbols: Any, *, first: str = "", cut: float = 0, keep: int = 10**9, ends: Any = None,
    step: Any = lambda p: -math.log(p), last: int = 10**9, names: str = "", law: Any = None,
) -> tuple[str, float]:  # fmt: skip
    """The exercise solved, or with one thing wrong: what begins, is thrown away, ends, is asked or is pushed."""
    queue = [(0.0, first)]
    while True:
        cost, text = heapq.heappop(queue)
        if (ends or (lambda each: each.endswith(".")))(text):
            return text[:-1], math.exp(-cost)
        law = law_after("") if isinstance(law, str) else law
        children = [
            (cost + step(p), text + symbol)
            for symbol, p in zip(names or symbols, law_after(text[-last:]) if law is None else law, strict=False)
            if p > cut
        ]
        for child in sorted(children)[:keep]:
            heapq.heappush(queue, child)


def with_slip(**slip: Any) -> Callable[..., Any]:
    return lambda law_after, symbols: loose(law_after, symbols, **slip)


def by_beam(width: int) -> Callable[..., Any]:
    def narrow(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
        going, done = {"": 1.0}, {"": 0.0}
        while going and max(going.values()) > max(done.values()):
            longer = {t + s: p * q for t, p in going.items() for s, q in zip(symbols, law_after(t), strict=True)}
            best = sorted(longer, key=lambda text: longer[text])[-width:]
            done |= {text[:-1]: longer[text] for text in best if text[-1] == "."}
            going = {text: longer[text] for text in best if text[-1] != "."}
        name = max(done, key=lambda each: done[each])
        return name, done[name]

    return narrow


def all_to(longest: int) -> Callable[..., Any]:
    def brute(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
        texts, p = [""], {"": 1.0}
        for text in texts:
            p |= {text + s: p[text] * q for s, q in zip(symbols, law_after(text), strict=True)}
            texts += [text + s for s in symbols[1:]] if len(text) < longest else []
        name = max(texts, key=lambda text: p[text + "."])
        return name, p[name + "."]

    return brute


def smallest_p(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    queue = [(1.0, "")]
    while True:
        cost, text = heapq.heappop(queue)
        if text.endswith("."):
            return text[:-1], cost
        for symbol, p in zip(symbols, law_after(text), strict=True):
            heapq.heappush(queue, (cost * p, text + symbol))


def never_out(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    queue = [(0.0, "")]
    while True:
        cost, text = queue[0]
        if text.endswith("."):
            return text[:-1], math.exp(-cost)
        for symbol, p in zip(symbols, law_after(text), strict=True):
            heapq.heappush(queue, (cost - math.log(p), text + symbol))


def no_empty(text: str) -> bool:
    return len(text) > 1 and text.endswith(".")


def per_symbol(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    name, p = search(law_after, symbols)
    return name, p ** (1 / (len(name) + 1))


def skips_empty(law_after: LawAfter, symbols: Any) -> tuple[str, float]:
    def law_without(text: str) -> Any:
        return law_after(text) * (np.array([text != "", 1, 1, 1]) + 1e-300)

    return search(law_without, symbols)


def fails(*_: object) -> Any:
    raise KeyError("z")


def test_most_probable_right() -> None:
    assert check.most_probable(search).right
    assert check.most_probable(lambda law_after, symbols: [*search(law_after, symbols)]).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda law, symbols: search(law, symbols, widest=True), "that is greedy"),
        (lambda law, symbols: search(law, symbols, early=True), "Was it returned as soon as it was made?"),
        (lambda law, symbols: search(law, symbols, free_end=True), "the end mark costs something, too"),
        (lambda law, symbols: search(law, symbols, per_symbol=True), "nothing is to be divided, and nothing thrown"),
        (lambda law, symbols: search(law, symbols, sign=1), "heapq hands out the *smallest* number"),
        (lambda law, symbols: search(law, symbols, last_alone=True), "add the step to what came before it"),
        (with_p(math.log), "that is ln p: return p itself"),
        (with_p(lambda p: -math.log(p)), "that is the cost: p is e to the power"),
        (with_p(lambda p: 1 / p), "of *minus* the cost"),
        (with_p(lambda p: ...), "part 2 of what your function returns is still to do"),
        (with_p(lambda p: "high"), "should be a number, got 'high'"),
        (with_p(lambda p: round(p, 2)), "its probability should be 0.164; yours is 0.16: keep more digits"),
        (letters_only, "the end mark costs something, too"),
        (with_p(lambda p: math.exp(math.log2(p))), "bits for nats"),
        (by_text, "the cost stands first in each pair"),
        (oldest, "heapq.heappop takes it"),
        (no_ends, "is the end mark among the children?"),
        (only_mark, "it asks what follows a name"),
        (last_step, "that is the probability of its last step alone"),
        (with_mark, "leave the end mark off"),
        (with_slip(last=1), "is anything thrown away, is the whole text asked for?"),
        (with_slip(cut=0.1), "is anything thrown away"),
        (all_to(1), "It stands behind many wider beginnings"),
        (all_to(3), "It stands behind many wider beginnings"),
        *((by_beam(width), "is anything thrown away") for width in (3, 4, 5, 6, 10, 27)),
        (by_beam(2), "nothing thrown away"),
        (with_slip(keep=2), "nothing thrown away"),
        (smallest_p, "p itself makes the *least* probable come first"),
        (with_slip(law="once"), "Is each law that of its own text"),
        (with_slip(step=lambda p: 1 - p), "add up -ln p from symbol to symbol"),
        (with_slip(step=lambda p: -p), "is each step -ln p?"),
        (with_p(lambda p: math.exp(math.log10(p))), "costs in tens, log10"),
        (per_symbol, "nothing is to be divided by the number of symbols"),
        (skips_empty, "the empty name, which is a name, too, has 0.55"),
        (with_slip(ends=lambda text: text[-1] == "."), "the first text is empty"),
        (with_slip(first=".", ends=no_empty), "begin with the empty text"),
        (never_out, "heapq.heappop, not queue[0] or .pop()"),
        (with_slip(names=".abcdefghijklmnopqrstuvwxyz"), "in the order of `symbols`"),
        (lambda law, symbols: ("xy", 0.1), "letters that this machine does not know"),
        (lambda law, symbols: ("b", 0.1), "'b' has probability 0.145; the empty name, which is a name, too, has 0.55"),
        (lambda law, symbols: "c", "return two things"),
        (lambda law, symbols: (0.16, "c"), "return two things"),
        (fails, "your function raised KeyError"),
    ],
)
def test_most_probable_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.most_probable(wrong))


# ---- 15.2


def beam(
    law_after: LawAfter,
    symbols: Any,
    width: int,
    *,
    forget: bool = False,
    narrow: int = 0,
    first: bool = False,
    patient: bool = False,
    worst: bool = False,
    pick: Any = max,
) -> str:
    """The exercise solved, or sick."""
    going: dict[str, float] = {"": 0.0}
    done: dict[str, float] = {}
    while going and (patient or max(going.values()) > max(done.values(), default=-np.inf)):
        longer = {t + s: lp + np.log(p) for t, lp in going.items() for s, p in zip(symbols, law_after(t), strict=True)}
        best = sorted(longer, key=lambda text: longer[text])
        best = best[:width] if worst else best[-(narrow or width) :]
        ended = {text: longer[text] for text in best if text[-1] == "."}
        done = ended if forget else done | ended
        going = {text: longer[text] for text in best if text[-1] != "."}
        if first and done:
            break
        if len(max(going, default="", key=len)) > 12:
            break
    return pick(done, key=lambda text: done[text])[:-1]


def last_of(done: dict[str, float], key: Any) -> str:
    return max(done)


def last_made(done: dict[str, float], key: Any) -> str:
    return [*done][-1]


def shortest_of(done: dict[str, float], key: Any) -> str:
    return min(done, key=len)


def mean_of(done: dict[str, float], key: Any) -> str:
    return max(done, key=lambda text: done[text] / len(text))


def sick(*given: Any) -> str:
    return beam(*given, forget=True)


def test_beam_right() -> None:
    for line in ("C", " c ", "# C", "line C"):
        assert check.beam(line, beam).right
    assert check.beam("C", lambda *given: beam(*given) + ".").right
    assert check.beam("C", lambda *given: beam(*given, patient=True)).right


@pytest.mark.parametrize(
    ("line", "function", "expected"),
    [
        ("A", sick, "A is healthy"),
        ("B", sick, "B is healthy"),
        ("D", sick, "D is healthy"),
        ("E", sick, "E is healthy: the most probable of all that is in `done`"),
        ("F", beam, "with one letter, A to E"),
        (3, beam, "with one letter, A to E"),
        ("C", sick, "it had finished 'c', of 0.17, and does not return it: does `done` still hold it"),
        ("C", lambda *given: beam(*given, first=True), "what is still going may yet win"),
        ("C", lambda *given: beam(*given, pick=last_of), "does E take the most probable?"),
        ("C", lambda *given: beam(*given, pick=last_made), "does E take the most probable?"),
        ("C", lambda *given: beam(*given, pick=mean_of), "does E take the most probable?"),
        ("C", lambda *given: beam(*given, pick=shortest_of), "stops at, or returns, ''"),
        ("C", lambda *given: beam(*given, narrow=1), "does B keep the `width` most probable"),
        ("C", lambda law, symbols, width: beam(law, symbols, width - 1 or 1), "does B keep the `width`"),
        ("C", lambda *given: "bb", "does E take the most probable?"),
        ("C", lambda *given: beam(*given, pick=min), "does E take the most probable?"),
        ("C", lambda *given: beam(*given, worst=True), "does B keep the `width` most probable"),
        ("C", lambda law, symbols, width: law("a."), "it asks what follows a name"),
        ("C", lambda *given: "zz", "is no name of this machine"),
        ("C", lambda *given: "a.a", "is no name of this machine"),
        ("C", lambda *given: ("c", 0.16), "return the name, a string"),
        ("C", lambda law, symbols, width: [law("a") for _ in range(9999)], "it asks for thousands of laws"),
        ("C", fails, "your function raised KeyError"),
    ],
)
def test_beam_wrong(line: object, function: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.beam(line, function))


# ---- 15.3

RIGHT = (0.55, -math.log(0.55), -math.log(0.45 * 0.9) / 3)


def test_mean_cost_right() -> None:
    assert check.mean_cost(*RIGHT).right
    assert check.mean_cost(0.55, 0.598, 0.301).right


@pytest.mark.parametrize(
    ("place", "answer", "expected"),
    [
        (0, 0.405, "that is `aa`"),
        (0, 0.045, "the empty name is a name, too"),
        (0, 0.45, "that is a beginning"),
        (0, 0.598, "asked is p itself"),
        (0, -0.598, "that is ln p"),
        (0, 0.9, "multiply along each road"),
        (0, "a", "best should be a number"),
        (1, RIGHT[2], "does it come out first?"),
        (1, 0.799, "that is the beginning `a`"),
        (1, 1.551, "something cheaper stands before it"),
        (1, 0.55, "its cost is -ln p"),
        (1, 0.862, "costs here are in nats"),
        (1, -0.598, "a cost is never below 0"),
        (1, 0.299, "the start is no symbol"),
        (2, 0.435, "costs here are in nats"),
        (2, -0.301, "a cost is never below 0"),
        (2, 0.226, "the start is no symbol"),
        (2, 0.405, "that is p of `aa`, no cost"),
        (1, 3.0, "the queue holds"),
        (1, ..., "first_out is still to do"),
        (2, 0.799, "the beginning `a`, which is no name"),
        (2, 0.135, "divide the cost"),
        (2, 0.904, "divide by its symbols"),
        (2, 0.452, "`aa` has three symbols"),
        (2, 0.598, "`aa` costs more in all, and less per symbol"),
        (2, 1.551, "that is the mean cost of `a`"),
        (2, 9.0, "add up -ln p along each name"),
        (2, ..., "lowest is still to do"),
    ],
)
def test_mean_cost_wrong(place: int, answer: object, expected: str) -> None:
    answers: list[object] = [*RIGHT]
    answers[place] = answer
    assert expected in hint(check.mean_cost(*answers))


# ---- 15.4


def containing(pair: str, symbols: Any, **slip: bool) -> Any:
    """The exercise solved, or with one thing wrong."""
    first, second = (symbols.index(letter) for letter in pair)
    rule = np.zeros((3, len(symbols)), int)
    rule[:2, 0] = -1
    rule[0, first] = 1
    if not slip.get("reset"):
        rule[1, first] = 1
    rule[1, second] = 2
    rule[2] = 2
    if slip.get("order"):
        rule[:2, first] = 1
    if slip.get("ends"):
        rule[:2, 0] = 0
    if slip.get("sticky"):
        rule[1, 1:] = np.where(rule[1, 1:] == 2, 2, 1)
    if slip.get("strict"):
        rule[0, 1:] = np.where(rule[0, 1:] == 1, 1, -1)
    if slip.get("only"):
        rule[2, 1:] = -1
    if slip.get("closed"):
        rule[:, 0] = -1
    if slip.get("both"):
        rule[0, second] = 1
    if slip.get("jump"):
        rule[0, first] = 2
    if slip.get("again"):
        rule[2, 1:] = 0
    return rule


def test_containing_right() -> None:
    assert check.containing(containing).right
    more = "`best_first` wants an array of integers"
    assert more not in repr(check.containing(containing))
    for change in (np.ndarray.tolist, lambda rule: rule.astype(float), lambda rule: rule.astype(object)):
        answer = check.containing(lambda pair, symbols, change=change: change(containing(pair, symbols)))
        assert answer.right
        assert more in repr(answer)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda *given: containing(*given, ends=True), "for 'zz' your rule allows '': the end mark may come"),
        (
            lambda *given: containing(*given, sticky=True),
            "for 'zz' your rule allows 'zaz': its two letters",
        ),
        (lambda *given: containing(*given, order=True), "refuses 'zz': its two letters are one column: which"),
        (lambda *given: containing(*given, strict=True), "refuses 'azz': a letter that does not help leads back"),
        (lambda *given: containing(*given, only=True), "refuses 'zza': once the pair has come"),
        (lambda *given: containing(*given, again=True), "refuses 'zza': once the pair has come"),
        (lambda *given: containing(*given, closed=True), "refuses 'zz': its first letter leads"),
        (lambda *given: containing(*given, reset=True), "for 'an' your rule refuses 'aan': after the first letter"),
        (lambda *given: containing(*given, both=True), "allows 'nn': which letters lead from state 0 to 1"),
        (lambda *given: containing(*given, jump=True), "allows 'z': which letters lead from state 0 to 1"),
        (lambda pair, symbols: containing("zz", symbols), "there it may end. (The rule for 'zz' was right: is `pair`"),
        (lambda *given: containing(*given)[:2], "return one array of shape (3, 4)"),
        (lambda *given: containing(*given)[:, :3], "return one array of shape (3, 4)"),
        (lambda *given: containing(*given) + 1, "the array should hold states"),
        (lambda *given: containing(*given) / 2, "the array should hold states"),
        (lambda *given: "zz", "got no array of numbers"),
        (fails, "your function raised KeyError"),
    ],
)
def test_containing_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.containing(wrong))
