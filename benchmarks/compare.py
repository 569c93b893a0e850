"""How contestants are timed: interleaved rounds, all of them on the same batches, paired within a round."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, batches, load_splits
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.vocabulary import Vocabulary

ROUNDS, STEPS = 20, 5  # of a comparison, of a round
SEED = 0
CONTROLLER = ThreadpoolController()
NAMES = load_splits().train
VOCABULARY = Vocabulary.from_names(NAMES)


class Contestant(NamedTuple):
    """`step` is timed on what `work` yields; `before` runs untimed, once a round."""

    step: Callable[[Any], object]
    work: Iterator[Any]
    before: Callable[[], object] = lambda: None


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
    return init_params(V, D, H, rng=np.random.default_rng(SEED), dtype=dtype)


def shuffled(batch_size: int) -> Iterator[Batch]:
    """Batches of the corpus without end, shuffled anew in each epoch, always the same ones; all of full size."""
    rng = np.random.default_rng(SEED)
    while True:
        epoch = batches(NAMES, VOCABULARY, batch_size, rng=rng)
        yield from islice(epoch, len(NAMES) // batch_size)


def use_threads(count: int) -> None:
    """Let NumPy's products use so many threads; wait, since those of the one before spin on for a while."""
    CONTROLLER.limit(limits=count, user_api="blas")
    time.sleep(0.05)


def compare(
    benchmark: Any, contestants: dict[str, Contestant], *, rounds: int = ROUNDS, steps: int = STEPS
) -> dict[str, np.ndarray]:
    """Seconds a step, an array with one number for each round: every contestant takes `steps` steps in a round.

    The first contestant is timed by pytest-benchmark, the others in its untimed `setup`, so rounds stay together.
    """
    (first, timed), *others = contestants.items()
    seconds: dict[str, list[float]] = {name: [] for name in contestants}

    def take(one: Contestant, work: list[Any]) -> None:
        for piece in work:
            one.step(piece)

    def setup() -> tuple[tuple[Contestant, list[Any]], dict[str, Any]]:
        for name, one in others:
            work = list(islice(one.work, steps))
            one.before()
            begin = time.perf_counter()
            take(one, work)
            seconds[name].append(time.perf_counter() - begin)
        work = list(islice(timed.work, steps))
        timed.before()
        return (timed, work), {}

    benchmark.pedantic(take, setup=setup, rounds=rounds, warmup_rounds=1)
    seconds[first] = benchmark.stats.stats.data
    return {name: np.array(each[-rounds:]) / steps for name, each in seconds.items()}


def milliseconds(seconds: np.ndarray) -> float:
    return round(float(np.median(seconds)) * 1e3, 4)
