"""What commands put together alike: the runtime and the packages; and for servers, where to listen and the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Catalogue, Runtime, Script, find_runtime, read_script
from sidestage.bundle.packages import LockError, Supplier
from sidestage.bundle.runtime import fill
from sidestage.bundle.script import ScriptSyntaxError
from sidestage.errors import SidestageError

if TYPE_CHECKING:
    import socket

    from sidestage.server.assets import Assets
    from sidestage.server.store import Store


@dataclass(frozen=True)
class Stage:
    """All that a server needs besides its studies.

    Attributes:
        listener: where it listens.
        allowed_hosts: the names that a browser may reach it by.
        pyodide: the Pyodide that its script asked for when it was started.
        catalogue: the packages at hand.
        supplier: adds to them what scripts need.
        refill: puts what the catalogue holds by now into the assets.
        assets: everything that pages fetch under ``/sidestage/``.
        store: where donations go.
        folder: the folder that the store is in.
    """

    listener: socket.socket
    allowed_hosts: tuple[str, ...]
    pyodide: str | None
    catalogue: Catalogue
    supplier: Supplier
    refill: Callable[[], None]
    assets: Assets
    store: Store
    folder: Path

    def supply(self, script: Script) -> None:
        """Give pages the packages that a script needs, and lock them; what an author should know is said.

        Raises:
            PackageError: if something cannot be had, or the lock file is damaged, or would have to change and must not.
            SidestageError: if it asks for another Pyodide by now: pages of one server share one.
        """
        if script.pyodide != self.pyodide:
            raise SidestageError(
                f"{script.name} asks for another Pyodide than when this server was started: stop it, and start it again"
            )
        before = self.catalogue.files()
        supply(script, self.supplier)
        if self.catalogue.files() != before:
            self.refill()


def supply(script: Script, supplier: Supplier) -> None:
    """Put the packages that a script needs into the catalogue, and lock them; what an author should know is said.

    Raises:
        PackageError: if something cannot be had, or the lock file is damaged, or would have to change and must not.
    """
    supplied = supplier.supply(script)
    if supplied is None:
        return
    warn(supplied.warnings)
    if not supplied.changed:
        return
    warn(supplier.lacks(script, supplied))
    try:
        supplied.save()
        typer.echo(f"{supplied.path.name} was written: it names the packages of {script.name}; keep the two together.")
    except LockError as error:
        warn([str(error)])


def warn(sentences: Iterable[str]) -> None:
    """Say what an author should know although it stops nothing."""
    for sentence in sentences:
        typer.echo(f"Warning: {sentence}.", err=True)


def packages_for(runtime: Runtime, find_links: Iterable[Path] | None) -> Catalogue:
    """The packages in these folders, for a runtime; files that had to be passed over are told.

    Raises:
        PackageError: if a folder cannot be read.
    """
    catalogue = Catalogue(runtime.lock_path, find_links or (), runtime.sha256)
    warn(catalogue.warnings)
    return catalogue


def as_far_as_readable(path: Path) -> Script | None:
    """The script; None where it is wrong, which is for its page to say."""
    try:
        return read_script(path)
    except ScriptSyntaxError as error:
        return error.script
    except SidestageError:
        return None


@contextmanager
def set_stage(
    host: str,
    port: int,
    data: Path | None,
    find_links: Iterable[Path],
    *,
    script: Path | None = None,
    plain_runtime: bool = False,
    locked: bool = False,
) -> Iterator[Stage]:
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
    from sidestage.server.run import allowed_hosts, listen
    from sidestage.server.store import DEFAULT_DATA_FOLDER, Store

    with listen(host, port) as listener:
        served = as_far_as_readable(script) if script else None
        runtime = find_runtime(served, typer.echo)
        catalogue = packages_for(runtime, find_links)
        supplier = Supplier(catalogue, locked=locked, tell=typer.echo)
        assets = Assets()

        def refill() -> None:
            fill(assets, catalogue, runtime=runtime, plain=plain_runtime, development=True, tell=typer.echo)

        refill()
        folder = (data or DEFAULT_DATA_FOLDER).absolute()
        store = Store.at(folder)
        try:
            names = allowed_hosts(listener.getsockname()[0], [host])
            pyodide = served.pyodide if served else None
            yield Stage(listener, names, pyodide, catalogue, supplier, refill, assets, store, folder)
        finally:
            store.close()
