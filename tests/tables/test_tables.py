"""Tables: what may stand in a cell, and what the participant and the donation get of it."""

import datetime
import decimal
import enum
import json
import math
import uuid
from collections.abc import Callable
from typing import Any

import numpy
import pandas
import pytest

from sidestage.tables import Table, TableError, plain_cell
from sidestage.tables.table import ROWS_PER_PIECE


class Colour(enum.Enum):
    RED = "red"


class Count(enum.IntEnum):
    TWO = 2


#: The same, for what its types do not allow.
AnyTable: Any = Table

UTC = datetime.UTC
ID = uuid.UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("text", "text"),
        (True, True),
        (2**70, 2**70),
        (0.1, 0.1),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (datetime.date(2024, 3, 1), "2024-03-01"),
        (datetime.datetime(2024, 3, 1, 12, 30, tzinfo=UTC), "2024-03-01T12:30:00+00:00"),
        (datetime.time(12, 30), "12:30:00"),
        (datetime.timedelta(minutes=1.5), 90.0),
        (decimal.Decimal("1.50"), "1.50"),
        (ID, "12345678-1234-5678-1234-567812345678"),
        (Colour.RED, "red"),
        (Count.TWO, 2),
        ([1, (2, {3})], [1, [2, [3]]]),
        ({"day": datetime.date(2024, 3, 1), 5: [None]}, {"day": "2024-03-01", "5": [None]}),
        (numpy.int64(3), 3),
        (numpy.uint8(255), 255),
        (numpy.float32(0.5), 0.5),
        (numpy.float64("nan"), None),
        (numpy.bool_(True), True),
        (numpy.str_("text"), "text"),
        (numpy.datetime64("2024-03-01"), "2024-03-01"),
        (numpy.datetime64("2024-03-01T12:30:00.123456789"), "2024-03-01T12:30:00.123456789"),
        (numpy.datetime64("NaT"), None),
        (numpy.timedelta64(5, "s"), 5.0),
        (numpy.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (pandas.NA, None),
        (pandas.NaT, None),
        (pandas.Timestamp("2024-03-01 12:30"), "2024-03-01T12:30:00"),
        (pandas.Timedelta("1h"), 3600.0),
    ],
)
def test_a_cell_keeps_its_meaning_as_json(value: Any, cell: Any) -> None:
    plain = plain_cell(value)
    assert plain == cell
    assert isinstance(plain, bool) is isinstance(cell, bool)
    assert json.loads(json.dumps(plain, allow_nan=False)) == cell


@pytest.mark.parametrize("value", [b"bytes", 1 + 2j, object(), len, pandas.Period("2024-03")])
def test_a_cell_without_a_json_form_is_refused_by_its_kind(value: Any) -> None:
    with pytest.raises(TableError, match=f"a cell holds a {type(value).__name__}, which cannot be shown; make it"):
        plain_cell(value)


def test_a_table_of_columns() -> None:
    table = Table("t", "Title", {"a": range(3), "b": iter("xyz")})
    assert len(table) == 3
    assert table.rows() == [{"a": 0, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "z"}]
    assert table.rows(without=[0, 2, 9]) == [{"a": 1, "b": "y"}]
    assert json.loads(table.pieces()[0]) == {"a": [0, 1, 2], "b": ["x", "y", "z"]}


@pytest.mark.parametrize("columns", [{}, {"a": []}])
def test_a_table_without_rows_is_still_a_table(columns: dict[str, list[Any]]) -> None:
    table = Table("t", "Title", columns)
    assert (len(table), table.rows()) == (0, [])
    assert [json.loads(piece) for piece in table.pieces()] == [columns]


def test_a_long_table_goes_in_pieces_that_join_to_the_whole() -> None:
    numbers = list(range(2 * ROWS_PER_PIECE + 1))
    pieces = [json.loads(piece) for piece in Table("t", "Title", {"n": numbers}).pieces()]
    assert [len(piece["n"]) for piece in pieces] == [ROWS_PER_PIECE, ROWS_PER_PIECE, 1]
    assert [number for piece in pieces for number in piece["n"]] == numbers


def test_a_table_of_rows() -> None:
    table = Table.from_rows("t", "Title", [{"a": 1}, {"b": 2, "a": 3}])
    assert table.columns == {"a": [1, 3], "b": [None, 2]}
    assert Table.from_rows("t", "Title", [(1, 2), [3, 4]], columns=["a", "b"]).columns == {"a": [1, 3], "b": [2, 4]}
    assert Table.from_rows("t", "Title", [{"a": 1, "b": 2}], columns=["b"]).columns == {"b": [2]}
    assert Table.from_rows("t", "Title", [], columns=["a"]).columns == {"a": []}


def test_a_data_frame_becomes_a_table_with_its_meaning_kept() -> None:
    frame = pandas.DataFrame(
        {
            "day": [pandas.Timestamp("2024-03-01"), pandas.NaT],
            "kind": pandas.Categorical(["a", None]),
            "count": pandas.array([1, None], dtype="Int64"),
            "text": pandas.array(["x", None], dtype="string"),
            "share": [0.5, math.nan],
            "yes": [True, False],
            "nested": [[1, {"a": numpy.int64(2)}], None],
            3: [1, 2],
        },
        index=["p", "q"],
    )
    assert Table.from_dataframe("t", "Title", frame).rows() == [
        {
            "day": "2024-03-01T00:00:00",
            "kind": "a",
            "count": 1,
            "text": "x",
            "share": 0.5,
            "yes": True,
            "nested": [1, {"a": 2}],
            "3": 1,
        },
        {"day": None, "kind": None, "count": None, "text": None, "share": None, "yes": False, "nested": None, "3": 2},
    ]


def test_the_index_of_a_data_frame_can_be_kept() -> None:
    counts = pandas.Series(["x", "y", "x"], name="sender").value_counts().reset_index()
    assert Table.from_dataframe("t", "Title", counts).rows() == [
        {"sender": "x", "count": 2},
        {"sender": "y", "count": 1},
    ]


def tables_that_cannot_be() -> list[tuple[Any, str]]:
    twice = pandas.DataFrame([[1, 2]], columns=["a", "a"])
    return [
        (
            lambda: Table("t", "T", {"a": [1], "b": []}),
            "the columns of table 't' differ in length: 'a' has 1, 'b' has 0",
        ),
        (lambda: Table("t", "T", {"a": "one text"}), "column 'a' of table 't' is one text; give a list"),
        (lambda: Table("t", "T", {"a": [1, b"x"]}), "column 'a' of table 't': a cell holds a bytes"),
        (lambda: Table.from_rows("t", "T", [(1, 2)]), "the rows of table 't' are sequences; say the names"),
        (lambda: Table.from_rows("t", "T", [(1, 2), (3,)], columns=["a", "b"]), "row 1 of table 't' has 1 cells, but"),
        (lambda: Table.from_dataframe("t", "T", twice), "table 't' has two columns called 'a'; rename one"),
    ]


@pytest.mark.parametrize(("mistake", "sentence"), tables_that_cannot_be())
def test_a_table_that_cannot_be_gets_a_sentence(mistake: Any, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        mistake()


def test_keys_of_rows_that_are_numbers_keep_their_cells() -> None:
    table = AnyTable.from_rows("years", "Years", [{2019: 3, 2020: 5}, {2020: 6}])
    assert table.columns == {"2019": [3, None], "2020": [5, 6]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: AnyTable("t", "T", {1: [1], "1": [2]}),
        lambda: AnyTable.from_rows("t", "T", [{1: 1, "1": 2}]),
        lambda: AnyTable.from_rows("t", "T", [[1, 2]], columns=["1", "1"]),
    ],
)
def test_two_columns_of_one_name_are_refused_where_one_would_be_lost(make: Callable[[], Table]) -> None:
    with pytest.raises(TableError, match="two columns called '1'; rename one"):
        make()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: AnyTable(5, "T", {}), "the id of a table must be a text"),
        (lambda: AnyTable("", "T", {}), "the id of a table must be a text"),
        (lambda: AnyTable("t", "T", [[1, 2]]), "must be a mapping from names to cells; got a list"),
        (lambda: AnyTable("t", "T", {"a": 5}), "column 'a' of table 't' is a int; give a list"),
    ],
)
def test_what_cannot_be_a_table_is_told_in_a_sentence(make: Callable[[], Table], sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        make()


def test_pieces_hold_texts_as_they_are() -> None:
    assert Table("t", "Title", {"word": ["سلام"]}).pieces() == ['{"word": ["سلام"]}']
