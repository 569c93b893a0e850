"""Chapter 21's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_21 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts.chapter_21_coupled import random_step
from lstm_lib.ops import sigmoid
from lstm_lib.variants import coupled
from lstm_lib.variants.trials import Trials

Array = np.ndarray[Any, np.dtype[np.float64]]


@pytest.mark.parametrize(
    "unfilled",
    [
        check.worst(..., ...),
        check.coupled(lambda kept, dh, dc: ...),
        check.coupled(...),  # type: ignore[arg-type]
        check.combine(lambda first, second: (..., ...)),
        check.rounds(..., ..., ...),
        check.carried(lambda W_x, W_h, b: None),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 21.1

FOUND = {  # nats of the names, and runs solved of two for each of two lengths
    "LSTM": (2.0, [[50, 50], [100, None]]), "no forget gate": (2.1, [[50, 50], [50, 50]]),
    "no input gate": (2.3, [[None, None], [None, None]]), "no output gate": (2.2, [[50, None], [None, None]]),
    "no tanh on the way out": (2.05, [[50, 50], [50, None]]),
}  # fmt: skip


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    nats = {name: [nats, nats] for name, (nats, _) in FOUND.items()}
    steps = {name: {5: runs[0], 40: runs[1]} for name, (_, runs) in FOUND.items()}
    monkeypatch.setattr(check, "load_trials", lambda: Trials({}, {}, {}, {}, {}, nats, steps, {}))


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("names", "memory", "expected"),
    [
        ("output gate", "input gate", "worst_on_names: 'output gate' is not it; of the other cuts 1 clearly does"),
        ("tanh", "input gate", "of the other cuts 3 clearly do worse"),
        ("input gate", "forget gate", "worst_on_memory: 'forget gate' is not it; of the other cuts 3 solve fewer"),
        ("input gate", "tanh", "worst_on_memory: 'tanh' is not it; of the other cuts 2 solve fewer runs."),
        ("input gate", ..., "worst_on_memory is still to do"),
        (..., "input gate", "worst_on_names is still to do"),
        ("forget", "input gate", "should be one of 'forget gate', 'input gate', 'output gate', 'tanh'; got 'forget'"),
        (3, "input gate", "got 3"),
    ],
)
def test_worst_wrong(names: Any, memory: Any, expected: str) -> None:
    assert expected in hint(check.worst(names, memory))


@pytest.mark.usefixtures("found")
def test_worst_right() -> None:
    assert check.worst("input gate", "input gate").right
    assert check.worst("input gate", "output gate").right  # one run of four is no difference
    praise = "On names it costs 0.300 nats. Last on the memory task, by the runs that they solve: "
    assert check.worst("input gate", "input gate").message == f"{praise}input gate (0), output gate (1)."


def test_worst_by_the_stored_runs() -> None:
    assert check.worst("forget gate", "input gate").message.endswith("solve: output gate (12), input gate (14).")


# ---- 21.2

FORMS: dict[str, Callable[..., Array]] = {
    "f": lambda f, g, o, c, tanh_c, dh, dc, whole: whole * (c - g) * f * (1 - f),
    "g": lambda f, g, o, c, tanh_c, dh, dc, whole: whole * (1 - f) * (1 - g**2),
    "o": lambda f, g, o, c, tanh_c, dh, dc, whole: dh * tanh_c * o * (1 - o),
    "carry": lambda f, g, o, c, tanh_c, dh, dc, whole: whole * f,
}


def way_back(order: str = "fgo", **slips: Callable[..., Array]) -> Callable[..., Any]:
    """The right way back, with the planted slips."""

    def back(kept: tuple[Array, ...], dh: Array, dc: Array) -> tuple[Array, Array]:
        f, g, o, c, tanh_c = kept
        known = f, g, o, c, tanh_c, dh, dc, dh * o * (1 - tanh_c**2) + dc
        found = {name: (slips.get(name, form))(*known) for name, form in FORMS.items()}
        return np.concatenate([found[block] for block in order], axis=1), found["carry"]

    return back


def test_coupled_right() -> None:
    assert check.coupled(way_back()).right
    assert check.coupled(lambda kept, dh, dc: [each.tolist() for each in way_back()(kept, dh, dc)]).right


@pytest.mark.parametrize(
    ("block", "slip", "expected"),
    [
        ("f", lambda f, g, o, c, t, dh, dc, w: w * c * f * (1 - f), "how much of g is written"),
        ("f", lambda f, g, o, c, t, dh, dc, w: -w * g * f * (1 - f), "how much of the old c is kept"),
        ("f", lambda f, g, o, c, t, dh, dc, w: w * (c + g) * f * (1 - f), "with the wrong sign"),
        ("f", lambda f, g, o, c, t, dh, dc, w: w * (g - c) * f * (1 - f), "the sign is turned"),
        ("f", lambda f, g, o, c, t, dh, dc, w: w * (c - g), "slope of the sigmoid is missing"),
        ("f", lambda f, g, o, c, t, dh, dc, w: dc * (c - g) * f * (1 - f), "only what came along c"),
        ("f", lambda f, g, o, c, t, dh, dc, w: w * (c - g) * (1 - f**2), "its slope is f (1 - f)"),
        ("f", lambda f, g, o, c, t, dh, dc, w: w, "take the slope in f"),
        ("g", lambda f, g, o, c, t, dh, dc, w: w * f * (1 - g**2), "by 1 - f, not by f"),
        ("g", lambda f, g, o, c, t, dh, dc, w: w * (1 - g**2), "the factor 1 - f is missing"),
        ("g", lambda f, g, o, c, t, dh, dc, w: w * (1 - f), "the slope of tanh is missing"),
        ("g", lambda f, g, o, c, t, dh, dc, w: dc * (1 - f) * (1 - g**2), "only what came along c"),
        ("g", lambda f, g, o, c, t, dh, dc, w: w * (1 - f) * g * (1 - g), "its slope is 1 - g**2"),
        ("g", lambda f, g, o, c, t, dh, dc, w: 0 * w, "g is written with 1 - f, then its slope"),
        ("o", lambda f, g, o, c, t, dh, dc, w: dh * t, "block o: do stands there"),
        ("o", lambda f, g, o, c, t, dh, dc, w: w * t * o * (1 - o), "o touches h and not c"),
        ("o", lambda f, g, o, c, t, dh, dc, w: dh * o, "nothing changed for o"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: w, "has passed f"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: dc * f, "carry the complete dc"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: (w - dc) * f, "through h alone"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: w * (1 - f), "1 - f is the way to g"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: w * (2 * f - 1), "g was not made from the old c"),
        ("carry", lambda f, g, o, c, t, dh, dc, w: 0 * w, "what the old c was multiplied by"),
    ],
)
def test_coupled_wrong(block: str, slip: Callable[..., Array], expected: str) -> None:
    said = hint(check.coupled(way_back(**{block: slip})))
    assert expected in said
    assert said.startswith("dc_prev" if block == "carry" else f"block {block}")


def test_coupled_of_another_form_or_borrowed() -> None:
    assert "return two arrays: da, dc_prev" in hint(check.coupled(lambda kept, dh, dc: way_back()(kept, dh, dc)[0]))
    assert "block o" in hint(check.coupled(way_back("ofg")))
    assert "without the library's step_back" in hint(check.coupled(coupled.step_back))
    kept, dh, dc = random_step()
    ours, theirs = way_back()(kept, dh, dc), coupled.step_back(kept, dh, dc)
    for one, two in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12)


# ---- 21.3


def test_combine_right() -> None:
    assert check.combine(lambda one, two: (one[0] * two[0], two[0] * one[1] + two[1])).right


@pytest.mark.parametrize(
    ("f", "w", "expected"),
    [
        (lambda f, u: f + u, None, "f: they multiply"),
        (lambda f, u: f, None, "f: that is the first step's alone"),
        (lambda f, u: u, None, "f: that is the second step's alone"),
        (lambda f, u: (f + u) / 2, None, "no mean"),
        (lambda f, u: 0 * f, None, "what stands before s"),
        (None, lambda f, u, w, x: w + x, "what the first wrote passes the second step"),
        (None, lambda f, u, w, x: f * x + w, "the other way round"),
        (None, lambda f, u, w, x: f * w + x, "not its own"),
        (None, lambda f, u, w, x: f * u * w + x, "came before it was written"),
        (None, lambda f, u, w, x: u * (w + x), "the second w is fresh"),
        (None, lambda f, u, w, x: x, "is still there, in part"),
        (None, lambda f, u, w, x: 0 * w, "what stands without s"),
    ],
)
def test_combine_wrong(f: Any, w: Any, expected: str) -> None:
    def wrong(one: tuple[Array, Array], two: tuple[Array, Array]) -> tuple[Array, Array]:
        (f_1, w_1), (f_2, w_2) = one, two
        return f(f_1, f_2) if f else f_1 * f_2, w(f_1, f_2, w_1, w_2) if w else f_2 * w_1 + w_2

    assert expected in hint(check.combine(wrong))


# ---- 21.4


def test_rounds_right() -> None:
    assert check.rounds(4, 10, 49).right
    assert sum(16 - reach for reach in (1, 2, 4, 8)) == 49


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((15, 10, 49), "that is the loop"),
        ((16, 10, 49), "that is the loop"),
        ((8, 10, 49), "count the doublings"),
        ((5, 10, 49), "four doublings make sixteen"),
        ((3, 10, 49), "three doublings make eight"),
        ((2, 10, 49), "the doublings that lead from 1 step to 16"),
        ((4, 9, 49), "nine doublings make 512"),
        ((4, 500, 49), "a round doubles"),
        ((4, 999, 49), "the loop"),
        ((4, 1000, 49), "the loop"),
        ((4, 9.966, 49), "up to a whole number"),
        ((4, 11, 49), "ten doublings make 1,024"),
        ((4, 7, 49), "at least 1,000"),
        ((4, 10, 64), "the first r places have all they need"),
        ((4, 10, 60), "the first round alone"),
        ((4, 10, 15), "add those of all four rounds"),
        ((4, 10, 16), "add up what the four rounds update"),
        ((4, 10, 34), "the reaches are 1, 2, 4 and 8"),
        ((4, 10, 20), "16 - r places"),
        ((4, ..., ...), "rounds_16 is right; rounds_1000 is still to do"),
    ],
)
def test_rounds_wrong(answers: tuple[Any, Any, Any], expected: str) -> None:
    assert expected in hint(check.rounds(*answers))


# ---- 21.5


def blocks(*signs: float, order: str = "rzg") -> Callable[[Array], Array]:
    def changed(W: Array) -> Array:
        parts = dict(zip("rzg", np.split(W, 3, axis=-1), strict=True))
        return np.concatenate([sign * parts[name] for sign, name in zip(signs, order, strict=True)], axis=-1)

    return changed


RIGHT, SAME = blocks(1, -1, 1), blocks(1, 1, 1)


def carry_over(W_x: Any = RIGHT, W_h: Any = RIGHT, b: Any = RIGHT) -> Callable[..., Any]:
    return lambda *given: tuple(change(each) for change, each in zip((W_x, W_h, b), given, strict=True))


def test_carried_right_and_why() -> None:
    assert check.carried(carry_over()).right
    a = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(1 - sigmoid(a), sigmoid(-a), rtol=1e-12)


def one_minus(W: Array) -> Array:
    r, z, g = np.split(W, 3, axis=-1)
    return np.concatenate([r, 1 - z, g], axis=-1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((SAME, SAME, SAME), "W_x is as it was. Lay the formulas side by side"),
        ((one_minus, one_minus, one_minus), "1 - W is not it"),
        ((blocks(-1, -1, -1),) * 3, "all three blocks changed"),
        ((blocks(1, 1, -1),) * 3, "the candidate changed"),
        ((blocks(-1, 1, 1),) * 3, "the reset gate changed"),
        ((blocks(1, 1, 1, order="zrg"),) * 3, "you exchanged blocks"),
        ((blocks(1, 1, 1, order="rgz"),) * 3, "you exchanged z and g"),
        ((blocks(0, 0, 0),) * 3, "columns 2 to 3 are the gate's; which a gives 1 - sigmoid(a)?"),
        ((RIGHT, SAME, RIGHT), "W_x is right; W_h feeds that gate too"),
        ((RIGHT, RIGHT, SAME), "both matrices are right; the bias"),
    ],
)
def test_carried_wrong(changes: tuple[Any, ...], expected: str) -> None:
    said = hint(check.carried(carry_over(*changes)))
    assert expected in said
    assert said.endswith((".", "?"))
    assert "?." not in said


def test_carried_of_another_form() -> None:
    assert "return three arrays: W_x, W_h, b" in hint(check.carried(lambda W_x, W_h, b: W_x))
