"""Running a piece of code in the worker's namespace."""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import linecache
import sys
import types
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, TypeVar

from sidestage.worker.vitals import ANYTHING, BUILTINS

globals()["__builtins__"] = BUILTINS

#: Taken before any code of others runs, and from where only C can change them.
_AWAITS = inspect.CO_COROUTINE
_PARSE = ast.PyCF_ONLY_AST
_MAY_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_Expr, _Expression = ast.Expr, ast.Expression
_lines_of = linecache.cache

#: Pieces of code that are kept compiled: one that is run again and again is compiled once.
_KEPT = 128
_numbers = itertools.count(1)
Outcome = TypeVar("Outcome")


class Code:
    """A namespace that lives as long as the worker, and the code that runs in it.

    Args:
        at_rest: called whenever code that waits has stopped to wait for something.
    """

    def __init__(self, at_rest: Callable[[], object]) -> None:
        self._at_rest = at_rest
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
        if not isinstance(self.namespace.get("__builtins__"), (dict, types.ModuleType)):
            # The first code, or one whose predecessor took all names away.
            self.namespace["__builtins__"] = builtins
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
            if part.co_flags & _AWAITS:
                value = await _Resting(value, self._at_rest)
        return then(value)


class _Resting(Awaitable[Any]):
    """Code that waits, with a word whenever it has stopped: what it has done by then is there for everybody else."""

    def __init__(self, coroutine: Any, at_rest: Callable[[], object]) -> None:
        self._coroutine = coroutine
        self._at_rest = at_rest

    def __await__(self) -> Generator[Any, Any, Any]:
        advance, given = self._coroutine.send, None
        while True:
            try:
                awaited = advance(given)
            except StopIteration as end:
                return end.value
            self._at_rest()
            try:
                advance, given = self._coroutine.send, (yield awaited)
            except ANYTHING as error:
                advance, given = self._coroutine.throw, error


@lru_cache(maxsize=_KEPT)
def _compiled(source: str) -> tuple[tuple[CodeType, ...], bool]:
    return compiled(source, f"<code {next(_numbers)}>")


def compiled(source: str, name: str) -> tuple[tuple[CodeType, ...], bool]:
    """The code's statements, apart from them its last line where that is an expression; and whether any waits.

    Args:
        source: the code.
        name: what the code is called in a traceback.
    """
    # With the source at hand a traceback shows the author's lines.
    _lines_of[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree: ast.Module = compile(source, name, "exec", flags=_PARSE)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], _Expr) else None
    trees: list[tuple[Any, str]] = [(tree, "exec")] if tree.body else []
    if isinstance(last, _Expr):
        trees.append((_Expression(last.value), "eval"))
    parts = tuple(compile(part, name, mode, flags=_MAY_AWAIT) for part, mode in trees)
    return parts, any(part.co_flags & _AWAITS for part in parts)
