"""What a package needs and a browser lacks: found in its Python files, without running them.

Only what an import of the package runs is looked at: what lies deeper, or stands behind a ``try`` or an ``if``, may be
meant for other places. Tried with Pyodide 0.29: what is in ``ABSENT_MODULES`` cannot be imported there, and what is in
``FAILING_CALLS`` fails when it is called.
"""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidestage.bundle.packages.python_imports import imports_in, parse_module, with_packages
from sidestage.bundle.packages.wheels import Wheel

#: Modules of the standard library that are not there.
ABSENT_MODULES = frozenset(
    (
        *("curses", "dbm", "ensurepip", "fcntl", "grp", "idlelib", "msvcrt", "pty", "pwd", "readline", "resource"),
        *("syslog", "termios", "tkinter", "tty", "turtle", "turtledemo", "venv", "winreg", "winsound"),
        "multiprocessing.shared_memory",
    )
)

_PROCESS, _THREAD, _SOCKET = "starts another program or process", "starts threads", "opens a socket"
#: Functions and classes that are there and do not work, and what calling them is about.
FAILING_CALLS: Mapping[str, str] = {
    **dict.fromkeys(("subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.getoutput"), _PROCESS),
    **dict.fromkeys(("subprocess.check_call", "subprocess.check_output", "os.popen", "os.fork"), _PROCESS),
    **dict.fromkeys(("multiprocessing.Process", "multiprocessing.Pool", "multiprocessing.Manager"), _PROCESS),
    **dict.fromkeys(("concurrent.futures.ProcessPoolExecutor", "asyncio.create_subprocess_exec"), _PROCESS),
    **dict.fromkeys(("threading.Thread", "threading.Timer", "concurrent.futures.ThreadPoolExecutor"), _THREAD),
    **dict.fromkeys(("socket.socket", "socket.create_connection", "socket.create_server"), _SOCKET),
    **dict.fromkeys(("ctypes.CDLL", "ctypes.cdll.LoadLibrary"), "loads a library of the operating system"),
}


@dataclass(frozen=True)
class Unsupported:
    """One thing that a package needs.

    Attributes:
        file: in the wheel.
        line: from 1.
        what: the module, or the function that is called.
        meaning: what calling it is about; empty for a module, which cannot even be imported.
    """

    file: str
    line: int
    what: str
    meaning: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for a sentence."""
        return f"{self.file}, line {self.line}"


def describe_unsupported(found: Mapping[str, Sequence[Unsupported]], parts: Mapping[str, str]) -> list[str]:
    """What to tell the author of a script that uses these packages.

    Args:
        found: what each package, by name and version, needs.
        parts: the parts of the standard library that Pyodide keeps apart, by the modules that they would bring.
    """
    sentences = []
    for package, lacks in found.items():
        for lack in lacks:
            if not lack.meaning and lack.what not in parts:
                sentences.append(
                    f"{package} cannot be imported on a page: {lack.place}, imports {lack.what}, which a browser does "
                    f"not have"
                )
        fails = ", ".join(f"{lack.meaning} ({lack.what} in {lack.place})" for lack in lacks if lack.meaning)
        if fails:
            sentences.append(f"{package} does not work in full on a page; what fails there: it {fails}")
    for module in sorted(parts):
        needing = [
            f"{package} ({lack.place})" for package, lacks in found.items() for lack in lacks if lack.what == module
        ]
        if needing:
            sentences.append(
                f"Python's own {module} is imported by {', '.join(needing)}: add {parts[module]!r} to the dependencies"
            )
    return sentences


def find_unsupported(
    path: Path, imported: Iterable[str] = (), absent: frozenset[str] = frozenset()
) -> list[Unsupported]:
    """What importing the packages in a pure wheel needs and a browser lacks; of each kind, the first.

    Args:
        path: the wheel.
        imported: modules in it that are imported besides its packages themselves; others are passed over.
        absent: further modules that are not there, such as parts of the standard library that Pyodide keeps apart.
    """
    wheel = Wheel(path)
    wheel.read()
    with zipfile.ZipFile(path) as archive:
        code = _Code(archive)
        if not code.mentions(ABSENT_MODULES | absent | FAILING_CALLS.keys()):
            return []
        found: dict[str, Unsupported] = {}
        for name in [*wheel.imports, *sorted(imported)]:
            for lack in code.lacks(name, ABSENT_MODULES | absent):
                found.setdefault(lack.meaning or lack.what, lack)
    return list(found.values())


class _Code:
    """The modules in a wheel."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._files = {_module_of(name): name for name in archive.namelist() if name.endswith(".py")}
        self._seen: set[str] = set()

    def mentions(self, names: Iterable[str]) -> bool:
        """Whether any file has the first word of one of these names in it: parsing all files takes its time."""
        words = re.compile("|".join(sorted({re.escape(name.partition(".")[0]) for name in names})).encode())
        return any(words.search(self._archive.read(file)) for file in self._files.values())

    def lacks(self, module: str, modules: frozenset[str]) -> Iterator[Unsupported]:
        """What importing a module comes upon, in itself and in the modules of the wheel that it imports."""
        waiting = [module]
        while waiting:
            name = waiting.pop(0)
            if name in self._seen or name not in self._files:
                continue
            self._seen.add(name)
            file = self._files[name]
            tree = parse_module(self._archive.read(file))
            package = name if file.endswith("/__init__.py") else name.rpartition(".")[0]
            for line, imported in imports_in(tree.body, package):
                if lacked := next((each for each in with_packages(imported) if each in modules), None):
                    yield Unsupported(file, line, lacked)
                waiting += [each for each in with_packages(imported) if each in self._files]
            for line, called in _calls(tree):
                if called in FAILING_CALLS:
                    yield Unsupported(file, line, called, FAILING_CALLS[called])


def _module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each call, and each class that a class is derived from: by its line, the full name."""
    meant = dict(_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, _full_name(node.func, meant)
        elif isinstance(node, ast.ClassDef):
            yield from ((node.lineno, _full_name(base, meant)) for base in node.bases)


def _names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What the names mean that a module imports from others, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _full_name(node: ast.expr, meant: Mapping[str, str]) -> str:
    """The dotted name of what an expression names, through the imports of its module; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in meant:
        return ""
    return ".".join([meant[node.id], *parts])
