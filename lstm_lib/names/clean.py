"""One field of a names file: the name as the book spells it, or a number; or a sentence that says what is wrong."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_lib.vocabulary import END_MARK

# No eye sees these: soft hyphen, zero-width space, marks of direction, selectors of a glyph, byte order mark.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
WIDE = re.compile("[\u3000\uff01-\uffef]+")  # letters and marks as wide, or as narrow, as East Asian type needs them
SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f]+")
EDGES = re.compile(r"^(?:[\s\u200c\u200d]|(?:[-•*·]|[0-9]{1,6}[.)])\s)+|[\s\u200c\u200d]+\Z")  # and a list's bullets
QUOTED = re.compile("'+(.*[^'])'+|[\"“”„«»](.*[^\"“”„«»])[\"“”„«»]", re.DOTALL)
MISREAD = "is UTF-8 that was once read in another encoding"
BROKEN = re.compile(
    "[ÂÃÄÅÐÑ][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|[ÃÅ]\u00a0"
)  # two bytes of UTF-8 that were taken for two characters
GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])["“”„](?=[\u05d0-\u05ea])')  # between Hebrew letters
ONE_SPELLING = str.maketrans(
    dict.fromkeys("’‘‛ʻʼ`´′׳", "'") | dict.fromkeys("‐‑‒–−־֊﹘﹣", "-") | dict.fromkeys("—―", " - ")
)
JOINERS = frozenset("'·‧・״\u200c\u200d")  # apostrophe, middle dots, gershayim, zero-width (non-)joiner
INSIDE = ("M", "Zs", "Pd")  # Unicode categories allowed beside letters: combining marks, spaces, hyphens


def clean_name(text: str) -> str:
    """The name in lower case, in one spelling: without spaces around it, with one space, hyphen or apostrophe inside.

    Marks that no eye sees, the bullet or number of a list, and quotes around the name are left out. Full-width letters
    become plain ones, an accented letter one character where there is one (Unicode's form NFC), '"' between Hebrew
    letters a gershayim, a long dash a hyphen between spaces. Left as they are: "-" beside " ", and the zero-width
    joiners inside a name, which Persian and Indic spelling needs.
    Lower case is `str.lower`, not `casefold`: "ß" stays a letter. The Turkish "İ" becomes two characters, i and a
    dot above, and "I" becomes "i"; lower-case Turkish words in your own way before you load them.
    A name is made of letters of any alphabet; spaces, hyphens, apostrophes and combining marks may stand between them.
    Raises ValueError for anything else, with the character and what to do.
    """
    name = EDGES.sub("", text)
    if not (name.isascii() and name.isalpha()):
        if BROKEN.search(text):
            raise ValueError(f"the name {show(name)} {MISREAD}; load the original")
        name = WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), INVISIBLE.sub("", name))
        name = GERSHAYIM.sub("״", EDGES.sub("", SPACES.sub(" ", name.translate(ONE_SPELLING))))
        if quoted := QUOTED.fullmatch(name):
            return clean_name(quoted[1] or quoted[2])
    name = unicodedata.normalize("NFC", name.lower())
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
    if "-" in (name[0], name[-1]):
        raise ValueError(f"the name {show(name)} begins or ends with a hyphen; remove the hyphen, or the line")


def is_name(text: str) -> bool:
    """Whether `clean_name` takes the text."""
    try:
        return bool(clean_name(text))
    except ValueError:
        return False


def clean_number(text: str) -> int:
    """A whole number >= 0 from "7065" or "7065.0"; raise ValueError for anything else."""
    match = re.fullmatch(r"\s*([0-9]{1,18})(?:\.0*)?\s*", text)
    if match is None:
        raise ValueError(f"expected a whole number such as 7065; got {show(text)}")
    return int(match[1])


def show(text: str) -> str:
    """The text in quotes, cut after 40 characters, for a message."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


OTHERS: dict[str, tuple[Callable[[str], str | int], Any]] = {  # columns beside `name`: how a field is cleaned, dtype
    "sex": (str.strip, str),
    "year": (clean_number, np.int64),
    "count": (clean_number, np.int64),
    "count_f": (clean_number, np.int64),
    "count_m": (clean_number, np.int64),
    "split": (str.strip, str),
}
