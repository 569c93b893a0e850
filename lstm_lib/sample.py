"""Invent names letter by letter, and score given ones exactly."""

import warnings

import numpy as np

from lstm_lib.arguments import require_array, require_generator, require_instance, require_integer, require_number
from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, forward, initial_state, require_params
from lstm_lib.ops import softmax
from lstm_lib.packed import forward as packed_forward
from lstm_lib.packed import input_table, pack, read_out, step, total_nats
from lstm_lib.tree import BoolArray, FloatArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary

CHUNK, LARGEST = 4096, 2**22  # names drawn side by side, numbers in their laws: they bound the memory
SHORT = 1e-6  # a mass that falls short by less is reached: 0.6 + 0.3 is a hair below 0.9 in floating point
STOP = 1000  # letters, if nobody sets `max_length`; an untrained model of 27 symbols writes 26 on average


class CutName(str):
    """A drawn name that ran into a limit before its end mark was drawn: a beginning, equal to the same plain string."""

    __slots__ = ()


def next_probabilities(
    params: Params, vocabulary: Vocabulary, prefix: str = "", *,
    temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None,
) -> FloatArray:  # fmt: skip
    """The distribution (V,) of the character that follows `prefix`, as `sample_names` draws it."""
    logits, _ = _read_prefix(params, vocabulary, prefix)
    law: FloatArray = reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)[0]
    return law


def reshape_law(
    logits: FloatArray, *, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> FloatArray:
    """Probabilities (B, V) of the next character from logits (B, V): softmax(logits / temperature), then cut.

    `top_k` keeps the k most probable characters, of equals those with the lowest ids. `top_p` then keeps the
    smallest set, most probable first, whose mass reaches p to within a millionth: the character that crosses the
    line stays, and 1 keeps all. After each cut, what is kept is scaled to sum to 1. Computed in float64, returned in
    the dtype of the logits.
    Raises TypeError or ValueError unless temperature > 0, top_k >= 1, 0 < top_p <= 1 and the logits are finite.
    """
    p = _soften(logits, require_number("temperature", temperature, above=0))
    if top_k is None and top_p is None:
        return p.astype(logits.dtype)
    order = np.argsort(-p, axis=1, kind="stable")
    ranked = np.take_along_axis(p, order, axis=1)
    if top_k is not None:
        ranked[:, require_integer("top_k", top_k, at_least=1) :] = 0
        ranked /= ranked.sum(axis=1, keepdims=True)
    if top_p is not None and require_number("top_p", top_p, above=0, at_most=1) < 1:
        reached = np.cumsum(ranked, axis=1)
        ranked[:, 1:][reached[:, :-1] >= top_p - SHORT] = 0
        ranked /= ranked.sum(axis=1, keepdims=True)
    np.put_along_axis(p, order, ranked, axis=1)
    return p.astype(logits.dtype)


def _soften(logits: FloatArray, temperature: float) -> FloatArray:
    """softmax(logits / temperature) in float64, for every temperature above 0."""
    gaps = _require_rows("logits", logits).astype(np.float64)
    with np.errstate(over="ignore"):  # a gap beyond the largest float becomes -inf: a probability of 0
        gaps = (gaps - gaps.max(axis=1, keepdims=True)) / temperature
    return softmax(gaps)  # (14.1)


def sample_names(
    params: Params, vocabulary: Vocabulary, count: int, *, rng: np.random.Generator, temperature: float = 1.0,
    top_k: int | None = None, top_p: float | None = None, prefix: str = "", max_length: int | None = None,
) -> list[str]:  # fmt: skip
    """Draw `count` names that begin with `prefix`, each character from the model's law given those before it.

    A name ends at its end mark. One that reaches `max_length` letters (prefix included) is cut there, a `CutName`.
    Without `max_length` the model decides; only after `STOP` letters more is a name cut, with a warning.
    Raises TypeError or ValueError for a bad argument, or a prefix with letters outside the vocabulary.
    """
    require_generator(rng)
    rows = require_integer("count", count, at_least=0)
    logits, state = _read_prefix(params, vocabulary, prefix)
    length = STOP if max_length is None else require_integer("max_length", max_length, at_least=1) - len(prefix)
    if length < 0:
        raise ValueError(f"max_length must be at least {len(prefix)}, the letters of the prefix; got {max_length}")
    reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)  # refuses a bad argument, even for count 0
    names: list[str] = []
    letters = np.array(["", *vocabulary.characters[1:]])  # by id; the end mark is silent
    at_once = max(1, min(CHUNK, LARGEST // len(vocabulary)))
    for start in range(0, rows, at_once):
        drawn, ended = _draw(
            params, logits, state, min(at_once, rows - start), length,
            rng=rng, temperature=temperature, top_k=top_k, top_p=top_p,
        )  # fmt: skip
        spelt = (prefix + "".join(row) for row in letters[drawn].tolist())
        names += [name if whole else CutName(name) for name, whole in zip(spelt, ended.tolist(), strict=True)]
    return warn_of_cut(names) if max_length is None else names


def _draw(
    params: Params, logits: FloatArray, state: LSTMState, count: int, length: int, *,
    rng: np.random.Generator, temperature: float, top_k: int | None, top_p: float | None,
) -> tuple[IntArray, BoolArray]:  # fmt: skip
    """Ids (count, letters), padded with END, and which names have ended (count,): these take no further part.

    Names that are alike so far share a row.
    """
    columns = [np.full(count, END, dtype=np.intp)]  # grows with what is drawn; the first spells nothing
    going = np.arange(count)  # the names that go on
    row = np.zeros(count, dtype=np.intp)  # of the logits and the state, for each of them
    table, V = input_table(params), params.vocab_size
    while len(columns) <= length and len(going):
        if len(columns) > 1:
            prefixes, row = np.unique(row * V + columns[-1][going], return_inverse=True)  # the distinct ones
            state = step(params, table, prefixes % V, LSTMState(state.h[prefixes // V], state.c[prefixes // V]))
            logits = state.h @ params.W_y + params.b_y
        law = reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)
        columns.append(np.full(count, END, dtype=np.intp))
        columns[-1][going] = drawn = pick(law[row], rng=rng)
        going, row = going[drawn != END], row[drawn != END]
    return np.stack(columns, axis=1), ~np.isin(np.arange(count), going)


def warn_of_cut(names: list[str]) -> list[str]:
    """Return names that were drawn without `max_length`; warn when the stop, which nobody asked for, cut some."""
    cut = sum(isinstance(name, CutName) for name in names)
    if cut:
        warnings.warn(
            f"{cut} of {len(names)} names did not end within {STOP:,} letters and were cut: this model hardly ever"
            " draws the end mark; max_length sets another limit",
            stacklevel=3,
        )
    return names


def pick(law: FloatArray, *, rng: np.random.Generator) -> IntArray:
    """One id (B,) for each row of `law` (B, V), drawn with its probabilities; an id of probability 0 never is.

    Raises TypeError or ValueError when a probability is negative or not finite, or a whole row sums to 0 or infinity.
    """
    with np.errstate(over="ignore"):
        cumulative = np.cumsum(_require_rows("law", law), axis=1, dtype=np.float64)
    whole = cumulative[:, -1:]
    if law.min() < 0 or not ((whole >= np.finfo(np.float64).tiny) & (whole < np.inf)).all():
        raise ValueError(f"each row of law must hold probabilities >= 0, not all of them 0, of finite sum; got {law}")
    level = require_generator(rng).random((len(law), 1)) * whole
    ids: IntArray = (cumulative <= level).sum(axis=1)
    return ids


def name_log_probability(params: Params, vocabulary: Vocabulary, name: str) -> float:
    """log p(name) in nats, exact: the sum over its letters and the end mark; never above 0.

    Raises TypeError or ValueError when `name` is not a string of letters of the vocabulary.
    """
    require_model(params, vocabulary)
    ids = vocabulary.encode(name)
    inputs = np.concatenate([[END], ids])[:, None]
    rows = pack(inputs, np.ones(inputs.shape, dtype=bool), shared=False)
    run = packed_forward(params, rows, initial_state(params, 1))
    return -total_nats(read_out(params, run.h), rows.row, np.concatenate([ids, [END]]))


def require_model(params: Params, vocabulary: Vocabulary) -> None:
    """Raise TypeError or ValueError unless these are parameters and a vocabulary of as many characters."""
    V = require_params(params).vocab_size
    if len(require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names")) != V:
        raise ValueError(f"params must be for as many characters as the vocabulary has, {len(vocabulary)}; got {V}")


def _read_prefix(params: Params, vocabulary: Vocabulary, prefix: str) -> tuple[FloatArray, LSTMState]:
    """Logits (1, V) and state (1, H) after the end mark, which starts every name, and the prefix."""
    require_model(params, vocabulary)
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a string; got {prefix!r}")
    logits, state, _ = forward(params, np.concatenate([[END], vocabulary.encode(prefix)])[:, None])
    return logits[-1], state


def _require_rows(what: str, rows: FloatArray) -> FloatArray:
    require_array(what, rows, "floats")
    if rows.ndim != 2 or 0 in rows.shape:
        raise ValueError(f"{what} must have shape (B, V), at least (1, 1); got {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError(f"{what} must be finite; got {rows[~np.isfinite(rows)][0]}")
    return rows
