"""Opening a database so that a committed transaction is on the disk, and saying in words what goes wrong with it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from sidestage.server.errors import StoreBusy, StoreError, StoreFull

#: How long a write waits for other processes that write to the same database, in seconds. The page tries again.
PATIENCE = 15

#: What is said of a database that others do not let go of.
BUSY = "{place} has been busy for too long. Is another program holding it open?"

#: What SQLite says, what kind of failure it is, and what that means for the person who started the server.
_EXPLANATIONS: tuple[tuple[str, type[StoreError], str], ...] = (
    (
        "readonly database",
        StoreError,
        "{place} cannot be written. Check who may write to it, or name another folder with --data DIR.",
    ),
    (
        "unable to open",
        StoreError,
        "{place} cannot be opened. Check who may write to it, or name another folder with --data DIR.",
    ),
    (
        "disk is full",
        StoreFull,
        "{place} cannot be written: the disk is full. Make room, or name another folder with --data DIR.",
    ),
    ("locked", StoreBusy, BUSY),
    ("not a database", StoreError, "{place} is no database. Name another folder with --data DIR, or move it away."),
    (
        "malformed",
        StoreError,
        "{place} is damaged. Stop the server, keep a copy of the folder, and restore it from a backup.",
    ),
    (
        "disk i/o error",
        StoreError,
        "{place} cannot be written or read: the disk reports an error. Check the disk, then start again.",
    ),
    (
        "too big",
        StoreError,
        "This donation is larger than {place} can hold in one piece. Lower the size limit for donations.",
    ),
)


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return sql.URL.create("sqlite", database=str(file.absolute())).render_as_string()


def place_of(url: str) -> str:
    """What to call a database in a sentence: its file, or its address without the password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return repr(url)
    in_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return parsed.database if in_file and parsed.database else parsed.render_as_string(hide_password=True)


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None where the database is none, or is in memory."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def open_database(url: str, patience: float = PATIENCE) -> sql.Engine:
    """An engine for a database. Its errors never quote the values of a statement: they are participants' data.

    A write to SQLite waits up to ``patience`` seconds for others.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return sql.create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = sql.create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
    event.listen(engine, "connect", partial(_set_up_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(patience: float, connection: Any, _record: Any) -> None:
    # The driver's own way of beginning transactions is switched off: _begin_sqlite says when and how.
    connection.isolation_level = None
    _use_write_ahead_log(connection, patience)
    # A commit returns when its pages are on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_write_ahead_log(connection: Any, patience: float) -> None:
    # With it, readers and a writer do not wait for each other. When two processes open a new file at the same time and
    # both want to change this, SQLite fails at once instead of waiting its turn; so the waiting is done here.
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: sql.Connection) -> None:
    # A transaction that reads first and writes later can fail at once, however patient, when another process wrote in
    # between. One that takes the write lock at its beginning waits its turn.
    writes = connection.get_execution_options().get("sidestage_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: sql.Engine) -> Iterator[sql.Connection]:
    """A transaction that writes; committed, and on the disk, when the block ends."""
    with engine.connect().execution_options(sidestage_writes=True) as connection, connection.begin():
        yield connection


def explain_database_error(error: DBAPIError, place: str) -> StoreError:
    """A database's error as one of ours, with a sentence that says what to do."""
    said = str(error.orig)
    for words, kind, sentence in _EXPLANATIONS:
        if words in said.lower():
            return kind(sentence.format(place=place))
    return StoreError(f"{place} cannot be used: {said}")


def make_folder(folder: Path) -> None:
    """Make a data folder, readable by its owner only, so that it is still there after a power cut."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        for made in missing:
            flush_folder(made.parent)
    except FileExistsError:
        raise StoreError(
            f"{folder} is a file; donations need a folder. Name another with --data DIR, or move that file away."
        ) from None
    except OSError as error:
        raise StoreError(
            f"The data folder {folder} cannot be made: {error.strerror}."
            " Check who may write there, or name another folder with --data DIR."
        ) from error


def flush_folder(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    if os.name == "nt":  # It keeps them without being asked, and a folder cannot be opened there.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
