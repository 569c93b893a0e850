"""Measure how alike the words that the stages of the shipped model write are to real names; rewrites `writes.json`.

Usage: python scripts/page_writes.py     (a minute)
What two laws share is the sum of the smaller of their two chances, over all lengths, letters, or pairs of neighbours.
"""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from lstm_lib.data import load_splits
from lstm_lib.model import Params
from lstm_lib.sample import sample_names
from lstm_lib.train import load_stages, load_trained

STORED = Path(__file__).resolve().parents[1] / "book" / "_live" / "writes.json"
COUNT = 2000  # words of each stage
LONGEST = 100  # letters, where a stage has not learned to end
SEED = 1


def law(things: Iterable[Hashable]) -> dict[Hashable, float]:
    """How frequent each is; the shares sum to 1."""
    counts = Counter(things)
    return {thing: count / counts.total() for thing, count in counts.items()}


def laws(words: Sequence[str]) -> dict[str, dict[Hashable, float]]:
    """The laws of words' lengths, of their letters, and of letters that stand side by side."""
    return {
        "lengths": law(len(word) for word in words),
        "letters": law(letter for word in words for letter in word),
        "pairs": law(pair for word in words for pair in pairwise(word)),
    }


def alike(words: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """What the laws of words share with those of names, from 0 to 1."""
    ours, theirs = laws(words), laws(names)
    return {kind: round(sum(min(p, theirs[kind].get(thing, 0)) for thing, p in ours[kind].items()), 4) for kind in ours}


def written(params: Params) -> list[str]:
    """What a stage writes."""
    rng = np.random.default_rng(SEED)
    return sample_names(params, load_trained()[1], COUNT, rng=rng, max_length=LONGEST)


def shuffled(words: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Words of the same lengths, with all their letters dealt anew."""
    letters = iter(rng.permutation([*"".join(words)]).tolist())
    return ["".join(next(letters) for _ in word) for word in words]


def main() -> None:
    """Measure and store."""
    splits, rng = load_splits(), np.random.default_rng(SEED)
    real = [splits.val[k] for k in rng.permutation(len(splits.val))[:COUNT].tolist()]
    stages = [*load_stages().values(), load_trained()[0]]
    found = {
        "stages": [alike(written(params), splits.train) for params in stages],
        "real": alike(real, splits.train),
        "shuffled": alike(shuffled(real, rng), splits.train),
    }
    STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
