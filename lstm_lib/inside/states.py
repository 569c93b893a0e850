"""What a network holds while it reads: gates, memory and hidden state after every symbol of many names."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_names
from lstm_lib.data import make_batch
from lstm_lib.model import Params, forward
from lstm_lib.sample import require_model
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import Vocabulary


class States(NamedTuple):
    """One row for each of the N symbols read, name after name; padding has no row."""

    owner: IntArray  # (N,) the name, by its place in the list
    letters: IntArray  # (N,) how many letters have been read: 0 after the end mark that begins a name
    read: IntArray  # (N,) the id of the symbol read last
    target: IntArray  # (N,) the id of the symbol that comes next
    i: FloatArray  # (N, H)
    f: FloatArray  # (N, H)
    g: FloatArray  # (N, H)
    o: FloatArray  # (N, H)
    c: FloatArray  # (N, H) what leaves the step
    h: FloatArray  # (N, H) what leaves the step


def read_states(params: Params, vocabulary: Vocabulary, names: Iterable[str]) -> States:
    """Read each name from its first symbol to its last letter, and keep what every step leaves.

    Raises TypeError or ValueError when the vocabulary does not fit the parameters, or `names` is not a non-empty list
    of names in this vocabulary.
    """
    require_model(params, vocabulary)
    inputs, targets, mask = make_batch(require_names(names), vocabulary)
    cache = forward(params, inputs, mask=mask)[2]
    gates = {gate: np.stack([getattr(step, gate) for step in cache.steps]) for gate in "ifgo"}
    c_prev = np.stack([step.c_prev for step in cache.steps])
    c = gates["f"] * c_prev + gates["i"] * gates["g"]  # (6.7)
    owner, letters = np.nonzero(mask.T)
    cells = letters, owner
    values = {gate: each[cells] for gate, each in gates.items()}
    return States(owner, letters, inputs[cells], targets[cells], **values, c=c[cells], h=cache.h[1:][cells])
