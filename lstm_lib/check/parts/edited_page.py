"""Chapter 24's page with some of its text replaced: what a reader, a test or a measurement changes, without a copy."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import CodeType, ModuleType


def page_text() -> str:
    """The text of the page, as it ships."""
    return (resources.files("lstm_lib") / "whole_book.py").read_text(encoding="utf-8")


def edited(changes: Mapping[str, str]) -> ModuleType:
    """The page as a module, after each piece of its text, found once, has been replaced by another.

    Raises TypeError unless `changes` maps strings to strings, ValueError for a piece that stands there never or twice.
    """
    if not isinstance(changes, Mapping) or not all(isinstance(each, str) for pair in changes.items() for each in pair):
        raise TypeError(f"changes must map a piece of the page's text to what replaces it; got {changes!r}")
    text = page_text()
    for old, new in changes.items():
        if not old or text.count(old) != 1:
            raise ValueError(f"each piece must stand in the page exactly once; {text.count(old)} times: {old!r}")
        text = text.replace(old, new)
    page = ModuleType("edited_page")
    exec(_compiled(text), vars(page))
    return page


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "whole_book.py, edited", "exec")
