"""Write the protocol's TypeScript from its Python definitions: types, shapes to check messages by, facts about prompts.

Run it after changing anything in ``src/sidestage/protocol`` or ``src/sidestage/flow/prompts``: ``make protocol``. With
``--check`` it writes nothing and exits with 1 when a file is not current.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from sidestage.flow.prompts import prompt_types
from sidestage.flow.shown import AnsweredBy
from sidestage.flow.wire_types import alternatives, types_in, wire_modules
from sidestage.protocol import commands, messages, payloads, wire

FOLDER = Path(__file__).parents[1] / "web/src/protocol"
HEADING = "// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.\n"
MODULES = (wire, payloads, *wire_modules(), commands, messages)
#: What the protocol leaves open, as the types that there are.
OPEN = {union.__name__: Union[tuple(members)] for union, members in alternatives().items()}  # noqa: UP007
OPEN_NAMES = {union: union.__name__ for union in alternatives()}
#: A Python type as TypeScript, and as the checker of shapes knows it.
SCALARS = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "unknown"}
SHAPES = SCALARS | {int: "integer"}
#: Where the browser holds something else than Python does.
IN_THE_BROWSER = {"FileReference": "File"}


def unions_of(module: types.ModuleType) -> dict[str, Any]:
    """The unions of wire types that a module names, such as ``Command``."""
    names = [name for name, kind in module.__annotations__.items() if "TypeAlias" in str(kind)]
    found = {name: getattr(module, name) for name in names}
    return {name: union for name, union in found.items() if get_origin(union) in (Union, types.UnionType)}


def typescript(kind: Any) -> str:
    """A Python type as TypeScript."""
    if kind in SCALARS:
        return SCALARS[kind]
    if kind in OPEN_NAMES:
        return OPEN_NAMES[kind]
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
    """One wire type as a TypeScript interface."""
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
    return (
        f"{comment(cls)}\nexport interface {cls.__name__} {{\n{body}\n}}\n"
        if rows
        else (f"{comment(cls)}\nexport type {cls.__name__} = Record<string, never>;\n")
    )


def alternative(name: str, union: Any) -> str:
    """A union of wire types in TypeScript."""
    members = "\n".join(f"  | {typescript(item)}" for item in get_args(union))
    return f"export type {name} =\n{members};\n"


def generate_types() -> str:
    """The types: one interface per wire type, and the unions."""
    parts = [HEADING, "/** A text to show: one string for every language, or one string per locale. */"]
    parts.append("export type Text = string | Translatable;\n")
    for module in MODULES:
        parts += [interface(cls) for cls in types_in(module)]
        parts += [alternative(name, union) for name, union in unions_of(module).items() if name != "Text"]
    parts += [alternative(name, union) for name, union in OPEN.items()]
    requests = "\n".join(
        f'  {name}: {{ payload: {cls.__name__}; reply: "{reply}" }};'
        for name, (cls, reply) in messages.REQUESTS.items()
    )
    parts.append(
        f"/** Each request: its payload and the type of its reply. */\nexport interface Requests {{\n{requests}\n}}\n"
    )
    reports = "\n".join(f"  {name}: {cls.__name__};" for name, cls in messages.REPORTS.items())
    parts.append(f"/** Each message from the worker: its payload. */\nexport interface Reports {{\n{reports}\n}}")
    return "\n".join(parts) + "\n"


def shape(kind: Any, unions: dict[Any, str]) -> Any:
    """A Python type as the checker knows it: the name of a scalar, a word or a union, or an object saying what of."""
    if kind in unions:
        return unions[kind]
    if kind in SHAPES:
        return SHAPES[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [shape(item, unions) for item in arguments if item is not type(None)]}
    if origin is Literal:
        return {"is": list(arguments)}
    if origin in (Sequence, list, tuple):
        return {"list": shape(arguments[0], unions)}
    if origin in (Mapping, dict):
        return {"record": shape(arguments[1], unions)}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        browser = IN_THE_BROWSER.get(kind.__name__)
        return {"anyOf": [browser, kind.__name__]} if browser else kind.__name__
    raise TypeError(f"no shape for {kind!r}; teach tools/generate_protocol.py")


def fields_of(cls: type, unions: dict[Any, str]) -> list[list[Any]]:
    """The fields of a word: the name on the wire, the shape, and 1 where the field may be absent or null."""
    hints = typing.get_type_hints(cls)
    fields: list[list[Any]] = [["__type__", {"is": [cls.__name__]}]] if wire.is_tagged(cls) else []
    for field in dataclasses.fields(cls):
        kind = hints[field.name]
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        present = [item for item in get_args(kind) if item is not type(None)]
        if type(None) in get_args(kind):
            kind = Union[tuple(present)]  # noqa: UP007  # there is no other way to make one of a list
        row = [field.metadata.get("wire", field.name), shape(kind, unions)]
        fields.append(row if required or get_origin(kind) is Literal else [*row, 1])
    return fields


def generate_shapes() -> str:
    """The shapes: the same as data, for a check at run time."""
    aliases = {name: union for module in MODULES for name, union in unions_of(module).items()} | OPEN
    unions = {union: name for name, union in aliases.items()} | OPEN_NAMES
    words = {cls.__name__: fields_of(cls, unions) for module in MODULES for cls in types_in(module)}
    members = {name: [shape(item, {}) for item in get_args(union)] for name, union in aliases.items()}
    payloads_of = {name: cls.__name__ for name, (cls, _) in messages.REQUESTS.items()}
    payloads_of |= {name: cls.__name__ for name, cls in messages.REPORTS.items()}
    tables: list[tuple[str, str, str, dict[str, Any]]] = [
        ("Each word: its fields, each with its shape, and 1 where it may be absent.", "WIRE_TYPES", "Field[]", words),
        ("Each union: its members.", "UNIONS", "Shape[]", members),
        ("Each message: the word that its payload is.", "MESSAGES", "string", payloads_of),
    ]
    parts = [HEADING, 'import type { Field, Shape } from "./shape.js";\n']
    for meaning, name, kind, entries in tables:
        rows = "\n".join(f"  {key}: {json.dumps(value, separators=(',', ':'))}," for key, value in entries.items())
        parts.append(f"/** {meaning} */\nexport const {name}: Record<string, {kind}> = {{\n{rows}\n}};\n")
    return "\n".join(parts)


FACTS = f"""\
import type {{ Prompt }} from "./types.gen.js";

/** What the page must know of a prompt. */
export interface PromptFacts {{
  /** Who answers it: the participant; the prompt itself, at once; or nobody, since it is only there to be read. */
  answeredBy: {typescript(AnsweredBy)};
  /** Whether it has the buttons that answer it; the page adds them to the others. */
  ownButtons: boolean;
  /** Whether it wants more width than text. */
  wide: boolean;
}}

/** Each prompt, by its name. */
export const PROMPTS: Record<Prompt["__type__"], PromptFacts> = {{
"""


def generate_facts() -> str:
    """What the page must know of each prompt."""
    rows = [
        f'  {cls.__name__}: {{ answeredBy: "{cls.answered_by}", ownButtons: {json.dumps(cls.own_buttons)}, '
        f"wide: {json.dumps(cls.is_wide)} }},"
        for cls in prompt_types()
    ]
    return "\n".join([HEADING, FACTS + "\n".join(rows), "};\n"])


def main() -> int:
    """Write the files, or with ``--check`` compare them."""
    stale = 0
    files = {"types.gen.ts": generate_types, "shapes.gen.ts": generate_shapes, "prompts.gen.ts": generate_facts}
    for name, generate in files.items():
        path, text = FOLDER / name, generate()
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{name} is not current: run 'make protocol'")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
