"""An author's script, read without running it."""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sidestage.bundle.errors import ScriptError
from sidestage.bundle.script_archive import files_beside, make_archive
from sidestage.bundle.script_metadata import (
    BROWSER_PYTHON,
    PROJECT_FILE,
    ScriptMetadata,
    looks_like_folder,
    read_metadata,
)
from sidestage.protocol import Text


class ScriptSyntaxError(ScriptError):
    """A script is not valid Python.

    ``script`` is what could be read all the same: the browser's Python, which may be newer than this one, has the
    last word, and shows the same traceback on the page.
    """

    def __init__(self, message: str, script: Script) -> None:
        super().__init__(message)
        self.script = script


@dataclass(frozen=True)
class Script:
    """An author's script and what it says about itself.

    Attributes:
        path: where it lies; absolute.
        name: its file name.
        title: shown above the page: from ``[tool.sidestage]``, else made from the file's name.
        platform: what the flow's ``process`` gets as its second argument, where it takes one.
        session_data: what it declares as data about the session: keys of donations, and in words what is sent.
        dependencies: what it asks for in its ``# /// script`` block, or a ``pyproject.toml`` beside it, as written.
        requires_python: the versions of Python that it runs with, as written; None where it does not say.
        pyodide: the version of another Pyodide than Sidestage's own, or the folder of one, as written; None by default.
        description: the first paragraph of its docstring, on one line; empty without one.
    """

    path: Path
    name: str
    title: Text
    platform: str | None
    session_data: Mapping[str, Text]
    dependencies: tuple[str, ...]
    requires_python: str | None
    pyodide: str | None
    description: str

    def archive(self) -> bytes:
        """A zip of the script and the modules and small data files beside it; equal files make equal bytes.

        Raises:
            ArchiveError: if they weigh too much for a browser, or one of them cannot be read.
        """
        return make_archive(self.path)

    def watched(self) -> list[Path]:
        """The files whose change should reload the page: what is in the archive now."""
        return list(files_beside(self.path).values())


def read_script(path: str | Path) -> Script:
    """Read a script and check all that can be checked without running it.

    Raises:
        ScriptSyntaxError: if Python cannot parse it; the message holds Python's own lines.
        ScriptError: if it cannot be read, or defines no ``process``.
        MetadataError: if its ``# /// script`` block, or the ``pyproject.toml`` beside it, is wrong.
    """
    file = Path(path)
    source = read_source(file)
    metadata = read_metadata(file.name, source, read_project(file))
    _check_pyodide(file, metadata.pyodide)
    try:
        tree = _parse(source, file.name)
    except SyntaxError as error:
        lines = "".join(traceback.format_exception_only(error)).rstrip()
        raise ScriptSyntaxError(
            f"{file.name} is not valid {_python(metadata)}:\n{lines}", _script(file, metadata, "")
        ) from None
    if not _defines_process(tree):
        raise ScriptError(
            f"{file.name} defines no function named process: write 'def process(session):' with the steps of the flow "
            f"in it, such as 'yield flow.show_text(\"Hello\")'"
        )
    return _script(file, metadata, _first_paragraph(ast.get_docstring(tree)))


def no_script(path: Path) -> ScriptError:
    """What to say where there is no such file: names the script that was probably meant."""
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*.py") if not file.name.startswith("test_"))
        name = "study.py" if "study.py" in inside or not inside else inside[0]
        return ScriptError(f"{path} is a folder: name the script in it, like {path / name}")
    beside = [file.name for file in path.parent.glob("*.py")]
    if close := get_close_matches(path.with_suffix(".py").name, beside, n=1):
        return ScriptError(f"there is no file {path}: did you mean {path.parent / close[0]}?")
    return ScriptError(f"there is no file {path}: check the name, or make a script with 'sidestage new NAME'")


def project_file(script: Path) -> Path:
    """Where the ``pyproject.toml`` of a script would lie."""
    return script.with_name(PROJECT_FILE)


def read_project(script: Path) -> str | None:
    """The text of the ``pyproject.toml`` beside a script; None where there is none.

    Raises:
        ScriptError: if it cannot be read.
    """
    return read_source(path) if (path := project_file(script)).is_file() else None


def read_source(file: Path) -> str:
    """The text of a script.

    Raises:
        ScriptError: if it cannot be read.
    """
    if file.is_dir():
        raise no_script(file)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise no_script(file) from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise ScriptError(
            f"{file.name}, line {line}: a byte there is not UTF-8; save the file with the encoding UTF-8"
        ) from None
    except OSError as error:
        raise ScriptError(f"{file} cannot be read ({error.strerror}): check the permissions of the file") from None


def _check_pyodide(file: Path, pyodide: str | None) -> None:
    if pyodide and looks_like_folder(pyodide) and not (file.parent / pyodide / "pyodide-lock.json").is_file():
        raise ScriptError(
            f"{file.name}: pyodide = {pyodide!r} under [tool.sidestage] names no folder with a Pyodide in it: there "
            f"should be a file {file.parent / pyodide / 'pyodide-lock.json'}"
        )


def _parse(source: str, name: str) -> ast.Module:
    with warnings.catch_warnings():
        # A doubtful escape is for Python to mention where the script runs; here it must not become an error.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source, filename=name)
        except ValueError as error:
            raise SyntaxError(str(error), (name, None, None, None)) from None


def _python(metadata: ScriptMetadata) -> str:
    """Who says so: an older Python than the browser's does not know all of its syntax."""
    here = sys.version_info[:2]
    if metadata.pyodide:
        return f"Python {here[0]}.{here[1]} (the page, with that of Pyodide {metadata.pyodide}, tries it all the same)"
    there = tuple(int(part) for part in BROWSER_PYTHON.split(".")[:2])
    if here >= there:
        return "Python"
    return f"Python {here[0]}.{here[1]} (the page, with Python {there[0]}.{there[1]}, tries it all the same)"


def _defines_process(tree: ast.Module) -> bool:
    """Whether the top level binds the name ``process``, also inside ``if``, ``try`` and ``with``."""
    statements = list(tree.body)
    while statements:
        statement = statements.pop()
        if _binds_process(statement):
            return True
        for field in ("body", "orelse", "finalbody"):
            if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                statements.extend(getattr(statement, field, []))
        statements.extend(inner for handler in getattr(statement, "handlers", []) for inner in handler.body)
    return False


def _binds_process(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return statement.name == "process"
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        # A star may bring anything: it is for Python to find out.
        return any((alias.asname or alias.name) in ("process", "*") for alias in statement.names)
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
        return any(node.id == "process" for node in names)
    return False


def _script(file: Path, metadata: ScriptMetadata, description: str) -> Script:
    return Script(
        path=file.resolve(),
        name=file.name,
        title=metadata.title or title_from(file),
        platform=metadata.platform,
        session_data=metadata.session_data,
        dependencies=metadata.dependencies,
        requires_python=metadata.requires_python,
        pyodide=metadata.pyodide,
        description=description,
    )


def title_from(file: Path) -> str:
    """A title made from a file's name, for scripts that name none."""
    return file.stem.replace("_", " ").replace("-", " ").strip().capitalize()


def _first_paragraph(docstring: str | None) -> str:
    return " ".join(inspect.cleandoc(docstring or "").split("\n\n")[0].split())
