"""How the words of the protocol become JSON, and the few types they share.

Every class of this room is a frozen dataclass. On the wire it is a JSON object of its fields; a class
that is one of several alternatives (a command, a payload, a page, a prompt) also carries its own name
under ``__type__``. No word knows what is done with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar, dataclass_transform

Word = TypeVar("Word")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def word(cls: type[Word]) -> type[Word]:
    """Make a class a word of the protocol: a frozen dataclass whose fields are plain values or other words.

    ``__type__`` is there on its objects too: existing scripts tell payloads apart by it.
    """
    cls.__type__ = cls.__name__  # type: ignore[attr-defined]
    return dataclasses.dataclass(frozen=True)(cls)


def named(wire_name: str, **options: Any) -> Any:
    """A field whose name on the wire differs from its name in Python."""
    return dataclasses.field(metadata={"wire": wire_name}, **options)


@dataclasses.dataclass(frozen=True)
class Translatable:
    """A text in several languages, as ``{"translations": {locale: text}}`` on the wire."""

    translations: Mapping[str, str]


#: A text to show: one string for every language, or one string per locale.
Text: TypeAlias = str | Translatable


#: Classes whose objects go without ``__type__``, because their place says what they are.
_UNTAGGED: set[type] = {Translatable}


def untagged(cls: type[Word]) -> type[Word]:
    """Mark a word that needs no ``__type__``: only one kind can stand in its place."""
    _UNTAGGED.add(cls)
    return cls


def is_tagged(cls: type) -> bool:
    """Whether objects of this class carry ``__type__`` on the wire."""
    return cls not in _UNTAGGED


@cache
def _wire_fields(cls: type) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.metadata.get("wire", field.name)) for field in dataclasses.fields(cls))


def to_wire(value: Any) -> Any:
    """A word, or any nesting of words, as plain JSON values.

    A field that holds None is left out: on the wire, absent and null mean the same.
    """
    cls = type(value)
    if dataclasses.is_dataclass(cls):
        tag = {"__type__": cls.__name__} if is_tagged(cls) else {}
        pairs = ((wire, getattr(value, name)) for name, wire in _wire_fields(cls))
        return tag | {wire: to_wire(item) for wire, item in pairs if item is not None}
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_wire(item) for item in value]
    return value
