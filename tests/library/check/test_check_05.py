"""Chapter 5's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_05 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts import chapter_05_walk as loop

Array = np.ndarray[Any, np.dtype[np.float64]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.walk_back(lambda dh_output, h, W_h: ...),
        check.walk_back(...),  # type: ignore[arg-type]
        check.latch(..., ...),
        check.fading(..., ...),
        check.truncated(lambda piece_back, pieces, h_0: None),
        check.truncated(...),  # type: ignore[arg-type]
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 5.1


def reader_walk(
    da: Callable[..., Array] = lambda dh, carry, output, entered, left: dh * (1 - left**2),
    carry: Callable[..., Array] = lambda dh, before, da, W_h: da @ W_h.T,
    *,
    forward: bool = False,
    order: int = 1,
) -> Callable[..., Array]:
    """The right walk, with one planted slip."""

    def walk(dh_output: Array, h: Array, W_h: Array) -> Array:
        T = len(dh_output)
        found, message = np.zeros_like(dh_output), np.zeros_like(h[0])
        for t in range(T) if forward else reversed(range(T)):
            dh = dh_output[t] + message
            found[t] = da(dh, message, dh_output[t], h[t], h[t + 1])
            message = carry(dh, message, found[t], W_h)
        return found[::order]

    return walk


def test_walk_back_right() -> None:
    assert check.walk_back(reader_walk()).right
    assert check.walk_back(lambda *given: reader_walk()(*given).tolist()).right


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"carry": lambda dh, before, da, W_h: 0 * da}, "right at T = 1, wrong at T = 2: no carry arrives"),
        ({"carry": lambda dh, before, da, W_h: dh @ W_h.T}, "the carry has passed the tanh too"),
        ({"carry": lambda dh, before, da, W_h: da @ W_h}, "through W_h turned over"),
        ({"carry": lambda dh, before, da, W_h: before + da @ W_h.T}, "right at T = 2, wrong at T = 3: you hand on"),
        ({"carry": lambda dh, before, da, W_h: dh + da @ W_h.T}, "dh itself has done its work"),
        ({"carry": lambda dh, before, da, W_h: da}, "da[t] goes back through W_h"),
        ({"da": lambda dh, carry, output, entered, left: dh * (1 - entered**2)}, "at the state that entered"),
        ({"da": lambda dh, carry, output, entered, left: dh * (1 - left)}, "T = 1 already: the slope of tanh is 1"),
        ({"da": lambda dh, carry, output, entered, left: dh * left * (1 - left)}, "the slope of a sigmoid"),
        ({"da": lambda dh, carry, output, entered, left: dh * (1 - np.tanh(left) ** 2)}, "squashed twice"),
        ({"da": lambda dh, carry, output, entered, left: dh}, "the slope of the tanh is missing"),
        ({"da": lambda dh, carry, output, entered, left: output * (1 - left**2)}, "no carry arrives"),
        ({"da": lambda dh, carry, output, entered, left: output * (1 - left**2) + carry}, "the whole dh, the carry"),
        ({"da": lambda dh, carry, output, entered, left: -dh}, "from the last step to the first"),
        ({"order": -1}, "in the order of the walk"),
        ({"forward": True}, "from the last step to the first"),
    ],
)  # fmt: skip
def test_walk_back_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.walk_back(reader_walk(**slip)))


def test_a_walk_that_listens_to_the_last_step_only() -> None:
    def walk(dh_output: Array, h: Array, W_h: Array) -> Array:
        da, dh = np.zeros_like(dh_output), dh_output[-1]
        for t in reversed(range(len(da))):
            da[t] = dh * (1 - h[t + 1] ** 2)
            dh = da[t] @ W_h.T
        return da

    assert "missing at all steps but the last" in hint(check.walk_back(walk))


def test_a_walk_of_another_form() -> None:
    right = reader_walk()
    assert "should be one array" in hint(check.walk_back(lambda *given: {"da": right(*given)}))
    assert "IndexError" in hint(check.walk_back(lambda dh_output, h, W_h: h[99]))

    def only_short(dh_output: Array, h: Array, W_h: Array) -> Array:
        return reader_walk(carry=lambda dh, before, da, W_h: 0 * da)(dh_output, h, W_h)[:3]

    assert "does not return da of all steps at all" in hint(check.walk_back(only_short))


def test_every_slip_of_the_walk_differs_from_the_right_one_and_from_the_others() -> None:
    whole = loop.random_loop()
    found = [loop.walk(whole), *(loop.walk(whole, *forms) for forms in loop.SLIPS.values())]
    for k, one in enumerate(found):
        assert sum(np.allclose(one, other) for other in found[:k]) == 0


# ---- 5.2: a unit that holds 4/5, with the weight 5/4 ln 3 from itself

LN_3 = np.log(3)
ONCE = 9 / 25 * 5 / 4 * LN_3


def test_latch_right() -> None:
    assert check.latch(ONCE, ONCE**10).right
    assert check.latch(0.494, 0.00087).right
    assert "ten_steps is still to do" in hint(check.latch(ONCE, ...))


def test_the_latch_is_as_the_chapter_says() -> None:
    np.testing.assert_allclose(np.tanh(5 / 4 * LN_3 * 0.8), 0.8)
    nudge = 1e-6
    np.testing.assert_allclose((np.tanh(5 / 4 * LN_3 * (0.8 + nudge)) - 0.8) / nudge, ONCE, rtol=1e-5)


@pytest.mark.parametrize(
    ("one_step", "expected"),
    [
        (5 / 4 * LN_3, "the slope of the tanh is missing"),
        (0.36, "the weight from the unit to itself is missing"),
        (0.45, "in units of ln 3"),
        (0.36 * LN_3, "the weight is 5/4 of ln 3"),
        (0.36 / (1.25 * LN_3), "a product"),
        (0.8 * 1.25 * LN_3, "0.8 is the output"),
        (0.2 * 1.25 * LN_3, "0.8 times 0.8 is 0.64"),
        (0.64 * 1.25 * LN_3, "what is missing to 1"),
        (0.16 * 1.25 * LN_3, "the slope of a sigmoid"),
        (1, "nudge it a little"),
        (0.8, "the value which the unit holds"),
        (7, "the slope of the tanh at 0.8"),
    ],
)
def test_latch_wrong_step(one_step: float, expected: str) -> None:
    assert expected in hint(check.latch(one_step, ONCE**10))


@pytest.mark.parametrize(
    ("ten_steps", "expected"),
    [
        (10 * ONCE, "a power, not a product"),
        (ONCE, "for one step"),
        (ONCE**9, "ten factors"),
        (ONCE**11, "ten factors"),
        (ONCE / 10, "not a division"),
        (1, "no step hands it on whole"),
        (-3, "to the power 10"),
    ],
)
def test_latch_wrong_power(ten_steps: float, expected: str) -> None:
    assert expected in hint(check.latch(ONCE, ten_steps))


# ---- 5.3


def steps(share: float, radius: float) -> float:
    return float(np.log(share) / np.log(radius))


def test_fading_right() -> None:
    for answer in ((65.6, 687.3), (66, 688), (65, 687)):
        assert check.fading(*answer).right
    assert steps(1e-3, 0.9) == pytest.approx(check.KEPT[0.9], abs=1e-4)
    assert steps(1e-3, 0.99) == pytest.approx(check.KEPT[0.99], abs=1e-4)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda r: 0.999 / (1 - r), "a share of what is left"),
        (lambda r: -steps(1e-3, r), "both logarithms are negative"),
        (lambda r: steps(0.5, r), "that is for a half"),
        (lambda r: steps(0.1, r), "that is for a tenth"),
        (lambda r: steps(0.01, r), "that is for a hundredth"),
        (lambda r: steps(1e-6, r), "that is for a millionth"),
        (lambda r: -3 / np.log(r), "to base 10"),
        (lambda r: 1000 * r, "the gradient is r**k"),
        (lambda r: np.log(1000) / np.log(1.8), "in the long run the radius decides"),
        (lambda r: 40.0, "solve r**k"),
    ],
)
def test_fading_wrong(wrong: Callable[[float], float], expected: str) -> None:
    assert expected in hint(check.fading(wrong(0.9), 687.3))
    assert expected in hint(check.fading(65.6, wrong(0.99)))


# ---- 5.4


def reader_sum(*, hands_on: bool = True, adds: bool = True, mean: bool = False, order: int = 1) -> Callable[..., Any]:
    """The right sum over the pieces, with planted slips."""

    def walk(piece_back: Callable[..., Any], pieces: list[Any], h_0: Array) -> Any:
        total, h = 0.0, h_0
        for piece in pieces[::order]:
            gradient, left = piece_back(piece, h)
            total = total + gradient if adds else gradient
            h = left if hands_on else h_0
        return total / len(pieces) if mean else total

    return walk


def test_truncated_right() -> None:
    assert check.truncated(reader_sum()).right


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"hands_on": False, "adds": False}, "wrong with 2 pieces: two things are lost at a cut"),
        ({"hands_on": False}, "the state is cut too"),
        ({"adds": False}, "only the last piece's gradient"),
        ({"mean": True}, "the mean over the pieces"),
        ({"order": -1}, "from the first to the last"),
    ],
)
def test_truncated_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.truncated(reader_sum(**slip)))


def test_truncated_of_another_form() -> None:
    def first_alone(piece_back: Callable[..., Any], pieces: list[Any], h_0: Array) -> Any:
        return piece_back(pieces[0], h_0)[0]

    assert "the first piece alone" in hint(check.truncated(first_alone))
    assert "wrong with 1 piece: read each piece" in hint(check.truncated(lambda back, pieces, h_0: np.zeros((2, 2))))
    assert "shape (2, 2)" in hint(check.truncated(lambda back, pieces, h_0: back(pieces[0], h_0)))
