"""``sidestage run``: one script as a page, on this machine, reloading as it is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from anyio import to_thread

from sidestage.bundle import Study
from sidestage.bundle.packages import LockError
from sidestage.bundle.script import ScriptSyntaxError, no_script
from sidestage.cli import options
from sidestage.cli.local_server import LocalServer, local_server
from sidestage.cli.open_browser import open_browser
from sidestage.cli.watching import saves
from sidestage.errors import SidestageError
from sidestage.flow.forgotten import FORGOTTEN_YIELD

if TYPE_CHECKING:
    from sidestage.server.development import Changes


def run(
    script: options.ScriptArgument,
    port: options.PortOption = 8000,
    host: options.HostOption = "127.0.0.1",
    data: options.DataOption = None,
    find_links: options.FindLinksOption = None,
    locked: options.LockedOption = False,
    runtime: options.RuntimeOption = options.RuntimeForm.compiled,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
    max_donation: options.MaxDonationOption = options.MAX_DONATION,
) -> None:
    """Open a script as a page, and reload it whenever you save.

    The script runs in the browser, in Python there. The packages that it depends on are fetched, and locked in a file
    beside it. What participants donate is kept in a folder on this machine; look
    at it with 'sidestage donations list'. Errors in the script show with their traceback here and on the page.

    \b
    Examples:
      sidestage run study.py
      sidestage run study.py --port 8080 --data pilot-data
      sidestage run study.py --find-links wheels      packages for the script
    """
    if not script.is_file():
        raise no_script(script)
    plain = runtime is options.RuntimeForm.plain
    with local_server(host, port, data, find_links or (), script=script, plain_runtime=plain, locked=locked) as server:
        _serve(script, server, open_page=not no_open, max_donation_bytes=int(max_donation * 1_000_000))


def _serve(script: Path, server: LocalServer, *, open_page: bool, max_donation_bytes: int) -> None:
    from sidestage.server.app import create_app
    from sidestage.server.listening import is_loopback, serve_on

    study = Study(script, server.catalogue, dev=True, provision=server.provide_packages)
    reporter = Reporter(study)
    # Before anyone comes: packages may have to be fetched.
    problem = reporter.check()
    if server.provisioner.locked and isinstance(problem, LockError):
        raise problem
    app = create_app(
        [study],
        server.assets,
        server.store,
        dev=True,
        max_donation_bytes=max_donation_bytes,
        allowed_hosts=server.allowed_hosts,
        on_script_error=reporter.page_error,
        on_unsealed=typer.echo,
        compress=server.compress,
    )

    def tell(address: str) -> None:
        typer.echo(f"{script.name} is at {address}")
        if not is_loopback(server.listener):
            typer.echo("Everyone who can reach this machine can open it.")
        typer.echo(f"Donations go to {server.folder}")
        typer.echo("The page reloads when you save. Press Ctrl-C to stop.")
        reporter.say(problem)
        reporter.warn()
        if open_page:
            open_browser(address)

    serve_on(server.listener, app, on_started=tell, beside=[_reload(reporter, app.state.changes)])


class Reporter:
    """Says on the terminal what is wrong with the script."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._syntax_error = False
        self._warned: list[str] = []

    def check(self) -> SidestageError | None:
        """What would keep the page from starting, if anything."""
        try:
            self.study.check()
        except SidestageError as error:
            return error
        return None

    def say(self, problem: SidestageError | None) -> None:
        """Say it, if there is anything."""
        self._syntax_error = isinstance(problem, ScriptSyntaxError)
        if problem:
            typer.echo(f"\nError: {problem}", err=True)

    def saved(self) -> None:
        """Say that a save was noticed, and what is wrong now."""
        typer.echo(f"{datetime.now():%H:%M:%S}  saved: the page reloads")
        self.say(self.check())
        self.warn()

    def warn(self) -> None:
        """Say what the author should know although it stops nothing, as far as it was not said before."""
        told, self._warned = self._warned, self.study.warnings()
        for sentence in self._warned:
            if sentence not in told:
                typer.echo(f"Warning: {sentence}", err=True)

    def page_error(self, _name: str, traceback: str) -> None:
        """Say what a page reports, unless it was said already."""
        if traceback.startswith(FORGOTTEN_YIELD):
            sentence = traceback.removeprefix(FORGOTTEN_YIELD).rstrip()
            if sentence not in self._warned:
                self._warned.append(sentence)
                typer.echo(f"Warning: {sentence}", err=True)
        elif not (self._syntax_error and "SyntaxError" in traceback):
            typer.echo(f"\nError in the page:\n{traceback.rstrip()}", err=True)


async def _reload(reporter: Reporter, changes: Changes) -> None:
    try:
        async for _ in saves(reporter.study):
            await to_thread.run_sync(reporter.saved)
            changes.notify()
    except (OSError, RuntimeError) as error:
        typer.echo(f"Warning: saves are not noticed here ({error}); reload the page yourself.", err=True)
