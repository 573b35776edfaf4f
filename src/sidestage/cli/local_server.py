"""What a server on this machine needs besides its studies: where to listen, the runtime, the packages, the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Catalogue, Script, find_runtime, read_script
from sidestage.bundle.packages import Provisioner
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.script import ScriptSyntaxError
from sidestage.cli.script_packages import packages_for, provide_packages
from sidestage.errors import SidestageError

if TYPE_CHECKING:
    import socket

    from sidestage.server.assets import Assets
    from sidestage.server.store import Store


@dataclass(frozen=True)
class LocalServer:
    """All that a server needs besides its studies.

    Attributes:
        listener: where it listens.
        allowed_hosts: the names that a browser may reach it by.
        pyodide: the Pyodide that its script asked for when it was started.
        catalogue: the packages at hand.
        provisioner: adds to them what scripts need.
        refill: puts what the catalogue holds by now into the assets.
        assets: everything that pages fetch under ``/sidestage/``.
        store: where donations go.
        folder: the folder that the store is in.
    """

    listener: socket.socket
    allowed_hosts: tuple[str, ...]
    pyodide: str | None
    catalogue: Catalogue
    provisioner: Provisioner
    refill: Callable[[], None]
    assets: Assets
    store: Store
    folder: Path

    @property
    def compress(self) -> bool:
        """Whether it pays to compress what is sent: a browser on this machine gets it sooner as it is."""
        from sidestage.server.listening import is_loopback

        return not is_loopback(self.listener)

    def provide_packages(self, script: Script) -> None:
        """Give pages the packages that a script needs, and lock them; what an author should know is said.

        Raises:
            ProvisionError: if something cannot be had, or the lock file is damaged, or must not change and would.
            SidestageError: if it asks for another Pyodide by now: pages of one server share one.
        """
        if script.pyodide != self.pyodide:
            raise SidestageError(
                f"{script.name} asks for another Pyodide than when this server was started: stop it, and start it again"
            )
        before = self.catalogue.files()
        provide_packages(script, self.provisioner)
        if self.catalogue.files() != before:
            self.refill()


@contextmanager
def local_server(
    host: str,
    port: int,
    data: Path | None,
    find_links: Iterable[Path],
    *,
    script: Path | None = None,
    plain_runtime: bool = False,
    locked: bool = False,
) -> Iterator[LocalServer]:
    """Put it together, and take it down at the end. What packages had to be passed over is said on the terminal.

    Args:
        host: the address to listen at.
        port: likewise.
        data: the folder of the store.
        find_links: folders with wheels.
        script: whose Pyodide to use; Sidestage's own by default.
        plain_runtime: whether pages start from sources.
        locked: whether lock files must not change.

    Raises:
        SidestageError: if the port, the runtime, the packages or the data folder cannot be used.
    """
    from sidestage.server.assets import Assets
    from sidestage.server.listening import allowed_hosts, listen
    from sidestage.server.store import DEFAULT_DATA_FOLDER, Store

    with listen(host, port) as listener:
        served = _as_far_as_readable(script) if script else None
        runtime = find_runtime(served, typer.echo)
        catalogue = packages_for(runtime, find_links)
        provisioner = Provisioner(catalogue, locked=locked, tell=typer.echo)
        assets = Assets()

        def refill() -> None:
            fill_page_assets(assets, catalogue, runtime=runtime, plain=plain_runtime, development=True, tell=typer.echo)

        refill()
        folder = (data or DEFAULT_DATA_FOLDER).absolute()
        store = Store.at(folder)
        try:
            names = allowed_hosts(listener.getsockname()[0], [host])
            pyodide = served.pyodide if served else None
            yield LocalServer(listener, names, pyodide, catalogue, provisioner, refill, assets, store, folder)
        finally:
            store.close()


def _as_far_as_readable(path: Path) -> Script | None:
    """The script; None where it is wrong, which is for its page to say."""
    try:
        return read_script(path)
    except ScriptSyntaxError as error:
        return error.script
    except SidestageError:
        return None
