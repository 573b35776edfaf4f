"""A payload off the wire, as the object that scripts read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sidestage.files import ParticipantFile
from sidestage.flow.step import FlowError
from sidestage.protocol import (
    DonationResult,
    Payload,
    PayloadError,
    PayloadFalse,
    PayloadFile,
    PayloadFileArray,
    PayloadFiles,
    PayloadJSON,
    PayloadResponse,
    PayloadReview,
    PayloadString,
    PayloadTrue,
    PayloadVoid,
    Review,
)

_WITHOUT_VALUE = {cls.__name__: cls for cls in (PayloadVoid, PayloadTrue, PayloadFalse)}
_WITH_VALUE = {cls.__name__: cls for cls in (PayloadString, PayloadJSON, PayloadError)}
_WITH_FILES = {cls.__name__: cls for cls in (PayloadFileArray, PayloadFiles)}


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
    name, value = wire.get("__type__"), wire.get("value")
    try:
        return _payload(name, value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FlowError(f"the value of a {name} does not fit: {error}") from None


def _payload(name: Any, value: Any) -> Payload:
    if name in _WITHOUT_VALUE:
        return _WITHOUT_VALUE[name]()
    if name in _WITH_VALUE:
        return _WITH_VALUE[name](value)
    if name == "PayloadFile":
        return PayloadFile(_file(value))
    if name in _WITH_FILES:
        return _WITH_FILES[name]([_file(item) for item in value])
    if name == "PayloadReview":
        deleted = {table: tuple(map(int, rows)) for table, rows in value["deleted"].items()}
        return PayloadReview(Review(deleted, value.get("agreement")))
    if name == "PayloadResponse":
        return PayloadResponse(DonationResult(value["success"], value["key"], value["status"], value.get("error")))
    raise FlowError(f"{name!r} is no payload that Sidestage knows")


def _file(value: Any) -> Any:
    """A file object; one that is a file object already stays what it is."""
    return ParticipantFile(value["path"], value["name"]) if isinstance(value, Mapping) else value
