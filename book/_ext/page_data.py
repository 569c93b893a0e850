"""Weights and names as scripts for the live machine of the pages: trained weights as whole numbers with a scale for
each column, the hand-set ones of "ana" as they are.

Each script hands one value to the page, `live.data(name, value)`. `book/_live/weights.js` and `book/_live/corpus.js`
read them.
"""

import base64
import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from page_ladder import ladder

from lstm_lib import example
from lstm_lib.bring import SHIPPED, shipped_words
from lstm_lib.data import load_names
from lstm_lib.model import Params
from lstm_lib.train import load_small, load_stages, load_trained
from lstm_lib.tree import FloatArray, named_leaves
from lstm_lib.vocabulary import Vocabulary

LARGEST = 127  # of a whole number with a sign, in a byte
PARTS = {"train": "t", "val": "v", "test": "e"}
SEED = 1  # of the small networks, the one that chapter 18 opens first


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


def exactly(params: Params, vocabulary: Vocabulary) -> dict[str, Any]:
    """The same without rounding, float64; for a network of a few numbers."""
    tensors = {name: {"exact": leaf.ravel().tolist()} for name, leaf in named_leaves(params)}
    return described(params, vocabulary) | {"tensors": tensors}


def _text(values: FloatArray) -> str:
    return base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()


def names() -> dict[str, str]:
    """The corpus: all names in one text, the most frequent first, and for each a letter that says its part."""
    table = load_names()
    return {"names": "|".join(table["name"]), "parts": "".join(table["split"].map(PARTS))}


def script(name: str, value: Any) -> str:
    """A script that hands the page a value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"live.data({json.dumps(name)},{text});\n"


@cache
def scripts() -> dict[str, str]:
    """All data of the page, by the name of the script that holds it."""
    params, vocabulary = load_trained()
    values = {"trained": described(params, vocabulary), "small": described(load_small()[SEED], vocabulary)}
    values |= {f"stage-{step}": described(stage, vocabulary) for step, stage in load_stages().items()}
    values["ana"] = exactly(example.example_params(), example.VOCABULARY)
    values |= {"names": names(), "ladder": ladder()}
    values |= {f"list-{language}": "\n".join(shipped_words(language)) for language in SHIPPED}
    return {f"data-{name}": script(name, value) for name, value in values.items()}
