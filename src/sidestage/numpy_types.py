"""Knows numpy's arrays and scalars, those of its subclasses too, by what they inherit: numpy is never imported."""

from __future__ import annotations

from typing import Any


def array_type(value: Any) -> Any:
    """``numpy.ndarray`` itself, if the value is such an array; else None."""
    return _numpys_own(value, "ndarray")


def is_scalar(value: Any) -> bool:
    """Whether it is a scalar of numpy's, such as ``numpy.int64(3)``."""
    return _numpys_own(value, "generic") is not None


def _numpys_own(value: Any, name: str) -> Any:
    for kind in type(value).__mro__:
        if kind.__name__ == name and kind.__module__ == "numpy":
            return kind
    return None
