"""Weights and names as scripts for the live machine of the pages: whole numbers with a scale for each column.

Usage: python scripts/page_weights.py                  (a minute) measures what this costs, and rewrites
                                                       `book/_live/cost.json`
       python scripts/page_weights.py CHECKPOINT       puts a checkpoint of yours into the built pages, in the place of
                                                       the shipped weights; the next `make book` takes it out again
`book/_ext/places.py` writes the shipped ones with the functions below, in every build.
"""

import base64
import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lib.data import load_names, load_splits
from lstm_lib.evaluate import nll
from lstm_lib.model import Params
from lstm_lib.train import load_checkpoint, load_small, load_stages, load_trained
from lstm_lib.tree import FloatArray, named_leaves
from lstm_lib.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
COST = ROOT / "book" / "_live" / "cost.json"
BUILT = ROOT / "_build" / "html" / "_static" / "live"
LARGEST = 127  # of a whole number with a sign, in a byte
SPLITS = {"train": "t", "val": "v", "test": "e"}


def whole(leaf: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A matrix (rows, columns) as whole numbers within -127 and 127, int8, and the scale of each column, float32."""
    scale = (np.abs(leaf).max(axis=0) / LARGEST).astype(np.float32)
    scale[scale == 0] = 1  # a column of zeros
    return np.rint(leaf / scale).astype(np.int8), scale


def rounded(params: Params) -> Params:
    """The parameters that the page has: each matrix as whole numbers times scales, float32."""
    parts = {name: leaf.astype(np.float32) for name, leaf in named_leaves(params)}
    for name, leaf in parts.items():
        if leaf.ndim == 2:
            numbers, scale = whole(leaf)
            parts[name] = numbers * scale
    return replace(params, **parts)


def described(params: Params, vocabulary: Vocabulary) -> dict[str, Any]:
    """What `weights.js` decodes: sizes, symbols, and each tensor in base64."""
    tensors = {}
    for name, leaf in named_leaves(params):
        if leaf.ndim == 2:
            numbers, scale = whole(leaf.astype(np.float32))
            tensors[name] = {"whole": _text(numbers), "scale": _text(scale)}
        else:
            tensors[name] = {"plain": _text(leaf.astype(np.float32))}
    V, D = params.E.shape
    return {"V": V, "D": D, "H": params.hidden_size, "characters": vocabulary.characters, "tensors": tensors}


def _text(values: FloatArray) -> str:
    return base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()


def names() -> dict[str, str]:
    """The corpus: all names in one text, the most frequent first, and for each a letter that says its part."""
    table = load_names()
    return {"names": " ".join(table["name"]), "parts": "".join(table["split"].map(SPLITS))}


def script(name: str, value: Any) -> str:
    """A script that hands the page a value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"live.data({json.dumps(name)},{text});\n"


def scripts() -> dict[str, str]:
    """All data of the page, by the name of the script that holds it."""
    params, vocabulary = load_trained()
    small = load_small()
    values = {"trained": described(params, vocabulary), "small": described(small[min(small)], vocabulary)}
    values |= {f"stage-{step}": described(stage, vocabulary) for step, stage in load_stages().items()}
    values |= {"names": names()}
    return {f"data-{name}": script(name, value) for name, value in values.items()}


def kilobytes(text: str) -> float:
    """What a script weighs on its way, compressed."""
    return round(len(gzip.compress(text.encode(), mtime=0)) / 1024, 1)


def cost() -> dict[str, Any]:
    """What rounding costs in nats on the test names, and the kilobytes of each script."""
    test = load_splits().test
    models = {"trained": load_trained()[0], "small": load_small()[min(load_small())]}
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
