"""What the live machine of the pages costs, and how a checkpoint of yours gets into it.

Usage: python scripts/page_weights.py               measures what rounding the weights costs and what they weigh, and
                                                    rewrites `book/_live/cost.json` (seconds)
       python scripts/page_weights.py CHECKPOINT    puts a checkpoint into the built pages, in the place of the shipped
                                                    weights; the next `make book` takes it out again
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "book" / "_ext"))
from page_data import SEED, described, rounded, script, scripts

from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.train import load_checkpoint, load_small, load_trained

ROOT = Path(__file__).resolve().parent.parent
COST = ROOT / "book" / "_live" / "cost.json"
BUILT = ROOT / "_build" / "html" / "_static" / "live"


def kilobytes(text: str) -> float:
    """What a script weighs on its way, compressed."""
    return round(len(gzip.compress(text.encode(), mtime=0)) / 1024, 1)


def cost() -> dict[str, Any]:
    """What rounding costs in nats on the test names, and the kilobytes of each script."""
    test = load_splits().test
    models = {"trained": load_trained()[0], "small": load_small()[SEED]}
    nats = {
        name: {"shipped": round(nll(model, load_trained()[1], test), 5),
               "page": round(nll(rounded(model), load_trained()[1], test), 5)}
        for name, model in models.items()
    }  # fmt: skip
    return {"nats": nats, "kilobytes": {name: kilobytes(text) for name, text in scripts().items()}}


def main(arguments: list[str]) -> None:
    """Measure, or put a checkpoint into the built pages."""
    if not arguments:
        COST.write_text(json.dumps(cost(), indent=1) + "\n", encoding="utf-8")
        print(COST.read_text(encoding="utf-8"))
        return
    run = load_checkpoint(arguments[0])
    if not BUILT.is_dir():
        sys.exit(f"the book is not built: there is no {BUILT}; run `make book`")
    text = script("trained", described(run.best or run.params, run.vocabulary))
    (BUILT / "data-trained.js").write_text(text, encoding="utf-8")
    print(f"data-trained.js has {run.params.hidden_size} units now, {kilobytes(text)} KB compressed")


if __name__ == "__main__":
    main(sys.argv[1:])
