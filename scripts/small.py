"""Train the five small networks that chapter 18 opens: the same recipe, five seeds.

Usage: python scripts/small.py. A minute or two on one thread; an interrupted run continues where it stopped. Writes
lstm_lib/datasets/small.npz: for each seed the six tensors, float32.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

from measures import DATASETS, lists_of, mean_nats, vocabulary_of
from recipes import READABLE, READABLE_SEEDS
from training import trained

from lstm_lib.evaluate import surprises
from lstm_lib.run.npz_file import write_npz
from lstm_lib.tree import named_leaves

SMALL = DATASETS / "small.npz"


def main() -> None:
    """Train each seed, or continue it; then write all of them."""
    split = lists_of("corpus")
    vocabulary, arrays, unfinished = vocabulary_of(split), {}, []
    for seed in READABLE_SEEDS:
        unfinished.append(DATASETS / f"unfinished-small-{seed}.npz")
        how = {"unfinished": unfinished[-1], "eval_every": READABLE["steps"], "progress": False}
        params = trained(split, vocabulary, READABLE, seed, **how).params
        arrays.update({f"{seed}.{name}": leaf for name, leaf in named_leaves(params)})
        print(seed, mean_nats(surprises(params, vocabulary, split.val)), flush=True)
    write_npz(SMALL, arrays)
    for path in unfinished:
        path.unlink()


if __name__ == "__main__":
    main()
