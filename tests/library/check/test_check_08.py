"""Chapter 8's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_08 as check
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback
from lstm_lib.check.parts import chapter_08_loop as loop

Array = np.ndarray[Any, np.dtype[np.float64]]
H = loop.H


@pytest.mark.parametrize(
    "unfilled",
    [
        check.whole_walk(lambda step, dh_output, f, W_h: ...),
        check.whole_walk(...),  # type: ignore[arg-type]
        check.weight_sums(lambda x, h, da: None),
        check.embedding_gradient(lambda ids, dx, V: ...),
        check.latch(..., ..., ...),
        check.latch(..., -0.0078, -0.0921),
        check.one_step(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 8.1

Pieces = dict[str, Array]
NOTHING = np.zeros(H)


def reader_walk(
    for_h: Callable[[Pieces], Array] = lambda p: p["da"] @ p["W_h"].T,
    for_c: Callable[[Pieces], Array] = lambda p: p["dc"] * p["f"],
    *, forward: bool = False, order: int = 1, listen: bool = True,
) -> Callable[..., Array]:  # fmt: skip
    """The right loop, with one planted slip in what is carried or in the way the steps are walked."""

    def walk(step: Callable[..., Any], dh_output: Array, f: Array, W_h: Array) -> Array:
        T = len(dh_output)
        da = np.zeros((T, 4 * H))
        dh, along_c = NOTHING, NOTHING
        for t in range(T) if forward else reversed(range(T)):
            dh = dh_output[t] + dh if listen else dh
            through_h, dc, da[t] = step(t, dh, along_c)
            pieces = {"dh": dh, "through_h": through_h, "along_c": along_c, "dc": dc, "da": da[t], "W_h": W_h}
            pieces |= {"f": f[t], "before": f[t - 1], "after": f[(t + 1) % T]}
            dh, along_c = for_h(pieces), for_c(pieces)
        return da[::order]

    return walk


def from_candidate(p: Pieces) -> Array:
    g = slice(2 * H, 3 * H)
    return p["da"][g] @ p["W_h"][:, g].T


def from_block(block: int) -> Callable[[Pieces], Array]:
    part = slice(block * H, (block + 1) * H)
    return lambda p: p["da"][part] @ p["W_h"][:, part].T


@pytest.mark.parametrize("start", [0, 0.0, np.zeros(H, int)])
def test_whole_walk_may_start_with_any_zero(start: object) -> None:
    def walk(step: Callable[..., Any], dh_output: Array, f: Array, W_h: Array) -> Array:
        da = np.zeros((len(f), 4 * H))
        dh = along_c = start
        for t in reversed(range(len(f))):
            _, dc, da[t] = step(t, dh_output[t] + dh, along_c)
            dh, along_c = da[t] @ W_h.T, dc * f[t]
        return da

    assert check.whole_walk(walk).right


def test_whole_walk_right() -> None:
    answer = check.whole_walk(reader_walk())
    assert answer.right
    assert repr(answer).startswith("Right. Nothing from beyond the end")


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"for_c": lambda p: p["through_h"] * p["f"]}, "right at T = 2, wrong at T = 3: carry the whole dc"),
        (
            {"for_c": lambda p: p["along_c"] * p["f"]},
            "right at T = 1, wrong at T = 2: the carry of c is missing",
        ),
        ({"for_c": lambda p: NOTHING}, "right at T = 1, wrong at T = 2: the carry of c is missing"),
        ({"for_c": lambda p: p["dc"]}, "carry dc * f[t], not dc"),
        ({"for_c": lambda p: p["dc"] * p["before"]}, "the forget gate of the step before"),
        ({"for_c": lambda p: p["dc"] * p["after"]}, "the forget gate of the step after"),
        ({"for_h": lambda p: NOTHING}, "right at T = 1, wrong at T = 2: the carry of h is missing"),
        ({"for_h": lambda p: NOTHING, "for_c": lambda p: NOTHING}, "no carry leaves a step"),
        ({"for_h": from_candidate}, "comes back from the candidate alone"),
        ({"for_h": from_block(0)}, "comes back from the input gate alone"),
        ({"for_h": from_block(1)}, "comes back from the forget gate alone"),
        ({"for_h": from_block(3)}, "comes back from the output gate alone"),
        ({"for_c": lambda p: (p["through_h"] + p["dc"]) * p["f"]}, "you hand it on twice: carry dc * f[t]"),
        ({"for_h": lambda p: p["dh"] + p["da"] @ p["W_h"].T}, "you also hand on dh itself"),
        ({"listen": False}, "wrong at T = 1 already: what the output sends back is missing"),
        ({"order": -1}, "your rows stand in the order of the walk"),
        ({"forward": True}, "from the last step to the first"),
        ({"for_c": lambda p: 2 * p["dc"] * p["f"]}, "dh is dh_output[t] plus the carry"),
    ],
)
def test_whole_walk_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.whole_walk(reader_walk(**slip)))


def test_whole_walk_that_listens_to_the_last_step_only() -> None:
    def walk(step: Callable[..., Any], dh_output: Array, f: Array, W_h: Array) -> Array:
        da = np.zeros((len(f), 4 * H))
        dh, along_c = dh_output[-1], NOTHING
        for t in reversed(range(len(f))):
            _, dc, da[t] = step(t, dh, along_c)
            dh, along_c = da[t] @ W_h.T, dc * f[t]
        return da

    assert "right at T = 1, wrong at T = 2: what the output sends back" in hint(check.whole_walk(walk))


def test_whole_walk_of_another_form() -> None:
    right = reader_walk()
    assert "da of all steps, (T, 4H), should be one array" in hint(
        check.whole_walk(lambda *given: {"da": right(*given)})
    )
    assert "(1, 16), not a list of 2" in hint(check.whole_walk(lambda *given: [right(*given)] * 2))
    assert "IndexError" in hint(check.whole_walk(lambda step, dh_output, f, W_h: f[9]))
    assert "should be a function" in hint(check.whole_walk(3))  # type: ignore[arg-type]

    def only_short(step: Callable[..., Any], dh_output: Array, f: Array, W_h: Array) -> Array:
        da = reader_walk(for_c=lambda p: NOTHING)(step, dh_output, f, W_h)
        return da[:3]

    assert "does not return da of all steps at all" in hint(check.whole_walk(only_short))
    assert check.whole_walk(lambda *given: right(*given).tolist()).right


# ---- 8.2


def rows_with(change: Callable[[Array, np.ndarray[Any, Any], Array], None]) -> Callable[..., Array]:
    """dE made by a change of an array of zeros."""

    def function(ids: np.ndarray[Any, Any], dx: Array, V: int) -> Array:
        dE = np.zeros((V, dx.shape[1]))
        change(dE, ids, dx)
        return dE

    return function


def vectorised(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    dE[ids] += dx


def first_wins(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    dE[ids[::-1]] = dx[::-1]


def right_rows(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    np.add.at(dE, ids, dx)


def mean_rows(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    for k in set(ids.tolist()):
        dE[k] = dx[ids == k].mean(axis=0)


def no_end_mark(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    np.add.at(dE, ids[ids > 0], dx[ids > 0])


def downhill(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    np.subtract.at(dE, ids, dx)


def nothing(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    return None


def right_for_ana_alone(dE: Array, ids: np.ndarray[Any, Any], dx: Array) -> None:
    (right_rows if len(ids) == 4 else vectorised)(dE, ids, dx)


def test_embedding_gradient_right() -> None:
    assert check.embedding_gradient(rows_with(right_rows)).right
    assert check.embedding_gradient(lambda ids, dx, V: np.eye(V)[ids].T @ dx).right


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (vectorised, "a occurs twice; you kept one, the last: row a must be [-0.0215, 0.0198]"),
        (first_wins, "a occurs twice; you kept one, the first: row a must be [-0.0215, 0.0198]"),
        (mean_rows, "you took the mean of the uses"),
        (no_end_mark, "the row of the end mark is 0"),
        (downhill, "the sign is turned"),
        (nothing, "start from zeros and add dx[t] to row ids[t]"),
        (right_for_ana_alone, "symbol 3 occurs three times; you kept one, the last"),
    ],
)
def test_embedding_gradient_wrong(change: Callable[..., None], expected: str) -> None:
    assert expected in hint(check.embedding_gradient(rows_with(change)))


def test_embedding_gradient_of_another_form() -> None:
    right = rows_with(right_rows)
    assert "lying on its side" in hint(check.embedding_gradient(lambda *given: right(*given).T))
    assert "dE has one row a symbol" in hint(check.embedding_gradient(lambda ids, dx, V: dx))
    assert "(V, D) like E, should be one array" in hint(check.embedding_gradient(lambda ids, dx, V: 0.0))
    assert "(str)" in hint(check.embedding_gradient(lambda ids, dx, V: "rows"))
    assert "KeyError" in hint(check.embedding_gradient(lambda ids, dx, V: {}[V]))
    assert check.embedding_gradient(...) == NOT_ATTEMPTED  # type: ignore[arg-type]


# ---- 8.3


def test_latch_right() -> None:
    assert check.latch(3, -0.0078, -0.1179 * 0.9405 * 0.8302).right
    assert check.latch(np.int64(3), "-0.0078", -0.0921).right
    assert check.latch("3", -0.0078, -0.0921).right
    assert check.latch(3, -0.0078, -0.092).right
    assert check.latch(3, -0.0078, -0.0919856).right


@pytest.mark.parametrize(
    ("step", "entry", "arrives", "expected"),
    [
        (1, -0.0078, -0.0921, "the end mark is read"),
        (2, -0.0078, -0.0921, "If you meant t = 2 of the code"),
        (4, -0.0078, -0.0921, "opening the gate would write nothing"),
        (7, -0.0078, -0.0921, "numbered 1 to 4"),
        (np.int64(4), -0.0078, -0.0921, "step = 4: at step 4 dc₁ is largest"),
        (2.7, -0.0078, -0.0921, "step = 2.7: the steps are numbered 1 to 4"),
        (3, -0.008, ..., "close: keep more digits"),
        (3, -0.01, ..., "close: keep more digits"),
        (3, -0.0107, ..., "look in the row"),
        (3, -0.0078, -0.0917, "close: keep more digits"),
        (3, -0.0078, -0.09, "close: keep more digits"),
        ("n", -0.0078, -0.0921, "step should be a number"),
        (np.array([3, 4]), -0.0078, -0.0921, "step should be a number"),
        (3, ..., ..., "step is right; entry is still to do"),
        (3, 0.0078, ..., "look at the sign"),
        (3, -0.1081, ..., "that is dc₁"),
        (3, -0.035, ..., "the candidate's row"),
        (3, -0.0865, ..., "before the squash"),
        (3, 0.0002, ..., "the road along c is cut"),
        (3, -0.1109, ..., "what arrives along c"),
        (3, 1.0, ..., "look in the row"),
        (3, -0.0078, ..., "arrives is still to do"),
        (3, -0.0078, -0.0897, "Follow the -0.1179 alone"),
        (3, -0.0078, -0.1109, "must pass the forget gate of step 3 too"),
        (3, -0.0078, -0.1179 * 0.8302, "one gate is missing"),
        (3, -0.0078, -0.1179 * 0.9405 * 0.9, "not that of step 2"),
        (3, -0.0078, -0.1179 * 0.8302 * 0.9, "passes the gates of steps 4 and 3"),
        (3, -0.0078, -0.1179 * 0.81, "the machine without the wire"),
        (3, -0.0078, -0.1179 * 0.9405**2, "the gate of step 4 twice"),
        (3, -0.0078, -0.1179, "where the message starts"),
        (3, -0.0078, 0.0921, "never negative"),
        (3, -0.0078, -0.1179 * 0.9405 * 0.8302 * 0.9, "three gates are one too many"),
        (3, -0.0078, 0.0023, "that is the rest"),
        (3, -0.0078, -0.0023, "that is the rest"),
        (3, -0.0078, 5.0, "the forget gate of each step on the way"),
        (3, -0.0078, "much", "arrives should be a number"),
    ],
)
def test_latch_wrong(step: object, entry: object, arrives: object, expected: str) -> None:
    assert expected in hint(check.latch(step, entry, arrives))


# ---- 8.4

Sums = tuple[Array, Array, Array]


def published(x: Array, h: Array, da: Array) -> Sums:
    _, f, g, _ = np.split(da, 4, axis=1)
    return np.outer(x[-1], da[-1]), h[:-1].T @ da, np.concatenate([f, f, g, f], axis=1).sum(axis=0)


def sums(
    for_x: Callable[[Array, Array], Array] = lambda x, da: x.T @ da,
    for_h: Callable[[Array, Array], Array] = lambda h, da: h[:-1].T @ da,
    for_b: Callable[[Array], Array] = lambda da: da.sum(axis=0),
) -> Callable[..., Sums]:
    """The right sums, with one planted slip."""
    return lambda x, h, da: (for_x(x, da), for_h(h, da), for_b(da))


def with_blocks(order: str) -> Callable[[Array], Array]:
    """db put together from blocks of the summed da."""

    def db(da: Array) -> Array:
        block = dict(zip("ifgo", np.split(da.sum(axis=0), 4), strict=True))
        return np.concatenate([block[gate] for gate in order])

    return db


def test_weight_sums_right() -> None:
    assert check.weight_sums(sums()).right
    assert check.weight_sums(lambda *given: list(sums()(*given))).right


def test_weight_sums_as_published_get_a_nudge_and_not_the_answer() -> None:
    assert hint(check.weight_sums(published)).startswith("dW_h is right. For the other two ask:")


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"for_x": lambda x, da: np.outer(x[-1], da[-1])}, "dW_x: only the last step is asked"),
        ({"for_x": lambda x, da: np.outer(x[0], da[0])}, "dW_x: only the first step"),
        ({"for_x": lambda x, da: x.T @ da / len(x)}, "dW_x: that is the mean"),
        ({"for_x": lambda x, da: x[::-1].T @ da}, "another step's da"),
        ({"for_x": lambda x, da: 2 * x.T @ da}, "dW_x: sum over the steps, x of the step upright"),
        ({"for_h": lambda h, da: h[1:].T @ da}, "h[:-1], not the one that left"),
        ({"for_h": lambda h, da: np.outer(h[-2], da[-1])}, "dW_h: this one was right, with all its steps"),
        ({"for_h": lambda h, da: h[:-1].T @ da / len(da)}, "dW_h: this one was right; the shares add"),
        ({"for_h": lambda h, da: -h[:-1].T @ da}, "dW_h: sum over the steps, the h that entered"),
        ({"for_b": with_blocks("ffgf")}, "db: two blocks are copies"),
        ({"for_b": with_blocks("ifgf")}, "the output gate's"),
        ({"for_b": with_blocks("ffgo")}, "the input gate's"),
        ({"for_b": with_blocks("figo")}, "in another order"),
        ({"for_b": with_blocks("ofgi")}, "in another order; it is i, f, g, o."),
        ({"for_b": with_blocks("igof")}, "in another order"),
        ({"for_b": lambda da: da.mean(axis=0)}, "db: that is the mean"),
        ({"for_b": lambda da: da[-1]}, "db: only the last step"),
        ({"for_b": lambda da: -da.sum(axis=0)}, "db: sum over the steps, da itself"),
        ({"for_x": lambda x, da: x[:1].T @ da[:1], "for_b": with_blocks("ffgf")}, "dW_x: only the first step"),
    ],
)
def test_weight_sums_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.weight_sums(sums(**slip)))


def test_weight_sums_of_another_form() -> None:
    assert "return three arrays" in hint(check.weight_sums(lambda x, h, da: x.T @ da))
    assert "db should be one array of shape (8,); got shape (5, 8)" in hint(
        check.weight_sums(sums(for_b=lambda da: da))
    )
    assert "dW_x should be one array of shape (3, 8); got shape (8, 3)" in hint(
        check.weight_sums(sums(for_x=lambda x, da: da.T @ x))
    )
    assert "ValueError" in hint(check.weight_sums(sums(for_h=lambda h, da: h.T @ da)))
    assert check.weight_sums(sums(for_b=lambda da: da.sum(axis=0).tolist())).right


# ---- 8.5

SQUARE, LENGTH = 0.245885, 0.495868


def test_one_step_right() -> None:
    answer = check.one_step(0.01 * SQUARE)
    assert answer.right
    assert "0.0024 nats" in answer.message


@pytest.mark.parametrize(
    ("fall", "expected"),
    [
        (0.0024, "close: keep more digits"),
        (-0.01 * SQUARE, "the number is positive"),
        (0.0023756, "the fall of the real step"),
        (SQUARE, "eta is missing"),
        (0.01 * LENGTH, "eta times the length"),
        (LENGTH, "the length of the gradient"),
        (1e-4 * SQUARE, "the length of the step, squared"),
        (1.0, "its slope times its move"),
        ("a bit", "fall should be a number"),
    ],
)
def test_one_step_wrong(fall: object, expected: str) -> None:
    assert expected in hint(check.one_step(fall))


def test_one_step_with_slopes_added() -> None:
    from lstm_lib.example import example_params
    from lstm_lib.tree import named_leaves

    _, grads = check._ana_loss(example_params())
    slopes = sum(float(leaf.sum()) for _, leaf in named_leaves(grads))
    assert "you added the slopes" in hint(check.one_step(0.01 * slopes))
    for name in ("E", "b"):
        share = 0.01 * float((getattr(grads, name) ** 2).sum())
        assert f"the share of {name} alone" in hint(check.one_step(share))


def test_one_step_rounded() -> None:
    assert check.one_step(0.0025).right
    assert check.one_step(0.002459).right
