"""What a participant agreed to, as a script gets it: ordinary values that know where they came from.

A donation of such a value names it to the page, which has it and writes the bytes; its rows need not even be made. Once
the script has looked at it, it is compared with what was agreed to, and donated as text if anything differs.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from sidestage.protocol import AgreedForm, AgreedPart

#: What a donation refers to, and what it makes of it.
Reference: TypeAlias = tuple[Sequence[AgreedPart], AgreedForm]


class Agreed:
    """Something that the participant agreed to, among the values that a script has."""

    __slots__ = ()

    def reference(self) -> AgreedPart | None:
        """What names it to the page; None if it is not what was agreed to any more, or the page takes only text."""
        raise NotImplementedError


def reference_to(data: Any) -> Reference | None:
    """What names the data of a donation to the page; None if it must be sent as text.

    It may be something agreed to, an object with several such things under their own names, or the rows of one.
    """
    if isinstance(data, Agreed):
        return _only(data.reference(), "part")
    if isinstance(data, dict):
        return _by_name(data)
    table = _TABLES.get(id(data)) if isinstance(data, list) else None
    return None if table is None else _only(table.reference_to_rows(data), "rows")


def _only(part: AgreedPart | None, form: AgreedForm) -> Reference | None:
    return None if part is None else ([part], form)


def _by_name(data: dict[Any, Any]) -> Reference | None:
    if not data or not all(isinstance(item, Agreed) for item in data.values()):
        return None
    parts = []
    for name, item in data.items():
        part = item.reference()
        if part is None or part.name != name:
            return None
        parts.append(part)
    return parts, "parts"


class Source:
    """A table as the page has shown it, and what the participant left out of it.

    Args:
        agreement: the page's number for the agreement; None where the page takes donations as text only.
        name: the table's id.
        texts: the table as column-oriented JSON texts, one after another.
        deleted: the positions of deleted rows, from 0.
    """

    __slots__ = ("_agreement", "_deleted", "_name", "_texts")

    def __init__(self, agreement: int | None, name: str, texts: Sequence[str], deleted: Collection[int]) -> None:
        self._agreement = agreement
        self._name = name
        self._texts = texts
        self._deleted = frozenset(deleted)

    def reference(self) -> AgreedPart | None:
        """What names the table to the page, if it can be named."""
        return None if self._agreement is None else AgreedPart(self._agreement, self._name)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows that were kept, made anew."""
        position = 0
        for text in self._texts:
            columns = json.loads(text)
            for cells in zip(*columns.values(), strict=True):
                if position not in self._deleted:
                    yield dict(zip(columns, cells, strict=True))
                position += 1

    def metadata(self) -> dict[str, int]:
        """What is told beside the rows."""
        return {"deletedRowCount": len(self._deleted)}


class ReviewedTable(dict[str, Any], Agreed):
    """What was kept of a table, ``{"data": rows, "metadata": {"deletedRowCount": n}}``: a dict like any other.

    A copy of it, or what is pickled of it, is a plain dict.
    """

    __slots__ = ("__weakref__", "_source")

    _source: Source

    def reference(self) -> AgreedPart | None:
        """What names it to the page; None if the script has changed it."""
        part = self._source.reference()
        unchanged = part is not None and self.keys() == {"data", "metadata"} and self._has_its_metadata()
        return self.reference_to_rows(self["data"]) if unchanged else None

    def reference_to_rows(self, rows: list[Any]) -> AgreedPart | None:
        """The same for its rows alone."""
        part = self._source.reference()
        if part is None or not isinstance(rows, list):
            return None
        pairs = itertools.zip_longest(rows, self._source.rows())
        return part if all(itertools.starmap(_identical, pairs)) else None

    def _has_its_metadata(self) -> bool:
        return _identical(self["metadata"], self._source.metadata())

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class UnreadTable(ReviewedTable):
    """A reviewed table whose rows nobody has looked at, so that they are not there yet.

    Whatever shows them makes them first; from then on it is a ``ReviewedTable`` and nothing more. How many entries it
    has and what they are called can be asked without that, and its metadata.
    """

    __slots__ = ()

    def __init__(self, source: Source) -> None:
        super().__init__(data=None, metadata=source.metadata())
        self._source = source

    def reference(self) -> AgreedPart | None:
        """What names it to the page; None if the script has changed its metadata."""
        return self._source.reference() if self._has_its_metadata() else None

    def __getitem__(self, key: str) -> Any:
        return dict.__getitem__(_read(self) if key == "data" else self, key)

    def get(self, key: str, default: Any = None) -> Any:
        """What a dict's ``get`` returns."""
        return dict.get(_read(self) if key == "data" else self, key, default)

    def __iter__(self) -> Iterator[str]:
        # Whatever copies a dict goes by its memory unless it iterates in a way of its own.
        return dict.__iter__(self)


#: What a dict does that shows its entries, or changes them.
READING = (
    *("__repr__", "__eq__", "__ne__", "__or__", "__ror__", "__ior__", "__setitem__", "__delitem__"),
    *("clear", "copy", "items", "pop", "popitem", "setdefault", "update", "values"),
)


def _reading(name: str) -> Callable[..., Any]:
    do = getattr(dict, name)

    def method(self: UnreadTable, *given: Any, **named: Any) -> Any:
        return do(_read(self), *map(_read, given), **named)

    method.__name__ = name
    return method


for _name in READING:
    setattr(UnreadTable, _name, _reading(_name))

#: The reviewed tables whose rows were made, by the identity of the list of rows: a plain list knows nothing of itself.
_TABLES: WeakValueDictionary[int, ReviewedTable] = WeakValueDictionary()


def _read(value: Any) -> Any:
    """The value; if it is a table that nobody has looked at, with its rows."""
    if type(value) is UnreadTable:
        rows = list(value._source.rows())
        dict.__setitem__(value, "data", rows)
        value.__class__ = ReviewedTable  # type: ignore[assignment]
        _TABLES[id(rows)] = value
    return value


def _identical(one: Any, other: Any) -> bool:
    """Whether two values have the same JSON text but for the order of keys: 1 is neither True nor 1.0."""
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        return one.keys() == other.keys() and all(_identical(item, other[key]) for key, item in one.items())
    if kind is list:
        return len(one) == len(other) and all(map(_identical, one, other))
    return bool(one == other)
