"""A table: named columns of equal length, with a title and a description to show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sidestage.tables.cells import Cell, TableError, copied, is_nested, key_text, plain_cell, twins

#: Rows per piece when a table goes to the page, so that reading a piece there takes a few milliseconds.
ROWS_PER_PIECE = 2_000


class Table:
    """Columns of cells, as they are shown to the participant.

    Args:
        id: names the table in the donation; letters, digits, ``_`` and ``-`` serve best.
        title: shown above the table; one text, or one per language (``{"en": ..., "nl": ...}``).
        columns: each column's name and its cells, all of one length. Cells are str, int, float, bool, None, dates,
            or what stands for them in numpy and pandas.
        description: shown below the title.
        headers: other names to show for columns, one text or one per language each. The donation keeps the
            columns' own names.

    Raises:
        TableError: if the id is no text, two columns have the same name, columns differ in length or a cell has no JSON
            form.
    """

    def __init__(
        self,
        id: str,
        title: str | Mapping[str, str],
        columns: Mapping[str, Iterable[Any]],
        *,
        description: str | Mapping[str, str] = "",
        headers: Mapping[str, str | Mapping[str, str]] | None = None,
    ) -> None:
        if not isinstance(id, str) or not id:
            raise TableError(f"the id of a table must be a text, which names it in the donation; got {id!r}")
        if not isinstance(columns, Mapping):
            raise TableError(
                f"the columns of table {id!r} must be a mapping from names to cells; got a {type(columns).__name__}. "
                "Rows become a table by Table.from_rows(id, title, rows), a DataFrame by Table.from_dataframe(...)"
            )
        names = _texts_of(id, columns)
        self.id = id
        self.title = title
        self.description = description
        self.headers = {key_text(name): text for name, text in (headers or {}).items()}
        self.columns: dict[str, list[Cell]] = {
            name: self._read(name, cells) for name, cells in zip(names, columns.values(), strict=True)
        }
        lengths = {name: len(cells) for name, cells in self.columns.items()}
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name!r} has {length}" for name, length in lengths.items())
            raise TableError(f"the columns of table {id!r} differ in length: {counts}; give each one cell per row")

    def _read(self, name: str, cells: Iterable[Any]) -> list[Cell]:
        if isinstance(cells, (str, bytes)) or not isinstance(cells, Iterable):
            kind = "one text" if isinstance(cells, (str, bytes)) else f"a {type(cells).__name__}"
            raise TableError(f"column {name!r} of table {self.id!r} is {kind}; give a list with a cell per row")
        kept = list(cells)
        try:
            return [plain_cell(cell) for cell in kept]
        except TableError:
            raise self._unreadable(name, kept) from None

    def _unreadable(self, name: str, cells: list[Any]) -> TableError:
        """What is told of the first cell without a form, with its row, from 0, and its place in the cell."""
        for row, cell in enumerate(cells):
            try:
                plain_cell(cell)
            except TableError as error:
                place = f"row {row}{f', at {error.path}' if error.path else ''}"
                return TableError(f"column {name!r} of table {self.id!r}: {error.reason} ({place})")
        return TableError(f"column {name!r} of table {self.id!r}: a cell cannot be shown")

    @classmethod
    def from_rows(
        cls,
        id: str,
        title: str | Mapping[str, str],
        rows: Iterable[Mapping[str, Any] | Sequence[Any]],
        *,
        columns: Sequence[str] | None = None,
        description: str | Mapping[str, str] = "",
        headers: Mapping[str, str | Mapping[str, str]] | None = None,
    ) -> Table:
        """A table of rows: dicts, or sequences in the order of ``columns``.

        A key that a dict lacks is an empty cell. Without ``columns`` the columns are the keys in the order in which
        they first appear.

        Raises:
            TableError: if a row's length differs from the number of columns, rows are sequences without ``columns``, or
                two columns have the same name.
        """
        kept = list(rows)
        names = list(columns) if columns is not None else _names_of(id, kept)
        _texts_of(id, names)
        cells: dict[Any, list[Any]] = {name: [] for name in names}
        for position, row in enumerate(kept):
            if isinstance(row, Mapping):
                values: Iterable[Any] = (row.get(name) for name in names)
            elif len(row) == len(names):
                values = row
            else:
                raise TableError(
                    f"row {position} of table {id!r} has {len(row)} cells, but there are {len(names)} columns"
                )
            for name, value in zip(names, values, strict=True):
                cells[name].append(value)
        return cls(id, title, cells, description=description, headers=headers)

    @classmethod
    def from_dataframe(
        cls,
        id: str,
        title: str | Mapping[str, str],
        frame: Any,
        *,
        description: str | Mapping[str, str] = "",
        headers: Mapping[str, str | Mapping[str, str]] | None = None,
    ) -> Table:
        """A table of a pandas DataFrame's columns; its index is left out (use ``reset_index()`` to keep it).

        Raises:
            TableError: if two columns have the same name, or a cell has no JSON form.
        """
        names = _texts_of(id, list(frame.columns))
        cells = {name: frame.iloc[:, position].tolist() for position, name in enumerate(names)}
        return cls(id, title, cells, description=description, headers=headers)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values()), []))

    def rows(self, without: Iterable[int] = ()) -> list[dict[str, Cell]]:
        """The rows as dicts, less those at the positions ``without`` (from 0)."""
        left_out = set(without)
        return [row for position, row in enumerate(self._rows()) if position not in left_out]

    def _rows(self) -> Iterator[dict[str, Cell]]:
        names = list(self.columns)
        return (dict(zip(names, cells, strict=True)) for cells in zip(*self.columns.values(), strict=True))

    def copied_columns(self) -> dict[str, list[Cell]]:
        """The columns as they are now, whatever is changed later."""
        return {
            name: [copied(cell) for cell in cells] if is_nested(cells) else list(cells)
            for name, cells in self.columns.items()
        }

    def pieces(self) -> list[str]:
        """The table as column-oriented JSON texts of at most ``ROWS_PER_PIECE`` rows each, one after another."""
        starts = range(0, max(len(self), 1), ROWS_PER_PIECE)
        rows = (slice(start, start + ROWS_PER_PIECE) for start in starts)
        pieces = ({name: cells[some] for name, cells in self.columns.items()} for some in rows)
        return [json.dumps(piece, ensure_ascii=False) for piece in pieces]


def _texts_of(table_id: str, names: Iterable[Any]) -> list[str]:
    """The names of columns as texts, tuples as Python writes them. Of two columns with one name, one would be lost."""
    try:
        texts = [str(name) if type(name) in (str, tuple) else key_text(name) for name in names]
    except TableError as error:
        raise TableError(f"the name of a column of table {table_id!r}: {error}") from None
    if len(set(texts)) < len(texts):
        twin, one, other = twins(names, texts)
        which = "" if type(one) is type(other) else f" of {one!r} and {other!r}"
        raise TableError(f"table {table_id!r} has two columns called {twin!r}; rename one{which}")
    return texts


def _names_of(table_id: str, rows: list[Any]) -> list[Any]:
    """The keys of all rows, as they are: a key may be a number, such as a year."""
    names: dict[Any, None] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            raise TableError(f"the rows of table {table_id!r} are sequences; say the names of their columns= too")
        names.update(dict.fromkeys(row))
    return list(names)
