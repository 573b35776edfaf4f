"""What ``run`` and ``demo`` put together alike: where to listen, packages, assets and the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Catalogue, Script
from sidestage.bundle.packages import LockError, Supplier
from sidestage.bundle.runtime import fill, lock_path

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
        catalogue: the packages at hand.
        supplier: adds to them what scripts need.
        refill: puts what the catalogue holds by now into the assets.
        assets: everything that pages fetch under ``/sidestage/``.
        store: where donations go.
        folder: the folder that the store is in.
    """

    listener: socket.socket
    allowed_hosts: tuple[str, ...]
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
        """
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


@contextmanager
def set_stage(
    host: str,
    port: int,
    data: Path | None,
    find_links: Iterable[Path],
    *,
    plain_runtime: bool = False,
    locked: bool = False,
) -> Iterator[Stage]:
    """Put it together, and take it down at the end. What packages had to be passed over is said on the terminal.

    Raises:
        SidestageError: if the port, the packages or the data folder cannot be used.
    """
    from sidestage.server.assets import Assets
    from sidestage.server.run import allowed_hosts, listen
    from sidestage.server.store import DEFAULT_DATA_FOLDER, Store

    with listen(host, port) as listener:
        catalogue = Catalogue(lock_path(), find_links)
        warn(catalogue.warnings)
        supplier = Supplier(catalogue, locked=locked, tell=typer.echo)
        assets = Assets()

        def refill() -> None:
            fill(assets, catalogue, plain=plain_runtime, development=True, tell=typer.echo)

        refill()
        folder = (data or DEFAULT_DATA_FOLDER).absolute()
        store = Store.at(folder)
        try:
            names = allowed_hosts(listener.getsockname()[0], [host])
            yield Stage(listener, names, catalogue, supplier, refill, assets, store, folder)
        finally:
            store.close()
