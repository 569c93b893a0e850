"""The scan: equal to the loop, its gradient to differences, and its rounds are log2 of the steps."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from core_cases import frozen, mutant
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.variants import scan as module
from lstm_lib.variants.scan import scan, scan_back


class Case(NamedTuple):
    f: np.ndarray
    w: np.ndarray
    start: np.ndarray


def case(T: int, seed: int = 0) -> Case:
    rng = np.random.default_rng(seed)
    return Case(rng.random((T, 2, 3)), rng.standard_normal((T, 2, 3)), rng.standard_normal((2, 3)))


def loop(f, w, start):
    s = [start]
    for t in range(len(f)):
        s.append(f[t] * s[t] + w[t])
    return np.stack(s)


@given(st.integers(1, 70), st.integers(0, 9))
def test_a_scan_is_the_loop(T: int, seed: int) -> None:
    given_arrays = frozen(case(T, seed))
    assert_allclose(scan(*given_arrays), loop(*given_arrays), rtol=0, atol=1e-12)


@pytest.mark.parametrize("T", [1, 2, 5, 8])
def test_its_way_back_agrees_with_central_differences(T: int) -> None:
    given_arrays, out = case(T), np.random.default_rng(1).standard_normal((T, 2, 3))
    nudged = numerical_gradient(lambda c: float((scan(*c)[1:] * out).sum()), given_arrays)
    back = Case(*scan_back(given_arrays.f, scan(*given_arrays), out))
    assert max(relative_errors(back, nudged).values()) < 1e-8


@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        ("scan", "f[reach:] * f[:-reach]", "f[reach:]"),
        ("scan", "s[0] += f[0] * start", "s[0] += start"),
        ("scan", "reach *= 2", "reach += 2"),
        ("scan_back", "f[1:], np", "f[:-1], np"),
        ("scan_back", "dw * s[:-1]", "dw * s[1:]"),
        ("scan_back", "f[0] * dw[0]", "dw[0]"),
    ],
)
def test_a_mistake_would_be_seen(monkeypatch: pytest.MonkeyPatch, function: str, right: str, wrong: str) -> None:
    broken, given_arrays = mutant(getattr(module, function), right, wrong), case(5)
    if function == "scan":
        assert np.abs(broken(*given_arrays) - loop(*given_arrays)).max() > 1e-4
    else:
        s, out = scan(*given_arrays), np.ones((5, 2, 3))
        pairs = zip(broken(given_arrays.f, s, out), scan_back(given_arrays.f, s, out), strict=True)
        assert max(np.abs(one - two).max() for one, two in pairs) > 1e-4


@pytest.mark.parametrize("T", [1, 2, 3, 4, 5, 8, 9, 64, 65])
def test_the_rounds_are_the_logarithm_of_the_steps(T: int) -> None:
    seen = []

    class Watched(np.ndarray):
        def __getitem__(self, index):
            if isinstance(index, slice) and index.stop is not None and index.stop < 0:
                seen.append(index.stop)
            return super().__getitem__(index)

    f, w, start = case(T)
    watched = mutant(scan, "f, s, reach = f.copy(), w.copy(), 1", "f, s, reach = f.copy(), w.copy().view(W), 1")
    watched.__globals__["W"] = Watched
    watched(f, w, start)
    assert len(seen) == math.ceil(math.log2(T))


def test_one_number_type_is_kept_and_what_does_not_fit_is_refused() -> None:
    f, w, start = case(4)
    assert scan(*(each.astype(np.float32) for each in (f, w, start))).dtype == np.float32
    for wrong, kind, words in [
        ((f, w[1:], start), ValueError, r"w must have shape \(4, 2, 3\)"),
        ((f, w, start[1:]), ValueError, r"start must have shape \(2, 3\)"),
        ((f[:0], w[:0], start), ValueError, "f must have at least one step"),
        (([0.5], w, start), TypeError, "f must be a NumPy array of floats"),
        ((f, None, start), TypeError, "w must be a NumPy array of floats"),
    ]:
        with pytest.raises(kind, match=words):
            scan(*wrong)
    s = scan(f, w, start)
    for wrong, words in [
        ((f, s[:2], w), r"s must have shape \(5, 2, 3\)"),
        ((f[:0], s[:1], w[:0]), "at least one step"),
        ((f, s, w[1:]), r"w must have shape \(4, 2, 3\)"),
    ]:
        with pytest.raises(ValueError, match=words):
            scan_back(*wrong)
