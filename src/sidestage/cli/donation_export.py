"""Donations as files: one per donation, an index of them, and the log."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sidestage.errors import SidestageError
from sidestage.server.store import Donation, Store
from sidestage.whole_files import write_whole

#: What begins a cell, and then a formula; the wide forms of the signs count as well.
_FORMULA = re.compile(r"((?:^|[,;|\t\r\n])[\s\"']*)([=+\-@\uff1d\uff0b\uff0d\uff20])")

_INDEX_FIELDS = ("id", "session", "key", "study", "received", "size", "sha256", "file")


class ExportError(SidestageError):
    """The export would overwrite something, or cannot be written."""


@dataclass(frozen=True)
class ExportResult:
    """The index that was written, and how many of its files are new."""

    index: list[dict[str, Any]]
    new: int


def as_record(donation: Donation) -> dict[str, Any]:
    """What is known about a donation, as JSON values; times are ISO 8601 in UTC."""
    return {
        "id": donation.id,
        "session": donation.session,
        "key": donation.key,
        "study": donation.study,
        "received": _iso(donation.received),
        "size": donation.size,
        "sha256": donation.sha256,
    }


def file_name(donation: Donation) -> str:
    """A name that every file system takes: ``<session>-<key>-<id>.json``, where odd signs of the key become ``_``."""
    key = re.sub(r"[^A-Za-z0-9._-]+", "_", donation.key)[:80]
    return f"{donation.session}-{key}-{donation.id}.json"


def export_all(store: Store, folder: Path) -> ExportResult:
    """Write all donations and log lines of a store into a folder.

    Raises:
        ExportError: if a file in the folder has other content than it should, or the folder cannot be written.
    """
    index: list[dict[str, Any]] = []
    new = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for donation in store.donations():
            name = file_name(donation)
            new += _write_once(folder / name, store.content(donation.id))
            index.append(as_record(donation) | {"file": name})
        _write_grown(folder / "index.csv", _as_csv(index))
        _write_grown(folder / "index.jsonl", _as_json_lines(index))
        _write_grown(folder / "logs.jsonl", _as_json_lines(_log_records(store)))
    except OSError as error:
        raise ExportError(
            f"{error.filename or folder} cannot be written: {error.strerror}. Name another folder with --to DIR."
        ) from error
    return ExportResult(index, new)


def _log_records(store: Store) -> list[dict[str, Any]]:
    return [
        {
            "session": stored.session,
            "study": stored.study,
            "received": _iso(stored.received),
            "level": stored.line.level,
            "message": stored.line.message,
            "timestamp": stored.line.timestamp,
        }
        for stored in store.log_lines()
    ]


def _write_once(file: Path, content: bytes) -> bool:
    """Write a file that never changes; False when it is there already."""
    if not file.exists():
        write_whole(file, content)
        return True
    if file.read_bytes() != content:
        raise _changed(file)
    return False


def _write_grown(file: Path, content: bytes) -> None:
    """Write a file that only ever grows: what is there must be the beginning of what is to be there."""
    present = file.read_bytes() if file.exists() else b""
    if not content.startswith(present):
        raise _changed(file)
    if content != present or not file.exists():
        write_whole(file, content)


def _changed(file: Path) -> ExportError:
    return ExportError(
        f"{file} is there already with other content, which was not touched."
        " Export to another folder with --to DIR, or move that file away."
    )


def _as_csv(records: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _INDEX_FIELDS)
    writer.writeheader()
    writer.writerows({name: _no_formula(value) for name, value in record.items()} for record in records)
    return text.getvalue().encode()


def _no_formula(value: Any) -> Any:
    """A field with an apostrophe before whatever a spreadsheet would take for the beginning of a formula.

    Whoever sends a donation names its key. Where a spreadsheet divides lines at other signs than commas, a cell may
    begin in the middle of a field.
    """
    return _FORMULA.sub(r"\1'\2", value) if isinstance(value, str) else value


def _as_json_lines(records: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
