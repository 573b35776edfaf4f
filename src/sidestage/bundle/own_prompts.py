"""The modules in JavaScript that draw a study's own prompts: ``prompts/<name>.js`` beside the script, one for each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sidestage.bundle.errors import ArchiveError
from sidestage.hashing import sha256_of

#: Where they lie.
MODULES_FOLDER = "prompts"
#: The most that one of them may weigh, in bytes: it is sent to every participant.
MODULE_LIMIT = 2 * 1024 * 1024

#: Between the words of a name such as ``ColourWheel`` or ``VASScale``.
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def own_prompt_modules(script: Path) -> dict[str, Path]:
    """The modules beside a script, by the names of their prompts."""
    folder = script.parent / MODULES_FOLDER
    if folder.is_symlink() or not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.glob("*.js")) if _draws(path)}


def element_of(prompt: str) -> str:
    """The name of the element that the module of a prompt defines: ``prompt-colour-wheel`` for ``ColourWheel``."""
    return f"prompt-{_BETWEEN_WORDS.sub('-', prompt).lower()}"


def read_module(path: Path) -> bytes:
    """What a module holds: text in UTF-8.

    Raises:
        ArchiveError: if it cannot be read, is no such text, or weighs too much.
    """
    name = f"{MODULES_FOLDER}/{path.name}"
    try:
        content = path.read_bytes()
        content.decode()
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read ({error.strerror}): give yourself access to it or move it") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ArchiveError(
            f"{name}, line {line}: a byte there is not UTF-8; save the file with the encoding UTF-8"
        ) from None
    if len(content) > MODULE_LIMIT:
        size, limit = len(content) / 1024**2, MODULE_LIMIT / 1024**2
        raise ArchiveError(
            f"{name} weighs {size:.1f} MB, more than the {limit:.0f} MB that a page takes: make it smaller"
        )
    return content


def module_settings(script: Path) -> dict[str, dict[str, Any]]:
    """What the page is told of each module: its address, its element, and what it must be.

    Raises:
        ArchiveError: if one of them is not as it must be.
    """
    return {name: _settings(name, read_module(path)) for name, path in own_prompt_modules(script).items()}


def _settings(name: str, content: bytes) -> dict[str, Any]:
    return {
        "address": f"{MODULES_FOLDER}/{name}.js",
        "element": element_of(name),
        "size": len(content),
        "sha256": sha256_of(content),
    }


def _draws(path: Path) -> bool:
    return path.is_file() and path.stem.isascii() and path.stem.isidentifier()
