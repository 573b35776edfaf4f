"""Write the TypeScript types of the protocol from its Python definitions.

Run it after changing anything in ``src/sidestage/protocol``: ``make protocol``. With ``--check`` it writes
nothing and exits with 1 when the file is not current.
"""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from sidestage.protocol import commands, messages, pages, payloads, wire

TARGET = Path(__file__).parents[1] / "web/src/protocol/types.gen.ts"
ROOMS = (wire, payloads, pages, commands, messages)
SCALARS = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "unknown"}
#: Where the browser holds something else than Python does.
IN_THE_BROWSER = {"FileReference": "File"}


def words_of(room: types.ModuleType) -> list[type]:
    """The dataclasses that a module of the protocol defines, in the order of the file."""
    return [
        item
        for item in vars(room).values()
        if isinstance(item, type) and dataclasses.is_dataclass(item) and item.__module__ == room.__name__
    ]


def aliases_of(room: types.ModuleType) -> dict[str, Any]:
    """The unions of words that a module names, such as ``Command``."""
    names = [name for name, kind in room.__annotations__.items() if "TypeAlias" in str(kind)]
    return {name: getattr(room, name) for name in names if get_origin(getattr(room, name)) in (Union, types.UnionType)}


def typescript(kind: Any) -> str:
    """A Python type as TypeScript."""
    if kind in SCALARS:
        return SCALARS[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(typescript(item) for item in arguments))
    if origin is Literal:
        return " | ".join("true" if item is True else "false" if item is False else f'"{item}"' for item in arguments)
    if origin in (Sequence, list, tuple):
        item = typescript(arguments[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin in (Mapping, dict):
        return f"Record<string, {typescript(arguments[1])}>"
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return IN_THE_BROWSER.get(kind.__name__, kind.__name__)
    raise TypeError(f"no TypeScript for {kind!r}; teach tools/generate_protocol.py")


def comment(cls: type) -> str:
    """A class's docstring as a JSDoc comment."""
    lines = (cls.__doc__ or "").strip().splitlines()
    if len(lines) == 1:
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line.strip()}".rstrip() for line in lines), " */"])


def interface(cls: type) -> str:
    """One word as a TypeScript interface."""
    hints = typing.get_type_hints(cls)
    rows = [f'  __type__: "{cls.__name__}";'] if wire.is_tagged(cls) else []
    for field in dataclasses.fields(cls):
        kind = hints[field.name]
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        optional = "" if required or (get_origin(kind) is Literal) else "?"
        members = [item for item in get_args(kind) if item is not type(None)] if optional else [kind]
        shown = " | ".join(typescript(item) for item in members) if type(None) in get_args(kind) else typescript(kind)
        rows.append(f"  {field.metadata.get('wire', field.name)}{optional}: {shown};")
    body = "\n".join(rows)
    return f"{comment(cls)}\nexport interface {cls.__name__} {{\n{body}\n}}\n" if rows else (
        f"{comment(cls)}\nexport type {cls.__name__} = Record<string, never>;\n"
    )


def generate() -> str:
    """The whole file."""
    parts = ["// Generated from src/sidestage/protocol by tools/generate_protocol.py. Do not edit.\n"]
    parts.append("/** A text to show: one string for every language, or one string per locale. */")
    parts.append("export type Text = string | Translatable;\n")
    for room in ROOMS:
        parts += [interface(cls) for cls in words_of(room)]
        for name, union in aliases_of(room).items():
            if name != "Text":
                members = "\n".join(f"  | {typescript(item)}" for item in get_args(union))
                parts.append(f"export type {name} =\n{members};\n")
    requests = "\n".join(
        f'  {name}: {{ payload: {cls.__name__}; reply: "{reply}" }};' for name, (cls, reply) in messages.REQUESTS.items()
    )
    parts.append(f"/** Each request: its payload and the type of its reply. */\nexport interface Requests {{\n{requests}\n}}\n")
    reports = "\n".join(f"  {name}: {cls.__name__};" for name, cls in messages.REPORTS.items())
    parts.append(f"/** Each message from the worker: its payload. */\nexport interface Reports {{\n{reports}\n}}")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    text = generate()
    if "--check" in sys.argv[1:]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET.name} is not current: run 'make protocol'")
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
