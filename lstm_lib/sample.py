"""Invent names letter by letter, and score given ones exactly."""

import numpy as np

from lstm_lib.arguments import require_generator, require_integer, require_number
from lstm_lib.cell import LSTMState
from lstm_lib.model import Params, forward
from lstm_lib.ops import log_softmax, softmax
from lstm_lib.tree import FloatArray, IntArray
from lstm_lib.vocabulary import END, Vocabulary

CHUNK = 4096  # names drawn side by side: bounds the memory


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

    `top_k` keeps the k most probable characters. `top_p` keeps the smallest set, most probable first, whose mass
    reaches p: the character that crosses the line stays. What is kept is scaled to sum to 1.
    Raises TypeError or ValueError unless temperature > 0, top_k >= 1 and 0 < top_p <= 1.
    """
    p = softmax(logits / logits.dtype.type(require_number("temperature", temperature, above=0)))
    order = np.argsort(-p, axis=-1, kind="stable")
    ranked = np.take_along_axis(p, order, axis=-1)
    if top_k is not None:
        ranked[:, require_integer("top_k", top_k, at_least=1) :] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    if top_p is not None:
        before = np.cumsum(ranked, axis=-1) - ranked
        ranked[before >= require_number("top_p", top_p, above=0, at_most=1)] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    np.put_along_axis(p, order, ranked, axis=-1)
    return p


def sample_names(
    params: Params, vocabulary: Vocabulary, count: int, *, rng: np.random.Generator, temperature: float = 1.0,
    top_k: int | None = None, top_p: float | None = None, prefix: str = "", max_length: int = 30,
) -> list[str]:  # fmt: skip
    """Draw `count` names that begin with `prefix`, each character from the model's law given those before it.

    A name ends at its end mark, or is cut at `max_length` letters (prefix included).
    Raises TypeError or ValueError for a bad argument, or a prefix with letters outside the vocabulary.
    """
    require_generator(rng)
    rows = require_integer("count", count, at_least=0)
    if len(prefix) > require_integer("max_length", max_length, at_least=1):
        raise ValueError(f"max_length must be at least the prefix's {len(prefix)} letters; got {max_length}")
    logits, state = _read_prefix(params, vocabulary, prefix)
    reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)  # refuses a bad argument, even for count 0
    names: list[str] = []
    for start in range(0, rows, CHUNK):
        drawn = _draw(
            params, logits, state, min(CHUNK, rows - start), max_length - len(prefix),
            rng=rng, temperature=temperature, top_k=top_k, top_p=top_p,
        )  # fmt: skip
        names += [prefix + vocabulary.decode(ids) for ids in drawn]
    return names


def _draw(
    params: Params, logits: FloatArray, state: LSTMState, count: int, length: int, *,
    rng: np.random.Generator, temperature: float, top_k: int | None, top_p: float | None,
) -> IntArray:  # fmt: skip
    """Ids (count, length), padded with END; a row whose name has ended takes no further part."""
    ids = np.full((count, length), END, dtype=np.intp)
    going = np.arange(count)  # the rows whose name goes on
    logits = np.repeat(logits, count, axis=0)
    state = LSTMState(np.repeat(state.h, count, axis=0), np.repeat(state.c, count, axis=0))
    for position in range(length):
        law = reshape_law(logits, temperature=temperature, top_k=top_k, top_p=top_p)
        drawn = pick(law, rng=rng)
        ids[going, position] = drawn
        alive = drawn != END
        going = going[alive]
        if not len(going) or position == length - 1:
            break
        alive_state = LSTMState(state.h[alive], state.c[alive])
        (logits,), state, _ = forward(params, drawn[None, alive], alive_state)
    return ids


def pick(law: FloatArray, *, rng: np.random.Generator) -> IntArray:
    """One id for each row of `law` (B, V), drawn with its probabilities; an id of probability 0 is never drawn."""
    cumulative = np.cumsum(law, axis=-1, dtype=np.float64)
    level = rng.random((len(law), 1)) * cumulative[:, -1:]
    ids: IntArray = (cumulative <= level).sum(axis=-1)
    return ids


def name_log_probability(params: Params, vocabulary: Vocabulary, name: str) -> float:
    """log p(name) in nats, exact: the sum over its letters and the end mark; always below 0."""
    ids = vocabulary.encode(name)
    inputs = np.concatenate([[END], ids])[:, None]
    targets = np.concatenate([ids, [END]])
    _require_size(params, vocabulary)
    logits, _, _ = forward(params, inputs)
    return float(log_softmax(logits)[np.arange(len(targets)), 0, targets].sum(dtype=np.float64))


def _read_prefix(params: Params, vocabulary: Vocabulary, prefix: str) -> tuple[FloatArray, LSTMState]:
    """Logits (1, V) and state (1, H) after the end mark, which starts every name, and the prefix."""
    _require_size(params, vocabulary)
    logits, state, _ = forward(params, np.concatenate([[END], vocabulary.encode(prefix)])[:, None])
    return logits[-1], state


def _require_size(params: Params, vocabulary: Vocabulary) -> None:
    if params.vocab_size != len(vocabulary):
        raise ValueError(f"the parameters are for {params.vocab_size} characters; the vocabulary has {len(vocabulary)}")
