"""``sidestage lock``: the packages of a script, chosen and written down."""

from __future__ import annotations

from typing import Annotated

import typer

from sidestage.bundle import Script, find_runtime, read_script
from sidestage.bundle.packages import Supplied, Supplier, locked_versions
from sidestage.bundle.script import no_script
from sidestage.cli import options
from sidestage.cli.stage import packages_for, warn


def lock(
    script: options.Script,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Choose the newest versions, whatever the lock file says.")
    ] = False,
    find_links: options.FindLinks = None,
) -> None:
    """Choose the packages of a script, and write them down beside it.

    The file, study.lock for study.py, names each wheel with its version and SHA-256. Keep it with the script: whoever
    runs or builds the study then gets just these. Versions that are locked stay where they still fit.

    \b
    Examples:
      sidestage lock study.py
      sidestage lock study.py --upgrade        the newest versions that fit
      sidestage lock study.py --find-links wheels
    """
    if not script.is_file():
        raise no_script(script)
    found = read_script(script)
    catalogue = packages_for(find_runtime(found, typer.echo), find_links)
    lock_script(found, Supplier(catalogue, tell=typer.echo), upgrade=upgrade)


def lock_script(script: Script, supplier: Supplier, *, upgrade: bool = False) -> None:
    """Choose, fetch and lock what a script needs, and say what changed.

    Raises:
        PackageError: if something cannot be had, or the lock file cannot be read or written.
    """
    before = locked_versions(script.path)
    supplied = supplier.supply(script, upgrade=upgrade)
    if supplied is None:
        typer.echo(f"{script.name} needs no packages.")
        return
    warn([*supplied.warnings, *supplier.lacks(script, supplied)])
    if not supplied.changed:
        typer.echo(f"{supplied.path.name} is current.")
        return
    supplied.save()
    typer.echo(f"{supplied.path.name} was written.")
    for line in _changes(before, supplied):
        typer.echo(f"  {line}")


def _changes(before: dict[str, str], supplied: Supplied) -> list[str]:
    after = supplied.lock.versions()
    lines = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            lines.append(f"{name} {new}" + (f", was {old}" if old else "") if new else f"{name} {old} is gone")
    return lines
