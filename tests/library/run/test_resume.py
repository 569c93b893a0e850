"""A run that was stopped, wherever, and called again ends bit for bit as one that never stopped."""

import contextlib
import os
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from training_cases import GENERATORS, NAMES, UNSEEN, VOCABULARY, assert_same, generator, small_params

import lstm_lib
from lstm_lib import evaluate, train
from lstm_lib.run import npz_file, watch
from lstm_lib.run import steps as steps_module
from lstm_lib.train import TrainingInterrupted, fit, load_checkpoint, save_checkpoint
from lstm_lib.vocabulary import Vocabulary

PLAIN = {"steps": 11, "batch_size": 4, "lr": 0.05}  # 3 batches an epoch: 3 whole epochs and two thirds
FULL = PLAIN | {
    "warmup": 3, "final_lr": 0.01, "max_norm": 0.5, "dropout": 0.3, "beta2": 0.95, "weight_drop": 0.2,
    "val_names": UNSEEN, "eval_every": 3, "patience": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _save_often(monkeypatch):
    monkeypatch.setattr(train, "SAVE_EVERY", 4)


def run(path=None, *, kind="PCG64", params=None, names=NAMES, vocabulary=VOCABULARY, **options):
    """`fit` from the very beginning: the parameters, the history, and the next number of the generator."""
    rng = generator(5, kind)
    params = small_params() if params is None else params
    params, history = fit(params, names, vocabulary, rng=rng, checkpoint=path, **options)
    return params, history, rng.random()


@cache
def never_stopped(kind="PCG64", plain=False, steps=11):
    return run(kind=kind, **((PLAIN if plain else FULL) | {"steps": steps}))


def assert_as_if_never_stopped(path, *, kind="PCG64", plain=False, steps=11):
    params, history, number = run(path, kind=kind, **((PLAIN if plain else FULL) | {"steps": steps}))
    expected, recorded, same_number = never_stopped(kind, plain, steps)
    assert_same(params, expected)
    assert history == recorded
    assert number == same_number
    assert os.listdir(path.parent) == [path.name]  # no temporary file is left


PLACES = {
    "before the gradient": (steps_module, "loss_and_grads", False),
    "after the gradient": (steps_module, "loss_and_grads", True),
    "before clipping": (steps_module, "clip_by_global_norm", False),
    "before Adam": (steps_module, "adam_update", False),
    "after Adam": (steps_module, "adam_update", True),
    "between two epochs": (steps_module, "batches", False),
    "after shuffling": (steps_module, "batches", True),
    "before validation": (watch, "nll", False),
    "within validation": (evaluate, "read_out", True),
    "after validation": (watch, "nll", True),
    "between two steps": (train, "after_step", True),
    "before it is noted": (watch, "copy_generator", True),
    "before saving": (train, "save_checkpoint", False),
    "within saving": (npz_file.np, "savez", False),
    "before the file is on the disk": (npz_file.os, "fsync", False),
    "before the file is renamed": (npz_file.os, "replace", False),
    "after the file is renamed": (npz_file.os, "replace", True),
    "after saving": (train, "save_checkpoint", True),
}


def stop(module, function, after, call):
    """A patch: call number `call` of the function is interrupted, before or after its work; then all is as before."""
    original, calls = getattr(module, function), []

    def stopped(*arguments, **options):
        calls.append(0)
        if len(calls) == call and not after:
            raise KeyboardInterrupt
        result = original(*arguments, **options)
        if len(calls) == call:
            raise KeyboardInterrupt
        return result

    patch = pytest.MonkeyPatch()
    patch.setattr(module, function, stopped)
    return patch, calls


@pytest.mark.parametrize("place", PLACES)
def test_wherever_and_whenever_it_is_interrupted_the_result_is_the_same(tmp_path, place):
    interrupted = 0
    for call in (1, 2, 4, 7):
        path = tmp_path / str(call) / "run.npz"
        path.parent.mkdir()
        patch, calls = stop(*PLACES[place], call)
        with contextlib.suppress(KeyboardInterrupt):
            run(path, **FULL)
        patch.undo()
        assert set(os.listdir(path.parent)) <= {"run.npz"}
        assert_as_if_never_stopped(path)
        if len(calls) < call:  # the run was over before
            break
        interrupted += 1
    assert interrupted > 1


@pytest.mark.parametrize(("kind", "plain"), [*((kind, False) for kind in GENERATORS), (GENERATORS[0], True)])
def test_a_run_interrupted_at_every_step_is_the_same_with_every_generator(tmp_path, kind, plain):
    path = tmp_path / "run.npz"
    for step in range(11):
        patch, _ = stop(steps_module, "adam_update", False, 2 if step else 1)  # one step further each time
        with pytest.raises(TrainingInterrupted, match=rf"^interrupted after {step} whole steps$") as caught:
            run(path, kind=kind, **(PLAIN if plain else FULL))
        patch.undo()
        assert len(caught.value.history.loss) == load_checkpoint(path).step == step
        assert_same(caught.value.params, load_checkpoint(path).params)
    assert_as_if_never_stopped(path, kind=kind, plain=plain)


LIBRARY = str(Path(lstm_lib.__file__).parent)


class Lines:
    """Counts the lines of the library that are run; interrupts at one of them."""

    def __init__(self, stop_at=None):
        self.count, self.stop_at = 0, stop_at

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self.trace)
        return self

    def __exit__(self, *_):
        sys.settrace(self.before)

    def trace(self, frame, event, _):
        if not frame.f_code.co_filename.startswith(LIBRARY):
            return None
        if event == "line":
            self.count += 1
            if self.count == self.stop_at:
                raise KeyboardInterrupt
        return self.trace


def test_a_run_interrupted_at_any_line_of_the_library_is_the_same(tmp_path):
    options = FULL | {"steps": 6}
    with Lines() as whole:
        run(tmp_path / "whole.npz", **options)
    interrupted = 0
    for position in np.linspace(1, whole.count, 60).astype(int).tolist():
        path = tmp_path / str(position) / "run.npz"
        path.parent.mkdir()
        with Lines(position), contextlib.suppress(KeyboardInterrupt):
            run(path, **options)
        assert set(os.listdir(path.parent)) <= {"run.npz"}
        interrupted += path.exists() and load_checkpoint(path).step < 6
        assert_as_if_never_stopped(path, steps=6)
    assert interrupted > 40


def test_two_interruptions_in_a_row_leave_a_whole_file(tmp_path):
    path = tmp_path / "run.npz"
    patch, _ = stop(steps_module, "adam_update", False, 7)  # steps 1 to 4 are on the disk, 5 and 6 in memory
    second, _ = stop(npz_file.os, "replace", False, 2)  # and the second Ctrl-C comes while these are saved
    with pytest.raises(KeyboardInterrupt) as caught:
        run(path, **FULL)
    second.undo()
    patch.undo()
    assert type(caught.value) is KeyboardInterrupt
    assert load_checkpoint(path).step == 4
    assert_as_if_never_stopped(path)


def test_an_interruption_without_a_checkpoint_hands_over_what_there_is():
    patch, _ = stop(steps_module, "adam_update", True, 6)
    with pytest.raises(TrainingInterrupted, match="interrupted after 5 whole steps") as caught:
        run(**FULL)
    patch.undo()
    assert caught.value.history.loss == never_stopped()[1].loss[:5]
    assert isinstance(caught.value, KeyboardInterrupt)


def test_another_error_leaves_the_last_save(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    original, calls = steps_module.adam_update, []

    def out_of_memory(*arguments, **options):
        calls.append(0)
        if len(calls) == 7:
            raise MemoryError
        return original(*arguments, **options)

    monkeypatch.setattr(steps_module, "adam_update", out_of_memory)
    with pytest.raises(MemoryError):
        run(path, **FULL)
    assert load_checkpoint(path).step == 4
    monkeypatch.undo()
    assert_as_if_never_stopped(path)


def test_a_checkpoint_is_written_now_and_then_and_at_the_end(tmp_path, monkeypatch):
    written = []

    def spy(path, params, **parts):
        written.append(parts["step"])
        save_checkpoint(path, params, **parts)

    monkeypatch.setattr(train, "save_checkpoint", spy)
    run(tmp_path / "run.npz", **FULL)
    assert written == [4, 8, 11]


def test_by_default_a_hundred_steps_lie_between_two_checkpoints(monkeypatch):
    monkeypatch.undo()
    assert train.SAVE_EVERY == 100


# finished, longer, and other runs


@pytest.mark.parametrize("plain", [True, False])
def test_a_finished_run_returns_at_once(tmp_path, monkeypatch, plain):
    path = tmp_path / "run.npz"
    assert_as_if_never_stopped(path, plain=plain)
    before = path.read_bytes(), path.stat().st_mtime_ns
    for module, function in ((steps_module, "loss_and_grads"), (watch, "nll"), (train, "save_checkpoint")):
        monkeypatch.setattr(module, function, None)  # to call it would be an error
    assert_as_if_never_stopped(path, plain=plain)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_run_that_patience_stopped_stays_stopped(tmp_path, monkeypatch):
    path, options = tmp_path / "run.npz", PLAIN | {"val_names": UNSEEN, "eval_every": 1, "patience": 2}
    told = iter([3.0, 1.0, 2.0, 2.0])
    monkeypatch.setattr(watch, "nll", lambda *_: next(told))
    first = run(path, **options)
    assert first[1].val_loss == (3.0, 1.0, 2.0, 2.0)
    again = run(path, **options)
    longer = run(path, **(options | {"steps": 50}))
    for other in (again, longer):
        assert_same(first[0], other[0])
        assert first[1:] == other[1:]


def test_more_steps_continue_the_run(tmp_path):
    path = tmp_path / "run.npz"
    for steps in (2, 3, 7, 11):  # within an epoch, at its border, over two borders
        params, history, number = run(path, **(PLAIN | {"steps": steps}))
        expected, recorded, same_number = never_stopped("PCG64", True, steps)
        assert_same(params, expected)
        assert (history, number) == (recorded, same_number)


def test_the_best_parameters_outlive_the_interruption(tmp_path, monkeypatch):
    path, options = tmp_path / "run.npz", PLAIN | {"val_names": UNSEEN, "eval_every": 1}
    losses = [3.0, 1.0, *[2.0] * 9]
    told = iter(losses)
    monkeypatch.setattr(watch, "nll", lambda *_: next(told))
    patch, _ = stop(steps_module, "adam_update", False, 6)
    with pytest.raises(TrainingInterrupted):
        run(path, **options)
    patch.undo()
    params, history, _ = run(path, **options)
    assert history.val_loss == tuple(losses)
    assert_same(params, run(**(PLAIN | {"steps": 2}))[0])


def test_the_parameters_given_to_a_resumed_run_only_give_the_shapes(tmp_path):
    path = tmp_path / "run.npz"
    run(path, **(PLAIN | {"steps": 5}))
    params, _, _ = run(path, params=small_params(seed=77), **PLAIN)
    assert_same(params, never_stopped("PCG64", True)[0])


def test_the_generator_given_to_a_resumed_run_is_put_in_its_state(tmp_path):
    path, rng = tmp_path / "run.npz", generator(99)
    run(path, **(PLAIN | {"steps": 5}))
    params, _ = fit(small_params(), NAMES, VOCABULARY, rng=rng, checkpoint=path, **PLAIN)
    assert_same(params, never_stopped("PCG64", True)[0])
    assert rng.random() == never_stopped("PCG64", True)[2]


OTHER_VOCABULARY = Vocabulary((*VOCABULARY.characters[:-1], "z"))
OTHERS = [
    ({"lr": 0.04}, r"\(lr is 0.05 there, 0.04 here\)"),
    ({"batch_size": 5}, r"\(batch_size is 4 there, 5 here\)"),
    ({"warmup": 2}, r"\(warmup is 3 there, 2 here\)"),
    ({"final_lr": None}, r"\(final_lr is 0.01 there, None here\)"),
    ({"max_norm": 1.0}, r"\(max_norm is 0.5 there, 1.0 here\)"),
    ({"dropout": 0.2}, r"\(dropout is 0.3 there, 0.2 here\)"),
    ({"beta2": 0.9}, r"\(beta2 is 0.95 there, 0.9 here\)"),
    ({"eval_every": 4}, r"\(eval_every is 3 there, 4 here\)"),
    ({"eval_every": None}, r"\(eval_every is 3 there, None here\)"),
    ({"patience": 2}, r"\(patience is 3 there, 2 here\)"),
    ({"val_names": UNSEEN[:-1]}, r"\(val_names is 5 names, SHA-256 .* there, 4 names, SHA-256 .* here\)"),
    ({"names": NAMES[::-1]}, r"\(train_names is 11 names, SHA-256 .* there, 11 names, SHA-256 .* here\)"),
    ({"names": [*NAMES[:-2], NAMES[-2] + NAMES[-1]]}, r"\(train_names is 11 names, .* there, 10 names, .* here\)"),
    ({"kind": "Philox"}, r"\(rng is PCG64 there, Philox here\)"),
    ({"params": small_params(H=5)}, r"\(params is .*'b': \['float64', 16\].* there, .*'b': \['float64', 20\].* here\)"),
    ({"params": small_params(dtype=np.float32)}, r"\(params is .*'float64'.* there, .*'float32'.* here\)"),
    ({"lr": 0.04, "dropout": 0.0}, r"\(lr is 0.05 there, 0.04 here; dropout is 0.3 there, 0.0 here\)"),
    (
        {"val_names": None, "eval_every": None, "patience": None},
        r"\(val_names is 5 names, .* there, 0 names, .* here; .*\)",
    ),
]


@pytest.mark.parametrize(("change", "message"), OTHERS, ids=lambda value: str(value)[:40])
def test_a_checkpoint_of_another_run_is_refused_with_what_differs(tmp_path, change, message):
    path = tmp_path / "run.npz"
    run(path, **(FULL | {"steps": 5}))
    before = path.read_bytes()
    with pytest.raises(
        ValueError, match=r"run\.npz holds a run with other settings " + message + "; choose another file$"
    ):
        run(path, **(FULL | change))
    assert path.read_bytes() == before


def test_a_checkpoint_of_another_vocabulary_is_refused(tmp_path):
    path, names = tmp_path / "run.npz", ["ana", "dan"]
    run(path, names=names, **PLAIN)
    with pytest.raises(ValueError, match=r"\(vocabulary is \.abdemnov there, \.abdemnoz here\)"):
        run(path, names=names, vocabulary=OTHER_VOCABULARY, **PLAIN)


def test_fewer_steps_than_were_taken_are_refused(tmp_path):
    path = tmp_path / "run.npz"
    run(path, **(PLAIN | {"steps": 5}))
    with pytest.raises(ValueError, match=r"run\.npz holds a run of 5 steps; steps must be at least as many; got 4"):
        run(path, **(PLAIN | {"steps": 4}))
    run(path, **(PLAIN | {"steps": 5}))


@pytest.mark.parametrize("parts", [{}, {"rng": generator()}, {"settings": {"lr": 0.1}}])
def test_a_checkpoint_that_fit_did_not_write_is_refused(tmp_path, parts):
    path = tmp_path / "weights.npz"
    save_checkpoint(path, small_params(), vocabulary=VOCABULARY, **parts)
    with pytest.raises(ValueError, match=r"weights\.npz does not hold a run of fit; choose another file"):
        run(path, **PLAIN)


def test_a_damaged_checkpoint_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(ValueError, match=r"run\.npz is not a whole \.npz file"):
        run(path, **PLAIN)
    assert path.read_bytes() == b"not a checkpoint"


def test_numbers_of_numpy_among_the_arguments_can_be_written_down(tmp_path):
    numbers = {"steps": np.int64(5), "batch_size": np.int32(4), "lr": np.float64(0.05), "dropout": np.float32(0.25)}
    numbers |= {"val_names": UNSEEN, "eval_every": np.int64(3), "patience": np.int8(3), "max_norm": np.float32(0.5)}
    plain = {key: value if isinstance(value, list) else value.item() for key, value in numbers.items()}
    one = run(tmp_path / "run.npz", **numbers)
    other = run(tmp_path / "run.npz", **plain)  # the same settings: the finished run is returned
    assert_same(one[0], other[0])
    assert one[1:] == other[1:]
