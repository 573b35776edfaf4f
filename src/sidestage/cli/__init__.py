"""The command ``sidestage``: each sub-command in a module of its own, put together here.

Commands check what they are given, call the rooms below, and print. What goes wrong reaches a person as one sentence.
"""

from __future__ import annotations

from typing import Annotated

import typer

from sidestage import __version__
from sidestage.cli import donations
from sidestage.cli.add import add
from sidestage.cli.build import build
from sidestage.cli.check import check
from sidestage.cli.demo import demo
from sidestage.cli.lock import lock
from sidestage.cli.new import new
from sidestage.cli.run import run
from sidestage.cli.serve import serve
from sidestage.errors import SidestageError

commands = typer.Typer(
    name="sidestage",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help, with the examples laid out as they are written, at any width.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sidestage {__version__}")
        raise typer.Exit


@commands.callback()
def sidestage(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Python in the visitor's browser: one script becomes a page.

    Write a script with the steps of a study: ask for a file, make tables of it, let the participant review them, and
    donate what is left. It runs in the participant's own browser; you get only what they agreed to.

    \b
    Start here:
      sidestage demo                   try the examples
      sidestage new listening          make a script of your own
      sidestage run study.py           open it as a page
      sidestage add study.py pandas    let it use a package
      sidestage check study.py         look for what would fail
      sidestage build study.py         make a site of it, for any web host
      sidestage donations list         see what came in
    """


commands.command()(run)
commands.command()(demo)
commands.command()(new)
commands.command()(add)
commands.command()(lock)
commands.command()(check)
commands.command()(build)
commands.command()(serve)
commands.add_typer(donations.donation_commands, name="donations")


def main() -> None:
    """Run the command; the entry point of the package."""
    try:
        commands(prog_name="sidestage")
    except SidestageError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from None
