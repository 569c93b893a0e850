"""What a file is: text in an encoding, or a format that is no text of names, which is refused by its name."""

import re
from pathlib import Path

from lstm_lib.names.clean import show
from lstm_lib.names.refusal import Refusal

SHEET = "save the sheet as 'CSV UTF-8'"
PYTHON = "chapter 23 says how to read it in Python"
KINDS = (  # how a file begins, its bytes taken for characters; what it is; what to do
    ("\xd0\xcf\x11\xe0", "a spreadsheet or a document of old Office (.xls, .doc)", SHEET),
    ("PK\x03\x04(?s:.){,4000}(?:Content_Types|opendocument)", "a spreadsheet or a document (.xlsx, .ods)", SHEET),
    ("PK\x03\x04", "a zip archive", "unpack it first"),
    ("\x1f\x8b", "a gzip archive", "unpack it first"),
    ("%PDF", "a PDF", "copy the names from it into a text file, one a line"),
    (r"\{\\rtf", "a document of a word processor (RTF)", "save it as plain text in UTF-8"),
    (r"\s*[\[{]", "JSON", PYTHON),
    (r"\s*<", "a web page or XML", PYTHON),
    (r"\s*(?i:insert into|create table|drop table)\b", "SQL", "let the database write the table as CSV"),
)


def decode(path: Path, data: bytes, encoding: str | None) -> str:
    """The bytes of a file as text, in UTF-8 unless told otherwise; Refusal says what else it is, with line and byte."""
    try:
        text = data.decode(encoding or "utf-8")
        if encoding:
            text.encode()  # half of a surrogate pair stands in no text
    except UnicodeError as error:
        _refuse_kind(path, data.decode("latin-1"))
        if encoding and (
            encoding.lower() == "punycode" or not isinstance(error, UnicodeDecodeError)
        ):  # without a place
            raise ValueError(f"{path}: this text is not in {encoding}; save the file as UTF-8") from None
        raise _refuse_bytes(path, data, encoding or "UTF-8", getattr(error, "start", 0)) from None
    except (LookupError, ValueError):  # ValueError: a zero in the name
        raise ValueError(
            f"encoding must be one that Python knows, such as 'cp1252' or 'utf-16'; got {encoding!r}"
        ) from None
    text = text.removeprefix("\ufeff")
    _refuse_kind(path, text)
    head = data[:1000]
    if encoding is None and head.count(0) * 3 > len(head):
        little = head[1::2].count(0) >= head[::2].count(0)
        remedy = {"encoding": "utf-16-le" if little else "utf-16-be"}
        raise Refusal(
            f"{path}, line 1: every other byte is zero (U+0000): this is text in UTF-16, not in UTF-8", remedy
        )
    return text


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are text in UTF-8, with other characters than ASCII."""
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _refuse_kind(path: Path, text: str) -> None:
    """Raise Refusal if the text begins like a format that is no text of names."""
    for begin, kind, advice in KINDS:
        if re.match(begin, text):
            raise Refusal(f"{path}, line 1: this is {kind}, not a list or a table of names; {advice}")


def _refuse_bytes(path: Path, data: bytes, encoding: str, start: int) -> Refusal:
    """The refusal of bytes that are not in an encoding, with the encoding that is likely."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Refusal(f"{path}, line 1: this is text in UTF-16, not in {encoding}", {"encoding": "utf-16"})
    lines = re.split("\r\n|\r|\n", data[:start].decode(encoding))
    likely = _likely_encoding(data)
    reading = re.split("\r\n|\r|\n", data.decode(likely, errors="replace"))[len(lines) - 1]
    return Refusal(
        f"{path}, line {len(lines)}: byte 0x{data[start]:02X} after {lines[-1][-20:]!r} is not {encoding}; save the "
        f"file as UTF-8, or say its encoding. In {likely}, which is a guess, the line reads {show(reading)}",
        {"encoding": likely},
    )


def _likely_encoding(data: bytes) -> str:
    """The one of four old encodings in which the words beyond ASCII look most like words."""
    words = [word for word in re.findall(rb"[A-Za-z\x80-\xff]+", data) if not word.isascii()]
    if 2 * sum(min(word) > 127 for word in words) > len(words):  # no Latin letter in most of them
        return "cp1251"

    def odd(encoding: str) -> int:
        texts = [word.decode(encoding, errors="replace") for word in words]
        return sum(not (text.isalpha() and (text.istitle() or text.islower() or text.isupper())) for text in texts)

    return min(("cp1252", "cp1250", "mac_roman"), key=odd)
