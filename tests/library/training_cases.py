"""What the tests of sampling, training and checkpoints share: a toy list of names, small models, exact comparison."""

import numpy as np

from lstm_lib.model import Params, init_params
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

NAMES = ["ana", "anna", "emma", "ada", "bo", "noa", "dan", "amanda", "eva", "ben", "abe"]  # 11: no batch size fits
UNSEEN = ["anne", "adam", "nana", "bea", "ema"]
VOCABULARY = Vocabulary.from_names(NAMES + UNSEEN)
GENERATORS = ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"]


def small_params(vocabulary=VOCABULARY, *, seed=0, D=3, H=4, dtype=np.float64, scale=1.0) -> Params:
    """A random model; a larger `scale` makes its predictions depend strongly on what came before."""
    params = init_params(len(vocabulary), D, H, rng=np.random.default_rng(seed), dtype=dtype)
    return tree_map(lambda leaf: leaf * leaf.dtype.type(scale), params)


def generator(seed=0, kind="PCG64") -> np.random.Generator:
    """A generator on one of the five bit generators of NumPy."""
    return np.random.Generator(getattr(np.random, kind)(seed))


def assert_same(one: object, other: object) -> None:
    """Every tensor equal, bit for bit: the dtype, the shape, and the bytes."""
    assert type(one) is type(other)
    for (name, a), (_, b) in zip(named_leaves(one), named_leaves(other), strict=True):
        assert (a.dtype, a.shape) == (b.dtype, b.shape), name
        assert a.tobytes() == b.tobytes(), name


def same(one: object, other: object) -> bool:
    """Whether `assert_same` would pass."""
    return all(
        a.tobytes() == b.tobytes() for (_, a), (_, b) in zip(named_leaves(one), named_leaves(other), strict=True)
    )


def read_only(params: Params) -> Params:
    """The same parameters in arrays that cannot be written to."""
    frozen = tree_map(np.copy, params)
    for _, leaf in named_leaves(frozen):
        leaf.flags.writeable = False
    return frozen
