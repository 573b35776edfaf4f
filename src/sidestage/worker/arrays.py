"""numpy's arrays and scalars on the wire: as the bytes of their elements, with the name of the element's type."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from sidestage.worker.conversion_error import ConversionError

#: The element types that have a form, and Python's letter for each.
FORMATS = {
    **{"bool": "?", "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"},
    **{"int64": "q", "uint64": "Q", "float16": "e", "float32": "f", "float64": "d"},
}
#: What numpy calls the longest float depends on the machine.
_LONGEST_FLOATS = ("longdouble", "float128", "float96")
#: Elements that leave Python as the nearest type that every browser has arrays of.
_NEAREST = {"float16": "float32", **dict.fromkeys(_LONGEST_FLOATS, "float64")}
#: What an array is called whose elements have no form, and what to return instead, by numpy's letter for their kind.
_REFUSED = {
    "c": ("a numpy array of {}", "[array.real, array.imag]"),
    "M": ("a numpy array of {}", "array.astype(str).tolist()"),
    "m": ("a numpy array of {}", "array / numpy.timedelta64(1, 's'), which are seconds"),
    "V": ("a structured numpy array", "array.tolist(), or an array per field: array['name']"),
}
_SCALAR_HINTS = {"M": "str(value)", "m": "value / numpy.timedelta64(1, 's'), which is seconds"}


#: The types of elements that came before and leave Python as they are. numpy takes its time to tell their names.
_AS_THEY_ARE: dict[Any, str] = {}


class ArrayForm(NamedTuple):
    """What an array is on the wire: its element type, its shape, and the bytes of its elements, one after another."""

    dtype: str
    shape: list[int]
    elements: Any


def array_form(value: Any, ndarray: Any, to_python: bool = False) -> ArrayForm:
    """The form of an array with one dimension or more. Its bytes are not copied where they lie one after another.

    Args:
        value: the array; it may be of a subclass.
        ndarray: numpy's own class of arrays.
        to_python: whether it only goes to another Python, which has 16-bit floats.

    Raises:
        ConversionError: if its elements have no form.
    """
    dtype = value.dtype
    if type(value) is ndarray and (known := _AS_THEY_ARE.get(dtype)) and value.flags.c_contiguous:
        return ArrayForm(known, [*value.shape], memoryview(value).cast("B") if value.size else b"")
    refuse_masked(value)
    name = dtype.name if to_python and dtype.name in FORMATS else _NEAREST.get(dtype.name, dtype.name)
    if name not in FORMATS:
        called, hint = _REFUSED.get(dtype.kind, ("a numpy array of {}", "array.tolist()"))
        raise ConversionError(f"{called.format(dtype.name)} has no form outside Python; return {hint}")
    # A subclass may have views of its own: a matrix has two dimensions, whatever is asked of it.
    plain = ndarray.view(value, ndarray)
    native = plain.astype(dtype.newbyteorder("=") if name == dtype.name else name, order="C", copy=False)
    flat = memoryview(native.reshape(-1).view("uint8")) if native.size else b""
    if name == dtype.name and dtype.isnative:
        _AS_THEY_ARE[dtype] = name
    return ArrayForm(name, list(plain.shape), flat)


def scalar_value(value: Any) -> Any:
    """What a scalar of numpy's, or an array without dimensions, stands for in Python.

    Raises:
        ConversionError: if nothing in Python is the same.
    """
    refuse_masked(value)
    dtype = value.dtype
    if dtype.kind in _SCALAR_HINTS:
        raise ConversionError(f"a numpy {dtype.name} has no form outside Python; return {_SCALAR_HINTS[dtype.kind]}")
    if dtype.names is not None:
        record = value[()]
        return [record[name] for name in dtype.names]
    return float(value) if dtype.name in _LONGEST_FLOATS else value.item()


def refuse_masked(value: Any) -> None:
    """A typed array has no place for what is masked."""
    if hasattr(value, "mask"):
        raise ConversionError("a masked numpy array has no form outside Python; return array.filled(...)")


def read_array(dtype: str, shape: Sequence[int], elements: Any) -> Any:
    """The array with these elements; where numpy is not installed, a memoryview, of 16-bit floats one of 32 bits."""
    try:
        import numpy
    except ImportError:
        return _read_view(dtype, shape, elements)
    return numpy.frombuffer(bytearray(elements), dtype=dtype).reshape(shape)


def _read_view(dtype: str, shape: Sequence[int], elements: Any) -> Any:
    letter: Any = FORMATS[dtype]
    if letter == "e":
        halves = struct.unpack(f"={len(elements) // 2}e", elements)
        elements, letter = array("f", halves).tobytes(), "f"
    flat = memoryview(bytearray(elements))
    # A memoryview that is empty cannot be given a shape.
    return flat.cast(letter, list(shape)) if prod(shape) else flat.cast(letter)
