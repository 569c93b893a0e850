"""What a training run writes down about itself."""

from collections.abc import Mapping
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

    Raises ValueError when a column lacks or is unknown, TypeError when one is not a list or tuple of numbers.
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


def _floats(columns: Mapping[str, Any], name: str) -> tuple[float, ...]:
    return tuple(float(value) for value in _numbers(columns, name, Real))


def _numbers(columns: Mapping[str, Any], name: str, kind: type) -> Any:
    values = columns[name]
    if not isinstance(values, list | tuple):
        raise TypeError(f"history.{name} must be a list or tuple of numbers; got {values!r}")
    for value in values:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise TypeError(f"history.{name} must hold {'whole ' * (kind is Integral)}numbers; got {value!r}")
    return values
