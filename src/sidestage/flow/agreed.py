"""What a participant agreed to, as a script gets it: ordinary values that know where they came from.

A donation of such a value names it to the page, which has it and writes the bytes; its rows need not even be made. Once
the script has looked at it, it is compared with what was agreed to, and donated as text if anything differs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import is_, itemgetter
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from sidestage.protocol import AgreedForm, AgreedPart
from sidestage.tables.cells import Cell, copied, is_nested

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
        columns: its cells, which nobody else may change.
        deleted: the positions of deleted rows, from 0.
    """

    __slots__ = ("_agreement", "_columns", "_kept", "_name")

    def __init__(
        self, agreement: int | None, name: str, columns: Mapping[str, list[Cell]], deleted: Iterable[int]
    ) -> None:
        self._agreement = agreement
        self._name = name
        self._columns = columns
        self._kept = bytearray(b"\1" * len(next(iter(columns.values()), ())))
        for position in deleted:
            if 0 <= position < len(self._kept):
                self._kept[position] = 0

    def reference(self) -> AgreedPart | None:
        """What names the table to the page, if it can be named."""
        return None if self._agreement is None else AgreedPart(self._agreement, self._name)

    def rows(self) -> list[dict[str, Cell]]:
        """The rows that were kept, made anew."""
        names = list(self._columns)
        cells = [map(copied, kept) if is_nested(kept) else kept for kept in map(self._kept_of, names)]
        return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]

    def metadata(self) -> dict[str, int]:
        """What is told beside the rows."""
        return {"deletedRowCount": self._kept.count(0)}

    def are_its_rows(self, rows: Any) -> bool:
        """Whether these are the rows that were kept, with no cell changed."""
        if type(rows) is not list or len(rows) != self._kept.count(1) or {*map(type, rows)} - {dict}:
            return False
        if {*map(len, rows)} - {len(self._columns)}:
            return False
        try:
            return all(_all_identical(map(itemgetter(name), rows), self._kept_of(name)) for name in self._columns)
        except KeyError:
            return False

    def _kept_of(self, name: str) -> list[Cell]:
        return list(itertools.compress(self._columns[name], self._kept))


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

    def reference_to_rows(self, rows: Any) -> AgreedPart | None:
        """The same for its rows alone."""
        part = self._source.reference()
        return part if part is not None and self._source.are_its_rows(rows) else None

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
        rows = value._source.rows()
        dict.__setitem__(value, "data", rows)
        value.__class__ = ReviewedTable  # type: ignore[assignment]
        _TABLES[id(rows)] = value
    return value


def _all_identical(some: Iterator[Any], others: list[Any]) -> bool:
    """Whether they are pairwise the same; most often they are the very same objects."""
    mine = list(some)
    return all(map(is_, mine, others)) or all(map(_identical, mine, others))


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
