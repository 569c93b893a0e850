"""The same network for another alphabet: what belongs to a letter that both know is kept, the rest starts anew."""

from dataclasses import replace

import numpy as np

from lstm_lib.arguments import require_generator, require_instance
from lstm_lib.model import Params, init_params
from lstm_lib.sample import require_model
from lstm_lib.vocabulary import Vocabulary


def with_alphabet(params: Params, known: Vocabulary, wanted: Vocabulary, *, rng: np.random.Generator) -> Params:
    """Parameters for the vocabulary `wanted`, made from `params`, whose vocabulary is `known`; all is copied.

    A letter has one row of `E`, one column of `W_y` and one entry of `b_y`. Letters that both know, the end mark
    among them, keep theirs, wherever they now stand; new letters get fresh ones; the cell has no letters and stays.
    Raises TypeError or ValueError where params and known do not fit, or for another wanted or rng.
    """
    require_model(params, known)
    letters = require_instance("wanted", wanted, Vocabulary, source="Vocabulary.from_names").characters
    shared = [letter for letter in letters if letter in known.characters]
    old = [known.characters.index(letter) for letter in shared]
    new = [letters.index(letter) for letter in shared]
    units, width = params.W_h.shape[0], params.E.shape[1]
    fresh = init_params(len(letters), width, units, rng=require_generator(rng), dtype=params.dtype)
    fresh.E[new] = params.E[old]
    fresh.W_y[:, new] = params.W_y[:, old]
    fresh.b_y[new] = params.b_y[old]
    cell = {name: getattr(params, name).copy() for name in ("W_x", "W_h", "b")}
    return replace(fresh, **cell)
