"""The HTML that the server writes itself: a study's page before its script runs, and a page that says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from sidestage.protocol import Text
from sidestage.protocol.locale import in_locale

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


def study_page(
    title: Text,
    languages: Sequence[str],
    *,
    ahead: Iterable[str] = (),
    head: str = "",
    scripts: str = "",
    frame: str = "",
    foot: str = "",
) -> str:
    """The page of a study, which says that it is starting until its script takes over.

    Args:
        title: of the study.
        languages: that the visitor reads, the most wanted first.
        ahead: addresses of what the page is going to fetch; a browser complains of what was fetched for nothing.
        head: HTML for the head of the page.
        scripts: the elements that load the page's own scripts, as HTML.
        frame: the frame that Python runs in, as HTML; it comes up while the rest is being loaded.
        foot: HTML for the end of the page.
    """
    lang = interface_language(languages)
    starting, noscript, failure, again = _WORDS[lang]
    words = {"starting": starting, "noscript": noscript, "failure": failure, "again": again}
    words |= {"lang": lang, "title": in_locale(title, *languages)}
    html = {"ahead": json_in_html(list(ahead)), "head": head, "scripts": scripts, "frame": frame, "foot": foot}
    return fill_template("page.html", words, **html)


def json_in_html(value: object) -> str:
    """A value as JSON text that can stand in a ``script`` element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def error_page(title: str, sentence: str) -> str:
    """A page that says what is wrong."""
    return fill_template("error.html", {"title": title, "sentence": sentence})


def interface_language(languages: Sequence[str]) -> str:
    """The language of the words that are the page's own: the first of these that it knows, else English."""
    forms = (language.lower().partition("-")[0] for language in languages)
    return next((form for form in forms if form in _WORDS), "en")


def fill_template(template: str, words: dict[str, str], **html: str) -> str:
    """A page from a template beside this module: ``words`` are escaped, ``html`` is put in as it is."""
    return _template(template).substitute({name: escape(word) for name, word in words.items()}, **html)


def template_text(template: str) -> str:
    """The text of a template, as ``fill_template`` takes it."""
    return _template(template).template


@cache
def _template(name: str) -> Template:
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))
