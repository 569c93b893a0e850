"""Grade notebooks that were handed in: `python -m lstm_lib.check.grade hand-ins > week-3.csv`.

It RUNS them, and so whatever their writers put into them: with your rights, on your files. Run what strangers send you
on a machine that you can throw away. Nor is it an examination: who goes for the checks themselves can deceive it.
"""

import argparse
import asyncio
import csv
import io
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from lstm_lib.check.listen import KIND, checked

COLUMNS = "notebook", "exercise", "verdict", "said"
SOLUTION = re.compile(r"\s*#\s*@title\s+Solution\b")
NO_CALL = re.compile(r"""(?s)('{3}|"{3}).*?\1|(["'])(?:\\.|(?!\2)[^\\\n])*\2|#[^\n]*""")  # strings and comments
LISTEN = """
import sys
sys.path.insert(0, {!r})
from lstm_lib.check.listen import listen
listen({})
del sys.path[0], sys, listen
"""


def verdicts(cell: Any, checks: dict[str, str], limit: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Exercise, verdict and words of each check that a cell called, or that it did not come to, because it raised."""
    if cell.cell_type != "code" or SOLUTION.match(cell.source):
        return
    code = NO_CALL.sub(" ", cell.source)
    named = [each for each, name in checks.items() if re.search(rf"\.\s*{name}\s*\(", code)]
    for output in cell.outputs:
        if output.output_type == "error":
            late = output.ename == "KeyboardInterrupt"
            words = f"it took longer than {limit} s, by the clock" if late else f"{output.ename}: {output.evalue}"
            yield from ((each, ("error", words)) for each in named)
    for output in cell.outputs:
        if KIND in output.get("data", {}):
            exercise, verdict, words = map(str, output.data[KIND])
            yield exercise, (verdict, words)


async def run(path: Path, chapter: int, limit: int, said: dict[str, tuple[str, str]]) -> None:
    """Run a notebook in its own folder; into `said` goes, cell by cell, the last verdict on each exercise."""
    notebook = import_module("nbformat").reads(path.read_text(encoding="utf-8"), as_version=4)
    first = import_module("nbformat.v4").new_code_cell(LISTEN.format(str(Path(__file__).parents[2]), chapter))
    notebook.cells.insert(0, first)
    client = import_module("nbclient").NotebookClient(
        notebook, kernel_name="python3", shutdown_kernel="immediate", resources={"metadata": {"path": str(path.parent)}}
    )
    client.record_timing, client.extra_arguments = False, ["--IPKernelApp.log_level=ERROR"]
    client.interrupt_on_timeout = client.raise_on_iopub_timeout = True
    client.error_on_timeout, client.iopub_timeout = {"ename": "TimeoutError"}, limit
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(client.async_setup_kernel())
        except RuntimeError:  # it died while it started: once more, with other ports
            await stack.enter_async_context(client.async_setup_kernel())
        for index, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, index)
            said |= verdicts(cell, checked(chapter), limit)
            client.allow_errors, client.timeout = True, limit  # what follows is the learner's


def chapter_of(path: Path) -> int:
    """The chapter whose checks it imports (of several, that of its name), or else that of its name, as in 06-build.

    Raises ValueError when neither tells, FileNotFoundError when there is no file that could.
    """
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    imported = re.findall(r"\blstm_lib\.check(?:\.|\s+import\s+)chapter_(\d\d)", text)
    named = re.findall(r"(?<!\d)(\d\d)-[a-z]", path.name)[:1]
    found = [each for each in named if each in imported] or imported or named
    if not found and not path.is_file():
        raise FileNotFoundError("no such file, or a folder without a notebook")
    if not found:
        raise ValueError("neither an import of its checks nor its name says which chapter this is")
    return int(found[0])


def grade(path: Path, limit: int) -> list[tuple[str, str, str, str]]:
    """A row for each checked exercise of a notebook's chapter, whatever is left of it; a cell has `limit` seconds."""
    exercises = ["?"]
    said: dict[str, tuple[str, str]] = {}
    otherwise = "missing", "no verdict of its check was seen"
    try:
        exercises = [*checked(chapter := chapter_of(path))]
        asyncio.run(run(path, chapter, limit, said))
    except Exception as error:  # one bad notebook is some rows, not the end
        name, words = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
        otherwise = "not run", f"{name}: {words.partition(chr(10))[0]}"
    found = {each: said.get(each, otherwise) for each in exercises}
    return [(str(path), each, verdict, textwrap.shorten(words, 500)) for each, (verdict, words) in found.items()]


def notebooks(given: Path) -> list[Path]:
    """The notebooks in a folder and below it, without Jupyter's own copies; or what was given."""
    found = (each for each in given.rglob("*") if each.suffix.lower() == ".ipynb")
    return sorted(each for each in found if ".ipynb_checkpoints" not in each.parts) or [given]


def main(arguments: list[str]) -> int:
    """Write the table of all verdicts; 0, or 1 when some row of it says "not run"; a wrong call leaves with 2."""
    parser = argparse.ArgumentParser(prog="python -m lstm_lib.check.grade", description="Grade notebooks, as CSV.")
    parser.add_argument("given", nargs="+", type=Path, metavar="hand-in", help="a notebook, or a folder of them")
    parser.add_argument("--limit", type=int, default=120, metavar="SECONDS", help="longest time for a cell (120)")
    parser.add_argument("--jobs", type=int, default=1, help="how many notebooks run at the same time (1)")
    options = parser.parse_args(arguments)
    if min(options.limit, options.jobs) < 1:
        parser.error(f"--limit and --jobs must be 1 or more, got {options.limit} and {options.jobs}")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(COLUMNS)
    paths = [path for given in options.given for path in notebooks(given)]
    with ThreadPoolExecutor(options.jobs) as pool:
        for done, rows in enumerate(pool.map(partial(grade, limit=options.limit), paths), 1):
            table.writerows(rows)
            sys.stdout.flush()
            for _, exercise, verdict, _ in rows:
                tally[exercise][verdict] += 1
            right = [verdict for _, _, verdict, _ in rows].count("right")
            print(f"{done} of {len(paths)}: {rows[0][0]}, {right} of {len(rows)} right", file=sys.stderr)
    for exercise, counts in tally.items():
        print(f"{exercise}: {', '.join(f'{n} {verdict}' for verdict, n in counts.most_common())}", file=sys.stderr)
    return int(any("not run" in counts for counts in tally.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
