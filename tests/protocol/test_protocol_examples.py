"""One example per message, command, payload, page and prompt: read by the definitions, and written back the same."""

import collections.abc
import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any

import pytest

from sidestage import protocol
from sidestage.flow.payload import read_payload
from sidestage.flow.wire_types import alternatives, types_in, wire_modules
from sidestage.protocol import commands, messages, payloads, to_wire, wire
from sidestage.protocol.messages import REPORTS, REQUESTS

FOLDER = Path(protocol.__file__).parent / "examples"
EXAMPLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
MESSAGES = {name: cls for name, (cls, _) in REQUESTS.items()} | dict(REPORTS)
OPEN = alternatives()
UNIONS = [*map(typing.get_args, (protocol.Payload, protocol.Command)), *OPEN.values()]
STANDING_ALONE = {cls.__name__: cls for union in UNIONS for cls in union}
MODULES = (wire, payloads, *wire_modules(), commands, messages)
WIRE_TYPES = {item for module in MODULES for item in types_in(module)}


class Misfit(Exception):
    """A value does not fit its definition."""


def read(kind: Any, value: Any, seen: dict[type, set[str]]) -> Any:
    """A value off the wire as its type, strictly by the type hints. Notes which fields of which types were met."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return _read_wire_type(typing.cast("type", kind), value, seen)
    if origin in (typing.Union, types.UnionType) or kind in OPEN:
        return _read_union(OPEN.get(kind, arguments), value, seen)
    if origin is typing.Literal:
        fits = any(type(value) is type(item) and value == item for item in arguments)
    elif origin is collections.abc.Sequence:
        if not isinstance(value, list):
            raise Misfit(f"{value!r} is no list")
        return [read(arguments[0], item, seen) for item in value]
    elif origin in (collections.abc.Mapping, dict):
        if not isinstance(value, dict):
            raise Misfit(f"{value!r} is no object")
        return {key: read(arguments[1], item, seen) for key, item in value.items()}
    else:
        fits = type(value) in ((int, float) if kind is float else (kind,))
    if not fits:
        raise Misfit(f"{value!r} is no {kind}")
    return value


def _read_union(kinds: collections.abc.Sequence[Any], value: Any, seen: dict[type, set[str]]) -> Any:
    name = value.get("__type__") if isinstance(value, dict) else None
    own = [kind for kind in kinds if name is not None and getattr(kind, "__name__", "") == name]
    reasons = []
    for kind in own or kinds:
        try:
            return read(kind, value, seen)
        except Misfit as error:
            reasons.append(str(error))
    raise Misfit("; ".join(reasons))


def _read_wire_type(cls: type, value: Any, seen: dict[type, set[str]]) -> Any:
    if not isinstance(value, dict):
        raise Misfit(f"{value!r} is no {cls.__name__}")
    rest, hints, given = dict(value), typing.get_type_hints(cls), {}
    if wire.is_tagged(cls) and rest.pop("__type__", None) != cls.__name__:
        raise Misfit(f"{value!r} lacks its __type__, {cls.__name__}")
    for field in dataclasses.fields(cls):
        name = field.metadata.get("wire", field.name)
        if name in rest:
            given[field.name] = read(hints[field.name], rest.pop(name), seen)
            seen.setdefault(cls, set()).add(name)
    if rest:
        raise Misfit(f"{cls.__name__} has no field {', '.join(rest)}")
    seen.setdefault(cls, set())
    try:
        return cls(**given)
    except TypeError as error:
        raise Misfit(str(error)) from None


def read_example(name: str, example: Any, seen: dict[type, set[str]] | None = None) -> Any:
    seen = {} if seen is None else seen
    if name in STANDING_ALONE:
        return read(STANDING_ALONE[name], example, seen)
    if set(example) != {"type", "id", "payload"} or example["type"] != name:
        raise Misfit(f"{name} is no message with type, id and payload")
    if (example["id"] is None) is not (name in ("log", "crashed")):
        raise Misfit(f"the id {example['id']!r} does not fit the message {name}")
    return read(MESSAGES[name], example["payload"], seen)


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
    seen: dict[type, set[str]] = {}
    for name, example in EXAMPLES.items():
        read_example(name, example, seen)
    fields = {
        (cls.__name__, field.metadata.get("wire", field.name))
        for cls in WIRE_TYPES
        for field in dataclasses.fields(typing.cast("Any", cls))
        if cls is not payloads.PayloadVoid
    }
    assert {(cls.__name__, name) for cls, names in seen.items() for name in names} == fields
    assert seen.keys() == WIRE_TYPES


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
    with pytest.raises(Misfit):
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
        assert payload == read_example(name, EXAMPLES[name]) or name == "PayloadReview"
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
