"""How many bytes each session has sent that were kept."""

from __future__ import annotations

import sqlalchemy as sql

from sidestage.server.errors import SessionFull
from sidestage.server.replies import size_in_words
from sidestage.server.schema import DONATIONS, TOTALS


def add_to_total(connection: sql.Connection, session: str, size: int, most: int | None) -> None:
    """Count ``size`` bytes of a session, in the transaction that keeps them.

    Raises:
        SessionFull: if they would be more than ``most``.
    """
    mine = TOTALS.c.session == session
    grown = sql.update(TOTALS).where(mine).values(bytes=TOTALS.c.bytes + size)
    if connection.execute(grown).rowcount == 0:
        # Of a session that began before there were totals, or with this.
        sizes = sql.select(sql.func.coalesce(sql.func.sum(DONATIONS.c.size), 0)).where(DONATIONS.c.session == session)
        had = connection.execute(sizes).scalar_one()
        connection.execute(sql.insert(TOTALS).values(session=session, bytes=had + size))
    total = connection.execute(sql.select(TOTALS.c.bytes).where(mine)).scalar_one()
    if most is not None and total > most:
        raise SessionFull(f"This visit has sent as much as can be taken: {size_in_words(most)}. This was not kept.")
