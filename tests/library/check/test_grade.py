"""Grading what was handed in: each verdict at its exercise, whatever was left out, and no notebook ends the run."""

import csv
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lstm_lib.check import grade
from lstm_lib.check.feedback import Feedback, not_yet, right
from lstm_lib.check.listen import KIND, checked, heard, listen

SET_UP = "from lstm_lib.check import chapter_06 as check"
RIGHT, WRONG = "check.holding_biases(-12.0, 12.0)", "check.holding_biases(-12.0, 5.0)"  # of 6.4
ANA = [
    RIGHT,
    "print('Right. I am sure.')",
    "check.holding_biases(nobody, 1.0)",
    "# @title Solution 6.4\n" + RIGHT,
    WRONG + "\nprint('and on')",
    "print(check.parameter_count(303_739))",  # under whatever heading
    "check.gate_weights(...)",
    "def one_product_step(:\ncheck.one_product_step(one_product_step)",
]
BEN = ["while True: pass\ncheck.step_three(0.5)", "check.gate_weights(0)\nraise ValueError", RIGHT]
DEAD = [RIGHT, "import os\nos._exit(1)", "check.parameter_count(303_739)"]
DEAF = ["import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", RIGHT]
HAND_INS = {"ana": ANA, "ben": BEN, "dead": DEAD, "deaf": DEAF}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class's notebooks, and what else may lie in such a folder."""
    folder = tmp_path_factory.mktemp("week-3")
    for who, answers in HAND_INS.items():
        cells = [new_markdown_cell("**6.3** (code, 1 minutes)"), *map(new_code_cell, [SET_UP, *answers])]
        (folder / who).mkdir()
        kernel = {"name": "julia-1.9", "display_name": "Julia"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / who / "06-cell.ipynb")
    for name, text in {
        "eve/06 (1).ipynb": json.dumps({"cells": f"broken {SET_UP}"}),
        "fay/06-cell.ipynb": "{",
        "gil/homework.ipynb": "",
        "ben/lstm_lib/__init__.py": "raise ImportError('not the library of the grader')",
        "ana/.ipynb_checkpoints/06-cell-checkpoint.ipynb": "{",
        "ana/notes.txt": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> tuple[int, dict[tuple[str, str], tuple[str, str]], str]:
    """Exit code; verdict and words by notebook and exercise; what was told on the way. One kernel does not start."""
    start, starts = NotebookClient.async_start_new_kernel_client, []

    async def start_later(client: NotebookClient):
        """As jupyter_client has it where a kernel dies before it answers, for one notebook."""
        starts.append(client)
        if len(starts) == 1:
            client.kc = client.km.client()
            await client._async_cleanup_kernel()
            raise RuntimeError("Kernel died before replying to kernel_info")
        return await start(client)

    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as table,
        redirect_stderr(io.StringIO()) as told,
    ):
        patch.setattr(NotebookClient, "async_start_new_kernel_client", start_later)
        patch.delenv("PYTHONPATH", raising=False)  # or else it would hide ben's own lstm_lib
        code = grade.main([str(folder), str(folder / "hal/06-cell.ipynb"), "--limit=3", "--jobs=4"])
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    found = {
        (Path(row["notebook"]).relative_to(folder).as_posix(), row["exercise"]): (row["verdict"], row["said"])
        for row in rows
    }
    assert len(found) == len(rows)
    return code, found, told.getvalue()


def of(run: tuple[int, dict[tuple[str, str], tuple[str, str]], str], notebook: str) -> dict[str, tuple[str, str]]:
    """Verdict and words by exercise, for one notebook."""
    return {exercise: said for (path, exercise), said in run[1].items() if path == notebook}


def test_each_exercise_of_the_chapter_has_a_row_for_each_notebook(run) -> None:
    whole = [f"{who}/06-cell.ipynb" for who in ("ana", "ben", "dead", "deaf", "fay", "hal")] + ["eve/06 (1).ipynb"]
    expected = {(path, exercise) for path in whole for exercise in ("6.1", "6.2", "6.3", "6.4", "6.5")}
    assert run[1].keys() == expected | {("gil/homework.ipynb", "?")}


def test_the_last_verdict_of_an_exercise_is_its_checks_own(run) -> None:
    ana = of(run, "ana/06-cell.ipynb")
    assert {exercise: verdict for exercise, (verdict, _) in ana.items()} == {
        "6.1": "error",
        "6.2": "missing",
        "6.3": "right",
        "6.4": "not yet",
        "6.5": "not attempted yet",
    }
    assert ana["6.1"][1].startswith("SyntaxError: ")
    assert ana["6.2"][1] == "no verdict of its check was seen"
    assert ana["6.3"][1].startswith("Right. ")
    assert ana["6.4"][1].startswith("Not yet: ")


def test_a_cell_without_end_is_stopped_and_the_next_one_runs(run) -> None:
    ben = of(run, "ben/06-cell.ipynb")
    assert ben["6.2"] == ("error", "it took longer than 3 s, by the clock")
    assert ben["6.4"][0] == "right"
    assert ben["6.5"][0] == "not yet", "the check had answered before the cell raised"


@pytest.mark.parametrize(
    ("notebook", "words"),
    [
        ("dead/06-cell.ipynb", "DeadKernelError: "),
        ("deaf/06-cell.ipynb", "CellTimeoutError: "),
        ("eve/06 (1).ipynb", "ValidationError: "),
        ("fay/06-cell.ipynb", "NotJSONError: "),
        ("hal/06-cell.ipynb", "FileNotFoundError: "),
        ("gil/homework.ipynb", "ValueError: neither an import of its checks nor its name says which chapter this is"),
    ],
)
def test_a_notebook_that_cannot_be_run_is_rows_that_say_so(run, notebook: str, words: str) -> None:
    rows = of(run, notebook)
    assert rows.pop("6.4", None) == ("right", "Right. After fifty steps c = 0.9999.") or not notebook.startswith("dead")
    assert {verdict for verdict, _ in rows.values()} == {"not run"}
    assert not [said for _, said in rows.values() if not said.startswith(words)]


def test_the_run_tells_where_it_is_and_which_exercise_went_how(run, folder: Path) -> None:
    code, _, told = run
    assert code == 1
    assert told.splitlines()[0] == f"1 of 8: {folder / 'ana/06-cell.ipynb'}, 1 of 5 right"
    assert "6.2: 5 not run, 1 missing, 1 error" in told.splitlines()


def test_what_was_handed_in_stays_as_it_was(run, folder: Path) -> None:
    assert '"execution_count": 1' not in (folder / "ana/06-cell.ipynb").read_text(encoding="utf-8")


def test_a_run_without_trouble_leaves_with_0(monkeypatch, capsys) -> None:
    monkeypatch.setattr(
        grade, "grade", lambda path, limit: [(str(path), "6.1", "not yet", f"André, 1 < {limit}, \ud800")]
    )
    assert grade.main(["one.ipynb"]) == 0
    assert (
        capsys.readouterr().out == 'notebook,exercise,verdict,said\none.ipynb,6.1,not yet,"André, 1 < 120, \\ud800"\n'
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: hand-in"),
        (["a.ipynb", "--limit=0"], "--limit and --jobs must be 1 or more, got 0 and 1"),
        (["a.ipynb", "--jobs=-1"], "--limit and --jobs must be 1 or more, got 120 and -1"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(capsys, arguments: list[str], words: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        grade.main(arguments)
    assert words in capsys.readouterr().err


def test_a_verdict_is_what_a_check_showed_and_nothing_printed() -> None:
    shown = [new_output("display_data", {KIND: ["6.4", verdict, "words"]}) for verdict in ("right", "not yet")]
    printed = new_output("execute_result", {"text/plain": "Right. I am sure."})
    raised = new_output("error", ename="ValueError", evalue="no")
    both = {"6.4": "holding_biases", "6.3": "parameter_count"}

    def said(source: str, *outputs) -> dict[str, tuple[str, str]]:
        return dict(grade.verdicts(new_code_cell(source, outputs=list(outputs)), both, 5))

    assert said(RIGHT, *shown, printed) == {"6.4": ("not yet", "words")}
    assert said(RIGHT, printed) == said("# " + RIGHT, raised) == said("check.my_holding_biases()", raised) == {}
    for title in ("# @title Solution 6.4\n", "\n#@title Solution 6.4\n"):
        assert said(title + RIGHT, *shown) == {}
    assert said(f"count = 5 # a count\n{RIGHT}\ncheck.parameter_count(5)", *shown[:1], raised) == {
        "6.4": ("right", "words"),
        "6.3": ("error", "ValueError: no"),
    }
    assert said("", new_output("display_data", {KIND: ["6.4", ["x"], 5]})) == {"6.4": ("['x']", "5")}
    assert dict(grade.verdicts(new_markdown_cell(RIGHT), both, 5)) == {}


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("x = '#'; " + RIGHT, True),
        ("six.holding_biases(1)", True),
        ("check.holding_biases (1)", True),
        ("x = 'it\nprint(check\n  .holding_biases(1))\ny = 'is'", True),  # a string without an end, before it
        (f"x = 5  # {RIGHT}", False),
        (f'def own():\n    """Like\n    {RIGHT}."""', False),
        (f"print('no \\' {RIGHT}')", False),
        ("def holding_biases(b): pass", False),  # a learner's own, of the same name
        ("check.holding_biases", False),
    ],
)
def test_a_cell_that_raised_counts_where_it_calls_the_check(source: str, called: bool) -> None:
    raised = new_code_cell(source, outputs=[new_output("error", ename="KeyboardInterrupt", evalue="")])
    late = {"6.4": ("error", "it took longer than 5 s, by the clock")}
    assert dict(grade.verdicts(raised, {"6.4": "holding_biases"}, 5)) == (late if called else {})


def test_notebooks_are_found_however_their_names_end_and_a_place_without_one_says_so(tmp_path: Path) -> None:
    for name in ("a/06-cell.IPYNB", "b/06-cell.ipynb", "b/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert grade.notebooks(tmp_path) == [tmp_path / "a/06-cell.IPYNB", tmp_path / "b/06-cell.ipynb"]
    assert grade.notebooks(tmp_path / "b/06-cell.ipynb") == [tmp_path / "b/06-cell.ipynb"]
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "lost"):
        (path,) = grade.notebooks(nothing)
        ((_, exercise, verdict, words),) = grade.grade(path, 1)
        assert (exercise, verdict) == ("?", "not run")
        assert words == "FileNotFoundError: no such file, or a folder without a notebook"


@pytest.mark.parametrize(
    ("name", "text", "chapter"),
    [
        ("homework.ipynb", SET_UP, 6),
        ("homework.ipynb", "import lstm_lib.check.chapter_06 as check", 6),
        ("homework.ipynb", "from lstm_lib.check.chapter_06 import parameter_count", 6),
        ("06-build.ipynb", f"from lstm_lib.check import chapter_07\n{SET_UP}", 6),
        ("07-derive.ipynb", SET_UP, 6),
        ("ana 2026-11-29_07-derive.ipynb", "", 7),
        ("07-derive.ipynb", None, 7),
    ],
)
def test_the_chapter_is_told_by_the_import_or_by_the_name(
    tmp_path: Path, name: str, text: str | None, chapter: int
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert grade.chapter_of(tmp_path / name) == chapter


@pytest.mark.parametrize(
    "chapter", sorted((Path(__file__).parents[3] / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_the_checks_of_a_chapter_are_those_that_its_solutions_call(chapter: Path) -> None:
    """So what is counted is what the book asks, whatever a learner has deleted."""
    cells = ["".join(cell["source"]) for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]]
    solutions = {found[1]: cell for cell in cells if (found := re.match(r"# @title Solution (\d+\.\d+)", cell))}
    asked = r"(?m)^(?:feedback = |assert )check\.(\w+)\("
    called = {exercise: {*re.findall(asked, cell)} for exercise, cell in solutions.items()}
    assert {exercise: {name} for exercise, name in checked(int(chapter.name[:2])).items()} == called
    assert len(called) >= 3


def test_a_check_that_is_listened_to_also_shows_exercise_verdict_and_words(monkeypatch) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))

    def check(answer: int) -> Feedback:
        """Exercise 99.1: is it 1?"""
        return right("Yes.") if answer == 1 else not_yet("no.")

    assert heard(check, "99.1")(answer=1).right
    assert heard(check, "99.1")(2) == not_yet("no.")
    assert shown == [
        ({KIND: ["99.1", "right", "Right. Yes."]}, True),
        ({KIND: ["99.1", "not yet", "Not yet: no."]}, True),
    ]


def test_listening_to_a_chapter_reaches_all_its_checks_and_nothing_else(monkeypatch) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data[KIND][0]))
    module = import_module("lstm_lib.check.chapter_06")
    before = dict(vars(module))
    for name in checked(6).values():
        monkeypatch.setattr(module, name, before[name])  # and so it is put back
    listen(6)
    assert {name for name, each in vars(module).items() if each is not before[name]} == {*checked(6).values()}
    assert module.holding_biases(-12.0, 12.0).right
    assert shown == ["6.4"]
    assert [*checked(6)] == ["6.1", "6.2", "6.3", "6.4", "6.5"], "found again when they are framed twice"


def test_a_chapter_that_the_book_does_not_have(tmp_path: Path) -> None:
    ((_, exercise, verdict, words),) = grade.grade(tmp_path / "99-later.ipynb", 1)
    assert (exercise, verdict) == ("?", "not run")
    assert words == "ModuleNotFoundError: No module named 'lstm_lib.check.chapter_99'"


def test_the_page_for_teachers_explains_each_verdict() -> None:
    page = (Path(__file__).parents[3] / "book/for-teachers.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (`.*`) \| ", page.partition("| verdict |")[2])
    verdicts = [*get_args(get_type_hints(Feedback)["status"]), "error", "missing", "not run"]
    assert sorted(word for row in rows for word in re.findall("`(.+?)`", row)) == sorted(verdicts)
