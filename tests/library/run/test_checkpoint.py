"""Checkpoints hold a whole run, are never half-written, and are refused with a reason when anything is wrong."""

import errno
import io
import json
import os
import re
import time
import zipfile
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from training_cases import GENERATORS, NAMES, VOCABULARY, assert_same, generator, same, small_params

from lstm_lib.model import Params
from lstm_lib.optim import AdamState, adam_init
from lstm_lib.run import npz_file
from lstm_lib.run.checkpoint import FORMAT, VERSION, Checkpoint, load_checkpoint, save_checkpoint, try_checkpoint
from lstm_lib.run.history import NO_HISTORY, History
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

HISTORY = History((2.5, 0.1 + 0.2), (1e-300, 3.0), (0.1, 0.05), (1, 2), (2.25, 1 / 3))
SETTINGS = {"lr": 0.1, "final_lr": None, "shapes": {"E": ["float64", 9, 3]}, "dropout": 0, "text": "é\u2028"}


def full_run(kind="PCG64", dtype=np.float64):
    """A run with every part filled, each different."""
    rng, epoch_rng = generator(1, kind), generator(2, kind)
    rng.random(3, dtype=np.float32)  # an odd number of half-words: one is kept for later
    epoch_rng.standard_normal(5)
    moments = small_params(seed=1, dtype=dtype), tree_map(np.square, small_params(seed=2, dtype=dtype))
    return Checkpoint(
        small_params(dtype=dtype), VOCABULARY, AdamState(*moments, 2), 2, rng, HISTORY,
        small_params(seed=3, dtype=dtype), epoch_rng, SETTINGS,
    )  # fmt: skip


def save(path, run):
    fields = dict(vars(run))
    save_checkpoint(path, fields.pop("params"), **fields)


def state_of(rng):
    return json.loads(json.dumps(rng.bit_generator.state, default=lambda array: array.tolist()))


def assert_same_run(one, other):
    assert_same(one.params, other.params)
    assert_same(one.best, other.best)
    assert_same(one.optimizer.m, other.optimizer.m)
    assert_same(one.optimizer.v, other.optimizer.v)
    assert (one.optimizer.step, one.step, one.vocabulary) == (other.optimizer.step, other.step, other.vocabulary)
    assert (one.history, one.settings) == (other.history, other.settings)
    assert state_of(one.rng) == state_of(other.rng)
    assert state_of(one.epoch_rng) == state_of(other.epoch_rng)


# round trips


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", GENERATORS)
def test_a_full_run_comes_back_bit_for_bit(tmp_path, kind, dtype):
    run = full_run(kind, dtype)
    save(tmp_path / "run.npz", run)
    back = load_checkpoint(tmp_path / "run.npz")
    assert_same_run(run, back)
    assert isinstance(back.history, History)
    assert all(isinstance(column, tuple) for column in back.history)
    for one, other in ((run.rng, back.rng), (run.epoch_rng, back.epoch_rng)):
        assert type(one.bit_generator) is type(other.bit_generator)
        assert one.random(3, dtype=np.float32).tolist() == other.random(3, dtype=np.float32).tolist()
        assert one.integers(2**40, size=1000).tolist() == other.integers(2**40, size=1000).tolist()


def test_parameters_alone_leave_the_rest_at_its_defaults(tmp_path):
    save_checkpoint(tmp_path / "weights.npz", small_params(), vocabulary=VOCABULARY)
    back = load_checkpoint(tmp_path / "weights.npz")
    assert_same(back.params, small_params())
    assert back.vocabulary == VOCABULARY
    assert (back.optimizer, back.step, back.rng, back.best, back.epoch_rng, back.settings) == (None, 0, *[None] * 4)
    assert back.history == NO_HISTORY == History((), (), (), (), ())


@pytest.mark.parametrize("part", ["optimizer", "rng", "best", "epoch_rng", "settings", "history"])
def test_any_part_may_be_left_out(tmp_path, part):
    default = NO_HISTORY if part == "history" else None
    run = replace(full_run(), **{part: default})
    save(tmp_path / "run.npz", run)
    back = load_checkpoint(tmp_path / "run.npz")
    assert getattr(back, part) == default
    assert_same_run(replace(back, **{part: getattr(full_run(), part)}), full_run())


def test_a_tensor_in_columns_and_every_bit_of_a_number_come_back(tmp_path):
    odd = np.array([0.0, -0.0, 5e-324, np.inf, -np.inf, np.nan, 1.7976931348623157e308, 1 / 3, 2**-1074])
    params = replace(small_params(), b_y=odd, W_y=np.asfortranarray(small_params().W_y))
    save_checkpoint(tmp_path / "a.npz", params, vocabulary=VOCABULARY)
    back = load_checkpoint(tmp_path / "a.npz").params
    assert_same(back, params)
    assert back.W_y.flags.f_contiguous == params.W_y.flags.f_contiguous
    assert np.signbit(back.b_y[1])


def test_numbers_of_numpy_are_kept_as_numbers(tmp_path):
    history = History([np.float32(0.5)], (np.float64(2),), [1], [np.int64(1)], [np.float16(0.25)])
    save_checkpoint(tmp_path / "a.npz", small_params(), vocabulary=VOCABULARY, step=np.int64(1), history=history)
    back = load_checkpoint(tmp_path / "a.npz")
    assert back.history == ((0.5,), (2.0,), (1.0,), (1,), (0.25,))
    assert (back.step, type(back.step)) == (1, int)


@pytest.mark.parametrize("letters", ["'-éß", "日本", "\u0301א", "𝒜\x00\n"])
def test_any_letters_come_back(tmp_path, letters):
    vocabulary = Vocabulary((".", *letters))
    save_checkpoint(tmp_path / "a.npz", small_params(vocabulary), vocabulary=vocabulary)
    assert load_checkpoint(tmp_path / "a.npz").vocabulary == vocabulary


# the file


def test_the_file_is_a_plain_npz_without_a_pickle(tmp_path):
    save(tmp_path / "run.npz", full_run())
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert set(file.files) == {"header"} | {
            f"{record}.{leaf}"
            for record in ("params", "best", "adam_m", "adam_v")
            for leaf in ("E", "W_x", "W_h", "b", "W_y", "b_y")
        }
        assert all(file[name].dtype.kind in "fU" for name in file.files)
        header = json.loads(str(file["header"]))
    assert (header["format"], header["version"]) == (FORMAT, VERSION) == ("lstm-from-scratch checkpoint", 1)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        save(tmp_path / name, full_run())
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


class Place:
    """A path that is neither a string nor a pathlib.Path."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return str(self.path)


@pytest.mark.parametrize("kind", [str, Path, Place])
def test_a_path_may_be_a_string_or_any_path(tmp_path, kind):
    save(kind(tmp_path / "run"), full_run())  # and needs no ending
    assert_same_run(load_checkpoint(kind(tmp_path / "run")), full_run())
    assert os.listdir(tmp_path) == ["run"]


def test_a_name_without_a_folder_lies_in_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save("run.npz", full_run())
    assert_same_run(load_checkpoint(tmp_path / "run.npz"), full_run())


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_file_has_the_permissions_of_any_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        (tmp_path / "plain").write_text("")
        save(tmp_path / "run.npz", full_run())
        save(tmp_path / "run.npz", full_run())
    finally:
        os.umask(before)
    assert (tmp_path / "run.npz").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), MemoryError()], ids=repr)
@pytest.mark.parametrize(("module", "function"), [(np, "savez"), (os, "fsync"), (os, "replace")])
@pytest.mark.parametrize("exists", [True, False])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path, monkeypatch, module, function, error, exists
):
    path = tmp_path / "run.npz"
    if exists:
        save(path, full_run())

    def fail(first, *_, **__):
        if function == "savez":
            first.write(b"half a fi")
        raise error

    monkeypatch.setattr(getattr(npz_file, module.__name__.replace("numpy", "np")), function, fail)
    with pytest.raises(type(error)):
        save(path, replace(full_run(), settings=None))
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["run.npz"] * exists
    if exists:
        assert_same_run(load_checkpoint(path), full_run())


def test_two_programs_may_write_one_file_at_once_and_each_leaves_it_whole(tmp_path, monkeypatch):
    path, fsync, other = tmp_path / "run.npz", os.fsync, replace(full_run(), settings=None)

    def write_in_between(file):
        monkeypatch.undo()
        save(path, other)
        assert_same_run(replace(load_checkpoint(path), settings=SETTINGS), full_run())
        fsync(file)

    monkeypatch.setattr(npz_file.os, "fsync", write_in_between)
    save(path, full_run())
    assert_same_run(load_checkpoint(path), full_run())
    assert os.listdir(tmp_path) == ["run.npz"]


def test_a_part_file_of_a_program_that_was_killed_is_removed_after_an_hour(tmp_path, monkeypatch):
    path, now = tmp_path / "run[1].npz", 1e9  # letters that mean something to a pattern
    monkeypatch.setattr(time, "time", lambda: now)
    ages = {"0" * 32: 3600.5, "f" * 32: 3600, "notes": 3700}
    for name, age in ages.items():
        part = tmp_path / f"{path.name}.{name}.part"
        part.write_text("half a fi")
        os.utime(part, (now - age,) * 2)
    other = tmp_path / f"run1.npz.{'0' * 32}.part"
    other.write_text("of another path")
    os.utime(other, (0, 0))
    folder = tmp_path / f"{path.name}.{'a' * 32}.part"  # cannot be removed: no reason not to save
    folder.mkdir()
    os.utime(folder, (0, 0))
    save(path, full_run())
    left = {path.name, other.name, folder.name, f"{path.name}.{'f' * 32}.part", f"{path.name}.notes.part"}
    assert set(os.listdir(tmp_path)) == left


def test_the_file_beside_it_is_named_as_the_next_save_expects(tmp_path, monkeypatch):
    path, seen = tmp_path / "run.npz", []

    def kill(*_):
        seen.extend(tmp_path.iterdir())
        raise SystemExit

    monkeypatch.setattr(npz_file.os, "fsync", kill)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)  # a killed program removes nothing
    with pytest.raises(SystemExit):
        save(path, full_run())
    monkeypatch.undo()
    os.utime(seen[0], (0, 0))
    save(path, full_run())
    assert os.listdir(tmp_path) == ["run.npz"]


@pytest.mark.parametrize("call", [save, lambda path, run: try_checkpoint(path, run)])
def test_a_disk_that_refuses_is_reported_with_the_name_of_the_file(tmp_path, monkeypatch, call):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(npz_file.np, "savez", full)
    with pytest.raises(OSError, match=r"run\.npz cannot be written \(No space left on device\); make room") as caught:
        call(tmp_path / "run.npz", full_run())
    assert caught.value.errno == errno.ENOSPC
    assert os.listdir(tmp_path) == []


def test_a_place_is_tried_by_writing_the_whole_file_and_nothing_is_left(tmp_path, monkeypatch):
    path, sizes, fsync = tmp_path / "run.npz", [], os.fsync
    save(path, full_run())
    before = path.read_bytes()
    monkeypatch.setattr(npz_file.os, "fsync", lambda file: sizes.append(os.fstat(file).st_size) or fsync(file))
    try_checkpoint(path, full_run())
    assert sizes == [len(before)]
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["run.npz"]


# what is no checkpoint


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a checkpoint with everything in it."""
    path = tmp_path_factory.mktemp("whole") / "run.npz"
    save(path, full_run("MT19937", np.float32))
    return path.read_bytes()


def test_a_file_cut_short_anywhere_is_refused(tmp_path, whole):
    path = tmp_path / "run.npz"
    for size in sorted({*np.linspace(0, len(whole) - 1, 60).astype(int).tolist(), *range(len(whole) - 22, len(whole))}):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"run\.npz is not a whole \.npz file: damaged, cut short"):
            load_checkpoint(path)


def test_a_file_with_any_flipped_byte_is_refused_or_says_the_same(tmp_path, whole):
    path, reasons, positions = tmp_path / "run.npz", [], range(0, len(whole), max(1, len(whole) // 700))
    for position in positions:
        damaged = bytearray(whole)
        damaged[position] ^= 1 << (position % 8)
        path.write_bytes(damaged)
        try:
            back = load_checkpoint(path)
        except ValueError as error:
            reasons.append(str(error))
        else:
            assert_same_run(back, full_run("MT19937", np.float32))  # the byte was a date, or padding
    assert len(reasons) > 0.9 * len(positions)
    assert all("run.npz is " in reason for reason in reasons)


@pytest.mark.parametrize("first", range(0, 60, 3))
def test_a_flipped_byte_in_the_directory_at_the_end_never_passes_silently(tmp_path, whole, first):
    path = tmp_path / "run.npz"
    start = whole.rindex(b"PK\x01\x02")  # the last entry of the zip file's directory
    for position in range(start + first, start + first + 3):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit
            path.write_bytes(damaged)
            try:
                back = load_checkpoint(path)
            except ValueError:
                continue
            assert_same_run(back, full_run("MT19937", np.float32))


def npz_of(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def npy_of(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zip_of(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


class Trap:
    """A pickle of this would run code when it is loaded."""

    def __reduce__(self):
        return os.mkdir, ("trapped",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a whole .npz file"),
        (b"PK", "is not a whole .npz file"),
        (b"epoch,loss\n1,2.5\n", "is not a whole .npz file"),
        (os.urandom(1000), "is not a whole .npz file"),
        (npy_of(np.zeros(3)), "is not a whole .npz file"),
        (npz_of(weights=np.zeros(3)), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.zeros(3)), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.array("not JSON")), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.array("[1, 2]")), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.array("{}")), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.array(json.dumps({"format": FORMAT}))), "it has version None; this library reads version 1"),
        (npz_of(), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (npz_of(header=np.array([Trap()], dtype=object)), "is not a whole .npz file.*allow_pickle=False"),
        (zip_of(header="just text"), "is refused as a checkpoint: it was not written by save_checkpoint"),
        (zip_of(**{"header.npy": "just text"}), "is not a whole .npz file|it was not written by save_checkpoint"),
        (zip_of(**{"header.npy": b"\x93NUMPY\x01\x00\xff\xff{"}), "is not a whole .npz file"),
        (zip_of(**{"header.npy": npy_of(np.zeros(9))[:-9]}), "is not a whole .npz file"),
    ],
)
def test_a_foreign_file_is_refused_with_its_reason(tmp_path, monkeypatch, content, message):
    monkeypatch.chdir(tmp_path)
    Path("run.npz").write_bytes(content)
    with pytest.raises(ValueError, match=message.replace(".npz", r"\.npz")) as caught:
        load_checkpoint("run.npz")
    assert str(caught.value).startswith("run.npz is ")
    assert os.listdir() == ["run.npz"]


def test_a_compressed_file_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, header=np.zeros(10**6))
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # to read any part of it would be an error
    with pytest.raises(ValueError, match=r"bomb\.npz is not a whole .* \(compressed: \d+ bytes would become 8000128"):
        load_checkpoint(path)


def test_one_array_that_stands_in_a_file_many_times_is_refused(tmp_path):
    npy, file = npy_of(np.zeros(1000)), tmp_path / "bomb.npz"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", npy)
        for name in "bcdefgh":  # in the directory only: each points to the same bytes
            again = copy(archive.filelist[0])
            again.filename = again.orig_filename = f"{name}.npy"
            archive.filelist.append(again)
    with pytest.raises(ValueError, match=r"bomb\.npz is not a whole .* \(compressed: \d+ bytes would become 65024"):
        load_checkpoint(file)


@pytest.mark.parametrize("shape", ["(10**14,)", "(100000000000000,)", "(3, -1)"])
def test_an_array_that_claims_to_be_larger_than_the_file_is_refused(tmp_path, shape):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    npy = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(80)
    (tmp_path / "run.npz").write_bytes(zip_of(**{"header.npy": npy}))
    with pytest.raises(ValueError, match=r"run\.npz is not a whole \.npz file"):
        load_checkpoint(tmp_path / "run.npz")


def test_brackets_in_brackets_without_end_are_refused(tmp_path):
    deep = "[" * 10**5 + "]" * 10**5
    np.savez(tmp_path / "run.npz", header=np.array(deep))
    with pytest.raises(ValueError, match=r"run\.npz is refused as a checkpoint: it was not written by save_checkpoint"):
        load_checkpoint(tmp_path / "run.npz")
    settings = {}
    for _ in range(10**4):
        settings = {"more": settings}
    with pytest.raises(TypeError, match="settings must hold strings, numbers, lists and dictionaries of these"):
        save_checkpoint(tmp_path / "run.npz", small_params(), vocabulary=VOCABULARY, settings=settings)


def test_a_file_from_a_machine_of_the_other_byte_order_is_read(tmp_path):
    path = tmp_path / "run.npz"
    save(path, full_run())
    with np.load(path) as file:
        turned = {name: file[name].astype(file[name].dtype.newbyteorder("S")) for name in file.files}
    np.savez(path, **turned)
    assert_same_run(load_checkpoint(path), full_run())


def rewritten(path, change_header=None, **arrays):
    """Write the full run again with some parts of the header or some arrays exchanged (None: left out)."""
    save(path, full_run())
    with np.load(path) as file:
        parts = {name: file[name] for name in file.files}
    header = json.loads(str(parts["header"]))
    for key, value in (change_header or {}).items():
        where, *inner = key.split("/")
        target = header
        while inner:
            target, (where, *inner) = target[where], inner
        target[where] = value
        if value is ...:
            del target[where]
    parts = {**parts, "header": np.array(json.dumps(header)), **arrays}
    np.savez(path, **{name: array for name, array in parts.items() if array is not None})


CHANGED_HEADERS = [
    ({"format": "other"}, "it was not written by save_checkpoint"),
    ({"version": 2}, "it has version 2; this library reads version 1: update lstm_lib"),
    ({"version": "1"}, "it has version '1'; this library reads version 1"),
    ({"version": ...}, "it has version None; this library reads version 1"),
    ({"step": ...}, "its header must hold .*'step'.*; got "),
    ({"extra": 1}, "its header must hold .*; got .*'extra'"),
    ({"step": "7"}, "step must be a whole number; got '7'"),
    ({"step": 7.5}, "step must be a whole number; got 7.5"),
    ({"step": True}, "step must be a whole number; got True"),
    ({"step": -1}, "step must be at least 0; got -1"),
    ({"step": None}, "step must be a whole number; got None"),
    ({"adam_step": "7"}, "step must be a whole number; got '7'"),
    ({"adam_step": -7}, "step must be at least 0; got -7"),
    ({"adam_step": None}, "it must hold 13 arrays; lacking: .., unknown: .'adam_m.E'"),
    (
        {"characters": VOCABULARY.characters[:-1]},
        "params must be for as many characters as the vocabulary has, 8; got 9",
    ),
    ({"characters": "".join(VOCABULARY.characters)}, "characters must be a list; got '.abdemnov'"),
    ({"characters": None}, "characters must be a list; got None"),
    ({"step": 3}, r"history must hold a loss, a norm and a rate for each of the 3 steps; got \[2\]"),
    ({"step": 1}, r"history must hold a loss, a norm and a rate for each of the 1 steps; got \[2\]"),
    ({"step": 0}, r"history must hold a loss, a norm and a rate for each of the 0 steps; got \[2\]"),
    ({"adam_step": 3}, "optimizer.step must be the step of the run, 2; got 3"),
    ({"history/loss": [1.0]}, r"history must hold a loss, a norm and a rate for each of the 2 steps; got \[1, 2\]"),
    ({"history/loss": [1.0] * 60}, r"history must hold .* for each of the 2 steps; got \[2, 60\]"),
    ({"history/gradient_norm": []}, r"history must hold .*; got \[0, 2\]"),
    ({"history/learning_rate": [1.0] * 3}, r"history must hold .*; got \[2, 3\]"),
    ({"history/val_loss": [1.0]}, "history must have a val_loss for each val_step; got 1 for 2"),
    ({"history/val_step": [1]}, "history must have a val_loss for each val_step; got 2 for 1"),
    ({"history/val_step": [1, 3]}, r"history.val_step must rise from 1 to 2 at most; got \(1, 3\)"),
    ({"history/val_step": [0, 2]}, r"history.val_step must rise from 1 to 2 at most; got \(0, 2\)"),
    ({"history/val_step": [2, 1]}, r"history.val_step must rise from 1 to 2 at most; got \(2, 1\)"),
    ({"history/val_step": [1, 1]}, r"history.val_step must rise from 1 to 2 at most; got \(1, 1\)"),
    ({"history/loss": [1.0, 10**400]}, "history.loss must hold numbers that a float can hold; got a larger one"),
    ({"characters": [*".abcdefg", 5]}, "characters must be distinct and one character long each"),
    ({"characters": [*".abcdefg", ["h"]]}, "."),
    ({"characters": [*".abcdefgg"]}, "characters must be distinct"),
    ({"characters": [*"abcdefghi"]}, "the first character must be the end mark '.'"),
    ({"settings": [1]}, r"settings must be a dict or NoneType; got \[1\]"),
    ({"settings": "lr"}, "settings must be a dict or NoneType; got 'lr'"),
    ({"history": None}, "history must have the columns loss, .*, val_loss; got None"),
    ({"history": [1]}, r"history must have the columns .*; got \[1\]"),
    ({"history/loss": ...}, "history must have the columns"),
    ({"history/other": []}, "history must have the columns"),
    ({"history/loss": "12"}, "history.loss must be a list or tuple of numbers; got '12'"),
    ({"history/loss": {"1": 2}}, "history.loss must be a list or tuple of numbers"),
    ({"history/gradient_norm": ["1"]}, "history.gradient_norm must hold numbers; got '1'"),
    ({"history/learning_rate": [True]}, "history.learning_rate must hold numbers; got True"),
    ({"history/val_loss": [None]}, "history.val_loss must hold numbers; got None"),
    ({"history/val_step": [1.5]}, "history.val_step must hold whole numbers; got 1.5"),
    ({"rng": []}, r"the state of a random generator must be a dictionary; got \[\]"),
    ({"rng": "PCG64"}, "the state of a random generator must be a dictionary; got 'PCG64'"),
    ({"rng": False}, "the state of a random generator must be a dictionary; got False"),
    ({"rng": {}}, "the random generator must be one of PCG64, PCG64DXSM, MT19937, Philox, SFC64; got None"),
    ({"rng/bit_generator": "RANDU"}, "the random generator must be one of .*; got 'RANDU'"),
    ({"rng/bit_generator": "Generator"}, "the random generator must be one of .*; got 'Generator'"),
    ({"rng/bit_generator": ["PCG64"]}, "the random generator must be one of .*; got .'PCG64'."),
    ({"rng/bit_generator": "MT19937"}, "not the state of a MT19937 generator: KeyError"),
    ({"rng/state": 3}, "not the state of a PCG64 generator: AttributeError"),
    ({"rng/state": ...}, "not the state of a PCG64 generator: KeyError"),
    ({"rng/state/state": "x"}, "not the state of a PCG64 generator"),
    ({"rng/state/state": -1}, "not the state of a PCG64 generator: OverflowError"),
    ({"rng/state/state": 2**200}, "not the state of a PCG64"),
    ({"rng/state/state": 1.5}, "not the state of a PCG64: a number is out of range or missing"),
    ({"epoch_rng/state/inc": 2.5}, "not the state of a PCG64: a number is out of range or missing"),
    ({"epoch_rng/more": 2}, "not the state of a PCG64: a number is out of range or missing"),
    ({"epoch_rng": 5}, "the state of a random generator must be a dictionary; got 5"),
]


@pytest.mark.parametrize(("change", "message"), CHANGED_HEADERS, ids=lambda value: str(value)[:60])
def test_a_header_that_does_not_fit_is_refused_with_its_reason(tmp_path, change, message):
    rewritten(tmp_path / "run.npz", change)
    with pytest.raises(ValueError, match=r"run\.npz is refused as a checkpoint: " + message):
        load_checkpoint(tmp_path / "run.npz")


NO_NUMBERS = np.full((9, 3), np.nan)
CHANGED_TENSORS = [
    ({"best.E": NO_NUMBERS}, "best must be finite; E holds nan"),
    ({"adam_m.E": NO_NUMBERS}, "optimizer.m must be finite; E holds nan"),
    ({"adam_v.E": np.array(NO_NUMBERS) - np.inf}, "optimizer.v must be finite; E holds nan"),
    ({"params.E": np.full((9, 3), -np.inf)}, "params must be finite; E holds -inf"),
    ({"params.E": None}, "it must hold 25 arrays; lacking: .'params.E'., unknown: .."),
    ({"best.b": None}, "it must hold 25 arrays; lacking: .'best.b'., unknown: .."),
    ({"adam_v.W_h": None}, "it must hold 25 arrays; lacking: .'adam_v.W_h'., unknown: .."),
    ({"header": None}, "it was not written by save_checkpoint"),
    ({"params.U": np.zeros(3)}, "lacking: .., unknown: .'params.U'."),
    ({"best.U": np.zeros(3)}, "lacking: .., unknown: .'best.U'."),
    ({"params.E": np.zeros((9, 4))}, r"W_x must have shape \(4, 16\)"),
    ({"params.b": np.zeros(16, int)}, "b must be a NumPy array of floats; got an array of int64"),
    ({"params.b": np.zeros(16, np.float32)}, "all tensors must share one dtype"),
    ({"params.b": np.array("text")}, "b must be a NumPy array of floats"),
    (
        {"best.E": np.zeros((9, 4)), "best.W_x": np.zeros((4, 16))},
        r"best.E must be float64 \(9, 3\) like params.E; got",
    ),
    (
        {"adam_m.b_y": np.zeros(8), "adam_m.W_y": np.zeros((4, 8)), "adam_m.E": np.zeros((8, 3))},
        "optimizer.m.E must be",
    ),
    (
        {f"adam_v.{name}": leaf for name, leaf in vars(small_params(dtype=np.float32)).items()},
        r"optimizer.v.E must be float64 \(9, 3\) like params.E; got float32 \(9, 3\)",
    ),
]


@pytest.mark.parametrize(("arrays", "message"), CHANGED_TENSORS, ids=lambda value: str(list(value))[:60])
def test_tensors_that_do_not_fit_are_refused_with_their_reason(tmp_path, arrays, message):
    rewritten(tmp_path / "run.npz", **arrays)
    with pytest.raises(ValueError, match=r"run\.npz is refused as a checkpoint: .*" + message):
        load_checkpoint(tmp_path / "run.npz")


def test_the_helper_that_rewrites_a_file_changes_nothing_else(tmp_path):
    rewritten(tmp_path / "run.npz")
    assert_same_run(load_checkpoint(tmp_path / "run.npz"), full_run())


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("MT19937", {"rng/state/pos": 10**6}),  # NumPy would read memory that is not its own
        ("MT19937", {"rng/state/pos": 625}),
        ("MT19937", {"rng/state/pos": -1}),
        ("MT19937", {"rng/state/key": [1, 2]}),
        ("MT19937", {"rng/state/key": "key"}),
        ("Philox", {"rng/buffer_pos": 5}),
        ("Philox", {"rng/buffer_pos": -1}),
        ("Philox", {"rng/state/key": [1.5, 2]}),
        ("Philox", {"rng/state/key": [-1, 2]}),
        ("SFC64", {"rng/state/state": [1, 2, 3]}),
        ("SFC64", {"rng/has_uint32": "a"}),
        ("PCG64DXSM", {"rng/uinteger": 2**40}),
    ],
)
def test_a_state_that_no_generator_has_is_refused(tmp_path, monkeypatch, kind, change):
    run = full_run(kind)
    monkeypatch.setitem(globals(), "full_run", lambda: run)
    rewritten(tmp_path / "run.npz", change)
    with pytest.raises(ValueError, match=f"is refused as a checkpoint: not the state of a {kind}"):
        load_checkpoint(tmp_path / "run.npz")


@pytest.mark.parametrize(("kind", "change"), [("MT19937", {"rng/state/pos": 624}), ("Philox", {"rng/buffer_pos": 4})])
def test_an_empty_buffer_is_a_state_like_any_other(tmp_path, monkeypatch, kind, change):
    run = full_run(kind)
    monkeypatch.setitem(globals(), "full_run", lambda: run)
    rewritten(tmp_path / "run.npz", change)
    assert 0 <= load_checkpoint(tmp_path / "run.npz").rng.random() < 1


# places


def test_a_missing_file_a_missing_folder_and_a_folder_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*run\.npz"):
        load_checkpoint(tmp_path / "run.npz")
    for call in (load_checkpoint, lambda path: save(path, full_run())):
        with pytest.raises(FileNotFoundError, match=r"the folder .*nowhere does not exist; create it first"):
            call(tmp_path / "nowhere" / "run.npz")
        with pytest.raises(IsADirectoryError, match="is a folder; name a file in it"):
            call(tmp_path)
        for path in (None, 5, b"run.npz"):
            with pytest.raises(TypeError, match=r"path must be a string or a pathlib\.Path; got "):
                call(path)
        with pytest.raises(ValueError, match="path must be the name of a file, which holds no zero character"):
            call(f"{tmp_path}/run\0.npz")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_or_a_device_is_refused_and_does_not_stop_the_program(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for place in (tmp_path / "pipe", tmp_path / "link", os.devnull):
        for call in (
            load_checkpoint,
            lambda path: save(path, full_run()),
            lambda path: try_checkpoint(path, full_run()),
        ):
            with pytest.raises(ValueError, match=re.escape(f"{place} is a pipe or a device; name a file")):
                call(place)
    assert set(os.listdir(tmp_path)) == {"pipe", "link"}


# bad arguments

OTHER = small_params(D=2)


class Homemade(np.random.PCG64):
    """A bit generator that `load_checkpoint` could not make again."""

    @property
    def state(self):
        return {**super().state, "bit_generator": "Homemade"}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"params": None}, TypeError, "params must be Params"),
        ({"vocabulary": "abc"}, TypeError, "vocabulary must be Vocabulary"),
        (
            {"vocabulary": Vocabulary.from_names(NAMES[:2])},
            ValueError,
            "as many characters as the vocabulary has, 3; got 9",
        ),
        ({"optimizer": 3}, TypeError, "optimizer must be AdamState, such as adam_init returns; got 3"),
        (
            {"optimizer": adam_init(OTHER)},
            ValueError,
            r"optimizer.m.E must be float64 \(9, 3\) like params.E; got float64",
        ),
        ({"optimizer": AdamState(small_params(), OTHER, 1)}, ValueError, "optimizer.v.E must be"),
        ({"best": OTHER}, ValueError, r"best.E must be float64 \(9, 3\) like params.E; got float64 \(9, 2\)"),
        ({"best": "E"}, TypeError, "best must be Params"),
        (
            {"best": tree_map(lambda leaf: leaf + np.inf, small_params())},
            ValueError,
            "best must be finite; E holds inf",
        ),
        ({"optimizer": adam_init(small_params()), "step": 1}, ValueError, "optimizer.step must be .*, 1; got 0"),
        ({"history": HISTORY}, ValueError, "history must hold a loss, a norm and a rate for each of the 0 steps"),
        ({"step": -1}, ValueError, "step must be at least 0; got -1"),
        ({"step": 2.0}, TypeError, "step must be a whole number; got 2.0"),
        ({"rng": 5}, TypeError, "rng must be a numpy.random.Generator"),
        ({"epoch_rng": 5}, TypeError, "rng must be a numpy.random.Generator"),
        (
            {"rng": np.random.Generator(Homemade())},
            ValueError,
            "the random generator must be one of .*; got 'Homemade'",
        ),
        ({"history": ([], [], [], [], [])}, TypeError, "history must be History"),
        ({"history": History(loss=3)}, TypeError, "history.loss must be a list or tuple of numbers; got 3"),
        ({"history": History(val_step=(0.5,))}, TypeError, "history.val_step must hold whole numbers; got 0.5"),
        ({"settings": 5}, TypeError, "settings must be a dict or NoneType; got 5"),
        ({"settings": {"lr": np.float32(1)}}, TypeError, "settings must hold strings, numbers, lists and dictionaries"),
        ({"settings": {"shape": (1, 2)}}, TypeError, "settings must hold strings, numbers, lists and dictionaries"),
        ({"settings": {1: 2}}, TypeError, "settings must hold strings, numbers, lists and dictionaries"),
    ],
)
def test_save_checkpoint_refuses_a_bad_argument_and_writes_nothing(tmp_path, change, error, message):
    right = {"path": tmp_path / "run.npz", "params": small_params(), "vocabulary": VOCABULARY}
    with pytest.raises(error, match=message):
        save_checkpoint(**(right | change))
    assert os.listdir(tmp_path) == []


def test_runs_that_differ_give_files_that_differ(tmp_path):
    unlike = {"optimizer": replace(full_run().optimizer, step=8), "history": NO_HISTORY}
    changes = [
        {}, {"step": 8, **unlike}, {"step": 8, **unlike, "optimizer": None}, {"rng": generator(9)},
        {"epoch_rng": generator(9)}, {"history": NO_HISTORY},
        {"settings": None}, {"best": None}, {"params": small_params(seed=9)}, {"optimizer": None},
        {"best": small_params(seed=9)},
    ]  # fmt: skip
    for number, change in enumerate(changes):
        save(tmp_path / str(number), replace(full_run(), **change))
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == len(changes)


def test_the_comparison_of_these_tests_sees_one_bit():
    other = Params(**{**vars(small_params()), "b": np.nextafter(small_params().b, 1)})
    assert not same(small_params(), other)
    with pytest.raises(AssertionError):
        assert_same(small_params(), other)
