"""What a review returns: an ordinary dict that knows where it came from, so that a donation need only name it."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
import pprint
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sidestage import flow
from sidestage.flow.agreed import READING, ReviewedTable, UnreadTable
from sidestage.protocol import (
    AgreedPart,
    CommandSystemDonate,
    CommandSystemDonateAgreed,
    PayloadReview,
    Review,
)
from sidestage.tables import Table

NAMES = ["Ann", "Bo", "Zoë \ud83d", None]
VALUES: list[Any] = [1, 1.0, True, {"list": [1, {"deep": [0]}]}]
ROWS = [{"name": name, "value": value} for name, value in zip(NAMES, VALUES, strict=True)]
KEPT = {"data": [ROWS[0], *ROWS[2:]], "metadata": {"deletedRowCount": 1}}
DAYS = {"data": [{"day": "Mo"}], "metadata": {"deletedRowCount": 0}}


def reviewed(agreement: int | None = 7) -> dict[str, Any]:
    """What a script gets for two tables, of the first of which the second row was deleted."""
    step = flow.review([Table("people", "", {"name": NAMES, "value": VALUES}), Table("days", "", {"day": ["Mo"]})])
    agreed = step.meaning(PayloadReview(Review({"people": (1,), "days": ()}, agreement)))
    assert isinstance(agreed, dict)
    return agreed


def donated(data: Any) -> CommandSystemDonate | CommandSystemDonateAgreed:
    command = flow.donate("key", data).command
    assert isinstance(command, (CommandSystemDonate, CommandSystemDonateAgreed))
    return command


def named(form: str, *names: str, agreement: int = 7) -> CommandSystemDonateAgreed:
    return CommandSystemDonateAgreed("key", [AgreedPart(agreement, name) for name in names], form)  # type: ignore[arg-type]


def text_of(command: CommandSystemDonate | CommandSystemDonateAgreed) -> Any:
    assert isinstance(command, CommandSystemDonate)
    return json.loads(command.json_string)


def look(agreed: dict[str, Any]) -> dict[str, Any]:
    """Make the script look at all rows."""
    for table in agreed.values():
        assert len(table["data"]) > 0
    return agreed


@pytest.mark.parametrize("prepare", [lambda agreed: agreed, look], ids=["untouched", "looked at"])
class TestWhatWasAgreedToIsOnlyNamed:
    def test_all_of_it(self, prepare: Callable[[Any], Any]) -> None:
        assert donated(prepare(reviewed())) == named("parts", "people", "days")

    def test_one_table(self, prepare: Callable[[Any], Any]) -> None:
        assert donated(prepare(reviewed())["people"]) == named("part", "people")

    def test_the_rows_of_one(self, prepare: Callable[[Any], Any]) -> None:
        agreed = prepare(reviewed())
        assert donated(agreed["people"]["data"]) == named("rows", "people")

    def test_some_tables_or_those_of_several_reviews(self, prepare: Callable[[Any], Any]) -> None:
        first, second = prepare(reviewed(1)), prepare(reviewed(2))
        assert donated({"days": first["days"]}) == named("parts", "days", agreement=1)
        both = donated({**first, "days": second["days"]})
        assert both == CommandSystemDonateAgreed("key", [AgreedPart(1, "people"), AgreedPart(2, "days")], "parts")

    def test_unless_the_page_gave_no_number(self, prepare: Callable[[Any], Any]) -> None:
        agreed = prepare(reviewed(None))
        assert text_of(donated(agreed)) == {"people": KEPT, "days": DAYS}
        assert text_of(donated(agreed["days"])) == DAYS
        assert text_of(donated(agreed["days"]["data"])) == DAYS["data"]


def test_rows_that_nobody_looks_at_are_never_made() -> None:
    numbers = range(65_000)
    table = Table("long", "", {"n": numbers, "text": [f"message {number}" for number in numbers]})
    step = flow.review(table)
    tracemalloc.start()
    try:
        agreed = step.meaning(PayloadReview(Review({"long": (5,)}, 1)))
        assert agreed is not None
        assert agreed["long"]["metadata"] == {"deletedRowCount": 1}
        assert agreed["long"].get("metadata") == {"deletedRowCount": 1}
        assert len(agreed["long"]) == 2
        assert list(agreed["long"]) == ["data", "metadata"]
        assert "data" in agreed["long"]
        assert donated(agreed) == named("parts", "long", agreement=1)
        assert donated(agreed["long"]) == named("part", "long", agreement=1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000, "in bytes"
    assert len(agreed["long"]["data"]) == 64_999


def change(path: str) -> Callable[[dict[str, Any]], None]:
    """A statement on ``agreed`` as a function."""
    return lambda agreed: exec(path, {"agreed": agreed, "nan": float("nan")})


@pytest.mark.parametrize(
    "statement",
    [
        "agreed['people']['data'][0]['name'] = 'Eve'",
        "agreed['people']['data'][0]['value'] = True",
        "agreed['people']['data'][0]['value'] = 1.0",
        "agreed['people']['data'][1]['value'] = 1",
        "agreed['people']['data'][2]['value']['list'][1]['deep'].append(1)",
        "agreed['people']['data'][2]['value'] = None",
        "agreed['people']['data'][0]['more'] = 1",
        "del agreed['people']['data'][0]['name']",
        "del agreed['people']['data'][1]",
        "agreed['people']['data'].append({'name': 'Bo', 'value': 1.0})",
        "agreed['people']['data'].reverse()",
        "agreed['people']['data'] = []",
        "agreed['people']['data'] = 'nothing'",
        "agreed['people']['metadata']['deletedRowCount'] = 0",
        "agreed['people']['metadata'] = {}",
        "agreed['people']['more'] = 1",
        "agreed['people'].pop('metadata')",
        "agreed['people'].update(note='x')",
        "agreed['people'] |= {'note': 'x'}",
        "agreed['people'].clear()",
        "agreed['note'] = 'x'",
        "agreed['others'] = agreed.pop('people')",
        "agreed['people'], agreed['days'] = agreed['days'], agreed['people']",
        "agreed['people'] = dict(agreed['people'])",
        "agreed.clear()",
    ],
)
@pytest.mark.parametrize("looked_at", [False, True])
def test_what_the_script_has_changed_is_donated_as_text(statement: str, looked_at: bool) -> None:
    agreed, plain = reviewed(), copy.deepcopy(reviewed())
    if looked_at:
        look(agreed)
    change(statement)(agreed)
    change(statement)(plain)
    assert text_of(donated(agreed)) == plain


def test_the_rows_alone_are_text_once_they_have_changed_or_belong_to_nothing_any_more() -> None:
    agreed = reviewed()
    rows = agreed["people"]["data"]
    rows[0]["value"] = 2
    assert text_of(donated(rows))[0]["value"] == 2
    rows = reviewed()["people"]["data"]
    assert text_of(donated(rows)) == KEPT["data"]


def test_a_change_that_was_taken_back_is_none() -> None:
    agreed = reviewed()
    row = agreed["people"]["data"].pop()
    agreed["people"]["data"].append(dict(reversed(row.items())))
    assert donated(agreed) == named("parts", "people", "days")


def test_a_script_that_changes_its_table_afterwards_gets_what_was_shown() -> None:
    table = Table("t", "", {"n": [1, [2]]})
    step = flow.review(table)
    table.columns["n"][1].append(3)  # type: ignore[union-attr]
    table.columns["n"][0] = 4
    agreed = step.meaning(PayloadReview(Review({"t": ()}, 1)))
    assert agreed == {"t": {"data": [{"n": 1}, {"n": [2]}], "metadata": {"deletedRowCount": 0}}}


#: What scripts do with a dict, each of which must find the rows.
WAYS: dict[str, Callable[[Any], Any]] = {
    "json": lambda table: json.loads(json.dumps(table)),
    "json with an indent": lambda table: json.loads(json.dumps(table, indent=1, sort_keys=True)),
    "pickle": lambda table: pickle.loads(pickle.dumps(table)),
    "a copy": copy.copy,
    "a deep copy": copy.deepcopy,
    "its own copy": lambda table: table.copy(),
    "dict": dict,
    "dict of items": lambda table: dict(table.items()),
    "dict of keys and values": lambda table: dict(zip(table.keys(), table.values(), strict=True)),
    "unpacked": lambda table: {**table},
    "keywords": lambda table: (lambda **named: named)(**table),
    "update": lambda table: (plain := {}, plain.update(table))[0],
    "or": lambda table: table | {},
    "or of another": lambda table: {} | table,
    "a comprehension": lambda table: {name: table[name] for name in table},
    "setdefault": lambda table: {name: table.setdefault(name) for name in list(table)},
    "get": lambda table: {name: table.get(name) for name in reversed(table)},
    "pop": lambda table: {name: table.pop(name) for name in list(table)},
    "popitem": lambda table: dict([table.popitem(), table.popitem()]),
    "repr": lambda table: eval(repr(table)),
    "format": lambda table: eval(f"{table}"),
    "pprint": lambda table: eval(pprint.pformat(table)),
    "a pattern": lambda table: dict(zip(("data", "metadata"), _matched(table), strict=True)),
    "a method that was kept": lambda table: (lambda get: {name: get(name) for name in ("data", "metadata")})(table.get),
    "a method that was kept, used twice": lambda table: (lambda items: dict([*items(), *items()]))(table.items),
}


def _matched(table: Any) -> tuple[Any, Any]:
    match table:
        case {"data": data, "metadata": metadata}:
            return data, metadata
    raise AssertionError("no match")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("looked_at", [False, True])
def test_it_is_a_dict_like_any_other(way: str, looked_at: bool) -> None:
    agreed = reviewed()
    table = look(agreed)["people"] if looked_at else agreed["people"]
    found = WAYS[way](table)
    assert type(found) is dict
    assert found == KEPT


def test_it_is_equal_to_a_plain_one_from_either_side() -> None:
    for one, other in itertools.permutations([reviewed(), {"people": KEPT, "days": DAYS}]):
        assert one == other
        assert not one != other  # noqa: SIM202  # this is another method than the first
    assert reviewed()["people"] == reviewed()["people"]
    assert reviewed()["people"] != DAYS
    assert isinstance(reviewed()["people"], dict)
    assert type(reviewed()) is dict
    assert type(reviewed()["people"]["data"]) is list
    assert {type(row) for row in reviewed()["people"]["data"]} == {dict}


def test_whatever_shows_its_rows_or_changes_it_makes_them_first() -> None:
    needs_no_rows = {
        *("__len__", "__contains__", "__iter__", "__reversed__", "keys", "fromkeys", "__class_getitem__"),
        *("__new__", "__init__", "__getattribute__", "__hash__", "__doc__", "__sizeof__", "__getstate__"),
        # A dict has no order, so that these look at nothing.
        *("__lt__", "__le__", "__gt__", "__ge__"),
    }
    assert {*vars(dict)} - {*READING, "__getitem__", "get"} <= needs_no_rows
    assert type(reviewed()["people"]) is UnreadTable
    assert type(look(reviewed())["people"]) is ReviewedTable
