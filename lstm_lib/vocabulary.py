"""Characters to ids and back: the end mark is id 0, then the characters in sorted order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_lib.arguments import describe, require_names
from lstm_lib.tree import IntArray

END = 0
END_MARK = "."


@dataclass(frozen=True)
class Vocabulary:
    """The characters that a model knows, in id order, the end mark first.

    Raises TypeError unless they come in an order, as in a tuple; ValueError when a character is repeated or is not one
    character long, or when the end mark is not at id 0.
    """

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.characters, Sequence):
            raise TypeError(f"characters must be a tuple such as ('.', 'a', 'n'); got {describe(self.characters)}")
        characters = tuple(self.characters)
        object.__setattr__(self, "characters", characters)
        if characters[:1] != (END_MARK,):
            raise ValueError(f"the first character must be the end mark {END_MARK!r}; got {characters[:1]}")
        if any(not isinstance(c, str) or len(c) != 1 for c in characters) or len(set(characters)) < len(characters):
            raise ValueError(f"characters must be distinct and one character long each; got {characters}")

    @classmethod
    def from_names(cls, names: Iterable[str]) -> "Vocabulary":
        """The vocabulary of a list of names: the end mark, then every character that occurs, sorted.

        Raises TypeError unless `names` is a list of strings, ValueError when it is empty or holds the end mark.
        """
        checked = require_names(names)
        for name in checked:
            if END_MARK in name:
                raise ValueError(f"the name {name!r} contains the end mark {END_MARK!r}; remove it or the name")
        return cls((END_MARK, *sorted(set("".join(checked)))))

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters)}

    def __len__(self) -> int:
        """The number of characters V, the end mark counted."""
        return len(self.characters)

    def encode(self, name: str) -> IntArray:
        """The ids of the name's characters, shape (letters,); the end mark is not added.

        Raises ValueError when the name has a character outside the vocabulary, or the end mark.
        """
        if not isinstance(name, str):
            raise TypeError(f"a name must be a string; got {name!r}")
        ids = [self._ids.get(character, END) for character in name]
        if END in ids:
            character = name[ids.index(END)]
            raise ValueError(f"the name {name!r} has {character!r}, which is not a letter of this vocabulary: "
                             f"{''.join(self.characters[1:])!r}")  # fmt: skip
        return np.array(ids, dtype=np.intp)

    def encode_all(self, names: Sequence[str]) -> IntArray:
        """The ids of all names in one row, one name after the other; raises what `encode` does."""
        letters = "".join(names)
        if END_MARK in letters or not self._ids.keys() >= set(letters):
            for name in names:
                self.encode(name)  # raises for the first one that has a wrong character
        return np.array([self._ids[letter] for letter in letters], dtype=np.intp)

    def decode(self, ids: Iterable[int]) -> str:
        """The name that the ids spell, up to the first end mark.

        Raises ValueError when an id before it is not in 0..V-1, TypeError when one is not a whole number.
        """
        letters: list[str] = []
        numbers = ids.tolist() if isinstance(ids, np.ndarray) else ids
        if not isinstance(numbers, Iterable):
            raise TypeError(f"ids must be a list of whole numbers or a 1-D array; got {describe(ids)}")
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int | np.integer):
                raise TypeError(f"ids must be whole numbers; got {number!r}")
            if number == END:
                break
            if not 0 <= number < len(self):
                raise ValueError(f"ids must lie in 0..{len(self) - 1}; got {number}")
            letters.append(self.characters[number])
        return "".join(letters)
