"""Many dicts with the same keys: what comes out is what went in."""

from __future__ import annotations

import json
from typing import Any

import numpy
import pytest

from sidestage.protocol.wire import Records
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.reading_values import decode
from sidestage.worker.values import encode


def there_and_back(records: list[dict[str, Any]]) -> tuple[Any, int]:
    """The records after a way over the wire, and how many buffers that took."""
    encoded = encode(Records(records))
    return decode(encoded.text, [bytes(buffer) for buffer in encoded.buffers]), len(encoded.buffers)


def plain(value: Any) -> Any:
    return [[name, item.tolist() if hasattr(item, "tolist") else item] for name, item in value.items()]


@pytest.mark.parametrize(
    ("column", "buffers"),
    [
        ([1, 2, 3], 0),
        ([1, 2**60, -(2**70)], 0),
        ([0.5, 1.5, float("inf")], 0),
        ([True, None, "text"], 0),
        ([1, 0.5, "text"], 0),
        ([{}, {}, {}], 0),
        ([{}, {"a": 1}, {2: 3}], 0),
        ([[1, {2}], b"bytes", []], 1),
        ([numpy.arange(4.0), numpy.ones(4), numpy.zeros(4)], 1),
        ([numpy.arange(6).reshape(2, 3), numpy.ones((2, 3), int), numpy.arange(12).reshape(2, 6)[:, ::2]], 1),
        ([numpy.arange(4, dtype=">i4"), numpy.ones(4, ">i4"), numpy.zeros(4, ">i4")], 1),
        ([numpy.arange(4.0), numpy.ones(4, "float32"), numpy.zeros(4)], 3),
        ([numpy.arange(4.0), numpy.ones(5), None], 2),
        ([numpy.ones((0, 3)), numpy.ones((0, 3)), numpy.ones((0, 3))], 1),
        ([numpy.array(3), numpy.float32(0.5), numpy.bool_(True)], 0),
    ],
)
def test_a_column_of_any_kind(column: list[Any], buffers: int) -> None:
    records = [{"first": number, "value": value} for number, value in enumerate(column)]
    came, count = there_and_back(records)
    assert list(map(plain, came)) == list(map(plain, records))
    assert count == buffers
    dtypes = [getattr(value, "dtype", None) for value in column if getattr(value, "ndim", 0)]
    assert [record["value"].dtype for record in came if hasattr(record["value"], "dtype")] == [
        dtype.newbyteorder("=") for dtype in dtypes if dtype
    ]


def test_records_with_other_keys_stay_where_they_are() -> None:
    records = [{"a": 1}, {"a": 2}, {"a": 3, "b": 4}, {}, {"b": 5, "a": 6}, {"a": 7}]
    came, _ = there_and_back(records)
    assert list(map(plain, came)) == list(map(plain, records))
    assert there_and_back([])[0] == []


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(ConversionError, match="a value of type object has no form outside Python"):
        encode(Records([{"a": 1}, {"a": object()}]))


def test_a_thousand_arrays_are_one() -> None:
    encoded = encode(Records([{"obs": numpy.arange(4.0), "rewards": 1.0} for _ in range(1000)]))
    assert len(encoded.buffers) == 1
    assert len(json.loads(encoded.text)["groups"]) == 1
