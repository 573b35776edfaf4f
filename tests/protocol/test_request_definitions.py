"""Requests are defined once, by their handlers: what a definition lacks is named, and nothing stands elsewhere."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from sidestage import protocol
from sidestage.engine import PythonWorker
from sidestage.engine.methods_gen import RequestMethods
from sidestage.protocol.messages import LogReport
from sidestage.protocol.requests import Definition, Handlers, definitions_in, request
from sidestage.protocol.wire import fields_of, is_wire_type, untagged, wire_type
from sidestage.worker.rooms_gen import ROOMS
from tools.generate_methods import attributes_in, request_modules, requests

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(protocol.__file__).parent / "examples"
DEFINITIONS = {name: definition for name, (_, definition) in requests().items()}
MODULES = request_modules()


@untagged
@wire_type
class MeasureRequest:
    """What to measure."""

    what: str


@untagged
@wire_type
class LengthReply:
    """How long."""

    centimetres: float


@untagged
@wire_type
class StepReport:
    """A step on the way."""

    done: int


class Requests(Handlers):
    """A room."""

    @request(reports=[StepReport])
    async def measure_it(self, asked: MeasureRequest) -> LengthReply:
        """Measure."""
        raise NotImplementedError

    @request(returns="centimetres", method=False)
    def guess(self, asked: MeasureRequest) -> LengthReply | Awaitable[LengthReply]:
        """Guess."""
        raise NotImplementedError

    @request()
    def nameless(self, asked: MeasureRequest) -> MeasureRequest:
        """Its reply is named in another way."""
        raise NotImplementedError

    @request()
    def untold(self, asked: MeasureRequest):  # type: ignore[no-untyped-def]
        """It does not say what it returns."""

    @request()
    def idle(self) -> LengthReply:
        """It takes nothing."""
        raise NotImplementedError


FOUND = definitions_in(Requests)


def test_a_definition_is_read_from_its_handler() -> None:
    measured: Definition = FOUND["measureIt"]
    assert (measured.payload.kind, measured.reply, measured.reply_name) == (MeasureRequest, LengthReply, "length")
    assert measured.reports["step"] is StepReport
    assert measured.reports["log"] is LogReport
    assert measured.has_method
    assert (FOUND["guess"].reply, FOUND["guess"].returns, FOUND["guess"].has_method) == (
        LengthReply,
        "centimetres",
        False,
    )


@pytest.mark.parametrize(
    ("name", "part", "sentence"),
    [
        ("nameless", "reply_name", "the class MeasureRequest must have a name that ends in Reply"),
        ("untold", "reply", "the handler .*Requests.untold must say in its annotation which reply it returns"),
        ("idle", "payload", "the handler .*Requests.idle must take one payload, with its type; it takes \\[\\]"),
    ],
)
def test_what_a_handler_lacks_is_told(name: str, part: str, sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        getattr(FOUND[name], part)


@pytest.mark.parametrize("module", MODULES, ids=[module.__name__ for module in MODULES])
def test_every_public_method_of_a_room_is_a_request(module: Any) -> None:
    methods = {name for name in vars(module.Requests) if not name.startswith("_")}
    marked = {definition.handler.__name__ for definition in definitions_in(module.Requests).values()}
    assert methods - marked == set(), "these lack @request, or an underscore before their name"


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_request_lacks_nothing(name: str) -> None:
    definition = DEFINITIONS[name]
    lacking = []
    for message in (name, definition.reply_name, *definition.reports):
        if not (EXAMPLES / f"{message}.json").exists():
            lacking.append(f"src/sidestage/protocol/examples/{message}.json")
    if ROOMS.get(name) != definition.handler.__module__:
        lacking.append("its place in the table of rooms: make protocol")
    if definition.has_method:
        for engine in (RequestMethods, PythonWorker):
            method = getattr(engine, definition.handler.__name__, None)
            if method is None or not inspect.getdoc(method):
                lacking.append(f"the method {definition.handler.__name__} of {engine.__name__}, with its docstring")
    fields = {field.name for field in fields_of(definition.reply)}
    if definition.returns is not None and definition.returns not in fields:
        lacking.append(f"the field {definition.returns!r} of {definition.reply.__name__}, which it returns")
    if f"| `{name}` | `{definition.reply_name}` |" not in (ROOT / "docs/protocol.md").read_text(encoding="utf-8"):
        lacking.append("its row in docs/protocol.md")
    assert lacking == []


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if DEFINITIONS[name].has_method])
def test_every_field_of_a_request_is_described_where_it_is_defined(name: str) -> None:
    kind = DEFINITIONS[name].payload.kind
    if is_wire_type(kind):
        assert attributes_in(kind.__doc__).keys() == {field.name for field in fields_of(kind)}


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if DEFINITIONS[name].has_method])
def test_the_docs_of_both_engines_name_every_method(name: str) -> None:
    method = DEFINITIONS[name].handler.__name__
    assert re.search(rf"\b{name}\(", (ROOT / "docs/python-worker.md").read_text(encoding="utf-8"))
    assert re.search(rf"\b{method}\(", (ROOT / "docs/python-engine.md").read_text(encoding="utf-8"))


def test_the_dispatcher_finds_every_request_of_every_room_and_no_other() -> None:
    assert set(ROOMS) == set(DEFINITIONS)
