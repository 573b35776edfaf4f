"""One example per message, command, payload, page and prompt: read by the definitions, and written back the same."""

import dataclasses
import json
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sidestage import protocol
from sidestage.flow.payload import read_payload
from sidestage.flow.wire_types import alternatives, types_in, wire_modules
from sidestage.protocol import commands, messages, payloads, to_wire, wire
from sidestage.protocol.reading import WireError, from_wire
from tools.generate_methods import request_modules, requests
from tools.generate_protocol import from_worker

FOLDER = Path(protocol.__file__).parent / "examples"
EXAMPLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
MESSAGES = {name: definition.payload.kind for name, (_, definition) in requests().items()} | from_worker()
UNIONS = [*map(typing.get_args, (protocol.Payload, protocol.Command)), *alternatives().values()]
STANDING_ALONE = {cls.__name__: cls for union in UNIONS for cls in union}
MODULES = (wire, payloads, *wire_modules(), commands, messages, *request_modules())
WIRE_TYPES = {item for module in MODULES for item in types_in(module)}


def read_example(name: str, example: Any) -> Any:
    """What an example is in Python, read strictly."""
    if name in STANDING_ALONE:
        return from_wire(STANDING_ALONE[name], example)
    if set(example) != {"type", "id", "payload"} or example["type"] != name:
        raise WireError(f"{name} is no message with type, id and payload")
    if (example["id"] is None) is not (name in ("log", "crashed")):
        raise WireError(f"the id {example['id']!r} does not fit the message {name}")
    return from_wire(MESSAGES[name], example["payload"])


def objects_in(value: Any) -> Iterator[Any]:
    """Every object of a wire type in a value, those too that stay in their form on the wire."""
    if wire.is_wire_type(type(value)):
        yield value
        hints = typing.get_type_hints(type(value), include_extras=True)
        for field in dataclasses.fields(value):
            item = getattr(value, field.name)
            forms = [part.of for part in typing.get_args(hints[field.name]) if isinstance(part, wire.WireForm)]
            yield from objects_in(from_wire(forms[0], item) if forms else item)
    elif isinstance(value, Mapping):
        yield from (found for item in value.values() for found in objects_in(item))
    elif isinstance(value, (list, tuple)):
        yield from (found for item in value for found in objects_in(item))


def test_every_message_and_every_alternative_has_an_example_and_no_other_file_is_there() -> None:
    assert set(EXAMPLES) == set(MESSAGES) | set(STANDING_ALONE)
    assert {path.suffix for path in FOLDER.iterdir()} == {".json"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_by_its_definition_and_written_back_the_same(name: str) -> None:
    example = EXAMPLES[name]
    again = to_wire(read_example(name, example))
    assert again == (example if name in STANDING_ALONE else _without_null(example["payload"]))


def _without_null(payload: Any) -> Any:
    return {key: value for key, value in payload.items() if value is not None}


def test_every_field_of_every_wire_type_stands_in_an_example() -> None:
    read = [read_example(name, example) for name, example in EXAMPLES.items()]
    read.append(from_wire(protocol.Response, EXAMPLES["answer"]["payload"]))
    found = [item for one in read for item in objects_in(one)]
    shown = {
        (type(item).__name__, field.name)
        for item in found
        for field in dataclasses.fields(item)
        if getattr(item, field.name) is not None
    }
    fields = {
        (cls.__name__, field.name)
        for cls in WIRE_TYPES
        for field in dataclasses.fields(cls)
        if cls is not payloads.PayloadVoid
    }
    assert fields - shown == set()
    assert {type(item) for item in found} == WIRE_TYPES


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("CommandSystemLog", ["level"], "fatal"),
        ("CommandSystemExit", ["code"], "0"),
        ("CommandSystemExit", ["reason"], "unknown"),
        ("PayloadTrue", ["value"], False),
        ("PayloadReview", ["value", "deleted", "senders"], ["1"]),
        ("PropsUIPromptConfirm", ["ok"], {"en": "Yes"}),
        ("PropsUIPageDataSubmission", ["body", 0, "__type__"], "PropsUIPromptMap"),
        ("progress", ["payload", "value"], "half"),
        ("log", ["id"], 1),
        ("ready", ["id"], None),
    ],
)
def test_a_value_that_does_not_fit_is_noticed(name: str, path: list[Any], value: Any) -> None:
    example = json.loads(json.dumps(EXAMPLES[name]))
    place = example
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(WireError):
        read_example(name, example)


@pytest.mark.parametrize("name", [cls.__name__ for cls in typing.get_args(protocol.Payload)])
def test_the_flow_reads_the_payloads_as_they_are_defined(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = [path for path in _paths_in(EXAMPLES[name]) if not Path(path).exists()]
    for path in files:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()
    payload = read_payload(EXAMPLES[name])
    assert type(payload) is STANDING_ALONE[name]
    if not files:
        assert payload == read_example(name, EXAMPLES[name])
        assert to_wire(payload) == EXAMPLES[name]
        return
    value: Any = payload.value
    opened = value if isinstance(value, list) else [value]
    assert [file.path for file in opened] == files
    for file in opened:
        file.close()


def _paths_in(example: Any) -> list[str]:
    value = example.get("value")
    references = value if isinstance(value, list) else [value]
    return [item["path"] for item in references if isinstance(item, dict) and "path" in item]
