"""What may stand in a cell, and how it becomes JSON without losing its meaning."""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import uuid
from collections.abc import Iterable
from typing import Any, TypeAlias

from sidestage.errors import SidestageError

#: A cell as JSON knows it.
Cell: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"

_PLAIN = (str, int, type(None))


class TableError(SidestageError):
    """A table cannot be shown as it is: columns of different length, a cell without a JSON form, an id used twice."""


def plain_cell(value: Any) -> Cell:
    """A cell as a JSON value: numbers stay numbers, dates become ISO 8601 text, what is missing becomes None.

    Missing are None, NaN, and pandas' ``NA`` and ``NaT``. A numpy scalar becomes the Python scalar it stands for.

    Raises:
        TableError: if the value has no JSON form.
    """
    if isinstance(value, _PLAIN):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return None if type(value).__name__ == "NaTType" else value.isoformat()
    return _unusual_cell(value)


def _unusual_cell(value: Any) -> Cell:
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum):
        return plain_cell(value.value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_cell(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_cell(item) for key, item in value.items()}
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        return plain_cell(_numpy_scalar(value))
    if hasattr(value, "tolist"):
        return plain_cell(value.tolist())
    raise TableError(
        f"a cell holds a {type(value).__name__}, which cannot be shown; make it text, a number, a date or None"
    )


def _numpy_scalar(value: Any) -> Any:
    item = value.item()
    if type(item).__module__ == "numpy" or (isinstance(item, int) and str(value.dtype).startswith("datetime64")):
        return str(value)
    return item


def is_nested(cells: Iterable[Cell]) -> bool:
    """Whether a list or a dict is among the cells, which whoever has it can change."""
    return not {list, dict}.isdisjoint(map(type, cells))


def copied(cell: Cell) -> Cell:
    """The same cell; where it is a list or a dict, one that nobody else has."""
    if isinstance(cell, list):
        return [copied(item) for item in cell]
    if isinstance(cell, dict):
        return {key: copied(item) for key, item in cell.items()}
    return cell
