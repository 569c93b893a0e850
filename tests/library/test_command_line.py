"""The command line: what each command prints, what it leaves behind, and how it refuses."""

import shlex
import subprocess
import sys

import numpy as np
import pytest

from lstm_lib.__main__ import main
from lstm_lib.bring import shipped_words
from lstm_lib.evaluate import surprises
from lstm_lib.sample import sample_names
from lstm_lib.train import load_checkpoint, load_trained


@pytest.fixture
def words(tmp_path, monkeypatch):
    """A short list in a file, and a folder of its own to write in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cities.txt"
    path.write_text("\n".join(shipped_words("turkish")[:200]), encoding="utf-8")
    return path


def said(capsys, *given, status=0):
    """What a command prints, and what it complains."""
    assert main([*map(str, given)]) == status
    return capsys.readouterr()


def test_names_are_those_of_the_library_one_on_a_line(capsys):
    printed = said(capsys, "names", "Mary", "--count", 12, "--seed", 5, "--temperature", 0.7, "--top-p", 0.9).out
    how = {"temperature": 0.7, "top_p": 0.9, "prefix": "mary"}
    assert printed.splitlines() == sample_names(*load_trained(), 12, rng=np.random.default_rng(5), **how)


def test_without_a_seed_the_names_are_others_each_time(capsys):
    assert len({said(capsys, "names", "--count", 20).out for _ in range(3)}) == 3


def test_a_score_shows_each_symbol_of_both_rivals_and_where_the_name_stands(capsys):
    lines = said(capsys, "score", "ana", "zzyzx").out.splitlines()
    own = surprises(*load_trained(), ["ana"])[0]
    assert lines[0] == "ana (the model has read it), in nats"
    assert lines[1].split() == [*"ana.", "sum"]
    assert lines[2].split() == [*(f"{each:.2f}" for each in (*own, own.sum())), "the", "LSTM"]
    assert lines[3].endswith("Kneser-Ney 6")
    assert lines[4] == "zzyzx (on no list), in nats"


def test_training_leaves_weights_that_the_other_commands_take(words, capsys):
    printed = said(capsys, "train", words, "--steps", 3).out
    assert "LSTM minus counting" in " ".join(printed.split())
    run = load_checkpoint(words.with_suffix(".npz"))
    assert run.step == 3
    assert said(capsys, "train", words, "--steps", 3).out == printed, "a run that has ended is read, not made again"
    assert len(said(capsys, "names", "--count", 4, "--model", "cities.npz").out.splitlines()) == 4
    assert "Kneser-Ney" not in said(capsys, "score", "ankara", "--model", "cities.npz").out


def test_a_stopped_run_goes_on_to_the_same_end(words, capsys, monkeypatch):
    whole = said(capsys, "train", words, "--steps", 6, "--output", "whole.npz").out
    import lstm_lib.train as training

    steps = training.training_steps

    def three(*given, **how):
        for step in steps(*given, **how):
            if step.number == 3:
                raise KeyboardInterrupt
            yield step

    monkeypatch.setattr(training, "training_steps", three)
    assert "goes on from there" in said(capsys, "train", words, "--steps", 6, status=130).err
    monkeypatch.undo()
    monkeypatch.chdir(words.parent)
    assert said(capsys, "train", words, "--steps", 6).out == whole.replace("whole.npz", "cities.npz")


def test_a_run_that_cannot_be_saved_says_what_is_lost(words, capsys, monkeypatch):
    import lstm_lib.train as training

    def full(*given, **how):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(training, "save_checkpoint", full)
    complaint = said(capsys, "train", words, "--steps", 3, status=2).err
    assert "not saved after step 3: " in complaint
    assert "No space left on device. What was trained since the last save is lost" in complaint
    assert "error.run" not in complaint


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (["names", "--temperature", "0"], "temperature"),
        (["names", "жан"], "'ж'"),
        (["score", "jürgen"], "'ü'"),
        (["score", "a.b"], "end mark"),
        (["score", "ana", "--model", "nowhere.npz"], "there is no file nowhere.npz"),
        (["score", "ana", "--model", "cities.txt"], "cities.txt"),
        (["train", "nowhere.txt"], "there is no file"),
        (["train", "cities.txt", "--output", "no/such/folder.npz"], "folder"),
    ],
)
def test_a_bad_argument_is_one_complaint_without_a_traceback(words, capsys, given, fault):
    complaint = said(capsys, *given, status=2).err
    assert fault in complaint
    assert complaint.startswith("python -m lstm_lib: ")
    assert "Traceback" not in complaint


def test_what_a_refused_file_needs_is_said_in_options(words, capsys):
    table = words.with_suffix(".csv")
    lines = [f"{place};{word}" for place, word in enumerate(shipped_words("turkish")[:200])]
    table.write_text("\n".join(["place;ort", *lines, "200;a.b"]), encoding="utf-8")
    complaint = said(capsys, "train", table, status=2).err
    call = ["python", "-m", "lstm_lib", "train", str(table), "--column", "ort", "--skip-faulty"]
    assert complaint.splitlines()[-1] == f"This command reads it: {shlex.join(call)}"
    heard = said(capsys, "train", table, "--column", "ort", "--skip-faulty", "--steps", 2)
    assert "200 words" in heard.out
    assert "a.b" in heard.err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["names", "--count", "-1"], "argument --count: must be at least 1; got -1"),
        (["names", "--count", "0"], "argument --count: must be at least 1; got 0"),
        (["names", "--seed", "-1"], "argument --seed: must be at least 0; got -1"),
        (["train", "cities.txt", "--steps", "0"], "argument --steps: must be at least 1; got 0"),
    ],
)
def test_a_number_that_is_too_small_is_refused_by_the_name_of_its_option(capsys, given, words):
    with pytest.raises(SystemExit) as stop:
        main(given)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert words in said
    assert "usage: python -m lstm_lib" in said


@pytest.mark.parametrize("given", [[], ["sing"], ["names", "--count", "x"], ["train"]])
def test_what_is_no_command_shows_how_it_goes(capsys, given):
    with pytest.raises(SystemExit) as stop:
        main(given)
    assert stop.value.code == 2
    assert "usage: python -m lstm_lib" in capsys.readouterr().err


def test_it_runs_as_a_module():
    command = [sys.executable, "-m", "lstm_lib", "names", "ma", "--count", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(name.startswith("ma") for name in done.stdout.split())
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == ""
