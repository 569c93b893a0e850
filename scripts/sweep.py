"""Train every model that chapter 16 compares, and write what they are worth: `make sweep`.

Two runs at a time, an hour or less. Each finished run leaves two files in the folder sweep/ and is not trained again;
an unfinished one continues where it stopped. The results go to lstm_lib/datasets/metrics.json, key "sweep".
Usage: python scripts/sweep.py [RUN ...]   (some runs only, by their names in recipes.py)
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import data_version, lists_of, mean_nats, read_metrics, vocabulary_of, write_json, write_metrics
from recipes import Run, sweep
from summing_up import FOLDER, summary
from training import trained

from lstm_lib.data import Split
from lstm_lib.evaluate import novelty_report, surprises
from lstm_lib.model import Params
from lstm_lib.sample import sample_names
from lstm_lib.vocabulary import Vocabulary

WORKERS = 2


def train(name: str, run: Run) -> None:
    """Train one run, or continue it; write its results and its surprises on the names that were held out."""
    split = lists_of(run.data)
    vocabulary, unfinished = vocabulary_of(split), FOLDER / f"{name}.run.npz"
    every = max(1, run.settings["steps"] // 20)
    how = {"unfinished": unfinished, "eval_every": every, "progress": False}
    _, params, facts = trained(split, vocabulary, run.settings, run.seed, **how)
    held_out = {part: surprises(params, vocabulary, getattr(split, part)) for part in ("val", "test")}
    np.savez(FOLDER / f"{name}.npz", **{part: np.concatenate(nats) for part, nats in held_out.items()})
    result = {
        **described(run),
        "train": mean_nats(surprises(params, vocabulary, split.train)),
        **{part: mean_nats(nats) for part, nats in held_out.items()},
        **facts,
    }  # fmt: skip
    if run.data.startswith("national") or run.group == "leak":
        result["samples"] = novelty(params, vocabulary, split)
    write_json(FOLDER / f"{name}.json", result)
    unfinished.unlink()


def described(run: Run) -> dict[str, Any]:
    """What a result must say of itself to be kept: the run, and the lists that it was trained on."""
    return {"group": run.group, "data": run.data, "seed": run.seed, "lists": data_version(), **run.settings}


def finished(name: str, run: Run) -> bool:
    """Whether the folder holds the results of this very run."""
    path = FOLDER / f"{name}.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return bool({key: found.get(key) for key in described(run)} == described(run))


def novelty(params: Params, vocabulary: Vocabulary, split: Split) -> dict[str, float]:
    """What 2,000 invented names consist of."""
    drawn = sample_names(params, vocabulary, 2000, rng=np.random.default_rng(0))
    return {key: round(share, 4) for key, share in
            novelty_report(drawn, split.train, [*split.val, *split.test])._asdict().items()}  # fmt: skip


def main() -> None:
    """Train what is not finished, then sum up."""
    FOLDER.mkdir(exist_ok=True)
    runs = sweep()
    unknown = set(sys.argv[1:]) - set(runs)
    if unknown:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; the runs are {', '.join(runs)}")
    wanted = {name: runs[name] for name in sys.argv[1:]} or runs
    missing = {name: run for name, run in wanted.items() if not finished(name, run)}
    with ProcessPoolExecutor(WORKERS) as pool:
        waiting = {pool.submit(train, name, run): name for name, run in missing.items()}
        for count, future in enumerate(as_completed(waiting), start=1):
            future.result()
            print(f"{count} of {len(missing)}: {waiting[future]}", flush=True)
    lacking = [name for name, run in runs.items() if not finished(name, run)]
    if lacking:
        print(f"metrics.json is left as it was: {len(lacking)} runs are not finished, such as {lacking[0]}")
        return
    results = {name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in runs}
    write_metrics(read_metrics() | {"sweep": summary(results)})
    print("wrote metrics.json")


if __name__ == "__main__":
    main()
