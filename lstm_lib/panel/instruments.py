"""The measures of a training run: gates at their ends, gradients by time step, steps against weights, idle units."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from lstm_lib.arguments import require_array, require_bool, require_instance, require_prefix_mask
from lstm_lib.cell import gates_backward
from lstm_lib.data import Batch, check_batch
from lstm_lib.loss import cross_entropy
from lstm_lib.model import ForwardCache, Params, forward, initial_state, require_params
from lstm_lib.tree import BoolArray, FloatArray, require_alike

MATRICES = ("E", "W_x", "W_h", "W_y")  # the biases begin at 0, where a ratio says nothing
ENDS = 0.05  # a gate within this share of its range from an end is saturated: its slope is below a fifth of the largest
STILL = 0.01  # a unit whose h has a smaller standard deviation over all symbols tells nobody anything
ALIKE = 1e-6  # units whose h never differ by more are one unit


class GateValues(NamedTuple):
    """The values of each gate at the N real symbols of a batch, each (N, H)."""

    i: FloatArray
    f: FloatArray
    g: FloatArray
    o: FloatArray


class Ends(NamedTuple):
    """The share of a gate's values, from 0 to 1, near the lower and near the upper end of its range."""

    low: float
    high: float


class Saturation(NamedTuple):
    """The saturated shares of the three gates and of the candidate."""

    i: Ends
    f: Ends
    g: Ends
    o: Ends


class StepGradients(NamedTuple):
    """The length of the gradient of a name's state after each step, (T, B); 0 where there is padding."""

    h: FloatArray
    c: FloatArray


def gate_values(params: Params, batch: Batch) -> GateValues:
    """All values of i, f, g and o at the real symbols of `batch`, padding left out.

    Raises TypeError or ValueError when the batch does not fit the parameters.
    """
    cache = _read(params, batch)[1]
    return GateValues(*(np.stack([getattr(step, gate) for step in cache.steps])[cache.mask] for gate in "ifgo"))


def gate_saturation(gates: GateValues) -> Saturation:
    """The shares of values within a twentieth of the range from its ends: 0.05 and 0.95, and -0.9 and 0.9 for g.

    There the slope of sigmoid or tanh is below 19 % of its largest. Where a value is not a number, neither are
    that gate's shares. Raises TypeError unless `gates` are GateValues of floats, ValueError for an empty one.
    """
    require_instance("gates", gates, GateValues, source="gate_values")
    for name, values in gates._asdict().items():
        if not require_array(f"gates.{name}", values, "floats").size:
            raise ValueError(f"gates.{name} must hold at least one value; got shape {values.shape}")
    return Saturation(*map(_ends, gates._replace(g=(gates.g + 1) / 2)))  # g from 0 to 1, like the others


def gradient_by_step(params: Params, batch: Batch, *, last_only: bool) -> StepGradients:
    """The length of the total derivative of the loss by h and by c after each step, along every road.

    `last_only`: the loss is the mean surprise at the last symbol of each name, so that a gradient at an earlier
    step has travelled back from there. Otherwise it is that of all symbols, which gives each step a gradient of its
    own. Raises TypeError or ValueError when the batch does not fit the parameters or `last_only` is no bool.
    """
    require_bool("last_only", last_only)
    logits, cache = _read(params, batch)
    ends = ~np.vstack([cache.mask[1:], np.zeros_like(cache.mask[:1])])
    counted = cache.mask & ends if last_only else cache.mask
    dh_output = cross_entropy(logits, batch.targets, counted)[1] @ params.W_y.T
    dh, dc = initial_state(params, len(cache.mask[0]))
    lengths_h, lengths_c = [], []
    for step, from_output in zip(reversed(cache.steps), dh_output[::-1], strict=True):
        dh = from_output + dh  # (8.2)
        whole_dc = dh * step.o * (1 - step.tanh_c**2) + dc  # (7.3)
        lengths_h.append(np.linalg.norm(dh, axis=1))
        lengths_c.append(np.linalg.norm(whole_dc, axis=1))
        da, dc = gates_backward(step, dh, dc)
        dh = da @ params.W_h.T
    return StepGradients(*(np.stack(each[::-1]) * cache.mask for each in (lengths_h, lengths_c)))


def reach(lengths: FloatArray, mask: BoolArray) -> FloatArray:
    """How long a gradient is k steps before the last symbol, as a share of its length there, (K,).

    `lengths`: (T, B), such as the `c` of StepGradients; each name is counted back from its own end, and entry k of
    0..K-1, K the symbols of the longest name, is the mean over the names that have so many steps. A gradient of length
    0 counts as a share of 0; a share by a length that is not finite may be infinite, 0 or not a number. Raises
    TypeError or ValueError unless both have one shape (T, B), no length is below 0, and the mask is true for a prefix
    of each column, of one symbol at least.
    """
    if require_array("lengths", lengths, "floats").ndim != 2 or not lengths.size:
        raise ValueError(f"lengths must have shape (T, B), at least (1, 1); got {lengths.shape}")
    if not require_prefix_mask(mask, lengths.shape)[0].all():
        raise ValueError(f"mask must be true for a symbol of each column; column {int(mask[0].argmin())} has none")
    if (lengths < 0).any():
        raise ValueError(f"lengths must be at least 0; got {lengths.min():.3g}")
    symbols, columns = mask.sum(axis=0), np.arange(len(mask[0]))
    at_end = lengths[symbols - 1, columns]
    shares = np.zeros(symbols.max())
    for k in range(len(shares)):
        long = columns[symbols > k]
        back = lengths[symbols[long] - 1 - k, long]
        with np.errstate(invalid="ignore"):  # infinite by infinite
            shares[k] = np.divide(back, at_end[long], out=np.zeros_like(back), where=at_end[long] != 0).mean()
    return shares


def update_ratios(before: Params, after: Params) -> dict[str, float]:
    """For each of the four matrices: the length of a training step, divided by that of the matrix; eq. (13.5).

    It is infinite where a matrix of zeros moves, 0 where nothing does, and not a number where an entry is not finite.
    Raises TypeError or ValueError unless both are Params of the same shapes and dtype.
    """
    require_alike(
        require_params(before, what="before"), require_params(after, what="after"), what="after", like="before"
    )
    ratios = {}
    for name in MATRICES:
        old, new = (np.asarray(getattr(params, name), dtype=np.float64) for params in (before, after))
        with np.errstate(over="ignore", invalid="ignore"):  # huge, or infinite less infinite
            moved, length = float(np.linalg.norm(new - old)), float(np.linalg.norm(old))
        finite = np.isfinite(old).all() and np.isfinite(new).all()
        ratios[name] = np.nan if not finite else moved / length if length else np.inf if moved else 0.0  # (13.5)
    return ratios


def dead_units(params: Params, batch: Batch, grads: Params) -> BoolArray:
    """Which units do nothing, (H,): their h hardly moves over all real symbols, or no gradient reaches their weights.

    "Hardly" is a standard deviation below 0.01; "no gradient" is exactly 0 in all four columns of W_x, W_h and b. In a
    batch of one symbol nothing can move, so there the gradient alone decides.
    Raises TypeError or ValueError when the batch or the gradients do not fit the parameters.
    """
    h = _hidden(params, batch)
    require_alike(params, require_params(grads, what="grads"), what="grads")
    columns = np.concatenate([grads.W_x, grads.W_h, grads.b[None]])  # (D+H+1, 4H)
    untaught = ~columns.any(axis=0).reshape(4, -1).any(axis=0)
    still = h.std(axis=0) < (STILL if len(h) > 1 else 0.0)
    dead: BoolArray = still | untaught
    return dead


def twin_units(params: Params, batch: Batch) -> BoolArray:
    """Which units move exactly as another one does, (H,): two that start alike and are taught alike stay one.

    Raises TypeError or ValueError when the batch does not fit the parameters.
    """
    h = _hidden(params, batch)
    counts = np.array([(np.abs(h - unit[:, None]).max(axis=0) <= ALIKE).sum() for unit in h.T])  # itself among them
    twins: BoolArray = (counts > 1) & (h.std(axis=0) >= STILL)
    return twins


def equal_gates(params: Params) -> tuple[str, ...]:
    """The pairs of gates, such as "i = f", whose columns of W_x and W_h are the same numbers.

    Raises TypeError unless `params` are Params.
    """
    weights = np.concatenate([require_params(params).W_x, params.W_h])
    blocks = dict(zip("ifgo", np.split(weights, 4, axis=1), strict=True))
    pairs = combinations(blocks.items(), 2)
    return tuple(f"{one} = {other}" for (one, W), (other, U) in pairs if np.array_equal(W, U))


def _ends(values: FloatArray) -> Ends:
    """The shares of values from 0 to 1 near either end; not numbers when one of the values is not."""
    if np.isnan(values).any():
        return Ends(np.nan, np.nan)
    return Ends(float((values < ENDS).mean()), float((values > 1 - ENDS).mean()))


def _read(params: Params, batch: Batch) -> tuple[FloatArray, ForwardCache]:
    """The logits (T, B, V) and the cache of the readable route."""
    inputs, _, mask = check_batch(batch)
    logits, _, cache = forward(params, inputs, mask=mask)
    return logits, cache


def _hidden(params: Params, batch: Batch) -> FloatArray:
    """The hidden states at the real symbols, (N, H)."""
    cache = _read(params, batch)[1]
    return cache.h[1:][cache.mask]
