"""Chapter 10's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.check import chapter_10 as check
from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback
from lstm_lib.check.parts import chapter_10_passes

Array = np.ndarray[Any, np.dtype[Any]]
SEEN = {
    "short": ["a", "b"],
    "long": ["a", "b", "c"],
    "scaled": ["d"],
    "singles": ["c", "e"],
    "wide": ["a", "b"],
    "all but e": ["a", "b", "c", "d"],
}


@pytest.mark.parametrize(
    "unfilled",
    [
        check.one_direction(lambda loss_of, w, dw, xi, step: (..., ...)),
        check.one_direction(...),  # type: ignore[arg-type]
        check.one_sided(..., ...),
        check.fewest(..., SEEN),
        check.diagnose(...),
        check.diagnose(dict.fromkeys("ABCD", ...)),
        check.passes(lambda derived, measured, limit: ...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert unfilled == NOT_ATTEMPTED


# ---- 10.1


def derived(w: Array, dw: Array, xi: Array) -> float:
    return float(dw @ xi)


def measured(loss: Callable[[Array], float], w: Array, xi: Array, step: float) -> float:
    return (loss(w + step * xi) - loss(w - step * xi)) / (2 * step)


def slopes(one: Callable[..., Any] = derived, other: Callable[..., Any] = measured) -> Callable[..., Any]:
    return lambda loss, w, dw, xi, step: (one(w, dw, xi), other(loss, w, xi, step))


def one_by_one(loss: Callable[[Array], float], w: Array, xi: Array, step: float) -> float:
    return sum(
        x * (loss(w + step * row) - loss(w - step * row)) / (2 * step) for x, row in zip(xi, np.eye(5), strict=True)
    )


def test_two_slopes_right() -> None:
    for together in (tuple, list, np.array):
        assert check.one_direction(lambda *given, f=together: f(slopes()(*given))).right


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (lambda w, dw, xi: dw.sum(), "xi has no part in it"),
        (lambda w, dw, xi: np.linalg.norm(dw), "its slope in its own direction"),
        (lambda w, dw, xi: np.linalg.norm(dw * xi), "a length squares them"),
        (lambda w, dw, xi: (dw * xi).mean(), "that is the mean"),
        (lambda w, dw, xi: dw @ xi / np.linalg.norm(xi), "divide the measured slope by it, too"),
        (lambda w, dw, xi: np.abs(dw * xi).sum(), "keep the signs"),
        (lambda w, dw, xi: dw * xi, "derived should be one number, not one for each"),
        (lambda w, dw, xi: dw * xi, "add the products up"),
        (lambda w, dw, xi: 0.5, "the sum of dw times xi"),
        (lambda w, dw, xi: dw @ xi * (1 + 1e-6), "the sum of dw times xi"),
    ],
)
def test_two_slopes_wrongly_derived(one: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.one_direction(slopes(one)))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (lambda f, w, xi, d: (f(w + d * xi) - f(w)) / d, "that is one-sided"),
        (lambda f, w, xi, d: (f(w) - f(w - d * xi)) / d, "that is one-sided"),
        (lambda f, w, xi, d: (f(w + d * xi) - f(w - d * xi)) / d, "2 step apart"),
        (lambda f, w, xi, d: (f(w + d * xi) - f(w - d * xi)) / 2, "divide by the distance"),
        (lambda f, w, xi, d: (f(w + d * xi) - f(w - d * xi)) / 2 * d, "over 2 step"),
        (lambda f, w, xi, d: f(w + d * xi) - f(w - d * xi), "divide by the distance"),
        (lambda f, w, xi, d: (f(w - d * xi) - f(w + d * xi)) / (2 * d), "the sign is turned"),
        (lambda f, w, xi, d: (f(w + xi) - f(w - xi)) / (2 * d), "not by xi"),
        (lambda f, w, xi, d: (f(w + xi) - f(w - xi)) / 2, "not by xi"),
        (lambda f, w, xi, d: (f(w + d) - f(w - d)) / (2 * d), "every weight was moved alike"),
        (one_by_one, "Move all at once"),
        (lambda f, w, xi, d: measured(f, w, xi, d) / np.linalg.norm(xi), "divide the derived slope by it, too"),
        (lambda f, w, xi, d: 0.25, "over 2 step"),
        (lambda f, w, xi, d: ..., "still to do"),
    ],
)
def test_two_slopes_wrongly_measured(other: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.one_direction(slopes(other=other)))


@pytest.mark.parametrize(("answer", "came"), [(1.0, "got 1.0"), ((1.0, 2.0, 3.0), "got (1.0, 2.0, 3.0)"), ("ab", "ab")])
def test_two_slopes_are_two_numbers(answer: object, came: str) -> None:
    said = hint(check.one_direction(lambda *given: answer))
    assert came in said


# ---- 10.2


def test_one_sided_right() -> None:
    best = 2 * math.sqrt(1.1e-16)
    assert check.one_sided(best, best / 2 + 2 * 1.1e-16 / best).right
    assert check.one_sided(2.1e-8, 2e-8).right


@pytest.mark.parametrize(
    ("step", "error", "expected"),
    [
        (math.sqrt(1.1e-16), ..., "right power, wrong factor"),
        (math.sqrt(2 * 1.1e-16), ..., "two losses are subtracted"),
        ((3 * 1.1e-16) ** (1 / 3), ..., "that is (10.3)"),
        ((6 * 1.1e-16) ** (1 / 3), ..., "a third root"),
        (4 * 1.1e-16, ..., "take the root"),
        (1e-3, ..., "where is its slope zero?"),
        (2.1e-8, ..., "error is still to do"),
        (2.1e-8, 1.05e-8, "their sum"),
        (2.1e-8, 4.2e-8, "at the best δ each term is δ/2"),
        (2.1e-8, 1.1e-16 ** (2 / 3), "what the central difference reaches"),
        (2.1e-8, 1.1e-16, "no difference reaches that"),
        (2.1e-8, 0.3, "put your δ into"),
        ("tiny", ..., "step should be a number"),
    ],
)
def test_one_sided_wrong(step: object, error: object, expected: str) -> None:
    assert expected in hint(check.one_sided(step, error))


# ---- 10.3


def test_fewest_right() -> None:
    for chosen in (["all but e", "singles"], ("singles", "all but e"), {"singles", "all but e"}):
        said = check.fewest(chosen, SEEN)
        assert said.right
        assert said.message == "There is 1 such set of 2; none is smaller."
    two = {"x": ["a"], "y": ["a"], "z": ["b"]}
    assert check.fewest(["y", "z"], two).message == "There are 2 such sets of 2; none is smaller."


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("long", "give a list of names"),
        ([1, 2], "give a list of names"),
        (7, "give a list of names"),
        (["long", "longer"], "there is no check 'longer'; the names are 'short', 'long'"),
        ([], "'a' slips through all of these, and 4 more"),
        (["short", "all but e"], "'e' slips through all of these. Which column"),
        (["all but e", "singles", "wide"], "leave out 'wide'"),
        (["all but e", "singles", "singles"], "leave out 'singles'"),
        (["short", "scaled", "singles"], "none can be left out; yet 2 other checks can do it"),
    ],
)
def test_fewest_wrong(chosen: object, expected: str) -> None:
    assert expected in hint(check.fewest(chosen, SEEN))


# ---- 10.4


def test_diagnose_right() -> None:
    assert check.diagnose(check.PATIENTS).right
    assert "D still to do" in hint(check.diagnose({**check.PATIENTS, "D": ...}))


@pytest.mark.parametrize("letter", "ABCD")
def test_each_wrong_diagnosis_says_what_it_would_show(letter: str) -> None:
    for other, shows in check.WOULD.items():
        if other != check.PATIENTS[letter]:
            said = hint(check.diagnose({**check.PATIENTS, letter: other}))
            assert said == f"patient {letter}: {shows}. Look at row {letter} again."


def test_a_diagnosis_of_another_form() -> None:
    assert "keep the dict" in hint(check.diagnose("f squashed again"))
    assert "patient A: choose among 'f squashed again'" in hint(check.diagnose({"A": "no mask"}))


# ---- 10.5


def errors_of(a: Array, n: Array) -> float:
    size = np.linalg.norm(a) + np.linalg.norm(n)
    return float(np.linalg.norm(a - n) / size) if size else 0.0


def right(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    return all(errors_of(derived[name], measured[name]) <= limit for name in derived)


def of_means(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    worst = 0.0
    for name, a in derived.items():
        n = measured[name]
        worst = max(worst, abs(a.mean() - n.mean()) / abs(a.mean() + n.mean()))
    return not worst > limit


def of_lengths_alone(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    lengths = [(np.linalg.norm(derived[k]), np.linalg.norm(measured[k])) for k in derived]
    return all(abs(a - n) <= limit * (a + n) for a, n in lengths)


def all_in_one(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    a, n = (np.concatenate([leaf.ravel() for leaf in each.values()]) for each in (derived, measured))
    return errors_of(a, n) <= 1e-2


def pooled(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    a, n = (np.concatenate([leaf.ravel() for leaf in each.values()]) for each in (derived, measured))
    return errors_of(a, n) <= limit


def absolute(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    return all(np.abs(derived[name] - measured[name]).max() <= limit for name in derived)


def loose(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    return all(errors_of(derived[name], measured[name]) <= 1e-2 for name in derived)


def keeps_nan(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    worst = 0.0
    for name in derived:
        worst = max(worst, errors_of(derived[name], measured[name]))
    return not worst > limit


def keeps_inf(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    pairs = [(derived[name], measured[name]) for name in derived]
    return all(np.linalg.norm(a - n) <= limit * (np.linalg.norm(a) + np.linalg.norm(n)) for a, n in pairs)


def zero_over_zero(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    pairs = [(derived[name], measured[name]) for name in derived]
    return all(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)) <= limit for a, n in pairs)


def by_entry(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    for name, a in derived.items():
        size = np.abs(a) + np.abs(measured[name])
        if not (np.abs(a - measured[name]) <= limit * size).all() or np.isinf(a).any():
            return False
    return True


def blind_to_signs(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    return all(errors_of(np.abs(derived[name]), np.abs(measured[name])) <= limit for name in derived)


def only_where_there_is_something(derived: dict[str, Array], measured: dict[str, Array], limit: float) -> bool:
    return all(errors_of(derived[k], measured[k]) <= limit for k in derived if derived[k].any())


def test_passes_right() -> None:
    assert check.passes(right).right
    assert check.passes(lambda *given: np.bool_(right(*given))).right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (of_means, "two columns of W are exchanged"),
        (of_lengths_alone, "two columns of W are exchanged"),
        (lambda *given: True, "two columns of W are exchanged"),
        (lambda *given: False, "off by rounding alone, must pass"),
        (blind_to_signs, "the opposite sign"),
        (only_where_there_is_something, "the gradient of W is missing"),
        (all_in_one, "the large one drowns the small"),
        (pooled, "the large one drowns the small"),
        (absolute, "against the size of the tensor"),
        (lambda d, m, limit: all(np.allclose(d[k], m[k], rtol=limit) for k in d), "against the size of the tensor"),
        (loose, "is the limit used?"),
        (keeps_nan, "max(0.0, nan) is 0.0"),
        (keeps_inf, "there is an inf in b"),
        (zero_over_zero, "Mind 0 / 0"),
        (by_entry, "Compare lengths of tensors, not single entries"),
        (lambda *given: "yes", "return True or False; got 'yes'"),
        (lambda *given: 1.0, "return True or False; got 1.0"),
        (lambda *given: 1 / 0, "ZeroDivisionError"),
        (3, "should be a function"),
    ],
)
def test_passes_wrong(function: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.passes(function))


def test_each_trial_has_its_own_hint() -> None:
    hints = [trial.hint for trial in chapter_10_passes.trials()]
    assert len(set(hints)) == len(hints) == 11
