"""The titles of columns: which words stand over first names, and whether a row is a header at all."""

import re
import unicodedata
from collections.abc import Sequence

from lstm_lib.names.clean import ONE_SPELLING, OTHERS, is_name

# Words over first names, in many languages, without accents. None is a common name itself: a list may begin with one.
FIRST = """
first given forename forenames firstname firstnames givenname babyname vorname vornamen rufname prenom prenoms prenome
nombre nombres nome nomes imie imiona jmeno jmena krestni meno ime imena osebno prenume voornaam voornamen roepnaam
fornavn fornavne fornamn tilltalsnamn etunimi etunimet eesnimi vards vardas keresztnev utonev utonevek isim adi emri
onoma nama имя имена ім име ονομα ονοματα 名 名前 名字 姓名 氏名 人名 이름 성명 שם שמות اسم الاسم أسماء الأسماء نام
ad adlar nev nevek ten nafn eiginnafn boys girls garcons filles jungen madchen jungenname jungennamen
madchenname madchennamen babynames ninos ninas meninos meninas
"""
NAMES = frozenset(["name", "names", "nom", "noms", "navn", "namn", "naam", "namen", "nimi", "nume"])  # first or other
ENDINGS = ("navn", "namn", "namen")  # of words such as "jentenavn"; none of a first name
FAMILY = """
last family surname surnames lastname nachname nachnamen familienname cognome cognomi apellido apellidos sobrenome
famille achternaam etternavn efternavn efternamn sukunimi prijmeni priezvisko nazwisko nazwiska vezeteknev csaladnev
prezime priimek soyad soyadi soyisim mbiemri pavarde uzvards ho фамилия фамилии прізвище презиме επωνυμο משפחה
خانوادگی العائلة 姓 苗字
"""
OTHER = """
father mother parent pere mere vater mutter padre madre pai mae husband wife municipio municipality comune commune
gemeinde departement departamento provincia province concelho distrito district county megye city town village place
ciudad cidade citta ville stadt ort region country state estado hospital school
"""  # what may have a name beside the person of the row


def words_of(title: str) -> list[str]:
    """The words of a title in lower case, without accents: "IMIĘ_PIERWSZE" is imie, pierwsze."""
    title = unicodedata.normalize("NFC", title.translate(ONE_SPELLING)).casefold().replace("ı", "i")
    letters = unicodedata.normalize("NFKD", title)
    plain = unicodedata.normalize("NFC", "".join(each for each in letters if unicodedata.category(each) != "Mn"))
    return re.findall(r"[^\W\d_]+", plain)


LETTER = re.compile(r"[^\W\d_]")
NUMBER = re.compile(r"[\d.,%\s]+")
DATE = re.compile(r"\s*(?:1[5-9]|20)\d\d\s*")  # a number that is a title
MISSING = frozenset(["na", "nan", "null", "none", "unknown"])
KNOWN = NAMES | {*words_of(FIRST)}
FAMILIES, OTHER_NAMES = frozenset(words_of(FAMILY)), frozenset(words_of(OTHER))
ALSO_NAMES = frozenset(
    ["first", "given", "ad", "ten", "nev", "ho"]
)  # these words alone may be the first name of a list


def rank(title: str) -> int:
    """How likely a title stands over first names: 2 "Vorname", 1 "Name", 0 "note", -1 "last name", -2 "city"."""
    words = set(words_of(title))
    if words & OTHER_NAMES:
        return -2
    if words & FAMILIES:
        return -1
    return 2 if words & (KNOWN - NAMES) else int(any(word in NAMES or word.endswith(ENDINGS) for word in words))


def is_bare(text: str) -> bool:
    """Whether a text is nothing but words that stand over names."""
    words = words_of(text)
    return bool(words) and {*words} <= KNOWN


def is_title(text: str) -> bool:
    """Whether a text is a title, such as "Vorname" or "First names", and hardly a name."""
    return is_bare(text) and not ALSO_NAMES.issuperset(words_of(text))


def _is_titled(row: Sequence[str]) -> bool:
    """Whether a row has a title that we know: with a number beside it that is no year, only one without other words."""
    known = [text for text in row if rank(text) or text.strip().lower() in {*OTHERS, "gender"}]
    clear = [text for text in known if rank(text) != -2 and not ALSO_NAMES.issuperset(words_of(text))]
    if any(re.search(r"\d", text) and NUMBER.fullmatch(text) and not DATE.fullmatch(text) for text in row):
        return any(map(is_bare, clear)) and sum(map(is_name, row)) == 1
    return bool(clear) or len(known) > 1


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds a title that we know, or a word or nothing over a column of numbers."""
    first, *below = rows
    if _is_titled(first):
        return True
    counted = bool(below) and not first[0].strip() and below[0][0].strip() in ("0", "1")  # the numbers of rows
    words = [place for place, text in enumerate(first) if is_name(text) and text.strip().lower() not in MISSING]
    columns = [[row[place] for row in below] for place in [*words, *[0] * counted]]
    return any(column and all(map(NUMBER.fullmatch, column)) for column in columns)


def _is_word(row: Sequence[str]) -> bool:
    """Whether a row is one word alone, and no title."""
    return len(row) == 1 and row[0].strip().isalpha() and not is_title(row[0])


def _header_of(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row is the header: the first with a title, or else the first full one over numbers; None if none is."""
    begun = [number for number, row in enumerate(rows) if any(map(NUMBER.fullmatch, row)) or _is_word(row)]
    above = range(max(1, begun[0] if begun else len(rows)))
    titled = [number for number in above if any(map(is_title, rows[number])) and _is_titled(rows[number])]
    full = [number for number in above if all(map(str.strip, rows[number])) and is_header(rows[number:])]
    return next(iter([*titled, *full]), 0 if is_header(rows) else None)


def likely_column(rows: Sequence[Sequence[str]]) -> tuple[int, str | int | None]:
    """The row of the header, or 0, and the likely column of names: its title, or its place without one, or None."""
    header = _header_of(rows)
    first, below = rows[header or 0], rows[0 if header is None else header + 1 :]
    texts = [{row[place] for row in below if LETTER.search(row[place])} for place in range(len(first))]
    ranks = [() if header is None else (rank(title), is_bare(title)) for title in first]
    names = [sum(map(is_name, column)) for column in texts]
    likely = max(range(len(first)), key=lambda place: (bool(texts[place]), *ranks[place], names[place]))
    choice = likely if header is None else first[likely].strip() or None
    return header or 0, choice if texts[likely] else None
