"""Build the three lists of words of `lstm_lib/datasets/`: the same things, named in Turkish, in Greek and in Georgian.

The things are the world's countries and territories, its languages, its scripts, and a city for each of its time
zones, as Unicode's Common Locale Data Repository (CLDR) names them. It comes with the package `babel`, which Sphinx
needs. Run from the project's folder:

    python scripts/build_words.py                      # writes into lstm_lib/datasets/
    python scripts/build_words.py --output some/folder

The same release of Babel gives the same bytes, on every platform. `book/data-card.md` describes the files.
"""

import argparse
from pathlib import Path

from babel import Locale

from lstm_lib.names.clean import clean_name, is_name

DATASETS = Path(__file__).resolve().parents[1] / "lstm_lib" / "datasets"
LANGUAGES = {  # the file, CLDR's code, and the letters that a word may have
    "turkish": ("tr", "abcçdefgğhıijklmnoöprsştuüvyz"),
    "greek": ("el", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    "georgian": ("ka", "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"),
}
BETWEEN = " -'"  # what may stand between the letters


def things(code: str) -> set[str]:
    """What CLDR calls the countries, the languages, the scripts and the cities, in the language of this code."""
    locale = Locale(code)
    cities = {zone["city"] for zone in locale.time_zones.values() if "city" in zone}
    return cities.union(locale.territories.values(), locale.languages.values(), locale.scripts.values())


def lowered(text: str, code: str) -> str:
    """In lower case: the Turkish way for Turkish, whose capital I has no dot, Python's way for the others."""
    return text.replace("I", "ı").replace("İ", "i").lower() if code == "tr" else text.lower()


def build_words(code: str, letters: str) -> list[str]:
    """The distinct words of one language, in the book's spelling, sorted; those with other letters are left out."""
    found = {clean_name(text) for text in (lowered(each, code) for each in things(code)) if is_name(text)}
    return sorted(word for word in found if set(word) <= {*letters, *BETWEEN})


def build(output: Path) -> list[Path]:
    """Write the three files into the folder `output`; return their paths."""
    paths = []
    for name, (code, letters) in LANGUAGES.items():
        paths.append(output / f"words_{name}.txt")
        text = "".join(f"{word}\n" for word in build_words(code, letters))
        paths[-1].write_bytes(text.encode("utf-8"))
    return paths


def main() -> None:
    """Build the files and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=DATASETS, help="folder to write into (must exist)")
    for path in build(parser.parse_args().output):
        words = path.read_text(encoding="utf-8").splitlines()
        print(f"{path}: {len(words):,} words, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
