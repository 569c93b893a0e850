"""Chapter 14's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.cell import LSTMState
from lstm_lib.check import chapter_14 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.model import Params, forward, initial_state
from lstm_lib.ops import softmax
from lstm_lib.sample import pick
from lstm_lib.vocabulary import Vocabulary

Array = np.ndarray[Any, np.dtype[np.float64]]


def scaled(p: Array) -> Array:
    return p / p.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    "unfilled",
    [
        check.temperature(lambda logits, tau: ...),
        check.nucleus(lambda p, mass: None),
        check.cut_twice(..., 3, 4 / 7),
        check.sampler(..., lambda *_: "ana"),
        check.sampler("A", lambda *_: ...),
        check.names_with(lambda *_: ...),
        check.names_with(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 14.1


def stable(logits: Array, tau: float) -> Array:
    return scaled(np.exp((logits - logits.max(axis=-1, keepdims=True)) / tau))


def test_temperature_right() -> None:
    assert check.temperature(stable).right
    assert check.temperature(lambda logits, tau: stable(logits, tau).tolist()).right


def test_temperature_in_place_is_told_and_leaves_the_check_alone() -> None:
    def in_place(logits: Array, tau: float) -> Array:
        logits /= tau
        logits -= logits.max(axis=-1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=-1, keepdims=True)
        return logits

    assert "your function changes logits, " in hint(check.temperature(in_place))
    assert check.temperature(stable).right


def column_peak(z: Array, tau: float) -> Array:
    """The slip: the largest of each column is taken off, which is not one number for each row."""
    return scaled(np.exp((z - z.max(axis=0)) / tau))


def one_peak(z: Array, tau: float) -> Array:
    """The slip: one largest logit for all rows, so that a low row becomes 0/0."""
    return scaled(np.exp((z - z.max()) / tau))


def fails(*_: object) -> Array:
    raise KeyError("z")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda z, tau: scaled(softmax(z) ** tau), "lower tau made it wilder"),
        (lambda z, tau: softmax(z * tau), "lower tau made it wilder"),
        (lambda z, tau: softmax(z) ** tau, "p to the power tau, not yet scaled"),
        (lambda z, tau: softmax(softmax(z) / tau), "divide logits, not probabilities"),
        (lambda z, tau: softmax(z) / tau, "that is p / tau"),
        (lambda z, tau: scaled(softmax(z) / tau), "the temperature has no effect"),
        (lambda z, tau: softmax(z - tau), "the temperature has no effect"),
        (lambda z, tau: z / tau, "the softmax is still to do"),
        (lambda z, tau: np.log(softmax(z / tau)), "those are logarithms"),
        (lambda z, tau: np.exp(z / tau) / np.exp(z / tau).sum(axis=0), "the columns sum to 1"),
        (lambda z, tau: np.exp(z / tau) / np.exp(z / tau).sum(), "all rows together sum to 1"),
        (lambda z, tau: softmax(z / tau**2), "tau is squared"),
        (column_peak, "the largest of each *column*"),
        (one_peak, "each row's *own* largest logit"),
        (lambda z, tau: np.round(softmax(z / tau), 3), "the right law, but rounded"),
        (lambda z, tau: softmax(z) ** (1 / tau), "the ratios are right, but a row sums to"),
        (lambda z, tau: np.exp(z / tau), "the ratios are right, but a row sums to"),
        (lambda z, tau: scaled(np.exp(z / tau)), "at 1000 np.exp overflows"),
        (lambda z, tau: softmax(z / tau) if z.max() < 9 else "?", "at 1000 np.exp overflows"),
        (lambda z, tau: z / 0, "nan or inf came out"),
        (lambda z, tau: np.full(z.shape, 0.25), "it is a law, but not this one"),
        (lambda z, tau: np.full(z.shape, 0.5), "yours does not sum to 1"),
        (lambda z, tau: softmax(z / tau)[0], "the law should be one array of shape (2, 4)"),
        (lambda z, tau: "warm", "(str)"),
        (fails, "your function raised KeyError"),
    ],
)
def test_temperature_wrong(wrong: Callable[..., Any], expected: str) -> None:
    message = hint(check.temperature(wrong))
    assert expected in message


# ---- 14.2


def right_nucleus(
    p: Array, mass: float, rule: Callable[..., Any] = lambda before, ranked, mass: before < mass - 1e-6
) -> Array:
    order = np.argsort(-p)
    ranked = p[order]
    law = np.zeros_like(p)
    law[order] = np.where(rule(np.cumsum(ranked) - ranked, ranked, mass), ranked, 0)
    with np.errstate(all="ignore"):
        return law / law.sum()


def unscaled_nucleus(p: Array, mass: float) -> Array:
    return np.where(right_nucleus(p, mass) > 0, p, 0)


def changes_p(p: Array, mass: float) -> Array:
    p[:] = right_nucleus(p, mass)
    return p


def upwards(p: Array, mass: float) -> Array:
    order = np.argsort(p)
    law = np.zeros_like(p)
    law[order] = np.where(np.cumsum(p[order]) - p[order] < mass - 1e-6, p[order], 0)
    return law / law.sum()


def sorted_twice(p: Array, mass: float) -> Array:
    order = np.argsort(-p)
    return right_nucleus(p, mass)[order][order]


def sorted_right(p: Array, mass: float) -> Array:
    return right_nucleus(p, mass)[np.argsort(-p)]


def by_threshold(p: Array, mass: float) -> Array:
    cut = p[right_nucleus(p, mass) > 0].min()
    return np.where(p >= cut, p, 0) / p[p >= cut].sum()


def last_of_equals(p: Array, mass: float) -> Array:
    return right_nucleus(p[::-1], mass)[::-1]


def test_nucleus_right() -> None:
    assert check.nucleus(last_of_equals).right
    assert check.nucleus(right_nucleus).right
    assert check.nucleus(lambda p, mass: right_nucleus(p.copy(), mass).tolist()).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (
            lambda p, mass: right_nucleus(p, mass, lambda before, ranked, mass: before + ranked <= mass),
            "the mass of what you keep is 0.6, below 0.7: keep the symbol that crosses",
        ),
        (unscaled_nucleus, "the right symbols, but the law sums to 0.9"),
        (sorted_right, "stand at the wrong symbols: undo the sorting"),
        (lambda p, mass: np.sort(unscaled_nucleus(p, mass))[::-1], "sorted, and not scaled"),
        (sorted_twice, "sorts once more"),
        (upwards, "nothing is cut. Sort by -p"),
        (lambda p, mass: p, "nothing is cut"),
        (
            lambda p, mass: right_nucleus(p, mass, lambda before, ranked, mass: before <= mass),
            "one symbol too many",
        ),
        (
            lambda p, mass: right_nucleus(p, mass, lambda before, ranked, mass: before < mass),
            "For p = [0.3, 0.6, 0.1] and mass 0.9: in floating point 0.6 + 0.3 is 0.8999999999999999",
        ),
        (
            lambda p, mass: right_nucleus(p, mass, lambda before, ranked, mass: ranked >= mass),
            "nan or inf came out",
        ),
        (lambda p, mass: np.full(3, 1 / 3), "it is a law, but not this one: 0.333, 0.667, 0.000"),
        (by_threshold, "a threshold keeps all symbols that are equally likely"),
        (changes_p, "your function changes p, "),
        (lambda p, mass: p[:2], "the law should be one array of shape (3,)"),
        (fails, "your function raised KeyError"),
    ],
)
def test_nucleus_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.nucleus(wrong))


def test_a_nucleus_whose_first_symbol_crosses_must_not_be_empty() -> None:
    def empty_then(p: Array, mass: float) -> Array:
        return right_nucleus(p, mass) if p[1] != 0.7 else np.zeros(3)

    message = hint(check.nucleus(empty_then))
    assert "keep the symbol that crosses" in message
    assert "[0.2, 0.7, 0.1]" in message


# ---- 14.3


def test_cut_twice_right() -> None:
    assert check.cut_twice(2, 3, 4 / 7).right


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((3, 3, 4 / 7), "after the cut to three they are scaled"),
        ((1, 3, 4 / 7), "the next one crosses"),
        ((4, 3, 4 / 7), "top-k with k = 3 has already removed one"),
        ((7, 3, 4 / 7), "cut to three, scale"),
        (("two", 3, 4 / 7), "k_first should be a number"),
        ((2, ..., ...), "p_first is still to do"),
        ((2, 2, 4 / 7), "nothing is scaled before"),
        ((2, 4, 4 / 7), "without the fourth"),
        ((2, 1, 4 / 7), "0.4 alone is far below"),
        ((2, 9, 4 / 7), "add up 0.4, 0.3, 0.2, 0.1"),
        ((2, 3, ...), "top is still to do"),
        ((2, 3, 0.4), "that is the old probability"),
        ((2, 3, 4 / 9), "that is after top-k"),
        ((2, 3, 0.75), "that is the mass asked for"),
        ((2, 3, 3 / 7), "the other symbol"),
        ((2, 3, 7 / 9), "the mass of both together"),
        ((2, 3, 0.9), "in the ratio 4 to 3"),
    ],
)
def test_cut_twice_wrong(answers: tuple[object, ...], expected: str) -> None:
    assert expected in hint(check.cut_twice(*answers))


# ---- 14.4


KNOWN: dict[tuple[bytes, ...], tuple[Array, LSTMState]] = {}


def read(params: Params, ids: list[int], state: LSTMState) -> tuple[Array, LSTMState]:
    """The law (1, V) after the last id, and the state: the same few texts are read again and again."""
    key = (params.W_h.tobytes(), bytes(ids), state.h.tobytes(), state.c.tobytes())
    if key not in KNOWN:
        logits, after, _ = forward(params, np.array(ids)[:, None], state)
        KNOWN[key] = softmax(logits[-1]), after
    return KNOWN[key]


def my_sampler(
    params: Params, vocabulary: Vocabulary, rng: np.random.Generator, prefix: str = "",
    *, reset: bool = False, grow: bool = False, forget_c: bool = False, forget_h: bool = False,
    read_prefix: bool = True,
) -> str:  # fmt: skip
    """The sampler of the exercise, mended, or with one thing wrong; `reset` and `grow` together are right again."""
    name, ids = prefix, [0, *(vocabulary.encode(prefix) if read_prefix else [])]
    state = initial_state(params, 1)
    while len(name) < 30:
        state = initial_state(params, 1) if reset else state
        law, state = read(params, ids, state)
        state = LSTMState(state.h, 0 * state.c) if forget_c else state
        state = LSTMState(0 * state.h, state.c) if forget_h else state
        symbol = int(pick(law, rng=rng)[0])
        if symbol == 0:
            break
        name += vocabulary.characters[symbol]
        ids = [*ids, symbol] if grow else [symbol]
    return name


def broken(*arguments: Any) -> str:
    return my_sampler(*arguments, reset=True)


def test_sampler_right() -> None:
    assert check.sampler("A", my_sampler).right
    for line in (" a ", "# A", "line A", "# line a"):  # are read as A: what is told next is the function's fault
        assert "your function raised KeyError" in hint(check.sampler(line, fails))


def test_a_sampler_draws_from_the_rng_that_comes_in() -> None:
    own = lambda params, vocabulary, rng, prefix="": my_sampler(params, vocabulary, np.random.default_rng(), prefix)  # noqa: E731
    assert "draw from the rng that comes in" in hint(check.sampler("A", own))


def test_reading_the_whole_name_again_is_slow_and_right() -> None:
    whole = lambda *arguments: my_sampler(*arguments, reset=True, grow=True)  # noqa: E731
    assert check.sampler("A", whole).right


def test_another_use_of_the_generator_is_right_too() -> None:
    def draws_more(params: Params, vocabulary: Vocabulary, rng: np.random.Generator, prefix: str) -> str:
        rng.random(3)
        return my_sampler(params, vocabulary, rng, prefix)

    assert check.sampler("A", draws_more).right


@pytest.mark.parametrize(
    ("line", "function", "expected"),
    [
        ("B", broken, "B is healthy"),
        ("C", broken, "C is healthy"),
        ("D", broken, "D is healthy"),
        ("E", broken, "E is healthy as long as"),
        ("F", my_sampler, "with one letter, A to E"),
        (3, my_sampler, "with one letter, A to E"),
        ("A", broken, "it should be about 69%. It still starts some step from an empty state"),
        ("A", lambda *a: my_sampler(*a, grow=True), "Is each symbol read exactly once"),
        ("A", lambda *a: my_sampler(*a, forget_c=True), "it should be about"),
        ("A", lambda *a: my_sampler(*a, forget_h=True), "on one that leans on h: "),
        ("A", lambda *a: my_sampler(*a, read_prefix=False), "begun with 'an', are 'ana'"),
        ("A", lambda params, vocabulary, rng, prefix: my_sampler(params, vocabulary, rng), "begins with 'an'"),
        ("A", lambda *a: list(my_sampler(*a)), "Return the name, a string; yours returned list"),
        ("A", fails, "your function raised KeyError"),
    ],
)
def test_sampler_wrong(line: object, function: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.sampler(line, function))


# ---- 14.5

Source = Callable[[int], list[str]]
Test = Callable[[str], bool]


def patient(passes: Test, wanted: int, draw_names: Source, size: int = 100) -> list[str]:
    kept: list[str] = []
    while len(kept) < wanted:
        kept += [name for name in draw_names(size) if passes(name)]
    return kept[:wanted]


def without_repeats(passes: Test, wanted: int, draw_names: Source) -> list[str]:
    kept: dict[str, None] = {}
    for _ in range(100):
        kept |= {name: None for name in draw_names(100) if passes(name)}
    return list(kept)[:wanted]


def overwrites(passes: Test, wanted: int, draw_names: Source) -> list[str]:
    kept: list[str] = []
    while len(kept) < wanted:
        kept = [name for name in draw_names(100) if passes(name)]
    return kept


def fixed(draw_names: Source, rounds: int) -> list[str]:
    return [name for _ in range(rounds) for name in draw_names(100)]


def never_stops(passes: Test, wanted: int, draw_names: Source) -> list[str]:
    return [name for _ in itertools.count() for name in draw_names(1) if passes(name)]


@pytest.mark.parametrize("size", [1, 7, 100, 5000, 300_000])
def test_names_with_right(size: int) -> None:
    assert check.names_with(lambda passes, wanted, draw: patient(passes, wanted, draw, size)).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda passes, wanted, draw: draw(wanted), "names that fail the test are among them"),
        (lambda passes, wanted, draw: [*filter(passes, draw(100))][:wanted], "0 names came for 3"),
        (lambda passes, wanted, draw: [*filter(passes, draw(100_000))][:wanted], "draw until so many are kept"),
        (lambda passes, wanted, draw: [*filter(passes, fixed(draw, 5000))][:wanted], "draw until so many are kept"),
        (lambda passes, wanted, draw: [*filter(passes, draw(9000))], "cut the list to the wanted number"),
        (lambda passes, wanted, draw: [*filter(passes, draw(300))], "one round of drawing is not enough"),
        (without_repeats, "a name that is drawn twice counts twice"),
        (lambda passes, wanted, draw: sorted(patient(passes, 10, draw))[-wanted:], "not the first ones that pass"),
        (never_stops, "does the loop end at the wanted number?"),
        (overwrites, "does each round *add* to what is kept"),
        (lambda passes, wanted, draw: patient(lambda _: passes(draw(9)), wanted, draw), "not a list"),
        (lambda passes, wanted, draw: " ".join(patient(passes, wanted, draw)), "return a list of names"),
        (lambda passes, wanted, draw: [1, 2, 3], "return a list of names"),
        (fails, "your function raised KeyError"),
    ],
)
def test_names_with_wrong(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.names_with(wrong))
