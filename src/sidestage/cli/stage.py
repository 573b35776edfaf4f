"""What ``run`` and ``demo`` put together alike: where to listen, packages, assets and the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Catalogue
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
        assets: everything that pages fetch under ``/sidestage/``.
        store: where donations go.
        folder: the folder that the store is in.
    """

    listener: socket.socket
    allowed_hosts: tuple[str, ...]
    catalogue: Catalogue
    assets: Assets
    store: Store
    folder: Path


@contextmanager
def set_stage(
    host: str, port: int, data: Path | None, find_links: Iterable[Path], *, plain_runtime: bool = False
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
        for sentence in catalogue.warnings:
            typer.echo(f"Warning: {sentence}.", err=True)
        assets = Assets()
        fill(assets, catalogue, plain=plain_runtime, tell=typer.echo)
        folder = (data or DEFAULT_DATA_FOLDER).absolute()
        store = Store.at(folder)
        try:
            names = allowed_hosts(listener.getsockname()[0], [host])
            yield Stage(listener, names, catalogue, assets, store, folder)
        finally:
            store.close()
