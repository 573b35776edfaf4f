"""The packages of a script as commands want them: provided, locked, and what there is to say about them printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from sidestage.bundle import Catalogue, Runtime, Script
from sidestage.bundle.packages import LockError, Provisioner


def provide_packages(script: Script, provisioner: Provisioner) -> None:
    """Put the packages that a script needs into the catalogue, and lock them; what an author should know is said.

    Raises:
        ProvisionError: if something cannot be had, or the lock file is damaged, or must not change and would.
    """
    provision = provisioner.provision(script)
    if provision is None:
        return
    warn(provision.warnings)
    if not provision.changed:
        return
    warn(provisioner.unsupported(script, provision))
    try:
        provision.save()
        typer.echo(f"{provision.path.name} was written: it names the packages of {script.name}; keep the two together.")
    except LockError as error:
        warn([str(error)])


def warn(sentences: Iterable[str]) -> None:
    """Say what an author should know although it stops nothing."""
    for sentence in sentences:
        typer.echo(f"Warning: {sentence}.", err=True)


def packages_for(runtime: Runtime, find_links: Iterable[Path] | None) -> Catalogue:
    """The packages in these folders, for a runtime; files that had to be passed over are told.

    Raises:
        ProvisionError: if a folder cannot be read.
    """
    catalogue = Catalogue(runtime.lock_path, find_links or (), runtime.sha256)
    warn(catalogue.warnings)
    return catalogue
