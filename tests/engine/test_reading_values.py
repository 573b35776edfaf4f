"""What comes into Python, and what Python has no form for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.reading_values import decode

SET_OF_OBJECTS = {"$type": "set", "items": [1, {"a": 1}]}


def test_sets_in_sets_and_lists_as_keys_become_what_python_can_hold() -> None:
    nested = {"$type": "set", "items": [{"$type": "set", "items": [[1, 2]]}]}
    entries = {"$type": "map", "entries": [[[1, [2]], "x"]]}
    assert decode(json.dumps([nested, entries])) == [{frozenset({(1, 2)})}, {(1, (2,)): "x"}]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"globals": {"x": [SET_OF_OBJECTS]}}, r"a set that holds an object .* \(at payload.globals.x\[0\]\)"),
        ({"a b": {"$type": "map", "entries": [[{}, 1]]}}, r"a key that is an object .* \(at payload\['a b'\]\)"),
        ({"x": {"$type": "set", "items": [1, True]}}, r"1 and True are one in a set of Python's \(at payload.x\)"),
        ({"x": {"$type": "map", "entries": [[True, 1], [1, 2]]}}, r"the keys True and 1 are one in a dict"),
    ],
)
def test_what_has_no_form_in_python_is_told_with_its_place(given: Any, sentence: str) -> None:
    with pytest.raises(ConversionError, match=sentence):
        decode(json.dumps(given))
