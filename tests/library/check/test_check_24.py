"""Chapter 24's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from check_cases import hint
from check_table import COUPLED

from lstm_lib.check import chapter_24 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts.gradient_check import small_case


@pytest.mark.parametrize(
    "unfilled",
    [
        check.aloud(...),
        check.aloud(dict.fromkeys("ABCDE", ...)),
        check.taken_out(...),
        check.taken_out(dict.fromkeys("ABCDEF", ...)),
        check.slopes(...),
        check.slopes(lambda loss_and_grads, theta, batch, keep: ...),
        check.line(...),
        check.machine(...),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


# ---- the page, edited


def test_edited_changes_what_stands_once_and_refuses_the_rest() -> None:
    assert check.edited({"B = 32, 256, 64": "B = 3, 5, 7"}).H == 5
    assert check.edited({}).H == 256
    for changes in ({"H": "K"}, {"": "x"}, {"no such text": "x"}):
        with pytest.raises(ValueError, match="exactly once"):
            check.edited(changes)
    for wrong in (["H"], {"H": 3}, None):
        with pytest.raises(TypeError, match="must map a piece"):
            check.edited(wrong)  # type: ignore[arg-type]


# ---- 24.1


def test_aloud_right() -> None:
    assert check.aloud(check.LINES).right
    assert check.aloud({sentence: f" ({number})" for sentence, number in check.LINES.items()}).right


@pytest.mark.parametrize(("sentence", "number"), check.NEARLY)
def test_a_line_that_is_nearly_meant_is_told_what_it_does(sentence: str, number: str) -> None:
    said = hint(check.aloud({**check.LINES, sentence: number}))
    assert said == f"{sentence}: {check.NEARLY[sentence, number]}"


@pytest.mark.parametrize("sentence", check.LINES)
def test_any_other_line_gets_the_clue_of_its_sentence(sentence: str) -> None:
    assert hint(check.aloud({**check.LINES, sentence: "6.4"})) == f"{sentence}: {check.WHERE[sentence]}"
    for said in ("5.1", "", "mask", ["9.3"]):
        assert "a number that stands in the page" in hint(check.aloud({**check.LINES, sentence: said}))
    assert "as text, in quotes" in hint(check.aloud({**check.LINES, sentence: 9.3}))


def test_aloud_in_part() -> None:
    assert "right so far; D and E still to do" in hint(check.aloud({"A": "9.3", "B": "7.3", "C": "12.2"}))
    assert len({*check.NEARLY.values(), *check.WHERE.values()}) == len(check.NEARLY) + len(check.WHERE)


# ---- 24.2

CHANGES = {
    "A": {"h = o * np.tanh(c)": "h = o * c"},
    "B": {"-(mask * (y * log_p).sum(axis=-1)).sum() / N": "-(y * log_p).sum() / N"},
    "C": {"-(mask * (y * log_p).sum(axis=-1)).sum() / N": "-(y * log_p).sum() / N", "mask[..., None] * (np": "(np"},
    "D": {"    b[H : 2 * H] = 1  # at first the forget gate is open\n": ""},
    "E": {"if now < lowest": "if True"},
    "F": {"np.add.at(dE, inputs, dx)": "dE[inputs] += dx"},
}


def worst(loss_and_grads: Callable[..., Any], theta: Any, batch: Any, keep: Any = 1) -> list[float]:
    """The relative error of each tensor's gradient, by central differences."""
    _, grads = loss_and_grads(theta, *batch, keep)
    found = []
    for k, w in enumerate(theta):
        slope = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            ends = []
            for delta in (1e-5, -1e-5):
                moved = [each.copy() for each in theta]
                moved[k][place] += delta
                ends.append(loss_and_grads(moved, *batch, keep)[0])
            slope[place] = (ends[0] - ends[1]) / 2e-5
        found.append(np.linalg.norm(grads[k] - slope) / (np.linalg.norm(grads[k]) + np.linalg.norm(slope)))
    return found


def course(changes: dict[str, str]) -> tuple[list[float], list[Any]]:
    """The losses of twelve small steps, and what is handed back."""
    small = {"D, H, B = 32, 256, 64": "D, H, B = 3, 5, 8", "STEPS, LOOK = 2000, 500": "STEPS, LOOK = 12, 1"}
    page, losses = check.edited(small | {"0.004, 0.9": "0.9, 0.9"} | changes), []
    work = page.loss_and_grads

    def noted(*given: Any) -> Any:
        losses.append(float(work(*given)[0]))
        return work(*given)

    page.loss_and_grads = noted  # type: ignore[attr-defined]
    names, rng = (
        ["".join(pair) for pair in zip("abcabcabca" * 3, "bbccaabacb" * 3, strict=True)],
        np.random.default_rng(2),
    )
    names = [*names, *(name * 2 for name in names)]
    return losses, page.train(page.start(4, rng=rng), names, ["a", "b"], ".abc", rng=rng)


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_spoils_what_the_check_says(change: str, capsys: pytest.CaptureFixture[str]) -> None:
    theta, batch, _ = small_case()
    page = check.edited(CHANGES[change])
    sound = max(worst(page.loss_and_grads, theta, batch)) < 1e-6
    assert sound == (check.KIND[change] != "gradient")
    if sound:
        losses, ends = course(CHANGES[change])
        same_losses, same_ends = course({})
        assert (losses == same_losses) == (check.KIND[change] == "use")
        assert any((one != other).any() for one, other in zip(ends, same_ends, strict=True))


def test_taken_out_right() -> None:
    assert check.taken_out(check.KIND).right
    assert check.taken_out({change: f" {kind.upper()}" for change, kind in check.KIND.items()}).right


@pytest.mark.parametrize("change", check.KIND)
def test_a_wrong_kind_is_told_why(change: str) -> None:
    for kind in {*check.KINDS} - {check.KIND[change]}:
        assert hint(check.taken_out({**check.KIND, change: kind})) == f"{change}: {check.WHY[change]}"
    assert "'gradient', 'training' or 'use'" in hint(check.taken_out({**check.KIND, change: "loss"}))


def test_taken_out_in_part() -> None:
    assert "right so far; F still to do" in hint(check.taken_out({**check.KIND, "F": ...}))


# ---- 24.3


def errors(loss_and_grads: Any, theta: Any, batch: Any, keep: Any) -> Any:
    return worst(loss_and_grads, theta, batch, keep)


def test_slopes_right() -> None:
    assert check.slopes(errors).right


def one_sided(loss_and_grads: Any, theta: Any, batch: Any, keep: Any) -> Any:
    loss, grads = loss_and_grads(theta, *batch, keep)
    found = []
    for k, w in enumerate(theta):
        slope = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            moved = [each.copy() for each in theta]
            moved[k][place] += 1e-4
            slope[place] = (loss_and_grads(moved, *batch, keep)[0] - loss) / 1e-4
        found.append(np.linalg.norm(grads[k] - slope) / (np.linalg.norm(grads[k]) + np.linalg.norm(slope)))
    return found


def scaled(factor: float, keep_moved: bool = False) -> Callable[..., Any]:
    """A check that multiplies each slope, or leaves weights moved."""

    def check_it(loss_and_grads: Any, theta: Any, batch: Any, keep: Any) -> Any:
        _, grads = loss_and_grads(theta, *batch, keep)
        found = []
        moved = [each.copy() for each in theta]
        for k, w in enumerate(theta):
            slope = np.zeros_like(w)
            for place in np.ndindex(w.shape):
                ends = []
                for delta in (1e-5, -1e-5):
                    if not keep_moved:
                        moved = [each.copy() for each in theta]
                    moved[k][place] += delta
                    ends.append(loss_and_grads(moved, *batch, keep)[0])
                slope[place] = factor * (ends[0] - ends[1]) / 2e-5
            found.append(np.linalg.norm(grads[k] - slope) / (np.linalg.norm(grads[k]) + np.linalg.norm(slope)))
        return found

    return check_it


def dropped(derived: bool) -> Callable[..., Any]:
    """A check that hands `keep` to one side only."""

    def check_it(loss_and_grads: Any, theta: Any, batch: Any, keep: Any) -> Any:
        def one_side(weights: Any, *given: Any) -> Any:
            inputs, targets, mask, shown = given
            loss, _ = loss_and_grads(weights, inputs, targets, mask, 1 if derived else shown)
            return loss, loss_and_grads(weights, inputs, targets, mask, shown if derived else 1)[1]

        return worst(one_side, theta, batch, keep)

    return check_it


def silent_about(*tensors: int) -> Callable[..., Any]:
    """A check that looks away from some tensors."""
    return lambda *given: [0.0 if k in tensors else error for k, error in enumerate(errors(*given))]


def turned(measure: Callable[[Any, Any], float]) -> Callable[..., Any]:
    """A check with another measure of the distance."""

    def check_it(loss_and_grads: Any, theta: Any, batch: Any, keep: Any) -> Any:
        found = worst(loss_and_grads, theta, batch, keep)
        if measure is direction:
            return [0.0 if abs(error - 0.1 / 2.1) < 1e-3 else error for error in found]
        return [error * 2.1 / measure(1.1, 1.0) if abs(error - 0.1 / 2.1) < 1e-3 else error for error in found]

    return check_it


def direction(a: float, n: float) -> float:
    return 0.0


PLANTED: dict[str, tuple[Callable[..., Any], str]] = {
    "no dropout": (lambda lg, theta, batch, keep: worst(lg, theta, batch), "hand `keep` to every call"),
    "dropout for the derived side": (dropped(True), "but not under dropout: hand `keep` to every call"),
    "dropout for the measured side": (dropped(False), "but not under dropout: hand `keep` to every call"),
    "E and W_y only": (silent_about(1, 2, 3), "the gradient of W_x is wrong: check all six tensors"),
    "no b": (silent_about(3), "the gradient of b is wrong: check all six tensors"),
    "one-sided": (one_sided, "take both sides"),
    "divided by delta": (scaled(2), "or half of it"),
    "other sign": (scaled(-1), "the other sign"),
    "not put back": (scaled(1, keep_moved=True), "is each weight put back?"),
    "direction only": (turned(direction), "compare lengths, not directions only"),
    "by one length": (turned(lambda a, n: a), "divide by the sum of both lengths"),
    "by the other length": (turned(lambda a, n: n), "divide by the sum of both lengths"),
    "twice": (turned(lambda a, n: (a + n) / 2), "yours is 0.0952"),
    "one number": (lambda *given: max(errors(*given)), "One number for each tensor"),
    "not a number": (lambda *given: [np.nan, *errors(*given)[1:]], "no finite number"),
    "raises": (lambda lg, theta: None, "TypeError"),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_every_mistake_of_a_gradient_check_has_its_hint(mistake: str) -> None:
    function, said = PLANTED[mistake]
    assert said in hint(check.slopes(function))


def test_the_sick_page_is_ill_under_dropout_only_and_where_the_hints_say() -> None:
    theta, batch, keep = small_case()
    assert max(worst(check.sick(), theta, batch)) < 1e-6
    ill = np.array(worst(check.sick(), theta, batch, keep)) > 1e-3
    assert ill.tolist() == [True, True, True, True, False, False]


def test_only_the_line_that_is_sick_is_right() -> None:
    assert check.line("C").right
    for letter, why in check.OTHER_LINES.items():
        assert hint(check.line(letter)) == why
    assert "A to F" in hint(check.line("W"))


# ---- 24.4

MACHINES = {
    "the same": ({}, "its loss is that of the page's own LSTM"),
    "other settings": ({"B = 32, 256, 64": "B = 8, 99, 64"}, "its loss is that of the page's own LSTM"),
    "gates in another order": (
        {
            "a_i, a_f, a_g, a_o = np.split": "a_f, a_i, a_g, a_o = np.split",
            "np.hstack([da_i, da_f, da_g, da_o])": "np.hstack([da_f, da_i, da_g, da_o])",
        },
        "the page's own LSTM, its gates in another order",
    ),
    "no dropout": (
        {
            **COUPLED,
            "(dz @ W_y.T) * keep": "(dz @ W_y.T)",
            "tensordot(h[1:] * keep, dz": "tensordot(h[1:], dz",
            "(h[1:] * keep) @ W_y": "h[1:] @ W_y",
        },
        "`keep` hides nothing",
    ),
    "forward only": ({"i = sigmoid(a_i)": "i = 1 - f"}, "the gradient of tensor 0 of theta is off"),
    "half of the way back": (
        {**COUPLED, "di, df, dg = dc * g, dc * c_before, dc * i": "di, df, dg = 0 * dc, dc * c_before, dc * i"},
        "the gradient of tensor 0",
    ),
    "no memory": ({"x @ W_x + h @ W_h + b": "x @ W_x + b", "f * c_before + i * g": "i * g"}, "it has no memory"),
    "looks ahead": (
        {"cell(theta, inputs[t, :n]": "cell(theta, inputs[min(t + 1, len(mask) - 1), :n]"},
        "it looks ahead",
    ),
    "padding": (
        {**COUPLED, "-(mask * (y * log_p).sum(axis=-1)).sum() / N": "-(y * log_p).sum() / N"},
        "padding counts",
    ),
    "five gradients": (
        {**COUPLED, "return loss, [dE, dW_x, dW_h, db, dW_y, db_y]": "return loss, [dE, dW_x, dW_h, db, dW_y]"},
        "theta has 6 tensors, and 5 gradients come back",
    ),
    "raises": ({"return loss, dz": "return loss / 0, dz[7]"}, "the page raised"),
    "unhidden": ({**COUPLED, "(dz @ W_y.T) * keep": "(dz @ W_y.T)"}, "but under `keep` the gradient of tensor 0"),
    "unhidden sum": (
        {**COUPLED, "tensordot(h[1:] * keep, dz": "tensordot(h[1:], dz"},
        "but under `keep` the gradient of tensor 4",
    ),
    "forgets when it invents": (
        {**COUPLED, "[vocab.index(name[-1])], h, c)": "[vocab.index(name[-1])], 0 * h, 0 * c)"},
        "`invent` draws from another, after 1 letters",
    ),
}


def test_another_machine_is_right_and_left_as_it_was() -> None:
    mine = check.edited(COUPLED)
    assert check.machine(mine).right
    assert (mine.D, mine.H) == (32, 256)


@pytest.mark.parametrize("mistake", MACHINES)
def test_every_mistake_of_another_machine_has_its_hint(mistake: str) -> None:
    changes, said = MACHINES[mistake]
    assert said in hint(check.machine(check.edited(changes)))


def test_what_is_no_page_is_refused() -> None:
    for strange in (np, 3, "page", check.edited({}).loss_and_grads):
        assert "hand in a whole page" in hint(check.machine(strange))
