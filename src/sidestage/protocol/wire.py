"""How the types of the protocol become JSON, and the few that they share.

Every class of this room is a dataclass whose objects never change. On the wire it is a JSON object of its fields; a
class that is one of several alternatives (a command, a payload, a page, a prompt) also carries its own name under
``__type__``. None knows what is done with it. ``reading`` has the way back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from threading import RLock
from typing import Any, NamedTuple, TypeAlias, TypeVar, dataclass_transform

WireType = TypeVar("WireType")


def named(wire_name: str, **options: Any) -> Any:
    """A field whose name on the wire differs from its name in Python."""
    return dataclasses.field(metadata={"wire": wire_name}, **options)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field, named))
def wire_type(cls: type[WireType]) -> type[WireType]:
    """Make a class a type of the protocol: a dataclass of plain values or other such types, whose objects never change.

    ``__type__`` is there on its objects too: existing scripts tell payloads apart by it.
    """
    cls.__type__ = cls.__name__  # type: ignore[attr-defined]
    for name in _METHODS:
        setattr(cls, name, vars(_Shared)[name])
    cls.__dataclass_fields__ = _Later(cls)  # type: ignore[attr-defined]
    _known.append(cls)
    return cls


_completing = RLock()


class _Later:
    """Makes a class a dataclass when its fields are first asked for.

    That takes a millisecond for each class in the browser; a page needs a few of them, and none of them at its start.
    """

    def __init__(self, cls: type) -> None:
        self._cls: Any = cls

    def __get__(self, _value: object, _cls: type) -> Any:
        with _completing:
            if vars(self._cls)["__dataclass_fields__"] is self:
                self._complete()
        return self._cls.__dataclass_fields__

    def _complete(self) -> None:
        """All of it, or nothing: code may have taken away what this needs, or be stopped meanwhile."""
        cls, before = self._cls, dict(vars(self._cls))
        try:
            dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
            cls.__init__ = _initializer(cls)
        except BaseException:
            for name in [*vars(cls)]:
                if name not in before:
                    delattr(cls, name)
                elif vars(cls)[name] is not before[name]:
                    setattr(cls, name, before[name])
            for name in before.keys() - vars(cls).keys():
                setattr(cls, name, before[name])
            raise


#: Every type of the wire that there is by now.
_known: list[type] = []


class _Shared:
    """What every type of the wire has, as a frozen dataclass would have it: written once, for all."""

    def __init__(self, *given: Any, **named: Any) -> None:
        # The first object of its class; the next ones are made without a detour.
        with _completing:
            dataclasses.fields(self)  # type: ignore[arg-type]
        self.__init__(*given, **named)  # type: ignore[misc]

    def _values(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return tuple(getattr(self, field.name) for field in fields_of(kind))

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        kind: Any = type(self)
        values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields_of(kind))
        return f"{kind.__qualname__}({values})"


_METHODS = ("__init__", "_values", "__setattr__", "__delattr__", "__eq__", "__hash__", "__repr__")


class WireField(NamedTuple):
    """A field of a wire type."""

    name: str
    #: Its name on the wire.
    wire: str
    #: Whether it has no default.
    required: bool
    #: Whether it is declared as a whole number.
    is_whole: bool


def complete() -> None:
    """Make all types that there are by now as complete as they become when they are used."""
    for cls in _known:
        fields_of(cls)


@cache
def fields_of(cls: Any) -> tuple[WireField, ...]:
    """The fields of a wire type, in order."""
    absent = dataclasses.MISSING
    return tuple(
        WireField(
            field.name,
            field.metadata.get("wire", field.name),
            field.default is absent and field.default_factory is absent,
            field.type in (int, "int"),
        )
        for field in dataclasses.fields(cls)
    )


def _initializer(cls: Any) -> Callable[..., None]:
    """``__init__`` as a dataclass has it, that writes past ``__setattr__``."""
    parameters, lines, scope = ["self"], [], {}
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        if field.default_factory is not dataclasses.MISSING:
            scope[f"_{name}"] = field.default_factory
            parameters.append(f"{name}=_{name}")
            value = f"_{name}() if {name} is _{name} else {name}"
        elif field.default is not dataclasses.MISSING:
            scope[f"_{name}"] = field.default
            parameters.append(f"{name}=_{name}")
        else:
            parameters.append(name)
        lines.append(f"    __dict__[{name!r}] = {value}")
    body = "\n".join(["    __dict__ = self.__dict__", *lines])
    exec(f"def __init__({', '.join(parameters)}):\n{body}", scope)
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


#: Classes whose objects say in another way what they are: by a key and its value, or, because their place says it, not.
_TAGS: dict[type, tuple[str, str] | None] = {}


def untagged(cls: type[WireType]) -> type[WireType]:
    """Mark a type that needs no ``__type__``: only one kind can stand in its place."""
    _TAGS[cls] = None
    return cls


def value_type(name: str) -> Callable[[type[WireType]], type[WireType]]:
    """Mark a type that is a value with a form of its own, under ``$type``: see ``sidestage.worker.values``."""

    def mark(cls: type[WireType]) -> type[WireType]:
        _TAGS[cls] = ("$type", name)
        return cls

    return mark


def tag_of(cls: type) -> tuple[str, str] | None:
    """The key under which objects of this class say what they are on the wire, and what they say there."""
    return _TAGS.get(cls, ("__type__", cls.__name__))


class WireForm(NamedTuple):
    """Beside a type in ``Annotated``: what stands there on the wire, which is left in its form on the wire in Python.

    Whoever takes it reads and checks it.
    """

    of: Any


@untagged
@wire_type
class Translatable:
    """A text in several languages, as ``{"translations": {locale: text}}`` on the wire."""

    translations: Mapping[str, str]


#: A text to show: one string for every language, or one string per locale.
Text: TypeAlias = str | Translatable

#: Any value that has a form on the wire: see ``sidestage.worker.values``.
Value: TypeAlias = Any


class Records(list[dict[str, Any]]):
    """Many dicts of which most have the same keys, all texts: they go over the wire by columns."""


class Open:
    """The base of what stands for whichever wire types derive from it: the protocol names no list of them."""


def is_wire_type(cls: Any) -> bool:
    """Whether something is a type of the protocol."""
    return getattr(cls, "_values", None) is _Shared._values and cls is not _Shared


def to_wire(value: Any) -> Any:
    """A value of the protocol's types, or any nesting of them, as plain JSON values.

    A field that holds None is left out: on the wire, absent and null mean the same.
    """
    cls = type(value)
    if dataclasses.is_dataclass(cls):
        tag = tag_of(cls)
        made = {tag[0]: tag[1]} if tag else {}
        for name, wire, *_ in fields_of(cls):
            item = getattr(value, name)
            if item is not None:
                made[wire] = to_wire(item)
        return made
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_wire(item) for item in value]
    return value
