"""``sidestage donations``: see, read and export what participants donated.

The only way to what was donated is here, on the researcher's own machine; the server gives nothing back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from sidestage.cli.export import ExportResult, as_record, export_all
from sidestage.errors import SidestageError
from sidestage.server.replies import in_words
from sidestage.server.store import DEFAULT_DATA_FOLDER, Donation, Store

app = typer.Typer(
    no_args_is_help=True,
    help="See, read and export what participants donated.",
    epilog="Start with: sidestage donations list",
)

DataFolder = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", help="The data folder that the server writes to.", show_default=True),
]


@app.command("list", epilog="Example: sidestage donations list --data pilot-study")
def list_donations(
    data: DataFolder = DEFAULT_DATA_FOLDER,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON array, for other programs, instead of a table.")
    ] = False,
) -> None:
    """List the donations: number, time (UTC), study, session, key and size. Their content is not shown.

    A session is one visit of one participant. The key is the name that the script gave the donation.
    """
    with _store(data) as store:
        donations = store.donations()
    if as_json:
        typer.echo(json.dumps([as_record(donation) for donation in donations], ensure_ascii=False, indent=2))
    elif donations:
        for line in _table(donations):
            typer.echo(line)
    else:
        typer.echo(f"No donations in {data} yet. They appear here as soon as a participant agrees to donate.")


@app.command(epilog="Example: sidestage donations show 12 > donation.json")
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The donation's number: the first column of the list.")],
    data: DataFolder = DEFAULT_DATA_FOLDER,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an object of what is known about it, with its content as data.")
    ] = False,
) -> None:
    """Print one donation: its JSON text, byte for byte as it was received."""
    with _store(data) as store:
        content = store.content(number)
        if as_json:
            content = _with_record(store.donation(number), content)
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@app.command(epilog="Example: sidestage donations export --data pilot-study --to analysis/raw")
def export(
    data: DataFolder = DEFAULT_DATA_FOLDER,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="The folder to write to; made when it is not there.")
    ] = Path("donations"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the index as a JSON array.")] = False,
) -> None:
    """Write every donation to a file of its own, with an index of them.

    index.csv and index.jsonl tell of each file its donation: number, session, key, study, time (UTC), size, SHA-256.

    logs.jsonl holds what the scripts logged.

    Run it again any time: what is new is added, and a file that you changed is never overwritten.
    """
    with _store(data) as store:
        result = export_all(store, to)
    if as_json:
        typer.echo(json.dumps(result.index, ensure_ascii=False, indent=2))
    else:
        typer.echo(_summary(result, to))


def _with_record(donation: Donation, content: bytes) -> bytes:
    # The content is put in as it is: parsing it and writing it again could change its numbers.
    record = json.dumps(as_record(donation), ensure_ascii=False)
    return record[:-1].encode() + b', "data": ' + content + b"}\n"


@contextmanager
def _store(data: Path) -> Iterator[Store]:
    """The store in a folder. What a person can put right is said in a sentence, with exit code 1."""
    try:
        store = Store.existing(data)
        try:
            yield store
        finally:
            store.close()
    except SidestageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@dataclass(frozen=True)
class _Column:
    title: str
    cell: Callable[[Donation], Any]
    right: bool = False


_COLUMNS = (
    _Column("ID", lambda donation: donation.id, right=True),
    _Column("RECEIVED (UTC)", lambda donation: f"{donation.received:%Y-%m-%d %H:%M:%S}"),
    _Column("STUDY", lambda donation: donation.study),
    _Column("SESSION", lambda donation: donation.session),
    _Column("KEY", lambda donation: donation.key),
    _Column("SIZE", lambda donation: in_words(donation.size), right=True),
)


def _table(donations: Sequence[Donation]) -> Iterator[str]:
    rows = [[column.title for column in _COLUMNS]]
    rows += [[str(column.cell(donation)) for column in _COLUMNS] for donation in donations]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, _COLUMNS, strict=True)
        )
        yield "  ".join(cells).rstrip()
    total = in_words(sum(donation.size for donation in donations))
    yield f"{len(donations)} donation{'' if len(donations) == 1 else 's'}, {total} in all."


def _summary(result: ExportResult, to: Path) -> str:
    if not result.index:
        return f"No donations yet; {to} holds an empty index."
    new = "all were there already" if result.new == 0 else f"{result.new} new"
    plural = "" if len(result.index) == 1 else "s"
    return f"{len(result.index)} donation{plural} in {to} ({new}), listed in index.csv and index.jsonl."
