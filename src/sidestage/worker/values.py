"""Values on the wire: JSON text, with large binary data beside it.

What JSON has no form for is an object with the key ``$type``:

======== ============================== ======================= ==========================
$type    other keys                     in Python               in JavaScript
======== ============================== ======================= ==========================
int      value (decimal text)           int beyond 2**53        BigInt
float    value (NaN, Infinity, ...)     float                   number
set      items                          set, frozenset          Set
map      entries                        dict, a key is no str   Map
object   entries                        dict with key "$type"   object
bytes    buffer (its position)          bytes                   Uint8Array
ndarray  dtype, shape, buffer           numpy.ndarray           {dtype, shape, data}
file     path, name, size               ParticipantFile         File
======== ============================== ======================= ==========================

A file only goes to Python: there is no way back for it.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sidestage.errors import SidestageError
from sidestage.files import ParticipantFile
from sidestage.protocol.payloads import FileReference
from sidestage.protocol.wire import fields_of, is_wire_type, tag_of, to_wire

_SAFE_INTEGER = 2**53


def _json_writer() -> Callable[[Any], str]:
    """What writes JSON text; its machinery is made once, where ``json`` makes it again for each text."""
    made = json.JSONEncoder(check_circular=False)
    machinery: Any = getattr(json.encoder, "c_make_encoder", None)
    if machinery is None:
        return made.encode
    write = machinery(None, made.default, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True)
    join = "".join
    return lambda value: join(write(value, 0))


_to_json = _json_writer()
_from_json = json.JSONDecoder().decode
_decoder, _decode = json.JSONDecoder, json.JSONDecoder.decode
#: Characters of the place of an error that are told; a value nested a thousand deep has thousands.
_LONGEST_PATH = 120
#: numpy's element types that a typed array can hold; others of the same kind are converted to the nearest.
_TYPED = {"bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"}
_NEAREST = {"float16": "float32", "longdouble": "float64", "float128": "float64", "float96": "float64"}
_HINTS = {
    "coroutine": "write 'await' before it",
    "generator": "make a list of it",
    "DataFrame": "return frame.to_dict('list')",
    "Series": "return series.tolist() or series.to_numpy()",
    "datetime": "return value.isoformat()",
    "date": "return value.isoformat()",
    "function": "call it, or return what it makes",
    "range": "make a list of it",
}
#: What to return instead of an array whose elements have no form, by numpy's letter for their kind.
_ARRAY_HINTS = {"c": "[array.real, array.imag]", "M": "array.astype(str).tolist()", "m": "array.astype('int64')"}


class ConversionError(SidestageError):
    """A value has no form outside Python; the message names it and where it stands."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        #: What the value is called, and the way from there to what has no form.
        self.name = "result"
        self.path = ""

    def within(self, step: str) -> ConversionError:
        """The same error, seen from one level further out."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        path = self.path if len(self.path) <= _LONGEST_PATH else f"{self.path[:_LONGEST_PATH]}…"
        return f"{self.reason} (at {self.name}{path})" if path else self.reason


class Encoded(NamedTuple):
    """A value as JSON text and the buffers that it refers to by position."""

    text: str
    buffers: Sequence[Any] = ()


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
        if kind is str or kind is bool or value is None:
            return value
        if isinstance(value, int):
            return int(value) if -_SAFE_INTEGER < value < _SAFE_INTEGER else {"$type": "int", "value": str(int(value))}
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"$type": "float", "value": _special(value)}
        if isinstance(value, str):
            return str(value)
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
                    made[wire] = item if is_whole or type(item) is str else plain(item)
        except ConversionError as error:
            raise error.within(f".{wire}") from None
        return made

    def _container(self, value: Any) -> Any:
        identity = id(value)
        if identity in self._inside:
            raise ConversionError(f"a {type(value).__name__} contains itself, which has no form outside Python")
        self._inside.add(identity)
        try:
            if isinstance(value, dict):
                return self._dict(value)
            items = self._items(value)
            return items if isinstance(value, (list, tuple)) else {"$type": "set", "items": items}
        except RecursionError:
            raise ConversionError("the value is nested too deeply") from None
        finally:
            self._inside.discard(identity)

    def _items(self, values: Iterable[Any]) -> list[Any]:
        plain, items, position = self.plain, [], 0
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
            kind = "object" if all(isinstance(key, str) for key in value) else "map"
            entries = []
            for key, item in value.items():
                entries.append([plain(key), plain(item)])
        except ConversionError as error:
            raise error.within(f"[{key!r}]") from None
        return {"$type": kind, "entries": entries}

    def _binary(self, value: Any) -> Any:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$type": "bytes", "buffer": self._add(_flat(value) if isinstance(value, memoryview) else value)}
        if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "dtype"):
            return self._numpy(value)
        if isinstance(value, (ParticipantFile, os.PathLike)) and self._files:
            return self._file(value)
        name = type(value).__name__
        hint = f"; {_HINTS[name]}" if name in _HINTS else ""
        raise ConversionError(f"a value of type {name} has no form outside Python{hint}")

    def _file(self, value: Any) -> Any:
        if not self._files:
            raise ConversionError("a file has no form outside Python; return what is in it")
        try:
            reference = _reference_to(value)
        except OSError as error:
            raise ConversionError(f"the file {os.fspath(value)!r} cannot be given: {error.strerror}") from None
        return to_wire(reference)

    def _numpy(self, value: Any) -> Any:
        if hasattr(value, "mask"):
            # A typed array has no place for what is masked.
            raise ConversionError("a masked numpy array has no form outside Python; return array.filled(...)")
        if value.ndim == 0:
            item = value.item()
            if type(item).__module__.partition(".")[0] == "numpy":
                raise ConversionError(f"a numpy.{type(value).__name__} has no form outside Python")
            return self.plain(item)
        name = _NEAREST.get(value.dtype.name, value.dtype.name)
        if name not in _TYPED:
            hint = _ARRAY_HINTS.get(value.dtype.kind, "array.tolist()")
            raise ConversionError(f"a numpy array of {value.dtype.name} has no form outside Python; return {hint}")
        native = value.astype(
            value.dtype.newbyteorder("=") if name == value.dtype.name else name, order="C", copy=False
        )
        flat = memoryview(native.reshape(-1).view("uint8")) if native.size else b""
        return {"$type": "ndarray", "dtype": name, "shape": list(value.shape), "buffer": self._add(flat)}

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


def decode(text: str, buffers: Sequence[Any] = ()) -> Any:
    """A value from its form on the wire.

    Raises:
        ConversionError: if it needs numpy, which is not installed.
    """
    if '"$type"' not in text:
        return _from_json(text)

    def revive(found: dict[str, Any]) -> Any:
        reader = _READERS.get(found["$type"]) if "$type" in found else None
        return reader(found, buffers) if reader else found

    return _decode(_decoder(object_hook=revive), text)


def _read_ndarray(found: Mapping[str, Any], buffers: Sequence[Any]) -> Any:
    try:
        import numpy
    except ImportError:
        raise ConversionError("an array was given, but numpy is not installed; add it to the packages") from None
    return numpy.frombuffer(bytearray(buffers[found["buffer"]]), dtype=found["dtype"]).reshape(found["shape"])


def _hashable(key: Any) -> Any:
    return tuple(map(_hashable, key)) if isinstance(key, list) else key


_READERS: dict[str, Callable[[dict[str, Any], Sequence[Any]], Any]] = {
    "int": lambda found, _: int(found["value"]),
    "float": lambda found, _: float(found["value"]),
    "set": lambda found, _: set(map(_hashable, found["items"])),
    "map": lambda found, _: {_hashable(key): item for key, item in found["entries"]},
    "object": lambda found, _: dict(found["entries"]),
    "bytes": lambda found, buffers: bytes(buffers[found["buffer"]]),
    "ndarray": _read_ndarray,
    "file": lambda found, _: ParticipantFile(found["path"], found["name"]),
}

# json refuses whole numbers of more than 4,300 digits, which a script may well make.
sys.set_int_max_str_digits(0)
