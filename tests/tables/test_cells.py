"""Cells, keys and names of columns: one form for each kind of value, wherever it stands."""

from __future__ import annotations

import datetime
import enum
import json
import math
from typing import Any

import numpy
import pandas
import pytest

from sidestage import flow
from sidestage.flow.system import to_json
from sidestage.protocol import CommandSystemDonate
from sidestage.tables import Table, TableError, plain_cell


class Colour(str, enum.Enum):  # noqa: UP042  # its own text is another than that of a StrEnum
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Plain(enum.Enum):
    ONE = "one"


#: numpy as its users write it, with any unit.
anyhow: Any = numpy
UNITS = ("h", "m", "s", "ms", "us", "ns", "ps", "fs")
SECONDS = {"W": 604800, "D": 86400, "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12}

FORMS: dict[str, tuple[Any, Any]] = {
    **{f"time in {unit}": (anyhow.datetime64("1970-01-01", unit), "1970-01-01T00:00:00") for unit in UNITS},
    **{f"duration in {unit}": (anyhow.timedelta64(1, unit), seconds) for unit, seconds in SECONDS.items()},
    "day": (anyhow.datetime64("2020-03-01"), "2020-03-01"),
    "time with a fraction": (anyhow.datetime64("2020-03-01T00:00:00.5", "ns"), "2020-03-01T00:00:00.500000"),
    "time finer than Python's": (
        anyhow.datetime64("2020-03-01T00:00:00.000000001", "ns"),
        "2020-03-01T00:00:00.000000001",
    ),
    "time beyond Python's": (anyhow.datetime64("20000-01-01", "s"), "20000-01-01T00:00:00"),
    "no time": (numpy.array(["NaT"], "datetime64[ns]"), [None]),
    "times": (numpy.array(["2020-01-01"], "datetime64[ns]"), ["2020-01-01T00:00:00"]),
    "durations": (numpy.array([1_500_000_000, "NaT"], "timedelta64[ns]"), [1.5, None]),
    "time without dimensions": (numpy.array("2020-01-01", "datetime64[ns]"), "2020-01-01T00:00:00"),
    "matrix": (numpy.array([[1, 2]]).view(numpy.matrix), [[1, 2]]),
    "masked": (numpy.ma.array([1, 2], mask=[False, True]), [1, None]),
    "masked times": (
        numpy.ma.array(["2020-01-01"] * 2, mask=[False, True], dtype="datetime64[ns]"),
        ["2020-01-01T00:00:00", None],
    ),
    "records": (
        numpy.array([(1, "2020-01-01")], [("n", "i4"), ("t", "datetime64[ns]")]),
        [{"n": 1, "t": "2020-01-01T00:00:00"}],
    ),
    "objects": (numpy.array([{"a": numpy.int64(1)}, None], object), [{"a": 1}, None]),
    "texts": (numpy.array(["a"]), ["a"]),
    "big-endian": (numpy.array([1, 2], ">i4"), [1, 2]),
    "strided": (numpy.arange(6)[::2], [0, 2, 4]),
    "longest float": (numpy.longdouble(0.5), 0.5),
    "enum of text": (Colour.RED, "red"),
    "enum of int": (Level.LOW, 1),
    "enum": (Plain.ONE, "one"),
    "timestamp": (pandas.Timestamp("2020-01-01"), "2020-01-01T00:00:00"),
    "timedelta": (pandas.Timedelta(seconds=1).to_timedelta64(), 1.0),
}


@pytest.mark.parametrize(("value", "form"), FORMS.values(), ids=FORMS)
def test_a_value_has_one_form_in_a_cell_and_in_a_donation_whatever_is_beside_it(value: Any, form: Any) -> None:
    assert plain_cell(value) == (pytest.approx(form) if isinstance(form, float) else form)
    assert json.loads(to_json([value], "donate")) == [plain_cell(value)]
    assert json.loads(to_json([value, math.nan], "donate")) == [plain_cell(value), None]
    assert Table("t", "T", {"a": [value]}).columns["a"] == [plain_cell(value)]


def test_an_enum_is_a_plain_text_or_number_in_the_cell() -> None:
    assert [type(plain_cell(value)) for value in (Colour.RED, Level.LOW, numpy.str_("x"))] == [str, int, str]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (anyhow.timedelta64(1, "M"), r"a numpy timedelta64\[M\], which is no certain number of seconds"),
        (anyhow.timedelta64(5), "a numpy timedelta64, which is no certain number of seconds"),
        (numpy.array([1j]), r"a complex, which cannot be shown.* \(at \[0\]\)"),
        (numpy.array([b"x"]), r"a bytes, which cannot be shown.* \(at \[0\]\)"),
        (pandas.Series([1]), "a Series, whose index would be lost"),
        (pandas.DataFrame({"a": [1]}), "a DataFrame, whose index would be lost"),
        ({"a": [1, {"b": object()}]}, r"a object, which cannot be shown.* \(at \['a'\]\[1\]\['b'\]\)"),
    ],
)
def test_what_has_no_form_is_named_with_its_place(value: Any, sentence: str) -> None:
    with pytest.raises(TableError, match=f"a cell holds {sentence}"):
        plain_cell(value)
    with pytest.raises(flow.FlowError, match=r"\(at data\['x'\]"):
        flow.donate("k", {"x": value})


KEYS: list[tuple[Any, str]] = [
    (True, "true"),
    (None, "null"),
    (2020, "2020"),
    (1.5, "1.5"),
    (math.nan, "null"),
    (datetime.date(2020, 1, 1), "2020-01-01"),
    (anyhow.datetime64("2020-01-01", "ns"), "2020-01-01T00:00:00"),
    (numpy.int64(7), "7"),
    (Colour.RED, "red"),
    (Level.LOW, "1"),
    (Plain.ONE, "one"),
]


@pytest.mark.parametrize(("key", "text"), KEYS)
def test_a_key_has_one_text_in_donations_cells_and_columns_whatever_is_beside_it(key: Any, text: str) -> None:
    assert json.loads(to_json({key: 1}, "donate")) == {text: 1}
    assert json.loads(to_json({key: math.nan}, "donate")) == {text: None}
    assert plain_cell({key: 1}) == {text: 1}
    table = Table("t", "T", {key: [1]}, headers={key: "Header"})
    assert (table.columns, table.headers) == ({text: [1]}, {text: "Header"})


@pytest.mark.parametrize("beside", [0, math.nan])
def test_two_keys_that_would_become_one_are_refused_with_both_named(beside: float) -> None:
    data: Any = {"counts": [{1: 2, "1": 3}], "beside": beside}
    with pytest.raises(
        flow.FlowError, match=r"the keys 1 and '1' would both become '1'.* \(at data\['counts'\]\[0\]\)"
    ):
        flow.donate("k", data)
    with pytest.raises(TableError, match="the keys True and 'true' would both become 'true'"):
        plain_cell({True: 1, "true": 2})
    columns: Any = {1: [1], "1": [2]}
    with pytest.raises(TableError, match="two columns called '1'; rename one of 1 and '1'"):
        Table("t", "T", columns)


def test_a_column_with_a_cell_without_a_form_names_its_row() -> None:
    with pytest.raises(TableError, match=r"column 'a' of table 't': a cell holds a object, .* \(row 1, at \[0\]\)"):
        Table("t", "T", {"a": [1, [object()]]})


def test_a_donation_of_plain_data_is_written_as_it_is() -> None:
    command = flow.donate("k", [{"a": "é", "b": (1, 2.5)}]).command
    assert isinstance(command, CommandSystemDonate)
    assert command.json_string == '[{"a": "é", "b": [1, 2.5]}]'
