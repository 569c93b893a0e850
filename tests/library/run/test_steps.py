"""One step, the schedule, and a run as a walk of steps: each equal to the few lines that it stands for."""

import json
import math
from dataclasses import FrozenInstanceError, asdict, replace

import numpy as np
import pytest
from training_cases import (
    GENERATORS,
    NAMES,
    UNSEEN,
    VOCABULARY,
    assert_same,
    generator,
    read_only,
    same,
    small_params,
)

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import batches, make_batch
from lstm_lib.optim import AdamState, adam_init, adam_update, clip_by_global_norm, global_norm
from lstm_lib.run import steps as steps_module
from lstm_lib.run.history import History
from lstm_lib.run.steps import (
    Settings,
    TrainingDiverged,
    first_checkpoint,
    learning_rate,
    require_spelling,
    train_step,
    training_steps,
)
from lstm_lib.run.watch import Watch
from lstm_lib.tree import named_leaves, tree_map
from lstm_lib.vocabulary import Vocabulary

PLAIN = Settings(steps=8, batch_size=4, lr=0.05)
FULL = Settings(steps=8, batch_size=4, lr=0.05, warmup=3, final_lr=0.01, max_norm=0.5, dropout=0.3, beta2=0.95)


def walk(settings, *, seed=0, params=None, **options):
    params = small_params() if params is None else params
    return list(training_steps(params, NAMES, VOCABULARY, settings, rng=generator(seed), **options))


# the schedule


def test_without_a_schedule_the_rate_is_flat():
    assert [learning_rate(taken, PLAIN) for taken in (0, 1, 7, 8, 100)] == [0.05] * 5


def test_the_warmup_rises_in_a_line_to_the_full_rate():
    settings = Settings(steps=20, batch_size=1, lr=0.4, warmup=4)
    assert [learning_rate(taken, settings) for taken in range(6)] == [0.1, 0.2, 0.30000000000000004, 0.4, 0.4, 0.4]


def test_the_rate_follows_half_a_cosine_to_the_final_one():
    settings = Settings(steps=12, batch_size=1, lr=1.0, warmup=2, final_lr=0.2)
    rates = [learning_rate(taken, settings) for taken in range(2, 14)]
    expected = [0.2 + 0.4 * (1 + math.cos(math.pi * k / 10)) for k in range(11)]
    np.testing.assert_allclose(rates, [*expected, 0.2], rtol=1e-15)
    assert rates[0] == 1.0
    assert rates[5] == pytest.approx(0.6)  # half way
    assert rates == sorted(rates, reverse=True)


def test_a_final_rate_of_zero_and_a_warmup_that_never_ends():
    assert learning_rate(12, Settings(steps=12, batch_size=1, lr=1.0, final_lr=0)) == 0
    endless = Settings(steps=3, batch_size=1, lr=1.0, warmup=10, final_lr=0.5)
    assert [learning_rate(taken, endless) for taken in (0, 2, 10, 11)] == [0.1, 0.3, 1.0, 0.5]


# settings


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"steps": 0}, ValueError, "steps must be at least 1; got 0"),
        ({"steps": 5.0}, TypeError, "steps must be a whole number; got 5.0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1; got 0"),
        ({"batch_size": None}, TypeError, "batch_size must be a whole number; got None"),
        ({"lr": 0}, ValueError, "lr must be a finite number above 0; got 0"),
        ({"lr": math.inf}, ValueError, "lr must be a finite number above 0; got inf"),
        ({"lr": "fast"}, TypeError, "lr must be a number; got 'fast'"),
        ({"warmup": -1}, ValueError, "warmup must be at least 0; got -1"),
        ({"warmup": 0.5}, TypeError, "warmup must be a whole number; got 0.5"),
        ({"final_lr": -0.1}, ValueError, "final_lr must be a finite number at least 0; got -0.1"),
        ({"final_lr": "0"}, TypeError, "final_lr must be a number; got '0'"),
        ({"max_norm": 0}, ValueError, "max_norm must be a finite number above 0; got 0"),
        ({"max_norm": True}, TypeError, "max_norm must be a number; got True"),
        ({"dropout": 1}, ValueError, "dropout must be a finite number at least 0 and below 1; got 1"),
        ({"dropout": -0.1}, ValueError, "dropout must be a finite number at least 0 and below 1; got -0.1"),
        ({"dropout": None}, TypeError, "dropout must be a number; got None"),
        ({"beta2": 1.0}, ValueError, "beta2 must be a finite number at least 0 and below 1; got 1.0"),
        ({"weight_drop": 1}, ValueError, "weight_drop must be a finite number at least 0 and below 1; got 1"),
        ({"weight_drop": "much"}, TypeError, "weight_drop must be a number; got 'much'"),
        ({"weight_drop": ""}, TypeError, "weight_drop must be a number; got ''"),
        ({"weight_drop": []}, TypeError, r"weight_drop must be a number; got \[\]"),
        ({"weight_drop": False}, TypeError, "weight_drop must be a number; got False"),
        ({"beta2": -1}, ValueError, "beta2 must be a finite number at least 0 and below 1; got -1"),
    ],
)
def test_settings_refuse_what_is_out_of_range(change, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        replace(PLAIN, **change)


def test_the_smallest_settings_are_accepted():
    Settings(steps=1, batch_size=1, lr=1e-300, warmup=0, final_lr=0, max_norm=1e-300, dropout=0, beta2=0, weight_drop=0)


def test_numbers_of_numpy_become_those_of_python_which_json_can_hold():
    numbers = Settings(
        steps=np.int64(8), batch_size=np.int32(4), lr=np.float32(0.5), warmup=np.uint8(3),
        final_lr=np.float32(0.25), max_norm=np.float16(0.5), dropout=np.float32(0.25), beta2=np.float32(0.75),
        weight_drop=np.float32(0.5),
    )  # fmt: skip
    assert json.loads(json.dumps(asdict(numbers))) == asdict(numbers)
    expected = replace(FULL, lr=0.5, final_lr=0.25, dropout=0.25, beta2=0.75, weight_drop=0.5)
    assert numbers == expected


def test_settings_do_not_change_during_a_run():
    with pytest.raises(FrozenInstanceError):
        PLAIN.lr = 1.0


# one step


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("max_norm", [None, 0.1, 1e9])
def test_a_step_is_gradient_clipping_adam(dtype, max_norm):
    params, batch = read_only(small_params(dtype=dtype)), make_batch(NAMES, VOCABULARY)
    optimizer = AdamState(read_only(small_params(seed=1, dtype=dtype)), tree_map(np.square, params), 3)
    settings = replace(FULL, max_norm=max_norm)
    got = train_step(params, optimizer, batch, lr=0.01, settings=settings, rng=generator(1))
    loss, grads = loss_and_grads(params, batch, dropout=0.3, rng=generator(1))
    norm = global_norm(grads)
    grads = grads if max_norm is None else clip_by_global_norm(grads, max_norm)[0]
    moved, state = adam_update(params, grads, optimizer, lr=0.01, beta2=0.95)
    assert got[2:] == (loss, norm)
    assert_same(got[0], moved)
    assert_same(got[1].m, state.m)
    assert_same(got[1].v, state.v)
    assert got[1].step == 4
    assert got[0].dtype == dtype
    assert norm > 0.1  # so that it is clipped in one case and not in the others


def test_clipping_and_dropout_change_the_step():
    params, batch = small_params(), make_batch(NAMES, VOCABULARY)
    start = AdamState(small_params(seed=1), tree_map(np.square, params), 3)
    moves = [
        train_step(params, start, batch, lr=0.01, settings=settings, rng=generator(1))[0]
        for settings in (PLAIN, replace(PLAIN, max_norm=0.01), replace(PLAIN, dropout=0.5), replace(PLAIN, beta2=0.9),
                         replace(PLAIN, weight_drop=0.5))
    ]  # fmt: skip
    assert not any(same(one, other) for i, one in enumerate(moves) for other in moves[:i])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"settings": {"lr": 1}}, TypeError, "settings must be Settings, such as Settings"),
        ({"batch": NAMES}, TypeError, "batch must be a Batch"),
        ({"params": None}, TypeError, "params must be Params"),
        ({"optimizer": None}, TypeError, "state must be AdamState, such as adam_init returns"),
        ({"lr": -1}, ValueError, "lr must be a finite number at least 0; got -1"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
    ],
)
def test_train_step_refuses_a_bad_argument(change, error, message):
    params = small_params()
    right = {"params": params, "optimizer": adam_init(params), "batch": make_batch(NAMES, VOCABULARY)}
    right |= {"lr": 0.1, "settings": FULL, "rng": generator()}
    with pytest.raises(error, match=message):
        train_step(**(right | change))


@pytest.mark.parametrize(
    ("taken", "settings", "error", "message"),
    [
        (-1, PLAIN, ValueError, "taken must be at least 0; got -1"),
        (1.0, PLAIN, TypeError, "taken must be a whole number; got 1.0"),
        (1, None, TypeError, "settings must be Settings"),
    ],
)
def test_learning_rate_refuses_a_bad_argument(taken, settings, error, message):
    with pytest.raises(error, match=message):
        learning_rate(taken, settings)


# the walk


def ten_lines(params, names, settings, rng):
    """The loop of chapter 12, without anything else."""
    optimizer, losses, norms, taken = adam_init(params), [], [], 0
    while taken < settings.steps:
        for batch in batches(names, VOCABULARY, settings.batch_size, rng=rng):
            if taken < settings.steps:
                loss, grads = loss_and_grads(params, batch, dropout=settings.dropout, rng=rng)
                grads, norm = clip_by_global_norm(grads, settings.max_norm or 1e300)
                lr = learning_rate(taken, settings)
                params, optimizer = adam_update(params, grads, optimizer, lr=lr, beta2=settings.beta2)
                losses, norms, taken = [*losses, loss], [*norms, norm], taken + 1
    return params, optimizer, losses, norms


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", GENERATORS)
@pytest.mark.parametrize("settings", [PLAIN, FULL, replace(FULL, steps=3), replace(FULL, batch_size=50)], ids=str)
def test_the_walk_is_the_ten_line_loop_bit_for_bit(settings, kind, dtype):
    params = read_only(small_params(dtype=dtype))
    mine, theirs = generator(4, kind), generator(4, kind)
    taken = list(training_steps(params, NAMES, VOCABULARY, settings, rng=mine))
    moved, optimizer, losses, norms = ten_lines(params, NAMES, settings, theirs)
    assert [step.number for step in taken] == list(range(1, settings.steps + 1))
    assert [step.loss for step in taken] == losses
    assert [step.gradient_norm for step in taken] == norms
    assert [step.learning_rate for step in taken] == [learning_rate(k, settings) for k in range(settings.steps)]
    assert_same(taken[-1].params, moved)
    assert_same(taken[-1].optimizer.m, optimizer.m)
    assert_same(taken[-1].optimizer.v, optimizer.v)
    assert mine.random() == theirs.random()


def test_every_epoch_reads_every_name_once(monkeypatch):
    seen = []

    def spy(params, batch, **options):
        columns = zip(batch.targets.T, batch.mask.T, strict=True)
        seen.append([VOCABULARY.decode(ids[keep]) for ids, keep in columns])
        return loss_and_grads(params, batch, **options)

    monkeypatch.setattr(steps_module, "loss_and_grads", spy)
    walk(replace(PLAIN, steps=6))
    assert [len(names) for names in seen] == [4, 4, 3] * 2
    for epoch in (seen[:3], seen[3:]):
        assert sorted(name for names in epoch for name in names) == sorted(NAMES)
    assert seen[:3] != seen[3:]


@pytest.mark.parametrize("stop", range(1, 8))
@pytest.mark.parametrize("kind", GENERATORS)
def test_a_walk_continues_from_any_step(stop, kind):
    rng = generator(7, kind)
    params = small_params()
    whole = list(training_steps(params, NAMES, VOCABULARY, FULL, rng=rng))
    after_all = rng.random()
    rng = generator(7, kind)
    parts = training_steps(params, NAMES, VOCABULARY, FULL, rng=rng)
    for _ in range(stop):
        last = next(parts)
    begun = first_checkpoint(params, VOCABULARY, rng=rng)
    epoch_rng = generator(0, kind)
    epoch_rng.bit_generator.state = last.epoch_start
    resume = replace(begun, params=last.params, optimizer=last.optimizer, step=stop, epoch_rng=epoch_rng)
    rest = list(training_steps(params, NAMES, VOCABULARY, FULL, rng=rng, resume=resume))
    assert [step.number for step in rest] == list(range(stop + 1, 9))
    assert [step.loss for step in rest] == [step.loss for step in whole[stop:]]
    assert_same(rest[-1].params, whole[-1].params)
    assert rng.random() == after_all


def test_names_may_come_once_only_as_from_a_generator():
    first = list(training_steps(small_params(), iter(NAMES), VOCABULARY, PLAIN, rng=generator()))
    assert_same(first[-1].params, walk(PLAIN)[-1].params)


BEGUN = first_checkpoint(small_params(), VOCABULARY, rng=generator())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"params": None}, TypeError, "params must be Params"),
        (
            {"params": small_params(Vocabulary((".", "a")))},
            ValueError,
            "as many characters as the vocabulary has, 9; got 2",
        ),
        ({"vocabulary": "abc"}, TypeError, "vocabulary must be Vocabulary"),
        ({"names": []}, ValueError, "names must hold at least one name; got none"),
        ({"names": "ana"}, TypeError, "names must be a list of strings"),
        ({"names": ["ana", "xu"]}, ValueError, "'xu' has 'x', which is not a letter"),
        ({"settings": 8}, TypeError, r"settings must be Settings, such as Settings\(.*\) returns; got 8"),
        ({"rng": None}, TypeError, "rng must be a numpy.random.Generator"),
        ({"rng": None, "resume": BEGUN}, TypeError, "rng must be a numpy.random.Generator"),
        ({"resume": "run.npz"}, TypeError, "resume must be Checkpoint, such as load_checkpoint returns; got 'run.npz'"),
        ({"resume": replace(BEGUN, optimizer=None)}, ValueError, "resume must be a checkpoint of fit, with optimizer"),
        ({"resume": replace(BEGUN, epoch_rng=None)}, ValueError, "resume must be a checkpoint of fit, with optimizer"),
        (
            {"vocabulary": Vocabulary((*VOCABULARY.characters[:-1], "z")), "names": ["ana"], "resume": BEGUN},
            ValueError,
            r"resume must have the vocabulary \('\.', 'a', .*, 'z'\); got \('\.', 'a', .*, 'v'\)",
        ),
    ],
)
def test_training_steps_refuses_a_bad_argument_before_the_first_step(change, error, message):
    right = {"params": small_params(), "names": NAMES, "vocabulary": VOCABULARY, "settings": PLAIN, "rng": generator()}
    with pytest.raises(error, match=message):
        training_steps(**(right | change))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["E", "b_y"])
def test_parameters_that_are_not_finite_are_refused(bad, name):
    leaf = getattr(small_params(), name).copy()
    leaf.flat[-1] = bad
    with pytest.raises(ValueError, match=f"params must be finite; {name} holds {bad}"):
        walk(PLAIN, params=replace(small_params(), **{name: leaf}))


def test_require_spelling_returns_the_list():
    assert require_spelling(iter(UNSEEN), VOCABULARY, what="val_names") == UNSEEN
    with pytest.raises(ValueError, match="val_names must hold at least one name"):
        require_spelling([], VOCABULARY, what="val_names")


# divergence


def finite(record):
    return all(np.isfinite(leaf).all() for _, leaf in named_leaves(record))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("lr", [1e3, 1e30, 1e300])
def test_a_huge_rate_is_reported_in_words_and_without_a_warning(lr, dtype):
    settings = replace(PLAIN, lr=lr, steps=50)
    with pytest.raises(
        TrainingDiverged, match=r"^training diverged at step \d+: the loss is .*; try a smaller lr"
    ) as caught:
        walk(settings, params=small_params(dtype=dtype))
    assert finite(caught.value.params)
    assert caught.value.history is None


def planted(monkeypatch, change, at):
    """From call number `at` on, `loss_and_grads` returns what `change` makes of its result."""
    calls = []

    def wrapped(*arguments, **options):
        calls.append(0)
        result = loss_and_grads(*arguments, **options)
        return change(*result) if len(calls) == at else result

    monkeypatch.setattr(steps_module, "loss_and_grads", wrapped)


def scaled(factor):
    return lambda loss, grads: (loss, tree_map(lambda leaf: leaf * leaf.dtype.type(factor), grads))


BAD_STEPS = [
    (lambda loss, grads: (math.nan, grads), 1, "the loss is nan nats"),
    (lambda loss, grads: (math.inf, grads), 1, "the loss is inf nats"),
    (lambda loss, grads: (1e6, grads), 1, r"the loss is 1e\+06 nats per predicted symbol \(limit 2[0-9.]+\)"),
    (scaled(math.nan), 2, "the gradient norm nan"),
    (scaled(math.inf), 2, "the gradient norm"),
    (
        scaled(1e30),
        2,
        "the gradient norm .*, the new parameters and moments are not finite",
    ),  # its square, in float32, is infinite
]


@pytest.mark.parametrize(("change", "kept", "message"), BAD_STEPS)
def test_what_is_out_of_bounds_ends_the_walk_with_the_last_good_parameters(monkeypatch, change, kept, message):
    params = small_params(dtype=np.float32)
    good = walk(PLAIN, params=params)
    planted(monkeypatch, change, 3)
    steps = training_steps(params, NAMES, VOCABULARY, PLAIN, rng=generator())
    assert [next(steps).number, next(steps).number] == [1, 2]
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(TrainingDiverged, match=message) as caught:
        next(steps)
    assert "training diverged at step 3: " in str(caught.value)
    assert_same(caught.value.params, good[kept - 1].params)  # whose loss was measured, and within bounds


def test_parameters_that_overflow_in_the_very_last_step_are_noticed(monkeypatch):
    def overflow(params, *arguments, **options):
        moved, state = adam_update(params, *arguments, **options)
        return (moved if state.step < 8 else tree_map(lambda leaf: leaf * np.inf, moved)), state

    monkeypatch.setattr(steps_module, "adam_update", overflow)
    with pytest.raises(
        TrainingDiverged, match=r"diverged at step 8: .*, the new parameters and moments are not finite"
    ):
        walk(PLAIN)


@pytest.mark.parametrize(
    ("change", "message"), [(BAD_STEPS[0][0], "nan"), (BAD_STEPS[1][0], "inf"), (scaled(math.nan), "nan")]
)
def test_the_very_first_step_can_diverge(monkeypatch, change, message):
    planted(monkeypatch, change, 1)
    with pytest.raises(TrainingDiverged, match=f"diverged at step 1: .*{message}") as caught:
        walk(PLAIN)
    assert_same(caught.value.params, small_params())


@pytest.mark.parametrize("trained", [True, False])
def test_the_limit_is_ten_times_uniform_guessing_or_the_first_loss(monkeypatch, trained):
    params = walk(replace(PLAIN, steps=20))[-1].params if trained else small_params(scale=3)
    first, uniform = walk(PLAIN, params=params)[0].loss, math.log(len(VOCABULARY))
    assert (first < uniform) == trained
    limit = 10 * max(first, uniform)
    planted(monkeypatch, lambda _, grads: (limit, grads), 3)
    assert len(walk(PLAIN, params=params)) == 8
    planted(monkeypatch, lambda _, grads: (math.nextafter(limit, math.inf), grads), 3)
    with pytest.raises(TrainingDiverged, match=rf"at step 3: .*\(limit {limit:.4g}\)"):
        walk(PLAIN, params=params)


def test_a_run_that_begins_badly_is_measured_by_its_own_beginning(monkeypatch):
    first = walk(PLAIN, params=small_params(scale=40))[0].loss
    assert first > 10
    planted(monkeypatch, lambda loss, grads: (9.9 * first, grads), 4)
    assert 9.9 * first > 10 * math.log(len(VOCABULARY))
    whole = walk(PLAIN, params=small_params(scale=40))
    begun = first_checkpoint(small_params(), VOCABULARY, rng=generator())
    history = History(loss=tuple(step.loss for step in whole[:3]))
    state = {"params": whole[2].params, "optimizer": whole[2].optimizer, "step": 3, "history": history}
    planted(monkeypatch, lambda loss, grads: (9.9 * first, grads), 1)
    assert len(walk(PLAIN, resume=replace(begun, **state))) == 5
    planted(monkeypatch, lambda loss, grads: (10.1 * first, grads), 1)
    with pytest.raises(TrainingDiverged, match="at step 4"):
        walk(PLAIN, resume=replace(begun, **state))


def test_one_character_can_be_learned_without_a_limit_of_zero_in_the_way():
    alone = Vocabulary((".",))
    params = small_params(alone)
    steps = list(training_steps(params, [""], alone, replace(PLAIN, steps=2), rng=generator()))
    assert [step.loss for step in steps] == [0, 0]


def test_without_eval_every_a_run_is_validated_ten_times():
    watch = Watch(100, ["ana"], None, None)
    assert [step for step in range(1, 101) if watch.due(step)] == [*range(10, 101, 10)]
    assert [step for step in range(1, 6) if replace(watch, steps=5).due(step)] == [1, 2, 3, 4, 5]
