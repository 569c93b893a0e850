"""One field of a names file: the name as the book spells it, or a number; or a sentence that says what is wrong."""

import re
import unicodedata

from lstm_lib.vocabulary import END_MARK

JOINERS = frozenset("'’‘ʻ`´′·‧・׳״\u200c\u200d")  # apostrophes, middle dots, geresh, zero-width (non-)joiner
INSIDE = ("M", "Zs", "Pd")  # Unicode categories allowed beside letters: combining marks, spaces, hyphens


def clean_name(text: str) -> str:
    """The name without spaces around it, in lower case, each accented letter as one character where there is one.

    Lower case is `str.lower`, not `casefold`: "ß" stays a letter. The Turkish "İ" becomes two characters, i and a
    dot above, because Unicode has no single one; lower-case Turkish words in your own way before you load them.
    Then Unicode's form NFC. A name is made of letters of any alphabet; spaces, hyphens, apostrophes and combining
    marks may stand between them. Raises ValueError for anything else, with the character and what to do.
    """
    name = unicodedata.normalize("NFC", text.strip().lower())
    if not name.isalpha():
        _require_letters(name)
    return name


def _require_letters(name: str) -> None:
    """Raise ValueError if the name is blank, has no letter, or has a character that no name may have."""
    if not name:
        raise ValueError("the name is blank; fill it in, or delete the line")
    for character in name:
        kind = unicodedata.category(character)
        if character == END_MARK:
            raise ValueError(f"the name {show(name)} contains the end mark {END_MARK!r}; remove the mark or the name")
        if kind.startswith("N"):
            raise ValueError(f"the name {show(name)} contains a number, {character!r}; correct it, or delete the line")
        if not (character.isalpha() or kind.startswith(INSIDE) or character in JOINERS):
            raise ValueError(
                f"the name {show(name)} contains {character!r} (U+{ord(character):04X}); "
                "correct it, or delete the line: names are letters, with spaces, hyphens and apostrophes"
            )
    if not any(map(str.isalpha, name)):
        raise ValueError(f"the name {show(name)} has no letter; correct it, or delete the line")


def clean_text(text: str) -> str:
    """The text without the spaces around it."""
    return text.strip()


def clean_number(text: str) -> int:
    """A whole number >= 0 from "7065" or "7065.0"; raise ValueError for anything else."""
    match = re.fullmatch(r"\s*([0-9]{1,18})(?:\.0*)?\s*", text)
    if match is None:
        raise ValueError(f"expected a whole number such as 7065; got {show(text)}")
    return int(match[1])


def show(text: str) -> str:
    """The text in quotes, cut after 40 characters, for a message."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
