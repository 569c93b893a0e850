"""Chapter 9's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.bptt import loss_and_grads
from lstm_lib.check import chapter_09 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.data import Batch, make_batch
from lstm_lib.model import Params, init_params
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

Array = np.ndarray[Any, np.dtype[Any]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.by_hand(..., ...),
        check.by_hand(..., 1 / 21),
        check.embedding_gradient(lambda ids, dx, V: ...),
        check.embedding_gradient(...),  # type: ignore[arg-type]
        check.start_rows(lambda da_1, dc_1, f_1, W_h: (..., ...)),
        check.start_rows(lambda da_1, dc_1, f_1, W_h: None),
        check.accumulate(lambda params, parts: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 9.1: every wrong number is worked out from the batch {ana, an}, with p = 1/3 everywhere

VOCABULARY = Vocabulary((".", "a", "n"))
PAIR = make_batch(["ana", "an"], VOCABULARY)
PUSH = 1 / 3 - (PAIR.targets == 0)  # (T, B), the entries for "." before any mask or division
ENDS = PAIR.mask & (PAIR.targets == 0)
ALONE = (PAIR.mask * PUSH).sum(axis=0) / PAIR.mask.sum(axis=0)  # each name by itself


def test_by_hand_right() -> None:
    sums = (PAIR.mask * PUSH).sum() / PAIR.mask.sum()
    answer = check.by_hand(PUSH[2, 1] / PAIR.mask.sum(), sums)
    assert answer.right
    assert repr(answer).startswith("Right. ")
    assert PUSH.sum() / 7 == pytest.approx(-1 / 21)  # as the praise says


@pytest.mark.parametrize(
    ("dz_end", "db_y_end", "expected"),
    [
        (PUSH[2, 1] / PAIR.mask.size, ..., "right up to 7/8"),
        (PUSH[2, 1] / 3, ..., "the symbols of an alone"),
        (PUSH[2, 1] / 3 / 2, ..., "the mean of means"),
        (PUSH[2, 1] / 4, ..., "the symbols of ana alone"),
        (PUSH[2, 1], ..., "not divided yet"),
        (PUSH[2, 1] / 5, ..., "one end mark for each name"),
        (-PUSH[2, 1] / 7, ..., "the sign is turned"),
        (1 / 3 / 7, ..., "not the target"),
        (1 / 3, ..., "that is p"),
        (0.5, ..., "1/3 - 1 there"),
        ("a", ..., "dz_end should be a number"),
        (-2 / 21, ..., "db_y_end is still to do"),
        (-2 / 21, PUSH.sum() / 7, "padding still has gradient"),
        (-2 / 21, (PAIR.mask * PUSH).sum() / 8, "right up to 7/8"),
        (-2 / 21, ALONE.mean(), "the mean of two means"),
        (-2 / 21, PUSH.mean(), "the 8 cells divide it"),
        (-2 / 21, (PAIR.mask * PUSH).sum(), "not divided by N yet"),
        (-2 / 21, ALONE[0], "ana alone"),
        (-2 / 21, PUSH[ENDS].sum() / 7, "only the two cells"),
        (-2 / 21, -2 / 21, "that is one cell"),
        (-2 / 21, PUSH[PAIR.mask & ~ENDS].sum() / 7, "only the five cells"),
        (-2 / 21, 0.5, "two have the end mark"),
        (-2 / 21, [1, 2], "db_y_end should be a number"),
    ],
)
def test_by_hand_wrong(dz_end: object, db_y_end: object, expected: str) -> None:
    assert expected in hint(check.by_hand(dz_end, db_y_end))


# ---- 9.2


def scattered(ids: Array, dx: Array, V: int) -> Array:
    """The right answer."""
    dE = np.zeros((V, dx.shape[-1]))
    np.add.at(dE, ids, dx)
    return dE


def kept(ids: Array, dx: Array, V: int) -> Array:
    dE = np.zeros((V, dx.shape[-1]))
    dE[ids] += dx
    return dE


def written(ids: Array, dx: Array, V: int) -> Array:
    dE = np.zeros((V, dx.shape[-1]))
    dE[ids] = dx
    return dE


def steps_kept(ids: Array, dx: Array, V: int) -> Array:
    dE = np.zeros((V, dx.shape[-1]))
    for t in range(len(ids)):
        dE[ids[t]] += dx[t]
    return dE


def names_kept(ids: Array, dx: Array, V: int) -> Array:
    dE = np.zeros((V, dx.shape[-1]))
    for n in range(ids.shape[1]):
        dE[ids[:, n]] += dx[:, n]
    return dE


def averaged(ids: Array, dx: Array, V: int) -> Array:
    dE = scattered(ids, dx, V)
    for k in range(V):
        dE[k] /= max((ids == k).sum(), 1)
    return dE


def averaged_with_nan(ids: Array, dx: Array, V: int) -> list[Array]:
    with pytest.warns(RuntimeWarning):
        return [dx[ids == k].mean(axis=0) for k in range(V)]


def test_embedding_gradient_right() -> None:
    def with_one_hot(ids: Array, dx: Array, V: int) -> Array:
        return np.asarray(np.eye(V)[ids.ravel()].T @ dx.reshape(-1, dx.shape[-1]))

    assert check.embedding_gradient(with_one_hot).right
    assert check.embedding_gradient(lambda ids, dx, V: with_one_hot(ids, dx, V).tolist()).right


def test_embedding_gradient_does_without_add_at() -> None:
    def added(ids: Array, dx: Array, V: int, *, add_at: Any = np.add.at) -> Array:
        dE = np.zeros((V, dx.shape[-1]))
        add_at(dE, ids, dx)
        return dE

    def by_its_name(ids: Array, dx: Array, V: int) -> Array:
        return added(ids, dx, V, add_at=getattr(np.add, "at"))  # noqa: B009

    def plainly(ids: Array, dx: Array, V: int) -> Array:
        dE = np.zeros((V, dx.shape[-1]))
        np.add.at(dE, ids, dx)
        return dE

    for function in (added, by_its_name, plainly, lambda ids, dx, V: plainly(ids, dx, V)):
        assert "find a way without np.add.at" in hint(check.embedding_gradient(function))


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        (kept, "dE[ids] += dx does not add"),
        (written, "dE[ids] += dx does not add"),
        (steps_kept, "two names read the same symbol in one step"),
        (names_kept, "when a name reads a symbol twice"),
        (averaged, "add, do not average"),
        (averaged_with_nan, "add, do not average"),
        (lambda ids, dx, V: scattered(ids.T.ravel(), dx.reshape(-1, 2), V), "different orders"),
        (lambda ids, dx, V: scattered(ids[:, 0], dx[:, 0], V), "the first name alone"),
        (lambda ids, dx, V: scattered(ids[-1], dx[-1], V), "the last step alone"),
        (lambda ids, dx, V: scattered(ids[0], dx[0], V), "the first step alone"),
        (lambda ids, dx, V: -scattered(ids, dx, V), "the sign is turned"),
        (lambda ids, dx, V: np.ones((V, 2)), "try it with one cell first"),
        (
            lambda ids, dx, V: scattered(ids, dx, V).T,
            "(V, D) like E, should be one array of shape (5, 2); got shape (2, 5)",
        ),
        (lambda ids, dx, V: dx, "(5, 2); got shape (4, 3, 2)"),
        (lambda ids, dx, V: "dE", "(str)"),
        (lambda ids, dx, V: {}, "(dict)"),
        (lambda ids, dx, V: dx[9], "IndexError"),
        (3, "should be a function"),
    ],
)
def test_embedding_gradient_wrong(slip: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.embedding_gradient(slip))


# ---- 9.3


def rows(h: Callable[..., Any], c: Callable[..., Any]) -> Callable[..., Any]:
    """A reader's function from one expression for each of the two gradients."""
    return lambda da, dc, f, W_h: (h(da, W_h), c(dc, f))


def right_h(da: Array, W_h: Array) -> Array:
    return np.asarray((da @ W_h.T).sum(axis=0))


def right_c(dc: Array, f: Array) -> Array:
    return np.asarray((dc * f).sum(axis=0))


def test_start_rows_right() -> None:
    assert check.start_rows(rows(right_h, right_c)).right
    assert check.start_rows(rows(lambda da, W_h: da.sum(axis=0) @ W_h.T, right_c)).right
    for together in (np.array, np.stack, list):
        assert check.start_rows(lambda *given, f=together: f(rows(right_h, right_c)(*given))).right


@pytest.mark.parametrize(
    ("h", "c", "expected"),
    [
        (lambda da, W_h: da @ W_h.T, right_c, "dh_0 should be one array of shape (2,)"),
        (lambda da, W_h: da @ W_h.T, right_c, "got shape (3, 2). One row for each name?"),
        (right_h, lambda dc, f: dc * f, "dc_0 should be one array of shape (2,)"),
        (lambda da, W_h: (da @ W_h.T).sum(axis=1), right_c, "got shape (3,)."),
        (lambda da, W_h: (da @ W_h.T).mean(axis=0), right_c, "dh_0 is a mean over the names"),
        (lambda da, W_h: da[0] @ W_h.T, right_c, "dh_0 is that of the first name"),
        (lambda da, W_h: 2 * right_h(da, W_h), right_c, "go back through W_h"),
        (right_h, lambda dc, f: (dc * f).mean(axis=0), "dc_0 is a mean over the names"),
        (right_h, lambda dc, f: dc[0] * f[0], "dc_0 is that of the first name"),
        (right_h, lambda dc, f: dc.sum(axis=0), "misses the forget gate"),
        (right_h, lambda dc, f: dc.sum(axis=0) * f.sum(axis=0), "entry by entry first"),
        (right_h, lambda dc, f: (dc * (1 - f)).sum(axis=0), "dc_0 is wrong"),
        (right_h, lambda dc, f: ..., "part 2 of what your function returns is still to do"),
        (lambda da, W_h: da @ W_h, right_c, "ValueError"),
    ],
)
def test_start_rows_wrong(h: Callable[..., Any], c: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.start_rows(rows(h, c)))


def test_start_rows_of_another_form() -> None:
    def exchanged(da: Array, dc: Array, f: Array, W_h: Array) -> tuple[Array, Array]:
        return right_c(dc, f), right_h(da, W_h)

    assert "return dh_0 first" in hint(check.start_rows(exchanged))
    assert "return two arrays: dh_0, dc_0" in hint(check.start_rows(lambda da, dc, f, W_h: right_h(da, W_h)))


# ---- 9.4


def with_weights(weigh: Callable[[list[Batch]], list[float]]) -> Callable[[Params, list[Batch]], Params]:
    """The gradients of the parts, each with its weight, added."""

    def accumulate(params: Params, parts: list[Batch]) -> Params:
        total = tree_map(np.zeros_like, params)
        for part, weight in zip(parts, weigh(parts), strict=True):
            total = tree_map(lambda old, d, w=weight: old + w * d, total, loss_and_grads(params, part)[1])
        return total

    return accumulate


def symbols(parts: list[Batch]) -> Array:
    return np.array([part.mask.sum() for part in parts])


def share(numbers: Any) -> list[float]:
    return [float(number / sum(numbers)) for number in numbers]


def test_accumulate_right() -> None:
    assert check.accumulate(with_weights(lambda parts: share(symbols(parts)))).right


@pytest.mark.parametrize(
    ("weigh", "expected"),
    [
        (lambda parts: [1 / len(parts)] * len(parts), "a mean of means"),
        (lambda parts: [1] * len(parts), "the parts are added, not averaged"),
        (lambda parts: share([part.mask.shape[1] for part in parts]), "weighed by their names"),
        (lambda parts: share([len(part) for part in parts]), "(len(part), if you weighed by it, is 3"),
        (lambda parts: [len(part) for part in parts], "len(part) is 3, the number of its arrays"),
        (lambda parts: [len(part) / len(parts) for part in parts], "len(part) is 3, the number of its arrays"),
        (lambda parts: [len(part) / symbols(parts).sum() for part in parts], "len(part) is 3, the number"),
        (lambda parts: share([(part.targets != 0).sum() for part in parts]), "the end marks count too"),
        (lambda parts: share([part.mask.size for part in parts]), "weighed by their cells"),
        (lambda parts: list(symbols(parts)), "divide the sum by all of N"),
        (lambda parts: list(symbols(parts) / len(parts)), "divided by the number of parts"),
        (lambda parts: [each / len(parts) for each in share(symbols(parts))], "the number of parts is left over"),
        (lambda parts: [0, 0, 0, 1], "the last part alone"),
        (lambda parts: share(1 / symbols(parts)), "turned over"),
        (lambda parts: [0.1, 0.2, 0.3, 0.4], "its share N_k / N"),
    ],
)
def test_accumulate_wrong(weigh: Callable[[list[Batch]], list[float]], expected: str) -> None:
    assert expected in hint(check.accumulate(with_weights(weigh)))


def test_accumulate_of_another_form() -> None:
    small = init_params(3, 2, 2, rng=np.random.default_rng(0))
    assert "got float" in hint(check.accumulate(lambda params, parts: 1.0))
    assert "W_x should have shape (2, 12); got (2, 8)" in hint(check.accumulate(lambda params, parts: small))
    assert "ZeroDivisionError" in hint(check.accumulate(lambda params, parts: 1 / 0))
