"""What the checks say about a finished notebook: `python -m lstm_lib.check.grade 06-build-the-lstm-cell.ipynb ...`.

It RUNS the notebook, and so whatever its writer put into it: with your rights, on your files. Run what strangers
send you on a machine that you can throw away. Nor is it an examination: a notebook can print what it likes.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

EXERCISE = re.compile(r"(?m)^\*\*(\d+\.\d+)\*\* \((?:quick|pencil|code), \d+ minutes\)")
CALL = re.compile(r"(?m)^(?!# ).*\bcheck\.\w+\(")
VERDICT = re.compile(r"Right\.|Not yet:|Not attempted yet")
NO_CHECK = "no check: read it"


def run(path: Path, timeout: int = 120) -> dict[str, Any]:
    """The notebook with the outputs of a new run in its own folder; a cell that raises does not stop it.

    Raises ModuleNotFoundError without nbclient, which comes with Jupyter, and TimeoutError (of nbclient) when a cell
    takes more than `timeout` seconds.
    """
    notebook = import_module("nbformat").read(path, as_version=4)
    client = import_module("nbclient").NotebookClient(
        notebook, timeout=timeout, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    )
    return dict(client.execute())


def verdicts(notebook: dict[str, Any]) -> dict[str, str]:
    """For each exercise what its check said last, or the error that its cell raised; solutions are left out."""
    found: dict[str, str] = {}
    exercise = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            exercise = (EXERCISE.findall(source) or [exercise])[-1]
            found |= dict.fromkeys(EXERCISE.findall(source), NO_CHECK)
        elif exercise and CALL.search(source) and not source.startswith(("# @title Solution", "# check:")):
            found[exercise] = next(answers(cell), found[exercise])
    return found


def answers(cell: dict[str, Any]) -> Iterator[str]:
    """What a cell that calls a check showed, the error first."""
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            yield f"{output['ename']}: {output['evalue']}"
    for output in reversed(cell["outputs"]):
        text = "".join(output.get("data", {}).get("text/plain", ""))
        if VERDICT.match(text):
            yield text


def main(paths: list[str]) -> None:
    """Grade each notebook, and write one line of JSON for it: its name, how many are right, and what was said."""
    for path in map(Path, paths):
        said = verdicts(run(path))
        right = sum(text.startswith("Right.") for text in said.values())
        of = sum(text != NO_CHECK for text in said.values())
        print(json.dumps({"notebook": path.name, "right": right, "of": of, "said": said}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
