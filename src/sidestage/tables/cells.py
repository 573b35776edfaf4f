"""What may stand in a cell, and how it becomes JSON without losing its meaning."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import math
import uuid
from collections.abc import Iterable
from itertools import chain
from operator import methodcaller
from typing import Any, TypeAlias

from sidestage import numpy_types
from sidestage.errors import SidestageError
from sidestage.tables.numpy_cells import numpy_value

#: A cell as JSON knows it.
Cell: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"

_PLAIN = (str, int, bool, type(None))
#: What an object of a subclass inherits, whatever the subclass says of itself: an enum has a text of its own.
_str_of, _int_of, _float_of = str.__str__, int.__int__, float.__float__


class TableError(SidestageError):
    """A table cannot be shown as it is: columns of different length, a cell without a JSON form, an id used twice."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        #: The way to what has no form, from the cell or the data that it is in.
        self.path = ""

    def within(self, step: str) -> TableError:
        """The same error, seen from one level further out."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        return f"{self.reason} (at {self.path})" if self.path else self.reason


def plain_cell(value: Any) -> Cell:
    """A cell as a JSON value: numbers stay numbers, dates become ISO 8601 text, what is missing becomes None.

    Missing are None, NaN, what is masked, and pandas' ``NA`` and ``NaT``. A numpy scalar becomes the Python scalar it
    stands for; what inherits from str, int or float, such as an enum, what it inherits.

    Raises:
        TableError: if the value, or something in it, has no JSON form.
    """
    if type(value) in _PLAIN:
        cell: Cell = value
        return cell
    if isinstance(value, str):
        return _str_of(value)
    if isinstance(value, int):
        return _int_of(value)
    if isinstance(value, float):
        number = _float_of(value)
        return number if math.isfinite(number) else None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return None if type(value).__name__ == "NaTType" else value.isoformat()
    return _unusual_cell(value)


def _unusual_cell(value: Any) -> Cell:
    name = type(value).__name__
    if name in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, enum.Enum):
        return plain_cell(value.value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _list_cell(value)
    if isinstance(value, dict):
        return _dict_cell(value)
    if numpy_types.array_type(value) is not None or numpy_types.is_scalar(value):
        try:
            return plain_cell(numpy_value(value))
        except ValueError as error:
            raise TableError(str(error)) from None
    index = getattr(value, "index", None)
    if index is not None and not callable(index):
        raise TableError(
            f"a cell holds a {name}, whose index would be lost; give its .to_dict(), or a list of its values"
        )
    if hasattr(value, "tolist"):
        return plain_cell(value.tolist())
    raise TableError(f"a cell holds a {name}, which cannot be shown; make it text, a number, a date or None")


def _list_cell(values: Iterable[Any]) -> list[Any]:
    try:
        return [plain_cell(item) for item in values]
    except TableError:
        pass
    cells = []
    for position, item in enumerate(values):
        try:
            cells.append(plain_cell(item))
        except TableError as error:
            raise error.within(f"[{position}]") from None
    return cells


def _dict_cell(values: dict[Any, Any]) -> dict[str, Any]:
    cells = {}
    for name, key, item in zip(key_texts(values), values, values.values(), strict=True):
        try:
            cells[name] = plain_cell(item)
        except TableError as error:
            raise error.within(f"[{key!r}]") from None
    return cells


def key_text(key: Any) -> str:
    """The text of a key, of a column's name too: what ``plain_cell`` makes of it, as JSON where that is no text.

    So a date is its ISO 8601 text, True is ``true``, None and whatever is missing is ``null``, and 2020 is ``2020``.

    Raises:
        TableError: if the key is nothing that has a text.
    """
    try:
        cell = plain_cell(key)
    except TableError:
        cell = []
    if isinstance(cell, (list, dict)):
        raise TableError(f"keys must be texts, numbers, dates, booleans or None; got a {type(key).__name__}")
    return cell if isinstance(cell, str) else json.dumps(cell)


def key_texts(keys: Iterable[Any]) -> list[str]:
    """The text of each key.

    Raises:
        TableError: if two keys would become one; it names both.
    """
    texts = [key if type(key) is str else key_text(key) for key in keys]
    if len(set(texts)) < len(texts):
        twin, one, other = twins(keys, texts)
        raise TableError(f"the keys {one!r} and {other!r} would both become {twin!r}; rename one")
    return texts


def twins(keys: Iterable[Any], texts: Iterable[str]) -> tuple[str, Any, Any]:
    """The first text that two keys have, and the two."""
    first: dict[str, Any] = {}
    for key, text in zip(keys, texts, strict=True):
        if text in first:
            return text, first[text], key
        first[text] = key
    raise LookupError("each key has a text of its own")


def has_plain_keys(data: Any) -> bool:
    """Whether every key in dicts, lists and tuples, however deep, is a text; of a million rows in a moment.

    Args:
        data: contains itself nowhere.
    """
    level = [data]
    while level:
        dicts = level if {*map(type, level)} == {dict} else [value for value in level if isinstance(value, dict)]
        # Keys that are equal have one text.
        if {*map(type, set().union(*dicts))} - {str}:
            return False
        kinds = {*map(type, _inner(level, dicts))}
        nested = tuple(kind for kind in kinds if issubclass(kind, (dict, list, tuple)))
        level = [value for value in _inner(level, dicts) if isinstance(value, nested)] if nested else []
    return True


def _inner(level: list[Any], dicts: list[Any]) -> Iterable[Any]:
    """What stands in the dicts, lists and tuples of a level."""
    if dicts is level:
        return chain.from_iterable(map(dict.values, dicts))
    lists = (value for value in level if isinstance(value, (list, tuple)))
    return chain(chain.from_iterable(map(methodcaller("values"), dicts)), chain.from_iterable(lists))


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
