"""The live machine reads a list of words as the library does, and says what it cannot read; the book's own list too."""

import pytest
from live_tools import Ask

from lstm_lib.bring import shipped_words
from lstm_lib.data import _part_sizes, load_splits
from lstm_lib.names.clean import clean_name
from lstm_lib.vocabulary import Vocabulary

pytestmark = pytest.mark.browser

ODD = [
    "  Ana ", "O’Brien", "Anne–Marie", "Jean—Luc", "Àngel", "A\u0301ngel", "ΟΔΥΣΣΕΥΣ", "İstanbul", "IŞIK", "STRASSE",
    "straße", "1. Emma", "• Emma", "“Emma”", "«Emma»", "'Emma'", "ＡＮＡ", "a\u200bna", "\ufeffana", "a\u00a0b", "a  b",
    "علی", "נועה", 'צה"ל', "می\u200cخواهم", "नेहा", "佐藤", "ｻﾄｳ", "𐐀𐐁", "𝐀na",
    "ana.", "ana7", "٣", "ana😀", "-ana", "''", "·", "", "   ", "Ã©mile", "a_b", "a/b", "<b>ana</b>", "x" * 41 + "7",
    "l·l", "\ud83d", "ana\x1c", "\x85ana", "ǅ", "ﬁona", "ª",
]  # fmt: skip


def halves(word: str) -> list[int]:
    """The numbers of UTF-16."""
    coded = word.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(coded[k : k + 2], "little") for k in range(0, len(coded), 2)]


def cleaned(ask: Ask, *words: str) -> list[dict[str, str] | str]:
    """For each the word in a dictionary, or the sentence that refuses it."""
    return ask("clean", [halves(word) for word in words])


def test_words_are_cleaned_as_the_library_cleans_them(ask):
    refused = 0
    for word, theirs in zip(ODD, cleaned(ask, *ODD), strict=True):
        try:
            ours: object = {"word": clean_name(word)}
        except ValueError:
            refused += 1
            assert isinstance(theirs, str), ascii(word)
        else:
            assert theirs == ours, ascii(word)
    assert refused == 15


def test_what_is_refused_is_named(ask):
    assert cleaned(ask, "ana😀", "<b>ana", "ana.", "ana7", "\ud83d", "\u202ex7", " ", "'", "-a", "Ã©mile") == [
        "“ana😀” has “😀” (U+1F600) in it, which is no letter",
        "“<b>ana” has “<” (U+003C) in it, which is no letter",
        "“ana.” has a full stop, which is the end mark here",
        "“ana7” has a number in it, “7”",
        "“U+D83D” has “U+D83D” (U+D83D) in it, which is no letter",
        "“x7” has a number in it, “7”",
        "the line is blank",
        "“'” has no letter",
        "“-a” begins or ends with a hyphen",
        "“Ã©mile” was once read in a wrong encoding; take the original",
    ]


ALPHABETS = {
    "greek": shipped_words("greek"),
    "georgian": shipped_words("georgian"),
    "turkish": [word.upper() for word in shipped_words("turkish")],
    "beyond U+FFFF": [*"𐐀𐐁𐐂", "ﬀ", "ﬀ𐐀", "ﾚ", *(f"{a}{b}" for a in "𐐃𐐄𐐅zé" for b in "𐐆𐐇abcdefghi")],
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_a_list_in_any_alphabet_is_read_as_the_library_reads_it(ask, alphabet):
    words = ALPHABETS[alphabet]
    spelled = sorted({clean_name(word) for word in words})
    read, symbols, coded = ask("readAll", "\r\n".join([*words, "", words[0]]))
    assert read == {"words": spelled, "given": len(words) + 1, "faults": []}
    vocabulary = Vocabulary.from_names(spelled)
    assert tuple(symbols) == vocabulary.characters
    assert coded == [vocabulary.encode(word).tolist() for word in spelled]


def test_commas_part_words_and_faults_are_named_with_their_lines(ask):
    text = "Ana, Emma;Mia\tNoa|Zoe\n\nana\nx7, Léa\n" + "\n".join("abcdefghij")
    assert ask("read", text, {"fewest": 3}) == {
        "words": ["a", "ana", *"bcde", "emma", *"fghij", "léa", "mia", "noa", "zoe"],
        "given": 17,
        "faults": [{"line": 4, "reason": "“x7” has a number in it, “7”"}],
    }


FAULTY = "More than half of this cannot be read as words; the first fault, in line 1: "


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The list is empty. Paste words, one on a line."),
        (" \n,,\n", "The list is empty. Paste words, one on a line."),
        ("ana", "1 different word is too few to learn from: bring 50 or more."),
        ("ana\nemma", "2 different words are too few to learn from: bring 50 or more."),
        ("ana\0", "This is no text: it holds zero bytes. Paste words, one on a line."),
        ("1,2,3\n4\nana", f"{FAULTY}“1” has a number in it, “1”."),
        ("Mary,F,7065\nAnna,F,2604\n", "This looks like a table with numbers. Paste the column of the words alone."),
        ("Mary\t7065\r\nAnna\t2604", "This looks like a table with numbers. Paste the column of the words alone."),
        ("a" * 61, f"{FAULTY}“{'a' * 40}…” has more than 60 letters."),
        ("\n".join(map(chr, range(0x4E00, 0x4E00 + 3100))), "3,101 different symbols are too many for a page: "
                                                            "it takes 3,000."),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_list_that_cannot_be_used_gets_a_sentence(ask, text, sentence):
    assert ask("read", text) == sentence


def test_a_list_that_is_too_long_gets_a_sentence(ask):
    assert ask("readMany", 50_000) == 50_000
    assert ask("readMany", 50_001) == "50,001 different words are too many for a page: bring 50,000 at most."
    assert ask("readHuge") == "This text has over 5,000,000 characters. Paste a shorter list."


def test_unknown_letters_are_named_as_one_sees_them(ask):
    family = "👩\u200d👩\u200d👧"
    assert ask("unknown", f"ana{family}Éx{family}.") == [
        {"letter": family, "code": "U+1F469 U+200D U+1F469 U+200D U+1F467"},
        {"letter": "É", "code": "U+00C9"},
        {"letter": ".", "code": "U+002E"},
    ]
    assert ask("unknownHalf") == ["U+D83D"]
    assert ask("unknown", "ana") == []


def test_the_three_parts_have_the_librarys_sizes_and_share_nothing(ask):
    counts = [3, 4, 7, 10, 49, 50, 51, 99, 1234, 29999]
    assert ask("partSizes", counts) == [_part_sizes(count, [0.8, 0.1, 0.1]) for count in counts]
    words = [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
    parts = ask("split", words)
    assert [len(parts[part]) for part in ("train", "val", "test")] == [80, 10, 10]
    assert sorted([*parts["train"], *parts["val"], *parts["test"]]) == words
    assert parts["train"] != words[:80]


def test_the_corpus_is_the_books(ask):
    split = load_splits()
    known = [split.train[5], split.val[5], split.test[5], "zzz"]
    assert ask("corpus", known) == [sum(map(len, split)), list(split.val), [1, 0], ["train", "val", "test", ""]]
