"""From plain JSON values back to objects of the protocol's types, by the definitions that ``to_wire`` writes by.

What does not fit is told with its place: ``PayloadReview.value.deleted["a"][0] must be an integer``.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin, get_type_hints

from sidestage.errors import SidestageError
from sidestage.protocol.wire import Open, WireField, WireForm, fields_of, is_wire_type, tag_of


class WireError(SidestageError):
    """A value does not fit its definition; the message names the place."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path

    def within(self, step: str) -> WireError:
        """The same error, seen from one level further out."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        return f"{self.path} {self.reason}"


class Rules(NamedTuple):
    """How to read: what goes for the whole of a value.

    Attributes:
        strict: whether a field that a type does not have is an error; else it is passed by.
        instead: for a wire type, what makes another object of what stands in its place; it may raise WireError.
    """

    strict: bool = True
    instead: Mapping[type, Callable[[Any], Any]] | None = None


STRICT = Rules()
_Reader: TypeAlias = Callable[[Any, Rules], Any]


def from_wire(
    kind: Any,
    value: Any,
    name: str = "",
    rules: Rules = STRICT,
) -> Any:
    """An object of a wire type, or whatever else ``kind`` describes, from its form on the wire.

    An absent field, and one that is null, has its default. An object of the type itself stays what it is.

    Args:
        kind: a wire type, a union, ``Sequence[...]`` and the like; ``list``, ``dict`` and ``object`` hold anything.
        value: plain JSON values.
        name: what the value is called where an error is told; the type's name unless given.
        rules: how to read.

    Raises:
        WireError: if the value does not fit.
    """
    try:
        return reader_of(kind)(value, rules)
    except WireError as error:
        raise error.within(name or getattr(kind, "__name__", "the value")) from None


@cache
def reader_of(kind: Any) -> _Reader:
    """What reads values of a kind.

    Raises:
        TypeError: if there is no reading such a kind.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (Any, object):
        return lambda value, _: value
    if kind in _SCALARS:
        return _scalar(*_SCALARS[kind])
    if is_wire_type(kind):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, Open):
        return _open(kind)
    if origin is Annotated:
        return _as_it_is(arguments[1]) if isinstance(arguments[1], WireForm) else reader_of(arguments[0])
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _literal(arguments)
    if origin in (Sequence, list, tuple) or kind is list:
        return _sequence(reader_of(arguments[0] if arguments else Any))
    if (origin in (Mapping, dict) and arguments[0] is str) or kind is dict:
        return _mapping(reader_of(arguments[1] if arguments else Any))
    raise TypeError(f"no reading {kind!r} off the wire; teach sidestage.protocol.reading")


#: What a scalar's value must be, and what that is called.
_SCALARS: dict[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "a string"),
    int: ((int,), "an integer"),
    float: ((int, float), "a number"),
    bool: ((bool,), "a boolean"),
    type(None): ((type(None),), "null"),
}


def _scalar(kinds: tuple[type, ...], called: str) -> _Reader:
    def read(value: Any, _: Rules) -> Any:
        if type(value) in kinds or (isinstance(value, kinds) and not isinstance(value, bool)):
            return value
        raise WireError(f"must be {called}")

    return read


def _as_it_is(form: WireForm) -> _Reader:
    texts = str in get_args(form.of)

    def read(value: Any, _: Rules) -> Any:
        if isinstance(value, Mapping) or is_wire_type(type(value)) or (texts and isinstance(value, str)):
            return value
        raise WireError("must be a string or an object" if texts else "must be an object")

    return read


def _literal(choices: tuple[Any, ...]) -> _Reader:
    called = " or ".join(map(json.dumps, choices))

    def read(value: Any, _: Rules) -> Any:
        if any(type(value) is type(choice) and value == choice for choice in choices):
            return value
        raise WireError(f"must be {called}")

    return read


def _sequence(read_item: _Reader) -> _Reader:
    def read(value: Any, rules: Rules) -> Any:
        if not isinstance(value, (list, tuple)):
            raise WireError("must be a list")
        items: list[Any] = []
        try:
            for item in value:
                items.append(read_item(item, rules))
        except WireError as error:
            raise error.within(f"[{len(items)}]") from None
        return items

    return read


def _mapping(read_item: _Reader) -> _Reader:
    def read(value: Any, rules: Rules) -> Any:
        if not isinstance(value, Mapping):
            raise WireError("must be an object")
        items, key = {}, None
        try:
            for key, item in value.items():
                items[key] = read_item(item, rules)
        except WireError as error:
            raise error.within(f"[{json.dumps(key, default=str)}]") from None
        return items

    return read


def _union(kinds: tuple[Any, ...]) -> _Reader:
    """Null where the union has it; the type that the value names; else the first that fits."""
    optional = type(None) in kinds
    members = [kind for kind in kinds if kind is not type(None)]
    if len(members) == 1:
        read_member = reader_of(members[0])
        return lambda value, rules: None if value is None and optional else read_member(value, rules)
    tags = {tag: kind for kind in members if is_wire_type(kind) and (tag := tag_of(kind))}
    called = " or ".join(_called(kind) for kind in members)

    def read(value: Any, rules: Rules) -> Any:
        if value is None and optional:
            return None
        if isinstance(value, Mapping):
            for (key, name), kind in tags.items():
                if value.get(key) == name:
                    return reader_of(kind)(value, rules)
        closest = WireError(f"must be {called}")
        for kind in members:
            try:
                return reader_of(kind)(value, rules)
            except WireError as error:
                # What is wrong further inside tells more, where the value can only be meant as this one.
                if error.path and kind not in tags.values():
                    closest = error
        raise closest

    return read


def _open(base: type) -> _Reader:
    """One of the wire types that there are by now."""

    def read(value: Any, rules: Rules) -> Any:
        if isinstance(value, base):
            return value
        name = value.get("__type__") if isinstance(value, Mapping) else None
        for kind in _derived(base):
            if kind.__name__ == name:
                return reader_of(kind)(value, rules)
        raise WireError(f"must be {_called(base)}")

    return read


def _derived(base: Any) -> Iterator[type]:
    kind: Any
    for kind in base.__subclasses__():
        if "__type__" in vars(kind):
            yield kind
        yield from _derived(kind)


def _called(kind: Any) -> str:
    if kind in _SCALARS:
        return _SCALARS[kind][1]
    if isinstance(kind, type):
        return f"{'an' if kind.__name__[0] in 'AEIO' else 'a'} {kind.__name__}"
    return "a list" if get_origin(kind) in (Sequence, list, tuple) else "an object"


def _object(cls: Any) -> _Reader:
    tag, called = tag_of(cls), _called(cls)
    fields: list[tuple[WireField, _Reader]] = []

    def read(value: Any, rules: Rules) -> Any:
        if rules.instead and cls in rules.instead:
            return rules.instead[cls](value)
        if type(value) is not dict and not isinstance(value, Mapping):
            if isinstance(value, cls):
                return value
            raise WireError(f"must be {called}")
        if tag and value.get(tag[0]) != tag[1]:
            raise WireError(f"must be {json.dumps(tag[1])}", f".{tag[0]}")
        if not fields:
            # Not before: a type may hold others of its own kind.
            hints = get_type_hints(cls, include_extras=True)
            fields[:] = [(field, reader_of(hints[field.name])) for field in fields_of(cls)]
        given: dict[str, Any] = {}
        unmet = len(value) - (tag is not None)
        for (name, wire, required, _), read_field in fields:
            item = value.get(wire)
            unmet -= wire in value
            if item is not None or required:
                try:
                    given[name] = read_field(item, rules)
                except WireError as error:
                    reason = error.reason if wire in value else "is missing"
                    raise WireError(reason, f".{wire}{error.path}") from None
        if unmet and rules.strict:
            raise _stray(cls, value)
        return cls(**given)

    return read


def _stray(cls: type, value: Mapping[str, Any]) -> WireError:
    """There is something in an object that its type does not have."""
    names, tag = [field.wire for field in fields_of(cls)], tag_of(cls)
    stray = next(key for key in value if key not in names and (tag is None or key != tag[0]))
    return WireError(f"is not a field of {cls.__name__}, which has {', '.join(names)}", f".{stray}")
