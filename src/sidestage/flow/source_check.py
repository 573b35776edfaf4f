"""Steps and sub-flows that nothing can come of, seen in the source: what is made and never yielded.

A sub-flow is a generator that yields steps. Called without ``yield from`` it does nothing at all, and no running code
could tell; its source does.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, TypeAlias, get_args

from sidestage import flow
from sidestage.flow.fates import SourceTree
from sidestage.flow.forgotten import Forgotten, never_yielded
from sidestage.protocol import Command

#: What a call makes: a step to yield, or a generator to ``yield from``.
Made: TypeAlias = Literal["step", "sub-flow"]

_FLOW, _PROTOCOL = "sidestage.flow", "sidestage.protocol"


@functools.cache
def _own_names() -> dict[str, Made]:
    """What Sidestage has that makes steps, by full names."""
    functions = {name: vars(flow)[name] for name in flow.__all__ if inspect.isfunction(vars(flow)[name])}
    steps = [name for name, function in functions.items() if function.__annotations__.get("return") == "Step"]
    commands = [command.__name__ for command in get_args(Command)]
    names = [*(f"{_FLOW}.{name}" for name in steps), *(f"{_PROTOCOL}.{name}" for name in commands)]
    return dict.fromkeys(names, "step")


def check_sources(sources: Mapping[str, bytes | str], only: Made | None = None, entry: str = "") -> list[Forgotten]:
    """What is made and never yielded.

    Args:
        sources: of a script and the modules beside it, by their paths from the script's folder. One that is not valid
            Python is passed over.
        only: look for these alone.
        entry: look only at what this function of the first file leads to; at everything by default.
    """
    files = {name: found for name, text in sources.items() if (found := _parsed(name, text))}
    known = _Known(files)
    return sorted(
        (each for file in files.values() for each in file.findings(known, only, entry)),
        key=lambda each: (each.file, each.line),
    )


def makes_donation(sources: Mapping[str, bytes | str]) -> tuple[str, int] | None:
    """The file and the line of the first donation that stands in the sources; None where there is none."""
    donations = {
        f"{_FLOW}.donate",
        *(name for name in _own_names() if name.startswith(f"{_PROTOCOL}.CommandSystemDonate")),
    }
    for name, text in sources.items():
        file = _parsed(name, text)
        lines = [call.lineno for call in file.calls() if file.full_name(call.func) in donations] if file else []
        if lines:
            return name, min(lines)
    return None


@dataclass(frozen=True)
class PromptClass:
    """A class of a study's own prompt, as the source shows it.

    Attributes:
        file: where it stands.
        line: from 1.
        is_used: whether an object of it is made anywhere.
    """

    file: str
    line: int
    is_used: bool


def prompt_classes(sources: Mapping[str, bytes | str]) -> dict[str, PromptClass]:
    """The prompts that a script and the modules beside it define, by the names of their classes."""
    files = [file for name, text in sources.items() if (file := _parsed(name, text))]
    bases, found = {f"{_FLOW}.Prompt"}, dict[str, tuple[_File, ast.ClassDef]]()
    grown = True
    while grown:
        before = len(found)
        for file in files:
            for full, definition in file.classes():
                if any(file.full_name(base) in bases for base in definition.bases):
                    bases.add(full)
                    found.setdefault(full, (file, definition))
        grown = len(found) > before
    used = {file.full_name(call.func) for file in files for call in file.calls()}
    return {
        definition.name: PromptClass(file.name, definition.lineno, full in used)
        for full, (file, definition) in found.items()
    }


def _parsed(name: str, text: bytes | str) -> _File | None:
    try:
        return _File(name, ast.parse(text, name))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Known:
    """What the functions and classes of the files make, by full names such as ``helpers.ask``."""

    def __init__(self, files: Mapping[str, _File]) -> None:
        self.made: dict[str, Made] = dict(_own_names())
        grown = True
        while grown:
            before = len(self.made)
            for file in files.values():
                for name, definition in file.definitions():
                    made = file.made_by(definition, self)
                    if made:
                        self.made.setdefault(name, made)
            grown = len(self.made) > before


class _File:
    """One file: its names, and what its calls make."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.source = SourceTree(tree)
        parts = PurePosixPath(name).with_suffix("").parts
        self._module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self._package = list(parts[:-1])
        self._nodes = list(ast.walk(tree))
        self._functions = [node for node in self._nodes if isinstance(node, ast.FunctionDef)]
        self._inside: dict[ast.AST | None, list[ast.AST]] = {}
        for node in self._nodes:
            self._inside.setdefault(self.source.function_of(node), []).append(node)
        self._defined = {node.name for node in self._nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        self._bound: dict[ast.AST, set[str]] = {}
        self._imported = dict(self._imports())

    def _imports(self) -> Iterator[tuple[str, str]]:
        """What imports bring, as the file calls it and by its full name."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    yield (alias.asname, alias.name) if alias.asname else (top, top)
            elif isinstance(node, ast.ImportFrom):
                above = self._package[: len(self._package) - node.level + 1] if node.level else []
                module = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    if alias.name == "*" and module == _FLOW:
                        yield from ((name, f"{_FLOW}.{name}") for name in flow.__all__)
                    yield alias.asname or alias.name, f"{module}.{alias.name}".lstrip(".")

    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in self._nodes if isinstance(node, ast.Call))

    def definitions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
        """Its functions, methods and classes, by their full names. Decorated ones may make anything."""
        for node in self._nodes:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.decorator_list:
                yield self._name_of(node), node

    def classes(self) -> Iterator[tuple[str, ast.ClassDef]]:
        """Its classes, by their full names."""
        return ((self._name_of(node), node) for node in self._nodes if isinstance(node, ast.ClassDef))

    def _name_of(self, node: ast.FunctionDef | ast.ClassDef) -> str:
        around = self.source.parent(node)
        inside = f"{around.name}." if isinstance(around, ast.ClassDef) and isinstance(node, ast.FunctionDef) else ""
        return f"{self._module}.{inside}{node.name}"

    def made_by(self, definition: ast.FunctionDef | ast.ClassDef, known: _Known) -> Made | None:
        """What a call of this makes, as far as is known by now."""
        if isinstance(definition, ast.ClassDef):
            bases = {self.full_name(base) for base in definition.bases}
            return "step" if f"{_FLOW}.Prompt" in bases else None
        own = self._inside.get(definition, [])
        yields = [node for node in own if isinstance(node, (ast.Yield, ast.YieldFrom))]
        if yields:
            wanted = [(node.value, "step" if isinstance(node, ast.Yield) else "sub-flow") for node in yields]
            return "sub-flow" if any(self._made(value, known) == made for value, made in wanted) else None
        returned = [node.value for node in own if isinstance(node, ast.Return)]
        made = {self._made(value, known) for value in returned}
        return made.pop() if len(made) == 1 else None

    def _made(self, value: ast.expr | None, known: _Known) -> Made | None:
        return known.made.get(self.full_name(value.func)) if isinstance(value, ast.Call) else None

    def full_name(self, node: ast.expr) -> str:
        """What a name stands for, from its module on; empty where that is not known."""
        if isinstance(node, ast.Attribute):
            of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
            leading = self._class_around(node) if of_self else self.full_name(node.value)
            return f"{leading}.{node.attr}" if leading else ""
        if not isinstance(node, ast.Name) or self._is_local(node):
            return ""
        if node.id in self._defined:
            return f"{self._module}.{node.id}"
        return self._imported.get(node.id, "")

    def _class_around(self, node: ast.AST) -> str:
        around: ast.AST | None = node
        while around is not None and not isinstance(around, ast.ClassDef):
            around = self.source.parent(around)
        return f"{self._module}.{around.name}" if around is not None else ""

    def _is_local(self, name: ast.Name) -> bool:
        """Whether a function around binds the name to a value of its own: then it may stand for anything."""
        scope = self.source.function_of(name)
        while scope is not None:
            if name.id in self._bound_in(scope):
                return True
            scope = self.source.function_of(scope)
        return False

    def _bound_in(self, function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
        """The names of its parameters, and those that it gives a value to."""
        if function not in self._bound:
            parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
            inside = (node for node in self._inside.get(function, []) if isinstance(node, ast.Name))
            self._bound[function] = parameters | {node.id for node in inside if isinstance(node.ctx, ast.Store)}
        return self._bound[function]

    def findings(self, known: _Known, only: Made | None, entry: str) -> Iterator[Forgotten]:
        """What is made here and never yielded."""
        reached = self._reached_from(entry) if entry else None
        for call in self.calls():
            made = self._made(call, known)
            if made is None or (only and made != only) or not self._is_in(call, reached):
                continue
            fated, words = self.source.fate(call), ast.unparse(call.func)
            if made == "step" and fated.forgotten:
                yield Forgotten(self.name, call.lineno, never_yielded(words, fated.name))
            elif made == "step" and fated.fate == "delegated":
                yield Forgotten(self.name, call.lineno, f"{words}(...) makes one step: write 'yield', not 'yield from'")
            elif made == "sub-flow" and (fated.forgotten or fated.fate == "yielded"):
                yield Forgotten(self.name, call.lineno, _never_begun(words, fated.name))

    def _reached_from(self, entry: str) -> set[ast.AST]:
        """The functions that a function of this file leads to."""
        waiting, reached = {entry}, set[ast.AST]()
        while waiting:
            name = waiting.pop()
            for function in self._functions:
                if function.name == name and function not in reached:
                    reached.add(function)
                    inside = list(ast.walk(function))
                    waiting |= {node.id for node in inside if isinstance(node, ast.Name)}
                    waiting |= {node.attr for node in inside if isinstance(node, ast.Attribute)}
        return reached

    def _is_in(self, node: ast.AST, reached: set[ast.AST] | None) -> bool:
        function = self.source.function_of(node)
        while reached is not None and function is not None and function not in reached:
            function = self.source.function_of(function)
        return reached is None or function is not None


def _never_begun(call: str, name: str) -> str:
    written = f"{name} = yield from {call}(...)" if name else f"yield from {call}(...)"
    return (
        f"{call}(...) is a part of the flow and was never begun, so nothing of it is shown or sent: write '{written}'"
    )
