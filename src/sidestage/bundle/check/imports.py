"""Whether every import of a script, and of the modules beside it that it imports, will find something on a page.

Imports that the code itself is prepared to miss (in a ``try`` that catches it), or that only type checkers read, are
passed over.
"""

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.packages import Catalogue, ServedPackage
from sidestage.bundle.packages.unsupported import ABSENT_MODULES
from sidestage.bundle.page_assets import BROWSER_ROOMS, PACKAGE
from sidestage.bundle.runtime.find_runtime import STDLIB_PLAIN, Runtime
from sidestage.bundle.script import Script
from sidestage.bundle.script_archive import files_beside

#: What Pyodide itself brings.
_OF_PYODIDE = frozenset(("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"))
_CAUGHT = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))


def check_imports(
    script: Script, runtime: Runtime, catalogue: Catalogue, packages: Iterable[ServedPackage]
) -> list[Finding]:
    """What imports would fail.

    Args:
        script: the script.
        runtime: the Pyodide that it runs in.
        catalogue: what there is for it.
        packages: those that the page loads.
    """
    return _Imports(script, runtime, catalogue, packages).check()


@dataclass(frozen=True)
class _Import:
    """One import.

    Attributes:
        line: where it stands.
        module: its full name; empty for a relative import that leads nowhere.
        inside: names that are imported from it, which may be modules.
    """

    line: int
    module: str
    inside: tuple[str, ...] = ()


class _Imports:
    def __init__(
        self, script: Script, runtime: Runtime, catalogue: Catalogue, packages: Iterable[ServedPackage]
    ) -> None:
        self._script = script
        self._runtime = runtime
        self._catalogue = catalogue
        self._files = {name: path for name, path in files_beside(script.path).items() if name.endswith(".py")}
        self._modules = {_module_of(name): name for name in self._files}
        self._packaged = {name for package in packages for name in package.entry["imports"]}

    def check(self) -> list[Finding]:
        """Follow the imports from the script on."""
        findings: dict[tuple[str, str], Finding] = {}
        waiting, seen = [self._script.name], {self._script.name}
        while waiting:
            file = waiting.pop(0)
            try:
                tree = ast.parse(self._files[file].read_bytes(), file)
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None) or 1
                findings[file, ""] = Finding(file, line, f"this is not valid Python ({error.args[0]}): mend it")
                continue
            for found in _imports(tree, file):
                local = [each for module in (found.module, *found.inside) for each in self._local(module)]
                waiting += [name for name in local if name not in seen]
                seen.update(local)
                if problem := self._problem(found, local):
                    findings.setdefault((file, found.module.partition(".")[0]), Finding(file, found.line, problem))
        return sorted(findings.values())

    def _local(self, module: str) -> list[str]:
        """The files beside the script that importing a module runs."""
        parts = module.split(".")
        names = (".".join(parts[: count + 1]) for count in range(len(parts)))
        return [self._modules[name] for name in names if name in self._modules]

    def _problem(self, found: _Import, local: list[str]) -> str | None:
        """Why a module is not there, and what to do; None if it is."""
        top = found.module.partition(".")[0]
        if not top:
            return "a relative import leads to nothing outside of a package: write 'import name' for a file beside"
        if top in self._modules:
            known = found.module in self._modules
            return None if known else f"imports {found.module}, which is not beside {local[-1]}: check the name"
        if top == "sidestage":
            return _own([found.module] if "." in found.module else found.inside)
        if top == "zoneinfo" and "tzdata" not in self._packaged:
            return f"imports zoneinfo, which knows no time zones here: run 'sidestage add {self._script.name} tzdata'"
        if top in self._packaged or top in _OF_PYODIDE or self._is_standard(found.module):
            return None
        if self._is_beside(top):
            return (
                f"imports {top}, which lies beside the script but is not sent to browsers: a folder needs an "
                f"__init__.py, and names like test_{top} or tests are left out"
            )
        if top in sys.stdlib_module_names or top in ABSENT_MODULES:
            return f"imports {found.module}, which Python {self._runtime.python} in a browser does not have: do without"
        return self._undeclared(top)

    def _is_standard(self, module: str) -> bool:
        names = {module, module.partition(".")[0]}
        if names & ABSENT_MODULES:
            return False
        top = module.partition(".")[0]
        if top in self._library or top in self._catalogue.distribution.standard_modules():
            return True
        # What is written in C is part of the interpreter, and in no list.
        return top in sys.stdlib_module_names and not _is_source(top)

    @cached_property
    def _library(self) -> frozenset[str]:
        """The modules in the runtime's standard library."""
        with zipfile.ZipFile(self._runtime.folder / STDLIB_PLAIN) as archive:
            return frozenset(name.partition("/")[0].removesuffix(".py") for name in archive.namelist())

    def _is_beside(self, top: str) -> bool:
        folder = self._script.path.parent
        return (folder / f"{top}.py").is_file() or any((folder / top).glob("*.py"))

    def _undeclared(self, top: str) -> str:
        name = _distribution_of(top, self._catalogue.distribution.packages)
        return (
            f"imports {top}, which is not in the standard library, not beside the script, and in none of its packages: "
            f"run 'sidestage add {self._script.name} {name}'"
        )


def _imports(tree: ast.Module, file: str) -> Iterator[_Import]:
    """The imports that have to succeed."""
    package = file.split("/")[:-1]
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Import):
            yield from (_Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            leads = above or not node.level
            module = ".".join([*above, *([node.module] if node.module else [])]) if leads else ""
            yield _Import(node.lineno, module, tuple(f"{module}.{alias.name}" for alias in node.names))
        else:
            waiting += _children(node)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a node, without what is prepared to miss its imports."""
    if isinstance(node, ast.Try) and any(map(_catches, node.handlers)):
        yield from (*node.handlers, *node.finalbody)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        yield from node.orelse
    else:
        yield from ast.iter_child_nodes(node)


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in _CAUGHT for kind in kinds)


def _own(modules: Iterable[str]) -> str | None:
    """Why one of these modules of Sidestage's is not there, if that is so."""
    for module in modules:
        room = module.split(".")[1]
        if room not in BROWSER_ROOMS and (PACKAGE / room).is_dir():
            return f"imports {module}, which is for your own machine and is not sent to browsers: do without"
    return None


def _module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_source(module: str) -> bool:
    """Whether a module of the standard library is written in Python, by what this Python has of it."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return False
    return spec is not None and bool(spec.origin) and str(spec.origin).endswith(".py")


def _distribution_of(module: str, packages: Mapping[NormalizedName, Mapping[str, Any]]) -> str:
    """The name to ask for a module by: some packages have another than their modules."""
    if canonicalize_name(module) in packages:
        return module
    for name, entry in packages.items():
        if entry["package_type"] == "package" and module in entry["imports"]:
            return name
    return module
