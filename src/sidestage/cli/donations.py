"""``sidestage donations``: see, read and export what participants donated.

The only way to what was donated is here, on the researcher's own machine; the server gives nothing back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sidestage.cli import options

if TYPE_CHECKING:
    from sidestage.cli.donation_export import ExportResult
    from sidestage.server.store import Donation, Store

donation_commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@donation_commands.callback()
def donations() -> None:
    """See, read and export what was donated.

    \b
    Examples:
      sidestage donations list
      sidestage donations show 12
      sidestage donations export --to analysis/raw
    """


@donation_commands.command("list")
def list_donations(
    data: options.DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array, for other programs.")] = False,
) -> None:
    """List the donations, without their content.

    Each has a number, the time it came (UTC), its study, session, key and size. A session is one visit of one
    participant; the key is the name that the script gave the donation.

    \b
    Examples:
      sidestage donations list
      sidestage donations list --data pilot-data --json
    """
    with _store(data) as (store, folder):
        kept = store.donations()
    if as_json:
        from sidestage.cli.donation_export import as_record

        typer.echo(json.dumps([as_record(donation) for donation in kept], ensure_ascii=False, indent=2))
    elif kept:
        for line in _table(kept):
            typer.echo(line)
    else:
        typer.echo(f"No donations in {folder} yet. They appear here as soon as a participant agrees to donate.")


@donation_commands.command()
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The donation's number, the first column of the list.")],
    data: options.DataOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an object of what is known about it, with its content as data.")
    ] = False,
) -> None:
    """Print one donation.

    Its JSON text comes out byte for byte as it was received.

    \b
    Examples:
      sidestage donations show 12
      sidestage donations show 12 > analysis/donation-12.json
    """
    with _store(data) as (store, _):
        content = store.content(number)
        if as_json:
            content = _with_record(store.donation(number), content)
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@donation_commands.command()
def export(
    data: options.DataOption = None,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="The folder to write to; made when it is not there.")
    ] = Path("donations"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the index as a JSON array.")] = False,
) -> None:
    """Write each donation to a file, with an index.

    index.csv and index.jsonl tell of each file its donation: number, session, key, study, time (UTC), size and SHA-256.
    logs.jsonl holds what the scripts logged. Run it again any time: what is new is added, and a file that you changed
    is never overwritten.

    \b
    Examples:
      sidestage donations export
      sidestage donations export --data pilot-data --to analysis/raw
    """
    from sidestage.cli.donation_export import export_all

    with _store(data) as (store, _):
        result = export_all(store, to)
    if as_json:
        typer.echo(json.dumps(result.index, ensure_ascii=False, indent=2))
    else:
        typer.echo(_summary(result, to))


@contextmanager
def _store(data: Path | None) -> Iterator[tuple[Store, Path]]:
    """The store in a data folder, which must be there."""
    from sidestage.server.store import DEFAULT_DATA_FOLDER, Store

    folder = data or DEFAULT_DATA_FOLDER
    store = Store.existing(folder)
    try:
        yield store, folder
    finally:
        store.close()


def _with_record(donation: Donation, content: bytes) -> bytes:
    from sidestage.cli.donation_export import as_record

    # The content is put in as it is: parsing it and writing it again could change its numbers.
    record = json.dumps(as_record(donation), ensure_ascii=False)
    return record[:-1].encode() + b', "data": ' + content + b"}\n"


class _Column(NamedTuple):
    title: str
    cell: Callable[[Donation], Any]
    right: bool = False


def _columns() -> tuple[_Column, ...]:
    from sidestage.server.replies import size_in_words

    return (
        _Column("ID", lambda donation: donation.id, right=True),
        _Column("RECEIVED (UTC)", lambda donation: f"{donation.received:%Y-%m-%d %H:%M:%S}"),
        _Column("STUDY", lambda donation: donation.study),
        _Column("SESSION", lambda donation: donation.session),
        _Column("KEY", lambda donation: donation.key),
        _Column("SIZE", lambda donation: size_in_words(donation.size), right=True),
    )


def _table(kept: Sequence[Donation]) -> Iterator[str]:
    columns = _columns()
    rows = [[column.title for column in columns]]
    rows += [[_printable(str(column.cell(donation))) for column in columns] for donation in kept]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _printable(text: str) -> str:
    """Without the characters that would steer a terminal, or turn what stands beside them round."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _summary(result: ExportResult, to: Path) -> str:
    if not result.index:
        return f"No donations yet; {to} holds an empty index."
    new = "all were there already" if result.new == 0 else f"{result.new} new"
    plural = "" if len(result.index) == 1 else "s"
    return f"{len(result.index)} donation{plural} in {to} ({new}), listed in index.csv and index.jsonl."
