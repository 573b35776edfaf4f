"""The HTML that the server writes itself: a study's page before its script runs, the gallery, and what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from sidestage.protocol import Text, Translatable

#: What a page says before its script has loaded.
_WORDS = {
    "en": (
        "Starting…",
        "This page needs JavaScript. Allow it for this address in your browser's settings, then reload the page.",
        "This page could not be loaded. Check your internet connection, and use a browser that is up to date.",
        "Try again",
    ),
    "nl": (
        "Bezig met starten…",
        "Deze pagina heeft JavaScript nodig. Sta het toe voor dit adres in de instellingen van uw browser en laad de"
        " pagina opnieuw.",
        "Deze pagina kon niet worden geladen. Controleer uw internetverbinding, en gebruik een actuele browser.",
        "Opnieuw proberen",
    ),
}


@dataclass(frozen=True)
class Gallery:
    """The page at ``/`` of a server with several studies."""

    title: Text = "Sidestage"
    introduction: Text = ""


@dataclass(frozen=True)
class Card:
    """One study in the gallery."""

    name: str
    title: Text
    description: Text


def preferred_languages(accept_language: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _, parameters = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q=([01](?:\.\d*)?)\s*", parameters)
        weight = float(quality[1]) if quality else 1.0
        if name and weight > 0:
            wanted.append((weight, name))
    return [name for _, name in sorted(wanted, key=lambda pair: -pair[0])]


def in_language(text: Text, languages: Sequence[str]) -> str:
    """A text in the first of the languages it has: matched exactly, then by language, then English, then its first."""
    if not isinstance(text, Translatable):
        return text
    known = {locale.lower(): words for locale, words in text.translations.items()}
    for language in (*languages, "en"):
        for form in (language.lower(), language.lower().partition("-")[0]):
            if form in known:
                return known[form]
    return next(iter(known.values()), "")


def study_page(title: Text, languages: Sequence[str]) -> str:
    """The page of a study, which says that it is starting until its script takes over."""
    lang = _interface_language(languages)
    starting, noscript, failure, again = _WORDS[lang]
    words = {"starting": starting, "noscript": noscript, "failure": failure, "again": again}
    return _fill("page.html", words | {"lang": lang, "title": in_language(title, languages)})


def gallery_page(gallery: Gallery, cards: Iterable[Card], languages: Sequence[str]) -> str:
    """The list of studies."""
    items = [
        f'<li><a href="{escape(card.name)}/"><h2>{escape(in_language(card.title, languages))}</h2>'
        f"<p>{escape(in_language(card.description, languages))}</p></a></li>"
        for card in cards
    ]
    words = {
        "lang": _interface_language(languages),
        "title": in_language(gallery.title, languages),
        "introduction": in_language(gallery.introduction, languages),
    }
    return _fill("gallery.html", words, apps="\n".join(items))


def error_page(title: str, sentence: str) -> str:
    """A page that says what is wrong."""
    return _fill("error.html", {"title": title, "sentence": sentence})


def _interface_language(languages: Sequence[str]) -> str:
    forms = (language.lower().partition("-")[0] for language in languages)
    return next((form for form in forms if form in _WORDS), "en")


def _fill(template: str, words: dict[str, str], **html: str) -> str:
    return _template(template).substitute({name: escape(word) for name, word in words.items()}, **html)


@cache
def _template(name: str) -> Template:
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))
