"""Many dicts with the same keys on the wire, such as the steps of a batch: by columns.

The arrays of a column, if they have one type and shape, go as one. Written and read like that, a thousand steps take a
small part of the time that they take one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sidestage import numpy_types
from sidestage.worker.arrays import ArrayForm, array_form, read_array

#: What JSON has as it is; floats that are numbers, and whole numbers that are not too large, besides.
_AS_THEY_ARE = frozenset({bool, str, type(None)})
_SAFE_INTEGER = 2**53


def records_form(
    records: Sequence[Mapping[str, Any]], plain: Callable[[Any], Any], add: Callable[[Any], int]
) -> dict[str, Any]:
    """The form of records: groups of those, one after another, that have the same keys.

    Args:
        records: their keys are texts.
        plain: gives the form of any value.
        add: adds a buffer; returns its position.
    """
    groups = []
    for keys, group in groupby(records, key=tuple):
        members = [*group]
        columns = [_column([record[key] for record in members], plain, add) for key in keys]
        groups.append({"keys": keys, "count": len(members), "columns": columns})
    return {"$type": "records", "groups": groups}


def read_records(found: Mapping[str, Any], buffers: Sequence[Any]) -> list[dict[str, Any]]:
    """Records from their form."""
    return [record for group in found["groups"] for record in _read_group(group, buffers)]


def _read_group(group: Mapping[str, Any], buffers: Sequence[Any]) -> Iterator[dict[str, Any]]:
    keys = group["keys"]
    columns = [[*_read_column(column, group["count"], buffers)] for column in group["columns"]]
    for position in range(group["count"]):
        yield {key: column[position] for key, column in zip(keys, columns, strict=True)}


def _column(values: list[Any], plain: Callable[[Any], Any], add: Callable[[Any], int]) -> Any:
    kinds = {*map(type, values)}
    if kinds <= _AS_THEY_ARE:
        return values
    if kinds == {float}:
        return values if all(map(math.isfinite, values)) else [plain(value) for value in values]
    if kinds == {int}:
        safe = min(values) > -_SAFE_INTEGER and max(values) < _SAFE_INTEGER
        return values if safe else [plain(value) for value in values]
    if kinds == {dict} and not any(values):
        return {"each": {}}
    ndarray = numpy_types.array_type(values[0])
    if kinds == {ndarray} and len({(value.dtype, value.shape) for value in values}) == 1 and values[0].ndim:
        forms: list[ArrayForm] = [array_form(value, ndarray) for value in values]
        dtype, shape, _ = forms[0]
        return {"dtype": dtype, "shape": shape, "buffer": add(b"".join(form.elements for form in forms))}
    return [plain(value) for value in values]


def _read_column(column: Any, count: int, buffers: Sequence[Any]) -> Any:
    if isinstance(column, list):
        return column
    if "each" in column:
        return [{} for _ in range(count)]
    return [*read_array(column["dtype"], [count, *column["shape"]], buffers[column["buffer"]])]
