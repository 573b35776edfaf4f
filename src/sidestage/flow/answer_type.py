"""The type that a study declares for the answer to its own prompt: which payloads bring it, which values fit."""

from __future__ import annotations

import json
import types
from collections.abc import Collection
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from sidestage.protocol import Payload, PayloadFalse, PayloadJSON, PayloadString, PayloadTrue, PayloadVoid
from sidestage.protocol.reading import WireError, from_wire, reader_of

#: The payloads that can bring a value.
ValuePayload: TypeAlias = Literal["PayloadVoid", "PayloadTrue", "PayloadFalse", "PayloadString", "PayloadJSON"]

#: A few values of each type, to try a script with.
_EXAMPLES: dict[Any, tuple[Any, ...]] = {
    types.NoneType: (None,),
    bool: (True, False),
    str: ("some text",),
    int: (0, 1),
    float: (0.0, 1.5),
    list: ([],),
    dict: ({},),
    object: (None, True, 1, "some text"),
    Any: (None, True, 1, "some text"),
}


def payload_names(kind: Any) -> list[ValuePayload]:
    """The names of the payloads that bring values of a type.

    Raises:
        TypeError: if no payload can bring such values.
    """
    reader_of(kind)
    return list(dict.fromkeys(name for each in _alternatives(kind) for name in _names_for(each)))


def _names_for(kind: Any) -> tuple[ValuePayload, ...]:
    if kind is types.NoneType:
        return ("PayloadVoid",)
    if kind is bool:
        return ("PayloadTrue", "PayloadFalse")
    if kind is str or (get_origin(kind) is Literal and all(isinstance(item, str) for item in get_args(kind))):
        return ("PayloadString",)
    return ("PayloadJSON",)


def payload_of(value: Any, names: Collection[str]) -> Payload | None:
    """The payload by which the page sends a value of JSON, of those with these names; None if there is none for it."""
    if value is None and "PayloadVoid" in names:
        return PayloadVoid()
    if isinstance(value, bool) and "PayloadTrue" in names:
        return PayloadTrue() if value else PayloadFalse()
    if isinstance(value, str) and "PayloadString" in names:
        return PayloadString(value)
    return PayloadJSON(json.dumps(value)) if "PayloadJSON" in names else None


def value_of(payload: Payload, kind: Any) -> Any:
    """The value that a payload brings.

    Raises:
        TypeError: if it is not of the type; the message tells nothing of the value.
    """
    name = type(payload).__name__
    if name not in payload_names(kind):
        raise TypeError(f"a {name}")
    try:
        value = from_wire(kind, json.loads(payload.value) if isinstance(payload, PayloadJSON) else payload.value)
    except WireError as error:
        raise TypeError(f"something in it {error.reason}") from None
    except ValueError:
        raise TypeError(f"a {name} that is no JSON") from None
    alternatives = _alternatives(kind)
    # JavaScript has one type of numbers.
    return float(value) if type(value) is int and float in alternatives and int not in alternatives else value


def fits(value: Any, kind: Any) -> bool:
    """Whether a value of JSON is of a type."""
    try:
        from_wire(kind, json.loads(json.dumps(value)))
    except (WireError, TypeError, ValueError):
        return False
    return True


def examples_of(kind: Any) -> list[Any]:
    """A few values of a type."""
    return [example for each in _alternatives(kind) for example in _examples(each)]


def _examples(kind: Any) -> tuple[Any, ...]:
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if origin is Literal:
        return inner
    if issubclass(origin, dict):
        return ({},)
    return ([], examples_of(inner[0])) if inner else _EXAMPLES[origin]


def _alternatives(kind: Any) -> tuple[Any, ...]:
    """The types that a union is made of; each other type is the only one."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def type_name(kind: Any) -> str:
    """A type as it is written."""
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).replace("typing.", "")
