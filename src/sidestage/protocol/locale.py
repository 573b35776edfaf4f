"""A text in the participant's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidestage.protocol.wire import Text, Translatable


def in_locale(text: Text | Mapping[str, Any], locale: str) -> str:
    """A text in a locale: matched exactly, then by language, then English, then whatever came first.

    Args:
        text: as a script has it, or in its form on the wire.
        locale: such as "nl" or "nl-BE".
    """
    if isinstance(text, str):
        return text
    translations = text.translations if isinstance(text, Translatable) else text["translations"]
    for wanted in (locale, locale.partition("-")[0], "en"):
        if wanted in translations:
            return str(translations[wanted])
    return str(next(iter(translations.values()), ""))


def first_language(text: Text) -> str:
    """A text in the first of its languages."""
    return text if isinstance(text, str) else next(iter(text.translations.values()), "")
