"""Let the participant look through tables, delete rows, and agree or decline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

from sidestage.flow.agreed import Source, UnreadTable
from sidestage.flow.prompts.text import PropsUIPromptText
from sidestage.flow.shown import Given, Participant, ShownPage, ShownPrompt
from sidestage.flow.step import FlowError, Step, Text, render, wire_text
from sidestage.protocol import Payload, PayloadFalse, PayloadJSON, PayloadReview, Review
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import named, wire_type
from sidestage.tables import Table


class _Reviewing(ShownPrompt):
    shown_by = "review"
    usage = "answer(), answer(delete={'table_id': [positions]}) or answer(agree=False)"
    skipping: ClassVar[Given] = {"agree": False}

    def tables_shown(self) -> Sequence[PropsUIPromptConsentFormTable]:
        """The tables in it."""
        return ()

    def payload_in_test(self, given: Given, participant: Participant, /) -> Payload | None:
        if not given.keys() <= {"delete", "agree"}:
            return None
        if not given.get("agree", True):
            return PayloadFalse()
        deleted = {table: list(positions) for table, positions in (given.get("delete") or {}).items()}
        lengths = {table.id: len(table.table()) for table in tables_on(participant.page)}
        for table, positions in deleted.items():
            if table not in lengths:
                raise AssertionError(f"there is no table {table!r} to delete from; shown are {', '.join(lengths)}")
            missing = [position for position in positions if not 0 <= position < lengths[table]]
            if missing:
                raise AssertionError(f"table {table!r} has no row {missing[0]}; it has {lengths[table]} rows, from 0")
        return PayloadReview(Review(deleted))

    def answers_to_try(self, participant: Participant, /) -> Sequence[tuple[str, Given]]:
        some = {table.id: [0] for table in tables_on(participant.page) if len(table.table())}
        deleting = [("deleted a row of each table and agreed", {"delete": some})] if some else []
        return [("agreed", {"agree": True}), *deleting, ("declined", {"agree": False})]

    def agreed_to(self, payload: Payload, page: ShownPage, /) -> Mapping[str, Any] | None:
        """The rows that were kept, per table."""
        if not isinstance(payload, PayloadReview):
            return None
        tables = {shown.id: shown.table() for shown in tables_on(page)}
        return kept_rows(tables, payload.value.deleted)

    def existing_payload(self, payload: Payload, page: ShownPage, /) -> Payload:
        """The JSON text of the rows that were kept."""
        agreed = self.agreed_to(payload, page)
        return payload if agreed is None else PayloadJSON(json.dumps(agreed))


@wire_type
class PropsUIPromptConsentFormTable(_Reviewing):
    """A table to review.

    ``data_frame`` is column-oriented JSON text, ``{column: {row: cell}}`` or ``{column: [cell]}``; a long table comes
    as a list of such texts, one after another, so that the page can read it in small pieces. ``headers`` gives
    columns other names to show.
    """

    id: str
    number: int
    title: WireText
    description: WireText
    data_frame: str | Sequence[str]
    headers: dict[str, WireText] | None = None

    is_wide = True

    def tables_shown(self) -> Sequence[PropsUIPromptConsentFormTable]:
        return (self,)

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.title, self.description, *(self.headers or {}).values())

    def table(self) -> Table:
        """The table behind the JSON text."""
        pieces = [self.data_frame] if isinstance(self.data_frame, str) else self.data_frame
        columns: dict[str, list[Any]] = {}
        for piece in pieces:
            for name, cells in json.loads(piece).items():
                columns.setdefault(name, []).extend(cells.values() if isinstance(cells, dict) else cells)
        return Table(self.id, "", columns)


@wire_type
class PropsUIDataSubmissionButtons(_Reviewing):
    """The question and the buttons below the tables of a page. Answered by PayloadReview or PayloadFalse."""

    donate_question: WireText | None = named("donateQuestion", default=None)
    donate_button: WireText | None = named("donateButton", default=None)
    waiting: bool | None = None

    own_buttons = True

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.donate_question, self.donate_button)


@wire_type
class PropsUIPromptConsentForm(_Reviewing):
    """Tables, question and buttons in one prompt. Answered by PayloadReview or PayloadFalse."""

    tables: Sequence[PropsUIPromptConsentFormTable]
    meta_tables: Sequence[PropsUIPromptConsentFormTable] = named("metaTables", default=())
    description: WireText | None = None
    donate_question: WireText | None = named("donateQuestion", default=None)
    donate_button: WireText | None = named("donateButton", default=None)

    is_wide = True
    own_buttons = True

    def tables_shown(self) -> Sequence[PropsUIPromptConsentFormTable]:
        return [*self.tables, *self.meta_tables]

    def visible_texts(self) -> Iterable[WireText | None]:
        yield self.description
        for table in self.tables_shown():
            yield from table.visible_texts()
        yield from (self.donate_question, self.donate_button)


def tables_on(page: ShownPage) -> list[PropsUIPromptConsentFormTable]:
    """Every table on a page."""
    return [table for prompt in page.prompts() if isinstance(prompt, _Reviewing) for table in prompt.tables_shown()]


def kept_rows(tables: Mapping[str, Table], deleted: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The rows that the participant kept, per table, with the number of those deleted."""
    kept = {}
    for table_id, table in tables.items():
        left_out = {position for position in deleted.get(table_id, ()) if 0 <= position < len(table)}
        kept[table_id] = {"data": table.rows(without=left_out), "metadata": {"deletedRowCount": len(left_out)}}
    return kept


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
    ``{table_id: {"data": [{column: cell}, ...], "metadata": {"deletedRowCount": n}}}``, with every cell as it was. The
    rows of a table are made when the script first looks at them.

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

    columns = {name: table.copied_columns() for name, table in by_id.items()}

    def agreed(payload: Any) -> dict[str, Any] | None:
        if isinstance(payload, PayloadFalse):
            return None
        review: Review = payload.value
        return {
            name: UnreadTable(Source(review.agreement, name, cells, review.deleted.get(name, ())))
            for name, cells in columns.items()
        }

    return Step("review", render(title, *intro, *shown, buttons), agreed, {"tables": by_id})


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
