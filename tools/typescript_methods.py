"""The methods of ``PythonWorker`` in TypeScript, one for each request; ``tools/generate_protocol.py`` calls it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_type_hints

from sidestage.protocol.requests import Definition
from tools.generate_methods import Parameter, parameters_of, requests

#: Writes a Python type in TypeScript, and a text as a comment with an indent: both are ``generate_protocol``'s.
Typescript = Callable[[Any], str]
Comment = Callable[[str, str], str]

_HEAD = """
/** What every request takes. */
export interface RequestOptions {
  /** How long it may run, in milliseconds; for ever unless given. */
  timeout?: number;
}
"""

_CLASS = """
/** Who hears what a request tells while it runs, besides progress and lines: by the report's type. */
export type ReportListeners = { [Type in keyof Reports]?: (report: Reports[Type]) => void };

/** A method for each request that a worker answers. What can become of it besides an answer is in `errors.ts`. */
export abstract class RequestMethods {
  /** Have a request answered; resolves with the reply. */
  protected abstract request<Type extends keyof Requests>(
    type: Type,
    payload: Requests[Type]["payload"],
    timeout: number | undefined,
    listeners?: ReportListeners,
  ): Promise<Reports[Requests[Type]["reply"]]>;
"""


def generate_typescript_methods(heading: str, types: str, typescript: Typescript, comment: Comment) -> str:
    """A base class of ``PythonWorker`` for the engine in the browser. ``types`` are all types, as TypeScript."""
    definitions = [definition for _, definition in requests().values() if definition.has_method]
    body = _HEAD
    body += "".join(_options(definition, typescript, comment) for definition in definitions)
    body += _CLASS + "".join(_method(definition, typescript, comment) for definition in definitions) + "}\n"
    known = set(re.findall(r"^export (?:interface|type) (\w+)", types, re.MULTILINE))
    used = sorted(known & set(re.findall(r"\b[A-Z]\w+", body)))
    return f'{heading}\nimport type {{ {", ".join(used)} }} from "./types.gen.js";\n{body}'


def _positional(definition: Definition) -> list[Parameter]:
    """What stands before the options: the one thing that must be given. Several are given by their names."""
    required = [one for one in parameters_of(definition) if one.required]
    return required if len(required) == 1 else []


def _named(definition: Definition) -> list[Parameter]:
    before = [one.name for one in _positional(definition)]
    return [one for one in parameters_of(definition) if one.name not in before]


def _listeners(definition: Definition) -> dict[str, type]:
    """The options by which a caller hears what only this request tells."""
    own = [kind for kind, cls in definition.reports.items() if cls in definition.own_reports]
    return {f"on{kind[0].upper()}{kind[1:]}": definition.reports[kind] for kind in own}


def _options(definition: Definition, typescript: Typescript, comment: Comment) -> str:
    """The interface of a method's options; nothing where they are those of every request."""
    rows = []
    for one in _named(definition):
        if one.field:
            rows.append(comment(_sentence(one.doc), "  "))
            rows.append(f"  {one.field.wire}{'' if one.required else '?'}: {_without_null(typescript(one.kind))};")
    for listener, cls in _listeners(definition).items():
        rows.append(f"  /** Hears each while the request runs. */\n  {listener}?: (report: {cls.__name__}) => void;")
    body = "\n".join(rows)
    return f"\nexport interface {_options_of(definition)} extends RequestOptions {{\n{body}\n}}\n" if rows else ""


def _options_of(definition: Definition) -> str:
    if not (_named(definition) or _listeners(definition)):
        return "RequestOptions"
    return f"{definition.name[0].upper()}{definition.name[1:]}Options"


def _method(definition: Definition, typescript: Typescript, comment: Comment) -> str:
    first = _positional(definition)
    before = "".join(f"{one.field.wire if one.field else one.name}: {typescript(one.kind)}, " for one in first)
    must = any(one.required for one in _named(definition))
    listeners, named = _listeners(definition), _named(definition)
    taken = ", ".join(["timeout", *listeners, *(["...options"] if named else [])])
    whole = [one.name for one in first if one.field is None]
    payload = whole[0] if whole else _object([one.field.wire for one in first if one.field], bool(named))
    heard = "".join(f"{_kind_of(definition, cls)}: {listener}, " for listener, cls in listeners.items())
    call = f'this.request("{definition.name}", {payload}, timeout{f", {{ {heard[:-2]} }}" if heard else ""})'
    reply = definition.reply.__name__
    if definition.returns:
        kind = get_type_hints(definition.reply, include_extras=True)[definition.returns]
        returned, value = typescript(kind), f"(await {call}).{definition.returns}"
    else:
        returned, value = reply, call
    options = f"{{ {taken} }}: {_options_of(definition)}{'' if must else ' = {}'}"
    return f"""
{comment(_documentation(definition), "  ")}
  async {definition.name}({before}{options}): Promise<{returned}> {{
    return {value};
  }}
"""


def _object(fields: list[str], named: bool) -> str:
    items = [*fields, *(["...options"] if named else [])]
    return f"{{ {', '.join(items)} }}" if items else "{}"


def _kind_of(definition: Definition, cls: type) -> str:
    return next(kind for kind, other in definition.reports.items() if other is cls)


def _documentation(definition: Definition) -> str:
    """A handler's docstring, with what is said of the first parameter."""
    lines = [inspect.cleandoc(definition.handler.__doc__ or "")]
    docs = [f"@param {one.field.wire} {one.doc}" for one in _positional(definition) if one.field and one.doc]
    return "\n\n".join([*lines, *docs]).replace("``", "`")


def _sentence(text: str) -> str:
    return (text[:1].upper() + text[1:]).replace("``", "`")


def _without_null(kind: str) -> str:
    return kind.replace(" | null", "")
