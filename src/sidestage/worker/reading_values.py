"""Values on their way in, from their form on the wire, which ``values`` tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sidestage.files import ParticipantFile
from sidestage.worker.arrays import read_array
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.records import read_records

_from_json = json.JSONDecoder().decode
_decoder, _decode = json.JSONDecoder, json.JSONDecoder.decode


def decode(text: str, buffers: Sequence[Any] = ()) -> Any:
    """A value from its form on the wire.

    Raises:
        ConversionError: if something in it has no form in Python.
    """
    if '"$type"' not in text:
        return _from_json(text)

    def revive(found: dict[str, Any]) -> Any:
        reader = _READERS.get(found["$type"]) if "$type" in found else None
        return reader(found, buffers) if reader else found

    try:
        return _decode(_decoder(object_hook=revive), text)
    except ConversionError:
        _tell_place(_from_json(text), revive)
        raise


def _tell_place(raw: Any, revive: Callable[[dict[str, Any]], Any]) -> Any:
    """Read a value that cannot be read once more, step by step; the error then says where it happened."""
    key: Any = None
    try:
        if isinstance(raw, list):
            items = []
            for key, item in enumerate(raw):  # noqa: B007  # the handler below names the place
                items.append(_tell_place(item, revive))
            return items
        if isinstance(raw, dict):
            read = {}
            for key, item in raw.items():
                read[key] = _tell_place(item, revive)
            key = None
            return revive(read)
    except ConversionError as error:
        error.name = "payload"
        step = f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]"
        raise error.within("" if key is None or "$type" in raw else step) from None
    return raw


def _set(found: Mapping[str, Any]) -> set[Any]:
    items = [_hashable(item, "a set that holds") for item in found["items"]]
    made = set(items)
    if len(made) < len(items):
        one, other = _equals(items)
        raise ConversionError(f"{one!r} and {other!r} are one in a set of Python's")
    return made


def _map(found: Mapping[str, Any]) -> dict[Any, Any]:
    entries = [(_hashable(key, "a key that is"), item) for key, item in found["entries"]]
    made = dict(entries)
    if len(made) < len(entries):
        one, other = _equals([key for key, _ in entries])
        raise ConversionError(f"the keys {one!r} and {other!r} are one in a dict of Python's")
    return made


def _hashable(value: Any, role: str) -> Any:
    """A value as Python can hold it in a set, or as a key: a list as a tuple, a set as one that stays as it is."""
    if isinstance(value, list):
        return tuple(_hashable(item, role) for item in value)
    if isinstance(value, set):
        return frozenset(value)
    try:
        hash(value)
    except (TypeError, ValueError):
        called = "an object" if isinstance(value, dict) else "an array"
        raise ConversionError(f"{role} {called} has no form in Python") from None
    return value


def _equals(values: Sequence[Any]) -> tuple[Any, Any]:
    """The first two that are equal."""
    seen: dict[Any, Any] = {}
    return next((seen[value], value) for value in values if value in seen or seen.update({value: value}))


_READERS: dict[str, Callable[[dict[str, Any], Sequence[Any]], Any]] = {
    "int": lambda found, _: int(found["value"]),
    "float": lambda found, _: float(found["value"]),
    "set": lambda found, _: _set(found),
    "map": lambda found, _: _map(found),
    "object": lambda found, _: dict(found["entries"]),
    "text": lambda found, buffers: str(buffers[found["buffer"]], "utf-8", "surrogatepass"),
    "bytes": lambda found, buffers: bytes(buffers[found["buffer"]]),
    "ndarray": lambda found, buffers: read_array(found["dtype"], found["shape"], buffers[found["buffer"]]),
    "records": read_records,
    "file": lambda found, _: ParticipantFile(found["path"], found["name"]),
}
