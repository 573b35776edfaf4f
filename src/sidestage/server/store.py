"""Where donations, sessions and log lines are kept: SQLite in the researcher's data folder, or any SQLAlchemy URL.

What has been acknowledged has been written and flushed to the disk. Everything here is synchronous; the app calls it
from threads. Several processes may use the same data folder at once.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from sidestage.hashing import sha256_of
from sidestage.protocol.limits import MOST_LOG_LINES
from sidestage.server import database
from sidestage.server.errors import SessionFull, StoreBusy, StoreError
from sidestage.server.kept_files import KeptFiles
from sidestage.server.schema import DONATIONS, LOGS, SECRETS, SESSIONS, TABLES
from sidestage.server.session_totals import add_to_total
from sidestage.server.trial import Trial

#: The data folder when none is named, in the current folder.
DEFAULT_DATA_FOLDER = Path("sidestage-data")

#: The SQLite file in a data folder.
DATABASE_NAME = "sidestage.db"


@dataclass(frozen=True)
class IssuedSession:
    """One participant's visit. The token is known only to the page it was given to; here its hash is kept."""

    id: str
    token: str


@dataclass(frozen=True)
class Donation:
    """What is known about a donation, without its content."""

    id: int
    session: str
    study: str
    key: str
    received: datetime
    size: int
    sha256: str


@dataclass(frozen=True)
class ScriptLogLine:
    """One line that a script logged. ``timestamp`` is the participant's clock, as the page sent it."""

    level: str
    message: str
    timestamp: str | None = None


@dataclass(frozen=True)
class StoredLogLine:
    """A log line with where it came from and when it arrived."""

    id: int
    session: str
    study: str
    received: datetime
    line: ScriptLogLine


class Store:
    """Takes sessions, donations and log lines, and gives them back to the researcher.

    ``url`` is any SQLAlchemy URL. Safe to use from many threads; writes go one at a time.
    """

    def __init__(self, url: str) -> None:
        self._place = database.place_of(url)
        self._writer = threading.Lock()
        #: Since when this process has been in the middle of a write.
        self._began: float | None = None
        with self._sentences():
            self._engine = database.open_database(url)
            self._secret = self._prepare()
            # The pool keeps a connection from now on, and with it the files as they are.
            file = database.file_of(url)
            self._files = KeptFiles(file) if file else None
            self._trial = Trial(url, self._files)

    @classmethod
    def at(cls, data_folder: Path) -> Store:
        """The store in a data folder, which is made when it is not there."""
        database.make_folder(data_folder)
        store = cls(database.sqlite_url(data_folder / DATABASE_NAME))
        database.flush_folder(data_folder)
        return store

    @classmethod
    def existing(cls, data_folder: Path) -> Store:
        """The store in a data folder that must hold one already: for commands that only look."""
        if not data_folder.is_dir():
            raise StoreError(
                f"There is no data folder {data_folder}. Name the one the server writes to with --data DIR,"
                " or run a study first: sidestage run study.py"
            )
        if not (data_folder / DATABASE_NAME).is_file():
            raise StoreError(
                f"The folder {data_folder} holds no donations: {DATABASE_NAME} is not in it."
                " Name the folder the server writes to with --data DIR."
            )
        return cls(database.sqlite_url(data_folder / DATABASE_NAME))

    def close(self) -> None:
        """Let go of the database."""
        self._trial.close()
        self._engine.dispose()

    @property
    def folder(self) -> Path | None:
        """The folder of a store that is a file."""
        return self._files.folder if self._files else None

    def check(self) -> None:
        """Make sure that a donation could be written now: writes and reads bytes, within half a second.

        Raises:
            StoreError: if it could not.
        """
        with self._sentences():
            try:
                self._trial.run()
            except DBAPIError as error:
                # A large donation of this process's own takes a while, and is no sign of trouble.
                busy = isinstance(database.explain_database_error(error, self._place), StoreBusy)
                if not (busy and self._began and time.monotonic() - self._began < database.PATIENCE):
                    raise

    # Sessions

    def new_session(self, study: str) -> IssuedSession:
        """Issue a session: only its token can write."""
        token = secrets.token_urlsafe(32)
        return IssuedSession(self._add_session(token, study), token)

    def session_id(self, token: str, study: str) -> str | None:
        """The session that was issued this token for this study, or None."""
        query = sql.select(SESSIONS.c.id).where(SESSIONS.c.token_sha256 == sha256_of(token.encode()))
        with self._reading() as connection:
            return connection.execute(query.where(SESSIONS.c.study == study)).scalar_one_or_none()

    def new_pass(self, study: str) -> str:
        """A token that becomes a session only when it is first used, so that showing a page writes nothing."""
        nonce = secrets.token_urlsafe(24)
        return f"{nonce}.{self._signature(nonce, study)}"

    def redeem_pass(self, value: str, study: str) -> str | None:
        """The session of a pass, made now if this is its first use; None when it was not issued for this study."""
        nonce, _, signature = value.partition(".")
        if not secrets.compare_digest(signature.encode(), self._signature(nonce, study).encode()):
            return None
        try:
            return self.session_id(value, study) or self._add_session(value, study)
        except IntegrityError:  # Another request with the same pass was first.
            return self.session_id(value, study)

    # Donations

    def add_donation(self, session: str, key: str, data: bytes, most: int | None = None) -> int:
        """Keep a donation; returns its id when it is on the disk.

        The same content under the same key of the same session is kept once, however often it is sent. Other content
        under that key is a further donation.

        Raises:
            SessionFull: if the session would have sent more than ``most`` bytes.
        """
        digest = sha256_of(data)
        row = {"session": session, "key": key, "sha256": digest, "size": len(data), "data": data, "received": _now()}
        try:
            with self._writing() as connection:
                add_to_total(connection, session, len(data), most)
                return _inserted(connection.execute(sql.insert(DONATIONS).values(row)))
        except (IntegrityError, SessionFull) as error:
            present = self._find_donation(session, key, digest)
            if present is None and isinstance(error, SessionFull):
                raise
            if present is None:
                raise StoreError(f"There is no session {session!r} to keep a donation for.") from None
            return present

    def donations(self) -> list[Donation]:
        """All donations in the order they arrived, without their content."""
        with self._reading() as connection:
            rows = connection.execute(_DESCRIPTIONS.order_by(DONATIONS.c.id)).all()
        return [_donation(row) for row in rows]

    def donation(self, donation_id: int) -> Donation:
        """What is known about one donation."""
        with self._reading() as connection:
            row = connection.execute(_DESCRIPTIONS.where(DONATIONS.c.id == donation_id)).one_or_none()
        if row is None:
            raise _no_donation(donation_id)
        return _donation(row)

    def content(self, donation_id: int) -> bytes:
        """The bytes of a donation, exactly as they were received."""
        with self._reading() as connection:
            data = connection.execute(sql.select(DONATIONS.c.data).where(DONATIONS.c.id == donation_id)).scalar()
        if data is None:
            raise _no_donation(donation_id)
        return bytes(data)

    # Log lines

    def add_log_lines(self, session: str, lines: Sequence[ScriptLogLine], most: int | None = None) -> bool:
        """Keep log lines; False when the session already has as many as are kept, and none were added.

        Raises:
            SessionFull: if the session would have sent more than ``most`` bytes.
        """
        received = _now()
        count = sql.select(sql.func.count()).select_from(LOGS).where(LOGS.c.session == session)
        with self._writing() as connection:
            if connection.execute(count).scalar_one() + len(lines) > MOST_LOG_LINES:
                return False
            if lines:
                add_to_total(connection, session, sum(len(line.message.encode()) for line in lines), most)
                shared = {"session": session, "received": received}
                connection.execute(
                    sql.insert(LOGS),
                    [
                        shared | {"level": line.level, "message": line.message, "timestamp": line.timestamp}
                        for line in lines
                    ],
                )
        return True

    def log_lines(self) -> Iterator[StoredLogLine]:
        """All log lines in the order they arrived."""
        columns = (LOGS.c.id, LOGS.c.session, SESSIONS.c.study, LOGS.c.received)
        query = sql.select(*columns, LOGS.c.level, LOGS.c.message, LOGS.c.timestamp).join(SESSIONS).order_by(LOGS.c.id)
        with self._reading() as connection:
            for id_, session, study, received, level, message, timestamp in connection.execute(query):
                yield StoredLogLine(id_, session, study, _as_utc(received), ScriptLogLine(level, message, timestamp))

    # How it is done

    def _add_session(self, token: str, study: str) -> str:
        session = secrets.token_hex(8)
        row = {"id": session, "token_sha256": sha256_of(token.encode()), "study": study, "created": _now()}
        with self._writing() as connection:
            connection.execute(sql.insert(SESSIONS).values(row))
        return session

    def _find_donation(self, session: str, key: str, digest: str) -> int | None:
        same = sql.and_(DONATIONS.c.session == session, DONATIONS.c.key == key, DONATIONS.c.sha256 == digest)
        with self._reading() as connection:
            return connection.execute(sql.select(DONATIONS.c.id).where(same)).scalar_one_or_none()

    def _prepare(self) -> bytes:
        """Make what is missing in the database; returns the secret that passes are signed with."""
        with database.writing(self._engine) as connection:
            TABLES.create_all(connection)
            secret = connection.execute(sql.select(SECRETS.c.value).where(SECRETS.c.name == "pass")).scalar()
            if secret is None:
                secret = secrets.token_bytes(32)
                connection.execute(sql.insert(SECRETS).values(name="pass", value=secret))
        return bytes(secret)

    def _signature(self, nonce: str, study: str) -> str:
        return hashlib.blake2b(f"{study}\0{nonce}".encode(), key=self._secret, digest_size=32).hexdigest()

    @contextmanager
    def _writing(self) -> Iterator[sql.Connection]:
        """A transaction that writes. When it ends, it is on the disk, and in the folder that was opened."""
        with self._sentences(), self._turn():
            self._check_files()
            with database.writing(self._engine) as connection:
                self._began = time.monotonic()
                yield connection
            self._check_files()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writer.acquire(timeout=database.PATIENCE):
            raise StoreBusy(database.BUSY.format(place=self._place))
        try:
            yield
        finally:
            self._began = None
            self._writer.release()

    @contextmanager
    def _reading(self) -> Iterator[sql.Connection]:
        self._check_files()
        with self._sentences(), self._engine.connect() as connection:
            yield connection

    def _check_files(self) -> None:
        if self._files:
            self._files.check()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what a database says into what a person can act on. A broken uniqueness is for the caller to judge."""
        try:
            yield
        except IntegrityError:
            raise
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise StoreError(
                f"{self._place} cannot be opened: {error}. Check the database address and that its driver is installed."
            ) from error
        except DBAPIError as error:
            raise database.explain_database_error(error, self._place) from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self._place} cannot be used: {type(error).__name__}.") from error


#: Everything about donations but their content.
_DESCRIPTIONS = sql.select(
    DONATIONS.c.id,
    DONATIONS.c.session,
    SESSIONS.c.study,
    DONATIONS.c.key,
    DONATIONS.c.received,
    DONATIONS.c.size,
    DONATIONS.c.sha256,
).join(SESSIONS)


def _donation(row: Any) -> Donation:
    id_, session, study, key, received, size, sha256 = row
    return Donation(id_, session, study, key, _as_utc(received), size, sha256)


def _no_donation(donation_id: int) -> StoreError:
    return StoreError(f"There is no donation {donation_id}. See which there are with: sidestage donations list")


def _inserted(result: sql.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    if key is None:
        raise StoreError("The database did not say under which number it kept the donation.")
    return int(key[0])


def _now() -> datetime:
    return datetime.now(UTC)


def _as_utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone; what was written is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
