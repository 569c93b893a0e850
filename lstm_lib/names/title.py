"""The titles of columns: which words stand over first names, and whether a row is a header at all."""

import re
import unicodedata
from collections.abc import Sequence

from lstm_lib.names.clean import OTHERS, is_name

# Words over first names, in many languages, without accents. None is a common name itself: a list may begin with one.
FIRST = """
first given forename forenames firstname firstnames givenname babyname vorname vornamen rufname prenom prenoms prenome
nombre nombres nome nomes imie imiona jmeno jmena krestni meno ime imena osebno prenume voornaam voornamen roepnaam
fornavn fornavne fornamn tilltalsnamn etunimi etunimet eesnimi vards vardas keresztnev utonev utonevek isim adi emri
onoma nama имя имена ім 名 名前 名字 姓名 氏名 이름 성명 שם اسم الاسم
"""
NAMES = frozenset(["name", "names", "nom", "noms", "navn", "namn", "naam", "namen", "nimi"])  # first ones or others
FAMILY = frozenset(["last", "family", "surname", "lastname", "nachname", "familienname", "cognome", "apellido"])


def words_of(title: str) -> list[str]:
    """The words of a title in lower case, without accents: "IMIĘ_PIERWSZE" is imie, pierwsze."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", title).casefold().replace("ı", "i"))
    plain = unicodedata.normalize("NFC", "".join(each for each in letters if unicodedata.category(each) != "Mn"))
    return re.findall(r"[^\W\d_]+", plain)


NUMBER = re.compile(r"[\d.,%\s]+")
KNOWN = NAMES | {*words_of(FIRST)}


def rank(title: str) -> int:
    """How likely a title stands over first names: 2 for "Vorname", 1 for "Name", 0 for "city", -1 for "last name"."""
    words = set(words_of(title))
    if words & FAMILY:
        return -1
    return 2 if words & (KNOWN - NAMES) else int(bool(words & NAMES))


def is_title(text: str) -> bool:
    """Whether a text is nothing but words that stand over names, such as "Vorname" or "First names"."""
    words = words_of(text)
    return bool(words) and {*words} <= KNOWN and words not in (["first"], ["given"])


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds a title that we know, or a word or nothing over a column of numbers."""
    first, *below = rows
    if any(rank(text) or text.strip().lower() in {*OTHERS, "gender"} for text in first):
        return True
    words = [place for place, text in enumerate(first) if is_name(text) or not text.strip()]
    columns = [[row[place] for row in below] for place in words]
    return any(column and all(map(NUMBER.fullmatch, column)) for column in columns)


def _is_word(row: Sequence[str]) -> bool:
    """Whether a row is one word alone, and no title."""
    return len(row) == 1 and row[0].strip().isalpha() and not is_title(row[0])


def _header_of(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row is the header: the first with a title, or else the first full one over numbers; None if none is."""
    begun = [number for number, row in enumerate(rows) if any(map(NUMBER.fullmatch, row)) or _is_word(row)]
    above = range(max(1, begun[0] if begun else len(rows)))
    titled = [number for number in above if any(map(is_title, rows[number]))]
    full = [number for number in above if all(map(str.strip, rows[number])) and is_header(rows[number:])]
    return next(iter([*titled, *full]), 0 if is_header(rows) else None)


def likely_column(rows: Sequence[Sequence[str]]) -> tuple[int, str | int | None]:
    """The row of the header, or 0, and the likely column of names: its title, or its place without one, or None."""
    header = _header_of(rows)
    first, below = rows[header or 0], rows[0 if header is None else header + 1 :]
    texts = [{row[place] for row in below if is_name(row[place])} for place in range(len(first))]
    ranks = [0 if header is None else rank(title) for title in first]
    likely = max(range(len(first)), key=lambda place: (bool(texts[place]), ranks[place], len(texts[place])))
    choice = likely if header is None else first[likely].strip() or None
    return header or 0, choice if texts[likely] else None
