"""Adding to a script's dependencies, where they are declared, with everything around them left as it is.

``uv add --script`` does something like it, and does not leave the rest as it is (tried with uv 0.13). A new block goes
above the coding line, and above the mark at the start of a file, after which Python cannot read the script; the line
ends of Windows are lost; a list is laid out anew; the Python of this machine becomes a ``requires-python``; and the
``pyproject.toml`` beside a script is not looked at. So it is done here, with tomlkit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tomlkit.items import Array

from sidestage.bundle.errors import ScriptError
from sidestage.bundle.script import project_file, read_project, read_source
from sidestage.bundle.script_metadata import (
    MetadataBlock,
    check_dependencies,
    find_block,
    parse_block,
    parse_project,
    read_metadata,
)
from sidestage.whole_files import write_whole

#: The lines that have to stay at the very top of a script.
_FIRST_LINES = re.compile(r"#!|[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


@dataclass(frozen=True)
class Edit:
    """A change to a file.

    Attributes:
        path: the script, or the ``pyproject.toml`` beside it.
        before: its content.
        after: its content with the change; equal to ``before`` where nothing had to change.
    """

    path: Path
    before: bytes
    after: bytes

    def apply(self) -> None:
        """Write the file."""
        _write(self.path, self.after)

    def undo(self) -> None:
        """Write the file as it was."""
        _write(self.path, self.before)


def add_dependencies(script: Path, packages: Sequence[str]) -> Edit:
    """What to change so that a script asks for these packages; nothing is written yet.

    They go where the script's dependencies are: into its own block or, where that names none, into the
    ``pyproject.toml`` beside it. Where neither names any, into the block, which is made. A package that is named
    already gets the new version range, if there is one.

    Args:
        script: the script.
        packages: names, with version ranges, extras and markers where they matter.

    Raises:
        ScriptError: if the script cannot be read, its metadata is wrong, or a package is no requirement.
    """
    check_dependencies("the command", packages)
    source, project = read_source(script), read_project(script)
    read_metadata(script.name, source, project)
    block = find_block(script.name, source)
    names_some = block is not None and "dependencies" in parse_block(script.name, block)
    if not names_some and project is not None and "dependencies" in parse_project(project).get("project", {}):
        return _edit(project_file(script), project, _in_project(project, packages))
    changed = _in_block(source, block, packages, names_some) if block else _with_block(source, packages)
    return _edit(script, source, changed)


def _in_project(project: str, packages: Sequence[str]) -> str:
    document: Any = tomlkit.parse(project.replace("\r\n", "\n"))
    _extend(document["project"]["dependencies"], packages)
    return tomlkit.dumps(document).replace("\n", _line_end(project))


def _in_block(source: str, block: MetadataBlock, packages: Sequence[str], names_some: bool) -> str:
    content = list(block.content)
    if names_some:
        document: Any = tomlkit.parse("\n".join(content))
        _extend(document["dependencies"], packages)
        content = tomlkit.dumps(document).split("\n")
    else:
        # Above everything else: a key below a table would belong to that table.
        content = [*_declaration(packages), *([""] if content and content[0].startswith("[") else []), *content]
    lines = source.splitlines(keepends=True)
    lines[block.start : block.start + len(block.content)] = _as_comment(content, _line_end(source))
    return "".join(lines)


def _with_block(source: str, packages: Sequence[str]) -> str:
    end = _line_end(source)
    lines = source.splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if not _FIRST_LINES.match(line)), len(lines))
    block = [f"# /// script{end}", *_as_comment(_declaration(packages), end), f"# ///{end}"]
    apart = [end] if lines[first:] and lines[first].strip() else []
    return "".join([*lines[:first], *block, *apart, *lines[first:]])


def _declaration(packages: Sequence[str]) -> list[str]:
    """The lines of TOML that name these packages."""
    array = tomlkit.array().multiline(True)
    _extend(array, packages)
    return tomlkit.dumps({"dependencies": array}).rstrip("\n").split("\n")


def _as_comment(lines: Iterable[str], end: str) -> list[str]:
    return [f"# {line}".rstrip() + end for line in lines]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _extend(array: Array, packages: Sequence[str]) -> None:
    for text in packages:
        place = _place_of(Requirement(text), [str(item) for item in array])
        if place is None:
            array.append(text)
        elif _says_more(text):
            array[place] = text


def _place_of(wanted: Requirement, named: Sequence[str]) -> int | None:
    for place, text in enumerate(named):
        requirement = Requirement(text)
        same = canonicalize_name(requirement.name) == canonicalize_name(wanted.name)
        if same and (wanted.marker is None or requirement.marker == wanted.marker):
            return place
    return None


def _says_more(text: str) -> bool:
    requirement = Requirement(text)
    return bool(requirement.specifier or requirement.extras or requirement.marker)


def _edit(path: Path, before: str, after: str) -> Edit:
    # The mark at the start that some editors write is no part of the text.
    mark = "\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    return Edit(path, (mark + before).encode(), (mark + after).encode())


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content, mode=path.stat().st_mode)
    except OSError as error:
        raise ScriptError(f"{path} cannot be written ({error.strerror}): check its permissions") from None
