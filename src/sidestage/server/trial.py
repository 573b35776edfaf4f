"""A trial: writes to the database and beside it what a donation would need, and reads it back."""

from __future__ import annotations

import secrets

import sqlalchemy as sql

from sidestage.server import database
from sidestage.server.errors import StoreError
from sidestage.server.kept_files import KeptFiles
from sidestage.server.schema import TABLES, TRIALS

#: How long a trial waits for others who write, in seconds: whoever asks wants an answer.
_PATIENCE = 0.3

_BYTES = 1 << 16


class Trial:
    """Tries a database with connections of its own, which do not wait as long as those for donations."""

    def __init__(self, url: str, files: KeptFiles | None) -> None:
        self._files = files
        self._engine = database.open_database(url, _PATIENCE)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def run(self) -> None:
        """Write, read and remove, in the folder and in the database; see that every table is there.

        Raises:
            StoreError: if that fails, or the folder holds another database.
            DBAPIError: if the database refuses.
        """
        if self._files:
            self._files.check()
            self._files.try_folder()
        name, value = secrets.token_hex(16), secrets.token_bytes(_BYTES)
        mine = TRIALS.c.name == name
        with database.writing(self._engine) as connection:
            connection.execute(sql.insert(TRIALS).values(name=name, value=value))
        with database.writing(self._engine) as connection:
            same = connection.execute(sql.select(TRIALS.c.value).where(mine)).scalar() == value
            connection.execute(sql.delete(TRIALS).where(mine))
            for table in TABLES.sorted_tables:
                connection.execute(sql.select(sql.literal(1)).select_from(table).limit(1))
        if self._files:
            self._files.check()
        if not same:
            raise StoreError("The database does not give back what was written to it. Check the disk.")
