"""How the types of the protocol become JSON, and the few that they share.

Every class of this room is a dataclass whose objects never change. On the wire it is a JSON object of its fields; a
class that is one of several alternatives (a command, a payload, a page, a prompt) also carries its own name under
``__type__``. None knows what is done with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar, dataclass_transform

WireType = TypeVar("WireType")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def wire_type(cls: type[WireType]) -> type[WireType]:
    """Make a class a type of the protocol: a dataclass of plain values or other such types, whose objects never change.

    ``__type__`` is there on its objects too: existing scripts tell payloads apart by it.
    """
    cls.__type__ = cls.__name__  # type: ignore[attr-defined]
    # Generated for each of them, these methods take a third of the time in which Sidestage is imported in the browser.
    for name in _METHODS:
        setattr(cls, name, vars(_Shared)[name])
    return dataclasses.dataclass(repr=False, eq=False)(cls)


class _Shared:
    """What every type of the wire has, as a frozen dataclass would have it: written once, for all."""

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _field_names(self))

    def __setattr__(self, name: str, value: object) -> None:
        # Only what makes the object comes here for the first time.
        if name in self.__dict__ or name not in self.__dataclass_fields__:  # type: ignore[attr-defined]
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in _field_names(self))
        return f"{type(self).__qualname__}({values})"


def _field_names(value: object) -> list[str]:
    kind: Any = type(value)
    return [name for name, _ in _wire_fields(kind)]


_METHODS = ("_values", "__setattr__", "__delattr__", "__eq__", "__hash__", "__repr__")


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


def untagged(cls: type[WireType]) -> type[WireType]:
    """Mark a type that needs no ``__type__``: only one kind can stand in its place."""
    _UNTAGGED.add(cls)
    return cls


def is_tagged(cls: type) -> bool:
    """Whether objects of this class carry ``__type__`` on the wire."""
    return cls not in _UNTAGGED


@cache
def _wire_fields(cls: type) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.metadata.get("wire", field.name)) for field in dataclasses.fields(cls))


def to_wire(value: Any) -> Any:
    """A value of the protocol's types, or any nesting of them, as plain JSON values.

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
