"""What is left of reviewed tables, for the author of a flow and for existing scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sidestage.protocol import (
    CommandUIRender,
    PayloadJSON,
    PayloadReview,
    PropsUIPageDataSubmission,
    PropsUIPromptConsentForm,
    PropsUIPromptConsentFormTable,
)
from sidestage.tables import Table


def reviewed_rows(tables: Mapping[str, Table], deleted: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The rows that the participant kept, per table, with the number of those deleted."""
    reviewed = {}
    for table_id, table in tables.items():
        left_out = {position for position in deleted.get(table_id, ()) if 0 <= position < len(table)}
        reviewed[table_id] = {"data": table.rows(without=left_out), "metadata": {"deletedRowCount": len(left_out)}}
    return reviewed


def consent_payload(command: CommandUIRender, payload: PayloadReview) -> PayloadJSON:
    """The answer to a consent form as existing scripts expect it: the JSON text of the rows that were kept."""
    tables = {shown.id: _table_of(shown) for shown in _shown_tables(command)}
    return PayloadJSON(json.dumps(reviewed_rows(tables, payload.value.deleted)))


def _shown_tables(command: CommandUIRender) -> list[PropsUIPromptConsentFormTable]:
    body = command.page.body if isinstance(command.page, PropsUIPageDataSubmission) else ()
    body = body if isinstance(body, (list, tuple)) else (body,)
    shown: list[PropsUIPromptConsentFormTable] = []
    for prompt in body:
        if isinstance(prompt, PropsUIPromptConsentForm):
            shown += [*prompt.tables, *prompt.meta_tables]
        elif isinstance(prompt, PropsUIPromptConsentFormTable):
            shown.append(prompt)
    return shown


def _table_of(shown: PropsUIPromptConsentFormTable) -> Table:
    """The table behind its column-oriented JSON text: ``{column: {row: cell}}`` or ``{column: [cell]}``."""
    pieces = [shown.data_frame] if isinstance(shown.data_frame, str) else shown.data_frame
    columns: dict[str, list[Any]] = {}
    for piece in pieces:
        for name, cells in json.loads(piece).items():
            columns.setdefault(name, []).extend(cells.values() if isinstance(cells, dict) else cells)
    return Table(shown.id, "", columns)
