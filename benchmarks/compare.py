"""How contestants are timed: interleaved rounds, all of them on the same batches, paired within a round."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.vocabulary import Vocabulary

ROUNDS, STEPS = 20, 5  # of a comparison, of a round
CONTROLLER = ThreadpoolController()
NAMES = load_splits().train
VOCABULARY = Vocabulary.from_names(NAMES)


class Contestant(NamedTuple):
    """`step` is timed; `prepare` turns a batch into what it takes, and `before` runs once a round, both untimed."""

    step: Callable[[Any], object]
    prepare: Callable[[Any], Any] = lambda batch: batch
    before: Callable[[], object] = lambda: None


class Result(NamedTuple):
    """One number a round."""

    seconds: np.ndarray  # a step
    faults: np.ndarray  # minor page faults a step

    @property
    def ms(self) -> float:
        return round(float(np.median(self.seconds)) * 1e3, 4)


class Training:
    """A training step as the library makes it: gradient, clipping, Adam; the parameters move on with each call."""

    def __init__(self, params: Params, gradient: Callable = loss_and_grads, adam: Callable = adam_update) -> None:
        self.params, self.gradient, self.adam = params, gradient, adam
        self.state = adam_init(params)

    def __call__(self, batch: Batch) -> None:
        _, grads = self.gradient(self.params, batch)
        grads, _ = clip_by_global_norm(grads, 1.0)
        self.params, self.state = self.adam(self.params, grads, self.state, lr=1e-3)


def start(D: int, H: int, dtype: type = np.float32, V: int = len(VOCABULARY)) -> Params:
    """The same random parameters for everyone."""
    return init_params(V, D, H, rng=np.random.default_rng(0), dtype=dtype)


def shuffled(size: int) -> Iterator[Batch]:
    """Batches of the corpus without end, in a new random order each epoch, always the same ones, all of full size."""
    rng = np.random.default_rng(0)
    while True:
        yield from islice(batches(NAMES, VOCABULARY, size, rng=rng), len(NAMES) // size)


def use_threads(count: int) -> None:
    """Let NumPy's products use so many threads; wait a little, since idle ones spin on for a while."""
    CONTROLLER.limit(limits=count, user_api="blas")
    time.sleep(0.05)


def compare(
    benchmark: Any, contestants: dict[str, Contestant], work: Iterator[Any], *, rounds: int = ROUNDS, steps: int = STEPS
) -> dict[str, Result]:
    """Every contestant takes the same `steps` pieces of work in a round.

    The first is timed by pytest-benchmark, the others in its untimed `setup`: so rounds stay together.
    """
    first, *others = contestants
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    faults: dict[str, list[int]] = {name: [] for name in contestants}

    def take(name: str, pieces: list[Any]) -> None:
        before = getrusage(RUSAGE_SELF).ru_minflt
        for piece in pieces:
            contestants[name].step(piece)
        faults[name].append(getrusage(RUSAGE_SELF).ru_minflt - before)

    def prepared(name: str, pieces: list[Any]) -> tuple[str, list[Any]]:
        pieces = [contestants[name].prepare(piece) for piece in pieces]
        contestants[name].before()
        return name, pieces

    def setup() -> tuple[tuple[str, list[Any]], dict[str, Any]]:
        pieces = list(islice(work, steps))
        for name in others:
            arguments = prepared(name, pieces)
            begin = time.perf_counter()
            take(*arguments)
            seconds[name].append(time.perf_counter() - begin)
        return prepared(first, pieces), {}

    benchmark.pedantic(take, setup=setup, rounds=rounds, warmup_rounds=1)
    seconds[first] = benchmark.stats.stats.data
    return {
        name: Result(*(np.array(numbers[name][-rounds:]) / steps for numbers in (seconds, faults)))
        for name in contestants
    }
