"""What of the author's folder goes to the browser: the script, the code beside it, and the data files that it names.

Everything in the archive can be read by every participant. So this room takes Python files and packages, and of all
else what is named (``data_files``); hidden files, tests, databases and donations stay.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from sidestage.bundle.data_files import (
    NEVER_FOLDERS,
    NEVER_NAMES,
    NEVER_SUFFIXES,
    check_named,
    is_data,
    is_data_folder,
    is_of_donations,
    named_files,
)
from sidestage.bundle.errors import ArchiveError
from sidestage.bundle.script_metadata import PROJECT_FILE, read_metadata
from sidestage.errors import SidestageError
from sidestage.zipping import zip_of

#: The most that a script and the files beside it may weigh together.
ARCHIVE_LIMIT = 20 * 1024 * 1024


def files_beside(script: Path) -> dict[str, Path]:
    """What goes into the archive of a script: each file's name in it and where it lies; the script itself first."""
    code = {name: path for name, path in _looked_at(script).items() if not _must_be_named(name)}
    return {script.name: script} | code | named_files(script.parent, _patterns(script))


def data_beside(script: Path) -> list[str]:
    """The data files beside a script and in its packages that go to participants only if they are named."""
    return [name for name in _looked_at(script) if is_data(name) and _must_be_named(name)]


def check_files(script: Path, ignored: Collection[str] = ()) -> None:
    """Make sure that for each data file beside a script it is said whether participants get it.

    Args:
        script: the script.
        ignored: names of files that are known to be no part of it.

    Raises:
        UnnamedFiles: if that is not so; the message has the line to add.
    """
    beside = [name for name in data_beside(script) if name not in ignored]
    check_named(script.name, _patterns(script), beside, files_beside(script), script.parent)


def _patterns(script: Path) -> tuple[str, ...]:
    """What the script names; nothing, as long as it or its metadata is wrong, which is told elsewhere."""
    project = script.with_name(PROJECT_FILE)
    try:
        source = script.read_bytes().decode("utf-8-sig")
        beside = project.read_bytes().decode("utf-8-sig") if project.is_file() else None
        return read_metadata(script.name, source, beside).files
    except (SidestageError, OSError, UnicodeDecodeError):
        return ()


def _looked_at(script: Path) -> dict[str, Path]:
    """The files that a script can import, and the data files beside them."""
    folder = script.parent
    found: dict[str, Path] = {}
    for entry in _entries(folder):
        if entry.is_dir():
            if _is_package(entry):
                found.update((path.relative_to(folder).as_posix(), path) for path in _package_files(entry))
        elif entry.suffix == ".py" or is_data(entry.name):
            found[entry.name] = entry
    found.pop(script.name, None)
    return found


def _must_be_named(name: str) -> bool:
    """Whether a file is sent only if it is named: all data but that of a package, and what donations are kept in."""
    return is_of_donations(name) or (is_data(name) and "/" not in name)


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
        if name.startswith(".") or name in NEVER_NAMES or name.lower().endswith(NEVER_SUFFIXES):
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
    return folder.name in NEVER_FOLDERS or folder.is_symlink() or is_data_folder(folder)


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
