"""What ``run`` and ``demo`` put together alike: packages, assets, the store, and the server around them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sidestage.bundle import Catalogue
from sidestage.bundle.runtime import fill, lock_path
from sidestage.cli.serving import is_loopback

if TYPE_CHECKING:
    import socket

    from sidestage.server.assets import Assets
    from sidestage.server.store import Store


def open_catalogue(find_links: Iterable[Path]) -> Catalogue:
    """The packages at hand; what had to be passed over is said on the terminal."""
    catalogue = Catalogue(lock_path(), find_links)
    for sentence in catalogue.warnings:
        typer.echo(f"Warning: {sentence}.", err=True)
    return catalogue


def make_assets(catalogue: Catalogue) -> Assets:
    """Everything that pages fetch under ``/sidestage/``."""
    from sidestage.server.assets import Assets

    assets = Assets()
    fill(assets, catalogue)
    return assets


def open_store(data: Path | None) -> tuple[Store, Path]:
    """Where donations go, and the folder it is in."""
    from sidestage.server.store import DEFAULT_DATA_FOLDER, Store

    folder = (data or DEFAULT_DATA_FOLDER).absolute()
    return Store.at(folder), folder


def allowed_hosts(listener: socket.socket, host: str) -> tuple[str, ...]:
    """The names that a browser may reach the server by."""
    from sidestage.server.guard import LOOPBACK_HOSTS

    return (*LOOPBACK_HOSTS, host) if is_loopback(listener) else ("*",)
