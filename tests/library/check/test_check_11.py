"""Chapter 11's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_11 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts.chapter_11_trace import GRADIENTS, RATE, START, TRACE
from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_update
from lstm_lib.tree import named_leaves, tree_map

Step = Callable[..., Any]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.adam(lambda params, grads, state, lr: ...),
        check.adam(...),  # type: ignore[arg-type]
        check.swapped(..., ...),
        check.tiny_gradient(..., ...),
        check.counted(..., ...),
        check.in_place(lambda *given: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- the trace of the chapter


def test_the_trace_is_the_one_that_the_tests_keep() -> None:
    kept = json.loads((Path(__file__).parents[1] / "adam_trace.json").read_text())
    assert kept["lr"] == RATE
    np.testing.assert_array_equal(TRACE, np.array(kept["params"])[:, :5])
    np.testing.assert_array_equal(START, [0.25 * entry - 2 for entry in range(5)])
    for s, row in enumerate(GRADIENTS, start=1):
        expected = [((7 * s + 3 * entry) % 11 - 5) * 10.0 ** (4 * entry - 10) for entry in range(5)]
        np.testing.assert_allclose(row, expected, rtol=1e-15)


# ---- 11.1


def my_adam(
    *, beta1: float = 0.9, beta2: float = 0.999, lr_too: bool = True, sign: int = 1, square: Step | None = None,
    correct: Step | None = None, divide: Step | None = None, count: int = 1, grows: bool = True, sums: bool = False,
    give_back: str = "means", own: bool = False,
) -> Step:  # fmt: skip
    """A reader's Adam, with one planted slip."""
    square = square or (lambda d, m: d**2)
    correct = correct or (lambda m, v, s: (m / (1 - beta1**s), v / (1 - beta2**s)))
    divide = divide or (lambda m, v: m / (np.sqrt(v) + 1e-8))

    def step(params: Params, grads: Params, state: Any, lr: float) -> Any:
        m, v, s = state
        s = s + count
        new1, new2 = (1.0, 1.0) if sums else (1 - beta1, 1 - beta2)
        m = tree_map(lambda old, d: beta1 * old + new1 * d, m, grads)
        v = tree_map(lambda old, d, mean: beta2 * old + new2 * square(d, mean), v, grads, m)
        hats = {name: correct(leaf, getattr(v, name), s) for name, leaf in named_leaves(m)}
        if own:
            hats = {name: (d, hats[name][1]) for name, d in named_leaves(grads)}
        rate = lr if lr_too else 1.0
        moved = {name: leaf - sign * rate * divide(*hats[name]) for name, leaf in named_leaves(params)}
        if give_back == "hats":
            m, v = (Params(**{name: pair[k] for name, pair in hats.items()}) for k in (0, 1))
        if own:
            moved = {
                name: leaf - lr * divide(getattr(grads, name), hats[name][1]) for name, leaf in named_leaves(params)
            }
        if give_back == "old":
            return Params(**moved), state
        if give_back == "zeros":
            m, v = tree_map(np.zeros_like, m), tree_map(np.zeros_like, v)
        return Params(**moved), (m, v, s if grows else 0)

    return step


def per_tensor(params: Params, grads: Params, state: Any, lr: float) -> Any:
    m, v, s = state
    new: dict[str, dict[str, Any]] = {"p": {}, "m": {}, "v": {}}
    for name, d in named_leaves(grads):
        s += 1
        new["m"][name] = 0.9 * getattr(m, name) + 0.1 * d
        new["v"][name] = 0.999 * getattr(v, name) + 0.001 * d**2
        m_hat, v_hat = new["m"][name] / (1 - 0.9**s), new["v"][name] / (1 - 0.999**s)
        new["p"][name] = getattr(params, name) - lr * m_hat / (np.sqrt(v_hat) + 1e-8)
    return Params(**new["p"]), (Params(**new["m"]), Params(**new["v"]), s)


def test_adam_keeps_nothing_for_itself() -> None:
    inside: list[Any] = []

    def kept(params: Params, grads: Params, state: Any, lr: float) -> Any:
        params, new = my_adam()(params, grads, inside[-1] if inside else state, lr)
        inside.append(new)
        return params, state

    assert "all that Adam remembers stands in the state" in hint(check.adam(kept))


def test_adam_right() -> None:
    assert check.adam(my_adam()).right

    def the_librarys(params: Params, grads: Params, state: Any, lr: float) -> Any:
        params, after = adam_update(params, grads, AdamState(*state), lr=lr)
        return params, [after.m, after.v, after.step]

    told = "the numbers are right; write it yourself, without the library's adam_update."
    assert hint(check.adam(the_librarys)) == told


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        (my_adam(correct=lambda m, v, s: (m, v)), "your first step is 3.16 lr: neither mean is corrected"),
        (my_adam(correct=lambda m, v, s: (m / (1 - 0.9**s), v)), "31.6 lr: only m is corrected"),
        (my_adam(correct=lambda m, v, s: (m, v / (1 - 0.999**s))), "0.1 lr: only v is corrected"),
        (my_adam(correct=lambda m, v, s: (m * (1 - 0.9**s), v * (1 - 0.999**s))), "divide by it"),
        (my_adam(correct=lambda m, v, s: (m / 0.1, v / 0.001)), "Either the power s is missing"),
        (my_adam(grows=False), "or the count that you return does not grow"),
        (per_tensor, "after one training step your count is 6"),
        (
            my_adam(correct=lambda m, v, s: (m / (1 - 0.9 ** (s + 1)), v / (1 - 0.999 ** (s + 1)))),
            "your count is one ahead",
        ),
        (my_adam(beta1=0.999, beta2=0.9), "the betas are exchanged"),
        (my_adam(divide=lambda m, v: m / (v + 1e-8)), "the root is missing"),
        (my_adam(divide=lambda m, v: m / np.sqrt(v + 1e-8)), "eps stands under the root"),
        (
            my_adam(divide=lambda m, v: m / np.sqrt(np.maximum(v, 1e-99)) + 1e-6),
            "eps is added to the whole fraction",
        ),
        (my_adam(sign=-1), "you walk uphill"),
        (my_adam(lr_too=False), "lr is missing"),
        (my_adam(square=lambda d, m: m**2), "yours averages the square of m"),
        (my_adam(sums=True), "m and v are sums, not means"),
        (my_adam(give_back="hats"), "you hand back the corrected means"),
        (my_adam(give_back="zeros"), "m and v are not remembered"),
        (my_adam(give_back="old"), "you hand back the state that came in"),
        (my_adam(own=True), "you step with the gradient itself"),
        (my_adam(square=lambda d, m: np.abs(d)), "yours averages their sizes, |g|"),
        (my_adam(square=lambda d, m: d), "nan or infinite"),
        (my_adam(count=0), "nan or infinite at once: s is still 0"),
        (my_adam(divide=lambda m, v: m / np.sqrt(v)), "does eps stand in the denominator"),
        (my_adam(divide=lambda m, v: m / (3 * np.sqrt(v) + 1e-8)), "your first step is 0.333 lr"),
        (my_adam(beta1=0.8), "at what m and v keep each step"),
    ],
)
def test_adam_wrong(slip: Step, expected: str) -> None:
    assert expected in hint(check.adam(slip))


def test_adam_of_another_form() -> None:
    fine = my_adam()
    assert "return two things" in hint(check.adam(lambda *given: fine(*given)[0]))
    assert "return two things" in hint(check.adam(lambda *given: (*fine(*given), 1)))
    assert "the first of the two: return one Params, such as tree_map makes; got tuple" in hint(
        check.adam(lambda *given: fine(*given)[::-1])
    )
    assert "three things: m, v and s" in hint(check.adam(lambda *given: (fine(*given)[0], fine(*given)[1][:2])))
    assert "three things" in hint(check.adam(lambda *given: (fine(*given)[0], 1)))
    assert "KeyError" in hint(check.adam(lambda *given: {}["m"]))

    def flat(*given: Any) -> Any:
        params, state = fine(*given)
        object.__setattr__(params, "E", params.E.ravel())
        return params, state

    assert "E should have shape (3, 2); got (6,)" in hint(check.adam(flat))


# ---- 11.2


def test_the_four_runs_are_what_the_chapter_says() -> None:
    runs = {name: np.array(run) for name, run in check.four_runs().items()}
    assert list(runs) == list("ABCD")
    np.testing.assert_allclose([run[0] for run in runs.values()], [1, 1, 1, np.sqrt(10)], rtol=1e-6)
    assert abs(runs["C"] - runs["B"])[1] > 0.03  # seen at step 2, with two decimals
    assert 1 < runs["A"][1] < runs["A"][2] < 1.5  # it grows, as its hint says, yet not past the gradients 3 and 2


def test_swapped_right() -> None:
    assert check.swapped("C", 2).right
    assert check.swapped(" c ", np.int64(2)).right


@pytest.mark.parametrize(
    ("run", "step", "expected"),
    [
        ("A", 2, "A starts at 1 and grows, as in Figure 11.4: it divides by 1 - beta without the power"),
        ("B", 2, "B is the right one"),
        ("D", ..., "Adam without correction"),
        ("E", 2, "with one letter, A to D; got 'E'"),
        ("C", ..., "from which step on can you tell"),
        ("C", 1, "the corrected first step is lr for ANY betas"),
        ("C", 4, "step = 4: look for the first column in which"),
        ("C", "two", "step should be a number; got 'two'"),
    ],
)
def test_swapped_wrong(run: object, step: object, expected: str) -> None:
    assert expected in hint(check.swapped(run, step))


# ---- 11.3

AFTER, UNDER = 0.75, 3e-8 / np.sqrt(9e-16 + 1e-8)


def test_tiny_gradient_right() -> None:
    assert check.tiny_gradient(AFTER, UNDER).right
    assert check.tiny_gradient(AFTER, 3e-4).right
    assert check.tiny_gradient(AFTER, 3e-8 / (3e-8 + 1e-4)).right  # the root taken term by term: as near as that


@pytest.mark.parametrize(
    ("after", "under", "expected"),
    [
        (1, ..., "only where the gradient is much larger"),
        (0.25, ..., "the share of eps"),
        (0.5, ..., "half is for a gradient of exactly eps"),
        (3, ..., "that is the gradient over eps"),
        (4 / 3, ..., "upside down"),
        (0.0075, ..., "without the factor 0.01"),
        (3e-8, ..., "that is the gradient itself"),
        (0.6, ..., "m_hat is the gradient and v_hat its square"),
        ("x", ..., "after should be a number"),
        (AFTER, ..., "under is still to do"),
        (AFTER, 0.75, "that is with eps after the root"),
        (AFTER, 0.00029, "close: keep more digits"),
        (AFTER, 3 / np.sqrt(10), "eps squared under the root"),
        (AFTER, 1.0, "compare 1e-8 with 9e-16"),
        (AFTER, 3, "becomes 1e-4"),
        (AFTER, 3e-8, "that is the gradient itself"),
        (AFTER, 3e-6, "without the factor 0.01"),
        (AFTER, 0.2, "3e-8 over the root of"),
        (AFTER, 0.0, "3e-8 over the root of"),
        (AFTER, [1, 2], "under should be a number"),
    ],
)
def test_tiny_gradient_wrong(after: object, under: object, expected: str) -> None:
    assert expected in hint(check.tiny_gradient(after, under))


# ---- 11.4


def test_counted_right() -> None:
    last = 0.1 / (1 - 0.9**6) / np.sqrt(0.001 / (1 - 0.999**6))
    assert check.counted(6, last).right
    assert check.counted(6, 0.522).right


@pytest.mark.parametrize(
    ("count", "last", "expected"),
    [
        (1, ..., "the count of a right Adam"),
        (5, ..., "six tensors, so six calls"),
        (7, ..., "the second step"),
        (36, ..., "each call adds one"),
        (3, ..., "one call for each tensor"),
        (None, ..., None),
        (6, ..., "last_step is still to do"),
        (6, 1, "corrected with 6"),
        (6, 1 - 0.9**6, "by which m is divided"),
        (6, 0.1 / (1 - 0.9**6), "that is the corrected m"),
        (6, np.sqrt(0.001 / (1 - 0.999**6)), "the root of the corrected v"),
        (6, 1.9153, "upside down"),
        (6, 1.2773, "the root is missing"),
        (6, np.sqrt(10), "without any correction"),
        (6, 3.16, "without any correction"),
        (6, 0.53, "close: keep more digits"),
        (6, 0.1, "m before its correction"),
        (6, 0.3, "0.1 / (1 - 0.9^6) over the root"),
    ],
)
def test_counted_wrong(count: object, last: object, expected: str | None) -> None:
    feedback = check.counted(count, last)
    if expected is None:
        assert feedback.status == "not attempted yet"
    else:
        assert expected in hint(feedback)


# ---- 11.5


def in_place_step(*, copy_m: bool = True, copy_v: bool = True, correct: bool = True) -> Step:
    def step(theta: Any, dtheta: Any, m: Any, v: Any, s: int, lr: float) -> Any:
        m = 0.9 * m + 0.1 * dtheta
        v = 0.999 * v + 0.001 * dtheta**2
        m_hat, v_hat = (m.copy() if copy_m else m), (v.copy() if copy_v else v)
        if correct:
            m_hat /= 1 - 0.9**s
            v_hat /= 1 - 0.999**s
        return theta - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v

    return step


def test_in_place_right() -> None:
    assert check.in_place(in_place_step()).right


def test_in_place_wrong() -> None:
    fine = in_place_step()
    assert "what do m and m_hat share" in hint(check.in_place(in_place_step(copy_m=False, copy_v=False)))
    assert "the m handed back is not the running mean" in hint(check.in_place(in_place_step(copy_m=False)))
    assert "the v handed back is not the running mean" in hint(check.in_place(in_place_step(copy_v=False)))
    assert "at step 1 theta goes astray" in hint(check.in_place(in_place_step(correct=False)))
    assert "return three arrays" in hint(check.in_place(lambda *given: fine(*given)[0]))
    assert "m should be one array of shape (4,); got shape ()" in hint(
        check.in_place(lambda *given: (fine(*given)[0], 0.0, fine(*given)[2]))
    )
    assert "ZeroDivisionError" in hint(check.in_place(lambda *given: 1 / 0))

    assert "the m and v handed back are those that came in" in hint(
        check.in_place(lambda *given: (fine(*given)[0], given[2], given[3]))
    )

    def shifted(*given: Any) -> Any:
        theta, m, v = fine(*given)
        return theta, m + 1, v + 1

    assert "the m handed back" in hint(check.in_place(shifted))


def other_step(*, own: bool = False, sizes: bool = False) -> Step:
    """A step of a reader who put the gradient in the place of m_hat, or |g| into v."""

    def step(theta: Any, dtheta: Any, m: Any, v: Any, s: int, lr: float) -> Any:
        m = 0.9 * m + 0.1 * dtheta
        v = 0.999 * v + 0.001 * (np.abs(dtheta) if sizes else dtheta**2)
        m_hat, v_hat = (dtheta if own else m / (1 - 0.9**s)), v / (1 - 0.999**s)
        return theta - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v

    return step


def test_in_place_names_other_slips() -> None:
    assert check.in_place(other_step()).right
    assert "at step 2 theta goes astray: it moves by the gradient itself" in hint(check.in_place(other_step(own=True)))
    assert "at step 1 theta goes astray: v averages the squares" in hint(check.in_place(other_step(sizes=True)))


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("m", "you hand back the v that came in"),
        ("v", "you hand back the m that came in"),
        ("", "starts from the zeros that came in"),
    ],
)
def test_adam_names_the_mean_that_is_handed_back_as_it_came(kept: str, expected: str) -> None:
    fine = my_adam()

    def forgets(params: Params, grads: Params, state: Any, lr: float) -> Any:
        new, (m, v, s) = fine(params, grads, state, lr)
        return new, (m if "m" in kept else state[0], v if "v" in kept else state[1], s)

    assert expected in hint(check.adam(forgets))


def test_adam_with_the_gradient_corrected_in_place_of_the_mean() -> None:
    def step(params: Params, grads: Params, state: Any, lr: float) -> Any:
        m, v, s = state
        m = tree_map(lambda old, d: 0.9 * old + 0.1 * d, m, grads)
        v = tree_map(lambda old, d: 0.999 * old + 0.001 * d**2, v, grads)
        s += 1

        def move(theta: Any, d: Any, v: Any) -> Any:
            return theta - lr * d / (1 - 0.9**s) / (np.sqrt(v / (1 - 0.999**s)) + 1e-8)

        return tree_map(move, params, grads, v), (m, v, s)

    assert "you correct the gradient itself" in hint(check.adam(step))
