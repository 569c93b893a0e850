"""`fit` is the ten-line loop with a memory: it validates, keeps the best, stops early, and says when it went wrong."""

import inspect
import io
import math
import os
import sys
from dataclasses import MISSING, fields

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits
from training_cases import GENERATORS, NAMES, UNSEEN, VOCABULARY, assert_same, generator, read_only, small_params

from lstm_lib import train
from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import batches, load_splits
from lstm_lib.evaluate import nll
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.run import steps as steps_module
from lstm_lib.run import watch
from lstm_lib.run.history import History
from lstm_lib.sample import sample_names
from lstm_lib.train import Settings, TrainingDiverged, fit, learning_rate, load_checkpoint, load_trained, training_steps
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

PLAIN = {"steps": 8, "batch_size": 4, "lr": 0.05}
FULL = PLAIN | {"warmup": 3, "final_lr": 0.01, "max_norm": 0.5, "dropout": 0.3, "beta2": 0.95}


def run(params=None, *, seed=0, kind="PCG64", **options):
    """`fit` on the toy list; the parameters, the history, and the next number of the generator."""
    rng = generator(seed, kind)
    params, history = fit(small_params() if params is None else params, NAMES, VOCABULARY, rng=rng, **(PLAIN | options))
    return params, history, rng.random()


# the loop


def by_hand(params, rng, *, epochs, batch_size, lr, max_norm, dropout, beta2, **schedule):
    """Ten lines over whole epochs, the short last batches included."""
    optimizer, losses, norms = adam_init(params), [], []
    for _ in range(epochs):
        for batch in batches(NAMES, VOCABULARY, batch_size, rng=rng):
            loss, grads = loss_and_grads(params, batch, dropout=dropout, rng=rng)
            grads, norm = clip_by_global_norm(grads, max_norm)
            rate = learning_rate(len(losses), Settings(3 * epochs, batch_size, lr, **schedule))
            params, optimizer = adam_update(params, grads, optimizer, lr=rate, beta2=beta2)
            losses.append(loss)
            norms.append(norm)
    return params, losses, norms


@pytest.mark.parametrize("kind", GENERATORS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("epochs", [1, 2, 5])
def test_fit_is_the_ten_line_loop_bit_for_bit(epochs, dtype, kind):
    options = FULL | {"steps": 3 * epochs}
    params = read_only(small_params(dtype=dtype))
    got, history, number = run(params, kind=kind, **options)
    rng = generator(0, kind)
    del options["steps"]
    expected, losses, norms = by_hand(params, rng, epochs=epochs, **options)
    assert_same(got, expected)
    assert history.loss == tuple(losses)
    assert history.gradient_norm == tuple(norms)
    assert number == rng.random()


@pytest.mark.parametrize("steps", [1, 2, 4, 7])
def test_fit_may_stop_in_the_middle_of_an_epoch(steps):
    settings = Settings(**(FULL | {"steps": steps}))
    walked = list(training_steps(small_params(), NAMES, VOCABULARY, settings, rng=generator()))
    params, history, _ = run(**(FULL | {"steps": steps}))
    assert_same(params, walked[-1].params)
    assert len(history.loss) == steps
    assert history.learning_rate == tuple(learning_rate(taken, settings) for taken in range(steps))


def test_the_loss_falls_until_the_names_are_known_by_heart():
    params, history, _ = run(steps=300, lr=0.03, batch_size=11)
    least = len(NAMES) * math.log(len(NAMES)) / sum(len(name) + 1 for name in NAMES)  # each name has probability 1/11
    assert least < 0.6
    assert history.loss[0] > 2
    assert least < history.loss[-1] < 1.3 * least
    assert least < nll(params, VOCABULARY, NAMES) < 1.3 * least
    names = sample_names(params, VOCABULARY, 200, rng=generator())
    assert sum(name in NAMES for name in names) > 150


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_dtype_stays_and_nothing_of_the_arguments_is_changed(dtype, tmp_path):
    params, names, val_names = read_only(small_params(dtype=dtype)), list(NAMES), list(UNSEEN)
    before = tree_map(np.copy, params)
    options = PLAIN | {"val_names": val_names, "patience": 3, "checkpoint": tmp_path / "run.npz"}
    trained, _ = fit(params, names, VOCABULARY, rng=generator(), **options)
    assert_same(params, before)
    assert (names, val_names) == (NAMES, UNSEEN)
    assert {leaf.dtype for _, leaf in named_leaves(trained)} == {np.dtype(dtype)}


def test_names_may_come_once_only_as_from_a_generator():
    rng = generator()
    params, history = fit(small_params(), iter(NAMES), VOCABULARY, rng=rng, val_names=iter(UNSEEN), **PLAIN)
    expected, recorded, number = run(val_names=UNSEEN)
    assert_same(params, expected)
    assert (history, rng.random()) == (recorded, number)


def test_validation_draws_nothing_and_changes_nothing_on_the_way():
    plain, history, number = run(**FULL)
    watched, recorded, same_number = run(**FULL, val_names=UNSEEN, eval_every=8)
    assert_same(plain, watched)
    assert (history.loss, number) == (recorded.loss, same_number)
    assert history.val_loss == history.val_step == ()


def test_dropout_is_drawn_from_the_generator():
    one, two, other = (run(dropout=0.5, seed=seed)[1].loss for seed in (0, 0, 1))
    assert one == two != other
    assert one[0] != run(dropout=0.0)[1].loss[0]


def test_products_take_one_thread_while_it_runs_and_as_many_as_before_afterwards(monkeypatch):
    def threads():
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    def spy(*args, **kwargs):
        seen.append(threads())
        return after_step(*args, **kwargs)

    seen, after_step = [], train.after_step
    monkeypatch.setattr(train, "after_step", spy)
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        fit(small_params(), NAMES, VOCABULARY, rng=generator(), steps=2, batch_size=4, lr=0.01)
        assert threads() == before
    assert seen == [[1] * len(before)] * 2


def test_options_reach_the_step():
    ends = [
        run(**options)[0].E.tobytes()
        for options in ({}, {"lr": 0.04}, {"warmup": 2}, {"final_lr": 0.01}, {"max_norm": 0.1}, {"beta2": 0.9},
                        {"dropout": 0.1}, {"batch_size": 5})
    ]  # fmt: skip
    assert len(set(ends)) == len(ends)


# validation


def losses_along(steps, **options):
    settings = Settings(**(PLAIN | options | {"steps": steps}))
    walked = training_steps(small_params(), NAMES, VOCABULARY, settings, rng=generator())
    return {step.number: (nll(step.params, VOCABULARY, UNSEEN), step.params) for step in walked}


def test_the_parameters_with_the_lowest_validation_loss_are_returned():
    along = losses_along(60)
    params, history, _ = run(steps=60, val_names=UNSEEN, eval_every=7)
    assert history.val_step == (7, 14, 21, 28, 35, 42, 49, 56, 60)  # and at the end
    assert history.val_loss == tuple(along[step][0] for step in history.val_step)
    best = history.val_step[int(np.argmin(history.val_loss))]
    assert best not in (7, 60)  # or the test would show nothing
    assert_same(params, along[best][1])
    assert nll(params, VOCABULARY, UNSEEN) == min(history.val_loss)


def test_of_equal_validation_losses_the_first_counts(monkeypatch):
    along = losses_along(8)
    monkeypatch.setattr(watch, "nll", lambda *_: 2.0)
    params, history, _ = run(val_names=UNSEEN, eval_every=3)
    assert history.val_loss == (2.0, 2.0, 2.0)
    assert_same(params, along[3][1])


def test_without_validation_the_last_parameters_are_returned():
    assert_same(run()[0], losses_along(8)[8][1])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [(40, tuple(range(4, 41, 4))), (90, tuple(range(9, 91, 9))), (25, (*range(2, 25, 2), 25)), (4, (1, 2, 3, 4))],
)
def test_a_tenth_of_the_run_lies_between_two_validations(steps, expected):
    assert run(steps=steps, val_names=UNSEEN)[1].val_step == expected


def test_a_run_shorter_than_eval_every_is_validated_at_its_end():
    assert run(val_names=UNSEEN, eval_every=100)[1].val_step == (8,)


@pytest.mark.parametrize(
    ("patience", "losses", "steps"),
    [
        (1, [5, 4, 3, 2, 1, 0, -1, -2], 8),
        (1, [5, 4, 4, 0, 0, 0, 0, 0], 3),  # an equal loss is no progress
        (2, [5, 6, 7, 0, 0, 0, 0, 0], 3),
        (2, [5, 6, 4, 6, 4, 0, 0, 0], 5),
        (3, [5, 6, 6, 4, 5, 5, 5, 0], 7),
        (9, [5, 6, 7, 8, 9, 9, 9, 9], 8),
        (None, [5, 6, 7, 8, 9, 9, 9, 9], 8),
    ],
)
def test_patience_counts_validations_without_a_new_lowest_loss(monkeypatch, patience, losses, steps):
    along = losses_along(8)
    told = iter(losses)
    monkeypatch.setattr(watch, "nll", lambda *_: float(next(told)))
    params, history, _ = run(val_names=UNSEEN, eval_every=1, patience=patience)
    assert history.val_loss == tuple(losses[:steps])
    assert len(history.loss) == steps
    assert_same(params, along[1 + int(np.argmin(losses[:steps]))][1])


# bad arguments


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"params": None}, TypeError, "params must be Params, such as init_params returns; got None"),
        (
            {"params": small_params(Vocabulary((".", "a")))},
            ValueError,
            "as many characters as the vocabulary has, 9; got 2",
        ),
        ({"params": small_params(dtype=np.float16)}, TypeError, "params must be float32 or float64; got float16,"),
        ({"train_names": []}, ValueError, "train_names must hold at least one name; got none"),
        ({"train_names": "ana"}, TypeError, "train_names must be a list of strings"),
        ({"train_names": ["ana", None]}, TypeError, r"train_names\[1\] must be a string; got None"),
        ({"train_names": ["ana", "xu"]}, ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        ({"vocabulary": None}, TypeError, "vocabulary must be a Vocabulary"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator"),
        ({"steps": 0}, ValueError, "steps must be at least 1; got 0"),
        ({"batch_size": 1.5}, TypeError, "batch_size must be a whole number; got 1.5"),
        ({"lr": -0.1}, ValueError, "lr must be a finite number above 0; got -0.1"),
        ({"warmup": None}, TypeError, "warmup must be a whole number; got None"),
        ({"final_lr": math.nan}, ValueError, "final_lr must be a finite number at least 0; got nan"),
        ({"max_norm": -1}, ValueError, "max_norm must be a finite number above 0; got -1"),
        ({"dropout": 1.0}, ValueError, "dropout must be a finite number at least 0 and below 1; got 1.0"),
        ({"beta2": 1}, ValueError, "beta2 must be a finite number at least 0 and below 1; got 1"),
        ({"val_names": []}, ValueError, "val_names must hold at least one name; got none"),
        ({"val_names": "ana"}, TypeError, "val_names must be a list of strings"),
        ({"val_names": ["xu"]}, ValueError, "'xu' has 'x', which is not a letter of this vocabulary"),
        ({"val_names": UNSEEN, "eval_every": 0}, ValueError, "eval_every must be at least 1; got 0"),
        ({"val_names": UNSEEN, "eval_every": 2.0}, TypeError, "eval_every must be a whole number; got 2.0"),
        ({"val_names": UNSEEN, "patience": 0}, ValueError, "patience must be at least 1; got 0"),
        ({"val_names": UNSEEN, "patience": "1"}, TypeError, "patience must be a whole number; got '1'"),
        ({"eval_every": 2}, ValueError, "eval_every=2 and patience=None need val_names; got None"),
        ({"patience": 2}, ValueError, "eval_every=None and patience=2 need val_names; got None"),
        ({"checkpoint": 5}, TypeError, r"path must be a string or a pathlib\.Path; got 5"),
        ({"checkpoint": "no-such-folder/run.npz"}, FileNotFoundError, "the folder no-such-folder does not exist"),
        ({"checkpoint": "."}, IsADirectoryError, "is a folder; name a file in it"),
    ],
)
def test_fit_refuses_a_bad_argument_before_the_first_step(monkeypatch, change, error, message):
    monkeypatch.setattr(steps_module, "loss_and_grads", None)  # a step would end in another error
    right = {"params": small_params(), "train_names": NAMES, "vocabulary": VOCABULARY, "rng": generator()} | PLAIN
    with pytest.raises(error, match=message):
        fit(**(right | change))


# divergence


def finite(record):
    return all(np.isfinite(leaf).all() for _, leaf in named_leaves(record))


@pytest.mark.parametrize("val_names", [None, UNSEEN])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_huge_rate_ends_in_words_with_the_last_good_parameters_and_the_history(dtype, val_names, tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(TrainingDiverged, match=r"training diverged at step (\d+): .*; try a smaller lr") as caught:
        run(small_params(dtype=dtype), lr=1e8, steps=50, val_names=val_names, checkpoint=path)
    error = caught.value
    step = int(str(error).split("step ")[1].split(":")[0])
    assert 1 < step < 50
    assert isinstance(error.history, History)
    assert len(error.history.loss) == len(error.history.gradient_norm) == step - 1
    assert all(math.isfinite(loss) for loss in error.history.loss)
    assert finite(error.params)
    assert not path.exists()  # no whole hundred steps were taken: nothing was written down


def test_a_validation_loss_that_is_not_finite_is_a_divergence(monkeypatch):
    along = losses_along(8)
    told = iter([3.0, math.inf])
    monkeypatch.setattr(watch, "nll", lambda *_: next(told))
    with pytest.raises(TrainingDiverged, match="training diverged at step 4: the validation loss is inf") as caught:
        run(val_names=UNSEEN, eval_every=2)
    assert_same(caught.value.params, along[3][1])
    assert (len(caught.value.history.loss), caught.value.history.val_loss) == (3, (3.0,))


def test_parameters_too_large_to_be_validated_need_no_warning(monkeypatch):
    def huge(params, *arguments, **options):
        moved, state = adam_update(params, *arguments, **options)
        return tree_map(lambda leaf: np.copysign(1.7e308, leaf), moved), state

    monkeypatch.setattr(steps_module, "adam_update", huge)
    with pytest.raises(TrainingDiverged, match=r"step 1: the validation loss is (nan|inf)"):
        run(val_names=UNSEEN, eval_every=1)


def test_after_a_divergence_the_checkpoint_holds_the_last_save_whole(monkeypatch, tmp_path):
    path, calls = tmp_path / "run.npz", []

    def plant(*arguments, **options):
        calls.append(0)
        loss, grads = loss_and_grads(*arguments, **options)
        return (math.nan if len(calls) == 8 else loss), grads

    monkeypatch.setattr(train, "SAVE_EVERY", 3)
    monkeypatch.setattr(steps_module, "loss_and_grads", plant)
    with pytest.raises(TrainingDiverged, match="at step 8: the loss is nan"):
        run(checkpoint=path)
    assert load_checkpoint(path).step == 6
    assert os.listdir(tmp_path) == ["run.npz"]
    monkeypatch.undo()
    params, history, number = run(checkpoint=path)  # without the planted fault the run goes on as if nothing had been
    expected, recorded, same_number = run()
    assert_same(params, expected)
    assert (history, number) == (recorded, same_number)


# the progress bar


class Terminal(io.StringIO):
    """A stream that says whether somebody watches."""

    def __init__(self, watched):
        super().__init__()
        self.watched = watched

    def isatty(self):
        return self.watched


def watched_terminal(monkeypatch):
    """Stderr as a terminal, outside a notebook, with bars on."""
    stream = Terminal(True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    return stream


@pytest.mark.parametrize(
    ("terminal", "kernel", "disable", "progress", "shown"),
    [
        (True, False, None, True, True),
        (True, False, "", True, True),
        (True, False, "0", True, True),
        (True, False, "1", True, False),
        (True, True, "1", True, False),
        (False, True, None, True, True),
        (False, True, "1", True, False),
        (False, False, None, True, False),
        (True, True, None, False, False),
    ],
)
def test_the_bar_is_shown_where_somebody_watches(monkeypatch, capsys, terminal, kernel, disable, progress, shown):
    stream = Terminal(terminal)
    monkeypatch.setattr(sys, "stdout" if kernel else "stderr", stream)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    if kernel:
        monkeypatch.setitem(sys.modules, "ipykernel", sys)
    if disable is not None:
        monkeypatch.setenv("TQDM_DISABLE", disable)
    run(progress=progress)
    text = stream.getvalue()
    assert ("8/8" in text and "steps" in text) == shown
    assert bool(text) == shown
    assert capsys.readouterr() == ("", "")


def test_the_bar_shows_the_loss_counts_from_the_resumed_step_and_is_closed(monkeypatch, tmp_path):
    stream = watched_terminal(monkeypatch)
    _, history, _ = run(steps=5, checkpoint=tmp_path / "run.npz")
    assert f"loss={history.loss[-1]:.3f}" in stream.getvalue()
    assert stream.getvalue().endswith("\n")  # closed: the next output begins on a line of its own
    stream.truncate(0)
    run(steps=8, checkpoint=tmp_path / "run.npz")
    assert "5/8" in stream.getvalue()
    assert "4/8" not in stream.getvalue()


def test_the_bar_is_closed_when_the_run_diverges(monkeypatch):
    stream = watched_terminal(monkeypatch)
    with pytest.raises(TrainingDiverged) as caught:
        run(lr=1e9)
    assert stream.getvalue().endswith("\n")
    assert caught.value.params is not None  # the error, with its frames, is still held


# the shipped weights


def test_the_shipped_weights_are_a_good_model_in_float32():
    params, vocabulary = load_trained()
    assert params.dtype == np.float32
    assert vocabulary.characters == (".", *"abcdefghijklmnopqrstuvwxyz")
    assert nll(params, vocabulary, load_splits().val[:400]) < 2.0  # the trigram needs 2.2 nats per predicted symbol


def test_missing_weights_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(train.resources, "files", lambda _: tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*trained\.npz"):
        load_trained()


def test_fit_and_settings_have_the_same_defaults():
    defaults = {name: each.default for name, each in inspect.signature(fit).parameters.items()}
    for field in fields(Settings):
        assert defaults[field.name] == (inspect.Parameter.empty if field.default is MISSING else field.default)


# copies kept on the way


def test_copies_are_kept_on_the_way_and_change_nothing(tmp_path):
    keep = {step: tmp_path / f"{step}.npz" for step in (1, 5, 8, 99)}
    plain = run(**FULL)
    kept = run(keep=keep, **FULL)
    assert_same(kept[0], plain[0])
    assert kept[1:] == plain[1:]
    walked = {step.number: step.params for step in training_steps(
        small_params(), NAMES, VOCABULARY, Settings(**FULL), rng=generator())}  # fmt: skip
    for step in (1, 5, 8):
        copy = load_checkpoint(keep[step])
        assert_same(copy.params, walked[step])
        assert (copy.step, copy.vocabulary, copy.optimizer) == (step, VOCABULARY, None)
    assert not keep[99].exists()


def test_a_place_that_cannot_be_is_refused_before_the_first_step(tmp_path):
    with pytest.raises(FileNotFoundError, match="create it first"):
        run(keep={8: tmp_path / "nowhere" / "8.npz"})


@pytest.mark.parametrize(
    ("keep", "error", "message"),
    [
        (["a.npz"], TypeError, r"keep must map steps to files, such as {100: 'early.npz'}; got \['a.npz'\]"),
        ({0: "a.npz"}, ValueError, "a step of keep must be at least 1; got 0"),
        ({"1": "a.npz"}, TypeError, "a step of keep must be a whole number; got '1'"),
        ({1: 7}, TypeError, "path must be a string or a pathlib.Path; got 7"),
        ({1: "a.npz", 2: "a.npz"}, ValueError, "keep and checkpoint must name different files; got a.npz, a.npz"),
        ({1: "run.npz"}, ValueError, "keep and checkpoint must name different files; got run.npz, run.npz"),
    ],
)
def test_copies_that_cannot_be_kept_are_refused(monkeypatch, tmp_path, keep, error, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        run(keep=keep, checkpoint="run.npz")
    assert list(tmp_path.iterdir()) == []


def test_no_weight_drop_and_a_weight_drop_of_0_are_one_setting():
    assert Settings(**PLAIN, weight_drop=0) == Settings(**PLAIN)
