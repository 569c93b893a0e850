"""Train the weights that the library ships, and measure them: `make model`.

Some minutes on one thread. Writes, in lstm_lib/datasets, trained.npz (the weights), stages.npz (copies from untrained
on, for the site) and metrics.json (all but its key "sweep"). An interrupted run continues where it stopped when the
command is given again.
"""

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from measures import DATASETS, data_version, ladder, lists_of, mean_nats, read_metrics, vocabulary_of, write_metrics
from recipes import SHIPPED, SHIPPED_SEED, STAGES
from training import trained

from lstm_lib.evaluate import surprises
from lstm_lib.model import Params
from lstm_lib.run.npz_file import write_npz
from lstm_lib.train import TrainingInterrupted, load_checkpoint, save_checkpoint
from lstm_lib.tree import named_leaves

UNFINISHED = DATASETS / "unfinished-run.npz"
KEPT = {step: DATASETS / f"unfinished-stage-{step}.npz" for step in STAGES if step > 0}


def main() -> None:
    """Train, or continue; then write the weights, the stages and what they are worth."""
    split = lists_of("corpus")
    vocabulary = vocabulary_of(split)
    recipe = SHIPPED | {"eval_every": 1000}
    start, params, facts = trained(split, vocabulary, recipe, SHIPPED_SEED, unfinished=UNFINISHED, keep=KEPT)
    save_checkpoint(DATASETS / "trained.npz", params, vocabulary=vocabulary)
    stages = {0: start, **{step: load_checkpoint(path).params for step, path in KEPT.items()}}
    write_stages(stages)
    counted = ladder(split, vocabulary)
    scores = {part: mean_nats(surprises(params, vocabulary, names)) for part, names in split._asdict().items()}
    found = read_metrics() | {
        "corpus": {part: counted["scores"][part] | {"lstm_shipped": nats} for part, nats in scores.items()},
        "names": {part: len(names) for part, names in split._asdict().items()},
        "symbols": {part: sum(len(name) + 1 for name in names) for part, names in split._asdict().items()},
        "data": data_version(),
        "add_k": counted["add_k"],
        "intervals": counted["intervals"],
        "lstm_shipped": {
            "seed": SHIPPED_SEED, **recipe, **facts,
            "stages": [{"step": step, "val": mean_nats(surprises(stage, vocabulary, split.val))}
                       for step, stage in stages.items()],
        },
    }  # fmt: skip
    write_metrics(found)
    for path in (UNFINISHED, *KEPT.values()):
        path.unlink()
    print({part: found["corpus"][part]["lstm_shipped"] for part in scores})
    print("new weights? Then `make sweep` renews what compares them with others; finished runs are not trained again")


def write_stages(stages: dict[int, Params]) -> None:
    """The copies in one file, in half precision: they are to look at, not to train on."""
    arrays = {
        f"{step}.{name}": leaf.astype(np.float16) for step, each in stages.items() for name, leaf in named_leaves(each)
    }
    write_npz(DATASETS / "stages.npz", arrays)


if __name__ == "__main__":
    try:
        main()
    except TrainingInterrupted as stop:
        sys.exit(f"{stop}; the same command continues there")
