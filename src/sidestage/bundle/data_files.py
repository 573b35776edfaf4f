"""The data files of a script: what goes to participants is named under ``[tool.sidestage]``, and nothing else does.

``files = ["words.json", "sprites/**"]`` names files and patterns, from the script's folder on; ``"!notes.txt"`` says of
a file that it is known and stays. Donations may lie anywhere, so what looks like them takes more than a pattern that
happens to fit: its ending has to stand there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from itertools import takewhile
from pathlib import Path

from sidestage.bundle.errors import ArchiveError, MetadataError

#: Files of these kinds are what a script would open, so one that is not named is told to its author.
DATA_SUFFIXES = frozenset(
    (
        *(".json", ".jsonl", ".csv", ".tsv", ".txt", ".md", ".toml", ".yaml", ".yml", ".xml", ".parquet", ".xlsx"),
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".npy", ".npz", ".onnx", ".mp3", ".wav", ".ogg"),
    )
)
#: What donations are exported and kept as. No pattern takes them that does not say the ending.
DONATION_SUFFIXES = (".jsonl", ".csv", ".sqlite", ".sqlite3", ".db")
#: Files of these kinds only this machine can use.
NEVER_SUFFIXES = (".pyc", ".pyo", ".so", ".pyd", ".log", "-wal", "-shm", "-journal", "~")
NEVER_FOLDERS = frozenset({"__pycache__", "node_modules", "venv", "env", "tests", "test", "sidestage-data"})
#: Files about the project, not of the script, and files whose names say that they are nobody else's business.
NEVER_NAMES = frozenset(
    (
        *("conftest.py", "setup.py", "noxfile.py", "pyproject.toml", "requirements.txt", "package.json"),
        *("package-lock.json", "example.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
        *("LICENSE.txt", "LICENSE.md", "README.txt"),
        *("secrets.toml", "secrets.json", "credentials.toml", "credentials.json"),
    )
)
#: In a sentence, so many files are named.
_NAMED_IN_SENTENCE = 5


class UnnamedFiles(ArchiveError):
    """A data file lies beside a script, and nothing says whether participants shall get it."""


def check_patterns(name: str, value: object) -> tuple[str, ...]:
    """What stands as ``files`` under ``[tool.sidestage]``; ``name`` is what the sentence calls the place.

    Raises:
        MetadataError: if it is no list of paths and patterns within the script's folder.
    """
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip("!") for item in value):
        raise MetadataError(
            f'{name}: files under [tool.sidestage] must be a list of texts, like: files = ["words.json", "sprites/**"]'
        )
    for item in value:
        parts = item.removeprefix("!").rstrip("/").split("/")
        if ".." in parts or "" in parts or "\\" in item or ":" in parts[0]:
            raise MetadataError(
                f"{name}: files under [tool.sidestage] has {item!r}: write a path from the script's folder on, with "
                f'plain slashes and within that folder, like "sprites/**"'
            )
    return tuple(value)


def named_files(folder: Path, patterns: Iterable[str]) -> dict[str, Path]:
    """The files that the patterns name, by their names in the archive."""
    found: dict[str, Path] = {}
    refused = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    for pattern in patterns:
        if not pattern.startswith("!"):
            for path in _matching(folder, pattern):
                name = path.relative_to(folder).as_posix()
                if not any(fnmatch(name, each) for each in refused):
                    found[name] = path
    return dict(sorted(found.items()))


def check_named(name: str, patterns: Sequence[str], beside: Iterable[str], sent: Iterable[str], folder: Path) -> None:
    """Make sure that for each data file it is said whether participants get it.

    Args:
        name: of the script.
        patterns: what it names.
        beside: the data files that lie beside it and in its packages.
        sent: the files that go to participants.
        folder: the script's.

    Raises:
        UnnamedFiles: if one is not named, or a pattern names none.
    """
    kept = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    known = set(sent)
    unnamed = [each for each in beside if each not in known and not any(fnmatch(each, pattern) for pattern in kept)]
    if unnamed:
        raise UnnamedFiles(_unnamed(name, patterns, unnamed))
    for pattern in patterns:
        if not pattern.startswith("!") and not named_files(folder, [pattern]):
            raise UnnamedFiles(
                f"files under [tool.sidestage] names {pattern!r}, and there is no such file beside {name} that may be "
                f"sent: check the name, or remove it"
            )


def _unnamed(name: str, patterns: Sequence[str], unnamed: Sequence[str]) -> str:
    words = ", ".join(unnamed[:_NAMED_IN_SENTENCE])
    if len(unnamed) > _NAMED_IN_SENTENCE:
        words += f" and {len(unnamed) - _NAMED_IN_SENTENCE} more"
    lie, them = ("lies", "it") if len(unnamed) == 1 else ("lie", "them")
    return (
        f"{words} {lie} beside {name}, and nothing says that participants may read {them}: if the script opens {them}, "
        f"add the line {_line(patterns, unnamed)} under [tool.sidestage]; if not, move {them} elsewhere, or name {them}"
        ' there with a "!" in front'
    )


def _line(patterns: Sequence[str], unnamed: Sequence[str]) -> str:
    names = [*patterns, *unnamed[:_NAMED_IN_SENTENCE]]
    return f"files = [{', '.join(f'{chr(34)}{each}{chr(34)}' for each in names)}]"


def is_data(name: str) -> bool:
    """Whether a script would open a file of this name."""
    return Path(name).suffix.lower() in DATA_SUFFIXES


def is_of_donations(name: str) -> bool:
    """Whether donations are kept or exported in such files."""
    return name.lower().endswith(DONATION_SUFFIXES)


def is_data_folder(folder: Path) -> bool:
    """Whether donations are kept or were exported there."""
    return (folder / "sidestage.db").exists() or all(
        (folder / name).is_file() for name in ("index.jsonl", "logs.jsonl")
    )


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    """The files that one pattern names, as far as they may be sent."""
    pattern = pattern.rstrip("/")
    if not any(sign in pattern for sign in "*?["):
        path = folder / pattern
        if path.is_dir():
            yield from _matching(folder, f"{pattern}/**")
        elif path.is_file() and not path.name.startswith("sidestage.db") and not _kept_in_data_folder(folder, path):
            yield path
        return
    fixed = list(takewhile(lambda part: not any(sign in part for sign in "*?["), pattern.split("/")))
    for path in _below(folder.joinpath(*fixed)):
        name = path.relative_to(folder).as_posix()
        said = not is_of_donations(name) or pattern.lower().endswith(path.suffix.lower())
        if said and _fits(name, pattern) and not _kept_in_data_folder(folder, path):
            yield path


def _fits(name: str, pattern: str) -> bool:
    """Whether a path fits a pattern, in which ``*`` stays within a folder and ``**`` does not."""
    return _parts_fit(name.split("/"), pattern.split("/"))


def _parts_fit(names: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not names
    if patterns[0] == "**":
        rest = patterns[1:]
        return bool(names) and (not rest or any(_parts_fit(names[skipped:], rest) for skipped in range(len(names))))
    return bool(names) and fnmatch(names[0], patterns[0]) and _parts_fit(names[1:], patterns[1:])


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder that a pattern may take; links are not followed."""
    if _is_left_out(folder):
        return
    for around, folders, files in os.walk(folder):
        here = Path(around)
        folders[:] = sorted(name for name in folders if not _is_left_out(here / name))
        yield from (here / name for name in sorted(files) if not _is_private(name) and (here / name).is_file())


def _is_left_out(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in NEVER_FOLDERS
    return hidden or folder.is_symlink() or (folder / "pyvenv.cfg").exists() or is_data_folder(folder)


def _is_private(name: str) -> bool:
    return name.startswith(".") or name in NEVER_NAMES or name.lower().endswith(NEVER_SUFFIXES)


def _kept_in_data_folder(folder: Path, path: Path) -> bool:
    """Whether a file lies below a folder of donations."""
    between = [each for each in path.parents if each.is_relative_to(folder) and each != folder]
    return any(each.name == "sidestage-data" or is_data_folder(each) for each in between)
