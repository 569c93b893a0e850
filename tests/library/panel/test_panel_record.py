"""The panel: healthy runs raise no flag, each planted sickness raises its own."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import batches, load_splits
from lstm_lib.evaluate import nll
from lstm_lib.figures.panel import LIMITED, MEASURES
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.panel.record import LIMITS, Finding, Panel, columns, findings, take_panel
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

H = 64
SPLIT = load_splits()
VOCABULARY = Vocabulary.from_names(SPLIT.train)
TRAIN, VAL = SPLIT.train[::80], SPLIT.val[::10]


def fresh(seed: int = 13, **options: float) -> Params:
    return init_params(len(VOCABULARY), 16, H, rng=np.random.default_rng(seed), **options)


def scaled(params: Params, factor: float, *names: str) -> Params:
    return replace(params, **{name: factor * getattr(params, name) for name in names or ("E", "W_x", "W_h", "W_y")})


def watch(
    params: Params, at: tuple[int, ...], *, lr: float = 0.01, names: tuple[str, ...] = SPLIT.train,
    batch_size: int = 64, damage: Callable[[Params, int], Params] = lambda grads, symbols: grads, seed: int = 13,
) -> list[Panel]:  # fmt: skip
    """Train as chapter 12 does, and read the panel at the given steps."""
    rng, adam, panels = np.random.default_rng(seed), adam_init(params), []
    epochs = (batch for _ in iter(int, 1) for batch in batches(names, VOCABULARY, batch_size, rng=rng))
    for step, batch in enumerate(islice(epochs, max(at) + 1)):
        grads = damage(loss_and_grads(params, batch)[1], int(batch.mask.sum()))
        after, adam = adam_update(params, clip_by_global_norm(grads, 1.0)[0], adam, lr=lr)
        if step in at:
            fair = TRAIN if names == SPLIT.train else names
            panels.append(
                take_panel(params, after, grads, batch, step=step, vocabulary=VOCABULARY, train=fair, val=VAL)
            )
        params = after
    return panels


@cache
def healthy(step: int = 0) -> Panel:
    """The panel of a healthy run."""
    return watch(fresh(), (step,))[0]


def flags(panel: Panel) -> set[str]:
    return {finding.instrument for finding in findings(panel)}


# ---- healthy


@pytest.mark.parametrize("seed", range(4))
def test_a_healthy_run_raises_no_flag(seed: int) -> None:
    for panel in watch(fresh(seed), (0, 1, 2, 5, 12, 30, 60), seed=seed):
        assert findings(panel) == (), (panel.step, findings(panel))


def test_a_wide_healthy_model_raises_no_flag() -> None:
    wide = init_params(len(VOCABULARY), 32, 256, rng=np.random.default_rng(0))
    for panel in watch(wide, (0, 1, 4), lr=0.003):
        assert findings(panel) == ()


# ---- planted


def blind(params: Params) -> Params:
    b = params.b.copy()
    b[3 * H : 3 * H + H // 2] = -10  # half of the output gates are shut
    return replace(params, b=b)


def same_gates(params: Params) -> Params:
    return replace(params, W_x=np.tile(params.W_x[:, :H], 4), W_h=np.tile(params.W_h[:, :H], 4))


def same_units(params: Params) -> Params:
    W_x = np.repeat(params.W_x[:, ::H], H, axis=1)
    return replace(params, W_x=W_x, W_h=np.full_like(params.W_h, 0.02), W_y=0 * params.W_y)


@cache
def patient(name: str) -> Panel:
    plants: dict[str, Callable[[], list[Panel]]] = {
        "weights too large": lambda: watch(scaled(fresh(), 10), (0,)),
        "sure from the start": lambda: watch(replace(fresh(), b_y=3.0 * (np.arange(27) == 5)), (0,)),
        "weights too small": lambda: watch(scaled(fresh(), 0.01), (0,)),
        "all zero": lambda: watch(scaled(fresh(), 0.0, "W_x", "W_h", "W_y"), (0,)),
        "same gates": lambda: watch(same_gates(fresh()), (0,)),
        "same units": lambda: watch(same_units(fresh()), (2,)),
        "half blind": lambda: watch(blind(fresh()), (0,)),
        "forget bias 0": lambda: watch(fresh(forget_bias=0.0), (0,)),
        "sum for mean": lambda: watch(
            fresh(), (0,), damage=lambda grads, symbols: tree_map(lambda leaf: symbols * leaf, grads)
        ),
        "rate too high": lambda: watch(fresh(), (0,), lr=0.3),
        "rate too high, later": lambda: watch(fresh(), (12,), lr=0.3),
        "rate too low": lambda: watch(fresh(), (3,), lr=1e-6),
        "hundred names": lambda: watch(fresh(), (40,), lr=0.02, names=SPLIT.train[:100], batch_size=25),
        "not a number": lambda: watch(fresh(), (0,), damage=lambda grads, _: tree_map(lambda d: np.nan * d, grads)),
    }
    return plants[name]()[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("weights too large", {"first loss", "saturation"}),
        ("sure from the start", {"first loss"}),
        ("weights too small", {"dead units", "update ratio"}),
        ("all zero", {"equal gates", "reach", "dead units", "update ratio"}),
        ("same gates", {"equal gates"}),
        ("same units", {"twin units"}),
        ("half blind", {"dead units"}),
        ("forget bias 0", {"reach"}),
        ("sum for mean", {"gradient norm"}),
        ("rate too high", {"update ratio"}),
        ("rate too high, later", {"saturation"}),
        ("rate too low", {"update ratio"}),
        ("hundred names", {"gap"}),
        ("not a number", {"not finite"}),
    ],
)
def test_a_planted_sickness_is_flagged_by_its_instruments(name: str, expected: set[str]) -> None:
    assert flags(patient(name)) == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("weights too large", "not ln V = 3.30"),
        ("same gates", "(i = f, i = g, i = o, f = g, f = o, g = o)"),
        ("same units", "100% of the units do exactly what another one does"),
        ("half blind", "50% of the units do nothing"),
        ("forget bias 0", "5 steps back only 5"),
        ("sum for mean", "or a sum where a mean was meant"),
        ("rate too high", "times W_x, 4.1 times W_h"),
        ("rate too low", "nothing is learned"),
        ("hundred names", "overfitting"),
    ],
)
def test_a_finding_says_in_words_what_it_saw(name: str, words: str) -> None:
    assert any(words in finding.words for finding in findings(patient(name))), findings(patient(name))


def test_a_panel_holds_what_its_fields_say() -> None:
    panel, before = healthy(1), healthy()
    assert (panel.step, panel.uniform) == (1, pytest.approx(np.log(27)))
    assert before.train_loss == nll(fresh(), VOCABULARY, TRAIN)
    assert before.val_loss == nll(fresh(), VOCABULARY, VAL)
    assert panel.reach[0] == 1
    assert panel.ratios.keys() == {"E", "W_x", "W_h", "W_y"}


NEAR = 1e-3  # of a limit, below it and above


@pytest.mark.parametrize(
    ("flag", "limit", "change"),
    [
        ("first loss", 0.1, lambda panel, value: {"loss": panel.uniform + value}),
        ("first loss", 0.1, lambda panel, value: {"loss": panel.uniform - value}),
        ("gradient norm", 5, lambda panel, value: {"gradient_norm": value}),
        ("saturation", 0.75, lambda panel, value: {"saturation": panel.saturation._replace(g=(0.25, value - 0.25))}),
        ("dead units", 0.05, lambda panel, value: {"dead": value}),
        ("twin units", 0.05, lambda panel, value: {"twins": value}),
        ("reach", -0.1, lambda panel, value: {"reach": np.array([1, 0, 0, 0, 0, -value, 0])}),
        ("update ratio", 0.5, lambda panel, value: {"ratios": panel.ratios | {"W_h": value}}),
        ("update ratio", -1e-4, lambda panel, value: {"ratios": dict.fromkeys(panel.ratios, 0.0) | {"W_h": -value}}),
        ("gap", 0.2, lambda panel, value: {"val_loss": panel.train_loss + value}),
    ],
)
def test_a_reading_beyond_its_limit_is_a_finding_and_one_within_is_none(
    flag: str, limit: float, change: Callable[[Panel, float], dict[str, object]]
) -> None:
    # A limit with a minus is one from below.
    within, beyond = limit - NEAR * abs(limit), limit + NEAR * abs(limit)
    assert flags(healthy()._replace(**change(healthy(), within))) == set()
    assert flags(healthy()._replace(**change(healthy(), beyond))) == {flag}


def test_first_loss_and_equal_gates_are_judged_at_the_start_only() -> None:
    later = patient("same gates")._replace(step=1, loss=9.0)
    assert findings(later) == ()


def test_short_names_are_judged_by_what_reach_they_have() -> None:
    assert flags(healthy(1)._replace(reach=np.array([1.0, 0.6, 0.3]))) == {"reach"}  # 0.1 ** (2 / 5) is 0.4
    assert flags(healthy(1)._replace(reach=np.array([1.0, 0.7, 0.5]))) == set()
    assert flags(healthy(1)._replace(reach=np.array([1.0]))) == set()


@pytest.mark.parametrize("field", ["loss", "train_loss", "val_loss", "gradient_norm"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_reading_that_is_not_finite_is_the_one_finding(field: str, value: float) -> None:
    (found,) = findings(healthy()._replace(step=9, **{field: value}))
    assert found.instrument == "not finite"
    assert found.words.startswith(f"{field} is {value}: ")


def test_weights_that_are_no_numbers_are_called_so_and_not_short_of_reach() -> None:
    params, batch = fresh(), next(batches(SPLIT.train, VOCABULARY, 8, rng=np.random.default_rng(0)))
    lost = replace(params, W_h=params.W_h * np.nan)
    options = {"step": 3, "vocabulary": VOCABULARY, "train": TRAIN[:20], "val": VAL[:20]}
    (found,) = findings(take_panel(lost, lost, loss_and_grads(params, batch)[1], batch, **options))
    assert found.words.startswith("loss is nan, train_loss is nan, val_loss is nan, step / W_h is nan: ")


def test_a_panel_without_reach_or_ratios_is_read_all_the_same() -> None:
    assert findings(healthy()._replace(reach=np.zeros(0), ratios={})) == ()


def test_columns_are_what_the_dashboard_wants() -> None:
    found = columns(watch(fresh(), (0, 1, 2)))
    assert set(MEASURES) <= set(found)
    assert {values.shape for values in found.values()} == {(3,)}
    assert found["step"].tolist() == [0, 1, 2]
    assert set(LIMITS) == set(LIMITED)


def test_what_is_no_panel_is_refused() -> None:
    with pytest.raises(TypeError, match="panel must be Panel, such as take_panel returns"):
        findings("ill")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="panels must be Panel"):
        columns([Finding("gap", "")])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="panels must hold at least one Panel; got none"):
        columns([])
    batch = next(batches(TRAIN, VOCABULARY, 4, rng=np.random.default_rng(0)))
    with pytest.raises(ValueError, match="step must be at least 0; got -1"):
        take_panel(fresh(), fresh(), fresh(), batch, step=-1, vocabulary=VOCABULARY, train=TRAIN, val=VAL)
    for bad, words in (({"vocabulary": None}, "vocabulary must be Vocabulary"), ({"val": "ana"}, "val must be a list")):
        options = {"step": 0, "vocabulary": VOCABULARY, "train": TRAIN, "val": VAL} | bad
        with pytest.raises(TypeError, match=words):
            take_panel(fresh(), fresh(), fresh(), batch, **options)
    for wrong in (None, 3, healthy()):
        with pytest.raises(TypeError, match="panels must be a list of Panels; got"):
            columns(wrong)
