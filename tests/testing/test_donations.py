"""A player takes donations that refer to what was agreed to as the page does: the values are those of the text."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import Any

import pytest

from sidestage import flow
from sidestage.protocol import AgreedPart, CommandSystemDonate, CommandSystemDonateAgreed
from sidestage.tables import Table
from sidestage.testing import play

Script = Generator[Any, Any, Any]
CELLS = [1, 1.0, 1e16, 2**70, -0.5, True, None, "Zoë \ud83d", [1, {"a": [None]}], {"b": "c"}]


def cells_as_donated() -> list[dict[str, Any]]:
    return [{"cell": cell, "n": number} for number, cell in enumerate(CELLS) if number != 2]


@pytest.mark.parametrize("part", [lambda all: all, lambda all: all["t"], lambda all: all["t"]["data"]])
def test_a_donation_has_the_same_value_by_reference_and_as_text(part: Callable[[Any], Any]) -> None:
    commands = []

    def process(session: str) -> Script:
        agreed = part((yield flow.review(Table("t", "", {"cell": CELLS, "n": range(len(CELLS))}))))
        named = flow.donate("named", agreed)
        commands.append(named.command)
        yield named
        yield CommandSystemDonate("text", json.dumps(agreed))

    with play(process) as p:
        p.answer(delete={"t": [2]})
        assert isinstance(commands[0], CommandSystemDonateAgreed)
        assert repr(p.donations["named"]) == repr(p.donations["text"])
        whole = {"t": {"data": cells_as_donated(), "metadata": {"deletedRowCount": 1}}}
        assert repr(p.donations["named"]) == repr(part(whole))


def test_several_reviews_are_told_apart() -> None:
    def process(session: str) -> Script:
        first = yield flow.review(Table("t", "", {"n": [1]}))
        second = yield flow.review(Table("t", "", {"n": [2]}))
        yield flow.donate("second", second)
        yield flow.donate("first", first)

    with play(process) as p:
        p.answer().answer()
        assert [p.donations[key]["t"]["data"] for key in ("first", "second")] == [[{"n": 1}], [{"n": 2}]]


def test_it_can_be_refused_and_ignored() -> None:
    def process(session: str) -> Script:
        agreed = yield flow.review(Table("t", "", {"n": [1]}))
        refused = yield flow.donate("refused", agreed)
        yield flow.show_text(str(refused))
        ignored = yield flow.donate("ignored", agreed)
        yield flow.show_text(str(ignored))

    with play(process) as p:
        p.refuse_donations()
        assert p.answer().text == "False"
        p.ignore_donations()
        assert p.answer().text == "None"
        assert p.donations == {}
        assert [p.refused[key]["t"]["data"] for key in ("refused", "ignored")] == [[{"n": 1}]] * 2


@pytest.mark.parametrize(
    ("parts", "form", "message"),
    [
        ([AgreedPart(2, "t")], "part", "refers to 't', which was not agreed to"),
        ([AgreedPart(1, "u")], "parts", "refers to 'u', which was not agreed to"),
        ([AgreedPart(1, "t"), AgreedPart(1, "v")], "rows", "refers to 2 parts, and must refer to one"),
        ([], "parts", "refers to nothing"),
    ],
)
def test_a_reference_to_what_was_not_agreed_to_fails_the_test(parts: list[AgreedPart], form: Any, message: str) -> None:
    def process(session: str) -> Script:
        yield flow.review([Table("t", "", {"n": [1]}), Table("v", "", {"n": [1]})])
        yield CommandSystemDonateAgreed("forged", parts, form)

    with play(process) as p, pytest.raises(AssertionError, match=f"the donation 'forged' {message}"):
        p.answer()
