"""Exercise 24.4: a page of the reader's own, another machine, judged by what every machine of this book must do."""

from collections.abc import Sequence
from itertools import permutations, product
from reprlib import repr as short_repr
from types import ModuleType
from typing import Any

import numpy as np

from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, exercise, not_yet, verdict
from lstm_lib.check.parts.edited_page import edited
from lstm_lib.tree import FloatArray

NEEDED = ("start", "table", "loss_and_grads", "invent")
STEP, LIMIT, VOCAB = 1e-5, 1e-6, ".abn"


@exercise
def machine(page: object) -> Feedback:
    """Exercise 24.4: a module such as `edited` returns, whose network is not the page's and whose gradient is right."""
    if blank(page):
        return NOT_ATTEMPTED
    lacking = [name for name in NEEDED if not callable(getattr(page, name, None))]
    if not isinstance(page, ModuleType) or lacking:
        return not_yet(f"hand in a whole page, such as edited({{...}}) returns; got {short_repr(page)[:80]}.")
    kept = {name: vars(page).get(name) for name in ("D", "H")}
    try:
        vars(page).update(D=2, H=2)
        hint = _same_hint(page) or _reading_hint(page) or _gradient_hint(page) or _inventing_hint(page)
    except Exception as error:
        hint = f"the page raised {type(error).__name__}: {str(error)[:200]}"
    finally:
        vars(page).update(kept)
    return verdict(hint, "Another function of its weights, and its gradient is its own.")


def _weights(page: Any) -> list[FloatArray]:
    """Its first weights, each moved at random, in float64."""
    rng = np.random.default_rng(24)
    return [w.astype(float) + 0.5 * rng.normal(size=w.shape) for w in page.start(len(VOCAB), rng=rng)]


def _loss(page: Any, theta: Sequence[FloatArray], names: list[str]) -> float:
    """Its loss on names."""
    return float(page.loss_and_grads(theta, *page.table(names, VOCAB))[0])


def _paid(page: Any, theta: Sequence[FloatArray], symbols: Sequence[int]) -> float:
    """The nats that it pays for these symbols, one after the other from the end mark on: no padding, no mask."""
    ids = np.array([0, *symbols])[:, None]
    return float(page.loss_and_grads(theta, ids[:-1], ids[1:], ids[1:] >= 0)[0]) * len(symbols)


def _same_hint(page: Any) -> str | None:
    theta, ours = _weights(page), edited({})
    if [w.shape for w in theta] != [(4, 2), (2, 8), (2, 8), (8,), (2, 4), (4,)]:
        return None
    loss = _loss(page, theta, ["ana", "ban"])
    for order in permutations(range(4)):  # of the gates' blocks; the page's own first
        dealt = [np.hstack([np.split(w, 4, axis=-1)[k] for k in order]) for w in theta[1:4]]
        if np.isclose(loss, _loss(ours, [theta[0], *dealt, *theta[4:]], ["ana", "ban"]), rtol=1e-9):
            moved = "" if order == (0, 1, 2, 3) else ", its gates in another order"
            return f"its loss is that of the page's own LSTM{moved}: change what a step computes."
    return None


def _reading_hint(page: Any) -> str | None:
    """What is wrong with what it reads: it must remember, see nothing that lies ahead, and leave padding out."""
    theta = _weights(page)
    one, other = (_paid(page, theta, [first, 1, 3, 0]) - _paid(page, theta, [first, 1, 3]) for first in (1, 2))
    if np.isclose(one, other, rtol=1e-9):
        return "it has no memory: two names that begin differently give the same last guess."
    law = sum(np.exp(-_paid(page, theta, pair)) for pair in product(range(4), repeat=2))
    if not np.isclose(law, 1, rtol=1e-9):
        return f"it looks ahead: the chances of all pairs of symbols add up to {law:.3g}, not to 1."
    alone = (4 * _loss(page, theta, ["ana"]) + 2 * _loss(page, theta, ["b"])) / 6
    if np.isclose(_loss(page, theta, ["ana", "b"]), alone, rtol=1e-9):
        return None
    return "padding counts: the loss of two names together is not the mean over their symbols."


def _gradient_hint(page: Any) -> str | None:
    """What is wrong with its gradient, with all units shown and with some hidden."""
    batch = page.table(["ana", "ban", "a"], VOCAB)
    keep = 2.0 * (np.random.default_rng(4).random((*batch[0].shape, 2)) < 0.5)
    seen = _slope_hint(page, batch)
    if seen:
        return f"another machine; but {seen}."
    theta = _weights(page)
    if page.loss_and_grads(theta, *batch, keep)[0] == page.loss_and_grads(theta, *batch)[0]:
        return "another machine; but `keep` hides nothing: its loss under dropout is that with all units shown."
    hidden = _slope_hint(page, (*batch, keep))
    return f"another machine, right while all units are shown; but under `keep` {hidden}." if hidden else None


def _slope_hint(page: Any, batch: tuple[Any, ...]) -> str | None:
    theta = _weights(page)
    _, grads = page.loss_and_grads(theta, *batch)
    if len(grads) != len(theta):
        return f"theta has {len(theta)} tensors, and {len(grads)} gradients come back"
    for place, (w, derived) in enumerate(zip(theta, grads, strict=True)):
        measured = np.zeros_like(w)
        for index in np.ndindex(w.shape):
            ends = []
            for sign in (1, -1):
                moved = [each.copy() for each in theta]
                moved[place][index] += sign * STEP
                ends.append(page.loss_and_grads(moved, *batch)[0])
            measured[index] = (ends[0] - ends[1]) / (2 * STEP)
        error = np.linalg.norm(derived - measured) / (np.linalg.norm(derived) + np.linalg.norm(measured) + 1e-30)
        if not error < LIMIT:
            return f"the gradient of tensor {place} of theta is off by {error:.1g}"
    return None


class _Scribe:
    """A generator that draws "ab" and the end mark, and notes the laws that it was to draw from."""

    def __init__(self) -> None:
        self.ids, self.laws = iter([1, 2, 0]), []  # type: ignore[var-annotated]

    def choice(self, count: int, *, p: FloatArray) -> int:
        """The next symbol, whatever its chance among `count`."""
        self.laws.append(p)
        return next(self.ids)


def _inventing_hint(page: Any) -> str | None:
    """What is wrong with the laws that it draws from: they must be those that its loss is made of."""
    theta, scribe = _weights(page), _Scribe()
    page.invent(theta, VOCAB, rng=scribe)
    for read, law in zip(([], [1], [1, 2]), scribe.laws, strict=True):
        before = _paid(page, theta, read) if read else 0.0
        wanted = [np.exp(before - _paid(page, theta, [*read, symbol])) for symbol in range(len(VOCAB))]
        if not np.allclose(law, wanted, rtol=1e-9):
            return f"it learns one law and `invent` draws from another, after {len(read)} letters: is its state kept?"
    return None
