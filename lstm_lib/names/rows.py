"""Cut a text into rows of fields, each with the line on which it begins."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lstm_lib.names.refusal import Refusal

Row = tuple[int, list[str], str]  # line, fields, what is wrong with its quotes ("" if nothing is)


def read_rows(path: Path, text: str, dialect: dict[str, Any]) -> Iterator[Row]:
    """The rows of a text, cut by `csv.reader(**dialect)`; Refusal for a quote that swallows more than its line."""
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")  # a StringIO takes 4 bytes each
    reader = csv.reader(lines, **dialect)
    line, broken = 1, True
    while broken:
        broken, reason = False, ""
        try:
            for fields in reader:
                yield line, fields, ""
                line = reader.line_num + 1
        except csv.Error as error:
            broken = True
            reason = (
                f"a quote is not closed, text follows a closing quote, or a field is huge ({error}); correct the line"
            )
            if reader.line_num > line:
                raise Refusal(f"{path}, line {line}: {reason}") from None
        if broken:
            yield line, [], reason
            line = reader.line_num + 1
