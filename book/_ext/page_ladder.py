"""What the live machine's views of training say about the book's own runs, from the numbers that those runs stored."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

RUNGS = ("uniform", "unigram", "bigram", "trigram", "kneser_ney_6")
WRITES = Path(__file__).resolve().parents[1] / "_live" / "writes.json"  # of `scripts/page_writes.py`
UNITS = (32, 64, 128)  # of networks that `make sweep` trained by one recipe, three of each


def ladder() -> dict[str, Any]:
    """Nats a symbol: `rungs` and `stages` of the shipped model on the validation names, `counting` and `sizes` on test.

    `stages` are the steps of `load_stages` and, last, the best of the run, which is `load_trained`'s. `writes`, there
    and beside them, says how alike words are to real names.
    """
    metrics = json.loads((resources.files("lstm_lib.datasets") / "metrics.json").read_text(encoding="utf-8"))
    corpus, groups, shipped = metrics["corpus"], metrics["sweep"]["groups"], metrics["lstm_shipped"]
    curve = shipped["curve"]
    best = min(zip(curve["val"], curve["step"], strict=True))
    writes = json.loads(WRITES.read_text(encoding="utf-8"))
    stages = [*shipped["stages"], {"step": best[1], "val": corpus["val"]["lstm_shipped"]}]
    return {
        "rungs": {name: corpus["val"][name] for name in RUNGS},
        "stages": [stage | {"writes": words} for stage, words in zip(stages, writes["stages"], strict=True)],
        "writes": {"real": writes["real"], "shuffled": writes["shuffled"]},
        "counting": corpus["test"]["kneser_ney_6"],
        "sizes": {units: groups[f"size-{units}"]["test"]["mean"] for units in UNITS},
    }
