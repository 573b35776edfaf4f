"""Whether every text is there in every language that the script speaks. A text is a dict of locales, anywhere in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.script import Script
from sidestage.bundle.script_archive import files_beside
from sidestage.protocol import Translatable

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
#: So much of a text is quoted.
_QUOTED = 40


@dataclass(frozen=True)
class _Translated:
    """A text with its languages, and where it stands."""

    file: str
    line: int
    texts: dict[str, str]


def check_texts(script: Script) -> list[Finding]:
    """The texts that lack a language which others have: participants would read them in another one."""
    declared = [each for each in (script.title, *script.session_data.values()) if isinstance(each, Translatable)]
    known = {"en", *(locale for text in declared for locale in text.translations)}
    sources = {name: path for name, path in files_beside(script.path).items() if name.endswith(".py")}
    found = [text for name, path in sources.items() for text in _texts_in(name, path, known)]
    found += [_Translated(script.name, 0, dict(text.translations)) for text in declared]
    languages = {locale for text in found for locale in text.texts}
    lacking = ((text, sorted(languages - text.texts.keys())) for text in found)
    return sorted(
        Finding(text.file, text.line, _sentence(text, missing), False) for text, missing in lacking if missing
    )


def _texts_in(name: str, path: Path, known: set[str]) -> Iterator[_Translated]:
    try:
        tree = ast.parse(path.read_bytes(), name)
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            texts = {key: _quote(value) for key, value in zip(keys, node.values, strict=True) if isinstance(key, str)}
            if _is_text(keys, node.values, known):
                yield _Translated(name, node.lineno, texts)


def _is_text(keys: Sequence[object], values: Sequence[ast.expr], known: set[str]) -> bool:
    """Whether a dict is a text: its keys look like locales, one of them is known to be, and its values may be texts."""
    locales = all(isinstance(key, str) and _LOCALE.fullmatch(key) for key in keys)
    return locales and not known.isdisjoint(keys) and not any(map(_is_no_text, values))


def _is_no_text(value: ast.expr) -> bool:
    return isinstance(value, (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Lambda)) or (
        isinstance(value, ast.Constant) and not isinstance(value.value, str)
    )


def _quote(value: ast.expr) -> str:
    text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ast.unparse(value)
    return text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + "..."


def _sentence(text: _Translated, missing: list[str]) -> str:
    shown = text.texts.get("en") or next(iter(text.texts.values()))
    return f"the text {shown!r} is not there in {', '.join(missing)}, as others are: add it"
