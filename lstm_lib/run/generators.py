"""The state of a random generator, to JSON and back: what lets a stopped run draw the numbers it would have drawn."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_lib.arguments import require_generator

GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
BUFFERS = {"MT19937": 624, "Philox": 4}  # numbers drawn ahead; NumPy reads at the state's position unchecked


def copy_generator(rng: np.random.Generator) -> np.random.Generator:
    """A new generator that will draw what `rng` would; raise ValueError unless it is one of `GENERATORS`."""
    return generator_from_state(require_generator(rng).bit_generator.state)


def generator_to_json(rng: np.random.Generator) -> dict[str, Any]:
    """The generator's state in JSON's types: whole numbers, and lists of them."""
    state = copy_generator(rng).bit_generator.state
    plain: dict[str, Any] = json.loads(json.dumps(state, default=lambda array: array.tolist()))
    return plain


def generator_from_json(state: object) -> np.random.Generator:
    """The generator whose `generator_to_json` is `state`; raise TypeError or ValueError when there is none."""
    rng = generator_from_state(state)
    if generator_to_json(rng) != state:
        raise ValueError(f"not the state of a {type(rng.bit_generator).__name__}: a number is out of range or missing")
    return rng


def generator_from_state(state: object) -> np.random.Generator:
    """A new generator that continues from a `bit_generator.state`, as it is or as it came back from JSON.

    Raises TypeError when `state` is not a dictionary, ValueError when it is not of one of `GENERATORS`.
    """
    if not isinstance(state, Mapping):
        raise TypeError(f"the state of a random generator must be a dictionary; got {state!r}")
    kind = state.get("bit_generator")
    if kind not in GENERATORS:
        raise ValueError(f"the random generator must be one of {', '.join(GENERATORS)}; got {kind!r}")
    bit_generator = getattr(np.random, kind)()
    try:
        position = state["state"].get("pos", state.get("buffer_pos", 0))
        size = BUFFERS.get(kind, 0)
        if not 0 <= position <= size:
            raise ValueError(f"position {position} in a buffer of {size}")
        bit_generator.state = state
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"not the state of a {kind} generator: {type(error).__name__}: {error}") from error
    return np.random.Generator(bit_generator)
