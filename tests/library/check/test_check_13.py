"""Chapter 13's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import itertools
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_13 as check
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback
from lstm_lib.check.parts.chapter_13_instruments import _ends, _planted_gate, _wrong_shares
from lstm_lib.check.parts.chapter_13_patients import ILLNESSES, SHOWS
from lstm_lib.data import load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.panel import instruments
from lstm_lib.panel.record import Panel, findings
from lstm_lib.vocabulary import Vocabulary

SPLIT = load_splits()
VOCABULARY = Vocabulary.from_names(SPLIT.train)
LETTERS, NAMES = sum(map(len, SPLIT.train)), len(SPLIT.train)
ENDS = NAMES / (NAMES + LETTERS)
SHARES = np.array([NAMES, *Counter("".join(SPLIT.train)).values()]) / (NAMES + LETTERS)
UNIGRAM = float(-(SHARES * np.log(SHARES)).sum())
SURE = ENDS * math.log(2) + (1 - ENDS) * math.log(52)


@pytest.fixture(scope="module")
def panels() -> dict[str, Panel]:
    """The ward of exercise 13.6."""
    return check.patients(SPLIT.train[::80], SPLIT.val[::10], VOCABULARY)


@pytest.mark.parametrize(
    "unfilled",
    [
        check.first_losses(...),
        check.first_losses({"A": ..., "B": ..., "C": ...}),
        check.saturation(...),
        check.saturation(lambda gate, mask: ...),
        check.reach(...),
        check.reach(lambda lengths: ...),
        check.ratio(...),
        check.ratio(lambda before, after: ...),
        check.bug(..., lambda V, D, H, *, rng: None),
        check.bug("D", lambda V, D, H, *, rng: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


def test_an_unfilled_diagnosis_is_not_attempted(panels: dict[str, Panel]) -> None:
    assert check.diagnose(..., panels) == check.diagnose(dict.fromkeys("ABCDE", ...), panels) == NOT_ATTEMPTED


def test_an_exception_becomes_a_hint() -> None:
    assert "your function raised ZeroDivisionError" in hint(check.saturation(lambda gate, mask: 1 / 0))
    assert "your function raised TypeError" in hint(check.bug("d", lambda V: V))


# ---- 13.1


def by_ends(ends: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray, np.ndarray], float]:
    return lambda gate, mask: ends(gate[mask]).mean()


def outer(gate: np.ndarray) -> np.ndarray:
    return (gate < 0.05) | (gate > 0.95)


def test_saturation_right() -> None:
    assert check.saturation(by_ends(outer)).right
    assert check.saturation(lambda gate, mask: float(np.mean(np.abs(gate[mask] - 0.5) > 0.45))).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda gate, mask: outer(gate).mean(), "padding is counted too"),
        (lambda gate, mask: outer(gate)[mask].sum() / gate.size, "but divided by"),
        (lambda gate, mask: outer(gate)[mask].sum(), "that is how many there are"),
        (by_ends(lambda gate: ~outer(gate)), "what is not at an end"),
        (by_ends(lambda gate: gate < 0.05), "the lower end alone"),
        (by_ends(lambda gate: gate > 0.95), "the upper end alone"),
        (by_ends(lambda gate: (gate < 0.05) & (gate > 0.95)), "join the two with |"),
        (by_ends(lambda gate: outer(gate).any(axis=-1)), "count every unit's value"),
        (lambda gate, mask: np.mean([outer(g)[m].mean() for g, m in zip(gate, mask, strict=True)]), "each step weighs"),
        (by_ends(lambda gate: 100 * outer(gate)), "that is in per cent"),
        (lambda gate, mask: outer(gate)[mask].sum() / mask.sum(), "each real symbol has H of them"),
        (lambda gate, mask: 0.123, "the share should be 0.3 here; yours is 0.123"),
        (lambda gate, mask: outer(gate)[mask], "return one number"),
    ],
)
def test_saturation_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.saturation(wrong))


def test_no_two_mistakes_in_saturation_look_alike() -> None:
    gate, mask = _planted_gate()
    shares = sorted([float(_ends(gate)[mask].mean()), *_wrong_shares(gate, mask).values()])
    assert min(high - low for low, high in itertools.pairwise(shares)) > 0.02


# ---- 13.2


def shares(lengths: np.ndarray) -> np.ndarray:
    return lengths[::-1] / lengths[-1]


def test_reach_right() -> None:
    assert check.reach(lambda lengths: shares(lengths).mean(axis=1)).right
    assert check.reach(lambda lengths: [(row / lengths[-1]).mean() for row in lengths[::-1]]).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda lengths: (lengths / lengths[-1]).mean(axis=1), "turn the rows round"),
        (lambda lengths: (lengths[::-1] / lengths[0]).mean(axis=1), "not at the first"),
        (lambda lengths: lengths[::-1].mean(axis=1), "before you take the mean"),
        (lambda lengths: lengths[::-1].mean(axis=1) / lengths[-1].mean(), "you divided two means"),
        (lambda lengths: shares(lengths).sum(axis=1), "take their mean"),
        (lambda lengths: 1 - shares(lengths).mean(axis=1), "what was lost"),
        (lambda lengths: [1, *(lengths[-2::-1] / lengths[:0:-1]).mean(axis=1)], "one step later"),
        (lambda lengths: shares(lengths), "axis=1: one share for each step back"),
        (lambda lengths: shares(lengths).mean(axis=0), "axis=1: one share for each step back"),
        (lambda lengths: shares(lengths).mean(), "axis=1: one share for each step back"),
        (lambda lengths: shares(lengths).mean(axis=1)[1:], "should be one array of shape (5,); got shape (4,)"),
        (lambda lengths: 0.5 ** np.arange(len(lengths)), "1 steps back it should be"),
        (lambda lengths: instruments.reach(lengths, np.ones(lengths.shape, bool)), "without the library's reach"),
    ],
)
def test_reach_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.reach(wrong))


# ---- 13.3


def test_ratio_right() -> None:
    assert check.ratio(lambda before, after: np.linalg.norm(after - before) / np.linalg.norm(before)).right
    assert check.ratio(lambda before, after: np.sqrt(((before - after) ** 2).sum() / (before**2).sum())).right


def length(W: np.ndarray) -> float:
    return float(np.linalg.norm(W))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda before, after: length(after - before) / length(after), "before the step, not after it"),
        (lambda before, after: (length(after) - length(before)) / length(before), "difference of two lengths"),
        (lambda before, after: abs(length(after) - length(before)) / length(before), "then its length"),
        (lambda before, after: length(after) / length(before), "compare the change with it"),
        (lambda before, after: length(before) / length(after - before), "upside down"),
        (lambda before, after: length(after - before), "divide it by that of the matrix before"),
        (lambda before, after: ((after - before) ** 2).sum() / (before**2).sum(), "that is the square"),
        (lambda before, after: np.abs((after - before) / before).mean(), "which small entries rule"),
        (lambda before, after: np.abs(after - before).sum() / np.abs(before).sum(), "use np.linalg.norm"),
        (lambda before, after: np.linalg.norm(after - before, 2) / np.linalg.norm(before, 2), "leave the 2 out"),
        (lambda before, after: 0.1234, "yours is 0.123"),
        (lambda before, after: np.abs(after - before) / np.abs(before), "return one number"),
    ],
)
def test_ratio_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.ratio(wrong))


def library_saturation(gate: np.ndarray, mask: np.ndarray) -> float:
    real = instruments.GateValues(*[gate[mask]] * 4)
    return sum(instruments.gate_saturation(real).i)


def test_an_instrument_of_the_library_is_no_answer() -> None:
    def library_ratio(before: np.ndarray, after: np.ndarray) -> float:
        start = init_params(*before.shape, 1, rng=np.random.default_rng(1))
        old, new = (Params(**(vars(start) | {"E": E})) for E in (before, after))
        return instruments.update_ratios(old, new)["E"]

    assert "without the library's gate_saturation" in hint(check.saturation(library_saturation))
    assert "without the library's update_ratios" in hint(check.ratio(library_ratio))


# ---- 13.4


def test_first_losses_right() -> None:
    assert check.first_losses({"A": math.log(27), "B": UNIGRAM, "C": SURE}).right
    assert check.first_losses({"A": 3.3, "B": 2.82, "C": "3.5"}).right


@pytest.mark.parametrize(
    ("start", "wrong", "expected"),
    [
        ("A", 27, "that is the perplexity"),
        ("A", 1 / 27, "the probability of each symbol"),
        ("A", math.log2(27), "those are bits"),
        ("A", math.log(26), "the end mark is one of them"),
        ("A", 0, "sure, and right"),
        ("A", UNIGRAM, "the frequencies are not known to it"),
        ("A", 2.0, "all logits are 0"),
        ("A", "high", "A should be a number; got 'high'"),
        ("A", 10**400, "A should be a number; got 1000000"),
        ("B", math.log(27), "equal chances cost that"),
        ("B", math.exp(UNIGRAM), "that is the perplexity"),
        ("B", UNIGRAM / math.log(2), "those are bits"),
        ("B", 0, "sure, and right"),
        ("B", 2.42, "an old acquaintance"),
        ("C", math.log(27), "the output does have an opinion"),
        ("C", math.log(2), "that is what an end mark costs"),
        ("C", math.log(52), "that is what a letter costs"),
        ("C", (math.log(2) + 26 * math.log(52)) / 27, "not by one kind in 27"),
        ("C", (math.log(2) + math.log(52)) / 2, "14% of the symbols are end marks"),
        ("C", ENDS * math.log(52) + (1 - ENDS) * math.log(2), "the other way round"),
        ("C", 9.0, "weigh -ln 1/2 and -ln 1/52"),
    ],
)
def test_first_losses_hints(start: str, wrong: object, expected: str) -> None:
    before = {"A": 3.296, "B": 2.826, "C": 3.504}
    assert expected in hint(check.first_losses(before | {start: wrong}))


def test_first_losses_half_done() -> None:
    assert "right so far; C still to do" in hint(check.first_losses({"A": 3.296, "B": 2.826}))
    assert "keep the dict with keys A, B and C; got 3.3" in hint(check.first_losses(3.3))


# ---- 13.5


def start(b: Callable[[int], np.ndarray], **changes: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Params]:
    """The exercise's function with another bias, `b(H)`, and changes to other tensors."""

    def my_init(V: int, D: int, H: int, *, rng: np.random.Generator) -> Params:
        bound = 1 / np.sqrt(H)
        E = rng.standard_normal((V, D))
        W_x, W_h = rng.uniform(-bound, bound, (D, 4 * H)), rng.uniform(-bound, bound, (H, 4 * H))
        W_y = rng.uniform(-bound, bound, (H, V))
        whole = {"E": E, "W_x": W_x, "W_h": W_h, "b": b(H), "W_y": W_y, "b_y": np.zeros(V)}
        return Params(**(whole | {name: change(whole[name]) for name, change in changes.items()}))

    return my_init


def block(*which: int, value: float = 1.0) -> Callable[[int], np.ndarray]:
    return lambda H: np.repeat([value if k in which else 0.0 for k in range(4)], H)


def test_bug_right() -> None:
    assert check.bug("D", start(block(1))).right
    assert check.bug(" d ", lambda V, D, H, *, rng: init_params(V, D, H, rng=rng)).right


@pytest.mark.parametrize(
    ("line", "my_init", "expected"),
    [
        ("A", start(block(1)), "A is healthy: h @ W_h adds up H products"),
        ("B", start(block(1)), "B is healthy"),
        ("C", start(block(1)), "C is healthy"),
        ("E", start(block(1)), "E is healthy"),
        ("F", start(block(1)), "with one letter, A to E"),
        ("D", start(block(2)), "in the block of the candidate gate"),
        ("D", start(block(0)), "in the block of the input gate"),
        ("D", start(block(3)), "in the block of the output gate"),
        ("D", start(block()), "without any 1"),
        ("D", start(block(1, 2)), "all other biases should be 0"),
        ("D", start(block(0, 1, 2, 3)), "all other biases should be 0"),
        ("D", start(block(1, value=2.0)), "no other, should hold 1"),
        ("D", start(block(1), W_h=lambda leaf: 2 * leaf), "W_h is no longer what it was"),
        ("D", start(block(1), b_y=lambda leaf: leaf + 1), "b_y is no longer what it was"),
        ("D", lambda V, D, H, *, rng: np.ones(4), "return one Params"),
        ("D", lambda V, D, H, *, rng: init_params(V, D, H + 1, rng=rng), "W_x should have shape (4, 24); got (4, 28)"),
    ],
)
def test_bug_hints(line: object, my_init: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.bug(line, my_init))


# ---- 13.6


def test_each_patient_is_flagged_by_one_instrument(panels: dict[str, Panel]) -> None:
    found = {letter: {each.instrument for each in findings(panel)} for letter, panel in panels.items()}
    assert found == {
        "A": {"update ratio"}, "B": {"dead units"}, "C": {"gradient norm"}, "D": {"first loss"}, "E": {"reach"},
    }  # fmt: skip


def test_diagnose_right(panels: dict[str, Panel]) -> None:
    assert check.diagnose(ILLNESSES, panels).right


@pytest.mark.parametrize(
    ("letter", "illness"),
    [(letter, illness) for letter in ILLNESSES for illness in SHOWS if ILLNESSES[letter] != illness],
)
def test_each_wrong_diagnosis_is_told_where_it_would_show(letter: str, illness: str, panels: dict[str, Panel]) -> None:
    message = hint(check.diagnose(ILLNESSES | {letter: illness}, panels))
    instrument, read = SHOWS[illness]
    assert message.startswith(f"patient {letter}: that illness would show in {instrument}, and there {letter} reads ")
    owner = next(each for each, name in ILLNESSES.items() if name == illness)
    assert read(panels[letter]) != read(panels[owner])


def test_diagnose_half_done_or_misspelt(panels: dict[str, Panel]) -> None:
    assert "right so far; D and E still to do" in hint(
        check.diagnose({letter: ILLNESSES[letter] for letter in "ABC"}, panels)
    )
    for misspelt in ("flu", ["flu"], 3):
        assert "choose among 'rate far too low'" in hint(check.diagnose(ILLNESSES | {"B": misspelt}, panels))
    assert "keep the dict with keys A to E; got 'flu'" in hint(check.diagnose("flu", panels))


@pytest.mark.parametrize("ward", [None, {}, {"A": 1}])
def test_diagnose_wants_the_ward(ward: object) -> None:
    assert "ward must be what check.patients returned" in hint(check.diagnose(ILLNESSES, ward))
