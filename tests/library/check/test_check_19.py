"""Chapter 19's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.cell import GateCache, gates_backward, gates_forward
from lstm_lib.check import chapter_19 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts import chapter_19_halved as halved
from lstm_lib.check.parts.counted import Counted
from lstm_lib.evaluate import nll
from lstm_lib.model import Params
from lstm_lib.ops import log_softmax, softmax
from lstm_lib.tree import tree_map

Answer = Callable[..., Any]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.rows(..., ..., ...),
        check.rows(..., 22, 11),
        check.amdahl(..., ...),
        check.tree_by_steps(lambda names: (..., ...)),
        check.tree_by_steps(...),  # type: ignore[arg-type]
        check.in_place(lambda *arrays: None),
        check.halved(lambda params, names: ...),
        check.one_product(lambda xhs, das: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 19.1


def below(arrays: list[np.ndarray]) -> np.ndarray:
    """All steps below each other."""
    return np.concatenate(arrays)


@pytest.mark.parametrize(
    "answer",
    [
        lambda xhs, das: below(xhs).T @ below(das),
        lambda xhs, das: np.dot(np.vstack(xhs).T, np.vstack(das)),
        lambda xhs, das: np.stack(xhs).reshape(-1, 7).T @ np.stack(das).reshape(-1, 8),
    ],
)
def test_one_product_accepts_every_way_to_stack(answer: Answer) -> None:
    assert check.one_product(answer).right


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda xhs, das: sum(x.T @ d for x, d in zip(xhs, das, strict=True)), "from 5 products"),
        (lambda xhs, das: xhs[-1].T @ das[-1], "only the last step"),
        (lambda xhs, das: xhs[0].T @ das[0], "only the first step"),
        (lambda xhs, das: below(xhs).T @ below(das) / len(xhs), "the mean over the steps"),
        (lambda xhs, das: below(xhs[::-1]).T @ below(das), "paired the wrong way round"),
        (lambda xhs, das: np.stack(xhs, axis=1).reshape(-1, 7).T @ below(das), "name by name"),
        (lambda xhs, das: below(das).T @ below(xhs), "shape"),
        (lambda xhs, das: -below(xhs).T @ below(das), "each row of xh, upright"),
        (lambda xhs, das: np.sum(np.array(xhs)[..., None] * np.array(das)[:, :, None], axis=(0, 1)), "with @"),
    ],
)
def test_one_product_names_the_slip(answer: Answer, said: str) -> None:
    assert said in hint(check.one_product(answer))


# ---- 19.3: every number is counted from the names

NAMES = ("mary", "macy", "maria", "macie")
LETTERS = sum(map(len, NAMES))
TREE = {("." + name)[:k] for name in NAMES for k in range(1, len(name) + 2)}
BY_LETTER = {(k, symbol) for name in NAMES for k, symbol in enumerate("." + name)}


def test_rows_right() -> None:
    answer = check.rows(6 * 4, LETTERS + 4, len(TREE))
    assert answer.right
    assert 2 * len(TREE) == LETTERS + 4  # half of the real rows, as the praise says


@pytest.mark.parametrize(
    ("padded", "packed", "shared", "expected"),
    [
        (5 * 4, ..., ..., "that is 5 steps"),
        (7 * 4, ..., ..., "that is 7 steps"),
        (LETTERS + 4, ..., ..., "the real cells alone"),
        (6, ..., ..., "those are the steps"),
        (99, ..., ..., "the number of steps"),
        ("many", ..., ..., "padded should be a number"),
        (24, ..., ..., "packed is still to do"),
        (24, LETTERS, ..., "those are the letters; each name"),
        (24, LETTERS + 8, ..., "two end marks"),
        (24, 24, ..., "still with padding"),
        (24, LETTERS + 1, ..., "a row of its own in step 1"),
        (24, 99, ..., "one end mark"),
        (24, 22, ..., "shared is still to do"),
        (24, 22, len(TREE) - 1, "step 1 is missing"),
        (24, 22, len(TREE) + 4, "it has no row"),
        (24, 22, len(TREE) + 3, "so it has no row"),
        (24, 22, len(BY_LETTER), "only read the same letter"),
        (24, 22, len(set("".join(NAMES))) + 1, "the different symbols"),
        (24, 22, len(set("".join(NAMES))), "the different letters"),
        (24, 22, 3 + LETTERS + 4 - 3 * 4, "sharing goes on after ma"),
        (24, 22, LETTERS + 4, "nothing is shared yet"),
        (24, 22, len(TREE) + 1, "one too many"),
        (24, 22, 99, "the distinct prefixes"),
    ],
)
def test_rows_wrong(padded: object, packed: object, shared: object, expected: str) -> None:
    assert expected in hint(check.rows(padded, packed, shared))


# ---- 19.4


def test_amdahl_right() -> None:
    assert check.amdahl(1.25, 10 / 7).right
    assert check.amdahl(1.25, 1.43).right


@pytest.mark.parametrize(
    ("first", "both", "expected"),
    [
        (3, ..., "that is the part alone"),
        (1.2, ..., "1 / 0.8"),
        (0.8, ..., "one over it"),
        (0.2, ..., "the share of the time saved"),
        (1 / 0.7, ..., "makes the part free"),
        (1.3, ..., "speeds do not add up"),
        (0.6 + 0.3 * 3 + 0.1, ..., "a mean of speeds"),
        (1 / 0.9, ..., "that saves 10 %"),
        (7, ..., "add up the times"),
        ([], ..., "first should be a number"),
        (1.25, ..., "both is still to do"),
        (1.25, 0.8 / 0.7, "after the first change"),
        (1.25, 0.7, "the time that is left"),
        (1.25, 1.25 / 0.9, "of the old time"),
        (1.25, 1 / 0.6, "not free"),
        (1.25, 1 / 0.9, "Adam alone"),
        (1.25, 1.25, "the first change alone"),
        (1.25, 1.3, "30 % are saved"),
        (1.25, 7, "0.6 for the products"),
    ],
)
def test_amdahl_wrong(first: object, both: object, expected: str) -> None:
    assert expected in hint(check.amdahl(first, both))


# ---- 19.2

Tree = tuple[list[list[Any]], list[list[Any]]]


def tree(names: list[str], *, key: Callable[[str], Any] = lambda prefix: prefix, reverse: bool = False) -> Tree:
    """The right answer; rows are one where `key` of their prefixes is."""
    reads, parents, above = [["."]], [[None]], {key(""): 0}
    for k in range(1, max(map(len, names)) + 1):
        rows: dict[Any, str] = {}
        for prefix in sorted({name[:k] for name in names if len(name) >= k}, reverse=reverse):
            rows.setdefault(key(prefix), prefix)
        reads.append([prefix[-1] for prefix in rows.values()])
        parents.append([above[key(prefix[:-1])] for prefix in rows.values()])  # type: ignore[misc]
        above = {prefix: place for place, prefix in enumerate(rows)}
    return reads, parents


def changed(step: int, reads: list[Any] | None = None, parents: list[Any] | None = None) -> Answer:
    """The right answer with another step."""

    def answer(names: list[str]) -> Tree:
        right_reads, right_parents = tree(names)
        right_reads[step - 1] = right_reads[step - 1] if reads is None else reads
        right_parents[step - 1] = right_parents[step - 1] if parents is None else parents
        return right_reads, right_parents

    return answer


def with_ends(names: list[str]) -> Tree:
    """Every name's end mark has a row as well, which makes the tree one step deeper."""
    return tree([name + "." for name in names])


def whole_prefixes(names: list[str]) -> Tree:
    reads, parents = tree(names)
    return [["."], ["a", "m"], ["an", "ma"], *reads[3:]], parents


def global_places(names: list[str]) -> Tree:
    reads, parents = tree(names)
    starts = np.cumsum([0, *map(len, reads)])
    return reads, [
        parents[0],
        *([int(p + start) for p in row] for row, start in zip(parents[1:], starts, strict=False)),
    ]


def not_shared(names: list[str]) -> Tree:
    """A row for each name."""
    reads, parents, above = [["."]], [[None]], [0] * len(names)
    for k in range(1, max(map(len, names)) + 1):
        going = [n for n, name in enumerate(names) if len(name) >= k]
        reads.append([names[n][k - 1] for n in going])
        parents.append([above[n] for n in going])  # type: ignore[misc]
        for place, n in enumerate(going):
            above[n] = place
    return reads, parents


def test_tree_right_in_any_order_and_form() -> None:
    assert check.tree_by_steps(tree).right
    assert check.tree_by_steps(lambda names: tree(names, reverse=True)).right
    assert check.tree_by_steps(changed(1, parents=[-1])).right
    as_arrays = check.tree_by_steps(lambda names: tuple(tuple(map(np.array, part)) for part in tree(names)))
    assert as_arrays.right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda names: 3, "return two lists"),
        (lambda names: (tree(names)[0], ...), "part 2 of what your function returns is still to do"),
        (lambda names: (".am", tree(names)[1]), "reads should be a list with a list for each step"),
        (lambda names: (["." * 6] * 6, tree(names)[1]), "reads should be a list with a list for each step"),
        (lambda names: (tree(names)[0], [0] * 6), "parents should be a list with a list for each step"),
        (lambda names: (3, tree(names)[1]), "reads should be a list"),
        (lambda names: tuple(part[1:] for part in tree(names)), "step 1 reads the end mark"),
        (with_ends, "reads has 7 steps: the end mark after"),
        (lambda names: (tree(names)[0] + [["."]], tree(names)[1] + [[0]]), "is a target and is never read"),
        (lambda names: tuple(part[:3] for part in tree(names)), "should have 6 steps"),
        (changed(2, parents=[0]), "equally long lists"),
        (whole_prefixes, "single symbols; step 3"),
        (changed(1, reads=["m"]), "step 1 reads ['m']"),
        (lambda names: ([[".", "."], *tree(names)[0][1:]], [[0, 0], *tree(names)[1][1:]]), "the prefix . has 2 rows"),
        (changed(3, parents=["a", "m"]), "a whole number; step 3"),
        (changed(3, parents=[True, False]), "a whole number; step 3"),
        (global_places, "count from 0"),
        (changed(3, parents=[-1, -2]), "count from 0"),
        (not_shared, "the prefix .a has 3 rows"),
        (changed(3, parents=[1, 0]), "no name begins so"),
        (changed(4, reads=["a", "."], parents=[0, 0]), "an end mark after .an"),
        (lambda names: tree(names, key=lambda p: (len(p), p[-1:])), "another past"),
        (changed(4, reads=["c", "r"], parents=[1, 1]), "no row for .ana"),
        (lambda names: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_tree_wrong(answer: Answer, expected: str) -> None:
    assert expected in hint(check.tree_by_steps(answer))


# ---- 19.5


def back(order: str = "right") -> Answer:
    """The cell backward, in place; `order` plants a slip."""

    def answer(i: Any, f: Any, g: Any, o: Any, c_prev: Any, tanh_c: Any, dh: Any, dc: Any) -> tuple[Any, Any]:
        do = dh * tanh_c
        local = dc.copy()
        dc += dh * o * (1 - tanh_c**2)
        if order == "f first":
            f *= 1 - f
        dc_prev = (local if order == "no road through h" else dc) * f
        di, dg, df = dc * g, dc * i, dc * c_prev
        if order != "f first":
            f *= 1 - f
        f *= df
        o *= 1 - o
        if order == "o twice":
            o *= 1 - o
        o *= do
        if order == "g before di":
            di = dc * (1 - g**2)
        i *= 1 - i
        if order == "i before dg":
            dg = dc * i
        i *= di
        g *= -g
        g += 1
        g *= dg * (2 if order == "g twice" else 1)
        return np.concatenate([i, f, g, o], axis=1), dc_prev

    return answer


def half_in_place(out: int, spoil: int = 0) -> Answer:
    """The right numbers, the gates from `out` on in new arrays; one of the other arrays may be spoiled."""

    def answer(*arrays: Any) -> Any:
        fresh = [array.copy() for array in arrays]
        result = back()(*arrays[:out], *fresh[out:])
        if spoil:
            arrays[spoil][0, 0] += 1
        return result

    return answer


def one_entry(*arrays: Any) -> Any:
    result = half_in_place(0)(*arrays)
    for gate in arrays[:4]:
        gate[0, 0] = 0
    return result


def test_in_place_right() -> None:
    assert check.in_place(back()).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (back("i before dg"), "the block of g is wrong. It should hold dc * i * (1 - g**2)."),
        (back("g before di"), "the block of i is wrong"),
        (back("g twice"), "only the block of g is wrong now"),
        (back("o twice"), "the block of o is wrong"),
        (back("f first"), "the gradient of c_prev is wrong"),
        (back("no road through h"), "misses the road through h"),
        (
            lambda *arrays: gates_backward(GateCache(*arrays[:6]), *arrays[6:]),
            "not everything is in place any more: i, f, g, o",
        ),
        (half_in_place(3), "not everything is in place any more: o came back"),
        (one_entry, "not everything is in place any more: i, f, g, o came back"),
        *((half_in_place(4, k), f"{name} is overwritten") for k, name in ((4, "c_prev"), (5, "tanh_c"), (6, "dh"))),
        (lambda *arrays: arrays[0], "return two arrays: da, dc_prev"),
        (lambda *arrays: (arrays[0], arrays[1]), "da should be one array of shape (3, 16)"),
        (lambda *arrays: arrays[9], "IndexError"),
    ],
)
def test_in_place_wrong(answer: Answer, expected: str) -> None:
    assert expected in hint(check.in_place(answer))


# ---- 19.6

VOCABULARY = halved.VOCABULARY


def one_by_one(params: Params, names: list[str], table: bool = False) -> list[list[float]]:
    """The nats of each symbol of each name, in the slowest way."""
    nats = []
    rows = params.E @ params.W_x if table else None
    for name in names:
        h = c = np.zeros((1, params.hidden_size))
        ids = VOCABULARY.encode(name)
        nats.append([])
        for read, target in zip([0, *ids], [*ids, 0], strict=True):
            x = params.E[[read]] @ params.W_x if rows is None else rows[[read]]
            (h, c), _ = gates_forward(x + h @ params.W_h + params.b, c)
            nats[-1].append(-float(np.log(softmax(h @ params.W_y + params.b_y))[0, target]))
    return nats


def total(params: Params, names: list[str]) -> float:
    return sum(map(sum, one_by_one(params, names)))


def side_by_side(params: Params, names: list[str], mask: bool = True, dot: Any = np.matmul) -> float:
    """All names in one batch, padding and all."""
    from lstm_lib.data import make_batch

    batch = make_batch(names, VOCABULARY)
    h = c = np.zeros((len(names), params.hidden_size))
    nats = 0.0
    for inputs, targets, real in zip(*batch, strict=True):
        (h, c), _ = gates_forward(dot(params.E[inputs], params.W_x) + dot(h, params.W_h) + params.b, c)
        log_p = log_softmax(np.asarray(dot(h, params.W_y) + params.b_y))
        nats -= float(log_p[np.arange(len(names)), targets][real if mask else slice(None)].sum())
    return nats


def remembered(params: Params, names: list[str]) -> float:
    """One row after the other, but each prefix only once."""
    states: dict[str, Any] = {}
    nats = 0.0
    for name in names:
        for k, target in enumerate([*VOCABULARY.encode(name), 0]):
            prefix = name[:k]
            if prefix not in states:
                read = VOCABULARY.encode(prefix)[-1] if k else 0
                zero = np.zeros((1, params.hidden_size))
                h, c = states[prefix[:-1]][:2] if k else (zero, zero)
                (h, c), _ = gates_forward(params.E[[read]] @ params.W_x + h @ params.W_h + params.b, c)
                states[prefix] = h, c, np.log(softmax(h @ params.W_y + params.b_y))[0]
            nats -= float(states[prefix][2][target])
    return nats


def both_roads(params: Params, names: list[str]) -> float:
    symbols = sum(len(name) + 1 for name in names)
    return symbols * nll(params, VOCABULARY, names)


def glued(params: Params, names: list[str]) -> float:
    """One name after the other, [x, h] side by side: two products for each symbol, and a row."""
    W = np.concatenate([params.W_x, params.W_h])
    nats = 0.0
    for name in names:
        ids = VOCABULARY.encode(name)
        h = c = np.zeros((1, np.shape(params.W_h)[0]))
        for read, target in zip([0, *ids], [*ids, 0], strict=True):
            (h, c), _ = gates_forward(np.concatenate([params.E[[read]], h], axis=1) @ W + params.b, c)
            nats -= float(np.log(softmax(np.asarray(h @ params.W_y + params.b_y)))[0, target])
    return nats


def test_halved_counts_weights_that_were_put_together() -> None:
    assert "112 products instead of 168, 56 rows instead of 56. At most 84" in hint(check.halved(glued))


def test_halved_right_and_what_was_counted() -> None:
    sharing, batching = check.halved(remembered), check.halved(side_by_side)
    assert sharing.right
    assert batching.right
    counts = "products instead of 168"
    assert f"75 {counts}, 25 rows instead of 56. The other road: rows side by side" in repr(sharing)
    assert f"18 {counts}, 72 rows instead of 56. The other road: names that begin alike, 25 rows." in repr(batching)
    library = check.halved(both_roads)
    assert library.right
    assert "25 rows instead of 56." in repr(library)
    assert "other road" not in repr(library)


def test_products_by_another_name_are_counted() -> None:
    for dot in (np.dot, lambda one, other: np.einsum("ij,jk->ik", one, other)):
        assert "18 products" in repr(check.halved(lambda p, names, dot=dot: side_by_side(p, names, dot=dot)))


def test_a_product_into_an_array_is_counted() -> None:
    params, log = halved.trial()
    out = np.empty((2, 20)).view(Counted)
    result = np.matmul(np.ones((2, 5)), params.W_h, out=out)
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(out, np.ones((2, 5)) @ np.asarray(params.W_h).view(np.ndarray))
    assert (log.products, log.rows) == (1, 2)
    assert np.concatenate([params.W_h, params.W_h]).shape == (10, 20)  # no product
    assert log.products == 1


def plain(params: Params) -> Params:
    return tree_map(lambda leaf: leaf.view(np.ndarray), params)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (total, "and so slow: 168 products"),
        (lambda p, names: sum(map(sum, one_by_one(p, names, table=True))), "on your way: 113 products instead of 168"),
        (lambda p, names: total(plain(p), names), "not all products could be counted"),
        (lambda p, names: total(replace(p, W_h=plain(p).W_h), names), "not all products could be counted"),
        (lambda p, names: one_by_one(p, names), "return one number"),
        (lambda p, names: nll(p, VOCABULARY, names), "the mean over the symbols"),
        (lambda p, names: total(p, names) / len(names), "the mean over the names"),
        (lambda p, names: sum(map(np.mean, one_by_one(p, names))), "the names' means"),
        (lambda p, names: -total(p, names), "the sign is turned"),
        (lambda p, names: side_by_side(p, names, mask=False), "the padding has been counted"),
        (lambda p, names: sum(sum(each[:-1]) for each in one_by_one(p, names)), "the end marks are missing"),
        (lambda p, names: sum(sum(each[1:]) for each in one_by_one(p, names)), "the first letters are missing"),
        (lambda p, names: total(p, sorted(set(names))), "counts twice"),
        (lambda p, names: total(p, names) / np.log(2), "in bits"),
        (lambda p, names: total(p, names[-1:]), "the last name alone"),
        (lambda p, names: total(p, names[:1]), "the first name alone"),
        (lambda p, names: 1.0, "the sum should be"),
        (lambda p, names: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_halved_wrong(answer: Answer, expected: str) -> None:
    assert expected in hint(check.halved(answer))
