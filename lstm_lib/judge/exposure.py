"""How deep a planted name sits: its rank among all names that could have been planted in its place."""

import math

import numpy as np
from numpy.typing import ArrayLike

from lstm_lib.arguments import describe, require_integer, require_row
from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, initial_state, require_params
from lstm_lib.packed import input_table, read_out, step
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import END

LARGEST = 2**20  # names in a space: bounds the time and the memory
PIECE = 4096  # rows that are read out at once: their laws stay in the processor's cache


def every_name(params: Params, letters: int) -> FloatArray:
    """ln p of each name of so many letters, the end mark included, in the order of a dictionary: (K**letters,).

    K is the number of letters in the vocabulary, V - 1. Names that begin alike share their states: a step reads
    each beginning once. Raises TypeError or ValueError unless letters >= 1 and the space has 1 to 2**20 names.
    """
    K = require_params(params).vocab_size - 1
    if K == 0:
        raise ValueError("a vocabulary of the end mark alone has no letters, and so no names to rank")
    if require_integer("letters", letters, at_least=1) * math.log2(K) > math.log2(LARGEST):
        raise ValueError(f"a space of {K}**{letters} names is too large to be ranked; at most {LARGEST:,} names")
    table, state = input_table(params), initial_state(params, 1)
    log_p, ids = np.zeros(1), np.full(1, END)
    for _ in range(letters):
        state = step(params, table, ids, state)
        log_p = (log_p[:, None] + read_out(params, state.h)[:, 1:]).ravel()
        state = LSTMState(*(np.repeat(each, K, axis=0) for each in state))
        ids = np.tile(np.arange(1, K + 1), len(ids))
    h = step(params, table, ids, state).h
    ends: FloatArray = np.concatenate([read_out(params, h[k : k + PIECE])[:, END] for k in range(0, len(h), PIECE)])
    return log_p + ends


def exposure(planted: ArrayLike, space: ArrayLike) -> FloatArray:
    """log2 R - log2 rank, in bits, of names with log-probabilities `planted` (N,) among the R of `space`: (N,).

    A name that is more probable than all of the space has rank 1, and the largest exposure, log2 R; names that are
    equally probable share the mean of their ranks. Eq. (17.2); Carlini et al. 2019. Raises TypeError or ValueError
    unless both are rows of finite numbers, that of the space not empty.
    """
    asked, among = require_row("planted", planted), np.sort(require_row("space", space))
    for name, row in (("planted", asked), ("space", among)):
        if not np.isfinite(row).all():
            raise ValueError(f"{name} must hold finite log-probabilities; got {describe(row)}")
    if not len(among):
        raise ValueError(f"space must hold at least one log-probability; got {describe(among)}")
    order = np.argsort(asked)  # sorted questions are answered several times as fast
    below, up_to = (np.searchsorted(among, asked[order], side=side) for side in ("left", "right"))
    rank = len(among) - up_to + np.maximum(1 + up_to - below, 2) / 2  # the mean over those that are equal
    bits = np.empty(len(asked))
    bits[order] = math.log2(len(among)) - np.log2(np.minimum(rank, len(among)))
    return bits
