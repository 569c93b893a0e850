"""Bad input and faults in number: only documented errors, no hang, nothing lost. `make fuzz` takes many more.

Each case is drawn from its own number, which a failure names.
"""

import io
import json
import math
import os
import random
import signal
import string
import time
import warnings
from contextlib import contextmanager
from threading import RLock
from types import SimpleNamespace

import numpy as np
import pytest
from tqdm import tqdm

from lstm_lib.bring import shipped_words
from lstm_lib.data import load_names
from lstm_lib.model import Params, init_params
from lstm_lib.names.clean import clean_name
from lstm_lib.sample import sample_names
from lstm_lib.train import TrainingDiverged, fit, load_checkpoint, save_checkpoint
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

INPUTS, KILLS, FLIPS = map(int, os.environ.get("FUZZ", "300 5 50").split())
PARTS = 10  # of each kind, so that several workers share them
SECONDS = 300  # by the clock, after which a case hangs: others take milliseconds, on a busy machine a second
NAMES = ("ana", "nan", "anna", "aa")


@contextmanager
def documented(case, *errors):
    """Nothing but these errors, each with a sentence; and an end: a case that takes so long must hang."""

    def stop(*_):
        raise AssertionError(f"case {case} hangs")

    before = signal.signal(signal.SIGALRM, stop) if hasattr(signal, "SIGALRM") else None
    if before is not None:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            yield
    except errors as refusal:
        if not str(refusal):
            raise AssertionError(f"case {case} is refused without a word") from refusal
    finally:
        if before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def cases(part, count):
    """The numbers of the cases of a part, each with its own chance."""
    for case in range(part, count, PARTS):
        yield case, random.Random(case)


parts = pytest.mark.parametrize("part", range(PARTS))


def some_text(chance, longest=12):
    """Letters of many alphabets, marks, spaces, controls and lone surrogates."""
    pools = (string.ascii_letters, string.printable, "äßœŁıİ'’-–־ \u00a0\u2003\u200b\u200d\ufeff", "αβγжщאבتلक्षमी字",
             "\x00\x1b\r\n\t.,;|\"", "\ud800\udfff\U0001f600\U0010ffff")  # fmt: skip
    pool = chance.choice(pools) + chance.choice(pools)
    return "".join(chance.choice(pool) for _ in range(chance.randrange(longest)))


def anything(chance, depth=2):
    """A value of any kind, seldom the right one."""
    kinds = [
        lambda: None,
        lambda: chance.choice([True, False]),
        lambda: chance.choice([0, 1, -1, 2, 7, -(10**30), 10**30]),
        lambda: chance.choice([0.0, 0.5, 1.0, -0.1, math.nan, math.inf, -math.inf, 1e308, 5e-324, 2 + 1j]),
        lambda: some_text(chance),
        lambda: bytes(chance.randrange(256) for _ in range(chance.randrange(5))),
        lambda: np.zeros(
            [chance.randrange(3) for _ in range(chance.randrange(4))], chance.choice(["f", "d", "i", "U3", "O"])
        ),
        lambda: chance.choice([np.float32(0.5), np.int64(3), np.bool_(True), np.str_("ana"), np.random.RandomState(1)]),
        lambda: chance.choice([int, print, SimpleNamespace(a=1), range(3), ..., frozenset({1}), np.random]),
    ]
    if depth:
        several = lambda: [anything(chance, depth - 1) for _ in range(chance.randrange(4))]  # noqa: E731
        kinds += [several, lambda: tuple(several()), lambda: dict.fromkeys("ab", anything(chance, depth - 1)),
                  lambda: iter(several()), lambda: [some_text(chance) for _ in range(3)]]  # fmt: skip
    return chance.choice(kinds)()


def model(hidden=3):
    """A small machine and its vocabulary."""
    vocabulary = Vocabulary.from_names(NAMES)
    return init_params(len(vocabulary), 2, hidden, rng=np.random.default_rng(0)), vocabulary


def some_params(chance):
    """Parameters, often with one tensor broken."""
    params, _ = model(chance.choice([1, 3]))
    if chance.random() < 0.5:
        return params
    fields = dict(named_leaves(params))
    name = chance.choice(sorted(fields))
    broken = [
        lambda array: array[..., :-1],
        lambda array: array.T,
        lambda array: np.full_like(array, chance.choice([math.nan, math.inf, 1e300])),
        lambda array: array.astype(chance.choice(["f2", "f4", "i8", "O", "c16"])),
        lambda array: anything(chance),
    ]
    fields[name] = chance.choice(broken)(fields[name])
    try:
        return Params(**fields)
    except (TypeError, ValueError):
        return params


def some_arguments(chance, good):
    """The good arguments, of which one or two are replaced by anything."""
    given = dict(good)
    for name in chance.sample(sorted(given), chance.randrange(3)):
        given[name] = anything(chance)
    return given


def some_file(chance):
    """The bytes of a list or of a table, most of them damaged."""
    words = shipped_words(chance.choice(["greek", "turkish", "georgian"]))[: chance.randrange(1, 40)]
    words = [*words, some_text(chance)]
    mark = chance.choice([",", ";", "\t", "|", " "])
    heads = [
        [],
        ["name"],
        ["name", "count"],
        ["Id", "Name", "Year", "Gender", "Count"],
        ["vorname", "n"],
        ["\n#\nname"],
    ]
    rows = [mark.join([word, *(some_text(chance, 5) for _ in range(chance.randrange(4)))]) for word in words]
    lines = [mark.join(chance.choice(heads)), *chance.choice([words, rows])]
    text = chance.choice(["\n", "\r\n", "\r", "\n\n"]).join(lines)
    raw = text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1253", "utf-7"]), errors="replace")
    return damaged(chance, raw) if chance.random() < 0.5 else raw


def damaged(chance, raw):
    """The bytes with something cut off, put in, doubled or flipped."""
    at = chance.randrange(len(raw) + 1)
    rest = raw[at:]
    some = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
    return raw[:at] + chance.choice([b"", some + rest, rest[len(some) :], rest * 2, some + rest[len(some) :]])


@parts
def test_load_names_reads_a_file_or_refuses_it_in_words(part, tmp_path):
    for case, chance in cases(part, INPUTS):
        path = tmp_path / chance.choice(["names.csv", "yob1999.txt", "AK.TXT", "list.txt", "x"])
        path.write_bytes(some_file(chance))
        given = {"path": path, "column": None, "skip_faulty": chance.choice([True, False]), "encoding": None}
        if chance.random() < 0.5:  # in the other half the file alone is at fault
            given["column"] = chance.choice([None, 0, 1, -1, "name", "vorname", some_text(chance)])
            given["encoding"] = chance.choice([None, None, "cp1253", "utf-16", "no such"])
            given = some_arguments(chance, given)
        with documented(case, TypeError, ValueError, FileNotFoundError):
            table = load_names(**given)
            assert all(clean_name(name) == name for name in table["name"]), case
        path.unlink()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A checkpoint in bytes, and the parameters in it."""
    params, vocabulary = model()
    path = tmp_path_factory.mktemp("saved") / "model.npz"
    save_checkpoint(path, params, vocabulary=vocabulary, step=3, rng=np.random.default_rng(1))
    return path.read_bytes(), params


def read_or_refuse(path, raw, params, case):
    """What is read from a damaged file is what was written, or it is refused in words; whether it was read."""
    path.write_bytes(raw)
    with documented(case, ValueError):
        read = load_checkpoint(path)
        assert equal(read.params, params), case
        return True
    return False


def equal(ours, theirs):
    """Whether two records are the same, bit for bit."""
    pairs = zip(named_leaves(ours), named_leaves(theirs), strict=True)
    return all(one.dtype == other.dtype and np.array_equal(one, other) for (_, one), (_, other) in pairs)


@parts
def test_load_checkpoint_reads_a_file_or_refuses_it_in_words(part, tmp_path, saved):
    for case, chance in cases(part, INPUTS):
        raw, params = saved
        for _ in range(chance.randrange(1, 4)):
            raw = damaged(chance, raw)
        read_or_refuse(tmp_path / "model.npz", raw, params, case)


def other_header(chance, text):
    """What a file says of itself, with another value in one place, or as text that is damaged."""
    if chance.random() < 0.3:
        return damaged(chance, text.encode()).decode(errors="replace")
    header = json.loads(text)
    place = header
    while isinstance(inner := place[key := chance.choice(sorted(place))], dict) and inner and chance.random() < 0.8:
        place = inner
    place[key] = chance.choice([None, True, -1, 0.5, math.nan, 10**30, "", "ana", [], [1], ["a", "a"], {}, {"a": [1]}])
    return json.dumps(header)


def other_part(chance, array, others):
    """What may stand in a file in the place of an array; None is nothing."""
    if array.dtype.kind == "U":
        return np.array(other_header(chance, array.item()))
    return chance.choice([
        None,
        chance.choice(others),
        np.zeros([chance.randrange(3) for _ in range(chance.randrange(4))], chance.choice(["f", "d", "i", "U3"])),
        np.full_like(array, chance.choice([math.nan, math.inf, 1e300, 0])),
        array.astype(chance.choice(["f2", "f4", "c16", "i8", "U9"])),
    ])  # fmt: skip


@parts
def test_load_checkpoint_takes_other_parts_or_refuses_them_in_words(part, tmp_path, saved):
    """The file itself is whole, so that its sums do not give it away."""
    path = tmp_path / "model.npz"
    with np.load(io.BytesIO(saved[0])) as file:
        whole = dict(file)
    for case, chance in cases(part, INPUTS):
        name = chance.choice(["header", chance.choice(sorted(whole))])
        other = other_part(chance, whole[name], [*whole.values()])
        others = whole | {name: other}
        np.savez(path, **{each: array for each, array in others.items() if array is not None})
        with documented(case, ValueError):
            read = load_checkpoint(path)
            assert len(read.vocabulary) == len(read.params.E) == len(read.params.b_y), case


def test_no_flipped_bit_of_a_checkpoint_passes_silently(tmp_path, saved):
    whole, params = saved
    read = 0
    for bit in random.Random(0).sample(range(8 * len(whole)), FLIPS):
        raw = bytearray(whole)
        raw[bit // 8] ^= 1 << bit % 8
        read += read_or_refuse(tmp_path / "model.npz", raw, params, bit)
    assert read < FLIPS / 2, "only what no reader looks at, such as a date, may change unseen"


@parts
def test_a_vocabulary_is_made_and_used_or_refuses_in_words(part):
    vocabulary = model()[1]
    for case, chance in cases(part, INPUTS):
        call = chance.choice([Vocabulary, Vocabulary.from_names, vocabulary.encode, vocabulary.decode])
        given = anything(chance)
        with documented(case, TypeError, ValueError):
            made = call(given)
            if isinstance(made, Vocabulary):
                assert len(made) == len({*made.characters}), case
            elif isinstance(made, str):
                assert made == vocabulary.decode(vocabulary.encode(made)), case


@parts
def test_sample_names_writes_or_refuses_in_words(part):
    for case, chance in cases(part, INPUTS):
        given = some_arguments(chance, {
            "params": some_params(chance), "vocabulary": model()[1], "count": 3, "rng": np.random.default_rng(case),
            "temperature": 1.0, "top_k": None, "top_p": None, "prefix": "an", "max_length": 9,
        })  # fmt: skip
        in_reach(given, "count")
        with documented(case, TypeError, ValueError):
            names = sample_names(**given)
            assert len(names) == given["count"], case
            assert all(name.startswith(given["prefix"]) for name in names), case


@parts
def test_fit_trains_or_refuses_in_words(part, tmp_path):
    for case, chance in cases(part, INPUTS):
        given = some_arguments(chance, {
            "params": some_params(chance), "train_names": NAMES, "vocabulary": model()[1],
            "rng": np.random.default_rng(case), "steps": 2, "batch_size": 2, "lr": 0.01, "warmup": 1,
            "final_lr": None, "max_norm": 1.0, "dropout": 0.1, "beta2": 0.99, "val_names": ["ana"],
            "eval_every": None, "patience": None, "progress": False, "weight_drop": None, "keep": None,
            "checkpoint": chance.choice([None, None, None, tmp_path, tmp_path / "no" / "such", 3, ""]),
        })  # fmt: skip
        in_reach(given, "steps", "checkpoint")
        with documented(case, TypeError, ValueError, OSError, TrainingDiverged):
            params, history = fit(**given)
            assert all(np.isfinite(array).all() for _, array in named_leaves(params)), case
            assert len(history.loss) == given["steps"], case


def in_reach(given, *names):
    """No more than a test can wait for, and no file where it was not meant to be."""
    for name in names:
        if isinstance(given[name], int) and given[name] > 9:
            given[name] = 9
        elif name == "checkpoint" and isinstance(given[name], str | bytes):
            given[name] = None


def train(path, steps):
    """A run that writes its file now and then."""
    params, vocabulary = model()
    how = {"steps": steps, "batch_size": 2, "lr": 0.01, "dropout": 0.2, "progress": False}
    return fit(params, NAMES, vocabulary, rng=np.random.default_rng(7), checkpoint=path, **how)[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_run_that_is_killed_again_and_again_ends_as_if_it_never_was(tmp_path, monkeypatch):
    monkeypatch.setattr("lstm_lib.train.SAVE_EVERY", 7)
    file, steps, kills, chance = tmp_path / "run.npz", 300, 0, random.Random(1)
    whole = train(None, steps)
    while kills < KILLS:
        child = os.fork()
        if child == 0:
            tqdm.set_lock(RLock())  # its own: one that is shared stays shut for ever when its holder is killed
            train(file, steps)
            os._exit(0)
        time.sleep(chance.uniform(0.005, 0.1))
        os.kill(child, signal.SIGKILL)
        kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        if file.exists() and load_checkpoint(file).step == steps:
            assert equal(train(file, steps), whole)
            file.unlink()  # and once more
    assert equal(train(file, steps), whole)
