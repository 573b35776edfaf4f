"""A text in the participant's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidestage.protocol.wire import Text, Translatable


def in_locale(text: Text | Mapping[str, Any], *locales: str) -> str:
    """A text in a locale: for exactly this one, then for its language, then English, then the first given.

    Upper and lower case are alike. The page chooses in the same way; both hold to ``tests/locale_cases.json``.

    Args:
        text: as a script has it, or in its form on the wire.
        locales: such as "nl" or "nl-BE"; of several, the first that the text, or its language, is there for.
    """
    if isinstance(text, str):
        return text
    translations = text.translations if isinstance(text, Translatable) else text["translations"]
    for locale in (*locales, "en"):
        if locale in translations:
            return str(translations[locale])
        for wanted in (_canonical(locale), _canonical(locale).partition("-")[0]):
            for name, translation in translations.items():
                if _canonical(name) == wanted:
                    return str(translation)
    return str(next(iter(translations.values()), ""))


def first_language(text: Text) -> str:
    """A text in the first of its languages."""
    return text if isinstance(text, str) else next(iter(text.translations.values()), "")


def _canonical(locale: str) -> str:
    """A locale with its subtags in one case, and hyphens between them."""
    return locale.lower().replace("_", "-")
