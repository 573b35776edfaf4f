"""The metadata that a script carries in a comment, as PEP 723 defines it, with the lines where it can be wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from sidestage.bundle.errors import MetadataError
from sidestage.protocol import Text, Translatable

#: The Python that runs in the browser: Pyodide 0.29's.
BROWSER_PYTHON = "3.13.2"

_START = re.compile(r"^# /// (?P<kind>[a-zA-Z0-9-]+)\s*$")
_END = re.compile(r"^# ///\s*$")
_TOML_PLACE = re.compile(r" \(at line (?P<line>\d+), column \d+\)$")


@dataclass(frozen=True)
class Metadata:
    """What a script says about itself."""

    dependencies: tuple[str, ...] = ()
    title: Text | None = None
    platform: str | None = None


def read_metadata(name: str, source: str) -> Metadata:
    """The metadata in a script's source; ``name`` is what the sentences call the script.

    Raises:
        MetadataError: if the block is not closed, is no TOML, or holds a value of the wrong kind.
    """
    block = _find_block(name, source.splitlines())
    if block is None:
        return Metadata()
    start, content = block
    try:
        table = tomllib.loads("\n".join(content))
    except tomllib.TOMLDecodeError as error:
        raise MetadataError(_toml_sentence(name, start, len(content), str(error))) from None
    _check_python(name, table)
    settings = _settings(name, table)
    return Metadata(
        dependencies=tuple(_dependencies(name, table)),
        title=_title(name, settings.get("title")),
        platform=_platform(name, settings.get("platform")),
    )


def _find_block(name: str, lines: list[str]) -> tuple[int, list[str]] | None:
    """The number of the block's first line (from 1) and the TOML lines in it."""
    found = [(number, content) for number, kind, content in _blocks(name, lines) if kind == "script"]
    if len(found) > 1:
        raise MetadataError(
            f"{name} has two '# /// script' blocks, at lines {found[0][0]} and {found[1][0]}: keep one of them"
        )
    return found[0] if found else None


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


def _toml_sentence(name: str, start: int, length: int, problem: str) -> str:
    """What tomllib complains about, with the line of the script rather than of the block."""
    place = _TOML_PLACE.search(problem)
    what = problem[: place.start()] if place else problem.removesuffix(" (at end of document)")
    line = start + (int(place["line"]) if place else length)
    return (
        f"{name}, line {line}: the '# /// script' block is not valid TOML ({what}); "
        f'it should read like: dependencies = ["numpy"]'
    )


def _check_python(name: str, table: Mapping[str, Any]) -> None:
    wanted = table.get("requires-python")
    if wanted is None:
        return
    try:
        accepted = SpecifierSet(wanted) if isinstance(wanted, str) else None
    except InvalidSpecifier:
        accepted = None
    if accepted is None:
        raise MetadataError(f'{name}: requires-python = {wanted!r} is no version range; write it like ">=3.11"')
    if not accepted.contains(BROWSER_PYTHON):
        raise MetadataError(
            f"{name} asks for Python {wanted} (requires-python), but the browser's Python is {BROWSER_PYTHON}: "
            f"widen the range so that it includes 3.13"
        )


def _dependencies(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    wanted = table.get("dependencies", [])
    if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
        raise MetadataError(f'{name}: dependencies must be a list of texts, like: dependencies = ["numpy", "pandas"]')
    for text in wanted:
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
        yield text


def _settings(name: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = table.get("tool", {})
    settings = tool.get("sidestage", {}) if isinstance(tool, dict) else None
    if not isinstance(settings, dict):
        raise MetadataError(f'{name}: [tool.sidestage] must be a table, with lines like: title = "My study"')
    unknown = sorted(set(settings) - {"title", "platform"})
    if unknown:
        raise MetadataError(f"{name}: [tool.sidestage] knows title and platform, not {', '.join(unknown)}: remove it")
    return settings


def as_text(value: object) -> Text | None:
    """A text, or one text per language, as TOML writes it; None where the value is neither."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
        return Translatable(value)
    return None


def _title(name: str, value: object) -> Text | None:
    text = as_text(value)
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
