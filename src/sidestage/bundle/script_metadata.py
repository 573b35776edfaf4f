"""What a script says about itself: in a comment block, as PEP 723 defines it, or in a ``pyproject.toml`` beside it.

What the block says counts more: key by key, the file beside the script stands in for what the block leaves out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from sidestage.bundle.data_files import check_patterns
from sidestage.bundle.errors import MetadataError
from sidestage.protocol import Text, Translatable
from sidestage.protocol.limits import LONGEST_KEY

#: The Python that runs in the browser unless a script asks for another Pyodide.
BROWSER_PYTHON = "3.13.2"

PROJECT_FILE = "pyproject.toml"

_START = re.compile(r"^# /// (?P<kind>[a-zA-Z0-9-]+)\s*$")
_END = re.compile(r"^# ///\s*$")
_TOML_PLACE = re.compile(r" \(at line (?P<line>\d+), column \d+\)$")
_VERSION = re.compile(r"\d+\.\d+\.\d+(-?(alpha|beta|rc|a|b)\.?\d+)?")


@dataclass(frozen=True)
class ScriptMetadata:
    """What a script says about itself.

    Attributes:
        dependencies: as written.
        requires_python: the versions of Python that it runs with, as written.
        title: from ``[tool.sidestage]``.
        platform: from there, too.
        pyodide: from there, too: the version of another Pyodide than Sidestage's own, or the folder of one.
        session_data: from there, too: data about the session, which leaves the page without a question. Keys of
            donations, or patterns with ``*``, each with what is sent under it, in words for participants.
        files: from there, too: the data files beside the script that participants get, as paths and patterns.
    """

    dependencies: tuple[str, ...] = ()
    requires_python: str | None = None
    title: Text | None = None
    platform: str | None = None
    pyodide: str | None = None
    session_data: Mapping[str, Text] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class MetadataBlock:
    """A ``# /// script`` block.

    Attributes:
        start: the number of its first line, from 1.
        content: the lines of TOML in it.
    """

    start: int
    content: tuple[str, ...]


def read_metadata(name: str, source: str, project: str | None = None) -> ScriptMetadata:
    """The metadata of a script.

    Args:
        name: what the sentences call the script.
        source: of the script.
        project: the text of the ``pyproject.toml`` beside it, if there is one.

    Raises:
        MetadataError: if the block is not closed, one of the two is no TOML, or a value is of the wrong kind.
    """
    block = find_block(name, source)
    table = parse_block(name, block) if block else {}
    # Both are checked, whichever counts.
    own = _read_table(name, table)
    beside = _read_project(project) if project is not None else ScriptMetadata()
    metadata = ScriptMetadata(
        dependencies=own.dependencies if "dependencies" in table else beside.dependencies,
        requires_python=own.requires_python or beside.requires_python,
        title=own.title or beside.title,
        platform=own.platform if own.platform is not None else beside.platform,
        pyodide=own.pyodide or beside.pyodide,
        session_data=own.session_data or beside.session_data,
        files=own.files or beside.files,
    )
    _check_python(name if own.requires_python else PROJECT_FILE, metadata)
    return metadata


def find_block(name: str, source: str) -> MetadataBlock | None:
    """The ``# /// script`` block of a script, or None.

    Raises:
        MetadataError: if it is not closed, or there are two.
    """
    found = [
        MetadataBlock(number, tuple(content))
        for number, kind, content in _blocks(name, source.splitlines())
        if kind == "script"
    ]
    if len(found) > 1:
        raise MetadataError(
            f"{name} has two '# /// script' blocks, at lines {found[0].start} and {found[1].start}: keep one of them"
        )
    return found[0] if found else None


def parse_block(name: str, block: MetadataBlock) -> dict[str, Any]:
    """What a block says.

    Raises:
        MetadataError: if it is no TOML.
    """
    try:
        return tomllib.loads("\n".join(block.content))
    except tomllib.TOMLDecodeError as error:
        what, line = _toml_problem(str(error), len(block.content))
        raise MetadataError(
            f"{name}, line {block.start + line}: the '# /// script' block is not valid TOML ({what}); "
            f'it should read like: dependencies = ["numpy"]'
        ) from None


def parse_project(text: str) -> dict[str, Any]:
    """What a ``pyproject.toml`` says.

    Raises:
        MetadataError: if it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, line = _toml_problem(str(error), text.count("\n") + 1)
        raise MetadataError(f"{PROJECT_FILE}, line {line}: the file is not valid TOML ({what}); mend it") from None


def _read_project(text: str) -> ScriptMetadata:
    table = parse_project(text)
    project = table.get("project", {})
    if not isinstance(project, dict):
        raise MetadataError(f'{PROJECT_FILE}: [project] must be a table, with lines like: dependencies = ["numpy"]')
    return _read_table(PROJECT_FILE, {**project, "tool": table.get("tool", {})})


def _read_table(name: str, table: Mapping[str, Any]) -> ScriptMetadata:
    settings = _settings(name, table)
    return ScriptMetadata(
        dependencies=_dependencies(name, table),
        requires_python=_requires_python(name, table),
        title=_title(name, settings.get("title")),
        platform=_platform(name, settings.get("platform")),
        pyodide=_pyodide(name, settings.get("pyodide")),
        session_data=dict(_session_data(name, settings.get("session-data", {}))),
        files=check_patterns(name, settings.get("files", [])),
    )


def _blocks(name: str, lines: list[str]) -> Iterator[tuple[int, str, list[str]]]:
    number = 0
    while number < len(lines):
        opening = _START.match(lines[number])
        number += 1
        if opening is None:
            continue
        start = number
        end = _end_of_block(lines, number)
        if end is None:
            if opening["kind"] == "script":
                raise MetadataError(
                    f"{name}, line {start}: the '# /// script' block is not closed; every line of it must start with "
                    f"'# ', and a line '# ///' must end it"
                )
            continue
        yield start, opening["kind"], [line[2:] for line in lines[start:end]]
        number = end + 1


def _end_of_block(lines: list[str], first: int) -> int | None:
    """The last ``# ///`` of the comment lines that follow: PEP 723 lets the content hold such a line, too."""
    end = None
    for index in range(first, len(lines)):
        if lines[index] != "#" and not lines[index].startswith("# "):
            break
        if _END.match(lines[index]):
            end = index
    return end


def _toml_problem(problem: str, length: int) -> tuple[str, int]:
    """What tomllib complains about, and the line; the last one where it tells none."""
    place = _TOML_PLACE.search(problem)
    what = problem[: place.start()] if place else problem.removesuffix(" (at end of document)")
    return what, int(place["line"]) if place else length


def _requires_python(name: str, table: Mapping[str, Any]) -> str | None:
    wanted = table.get("requires-python")
    if wanted is None:
        return None
    try:
        if isinstance(wanted, str):
            return str(SpecifierSet(wanted))
    except InvalidSpecifier:
        pass
    raise MetadataError(f'{name}: requires-python = {wanted!r} is no version range; write it like ">=3.11"')


def _check_python(name: str, metadata: ScriptMetadata) -> None:
    """Refuse what the browser's Python is too old or too new for; that of another Pyodide is not known here."""
    wanted = metadata.requires_python
    if wanted and metadata.pyodide is None and not SpecifierSet(wanted).contains(BROWSER_PYTHON):
        raise MetadataError(
            f"{name} asks for Python {wanted} (requires-python), but the browser's Python is {BROWSER_PYTHON}: "
            f"widen the range so that it includes 3.13"
        )


def _dependencies(name: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = table.get("dependencies", [])
    if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
        raise MetadataError(f'{name}: dependencies must be a list of texts, like: dependencies = ["numpy", "pandas"]')
    check_dependencies(name, wanted)
    return tuple(wanted)


def check_dependencies(name: str, dependencies: Iterable[str]) -> None:
    """Check texts that stand for packages; ``name`` is what the sentences call the place where they stand.

    Raises:
        MetadataError: if one is no requirement, or names an address.
    """
    for text in dependencies:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            raise MetadataError(
                f"{name}: the dependency {text!r} is not a valid requirement; write a package's name, with a version "
                f'if it matters, like "numpy" or "pandas>=2.2"'
            ) from None
        if requirement.url:
            raise MetadataError(
                f"{name}: the dependency {text!r} names an address, and a participant's browser fetches nothing from "
                f'third parties: write "{requirement.name}" and give the folder with its wheel with --find-links FOLDER'
            )


def _settings(name: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = table.get("tool", {})
    settings = tool.get("sidestage", {}) if isinstance(tool, dict) else None
    if not isinstance(settings, dict):
        raise MetadataError(f'{name}: [tool.sidestage] must be a table, with lines like: title = "My study"')
    unknown = sorted(set(settings) - {"title", "platform", "pyodide", "session-data", "files"})
    if unknown:
        raise MetadataError(
            f"{name}: [tool.sidestage] knows title, platform, files, pyodide and session-data, not "
            f"{', '.join(unknown)}: remove it"
        )
    return settings


def text_from_toml(value: object) -> Text | None:
    """A text, or one text per language, as TOML writes it; None where the value is neither."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
        return Translatable(value)
    return None


def _title(name: str, value: object) -> Text | None:
    text = text_from_toml(value)
    if value is None or text is not None:
        return text
    raise MetadataError(
        f"{name}: title under [tool.sidestage] must be a text or one text per language, "
        f'like: title = {{en = "My study", nl = "Mijn studie"}}'
    )


def _platform(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise MetadataError(f'{name}: platform under [tool.sidestage] must be a text, like: platform = "WhatsApp"')


def _pyodide(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and (_VERSION.fullmatch(value) or looks_like_folder(value)):
        return value
    raise MetadataError(
        f'{name}: pyodide = {value!r} under [tool.sidestage] is neither a version, like "314.0.7", nor a folder with a '
        f'Pyodide in it, like "./pyodide"'
    )


def looks_like_folder(pyodide: str) -> bool:
    """Whether this names the folder of a Pyodide, by its slash, rather than a version."""
    return "/" in pyodide or "\\" in pyodide


def _session_data(name: str, value: object) -> Iterator[tuple[str, Text]]:
    place = f"{name}: [tool.sidestage.session-data]"
    example = 'like: declined = "that you declined"'
    if not isinstance(value, dict):
        raise MetadataError(f"{place} must be a table with a line per key, {example}")
    for key, words in value.items():
        if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
            raise MetadataError(f"{place} has the key {key!r}: give it 1 to {LONGEST_KEY} printable characters")
        text = text_from_toml(words)
        if text is None:
            raise MetadataError(
                f"{place} must say in words what is sent under {key}, in a text or one text per language, {example}"
            )
        yield key, text
