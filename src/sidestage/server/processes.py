"""Serving a site: in this process, or in several that share the port and the store."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette

from sidestage.server.errors import ServerError
from sidestage.server.listening import GRACE, UVICORN, address_of, listen, serve_on
from sidestage.server.site_app import ServingSettings, create_site_app, exported_settings
from sidestage.server.store import Store

#: How often a server that is starting is asked whether it listens, in seconds.
_ASK_EVERY = 0.05


@dataclass(frozen=True)
class Listening:
    """Where and how a server listens.

    Attributes:
        host: the address.
        port: the port; 0 takes any.
        workers: how many processes.
        trusted_proxies: the addresses of proxies that are believed when they tell who asks and how; ``*`` for all.
        certificate: the file with the certificate for HTTPS.
        key: the file with its key, where that is another.
    """

    host: str
    port: int
    workers: int = 1
    trusted_proxies: str = "127.0.0.1"
    certificate: Path | None = None
    key: Path | None = None

    def for_uvicorn(self) -> dict[str, Any]:
        """The same in uvicorn's words."""
        secure = {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key or self.certificate)}
        proxies = {"proxy_headers": True, "forwarded_allow_ips": self.trusted_proxies}
        return proxies | (secure if self.certificate else {})


def serve_site(settings: ServingSettings, listening: Listening, on_started: Callable[[str], None]) -> None:
    """Serve a site until Ctrl-C or SIGTERM; both are a normal end, which waits for donations under way.

    Raises:
        SidestageError: if it cannot.
    """
    _check_certificate(listening)
    with listen(listening.host, listening.port) as listener:
        address = address_of(listener, secure=listening.certificate is not None)
        if listening.workers == 1:
            app = create_site_app(settings)
            serve_on(listener, app, on_started=on_started, settings=listening.for_uvicorn())
            return
    # Whatever is wrong with the store is known before any process is started.
    Store.at(Path(settings.data)).close()
    _serve_in_processes(settings, listening, address, on_started)


def _serve_in_processes(
    settings: ServingSettings, listening: Listening, address: str, on_started: Callable[[str], None]
) -> None:
    settings.export()
    threading.Thread(target=_tell_when_there, args=(address, on_started), daemon=True).start()
    uvicorn.run(
        "sidestage.server.processes:app_of_process",
        factory=True,
        host=listening.host,
        port=urlsplit(address).port or 0,
        workers=listening.workers,
        **UVICORN,
        **listening.for_uvicorn(),
    )


def app_of_process() -> Starlette:
    """The app, in a process that was started with exported settings."""
    end_with_parent()
    return create_site_app(exported_settings())


def end_with_parent() -> None:
    """In a process that was started for ``--workers``: stop as for SIGTERM when the process that started it is gone.

    It would go on holding the port, and no other server could take it.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    # Whatever keeps it from stopping: what was acknowledged is on the disk.
    time.sleep(GRACE + 5)
    os._exit(1)


def _tell_when_there(address: str, on_started: Callable[[str], None]) -> None:
    parts = urlsplit(address)
    while True:
        try:
            socket.create_connection((parts.hostname, parts.port), timeout=1).close()
        except OSError:
            time.sleep(_ASK_EVERY)
        else:
            on_started(address)
            return


def _check_certificate(listening: Listening) -> None:
    if listening.certificate is None:
        if listening.key:
            raise ServerError(f"--keyfile {listening.key} is of no use without --certfile: name both.")
        return
    key = listening.key or listening.certificate
    for option, file in (("--certfile", listening.certificate), ("--keyfile", key)):
        try:
            file.read_bytes()
        except OSError as error:
            raise ServerError(
                f"{option} {file} cannot be read ({error.strerror}). Check the name and who may read it."
            ) from None
    try:
        # An empty password is refused by a key that wants one; without any, OpenSSL would ask at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(listening.certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        raise ServerError(
            f"{listening.certificate} and {key} are no certificate and its key in PEM format, without a password"
            f" ({reason}). Name the files with --certfile and --keyfile."
        ) from None
