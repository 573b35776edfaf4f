"""Values on their way out, in their form on the wire: JSON text, with large binary data beside it.

What JSON has no form for is an object with the key ``$type``:

======== ============================== ======================= ==========================
$type    other keys                     in Python               in JavaScript
======== ============================== ======================= ==========================
int      value (decimal text)           int beyond 2**53        BigInt
float    value (NaN, Infinity, ...)     float                   number
set      items                          set, frozenset          Set
map      entries                        dict, a key is no str   Map
object   entries                        dict with key "$type"   object
text     buffer (its position)          str, a large one        string
bytes    buffer                         bytes                   Uint8Array
ndarray  dtype, shape, buffer           numpy.ndarray           {dtype, shape, data}
records  groups (see records.py)        Records                 Array of objects
file     path, name, size               ParticipantFile         File
======== ============================== ======================= ==========================

A file only goes to Python: there is no way back for it. ``reading_values`` has the way in.
"""

from __future__ import annotations

import enum
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sidestage import numpy_types
from sidestage.files import ParticipantFile
from sidestage.protocol.limits import LARGE_TEXT
from sidestage.protocol.payloads import FileReference
from sidestage.protocol.wire import Records, fields_of, is_wire_type, tag_of, to_wire
from sidestage.worker.arrays import array_form, scalar_value
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.large_text import LargeText
from sidestage.worker.records import records_form

_SAFE_INTEGER = 2**53


def _json_writer() -> Callable[[Any], str]:
    """What writes JSON text; its machinery is made once, where ``json`` makes it again for each text."""
    made = json.JSONEncoder(check_circular=False, ensure_ascii=False)
    machinery: Any = getattr(json.encoder, "c_make_encoder", None)
    if machinery is None:
        return made.encode
    write = machinery(None, made.default, json.encoder.encode_basestring, None, ":", ",", False, False, True)
    join = "".join
    return lambda value: join(write(value, 0))


_to_json = _json_writer()
#: What an object of a subclass inherits, whatever the subclass says of itself: an enum has a text of its own.
_int_of, _float_of, _str_of = int.__int__, float.__float__, str.__str__
_HINTS = {
    "coroutine": "write 'await' before it",
    "generator": "make a list of it",
    "DataFrame": "return frame.to_dict('list')",
    "Series": "return series.tolist() or series.to_numpy()",
    "datetime": "return value.isoformat()",
    "date": "return value.isoformat()",
    "function": "call it, or return what it makes",
    "range": "make a list of it",
    "time": "return value.isoformat()",
    "timedelta": "return value.total_seconds()",
    "Timestamp": "return value.isoformat()",
    "Timedelta": "return value.total_seconds()",
    "Index": "return index.tolist()",
    "NAType": "return None",
    "NaTType": "return None",
    "Decimal": "return str(value) or float(value)",
    "UUID": "return str(value)",
}


class Encoded(NamedTuple):
    """A value as JSON text and the buffers that it refers to by position: bytes, views of bytes and large texts."""

    text: str
    buffers: Sequence[Any] = ()

    def utf8(self) -> bytes:
        """The text as bytes; half a character, which has none, as JSON escapes it."""
        return self.text.encode(errors="backslashreplace")

    def whole_buffers(self) -> list[Any]:
        """The buffers, with the bytes of large texts made."""
        return [bytes(buffer) if type(buffer) is LargeText else buffer for buffer in self.buffers]


def encode(value: Any, *, files: bool = False) -> Encoded:
    """A value in its form on the wire.

    Args:
        value: what is to be sent; objects of the protocol's types may be in it.
        files: whether participants' files, and paths of files, may be in it: they only go to a worker.

    Raises:
        ConversionError: if it, or something in it, has none.
    """
    buffers: list[Any] = []
    plain = _Encoder(buffers, files).plain(value)
    return Encoded(_to_json(plain), buffers)


def encode_message(kind: str, request_id: int | None, payload: Any, returned: str | None = None) -> Encoded:
    """A whole message of a worker.

    Args:
        kind: its type.
        request_id: the request that it belongs to.
        payload: an object of a wire type.
        returned: the field that the caller gets of it, which an error does not name then.

    Raises:
        ConversionError: if something in the payload has no form on the wire.
    """
    buffers: list[Any] = []
    try:
        plain = _Encoder(buffers).wire_type(payload)
    except ConversionError as error:
        error.name, error.path = kind, error.path.removeprefix(f".{returned}")
        raise
    return Encoded(_to_json({"type": kind, "id": request_id, "payload": plain}), buffers)


@cache
def _form_of(kind: type) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, bool], ...]]:
    """What objects of a wire type say of themselves, and their fields: in Python, on the wire, and if left as it is.

    A whole number of the protocol's own is an ordinary number on the wire, however large.
    """
    tag = tag_of(kind)
    return (tag,) if tag else (), tuple((field.name, field.wire, field.is_whole) for field in fields_of(kind))


class _Encoder:
    """One walk through one value; remembers the containers it is in, to notice one that contains itself."""

    def __init__(self, buffers: list[Any], files: bool = False) -> None:
        self._buffers = buffers
        self._files = files
        self._inside: set[int] = set()

    def plain(self, value: Any) -> Any:
        """Whatever has a form on the wire."""
        kind = type(value)
        if kind is str:
            return value if len(value) < LARGE_TEXT else {"$type": "text", "buffer": self._add(LargeText(value))}
        if kind is bool or value is None:
            return value
        if isinstance(value, int):
            whole = value if kind is int else _int_of(value)
            return whole if -_SAFE_INTEGER < whole < _SAFE_INTEGER else {"$type": "int", "value": str(whole)}
        if isinstance(value, float):
            number = value if kind is float else _float_of(value)
            return number if math.isfinite(number) else {"$type": "float", "value": _special(number)}
        if isinstance(value, str):
            return self.plain(_str_of(value))
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return self._container(value)
        if is_wire_type(kind):
            return self.wire_type(value)
        return self._binary(value)

    def wire_type(self, value: Any) -> Any:
        """An object of a wire type."""
        kind: Any = type(value)
        if kind is FileReference:
            return self._file(value)
        tag, fields = _form_of(kind)
        made, plain, wire = dict(tag), self.plain, ""
        try:
            for name, wire, is_whole in fields:
                item = getattr(value, name)
                if item is not None:
                    is_short = type(item) is str and len(item) < LARGE_TEXT
                    made[wire] = item if is_whole or is_short else plain(item)
        except ConversionError as error:
            raise error.within(f".{wire}") from None
        return made

    def _key(self, value: Any) -> Any:
        """A key, or what stands in a set: a text stays within the message there, however large."""
        return _str_of(value) if isinstance(value, str) else self.plain(value)

    def _container(self, value: Any) -> Any:
        identity = id(value)
        if identity in self._inside:
            raise ConversionError(f"a {type(value).__name__} contains itself, which has no form outside Python")
        self._inside.add(identity)
        try:
            if isinstance(value, dict):
                return self._dict(value)
            if type(value) is Records:
                return records_form(value, self.plain, self._add)
            if isinstance(value, (list, tuple)):
                return self._items(value, self.plain)
            return {"$type": "set", "items": self._items(value, self._key)}
        except RecursionError:
            raise ConversionError("the value is nested too deeply") from None
        finally:
            self._inside.discard(identity)

    def _items(self, values: Iterable[Any], plain: Callable[[Any], Any]) -> list[Any]:
        items: list[Any] = []
        position = 0
        try:
            for position, item in enumerate(values):  # noqa: B007  # the handler below names the position
                items.append(plain(item))
        except ConversionError as error:
            raise error.within(f"[{position}]") from None
        return items

    def _dict(self, value: dict[Any, Any]) -> Any:
        plain, made, key = self.plain, {}, None
        try:
            if all(type(key) is str for key in value) and "$type" not in value:
                for key, item in value.items():
                    made[key] = plain(item)
                return made
            entries = []
            for key, item in value.items():
                entries.append([self._key(key), plain(item)])
        except ConversionError as error:
            raise error.within(f"[{key!r}]") from None
        _refuse_twins(value, [key for key, _ in entries])
        if not all(isinstance(key, str) for key in value):
            return {"$type": "map", "entries": entries}
        made = dict(entries)
        return {"$type": "object", "entries": entries} if "$type" in made else made

    def _binary(self, value: Any) -> Any:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$type": "bytes", "buffer": self._add(_flat(value) if isinstance(value, memoryview) else value)}
        ndarray = numpy_types.array_type(value)
        if ndarray is not None and value.ndim:
            dtype, shape, elements = array_form(value, ndarray, self._files)
            return {"$type": "ndarray", "dtype": dtype, "shape": shape, "buffer": self._add(elements)}
        if ndarray is not None or numpy_types.is_scalar(value):
            return self.plain(scalar_value(value))
        if isinstance(value, (ParticipantFile, os.PathLike)) and self._files:
            return self._file(value)
        name = type(value).__name__
        hint = "return its .value" if isinstance(value, enum.Enum) else _HINTS.get(name)
        raise ConversionError(f"a value of type {name} has no form outside Python{f'; {hint}' if hint else ''}")

    def _file(self, value: Any) -> Any:
        if not self._files:
            raise ConversionError("a file has no form outside Python; return what is in it")
        try:
            reference = _reference_to(value)
        except OSError as error:
            raise ConversionError(f"the file {os.fspath(value)!r} cannot be given: {error.strerror}") from None
        return to_wire(reference)

    def _add(self, buffer: Any) -> int:
        self._buffers.append(buffer)
        return len(self._buffers) - 1


def _flat(view: memoryview) -> memoryview | bytes:
    """The bytes of a view; not copied where they lie one after another."""
    return view.cast("B") if view.c_contiguous and view.nbytes else view.tobytes()


def _reference_to(file: Any) -> FileReference:
    if isinstance(file, FileReference):
        return file
    if isinstance(file, ParticipantFile):
        return FileReference(os.path.abspath(file.path), file.name, file.size)
    path = os.path.abspath(file)
    return FileReference(path, os.path.basename(path), os.stat(path).st_size)


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _refuse_twins(given: Iterable[Any], keys: Sequence[Any]) -> None:
    """Of two keys that are one on the other side, one entry would be lost there.

    Args:
        given: the keys as they are.
        keys: the same in their form on the wire; a list, such as a tuple becomes, is a key of its own everywhere.

    Raises:
        ConversionError: if there are two.
    """
    forms = [key if type(key) in (str, int, float, bool) else None if type(key) is list else str(key) for key in keys]
    told = [form for form in forms if form is not None]
    if len(set(told)) == len(told):
        return
    first: dict[Any, Any] = {}
    for key, form in zip(given, forms, strict=True):
        if form is not None and form in first:
            raise ConversionError(f"the keys {first[form]!r} and {key!r} would become one outside Python")
        first[form] = key


# json refuses whole numbers of more than 4,300 digits, which a script may well make.
sys.set_int_max_str_digits(0)
