"""What a training run writes down about itself."""

from collections.abc import Mapping
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, NamedTuple


class History(NamedTuple):
    """What a training run recorded: an entry for each step, and one for each validation."""

    loss: tuple[float, ...] = ()  # of the batch, nats per predicted symbol, before the step
    gradient_norm: tuple[float, ...] = ()  # before clipping
    learning_rate: tuple[float, ...] = ()
    val_step: tuple[int, ...] = ()  # steps taken when each validation was made
    val_loss: tuple[float, ...] = ()  # nats per predicted symbol


NO_HISTORY = History()


def history_from_columns(columns: Mapping[str, Any]) -> History:
    """The columns by name as a History of Python's own numbers.

    Raises ValueError when a column lacks or is unknown, or a number is beyond the largest float, TypeError when one
    is not a list or tuple of numbers.
    """
    if not isinstance(columns, Mapping) or set(columns) != set(History._fields):
        raise ValueError(f"history must have the columns {', '.join(History._fields)}; got {columns!r}")
    return History(
        loss=_floats(columns, "loss"),
        gradient_norm=_floats(columns, "gradient_norm"),
        learning_rate=_floats(columns, "learning_rate"),
        val_step=tuple(int(value) for value in _numbers(columns, "val_step", Integral)),
        val_loss=_floats(columns, "val_loss"),
    )


def require_history_of(step: int, history: History) -> None:
    """Raise ValueError unless `history` is that of a run of `step` steps, with an entry for each, or empty."""
    steps = {len(history.loss), len(history.gradient_norm), len(history.learning_rate)}
    if steps not in ({0}, {step}):
        raise ValueError(
            f"history must hold a loss, a norm and a rate for each of the {step} steps; got {sorted(steps)}"
        )
    if len(history.val_step) != len(history.val_loss):
        raise ValueError(f"history must have a val_loss for each val_step; got {len(history.val_loss)} for "
                         f"{len(history.val_step)}")  # fmt: skip
    places = (0, *history.val_step, step + 1)
    if any(later <= earlier for earlier, later in pairwise(places)):
        raise ValueError(f"history.val_step must rise from 1 to {step} at most; got {history.val_step}")


def _floats(columns: Mapping[str, Any], name: str) -> tuple[float, ...]:
    try:
        return tuple(float(value) for value in _numbers(columns, name, Real))
    except OverflowError:
        raise ValueError(f"history.{name} must hold numbers that a float can hold; got a larger one") from None


def _numbers(columns: Mapping[str, Any], name: str, kind: type) -> Any:
    values = columns[name]
    if not isinstance(values, list | tuple):
        raise TypeError(f"history.{name} must be a list or tuple of numbers; got {values!r}")
    for value in values:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise TypeError(f"history.{name} must hold {'whole ' * (kind is Integral)}numbers; got {value!r}")
    return values
