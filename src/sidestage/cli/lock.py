"""``sidestage lock``: the packages of a script, chosen and written down."""

from __future__ import annotations

from typing import Annotated

import typer

from sidestage.bundle import Script, find_runtime, read_script
from sidestage.bundle.packages import Provision, Provisioner, locked_versions
from sidestage.bundle.packages.lockfile import present_lock_of
from sidestage.bundle.script import no_script
from sidestage.cli import options
from sidestage.cli.script_packages import packages_for, warn


def lock(
    script: options.ScriptArgument,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Choose the newest versions, whatever the lock file says.")
    ] = False,
    find_links: options.FindLinksOption = None,
) -> None:
    """Choose the packages of a script, and write them down beside it.

    The file, pylock.study.toml for study.py, names each wheel with its version and SHA-256. Keep it with the script:
    whoever runs or builds the study then gets just these. Versions that are locked stay where they still fit.

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
    lock_script(found, Provisioner(catalogue, tell=typer.echo), upgrade=upgrade)


def lock_script(script: Script, provisioner: Provisioner, *, upgrade: bool = False) -> None:
    """Choose, fetch and lock what a script needs, and say what changed.

    Raises:
        ProvisionError: if something cannot be had, or the lock file cannot be read or written.
    """
    before = locked_versions(script.path)
    provision = provisioner.provision(script, upgrade=upgrade)
    if provision is None:
        typer.echo(f"{script.name} needs no packages.")
        return
    warn([*provision.warnings, *provisioner.unsupported(script, provision)])
    if not provision.changed and not provision.in_old_form:
        typer.echo(f"{provision.path.name} is current.")
        return
    old = present_lock_of(script.path)
    provision.save()
    typer.echo(
        f"{provision.path.name} was written" + (f" in the place of {old.name}." if old and not old.exists() else ".")
    )
    for line in _changes(before, provision):
        typer.echo(f"  {line}")


def _changes(before: dict[str, str], provision: Provision) -> list[str]:
    after = provision.lock.versions()
    lines = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            lines.append(f"{name} {new}" + (f", was {old}" if old else "") if new else f"{name} {old} is gone")
    return lines
