"""Feedback for exercise 1.2: who stands in which part of a split by name, and what the split depends on."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, verdict


@exercise
def split_by_name(function: Callable[..., Any]) -> Feedback:
    """Exercise 1.2: `function(names, rng)` returns the distinct names in three lists, 80 %, 10 % and 10 %."""
    rows = _rows_of_names()
    answer, feedback = ask(function, rows, np.random.default_rng(0))
    if feedback is not None:
        return feedback
    parts = _as_lists(answer)
    if parts is None:
        return not_yet("return three lists of names, as `return train, val, test`. A set will not do: it has no order.")
    hint = _leak_hint(parts, set(rows)) or _size_hint(parts) or _order_hint(function, rows, parts)
    return verdict(hint, "No name is in two parts, none is lost, and the order of the rows is free.")


def _rows_of_names() -> list[str]:
    """1,000 distinct names, each on one to four rows, in mixed order."""
    names = ["".join(letters) for letters in product("abcdefghij", repeat=3)]
    rows = [name for place, name in enumerate(names) for _ in range(1 + place % 4)]
    return [rows[place] for place in np.random.default_rng(1).permutation(len(rows))]


def _as_lists(answer: object) -> list[list[str]] | None:
    """The three parts as lists of strings, or None when the answer is something else."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        return None
    if not all(isinstance(part, (tuple, list, np.ndarray)) for part in answer):
        return None
    if not all(isinstance(name, str) for name in chain(*answer)):
        return None
    return [[str(name) for name in part] for part in answer]


def _leak_hint(parts: Sequence[Sequence[str]], names: set[str]) -> str | None:
    """What is wrong with who stands where, or None."""
    train, val, test = map(set, parts)
    shared = sorted(train & val | train & test | val & test)
    found, entries = train | val | test, sum(map(len, parts))
    if found - names:
        return f"{short_repr(min(found - names))} stands in a part, but not among the names that came in."
    if shared:
        return (
            f"the rows are disjoint, the names are not: {len(shared)} names stand in more than one part, {shared[0]!r} "
            "is one of them. Make the names distinct before you deal them."
        )
    if names - found:
        return f"{len(names - found)} of the {len(names)} names are in no part. Where does each part begin and end?"
    if entries > len(names):
        return f"the parts hold {entries} entries for {len(names)} names: some stand there twice. Deal names, not rows."
    return None


def _size_hint(parts: Sequence[Sequence[str]]) -> str | None:
    """What is wrong with the sizes of the parts, one name more or less allowed; or None."""
    sizes = [len(part) for part in parts]
    wanted = [800, 100, 100]
    if all(abs(size - want) <= 1 for size, want in zip(sizes, wanted, strict=True)):
        return None
    if all(abs(size - want) <= 1 for size, want in zip(sorted(sizes), sorted(wanted), strict=True)):
        return f"right sizes, wrong order: {sizes}. Return train, val, test."
    return f"the parts hold {sizes} of 1,000 names; 80 %, 10 % and 10 % are {wanted}. Count distinct names, not rows."


def _order_hint(function: Callable[..., Any], rows: list[str], parts: list[list[str]]) -> str | None:
    """What the split depends on that it should not, or fails to depend on; or None."""

    def again(names: Iterable[str], seed: int) -> list[list[str]] | None:
        return _as_lists(ask(function, [*names], np.random.default_rng(seed))[0])

    if again(rows, 0) != parts:
        return "the same names and the same seed gave two different splits. Draw the order from the rng that comes in."
    if again([*rows[::-1], *rows[:50]], 0) != parts:
        return (
            "the same names in another order gave another split. The order of a set even changes with the hash seed, "
            "from one Python to the next. Make the names distinct, then sort them, then shuffle."
        )
    if (other := again(rows, 1)) == parts:
        return (
            "every seed gives the same split: either nothing is shuffled, or the order comes from a generator of your "
            "own. Use the rng that comes in."
        )
    return _chance_hint(parts, other or parts)


def _chance_hint(parts: list[list[str]], other: list[list[str]]) -> str | None:
    """What chance has not reached in a split whose sizes are right, beside that of another seed; or None."""
    part_of = {name: k for k, part in enumerate(parts) for name in part}
    order = [part_of[name] for name in sorted(part_of)]
    changes = int(np.count_nonzero(np.diff(order)))
    if changes < 100:  # about 340, give or take 15, when all places are drawn
        return (
            f"walking through the alphabet, the part changes {changes} times in {len(order)} names: the parts are "
            "blocks of it, and one of them may never hold an Anna. Shuffle before you cut."
        )
    for name, mine, theirs in zip(("train", "val", "test"), parts, other, strict=True):
        same, by_chance = len({*mine} & {*theirs}), len(mine) ** 2 / len(order)
        if same > (len(mine) + by_chance) / 2:
            return (
                f"with another seed {same} of the {len(mine)} names in {name} are the same, by chance it would be "
                f"about {by_chance:.0f}: shuffle all the names before you cut, not a part of them."
            )
    return None
