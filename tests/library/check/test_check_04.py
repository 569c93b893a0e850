"""Chapter 4's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_04 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.data import load_splits, make_batch
from lstm_lib.ops import softmax
from lstm_lib.vocabulary import Vocabulary

Array = np.ndarray[Any, np.dtype[np.float64]]


def raises(*_: object) -> Array:
    raise IndexError("no such row")


@pytest.mark.parametrize(
    "unfilled",
    [
        check.dlogits(...),
        check.dlogits([..., ..., ...]),
        check.safe_softmax(lambda z: ...),
        check.safe_softmax(...),
        check.gradient(lambda W, ids, targets: None),
        check.one_row(lambda totals, lr, steps: ...),
        check.steps_needed(..., ..., ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


@pytest.mark.parametrize("ask", [check.safe_softmax, check.gradient, check.one_row])
def test_an_exception_becomes_a_hint(ask: Callable[..., Feedback]) -> None:
    assert hint(ask(raises)) == "your function raised IndexError: no such row"


# ---- 4.1


@pytest.mark.parametrize("dz", [[1 / 7, 1 / 14, -3 / 14], (0.143, 0.071, -0.214), np.array([2, 1, -3]) / 14])
def test_dlogits_right(dz: object) -> None:
    assert check.dlogits(dz).right


@pytest.mark.parametrize(
    ("dz", "expected"),
    [
        (np.array([2, 1, 4]) / 14, "that is p / N"),
        (np.array([2, 1, 4]) / 7, "that is p, what was expected"),
        (np.array([-2, -1, 3]) / 14, "every sign is turned: the slope"),
        (np.array([-2, -1, 3]) / 7, "every sign is turned, and the division"),
        (np.array([2, 1, -3]) / 7, "the division by N = 2 is missing: the loss"),
        (np.array([2, 1, -3]) / 21, "not by V = 3"),
        (np.array([2, 1, -3]) / 42, "not by N times V"),
        (np.array([2, 1, -3]) * 2 / 7, "multiplied by N = 2"),
        (np.array([10, 6, 12]) / 49, "here the loss is -ln p of the target"),
        (np.array([10, 6, 12]) / 98, "and the loss is -ln p of the target"),
        ([0, 0, -3 / 14], "the scores that were not the target"),
        ([0, 0, -7 / 8], "that is the slope in p"),
        (np.array([-5, 1, 4]) / 14, "subtracted at '.'"),
        (np.array([2, -6, 4]) / 14, "subtracted at 'a'"),
        (np.array([-5, -6, -3]) / 14, "subtracted from all three"),
        (np.array([1, 0, -1]) / 6, "divided by their sum; raise e"),
        ([1, 0.5, 1.5], "divide by the sum, 7, first"),
        ([np.log(2) / 2, 0, np.log(2) - 0.5], "the softmax comes first"),
        ((np.exp([1, 0, 2]) / np.exp([1, 0, 2]).sum() - [0, 0, 1]) / 2, "you raised e to 1, 0, 2"),
        ([0.1, 0.2, 0.3], "yours add up to 0.600"),
        ([0.1, 0.2, -0.3], "they add up to 0, as they must"),
        ([1, 2], "got shape (2,)"),
        (["a", "b", "c"], "dz, such as [1 / 31"),
    ],
)
def test_dlogits_hints(dz: object, expected: str) -> None:
    assert expected in hint(check.dlogits(dz))


# ---- 4.2


def naive(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def shifted(z: Array, by: Array | float) -> Array:
    return naive(z - by)


def in_place(z: Array) -> Array:
    z -= z.max(axis=-1, keepdims=True)
    return naive(z)


def by_hand(z: Array) -> Array:
    """Right but for one entry of the last row."""
    p = softmax(z)
    p[-1, 0] += 0.25
    return p


def one_broken_row(z: Array) -> Array:
    p = softmax(z)
    p[4, 1] = np.nan
    return p


def test_safe_softmax_right() -> None:
    by_hand = lambda z: shifted(z, z.max(axis=-1, keepdims=True))  # noqa: E731
    assert check.safe_softmax(by_hand).right
    assert check.safe_softmax(lambda z: by_hand(z).tolist()).right
    assert "without the library's softmax" in hint(check.safe_softmax(lambda z: softmax(z)))
    assert check.safe_softmax(lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (naive, "scores of 1000 and -1000 give nan"),
        (lambda z: shifted(z, z.max()), "each ROW's own maximum"),
        (lambda z: shifted(z, z.max(axis=0)), "each ROW's own maximum"),
        (lambda z: shifted(z, z.mean(axis=-1, keepdims=True)), "its mean, or its minimum, is subtracted?"),
        (lambda z: shifted(z, z.min(axis=-1, keepdims=True)), "its mean, or its minimum, is subtracted?"),
        (one_broken_row, "row 4 holds nan"),
        (in_place, "your function changes z"),
        (lambda z: np.exp(z - z.max(axis=-1, keepdims=True)), "Divide by the row's sum"),
        (lambda z: softmax(z) * 2, "is wrong: it sums to 2"),
        (by_hand, "row 4, [-1, 0, 0, 2], is wrong: it sums to 1.25"),
        (lambda z: (e := np.exp(z - z.max(axis=-1, keepdims=True))) / e.sum(), "each ROW must"),
        (lambda z: (e := np.exp(z - z.max(axis=-1, keepdims=True))) / e.sum(axis=0), "down the columns"),
        (lambda z: softmax(z.T).T, "down the columns"),
        (lambda z: naive(np.clip(z, -700, 700)), "the scores were cut at 700"),
        (lambda z: softmax(z / np.abs(z).max(axis=-1, keepdims=True)), "dividing by the maximum"),
        (lambda z: softmax(z / z.max(axis=-1, keepdims=True)), "a negative one turns them round"),
        (lambda z: np.roll(softmax(z), 1, axis=1), "is wrong: its entries are not e^z over"),
        (lambda z: [[0.5], [0.25, 0.25]], "(list)"),
        (lambda z: softmax(z)[0], "p, like z, should be one array of shape (5, 4); got shape (4,)"),
        (lambda z: 1.0, "got shape ()"),
    ],
)
def test_safe_softmax_hints(answer: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.safe_softmax(answer))


# ---- 4.3


def gradient_by(
    W: Array, ids: Any, targets: Any, *, sign: float = 1, divide: float | None = None, minus: float = 1
) -> Array:
    dz = (softmax(W[ids]) - minus * np.eye(len(W))[targets]) * sign / (divide or len(ids))
    dW = np.zeros_like(W)
    np.add.at(dW, ids, dz)
    return dW


def kept_one(W: Array, ids: Any, targets: Any) -> Array:
    dW = np.zeros_like(W)
    dW[ids] += (softmax(W[ids]) - np.eye(len(W))[targets]) / len(ids)
    return dW


def changes_W(W: Array, ids: Any, targets: Any) -> Array:
    dW = gradient_by(W, ids, targets)
    W -= dW
    return dW


def averaged(W: Array, ids: Any, targets: Any) -> Array:
    return gradient_by(W, ids, targets) / np.bincount(ids, minlength=len(W))[:, None]


def at_the_targets(W: Array, ids: Any, targets: Any) -> Array:
    dW = np.zeros_like(W)
    np.add.at(dW, targets, (softmax(W[ids]) - np.eye(len(W))[targets]) / len(ids))
    return dW


def row_of_b_zero(W: Array, ids: Any, targets: Any) -> Array:
    dW = gradient_by(W, ids, targets)
    dW[2] = 0
    return dW


def test_gradient_right() -> None:
    assert check.gradient(gradient_by).right
    assert check.gradient(lambda *a: gradient_by(*a).tolist()).right
    one_hot = np.eye(4)
    assert check.gradient(lambda W, ids, y: one_hot[ids].T @ (softmax(W[ids]) - one_hot[y]) / len(ids)).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (kept_one, "gives another row for 'a', which is read three"),
        (averaged, "averaged over their uses"),
        (lambda *a: gradient_by(*a, sign=-1), "the sign is turned"),
        (lambda *a: gradient_by(*a, divide=1), "the division by their number is missing"),
        (lambda *a: gradient_by(*a, divide=4), "not by V"),
        (at_the_targets, "the row of the symbol that was READ"),
        (lambda *a: gradient_by(*a, minus=0), "is never subtracted"),
        (lambda *a: gradient_by(*a).T, "dW is transposed"),
        (changes_W, "your function changes W"),
        (row_of_b_zero, "the rows of 'b' are wrong"),
        (lambda W, ids, y: np.zeros(3), "got shape (3,)"),
        (lambda W, ids, y: "dW", "(str)."),
    ],
)
def test_gradient_hints(answer: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.gradient(answer))


# ---- 4.4


def descend(totals: Array, lr: float, steps: int, slope: Callable[[Array, Array], Array]) -> Array:
    b = np.zeros(len(totals))
    with np.errstate(all="ignore"):
        for _ in range(steps):
            b = b - lr * slope(b, totals)
    return b


def healthy(b: Array, totals: Array) -> Array:
    return softmax(b) - totals / totals.sum()


def eats_totals(totals: Array, lr: float, steps: int) -> Array:
    b = descend(totals, lr, steps, healthy)
    totals /= totals.sum()
    return b


def test_one_row_right() -> None:
    assert check.one_row(lambda totals, lr, steps: descend(totals, lr, steps, healthy)).right
    assert check.one_row(lambda totals, lr, steps: descend(totals, lr, steps, healthy).tolist()).right


@pytest.mark.parametrize(
    "typed_in",
    [
        lambda totals, lr, steps: descend(totals, 0.3, steps, healthy),
        lambda totals, lr, steps: descend(totals, lr, 12, healthy),
        lambda totals, lr, steps: descend(totals, lr, steps, lambda b, totals: softmax(b) - totals / 20),
        lambda totals, lr, steps: descend(check.TOTALS, lr, steps, healthy),
    ],
)
def test_one_row_with_a_number_typed_in(typed_in: Callable[..., Array]) -> None:
    assert "use those that come in" in hint(check.one_row(typed_in))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda c, lr, s: softmax(descend(c, lr, s, healthy)), "return the scores b"),
        (lambda c, lr, s: c / c.sum(), "those are the shares"),
        (lambda c, lr, s: np.log(c / c.sum()), "Walk there"),
        (lambda c, lr, s: np.log(c), "Walk there"),
        (lambda c, lr, s: np.log(c) - np.log(c).mean(), "Walk there"),
        (lambda c, lr, s: descend(c, lr, 1000 * s, healthy), "Walk there"),
        (lambda c, lr, s: descend(c, -lr, s, healthy), "it climbs"),
        (lambda c, lr, s: descend(c, lr, s, lambda b, c: softmax(b) - c), "divide by their sum, N"),
        (lambda c, lr, s: descend(c, lr, s, lambda b, c: c.sum() * softmax(b) - c), "divide by N once"),
        (lambda c, lr, s: descend(c, lr, s, lambda b, c: (c.sum() * softmax(b) - c) / 4), "not by V"),
        (lambda c, lr, s: descend(c, lr, 1, healthy), "that is one step"),
        (lambda c, lr, s: descend(c, lr, s, lambda b, c: 1 / 4 - c / c.sum()), "computed anew"),
        (lambda c, lr, s: descend(c, lr, s - 1, healthy), "one step too few"),
        (lambda c, lr, s: descend(c, lr, s + 1, healthy), "one step too many"),
        (eats_totals, "your function changes totals"),
        (lambda c, lr, s: np.zeros(4), "begin with b = zeros"),
        (lambda c, lr, s: np.zeros((4, 4)), "got shape (4, 4)"),
        (lambda c, lr, s: 0.5, "got shape ()"),
    ],
)
def test_one_row_hints(answer: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.one_row(answer))


# ---- 4.5


def measured(lr: float, limits: list[float]) -> list[int]:
    """The steps of full-batch descent on the training names until the loss is that close to the counted table's."""
    train = load_splits().train
    vocabulary = Vocabulary.from_names(train)
    batch = make_batch(train, vocabulary)
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    np.add.at(counts, (batch.inputs[batch.mask], batch.targets[batch.mask]), 1)
    totals, N, seen = counts.sum(axis=1, keepdims=True), counts.sum(), counts > 0
    floor = -(counts[seen] * np.log((counts / totals)[seen])).sum() / N
    W, gaps = np.zeros_like(counts), []
    while not gaps or gaps[-1] >= min(limits):
        p = softmax(W)
        gaps.append(float(-(counts * np.log(p)).sum() / N - floor))
        W -= lr * (totals * p - counts) / N
    return [int(np.argmax(np.array(gaps) < limit)) for limit in [*limits, 0.01 * floor]]


def test_the_numbers_of_steps_are_those_of_the_chapter() -> None:
    found = {lr: measured(lr, [0.01, 0.1, 0.001]) for lr in (10, 20, 40)}
    assert {lr: numbers[0] for lr, numbers in found.items()} == check.STEPS_NEEDED
    other = list(zip(*(numbers[1:] for numbers in found.values()), strict=True))
    assert other == list(check.OTHER_LIMITS.values())


@pytest.mark.parametrize("answer", [(785, 392, 196), (784, 393, 197), (np.int64(785), 392.0, 196)])
def test_steps_needed_right(answer: tuple[object, object, object]) -> None:
    assert check.steps_needed(*answer).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((..., 392, 196), "begin with η = 10"),
        ((785, ..., ...), "right for η = 10. What do you expect for the others?"),
        ((785, ..., 196), "right for η = 10, 40."),
        ((785, 1570, 196), "it needs fewer of them, not more"),
        ((785, 392, 3140), "it needs fewer of them, not more"),
        ((785, 785, 785), "steps of η = 20 are 2 times as long"),
        ((785, 392, 785), "steps of η = 40 are 4 times as long"),
        ((86, 43, 21), "within 0.1 nats, one zero too few"),
        ((785, 392, 1651), "within 0.001 nats, one zero too many"),
        ((346, 173, 86), "within 1 % of the line"),
        ((0, 0, 0), "and 0 if there is none"),
        ((500, 250, 125), "η = 10 takes more steps"),
        ((1500, 250, 125), "η = 10 takes fewer steps"),
        ((785, 300, 196), "for η = 20, 300 is not what is measured"),
        (("many", 392, 196), "for η = 10 give a whole number of steps"),
        ((785, 392.5, 196), "for η = 20 give a whole number of steps; got 392.5"),
        ((785, True, 196), "for η = 20 give a whole number of steps"),
    ],
)
def test_steps_needed_hints(answer: tuple[object, object, object], expected: str) -> None:
    assert expected in hint(check.steps_needed(*answer))
