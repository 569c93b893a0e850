"""Chapter 8's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_08 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts import chapter_08_loop as loop

Array = np.ndarray[Any, np.dtype[np.float64]]
H = loop.H


@pytest.mark.parametrize(
    "unfilled",
    [
        check.whole_walk(lambda step, dh_output, f, W_h: ...),
        check.whole_walk(...),  # type: ignore[arg-type]
        check.weight_sums(lambda x, h, da: None),
        check.first_step(...),
        check.product_gradients(lambda x, W, dy: (..., ...)),
        check.product_gradients(...),  # type: ignore[arg-type]
        check.one_weight(...),
        check.one_step(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 8.1

LN_3 = float(np.log(3))
DZ, TO_LOGITS = np.array([1, -4, 3]) / 124, LN_3 * np.array([[4, 0, -4], [2, -6, 4]])


def test_first_step_right() -> None:
    assert check.first_step(TO_LOGITS[0] @ DZ).right
    assert check.first_step(-0.0709).right
    assert check.first_step("-0.071").right


@pytest.mark.parametrize(
    ("dh", "expected"),
    [
        (TO_LOGITS[0] @ DZ / LN_3, "in units of ln 3"),
        (TO_LOGITS[0] @ DZ * 124, "divide by it"),
        (TO_LOGITS[0] @ DZ * 4, "a mean over four guesses"),
        (-TO_LOGITS[0] @ DZ, "look at the sign"),
        (TO_LOGITS[1] @ DZ, "that is unit 2"),
        (TO_LOGITS[0, 1] * DZ[1], "the target alone"),
        (TO_LOGITS[0, 0] * DZ[0], "the end mark alone"),
        (TO_LOGITS[0, 2] * DZ[2], "n alone"),
        (np.abs(TO_LOGITS[0]) @ DZ, "n pulls the other way"),
        (1.0, "each entry of dz times the weight"),
        ("little", "dh should be a number"),
    ],
)
def test_first_step_wrong(dh: object, expected: str) -> None:
    assert expected in hint(check.first_step(dh))


# ---- 8.2

Vectors = Callable[[Array, Array, Array], Any]


def both(
    dx: Vectors = lambda x, W, dy: W @ dy,
    dW: Vectors = lambda x, W, dy: np.outer(x, dy),
) -> Vectors:
    """The right gradients of a product, with one of them exchanged for a slip."""
    return lambda x, W, dy: (dx(x, W, dy), dW(x, W, dy))


def with_loops(x: Array, W: Array, dy: Array) -> tuple[Array, Array]:
    dx, dW = np.zeros(len(x)), np.zeros(W.shape)
    for j in range(len(x)):
        for k in range(len(dy)):
            dx[j] += dy[k] * W[j, k]
            dW[j, k] = x[j] * dy[k]
    return dx, dW


def test_product_gradients_right() -> None:
    for function in (both(), with_loops, lambda *given: tuple(part.tolist() for part in both()(*given))):
        assert check.product_gradients(function).right
    assert check.product_gradients(both(lambda x, W, dy: dy @ W.T, lambda x, W, dy: x[:, None] * dy)).right


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        (both(lambda x, W, dy: dy @ W), "dx: this W is square, so dy @ W runs; but it adds down the columns"),
        (both(lambda x, W, dy: x @ W), "dx: that is y, the way forward"),
        (both(lambda x, W, dy: dy * np.diag(W)), "dx: that is one arrow of each x[j]"),
        (both(lambda x, W, dy: W.sum(axis=1)), "dx: that is the sum of the weights"),
        (both(lambda x, W, dy: x * (W @ dy)), "dx: x itself has no part in it"),
        (both(lambda x, W, dy: -W @ dy), "dx: dx[j] is the sum over k"),
        (both(lambda x, W, dy: dy), "dx: dx[j] is the sum over k"),
        (both(dW=lambda x, W, dy: np.outer(dy, x)), "dW: it lies on its side"),
        (both(dW=lambda x, W, dy: np.outer(x, dy) * W), "dW: W itself has no part in it"),
        (both(dW=lambda x, W, dy: np.outer(np.ones(len(x)), dy)), "dW: each row is dy"),
        (both(dW=lambda x, W, dy: np.outer(x, np.ones(len(dy)))), "dW: each column is x"),
        (both(dW=lambda x, W, dy: np.outer(x, x @ W)), "dW: y has no part in it"),
        (both(dW=lambda x, W, dy: -np.outer(x, dy)), "dW: one arrow leaves W[j, k]"),
        (both(dW=lambda x, W, dy: x * dy), "dW should be one array of shape (3, 3); got shape (3,)"),
        (lambda x, W, dy: W @ dy, "return two arrays: dx, dW"),
        (lambda x, W, dy: (W @ dy, ...), "part 2 of what your function returns is still to do"),
        (lambda x, W, dy: with_loops(x, W, dy) if len(x) == 3 else both(lambda x, W, dy: -W @ dy)(x, W, dy),
         "dx: dx[j] is the sum over k"),
        (lambda x, W, dy: both()(x, W, dy) if len(x) == 3 else (W @ dy, -np.outer(x, dy)), "dW: one arrow leaves"),
        (lambda x, W, dy: {}[3], "KeyError"),
    ],
)  # fmt: skip
def test_product_gradients_wrong(slip: Vectors, expected: str) -> None:
    assert expected in hint(check.product_gradients(slip))


# ---- 8.3: the numbers of the table, unit 2's h after each step, unit 1's, and the candidate's da

LEFT, LEFT_1 = np.array([0, 0.5552, -0.5133, 0.5176]), np.array([0, 0, 0.5552, 0.5307])
ENTERED, ENTERED_1 = np.append(0, LEFT[:-1]), np.append(0, LEFT_1[:-1])
DG = np.array([0.0028, 0.0102, -0.0350, -0.0118])


def test_one_weight_right() -> None:
    assert check.one_weight(ENTERED @ DG).right
    assert check.one_weight(-0.0134).right  # from unrounded numbers


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (LEFT @ DG, "the h that left each step"),
        (ENTERED[3] * DG[3], "the last step alone"),
        (ENTERED[2] * DG[2], "step 3 alone"),
        (ENTERED @ DG / 4, "the mean of the shares"),
        (-ENTERED @ DG, "look at the signs"),
        (ENTERED[2] * DG[2] - ENTERED[3] * DG[3], "both numbers are negative"),
        (ENTERED.sum() * DG.sum(), "multiply step by step first"),
        (ENTERED_1 @ DG, "the entry from unit 1"),
        (DG.sum(), "that is the bias"),
        (0.5, "the first h is h_0 = 0"),
        ("n", "entry should be a number"),
    ],
)
def test_one_weight_wrong(entry: object, expected: str) -> None:
    assert expected in hint(check.one_weight(entry))


# ---- 8.4

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


# ---- 8.5

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


# ---- 8.6

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
