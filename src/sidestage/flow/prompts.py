"""The prompts: each function makes a step that shows something to the participant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sidestage.flow.consent import reviewed_rows
from sidestage.flow.step import FlowError, Step, Text, render, wire_text
from sidestage.protocol import (
    PayloadFalse,
    PropsUIDataSubmissionButtons,
    PropsUIPromptConfirm,
    PropsUIPromptConsentFormTable,
    PropsUIPromptFileInput,
    PropsUIPromptFileInputMultiple,
    PropsUIPromptProgress,
    PropsUIPromptRadioInput,
    PropsUIPromptText,
    RadioItem,
)
from sidestage.tables import Table

#: Answers to choose from: texts, or the answer that the script gets for each text.
Choices: TypeAlias = "Sequence[str] | Mapping[str, Text]"


def ask_file(
    description: Text, *, accept: Iterable[str] = (), multiple: bool = False, title: Text | None = None
) -> Step:
    """Ask for a file by button or drop.

    Args:
        description: what file is asked for, and where the participant finds it.
        accept: name endings or media types, such as ``[".zip", "application/json"]``; none accepts every file.
        multiple: let the participant choose several.
        title: stands above the page instead of the study's title.

    The ``yield`` returns a ``ParticipantFile`` (a list of them with ``multiple``), or None if the participant skipped.

    Raises:
        FlowError: if ``accept`` is no list of texts.
    """
    extensions = ", ".join(_accepted(accept))
    kind = PropsUIPromptFileInputMultiple if multiple else PropsUIPromptFileInput
    command = render(title, kind(wire_text(description, "description"), extensions))
    return Step("ask_file", command, _value_unless_declined)


def ask_choice(question: Text, choices: Choices, *, description: Text = "", title: Text | None = None) -> Step:
    """Ask for one of several answers.

    Args:
        question: stands above the choices.
        choices: the texts to choose from, each also the answer; or a mapping from answers to texts, where texts need
            translating.
        description: an explanation below the question.
        title: stands above the page instead of the study's title.

    The ``yield`` returns the chosen answer, a str.

    Raises:
        FlowError: if there are no choices, two look the same, or they are one text.
    """
    if isinstance(choices, str) or not isinstance(choices, Iterable):
        raise FlowError(f'ask_choice: choices must be a list such as ["yes", "no"], or a mapping; got {choices!r}')
    pairs = choices.items() if isinstance(choices, Mapping) else [(choice, choice) for choice in choices]
    texts = [(answer, wire_text(text, "a choice")) for answer, text in pairs]
    answers = {_first_language(text): answer for answer, text in texts}
    if not texts or len(answers) < len(texts):
        reason = "two choices look the same" if texts else "there is nothing to choose"
        raise FlowError(f"ask_choice: {reason}; give one text per answer")
    items = [RadioItem(position, text) for position, (_, text) in enumerate(texts)]
    prompt = PropsUIPromptRadioInput(wire_text(question, "question"), wire_text(description, "description"), items)

    def chosen(payload: Any) -> str:
        return answers[payload.value]

    return Step("ask_choice", render(title, prompt), chosen, {"answers": answers})


def confirm(text: Text, *, yes: Text | None = None, no: Text | None = None, title: Text | None = None) -> Step:
    """Ask a question with two buttons; ``yes`` and ``no`` are their names.

    The ``yield`` returns True or False.
    """
    ok = wire_text(yes if yes is not None else {"en": "Yes", "nl": "Ja"}, "yes")
    cancel = wire_text(no if no is not None else {"en": "No", "nl": "Nee"}, "no")
    return Step("confirm", render(title, PropsUIPromptConfirm(wire_text(text, "text"), ok, cancel)), _is_true)


def show_text(text: Text, *, title: Text | None = None, button: Text | None = None) -> Step:
    """Show a text until the participant goes on; ``button`` is the name of the button, "Continue" unless given.

    Empty lines in the text divide paragraphs. The ``yield`` returns None.
    """
    named_button = wire_text(button, "button") if button is not None else None
    return Step("show_text", render(title, PropsUIPromptText(wire_text(text, "text"), button=named_button)), _nothing)


def show_progress(
    message: Text, percentage: float | None = None, *, description: Text = "", title: Text | None = None
) -> Step:
    """Show how far the script is; it goes on at once, and the page keeps showing it meanwhile.

    Args:
        message: what is being done.
        percentage: 0 to 100, or None where it cannot be known.
        description: what this is all about.
        title: stands above the page instead of the study's title.

    The ``yield`` returns None.

    Raises:
        FlowError: if the percentage is no number.
    """
    shown = None if percentage is None else _percentage(percentage)
    prompt = PropsUIPromptProgress(wire_text(description, "description"), wire_text(message, "message"), shown)
    return Step("show_progress", render(title, prompt), _nothing)


def review(
    tables: Table | Iterable[Table],
    *,
    question: Text | None = None,
    button: Text | None = None,
    description: Text | None = None,
    title: Text | None = None,
) -> Step:
    """Let the participant look through tables, search them, delete rows, and agree or decline.

    Args:
        tables: a ``Table`` or several, each with an id of its own.
        question: asked below the tables.
        button: the name of the button that agrees.
        description: stands above the tables.
        title: stands above the page instead of the study's title.

    The ``yield`` returns None if the participant declined. Otherwise it returns what is left of each table:
    ``{table_id: {"data": [{column: cell}, ...], "metadata": {"deletedRowCount": n}}}``, with every cell as it was.

    Raises:
        FlowError: if there is no table, something else than a ``Table``, or two with the same id.
    """
    # One table, or one DataFrame by mistake: that has columns too, and would give their names.
    single = hasattr(tables, "columns") or not isinstance(tables, Iterable)
    kept: list[Table] = [cast("Table", tables)] if single else list(cast("Iterable[Table]", tables))
    by_id = _tables_by_id(kept)
    shown = [_shown(number, table) for number, table in enumerate(kept, start=1)]
    buttons = PropsUIDataSubmissionButtons(
        wire_text(question, "question") if question is not None else None,
        wire_text(button, "button") if button is not None else None,
    )
    intro = [PropsUIPromptText(wire_text(description, "description"))] if description is not None else []

    def agreed(payload: Any) -> dict[str, Any] | None:
        return None if isinstance(payload, PayloadFalse) else reviewed_rows(by_id, payload.value.deleted)

    return Step("review", render(title, *intro, *shown, buttons), agreed, {"tables": by_id})


def _accepted(accept: Any) -> list[str]:
    endings = accept.split(",") if isinstance(accept, str) else list(accept) if isinstance(accept, Iterable) else [None]
    if not all(isinstance(item, str) for item in endings):
        raise FlowError(f'ask_file: accept must be a list of name endings such as [".zip"]; got {accept!r}')
    return [item.strip() for item in endings if item]


def _percentage(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise FlowError(f"show_progress: the percentage must be a number from 0 to 100, or None; got {value!r}")
    return min(max(number, 0.0), 100.0)


def _tables_by_id(tables: Sequence[Any]) -> dict[str, Table]:
    if not tables:
        raise FlowError("review: there is no table to review; yield flow.show_text(...) to say so instead")
    by_id: dict[str, Table] = {}
    for table in tables:
        if not isinstance(table, Table):
            raise FlowError(
                f"review: expected a sidestage.tables.Table, got a {type(table).__name__}; "
                "a DataFrame becomes one by Table.from_dataframe(id, title, frame), rows by Table.from_rows(...)"
            )
        if table.id in by_id:
            raise FlowError(f"review: two tables have the id {table.id!r}; give each its own")
        by_id[table.id] = table
    return by_id


def _shown(number: int, table: Table) -> PropsUIPromptConsentFormTable:
    return PropsUIPromptConsentFormTable(
        id=table.id,
        number=number,
        title=wire_text(table.title, f"the title of table {table.id!r}"),
        description=wire_text(table.description, f"the description of table {table.id!r}"),
        data_frame=table.pieces(),
        headers={name: wire_text(text, f"the header of {name!r}") for name, text in table.headers.items()} or None,
    )


def _first_language(text: Any) -> str:
    return text if isinstance(text, str) else next(iter(text.translations.values()))


def _value_unless_declined(payload: Any) -> Any:
    return None if isinstance(payload, PayloadFalse) else payload.value


def _is_true(payload: Any) -> bool:
    return payload.value is True


def _nothing(_payload: Any) -> None:
    return None
