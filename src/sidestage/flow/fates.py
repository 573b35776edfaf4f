"""What becomes of a value in the source: of a step that a call makes, or of a sub-flow that one begins.

A step that is dropped, only tested, or kept under a name that is never passed on, was meant to be yielded. One that is
put into a list, given to a function or returned may be yielded elsewhere.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal, TypeAlias

#: ``kept`` says that a name holds the value and nothing but tests looks at it.
Fate: TypeAlias = Literal["dropped", "kept", "returned", "yielded", "delegated", "passed on"]

_CONTAINERS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.ListComp, ast.SetComp, ast.DictComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
#: What a step has of its own; to look at something else of it means that the answer was wanted.
_OF_STEPS = frozenset(("asks", "command", "meaning", "details"))


@dataclass(frozen=True)
class Fated:
    """What becomes of a value.

    Attributes:
        fate: in a word.
        name: the name that keeps it, where one does.
    """

    fate: Fate
    name: str = ""

    @property
    def forgotten(self) -> bool:
        """Whether nothing can come of it."""
        return self.fate in ("dropped", "kept")


class SourceTree:
    """The source of one file, and for each node the one that it stands in.

    Args:
        tree: the file as Python parses it.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What a node stands in."""
        return self._parents.get(node)

    def call_at(self, place: tuple[int | None, int | None, int | None, int | None]) -> ast.Call | None:
        """The call at a place: its first line, its last, the first column and the last."""
        found = (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return next((call for call in found if _place(call) == place), None)

    def fate(self, node: ast.expr) -> Fated:
        """What becomes of the value of an expression."""
        inside = False
        while (parent := self.parent(node)) is not None:
            if _is_tested(node, parent):
                return Fated("dropped")
            if isinstance(parent, (*_CONTAINERS, ast.IfExp, ast.BoolOp)):
                inside = inside or isinstance(parent, _CONTAINERS)
                node = parent
                continue
            return self._fate_in(parent, inside)
        return Fated("passed on")

    def _fate_in(self, parent: ast.AST, inside: bool) -> Fated:
        """What becomes of it in what is no mere container."""
        if isinstance(parent, ast.Expr):
            return Fated("dropped")
        if inside:
            return Fated("passed on")
        if isinstance(parent, (ast.Return, ast.Lambda)):
            return Fated("returned")
        if isinstance(parent, (ast.Yield, ast.YieldFrom)):
            return Fated("yielded" if isinstance(parent, ast.Yield) else "delegated")
        name = _only_name(parent)
        return Fated("kept", name) if name and self._goes_nowhere(name, parent) else Fated("passed on")

    def _goes_nowhere(self, name: str, assigned: ast.AST) -> bool:
        """Whether a name of a function is at most tested."""
        scope = self.function_of(assigned)
        if scope is None:
            return False
        nodes = list(ast.walk(scope))
        if any(name in node.names for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal))):
            return False
        loads = [
            node for node in nodes if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        ]
        return not any(map(self._passes_on, loads))

    def _passes_on(self, node: ast.AST) -> bool:
        """Whether a use of a name may bring its value to a ``yield``."""
        while (parent := self.parent(node)) is not None:
            if _is_tested(node, parent) or isinstance(parent, (ast.Expr, ast.Assert)):
                return False
            if isinstance(parent, ast.Attribute):
                return parent.attr in _OF_STEPS
            if not isinstance(parent, (ast.IfExp, ast.BoolOp)):
                return True
            node = parent
        return True

    def function_of(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The function that a node stands in."""
        while (found := self.parent(node)) is not None:
            if isinstance(found, _FUNCTIONS):
                return found
            node = found
        return None


def _is_tested(node: ast.AST, parent: ast.AST) -> bool:
    """Whether only the truth of a value counts, which a step and a generator always have, or a comparison."""
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
        return node is parent.test
    if isinstance(parent, ast.BoolOp):
        return node is not parent.values[-1]
    return isinstance(parent, ast.Compare) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not))


def _only_name(parent: ast.AST) -> str:
    """The one name that an assignment gives a value to."""
    targets = parent.targets if isinstance(parent, ast.Assign) else [getattr(parent, "target", None)]
    if not isinstance(parent, (ast.Assign, ast.AnnAssign)) or len(targets) != 1:
        return ""
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def _place(node: ast.expr) -> tuple[int | None, int | None, int | None, int | None]:
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
