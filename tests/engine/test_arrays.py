"""Arrays that come from outside, where numpy is installed and where it is not."""

from __future__ import annotations

import sys
from typing import Any

import numpy
import pytest

from sidestage.worker.arrays import FORMATS, array_form, read_array

VALUES = [[0, 1], [1, 0]]


def sent(dtype: str) -> tuple[str, list[int], bytes]:
    form = array_form(numpy.array(VALUES, dtype), numpy.ndarray, to_python=True)
    return form.dtype, form.shape, bytes(form.elements)


@pytest.mark.parametrize("dtype", FORMATS)
def test_every_kind_of_array_comes_as_what_it_was(dtype: str) -> None:
    read = read_array(*sent(dtype))
    assert (read.dtype.name, read.tolist()) == (dtype, numpy.array(VALUES, dtype).tolist())
    read[0, 0] = 1
    assert read[0, 0] == 1


@pytest.mark.parametrize("dtype", FORMATS)
def test_without_numpy_an_array_is_a_memoryview(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = sent(dtype)
    monkeypatch.setitem(sys.modules, "numpy", None)
    read: Any = read_array(*given)
    assert isinstance(read, memoryview)
    letter = FORMATS[dtype].replace("e", "f")
    assert [read.tolist(), read.shape, read.format] == [VALUES, (2, 2), letter]
    assert read_array(dtype, [0, 3], b"").tolist() == []
