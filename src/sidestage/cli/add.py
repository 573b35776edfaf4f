"""``sidestage add``: packages into a script's own list, and into its lock file."""

from __future__ import annotations

from typing import Annotated

import typer

from sidestage.bundle import find_runtime, read_script
from sidestage.bundle.add_dependencies import add_dependencies
from sidestage.bundle.packages import Provisioner
from sidestage.bundle.script import no_script
from sidestage.cli import options
from sidestage.cli.lock import lock_script
from sidestage.cli.script_packages import packages_for


def add(
    script: options.ScriptArgument,
    packages: Annotated[
        list[str], typer.Argument(help="Packages, with a range of versions where it matters.", metavar="PACKAGE...")
    ],
    find_links: options.FindLinksOption = None,
) -> None:
    """Add packages to a script, and lock them.

    They are written into the block at the top of the script, which is made if there is none, or into the
    pyproject.toml beside it if that has the script's dependencies. If they cannot be had, the script stays as it was.

    \b
    Examples:
      sidestage add study.py pandas
      sidestage add study.py "httpx>=0.27" rich
      sidestage add study.py numpy --find-links wheels
    """
    if not script.is_file():
        raise no_script(script)
    catalogue = packages_for(find_runtime(read_script(script), typer.echo), find_links)
    edit = add_dependencies(script, packages)
    if edit.after == edit.before:
        typer.echo(f"{edit.path.name} names them already.")
    else:
        edit.apply()
    try:
        lock_script(read_script(script), Provisioner(catalogue, tell=typer.echo))
    except BaseException:
        edit.undo()
        raise
    if edit.after != edit.before:
        typer.echo(f"{edit.path.name} asks for {', '.join(packages)} now.")
