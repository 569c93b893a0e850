"""Chapter 18's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_18 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.inside.probe import fit_probe
from lstm_lib.inside.switch import switch_off
from lstm_lib.model import Params


@pytest.mark.parametrize(
    "unfilled",
    [
        check.switched_off(lambda params, unit, level: ...),
        check.many_looks(..., ...),
        check.length_counter(lambda h, letters: ...),
        check.halves(lambda owner, rng: ...),
        check.saturated(..., ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- 18.1


def off(
    *, rows: tuple[str, ...] = ("W_h", "W_y"), axis: int = 0,
    b: Callable[..., Any] = lambda bias, level, row: bias + level * row,
    b_y: Callable[..., Any] = lambda bias, level, row: bias + level * row,
) -> Callable[..., Params]:  # fmt: skip
    """The right switch, with slips: which matrices lose the unit, by row or column, and what the biases become."""

    def switch(params: Params, unit: int, level: float) -> Params:
        cut = {name: getattr(params, name).copy() for name in rows}
        for W in cut.values():
            W[(unit, slice(None)) if axis == 0 else (slice(None), unit)] = 0
        biases = {"b": b(params.b, level, params.W_h[unit]), "b_y": b_y(params.b_y, level, params.W_y[unit])}
        return replace(params, **cut, **biases)

    return switch


def unchanged(bias: Any, level: float, row: Any) -> Any:
    return bias


def test_switched_off_right() -> None:
    assert check.switched_off(off()).right


def test_switched_off_by_the_library() -> None:
    borrowed = hint(check.switched_off(lambda params, unit, level: switch_off(params, [unit], level)))
    assert borrowed == "the numbers are right; write it yourself, without the library's switch_off."


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ({"rows": ()}, "W_h is as before, so the gates of the next step still read the unit"),
        ({"rows": ("W_y",)}, "W_h is as before"),
        ({"rows": ("W_h",)}, "W_y is as before, so the output layer"),
        ({"axis": 1}, "W_h: that is a column"),
        ({"rows": ("W_h", "W_y", "E")}, "E and W_x should stay"),
        ({"b": unchanged}, "right at level 0, wrong at 0.4: b is as before"),
        ({"b_y": unchanged}, "right at level 0, wrong at 0.4: b_y is as before"),
        ({"b": lambda bias, level, row: bias + level}, "b: the level is multiplied by row 2"),
        ({"b": lambda bias, level, row: bias + row * (level > 0)}, "b: you added the row"),
        ({"b_y": lambda bias, level, row: bias - level * row}, "b_y: look at the sign"),
        ({"b_y": lambda bias, level, row: level * row if level else bias}, "b_y: the old bias is gone"),
        ({"b": lambda bias, level, row: bias + 3 * level * row}, "b: it should be the old bias plus"),
        ({"b": lambda bias, level, row: bias + 2 * level * row}, "b: that is twice the level"),
        ({"b_y": lambda bias, level, row: bias + abs(level) * row}, "b_y: look at the sign"),
    ],
)
def test_switched_off_wrong(slip: dict[str, Any], expected: str) -> None:
    assert expected in hint(check.switched_off(off(**slip)))


def test_switched_off_of_another_form() -> None:
    assert "return one Params" in hint(check.switched_off(lambda params, unit, level: params.W_h))

    def doubled(params: Params, unit: int, level: float) -> Params:
        return replace(off()(params, unit, level), W_h=2 * params.W_h)

    assert "W_h: row 2 should be zero, and all else as before" in hint(check.switched_off(doubled))

    def own_gates(params: Params, unit: int, level: float) -> Params:
        W_h = params.W_h.copy()
        W_h[:, unit::4] = 0
        return replace(off()(params, unit, level), W_h=W_h)

    assert "what the unit's own gates hear; what the others hear of it is row 2" in hint(check.switched_off(own_gates))
    assert "as `replace(params, ...)` makes it" in hint(check.switched_off(lambda params, unit, level: (params, 1)))
    always_2 = hint(check.switched_off(lambda params, unit, level: off()(params, 2, level)))
    assert "W_h: row 1 should be zero, and all else as before" in always_2

    def in_place(params: Params, unit: int, level: float) -> Params:
        params.W_h[unit] = 0
        return params

    assert "changes params" in hint(check.switched_off(in_place))


# ---- 18.2


def test_many_looks_right() -> None:
    assert check.many_looks(4.8, 0.993).right
    assert check.many_looks(96 * 0.05, 1 - 0.95**96).right


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((0.05, ...), "that is one look"),
        ((1920, ...), "multiply by 0.05"),
        ((0.8, ...), "six meanings"),
        ((0.3, ...), "16 units"),
        ((9, ...), "looks times the chance"),
        ((4.8, 0.05), "the chance of one look"),
        ((4.8, 0.95**96), "you want the rest"),
        ((4.8, 0.05**96), "all pass by luck"),
        ((4.8, 4.8), "a chance cannot be above 1"),
        ((4.8, 0.95), "96 looks multiply it"),
        ((4.8, 0.5), "1 minus the chance that none passes"),
        ((91.2, ...), "do *not* pass"),
        ((5, ...), "do not round it"),
        ((96, ...), "that is all looks"),
        ((480, ...), "0.05, not 5"),
        ((True, ...), "by_luck should be a number"),
        ((4.8, 1), "that would be certain"),
        ((4.8, 1 - 0.05**96), "that would be certain"),
        ((4.8, 99.27), "in percent; as a share it is 0.9927"),
        ((4.8, 99.3), "in percent; as a share it is 0.993"),
        ((4.8, 1 - 0.95**16), "one meaning and 16 units"),
        ((4.8, 1 - 0.95**6), "one unit and six meanings"),
        ((4.8, 96 * 0.05 * 0.95**95), "exactly one"),
        ((4.8, True), "at_least_one should be a number"),
        ((4.8, ...), "at_least_one is still to do"),
    ],
)
def test_many_looks_wrong(answers: tuple[Any, Any], expected: str) -> None:
    assert expected in hint(check.many_looks(*answers))


# ---- 18.3


def covariances(h: Any, letters: Any) -> Any:
    return ((h - h.mean(axis=0)) * (letters - letters.mean())[:, None]).mean(axis=0)


def correlations(h: Any, letters: Any) -> Any:
    spread = h.std(axis=0) * letters.std()
    return np.divide(covariances(h, letters), spread, out=np.zeros(h.shape[1]), where=h.std(axis=0) > 1e-9)


def cosines(h: Any, letters: Any) -> Any:
    """A coefficient without the means taken away from h."""
    return np.abs(letters @ h) / np.sqrt((h**2).sum(axis=0) * (letters**2).sum())


def test_length_counter_right() -> None:
    assert check.length_counter(lambda h, letters: np.abs(correlations(h, letters)).argmax()).right
    assert check.length_counter(lambda h, letters: int(np.abs(correlations(h, letters)).argmax())).right


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        (lambda h, y: correlations(h, y).argmax(), "unit 0: that unit has the largest r"),
        (lambda h, y: correlations(h, y).argmin(), "unit 0: that unit has the largest r"),
        (lambda h, y: np.abs(covariances(h, y)).argmax(), "unit 3: that unit moves most"),
        (lambda h, y: np.ptp(h, axis=0).argmax(), "unit 3: that unit moves most"),
        (lambda h, y: True, "return the number of one unit"),
        (lambda h, y: np.abs(np.corrcoef(h.T, y)[-1, :-1]).argmax(), "unit 2: that unit never moves"),
        (lambda h, y: 2, "unit 2: that unit never moves"),
        (lambda h, y: 4, "nearest to 0"),
        (lambda h, y: correlations(h, y), "return the number of one unit"),
        (lambda h, y: 7, "return the number of one unit, 0 to 5"),
        (lambda h, y: np.nanargmax(np.abs(np.corrcoef(h.T, y)[-1])), "6 are the letters themselves"),
        (lambda h, y: np.abs(correlations(h, y)).argmax() + 1, "do you count from 1"),
        (lambda h, y: cosines(h, y).argmax(), "unit 5: that unit moves least"),
        (lambda h, y: cosines(h, y - y.mean()).argmax(), "unit 5: that unit moves least"),
        (lambda h, y: np.abs(covariances(h, y) / np.where(h.std(axis=0) > 1e-9, h.var(axis=0), 1)).argmax(), "unit 5"),
        (lambda h, y: np.where(h.std(axis=0) > 1e-9, h.std(axis=0), 9).argmin(), "unit 5: that unit moves least"),
        (lambda h, y: np.abs(fit_probe(h, y).weights).argmax(), "unit 5: that unit moves least"),
        (lambda h, y: np.abs(np.linalg.lstsq(h - h.mean(axis=0), y)[0]).argmax(), "unit 5: that unit moves least"),
    ],
)
def test_length_counter_wrong(slip: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.length_counter(slip))


# ---- 18.4


def torn_the_second_time(owner: Any, rng: Any) -> Any:
    """Right for the first generator; for another the last row stands on the other side than its name."""
    learns = (rng.random(owner.max() + 1) < 0.5)[owner]
    learns[-1] ^= rng.random() != np.random.default_rng(1).random(61)[-1]
    return learns


def test_halves_right() -> None:
    assert check.halves(lambda owner, rng: (rng.random(owner.max() + 1) < 0.5)[owner]).right
    assert check.halves(lambda owner, rng: np.isin(owner, rng.permutation(owner.max() + 1)[: owner.max() // 2])).right


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        (lambda owner, rng: rng.random(len(owner)) < 0.5, "the rows that judge are not new to the probe"),
        (lambda owner, rng: np.arange(len(owner)) < len(owner) / 2, "the rows that judge are not new"),
        (lambda owner, rng: torn_the_second_time(owner, rng), "the rows that judge are not new"),
        (lambda owner, rng: rng.random(owner.max() + 1)[owner], "return true or false for each row, not chances"),
        (lambda owner, rng: np.flatnonzero((rng.random(60) < 0.5)[owner]), "not the numbers of the rows"),
        (lambda owner, rng: owner < 48, "80% of the names are learned from"),
        (lambda owner, rng: (np.random.default_rng().random(60) < 0.5)[owner], "the same generator gives other halves"),
        (lambda owner, rng: owner % 2 == 0, "no name is torn, but another generator gives the same"),
        (lambda owner, rng: owner < 3 + rng.integers(2), "names are learned from; it should be about half"),
        (lambda owner, rng: owner * (rng.random() < 2), "return true or false"),
        (lambda owner, rng: rng.random(60) < 0.5, "you return one for each name"),
        (lambda owner, rng: "half", "learns should be one array of shape"),
    ],
)
def test_halves_wrong(slip: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.halves(slip))


# ---- 18.5

SLOPE = 3 * (1 - np.tanh(3) ** 2)


def test_saturated_right() -> None:
    assert check.saturated(SLOPE, np.tanh(3)).right
    assert check.saturated(0.0296, 0.9951).right


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((SLOPE / 3, ...), "the chain rule brings the 3 down"),
        ((3, ...), "the slope at x = 0"),
        ((np.tanh(3), ...), "that is the value"),
        ((3 * (1 - np.tanh(3)), ...), "tanh is squared"),
        ((3 * (1 - np.tanh(1) ** 2), ...), "at 3x = 3, not at 1"),
        ((3 * SLOPE, ...), "the 3 comes down once"),
        ((0, ...), "it is small, not nothing"),
        ((0.03, ...), "keep more digits"),
        ((1 - np.tanh(1) ** 2, ...), "the slope of tanh(x) at 1"),
        ((3 / np.cosh(3), ...), "cosh is squared"),
        ((SLOPE, np.tanh(3) - SLOPE), "the difference of the two answers"),
        ((SLOPE, 0.995), "keep more digits"),
        ((0.5, ...), "times the distance from 0"),
        ((SLOPE, SLOPE), "that is the gradient again"),
        ((SLOPE, -np.tanh(3)), "look at the order"),
        ((SLOPE, np.tanh(1)), "tanh(3) - tanh(0)"),
        ((SLOPE, 3), "the input of the tanh"),
        ((SLOPE, 0.5), "the function at 1 minus the function at 0"),
    ],
)
def test_saturated_wrong(answers: tuple[Any, Any], expected: str) -> None:
    assert expected in hint(check.saturated(*answers))
