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
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sidestage.errors import SidestageError
from sidestage.files import ParticipantFile

_SAFE_INTEGER = 2**53
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
        self.path = ""

    def within(self, step: str) -> ConversionError:
        """The same error, seen from one level further out."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        path = self.path if len(self.path) <= _LONGEST_PATH else f"{self.path[:_LONGEST_PATH]}…"
        return f"{self.reason} (at result{path})" if path else self.reason


class Encoded(NamedTuple):
    """A value as JSON text and the buffers that it refers to by position."""

    text: str
    buffers: Sequence[Any] = ()


def encode(value: Any) -> Encoded:
    """A value in its form on the wire.

    Raises:
        ConversionError: if it, or something in it, has none.
    """
    if _is_simple(value):
        # Most results of short calls: the walk would take longer than all the rest.
        return Encoded(json.dumps(value))
    buffers: list[Any] = []
    plain = _Encoder(buffers).plain(value)
    return Encoded(json.dumps(plain), buffers)


def _is_simple(value: Any) -> bool:
    kind = type(value)
    return value is None or kind is str or kind is bool or (kind is int and -_SAFE_INTEGER < value < _SAFE_INTEGER)


class _Encoder:
    """One walk through one value; remembers the containers it is in, to notice one that contains itself."""

    def __init__(self, buffers: list[Any]) -> None:
        self._buffers = buffers
        self._inside: set[int] = set()

    def plain(self, value: Any) -> Any:
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
        return self._binary(value)

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
            return {"$type": "bytes", "buffer": self._add(bytes(value) if isinstance(value, memoryview) else value)}
        if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "dtype"):
            return self._numpy(value)
        name = type(value).__name__
        hint = f"; {_HINTS[name]}" if name in _HINTS else ""
        raise ConversionError(f"a value of type {name} has no form outside Python{hint}")

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
        return json.loads(text)

    def revive(found: dict[str, Any]) -> Any:
        reader = _READERS.get(found["$type"]) if "$type" in found else None
        return reader(found, buffers) if reader else found

    return json.loads(text, object_hook=revive)


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
