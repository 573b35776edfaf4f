"""What of the author's folder goes to the browser: the script, and what beside it the script can import or open.

Everything in the archive can be read by every participant. So this room takes what a script plainly needs and leaves
the rest: hidden files, tests, databases, folders that are no Python package.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sidestage.bundle.errors import ArchiveError
from sidestage.zipping import zip_of

#: The most that a script and the files beside it may weigh together.
ARCHIVE_LIMIT = 20 * 1024 * 1024

#: Files of these kinds lie beside a script because it opens them.
DATA_SUFFIXES = frozenset(
    (
        *(".json", ".jsonl", ".csv", ".tsv", ".txt", ".md", ".toml", ".yaml", ".yml", ".xml", ".html", ".css"),
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".npy", ".npz", ".onnx"),
    )
)
#: Files of these kinds hold what people gave, or what only this machine can use.
_NEVER_SUFFIXES = (".pyc", ".pyo", ".so", ".pyd", ".db", ".sqlite", ".sqlite3", ".log", "-wal", "-shm", "-journal", "~")
_NEVER_FOLDERS = frozenset({"__pycache__", "node_modules", "venv", "env", "tests", "test", "sidestage-data"})
#: Files about the project, not of the script, and files whose names say that they are nobody else's business.
_NEVER_NAMES = frozenset(
    (
        *("conftest.py", "setup.py", "noxfile.py", "pyproject.toml", "requirements.txt", "package.json"),
        *("package-lock.json", "example.toml", "README.md"),
        *("secrets.toml", "secrets.json", "credentials.toml", "credentials.json"),
    )
)


def files_beside(script: Path) -> dict[str, Path]:
    """What goes into the archive of a script: each file's name in it and where it lies; the script itself first."""
    folder = script.parent
    found = {script.name: script}
    for entry in _entries(folder):
        if entry.is_dir():
            if _is_package(entry):
                found.update((path.relative_to(folder).as_posix(), path) for path in _package_files(entry))
        elif entry.suffix == ".py" or entry.suffix.lower() in DATA_SUFFIXES:
            found.setdefault(entry.name, entry)
    return found


def make_archive(script: Path) -> bytes:
    """A zip of the script and what lies beside it. Equal files make equal bytes.

    Raises:
        ArchiveError: if they weigh too much, or one of them cannot be read.
    """
    files = files_beside(script)
    _check_weight(script, files)
    content: dict[str, bytes] = {}
    for name, path in files.items():
        try:
            content[name] = path.read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"{path} cannot be read ({error.strerror}): give yourself access to it or move it"
            ) from None
    return zip_of(content)


def _entries(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        path = folder / name
        if name.startswith(".") or name in _NEVER_NAMES or name.lower().endswith(_NEVER_SUFFIXES):
            continue
        if _is_of_the_project(name):
            continue
        if path.is_file() or (path.is_dir() and not _is_left_out(path)):
            yield path


def _is_of_the_project(name: str) -> bool:
    """Tests, and lock files, which name the packages of a script."""
    return (name.startswith("test_") and name.endswith(".py")) or (
        name.startswith("pylock.") and name.endswith(".toml")
    )


def _is_left_out(folder: Path) -> bool:
    """Folders that nobody should get, such as one with donations; and links, which may lead round in a circle."""
    return folder.name in _NEVER_FOLDERS or folder.is_symlink() or (folder / "sidestage.db").exists()


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file() and not (folder / "pyvenv.cfg").exists()


def _package_files(package: Path) -> Iterator[Path]:
    """Every file of a package, its data included, whatever their kind."""
    for entry in _entries(package):
        if entry.is_dir():
            yield from _package_files(entry)
        else:
            yield entry


def _check_weight(script: Path, files: dict[str, Path]) -> None:
    sizes = {name: path.stat().st_size for name, path in files.items() if path.exists()}
    total = sum(sizes.values())
    if total <= ARCHIVE_LIMIT:
        return
    largest = max(sizes, key=lambda name: sizes[name])
    raise ArchiveError(
        f"{script.name} and the files beside it weigh {_megabytes(total)}, more than the {_megabytes(ARCHIVE_LIMIT)} "
        f"that a browser is sent; the largest is {largest} ({_megabytes(sizes[largest])}): move what the script does "
        f"not need out of {script.parent}"
    )


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.1f} MB"
