"""Reading a command as a participant would: which prompt waits, what it says, which rows it shows.

Everything here works on the form on the wire, so that a test sees what a page would get.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

#: Prompts that wait for the participant, and the function of ``sidestage.flow`` that shows each.
WAITING = {
    "PropsUIPromptFileInput": "ask_file",
    "PropsUIPromptFileInputMultiple": "ask_file",
    "PropsUIPromptConfirm": "confirm",
    "PropsUIPromptRetry": "retry",
    "PropsUIPromptRadioInput": "ask_choice",
    "PropsUIPromptConsentForm": "review",
    "PropsUIDataSubmissionButtons": "review",
}

#: The fields that hold a text to show, in the order in which a page shows them.
TEXT_FIELDS = (
    "title",
    "description",
    "text",
    "message",
    "question",
    "donateQuestion",
    "button",
    "donateButton",
    "ok",
    "cancel",
)


def in_locale(text: Any, locale: str) -> str:
    """A text in a locale: matched exactly, then by language, then English, then whatever came first."""
    if not isinstance(text, Mapping):
        return str(text)
    translations = text["translations"]
    for wanted in (locale, locale.partition("-")[0], "en"):
        if wanted in translations:
            return str(translations[wanted])
    return str(next(iter(translations.values()), ""))


def body_of(command: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The prompts on the page of a command."""
    return list(command.get("page", {}).get("body", ()))


def waiting_prompt(command: Mapping[str, Any]) -> dict[str, Any]:
    """The prompt that waits for the participant; on a page without one, the last (a text with its button)."""
    body = body_of(command)
    waiting = [prompt for prompt in body if prompt["__type__"] in WAITING]
    return (waiting or body or [command.get("page", {})])[-1]


def is_progress(command: Mapping[str, Any]) -> bool:
    """Whether the page answers for itself, because it only shows how far the script is."""
    kinds = {prompt["__type__"] for prompt in body_of(command)}
    return "PropsUIPromptProgress" in kinds and not kinds & WAITING.keys()


def shown_tables(command: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tables on the page, as they came over the wire."""
    tables = []
    for prompt in body_of(command):
        if prompt["__type__"] == "PropsUIPromptConsentFormTable":
            tables.append(prompt)
        tables += [*prompt.get("tables", ()), *prompt.get("metaTables", ())]
    return tables


def rows_of(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table on the wire, as dicts."""
    pieces = table["data_frame"] if isinstance(table["data_frame"], list) else [table["data_frame"]]
    rows: list[dict[str, Any]] = []
    for piece in map(json.loads, pieces):
        columns = {name: cells.values() if isinstance(cells, dict) else cells for name, cells in piece.items()}
        rows += [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return rows


def visible_texts(command: Mapping[str, Any], locale: str) -> list[str]:
    """Every text on the page in reading order, without the cells of tables."""
    page = command.get("page", {})
    texts = [in_locale(page["header"]["title"], locale)] if "header" in page else []
    texts += [page["message"]] if "message" in page else []
    for prompt in body_of(command):
        texts += _texts_of(prompt, locale)
    return [text for text in texts if text]


def _texts_of(prompt: Mapping[str, Any], locale: str) -> Iterator[str]:
    fields = [name for name in TEXT_FIELDS if name in prompt]
    before = [name for name in fields if name in ("title", "description")]
    yield from (in_locale(prompt[name], locale) for name in before)
    yield from (in_locale(item["value"], locale) for item in prompt.get("items", ()))
    yield from (in_locale(text, locale) for text in prompt.get("headers", {}).values())
    for table in (*prompt.get("tables", ()), *prompt.get("metaTables", ())):
        yield from _texts_of(table, locale)
    yield from (in_locale(prompt[name], locale) for name in fields if name not in before)
