"""The panel: all measures of one training step in a record, and what is wrong with it in words.

Each limit stands between what healthy runs of this book show and what planted illnesses do; chapter 13 measures both.
A finding is a question, not a verdict: a limit says where to look.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import is_series, require_instance, require_integer, require_names
from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch
from lstm_lib.evaluate import nll
from lstm_lib.model import Params, require_params
from lstm_lib.optim import global_norm
from lstm_lib.panel.instruments import (
    Saturation,
    dead_units,
    equal_gates,
    gate_saturation,
    gate_values,
    gradient_by_step,
    reach,
    twin_units,
    update_ratios,
)
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

FIRST_LOSS = 0.1  # nats that the first loss may lie above or below ln V
LONG_GRADIENT = 5.0  # of the norm over all tensors, before clipping
SATURATED = 0.75  # of the values of a gate, at both ends together
SHORT_REACH = 0.1  # of the memory's gradient, BACK steps before the last symbol
BACK = 5
IDLE = 0.05  # of the units, dead or twins
TINY_STEP, HUGE_STEP = 1e-4, 0.5  # of a matrix's length: all below, or one above
GAP = 0.2  # nats between validation and training names
LIMITS = {  # the smallest and the largest healthy value, for the dashboard
    "gradient_norm": (0.0, LONG_GRADIENT),
    "saturation": (0.0, SATURATED),
    "ratio": (TINY_STEP, HUGE_STEP),
    "dead": (0.0, IDLE),
    "reach": (SHORT_REACH, math.inf),
}


class Panel(NamedTuple):
    """What the instruments show at one training step; losses in nats per predicted symbol, shares from 0 to 1."""

    step: int  # steps taken before this one
    uniform: float  # ln V
    loss: float  # of the batch, before the step, like all that follows
    train_loss: float
    val_loss: float
    gradient_norm: float  # before clipping
    saturation: Saturation
    reach: FloatArray  # (K,): the memory's gradient k steps before the last symbol, as a share of that at the end
    ratios: dict[str, float]
    dead: float
    twins: float
    equal_gates: tuple[str, ...]


class Finding(NamedTuple):
    """Which instrument points to trouble, and what it says."""

    instrument: str
    words: str


def take_panel(
    before: Params, after: Params, grads: Params, batch: Batch, *,
    step: int, vocabulary: Vocabulary, train: Iterable[str], val: Iterable[str],
) -> Panel:  # fmt: skip
    """Read all instruments at the step that led from `before` to `after`, with the gradients `grads` of `batch`.

    `grads` are those before clipping. `step`: how many steps were taken before. `train` and `val` should be fair
    samples, some hundred names each. Raises TypeError or ValueError when something does not fit `before`.
    """
    require_params(before, what="before")
    require_instance("vocabulary", vocabulary, Vocabulary, source="Vocabulary.from_names")
    return Panel(
        step=require_integer("step", step, at_least=0),
        uniform=math.log(len(vocabulary)),
        loss=loss_and_grads(before, batch)[0],
        train_loss=nll(before, vocabulary, require_names(train, what="train")),
        val_loss=nll(before, vocabulary, require_names(val, what="val")),
        gradient_norm=global_norm(grads),
        saturation=gate_saturation(gate_values(before, batch)),
        reach=reach(gradient_by_step(before, batch, last_only=True).c, batch.mask),
        ratios=update_ratios(before, after),
        dead=float(dead_units(before, batch, grads).mean()),
        twins=float(twin_units(before, batch).mean()),
        equal_gates=equal_gates(before),
    )


def findings(panel: Panel) -> tuple[Finding, ...]:
    """What is out of bounds on a panel, in words; nothing on that of a healthy run.

    The first loss and equal gates are judged at step 0 only. When a loss, the gradient or a step is not finite, that is
    the one finding: nothing else can be read. Raises TypeError unless `panel` is a Panel.
    """
    require_instance("panel", panel, Panel, source="take_panel")
    lost = _not_finite(panel)
    if lost:
        return (Finding("not finite", f"{', '.join(lost)}: the run has overflowed, or was fed something that had"),)
    found = [*_at_the_start(panel), *_on_the_way_back(panel), *_in_the_cell(panel), *_in_the_steps(panel)]
    if panel.val_loss - panel.train_loss > GAP:
        gap = panel.val_loss - panel.train_loss
        found.append(Finding("gap", f"unseen names cost {gap:.2f} nats more than training names: overfitting"))
    return tuple(found)


def _not_finite(panel: Panel) -> list[str]:
    """The readings that are not finite; a ratio may be infinite, where a matrix of zeros moves."""
    plain = ("loss", "train_loss", "val_loss", "gradient_norm")
    lost = [f"{name} is {getattr(panel, name)}" for name in plain if not math.isfinite(getattr(panel, name))]
    return lost + [f"step / {name} is {ratio}" for name, ratio in panel.ratios.items() if math.isnan(ratio)]


def _at_the_start(panel: Panel) -> Iterable[Finding]:
    if panel.step > 0:
        return
    if abs(panel.loss - panel.uniform) > FIRST_LOSS:
        yield Finding(
            "first loss",
            f"the first loss is {panel.loss:.2f}, not ln V = {panel.uniform:.2f}: the output has an opinion before it "
            "has learned anything",
        )
    if panel.equal_gates:
        pairs = ", ".join(panel.equal_gates)
        yield Finding("equal gates", f"gates start with the same weights ({pairs}): was a generator seeded twice?")


def _on_the_way_back(panel: Panel) -> Iterable[Finding]:
    norm, far = panel.gradient_norm, min(BACK, len(panel.reach) - 1)
    if norm > LONG_GRADIENT:
        yield Finding("gradient norm", f"the gradient is {norm:.3g} long: exploding, or a sum where a mean was meant")
    if far > 0 and panel.reach[far] < SHORT_REACH ** (far / BACK):
        yield Finding(
            "reach",
            f"{far} steps back only {100 * panel.reach[far]:.2g} % of the memory's gradient is left: what came early "
            "is not taught",
        )


def _in_the_cell(panel: Panel) -> Iterable[Finding]:
    shut = {gate: sum(ends) for gate, ends in panel.saturation._asdict().items() if sum(ends) > SATURATED}
    if shut:
        shares = ", ".join(f"{gate} {share:.0%}" for gate, share in shut.items())
        yield Finding("saturation", f"most values lie at an end ({shares}), where a gate hardly learns")
    if panel.dead > IDLE:
        yield Finding("dead units", f"{panel.dead:.0%} of the units do nothing")
    if panel.twins > IDLE:
        yield Finding("twin units", f"{panel.twins:.0%} of the units do exactly what another one does")


def _in_the_steps(panel: Panel) -> Iterable[Finding]:
    huge = {name: ratio for name, ratio in panel.ratios.items() if ratio > HUGE_STEP}
    largest = max(panel.ratios.values(), default=math.inf)
    if huge:
        sizes = ", ".join(f"{ratio:.2g} times {name}" for name, ratio in huge.items())
        yield Finding("update ratio", f"one step is as large as {sizes}: it replaces what was there")
    elif largest < TINY_STEP:
        yield Finding("update ratio", f"no matrix moves by more than {largest:.2g} of its length: nothing is learned")


def columns(panels: Iterable[Panel]) -> dict[str, FloatArray]:
    """The panels of a run side by side, for a figure: each measure's name to its values, (S,).

    `saturation i` and so on are the shares at both ends; `ratio W_h` and so on the update ratios.
    Raises TypeError for anything but Panels, ValueError when there are none.
    """
    if isinstance(panels, Panel) or not is_series(panels):
        raise TypeError(f"panels must be a list of Panels; got {type(panels).__name__}")
    checked = [require_instance("panels", each, Panel, source="take_panel") for each in panels]
    if not checked:
        raise ValueError("panels must hold at least one Panel; got none")
    plain = ("step", "loss", "train_loss", "val_loss", "gradient_norm", "dead", "twins")
    found = {name: [float(getattr(panel, name)) for panel in checked] for name in plain}
    for gate in Saturation._fields:
        found[f"saturation {gate}"] = [sum(getattr(panel.saturation, gate)) for panel in checked]
    for name in checked[0].ratios:
        found[f"ratio {name}"] = [panel.ratios[name] for panel in checked]
    return {name: np.array(values) for name, values in found.items()}
