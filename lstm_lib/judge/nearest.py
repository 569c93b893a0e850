"""How far names lie from a list: the smallest number of letters to put in, take out or replace; who is at one."""

from collections.abc import Iterable

import numpy as np

from lstm_lib.arguments import require_names
from lstm_lib.tree import IntArray


def edit_distances(names: Iterable[str], known: Iterable[str]) -> IntArray:
    """The edit distance of each name to the nearest of the `known` ones: (names,), 0 for a name that stands there.

    An edit puts in a letter, takes one out, or replaces one by another (Levenshtein 1966). All known names are
    compared at once, and names that begin alike share the work: a millisecond a name for 30,000 known ones.
    Raises TypeError or ValueError when a list is not a non-empty list of strings.
    """
    asked, others = require_names(names), sorted(set(require_names(known, what="known")), key=len)
    lengths = np.array([len(each) for each in others])
    dtype = np.int8 if lengths[-1] + max(map(len, asked)) < 127 else np.int32  # that can hold every distance
    letters = np.array(others).view(np.int32).reshape(len(others), -1)
    letters = letters.T[: lengths[-1]].copy()  # a column for each known name; 0 behind its end
    differs = {letter: (letters != ord(letter)).astype(dtype) for letter in {*"".join(asked)}}
    first = np.unique(lengths, return_index=True)[1]  # of the names of each length, which stand side by side
    ends = [(lengths[k], slice(k, after)) for k, after in zip(first, [*first[1:], None], strict=True)]
    tables: list[IntArray] = [np.repeat(np.arange(len(letters) + 1, dtype=dtype)[:, None], len(others), axis=1)]
    found, read = {}, ""
    for name in sorted(asked):
        while not name.startswith(read):
            read = read[:-1]
            tables.pop()
        for letter in name.removeprefix(read):
            tables.append(_read_on(tables[-1], differs[letter]))
        found[name], read = min(int(tables[-1][end].min()) for end in ends), name
    return np.array([found[name] for name in asked])


def neighbours(names: Iterable[str], known: Iterable[str]) -> list[set[str]]:
    """For each name the `known` ones at a single edit: one letter put in, taken out, or replaced by another.

    Looks names up by what is left of them without one letter, so that a list of 30,000 takes less than a second.
    Raises TypeError or ValueError when a list is not a non-empty list of strings.
    """
    asked, others = require_names(names), set(require_names(known, what="known"))
    cut = [without_one(name) for name in asked]
    wanted = {key for patterns, _ in cut for key in patterns}, set(asked)
    alike: dict[str, set[str]] = {}  # by pattern, such as a?a: names that a replaced letter turns into each other
    longer: dict[str, set[str]] = {}  # by what is left without one letter
    for other in others:
        for shelf, keys, asked_for in zip((alike, longer), without_one(other), wanted, strict=True):
            for key in keys & asked_for:
                shelf.setdefault(key, set()).add(other)
    found = []
    for name, (patterns, shorter) in zip(asked, cut, strict=True):
        replaced = (alike.get(key, ()) for key in patterns)
        found.append(set().union(*replaced, longer.get(name, ()), others & shorter) - {name})
    return found


def without_one(name: str) -> tuple[set[str], set[str]]:
    """The name with each of its letters hidden in turn, by a sign that no name holds; and with each left out in turn.

    Two names of one length share a hidden form where a letter is replaced; a name is the shorter form of a longer one.
    """
    cuts = [(name[:k], name[k + 1 :]) for k in range(len(name))]
    return {f"{head}\0{tail}" for head, tail in cuts}, {head + tail for head, tail in cuts}


def _read_on(edits: IntArray, differs: IntArray) -> IntArray:
    """The table (L + 1, N) for a name with one letter more, which `differs` (L, N) from the known ones: 0 or 1.

    Entry (k, n): the edits that turn what was read into the first k letters of known name n (Wagner and Fischer 1974).
    """
    longer: IntArray = edits + edits.dtype.type(1)  # the letter taken out
    np.minimum(longer[1:], edits[:-1] + differs, out=longer[1:])  # replaced, or kept
    for k in range(len(differs)):
        np.minimum(longer[k + 1], longer[k] + edits.dtype.type(1), out=longer[k + 1])  # one put in
    return longer
