"""Write what follows from the Python definitions of the protocol: its TypeScript types, their shapes to check messages
by, facts about prompts, limits, and what ``generate_methods`` makes of the handlers of requests.

Run it after changing anything in ``src/sidestage/protocol``, in ``src/sidestage/flow/prompts`` or in a room's
``requests``: ``make protocol``. With
``--check`` it writes nothing and exits with 1 when a file is not current.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    # Run as a script, this finds its other half there.
    sys.path.insert(0, str(ROOT))

from sidestage.flow.prompts import prompt_types  # noqa: E402
from sidestage.flow.shown import AnsweredBy  # noqa: E402
from sidestage.flow.wire_types import alternatives, types_in, wire_modules  # noqa: E402
from sidestage.protocol import commands, limits, messages, payloads, wire  # noqa: E402
from tools.generate_methods import (  # noqa: E402
    attributes_in,
    generate_python_methods,
    generate_rooms,
    request_modules,
    requests,
)
from tools.typescript_methods import generate_typescript_methods  # noqa: E402

FOLDER = ROOT / "web/src/protocol"
HEADING = "// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.\n"
MODULES = (wire, payloads, *wire_modules(), commands, messages, *request_modules())
#: What the protocol leaves open, as the types that there are.
OPEN = {union.__name__: Union[tuple(members)] for union, members in alternatives().items()}  # noqa: UP007
OPEN_NAMES = {union: union.__name__ for union in alternatives()}
#: A Python type as TypeScript, and as the checker of shapes knows it.
SCALARS = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "unknown"}
SHAPES = SCALARS | {int: "integer"}
#: A limit with the comment above it.
LIMIT = re.compile(r"(?P<comment>(?:^#: .*\n)+)^(?P<name>[A-Z_]+) = [\d_]+$", re.MULTILINE)
#: Where the browser holds something else than Python does.
IN_THE_BROWSER = {"FileReference": "File"}


def unions_of(module: types.ModuleType) -> dict[str, Any]:
    """The unions of wire types that a module names, such as ``Command``."""
    names = [name for name, kind in module.__annotations__.items() if "TypeAlias" in str(kind)]
    found = {name: getattr(module, name) for name in names}
    return {name: union for name, union in found.items() if get_origin(union) in (Union, types.UnionType)}


#: The unions that have a name.
UNION_NAMES = {frozenset(get_args(union)): name for module in MODULES for name, union in unions_of(module).items()}


def typescript(kind: Any) -> str:
    """A Python type as TypeScript."""
    if kind in SCALARS:
        return SCALARS[kind]
    if kind in OPEN_NAMES:
        return OPEN_NAMES[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        present = frozenset(arguments) - {type(None)}
        shown = (
            [UNION_NAMES[present]]
            if present in UNION_NAMES
            else [typescript(item) for item in arguments if item in present]
        )
        return " | ".join(dict.fromkeys([*shown, *(["null"] if type(None) in arguments else [])]))
    if origin is Literal:
        return " | ".join("true" if item is True else "false" if item is False else f'"{item}"' for item in arguments)
    if origin is Annotated:
        return typescript(arguments[1].of)
    if origin in (Sequence, list, tuple):
        item = typescript(arguments[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin in (Mapping, dict):
        return f"Record<string, {typescript(arguments[1])}>"
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return IN_THE_BROWSER.get(kind.__name__, kind.__name__)
    raise TypeError(f"no TypeScript for {kind!r}; teach tools/generate_protocol.py")


def comment(text: str, indent: str = "") -> str:
    """A docstring as a JSDoc comment, without what it says of each attribute."""
    lines = inspect.cleandoc(text).partition("Attributes:\n")[0].strip().splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"])


def interface(cls: type) -> str:
    """One wire type as a TypeScript interface."""
    hints = typing.get_type_hints(cls, include_extras=True)
    tag, docs = wire.tag_of(cls), attributes_in(cls.__doc__ or "")
    rows = [f'  {tag[0]}: "{tag[1]}";'] if tag else []
    for field in dataclasses.fields(cls):
        kind = hints[field.name]
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        optional = "" if required or (get_origin(kind) is Literal) else "?"
        shown = (
            typescript(kind).removesuffix(" | null") if optional and type(None) in get_args(kind) else typescript(kind)
        )
        if field.name in docs:
            rows.append(comment(docs[field.name], "  "))
        rows.append(f"  {field.metadata.get('wire', field.name)}{optional}: {shown};")
    body = "\n".join(rows)
    return (
        f"{comment(cls.__doc__ or '')}\nexport interface {cls.__name__} {{\n{body}\n}}\n"
        if rows
        else (f"{comment(cls.__doc__ or '')}\nexport type {cls.__name__} = Record<string, never>;\n")
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
    rows = "\n".join(
        f'  {name}: {{ payload: {typescript(definition.payload.kind)}; reply: "{definition.reply_name}" }};'
        for name, (_, definition) in requests().items()
    )
    parts.append(
        f"/** Each request: its payload and the type of its reply. */\nexport interface Requests {{\n{rows}\n}}\n"
    )
    reports = "\n".join(f"  {name}: {cls.__name__};" for name, cls in from_worker().items())
    parts.append(f"/** Each message from the worker: its payload. */\nexport interface Reports {{\n{reports}\n}}")
    return "\n".join(parts) + "\n"


def from_worker() -> dict[str, type]:
    """Each message from a worker, by its type on the wire: the class of its payload."""
    every = [definition for _, definition in requests().values()]
    replies = {definition.reply_name: definition.reply for definition in every}
    reports = {name: cls for definition in every for name, cls in definition.reports.items()}
    return replies | {"error": messages.ErrorReply} | reports | {"crashed": messages.CrashedReport}


def answers() -> dict[str, Any]:
    """Each request: the type of its reply, and of what it may tell while it runs."""
    return {
        name: {"reply": definition.reply_name, "reports": list(definition.reports)}
        for name, (_, definition) in requests().items()
    }


def unchecked() -> dict[str, bool]:
    """The messages with a field that stays in its form on the wire."""
    hints = {name: typing.get_type_hints(cls, include_extras=True) for name, cls in from_worker().items()}
    forms = {name: [part for hint in of.values() for part in get_args(hint)] for name, of in hints.items()}
    return {name: True for name, parts in forms.items() if any(isinstance(part, wire.WireForm) for part in parts)}


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
    if origin is Annotated:
        return shape(arguments[1].of, unions)
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
    hints = typing.get_type_hints(cls, include_extras=True)
    tag = wire.tag_of(cls)
    fields: list[list[Any]] = [[tag[0], {"is": [tag[1]]}]] if tag else []
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
    fields = {cls.__name__: fields_of(cls, unions) for module in MODULES for cls in types_in(module)}
    members = {name: [shape(item, {}) for item in get_args(union)] for name, union in aliases.items()}
    payloads_of = {name: typescript(definition.payload.kind) for name, (_, definition) in requests().items()}
    payloads_of |= {name: cls.__name__ for name, cls in from_worker().items()}
    tables: list[tuple[str, str, str, dict[str, Any]]] = [
        ("Each type: its fields, each with its shape, and 1 where it may be absent.", "WIRE_TYPES", "Field[]", fields),
        ("Each union: its members.", "UNIONS", "Shape[]", members),
        ("Each message: the type of its payload.", "MESSAGES", "string", payloads_of),
        ("Each request: what answers it, and what it may tell before.", "ANSWERS", "Answer", answers()),
        ("Messages whose content is left for whoever takes it to check.", "UNCHECKED", "true", unchecked()),
    ]
    parts = [HEADING, 'import type { Answer, Field, Shape } from "./shape.js";\n']
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


def generate_places() -> str:
    """The table by which the protocol hands on the types of pages and prompts, whichever rooms they stand in."""
    places = {cls.__name__: module.__name__ for module in wire_modules() for cls in types_in(module)}
    rows = "".join(f'    "{name}": "{place}",\n' for name, place in sorted(places.items()))
    heading = '"""Generated by tools/generate_protocol.py from the prompts and pages. Do not edit."""\n'
    comment = "#: Each type of a page, a prompt or a part of one: the module that defines it."
    return f"{heading}\n{comment}\nPLACES = {{\n{rows}}}\n"


def generate_limits() -> str:
    """The limits: a constant for each."""
    parts = [HEADING]
    for found in LIMIT.finditer(Path(limits.__file__).read_text(encoding="utf-8")):
        words = " ".join(line.removeprefix("#: ") for line in found["comment"].splitlines())
        parts.append(f"/** {words} */\nexport const {found['name']} = {getattr(limits, found['name']):_};")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the files, or with ``--check`` compare them."""
    stale = 0
    files = {
        FOLDER / "types.gen.ts": generate_types(),
        FOLDER / "methods.gen.ts": generate_typescript_methods(HEADING, generate_types(), typescript, comment),
        FOLDER / "shapes.gen.ts": generate_shapes(),
        FOLDER / "prompts.gen.ts": generate_facts(),
        FOLDER / "limits.gen.ts": generate_limits(),
        ROOT / "src/sidestage/worker/rooms_gen.py": generate_rooms(),
        ROOT / "src/sidestage/protocol/types_gen.py": generate_places(),
        ROOT / "src/sidestage/engine/methods_gen.py": generate_python_methods(),
    }
    for path, text in files.items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is not current: run 'make protocol'")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
