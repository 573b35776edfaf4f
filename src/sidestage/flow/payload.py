"""A payload off the wire, as the object that scripts read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sidestage.files import ParticipantFile
from sidestage.flow.step import FlowError
from sidestage.protocol import FileReference, Payload, PayloadVoid
from sidestage.protocol.reading import Rules, WireError, from_wire

_NAMES = {cls.__name__ for cls in get_args(Payload)}


def read_payload(wire: Any) -> Payload:
    """A payload object from its form on the wire, ``{"__type__": name, "value": value}``. None is PayloadVoid.

    Raises:
        FlowError: if it is no payload of the protocol.
    """
    if wire is None:
        return PayloadVoid()
    if isinstance(wire, get_args(Payload)):
        return wire  # type: ignore[no-any-return]
    if not isinstance(wire, Mapping):
        raise FlowError(f"a payload must be an object with a __type__, got a {type(wire).__name__}")
    name = wire.get("__type__")
    if name not in _NAMES:
        raise FlowError(f"{name!r} is no payload that Sidestage knows")
    try:
        return from_wire(Payload, wire, str(name), _RULES)  # type: ignore[no-any-return]
    except WireError as error:
        raise FlowError(f"the value of a {name} does not fit: {error}") from None


def _file(value: Any) -> Any:
    """A file object; one that is a file object already stays what it is."""
    if isinstance(value, Mapping):
        value = from_wire(FileReference, {"$type": "file", **value})
    if isinstance(value, FileReference):
        return ParticipantFile(value.path, value.name)
    if hasattr(value, "read"):
        return value
    raise WireError("must be a file")


#: A host may say more than Sidestage knows.
_RULES = Rules(strict=False, instead={FileReference: _file})
