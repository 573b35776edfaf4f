"""What Python files import, read without running them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def parse_module(source: bytes) -> ast.Module:
    """The tree of a module; an empty one where it is not valid Python, or valid for another version only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError):
            return ast.Module([], [])


def imports_in(nodes: Iterable[ast.AST], package: str) -> Iterator[tuple[int, str]]:
    """Each import among these nodes, by its line: the full names of all that may be modules.

    Args:
        nodes: statements, or all nodes of a tree.
        package: the package that relative imports start from.
    """
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            yield node.lineno, origin
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def with_packages(name: str) -> list[str]:
    """A module and the packages that it is in, which are imported first."""
    parts = name.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]


def imported_by(files: Iterable[Path]) -> set[str]:
    """The full names of all modules that Python files import, anywhere in them, but for those among the files."""
    sources = [file for file in files if file.suffix == ".py"]
    own = {file.parent.name if file.name == "__init__.py" else file.stem for file in sources}
    found: set[str] = set()
    for file in sources:
        try:
            tree = parse_module(file.read_bytes())
        except OSError:
            continue
        found |= {module for _, name in imports_in(ast.walk(tree), "") for module in with_packages(name)}
    return {name for name in found if name and name.partition(".")[0] not in own}


def imported_parts(files: Iterable[Path], modules: Mapping[str, str]) -> list[str]:
    """The parts of the standard library that files import, of those that are kept apart: module to part."""
    # Few files do, and most need not be parsed: this is asked whenever a page starts.
    likely = re.compile(rb"\b(?:import|from)\b.*\b(?:%s)\b" % "|".join(map(re.escape, modules)).encode())
    files = list(files)
    if not any(likely.search(file.read_bytes()) for file in files if file.suffix == ".py" and file.is_file()):
        return []
    return sorted({modules[name] for name in imported_by(files) & modules.keys()})


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The full name of what stands after ``from``."""
    parts = package.split(".") if package else []
    above = parts[: len(parts) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])
