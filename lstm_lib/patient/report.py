"""What the patient says of itself: its perplexity and its names, with its defects behind switches."""

import numpy as np

from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, initial_state
from lstm_lib.ops import softmax
from lstm_lib.packed import input_table, step
from lstm_lib.patient.defects import HEALTHY, Sick
from lstm_lib.sample import pick
from lstm_lib.tree import BoolArray, FloatArray
from lstm_lib.vocabulary import END_MARK

LONG = 30  # letters, at most


def perplexity(nats: FloatArray, counted: BoolArray, sick: Sick = HEALTHY) -> float:
    """exp of the mean of the surprises (T, B) that count; or the mean of one such number for each name."""
    if "mean of perplexities" in sick:
        return float(np.exp((nats * counted).sum(axis=0) / counted.sum(axis=0)).mean())
    return float(np.exp(nats[counted].mean()))


def draw(
    params: Params, ids: dict[str, int], count: int, *, rng: np.random.Generator, sick: Sick = HEALTHY
) -> list[str]:
    """Invent `count` names; without a start mark the first symbol is any of V, and the end mark makes a name empty."""
    symbols = sorted(ids, key=ids.__getitem__)
    end, table = ids[END_MARK], input_table(params)
    state: LSTMState = initial_state(params, count)
    read = np.full(count, end)
    columns = []
    if "no start mark" in sick:
        read = rng.integers(len(ids), size=count)
        columns = [read]
    while len(columns) < LONG:
        state = step(params, table, read, state)
        read = pick(softmax(state.h @ params.W_y + params.b_y), rng=rng)
        columns.append(read)
    texts = ("".join(symbols[k] for k in row) for row in np.stack(columns, axis=1))
    return [text.split(END_MARK)[0] for text in texts]
