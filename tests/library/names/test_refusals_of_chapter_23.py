"""The table of refusals in chapter 23 quotes messages that exist."""

import json
import re
from pathlib import Path

import lstm_lib.names.clean

SOURCES = Path(lstm_lib.names.clean.__file__).parent
(CHAPTER,) = (Path(__file__).parents[3] / "notebooks").glob("23-*.ipynb")


def test_the_messages_of_the_table_exist() -> None:
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    (table,) = ("".join(cell["source"]) for cell in cells if "| The message says |" in "".join(cell["source"]))
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    phrases = [part for row in rows for phrase in re.findall(r"`([^`]+)`", row) for part in phrase.split(" … ")]
    assert len(phrases) >= len(rows) > 10
    source = re.sub(r'"\s*\n\s*f?"', "", "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py")))
    missing = [phrase for phrase in phrases if phrase not in source]
    assert not missing
