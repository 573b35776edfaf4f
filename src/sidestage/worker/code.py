"""Running a piece of code in the worker's namespace."""

from __future__ import annotations

import ast
import inspect
import itertools
import linecache
import sys
import types
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, TypeVar

#: Pieces of code that are kept compiled: one that is run again and again is compiled once.
_KEPT = 128
_numbers = itertools.count(1)
Outcome = TypeVar("Outcome")


class Code:
    """A namespace that lives as long as the worker, and the code that runs in it."""

    def __init__(self) -> None:
        # Classes and functions of the code are then found where pickle and dataclasses look for them.
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        self.namespace: dict[str, Any] = main.__dict__

    def run(
        self, source: str, names: Mapping[str, Any] | None, then: Callable[[Any], Outcome]
    ) -> Outcome | Awaitable[Outcome]:
        """Run code and return what ``then`` makes of the value of its last line; of None, where that is no expression.

        Code with a top-level ``await`` gives an awaitable of that.
        """
        if names:
            self.namespace.update(names)
        parts, waits = _compiled(source)
        if waits:
            return self._run_awaiting(parts, then)
        value = None
        for part in parts:
            value = eval(part, self.namespace)
        return then(value)

    async def _run_awaiting(self, parts: tuple[CodeType, ...], then: Callable[[Any], Outcome]) -> Outcome:
        value = None
        for part in parts:
            value = eval(part, self.namespace)
            if part.co_flags & inspect.CO_COROUTINE:
                value = await value
        return then(value)


@lru_cache(maxsize=_KEPT)
def _compiled(source: str) -> tuple[tuple[CodeType, ...], bool]:
    """The code's statements, apart from them its last line where that is an expression; and whether any waits."""
    name = f"<code {next(_numbers)}>"
    # With the source at hand a traceback shows the author's lines.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    trees: list[tuple[Any, str]] = [(tree, "exec")] if tree.body else []
    if isinstance(last, ast.Expr):
        trees.append((ast.Expression(last.value), "eval"))
    parts = tuple(compile(part, name, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) for part, mode in trees)
    return parts, any(part.co_flags & inspect.CO_COROUTINE for part in parts)
