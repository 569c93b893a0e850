"""Chapter 12's feedback: every typical wrong answer gets its own hint, the right one is accepted."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from check_cases import hint

from lstm_lib.bptt import _dropout_factors, loss_and_grads
from lstm_lib.check import chapter_12 as check
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts.sick_runs import CONFUSIONS, ILLNESSES, STEPS
from lstm_lib.data import Batch, batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm, global_norm
from lstm_lib.run.steps import Settings, learning_rate
from lstm_lib.tree import FloatArray, named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary


@pytest.mark.parametrize(
    "unfilled",
    [
        check.clip(lambda grads, max_norm: ...),
        check.clip(...),
        check.loop(lambda params, adam, supply: ...),
        check.loop(...),
        check.schedule(lambda taken, steps, warmup, peak, last: ...),
        check.schedule(...),
        check.dropout(...),
        check.dropout(lambda h, rate, rng: ...),
        check.bug(..., lambda params, names, vocabulary, batch_size, *, rng: params),
        check.bug("B", lambda params, names, vocabulary, batch_size, *, rng: ...),
        check.diagnose(...),
        check.diagnose({"A": ..., "B": ..., "C": ..., "D": ...}),
    ],
)
def test_unfilled_blanks_are_not_attempted(unfilled: Feedback) -> None:
    assert not unfilled.right
    assert repr(unfilled) == "Not attempted yet: replace the ... above and run the cell again."


def test_an_exception_becomes_a_hint() -> None:
    assert "your function raised ZeroDivisionError" in hint(check.clip(lambda grads, max_norm: 1 / 0))
    assert "your function raised TypeError" in hint(check.schedule(lambda taken: taken))
    assert "your function raised TypeError" in hint(check.bug("b", lambda params: params))
    assert "your function raised TypeError" in hint(check.dropout(lambda h: h))


# ---- 12.1


def train(
    params: Params, adam: AdamState, supply: list[Batch], *, lr: float = 0.01, limit: float = 1.0
) -> tuple[Params, AdamState, list[float]]:
    losses = []
    for batch in supply:
        loss, grads = loss_and_grads(params, batch)
        grads, _ = clip_by_global_norm(grads, limit)
        params, adam = adam_update(params, grads, adam, lr=lr)
        losses.append(loss)
    return params, adam, losses


def never_moved(params: Params, adam: AdamState, supply: list[Batch]) -> Any:
    return params, adam, train(params, adam, supply)[2]


def one_step(params: Params, adam: AdamState, supply: list[Batch]) -> Any:
    params, adam, losses = train(params, adam, supply[:1])
    return params, adam, losses * 3


def forgets_adam(params: Params, adam: AdamState, supply: list[Batch]) -> Any:
    losses: list[float] = []
    for batch in supply:
        params, last, more = train(params, adam, [batch])
        losses += more
    return params, last, losses


def one_place(params: Params, adam: AdamState, supply: list[Batch]) -> Any:
    begin, losses = params, []
    for batch in supply:
        loss, grads = loss_and_grads(begin, batch)
        params, adam = adam_update(params, clip_by_global_norm(grads, 1.0)[0], adam, lr=0.01)
        losses.append(loss)
    return params, adam, losses


def test_loop_right() -> None:
    assert check.loop(train).right
    assert check.loop(lambda *given: list(train(*given))).right
    assert check.loop(lambda *given: (*train(*given)[:2], np.array(train(*given)[2]))).right


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda params, adam, supply: train(params, adam, supply)[0], "return three things"),
        (lambda params, adam, supply: train(params, adam, supply)[:2], "one loss for each batch; got tuple"),
        (lambda params, adam, supply: (adam, params, [1.0] * 3), "return one Params"),
        (
            lambda params, adam, supply: (params, params, [1.0] * 3),
            "Adam's memory, as adam_update makes it; got Params",
        ),
        (lambda params, adam, supply: (*train(params, adam, supply)[:2], 1.0), "the list of losses should be"),
        (lambda params, adam, supply: (*train(params, adam, supply)[:2], [1.0, 2.0]), "got shape (2,)"),
        (lambda params, adam, supply: (*train(params, adam, supply)[:2], [1.0, 2.0, 3.0]), "the losses are not"),
        (lambda params, adam, supply: (train(params, adam, supply)[0], adam, [1.0] * 3), "Adam's memory is not that"),
        (never_moved, "come back as they went in"),
        (one_step, "does `return` stand inside the loop?"),
        (lambda *given: train(*given, limit=1e9), "there is no clipping"),
        (forgets_adam, "thrown away after each step"),
        (lambda params, adam, supply: train(params, adam_init(params), supply), "Adam begins anew"),
        (one_place, "all taken at the first parameters"),
        (lambda *given: train(*given, lr=0.1), "Adam at lr=0.01, in this order"),
        (lambda params, adam, supply: 1 / 0, "your function raised ZeroDivisionError"),
    ],
)
def test_loop_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.loop(wrong))


# ---- 12.2


def scaled(factor: Callable[[float, float], float]) -> Callable[[Params, float], Params]:
    """A clipping function that multiplies everything by `factor(norm, max_norm)`."""
    return lambda grads, limit: tree_map(lambda leaf: leaf * factor(global_norm(grads), limit), grads)


def each_tensor_by_itself(grads: Params, limit: float) -> Params:
    return tree_map(lambda leaf: leaf * min(1.0, limit / float(np.linalg.norm(leaf))), grads)


def in_place(grads: Params, limit: float) -> Params:
    factor = min(1.0, limit / global_norm(grads))
    for _, leaf in named_leaves(grads):
        leaf *= factor
    return grads


def nothing_for_short_ones(grads: Params, limit: float) -> Params | None:
    return clip_by_global_norm(grads, limit)[0] if global_norm(grads) > limit else None


def forgets_short_ones(grads: Params, limit: float) -> Params:
    if global_norm(grads) > limit:
        clipped = clip_by_global_norm(grads, limit)[0]
    return clipped


def short_ones_in_place(grads: Params, limit: float) -> Params:
    return clip_by_global_norm(grads, limit)[0] if global_norm(grads) > limit else in_place(grads, 0.1)


def test_clip_right() -> None:
    assert check.clip(scaled(lambda norm, limit: min(1.0, limit / norm))).right
    assert check.clip(scaled(lambda norm, limit: min(1.0, limit / (norm + 1e-6)))).right


def test_clip_is_the_readers_own() -> None:
    assert "without the library's clip_by_global_norm" in hint(
        check.clip(lambda grads, limit: clip_by_global_norm(grads, limit)[0])
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (each_tensor_by_itself, "each tensor was shrunk by a factor of its own"),
        (lambda grads, limit: tree_map(lambda leaf: np.clip(leaf, -limit, limit), grads), "you cut single entries"),
        (lambda grads, limit: tree_map(np.sign, grads), "one and the same factor"),
        (lambda grads, limit: tree_map(np.zeros_like, grads), "the norm after clipping is 0"),
        (scaled(lambda norm, limit: -limit / norm), "by 180 degrees: it was turned round"),
        (scaled(lambda norm, limit: limit / norm), "you enlarged a gradient below the limit, from 0.5 to 2"),
        (scaled(lambda norm, limit: 0.5 if norm <= limit else limit / norm), "below the limit, from 0.5 to 0.25"),
        (scaled(lambda norm, limit: 1.0), "nothing happened"),
        (scaled(lambda norm, limit: norm / limit), "upside down"),
        (scaled(lambda norm, limit: max(1.0, limit / norm)), "or max in the place of min?"),
        (scaled(lambda norm, limit: limit / norm**2), "divides by the squared norm"),
        (scaled(lambda norm, limit: 1 / norm), "you made it 1 long"),
        (scaled(lambda norm, limit: 0.3), "over all six tensors"),
        (in_place, "your function changes grads"),
        (nothing_for_short_ones, "as it came, but for such a one your function returned nothing; did you forget"),
        (forgets_short_ones, "as it came, but for such a one your function raised UnboundLocalError"),
        (short_ones_in_place, "as it came, but for such a one your function changes grads"),
        (
            lambda grads, limit: in_place(tree_map(np.copy, grads), limit) if global_norm(grads) > limit else ...,
            "the blank is still there",
        ),
        (
            lambda grads, limit: in_place(tree_map(np.copy, grads), limit) if global_norm(grads) > limit else 1,
            "return one Params",
        ),
        (clip_by_global_norm, "return one Params, such as tree_map makes"),
        (lambda grads, limit: 2.0, "return one Params, such as tree_map makes"),
        (
            lambda grads, limit: init_params(5, 2, 3, rng=np.random.default_rng(0)),
            "E should have shape (4, 2); got (5, 2)",
        ),
    ],
)
def test_clip_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.clip(wrong))


def test_clip_says_by_how_much_the_direction_changed() -> None:
    message = hint(check.clip(each_tensor_by_itself))
    degrees = int(message.split("changed by ")[1].split()[0])
    assert 5 < degrees < 60


# ---- 12.3


def rate(
    climb: Callable[[float, float, float], Any] = lambda taken, warmup, peak: peak * (taken + 1) / warmup,
    fall: Callable[[float, float, float], Any] = lambda share, peak, last: (
        last + (peak - last) * (1 + math.cos(math.pi * share)) / 2
    ),
    late: int = 0,
) -> Callable[..., Any]:
    """A schedule from its two parts; `late` shifts the second one by so many steps."""

    def my_rate(taken: int, steps: int, warmup: int, peak: float, last: float) -> Any:
        if taken < warmup:
            return climb(taken, warmup, peak)
        return fall((taken + late - warmup) / (steps - warmup), peak, last)

    return my_rate


def library_rate(taken: int, steps: int, warmup: int, peak: float, last: float) -> float:
    return learning_rate(taken, Settings(steps=steps, batch_size=1, lr=peak, warmup=warmup, final_lr=last))


def divided_by_all_steps(taken: int, steps: int, warmup: int, peak: float, last: float) -> float:
    if taken < warmup:
        return peak * (taken + 1) / warmup
    return last + (peak - last) * (1 + math.cos(math.pi * (taken - warmup) / steps)) / 2


def shared_from_the_start(taken: int, steps: int, warmup: int, peak: float, last: float) -> float:
    if taken < warmup:
        return peak * (taken + 1) / warmup
    return last + (peak - last) * (1 + math.cos(math.pi * taken / steps)) / 2


def climbing_from_last(taken: int, steps: int, warmup: int, peak: float, last: float) -> float:
    if taken < warmup:
        return last + (peak - last) * (taken + 1) / warmup
    return library_rate(taken, steps, warmup, peak, last)


def test_schedule_right() -> None:
    assert check.schedule(rate()).right
    told = "the numbers are right; write it yourself, without the library's learning_rate."
    assert hint(check.schedule(library_rate)) == told


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (rate(climb=lambda taken, warmup, peak: peak * taken / warmup), "the very first step has rate 0"),
        (rate(climb=lambda taken, warmup, peak: peak), "there is no climb"),
        (rate(climb=lambda taken, warmup, peak: peak * (taken + 2) / warmup), "after 0 steps the rate should be"),
        (rate(climb=lambda taken, warmup, peak: peak / warmup), "your rate stands still at 0.0005"),
        (rate(fall=lambda share, peak, last: ...), "the second one, after the warm-up, still waits"),
        (rate(fall=lambda share, peak, last: "calm"), "return a number; after 20 steps your function returned 'calm'"),
        (rate(late=1), "off by one"),
        (rate(late=-1), "off by one"),
        (
            rate(fall=lambda share, peak, last: last + (peak - last) * (1 - math.cos(math.pi * share)) / 2),
            "the cosine is reversed",
        ),
        (rate(fall=lambda share, peak, last: last + (peak - last) * (1 + math.cos(math.pi * share))), "twice too much"),
        (rate(fall=lambda share, peak, last: peak * (1 + math.cos(math.pi * share)) / 2), "it ends at 0"),
        (rate(fall=lambda share, peak, last: last + peak * (1 + math.cos(math.pi * share)) / 2), "at peak + last"),
        (rate(fall=lambda share, peak, last: last + (peak - last) * math.cos(math.pi * share)), "below the last rate"),
        (rate(fall=lambda share, peak, last: last + (peak - last) * math.cos(math.pi * share / 2)), "a quarter"),
        (rate(fall=lambda share, peak, last: last + (peak - last) * (1 - share)), "a straight line"),
        (rate(fall=lambda share, peak, last: last), "after 20 steps the rate should be 0.01; yours is 0.001"),
        (
            rate(fall=lambda share, peak, last: last + (peak - last) * (1 + math.cos(2 * math.pi * share)) / 2),
            "a whole wave",
        ),
        (rate(fall=lambda share, peak, last: last + (peak - last) * (1 + math.cos(180 * share)) / 2), "takes radians"),
        (
            lambda taken, steps, *rest: rate()(taken, steps - 1 if taken >= rest[0] else steps, *rest),
            "divide by steps - warmup, without - 1",
        ),
        (
            rate(fall=lambda share, peak, last: max(last, peak * (1 + math.cos(math.pi * share)) / 2)),
            "cut off at the last rate",
        ),
        (divided_by_all_steps, "you divide by steps"),
        (shared_from_the_start, "subtract warmup, above and below"),
        (climbing_from_last, "it starts too high"),
    ],
)
def test_schedule_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.schedule(wrong))


def test_a_schedule_with_the_numbers_of_one_run_typed_in_is_found_out() -> None:
    """The second run of the check has other settings."""

    def typed_in(taken: int, steps: int, warmup: int, peak: float, last: float) -> float:
        return library_rate(taken, 600, 20, 0.01, 0.001)

    assert hint(check.schedule(typed_in)).startswith("after 0 steps the rate should be")


# ---- 12.4


def dropped(
    shown: Callable[[FloatArray, float, np.random.Generator], Any] = lambda h, rate, rng: rng.random(h.shape) >= rate,
    factor: Callable[[float], float] = lambda rate: 1 / (1 - rate),
) -> Callable[..., Any]:
    """A dropout function from its two parts: which entries are shown, and what they are multiplied by."""
    return lambda h, rate, rng: h * shown(h, rate, rng) * factor(rate)


def library_dropout(h: FloatArray, rate: float, rng: np.random.Generator) -> FloatArray:
    """What `loss_and_grads` does, single precision included."""
    keep = _dropout_factors(h.shape, h.dtype, rate, rng)
    return h if keep is None else h * keep


def dropped_in_place(h: FloatArray, rate: float, rng: np.random.Generator) -> FloatArray:
    h *= (rng.random(h.shape) >= rate) / (1 - rate)
    return h


def wrong_at_rate_0(h: FloatArray, rate: float, rng: np.random.Generator) -> FloatArray | None:
    return dropped()(h, rate, rng) if rate else None


def exact_number(h: FloatArray, rate: float, rng: np.random.Generator) -> FloatArray:
    """Also a right answer: exactly a fifth of the entries is hidden."""
    shown = rng.permutation(h.size).reshape(h.shape) >= rate * h.size
    return h * shown / (1 - rate)


@pytest.mark.parametrize("answer", [dropped(), library_dropout, exact_number])
def test_dropout_right(answer: Callable[..., Any]) -> None:
    assert check.dropout(answer).right
    assert "the mean stays" in check.dropout(answer).message


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (
            lambda h, rate, rng: 0.5,
            "like h, should be one array of shape (40, 60); got shape ()",
        ),
        (lambda h, rate, rng: h[0], "got shape (60,)"),
        (dropped_in_place, "your function changes h, "),
        (dropped(shown=lambda h, rate, rng: 1), "none of the 2,400 entries are hidden"),
        (dropped(shown=lambda h, rate, rng: 0), "all of the 2,400 entries are hidden"),
        (dropped(shown=lambda h, rate, rng: rng.random() >= rate), "draw a number for each entry, and compare"),
        (
            dropped(shown=lambda h, rate, rng: rng.random(h.shape[1]) >= rate),
            "the same units are hidden for every name",
        ),
        (dropped(shown=lambda h, rate, rng: rng.random((len(h), 1)) >= rate), "whole names are hidden"),
        (dropped(shown=lambda h, rate, rng: rng.random(h.shape) < rate), "turn the comparison round"),
        (dropped(shown=lambda h, rate, rng: rng.standard_normal(h.shape) >= rate), "even between 0 and 1"),
        (dropped(factor=lambda rate: 1), "so the mean shrinks. What factor mends it?"),
        (dropped(factor=lambda rate: 1 - rate), "which shrinks the mean twice"),
        (dropped(factor=lambda rate: 1 / rate if rate else 1), "you divide by the rate"),
        (dropped(factor=lambda rate: rate), "you multiply by the rate"),
        (dropped(factor=lambda rate: 1 + rate), "1 + rate is near"),
        (dropped(factor=lambda rate: -1 / (1 - rate)), "one and the same factor"),
        (lambda h, rate, rng: h * (rng.random(h.shape) >= rate) / 1 - rate, "reads -0.2, not 0: to divide by 1 - rate"),
        (dropped(shown=lambda h, rate, rng: (rng.random(h.shape) >= rate) * rng.random(h.shape)), "one and the same"),
        (dropped(shown=lambda h, rate, rng: np.random.default_rng().random(h.shape) >= rate), "two different answers"),
        (dropped(shown=lambda h, rate, rng: np.random.default_rng(7).random(h.shape) >= rate), "another generator"),
        (dropped(shown=lambda h, rate, rng: rng.random(h.shape) >= max(rate, 0.2)), "at rate 0 nothing is hidden"),
        (wrong_at_rate_0, "at rate 0 nothing is hidden"),
    ],
)
def test_dropout_hints(wrong: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.dropout(wrong))


# ---- 12.5

Names = tuple[str, ...]


def sick(params: Params, names: Names, vocabulary: Vocabulary, batch_size: int, *, rng: Any) -> Params:
    """The loop of the exercise, as the reader finds it."""
    for batch in batches(names, vocabulary, batch_size, rng=rng):
        adam = adam_init(params)
        _, grads = loss_and_grads(params, batch)
        grads, _ = clip_by_global_norm(grads, 1.0)
        params, adam = adam_update(params, grads, adam, lr=0.01)
    return params


def mended(params: Params, names: Names, vocabulary: Vocabulary, batch_size: int, *, rng: Any) -> Params:
    adam = adam_init(params)
    for batch in batches(names, vocabulary, batch_size, rng=rng):
        _, grads = loss_and_grads(params, batch)
        grads, _ = clip_by_global_norm(grads, 1.0)
        params, adam = adam_update(params, grads, adam, lr=0.01)
    return params


def slower(params: Params, names: Names, vocabulary: Vocabulary, batch_size: int, *, rng: Any) -> Params:
    adam = adam_init(params)
    for batch in batches(names, vocabulary, batch_size, rng=rng):
        params, adam = adam_update(params, loss_and_grads(params, batch)[1], adam, lr=0.001)
    return params


def new_adam_lost(params: Params, names: Names, vocabulary: Vocabulary, batch_size: int, *, rng: Any) -> Params:
    adam = adam_init(params)
    for batch in batches(names, vocabulary, batch_size, rng=rng):
        _, grads = loss_and_grads(params, batch)
        grads, _ = clip_by_global_norm(grads, 1.0)
        params, _ = adam_update(params, grads, adam, lr=0.01)
    return params


def one_adam_for_all_calls(first: int) -> Callable[..., Params]:
    """As when Adam is made in the cell, outside the function, and has been used so often before."""
    kept: list[Any] = []

    def train(params: Params, names: Names, vocabulary: Vocabulary, batch_size: int, *, rng: Any) -> Params:
        kept.append(kept[-1] if kept else adam_init(params))
        for batch in batches(names, vocabulary, batch_size, rng=rng):
            grads, _ = clip_by_global_norm(loss_and_grads(params, batch)[1], 1.0)
            params, kept[-1] = adam_update(params, grads, kept[-1], lr=0.01)
        return params

    start = init_params(len(Vocabulary.from_names(check.FEW)), 2, 3, rng=np.random.default_rng(1))
    for _ in range(first):
        train(start, check.FEW, Vocabulary.from_names(check.FEW), 2, rng=np.random.default_rng(2))
    return train


def test_bug_right() -> None:
    assert check.bug("B", mended).right
    assert check.bug(" b", mended).right


@pytest.mark.parametrize(
    ("line", "train", "expected"),
    [
        ("A", mended, "A is healthy"),
        ("C", sick, "C is healthy"),
        ("d", sick, "only a seat belt"),
        ("E", sick, "what happens to that one then"),
        ("F", sick, "with one letter, A to E; got 'F'"),
        (2, sick, "got 2"),
        ("B", sick, "Now mend it"),
        ("B", new_adam_lost, "Adam still does not remember"),
        ("B", one_adam_for_all_calls(0), "make Adam inside the function"),
        ("B", one_adam_for_all_calls(1), "make Adam inside the function"),
        ("B", slower, "one step of yours differs"),
        ("B", lambda *arguments, rng: 3, "return one Params, such as tree_map makes; got int"),
        ("B", lambda params, *arguments, rng: replace(params, b=params.b + 1), "one step of yours differs"),
    ],
)
def test_bug_hints(line: object, train: Callable[..., Any], expected: str) -> None:
    assert expected in hint(check.bug(line, train))


def test_the_bug_does_what_the_exercise_says() -> None:
    """With it every weight whose gradient is not tiny moves by the whole learning rate at each step."""
    vocabulary = Vocabulary.from_names(["ana", "anna"])
    start = init_params(len(vocabulary), 2, 3, rng=np.random.default_rng(0))
    once = sick(start, ("ana", "anna"), vocabulary, 2, rng=np.random.default_rng(0))
    twice = sick(once, ("ana", "anna"), vocabulary, 2, rng=np.random.default_rng(0))
    for before, after in ((start, once), (once, twice)):
        np.testing.assert_allclose(np.abs(after.b_y - before.b_y), 0.01, rtol=1e-4)


# ---- 12.6


def test_diagnose_right() -> None:
    assert check.diagnose(ILLNESSES).right


@pytest.mark.parametrize(("run", "illness"), sorted(CONFUSIONS))
def test_each_confusion_has_its_own_hint(run: str, illness: str) -> None:
    assert hint(check.diagnose(ILLNESSES | {run: illness})) == f"run {run}: {CONFUSIONS[run, illness]}"


def test_every_possible_confusion_is_foreseen() -> None:
    expected = {(run, other) for run in ILLNESSES for other in ILLNESSES.values() if other != ILLNESSES[run]}
    assert set(CONFUSIONS) == expected
    assert len(set(CONFUSIONS.values())) == len(CONFUSIONS)


def test_diagnose_other_hints() -> None:
    assert "choose among 'learning rate too high'" in hint(check.diagnose(ILLNESSES | {"C": "tired"}))
    assert hint(check.diagnose(ILLNESSES | {"B": ..., "D": ...})) == (
        "right so far; B and D still wait for a diagnosis."
    )
    assert hint(check.diagnose({"A": ILLNESSES["A"]})).startswith("right so far; B and C and D")
    assert hint(check.diagnose({"a": ILLNESSES["A"]})) == "the keys are the runs, A to D; got 'a'."
    assert "keep the dict" in hint(check.diagnose("overfitting"))


def test_the_sick_runs_show_what_their_illnesses_say() -> None:
    split = load_splits()
    runs = check.sick_runs(split.train, split.val[::40], Vocabulary.from_names(split.train))
    assert {run: curves.shape for run, curves in runs.items()} == dict.fromkeys("ABCD", (3, STEPS))
    start, unigram = math.log(27), 2.82
    jumping, still, memorising, blind = (runs[run] for run in "ABCD")
    assert jumping[:2].max() > start + 0.5
    assert jumping[:2, -10:].mean() > 2.45
    assert jumping[2].max() > 3 * jumping[2, 0]
    np.testing.assert_allclose(still[:2], start, atol=0.03)
    assert still[2].min() > 0.1  # there is a gradient, and it is not followed
    np.testing.assert_array_equal(still[1], still[1, 0])
    assert memorising[0, -5:].mean() < 2
    assert memorising[1, -1] > memorising[1].min() + 0.3
    assert memorising[2, -10:].mean() > memorising[2, :5].mean()
    assert abs(blind[:2, -10:].mean() - unigram) < 0.06
    assert blind[:2].max() < start + 0.05
    assert blind[2, -10:].max() < 0.5 * blind[2, 0]  # it fades
