"""The files of a run: tried before the first step, and what is trained outlives a disk that refuses later on."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from training_cases import NAMES, UNSEEN, VOCABULARY, assert_same, generator, small_params

from lstm_lib import train
from lstm_lib.run import npz_file
from lstm_lib.run import steps as steps_module
from lstm_lib.run.files import kept_files
from lstm_lib.train import TrainingInterrupted, TrainingNotSaved, fit, load_checkpoint, save_checkpoint

OPTIONS = {"steps": 11, "batch_size": 4, "lr": 0.05, "val_names": UNSEEN, "eval_every": 3}


@pytest.fixture(autouse=True)
def _save_often(monkeypatch):
    monkeypatch.setattr(train, "SAVE_EVERY", 4)


def run(path=None, *, seed=5, **options):
    return fit(small_params(), NAMES, VOCABULARY, rng=generator(seed), checkpoint=path, **(OPTIONS | options))


def refuse_saves(monkeypatch, allowed, error=None):
    """After so many files the disk is full."""
    savez, calls = npz_file.np.savez, []

    def limited(file, **arrays):
        calls.append(0)
        if len(calls) > allowed:
            file.write(b"half a fi")
            raise error or OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        savez(file, **arrays)

    monkeypatch.setattr(npz_file.np, "savez", limited)


# before the first step


@pytest.mark.parametrize("where", ["checkpoint", "keep"])
def test_a_disk_that_is_full_is_found_out_before_the_first_step(tmp_path, monkeypatch, where):
    monkeypatch.setattr(steps_module, "loss_and_grads", None)  # a step would end in another error
    refuse_saves(monkeypatch, 1 if where == "keep" else 0)
    with pytest.raises(OSError, match=f"{where}.npz cannot be written .No space left on device.") as caught:
        run(tmp_path / "checkpoint.npz", keep={7: tmp_path / "keep.npz"})
    assert not isinstance(caught.value, TrainingNotSaved)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_may_not_be_written_to_is_found_out_before_the_first_step(tmp_path, monkeypatch):
    def forbidden(path, mode):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(steps_module, "loss_and_grads", None)
    monkeypatch.setattr(npz_file, "open", forbidden, raising=False)
    with pytest.raises(PermissionError, match=r"run\.npz cannot be written .Permission denied.; make room"):
        run(tmp_path / "run.npz")


def test_what_is_tried_is_as_large_as_what_is_written_later(tmp_path, monkeypatch):
    sizes, fsync = [], os.fsync
    monkeypatch.setattr(npz_file.os, "fsync", lambda file: sizes.append(os.fstat(file).st_size) or fsync(file))
    _, history = run(tmp_path / "run.npz")
    tried, *written = sizes
    assert len(written) == 3
    assert max(written) - tried < 4 * len(repr(tuple(history)))  # the history alone has grown, 4 bytes a letter


def test_a_finished_run_and_a_refused_one_try_nothing(tmp_path, monkeypatch):
    run(tmp_path / "run.npz")
    refuse_saves(monkeypatch, 0)
    run(tmp_path / "run.npz")
    with pytest.raises(ValueError, match="holds a run with other settings"):
        run(tmp_path / "run.npz", lr=0.1)


# one file under two names


def names_of_one_file(folder):
    """Pairs of names that mean one file that does not exist, and one that does."""
    (folder / "here").mkdir()
    (folder / "link").symlink_to("here", target_is_directory=True)
    (folder / "dangling.npz").symlink_to("run.npz")
    yield folder / "run.npz", "run.npz"
    yield folder / "run.npz", "./run.npz"
    yield folder / "run.npz", "here/../run.npz"
    yield folder / "here" / "run.npz", "link/run.npz"
    yield folder / "run.npz", "dangling.npz"
    yield Path("RUN.npz"), "run.npz" if os.path.normcase("A") == "a" else "RUN.npz"
    (folder / "whole.npz").write_text("")
    (folder / "again.npz").symlink_to("whole.npz")
    os.link(folder / "whole.npz", folder / "hard.npz")
    yield folder / "whole.npz", "again.npz"
    yield folder / "whole.npz", "hard.npz"


def test_two_names_of_one_file_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for one, other in names_of_one_file(tmp_path):
        message = "keep and checkpoint must name different files; got .*npz, .*npz"
        with pytest.raises(ValueError, match=message):
            run(one, keep={7: other})
        with pytest.raises(ValueError, match=message):
            run(keep={7: other, 8: one})
    assert not list(tmp_path.rglob("run.npz"))


def test_keep_writes_over_its_own_kind_alone(tmp_path):
    kept = {3: tmp_path / "three.npz"}
    run(keep=kept, steps=4)
    run(keep=kept, steps=4)
    run(tmp_path / "run.npz", steps=4)
    with pytest.raises(ValueError, match=r"run\.npz holds a run that can go on; choose another file for keep"):
        run(keep={3: tmp_path / "run.npz"})
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"notes\.txt is not a whole \.npz file"):
        run(keep={3: tmp_path / "notes.txt"})
    assert load_checkpoint(tmp_path / "run.npz").step == 4
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name == "nt", reason="a link needs a privilege there")
def test_where_a_link_leads_is_written_and_the_link_stays(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "run.npz").symlink_to(tmp_path / "far" / "run.npz")
    run(tmp_path / "run.npz", steps=3)
    run(tmp_path / "run.npz", steps=5)
    assert (tmp_path / "run.npz").is_symlink()
    assert load_checkpoint(tmp_path / "far" / "run.npz").step == 5
    assert os.listdir(tmp_path / "far") == ["run.npz"]


def test_a_name_that_is_too_long_is_refused_in_words(tmp_path):
    with pytest.raises(OSError, match=r"cannot be written \(File name too long\)" if os.name != "nt" else ""):
        run(tmp_path / ("a" * 240))


def test_files_that_differ_are_kept_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    for name in ("one.npz", "two.npz"):
        (tmp_path / name).write_text("the same text")
    places = {1: "run.npz", 2: "here/run.npz", 3: "one.npz", 4: "two.npz", 5: "run"}
    assert kept_files(places, "other.npz") == {step: Path(name) for step, name in places.items()}
    assert kept_files(None, None) == {}


# a disk that refuses later on


@pytest.mark.parametrize(
    ("allowed", "step"), [(1, 4), (2, 8), (3, 11)], ids=["the first save", "the second", "the last"]
)
@pytest.mark.parametrize("error", [None, MemoryError()], ids=repr)
def test_a_save_that_fails_loses_nothing(tmp_path, monkeypatch, allowed, step, error):
    path, other = tmp_path / "run.npz", tmp_path / "other.npz"
    refuse_saves(monkeypatch, allowed, error)
    reason = "no memory is left" if error else r".*run\.npz cannot be written \(No space left on device\)"
    with pytest.raises(TrainingNotSaved, match=f"the run cannot be saved after step {step}: {reason}") as caught:
        run(path)
    monkeypatch.undo()
    error = caught.value
    assert (len(error.history.loss), error.run.step) == (step, step)
    assert_same(error.params, run(steps=step, val_names=None, eval_every=None)[0])
    assert os.listdir(tmp_path) == ["run.npz"] * (allowed > 1)
    save_checkpoint(other, **vars(error.run))  # as the message says
    for place in (other, path):
        params, history = run(place)
        assert_same(params, run()[0])
        assert history == run()[1]


def test_a_copy_that_cannot_be_kept_loses_nothing(tmp_path, monkeypatch):
    refuse_saves(monkeypatch, 3)  # two places are tried, step 3 is kept
    with pytest.raises(TrainingNotSaved, match=r"after step 5: .*five\.npz cannot be written") as caught:
        run(keep={3: tmp_path / "three.npz", 5: tmp_path / "five.npz"})
    assert_same(caught.value.params, run(steps=5, val_names=None, eval_every=None)[0])
    assert isinstance(caught.value, OSError)
    assert isinstance(caught.value.__cause__, OSError)


def test_an_interruption_that_cannot_be_saved_hands_over_what_there_is(tmp_path, monkeypatch):
    refuse_saves(monkeypatch, 1)
    interrupt_at(monkeypatch, 3)
    with pytest.raises(TrainingNotSaved, match="after step 2") as caught:
        run(tmp_path / "run.npz")
    assert len(caught.value.history.loss) == 2


def interrupt_at(monkeypatch, call, action=None):
    """At this call of Adam something happens: an interruption, or `action`."""
    adam_update, calls = steps_module.adam_update, []

    def stopped(*arguments, **options):
        calls.append(0)
        if len(calls) == call:
            if action is None:
                raise KeyboardInterrupt
            steps_module.adam_update = adam_update  # the action may train as well
            action()
        return adam_update(*arguments, **options)

    monkeypatch.setattr(steps_module, "adam_update", stopped)


def test_a_folder_that_is_gone_loses_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    folder.mkdir()
    interrupt_at(monkeypatch, 2, folder.rmdir)
    with pytest.raises(TrainingNotSaved, match=r"after step 4: the folder .*runs does not exist"):
        run(folder / "run.npz")


# another run in the same file


@pytest.mark.parametrize(
    "other", [{"lr": 0.1}, {"seed": 6}, {"steps": 7, "seed": 6}, {"batch_size": 3}, {"steps": 1, "lr": 0.1}], ids=str
)
@pytest.mark.parametrize("call", [2, 6, 10])
def test_a_run_that_was_saved_in_the_meantime_is_not_written_over(tmp_path, monkeypatch, other, call):
    path, left = tmp_path / "run.npz", []

    def start_another():
        path.unlink(missing_ok=True)
        run(path, **other)
        left.append(path.read_bytes())

    interrupt_at(monkeypatch, call, start_another)
    with pytest.raises(TrainingNotSaved, match=r"another run was saved in .*run\.npz since this one began") as caught:
        run(path)
    assert path.read_bytes() == left[0]
    assert len(caught.value.history.loss) == min(11, 4 * (1 + (call - 1) // 4))


def test_the_same_run_further_on_is_not_written_over_either(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    interrupt_at(monkeypatch, 2, lambda: run(path))
    with pytest.raises(TrainingNotSaved, match="another run was saved in"):
        run(path)
    assert load_checkpoint(path).step == 11


@pytest.mark.parametrize("content", [b"precious notes", b""])
def test_a_file_that_is_no_checkpoint_is_not_written_over_either(tmp_path, monkeypatch, content):
    path = tmp_path / "run.npz"
    interrupt_at(monkeypatch, 2, lambda: path.write_bytes(content))
    with pytest.raises(TrainingNotSaved, match=r"run\.npz is not a whole \.npz file"):
        run(path)
    assert path.read_bytes() == content


def test_a_file_that_was_removed_or_put_back_to_an_earlier_save_is_written_again(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    interrupt_at(monkeypatch, 7)
    with pytest.raises(TrainingInterrupted):
        run(path)
    early = path.read_bytes()
    monkeypatch.undo()
    for action in (path.unlink, lambda: path.write_bytes(early)):
        path.write_bytes(early)
        interrupt_at(monkeypatch, 4, action)
        assert_same(run(path)[0], run()[0])
        monkeypatch.undo()
        assert load_checkpoint(path).step == 11


def test_the_error_carries_the_whole_run():
    begun = replace(load_run(), step=0)
    error = TrainingNotSaved("full", begun)
    assert (error.run, error.params, error.history) == (begun, begun.params, begun.history)
    assert str(error) == "full"


def load_run():
    from lstm_lib.run.steps import first_checkpoint

    return first_checkpoint(small_params(), VOCABULARY, rng=generator())
